"""How all checks read an answer: a number, an array, or a function that is called; what can't be read is explained.

Every function here returns what was read or raises ``Refused`` with the verdict to show, never anything else. Answers
are met halfway: a number may come as an int, a float, a fraction, a NumPy scalar, or an array or list of one element; a
vector as a list, a row or a column.
"""

import copy
import functools
import inspect
import numbers
import sys
import warnings
from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np

from renorm_book.verdict import Refused, Verdict, not_answered, wrong

__all__ = ["called", "collect", "near", "read", "same", "single", "usable"]


def near(value, target, tolerance: float = 1e-5) -> bool:
    """Equal to ``tolerance`` times the largest entry of the target (and to 1e-12 where that is zero).

    1e-5 lets pass what comes from an iteration that stops at 1e-6, or was computed in single precision; the nearest
    mistake that a check knows is 6e-3 away.
    """
    value, target = np.squeeze(value), np.squeeze(target)
    if value.shape != target.shape:
        return False
    return bool(np.all(np.abs(value - target) <= tolerance * np.max(np.abs(target), initial=0.0) + 1e-12))


def same(values: Sequence, targets: Sequence) -> bool:
    """Equal one by one."""
    return all(near(value, target) for value, target in zip(values, targets, strict=True))


# ------------------------------------------------------------------------------------------------ numbers and arrays


def read(answer, who: str, returns: str = "a number") -> np.ndarray:
    """The finite real number or array of numbers that was handed over, as an array of floats of its own shape.

    ``who`` begins the sentence that says what is wrong: "alpha" or "kappa_hat(X, ridge)".

    >>> read([np.float64(0.5)], "alpha")
    array([0.5])
    >>> read("12", "alpha")
    Traceback (most recent call last):
    ...
    renorm_book.verdict.Refused: alpha must be a number, not a text. Leave out the quotation marks.
    """
    try:
        values = _floats(answer, who, returns)
    except Refused:
        raise
    except Exception as error:  # an object that behaves oddly when NumPy looks at it
        raise _refuse(f"{who} can't be read as {returns} ({type(error).__name__}).", "not a number") from None
    if values.size == 0:
        raise _refuse(f"{who} is empty; it must be {returns}.", "shape")
    if not np.all(np.isfinite(values)):
        name = "nan, not a number" if np.any(np.isnan(values)) else "infinite"
        what = f"is {name}" if values.size == 1 else f"contains {name.split(',')[0]} values"
        raise _refuse(
            f"{who} {what}: somewhere a division by zero, or the root or logarithm of something negative.", "nan"
        )
    return values


def single(answer, who: str) -> float:
    """The one number that was handed over, however it is wrapped."""
    if answer is None or answer is Ellipsis:
        raise Refused(not_answered(f"set {who} to a number."))
    values = read(answer, who)
    if values.size != 1:
        raise _refuse(f"{who} must be one number; yours are {values.size}, in shape {values.shape}.", "shape")
    return values.ravel()[0]


def _floats(answer, who: str, returns: str) -> np.ndarray:
    if answer is Ellipsis:
        raise Refused(not_answered(f"{who} is to be {returns}."))
    if answer is None:
        raise _refuse(f"{who} is None; it must be {returns}. Is a return missing?", "nothing returned")
    if isinstance(answer, (list, tuple)):
        parts = [_floats(part, who, returns) for part in answer]
        parts = [part.reshape(()) if part.size == 1 else part for part in parts]
        if len({part.shape for part in parts}) > 1:
            raise _refuse(f"{who} has parts of different lengths; it must be {returns}.", "shape")
        return np.array(parts, dtype=float)
    if isinstance(answer, np.ndarray) or not (callable(answer) or isinstance(answer, (str, bytes, dict, set))):
        values = np.asarray(answer)
        if values.dtype.kind in "biuf":
            return values.astype(float)
        if values.dtype.kind == "O" and all(isinstance(x, (numbers.Real, Decimal)) for x in values.flat):
            return np.array([_float(x) for x in values.flat]).reshape(values.shape)
        if values.dtype.kind == "O" and any(x is Ellipsis for x in values.flat) and values.ndim:
            raise Refused(not_answered(f"{who} is to be {returns}."))
        answer = values.flat[0] if values.size else 0.0
    raise _refuse(f"{who} must be {returns}, not {_kind(answer)}", "not a number")


def _float(x) -> float:
    try:
        return float(x)
    except OverflowError:
        return np.inf


def _kind(answer) -> str:
    """What an answer is that is no real number, in words, with what to do about it."""
    if isinstance(answer, (str, bytes)):
        return "a text. Leave out the quotation marks."
    if isinstance(answer, (complex, np.complexfloating)):
        return "a complex one. For a symmetric matrix use eigvalsh; elsewhere, is it the root of something negative?"
    if callable(answer):
        return "a function. Call it, and hand over the result."
    return f"an object of type {type(answer).__name__}."


def _refuse(message: str, mistake: str) -> Refused:
    return Refused(wrong(message, mistake))


# ------------------------------------------------------------------------------------------------------- functions


def usable(function, signature: str) -> None:
    """Refuse what is not a function of the reader's own. ``signature``: "kappa_hat(X, ridge)"."""
    try:
        _usable(function, signature)
    except Refused:
        raise
    except Exception as error:  # an object that behaves oddly when it is looked at
        raise _refuse(f"This can't be used as a function ({type(error).__name__}).", "not a function") from None


