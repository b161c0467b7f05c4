"""The notebooks as files: no outputs stored, stable names and ids, prose held to the computation, images described."""

import ast
import builtins
import importlib
import re

import nbformat
import pytest
from repository import ROOT

from renorm_book import quotes
from tools.check.quotes import code as quotes_code
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
    for words in texts(quotes_code(path)):
        assert flat(words) in text, f"quote({words!r}) checks words that do not stand in the text"


def stored(tree) -> set[str]:
    """The names that some code gives a meaning."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return found


@each
def test_quotes_use_what_the_cells_above_them_have_made(path):
    """Also that each part is for a cell that is there; the build would say so after minutes."""
    waiting, known = quotes.parts(quotes_code(path)), set(dir(builtins))
    for cell in (cell for cell in read(path).cells if cell.cell_type == "code"):
        known |= stored(ast.parse(cell.source))
        part = ast.parse(waiting.pop(cell.id, ""))
        known |= stored(part)
        unknown = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)} - known
        assert not unknown, f"the part after {cell.id} uses {sorted(unknown)}"
    assert not set(waiting) - {None}, "no such cells"


@each
def test_a_reader_meets_no_check_of_the_prose(path):
    """Whoever changes a number runs on: quoted numbers and claims about chance are the build's to check."""
    tree = ast.parse(code(path))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert "renorm_book.quote" not in code(path)


@each
def test_cells_that_are_folded_on_the_page_are_folded_in_the_notebook_and_say_what_they_are(path):
    for cell in (cell for cell in read(path).cells if cell.cell_type == "code"):
        folded = bool({"hide-input", "remove-cell"} & set(cell.metadata.get("tags", [])))
        assert cell.metadata.get("jupyter", {}).get("source_hidden", False) == folded, cell.id
        assert not folded or cell.source.startswith("#"), f"cell {cell.id}: JupyterLab shows its first line"


@each
def test_the_cell_of_a_live_figure_is_short(path):
    """Title, texts and presets stand beside the function that draws; the controls are what a reader changes."""
    for cell in (cell for cell in read(path).cells if cell.cell_type == "code" and "explore(" in cell.source):
        assert len(cell.source.splitlines()) <= 16, cell.id
        assert not re.search(r"\b(?:title|alt|caption|presets|readout)=", cell.source), cell.id


@each
def test_the_chapter_has_its_parts(path):
    text = prose(path)
    assert len(re.findall(r"^# ", text, re.M)) == 1, "one title"
    for title in ("Predict first", "What is not claimed", "In one breath"):
        assert re.search(rf"^> \*\*{title}\.\*\*", text, re.M), f"no box with the title {title}"
    exercises = re.findall(r"^### Exercise ", text, re.M)
    solutions = re.findall(r"^<details><summary>Solution</summary>", text, re.M)
    assert 4 <= len(exercises) <= 8
    assert len(solutions) == len(exercises), "every exercise has a solution"
    assert re.search(r"from renorm_book\.chapter\d\d import checks", code(path)), "no exercise with an instant check"
    assert len(texts(quotes_code(path))) >= 3, "hold at least three numbers of the text to the computation"


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
                given = {keyword.arg for keyword in call.keywords} | texts_of(path, call)
                assert "alt" in given, f"explore() in cell {cell.id} has no alt"


def texts_of(path, call) -> set[str]:
    """The words of a dict beside the drawing function, ``**figures.NAME``, that an ``explore`` is given."""
    imports = [node for node in ast.walk(ast.parse(code(path))) if isinstance(node, ast.ImportFrom)]
    homes = {alias.asname or alias.name: f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    found = set()
    for value in (keyword.value for keyword in call.keywords if keyword.arg is None):
        found |= set(getattr(importlib.import_module(homes[value.value.id]), value.attr))
    return found


def test_the_contents_list_every_notebook():
    toc = (ROOT / "_toc.yml").read_text("utf8")
    assert [stem for stem in IDS if f"notebooks/{stem}" not in toc] == []
