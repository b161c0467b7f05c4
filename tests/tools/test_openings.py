"""What every notebook begins with: the minutes are those of its text, and its first cell says what is missing."""

import json
import re
import subprocess
import sys

import pytest
from repository import ROOT

from tools import openings

URL = "https://example.org/owner/book"
# the cell in a Python without any package; what it would install is printed, and Colab is a module of that name
PRELUDE = """
import subprocess, sys
subprocess.run = lambda command, check: print("ran", *command[1:])
if {colab}: sys.modules["google.colab"] = sys
try:
    exec({cell!r})
except ImportError as error:
    print("\\n".join(error._render_traceback_()))
"""


@pytest.fixture(scope="module")
def as_they_should_be():
    return openings.all_opened(openings.address())


def test_every_notebook_begins_as_it_should(as_they_should_be):
    late = [path.name for path, text in as_they_should_be.items() if text != path.read_text("utf8")]
    assert len(as_they_should_be) > 10 and late == [], "run `python -m tools.openings`"


def test_doing_it_twice_changes_nothing(as_they_should_be):
    for path, text in list(as_they_should_be.items())[1:4]:
        assert openings.stored(openings.opened(json.loads(text), path.stem, openings.address())) == text


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("[01][1-9]-*.ipynb")), ids=lambda path: path.stem)
def test_the_minutes_move_with_the_text(path):
    notebook = json.loads(path.read_text("utf8"))
    told = openings.LINE.search("".join(notebook["cells"][0]["source"]))
    assert int(told[1]) == openings.minutes(notebook)
    # ten minutes' more of words, which the table that a reader starts with has to say, too
    notebook["cells"][2]["cell_type"] = "markdown"
    notebook["cells"][2]["source"] = ["word " * 10 * openings.WORDS_A_MINUTE]
    assert openings.minutes(notebook) == int(told[1]) + 10


def test_folded_text_exercises_and_formulas_take_no_time():
    def minutes(*texts):
        return openings.minutes({"cells": [{"cell_type": "markdown", "source": [text]} for text in texts]})

    many = "word " * 3000
    assert minutes(many) == 15
    assert minutes(f"one\n<details><summary>Answer</summary>\n{many}\n</details>") == 5
    assert minutes(f"one\n\n## Exercises\n\n{many}") == 5
    assert minutes(f"one\n\n## Exercises\n\n{many}\n\n## After\n\n{many}") == 15
    assert minutes(f"$$\n{many}\n$$") == 5
    figures = [{"cell_type": "code", "source": ["explore(draw)"]}] * 15
    assert openings.minutes({"cells": figures}) == 15


def run(cell: str, folder, colab: bool = False) -> str:
    """What the cell says in a Python that has no packages."""
    command = [sys.executable, "-I", "-S", "-c", PRELUDE.format(cell=cell, colab=colab)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def cell():
    return "".join(openings.setup_cell("")["source"])


def test_a_missing_package_is_told_in_a_few_lines(cell, tmp_path):
    said = run(cell, tmp_path)
    assert "needs the package liveplate" in said and "make lab" in said and "README.txt" in said
    assert len(said.splitlines()) <= 6 and "Traceback" not in said and "ran" not in said.split()


def test_on_colab_it_installs_the_wheels_beside_it_or_asks_for_them(cell, tmp_path):
    assert "upload the three files *.whl" in run(cell, tmp_path, colab=True)
    for name in ("liveplate", "renorm", "renorm_book"):
        (tmp_path / f"{name}-1.0.0-py3-none-any.whl").touch()
    said = run(cell, tmp_path, colab=True).split()
    assert said[:5] == ["ran", "-m", "pip", "install", "--quiet"] and [word[-4:] for word in said[5:]] == [".whl"] * 3
    assert "ran" not in run(cell, tmp_path).split(), "nothing is installed on a machine that is the reader's own"


def test_on_colab_it_takes_the_packages_from_the_repository_where_it_has_an_address(tmp_path):
    said = run("".join(openings.setup_cell(URL)["source"]), tmp_path, colab=True)
    for part in ("#subdirectory=liveplate", "", "#subdirectory=book"):
        assert f"@ git+{URL}{part}\n" in said or f"@ git+{URL}{part} " in said
    for folder in re.findall(r"#subdirectory=(\w+)", said):
        assert (ROOT / folder / "pyproject.toml").is_file()


def test_where_the_packages_are_it_does_nothing(cell):
    names = {}
    exec(cell, names)
    assert "say" not in names


def test_the_address_is_that_of_the_settings_or_of_the_environment(monkeypatch):
    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    assert openings.address() == ""
    monkeypatch.setenv("BOOK_REPOSITORY", f"{URL}/")
    assert openings.address() == URL
    assert f'address = "{URL}"' in "".join(openings.setup_cell(URL)["source"])


def test_the_seconds_are_those_that_were_measured():
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \|", openings.SECONDS.read_text("utf8"), re.MULTILINE)
    chapters = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text("utf8"))
        chapters[openings.title(notebook)] = openings.line(notebook)
    assert len(rows) >= 10
    for title, seconds in rows:
        told = openings.LINE.fullmatch(chapters[title])
        assert abs(int(told[2]) - int(seconds)) <= 2.5 or int(told[2]) == 5 > int(seconds)
    new = {"cells": [{"cell_type": "markdown", "source": ["# A chapter that nobody has measured"]}]}
    assert openings.LINE.fullmatch(openings.line(new))[2] is None
