"""Elements as SVG markup. Colours become variables, so that the page's theme can change them."""

import numpy as np

from liveplate.draw.paths import number, path_data
from liveplate.draw.prims import Prim, Style
from liveplate.picture.gather import GONE, SCALE, Element


class Sheet:
    """The colours and clip paths that one figure uses, numbered as they come."""

    def __init__(self, prefix: str):
        self.prefix = prefix
        self.palette: dict[tuple[str, str], int] = {}  # (colour, "text" | "mark") -> number
        self.clips: dict[tuple, int] = {}

    def colour(self, value: str, use: str) -> str:
        return f"var(--c{self.palette.setdefault((value, use), len(self.palette))})"

    def clip(self, value: tuple) -> str:
        return f"url(#{self.prefix}-clip{self.clips.setdefault(value, len(self.clips))})"

    def definitions(self) -> str:
        """The ``<defs>`` of everything asked for so far."""
        out = []
        for value, i in self.clips.items():
            if value[0] == "r":
                x, y, w, h = map(number, value[1:])
                shape = f'<rect x="{x}" y="{y}" width="{w}" height="{h}"/>'
            else:
                shape = f'<path d="{value[1]}"/>'
            out.append(f'<clipPath id="{self.prefix}-clip{i}">{shape}</clipPath>')
        return f"<defs>{''.join(out)}</defs>" if out else ""

    def attributes(self, style: Style, is_text: bool = False) -> str:
        """SVG attributes of a style, each preceded by a space."""
        s = style
        out = ' fill="none"'
        if s.fill:
            out = f' fill="{self.colour(s.fill, "text" if is_text else "mark")}"'
            out += f' fill-opacity="{number(s.fill_alpha)}"' if s.fill_alpha not in (None, 1) else ""
        if s.stroke:
            out += f' stroke="{self.colour(s.stroke, "mark")}" stroke-width="{number(s.width)}"'
            out += f' stroke-opacity="{number(s.stroke_alpha)}"' if s.stroke_alpha != 1 else ""
            if s.dash:
                out += f' stroke-dasharray="{" ".join(map(number, s.dash[0]))}"'
                out += f' stroke-dashoffset="{number(s.dash[1])}"' if s.dash[1] else ""
            cap, join = s.ends
            out += f' stroke-linecap="{"square" if cap == "projecting" else cap}"' if cap != "butt" else ""
            out += f' stroke-linejoin="{join}"' if join != "miter" else ""
        return out + (f' clip-path="{self.clip(s.clip)}"' if s.clip else "")

    def node(self, prim: Prim, marks: str = "") -> str:
        """One prim as a node; ``marks`` are further attributes."""
        look = self.attributes(prim.style, prim.kind == "t")
        if prim.kind == "t":
            return self._text(prim, marks, look)
        if prim.kind == "i":
            (x, y), (width, height) = prim.vertices[0], prim.face
            return (
                f'<image{marks} x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
                f'preserveAspectRatio="none" class="px" href="{prim.body}"{look}/>'
            )
        return f'<path{marks} d="{shape(prim)}"{look}/>'

    def node_at(self, prim: Prim, units: np.ndarray) -> str:
        """One prim with its vertices in units, as the payload keeps them; empty where none of them is there."""
        vertices = np.where(units == GONE, np.nan, units / SCALE).reshape(-1, 2)
        if not np.isfinite(vertices).all(axis=1).any():
            return ""
        return self.node(prim._replace(vertices=vertices))

    def _text(self, prim: Prim, marks: str, look: str) -> str:
        face, (x, y) = prim.face, prim.vertices[0]
        if face.outline and face.anchor != "start":
            raise ValueError("an outline is anchored at its start")
        move = f"translate({number(x)},{number(y)})" + (f" rotate({number(-face.angle)})" if face.angle else "")
        if face.outline:
            return f'<g{marks} transform="{move}"{look}>{prim.body}</g>'
        font = f' font-size="{number(face.size)}"'
        font += f' text-anchor="{face.anchor}"' if face.anchor != "start" else ""
        font += f' font-weight="{face.weight}"' if face.weight else ""
        font += ' class="i"' if face.italic else ""
        return f'<text{marks} transform="{move}"{font}{look}>{prim.body}</text>'


def shape(prim: Prim) -> str:
    """Path data of a path or of a set of markers."""
    if prim.kind == "m":
        seen = prim.vertices[np.isfinite(prim.vertices).all(axis=1)]
        return "".join(f"M{number(x)} {number(y)}{prim.letters}" for x, y in seen)
    vertices = prim.vertices
    missing = len(prim.letters) - len(vertices)
    return path_data(np.pad(vertices, ((0, missing), (0, 0)), constant_values=np.nan), prim.letters)


def element_node(element: Element, sheet: Sheet, marks: str) -> str:
    """An element in its default state."""
    if element.markup is not None:
        return f"<g{marks}>" + "".join(sheet.node(p) for p in element.markup[element.default]) + "</g>"
    prim = element.prim
    if element.numbers is not None:
        units = element.numbers[element.default].astype(float)
        units[units == GONE] = np.nan
        prim = prim._replace(vertices=(units / SCALE).reshape(-1, 2))
    if prim.kind in "ti" and np.isnan(prim.vertices).any():
        prim = prim._replace(vertices=np.zeros((1, 2)))
        marks += ' style="display:none"'
    return sheet.node(prim, marks)
