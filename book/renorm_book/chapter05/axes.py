"""What the figures of chapter 5 share: curves without their infinite peak, the line at a threshold."""

import numpy as np


def finite(values) -> np.ndarray:
    """Infinite values as gaps in a curve."""
    return np.where(np.isfinite(values), values, np.nan)


def threshold(ax, place, text, height) -> None:
    ax.axvline(place, color="0.45", linewidth=1, linestyle=":")
    ax.text(place, height, text, ha="center", fontsize=10.2)
