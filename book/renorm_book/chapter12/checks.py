"""Instant checks of chapter 12, a forecast for your own data."""

import numpy as np

from renorm import shifted_risk
from renorm.theory.extrapolation import carry
from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict

__all__ = ["carried_error", "gcv_of_copies", "rows_needed", "shifted_excess"]


def _rows(offset, amplitude, power, n, target):
    return n * (amplitude / (target - offset)) ** (1 / power)


_ROWS = Exercise(
    signature="rows_needed(offset, amplitude, power, n, target)",
    returns="one number of rows",
    cases=((0.2, 0.3, 0.5, 100, 0.35), (0.0, 1.0, 1.0, 50, 0.1), (0.4, 0.1, 0.7, 200, 0.45), (0.1, 0.2, 2.0, 80, 0.15)),
    exact=_rows,
    mistakes=(
        (
            "no offset",
            lambda c, a, b, n, t: n * ((c + a) / t) ** (1 / b),
            "This would be right if the error could fall to zero. Take the offset off first.",
        ),
        (
            "not inverted",
            lambda c, a, b, n, t: n * (a / (t - c)) ** b,
            "The ratio of errors is a power b of the ratio of rows. To get the rows, take the power 1/b.",
        ),
        (
            "wrong direction",
            lambda c, a, b, n, t: n * (a / (t - c)) ** (-1 / b),
            "A smaller error needs more rows; yours needs fewer.",
        ),
        (
            "factor only",
            lambda c, a, b, n, t: (a / (t - c)) ** (1 / b),
            "This is how many times as many. The exercise asks for the number of rows.",
        ),
        (
            "more, not all",
            lambda c, a, b, n, t: n * (a / (t - c)) ** (1 / b) - n,
            "These are the rows to add. The exercise asks for all of them.",
        ),
    ),
    said="For a target below the offset no amount of data would do: the money belongs elsewhere.",
    hint="Put it back in: offset + amplitude (rows / n)^−power should be the target.",
)


def rows_needed(answer) -> Verdict:
    """n (amplitude / (target − offset))^(1/power)."""
    return _ROWS.judge(answer)


_CARRIED = Exercise(
    signature="carried_error(error, gamma, m)",
    returns="one number",
    cases=((1.0, 0.4, 2.0), (0.3, 0.2, 4.0), (2.0, 0.8, 8.0)),
    exact=lambda error, gamma, m: error * (1 - gamma) / (1 - gamma / m),
    mistakes=(
        (
            "upside down",
            lambda error, gamma, m: error * (1 - gamma / m) / (1 - gamma),
            "Yours rises with more rows. First take today's factor 1/(1 − γ) out, then put tomorrow's in.",
        ),
        (
            "gamma times m",
            lambda error, gamma, m: error * (1 - gamma) / (1 - gamma * m),
            "γ = df₂/n: with more rows at the same κ it gets smaller.",
        ),
        (
            "no fluctuations left",
            lambda error, gamma, m: error * (1 - gamma),
            "That is the error with endlessly many rows at this κ. With m n of them some fluctuations are left.",
        ),
        (
            "squared",
            lambda error, gamma, m: error * ((1 - gamma) / (1 - gamma / m)) ** 2,
            "The square belongs to training errors. A test error has one factor 1/(1 − γ).",
        ),
        (
            "as one over n",
            lambda error, gamma, m: error / m,
            "Only what fluctuates falls as one over n. Noise and bias at this κ stay.",
        ),
    ),
    said="Bias and noise depend on κ alone; only the factor 1/(1 − γ) knows how many rows there are.",
    hint="What is (1 − γ) times the test error? It depends on κ alone, so it is the same before and after.",
    library=(carry,),
)


def carried_error(answer) -> Verdict:
    """error (1 − γ) / (1 − γ/m)."""
    return _CARRIED.judge(answer)


_S, _W = np.array([2.0, 0.5, 0.1]), np.array([1.0, -0.7, 2.0])
_T = np.array([0.3, 1.5, 0.8])


