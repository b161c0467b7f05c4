"""A matplotlib renderer that keeps what is drawn, in SVG pixels, instead of drawing it.

Whatever the artist, matplotlib ends in a handful of calls: paths, markers, collections, texts, images, meshes. They are
kept as ``Prim`` records under slots: one slot for each child of an Axes, so that the same thing is found again in
another state.
"""

import itertools
from typing import NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex, to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform

from liveplate.draw.paths import commands, path_data, relative_path_data
from liveplate.draw.png import mesh_pixels, png_uri
from liveplate.draw.text import math_markup, plain_markup, segments
from liveplate.spec.errors import BakeError

MOST_SEPARATE = 300  # translucent markers beyond this number are drawn as one shape
WEIGHTS = {"ultralight": 100, "light": 200, "normal": 400, "regular": 400, "medium": 500, "semibold": 600, "bold": 700}


class Style(NamedTuple):
    """Colours are ``#rrggbb``; ``clip`` is ("r", x, y, w, h) or ("p", path data)."""

    fill: str | None = None
    fill_alpha: float | None = None
    stroke: str | None = None
    stroke_alpha: float | None = None
    width: float = 0
    dash: tuple | None = None
    ends: tuple | None = None  # cap and join
    clip: tuple | None = None

    @property
    def opaque(self) -> bool:
        """Drawing two overlapping shapes as one path gives the same picture."""
        return (self.fill is None and self.stroke_alpha == 1) or (self.stroke is None and self.fill_alpha == 1)


class TextFace(NamedTuple):
    """How a text is set; everything but its words."""

    size: float
    angle: float
    anchor: str
    weight: int
    italic: bool
    outline: bool


class Prim(NamedTuple):
    """One drawn thing. kind: "p" path, "m" markers, "t" text, "i" image. ``vertices`` (k, 2) in SVG pixels.

    letters : path commands, or the marker's relative path.  body : text content or image URI.  face : TextFace, or the
    image's (width, height).
    """

    kind: str
    style: Style
    vertices: np.ndarray
    letters: str = ""
    body: str = ""
    face: tuple = ()

    @property
    def structure(self) -> tuple:
        """What two states must share for their numbers to be compared."""
        return (self.kind, self.letters, len(self.vertices), self.face)


