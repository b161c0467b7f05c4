"""What a shared link shows: title, description and picture of every page (Open Graph, and Twitter's names for them).

The description is the page's first paragraph; the picture, 1200 × 630, has the page's title over the curve of the book.
Address and picture can be absolute only once the site has an address: BOOK_ADDRESS or `html: baseurl:` in _config.yml.
Until then the picture is named relative to its page.
"""

import os
import re
import textwrap
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

from docutils import nodes

FOLDER = "link-previews"
SIZE = (12.0, 6.3)  # inches at 100 dots
LONGEST = 200  # letters of a description: what is longer is cut where it is shown


def words(node) -> str:
    """The text of a node; of formulas what can be read without TeX, of HTML nothing."""
    if isinstance(node, nodes.raw | nodes.system_message):
        return ""
    if isinstance(node, nodes.math):
        return re.sub(r"\\[a-z]+|[{}$\\]", "", node.astext())
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(words(child) for child in node.children)


def shortened(text: str) -> str:
    """Whole sentences as far as they fit, or else whole words.

    >>> shortened("One idea. " + 50 * "More words. ")[-12:], len(shortened("word " * 90)) <= LONGEST
    (' More words.', True)
    """
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    sentences = re.match(rf"(.{{60,{LONGEST - 1}}}[.?!])\s", text)
    return sentences.group(1) if sentences else text[: LONGEST - 2].rsplit(" ", 1)[0] + " …"


def description(doctree) -> str:
    """The first paragraph of at least 40 letters that is not in a box, a list or a table."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section | nodes.container | nodes.document):
            text = shortened(words(paragraph))
            if len(text) >= 40:
                return text
    return ""


@cache
def curve() -> tuple:
    """Sizes, test error and training error of the machine that opens the book: 100 samples, no ridge."""
    import numpy as np

    from renorm_book.descent.measurements import theory

    sizes = np.unique(np.r_[np.geomspace(5, 1000, 60).astype(int), 60:150])
    risks = [theory(d, 100, 0.0, 0.1) for d in sizes.tolist()]
    return sizes, [min(float(r.test), 9.0) for r in risks], [float(r.train) for r in risks]


def picture(title: str, book: str) -> bytes:
    """A PNG: the title, the book's name below it if that is another, the curve."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=100, facecolor="#fffefb")
    ax = figure.add_axes((0.06, 0.12, 0.88, 0.5), facecolor="none")
    sizes, test, train = curve()
    ax.plot(sizes, test, color="#D55E00", linewidth=6)
    ax.plot(sizes, train, color="#0072B2", linewidth=4.5, linestyle=(0, (3, 1.6)))
    ax.set(xscale="log", xlim=(sizes[0], sizes[-1]), ylim=(-0.03, 1.5))
    ax.set_xticks([], minor=True)
    ax.set(xticks=[], yticks=[])
    for side, spine in ax.spines.items():
        spine.set(visible=side == "bottom", color="#545b63", linewidth=2)
    look = {"fontfamily": "STIXGeneral", "color": "#1f2328", "va": "top"}
    lines = textwrap.wrap(title, 30)
    figure.text(0.06, 0.93, "\n".join(lines), fontsize=58 if len(lines) < 3 else 44, fontweight="bold", **look)
    if title != book:
        figure.text(0.06, 0.06, book, fontsize=24, **(look | {"color": "#545b63", "va": "center"}))
    out = BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def address(app) -> str:
    """The site's public address without a slash at its end, or an empty string while there is none."""
    return os.environ.get("BOOK_ADDRESS", app.config.html_baseurl or "").strip().rstrip("/")


def tags(app, page: str, title: str, text: str, image: str) -> str:
    """The elements for the page's head. ``image`` is a path from the root of the site."""
    base, folders = address(app), page.count("/")
    told = {
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:site_name": app.config.html_title,
        "og:title": title,
        "og:description": text,
        "og:image": f"{base}/{image}" if base else "../" * folders + image,
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": f"{title}: an error that falls, climbs to a peak, and falls again",
    }
    if base:
        told["og:url"] = f"{base}/" if page == app.config.root_doc else f"{base}/{app.builder.get_target_uri(page)}"
    found = [f'<meta property="{key}" content="{escape(value)}" />' for key, value in told.items() if value]
    found.append('<meta name="twitter:card" content="summary_large_image" />')
    if text:
        found.insert(0, f'<meta name="description" content="{escape(text)}" />')
    return "\n".join(found)


def preview(app, pagename, templatename, context, doctree):
    if doctree is None or app.builder.name != "html":
        return
    title = app.env.titles[pagename].astext()
    image = f"{FOLDER}/{pagename.replace('/', '-')}.png"
    path = Path(app.outdir) / image
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(picture(title, app.config.html_title))
    context["metatags"] = context.get("metatags", "") + tags(app, pagename, title, description(doctree), image)


def setup(app):
    app.connect("html-page-context", preview)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
