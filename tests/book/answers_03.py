"""Answers to chapter 3's exercises."""

import numpy as np
from exercise_table import Row

from renorm_book.chapter03 import checks as check


def fit(X, y):
    return X.T @ np.linalg.solve(X @ X.T, y)


def limit(X, y, start):
    return start + fit(X, y - X @ start)


def iterated(X, y, start):
    for _ in range(20000):
        start = start - X.T @ (X @ start - y) / np.linalg.norm(X, 2) ** 2
    return start


def projected(X, y, start):
    right = np.linalg.svd(X)[2][len(X) :]
    return np.linalg.lstsq(X, y, rcond=None)[0] + right.T @ (right @ start)


def unseen(X, rng):
    v = rng.standard_normal(X.shape[1])
    v -= fit(X, X @ v)
    return v / np.linalg.norm(v)


def lengthened(factor):
    def answer(X, y, times, rng):
        shortest = fit(X, y)
        return shortest + factor(times) * np.linalg.norm(shortest) * unseen(X, rng)

    return answer


def from_null_space(X, y, times, rng):
    shortest = np.linalg.pinv(X) @ y
    null = np.linalg.svd(X)[2][-1]
    return shortest - np.sqrt(times**2 - 1) * np.linalg.norm(shortest) * null


TABLE = {
    "limit": Row(
        check.limit,
        scalar=False,
        right={"shortest correction": limit, "iterated": iterated, "projected": projected},
        wrong={
            "from zero": lambda X, y, s: fit(X, y),
            "whole start": lambda X, y, s: s + fit(X, y),
            "wrong part": lambda X, y, s: fit(X, X @ s) + fit(X, y),
            "wrong sign": lambda X, y, s: fit(X, y) - (s - fit(X, X @ s)),
            "correction only": lambda X, y, s: fit(X, y - X @ s),
            "no fit": lambda X, y, s: s,
            "shape": lambda X, y, s: y,
            "unrecognised": lambda X, y, s: fit(X, y) + 2 * (s - fit(X, X @ s)),
        },
        exercise=check._LIMIT,
    ),
    "bad_fit": Row(
        check.bad_fit,
        scalar=False,
        right={
            "Pythagoras": lengthened(lambda t: np.sqrt(t**2 - 1)),
            "the other way": lengthened(lambda t: -np.sqrt(t**2 - 1)),
            "the last right singular vector": from_null_space,
        },
        wrong={
            "scaled": lambda X, y, t, rng: t * fit(X, y),
            "no fit": lambda X, y, t, rng: fit(X, y) + rng.standard_normal(X.shape[1]),
            "shortest": lambda X, y, t, rng: fit(X, y),
            "length of the part": lengthened(lambda t: t),
            "lengths added": lengthened(lambda t: t - 1),
            "root forgotten": lengthened(lambda t: t**2 - 1),
            "length": lengthened(lambda t: 1.5),
            "length: seven times whatever was asked": lengthened(lambda t: np.sqrt(48)),
            "shape": lambda X, y, t, rng: 1.0,
        },
    ),
}
