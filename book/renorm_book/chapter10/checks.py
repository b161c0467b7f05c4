"""Instant checks of chapter 10, the puzzle answered."""

import numpy as np

from renorm_book import answers
from renorm_book.chapter10 import figures
from renorm_book.exercise import Exercise, judged
from renorm_book.verdict import Verdict, right, wrong

__all__ = ["lottery_energies", "random_error", "training_loss"]

# Made-up worlds of five and of three modes: variances, and energies that add up to one.
_S, _V = np.array([0.5, 0.2, 0.06, 0.02, 0.004]), np.array([0.55, 0.2, 0.15, 0.08, 0.02])
_S3, _V3 = np.array([1.0, 0.3, 0.1]), np.array([0.2, 0.7, 0.1])


def _mixed(v, kept, spread):
    return kept * v + spread / len(v)


def _sums(found: list) -> str:
    for values, (v, p) in zip(found, _LOTTERY.cases, strict=True):
        if abs(np.sum(values) - 1) > 1e-6:
            return f"Your energies for {v.tolist()}, p = {p:g} add up to {np.sum(values):.4g}; they should to 1."
    return "They add up to one. What is left of the old labelling at p = 1, and what at p = 0?"


_LOTTERY = Exercise(
    signature="energies(v, p)",
    returns="one energy for each mode",
    cases=((_V, 0.4), (_V3, 0.8), (_V3, 0.0), (_V, 1.0)),
    exact=lambda v, p: _mixed(v, (1 - p) ** 2, 1 - (1 - p) ** 2),
    mistakes=(
        (
            "not squared",
            lambda v, p: _mixed(v, 1 - p, p),
            "Energies are squares: the mean label (1 − p) y has energies (1 − p)² v. The rest restores the sum to one.",
        ),
        (
            "noise p",
            lambda v, p: _mixed(v, (1 - p) ** 2, p),
            "These do not add up to one. The variance of one label is 1 − (1 − p)², not p.",
        ),
        (
            "signal only",
            lambda v, p: (1 - p) ** 2 * v,
            "This is the part of the mean. The tosses have energy as well, the same in every mode.",
        ),
        (
            "noise not spread",
            lambda v, p: (1 - p) ** 2 * v + 1 - (1 - p) ** 2,
            "You gave the whole variance of a label to every mode. It is shared by N modes.",
        ),
        (
            "changed labels",
            lambda v, p: _mixed(v, (1 - p / 2) ** 2, 1 - (1 - p / 2) ** 2),
            "Half of the replaced labels come out as before, but not because of y: the mean label is (1 − p) y.",
        ),
    ),
    said="The energies still add up to one. The lottery moves them from the modes of the target to all modes.",
    hint=_sums,
    library=(figures.lottery,),
)


def lottery_energies(answer) -> Verdict:
    """(1 − p)² v_k + (1 − (1 − p)²) / N."""
    return _LOTTERY.judge(answer)


def _loss(s, v, t) -> float:
    return np.sum(v * np.exp(-2 * s * t))


_LOSS = Exercise(
    signature="training_loss(s, v, t)",
    returns="one number: the loss sums over the modes",
    cases=((_S, _V, 0.0), (_S, _V, 7.0), (_S3, _V3, 2.0), (_S, _V, 60.0)),
    exact=_loss,
    mistakes=(
        (
            "not squared",
            lambda s, v, t: np.sum(v * np.exp(-s * t)),
            "exp(−s t) is how the residual decays. The loss is made of its squares.",
        ),
        (
            "gram eigenvalues",
            lambda s, v, t: np.sum(v * np.exp(-2 * len(s) * s * t)),
            "The flow has K/N in it, whose eigenvalues are s, not N s.",
        ),
        (
            "what is learned",
            lambda s, v, t: np.sum(v * (1 - np.exp(-s * t)) ** 2),
            "This is the energy of what has been fitted. The loss is what is still missing.",
        ),
        (
            "ridge",
            lambda s, v, t: np.sum(v / (1 + s * t) ** 2),
            "That is ridge regression with λ = 1/t: close, but flow has exponentials.",
        ),
        ("per mode", lambda s, v, t: v * np.exp(-2 * s * t), "The loss is one number: sum over the modes."),
        (
            "mean over modes",
            lambda s, v, t: np.mean(v * np.exp(-2 * s * t)),
            "You averaged over the modes. The energies v already add up to the mean square: sum.",
        ),
    ),
    said="Each mode has its own clock, 1/(2 s). Labels set only how much is on each.",
    hint="At t = 0 nothing is fitted and the loss is Σ v; at large t it should vanish. Check both.",
)


