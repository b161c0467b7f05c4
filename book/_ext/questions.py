"""*Predict first* boxes become questions that are answered on the page.

A box holds lists of choices, ``- (a) …``; after it come a live figure and a folded answer, which begins with the right
letters, ``**(c).** …``, and ends with a list, one line for each wrong choice, ``- (a) overlooks that …``. A comment in
the box, ``<!-- draw "this learner" at "all hundred" -->``, asks for a curve as well: the figure's series of that name
(``draw "test" in panel 2``: of its second panel) in the state of that preset. What contradicts itself is refused.

The page gets a list of its questions for ``questions.js``. Without JavaScript and in print, boxes stay as written.
"""

import json
import re
from html import escape
from pathlib import PurePosixPath

from docutils import nodes
from sphinx.errors import ExtensionError

FIGURE = re.compile(r'<figure class="live([^"]*)" id="([^"]+)"')
LETTER = re.compile(r"\(([a-z])\)")
DRAW = re.compile(r'\s*<!--\s*draw "([^"]+)"(?: in panel (\d+))?(?: at "([^"]+)")?\s*-->\s*')
LOADED = 'class="questions"'


def letter(item: nodes.Element) -> str | None:
    """The letter that a line of a list begins with.

    >>> letter(nodes.list_item("", nodes.paragraph("", "(b) around 25;")))
    'b'
    >>> letter(nodes.list_item("", nodes.paragraph("", "around 25 (b)")))
    """
    found = LETTER.match(item.astext().lstrip())
    return found and found[1]


def choices(box: nodes.Element) -> list[nodes.bullet_list]:
    """The lists in a box in which every line begins with a letter."""
    lists = [node for node in box.children if isinstance(node, nodes.bullet_list)]
    return [one for one in lists if all(letter(item) for item in one.children)]


def told(answer: nodes.Element) -> tuple[list[str], dict[str, str]]:
    """What an answer says: the right letters, and for each wrong one that it mentions its sentence."""
    first = next((node for node in answer.children if isinstance(node, nodes.paragraph)), None)
    bold = next((node for node in first.children if node.astext()), None) if first is not None else None
    right = LETTER.findall(bold.astext()) if isinstance(bold, nodes.strong) else []
    lists = choices(answer)
    return right, {letter(item): item.astext() for item in lists[-1].children} if lists else {}


def is_box(node: nodes.Node) -> bool:
    return isinstance(node, nodes.admonition) and "predict" in node["classes"]


def is_answer(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.admonition) and "dropdown" in node["classes"] and node.children[0].astext() == "Answer"
    )


def is_figure(node: nodes.Node) -> bool:
    return isinstance(node, nodes.raw) and node.get("format") == "html" and bool(FIGURE.search(node.astext()))


def question(page: str, box: nodes.Element, figure: nodes.raw | None, answer: nodes.Element | None) -> dict | None:
    """What ``questions.js`` needs to know of a box, with the figure and the answer after it; None: it asks nothing."""
    lists, sketch = choices(box), drawing(box)
    if not lists and not sketch:
        return None
    asked = box.astext().replace("\n", " ")[:60]

    def wrong(what):
        return ExtensionError(f"{page}: the question “{asked}…” {what}")

    if figure is None or answer is None:
        raise wrong("needs a live figure and a folded answer after it, before the next question")
    right, sentences = told(answer)
    groups = [[letter(item) for item in one.children] for one in lists]
    letters = [one for group in groups for one in group]
    if len(set(letters)) < len(letters):
        raise wrong(f"has a letter twice: {letters}")
    for group in groups:
        if len(set(group) & set(right)) != 1:
            raise wrong(f"has the choices {group}; its answer must begin with one of them, **(x).**, and says {right}")
    if missing := (set(letters) - set(right)) ^ set(sentences):
        raise wrong(f"needs a line for each wrong choice at the end of its answer, and no other: see {sorted(missing)}")
    html = figure.astext()
    if sketch and sketch["preset"] and f">{escape(sketch['preset'])}</button>" not in html:
        raise wrong(f"asks for a drawing at {sketch['preset']!r}, which is no preset of the figure")
    name = FIGURE.search(html)[2]
    for node, role in ((box, "predict"), (answer, "answer")):
        node["ids"].insert(0, f"{role}-{name}")
    for one in lists:
        one["classes"].append("choices")
    for one in choices(answer)[-1:]:
        one["classes"].append("overlooked")
    figure.children[:] = [nodes.Text(FIGURE.sub(r'<figure class="live\1 unanswered" id="\2"', html, count=1))]
    return {"figure": name, "groups": groups, "right": right, "draw": sketch}


def drawing(box: nodes.Element) -> dict | None:
    """What the comment in a box asks to draw; the comment is taken out."""
    for node in list(box.findall(nodes.raw)):
        if found := DRAW.fullmatch(node.astext()):
            node.parent.remove(node)
            return {"series": found[1], "panel": int(found[2] or 1), "preset": found[3]}
    return None


def find(app, doctree):
    """After a page is read: its questions."""
    page, asked = app.env.docname, []
    wanted = list(doctree.findall(lambda n: is_box(n) or is_figure(n) or is_answer(n)))
    places = [i for i, node in enumerate(wanted) if is_box(node)] + [len(wanted)]
    for start, end in zip(places, places[1:], strict=False):
        rest = wanted[start + 1 : end]
        figure, answer = (next(filter(kind, rest), None) for kind in (is_figure, is_answer))
        asked.append(question(page, wanted[start], figure, answer))
    if found := [one for one in asked if one]:
        facts = {"page": PurePosixPath(page).name, "questions": found}
        text = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
        doctree += nodes.raw("", f'<script type="application/json" {LOADED}>{text}</script>', format="html")


def load_script(app, page, template, context, doctree):
    body = context.get("body") or ""
    if f'type="application/json" {LOADED}' in body:
        app.add_css_file("questions.css")
        for name in ("sketch.js", "questions.js") if '"draw": {"series"' in body else ("questions.js",):
            app.add_js_file(name, loading_method="defer")


def setup(app):
    app.connect("doctree-read", find)
    app.connect("html-page-context", load_script, priority=600)  # after the player of live figures
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
