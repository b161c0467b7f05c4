"""Answers to chapter 9's exercises."""

import math

import numpy as np
from exercise_table import Row

from renorm.theory.scaling import data_exponent, optimal_decay
from renorm_book.chapter09 import checks as check


def samples(n, ratio, a, r):
    return n * ratio ** (1 / (2 * a * min(r, 1)))


def vectorised(a, r):
    """Written for arrays: the mask does not take plain numbers."""
    r = r.copy()
    r[r > 1] = 1
    return a / (1 + 2 * a * r)


TABLE = {
    "samples_needed": Row(
        check.samples_needed,
        right={
            "as it stands": samples,
            "rounded up": lambda *x: math.ceil(samples(*x)),
            "nearest": lambda *x: round(samples(*x)),
            "rounded up by NumPy": lambda *x: np.ceil([samples(*x)]),
            "logarithms": lambda n, q, a, r: math.exp(math.log(n) + math.log(q) / (2 * a * min(r, 1))),
            "with the book's exponent": lambda n, q, a, r: n * q ** (1 / data_exponent(a, r)),
        },
        wrong={
            "no saturation": lambda n, q, a, r: n * q ** (1 / (2 * a * r)),
            "no saturation: rounded up": lambda n, q, a, r: math.ceil(n * q ** (1 / (2 * a * r))),
            "not inverted": lambda n, q, a, r: n * q ** (2 * a * min(r, 1)),
            "wrong direction": lambda n, q, a, r: n * q ** (-1 / (2 * a * min(r, 1))),
            "factor 2": lambda n, q, a, r: n * q ** (1 / (a * min(r, 1))),
            "factor only": lambda n, q, a, r: q ** (1 / (2 * a * min(r, 1))),
            "more, not all": lambda n, *x: samples(n, *x) - n,
            "rounded down": lambda *x: math.floor(samples(*x)),
            "rounded down: int": lambda *x: int(samples(*x)),
            "unrecognised": lambda n, q, a, r: n * q,
            "negative": lambda n, q, a, r: -n,
        },
        exercise=check._SAMPLES,
    ),
    "best_decay": Row(
        check.best_decay,
        right={
            "the formula": lambda a, r: a / (1 + 2 * a * min(r, 1)),
            "the line solved": lambda a, r: 1 / (1 / a + 2 * min(r, 1)),
            "vectorised by a mask": vectorised,
        },
        wrong={
            "no saturation": lambda a, r: a / (1 + 2 * a * r),
            "the exponent": lambda a, r: 2 * a * min(r, 1) / (1 + 2 * a * min(r, 1)),
            "interpolation": lambda a, r: a,
            "sum form": lambda a, r: 1 - a / (1 + 2 * a * min(r, 1)),
            "factor 2": lambda a, r: a / (1 + a * min(r, 1)),
            "unrecognised": lambda a, r: 0.1,
        },
        library=((optimal_decay, lambda a, r: float(optimal_decay(a, r))),),
        exercise=check._DECAY,
    ),
}
