"""Draws the states of a figure, one after the other, as fast as matplotlib allows.

The axes stand still: their places are found once, by constrained layout over a few states. Two shortcuts, which
``verify`` checks against drawings without them: one Figure serves all states where possible, and the frame of an axes
(ticks, labels, spines: most of matplotlib's time) is not drawn again while it is as in the default state.
"""

from collections.abc import Mapping
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from liveplate.draw.recorder import Prim, Recorder
from liveplate.draw.series import described, frame, plotted
from liveplate.spec.errors import BakeError
from liveplate.spec.figure import Layout, LiveFigure
from liveplate.spec.look import LIVE_RC

DPI = 100


class Record(NamedTuple):
    """One state: what was drawn, texts cut by an edge, the axes whose frame was not drawn (it is the default's), the
    readout, the table's plan (JSON) and the slots that it reads."""

    slots: dict[str, list[Prim]]
    cut: dict[str, tuple[float, str]]
    skipped: frozenset[int]
    sentence: str
    data: str
    tabled: frozenset[str]


class Stage:
    """``room``: arguments of ``draw`` for whose labels there must be room."""

    def __init__(self, figure: LiveFigure, layout: Layout, room: list[Mapping], shortcuts: bool = True):
        self.figure, self.layout, self.room, self.shortcuts = figure, layout, room, shortcuts
        self.canvas: Figure | None = None
        self.fresh: tuple | None = None  # the state that is on the canvas, not yet recorded, and what draw returned
        self.reusable = False
        self.frames: dict[int, tuple] = {}
        with mpl.rc_context(LIVE_RC):
            self.places = self._places()
        self.width, self.height = (round(DPI * inches, 2) for inches in layout.figsize)

    @classmethod
    def like(cls, other: "Stage", layout: Layout) -> "Stage":
        """A stage without shortcuts whose axes stand where the other's do."""
        stage = cls.__new__(cls)
        stage.__dict__ |= other.__dict__ | {"layout": layout, "shortcuts": False, "reusable": False, "frames": {}}
        stage.canvas = stage.fresh = None
        return stage

    def __getstate__(self) -> dict:  # a figure half drawn need not travel to another process
        return self.__dict__ | {"canvas": None, "fresh": None}

    def _places(self) -> list:
        """Positions of all axes (colour bars too) that leave the room."""
        corners = []
        for values in self.room:
            canvas = Figure(self.layout.figsize, dpi=DPI, layout="constrained")
            axes = self.layout.axes(canvas)
            found = self.figure.draw(axes, **values)
            canvas.get_layout_engine().execute(canvas)
            for ax in canvas.axes:
                if ax.name != "rectilinear":
                    raise BakeError(f"{ax.name} axes")
            corners.append([ax.get_position(original=True).extents for ax in canvas.axes])
            if len(corners) == 1:
                self.reusable = self.shortcuts and self._may_reuse(canvas, axes)
                if self.reusable:
                    canvas.set_layout_engine("none")
                    canvas.patch.set_visible(False)
                    self.canvas, self.axes, self.fresh = canvas, axes, (values, found)
        boxes = []
        for each in zip(*corners, strict=False):
            x0, y0, x1, y1 = np.array(each).T
            boxes.append([x0.max(), y0.max(), x1.min() - x0.max(), y1.min() - y0.max()])
        return boxes

    def _may_reuse(self, canvas: Figure, axes) -> bool:
        """cla() undoes everything that draw did, if it kept to the axes it was given."""
        shares = {"sharex", "sharey"} & set(self.layout.subplots or {})
        own = list(np.ravel(axes))
        extras = canvas.legends + canvas.texts + canvas.images + canvas.lines + canvas.patches + canvas.artists
        return canvas.axes == own and not extras and not shares and canvas._suptitle is None

    def _clear(self) -> None:
        """Empty axes for the next state."""
        if self.canvas is None or not self.reusable:
            self.canvas = Figure(self.layout.figsize, dpi=DPI, layout="none")
            self.canvas.patch.set_visible(False)
            self.axes = self.layout.axes(self.canvas)
        else:
            for ax in self.canvas.axes:
                ax.cla()

    def _drawn(self, values: Mapping) -> tuple[Figure, Mapping | None]:
        fresh, self.fresh = self.fresh, None
        if fresh and fresh[0] == values:
            found = fresh[1]
        else:
            self._clear()
            found = self.figure.draw(self.axes, **values)
        for ax, place in zip(self.canvas.axes, self.places, strict=False):
            ax.set_position(place)
            ax.patch.set_visible(ax.patch.get_facecolor() != (1, 1, 1, 1))
        return self.canvas, found

    def record(self, values: Mapping) -> Record:
        """Draw a state, given by the arguments of ``draw``, into a Recorder."""
        with mpl.rc_context(LIVE_RC):
            canvas, found = self._drawn(values)
            name_slots(canvas)
            recorder = Recorder(self.width, self.height, DPI)
            with _Shortcut(self, canvas) as skipped:
                canvas.draw(recorder)
        series = [s for i, ax in enumerate(canvas.axes) for s in plotted(ax, i)]
        return Record(
            slots=recorder.slots,
            cut=recorder.cut,
            skipped=frozenset(skipped),
            sentence=self.figure.sentence(values, found),
            data=described([frame(ax, self.height) for ax in canvas.axes], series),
            tabled=frozenset(slot for s in series for slot in s.slots),
        )