class Recorder(RendererBase):
    """Collects ``slots``: {slot: [Prim, …]} in drawing order."""

    _extent: dict = {}  # text metrics; matplotlib keeps its own with each renderer object, and we make one per state

    def __init__(self, width: float, height: float, dpi: float):
        super().__init__()
        self.width, self.height, self.dpi = width, height, dpi
        self.slots: dict[str, list[Prim]] = {}
        self._depth, self._slot, self._slot_depth = 0, None, 0
        self._used: dict[str, int] = {}
        self.cut: dict[str, tuple[float, str]] = {}  # edge -> how far a text reaches over it, the text

    # ---- what matplotlib asks about the canvas
    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points * self.dpi / 72

    def flipy(self):
        return True

    def option_image_nocomposite(self):
        return True

    def option_scale_image(self):  # with interpolation="none": the author's own pixels, not resampled ones
        return True

    def new_gc(self):
        return GraphicsContextBase()

    def get_text_width_height_descent(self, s, prop, ismath):
        key = (s, hash(prop), ismath, self.dpi)
        if key not in self._extent:
            pieces = segments(s) if ismath is True else [s]
            if len(pieces) > 1:
                sizes = [self.get_text_width_height_descent(piece, prop, "$" in piece) for piece in pieces]
                descent = max(d for _, _, d in sizes)
                ascent = max(h - d for _, h, d in sizes)
                self._extent[key] = (sum(w for w, _, _ in sizes), ascent + descent, descent)
            else:
                self._extent[key] = super().get_text_width_height_descent(s, prop, ismath)
        return self._extent[key]

    # ---- slots
    def open_group(self, s, gid=None):
        self._depth += 1
        if self._slot is None and s not in ("figure", "axes", "subfigure"):
            self._slot, self._slot_depth = self._apart(gid or self._numbered(s)), self._depth

    def _numbered(self, name: str) -> str:
        self._used[name] = self._used.get(name, -1) + 1
        return f"{name}.{self._used[name]}"

    def _apart(self, slot: str) -> str:
        """A slot that was left is not entered again: what is drawn in between would change places with it."""
        if slot not in self.slots or next(reversed(self.slots)) == slot:
            return slot
        return next(name for k in itertools.count(1) if (name := f"{slot}~{k}") not in self.slots)

    def keep_place(self, slot: str) -> None:
        """Nothing is drawn, but it would be here."""
        self.slots.setdefault(self._apart(slot), [])

    def close_group(self, s):
        if self._slot is not None and self._depth == self._slot_depth:
            self._slot = None
        self._depth -= 1

    def keep(self, prim: Prim) -> None:
        slot = self.slots.setdefault(self._slot or self._numbered("loose"), [])
        last = slot[-1] if slot else None
        joins = last is not None and last.kind == prim.kind == "p" and last.style == prim.style
        if joins and (prim.style.opaque or ".bars." in (self._slot or "")):  # one node for all error bars, for all bars
            vertices = np.concatenate([last.vertices, prim.vertices])
            slot[-1] = Prim("p", last.style, vertices, last.letters + prim.letters)
        else:
            slot.append(prim)

    # ---- styles
    def _flip(self, vertices) -> np.ndarray:
        vertices = np.array(vertices, float).reshape(-1, 2)
        vertices[:, 1] = self.height - vertices[:, 1]
        return vertices

    def _clip(self, gc):
        box = gc.get_clip_rectangle()
        if box is not None:
            x, y, w, h = box.bounds
            return ("r", round(x, 2), round(self.height - y - h, 2), round(w, 2), round(h, 2))
        path, transform = gc.get_clip_path()
        if path is None:
            return None
        shape = transform.transform_path(path)
        return ("p", path_data(self._flip(shape.vertices), commands(shape)))

    def _style(self, gc, face) -> Style:
        if gc.get_hatch():
            raise BakeError("a hatch: use a colour or a line style instead")
        if gc.get_sketch_params():
            raise BakeError("sketch (xkcd) lines")
        forced = gc.get_alpha() if gc.get_forced_alpha() else None
        fill = fill_alpha = None
        if face is not None:
            fill_alpha = forced if forced is not None else (face[3] if len(face) > 3 else 1.0)
            fill = to_hex(face[:3]) if fill_alpha else None
            fill_alpha = fill_alpha if fill else None
        width, rgba = self.points_to_pixels(gc.get_linewidth()), gc.get_rgb()
        alpha = forced if forced is not None else rgba[3]
        if width == 0 or alpha == 0:
            return Style(fill, fill_alpha, clip=self._clip(gc))
        offset, dash = gc.get_dashes()
        if dash is not None:
            dash = (
                tuple(round(self.points_to_pixels(v), 2) for v in dash),
                round(self.points_to_pixels(offset or 0), 2),
            )
        ends = (gc.get_capstyle(), gc.get_joinstyle())
        return Style(fill, fill_alpha, to_hex(rgba[:3]), alpha, round(width, 3), dash, ends, self._clip(gc))

    # ---- primitives
    def draw_path(self, gc, path, transform, rgbFace=None):
        shape = transform.transform_path(path)
        if not len(shape.vertices):
            return
        vertices, letters = self._flip(shape.vertices), commands(shape)
        for i, letter in enumerate(letters):
            if letter == "Z" and i:
                vertices[i] = vertices[i - 1]  # matplotlib leaves anything there
        self.keep(Prim("p", self._style(gc, rgbFace), vertices, letters))

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        shape = marker_trans.transform_path(marker_path)
        places = trans.transform_path(path).vertices
        if len(places) == 1 and not places.any():  # a fill_between is drawn "as a marker" at the origin
            return self.draw_path(gc, shape, IdentityTransform(), rgbFace)
        marker = relative_path_data(np.array(shape.vertices, float) * [1, -1], commands(shape))
        style = self._style(gc, rgbFace)
        filled_or_stroked = (style.fill_alpha in (None, 1)) and (style.stroke_alpha in (None, 1))
        groups = [places] if filled_or_stroked or len(places) > MOST_SEPARATE else [p[None] for p in places]
        for group in groups:
            self.keep(Prim("m", style, self._flip(group), marker))

    def draw_path_collection(
        self, gc, master_transform, paths, all_transforms, offsets, offset_trans, facecolors, edgecolors, linewidths,
        linestyles, antialiaseds, urls, offset_position, **more,
    ):  # fmt: skip
        one_look = max(map(len, (facecolors, edgecolors, linewidths, linestyles, all_transforms))) <= 1
        if len(paths) == 1 and len(offsets) > 1 and one_look:  # a scatter of equal markers
            own = self.new_gc()
            own.copy_properties(gc)
            if len(edgecolors):
                own.set_foreground(to_rgba(edgecolors[0]), isRGBA=True)
                own.set_linewidth(linewidths[0] if len(linewidths) else 1)
            else:
                own.set_linewidth(0)
            shape = Affine2D(all_transforms[0]) if len(all_transforms) else Affine2D()
            face = facecolors[0] if len(facecolors) else None
            transform = shape + master_transform.frozen()
            return self.draw_markers(own, paths[0], transform, Path(offsets), offset_trans, face)
        if len(offsets) > MOST_SEPARATE:
            raise BakeError(
                f"a scatter of {len(offsets)} points that differ in colour or size: bin them into ≤ 8 groups"
            )
        return super().draw_path_collection(
            gc, master_transform, paths, all_transforms, offsets, offset_trans, facecolors, edgecolors, linewidths,
            linestyles, antialiaseds, urls, offset_position, **more,
        )  # fmt: skip

    def draw_image(self, gc, x, y, im, transform=None):
        height, width = im.shape[:2]
        wide, high = width, height
        if transform is not None:
            matrix = transform.get_matrix()
            wide, high = matrix[0, 0], matrix[1, 1]  # matplotlib has multiplied the image's shape into the transform
            x, y = matrix[0, 2] + x, matrix[1, 2] + y
        self._image(gc, im[::-1] if high > 0 else im, (x, min(y, y + high), x + wide, max(y, y + high)))

    def draw_quad_mesh(
        self, gc, master_transform, meshWidth, meshHeight, coordinates, offsets, offsetTrans, facecolors, antialiased,
        edgecolors,
    ):  # fmt: skip
        corners = master_transform.transform(np.asarray(coordinates).reshape(-1, 2))
        pixels, box = mesh_pixels(corners.reshape(meshHeight + 1, meshWidth + 1, 2), facecolors)
        self._image(gc, pixels, box)

    def _image(self, gc, pixels, box) -> None:
        left, bottom, right, top = box
        size = (round(right - left, 2), round(top - bottom, 2))
        at = np.array([[left, self.height - top]], float)
        self.keep(Prim("i", Style(clip=self._clip(gc)), at, "", png_uri(pixels), size))

    def draw_gouraud_triangles(self, *args, **kwargs):
        raise BakeError("Gouraud shading")

    def draw_tex(self, *args, **kwargs):
        raise BakeError("usetex: write mathtext")

    def start_filter(self):
        raise BakeError("an agg filter")

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if not s.strip():
            return
        if not self._on_canvas(x, y, s, prop, angle, ismath):
            return
        markup = math_markup(s, prop, self.dpi) if ismath else plain_markup(s, prop, self.dpi)
        anchor = "start"
        turn = np.deg2rad(angle)
        if mtext is not None and not markup.outline_width:
            if (angle == 0 or mtext.get_rotation_mode() == "anchor") and mtext._multialignment is None:
                x, y, anchor = self._anchored(x, y, turn, mtext)
        alpha = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        style = Style(to_hex(gc.get_rgb()[:3]), alpha, clip=self._clip(gc))
        weight = prop.get_weight()
        weight = WEIGHTS.get(weight, weight)
        face = TextFace(
            size=round(self.points_to_pixels(prop.get_size_in_points()), 2),
            angle=round(angle, 2),
            anchor=anchor,
            weight=0 if weight == 400 else int(weight),
            italic=prop.get_style() in ("italic", "oblique"),
            outline=bool(markup.outline_width),
        )
        self.keep(Prim("t", style, np.array([[x, y]], float), "", markup.body, face))

    def _anchored(self, x, y, turn, mtext):
        """The text's own alignment point, moved along the baseline: fonts that differ a little stay aligned."""
        px, py = mtext.get_transform().transform(mtext.get_unitless_position())
        py = self.height - py
        across = np.array([np.sin(turn), np.cos(turn)])
        offset = across @ [x - px, y - py]
        anchor = {"left": "start", "right": "end", "center": "middle"}[mtext.get_horizontalalignment()]
        return px + offset * across[0], py + offset * across[1], anchor

    def _on_canvas(self, x, y, s, prop, angle, ismath) -> bool:
        """False if the text lies outside altogether; ``cut`` remembers texts that an edge of the figure cuts."""
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        turn = np.deg2rad(angle)
        corners = np.array([[0, descent], [width, descent], [0, descent - height], [width, descent - height]])
        spun = corners @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) + [x, y]
        low, high = spun.min(0), spun.max(0)
        if (high < 0).any() or (low > [self.width, self.height]).any():
            return False
        over = {"left": -low[0], "top": -low[1], "right": high[0] - self.width, "bottom": high[1] - self.height}
        for edge, pixels in over.items():
            if pixels > max(2.5, self.cut.get(edge, (0, ""))[0]):
                self.cut[edge] = pixels, s
        return True
