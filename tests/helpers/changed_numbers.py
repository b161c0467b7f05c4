"""A chapter as read by someone who changes numbers: which can be, and its cells run with some changed."""

import ast
import contextlib
import io
import json
import sys
import warnings
from copy import deepcopy
from dataclasses import dataclass, replace

import matplotlib.pyplot as plt
import numpy as np
from repository import ROOT

SEEDS = {"default_rng", "rng", "seed"}
# what these are given is no setting: an axis, a tolerance, digits, the shape of an array
NOT_SETTINGS = {"axis", "ddof", "rtol", "atol", "value", "round", "ljust", "empty", "zeros", "full", "eye", "one_hot"}
NOT_SETTINGS |= {"reshape", "Choice", "norm", "assert_allclose"}


@dataclass(frozen=True)
class Number:
    """A number written in a cell: where it stands, and what a reader might write instead."""

    cell: str
    line: int
    start: int
    end: int
    text: str
    new: str

    def __str__(self):
        return f"{self.cell}:{self.line}: {self.text} -> {self.new}"

    def otherwise(self) -> "Number":
        """The same number changed the other way: more where it was less, less where it was more."""
        value, new = ast.literal_eval(self.text), ast.literal_eval(self.new)
        return replace(self, new=repr(2 * value if new < value else new + 1 if isinstance(value, int) else value / 2))


def changed(value, seed: bool = False, after=None) -> str:
    """Another number of the same kind: the next seed; half of a large whole number, one more than a small; else double.

    On an increasing list, where ``after`` is its neighbour: one between the two, which leaves the list in order.

    >>> changed(100), changed(3), changed(0.25), changed(7, seed=True), changed(60, after=40), changed(2.0, after=1.0)
    ('50', '4', '0.5', '8', '50', '1.5')
    """
    if seed:
        return repr(value + 1)
    if after is not None:
        return repr((value + after) // 2 if isinstance(value, int) else (value + after) / 2)
    if isinstance(value, int):
        return repr(value // 2 if value >= 20 else value + 1)
    return repr(2 * value)


def _constant(node):
    """The number that a node is, or None."""
    value = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def numbers(cell: str, source: str) -> list[Number]:
    """The settings written in a cell: in assignments, arguments, lists and defaults; nothing inside a formula."""
    lines, found = source.splitlines(), []

    def take(node, seed, after=None):
        value = node.value
        new = changed(value, seed, after)
        if new in (repr(value), repr(after)) or after is None and not seed and value in (0, 1):
            return
        line = lines[node.lineno - 1]
        start = len(line.encode()[: node.col_offset].decode())
        text = line.encode()[node.col_offset : node.end_col_offset].decode()
        found.append(Number(cell, node.lineno, start, start + len(text), text, new))

    def visit(node, seed=False, setting=True):
        if isinstance(node, ast.Constant):
            if setting and _constant(node) is not None:
                take(node, seed)
        elif isinstance(node, (ast.Tuple, ast.List)):
            values = [_constant(part) for part in node.elts]
            rising = len(values) > 2 and None not in values and values == sorted({*values})
            for i, part in enumerate(node.elts):
                if rising and setting and not seed:
                    take(part, False, values[i - 1] if i else values[1])
                else:
                    visit(part, seed, setting)
        elif isinstance(node, (ast.Subscript, ast.JoinedStr, ast.Compare, ast.BinOp, ast.Return)):
            for part in ast.walk(node):  # a formula: only what its calls are given
                if isinstance(part, ast.Call) and not isinstance(node, (ast.JoinedStr, ast.Subscript)):
                    visit(part)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            visit(node.func, False, False)
            for part in node.args:
                visit(part, name in SEEDS, name not in NOT_SETTINGS)
            for keyword in node.keywords:
                visit(keyword.value, keyword.arg in SEEDS, name not in NOT_SETTINGS and keyword.arg not in NOT_SETTINGS)
        elif isinstance(node, (ast.For, ast.comprehension)):
            for part in ast.iter_child_nodes(node):
                visit(part)
        else:
            for part in ast.iter_child_nodes(node):
                visit(part, seed, setting)

    for statement in ast.parse(source).body:
        visit(statement)
    return sorted(set(found), key=lambda number: (number.line, number.start))


def rewritten(source: str, given) -> str:
    """A cell with some of its numbers changed."""
    lines = source.splitlines()
    for number in sorted(given, key=lambda number: (number.line, -number.start)):
        line = lines[number.line - 1]
        assert line[number.start : number.end] == number.text, number
        lines[number.line - 1] = line[: number.start] + number.new + line[number.end :]
    return "\n".join(lines)


class Reading:
    """The code cells of a chapter, run in one namespace as a kernel would, with its numbers changed.

    ``quick``: for each cell (old text, new text) that makes it short; a change, too. Figures are drawn in their default
    state. ``run`` starts where the first change is, from what the cells above had made.
    """

    def __init__(self, stem: str, quick=()):
        cells = json.loads((ROOT / "notebooks" / f"{stem}.ipynb").read_text("utf8"))["cells"]
        self.cells = {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}
        for cell, old, new in quick:
            assert self.cells[cell].count(old) == 1, (
                f"{stem}: {old!r} stands {self.cells[cell].count(old)} times in {cell}"
            )
            self.cells[cell] = self.cells[cell].replace(old, new)
        self.names, self.before = {"__name__": "__main__"}, {}

    def numbers(self) -> list[Number]:
        return [number for cell, source in self.cells.items() for number in numbers(cell, source)]

    def run(self, given=()) -> None:
        """Raises what a cell raises, with a note that names the cell."""
        touched = {number.cell for number in given}
        order = list(self.cells)
        begin = next((i for i, cell in enumerate(order) if cell in touched), 0)
        if order[begin] in self.before:
            self.names.clear()
            self.names.update(self._copy(self.before[order[begin]]))
        else:
            begin = 0
        for cell in order[begin:]:
            if not given:
                self.before[cell] = self._copy(self.names)
            source = rewritten(self.cells[cell], [number for number in given if number.cell == cell])
            try:
                with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
                    warnings.simplefilter("ignore")
                    exec(compile(source, f"<{cell}>", "exec"), self.names)
            except Exception as error:
                error.add_note(f"in cell {cell}")
                raise
            finally:
                plt.close("all")

    @staticmethod
    def _copy(names: dict) -> dict:
        return {
            name: deepcopy(value)
            if isinstance(value, (np.random.Generator, dict, list)) and name != "__builtins__" and _plain(value)
            else value
            for name, value in names.items()
        }


def _plain(value) -> bool:
    """Whether copying is cheap: generators, and small containers that later cells may add to."""
    return isinstance(value, np.random.Generator) or sys.getsizeof(value) < 4096 and len(value) < 64
