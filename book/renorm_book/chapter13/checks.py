"""Instant checks of chapter 13, width and ensembles."""

from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict

__all__ = ["averaged", "disguised"]

_PARTS = ((0.05, 0.02, 0.1, 0.3, 4), (0.2, 0.03, 0.0, 0.12, 16), (0.01, 0.4, 0.08, 0.02, 3))

_AVERAGED = Exercise(
    signature="averaged(bias, data, features, both, members)",
    returns="one error",
    cases=_PARTS,
    exact=lambda b, d, f, i, k: b + d + (f + i) / k,
    mistakes=(
        (
            "all of it",
            lambda b, d, f, i, k: (b + d + f + i) / k,
            "No average removes the bias, or what the shared data do.",
        ),
        (
            "data, too",
            lambda b, d, f, i, k: b + (d + f + i) / k,
            "All machines see the same data, and are misled by them in the same way.",
        ),
        (
            "features only",
            lambda b, d, f, i, k: b + d + f / k + i,
            "What data and features do together is, for given data, a scatter of the features.",
        ),
        (
            "interaction only",
            lambda b, d, f, i, k: b + d + f + i / k,
            "The part of the features alone is averaged, too.",
        ),
        (
            "squared",
            lambda b, d, f, i, k: b + d + (f + i) / k**2,
            "The variance of a mean of K independent terms is one K-th, not one K²-th.",
        ),
        ("not divided", lambda b, d, f, i, k: b + d + f + i, "This is the error of one machine."),
    ),
    said="Sixteen machines keep a sixteenth of what the features added, and everything else.",
    hint="Which parts would be the same for two machines that saw the same data?",
)


def averaged(answer) -> Verdict:
    """bias + data + (features + both) / members."""
    return _AVERAGED.judge(answer)


_PENALTIES = ((0.01, 20.0, 50), (0.0001, 45.0, 50), (0.3, 2.5, 10))

_DISGUISED = Exercise(
    signature="disguised(ridge, df1, width)",
    returns="one penalty",
    cases=_PENALTIES,
    exact=lambda r, d, n: r / (1 - d / n),
    mistakes=(
        (
            "smaller",
            lambda r, d, n: r * (1 - d / n),
            "That is smaller than λ. Narrow machines act as if penalized more.",
        ),
        (
            "upside down",
            lambda r, d, n: r / (1 - n / d),
            "It is df₁ over the width; the other way round it is negative.",
        ),
        (
            "squared",
            lambda r, d, n: r / (1 - d / n) ** 2,
            "Only one of the two factors of (13.1) is that of the features.",
        ),
        ("added", lambda r, d, n: r + d / n, "The penalty is multiplied, not added to."),
        ("share", lambda r, d, n: r / (d / n), "Divide by what is left, 1 − df₁/N, not by what is used."),
    ),
    said="With nearly as many degrees of freedom as features, the penalty in disguise is many times λ.",
    hint="What should it be for infinitely many features?",
)


def disguised(answer) -> Verdict:
    """λ / (1 − df₁/N)."""
    return _DISGUISED.judge(answer)
