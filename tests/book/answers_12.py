"""Answers to chapter 12's exercises."""

import math

import numpy as np
from exercise_table import Row

from renorm_book.chapter12 import checks as check


def rows(c, a, b, n, t):
    return n * (a / (t - c)) ** (1 / b)


def by_logarithms(c, a, b, n, t):
    return math.exp(math.log(n) + (math.log(a) - math.log(t - c)) / b)


def shifted(s, t, w, kappa, n, noise):
    missed = kappa / (s + kappa)
    gamma, seen = np.sum((1 - missed) ** 2) / n, np.sum(s * t / (s + kappa) ** 2) / n
    return np.sum(w**2 * missed**2 * t) + seen * (np.sum(w**2 * missed**2 * s) + noise) / (1 - gamma)


def by_matrices(s, t, w, kappa, n, noise):
    S, T, G = np.diag(s), np.diag(t), np.diag(1 / (s + kappa))
    bias, other = (kappa**2 * w @ G @ M @ G @ w for M in (S, T))
    gamma, seen = (np.trace(S @ M @ G @ G) / n for M in (S, T))
    return other + seen * (bias + noise) / (1 - gamma)


def parts(s, t, w, kappa, n, noise):
    missed = (kappa * w / (s + kappa)) ** 2
    return missed @ t, missed @ s, np.sum((s / (s + kappa)) ** 2) / n, np.sum(s * t / (s + kappa) ** 2) / n, noise


def made(formula):
    return lambda *case: formula(*parts(*case))


TABLE = {
    "rows_needed": Row(
        check.rows_needed,
        right={
            "the formula": rows,
            "by logarithms": by_logarithms,
        },
        wrong={
            "no offset": lambda c, a, b, n, t: n * ((c + a) / t) ** (1 / b),
            "not inverted": lambda c, a, b, n, t: n * (a / (t - c)) ** b,
            "wrong direction": lambda c, a, b, n, t: n * (a / (t - c)) ** (-1 / b),
            "factor only": lambda c, a, b, n, t: rows(c, a, b, n, t) / n,
            "more, not all": lambda c, a, b, n, t: rows(c, a, b, n, t) - n,
            "unrecognised": lambda c, a, b, n, t: 1000.0,
        },
        exercise=check._ROWS,
    ),
    "carried_error": Row(
        check.carried_error,
        right={
            "the formula": lambda e, g, m: e * (1 - g) / (1 - g / m),
            "multiplied out": lambda e, g, m: e * m * (1 - g) / (m - g),
        },
        wrong={
            "upside down": lambda e, g, m: e * (1 - g / m) / (1 - g),
            "gamma times m": lambda e, g, m: e * (1 - g) / (1 - g * m),
            "no fluctuations left": lambda e, g, m: e * (1 - g),
            "squared": lambda e, g, m: e * ((1 - g) / (1 - g / m)) ** 2,
            "as one over n": lambda e, g, m: e / m,
            "unrecognised": lambda e, g, m: e,
        },
        exercise=check._CARRIED,
    ),
    "shifted_excess": Row(
        check.shifted_excess,
        right={"sums": shifted, "matrices": by_matrices},
        wrong={
            "not shifted": made(lambda b, a, g, h, noise: a + g * (a + noise) / (1 - g)),
            "bias in the variance": made(lambda b, a, g, h, noise: b + h * (b + noise) / (1 - g)),
            "one gamma": made(lambda b, a, g, h, noise: b + g * (a + noise) / (1 - g)),
            "two gammas": made(lambda b, a, g, h, noise: b + h * (a + noise) / (1 - h)),
            "no noise": made(lambda b, a, g, h, noise: b + h * a / (1 - g)),
            "noise added": made(lambda b, a, g, h, noise: b + h * (a + noise) / (1 - g) + noise),
            "bias only": made(lambda b, a, g, h, noise: b),
            "unrecognised": lambda s, t, w, kappa, n, noise: 1.0,
        },
        exercise=check._SHIFTED,
    ),
    "gcv_of_copies": Row(
        check.gcv_of_copies,
        right={
            "the formula": lambda d, n, c: ((1 - d / n) / (1 - d / (c * n))) ** 2,
            "multiplied out": lambda d, n, c: (c * (n - d) / (c * n - d)) ** 2,
        },
        wrong={
            "not squared": lambda d, n, c: (1 - d / n) / (1 - d / (c * n)),
            "upside down": lambda d, n, c: ((1 - d / (c * n)) / (1 - d / n)) ** 2,
            "d copied, too": lambda d, n, c: 1.0,
            "training error shared": lambda d, n, c: ((1 - d / n) / (1 - d / (c * n))) ** 2 / c,
            "unrecognised": lambda d, n, c: d / n,
        },
        exercise=check._COPIES,
    ),
}