def _shifted(s, t, w, kappa, n, noise, parts=None):
    tested = np.sum((kappa * w / (s + kappa)) ** 2 * t)
    trained = np.sum((kappa * w / (s + kappa)) ** 2 * s)
    gamma, tested_gamma = np.sum((s / (s + kappa)) ** 2) / n, np.sum(s * t / (s + kappa) ** 2) / n
    if parts is not None:
        return parts(tested, trained, gamma, tested_gamma, noise)
    return tested + tested_gamma * (trained + noise) / (1 - gamma)


def _mistaken(parts):
    return lambda *case: _shifted(*case, parts=parts)


_SHIFTED = Exercise(
    signature="shifted_excess(s, t, w, kappa, n, noise)",
    returns="one number",
    cases=((_S, _T, _W, 0.2, 10, 0.3), (_S, _S, _W, 0.05, 6, 0.1), (_S[:2], _T[:2], _W[:2], 1.0, 4, 0.5)),
    exact=_shifted,
    mistakes=(
        (
            "not shifted",
            _mistaken(lambda b, a, g, h, noise: a + g * (a + noise) / (1 - g)),
            "This is the error on inputs like those in training. The new variances t do not come in.",
        ),
        (
            "bias in the variance",
            _mistaken(lambda b, a, g, h, noise: b + h * (b + noise) / (1 - g)),
            "What fluctuates was learned from training inputs: in the second term the bias is that of s, not of t.",
        ),
        (
            "one gamma",
            _mistaken(lambda b, a, g, h, noise: b + g * (a + noise) / (1 - g)),
            "How much of a fluctuation the new inputs see is (1/n) Σ s t/(s + κ)², not γ.",
        ),
        (
            "two gammas",
            _mistaken(lambda b, a, g, h, noise: b + h * (a + noise) / (1 - h)),
            "The ladder below is made of training samples: 1 − γ, with the variances s only.",
        ),
        (
            "no noise",
            _mistaken(lambda b, a, g, h, noise: b + h * a / (1 - g)),
            "Noise in the training labels is fitted, too, and comes back.",
        ),
        (
            "noise added",
            _mistaken(lambda b, a, g, h, noise: b + h * (a + noise) / (1 - g) + noise),
            "The excess error is against the target without noise.",
        ),
        (
            "bias only",
            _mistaken(lambda b, a, g, h, noise: b),
            "This is the mean predictor's error. Fits scatter about it.",
        ),
    ),
    said="Training decides κ and γ. The new inputs decide which misses count.",
    hint="With t = s it must be (bias + σ²)/(1 − γ) − σ². Check that first.",
    library=(shifted_risk,),
)


def shifted_excess(answer) -> Verdict:
    """bias' + γ'(bias + σ²)/(1 − γ)."""
    return _SHIFTED.judge(answer)


_COPIES = Exercise(
    signature="gcv_of_copies(d, n, copies)",
    returns="one number",
    cases=((10, 40, 2), (10, 40, 3), (30, 60, 2), (5, 100, 1)),
    exact=lambda d, n, copies: ((1 - d / n) / (1 - d / (copies * n))) ** 2,
    mistakes=(
        (
            "not squared",
            lambda d, n, copies: (1 - d / n) / (1 - d / (copies * n)),
            "GCV divides the training error by the square of 1 − d/n.",
        ),
        (
            "upside down",
            lambda d, n, copies: ((1 - d / (copies * n)) / (1 - d / n)) ** 2,
            "This is above one. Copies make GCV believe in more rows than there are: it comes out too low.",
        ),
        (
            "d copied, too",
            lambda d, n, copies: 1.0,
            "The number of columns does not change when rows are copied; the fit still spends d.",
        ),
        (
            "training error shared",
            lambda d, n, copies: ((1 - d / n) / (1 - d / (copies * n))) ** 2 / copies,
            "The training error is a mean over rows. Copies leave it as it is.",
        ),
    ),
    said="The fit does not change at all, and the estimate falls. Nothing in the numbers warns you but the equal rows.",
    hint="Write GCV of least squares for n rows and d columns; then for copies × n rows, the residual being the same.",
)


def gcv_of_copies(answer) -> Verdict:
    """((1 − d/n) / (1 − d/(copies n)))²."""
    return _COPIES.judge(answer)
