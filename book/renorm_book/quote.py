"""Numbers that the prose quotes, held to what the notebook computes."""

import re

__all__ = ["quote"]


def quote(text: str, value: float, tolerance: float | None = None, *, se: float = 0.0) -> None:
    """Fail unless ``value`` is the number written in ``text``.

    The text is quoted from the chapter's prose word for word ("38.5 %", "0.0033 in one draw"). Its first number, read
    as a percentage where a % sign follows, must equal ``value`` to half a unit of its last digit and two standard
    errors. ``se`` is the standard error of ``value``, computed in the chapter; 0 for what is not a matter of chance. A
    test of the book checks that the text stands in the prose of the same notebook.

    Raises ``AssertionError`` where the two differ, ``ValueError`` where the text holds no number.

    >>> quote("a test error of 38.5 %", 0.3849)
    >>> quote("an error of 0.22", 0.231, se=0.004)
    """
    found = re.search(r"[-−]?\d[\d,]*(?:\.(\d+))?(?:\s*[×x]\s*10\^?\{?([-−]?\d+)\}?)?(\s*(?:%|per cent))?", text)
    if not found:
        raise ValueError(f"text = {text!r}: must contain a number")
    mantissa = re.match(r"[-−]?\d[\d,]*(?:\.\d+)?", found.group()).group().replace(",", "").replace("−", "-")
    scale = 10.0 ** int((found.group(2) or "0").replace("−", "-")) * (0.01 if found.group(3) else 1.0)
    half_unit = 0.5 * 10.0 ** -len(found.group(1) or "")
    allowed = half_unit * scale * (1 + 1e-9) + 2 * float(se) if tolerance is None else tolerance
    if not abs(float(value) - float(mantissa) * scale) <= allowed:
        raise AssertionError(
            f"the text says {text!r}, the computation {float(value):.6g} (allowed difference {allowed:.3g})"
        )