def time_to(level: float, s, v) -> float:
    """The time after which Σ v exp(−2 s t) has fallen to ``level``, by bisection."""
    low, high = 0.0, 1.0
    while _loss(s, v, high) > level and high < 1e18:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _loss(s, v, middle) > level else (low, middle)
    return middle


@judged
def training_loss(answer, times_longer=..., population=None, level: float = 0.05) -> Verdict:
    """Σ v_k exp(−2 s_k t); then how many times longer random labels need to ``level`` than those of the population."""
    verdict = _LOSS.judge(answer)
    if not verdict:
        return verdict
    if times_longer is ... or population is None:
        return wrong("The loss is right. Now use it: how many times as long do random labels need?", "second half")
    s, v = population.eigenvalues, population.energies
    true, random = time_to(level, s, v), time_to(level, s, np.full(len(s), 1 / len(s)))
    value = answers.single(times_longer, "times_longer")
    if abs(value - random / true) <= 0.5:  # rounded to a whole number is exact enough
        return right(
            f"{verdict.message} Random labels have most of theirs on slow ones: {random / true:.2g} times as long."
        )
    for name, known, hint in (
        ("inverted", true / random, "The loss is right. The ratio is upside down: nonsense takes longer."),
        (
            "a time",
            random,
            "The loss is right. That is the time for random labels; how many times that for true ones is it?",
        ),
        (
            "a time",
            true,
            "The loss is right. That is the time for the true labels; compare it with that for random ones.",
        ),
        (
            "a difference",
            random - true,
            "The loss is right. You took the difference of the two times; take their ratio.",
        ),
    ):
        if abs(value - known) <= 0.005 * known:
            return wrong(hint, name)
    reached = _loss(s, np.full(len(s), 1 / len(s)), abs(value) * true)
    return wrong(
        f"The loss is right. But after {value:.3g} times the time of the true labels the random ones are at "
        f"{reached:.3g}, not at {level:g}. Their energies are 1/N each.",
        "another ratio",
    )


_RANDOM = Exercise(
    signature="random_error(gamma, n, size)",
    returns="one number",
    cases=((0.15, 300, 2000), (0.35, 300, 2000), (0.6, 50, 120), (0.2, 10, 1000)),
    exact=lambda gamma, n, N: 1 / (1 - gamma) - n / (N - n),
    mistakes=(
        (
            "fresh noise",
            lambda gamma, n, N: 1 / (1 - gamma),
            "This is the error over an endless population. Here the training pictures are not put back.",
        ),
        (
            "whole world",
            lambda gamma, n, N: (1 - n / N) / (1 - gamma) - n / N,
            "This is the error over all N pictures. It sits on N − n of them.",
        ),
        (
            "wrong sign",
            lambda gamma, n, N: 1 / (1 - gamma) + n / (N - n),
            "Check the sign: for the identity kernel, γ = n/N, the error must be exactly 1.",
        ),
        (
            "factor only",
            lambda gamma, n, N: N / (N - n) / (1 - gamma),
            "This has the factor N/(N − n) but takes all of the energy for missed: Σ (1 − L)² is not N.",
        ),
        (
            "share for odds",
            lambda gamma, n, N: 1 / (1 - gamma) - n / N,
            "What is subtracted is n over the pictures held out, not over all of them.",
        ),
    ),
    said="No eigenvalue is left: with random labels, γ knows all that matters.",
    hint="Test it on the identity kernel, for which γ = n/N: the error must be exactly 1.",
)


def random_error(answer) -> Verdict:
    """1/(1 − γ) − n/(N − n)."""
    return _RANDOM.judge(answer)
