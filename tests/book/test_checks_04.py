"""Chapter 4's instant checks: right answers pass, stubs are told what to do, each known mistake gets its own hint."""

import numpy as np
import pytest

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


def loo_variant(combine, penalty=lambda X, ridge: len(X) * ridge):
    return lambda X, y, ridge: combine(*residuals_and_leverages(X, y, penalty(X, ridge)))


LOO_MISTAKES = {
    "training error": loo_variant(lambda r, h: np.mean(r**2)),
    "square forgotten": loo_variant(lambda r, h: np.mean(r**2 / (1 - h))),
    "gcv": loo_variant(lambda r, h: np.mean((r / (1 - h.mean())) ** 2)),
    "sum form": loo_variant(lambda r, h: np.mean((r / (1 - h)) ** 2), penalty=lambda X, ridge: ridge),
    "wrong sign": loo_variant(lambda r, h: np.mean((r / (1 + h)) ** 2)),
    "not averaged": loo_variant(lambda r, h: np.sum((r / (1 - h)) ** 2)),
    "not squared": loo_variant(lambda r, h: np.mean(r / (1 - h))),
    "fixed lambda": lambda X, y, ridge: loo_by_refitting(X, y, ridge, keep_alpha=False),
    "unrecognised": lambda X, y, ridge: 0.0,
    "raised": lambda X, y, ridge: X @ X,
    "not a number": lambda X, y, ridge: y,
    "stub": lambda X, y, ridge: ...,
}


def squares(X):
    return np.linalg.svd(X, compute_uv=False) ** 2


KEPT_MISTAKES = {
    "sum form": lambda X, ridge: np.sum(squares(X) / (squares(X) + ridge)),
    "squared": lambda X, ridge: np.sum((squares(X) / (squares(X) + len(X) * ridge)) ** 2),
    "mean": lambda X, ridge: np.mean(squares(X) / (squares(X) + len(X) * ridge)),
    "unsquared": lambda X, ridge: np.sum(squares(X) ** 0.5 / (squares(X) ** 0.5 + len(X) * ridge)),
    "dropped": lambda X, ridge: min(X.shape) - np.trace(hat(X, len(X) * ridge)),
    "unrecognised": lambda X, ridge: float(min(X.shape)),
    "not a number": lambda X, ridge: np.nan,
    "stub": lambda X, ridge: None,
}


@pytest.mark.parametrize("function", [loo, loo_by_refitting])
def test_leave_one_out_accepts_the_shortcut_and_the_refits(function):
    assert check.leave_one_out(function).passed


@pytest.mark.parametrize("mistake", LOO_MISTAKES)
def test_leave_one_out_names_the_mistake(mistake):
    verdict = check.leave_one_out(LOO_MISTAKES[mistake])
    assert not verdict.passed and verdict.mistake == mistake


def test_kept_accepts_the_sum_of_factors_and_the_trace():
    assert check.kept(lambda X, ridge: np.sum(squares(X) / (squares(X) + len(X) * ridge))).passed
    assert check.kept(lambda X, ridge: np.trace(hat(X, len(X) * ridge))).passed


@pytest.mark.parametrize("mistake", KEPT_MISTAKES)
def test_kept_names_the_mistake(mistake):
    verdict = check.kept(KEPT_MISTAKES[mistake])
    assert not verdict.passed and verdict.mistake == mistake


@pytest.mark.parametrize("alpha", [12, 12.0, np.array(12.0), np.array([12])])
def test_same_filter_accepts_twelve(alpha):
    assert check.same_filter(alpha).passed


@pytest.mark.parametrize(
    "alpha, mistake",
    [
        (..., "stub"),
        (None, "stub"),
        (3, "kept alpha"),
        (0.75, "wrong way"),
        (0.02, "gave lambda"),
        (5, "unrecognised"),
        ([1, 2], "not a number"),
        (np.inf, "not a number"),
    ],
)
def test_same_filter_names_the_mistake(alpha, mistake):
    verdict = check.same_filter(alpha)
    assert not verdict.passed and verdict.mistake == mistake


def test_a_result_in_place_of_the_function_is_explained():
    assert check.kept(3.0).mistake == check.leave_one_out(3.0).mistake == "not a function"
    assert check.kept(...).mistake == "stub"


def test_every_hint_is_its_own():
    hints = [check.leave_one_out(f).message for f in LOO_MISTAKES.values()]
    hints += [check.kept(f).message for f in KEPT_MISTAKES.values()]
    assert len(set(hints)) == len(hints)
