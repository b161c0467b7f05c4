"""Edit and source links, once the book has a public address: BOOK_REPOSITORY or `repository: url:` in _config.yml."""

import os

BRANCH = "main"


def address(app) -> str:
    """The public address of the repository without a slash at its end, or an empty string while there is none."""
    configured = app.config.html_theme_options.get("repository_url", "")
    return os.environ.get("BOOK_REPOSITORY", configured or "").strip().rstrip("/")


def add_links(app, pagename, templatename, context, doctree):
    url = address(app)
    if not url or doctree is None or "header_buttons" not in context:
        return
    suffix = app.env.doc2path(pagename, base=False)
    links = [("Suggest an edit", f"{url}/edit/{BRANCH}/{suffix}", "fas fa-pencil-alt", "edit-page")]
    links.append(("Report a mistake", f"{url}/issues/new?title=On%20{suffix}", "fas fa-comment", "report-mistake"))
    if suffix.endswith(".ipynb") and url.startswith("https://github.com/"):
        name = url.removeprefix("https://github.com/")
        binder = f"https://mybinder.org/v2/gh/{name}/{BRANCH}?urlpath=lab/tree/{suffix}"
        colab = f"https://colab.research.google.com/github/{name}/blob/{BRANCH}/{suffix}"
        links += [("Open on Binder", binder, "fas fa-rocket", "launch-binder")]
        links += [("Open in Colab", colab, "fas fa-rocket", "launch-colab")]
    buttons = [
        {"type": "link", "text": text, "tooltip": text, "url": link, "icon": icon, "label": label}
        for text, link, icon, label in links
    ]
    group = {"type": "group", "tooltip": "This page in the repository", "icon": "fas fa-code-branch"}
    context["header_buttons"].insert(0, group | {"buttons": buttons, "label": "repository-buttons"})


def setup(app):
    app.connect("html-page-context", add_links, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
