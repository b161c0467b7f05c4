"""Instant checks of chapter 3, the solution gradient descent picks."""

import numpy as np

from renorm_book import answers
from renorm_book.exercise import Exercise, judged
from renorm_book.verdict import Verdict, right, wrong

__all__ = ["bad_fit", "limit"]

_WEIGHTS = "one weight for each of the d features"


def _problem(seed: int, n: int, d: int) -> tuple:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal(d)


def _shortest(X, y) -> np.ndarray:
    return np.linalg.pinv(X) @ y


def _seen(X, w) -> np.ndarray:
    """The part of w in the row space."""
    return np.linalg.pinv(X) @ (X @ w)


def _fits(X, y, w) -> bool:
    return answers.near(X @ w, y)


_STARTS = (_problem(3, 6, 15), (*_problem(4, 4, 9)[:2], np.zeros(9)), _problem(5, 5, 8))


def _about(found: list) -> Verdict | str:
    if not all(_fits(X, y, w) for w, (X, y, _) in zip(found, _STARTS, strict=True)):
        return wrong("Your weights do not fit the data: X @ w differs from y.", "no fit")
    return "It fits, but it is not the fit nearest to the start: compare its null-space part with the start's."


_LIMIT = Exercise(
    signature="limit(X, y, start)",
    returns=_WEIGHTS,
    cases=_STARTS,
    exact=lambda X, y, start: start - _seen(X, start) + _shortest(X, y),
    mistakes=(
        (
            "from zero",
            lambda X, y, start: _shortest(X, y),
            "This is the shortest fit, the end of a path from zero. The start is not always zero.",
        ),
        (
            "whole start",
            lambda X, y, start: start + _shortest(X, y),
            "You keep all of the start. Its part in the row space is carried to the data: take that part out.",
        ),
        (
            "wrong part",
            lambda X, y, start: _seen(X, start) + _shortest(X, y),
            "You kept the part of the start in the row space. It is the other part that stays.",
        ),
        (
            "wrong sign",
            lambda X, y, start: _shortest(X, y) - (start - _seen(X, start)),
            "It fits, but the part that the data never touch comes out with the opposite sign.",
        ),
        (
            "correction only",
            lambda X, y, start: _shortest(X, y - X @ start),
            "This is the way from the start to the end. Where does it end?",
        ),
    ),
    said="It fits the data, and what the data never touch is still that of the start.",
    hint=_about,
)


def limit(answer) -> Verdict:
    """Where gradient descent from ``start`` ends: start + X⁺ (y − X start)."""
    return _LIMIT.judge(answer)


_ORDERS = ((3, 6, 15, 7.0), (4, 4, 9, 1.5), (5, 5, 30, 2.5))
# A length is recognised by what it is as a multiple of the shortest; the first that agrees in all cases is named.
_LENGTHS = (
    ("shortest", lambda t: 1.0, "It fits, but it is the shortest fit itself: add something that the data do not see."),
    (
        "length of the part",
        lambda t: np.sqrt(1 + t**2),
        "What you added is as long as the whole was to be; the sum is longer. What does Pythagoras say?",
    ),
    (
        "lengths added",
        lambda t: np.sqrt(1 + (t - 1) ** 2),
        "Lengths at right angles do not add. What does Pythagoras say?",
    ),
    (
        "root forgotten",
        lambda t: np.sqrt(1 + (t**2 - 1) ** 2),
        "The length of what you add is t² − 1 times the shortest; that is its square.",
    ),
)


@judged
def bad_fit(answer) -> Verdict:
    """Weights with X w = y and a length ``times`` that of the shortest fit."""
    problems = [(*_problem(seed, n, d)[:2], times) for seed, n, d, times in _ORDERS]
    cases = [(*problem, np.random.default_rng(0)) for problem in problems]
    found = answers.collect(answer, "bad_fit(X, y, times, rng)", cases, _WEIGHTS)
    for w, (X, _, _) in zip(found, problems, strict=True):
        if np.squeeze(w).shape != (X.shape[1],):
            return wrong(f"Return {_WEIGHTS}: {X.shape[1]} here; yours has shape {w.shape}.", "shape")
    found = [np.squeeze(w) for w in found]
    if not all(_fits(X, y, w) for w, (X, y, _) in zip(found, problems, strict=True)):
        if all(answers.near(w, t * _shortest(X, y)) for w, (X, y, t) in zip(found, problems, strict=True)):
            return wrong("Scaling the shortest fit scales its predictions: the training error is not zero.", "scaled")
        return wrong("It does not fit: the vector you add must have no component in the row space.", "no fit")
    ratios = [np.linalg.norm(w) / np.linalg.norm(_shortest(X, y)) for w, (X, y, _) in zip(found, problems, strict=True)]
    times = [t for *_, t in problems]
    if answers.same(ratios, times):
        return right("A perfect fit, as long as you like. Nothing in the training data objects.")
    for name, length, hint in _LENGTHS:
        if answers.same(ratios, [length(t) for t in times]):
            return wrong(hint, name)
    place = next(i for i, (ratio, t) in enumerate(zip(ratios, times, strict=True)) if not answers.near(ratio, t))
    return wrong(
        f"It fits, and its length is {ratios[place]:.3f} times the shortest; {times[place]:g} was asked for.", "length"
    )
