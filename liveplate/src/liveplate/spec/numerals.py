"""Numbers as a reader should see them: few digits, a true minus sign, powers of ten instead of ``1e-05``."""

import math

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def numeral(value: float, digits: int = 3) -> str:
    """``value`` to ``digits`` significant digits; whole numbers below a million stay whole.

    >>> [numeral(v) for v in (200, 0.0123456, 1e-5, 2.5e7, -1.0, 0.1 + 0.2)]
    ['200', '0.0123', '10⁻⁵', '2.5×10⁷', '−1', '0.3']
    """
    if isinstance(value, bool) or not math.isfinite(value):
        return str(value).replace("-", "−")
    if value == int(value) and abs(value) < 1e6:
        return str(int(value)).replace("-", "−")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -4 < power < 6:
        fixed = f"{value:.{max(digits - 1 - power, 0)}f}"
        return (fixed.rstrip("0").rstrip(".") if "." in fixed else fixed).replace("-", "−")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    ten = "10" + str(power).translate(SUPERSCRIPT)
    return {"1": ten, "-1": "−" + ten}.get(mantissa, f"{mantissa}×{ten}".replace("-", "−"))
