"""The instant checks of chapter 1: the right answer passes, the stub and each known mistake get their own words."""

import numpy as np
import pytest

from renorm_book.chapter01 import checks as check


def fit(K, rows, targets, penalty):
    return rows @ np.linalg.inv(K + penalty * np.eye(len(K))) @ targets


def classify(K, cross, labels, ridge):
    scores = [fit(K, cross, np.where(labels == k, 0.9, -0.1), len(K) * ridge) for k in range(10)]
    return np.argmax(scores, axis=0)


def columns(labels):
    return np.eye(10)[labels] - 0.1


def test_right_answers_pass():
    assert check.wrong_fraction(lambda p, n_classes: p - p / n_classes).passed
    assert check.classify(classify).passed


def test_untouched_stubs_are_told_what_to_do():
    for verdict in (check.wrong_fraction(lambda p, n: ...), check.classify(lambda K, cross, labels, ridge: ...)):
        assert not verdict.passed and verdict.mistake == "stub" and "Replace the dots" in verdict.message


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda p, n: p, "redrawn"),
        (lambda p, n: p / n, "lucky"),
        (lambda p, n: 1 - p * (1 - 1 / n), "right ones"),
        (lambda p, n: 0.9 * p, "ten classes"),
        (lambda p, n: p**2, "unrecognised"),
    ],
)
def test_wrong_fractions_get_their_own_hint(answer, mistake):
    verdict = check.wrong_fraction(answer)
    assert not verdict.passed and verdict.mistake == mistake


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda K, c, y, ridge: fit(K, c, columns(y), len(K) * ridge), "outputs"),
        (lambda K, c, y, ridge: classify(K, K, y, ridge), "training images"),
        (lambda K, c, y, ridge: 3, "shape"),
        (lambda K, c, y, ridge: classify(K, c, y, ridge / len(K)), "λ for nλ"),
        (lambda K, c, y, ridge: classify(K, c, y, 0.0), "no ridge"),
        (lambda K, c, y, ridge: np.rint(fit(K, c, y.astype(float), len(K) * ridge)), "labels as numbers"),
        (lambda K, c, y, ridge: np.zeros(len(c)), "unrecognised"),
    ],
)
def test_wrong_machines_get_their_own_hint(answer, mistake):
    verdict = check.classify(answer)
    assert not verdict.passed and verdict.mistake == mistake


def test_the_hints_differ():
    answers = (lambda p, n: p, lambda p, n: p / n, lambda p, n: 0.9 * p, lambda p, n: p**2)
    assert len({check.wrong_fraction(answer).message for answer in answers}) == len(answers)
