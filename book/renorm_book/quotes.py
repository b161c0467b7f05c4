"""A chapter's ``quotes.py``: what its prose quotes, held to what the notebook computed, while the book is built.

The file is plain code over the chapter's names. ``# %% after ID`` begins a part that is run when the cell of that id
has run: later cells may give a name another meaning. A file without such lines is run after the last cell. Nothing of
this reaches a reader, who may change any number of a notebook and run on.
"""

import ast
import copy
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

__all__ = ["file_of", "parts", "run"]

MARK = re.compile(r"^# %% after ([\w-]+)[ \t]*$", re.M)
_kept: dict[str, dict] = {}  # of each file, the names that it made itself


def file_of(stem: str) -> Path:
    """Where the quotes of the notebook of this name are, whether the file is there or not.

    >>> file_of("05-double-descent").parts[-2:]
    ('chapter05', 'quotes.py')
    """
    return Path(__file__).with_name(f"chapter{stem[:2]}") / "quotes.py"


def parts(source: str) -> dict[str | None, str]:
    """The code for each cell, by its id; None stands for the last cell. Every part keeps its line numbers.

    What stands above the first mark, imports and functions, belongs to the first part.

    >>> parts("import math\\n# %% after one\\nassert x > 0\\n")
    {'one': 'import math\\n# %% after one\\nassert x > 0\\n'}

    Raises ``ValueError`` where two parts are for the same cell.
    """
    marks = list(MARK.finditer(source))
    if not marks:
        return {None: source}
    starts = [0, *(mark.start() for mark in marks[1:])]
    found = {}
    for mark, start, end in zip(marks, starts, [*starts[1:], len(source)], strict=True):
        if mark[1] in found:
            raise ValueError(f"# %% after {mark[1]}: there are two parts for this cell")
        found[mark[1]] = "\n" * source.count("\n", 0, start) + source[start:end]
    return found


def run(path: Path | str, cell: str | None, names: Mapping) -> None:
    """Run one part over the names of a chapter, which stay as they are: the part works on a copy, generators too.

    What the part defines is there for later parts, unless the chapter has a name of its own that is the same.

    Raises ``AssertionError`` that lists, with file and line, everything in the part that does not hold.
    """
    path = Path(path)
    source = path.read_text("utf8")
    code = parts(source)[cell]
    own, wrong = _kept.setdefault(str(path), {}), []
    start = own | {
        name: copy.deepcopy(value) if isinstance(value, np.random.Generator) else value for name, value in names.items()
    }
    values = dict(start)
    for node in ast.parse(code).body:
        try:
            exec(compile(ast.Module([node], []), str(path), "exec"), values)
        except AssertionError as error:
            line, said = _where(error, path), str(error).strip().split("\n")[0]
            wrong.append(f"{_named(path)}:{line}: {said or source.splitlines()[line - 1].strip()}")
    own |= {name: value for name, value in values.items() if name not in start or value is not start[name]}
    if wrong:
        raise AssertionError("\n".join(wrong))


def _where(error: Exception, path: Path) -> int:
    """The line of the file at which an exception was raised."""
    trace, line = error.__traceback__, 1
    while trace:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == str(path) else line
        trace = trace.tb_next
    return line


def _named(path: Path) -> str:
    """The file as it is called from the root of the repository."""
    return "/".join(path.parts[-4:])
