"""The instant checks of chapter 2: the right answer passes, the stub and each known mistake get their own words."""

from math import comb

import numpy as np
import pytest

from renorm_book.chapter02 import checks as check


def fraction(n, d, first=0, points=None, factor=2.0):
    m = n - 1 if points is None else points(n)
    return factor * sum(comb(m, k) for k in range(first, min(d, m + 1))) / 2**n


def brute(K, y, ridge, sign=1, penalty=None):
    n, out = len(y), []
    for i in range(n):
        kept = np.arange(n) != i
        diagonal = n * ridge if penalty is None else penalty(n, ridge)
        dual = np.linalg.solve(K[np.ix_(kept, kept)] + diagonal * np.eye(n - 1), y[kept])
        out.append(sign * (y[i] - K[i, kept] @ dual))
    return np.array(out)


def in_sample(K, y, ridge):
    return y - K @ np.linalg.solve(K + len(y) * ridge * np.eye(len(y)), y)


def test_right_answers_pass():
    assert check.cover(fraction).passed
    assert check.left_out(brute).passed


def test_untouched_stubs_are_told_what_to_do():
    for verdict in (check.cover(lambda n, d: ...), check.left_out(lambda K, y, ridge: ...)):
        assert not verdict.passed and verdict.mistake == "stub" and "Replace the dots" in verdict.message


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda n, d: 2 * sum(comb(n - 1, k) for k in range(min(d, n))), "count"),
        (lambda n, d: fraction(n, d, factor=1.0), "factor 2"),
        (lambda n, d: fraction(n, d + 1), "one term too many"),
        (lambda n, d: fraction(n, d, points=lambda n: n, factor=1.0), "n for n − 1"),
        (lambda n, d: 1.0 if d >= n else 0.0, "VC"),
        (lambda n, d: 0.5, "unrecognised"),
    ],
)
def test_wrong_counts_get_their_own_hint(answer, mistake):
    verdict = check.cover(answer)
    assert not verdict.passed and verdict.mistake == mistake


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda K, y, ridge: brute(K, y, ridge, sign=-1), "sign"),
        (in_sample, "in sample"),
        (lambda K, y, ridge: brute(K, y, ridge, penalty=lambda n, r: r), "λ for nλ"),
        (lambda K, y, ridge: brute(K, y, ridge, penalty=lambda n, r: (n - 1) * r), "(n − 1)λ"),
        (lambda K, y, ridge: brute(K, y, ridge) - in_sample(K, y, ridge), "change"),
        (lambda K, y, ridge: 1.0, "shape"),
        (lambda K, y, ridge: np.zeros(len(y)), "unrecognised"),
    ],
)
def test_wrong_residuals_get_their_own_hint(answer, mistake):
    verdict = check.left_out(answer)
    assert not verdict.passed and verdict.mistake == mistake


def test_the_hints_differ():
    wrong = [check.cover(lambda n, d: fraction(n, d, factor=1.0)), check.cover(lambda n, d: float(d >= n))]
    assert wrong[0].message != wrong[1].message
