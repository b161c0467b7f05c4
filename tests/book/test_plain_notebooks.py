"""The chapters as they are stored: plain Markdown whose every link leads somewhere, and what is half plain refused."""

import json
import re

import plain_references
import pytest
from plain_markdown import Chapter
from plain_notebooks import NOTEBOOKS, line_of, references, upgraded

CHAPTERS = sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
each = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
KNOWN = plain_references.References(
    papers={
        "https://doi.org/10.1/a": plain_references.Paper("a2019", "Belkin et al.", "2019"),
        "https://arxiv.org/abs/2.2": plain_references.Paper("b2020", "Bach", "2020"),
    },
    terms={"power-law": "power law"},
    labels={"05-peak.ipynb": {"eq-05-turn": "5.1", "ex-05-read": "5.1"}, "07-ridge.ipynb": {"eq-07-kappa": "7.3"}},
)
EQUATION = '<a id="eq-05-turn"></a>\n\n$$\nn = d \\tag{5.1}\n$$'
ASKED = '<a id="ex-05-read"></a>\n\n### Exercise 5.1. Read\n\nHow much?'


def made(*cells: str) -> tuple[list[str], list[tuple[str, int, str]]]:
    chapter = Chapter("05-peak.ipynb", KNOWN)
    return [chapter.cell(f"cell{i}", text) for i, text in enumerate(cells)], chapter.problems


