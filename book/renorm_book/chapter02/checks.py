"""Instant checks of chapter 2, what the bounds say."""

from math import comb

import numpy as np

from renorm.theory.bounds import separable_fraction
from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["cover", "left_out"]

_CASES = ((1, 1), (4, 1), (6, 2), (10, 5), (20, 10), (25, 13), (12, 12), (9, 30))


def cover(answer) -> Verdict:
    """Cover's count of the labellings that a linear classifier can fit, as a fraction of all."""
    if is_stub(answer(3, 2)):
        return not_answered("return the fraction of labellings that can be fitted.")
    found = np.array([answer(n, d) for n, d in _CASES], dtype=float)

    def every(rule):
        return np.allclose(found, [rule(n, d) for n, d in _CASES], rtol=1e-9, atol=0)

    if every(separable_fraction):
        return right("At d = n/2 exactly half of all labellings can be fitted; the step sharpens as n grows.")
    if every(lambda n, d: separable_fraction(n, d) * 2.0**n):
        return wrong("This is the number of labellings. Divide by all 2ⁿ of them.", "count")
    if every(lambda n, d: separable_fraction(n, d) / 2):
        return wrong("Half of it is missing: a labelling and its mirror image are both fitted, 2 Σ …", "factor 2")
    if every(lambda n, d: separable_fraction(n, d + 1)):
        return wrong("The sum runs over k = 0, …, d − 1: d terms, not d + 1.", "one term too many")
    if every(lambda n, d: sum(comb(n, k) for k in range(min(d, n + 1))) / 2**n):
        return wrong("The binomials are those of n − 1, not of n.", "n for n − 1")
    if every(lambda n, d: float(d >= n)):
        return wrong("That is the VC dimension's answer, all or nothing. Below d = n many labellings still fit.", "VC")
    return wrong("For 6 points in the plane (d = 2), 12 of the 64 labellings can be fitted. Does yours give 12/64?")


def left_out(answer) -> Verdict:
    """Leave-one-out residuals of kernel ridge from one inverse: α_i / (A⁻¹)_ii with A = K + nλ, α = A⁻¹ y."""
    rng = np.random.default_rng(5)
    X, ridge = rng.standard_normal((12, 4)), 0.03
    K, y = X @ X.T, rng.standard_normal(12)
    found = answer(K, y, ridge)
    if is_stub(found):
        return not_answered("return y_i minus the prediction for x_i without sample i, for every i.")
    found = np.asarray(found, dtype=float)
    if found.shape != y.shape:
        return wrong(f"Return one number for each sample: shape {y.shape}, not {found.shape}.", "shape")

    def residuals(penalty):
        inverse = np.linalg.inv(K + penalty * np.eye(12))
        return inverse @ y / np.diag(inverse), penalty * (inverse @ y)

    exact, inside = residuals(12 * ridge)
    if np.allclose(found, exact, rtol=1e-8):
        return right(
            "Twelve fits from one inverse. The labels enter only here, and the uniform bound throws this away."
        )
    if np.allclose(found, -exact, rtol=1e-8):
        return wrong("The sign: residual = label minus prediction.", "sign")
    if np.allclose(found, inside, rtol=1e-8):
        return wrong(
            "These are the residuals with all samples in. Leaving i out makes its residual larger, by 1/(1 − H_ii).",
            "in sample",
        )
    if np.allclose(found, residuals(ridge)[0], rtol=1e-8):
        return wrong("λ is per sample: what stands on the diagonal is nλ.", "λ for nλ")
    if np.allclose(found, exact - inside, rtol=1e-8):
        return wrong("This is the change of the prediction. The exercise asks for the residual itself.", "change")
    refit = _refitted(K, y, lambda m: m * ridge)
    if np.allclose(found, refit, rtol=1e-8):
        return wrong(
            "You refit with (n − 1)λ. Keep the penalty nλ when the sample leaves, as the text does.", "(n − 1)λ"
        )
    return wrong("Check one entry by brute force: delete row and column i, refit with the same nλ, predict x_i.")


def _refitted(K, y, penalty) -> np.ndarray:
    out = []
    for i in range(len(y)):
        kept = np.arange(len(y)) != i
        dual = np.linalg.solve(K[np.ix_(kept, kept)] + penalty(kept.sum()) * np.eye(kept.sum()), y[kept])
        out.append(y[i] - K[i, kept] @ dual)
    return np.array(out)
