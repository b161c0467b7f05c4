"""What Python plots in a few states, by an ordinary matplotlib figure: the tests compare the page's curves with it.

Nothing of the recorder, the encoder or the player is used here.
"""

import zlib
from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from liveplate.draw.series import plotted
from liveplate.draw.stage import name_slots
from liveplate.spec.figure import LiveFigure
from liveplate.spec.look import LIVE_RC

STATES, ROWS = 6, 40


def some_states(figure: LiveFigure, count: int, salt: str = "") -> list[tuple]:
    """The default and ``count`` random states, the same in every build."""
    rng = np.random.default_rng(zlib.crc32((figure.name + salt).encode()))
    drawn = [tuple(int(rng.integers(n)) for n in figure.shape) for _ in range(count)]
    return list(dict.fromkeys([figure.default, *drawn]))


def probe(figure: LiveFigure, state: tuple) -> Mapping:
    """One state: readout, limits and series (label, axes, kind, at most ROWS rows [index, x, y, low, high])."""
    values = figure.values(state)
    with mpl.rc_context(LIVE_RC):
        canvas = Figure(figure.layouts[0].figsize)
        found = figure.draw(figure.layouts[0].axes(canvas), **values)
        canvas.draw_without_rendering()
    name_slots(canvas)
    series = []
    for one in (s for i, ax in enumerate(canvas.axes) for s in plotted(ax, i)):
        columns = np.column_stack([one.x, one.y, one.low, one.high])
        drawn = np.isfinite(columns[:, [0, 2]] if one.kind == "f" else columns[:, :2]).all(axis=1)
        columns = columns[drawn]  # what is not finite is not drawn: indices count the vertices of the page
        rows = np.unique(np.linspace(0, len(columns) - 1, ROWS).round().astype(int)) if len(columns) else []
        listed = [[int(i), *(_number(v) for v in columns[i])] for i in rows]
        series.append(
            {
                "label": one.label,
                "axes": one.axes,
                "kind": one.kind,
                "slots": list(one.slots),
                "count": len(columns),
                "rows": listed,
            }
        )
    return {
        "state": list(state),
        "sentence": figure.sentence(values, found),
        "limits": [[*map(float, ax.get_xlim()), *map(float, ax.get_ylim())] for ax in canvas.axes],
        "series": series,
    }


def _number(value: float) -> float | None:
    return float(f"{value:.9g}") if np.isfinite(value) else None


def probes(figure: LiveFigure) -> list[Mapping]:
    """Probes of the default and of a few random states."""
    return [probe(figure, state) for state in some_states(figure, STATES)]
