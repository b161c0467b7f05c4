"""The directive ``{live-figures-table}``: what each live figure of the book costs, in reading order.

The figures say it of themselves; ``liveplate.sphinx`` collects it in ``env.live_figures``. The same facts are written
to ``live-figures.json`` beside the pages' folder, where the tests read them.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

FACTS = ("states", "seconds", "bytes")
HEADS = ("Chapter", "Figure", "States", "Seconds to draw", "kB compressed")


class TablePlace(nodes.General, nodes.Element):
    """Where the table will stand, once all pages are read."""


class LiveFiguresTable(SphinxDirective):
    def run(self):
        return [TablePlace()]


def place_tables(app, doctree, page):
    for place in list(doctree.findall(TablePlace)):
        place.replace_self(table(app.env))


def pages_with_table(app, env):
    """Pages to write again, because other pages' figures changed."""
    return [page for page in env.found_docs if any(True for _ in env.get_doctree(page).findall(TablePlace))]


def in_order(env) -> list[tuple[str, dict]]:
    """(page, figure) in reading order."""
    order = {page: i for i, page in enumerate(reading_order(env, env.config.root_doc))}
    pages = sorted(env.live_figures, key=lambda page: (order.get(page, len(order)), page))
    return [(page, figure) for page in pages for figure in env.live_figures[page]]


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


def report(app, error):
    if error is None and app.builder.format == "html":
        facts = [figure | {"page": page} for page, figure in in_order(app.env)]
        Path(app.outdir).with_name("live-figures.json").write_text(json.dumps(facts, indent=1), "utf8")


def setup(app):
    app.setup_extension("liveplate.sphinx")
    app.add_node(TablePlace)
    app.add_directive("live-figures-table", LiveFiguresTable)
    app.connect("env-updated", pages_with_table)
    app.connect("doctree-resolved", place_tables)
    app.connect("build-finished", report)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
