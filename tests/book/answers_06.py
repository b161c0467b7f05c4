"""Answers to chapter 6's exercises."""

import numpy as np
from exercise_table import Row

from renorm.theory.random_matrices import measured_renormalized_ridge
from renorm_book.chapter06 import checks as check


def eigenvalues(X, divide=True, product=lambda X: X @ X.T):
    return np.linalg.eigvalsh(product(X) / (len(X) if divide else 1))


def by_trace(X, ridge):
    return len(X) / np.trace(np.linalg.inv(X @ X.T / len(X) + ridge * np.eye(len(X))))


def by_covariance(X, ridge):
    """From the d eigenvalues, the zeros counted again."""
    n, d = X.shape
    inverses = 1 / (eigenvalues(X, product=lambda X: X.T @ X) + ridge)
    return 1 / ((inverses.sum() + (n - d) / ridge) / n)


TABLE = {
    "kappa_hat": Row(
        check.kappa_hat,
        right={
            "eigenvalues": lambda X, ridge: 1 / np.mean(1 / (eigenvalues(X) + ridge)),
            "trace": by_trace,
            "covariance": by_covariance,
        },
        wrong={
            "not divided by n": lambda X, r: 1 / np.mean(1 / (eigenvalues(X, divide=False) + r)),
            "wrong product": lambda X, r: 1 / np.mean(1 / (eigenvalues(X, product=lambda X: X.T @ X) + r)),
            "zeros left out": lambda X, r: 1 / np.mean(1 / (np.linalg.svd(X)[1] ** 2 / len(X) + r)),
            "trace, not mean": lambda X, r: 1 / np.sum(1 / (eigenvalues(X) + r)),
            "not inverted": lambda X, r: np.mean(1 / (eigenvalues(X) + r)),
            "mean of eigenvalues": lambda X, r: np.mean(eigenvalues(X) + r),
            "shape": lambda X, r: X,
            "unrecognised": lambda X, r: 1.0,
            "unrecognised: singular values not squared": lambda X, r: 1 / np.mean(1 / (np.linalg.svd(X)[1] + r)),
        },
        library=((measured_renormalized_ridge, lambda X, ridge: float(measured_renormalized_ridge(X, ridge))),),
        exercise=check._KAPPA_HAT,
    ),
    "zero_share": Row(
        check.zero_share,
        right={
            "1 − min(n, rank)/d": lambda n, d, rank: 1 - min(n, rank) / d,
            "a maximum": lambda n, d, rank: max(d - n, d - rank) / d,
            "vectorised": lambda n, d, rank: 1 - np.minimum(n, rank) / np.asarray(d),
        },
        wrong={
            "rank forgotten": lambda n, d, rank: max(1 - n / d, 0),
            "samples forgotten": lambda n, d, rank: 1 - rank / d,
            "negative": lambda n, d, rank: 1 - n / d,
            "positive share": lambda n, d, rank: min(n, rank) / d,
            "a count": lambda n, d, rank: d - min(n, rank),
            "of the samples": lambda n, d, rank: 1 - min(n, rank) / n,
            "unrecognised": lambda n, d, rank: 0.5,
        },
        exercise=check._ZERO_SHARE,
    ),
}
