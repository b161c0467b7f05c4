"""The instant checks of chapter 6: the right answer passes, the stub and each known mistake get their own words."""

import numpy as np
import pytest

from renorm_book.chapter06 import checks as check


def eigenvalues(X, divide=True, product=lambda X: X @ X.T):
    return np.linalg.eigvalsh(product(X) / (len(X) if divide else 1))


def test_right_answers_pass():
    assert check.kappa_hat(lambda X, ridge: 1 / np.mean(1 / (eigenvalues(X) + ridge))).passed
    assert check.kappa_hat(
        lambda X, ridge: len(X) / np.trace(np.linalg.inv(X @ X.T / len(X) + ridge * np.eye(len(X))))
    ).passed
    assert check.zero_share(lambda n, d, rank: 1 - min(n, rank) / d).passed


def test_untouched_stubs_are_told_what_to_do():
    for verdict in (check.kappa_hat(lambda X, ridge: ...), check.zero_share(lambda n, d, rank: ...)):
        assert not verdict.passed and verdict.mistake == "stub" and "Replace the dots" in verdict.message


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda X, r: 1 / np.mean(1 / (eigenvalues(X, divide=False) + r)), "not divided by n"),
        (lambda X, r: 1 / np.mean(1 / (eigenvalues(X, product=lambda X: X.T @ X) + r)), "wrong product"),
        (lambda X, r: 1 / np.sum(1 / (eigenvalues(X) + r)), "trace, not mean"),
        (lambda X, r: np.mean(1 / (eigenvalues(X) + r)), "not inverted"),
        (lambda X, r: np.mean(eigenvalues(X) + r), "mean of eigenvalues"),
        (lambda X, r: eigenvalues(X), "not a number"),
        (lambda X, r: 1.0, "unrecognised"),
    ],
)
def test_known_mistakes_about_kappa(answer, mistake):
    verdict = check.kappa_hat(answer)
    assert not verdict.passed and verdict.mistake == mistake


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda n, d, rank: max(1 - n / d, 0), "rank forgotten"),
        (lambda n, d, rank: 1 - n / d, "negative"),
        (lambda n, d, rank: min(n, rank) / d, "positive share"),
        (lambda n, d, rank: d - min(n, rank), "a count"),
        (lambda n, d, rank: 0.5, "unrecognised"),
    ],
)
def test_known_mistakes_about_the_atom(answer, mistake):
    verdict = check.zero_share(answer)
    assert not verdict.passed and verdict.mistake == mistake
