"""The exercises as they stand in the notebooks: untouched cells say so, and the solutions that are printed pass."""

import ast
import importlib
import inspect
import re

import nbformat
import numpy as np
import pytest
from answers_10 import WORLD
from repository import ROOT

import renorm
from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict


def exercises():
    """(chapter, cell id, source of the cell, all prose of the notebook) for each cell that ends with a check."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        nb = nbformat.read(path, as_version=4)
        prose = "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
        for cell in nb.cells:
            if cell.cell_type == "code" and cell.source.splitlines()[-1].startswith("check."):
                yield path.stem[:2], cell.id, cell.source, prose


CELLS = list(exercises())
each = pytest.mark.parametrize("chapter, name, source, prose", CELLS, ids=[f"{c[0]}-{c[1]}" for c in CELLS])


def world(chapter: str) -> dict:
    """What the cells above the exercise have defined, as far as exercises use it."""
    names = {name: getattr(renorm, name) for name in ("renormalized_ridge", "degrees_of_freedom", "dyson_iteration")}
    check = importlib.import_module(f"renorm_book.chapter{chapter}.checks")
    return names | {"np": np, "check": check, "digits_population": WORLD}


def run(source: str, names: dict):
    """The value of the last line, after the others were executed."""
    body = ast.parse(source).body
    exec(compile(ast.Module(body[:-1], []), "cell", "exec"), names)
    return eval(compile(ast.Expression(body[-1].value), "cell", "eval"), names)


def solution(prose: str, name: str) -> str:
    """The code in the prose that defines a function or a number of this name."""
    blocks = re.findall(r"^~~~python\n(.*?)^~~~$", prose, re.S | re.M)
    found = [block for block in blocks if re.search(rf"^(?:def {name}\(|{name} = )", block, re.M)]
    assert len(found) == 1, f"{len(found)} solutions define {name}"
    return found[0]


def asked(source: str) -> str:
    """The name that the check is given first."""
    return ast.parse(source).body[-1].value.args[0].id


@each
def test_an_untouched_cell_says_what_to_do(chapter, name, source, prose):
    verdict = run(source, world(chapter))
    assert isinstance(verdict, Verdict) and verdict.mistake == "stub" and "Replace the dots" in verdict.message


@each
def test_the_printed_solution_passes(chapter, name, source, prose):
    names = world(chapter)
    exec(compile(solution(prose, asked(source)), "solution", "exec"), names)
    call = ast.parse(source).body[-1].value
    verdict = getattr(names["check"], call.func.attr)(names[asked(source)])
    assert verdict or verdict.mistake == "second half", verdict.message


@each
def test_a_function_is_named_as_its_check_calls_it(chapter, name, source, prose):
    names = world(chapter)
    run(source, names)
    if names[asked(source)] is ...:
        return
    signature = f"{asked(source)}({', '.join(inspect.signature(names[asked(source)]).parameters)})"
    checks = importlib.import_module(f"renorm_book.chapter{chapter}.checks")
    known = [value.signature for value in vars(checks).values() if isinstance(value, Exercise)]
    assert signature in known or f'"{signature}"' in inspect.getsource(checks)
