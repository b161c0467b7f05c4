"""Mathematics as text that stays text: mathtext read left to right becomes ``<tspan>`` runs, the rest outlines."""

import html
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.font_manager import findfont
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

try:
    from matplotlib.ft2font import LoadFlags

    NO_HINTING = LoadFlags.NO_HINTING
except ImportError:  # before 3.10, as in the browser
    from matplotlib.ft2font import LOAD_NO_HINTING as NO_HINTING

from liveplate.draw.paths import commands, number, path_data
from liveplate.spec.errors import BakeError

ZERO_WIDTH = "\u200b"


@dataclass(frozen=True)
class Run:
    """Glyphs that share slant, weight, size (relative) and height above the baseline (pixels), ``gap`` pixels after the
    run before."""

    italic: bool
    bold: bool
    scale: float
    rise: float
    gap: float
    text: str


@dataclass(frozen=True)
class Markup:
    """SVG content of a text; ``outline_width`` > 0 if it is a drawn outline of that width in pixels."""

    body: str
    outline_width: float = 0.0


def segments(text: str) -> list[str]:
    """Pieces of a string with mathematics, each wholly inside or outside of ``$…$``.

    >>> segments("risk at $n=2$, $d$")
    ['risk at ', '$n=2$', ', ', '$d$']
    """
    return [piece for piece in re.split(r"(\$(?:[^$\\]|\\.)*\$)", text) if piece]


def in_page_font(prop) -> bool:
    """Is this font one that the page has (DejaVu Sans)?"""
    return "DejaVuSans" in findfont(prop).rsplit("/", 1)[-1].rsplit("\\", 1)[-1].split("Mono")[0].split("Condensed")[0]


def plain_markup(text: str, prop, dpi: float) -> Markup:
    return Markup(html.escape(text, quote=False)) if in_page_font(prop) else _outline(text, prop, dpi, False)


class _Held:
    """A copy of a FontProperties as a key of the cache (the original may be changed later)."""

    def __init__(self, prop):
        self.prop, self.key = prop.copy(), hash(prop)

    def __hash__(self):
        return self.key

    def __eq__(self, other):
        return self.prop == other.prop


def math_markup(text: str, prop, dpi: float) -> Markup:
    """``text`` with mathtext in it as SVG content; ``prop`` a matplotlib FontProperties."""
    return _math_markup(text, _Held(prop), dpi)


@lru_cache(maxsize=8192)
def _math_markup(text: str, held: _Held, dpi: float) -> Markup:
    pieces = segments(text)
    if len(pieces) > 1:  # piece by piece: thirty pieces are parsed instead of the product of all their values
        parts = [_piece(piece, held, dpi) for piece in pieces]
        if not any(part.outline_width for part in parts):
            return Markup("".join(part.body for part in parts))
        return _outline(text, held.prop, dpi, True)
    return _piece(text, held, dpi)


@lru_cache(maxsize=8192)
def _piece(text: str, held: _Held, dpi: float) -> Markup:
    if "$" not in text:
        return plain_markup(text, held.prop, dpi)
    runs = math_runs(text, held.prop, dpi)
    return _outline(text, held.prop, dpi, True) if runs is None else Markup(_tspans(runs))


def math_runs(text: str, prop, dpi: float) -> list[Run] | None:
    """The glyphs of one piece of mathtext in reading order, or None where they are stacked (fractions, roots, hats)."""
    _, _, _, glyphs, rules = text_to_path.mathtext_parser.parse(text, dpi, prop)
    if rules:
        return None
    base, pixels = prop.get_size_in_points(), dpi / 72
    runs: list[Run] = []
    end = None  # where the last glyph ends
    for font, size, code, *index, x, y in glyphs:
        if end is not None and x < end - 0.35 * size * pixels:
            return None
        font.set_size(size, dpi)
        glyph = font.load_glyph(index[0] if index else font.get_char_index(code), flags=NO_HINTING)
        gap = 0.0 if end is None else x - end
        gap = 0.0 if abs(gap) < 0.04 * size * pixels else round(gap, 1)
        run = Run(
            italic="Oblique" in font.style_name or "Italic" in font.style_name,
            bold="Bold" in font.style_name,
            scale=round(size / base, 3),
            rise=round(y, 2),
            gap=gap,
            text=chr(code),
        )
        last = runs[-1] if runs else None
        if (
            last
            and gap == 0
            and (last.italic, last.bold, last.scale, last.rise) == (run.italic, run.bold, run.scale, run.rise)
        ):
            runs[-1] = Run(last.italic, last.bold, last.scale, last.rise, last.gap, last.text + run.text)
        else:
            runs.append(run)
        end = x + glyph.linearHoriAdvance / 65536
    baseline = next((r.rise for r in runs if r.scale == 1), 0.0)  # where mathtext settled after rounding
    return [Run(r.italic, r.bold, r.scale, round(r.rise - baseline, 2), r.gap, r.text) for r in runs]


