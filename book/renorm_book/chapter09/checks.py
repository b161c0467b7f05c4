"""Instant checks of chapter 9, scaling laws."""

import numpy as np

from renorm.theory.scaling import optimal_decay
from renorm_book.answers import near
from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict, wrong

__all__ = ["best_decay", "samples_needed"]


def _exponent(alpha: float, r: float) -> float:
    return 2 * alpha * min(r, 1)


def _whole(found, target) -> bool:
    """Equal as they stand, or where the target is rounded up or to the nearest number of samples."""
    if np.size(found) != 1:
        return False
    value = float(np.squeeze(found))
    return near(value, target) or value in (np.ceil(target), np.rint(target))


_BUDGETS = (
    (100, 10, 1.5, 0.3),
    (100, 10, 2.0, 0.5),
    (250, 4, 1.3, 2.0),
    (64, 50, 1.2, 0.4),
    (1000, 1.5, 1.8, 1.0),
    (90, 3, 1.1, 1.4),
)


def _about_budget(found: list) -> Verdict | str:
    for value, (n, ratio, alpha, r) in zip(found, _BUDGETS, strict=True):
        if value <= 0:
            return wrong("A number of samples is positive.", "negative")
        if not _whole(value, n * ratio ** (1 / _exponent(alpha, r))):
            gain = (value / n) ** _exponent(alpha, r)
            return f"With so many samples in place of {n} the error is {gain:.3g} times smaller, not {ratio:g} times."
    return ""


_SAMPLES = Exercise(
    signature="samples_needed(n, error_ratio, capacity, source)",
    returns="one number of samples",
    cases=_BUDGETS,
    exact=lambda n, ratio, alpha, r: n * ratio ** (1 / _exponent(alpha, r)),
    mistakes=(
        (
            "no saturation",
            lambda n, ratio, alpha, r: n * ratio ** (1 / (2 * alpha * r)),
            "A source above one does not help further: the exponent is 2α min(r, 1).",
        ),
        (
            "not inverted",
            lambda n, ratio, alpha, r: n * ratio ** _exponent(alpha, r),
            "You raised the ratio to the exponent. Solve for n: the power is one over it.",
        ),
        (
            "wrong direction",
            lambda n, ratio, alpha, r: n * ratio ** (-1 / _exponent(alpha, r)),
            "That is fewer samples than before. A smaller error needs more.",
        ),
        (
            "factor 2",
            lambda n, ratio, alpha, r: n * ratio ** (2 / _exponent(alpha, r)),
            "The exponent has a factor 2: it is the error squared, 2α min(r, 1).",
        ),
        (
            "factor only",
            lambda n, ratio, alpha, r: ratio ** (1 / _exponent(alpha, r)),
            "This is the factor. How many samples is it, starting from n?",
        ),
        (
            "more, not all",
            lambda n, ratio, alpha, r: n * ratio ** (1 / _exponent(alpha, r)) - n,
            "So many come on top of the n that you have. How many do you need in all?",
        ),
        (
            "rounded down",
            lambda n, ratio, alpha, r: np.floor(n * ratio ** (1 / _exponent(alpha, r))),
            "Rounded down, the error is not quite small enough: take the next whole number.",
        ),
    ),
    said="A tenfold smaller error costs 13 times the data at α = 1.5, r = 0.3, and 2.4 times at α = 1.3, r = 2.",
    hint=_about_budget,
    equal=_whole,
)


def samples_needed(answer) -> Verdict:
    """n · ratio^(1 / (2 α min(r, 1))), as it stands or rounded up or to the nearest whole number."""
    return _SAMPLES.judge(answer)


_WORLDS = ((1.5, 0.3), (2.0, 0.5), (1.3, 2.0), (1.8, 1.4))


def _about_decay(found: list) -> str:
    for decay, (alpha, r) in zip(found, _WORLDS, strict=True):
        bias, noise = 2 * decay * min(r, 1), 1 - decay / alpha
        if abs(bias - noise) > 1e-6:
            return f"There the bias would fall as n^−{bias:.3g} and the noise as n^−{noise:.3g}."
    return ""


_DECAY = Exercise(
    signature="best_decay(capacity, source)",
    returns="one number, the best ℓ",
    cases=_WORLDS,
    exact=lambda alpha, r: alpha / (1 + _exponent(alpha, r)),
    mistakes=(
        (
            "no saturation",
            lambda alpha, r: alpha / (1 + 2 * alpha * r),
            "The bias cannot fall faster than n^−2ℓ: use min(r, 1).",
        ),
        (
            "the exponent",
            lambda alpha, r: _exponent(alpha, r) / (1 + _exponent(alpha, r)),
            "This is the exponent of the error, not of the penalty.",
        ),
        ("interpolation", lambda alpha, r: alpha, "At ℓ = α the fit interpolates, and the noise does not fall at all."),
        (
            "sum form",
            lambda alpha, r: 1 - alpha / (1 + _exponent(alpha, r)),
            "Is this for the penalty α = nλ of scikit-learn? λ is per sample.",
        ),
        (
            "factor 2",
            lambda alpha, r: alpha / (1 + alpha * min(r, 1)),
            "A factor 2 is lost: the bias is a square and falls as n^−2ℓ min(r, 1).",
        ),
    ),
    said="Always less than α: with noise in the labels the best fit never interpolates.",
    hint=_about_decay,
    library=(optimal_decay,),
)


def best_decay(answer) -> Verdict:
    """α / (1 + 2 α min(r, 1))."""
    return _DECAY.judge(answer)
