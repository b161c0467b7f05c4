"""Instant checks of chapter 2, what the bounds say."""

from math import comb

import numpy as np

from renorm.theory.bounds import separable_fraction
from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict

__all__ = ["cover", "left_out"]

_COVER = Exercise(
    signature="fraction(n, d)",
    returns="one number, the fraction of labellings that can be fitted",
    cases=((6, 2), (1, 1), (4, 1), (10, 5), (20, 10), (25, 13), (12, 12), (9, 30)),
    exact=separable_fraction,
    mistakes=(
        (
            "count",
            lambda n, d: separable_fraction(n, d) * 2.0**n,
            "This is the number of labellings. Divide by all 2ⁿ of them.",
        ),
        (
            "factor 2",
            lambda n, d: separable_fraction(n, d) / 2,
            "Half of it is missing: a labelling and its mirror image are both fitted, 2 Σ …",
        ),
        (
            "one term too many",
            lambda n, d: separable_fraction(n, d + 1),
            "The sum runs over k = 0, …, d − 1: d terms, not d + 1.",
        ),
        (
            "one term too few",
            lambda n, d: separable_fraction(n, d - 1) if d > 1 else 0.0,
            "One term is missing: the sum begins at k = 0 and has d terms.",
        ),
        (
            "n for n − 1",
            lambda n, d: sum(comb(n, k) for k in range(min(d, n + 1))) / 2**n,
            "The binomials are those of n − 1, not of n.",
        ),
        (
            "VC",
            lambda n, d: float(d >= n),
            "That is the VC dimension's answer, all or nothing. Below d = n many labellings still fit.",
        ),
    ),
    said="At d = n/2 exactly half of all labellings can be fitted; the step sharpens as n grows.",
    hint="Draw 6 points in the plane and turn a line through the origin once around: how many labellings does it meet?",
    library=(separable_fraction,),
)


def cover(answer) -> Verdict:
    """Cover's count of the labellings that a linear classifier can fit, as a fraction of all."""
    return _COVER.judge(answer)


def _problem(seed: int, n: int, d: int, ridge: float) -> tuple:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    return X @ X.T, rng.standard_normal(n), ridge


def _left_out(K, y, ridge, samples=None) -> np.ndarray:
    inverse = np.linalg.inv(K + (len(y) if samples is None else samples) * ridge * np.eye(len(y)))
    return inverse @ y / np.diag(inverse)


def _inside(K, y, ridge) -> np.ndarray:
    penalty = len(y) * ridge
    return penalty * np.linalg.solve(K + penalty * np.eye(len(y)), y)


def _refitted(K, y, ridge) -> np.ndarray:
    """Left-out residuals from n refits with the same ridge per sample, so with the penalty (n − 1)λ."""
    out, n = [], len(y)
    for i in range(n):
        kept = np.arange(n) != i
        dual = np.linalg.solve(K[np.ix_(kept, kept)] + (n - 1) * ridge * np.eye(n - 1), y[kept])
        out.append(y[i] - K[i, kept] @ dual)
    return np.array(out)


_LEFT_OUT = Exercise(
    signature="left_out_residuals(K, y, ridge)",
    returns="one residual for each sample",
    cases=(_problem(5, 12, 4, 0.03), _problem(6, 9, 20, 0.2)),
    exact=_left_out,
    mistakes=(
        ("sign", lambda *case: -_left_out(*case), "The sign: residual = label minus prediction."),
        (
            "in sample",
            _inside,
            "These are the residuals with all samples in. Leaving i out makes its residual larger, by 1/(1 − H_ii).",
        ),
        (
            "λ for nλ",
            lambda K, y, ridge: _left_out(K, y, ridge, samples=1),
            "λ is per sample: what stands on the diagonal is nλ.",
        ),
        (
            "change",
            lambda *case: _left_out(*case) - _inside(*case),
            "This is the change of the prediction. The exercise asks for the residual itself.",
        ),
        (
            "predictions",
            lambda K, y, ridge: y - _left_out(K, y, ridge),
            "These are the predictions for the samples left out. The residual is what they miss of the labels.",
        ),
        (
            "(n − 1)λ",
            _refitted,
            "You refit with (n − 1)λ. Keep the penalty nλ when the sample leaves, as the text does.",
        ),
        (
            "squared",
            lambda *case: _left_out(*case) ** 2,
            "You squared them; the residuals themselves are asked for.",
        ),
        (
            "mean",
            lambda *case: np.mean(_left_out(*case) ** 2),
            "This is their mean square. The exercise asks for all of them, one for each sample.",
        ),
    ),
    said="All fits from one inverse. The labels enter only here, and the uniform bound throws this away.",
    hint="Check one entry by brute force: delete row and column i, refit with the same nλ, predict x_i.",
)


def left_out(answer) -> Verdict:
    """Leave-one-out residuals of kernel ridge from one inverse: α_i / (A⁻¹)_ii with A = K + nλ, α = A⁻¹ y."""
    return _LEFT_OUT.judge(answer)
