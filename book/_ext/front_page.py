"""index.html is the welcome page itself: Jupyter Book would make it a page that only redirects there."""

import posixpath
import re
from pathlib import Path

LINK = re.compile(r'((?:href|src|data-content_root)=")([^"#:]+)((?:#[^"]*)?")')


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
    app.connect("build-finished", write_index, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
