"""Chapters are stored as plain Markdown that every viewer shows; Sphinx reads them as MyST, made of it in memory.

The numbers of equations and exercises are those that stand in the notebook, on a page that is built by itself, too.
"""

import json
import re
from functools import cache
from pathlib import Path

import plain_references
from plain_markdown import Chapter
from sphinx.util import logging

LOG = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS, BIBLIOGRAPHY, GLOSSARY = ROOT / "notebooks", ROOT / "book" / "references.bib", ROOT / "book" / "glossary.md"
FIGURES = {"eq": "displaymath", "ex": "exercise"}  # what Sphinx calls the kinds that are counted


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text("utf8"))["cells"]


@cache
def references() -> plain_references.References:
    """What this book's chapters may refer to."""
    return plain_references.References(
        plain_references.papers(BIBLIOGRAPHY),
        plain_references.terms(GLOSSARY.read_text("utf8")),
        {path.name: plain_references.labels(cells(path)) for path in sorted(NOTEBOOKS.glob("*.ipynb"))},
    )


def upgraded(name: str, notebook: dict, known: plain_references.References) -> Chapter:
    """Turn the markdown cells of a notebook into MyST, in place; what was found, problems among it."""
    chapter = Chapter(name, known)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = chapter.cell(cell["id"], "".join(cell["source"])).splitlines(keepends=True)
    return chapter


def line_of(text: str, cell: str, line: int) -> int:
    """The line of the file, whose text is given, on which a line of a cell stands."""
    found = re.search(rf'"id": "{re.escape(cell)}".*?"source": \[\n', text, re.DOTALL)
    return text.count("\n", 0, found.end()) + line if found else 1


def upgrade(app, docname, source):
    path = Path(app.env.doc2path(docname))
    if path == GLOSSARY:
        source[0] = plain_references.as_directive(source[0])
    if path.parent != NOTEBOOKS or path.suffix != ".ipynb":
        return
    notebook, stored = json.loads(source[0]), source[0]
    chapter = upgraded(path.name, notebook, references())
    for cell, line, words in chapter.problems:
        LOG.error("cell %s, line %s: %s", cell, line, words, location=f"{path}:{line_of(stored, cell, line)}")
    app.env.plain_numbers[docname] = chapter.numbers
    for other in (BIBLIOGRAPHY, GLOSSARY):
        app.env.note_dependency(str(other))
    source[0] = json.dumps(notebook, ensure_ascii=False, indent=1)


def begin(app):
    references.cache_clear()


def prepare(app, env, docnames):
    if not hasattr(env, "plain_numbers"):
        env.plain_numbers = {}  # page -> label -> number


def forget(app, env, docname):
    getattr(env, "plain_numbers", {}).pop(docname, None)


def merge(app, env, docnames, other):
    env.plain_numbers.update({name: numbers for name, numbers in other.plain_numbers.items() if name in docnames})


def number(app, env):
    """Sphinx counts by the place in the table of contents; what is printed in the notebook is what counts."""
    for docname, numbers in getattr(env, "plain_numbers", {}).items():
        for label, printed in numbers.items():
            kind = label[:2]
            node = f"equation-{label}" if kind == "eq" else label
            known = env.toc_fignumbers.setdefault(docname, {}).setdefault(FIGURES[kind], {})
            known[node] = tuple(map(int, printed.split("."))) if re.fullmatch(r"\d+\.\d+", printed) else (0,)
    return []


def setup(app):
    app.connect("builder-inited", begin)
    app.connect("env-before-read-docs", prepare)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("source-read", upgrade)
    app.connect("env-get-updated", number, priority=900)  # after Sphinx's own numbers
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
