"""Instant checks of chapter 9, scaling laws."""

import numpy as np

from renorm.theory.scaling import data_exponent, optimal_decay
from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["best_decay", "samples_needed"]

_WORLDS = [(1.5, 0.3), (2.0, 0.5), (1.3, 2.0)]


def _table(answer, *before):
    return np.array([answer(*before, *world) for world in _WORLDS], dtype=float)


def samples_needed(answer) -> Verdict:
    """n · ratio^(1 / (2 α min(r, 1)))."""
    if is_stub(answer(100, 10, 1.5, 0.3)):
        return not_answered("return the number of samples.")
    found = _table(answer, 100, 10)
    capacity, source = np.array(_WORLDS).T
    exponent = data_exponent(capacity, source)
    mistakes = {
        "no saturation": (
            100 * 10 ** (1 / (2 * capacity * source)),
            "A source above one does not help further: the exponent is 2α min(r, 1).",
        ),
        "not inverted": (
            100 * 10**exponent,
            "You raised the ratio to the exponent. Solve for n: the power is one over it.",
        ),
        "wrong direction": (
            100 * 10 ** (-1 / exponent),
            "That is fewer samples than before. A smaller error needs more.",
        ),
        "factor 2": (
            100 * 10 ** (1 / (exponent / 2)),
            "The exponent has a factor 2: it is the error squared, 2α min(r, 1).",
        ),
        "factor only": (10 ** (1 / exponent), "This is the factor. How many samples is it, starting from n?"),
    }
    if np.allclose(found, 100 * 10 ** (1 / exponent)):
        return right(
            "A tenfold smaller error costs 13 times the data at α = 1.5, r = 0.3, and 2.4 times at α = 1.3, r = 2."
        )
    for name, (value, hint) in mistakes.items():
        if np.allclose(found, value):
            return wrong(hint, name)
    return wrong(f"For n = 100, a tenfold smaller error, α = 1.5 and r = 0.3 it is not {found[0]:.4g}.")


def best_decay(answer) -> Verdict:
    """α / (1 + 2 α min(r, 1))."""
    if is_stub(answer(1.5, 0.3)):
        return not_answered("return the best ℓ.")
    found = _table(answer)
    capacity, source = np.array(_WORLDS).T
    capped = np.minimum(source, 1)
    mistakes = {
        "no saturation": (
            capacity / (1 + 2 * capacity * source),
            "The bias cannot fall faster than n^−2ℓ: use min(r, 1).",
        ),
        "the exponent": (
            2 * capacity * capped / (1 + 2 * capacity * capped),
            "This is the exponent of the error, not of the penalty.",
        ),
        "interpolation": (capacity, "At ℓ = α the fit interpolates, and the noise does not fall at all."),
        "sum form": (
            1 - capacity / (1 + 2 * capacity * capped),
            "Is this for the penalty α = nλ of scikit-learn? λ is per sample.",
        ),
    }
    if np.allclose(found, optimal_decay(capacity, source)):
        return right("Always less than α: with noise in the labels the best fit never interpolates.")
    for name, (value, hint) in mistakes.items():
        if np.allclose(found, value):
            return wrong(hint, name)
    bias, noise = 0.6 * found[0], 1 - found[0] / 1.5
    return wrong(
        f"For α = 1.5, r = 0.3 you say {found[0]:.4g}: bias would fall as n^−{bias:.3g}, noise as n^−{noise:.3g}."
    )