def forget_open_fonts() -> None:
    """In a forked process: fonts that parsed mathtext holds share their file position with the parent's."""
    type(text_to_path.mathtext_parser)._parse_cached.cache_clear()


def _tspans(runs: list[Run]) -> str:
    out, height = [], 0.0
    for run in runs:
        attributes = ' class="i"' if run.italic else ""
        attributes += ' font-weight="700"' if run.bold else ""
        attributes += f' font-size="{number(100 * run.scale)}%"' if run.scale != 1 else ""
        attributes += f' dx="{number(run.gap)}"' if run.gap else ""
        attributes += f' dy="{number(height - run.rise)}"' if run.rise != height else ""
        height = run.rise
        text = html.escape(run.text, quote=False)
        out.append(f"<tspan{attributes}>{text}</tspan>" if attributes else text)
    if height:  # back to the baseline for what follows
        out.append(f'<tspan dy="{number(height)}">{ZERO_WIDTH}</tspan>')
    return "".join(out)


def _outline(text: str, prop, dpi: float, math: bool) -> Markup:
    vertices, codes = text_to_path.get_text_path(prop, text, ismath=math)
    scale = prop.get_size_in_points() * dpi / 72 / text_to_path.FONT_SCALE
    vertices = np.array(vertices, float).reshape(-1, 2) * [scale, -scale]
    path = Path(vertices, codes)
    width, _, _ = text_to_path.get_text_width_height_descent(text, prop, math)
    data = path_data(path.vertices, commands(path)) if len(vertices) else ""
    return Markup(f'<path d="{data}"/>', max(width * scale, 1e-6))


def _runs_of_caption(text: str):
    """(piece, runs): runs is None for plain text and for mathematics that cannot be set in a line."""
    from matplotlib.font_manager import FontProperties

    prop = FontProperties(family="DejaVu Sans", size=10)
    for piece in segments(text):
        yield piece, math_runs(piece, prop, 100) if piece.startswith("$") else None


def math_html(text: str) -> str:
    """A caption with simple mathtext as HTML: italics, superscripts and subscripts.

    Raises ``BakeError`` for what needs more than a line: a root, a fraction, an index above another.

    >>> math_html("risk, $d = 200$, $\\\\sigma^2$")
    'risk, <i>d</i> = 200, <i>σ</i><sup>2</sup>'
    """
    out = []
    for piece, runs in _runs_of_caption(text):
        if runs is None:
            if piece.startswith("$"):
                raise BakeError(f"{piece} cannot be set in the line of a caption: write it in words or in Unicode")
            out.append(html.escape(piece, quote=False))
            continue
        for i, run in enumerate(runs):
            body = html.escape(run.text, quote=False)
            body = f"<i>{body}</i>" if run.italic else body
            tag = "" if run.scale == 1 else "sup" if run.rise > 0 else "sub"
            out.append((" " if run.gap > 1 and i else "") + (f"<{tag}>{body}</{tag}>" if tag else body))
    return "".join(out)


SUPERSCRIPTS = str.maketrans("-−+0123456789n", "⁻⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")


def math_text(text: str) -> str:
    """A label with simple mathtext as plain text, for tables and screen readers.

    >>> math_text("bias$^2$ at $n_1$")
    'bias² at n_1'
    """
    out = []
    for piece, runs in _runs_of_caption(text):
        if runs is None:
            out.append(piece.replace("$", ""))
            continue
        for i, run in enumerate(runs):
            raised = run.scale != 1 and run.rise > 0
            mark = run.text.translate(SUPERSCRIPTS) if raised else ("_" if run.scale != 1 else "") + run.text
            out.append((" " if run.gap > 1 and i else "") + mark)
    return "".join(out)
