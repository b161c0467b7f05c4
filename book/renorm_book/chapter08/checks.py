"""Instant checks of chapter 8, what is being renormalized."""

from functools import cache

import numpy as np

from renorm.theory.renormalization import dyson_iteration, integrate_out
from renorm.theory.ridge import renormalized_ridge
from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict, wrong

__all__ = ["layers", "run_down"]


def _run_down(order=lambda s: np.argsort(-s), divide=lambda n: n, signal=lambda w, s, n: w**2 * s):
    def pair(s, w, n, ridge, noise, keep):
        tail = order(s)[keep:]
        return np.array([ridge + s[tail].sum() / divide(n), noise + np.sum(signal(w[tail], s[tail], n))])

    return pair


_ONE = np.array([0.5, 4.0, 0.25, 2.0]), np.array([1.0, 3.0, -2.0, 0.5])
_TWO = np.array([0.1, 0.3, 7.0, 0.02, 1.0, 0.7]), np.array([2.0, -1.0, 0.5, 3.0, 1.5, 0.2])

_RUN_DOWN = Exercise(
    signature="run_down(s, w, n, ridge, noise, keep)",
    returns="two numbers, the new ridge and the new noise variance",
    cases=((*_ONE, 5, 0.1, 0.3, 2), (*_TWO, 8, 0.02, 0.5, 3), (*_TWO, 8, 0.02, 0.5, 6)),
    exact=_run_down(),
    mistakes=(
        (
            "not sorted",
            _run_down(order=lambda s: np.arange(len(s))),
            "You cut the list where it stands. The weakest directions are to go: sort by variance first.",
        ),
        (
            "weights not sorted",
            lambda s, w, n, ridge, noise, keep: _run_down()(np.sort(s)[::-1], w, n, ridge, noise, keep),
            "You sorted the variances and left the coefficients where they were. Take them along.",
        ),
        (
            "not divided by n",
            _run_down(divide=lambda n: 1),
            "The ridge is per sample: the variance of the tail is shared among the n samples.",
        ),
        (
            "noise divided by n",
            _run_down(signal=lambda w, s, n: w**2 * s / n),
            "Noise sits on every label in full; only the ridge is divided by n.",
        ),
        (
            "weights not squared",
            _run_down(signal=lambda w, s, n: w * s),
            "The variance of w x is w² s: square the weights.",
        ),
        (
            "no variance in the noise",
            _run_down(signal=lambda w, s, n: w**2),
            "A direction's signal is w² s, not w².",
        ),
        ("kept the tail", _run_down(order=np.argsort), "You removed the strongest directions and kept the tail."),
        (
            "swapped",
            lambda *case: _run_down()(*case)[::-1],
            "The order: first the ridge, then the noise variance.",
        ),
    ),
    said="The tail has become penalty and noise; only its sums are remembered.",
    hint="If all directions are kept, nothing is integrated out, and both numbers must come back as given.",
    library=(integrate_out,),
)


def run_down(answer) -> Verdict:
    """(λ_K, σ_K²) once all but the ``keep`` largest directions are integrated out."""
    return _RUN_DOWN.judge(answer)


@cache
def _run(s: tuple, n: int, ridge: float) -> np.ndarray:
    return dyson_iteration(s, n, ridge, steps=400)  # enough for every case below


def _iterates(s, n, ridge) -> np.ndarray:
    return _run(tuple(s), n, ridge)


def _first(good) -> int:
    return int(np.argmax(good))


def _layers(s, n, ridge, accuracy, shift=0, absolute=False) -> int:
    kappa = renormalized_ridge(s, n, ridge)
    return _first(np.abs(_iterates(s, n, ridge) - kappa) <= accuracy * (1 if absolute else kappa)) + shift


def _still(s, n, ridge, accuracy, shift=0) -> int:
    iterates = _iterates(s, n, ridge)
    return _first(np.abs(np.diff(iterates)) <= accuracy * iterates[1:]) + shift


_CHANGE = (
    "You stop when a step changes little. Near the end each step closes only the share 1 − γ of what is missing: a "
    "small step is not yet a small distance to κ."
)
_ABSOLUTE = "You compared the difference itself. The accuracy is relative to κ."


def _about_layers(found: list) -> Verdict | str:
    if any(value != np.rint(value) for value in found):
        return wrong("A number of steps is one whole number.", "not whole")
    if any(value == 0 for value in found):
        return wrong(
            "Zero steps, once at least: is the list of iterates long enough for one of them to be good?", "too short"
        )
    return "Count the steps by hand: how far from κ is the iterate at which you stop, and how far the one before?"


_LAYERS = Exercise(
    signature="layers(s, n, ridge, accuracy)",
    returns="one number, how many steps",
    # "relative" to κ or to the iterate, ≤ or <: in these cases it is the same number of steps
    cases=(
        (np.arange(1, 61.0) ** -1.2, 40, 1e-3, 0.01),
        (np.ones(50), 50, 1e-3, 0.008),
        (np.ones(100), 100, 1e-2, 0.01),
        (3 * np.arange(1, 41.0) ** -0.8, 20, 0.02, 0.03),
    ),
    exact=_layers,
    mistakes=(
        ("off by one", lambda *case: _layers(*case, shift=1), "One too many: the bare ridge is step zero."),
        (
            "one too few",
            lambda *case: _layers(*case, shift=-1),
            "One too few: the iterate that you stop at is not yet within the accuracy.",
        ),
        ("absolute error", lambda *case: _layers(*case, absolute=True), _ABSOLUTE),
        ("step's change", _still, _CHANGE),
        ("step's change", lambda *case: _still(*case, shift=1), _CHANGE),
    ),
    said="Near n = d and with little ridge it takes many: the susceptibility counts the layers that matter.",
    hint=_about_layers,
)


def layers(answer) -> Verdict:
    """Steps of the iteration from the bare ridge until κ_t is within the relative accuracy."""
    return _LAYERS.judge(answer)
