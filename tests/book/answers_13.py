"""Answers to chapter 13's exercises."""

from exercise_table import Row

from renorm_book.chapter13 import checks as check

TABLE = {
    "averaged": Row(
        check.averaged,
        right={
            "the formula": lambda b, d, f, i, k: b + d + (f + i) / k,
            "less what is removed": lambda b, d, f, i, k: b + d + f + i - (1 - 1 / k) * (f + i),
        },
        wrong={
            "all of it": lambda b, d, f, i, k: (b + d + f + i) / k,
            "data, too": lambda b, d, f, i, k: b + (d + f + i) / k,
            "features only": lambda b, d, f, i, k: b + d + f / k + i,
            "interaction only": lambda b, d, f, i, k: b + d + f + i / k,
            "squared": lambda b, d, f, i, k: b + d + (f + i) / k**2,
            "not divided": lambda b, d, f, i, k: b + d + f + i,
            "unrecognised": lambda b, d, f, i, k: b + f / k,
        },
        exercise=check._AVERAGED,
    ),
    "disguised": Row(
        check.disguised,
        right={
            "the formula": lambda r, d, n: r / (1 - d / n),
            "one fraction": lambda r, d, n: r * n / (n - d),
            "a series": lambda r, d, n: r * sum((d / n) ** k for k in range(1000)),
        },
        wrong={
            "smaller": lambda r, d, n: r * (1 - d / n),
            "upside down": lambda r, d, n: r / (1 - n / d),
            "squared": lambda r, d, n: r / (1 - d / n) ** 2,
            "added": lambda r, d, n: r + d / n,
            "share": lambda r, d, n: r * n / d,
            "unrecognised": lambda r, d, n: 2 * r,
        },
        exercise=check._DISGUISED,
    ),
}
