"""The extension that makes questions of *Predict first* boxes: what it finds, and what it refuses."""

import json
import re
from types import SimpleNamespace

import plain_notebooks
import pytest
import questions
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.docutils_ import Parser
from repository import ROOT
from sphinx.errors import ExtensionError

BOX = """
:::{admonition} Predict first
:class: predict

Where is it worst?

- (a) at 1
- (b) around 50

<!-- draw "this learner" at "all hundred" -->

Then move *n*.
:::

<figure class="live" id="one-learner" data-states="9"><button type="button" data-p="1">all hundred</button></figure>

:::{admonition} Answer
:class: dropdown

**(b).** There it is.

- (a) overlooks that little has been fitted yet.
:::
"""


def doctree(text: str) -> nodes.document:
    settings = {"myst_enable_extensions": ["colon_fence"], "report_level": 5, "_disable_config": True}
    return publish_doctree(text, parser=Parser(), settings_overrides=settings)


def found(text: str) -> tuple[nodes.document, list[dict]]:
    page = doctree(text)
    questions.find(SimpleNamespace(env=SimpleNamespace(docname="notebooks/05-double-descent")), page)
    scripts = [n.astext() for n in page.findall(nodes.raw) if questions.LOADED in n.astext()]
    return page, json.loads(scripts[0].split(">", 1)[1].removesuffix("</script>"))["questions"] if scripts else []


def test_a_box_is_a_question():
    page, (one,) = found(BOX)
    draw = {"series": "this learner", "panel": 1, "preset": "all hundred"}
    assert one == {"figure": "one-learner", "groups": [["a", "b"]], "right": ["b"], "draw": draw}
    box, answer = page.findall(nodes.admonition)
    assert box["ids"][0] == "predict-one-learner" and answer["ids"][0] == "answer-one-learner"
    assert "draw" not in box.astext(), "the comment is for the extension alone"
    assert [n["classes"] for n in page.findall(nodes.bullet_list)] == [["choices"], ["overlooked"]]
    figure = next(n.astext() for n in page.findall(nodes.raw) if "<figure" in n.astext())
    assert figure.startswith('<figure class="live unanswered" id="one-learner" data-states="9">')


def test_two_questions_in_a_box_share_their_answer():
    more = BOX.replace("Then move", "And with a penalty?\n\n- (c) also\n- (d) no longer\n\nThen move")
    more = more.replace("**(b).**", "**(b), (d).**").replace("yet.\n:::", "yet.\n- (c) overlooks the cure.\n:::")
    _, (one,) = found(more)
    assert one["groups"] == [["a", "b"], ["c", "d"]] and one["right"] == ["b", "d"]


def test_a_curve_of_another_panel():
    _, (one,) = found(BOX.replace('draw "this learner" at "all hundred"', 'draw "test" in panel 2'))
    assert one["draw"] == {"series": "test", "panel": 2, "preset": None}


def test_a_box_without_choices_asks_nothing_on_the_page():
    page, none = found(BOX.replace("- (a) at 1\n- (b) around 50\n", "").replace('<!-- draw "this', '<!-- "this'))
    assert none == [] and "unanswered" not in "".join(n.astext() for n in page.findall(nodes.raw))


def test_only_a_box_of_this_kind_is_a_question():
    assert found(BOX.replace(":class: predict", ":class: hint"))[1] == []


WRONG = {
    "no figure": (BOX.replace("<figure", "<div").replace("</figure", "</div"), "needs a live figure"),
    "no answer": (BOX.replace("} Answer", "} Remark"), "folded answer after it"),
    "no right letter": (BOX.replace("**(b).**", "(b)."), r"says \[\]"),
    "two right letters": (BOX.replace("**(b).**", "**(a), (b).**"), "must begin with one of them"),
    "a right letter that is no choice": (BOX.replace("**(b).**", "**(c).**"), "must begin with one of them"),
    "a wrong choice without its line": (BOX.replace("- (a) overlooks", "It overlooks"), r"\['a'\]"),
    "a line for the right choice": (BOX.replace("yet.\n:::", "yet.\n- (b) is right.\n:::"), r"\['b'\]"),
    "a letter twice": (BOX.replace("- (a) at 1", "- (b) at 1"), "a letter twice"),
    "another preset": (BOX.replace('at "all hundred"', 'at "all"'), "no preset of the figure"),
}


@pytest.mark.parametrize("text, says", WRONG.values(), ids=WRONG)
def test_what_contradicts_itself_is_refused(text, says):
    with pytest.raises(ExtensionError, match=says) as refused:
        found(text)
    assert "05-double-descent" in str(refused.value), "the message names the page"


def test_the_next_box_does_not_lend_its_answer():
    first = BOX.split("<figure")[0]
    with pytest.raises(ExtensionError, match="before the next question"):
        found(first + BOX)


CHAPTERS = sorted(path for path in (ROOT / "notebooks").glob("[0-9]*.ipynb") if not path.stem.startswith("00"))
PRESET = re.compile(r'<!-- draw .*? at "(.+?)" -->')


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem[:2])
def test_every_box_of_a_chapter_is_a_question(path):
    """With a stand-in for each live figure, which has whatever preset is asked for."""
    notebook = json.loads(path.read_text("utf8"))
    presets = "".join(PRESET.findall("".join("".join(cell["source"]) for cell in notebook["cells"])))
    plain_notebooks.upgraded(path.name, notebook, plain_notebooks.references())
    told = []
    for i, cell in enumerate(notebook["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            told.append(source)
        elif "explore(" in source and "import" not in source:
            told.append(f'<figure class="live" id="figure-{i}"><button>{presets}</button></figure>')
    page, asked = found("\n\n".join(told))
    boxes = [node for node in page.findall(nodes.admonition) if "predict" in node["classes"]]
    assert len(asked) == len(boxes) >= 1
    for one in asked:
        assert all(len(group) >= 2 for group in one["groups"]), "a choice between two at least"
