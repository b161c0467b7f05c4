"""index.html is the welcome page itself: Jupyter Book would make it a page that only redirects there.

And the directive `first-screen`: the question of the book, and the two ways on, above the figure that opens it.
"""

import posixpath
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

LINK = re.compile(r'((?:href|src|data-content_root|property="og:image" content)=")([^"#:]+)((?:#[^"]*)?")')
SHORT, WHOLE = "book/short-version", "notebooks/01-memorizing-random-labels"
WAYS = {SHORT: ("Fifteen minutes", "in pictures"), WHOLE: ("The book", "thirteen chapters")}
READERS = "For anyone who can read a graph; formulas and code for those who want them."


class two_ways(nodes.General, nodes.Element):
    pass


class FirstScreen(SphinxDirective):
    """Its text, then links to the short version and to the first chapter, then for whom the book is."""

    has_content = True

    def run(self):
        box = nodes.container(classes=["first-screen"])
        self.state.nested_parse(self.content, self.content_offset, box)
        box += two_ways()
        return [box]


def ways_html(builder, here: str, pages) -> str:
    """The ways whose pages are in the book."""
    links = [
        f'<a href="{escape(builder.get_relative_uri(here, page))}"><strong>{title}</strong> <span>{words}</span></a>'
        for page, (title, words) in WAYS.items()
        if page in pages
    ]
    return f'<nav class="two-ways" aria-label="Two ways on">{"".join(links)}<p>{READERS}</p></nav>'


def resolve(app, doctree, docname):
    for node in list(doctree.findall(two_ways)):
        html = ways_html(app.builder, docname, app.env.found_docs) if app.builder.format == "html" else ""
        node.replace_self(nodes.raw("", html, format="html"))


def moved(html: str, folder: str) -> str:
    """The page as it reads one level up: every relative address in it starts from the root instead of `folder`."""

    def rebase(match):
        before, url, after = match.groups()
        slash = "/" if url.endswith("/") else ""
        target = posixpath.normpath(posixpath.join(folder, url))
        return before + ("./" if target == "." else target + slash) + after

    return LINK.sub(rebase, html)


def write_index(app, exception):
    if exception or app.builder.name != "html":
        return
    root = app.config.root_doc
    page = Path(app.outdir) / f"{root}.html"
    folder = posixpath.dirname(root)
    if folder and page.exists():
        (Path(app.outdir) / "index.html").write_text(moved(page.read_text("utf8"), folder), "utf8")


def setup(app):
    app.add_node(two_ways)
    app.add_directive("first-screen", FirstScreen)
    app.connect("doctree-resolved", resolve)
    app.connect("build-finished", write_index, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
