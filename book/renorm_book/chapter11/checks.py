"""Instant checks of chapter 11, when interpolation is harmless."""

import numpy as np

from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict

__all__ = ["benign_rate", "cost_between"]

_SIZES = np.array([10.0, 20.0, 50.0, 200.0])
_CURVES = (
    (_SIZES, 3.0 * _SIZES**-1.5),
    (np.array([5.0, 8.0, 13.0]), np.array([0.2, 0.05, 0.004])),
    (np.array([30.0, 60.0]), np.array([0.4, 0.2])),
)


def _slopes(n, kappa):
    return -np.diff(np.log(kappa)) / np.diff(np.log(n))


_COST = Exercise(
    signature="cost_between(n, kappa)",
    returns="one cost for each pair of neighbouring sizes",
    cases=_CURVES,
    exact=lambda n, kappa: _slopes(n, kappa) - 1,
    mistakes=(
        (
            "the slope itself",
            _slopes,
            "This is the susceptibility, which counts the noise of new labels, too. Less one.",
        ),
        ("sign", lambda n, kappa: -_slopes(n, kappa) - 1, "κ falls, so its slope is negative; the cost is not."),
        (
            "no logarithms",
            lambda n, kappa: -np.diff(kappa) / np.diff(n) - 1,
            "A slope between logarithms: doubling n, by which factor does κ fall?",
        ),
        (
            "upside down",
            lambda n, kappa: 1 / _slopes(n, kappa) - 1,
            "The change of ln κ over the change of ln n, not the other way round.",
        ),
        ("gamma", lambda n, kappa: 1 - 1 / _slopes(n, kappa), "This is γ. The cost is γ/(1 − γ)."),
    ),
    said="A κ that falls as 1/n costs nothing; one that falls as n to the −1.5 costs one half.",
    hint="What should come out where κ is halved when n is doubled?",
)


def cost_between(answer) -> Verdict:
    """−Δ ln κ / Δ ln n − 1."""
    return _COST.judge(answer)


_SPECTRA = (
    (np.array([1.0, 0.1, 1.0, 0.2, 0.1, 0.05]), 3, 2),
    (np.r_[np.full(40, 0.01), 2.0, 3.0], 20, 2),
    (np.array([0.5, 0.25, 0.125, 0.0625]), 2.5, 0),
)


def _tail(eigenvalues, k):
    return np.sort(eigenvalues)[::-1][k:]


def _rate(eigenvalues, n, k):
    tail = _tail(eigenvalues, k)
    return k / n + n * np.sum(tail**2) / np.sum(tail) ** 2


_RATE = Exercise(
    signature="benign_rate(eigenvalues, n, k)",
    returns="one number",
    cases=_SPECTRA,
    exact=_rate,
    mistakes=(
        (
            "not sorted",
            lambda s, n, k: k / n + n * np.sum(s[k:] ** 2) / np.sum(s[k:]) ** 2,
            "The eigenvalues come in any order. The tail holds the smallest ones: sort first.",
        ),
        (
            "smallest first",
            lambda s, n, k: k / n + n * np.sum(np.sort(s)[k:] ** 2) / np.sum(np.sort(s)[k:]) ** 2,
            "Sorted from the smallest, the first k are the weakest. The head is the k largest.",
        ),
        (
            "r instead of R",
            lambda s, n, k: k / n + n * _tail(s, k)[0] / np.sum(_tail(s, k)),
            "This uses r_k, the sum over the largest. The estimate needs R_k, the sum squared over the sum of squares.",
        ),
        (
            "upside down",
            lambda s, n, k: k / n + np.sum(_tail(s, k)) ** 2 / np.sum(_tail(s, k) ** 2) / n,
            "A longer tail must cost less: n over R, not R over n.",
        ),
        (
            "no head",
            lambda s, n, k: n * np.sum(_tail(s, k) ** 2) / np.sum(_tail(s, k)) ** 2,
            "The k directions of the head cost k/n.",
        ),
        (
            "whole spectrum",
            lambda s, n, k: k / n + n * np.sum(s**2) / np.sum(s) ** 2,
            "R_k is of the tail alone, without the k largest.",
        ),
    ),
    said="Learned directions cost one nth each; a tail costs n over the number of directions that it is worth.",
    hint="For m equal eigenvalues and k = 0 it is n/m.",
)


def benign_rate(answer) -> Verdict:
    """k/n + n/R_k."""
    return _RATE.judge(answer)
