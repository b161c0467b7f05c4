"""Instant checks of chapter 6, random matrices."""

import numpy as np

from renorm.theory.random_matrices import measured_renormalized_ridge
from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict

__all__ = ["kappa_hat", "zero_share"]


def _eigenvalues(X) -> np.ndarray:
    """Those of X Xᵀ, one for each sample."""
    return np.linalg.eigvalsh(X @ X.T)


def _matrix(seed: int, n: int, d: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, d)) * np.arange(1, d + 1) ** -0.3


# Fewer samples than dimensions, and more: there n − d eigenvalues of X Xᵀ are zero, and each counts.
_KAPPA_HAT = Exercise(
    signature="kappa_hat(X, ridge)",
    returns="one number",
    cases=(
        (np.array([[1.0, 2.0]]), 0.5),
        (_matrix(5, 12, 20), 0.3),
        (_matrix(6, 25, 10), 0.1),
        (_matrix(7, 14, 8), 0.02),
    ),
    exact=lambda X, ridge: 1 / np.mean(1 / (_eigenvalues(X) / len(X) + ridge)),
    mistakes=(
        (
            "not divided by n",
            lambda X, ridge: 1 / np.mean(1 / (_eigenvalues(X) + ridge)),
            "The Gram matrix is to be divided by n: λ is a penalty per sample.",
        ),
        (
            "wrong product",
            lambda X, ridge: 1 / np.mean(1 / (np.linalg.eigvalsh(X.T @ X) / len(X) + ridge)),
            "XᵀX has d eigenvalues, another number of zeros among them; the trace wanted is over the n samples.",
        ),
        (
            "zeros left out",
            lambda X, ridge: 1 / np.mean(1 / (np.linalg.svd(X, compute_uv=False) ** 2 / len(X) + ridge)),
            "Right for n ≤ d. For n > d the matrix XXᵀ has n − d zeros more than there are singular values, and each "
            "counts with 1/λ.",
        ),
        (
            "trace, not mean",
            lambda X, ridge: 1 / np.sum(1 / (_eigenvalues(X) / len(X) + ridge)),
            "The trace is to be divided by n, too: take the mean.",
        ),
        ("not inverted", lambda X, ridge: np.mean(1 / (_eigenvalues(X) / len(X) + ridge)), "This is 1/κ. Invert it."),
        (
            "mean of eigenvalues",
            lambda X, ridge: np.mean(_eigenvalues(X) / len(X) + ridge),
            "You averaged the eigenvalues. The average is over their inverses.",
        ),
    ),
    said="One matrix, no labels, no knowledge of the true covariance.",
    hint="With a single sample (1, 2) there is one eigenvalue, 5. What is κ̂ then, at λ = ½?",
    library=(measured_renormalized_ridge,),
)


def kappa_hat(answer) -> Verdict:
    """[(1/n) Tr (X Xᵀ/n + λ)⁻¹]⁻¹ for one data matrix."""
    return _KAPPA_HAT.judge(answer)


_ZERO_SHARE = Exercise(
    signature="zero_share(n, d, rank)",
    returns="one number, a share",
    cases=((100, 200, 40), (50, 200, 200), (400, 200, 200), (30, 200, 40), (70, 100, 25)),
    exact=lambda n, d, rank: 1 - min(n, rank) / d,
    mistakes=(
        (
            "rank forgotten",
            lambda n, d, rank: max(1 - n / d, 0),
            "If the data lie in a smaller space, more samples do not help: use the rank.",
        ),
        (
            "samples forgotten",
            lambda n, d, rank: 1 - rank / d,
            "That is the share in the true covariance. Few samples leave more zeros than that.",
        ),
        (
            "negative",
            lambda n, d, rank: 1 - n / d,
            "With more samples than dimensions your share is negative.",
        ),
        ("positive share", lambda n, d, rank: min(n, rank) / d, "This is the share that is not zero."),
        ("a count", lambda n, d, rank: d - min(n, rank), "This is their number. Divide by d."),
        (
            "of the samples",
            lambda n, d, rank: 1 - min(n, rank) / n,
            "You divided by n, as for the n eigenvalues of XXᵀ. The sample covariance has d.",
        ),
    ),
    said="n samples span n directions at most, and never more than there are.",
    hint="Think of n = 100 samples that all lie in 40 dimensions, inside 200: how many directions do they span?",
)


def zero_share(answer) -> Verdict:
    """1 − min(n, rank)/d."""
    return _ZERO_SHARE.judge(answer)
