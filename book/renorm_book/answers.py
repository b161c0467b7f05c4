"""Answers that are a number, or a function that returns one: read and compared."""

from collections.abc import Callable

import numpy as np

from renorm_book.verdict import Verdict, is_stub, not_answered, wrong

__all__ = ["answers", "near", "number", "same"]


def number(answer) -> float | None:
    """The single finite number that was handed over, or None."""
    try:
        value = float(np.asarray(answer).item())
    except (TypeError, ValueError):
        return None
    return value if np.isfinite(value) else None


def near(value: float, target: float, tolerance: float = 1e-6) -> bool:
    """Equal to a relative tolerance."""
    return abs(value - target) <= tolerance * abs(target)


def same(values: list[float], targets: list[float]) -> bool:
    """Equal one by one."""
    return all(near(v, t) for v, t in zip(values, targets, strict=True))


def answers(function: Callable, arguments: list[tuple], name: str, singular: str = "") -> list[float] | Verdict:
    """The function's number for each tuple of arguments, or the verdict that says why there is none.

    ``singular``: what to say, after the error itself, where a matrix could not be inverted.
    """
    if is_stub(function):
        return not_answered(f"write the function {name}.")
    if not callable(function):
        return wrong(f"{name} must be a function; hand over its name without calling it.", "not a function")
    values = []
    for given in arguments:
        try:
            answer = function(*given)
        except Exception as error:
            if singular and isinstance(error, np.linalg.LinAlgError):
                return wrong(f"A matrix could not be inverted ({error}): {singular}", "inverse")
            return wrong(f"{name} stopped with {type(error).__name__}: {error}", "raised")
        if is_stub(answer):
            return not_answered(f"let {name} return a number.")
        values.append(number(answer))
        if values[-1] is None:
            return wrong(f"{name} must return a single finite number.", "not a number")
    return values
