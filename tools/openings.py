"""What every notebook begins with: how long it takes, and a cell that finds out whether the book's packages are here.

python -m tools.openings    writes both into the notebooks; a test says when that is due

The address of the repository, once it has one, is `repository: url:` in _config.yml, or BOOK_REPOSITORY.
"""

import json
import os
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
START = "00-start-here"
SECONDS = ROOT / "book" / "in-browser-seconds.md"
WORDS_A_MINUTE = 200  # of prose with formulas, on a screen; a live figure is given a minute
LINE = re.compile(
    r"^\*About (\d+) minutes to read, without the exercises\.(?: Run All: about (\d+) seconds\.)?\*$", re.MULTILINE
)
TABLE = re.compile(r"^\| \| chapter \|.*?(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)

CELL = '''# Are the packages of this book here? Where they are, this cell does nothing.
import glob
import subprocess
import sys

address = "{address}"  # of the book's repository{none}
parts = {{"liveplate": "#subdirectory=liveplate", "renorm": "", "renorm_book": "#subdirectory=book"}}
try:
    import liveplate, renorm, renorm_book  # noqa: E401, F401, I001
except ModuleNotFoundError as missing:
    from_git = [f"{{name}} @ git+{{address}}{{part}}" for name, part in parts.items() if address]
    found = sorted(glob.glob("*.whl")) or from_git
    if "google.colab" not in sys.modules or not found:
        say = f"""This notebook needs the package {{missing.name}}, which the Python of its kernel does not have:
    {{sys.executable}}
On your machine: in the book's repository, `make lab` opens the notebooks with all they need; with notebooks.zip,
    follow its README.txt. If it is installed elsewhere, choose that Python: Kernel, Change Kernel.
In Colab: upload the three files *.whl of notebooks.zip (Files, at the edge of the page), and run this cell again."""
        raise type("Missing", (ImportError,), {{"_render_traceback_": lambda self: [str(self)]}})(say) from None
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *found], check=True)
'''


def address() -> str:
    """The public address of the repository, or nothing."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    return (os.environ.get("BOOK_REPOSITORY") or settings["repository"]["url"] or "").strip().rstrip("/")


def setup_cell(url: str) -> dict:
    """The cell, as a notebook stores it; its code is folded everywhere, and left out of the pages."""
    source = CELL.format(address=url, none="" if url else ", once it has one").rstrip("\n")
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": "setup-check",
        "metadata": {"jupyter": {"source_hidden": True}, "tags": ["hide-input", "remove-cell", "setup-check"]},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def words(markdown: str) -> int:
    r"""How many words are read: a formula in a line is one, a displayed one and a link's target none.

    >>> words("The **error** $x^2$ of [chapter 5](05-double-descent.ipynb):\n\n$$\na+b\n$$")
    6
    """
    text = re.sub(r"\$\$.*?\$\$|<[^>]+>|\]\([^)\s]*\)", " ", markdown, flags=re.DOTALL)
    return len(re.findall(r"[\w’'-]+", re.sub(r"\$[^$\n]+\$", "x", text)))


def minutes(notebook: dict) -> int:
    """To read a chapter, without its exercises and what is folded, and to move its figures; to the nearest five."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    prose = "\n\n".join(LINE.sub("", text) for kind, text in cells if kind == "markdown")
    prose = re.sub(r"<details>.*?</details>", "", prose, flags=re.DOTALL)
    before, _, rest = prose.partition("\n## Exercises")
    after = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[1:]
    figures = sum("explore(" in text for kind, text in cells if kind == "code")
    return max(5, 5 * round((words("\n".join([before, *after])) / WORDS_A_MINUTE + figures) / 5))


def seconds(title: str) -> int | None:
    """How long *Run All* takes, as measured; None for a chapter that has not been."""
    row = re.search(rf"^\| {re.escape(title)} \| (\d+) \|", SECONDS.read_text("utf8"), re.MULTILINE)
    return int(row[1]) if row else None


def title(notebook: dict) -> str:
    return "".join(notebook["cells"][0]["source"]).splitlines()[0].removeprefix("# ").strip()


def line(notebook: dict) -> str:
    """The line under the title."""
    measured = seconds(title(notebook))
    run = f" Run All: about {max(5, 5 * round(measured / 5))} seconds." if measured else ""
    return f"*About {minutes(notebook)} minutes to read, without the exercises.{run}*"


def question(notebook: dict) -> str:
    """What a chapter asks: its first paragraph, up to the mark."""
    paragraphs = [part for part in "".join(notebook["cells"][0]["source"]).split("\n\n")[1:] if not LINE.match(part)]
    return paragraphs[0].replace("*", "").replace("\n", " ").partition("?")[0] + "?"


def table(chapters: dict[str, dict]) -> str:
    """What is where, with the minutes of each chapter; a link to a chapter leads to its file."""
    rows = ["| | chapter | asks | minutes |", "|--:|:--|:--|--:|"]
    for name, notebook in chapters.items():
        cells = (str(int(name[:2])), f"[{title(notebook)}]({name}.ipynb)", question(notebook), str(minutes(notebook)))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def with_table(notebook: dict, chapters: dict[str, dict]) -> dict:
    """The notebook that a reader starts with, its table as the chapters have it."""
    cells = [dict(cell) for cell in notebook["cells"]]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            found = TABLE.sub(lambda _: table(chapters), "".join(cell["source"]))
            cell["source"] = found.splitlines(keepends=True)
    return notebook | {"cells": cells}


def opened(notebook: dict, name: str, url: str) -> dict:
    """The notebook with its line and its cell, both as they should be."""
    cells = [cell for cell in notebook["cells"] if cell["id"] != "setup-check"]
    first = next(place for place, cell in enumerate(cells) if cell["cell_type"] == "code")
    cells.insert(first, setup_cell(url))
    if name != START:
        heading, _, text = "".join(cells[0]["source"]).partition("\n")
        told = f"{heading}\n\n{line(notebook)}\n\n{LINE.sub('', text, count=1).strip()}"
        cells[0] = cells[0] | {"source": told.rstrip().splitlines(keepends=True)}
    return notebook | {"cells": cells}


def stored(notebook: dict) -> str:
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def all_opened(url: str) -> dict[Path, str]:
    """Every notebook's file as it should be."""
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    found = {path: opened(json.loads(path.read_text("utf8")), path.stem, url) for path in paths}
    chapters = {path.stem: notebook for path, notebook in found.items() if path.stem != START}
    return {p: stored(with_table(notebook, chapters) if p.stem == START else notebook) for p, notebook in found.items()}


def main() -> None:
    for path, text in all_opened(address()).items():
        if text != path.read_text("utf8"):
            path.write_text(text, "utf8")
            print(f"{path.name}: {'table and first cell' if path.stem == START else line(json.loads(text))}")


if __name__ == "__main__":
    main()
