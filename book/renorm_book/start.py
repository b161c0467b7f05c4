"""The one exercise of the notebook that a reader starts with."""

import numpy as np

from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict

__all__ = ["judge"]

_ERROR = Exercise(
    signature="test_error(y, predicted)",
    returns="one number",
    cases=((np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0, 1.0])), (np.array([0.0, -3.0]), np.array([0.5, -3.0]))),
    exact=lambda y, predicted: np.mean((y - predicted) ** 2),
    mistakes=(
        ("sum", lambda y, predicted: np.sum((y - predicted) ** 2), "This is the sum; it grows with each sample."),
        ("root", lambda y, predicted: np.sqrt(np.mean((y - predicted) ** 2)), "This is its root. Leave it squared."),
        (
            "absolute",
            lambda y, predicted: np.mean(np.abs(y - predicted)),
            "This is the mean size of a miss. Square.",
        ),
        ("mean miss", lambda y, predicted: np.mean(y - predicted), "Misses up and down cancel in this mean."),
    ),
    said="This is what the book calls an error, whenever it says no more.",
    hint="Take the difference for each sample, square it, then average over the samples.",
)


def judge(answer) -> Verdict:
    """The mean squared error.

    >>> judge(...).mistake
    'stub'
    """
    return _ERROR.judge(answer)
