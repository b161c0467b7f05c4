"""Instant checks of chapter 3, the solution gradient descent picks."""

import numpy as np

from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["bad_fit", "limit"]


def _problem():
    rng = np.random.default_rng(3)
    X = rng.standard_normal((6, 15))
    return X, rng.standard_normal(6), rng.standard_normal(15)


def _shaped(found, size: int) -> np.ndarray | None:
    found = np.asarray(found, dtype=float)
    return found if found.shape == (size,) else None


def limit(answer) -> Verdict:
    """Where gradient descent from ``start`` ends: start + X⁺ (y − X start)."""
    X, y, start = _problem()
    found = answer(X, y, start)
    if is_stub(found):
        return not_answered("return the weights at which gradient descent from the given start ends.")
    found = _shaped(found, len(start))
    if found is None:
        return wrong("Return one weight for each of the d features.", "shape")
    inverse = np.linalg.pinv(X)
    shortest, inside = inverse @ y, inverse @ (X @ start)
    if np.allclose(found, start - inside + shortest, rtol=1e-7, atol=1e-9):
        return right("It fits the data, and what the data never touch is still that of the start.")
    if np.allclose(found, shortest, rtol=1e-7, atol=1e-9):
        return wrong("This is the shortest fit, the end of a path from zero. The start is not zero here.", "from zero")
    if np.allclose(found, start + shortest, rtol=1e-7, atol=1e-9):
        return wrong(
            "You keep all of the start. Its part in the row space is carried to the data: take that part out.",
            "whole start",
        )
    if np.allclose(found, inside + shortest, rtol=1e-7, atol=1e-9):
        return wrong("You kept the part of the start in the row space. It is the other part that stays.", "wrong part")
    if not np.allclose(X @ found, y, rtol=1e-6, atol=1e-8):
        return wrong("Your weights do not fit the data: X @ w differs from y.", "no fit")
    return wrong("It fits, but it is not the fit nearest to the start: compare its null-space part with the start's.")


def bad_fit(answer) -> Verdict:
    """Weights with X w = y and a length ``times`` that of the shortest fit."""
    X, y, _ = _problem()
    times = 7.0
    found = answer(X, y, times, np.random.default_rng(0))
    if is_stub(found):
        return not_answered("return weights that fit the data and have the length asked for.")
    found = _shaped(found, X.shape[1])
    if found is None:
        return wrong("Return one weight for each of the d features.", "shape")
    shortest = np.linalg.pinv(X) @ y
    length, wanted = np.linalg.norm(found), np.linalg.norm(shortest)
    if not np.allclose(X @ found, y, rtol=1e-6, atol=1e-8):
        if np.allclose(found, times * shortest, rtol=1e-7):
            return wrong("Scaling the shortest fit scales its predictions: the training error is not zero.", "scaled")
        return wrong("It does not fit: the vector you add must have no component in the row space.", "no fit")
    if np.isclose(length, times * wanted, rtol=1e-7):
        return right("A perfect fit, as long as you like. Nothing in the training data objects.")
    if np.isclose(length, wanted, rtol=1e-7):
        return wrong("It fits, but it is the shortest fit itself: add something that the data do not see.", "shortest")
    if np.isclose(length**2, (1 + times**2) * wanted**2, rtol=1e-6):
        return wrong(
            "What you added is as long as the whole was to be; the sum is longer. Pythagoras: √(times² − 1).",
            "length of the part",
        )
    if np.isclose(length**2, (1 + (times - 1) ** 2) * wanted**2, rtol=1e-6):
        return wrong("Lengths at right angles do not add. Pythagoras: √(times² − 1).", "lengths added")
    return wrong(
        f"It fits, and its length is {length / wanted:.3f} times the shortest; {times:g} was asked for.", "length"
    )
