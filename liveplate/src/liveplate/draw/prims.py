"""What a drawing is made of: paths, markers, texts and pictures with their style, as the recorder keeps them."""

from typing import NamedTuple

import numpy as np


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
