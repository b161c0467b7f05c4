"""The notebooks as files: no outputs stored, stable names and ids, prose held to the computation, images described."""

import ast
import re

import nbformat
import pytest
from repository import ROOT

from tools.check.quotes import texts

START = ROOT / "notebooks" / "00-start-here.ipynb"  # for who runs the notebooks; no chapter, and no page of the site
NOTEBOOKS = sorted(path for path in (ROOT / "notebooks").glob("*.ipynb") if path != START)
IDS = [path.stem for path in NOTEBOOKS]
PROSE = [*NOTEBOOKS, START] + sorted((ROOT / "book").glob("*.md"))
FILLER = (
    "it is important to note",
    "in this chapter we will",
    "it should be noted",
    "delve",
    "lorem ipsum",
    "todo",
    "fixme",
)

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=IDS)


def read(path):
    return nbformat.read(path, as_version=4)


def prose(path) -> str:
    """All text of a page without its code."""
    if path.suffix == ".md":
        return path.read_text("utf8")
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def code(path) -> str:
    lines = [line for cell in read(path).cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


def flat(text: str) -> str:
    """The text with every run of spaces and line ends as one space, and without emphasis."""
    return re.sub(r"\s+", " ", text.replace("*", "").replace("\u00a0", " "))


@pytest.mark.parametrize("path", [*NOTEBOOKS, START], ids=[*IDS, START.stem])
def test_the_file_is_clean(path):
    assert re.fullmatch(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*", path.stem), "lower case, two digits, hyphens"
    nb = read(path)
    nbformat.validate(nb)
    assert nb.metadata.kernelspec.name == "python3"
    ids = [cell.get("id") for cell in nb.cells]
    assert all(ids) and len(set(ids)) == len(ids), "every cell has an id of its own"
    for cell in nb.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None, f"cell {cell.id} holds outputs: clear them"
            assert cell.source.strip(), f"cell {cell.id} is empty"
            assert len(cell.source.splitlines()) <= 40, f"cell {cell.id} is longer than a screen"


@pytest.mark.parametrize("path", [*NOTEBOOKS, START], ids=[*IDS, START.stem])
def test_reading_a_notebook_gives_the_same_ids_each_time(path):
    assert '"nbformat_minor": 5' in path.read_text("utf8"), "older formats get random ids at each reading"


@each
def test_numbers_in_the_prose_are_the_computed_ones(path):
    text = flat(prose(path))
    for words in texts(code(path)):
        assert flat(words) in text, f"quote({words!r}) checks words that do not stand in the text"


@each
def test_the_chapter_has_its_parts(path):
    text = prose(path)
    assert len(re.findall(r"^# ", text, re.M)) == 1, "one title"
    for name in ("predict", "not-claimed", "breath"):
        assert re.search(rf":class:.*\b{name}\b", text), f"no box of class {name}"
    exercises = re.findall(r"\{exercise(?:-start)?\}", text)
    solutions = re.findall(r"\{solution(?:-start)?\}", text)
    assert 4 <= len(exercises) <= 8
    assert len(solutions) == len(exercises), "every exercise has a solution"
    assert re.search(r"from renorm_book\.chapter\d\d import checks", code(path)), "no exercise with an instant check"
    assert len(texts(code(path))) >= 3, "hold at least three numbers of the text to the computation"


@pytest.mark.parametrize("path", PROSE, ids=[path.stem for path in PROSE])
def test_the_prose_has_no_filler(path):
    text = flat(prose(path)).lower()
    assert [words for words in FILLER if re.search(rf"\b{words}\b", text)] == []


@each
def test_static_figures_are_described(path):
    """A cell that draws a picture says in `mystnb: image: alt` what it shows; live figures say it in `alt=`."""
    for cell in read(path).cells:
        if cell.cell_type != "code" or "remove-output" in cell.metadata.get("tags", []):
            continue
        if re.search(r"plt\.(subplots|figure|imshow|plot)\(", cell.source) and "explore(" not in cell.source:
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt) >= 20, f"cell {cell.id} draws a figure and has no alternative text"
        for call in (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", "") == "explore":
                assert any(keyword.arg == "alt" for keyword in call.keywords), f"explore() in cell {cell.id} has no alt"


def test_the_contents_list_every_notebook():
    toc = (ROOT / "_toc.yml").read_text("utf8")
    assert [stem for stem in IDS if f"notebooks/{stem}" not in toc] == []
