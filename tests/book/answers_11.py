"""Answers to chapter 11's exercises."""

import numpy as np
from exercise_table import Row

from renorm import Population
from renorm_book.chapter11 import checks as check


def rate(s, n, k):
    tail = np.sort(s)[::-1][k:]
    return k / n + n * np.sum(tail**2) / np.sum(tail) ** 2


def by_hand(n, kappa):
    steps = zip(n[:-1], n[1:], kappa[:-1], kappa[1:], strict=True)
    return [np.log(a / b) / np.log(after / before) - 1 for before, after, a, b in steps]


TABLE = {
    "cost_between": Row(
        check.cost_between,
        scalar=False,
        right={
            "the formula": lambda n, kappa: -np.diff(np.log(kappa)) / np.diff(np.log(n)) - 1,
            "other logarithms": lambda n, kappa: -np.diff(np.log10(kappa)) / np.diff(np.log10(n)) - 1,
            "a list, pair by pair": by_hand,
        },
        wrong={
            "the slope itself": lambda n, kappa: -np.diff(np.log(kappa)) / np.diff(np.log(n)),
            "sign": lambda n, kappa: np.diff(np.log(kappa)) / np.diff(np.log(n)) - 1,
            "no logarithms": lambda n, kappa: -np.diff(kappa) / np.diff(n) - 1,
            "upside down": lambda n, kappa: -np.diff(np.log(n)) / np.diff(np.log(kappa)) - 1,
            "gamma": lambda n, kappa: 1 + np.diff(np.log(n)) / np.diff(np.log(kappa)),
            "unrecognised": lambda n, kappa: np.diff(np.log(n)),
            "shape": lambda n, kappa: -np.gradient(np.log(kappa), np.log(n)) - 1,
        },
        exercise=check._COST,
    ),
    "benign_rate": Row(
        check.benign_rate,
        right={
            "the formula": rate,
            "with the book's ranks": lambda s, n, k: k / n + n / Population(s, s).effective_dimension(k),
            "a list": lambda s, n, k: [rate(s, n, k)],
        },
        wrong={
            "not sorted": lambda s, n, k: k / n + n * np.sum(s[k:] ** 2) / np.sum(s[k:]) ** 2,
            "smallest first": lambda s, n, k: k / n + n * np.sum(np.sort(s)[k:] ** 2) / np.sum(np.sort(s)[k:]) ** 2,
            "r instead of R": lambda s, n, k: k / n + n * np.sort(s)[::-1][k] / np.sum(np.sort(s)[::-1][k:]),
            "upside down": lambda s, n, k: k / n + 1 / (rate(s, n, k) - k / n),
            "no head": lambda s, n, k: rate(s, n, k) - k / n,
            "whole spectrum": lambda s, n, k: k / n + n * np.sum(s**2) / np.sum(s) ** 2,
            "unrecognised": lambda s, n, k: k / n,
        },
        exercise=check._RATE,
    ),
}