class _Shortcut:
    """While active, the frames that look as they did in the first state drawn are invisible."""

    def __init__(self, stage: Stage, canvas: Figure):
        self.stage, self.canvas, self.restore = stage, canvas, []

    def __enter__(self) -> set[int]:
        self.first = not self.stage.frames
        skipped = set()
        if not self.stage.shortcuts or self.first:
            return skipped
        for i, ax in enumerate(self.canvas.axes):
            key, heights = self.stage.frames.get(i, (None, ()))
            if key != frame_key(ax):
                continue
            skipped.add(i)
            for part in (ax.xaxis, ax.yaxis, ax.patch, *ax.spines.values()):
                self.restore.append((part, part.get_visible()))
                part.set_visible(False)
            ax._autotitlepos = False
            for title, y in zip((ax.title, ax._left_title, ax._right_title), heights, strict=True):
                title.set_y(y)
        return skipped

    def __exit__(self, *error):
        for part, visible in self.restore:
            part.set_visible(visible)
        for i, ax in enumerate(self.canvas.axes):
            ax._autotitlepos = None
            if self.first and not any(error):
                titles = (ax.title, ax._left_title, ax._right_title)
                self.stage.frames[i] = frame_key(ax), tuple(t.get_position()[1] for t in titles)


def frame_key(ax) -> tuple:
    """What decides how an axes' frame looks."""
    parts = [tuple(ax.get_position().bounds), ax.axison, ax.get_frame_on(), bool(ax.get_title())]
    for axis in (ax.xaxis, ax.yaxis):
        locator, formatter = axis.get_major_locator(), axis.get_major_formatter()
        parts += [
            axis.get_scale(),
            tuple(axis.get_view_interval()),
            axis.get_visible(),
            axis.label.get_text(),
            axis.label.get_color(),
            type(locator).__name__,
            tuple(np.ravel(getattr(locator, "locs", ()))),
            type(formatter).__name__,
            tuple(getattr(formatter, "seq", ())),
            repr(sorted(axis._major_tick_kw.items())),
            repr(sorted(axis._minor_tick_kw.items())),
        ]
    parts += [(s.get_visible(), s.get_edgecolor(), s.get_linewidth()) for s in ax.spines.values()]
    return tuple(parts)


def name_slots(canvas: Figure) -> None:
    """Give every child of every axes a gid that is the same in every state; the author's own gid is kept."""
    for i, ax in enumerate(canvas.axes):
        frame_parts = {id(ax.patch), id(ax.xaxis), id(ax.yaxis), *map(id, ax.spines.values())}
        special = {id(ax.title): "title", id(ax._left_title): "title-left", id(ax._right_title): "title-right"}
        for k, container in enumerate(c for c in ax.containers if isinstance(c, BarContainer)):
            special |= {id(bar): f"bars.{k}" for bar in container.patches}
        seen: dict[str, int] = {}
        for child in ax.get_children():
            kind = type(child).__name__
            seen[kind] = number = seen.get(kind, -1) + 1
            gid = child.get_gid()
            if not gid or gid.startswith("live:"):
                name = special.get(id(child)) or ("frame." if id(child) in frame_parts else "") + f"{kind}.{number}"
                gid = f"live:a{i}.{name}"
                child.set_gid(gid)
            if getattr(child, "arrow_patch", None) is not None:
                child.arrow_patch.set_gid(gid + ".arrow")
            if isinstance(child, AxesImage) and child.get_interpolation() in ("auto", "antialiased", "nearest", None):
                child.set_interpolation("none")
    for k, child in enumerate([*canvas.texts, *canvas.legends]):
        child.set_gid(child.get_gid() or f"live:f.{type(child).__name__}.{k}")


def is_frame(slot: str, axes: frozenset[int]) -> bool:
    """Does the slot belong to the frame of one of these axes?"""
    return any(slot.startswith(f"live:a{i}.frame.") for i in axes)
