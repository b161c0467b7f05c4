"""One row for each instant check: right answers in several honest forms, wrong ones by name; and what is no answer."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from unittest.mock import MagicMock

import numpy as np

from renorm_book.exercise import Exercise

__all__ = ["ABUSED_FUNCTIONS", "ABUSED_VALUES", "Row", "forms"]


@dataclass(frozen=True)
class Row:
    """The table's row of one check.

    check      answer -> verdict
    right      name of the form -> answer; the first is also tried in the forms of ``forms``
    wrong      mistake -> answer that makes it; where several answers do, "mistake: which"
    asks       "a function" or "a number"
    scalar     whether the function returns one number
    library    functions of the book that are the answer, each with a wrapper that calls it
    exercise   the check's own table: each mistake in it some wrong answer here must make
    """

    check: Callable
    right: dict
    wrong: dict
    asks: str = "a function"
    scalar: bool = True
    library: tuple = ()
    exercise: Exercise | None = None


def forms(row: Row) -> dict:
    """The first right answer, returned or handed over in other honest ways."""
    answer = next(iter(row.right.values()))
    if row.asks == "a number":
        return {name: form(answer) for name, form in SCALARS.items()}
    kinds = SCALARS if row.scalar else VECTORS
    found = {name: functools.partial(_returned, answer, form) for name, form in kinds.items()}
    return found | {
        "written for arrays only": functools.partial(_for_arrays, answer),
        "partial": functools.partial(answer),
    }


def _returned(answer, form, *arguments):
    return form(answer(*arguments))


def _for_arrays(answer, *arguments):
    if any(np.ndim(a) == 0 and not isinstance(a, np.random.Generator) for a in arguments):
        raise TypeError("'float' object is not subscriptable")
    return answer(*[a.item() if a.shape == (1,) else a for a in arguments])


SCALARS = {
    "float": float,
    "NumPy scalar": np.float64,
    "array without axes": np.asarray,
    "array of one": lambda x: np.array([float(x)]),
    "matrix of one": lambda x: np.array([[float(x)]]),
    "list of one": lambda x: [x],
    "fraction": lambda x: Fraction(float(x)),
    "decimal": lambda x: Decimal(float(x)),
}
VECTORS = {
    "list": lambda x: list(np.asarray(x)),
    "tuple": lambda x: tuple(np.asarray(x).tolist()),
    "column": lambda x: np.asarray(x)[:, None],
    "row": lambda x: np.asarray(x)[None, :],
    "list of arrays of one": lambda x: [np.array([y]) for y in np.asarray(x)],
    "fractions": lambda x: [Fraction(float(y)) for y in np.asarray(x)],
}


class Odd:
    """NumPy stumbles over it."""

    def __array__(self, *_, **__):
        raise RuntimeError("no array")


class Hostile:
    """Whatever is asked of it, it raises."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __call__(self, *arguments):
        return 0.5


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def endless():
    nested = []
    nested.append(nested)
    return nested


ABUSED_VALUES = {
    "nothing": None,
    "dots": ...,
    "a text": "banana",
    "a number in quotes": "12",
    "bytes": b"12",
    "nan": np.nan,
    "infinity": np.inf,
    "minus infinity": -np.inf,
    "a huge whole number": 10**400,
    "a complex number": 3 + 4j,
    "a complex array": np.array([1 + 0j]),
    "an empty list": [],
    "a list": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
    "a ragged list": [1.0, [2.0, 3.0]],
    "a list of texts": ["1", "2"],
    "a list with dots": [1.0, ...],
    "a list in itself": endless(),
    "an array of nan": np.full(3, np.nan),
    "an array of nothing": np.array([None, None]),
    "an array of texts": np.array(["1.0"]),
    "a matrix": np.eye(3),
    "a date": np.datetime64("2016-11-10"),
    "a dictionary": {"answer": 42},
    "a set": {1.0},
    "an object": object(),
    "an odd object": Odd(),
    "a hostile object": Hostile(),
    "a mock": MagicMock(),
    "a type": float,
    "a function": lambda *arguments: 0.5,
    "a generator": (i for i in range(3)),
    "an exception": ValueError("12"),
}


def raises(error):
    def answer(*arguments):
        raise error

    return answer


def forever(*arguments):
    return forever(*arguments)


def destroys(*arguments):
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument[...] = 0
    return "done"


ABUSED_FUNCTIONS = {
    "no arguments": lambda: 0.5,
    "one argument too many": lambda a, b, c, d, e, f, g, h: 0.5,
    "keywords only": lambda *, a=1: 0.5,
    "ValueError": raises(ValueError("bad")),
    "KeyError": raises(KeyError("n")),
    "ZeroDivisionError": lambda *arguments: 1 / 0,
    "NameError": lambda *arguments: not_defined,  # noqa: F821
    "LinAlgError": raises(np.linalg.LinAlgError("Singular matrix")),
    "AssertionError": raises(AssertionError()),
    "StopIteration": raises(StopIteration()),
    "an exception without words": raises(Unprintable()),
    "endless recursion": forever,
    "destroys what it gets": destroys,
    "print": print,
    "max": max,
    "a class": object,
    "dict": dict,
}
