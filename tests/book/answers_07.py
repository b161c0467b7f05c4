"""Answers to chapter 7's exercises."""

import numpy as np
from exercise_table import Row

from renorm.theory.isotropic import isotropic_renormalized_ridge
from renorm.theory.population import Population
from renorm.theory.ridge import degrees_of_freedom, renormalized_ridge, ridge_risk
from renorm_book.chapter07 import checks as check


def quadratic(aspect, ridge):
    b = ridge + aspect - 1
    return (b + np.sqrt(b**2 + 4 * ridge)) / 2


def iterated(aspect, ridge):
    kappa = ridge + aspect
    for _ in range(20_000):
        kappa = ridge + aspect * kappa / (1 + kappa)
    return kappa


def lottery(s, w, n, ridge, p, signal=lambda p: (1 - p) ** 2, noise=lambda p: 1 - (1 - p) ** 2, gamma=1.0, kappa=None):
    kappa = renormalized_ridge(s, n, ridge) if kappa is None else kappa(ridge)
    _, df2 = degrees_of_freedom(s, kappa)
    bias = np.sum(signal(p) * w**2 * s * (kappa / (s + kappa)) ** 2)
    return (bias + noise(p)) / (1 - gamma * df2 / n)


def changed(**changes):
    return lambda s, w, n, ridge, p: lottery(s, w, n, ridge, p, **changes)


def by_population(s, w, n, ridge, p):
    return ridge_risk(Population(s, (1 - p) * w, 1 - (1 - p) ** 2), n, ridge).test


TABLE = {
    "kappa_isotropic": Row(
        check.kappa_isotropic,
        right={
            "the quadratic": quadratic,
            "iterated": iterated,
            "polynomial roots": lambda c, r: max(np.roots([1, -(r + c - 1), -r])),
        },
        wrong={
            "negative root": lambda c, r: (r + c - 1 - np.sqrt((r + c - 1) ** 2 + 4 * r)) / 2,
            "inverted aspect": lambda c, r: quadratic(1 / c, r),
            "factor 2": lambda c, r: 2 * quadratic(c, r),
            "df at λ": lambda c, r: r / (1 - min(c / (1 + r), 0.999)),
            "df at λ: not held below n": lambda c, r: r / (1 - c / (1 + r)),
            "no ridge": lambda c, r: max(c - 1, 0),
            "bare ridge": lambda c, r: r,
            "unrecognised": lambda c, r: r + c,
            "shape": lambda c, r: np.roots([1, -(r + c - 1), -r]),
        },
        library=(
            (isotropic_renormalized_ridge, lambda c, r: isotropic_renormalized_ridge(c, r)),
            (renormalized_ridge, lambda c, r: renormalized_ridge(np.ones(600), 600 / c, r)),
        ),
        exercise=check._KAPPA,
    ),
    "test_error": Row(
        check.test_error,
        right={"by hand": lottery, "a population with less signal": by_population},
        wrong={
            "noise p": changed(noise=lambda p: p),
            "full signal": changed(signal=lambda p: 1),
            "signal not squared": changed(signal=lambda p: 1 - p),
            "no susceptibility": changed(gamma=0.0),
            "bare ridge": changed(kappa=lambda ridge: ridge),
            "excess": lambda *a: lottery(*a) - (1 - (1 - a[-1]) ** 2),
            "unrecognised": changed(signal=lambda p: 2.0),
        },
        exercise=check._TEST_ERROR,
    ),
}
