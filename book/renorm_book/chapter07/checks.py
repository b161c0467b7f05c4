"""Instant checks of chapter 7, the renormalized ridge."""

import numpy as np

from renorm.theory.isotropic import isotropic_renormalized_ridge
from renorm.theory.population import Population, power_law
from renorm.theory.ridge import renormalized_ridge, ridge_risk
from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict

__all__ = ["kappa_isotropic", "test_error"]


def _root(aspect, ridge, sign=1.0) -> float:
    half = (ridge + aspect - 1) / 2
    return half + sign * np.sqrt(half**2 + ridge)


_WHITE = ((0.5, 0.05), (0.3, 0.7), (2.0, 0.05), (3.0, 0.5), (1.0, 0.01))


def _put_back(found: list) -> str:
    for kappa, (aspect, ridge) in zip(found, _WHITE, strict=True):
        back = kappa - aspect * kappa / (1 + kappa)
        if abs(back - ridge) > 1e-6:
            return (
                f"Put your κ back: κ − (d/n) κ/(1 + κ) is {back:.3g} at d/n = {aspect:g}, and should be λ = {ridge:g}."
            )
    return "It solves the equation, but it is not the positive solution."


_KAPPA = Exercise(
    signature="kappa_isotropic(aspect, ridge)",
    returns="one number",
    cases=_WHITE,
    exact=_root,
    mistakes=(
        (
            "negative root",
            lambda aspect, ridge: _root(aspect, ridge, -1.0),
            "This is the negative root. κ is a penalty, at least as large as λ: take the other one.",
        ),
        (
            "inverted aspect",
            lambda aspect, ridge: _root(1 / aspect, ridge),
            "aspect is d/n. Your formula is right for n/d.",
        ),
        (
            "df at λ",
            lambda aspect, ridge: ridge / (1 - min(aspect / (1 + ridge), 0.999)),
            "The degrees of freedom belong at κ, not at λ: that is what makes it a quadratic equation.",
        ),
        (
            "df at λ",
            lambda aspect, ridge: ridge / (1 - aspect / (1 + ridge)),
            "The degrees of freedom belong at κ, not at λ: that is what makes it a quadratic equation.",
        ),
        (
            "factor 2",
            lambda aspect, ridge: 2 * _root(aspect, ridge),
            "A factor 2: the root of x² − bx − c is (b + √(b² + 4c)) / 2.",
        ),
        (
            "no ridge",
            lambda aspect, ridge: max(aspect - 1, 0.0),
            "That is κ in the limit λ → 0. Here λ is not zero.",
        ),
        ("bare ridge", lambda aspect, ridge: ridge, "That is λ itself. A finite sample makes it larger."),
    ),
    said="As λ → 0 it becomes max(d/n − 1, 0): a ridge that nobody asked for, as soon as d > n.",
    hint=_put_back,
    library=(renormalized_ridge, isotropic_renormalized_ridge),
)


def kappa_isotropic(answer) -> Verdict:
    """The positive root of κ² − (λ + d/n − 1) κ − λ = 0."""
    return _KAPPA.judge(answer)


def _lottery(s, w, n, ridge, share, noise):
    return ridge_risk(Population(s, share * w, noise), n, ridge)


def _exact(s, w, n, ridge, p):
    return _lottery(s, w, n, ridge, 1 - p, 1 - (1 - p) ** 2)


def _with_bare_ridge(s, w, n, ridge, p) -> float:
    kept = (1 - p) ** 2
    bias = np.sum(kept * w**2 * s * (ridge / (s + ridge)) ** 2)
    return (bias + 1 - kept) / (1 - np.sum((s / (s + ridge)) ** 2) / n)


def _case(d: int, alpha: float, r: float, n: int, ridge: float, p: float) -> tuple:
    population = power_law(d, alpha, r)
    return population.eigenvalues, population.coefficients / population.signal**0.5, n, ridge, p


_TEST_ERROR = Exercise(
    signature="test_error(s, w, n, ridge, p)",
    returns="one number",
    cases=(
        _case(60, 1.3, 0.2, 12, 0.03, 0.0),
        _case(60, 1.3, 0.2, 12, 0.03, 1.0),
        _case(60, 1.3, 0.2, 12, 0.03, 0.3),
        _case(30, 1.1, 0.3, 20, 0.1, 0.6),
    ),
    exact=lambda *case: _exact(*case).test,
    mistakes=(
        (
            "noise p",
            lambda s, w, n, ridge, p: _lottery(s, w, n, ridge, 1 - p, p).test,
            "The noise variance is not p. The labels keep variance one: what does (1 − p)² leave over?",
        ),
        (
            "full signal",
            lambda s, w, n, ridge, p: _lottery(s, w, n, ridge, 1, 1 - (1 - p) ** 2).test,
            "The signal shrinks, too: given x, the mean of the new label is (1 − p) f(x).",
        ),
        (
            "signal not squared",
            lambda s, w, n, ridge, p: _lottery(s, w, n, ridge, (1 - p) ** 0.5, 1 - (1 - p) ** 2).test,
            "The signal's variance shrinks by (1 − p)², the square of the share that is kept.",
        ),
        (
            "no susceptibility",
            lambda *case: _exact(*case).bias + _exact(*case).noise,
            "This is bias plus noise. The factor 1/(1 − γ) is missing.",
        ),
        (
            "excess",
            lambda *case: _exact(*case).excess,
            "This is the excess error: on fresh labels their own noise counts as well.",
        ),
        ("bare ridge", _with_bare_ridge, "You used λ where the sample acts like κ."),
    ),
    said="κ and γ do not depend on p: the labels enter through the bias and the noise alone.",
    hint="At p = 0 it is the chapter's formula without noise; at p = 1 there is no signal, and noise of variance one.",
)


def test_error(answer) -> Verdict:
    """The error on fresh labels of the same lottery: [bias((1 − p) w) + 1 − (1 − p)²] / (1 − γ)."""
    return _TEST_ERROR.judge(answer)
