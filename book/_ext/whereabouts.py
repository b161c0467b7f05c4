"""Under the title of each chapter: where it stands in the argument, and how long it takes.

The line with the minutes is in the notebook itself (tools/openings.py writes it, a test holds it to the text); here it
gets the map of the chapters beside it, small, with this chapter's station filled.
"""

import re
from html import escape

import chapter_map
from docutils import nodes

LINE = re.compile(r"About (\d+) minutes to read, without the exercises\.(?: Run All: about (\d+) seconds\.)?")
RADIUS = 15  # of the small map's stations, in the units of the large one


def small_map(here: str, names: list[str]) -> str:
    """The curve and its stations without words; the one that is ``here`` is filled, those before it are darker."""
    places = [chapter_map.station(number(name)) for name in names]
    end = max(x for x, *_ in places) + 22
    dots = []
    for name, (x, y, *_) in zip(names, places, strict=True):
        kind = "here" if name == here else "before" if number(name) < number(here) else "after"
        dots.append(f'<circle class="{kind}" cx="{x}" cy="{y}" r="{RADIUS + 7 * (kind == "here")}"/>')
    beyond = number(names[-1]) > len(chapter_map.STATIONS)
    curve = f"{chapter_map.TEST}L{places[-1][0]} {places[-1][1]}" if beyond else chapter_map.TEST
    dots.sort(key=lambda dot: 'class="here"' in dot)  # drawn last
    return f'<svg viewBox="20 -10 {end + 10} 330" aria-hidden="true"><path d="{curve}"/>{"".join(dots)}</svg>'


def number(page: str) -> int:
    return int(re.match(r"notebooks/(\d+)-", page)[1])


def html(page: str, names: list[str], home: str, told: re.Match) -> str:
    """The place and the minutes; ``home`` is the address of the large map, or nothing."""
    picture = small_map(page, names)
    if home:
        words = f"Chapter {number(page)} of {len(names)}: the way through the book"
        picture = f'<a href="{escape(home)}" aria-label="{words}">{picture}</a>'
    run = f" As a notebook, it runs in about {told[2]} seconds." if told[2] else ""
    words = f"About {told[1]} minutes to read, without the exercises.{run}"
    return f'<div class="whereabouts">{picture}<p>{words}</p></div>'


def add(app, doctree, page):
    if not re.match(r"notebooks/\d+-", page) or app.builder.format != "html":
        return
    names = sorted(name for name in app.env.found_docs if re.match(r"notebooks/\d+-", name))
    root = app.config.root_doc
    has_map = any(True for _ in app.env.get_doctree(root).findall(chapter_map.chapter_map))
    home = app.builder.get_relative_uri(page, root) + "#chapter-map" if has_map else ""
    for paragraph in doctree.findall(nodes.paragraph):
        told = LINE.fullmatch(paragraph.astext().strip())
        if told:
            paragraph.replace_self(nodes.raw("", html(page, names, home, told), format="html"))
            return


def setup(app):
    app.connect("doctree-resolved", add)
    app.add_css_file("reading.css")
    app.add_js_file("reading.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
