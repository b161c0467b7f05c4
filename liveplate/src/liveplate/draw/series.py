"""Which artists carry data, in data coordinates: for the data table under a figure and for the tests of the page."""

import json
from typing import NamedTuple

import numpy as np
from matplotlib.cbook import STEP_LOOKUP_MAP
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.container import BarContainer, ErrorbarContainer, StemContainer
from matplotlib.patches import PathPatch, Polygon, StepPatch

from liveplate.draw.text import math_text


class Series(NamedTuple):
    """One labelled thing that was plotted.

    kind : "d" one vertex per row; "e" dots with vertical error bars; "b" upright and "h" lying bars; "f" a band.
    slots : where it is in the drawing.  x, y, low, high : its numbers, NaN where a kind has none.
    """

    label: str
    axes: int
    kind: str
    slots: tuple[str, ...]
    x: np.ndarray
    y: np.ndarray
    low: np.ndarray
    high: np.ndarray


def plotted(ax, index: int) -> list[Series]:
    """The series of one axes, whose artists have been given their slots as gids."""
    found, taken = [], set()

    def add(label, kind, artists, x, y=None, low=None, high=None):
        name = _label(label, ax)
        if name is None:
            return
        x = np.asarray(x, float).ravel()
        columns = [np.full(x.shape, np.nan) if v is None else np.asarray(v, float).ravel() for v in (y, low, high)]
        found.append(Series(name, index, kind, tuple(a.get_gid() for a in artists), x, *columns))

    for container in ax.containers:
        taken.update(map(id, _flat(container)))
        if isinstance(container, ErrorbarContainer):
            _errorbar(container, ax, add)
        elif isinstance(container, BarContainer) and len(container.patches):
            _bars(container, add)
        elif isinstance(container, StemContainer):
            add(container.get_label(), "d", [container.markerline], *container.markerline.get_data(orig=False))
    for line in ax.lines:
        if id(line) not in taken and line.get_visible() and line.get_transform() == ax.transData:
            step = STEP_LOOKUP_MAP[line.get_drawstyle()]  # of a step plot, the corners
            add(line.get_label(), "d", [line], *step(*line.get_data(orig=False)))
    for shape in ax.collections:
        if id(shape) in taken or not shape.get_visible():
            continue
        if isinstance(shape, PathCollection) and shape.get_offset_transform() == ax.transData:
            add(shape.get_label(), "d", [shape], *np.ma.filled(shape.get_offsets(), np.nan).T)
        elif isinstance(shape, PolyCollection) and len(shape.get_paths()) == 1:
            _band(shape, add)
    for patch in ax.patches:
        if (
            isinstance(patch, (Polygon, PathPatch, StepPatch))
            and id(patch) not in taken
            and not _unnamed(patch.get_label())
        ):
            vertices = patch.get_patch_transform().transform_path(patch.get_path()).vertices
            add(patch.get_label(), "d", [patch], *vertices.T)
    return found


def _unnamed(label) -> bool:
    return not isinstance(label, str) or label.startswith("_") or not label


def _label(label, ax) -> str | None:
    """The name in the table: an artist's own; without one the y axis's; None for names the author hides with "_"."""
    if _unnamed(label):
        automatic = (
            not isinstance(label, str) or not label or label.startswith(("_child", "_line", "_nolegend_", "_container"))
        )
        return (math_text(ax.get_ylabel()) or "curve") if automatic else None
    return math_text(label).replace("\n", " ")


def _flat(container):
    for item in container:
        if isinstance(item, tuple):
            yield from item
        elif item is not None:
            yield item


def _errorbar(container, ax, add) -> None:
    line, _, bars = container
    if line is None:
        return
    x, y = line.get_data(orig=False)
    segments = bars[0].get_segments() if container.has_yerr and not container.has_xerr else []
    if len(segments) != len(x) or any(len(s) != 2 for s in segments):
        add(container.get_label(), "d", [line], x, y)
        return
    ends = np.array(segments)[:, :, 1]
    add(container.get_label(), "e", [line, bars[0]], x, y, ends.min(1), ends.max(1))


def _bars(container, add) -> None:
    boxes = np.array([[r.get_x(), r.get_y(), r.get_width(), r.get_height()] for r in container.patches], float)
    x, y, width, height = boxes.T
    first = container.patches[:1]
    if container.orientation == "horizontal":
        add(container.get_label(), "h", first, x + width, y + height / 2)
    else:
        add(container.get_label(), "b", first, x + width / 2, y + height)


def _band(shape, add) -> None:
    """A ``fill_between``: (x0, b0), the upper edge, (xN, bN), the lower edge backwards, closed."""
    vertices = shape.get_paths()[0].vertices
    count, odd = divmod(len(vertices) - 3, 2)
    if odd or count < 1 or isinstance(shape, LineCollection):
        return
    up, down = vertices[1 : count + 1], vertices[count + 2 : 2 * count + 2][::-1]
    if np.allclose(up[:, 0], down[:, 0]):
        pair = np.sort([up[:, 1], down[:, 1]], axis=0)
        add(shape.get_label(), "f", [shape], up[:, 0], None, *pair)


def frame(ax, height: float) -> list:
    """An axes' box in SVG pixels and its limits: [left, top, width, height, x0, x1, log x, y0, y1, log y].

    ``log`` is 0 or 1, and 2 for a scale that a table cannot invert.
    """
    box = ax.bbox
    scales = [{"linear": 0, "log": 1}.get(s, 2) for s in (ax.get_xscale(), ax.get_yscale())]
    corners = [round(v, 3) for v in (box.x0, height - box.y1, box.width, box.height)]
    return corners + [*ax.get_xlim(), scales[0], *ax.get_ylim(), scales[1]]


def described(frames: list, series: list[Series]) -> str:
    """The plan of the data table: ``{"a": frames, "s": [[label, axes, kind, slots], …]}`` as JSON."""
    rounded = [[float(f"{v:.9g}") if isinstance(v, float) else v for v in map(_python, each)] for each in frames]
    plan = {"a": rounded, "s": [[s.label, s.axes, s.kind, list(s.slots)] for s in series]}
    return json.dumps(plan, ensure_ascii=False, separators=(",", ":"))


def _python(value):
    return value.item() if isinstance(value, np.generic) else value
