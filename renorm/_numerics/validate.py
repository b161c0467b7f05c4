"""Checks of arguments: one clear ``ValueError`` that names the argument, its value and what is allowed."""

from numbers import Real

import numpy as np


def _fail(name: str, value, allowed: str):
    shown = np.array2string(np.asarray(value), threshold=6, precision=6) if np.ndim(value) else repr(value)
    raise ValueError(f"{name} = {shown}: {allowed}")


def _column(value, place: int) -> str:
    """What the user calls a column: by its name where there are names, as in a table of pandas."""
    names = getattr(value, "columns", None)
    return f"column {place}" if names is None else f"column {names[place]!r}"


def _refuse_entry(name: str, value, at: tuple[int, int], entry, allowed: str):
    raise ValueError(f"{name} = {entry!r} in {_column(value, at[1])}, row {at[0]}: {allowed}")


def _as_number(text) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True


def _numbers(name: str, value, raw: np.ndarray, allowed: str) -> np.ndarray:
    """An array of objects that are all real numbers, as floats; else the first entry that is none is named."""
    wrong = [
        at for at, entry in np.ndenumerate(raw) if isinstance(entry, str) or not isinstance(entry, (Real, np.bool_))
    ]
    if not wrong:
        return raw.astype(np.float64)
    if raw.ndim == 2:
        at = next((at for at in wrong if not _as_number(raw[at])), wrong[0])
        _refuse_entry(name, value, at, raw[at].item() if isinstance(raw[at], np.generic) else raw[at], allowed)
    _fail(name, value, allowed)


def real_array(name: str, value, allowed: str = "must be real and finite") -> np.ndarray:
    """``value`` as a float64 array; complex, text, NaN and infinities are refused, in a table by row and column."""
    try:
        raw = np.asarray(value)
    except (TypeError, ValueError):
        _fail(name, repr(value), allowed)
    if raw.dtype.kind in "OU":
        raw = _numbers(name, value, raw, allowed)
    if raw.dtype.kind not in "biuf":
        _fail(name, value, allowed)
    array = raw.astype(np.float64)
    if not np.all(np.isfinite(array)):
        if array.ndim == 2:
            at = tuple(np.argwhere(~np.isfinite(array))[0].tolist())
            _refuse_entry(name, value, at, float(array[at]), allowed)
        _fail(name, value, allowed)
    return array


def positive(name: str, value) -> np.ndarray:
    """Positive finite numbers, any shape."""
    allowed = "must be positive and finite"
    array = real_array(name, value, allowed)
    if np.any(array <= 0):
        _fail(name, value, allowed)
    return array


def non_negative(name: str, value) -> np.ndarray:
    """Finite numbers that are zero or larger, any shape."""
    allowed = "must be zero or larger, and finite"
    array = real_array(name, value, allowed)
    if np.any(array < 0):
        _fail(name, value, allowed)
    return array


def at_least(name: str, value, least: float) -> np.ndarray:
    """Finite numbers (whole or not) that are ``least`` or larger, any shape."""
    allowed = f"must be {least:g} or larger, and finite"
    array = real_array(name, value, allowed)
    if np.any(array < least):
        _fail(name, value, allowed)
    return array


def in_interval(name: str, value, low: float, high: float) -> np.ndarray:
    """Numbers in the closed interval [low, high], any shape."""
    allowed = f"must lie in [{low:g}, {high:g}]"
    array = real_array(name, value, allowed)
    if np.any((array < low) | (array > high)):
        _fail(name, value, allowed)
    return array


def integers(name: str, value, least: int = 1, most: int | None = None) -> np.ndarray:
    """Whole numbers from ``least`` (to ``most``), any shape; 3.0 counts as whole. Returned as float64."""
    allowed = f"must be whole and at least {least}" + (f", at most {most}" if most is not None else "")
    array = real_array(name, value, allowed)
    if np.any(array < least) or np.any(array != np.floor(array)) or (most is not None and np.any(array > most)):
        _fail(name, value, allowed)
    return array


def integer(name: str, value, least: int = 1, most: int | None = None) -> int:
    """One whole number as a Python int."""
    if np.ndim(value) != 0:
        _fail(name, value, "must be a single whole number")
    return int(integers(name, value, least, most))


def number(name: str, value, check=real_array) -> float:
    """One number that passes ``check``."""
    array = check(name, value)
    if array.ndim != 0:
        raise ValueError(f"{name} has shape {array.shape}: must be a single number")
    return float(array)


def broadcast(**arrays) -> tuple[np.ndarray, ...]:
    """The named arrays broadcast against each other."""
    try:
        return np.broadcast_arrays(*arrays.values())
    except ValueError:
        shapes = ", ".join(f"{name} has shape {array.shape}" for name, array in arrays.items())
        raise ValueError(f"{shapes}: must broadcast") from None


def vector(name: str, value, check=real_array) -> np.ndarray:
    """A non-empty one-dimensional array, each entry passing ``check``."""
    array = check(name, value)
    if array.ndim != 1 or array.size == 0:
        _fail(name, value, f"must be one-dimensional and not empty (its shape is {array.shape})")
    return array


def matrix(name: str, value) -> np.ndarray:
    """A non-empty two-dimensional array of finite reals."""
    array = real_array(name, value)
    if array.ndim != 2 or array.size == 0:
        _fail(name, value, f"must be two-dimensional and not empty (its shape is {array.shape})")
    return array


def same_length(**arrays) -> None:
    """All named arrays have the same first dimension."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"len({name}) = {length}" for name, length in lengths.items())
        raise ValueError(f"{listed}: must be equal")


def one_of(name: str, value, allowed) -> None:
    """``value`` is one of the named choices."""
    if value not in allowed:
        _fail(name, value, "must be one of " + ", ".join(map(repr, allowed)))


def generator(name: str, value) -> np.random.Generator:
    """A ``numpy.random.Generator``; a seed is accepted and made into one."""
    if isinstance(value, np.random.Generator):
        return value
    if isinstance(value, (int, np.integer, np.random.SeedSequence)) and not isinstance(value, bool):
        if not isinstance(value, np.random.SeedSequence) and value < 0:
            _fail(name, value, "must be a numpy.random.Generator or a non-negative seed")
        return np.random.default_rng(value)
    _fail(name, value, "must be a numpy.random.Generator or a non-negative seed")
