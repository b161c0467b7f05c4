"""Buttons that open a chapter as a running notebook, on sites that have JupyterLite: `make site` says so in BOOK_TAGS.

One stands in the page's header, one below its title with a word on what it costs. Both are plain links and load nothing
until they are followed. `{only} online` holds what else a page says on such a site. What stands between the two
comments, `online` and `/online`, is left out of the pages that are offered for reading from a disk.
"""

import os

# MB, compressed, for the first chapter that a reader runs: measured and held to by tests/test_lite.py
FIRST_DOWNLOAD = 32

INVITATION = """<!-- online --><p class="open-in-browser">
<a class="btn-open-in-browser" href="{url}">Open in the browser</a>
<span>Change and run this chapter, nothing to install: about {size} MB the first time.</span></p><!-- /online -->"""


def add_tags(app, config):
    for tag in os.environ.get("BOOK_TAGS", "").split():  # "online", and "pdf" where there is one
        app.tags.add(tag)  # Sphinx writes all pages anew when its tags have changed


def add_buttons(app, pagename, templatename, context, doctree):
    source = app.env.doc2path(pagename, base=False) if doctree is not None else ""
    if "online" not in app.tags or not source.endswith(".ipynb"):
        return
    url = context["pathto"]("lite/notebooks/index.html", 1) + f"?path={source}"
    title, rest = context["body"].partition("</h1>")[::2]
    context["body"] = f"{title}</h1>\n{INVITATION.format(url=url, size=FIRST_DOWNLOAD)}{rest}"
    button = {"type": "link", "url": url, "text": "Open in the browser", "label": "open-in-browser"}
    words = f"Run this chapter in your browser (about {FIRST_DOWNLOAD} MB the first time)"
    context.setdefault("header_buttons", []).insert(0, button | {"tooltip": words, "icon": "fas fa-play"})


def add_files(app):
    if "online" in app.tags:
        app.add_css_file("open-in-browser.css")
        app.add_js_file("open-in-browser.js", loading_method="defer")


def setup(app):
    app.connect("config-inited", add_tags)
    app.connect("builder-inited", add_files)
    app.connect("html-page-context", add_buttons, priority=501)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
