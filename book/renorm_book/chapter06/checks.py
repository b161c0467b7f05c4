"""Instant checks of chapter 6, random matrices."""

import numpy as np

from renorm import measured_renormalized_ridge
from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["kappa_hat", "zero_share"]


def kappa_hat(answer) -> Verdict:
    """[(1/n) Tr (X Xᵀ/n + λ)⁻¹]⁻¹ for one data matrix."""
    X, ridge = np.random.default_rng(5).standard_normal((12, 20)), 0.3
    found = answer(X.copy(), ridge)
    if is_stub(found):
        return not_answered("return the measured renormalized ridge of one data matrix.")
    if np.ndim(found) != 0:
        return wrong("κ is one number.", "not a number")
    found, n = float(found), len(X)
    inner, outer = np.linalg.eigvalsh(X @ X.T), np.linalg.eigvalsh(X.T @ X)
    mistakes = {
        "not divided by n": (
            1 / np.mean(1 / (inner + ridge)),
            "The Gram matrix is to be divided by n: λ is a penalty per sample.",
        ),
        "wrong product": (
            1 / np.mean(1 / (outer / n + ridge)),
            "XᵀX has d eigenvalues, eight of them zero here; the trace wanted is over the n samples.",
        ),
        "trace, not mean": (
            1 / np.sum(1 / (inner / n + ridge)),
            "The trace is to be divided by n, too: take the mean.",
        ),
        "not inverted": (np.mean(1 / (inner / n + ridge)), "This is 1/κ. Invert it."),
        "mean of eigenvalues": (
            np.mean(inner / n + ridge),
            "You averaged the eigenvalues. The average is over their inverses.",
        ),
    }
    if np.isclose(found, float(measured_renormalized_ridge(X, ridge)), rtol=1e-8):
        return right("One matrix, no labels, no knowledge of the true covariance.")
    for name, (value, hint) in mistakes.items():
        if np.isclose(found, value, rtol=1e-8):
            return wrong(hint, name)
    return wrong(f"For a matrix of 12 samples in 20 dimensions and λ = 0.3 the answer is not {found:.4g}.")


def zero_share(answer) -> Verdict:
    """1 − min(n, rank)/d."""
    cases = [(50, 200, 200), (400, 200, 200), (100, 200, 40), (30, 200, 40)]
    found = [answer(*case) for case in cases]
    if is_stub(found[0]):
        return not_answered("return the share of eigenvalues that are exactly zero.")
    n, d, rank = np.array(cases, dtype=float).T
    exact = 1 - np.minimum(n, rank) / d
    mistakes = {
        "rank forgotten": (
            np.maximum(1 - n / d, 0),
            "If the data lie in a smaller space, more samples do not help: use the rank.",
        ),
        "negative": (1 - n / d, "With more samples than dimensions your share is negative."),
        "positive share": (np.minimum(n, rank) / d, "This is the share that is not zero."),
        "a count": (d - np.minimum(n, rank), "This is their number. Divide by d."),
    }
    if np.allclose(found, exact):
        return right("n samples span n directions at most, and never more than there are.")
    for name, (value, hint) in mistakes.items():
        if np.allclose(found, value):
            return wrong(hint, name)
    return wrong(
        "Think of n = 100 samples that all lie in a space of 40 dimensions, inside 200: 160 eigenvalues are zero."
    )
