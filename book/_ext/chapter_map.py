"""The directive `chapter-map`: the chapters as stations on the curve that the book is about, each a link.

On a narrow screen, and where styles are off, a plain list stands in its place.
"""

import re
import textwrap
from html import escape

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

# Where the chapters stand on the curve, in reading order: (x, y, where the label goes, its letters a line).
# The fifth stands on the peak, where there are as many parameters as samples.
STATIONS = [
    (60, 64, "right", 26),
    (94, 126, "right", 22),
    (208, 228, "above", 16),
    (290, 196, "right", 18),
    (392, 46, "right", 16),
    (420, 146, "right", 18),
    (456, 196, "right", 24),
    (536, 238, "below", 15),
    (628, 260, "above", 14),
    (722, 272, "above", 12),
]
FARTHER = 92  # from each chapter after those to the next, along the tail of the curve
TEST = "M40 14C46 32 52 48 60 64S80 104 94 126S160 226 208 228S270 214 290 196C330 160 366 46 392 46"
TEST += "S408 120 420 146S440 180 456 196S496 230 536 238S592 255 628 260S690 270 744 273"
TRAIN = "M40 84C80 160 140 230 208 264S330 304 392 306H"
LINE, RADIUS = 16, 12.5


def station(place: int) -> tuple[int, int, str, int]:
    """Where the chapter of that number stands: on the drawn curve, or farther and farther out on its tail.

    >>> station(5)[:2], station(11)[:2], station(12)[:2]
    ((392, 46), (814, 275), (906, 277))
    """
    beyond = place - len(STATIONS)
    if beyond <= 0:
        return STATIONS[place - 1]
    x, y, _, _ = STATIONS[-1]
    return x + FARTHER * beyond, y + 1 + 2 * beyond, "below" if beyond % 2 else "above", 13


class chapter_map(nodes.General, nodes.Element):
    pass


class ChapterMap(SphinxDirective):
    def run(self):
        return [chapter_map()]


def chapters(env) -> list[tuple[str, list[str]]]:
    """The parts of the book that hold notebooks, with the names of these."""
    parts = []
    for tree in env.tocs[env.config.root_doc].findall(lambda n: n.tagname == "toctree"):
        names = [name for _, name in tree["entries"] if name and name.startswith("notebooks/")]
        if names:
            parts.append((tree.get("caption") or "", names))
    return parts


def label(x: float, y: float, place: str, width: int, title: str) -> str:
    """The title beside its station, on as many lines as it needs."""
    lines = textwrap.wrap(title, width)
    middle = -0.5 * LINE * (len(lines) - 1) + 5
    dx, top, anchor = {
        "right": (RADIUS + 7, middle, "start"),
        "left": (-RADIUS - 7, middle, "end"),
        "below": (0, RADIUS + 19, "middle"),
        "above": (0, -RADIUS - 8 - LINE * (len(lines) - 1), "middle"),
    }[place]
    spans = "".join(
        f'<tspan x="{x + dx:g}" y="{y + top + LINE * i:g}">{escape(t)}</tspan>' for i, t in enumerate(lines)
    )
    return f'<text text-anchor="{anchor}">{spans}</text>'


def html(env, builder, here: str) -> str:
    parts, links, items, number = chapters(env), [], [], 0
    end = STATIONS[-1][0] + 22
    for caption, names in parts:
        inner = []
        for name in names:
            number += 1
            title, url = env.titles[name].astext(), escape(builder.get_relative_uri(here, name))
            place = int(found.group(1)) if (found := re.match(r"notebooks/(\d+)-", name)) else number
            x, y, side, width = station(place)
            end = max(end, x + 22)
            dot = f'<circle cx="{x}" cy="{y}" r="{RADIUS}"/><text class="number" x="{x}" y="{y + 5}">{place}</text>'
            aria = f"Chapter {place}: {escape(title)}"
            links.append(f'<a href="{url}" aria-label="{aria}">{dot}{label(x, y, side, width, title)}</a>')
            inner.append(f'<li value="{place}"><a href="{url}">{escape(title)}</a></li>')
        items.append(f"<li><span>{escape(caption)}</span><ol>{''.join(inner)}</ol></li>")
    tail = f"L{end} {station(max(number, len(STATIONS)))[1] + 1}" if number > len(STATIONS) else ""
    curve = f'<path class="train" d="{TRAIN}{end}"/><path class="test" d="{TEST}{tail}"/>'
    axes = f'<path class="axis" d="M24 8V314H{end + 8}"/><path class="mark" d="M392 46V314"/>'
    axes += '<text class="word" x="392" y="334" text-anchor="middle">as many parameters as samples</text>'
    axes += f'<text class="word" x="{end}" y="334" text-anchor="end">more parameters</text>'
    axes += f'<text class="word" x="{end + 4}" y="300" text-anchor="end">training error</text>'
    axes += '<text class="word" x="-12" y="16" text-anchor="end" transform="rotate(-90)">error</text>'
    named = 'role="group" aria-label="The chapters along a curve of double descent"'
    picture = f'<svg viewBox="0 0 {end + 46} 342" {named}>{axes}{curve}{"".join(links)}</svg>'
    return f'<nav class="chapter-map" id="chapter-map" aria-label="Chapters">{picture}<ul>{"".join(items)}</ul></nav>'


def resolve(app, doctree, docname):
    for node in list(doctree.findall(chapter_map)):
        content = html(app.env, app.builder, docname) if app.builder.format == "html" else ""
        node.replace_self(nodes.raw("", content, format="html"))


def setup(app):
    app.add_node(chapter_map)
    app.add_directive("chapter-map", ChapterMap)
    app.connect("doctree-resolved", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
