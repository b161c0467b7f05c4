"""The instant checks of chapter 3: the right answer passes, the stub and each known mistake get their own words."""

import numpy as np
import pytest

from renorm_book.chapter03 import checks as check


def fit(X, y):
    return X.T @ np.linalg.solve(X @ X.T, y)


def limit(X, y, start):
    return start + fit(X, y - X @ start)


def iterated(X, y, start):
    for _ in range(20000):
        start = start - X.T @ (X @ start - y) / np.linalg.norm(X, 2) ** 2
    return start


def unseen(X, rng):
    v = rng.standard_normal(X.shape[1])
    v -= fit(X, X @ v)
    return v / np.linalg.norm(v)


def lengthened(factor):
    def answer(X, y, times, rng):
        shortest = fit(X, y)
        return shortest + factor(times) * np.linalg.norm(shortest) * unseen(X, rng)

    return answer


def test_right_answers_pass():
    assert check.limit(limit).passed
    assert check.limit(iterated).passed
    assert check.bad_fit(lengthened(lambda t: np.sqrt(t**2 - 1))).passed
    assert check.bad_fit(lengthened(lambda t: -np.sqrt(t**2 - 1))).passed


def test_untouched_stubs_are_told_what_to_do():
    for verdict in (check.limit(lambda X, y, start: ...), check.bad_fit(lambda X, y, times, rng: ...)):
        assert not verdict.passed and verdict.mistake == "stub" and "Replace the dots" in verdict.message


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda X, y, s: fit(X, y), "from zero"),
        (lambda X, y, s: s + fit(X, y), "whole start"),
        (lambda X, y, s: fit(X, X @ s) + fit(X, y), "wrong part"),
        (lambda X, y, s: s, "no fit"),
        (lambda X, y, s: y, "shape"),
        (lambda X, y, s: fit(X, y) + 2 * (s - fit(X, X @ s)), "unrecognised"),
    ],
)
def test_wrong_limits_get_their_own_hint(answer, mistake):
    verdict = check.limit(answer)
    assert not verdict.passed and verdict.mistake == mistake


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda X, y, t, rng: t * fit(X, y), "scaled"),
        (lambda X, y, t, rng: fit(X, y) + rng.standard_normal(X.shape[1]), "no fit"),
        (lambda X, y, t, rng: fit(X, y), "shortest"),
        (lengthened(lambda t: t), "length of the part"),
        (lengthened(lambda t: t - 1), "lengths added"),
        (lengthened(lambda t: 1.5), "length"),
        (lambda X, y, t, rng: 1.0, "shape"),
    ],
)
def test_wrong_bad_fits_get_their_own_hint(answer, mistake):
    verdict = check.bad_fit(answer)
    assert not verdict.passed and verdict.mistake == mistake