def _usable(function, signature: str) -> None:
    name = signature.partition("(")[0]
    if function is None or function is Ellipsis:
        raise Refused(not_answered(f"write the function {signature}."))
    if isinstance(function, Verdict):
        raise _refuse(f"That is a verdict. Hand over the function {name} itself.", "not a function")
    if not callable(function):
        kind = "a text" if isinstance(function, (str, bytes)) else f"of type {type(function).__name__}"
        raise _refuse(
            f"{name} must be a function; this is {kind}. Hand over its name, without calling it.", "not a function"
        )
    owner = _owner(function)
    if owner:
        raise Refused(_not_yours(owner))


def _owner(function) -> str:
    """The name of the library's function that this is, also behind functools.partial, np.vectorize or a decorator."""
    for _ in range(20):
        module = str(getattr(function, "__module__", "") or "").partition(".")[0]
        if module in ("renorm", "renorm_book", "liveplate"):
            return str(getattr(function, "__name__", type(function).__name__))
        inner = None
        for wrapper, attribute in ((functools.partial, "func"), (np.vectorize, "pyfunc"), (object, "__wrapped__")):
            if isinstance(function, wrapper):
                inner = inner or getattr(function, attribute, None)
        if inner is None:
            return ""
        function = inner
    return ""


def _not_yours(name: str) -> Verdict:
    return wrong(
        f"{name} is the library's own function, and it does the whole exercise. Write the formula yourself.", "library"
    )


class _Watch:
    """Sees whether certain functions of the library run while an answer is computed: a wrapper of one is no answer.

    A copy of the library's code, or its use in another thread or process, is not seen; nor is anything where a profiler
    is at work already.
    """

    def __init__(self, library: Sequence[Callable]):
        self.codes = {inspect.unwrap(function).__code__: function.__name__ for function in library}
        self.used = ""

    def __enter__(self):
        self.active = bool(self.codes) and sys.getprofile() is None
        if self.active:
            sys.setprofile(self.look)
        return self

    def __exit__(self, *_):
        if self.active:
            sys.setprofile(None)

    def look(self, frame, event, _):
        if event == "call" and frame.f_code in self.codes:
            self.used = self.codes[frame.f_code]


def called(function, signature: str, arguments: tuple, library: Sequence[Callable] = (), singular: str = ""):
    """What the function returns for the arguments (copies of them), or the reason why it returns nothing.

    A function that fails on plain numbers is tried once more with arrays of one element, for answers that are written
    for arrays only. ``library``: functions of the book that may not be called on the way. ``singular``: what to say
    where a matrix could not be inverted.
    """
    name = signature.partition("(")[0]
    _called_like(function, signature, arguments)
    with _Watch(library) as watch, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            answer = function(*copy.deepcopy(arguments))
        except Exception as error:
            try:
                answer = function(*[np.atleast_1d(copy.deepcopy(argument)) for argument in arguments])
            except Exception:
                raise _refuse(*_stopped(error, name, signature, arguments, singular)) from None
    if watch.used:
        raise Refused(_not_yours(watch.used))
    return answer


def _called_like(function, signature: str, arguments: tuple) -> None:
    """Refuse a function that does not take so many arguments, or takes those of this name in another order."""
    try:
        own = inspect.signature(function)
        own.bind(*arguments)
    except ValueError:  # a built-in function that does not tell
        return
    except TypeError as error:
        raise _refuse(f"It is called as {signature}, and yours can't be: {error}.", "arguments") from None
    expected = signature.partition("(")[2].rstrip(")").split(", ")
    if sorted(own.parameters) == sorted(expected) and list(own.parameters) != expected:
        raise _refuse(f"It is called as {signature}; yours takes them in another order.", "arguments")


def _stopped(error: Exception, name: str, signature: str, arguments: tuple, singular: str) -> tuple[str, str]:
    try:
        words = f"{type(error).__name__}: {error}".removesuffix(": ")
    except Exception:  # an exception that can't be printed
        words = type(error).__name__
    if singular and isinstance(error, np.linalg.LinAlgError):
        return f"A matrix could not be inverted ({error}): {singular}", "inverse"
    return f"For {described(signature, arguments)} {name} stopped with {words}.", "raised"


def described(signature: str, arguments: tuple) -> str:
    """The arguments in words.

    >>> described("kappa_hat(X, ridge)", (np.ones((12, 20)), 0.3))
    'X of shape (12, 20), ridge = 0.3'
    """
    names = signature.partition("(")[2].rstrip(")").split(", ")
    parts = []
    for name, value in zip(names, arguments, strict=True):
        if isinstance(value, np.random.Generator):
            continue
        array = np.asarray(value)
        if array.ndim == 0:
            parts.append(f"{name} = {value:g}")
        elif array.size <= 5:
            parts.append(f"{name} = {np.array([float(f'{x:.3g}') for x in array.flat]).reshape(array.shape).tolist()}")
        else:
            parts.append(f"{name} of shape {array.shape}")
    return ", ".join(parts)


def collect(
    function, signature: str, cases: Sequence[tuple], returns: str = "a number", library=(), singular: str = ""
) -> list[np.ndarray]:
    """What the function returns for each case, read as numbers."""
    usable(function, signature)
    name = signature.partition("(")[0]
    found = []
    for case in cases:
        answer = called(function, signature, case, library, singular)
        if answer is Ellipsis:
            raise Refused(not_answered(f"let {name} return {returns}."))
        found.append(read(answer, f"What {name} returns", returns))
    return found
