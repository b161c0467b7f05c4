"""Draws the states of a figure one after the other, each on a Figure of its own, so that nothing is left of another.

The axes stand still: their places are found once, by constrained layout over a few states. One shortcut, which
``verify`` checks against drawings without it: the frame of an axes (``frame.py``) is not drawn again while it is as in
the default state. Asked after every draw: are there the axes that there were, of a kind that can be kept, and did the
author leave the figure's size and matplotlib's settings alone?
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from liveplate.draw.frame import frame_key, frame_parts, looks_at_no_frame, place_key, settings, settled_titles
from liveplate.draw.recorder import Prim, Recorder
from liveplate.draw.series import described, frame, plotted
from liveplate.spec.errors import BakeError
from liveplate.spec.figure import Layout, LiveFigure
from liveplate.spec.look import LIVE_RC

DPI = 100
OWN_NAME = re.compile(r"[A-Za-z][\w:.-]*")


class Record(NamedTuple):
    """One state: what was drawn, texts cut by an edge, the axes whose frame was not drawn (it is the default's), the
    readout, the table's plan (JSON) and the slots that it reads."""

    slots: dict[str, list[Prim]]
    cut: dict[str, tuple[float, str]]
    skipped: frozenset[int]
    sentence: str
    data: str
    tabled: frozenset[str]


class _Drawing(NamedTuple):
    """A state as its author drew it, not yet recorded: what draw returned, and what the axes' frames will look like."""

    values: Mapping
    canvas: Figure
    found: Mapping | None
    frames: list
    paper: tuple


class Stage:
    """``room``: arguments of ``draw`` for whose labels there must be room."""

    def __init__(self, figure: LiveFigure, layout: Layout, room: list[Mapping], shortcuts: bool = True):
        self.figure, self.layout, self.room, self.shortcuts = figure, layout, room, shortcuts
        self.frames: list[tuple] = []  # of the first state: the key of each axes' frame, its offset text
        self.kinds: tuple | None = None  # the axes of the first state
        self.waiting: _Drawing | None = None  # the first state, drawn to find the places
        self.places = self._places()
        self.width, self.height = (round(DPI * inches, 2) for inches in layout.figsize)

    @classmethod
    def like(cls, other: "Stage", layout: Layout) -> "Stage":
        """A stage without shortcuts whose axes stand where the other's do."""
        stage = cls.__new__(cls)
        stage.__dict__ |= other.__dict__ | {"layout": layout, "shortcuts": False, "frames": [], "waiting": None}
        return stage

    def __getstate__(self) -> dict:  # a figure half drawn need not travel to another process
        return self.__dict__ | {"waiting": None}

    def _places(self) -> list:
        """Positions that leave the room, of all axes that are laid out (colour bars too); None for the others."""
        corners: list[list] = []
        for values in self.room:
            with mpl.rc_context(LIVE_RC):
                drawing = self._draw(values)
                axes = drawing.canvas.axes
                drawing.canvas.get_layout_engine().execute(drawing.canvas)
                corners.append([ax.get_position(original=True).extents if laid_out(ax) else None for ax in axes])
            self.waiting = self.waiting or drawing
        boxes: list = []
        for each in zip(*corners, strict=True):
            known = [extents for extents in each if extents is not None]
            x0, y0, x1, y1 = np.array(known or [[0, 0, 0, 0]]).T
            box = [x0.max(), y0.max(), x1.min() - x0.max(), y1.min() - y0.max()]
            boxes.append(box if known else None)
        return boxes

    def _draw(self, values: Mapping) -> _Drawing:
        """Let the author draw a state on a new figure, and look at what became of it."""
        before = settings()
        canvas = Figure(self.layout.figsize, dpi=DPI, layout="constrained")
        engine, paper = canvas.get_layout_engine(), canvas.patch.get_facecolor()
        found = self.figure.drawn(self.layout.axes(canvas), values)
        axes = list(canvas.axes)
        for ax in axes:  # grows by the axes inside of axes
            if type(ax).name != "rectilinear":
                raise BakeError(f"{type(ax).name} axes")
            axes += ax.child_axes
        if canvas.subfigs:
            raise BakeError("subfigures: use subplots=…")
        if canvas.get_layout_engine() is not engine:
            raise BakeError(
                "another layout engine, or tight_layout: live figures find the places of their axes themselves"
            )
        if canvas.dpi != DPI or tuple(canvas.get_size_inches()) != tuple(self.layout.figsize):
            raise BakeError(f"the figure's size or dpi changes at {values}: say figsize=… to explore")
        kinds = tuple(map(_kind, canvas.axes))
        self.kinds = self.kinds or kinds
        if kinds != self.kinds:
            first = self.figure.default_values()
            raise BakeError(f"other axes at {values} than at {first}: make the same in every state and hide some")
        usual = self.shortcuts and settings() == before and looks_at_no_frame(canvas)
        return _Drawing(values, canvas, found, [frame_key(ax) if usual else object() for ax in canvas.axes], paper)

    def _placed(self, drawing: _Drawing) -> None:
        """Put the axes where they stand in every state."""
        canvas = drawing.canvas
        canvas.set_layout_engine("none")
        for ax, place in zip(canvas.axes, self.places, strict=True):
            if laid_out(ax):
                if place is None:
                    raise BakeError(f"axes that draw places in some states, not at {drawing.values}: place them in all")
                ax.set_position(place)
        for ax in canvas.axes:
            locator = ax.get_axes_locator()
            ax.apply_aspect(locator(ax, None) if locator else None)
        canvas.patch.set_visible(canvas.patch.get_facecolor() != drawing.paper)  # the author's paper; else the page's
        _bare(canvas)

    def record(self, values: Mapping) -> Record:
        """Draw a state, given by the arguments of ``draw``, into a Recorder."""
        with mpl.rc_context(LIVE_RC):
            drawing = self.waiting if self.waiting and self.waiting.values == values else self._draw(values)
            canvas, self.waiting = drawing.canvas, None
            self._placed(drawing)
            name_slots(canvas)
            recorder = Recorder(self.width, self.height, DPI)
            keys = [(key, place_key(ax)) for key, ax in zip(drawing.frames, canvas.axes, strict=True)]
            skipped = self._skip_frames(canvas, recorder, keys)
            canvas.draw(recorder)
            if not self.frames:
                offsets = [ax.yaxis.offsetText.get_text() for ax in canvas.axes]
                self.frames = list(zip(keys, offsets, strict=True))
            series = [s for i, ax in enumerate(canvas.axes) for s in plotted(ax, i)]
            return Record(
                slots=recorder.slots,
                cut=recorder.cut,
                skipped=frozenset(skipped),
                sentence=self.figure.sentence(values, drawing.found),
                data=described([frame(ax, self.height) for ax in canvas.axes], series),
                tabled=frozenset(slot for s in series for slot in s.slots),
            )

    def _skip_frames(self, canvas: Figure, recorder: Recorder, keys: list) -> set[int]:
        """Let the frames that look as in the first state drawn keep their place in the order, and draw nothing."""
        skipped = set()
        for i, (ax, key, (first, offset)) in enumerate(
            zip(canvas.axes, keys, self.frames or [], strict=bool(self.frames))
        ):
            if key == first:
                skipped.add(i)
                settled_titles(ax, recorder, offset)
                for part in frame_parts(ax):
                    part.draw = partial(Recorder.keep_place, slot=part.get_gid())
        return skipped


def laid_out(ax) -> bool:
    """Does constrained layout find its place? Else draw has put it where it is."""
    return (ax.get_subplotspec() is not None and ax.get_in_layout()) or hasattr(ax, "_colorbar_info")


def _kind(ax) -> tuple:
    place = ax.get_subplotspec()
    return type(ax).__qualname__, place and place.get_geometry(), hasattr(ax, "_colorbar_info")


def _bare(canvas: Figure) -> None:
    """White axes show the page's paper, unless they lie over something that they hide."""
    below = [child for child in canvas.get_children() if child is not canvas.patch and child not in canvas.axes]
    lower: list = []
    for ax in sorted(canvas.axes, key=lambda ax: ax.get_zorder()):
        hides = any(ax.bbox.overlaps(other.bbox) for other in lower)
        hides = hides or canvas.patch.get_visible() or any(c.get_zorder() <= ax.get_zorder() for c in below)
        if ax.patch.get_facecolor() == (1, 1, 1, 1) and not hides:
            ax.patch.set_visible(False)
        lower.append(ax)


def name_slots(canvas: Figure) -> None:
    """Give every child of every axes a gid that is the same in every state; the author's own gid is kept in it."""
    for i, ax in enumerate(canvas.axes):
        frame_ids = {*map(id, frame_parts(ax))}
        special = {id(ax.title): "title", id(ax._left_title): "title-left", id(ax._right_title): "title-right"}
        for k, container in enumerate(c for c in ax.containers if isinstance(c, BarContainer)):
            special |= {id(bar): f"bars.{k}" for bar in container.patches}
        seen: dict[str, int] = {}
        for child in ax.get_children():
            kind = type(child).__name__
            seen[kind] = number = seen.get(kind, -1) + 1
            gid = f"live:a{i}.{special.get(id(child), f'{kind}.{number}')}"
            if id(child) in frame_ids:
                gid = f"live:a{i}.frame.{kind}.{number}"
            elif OWN_NAME.fullmatch(child.get_gid() or ""):
                own = f"@{child.get_gid()}"
                seen[own] = number = seen.get(own, -1) + 1
                gid = f"live:a{i}.{own}" + (f"~{number}" if number else "")
            child.set_gid(gid)
            if getattr(child, "arrow_patch", None) is not None:
                child.arrow_patch.set_gid(gid + ".arrow")
            if isinstance(child, AxesImage) and child.get_interpolation() in ("auto", "antialiased", "nearest", None):
                child.set_interpolation("none")
    seen = {}
    for child in canvas.get_children():
        if child not in canvas.axes:
            kind = type(child).__name__
            seen[kind] = number = seen.get(kind, -1) + 1
            child.set_gid(f"live:f.{kind}.{number}")


def is_frame(slot: str, axes: frozenset[int]) -> bool:
    """Does the slot belong to the frame of one of these axes?"""
    return any(slot.startswith(f"live:a{i}.frame.") for i in axes)
