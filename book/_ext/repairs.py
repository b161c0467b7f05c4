"""Repairs to Jupyter Book 1.x that no setting expresses."""

import re
from pathlib import Path

NO_STORAGE = """
    try { localStorage.length; } catch {
      const kept = new Map();
      const value = {getItem: key => kept.get(key) ?? null, setItem: (key, text) => { kept.set(key, text); }};
      Object.defineProperty(window, "localStorage", {value});
    }"""
# (pattern, replacement) on the finished HTML of a page
MARKUP = [
    # where storage is denied the theme's first line would end its script, and the button for light and dark be dead
    (re.compile(r'(<script data-cfasync="false">)(?!\s*try)'), r"\1" + NO_STORAGE),
    # a label that does not contain the visible text cannot be spoken by voice control
    (re.compile(r'(<summary)\s+aria-label="Toggle hidden content"'), r"\1"),
    # roles that ARIA has dropped, and a list whose children are not items of a list
    (re.compile(r' role="doc-biblioentry"'), ""),
    (re.compile(r'<div role="list" class="citation-list">'), '<div class="citation-list">'),
    # the style sheet writes "Chapter" before the number, and no full stop belongs after it
    (re.compile(r'(<span class="section-number">[\d.]*\d)\. </span>'), r"\1 </span>"),
]


def merge_singlehtml_handlers(app):
    """sphinx-exercise registers handlers for "singlehtml", which hides all those registered for "html" only."""
    handlers = app.registry.translation_handlers
    if "singlehtml" in handlers:
        handlers["singlehtml"] = {**handlers.get("html", {}), **handlers["singlehtml"]}


def repair_markup(app, exception):
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        old = new = page.read_text("utf8")
        for pattern, replacement in MARKUP:
            new = pattern.sub(replacement, new)
        if new != old:
            page.write_text(new, "utf8")


def drop_source_maps(app, exception):
    """3.4 MB for the theme's own developers."""
    if not exception and app.builder.format == "html":
        for path in (Path(app.outdir) / "_static").rglob("*.map"):
            path.unlink()


def setup(app):
    app.connect("builder-inited", merge_singlehtml_handlers)
    app.connect("build-finished", repair_markup)
    app.connect("build-finished", drop_source_maps)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
