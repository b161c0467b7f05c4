"""The instant checks of chapter 7: the right answer passes, the stub and each known mistake get their own words."""

import numpy as np
import pytest

from renorm.theory.ridge import degrees_of_freedom, renormalized_ridge
from renorm_book.chapter07 import checks as check


def quadratic(aspect, ridge):
    b = ridge + aspect - 1
    return (b + np.sqrt(b**2 + 4 * ridge)) / 2


def lottery(s, w, n, ridge, p, signal=lambda p: (1 - p) ** 2, noise=lambda p: 1 - (1 - p) ** 2, gamma=1.0, kappa=None):
    kappa = renormalized_ridge(s, n, ridge) if kappa is None else kappa
    _, df2 = degrees_of_freedom(s, kappa)
    bias = np.sum(signal(p) * w**2 * s * (kappa / (s + kappa)) ** 2)
    return (bias + noise(p)) / (1 - gamma * df2 / n)


def test_right_answers_pass():
    assert check.kappa_isotropic(quadratic).passed
    assert check.test_error(lottery).passed


def test_untouched_stubs_are_told_what_to_do():
    for verdict in (check.kappa_isotropic(lambda aspect, ridge: ...), check.test_error(lambda s, w, n, ridge, p: ...)):
        assert not verdict.passed and verdict.mistake == "stub" and "Replace the dots" in verdict.message


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda c, r: (r + c - 1 - np.sqrt((r + c - 1) ** 2 + 4 * r)) / 2, "negative root"),
        (lambda c, r: quadratic(1 / c, r), "inverted aspect"),
        (lambda c, r: 2 * quadratic(c, r), "factor 2"),
        (lambda c, r: r / (1 - min(c / (1 + r), 0.999)), "df at λ"),
        (lambda c, r: r + c, "unrecognised"),
    ],
)
def test_known_mistakes_about_kappa(answer, mistake):
    verdict = check.kappa_isotropic(answer)
    assert not verdict.passed and verdict.mistake == mistake


@pytest.mark.parametrize(
    "changes, mistake",
    [
        (dict(noise=lambda p: p), "noise p"),
        (dict(signal=lambda p: 1), "full signal"),
        (dict(gamma=0.0), "no susceptibility"),
        (dict(kappa=1e-3), "bare ridge"),
        (dict(signal=lambda p: 2.0), "unrecognised"),
    ],
)
def test_known_mistakes_about_the_lottery(changes, mistake):
    verdict = check.test_error(lambda s, w, n, ridge, p: lottery(s, w, n, ridge, p, **changes))
    assert not verdict.passed and verdict.mistake == mistake


def test_the_excess_error_is_recognised():
    verdict = check.test_error(lambda s, w, n, ridge, p: lottery(s, w, n, ridge, p) - (1 - (1 - p) ** 2))
    assert verdict.mistake == "excess"
