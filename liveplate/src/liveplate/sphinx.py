"""For Sphinx and Jupyter Book: ``extensions = ["liveplate.sphinx"]`` is all that a site with live figures needs.

Notebooks that are executed while the site is built bake their figures: their kernels are told so. The player, its style
sheet and fonts go among the site's static files and are loaded on pages that have a live figure. A list of links to
states right after a figure becomes a walk (``liveplate.walk``). Two figures of one name on a page are refused.
``env.live_figures`` holds, for each page, what its figures say about themselves.
"""

import json
import os
import re
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError

from liveplate import walk
from liveplate.bake.standalone import MARK
from liveplate.player.assets import write_assets

FIGURE = re.compile(r'<figure class="live[^>]*>')
FACTS = ("states", "seconds", "bytes")


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


def add_assets(app, config):
    """Write the player, its style sheet and its fonts where Sphinx finds static files."""
    folder = Path(app.doctreedir) / "liveplate"
    try:
        write_assets(folder)
    except ImportError as missing:
        raise ExtensionError(str(missing).replace("liveplate[page]", "liveplate[sphinx]")) from None
    config.html_static_path = [*config.html_static_path, str(folder)]


def load_player(app, page, template, context, doctree):
    body = context.get("body") or ""
    if FIGURE.search(body) and f"<style {MARK}>" not in body:  # else the page brings it along
        app.add_css_file("live.css")
        app.add_js_file("live.js", loading_method="defer")
        if '<div class="live-walk"' in body:
            app.add_css_file("live-walk.css")
            app.add_js_file("live-walk.js", loading_method="defer", priority=600)  # after the player


def setup(app):
    if os.environ.get("LIVEPLATE_BAKE") != "0":
        os.environ["LIVEPLATE_BAKE"] = "site"  # for the kernels that are started from here
    app.connect("config-inited", add_assets)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-page-context", load_player)
    walk.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
