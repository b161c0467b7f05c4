"""Answers to chapter 4's exercises."""

import numpy as np
from exercise_table import Row

from renorm_book.chapter04 import checks as check


def hat(X, penalty):
    return X @ np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T)


def residuals_and_leverages(X, y, penalty):
    H = hat(X, penalty)
    return y - H @ y, np.diag(H)


def loo(X, y, ridge):
    r, h = residuals_and_leverages(X, y, len(X) * ridge)
    return np.mean((r / (1 - h)) ** 2)


def loo_by_refitting(X, y, ridge, keep_alpha=True):
    errors = []
    for i in range(len(X)):
        others = np.arange(len(X)) != i
        penalty = (len(X) if keep_alpha else len(X) - 1) * ridge
        A, b = X[others], y[others]
        errors.append((y[i] - X[i] @ np.linalg.solve(A.T @ A + penalty * np.eye(X.shape[1]), A.T @ b)) ** 2)
    return np.mean(errors)


def loo_dual(X, y, ridge):
    inverse = np.linalg.inv(X @ X.T + len(X) * ridge * np.eye(len(X)))
    return np.mean((inverse @ y / np.diag(inverse)) ** 2)


def variant(combine, penalty=lambda X, ridge: len(X) * ridge):
    return lambda X, y, ridge: combine(*residuals_and_leverages(X, y, penalty(X, ridge)))


def squares(X):
    return np.linalg.svd(X, compute_uv=False) ** 2


def factors(X, ridge):
    return squares(X) / (squares(X) + len(X) * ridge)


TABLE = {
    "same_filter": Row(
        check.same_filter,
        asks="a number",
        right={"twelve": 12, "computed": 3 / 150 * 600, "a NumPy integer": np.int64(12)},
        wrong={
            "kept alpha": 3,
            "wrong way": 0.75,
            "gave lambda": 0.02,
            "gave lambda: as an array": np.array([0.02]),
            "squared": 48,
            "root": 6,
            "unrecognised": 5,
            "stub": ...,
        },
    ),
    "same_filter with other numbers": Row(
        lambda alpha: check.same_filter(alpha, given=5, samples=100, new_samples=40),
        asks="a number",
        right={"two": 2.0},
        wrong={"kept alpha": 5, "wrong way": 12.5, "gave lambda": 0.05, "unrecognised": 12},
    ),
    "kept": Row(
        check.kept,
        right={
            "sum of factors": lambda X, ridge: np.sum(factors(X, ridge)),
            "trace": lambda X, ridge: np.trace(hat(X, len(X) * ridge)),
            "sum of leverages, in Python": lambda X, ridge: sum(np.diag(hat(X, len(X) * ridge)).tolist()),
        },
        wrong={
            "sum form": lambda X, ridge: np.sum(squares(X) / (squares(X) + ridge)),
            "squared": lambda X, ridge: np.sum(factors(X, ridge) ** 2),
            "mean": lambda X, ridge: np.mean(factors(X, ridge)),
            "unsquared": lambda X, ridge: np.sum(squares(X) ** 0.5 / (squares(X) ** 0.5 + len(X) * ridge)),
            "dropped": lambda X, ridge: min(X.shape) - np.trace(hat(X, len(X) * ridge)),
            "factors": factors,
            "counted": lambda X, ridge: np.sum(squares(X) > len(X) * ridge),
            "unrecognised": lambda X, ridge: float(min(X.shape)),
            "nan": lambda X, ridge: np.nan,
        },
        exercise=check._KEPT,
    ),
    "leave_one_out": Row(
        check.leave_one_out,
        right={"one fit": loo, "n refits": loo_by_refitting, "dual": loo_dual},
        wrong={
            "training error": variant(lambda r, h: np.mean(r**2)),
            "square forgotten": variant(lambda r, h: np.mean(r**2 / (1 - h))),
            "gcv": variant(lambda r, h: np.mean((r / (1 - h.mean())) ** 2)),
            "sum form": variant(lambda r, h: np.mean((r / (1 - h)) ** 2), penalty=lambda X, ridge: ridge),
            "wrong sign": variant(lambda r, h: np.mean((r / (1 + h)) ** 2)),
            "not averaged": variant(lambda r, h: np.sum((r / (1 - h)) ** 2)),
            "not squared": variant(lambda r, h: np.mean(r / (1 - h))),
            "root": variant(lambda r, h: np.sqrt(np.mean((r / (1 - h)) ** 2))),
            "per example": variant(lambda r, h: (r / (1 - h)) ** 2),
            "fixed lambda": lambda X, y, ridge: loo_by_refitting(X, y, ridge, keep_alpha=False),
            "unrecognised": lambda X, y, ridge: 0.0,
            "raised": lambda X, y, ridge: X @ X,
            "shape": lambda X, y, ridge: X,
        },
        exercise=check._LEAVE_ONE_OUT,
    ),
}
