"""The frame of an axes (ticks, their labels, spines, axis labels: most of matplotlib's time) is drawn again only where
it may look different.

``frame_key`` reads everything that decides how a frame looks. What it does not know, a class of the author's or a
function that writes the numbers, equals nothing, itself included: such a frame is drawn in every state.
"""

import functools
import types

import matplotlib as mpl
import numpy as np
from matplotlib import ticker
from matplotlib.artist import Artist
from matplotlib.axes._base import _AxesBase
from matplotlib.axis import Axis
from matplotlib.figure import FigureBase
from matplotlib.transforms import Transform

PLAIN = frozenset((type(None), bool, int, float, complex, str, bytes))
PASSED = frozenset(  # what refers to the whole or is a cache of a drawing
    "figure _figure _parent_figure axes _axes axis stale_callback _callbacks callbacks _remove_method _stale _renderer "
    "_mouseover _parents _invalid _shorthand_name _inverted _gid _label".split()
)
TICKING = frozenset(  # locators and formatters whose marks depend on their own settings and on the limits only
    getattr(ticker, name)
    for name in (
        "AutoLocator MaxNLocator FixedLocator NullLocator MultipleLocator LogLocator AutoMinorLocator LinearLocator "
        "SymmetricalLogLocator AsinhLocator LogitLocator ScalarFormatter NullFormatter FixedFormatter LogFormatter "
        "LogFormatterExponent LogFormatterMathtext LogFormatterSciNotation FormatStrFormatter StrMethodFormatter "
        "PercentFormatter EngFormatter LogitFormatter FuncFormatter"
    ).split()
)


def settings() -> dict:
    """matplotlib's settings as they are now."""
    return dict(dict.items(mpl.rcParams))


def frame_parts(ax) -> list[Artist]:
    return [ax.xaxis, ax.yaxis, ax.patch, *ax.spines.values()]


def frame_key(ax) -> tuple:
    """What decides how an axes' frame looks, before it is drawn; two equal keys: two equal frames."""
    figure = ax.get_figure()
    if any(len(group) > 1 for groups in figure._align_label_groups.values() for group in groups):
        return (object(),)  # labels aligned with those of another axes depend on its ticks
    walk = _Walk(ax, figure)
    parts = [
        ax.get_visible(),
        ax.axison,
        ax.get_frame_on(),
        ax.get_zorder(),
        ax.xaxis.get_scale(),
        ax.yaxis.get_scale(),
    ]
    return (*map(walk.look, [*parts, *ax.spines]), *map(walk.state, frame_parts(ax)))


def place_key(ax) -> tuple:
    """Where the frame stands, between which limits, on which paper: known once the axes are in their places."""
    return (*ax.bbox.extents, *ax.xaxis.get_view_interval(), *ax.yaxis.get_view_interval(), ax.patch.get_visible())


class _Walk:
    """Objects as nested tuples of plain values that can be compared."""

    def __init__(self, ax, figure):
        named = {
            "transData": ax.transData, "transAxes": ax.transAxes, "transScale": ax.transScale, "bbox": ax.bbox,
            "transLimits": ax.transLimits, "x": ax._xaxis_transform, "y": ax._yaxis_transform, "axes": ax,
            "figure": figure, "dpi": figure.dpi_scale_trans, "transFigure": figure.transFigure,
        }  # fmt: skip
        self.seen: dict[int, object] = {id(thing): name for name, thing in named.items()}
        self.alive: list = []  # what was seen keeps its id

    def look(self, thing):
        if isinstance(thing, (*PLAIN, np.generic)):
            return thing
        if id(thing) in self.seen:
            return self.seen[id(thing)]
        self.seen[id(thing)] = len(self.seen)
        self.alive.append(thing)
        if isinstance(thing, np.ndarray):
            return object() if thing.dtype.hasobject else (thing.shape, thing.dtype.str, thing.tobytes())
        if isinstance(thing, (list, tuple)):
            return tuple(map(self.look, thing))
        if isinstance(thing, dict):
            return tuple((self.look(k), self.look(v)) for k, v in thing.items())
        if isinstance(thing, np.ufunc):
            return thing.__name__
        if isinstance(thing, types.MethodType):
            return self.look(thing.__func__)
        if isinstance(thing, functools.partial):  # the words that set_ticks was given
            return tuple(map(self.look, (thing.func, thing.args, thing.keywords)))
        if isinstance(thing, types.FunctionType):
            plain = thing.__module__.startswith("matplotlib.") and not thing.__closure__
            return (thing.__module__, thing.__qualname__) if plain else object()
        return object() if isinstance(thing, (_AxesBase, FigureBase, Axis)) else self.state(thing)

    def state(self, thing):
        """An object of one of matplotlib's own classes."""
        kind = type(thing)
        strange = isinstance(thing, (ticker.Locator, ticker.Formatter)) and kind not in TICKING
        if strange or kind.__module__[:11] != "matplotlib." or not hasattr(thing, "__dict__"):
            return object()
        look = self.look
        kept = [(k, v if v.__class__ in PLAIN else look(v)) for k, v in vars(thing).items() if k not in PASSED]
        return kind, tuple(kept)


def settled_titles(ax, renderer, offset: str) -> None:
    """Titles at their place over an axes with nothing on its upper edge; else matplotlib finds it, by measuring ticks.

    offset : what the y axis writes above itself (``×10⁶``), of a frame that looks the same.
    """
    titles = [ax.title, ax._left_title, ax._right_title]
    alone = not ax.child_axes and len(ax._twinned_axes.get_siblings(ax)) == 1
    plain = ax.xaxis.get_ticks_position() == "bottom" and ax.xaxis.get_label_position() == "bottom"
    automatic = ax._autotitlepos is not False and all(np.isclose(t.get_position()[1], 1) for t in titles)
    if not (alone and plain and automatic) or offset:
        return
    if all(not t.get_text() or t.get_window_extent(renderer).ymin >= ax.bbox.ymax for t in titles):
        for title in titles:
            title.set_position((title.get_position()[0], 1.0))
        ax._autotitlepos = False


def looks_at_no_frame(canvas) -> bool:
    """Is nothing drawn whose place depends on a frame's ticks and labels (annotations of artists, own artists)?"""
    children = [*canvas.get_children()]
    for child in children:
        if isinstance(child, _AxesBase):
            children += child.get_children()
        if not type(child).__module__.startswith("matplotlib.") or "draw" in vars(child):
            return False
        for name in ("xycoords", "_textcoords", "boxcoords", "anncoords"):
            coordinates = getattr(child, name, "data")
            both = coordinates if isinstance(coordinates, tuple) else (coordinates,)
            if not all(isinstance(c, (str, Transform)) for c in both):
                return False
    return True
