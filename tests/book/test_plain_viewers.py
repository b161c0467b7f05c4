"""What viewers other than the site make of the chapters: nbconvert, and markdown-it with formulas as in VS Code."""

import html
import json
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from repository import ROOT

CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
each = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
# what no reader should see: roles, directives, labels, attributes, links and emphasis that were not understood
RAW = re.compile(
    r"\{[a-z:+-]+\}`|```|~~~|:::|^:[a-z-]+:|\$\$ *\(|\]\(|\*\*|^#+ |</?details|</?summary|^> |{\w+}`", re.M
)
CODE = re.compile(
    r"^[> ]*(?P<fence>~~~|```).*?^[> ]*(?P=fence)[ ]*$|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)", re.M | re.S
)
MATH = re.compile(r"\$\$(?P<display>.+?)\$\$|(?<!\\)\$(?P<inline>(?:[^$\n]|\n(?![> ]*\n))+)\$", re.S)
TEX = "tex"  # the tag that markdown-it's formulas are given here


class Page(HTMLParser):
    """Text outside of code, the tags that are open around it, and what stands in folded text."""

    VOID = {"br", "hr", "img", "input"}

    def __init__(self, markup: str):
        super().__init__()
        self.open, self.words, self.folds, self.tags, self.inside = [], [], 0, [], []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "details":
            self.folds += 1
            assert ("open", None) not in attributes and "open" not in dict(attributes)
        if "details" in self.open:
            self.inside.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, text):
        if not {"pre", "code", "style", TEX} & set(self.open):
            self.words.append(text)

    @property
    def text(self) -> str:
        assert self.open == [], f"never closed: {self.open}"
        return "".join(self.words)


def cells(path) -> dict[str, str]:
    found = json.loads(path.read_text("utf8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in found if cell["cell_type"] == "markdown"}


def formulas(markdown: str) -> list[str]:
    """All formulas of some Markdown as they are written, without the marks of a quotation."""
    bare = CODE.sub("", re.sub(r"^> ?", "", markdown, flags=re.M))
    return [(match["display"] or match["inline"]).strip() for match in MATH.finditer(bare)]


def by_nbconvert(markdown: str) -> str:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    return markdown2html_mistune(markdown)


def by_markdown_it(markdown: str) -> str:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_space=False, renderer=lambda tex, _: html.escape(tex, False))
    parser.add_render_rule("math_inline", lambda s, tokens, i, o, e: f"<{TEX}>{html.escape(tokens[i].content)}</{TEX}>")
    parser.add_render_rule("math_block", lambda s, tokens, i, o, e: f"<{TEX}>{html.escape(tokens[i].content)}</{TEX}>")
    return parser.render(markdown)


@each
@pytest.mark.parametrize("viewer", [by_nbconvert, by_markdown_it])
def test_a_viewer_shows_words_not_markup(path, viewer):
    for name, markdown in cells(path).items():
        markup = viewer(markdown)
        page = Page(markup)
        text = page.text if viewer is by_markdown_it else MATH.sub("", page.text)
        assert not RAW.search(text), f"{name}: {RAW.search(text)[0]!r} in {text[:200]!r}"
        assert page.folds == markdown.count("<details>"), name
        for fold in re.findall(r"<details>(.*?)</details>", markup, re.S):
            assert {"p", "pre", "ul", "ol"} & set(Page(fold).tags), f"{name}: folded text that is not Markdown"
        assert page.tags.count("blockquote") == len(re.findall(r"(?:^>.*\n?)+", markdown, re.M)), name
        starts = re.findall(r'<ol start="(\d+)"', markup)
        assert starts == [], f"{name}: a sentence that begins with {starts[:1]} became a list"


@each
@pytest.mark.parametrize("viewer", [by_nbconvert, by_markdown_it])
def test_formulas_reach_the_viewer_whole(path, viewer):
    """Not a backslash is eaten, nothing is set in italics between two underscores."""
    for name, markdown in cells(path).items():
        markup = viewer(markdown)
        if viewer is by_markdown_it:
            seen = [html.unescape(tex).strip() for tex in re.findall(rf"<{TEX}>(.*?)</{TEX}>", markup, re.S)]
        else:
            bare = re.sub(r"<(pre|code)\b.*?</\1>", "", markup, flags=re.S)
            seen = [html.unescape(match[1] or match[2]).strip() for match in MATH.finditer(bare)]
        assert seen == formulas(markdown), name
        bare = CODE.sub("", markdown)
        money = [m[0] for m in MATH.finditer(bare) if m["inline"] and bare[m.end() : m.end() + 1].isdigit()]
        assert money == [], f"{name}: VS Code takes the second $ of {money} for a currency"


def test_a_whole_chapter_by_nbconvert():
    from nbconvert import HTMLExporter

    path = next(path for path in CHAPTERS if path.stem.startswith("05"))
    page, _ = HTMLExporter().from_filename(str(path))
    assert page.count("<details>") == path.read_text("utf8").count("<details>")
    assert r"\tag{5.1}" in page and 'id="eq-05-error"' in page and 'href="#eq-05-error"' not in page.split("<body")[0]
