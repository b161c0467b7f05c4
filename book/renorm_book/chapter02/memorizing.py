"""The memorizing network of chapter 2, drawn, with the eigenvalues of its triangular matrix."""

import numpy as np

from renorm_book.style import CONCEPTS, dots

__all__ = ["LABELLINGS", "thresholds_between", "memorizer", "MEMORIZER"]


# ---------------------------------------------------------------------------------------- the memorizing network

LABELLINGS = {"coin flips": 0, "other coin flips": 1, "a smooth curve": 2}


def thresholds_between(z, kink) -> np.ndarray:
    """b_j = z_{j-1} + kink (z_j - z_{j-1}), the first at the same share of a mean gap: b_1 < z_1 < b_2 < z_2 < ..."""
    gaps = np.diff(z)
    gaps = np.append(gaps.mean(), gaps)
    return z - (1 - kink) * gaps


def memorizer(axes, n, kink, labels):
    """Theorem 1's network through n points, and the eigenvalues and singular values of its triangular matrix."""
    curve, spectrum = axes
    rng = np.random.default_rng(n)
    z = np.cumsum(rng.uniform(0.5, 1.5, n))
    z = 0.04 + 0.92 * (z - z[0]) / (z[-1] - z[0])
    y = np.sin(2 * np.pi * z) if labels == 2 else np.random.default_rng([n, labels]).choice([-1.0, 1.0], n)
    b = thresholds_between(z, kink)
    A = np.maximum(z[:, None] - b, 0)
    w = np.linalg.solve(A, y)
    x = np.unique(np.concatenate([[-0.1, 1.1], b, z]))
    with np.errstate(over="ignore"):
        value = np.maximum(x[:, None] - b, 0) @ w
    curve.plot(x, np.clip(value, -50, 50), color="black", linewidth=1.4, label="network")
    curve.plot(z, y, **dots("random labels" if labels < 2 else "true labels", label="labels"))
    curve.plot(b, np.full(n, -3.8), color="0.4", linestyle="none", marker="|", markersize=9, label="kinks")
    curve.set(xlim=(-0.06, 1.06), ylim=(-4, 5.2), xlabel="projected input, $z = a\\cdot x$", ylabel="output")
    curve.legend(loc="upper left", ncols=3, columnspacing=0.8, handlelength=1.2)
    rank = np.arange(1, n + 1)
    s = np.linalg.svd(A, compute_uv=False)
    spectrum.plot(rank, np.sort(np.diag(A))[::-1], "^", color=CONCEPTS["noise"].color, label="eigenvalues")
    spectrum.plot(rank, s, "o", color="black", fillstyle="none", label="singular values")
    spectrum.set(yscale="log", xlim=(0, 21), ylim=(1e-11, 1e3), xlabel="rank", ylabel="values of the matrix $A$")
    spectrum.legend(loc="upper right")
    return {
        "largest": np.abs(w).max(),
        "condition": s[0] / s[-1],
        "smallest": np.diag(A).min(),
        "error": np.abs(A @ w - y).max(),
        "swing": np.abs(value[(x > 0) & (x < 1)]).max(),
    }


MEMORIZER = dict(
    name="memorizer",
    title="A network that memorizes, built by hand",
    readout=(
        "{n} points, kinks {kink:.0%} of the way to the next point: largest weight {largest}, ratio of the "
        "largest to the smallest singular value {condition}, largest misfit {error}."
    ),
    alt=(
        "First panel: a zigzag line through all labels. Moving the kinks past the middle between points makes it "
        "swing wildly between them. Second panel: the eigenvalues of the triangular matrix stay level while its "
        "singular values spread over many decades."
    ),
    caption=(
        "First panel: the memorizing network along the projected input. Second panel: the eigenvalues and "
        "singular values of its triangular matrix."
    ),
    presets={"tame": dict(n=12, kink=0.05), "on the edge": dict(n=12, kink=0.5), "wild": dict(n=12, kink=0.75)},
    subplots=(1, 2),
)
