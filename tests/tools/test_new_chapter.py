"""A chapter as it is begun: its files are clean, its figure and its quotes run, its check holds to its table."""

import importlib
import json
import shutil
import subprocess
import sys

import pytest
from repository import ROOT

import renorm_book
from renorm_book import quotes
from tools import new_chapter

SLUG = "a-chapter-of-a-test"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A copy of what a chapter is added to, with chapter 99."""
    root = tmp_path_factory.mktemp("repository")
    shutil.copyfile(ROOT / "_toc.yml", root / "_toc.yml")
    new_chapter.begin(root, 99, SLUG)
    return root


@pytest.fixture
def imported(root, monkeypatch):
    monkeypatch.setattr(renorm_book, "__path__", [*renorm_book.__path__, str(root / "book" / "renorm_book")])
    monkeypatch.syspath_prepend(str(root / "tests" / "book"))
    yield importlib.import_module
    for name in [name for name in sys.modules if "chapter99" in name or name == "answers_99"]:
        del sys.modules[name]


def test_what_it_writes_is_clean(root):
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check", "--config", str(ROOT / "pyproject.toml")], ["format", "--check", "--line-length", "120"]):
        done = subprocess.run([*ruff, *command, str(root)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_contents_list_it_after_the_last_chapter(root):
    before, after = ((folder / "_toc.yml").read_text("utf8").splitlines() for folder in (ROOT, root))
    (line,) = [line for line in after if line not in before]
    assert line.strip() == f"- file: notebooks/99-{SLUG}"
    assert "notebooks/" in after[after.index(line) - 1] and [x for x in after if x != line] == before


def test_its_cells_run(root, imported):
    cells = json.loads((root / "notebooks" / f"99-{SLUG}.ipynb").read_text("utf8"))["cells"]
    names = {"__name__": "__main__"}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    file = root / "book" / "renorm_book" / "chapter99" / "quotes.py"
    for part in quotes.parts(file.read_text("utf8")):
        quotes.run(file, part, names)


def test_its_check_holds_to_its_table(imported):
    for row in imported("answers_99").TABLE.values():
        assert all(row.check(answer) for answer in row.right.values())
        for case, answer in row.wrong.items():
            assert row.check(answer).mistake == case
        assert len(row.exercise.mistakes) >= 3


def test_nothing_is_written_over(root):
    with pytest.raises(SystemExit, match="chapter 99 is there"):
        new_chapter.begin(root, 99, "another-name")
    with pytest.raises(SystemExit, match="lower case"):
        new_chapter.begin(root, 98, "A Chapter")
