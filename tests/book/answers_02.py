"""Answers to chapter 2's exercises."""

from fractions import Fraction
from math import comb

import numpy as np
from exercise_table import Row

from renorm.theory.bounds import separable_fraction
from renorm_book.chapter02 import checks as check


def fraction(n, d, first=0, points=None, factor=2.0):
    m = n - 1 if points is None else points(n)
    return factor * sum(comb(m, k) for k in range(first, min(d, m + 1))) / 2**n


def recursive(n, d):
    """Cover's recursion C(n + 1, d) = C(n, d) + C(n, d − 1)."""
    counts = np.zeros((n + 1, d + 1))
    counts[1, 1:] = 2
    for m in range(1, n):
        counts[m + 1, 1:] = counts[m, 1:] + counts[m, :-1]
    return counts[n, d] / 2.0**n


def brute(K, y, ridge, sign=1, penalty=None):
    n, out = len(y), []
    for i in range(n):
        kept = np.arange(n) != i
        diagonal = n * ridge if penalty is None else penalty(n, ridge)
        dual = np.linalg.solve(K[np.ix_(kept, kept)] + diagonal * np.eye(n - 1), y[kept])
        out.append(sign * (y[i] - K[i, kept] @ dual))
    return np.array(out)


def in_sample(K, y, ridge):
    return y - K @ np.linalg.solve(K + len(y) * ridge * np.eye(len(y)), y)


def by_leverage(K, y, ridge):
    H = K @ np.linalg.inv(K + len(y) * ridge * np.eye(len(y)))
    return (y - H @ y) / (1 - np.diag(H))


TABLE = {
    "cover": Row(
        check.cover,
        right={
            "the sum": fraction,
            "the recursion": recursive,
            "exact": lambda n, d: Fraction(2 * sum(comb(n - 1, k) for k in range(d)), 2**n),
            "probabilities": lambda n, d: sum(0.5 ** (n - 1) * comb(n - 1, k) for k in range(d)),
        },
        wrong={
            "count": lambda n, d: 2 * sum(comb(n - 1, k) for k in range(min(d, n))),
            "factor 2": lambda n, d: fraction(n, d, factor=1.0),
            "one term too many": lambda n, d: fraction(n, d + 1),
            "one term too few": lambda n, d: fraction(n, d - 1),
            "n for n − 1": lambda n, d: fraction(n, d, points=lambda n: n, factor=1.0),
            "VC": lambda n, d: 1.0 if d >= n else 0.0,
            "VC: true or false": lambda n, d: d >= n,
            "unrecognised": lambda n, d: 0.5,
            "unrecognised: first term left out": lambda n, d: fraction(n, d, first=1),
        },
        library=((separable_fraction, lambda n, d: separable_fraction(n, d)),),
        exercise=check._COVER,
    ),
    "left_out": Row(
        check.left_out,
        scalar=False,
        right={"brute force": brute, "leverages": by_leverage},
        wrong={
            "sign": lambda K, y, r: brute(K, y, r, sign=-1),
            "in sample": in_sample,
            "λ for nλ": lambda K, y, r: brute(K, y, r, penalty=lambda n, r: r),
            "(n − 1)λ": lambda K, y, r: brute(K, y, r, penalty=lambda n, r: (n - 1) * r),
            "change": lambda K, y, r: brute(K, y, r) - in_sample(K, y, r),
            "predictions": lambda K, y, r: y - brute(K, y, r),
            "squared": lambda K, y, r: brute(K, y, r) ** 2,
            "mean": lambda K, y, r: np.mean(brute(K, y, r) ** 2),
            "shape": lambda K, y, r: 1.0,
            "shape: a matrix": lambda K, y, r: brute(K, y, r)[:, None] / y,
            "unrecognised": lambda K, y, r: np.zeros(len(y)),
        },
        exercise=check._LEFT_OUT,
    ),
}
