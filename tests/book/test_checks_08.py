"""The instant checks of chapter 8: the right answer passes, the stub and each known mistake get their own words."""

import numpy as np
import pytest

from renorm.theory.renormalization import dyson_iteration
from renorm.theory.ridge import renormalized_ridge
from renorm_book.chapter08 import checks as check


def run_down(
    s, w, n, ridge, noise, keep, order=lambda s: np.argsort(-s), per_sample=True, signal=lambda w, s: w**2 * s
):
    tail = order(s)[keep:]
    return ridge + s[tail].sum() / (n if per_sample else 1), noise + np.sum(signal(w[tail], s[tail]))


def layers(s, n, ridge, accuracy, shift=0, relative=True):
    kappa = renormalized_ridge(s, n, ridge)
    error = np.abs(dyson_iteration(s, n, ridge, steps=500) - kappa) / (kappa if relative else 1)
    return int(np.argmax(error <= accuracy)) + shift


def test_right_answers_pass():
    assert check.run_down(run_down).passed
    assert check.layers(layers).passed


def test_untouched_stubs_are_told_what_to_do():
    for verdict in (check.run_down(lambda *args: ...), check.layers(lambda *args: ...)):
        assert not verdict.passed and verdict.mistake == "stub" and "Replace the dots" in verdict.message


@pytest.mark.parametrize(
    "changes, mistake",
    [
        (dict(order=lambda s: np.arange(len(s))), "not sorted"),
        (dict(order=np.argsort), "kept the tail"),
        (dict(per_sample=False), "not divided by n"),
        (dict(signal=lambda w, s: w**2 * s / 5), "noise divided by n"),
        (dict(signal=lambda w, s: w * s), "weights not squared"),
        (dict(signal=lambda w, s: w**2), "no variance in the noise"),
        (dict(signal=lambda w, s: 7 * w), "unrecognised"),
    ],
)
def test_known_mistakes_about_the_tail(changes, mistake):
    verdict = check.run_down(lambda *args: run_down(*args, **changes))
    assert not verdict.passed and verdict.mistake == mistake


def test_one_number_instead_of_a_pair():
    assert check.run_down(lambda *args: run_down(*args)[0]).mistake == "not a pair"


@pytest.mark.parametrize(
    "changes, mistake",
    [
        (dict(shift=1), "off by one"),
        (dict(shift=-1), "one too few"),
        (dict(relative=False), "absolute error"),
        (dict(shift=9), "unrecognised"),
    ],
)
def test_known_mistakes_about_the_layers(changes, mistake):
    verdict = check.layers(lambda *args: layers(*args, **changes))
    assert not verdict.passed and verdict.mistake == mistake


def test_a_fraction_of_a_step_is_refused():
    assert check.layers(lambda *args: 3.5).mistake == "not whole"
