"""Live figures on the pages: their player and style sheet where there are some, and a table of what they cost.

The figures themselves are outputs of the notebooks (``liveplate``). This extension puts ``live.js``, ``live.css``
and the fonts among the site's static files, loads them on pages that have a live figure, refuses two figures of one
name on a page, and fills the directive ``{live-figures-table}`` from what each figure says about itself. The same
facts are written to ``live-figures.json`` beside the pages' folder.
"""

import json
import re
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

FIGURE = re.compile(r'<figure class="live[^>]*>')
FACTS = ("states", "seconds", "bytes")
HEADS = ("Chapter", "Figure", "States", "Seconds to draw", "kB compressed")


class TablePlace(nodes.General, nodes.Element):
    """Where the table will stand, once all pages are read."""


class LiveFiguresTable(SphinxDirective):
    def run(self):
        return [TablePlace()]


def figures_of(html: str) -> list[dict]:
    """What the live figures in a piece of HTML say about themselves.

    >>> figures_of('<figure class="live" id="a-b" data-states="9" data-seconds="0.5" data-bytes="1200">')
    [{'name': 'a-b', 'states': 9, 'seconds': 0.5, 'bytes': 1200}]
    """
    found = []
    for tag in FIGURE.findall(html):
        said = {key: unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        found.append({"name": said["id"]} | {key: json.loads(said[f"data-{key}"]) for key in FACTS})
    return found


def collect(app, doctree):
    """After a page is read: note its figures."""
    page = app.env.docname
    found = [f for raw in doctree.findall(nodes.raw) if raw.get("format") == "html" for f in figures_of(raw.astext())]
    names = [figure["name"] for figure in found]
    ids = {i for node in doctree.findall(nodes.Element) for i in node.get("ids", ())}
    for name in names:
        if names.count(name) > 1 or name in ids:
            raise ExtensionError(f"{page}: the live figure {name!r} needs another name: it is taken on this page")
    kept(app.env)[page] = found


def kept(env) -> dict[str, list[dict]]:
    if not hasattr(env, "live_figures"):
        env.live_figures = {}
    return env.live_figures


def forget(app, env, page):
    kept(env).pop(page, None)


def merge(app, env, pages, other):
    kept(env).update({page: kept(other).get(page, []) for page in pages})


def place_tables(app, doctree, page):
    for place in list(doctree.findall(TablePlace)):
        place.replace_self(table(app.env))


def pages_with_table(app, env):
    """Pages to write again, because other pages' figures changed."""
    return [page for page in env.found_docs if any(True for _ in env.get_doctree(page).findall(TablePlace))]


def in_order(env) -> list[tuple[str, dict]]:
    """(page, figure) in reading order."""
    order = {page: i for i, page in enumerate(reading_order(env, env.config.root_doc))}
    pages = sorted(kept(env), key=lambda page: (order.get(page, len(order)), page))
    return [(page, figure) for page in pages for figure in kept(env)[page]]


def reading_order(env, page) -> list[str]:
    found = [page]
    for child in env.toctree_includes.get(page, []):
        found += [p for p in reading_order(env, child) if p not in found]
    return found


def table(env) -> nodes.table:
    rows = []
    for page, figure in in_order(env):
        title = env.titles[page].astext() if page in env.titles else page
        words = figure["name"].replace("-", " ")
        rows.append(
            (title, words, f"{figure['states']:,}", f"{figure['seconds']:.0f}", f"{figure['bytes'] / 1000:.0f}")
        )
    together = [figure for _, figure in in_order(env)]
    total = [sum(figure[key] for figure in together) for key in FACTS]
    rows.append(("Together", str(len(together)), f"{total[0]:,}", f"{total[1]:.0f}", f"{total[2] / 1000:.0f}"))
    group = nodes.tgroup("", *(nodes.colspec(colwidth=w) for w in (30, 30, 12, 14, 14)), cols=len(HEADS))
    group += nodes.thead("", row(HEADS))
    group += nodes.tbody("", *map(row, rows))
    return nodes.table("", group, classes=["live-figures-table"])


def row(cells) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", str(cell))) for cell in cells))


def add_assets(app, config):
    """Write the player, its style sheet and its fonts where Sphinx finds static files."""
    from liveplate.player.assets import write_assets

    folder = Path(app.confdir) / ".cache" / "live" / "assets"
    write_assets(folder)
    config.html_static_path = [*config.html_static_path, str(folder)]


def load_player(app, page, template, context, doctree):
    if FIGURE.search(context.get("body") or ""):
        app.add_css_file("live.css")
        app.add_js_file("live.js", loading_method="defer")


def report(app, error):
    if error is None and app.builder.format == "html":
        facts = [figure | {"page": page} for page, figure in in_order(app.env)]
        Path(app.outdir).with_name("live-figures.json").write_text(json.dumps(facts, indent=1), "utf8")


def setup(app):
    app.add_node(TablePlace)
    app.add_directive("live-figures-table", LiveFiguresTable)
    app.connect("config-inited", add_assets)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", pages_with_table)
    app.connect("doctree-resolved", place_tables)
    app.connect("html-page-context", load_player)
    app.connect("build-finished", report)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
