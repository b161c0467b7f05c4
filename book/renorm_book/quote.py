"""Numbers that the prose quotes, held to what the notebook computes."""

import json
import os
import re
from dataclasses import asdict, dataclass

__all__ = ["Printed", "printed", "quote"]

_NUMBER = re.compile(
    r"(?P<number>[-−]?\d[\d,]*(?:\.(?P<decimals>\d+))?)"
    r"(?:\s*[×x]\s*10\^?\{?(?P<power>[-−]?\d+)\}?)?"
    r"(?P<percent>\s*(?:%|per cent))?"
    r"(?:\s*\(?\s*(?:±|\\pm)\s*(?P<error>\d+(?:\.(?P<error_decimals>\d+))?)(?P<both>\s*(?:%|per cent))?)?"
)


@dataclass(frozen=True)
class Printed:
    """A number as it stands in a text: its value, half a unit of its last digit, and of its last digit that is not 0.

    ``error`` and ``error_unit`` are the uncertainty printed after ± and half a unit of its last digit, or None.
    """

    value: float
    half_unit: float
    coarse_half_unit: float
    error: float | None = None
    error_half_unit: float | None = None


def printed(text: str) -> Printed:
    """The first number of a text, read as a percentage where a % sign follows, and what follows it after ±.

    >>> printed("some 800 times smaller")
    Printed(value=800.0, half_unit=0.5, coarse_half_unit=50.0, error=None, error_half_unit=None)
    >>> printed("0.81 ± 0.01 of it").error
    0.01

    Raises ``ValueError`` where there is none.
    """
    found = _NUMBER.search(text)
    if not found:
        raise ValueError(f"text = {text!r}: must contain a number")
    digits = found["number"].replace(",", "").replace("−", "-")
    scale = 10.0 ** int((found["power"] or "0").replace("−", "-")) * (
        0.01 if found["percent"] or found["both"] else 1.0
    )
    half_unit = 0.5 * 10.0 ** -len(found["decimals"] or "") * scale
    zeros = 0 if found["decimals"] or float(digits) == 0 else len(digits) - len(digits.rstrip("0"))
    error = found["error"] and float(found["error"]) * scale
    error_half_unit = found["error"] and 0.5 * 10.0 ** -len(found["error_decimals"] or "") * scale
    return Printed(float(digits) * scale, half_unit, half_unit * 10.0**zeros, error, error_half_unit)


def quote(text: str, value: float, *, se: float = 0.0) -> None:
    """Fail unless ``value`` is the number written in ``text``.

    The text is quoted from the chapter's prose word for word ("38.5 %", "0.0033 in one draw"). Its first number, read
    as a percentage where a % sign follows, must equal ``value`` to half a unit of its last digit and two standard
    errors. ``se`` is the standard error of ``value``, computed in the chapter; 0 for what is not a matter of chance. A
    test of the book checks that the text stands in the prose of the same notebook.

    Where the environment variable RENORM_QUOTES names a file, a line of JSON is added to it for each quote:
    ``python -m tools.check.quotes`` lists those of the whole book and holds them to the rule for digits.

    Raises ``AssertionError`` where the two differ, ``ValueError`` where the text holds no number.

    >>> quote("a test error of 38.5 %", 0.3849)
    >>> quote("an error of 0.22", 0.231, se=0.004)
    """
    number, value, se = printed(text), float(value), float(se)
    allowed = number.half_unit * (1 + 1e-9) + 2 * se
    if os.environ.get("RENORM_QUOTES"):
        row = {"text": text, "computed": value, "se": se, **asdict(number)}
        with open(os.environ["RENORM_QUOTES"], "a", encoding="utf8") as file:
            file.write(json.dumps(row) + "\n")
    if not abs(value - number.value) <= allowed:
        raise AssertionError(f"the text says {text!r}, the computation {value:.6g} (allowed difference {allowed:.3g})")
