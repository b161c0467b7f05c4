"""The instant checks of chapter 9: the right answer passes, the stub and each known mistake get their own words."""

import pytest

from renorm_book.chapter09 import checks as check


def test_right_answers_pass():
    assert check.samples_needed(lambda n, ratio, a, r: n * ratio ** (1 / (2 * a * min(r, 1)))).passed
    assert check.best_decay(lambda a, r: a / (1 + 2 * a * min(r, 1))).passed


def test_untouched_stubs_are_told_what_to_do():
    for verdict in (check.samples_needed(lambda *args: ...), check.best_decay(lambda *args: ...)):
        assert not verdict.passed and verdict.mistake == "stub" and "Replace the dots" in verdict.message


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda n, ratio, a, r: n * ratio ** (1 / (2 * a * r)), "no saturation"),
        (lambda n, ratio, a, r: n * ratio ** (2 * a * min(r, 1)), "not inverted"),
        (lambda n, ratio, a, r: n * ratio ** (-1 / (2 * a * min(r, 1))), "wrong direction"),
        (lambda n, ratio, a, r: n * ratio ** (1 / (a * min(r, 1))), "factor 2"),
        (lambda n, ratio, a, r: ratio ** (1 / (2 * a * min(r, 1))), "factor only"),
        (lambda n, ratio, a, r: n * ratio, "unrecognised"),
    ],
)
def test_known_mistakes_about_the_budget(answer, mistake):
    verdict = check.samples_needed(answer)
    assert not verdict.passed and verdict.mistake == mistake


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda a, r: a / (1 + 2 * a * r), "no saturation"),
        (lambda a, r: 2 * a * min(r, 1) / (1 + 2 * a * min(r, 1)), "the exponent"),
        (lambda a, r: a, "interpolation"),
        (lambda a, r: 1 - a / (1 + 2 * a * min(r, 1)), "sum form"),
        (lambda a, r: 0.1, "unrecognised"),
    ],
)
def test_known_mistakes_about_the_decay(answer, mistake):
    verdict = check.best_decay(answer)
    assert not verdict.passed and verdict.mistake == mistake