def markdown(path) -> dict[str, str]:
    cells = json.loads(path.read_text("utf8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"}


@each
def test_a_chapter_is_plain_and_all_it_refers_to_is_there(path):
    text = path.read_text("utf8")
    chapter = upgraded(path.name, json.loads(text), references())
    told = [f"{path.name}:{line_of(text, cell, n)}: cell {cell}: {words}" for cell, n, words in chapter.problems]
    assert told == []


@each
def test_numbers_count_on_and_each_is_referred_to_by_what_it_shows(path):
    text = "\n\n".join(markdown(path).values())
    number = int(path.stem[:2])
    for counted in (re.findall(r"\\tag\{(.*?)\}", text), re.findall(r"^### Exercise ([\d.]+)\. ", text, re.M)):
        assert counted == [f"{number}.{i + 1}" for i in range(len(counted))]
    anchors = set(re.findall(r'<a id="([^"]+)"></a>', text))
    assert set(re.findall(r"\]\(#(e[qx]-[^)]+)\)", text)) <= anchors


@each
def test_nothing_is_written_for_one_viewer_only(path):
    """By itself, apart from what the upgrade finds: no role, directive, colon fence, label or option in any cell."""
    for cell, text in markdown(path).items():
        for foreign in (
            r"\{[a-z:+-]+\}`",
            r"^[> ]*(`{3,}|~{3,})\{",
            r"^[> ]*:::",
            r"^\([\w-]+\)=",
            r"^:[a-z-]+:",
            r"\$\$ \(",
        ):
            assert not re.search(foreign, text, re.M), f"{cell}: {foreign}"
        assert text.count("<details><summary>") == text.count("</summary>") == text.count("</details>"), cell
        assert "<details open" not in text, cell


@each
def test_a_solution_stands_after_the_cell_for_the_answer_and_exercises_are_named_by_their_number(path):
    asked = solved = ""
    for cell in json.loads(path.read_text("utf8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            assert not (asked and solved == asked and "check." in text), f"{cell['id']} comes after the solution"
        else:
            for label, solution in re.findall(r'<a id="(ex-[^"]+)"|<summary>(Solution)<', text):
                asked, solved = label or asked, asked if solution else solved
            assert not re.search(r"(?<!\[)\b[Ee]xercise \d(?!\d?\.\d)", text), (
                f"{cell['id']}: as a link, with its number"
            )


@pytest.mark.parametrize(
    ("plain", "myst"),
    [
        ("So ([Belkin et al., 2019](https://doi.org/10.1/a)).", "So {cite:p}`a2019`."),
        (
            "(`f`; [Belkin et al., 2019](https://doi.org/10.1/a); [Bach, 2020](https://arxiv.org/abs/2.2))",
            "(`f`; {cite:p}`a2019,b2020`)",
        ),
        (
            "x ([Belkin et al., 2019](https://doi.org/10.1/a); [Bach, 2020](https://arxiv.org/abs/2.2))",
            "x {cite:p}`a2019,b2020`",
        ),
        ("[Bach (2020)](https://arxiv.org/abs/2.2) says", "{cite:t}`b2020` says"),
        ("Bach ([2020](https://arxiv.org/abs/2.2)) says", "Bach {cite:yearpar}`b2020` says"),
        ("a [power law](../book/glossary.md#power-law)", "a {term}`power law`"),
        ("[powers](../book/glossary.md#power-law)", "{term}`powers <power law>`"),
        ("by [(7.3)](07-ridge.ipynb#eq-07-kappa)", "by {eq}`eq-07-kappa`"),
        ("see [Exercise 5.1](#ex-05-read)", "see {ref}`ex-05-read`"),
        ("[chapter 7](07-ridge.ipynb)", "[chapter 7](07-ridge.ipynb)"),
        ("`[x](y)` and $[a](b)$ and [a page](https://example.org/x_(y))",) * 2,
        ("~~~python\nx = [1](2)  # <b>, {cite}`x`\n~~~",) * 2,
        (EQUATION, "$$\nn = d\n$$ (eq-05-turn)"),
        ("> a quotation\n> on two lines",) * 2,
        (
            "> **Predict first.** Where?\n>\n> - (a) here",
            ":::{admonition} Predict first\n:class: predict\n\nWhere?\n\n- (a) here\n:::",
        ),
        (
            "<details><summary>Hint</summary>\n\nLook.\n\n</details>",
            "::::{admonition} Hint\n:class: hint dropdown\n\nLook.\n::::",
        ),
        (
            "<details><summary>Why it holds</summary>\n\nSo.\n\n</details>",
            "::::{admonition} Why it holds\n:class: dropdown\n\nSo.\n::::",
        ),
    ],
)
def test_what_plain_markdown_becomes(plain, myst):
    assert made(plain) == ([myst], [])


def test_a_solution_belongs_to_the_exercise_above_it_in_another_cell():
    cells, problems = made(ASKED, "<details><summary>Solution</summary>\n\n~~~python\nx = 1\n~~~\n\n</details>")
    assert problems == []
    assert cells[0].startswith("::::{exercise} Read\n:label: ex-05-read\n")
    assert cells[1] == "::::{solution} ex-05-read\n:class: dropdown\n\n~~~python\nx = 1\n~~~\n::::"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n([Belkin et al., 2019](https://doi.org/10.1/x))", 2, "no entry of the bibliography"),
        ("[Somebody, 2019](https://example.org)", 1, "looks like a citation"),
        ("([Belkin et al., 2018](https://doi.org/10.1/a))", 1, "'Belkin et al., 2019'"),
        ("([Belkin, 2019](https://doi.org/10.1/a))", 1, "'Belkin et al. (2019)'"),
        ("Belkin [2019](https://doi.org/10.1/a)", 1, "a year alone stands in brackets"),
        ("[Bach\n(2020)](https://arxiv.org/abs/2.2)", 1, "on one line"),
        ("[x](../book/glossary.md#power)", 1, "no term with the slug power"),
        ("[chapter 6](06-none.ipynb)", 1, "no notebook 06-none.ipynb"),
        ("[chapter 6](07-ridge.ipynb)", 1, "chapter 6 is not 07-ridge.ipynb"),
        ("[(5.9)](#eq-05-none)", 1, "no equation or exercise eq-05-none"),
        ("[(5.2)](#eq-05-turn)", 1, "eq-05-turn is (5.1)"),
        ("$$\nx \\tag{5.1}\n$$", 1, "without the line"),
        (EQUATION.replace("5.1", "5.2"), 1, r"comes as \tag 5.1 and says 5.2"),
        (EQUATION.replace(r" \tag{5.1}", ""), 1, "no number"),
        (EQUATION + "\n\n" + EQUATION, 7, "is there twice"),
        (EQUATION.replace("eq-05", "eq-06"), 1, "an anchor is written"),
        ('<a id="eq-05-turn"></a>\n\nText.', 1, "neither a formula nor"),
        ("### Exercise 5.1. Read", 1, "an exercise without the line"),
        ("$$\nx\n$$ (eq-05-turn)", 3, "MyST in a stored notebook"),
        ("see {eq}`eq-05-turn`", 1, "MyST in a stored notebook"),
        ("x\n:::{note}", 2, "MyST in a stored notebook"),
        ("```{note}\nx\n```", 1, "a directive"),
        ("> **Predict.** x", 1, "no box has the title 'Predict'"),
        ("> **Predict first**: x", 1, "a box begins with its title"),
        ("<details><summary>Hints</summary>\n\nx\n\n</details>", 1, "is written 'Hint'"),
        ("<details><summary>Solution</summary>\n\nx\n\n</details>", 1, "a solution without an exercise"),
        ("<details open><summary>Hint</summary>\n\nx\n\n</details>", 1, "without `open`"),
        ("<details><summary>Hint</summary>\nx\n</details>", 1, "an empty line is needed"),
        ("<details><summary>Hint</summary>\n\nx", 1, "<details> is not closed"),
        ("x\n\n</details>", 3, "without <details> above"),
        ("a <b>word</b>", 1, "HTML other than"),
        ("~~~python\nx", 1, "a block of code is not closed"),
        ("$$\nx", 1, "a formula is not closed"),
        ("$$\nx \\\\ y\n$$", 1, "stands in an environment"),
    ],
)
def test_what_is_half_plain_is_refused_with_its_place(text, line, words):
    _, problems = made(text)
    assert any(cell == "cell0" and n == line and words in told for cell, n, told in problems), problems


def test_two_solutions_of_one_exercise_are_refused():
    solution = "<details><summary>Solution</summary>\n\nx\n\n</details>"
    assert "without an exercise" in made(ASKED, solution, solution)[1][0][2]


def test_the_place_in_the_file():
    text = json.dumps({"cells": [{"id": "a", "source": ["x\n", "y"]}]}, indent=1)
    assert text.splitlines()[line_of(text, "a", 2) - 1].strip() == '"y"'
