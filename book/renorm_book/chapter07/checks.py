"""Instant checks of chapter 7, the renormalized ridge."""

import numpy as np

from renorm import Population, power_law, ridge_risk
from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["kappa_isotropic", "test_error"]

_ASPECTS = np.array([0.3, 0.5, 2.0, 3.0])
_RIDGES = np.array([0.7, 0.05, 0.05, 0.5])


def _close(a, b) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-6, atol=1e-12)


def kappa_isotropic(answer) -> Verdict:
    """The positive root of κ² − (λ + d/n − 1) κ − λ = 0."""
    first = answer(0.5, 0.05)
    if is_stub(first):
        return not_answered("return the renormalized ridge κ for Σ = I.")
    found = np.array([answer(aspect, ridge) for aspect, ridge in zip(_ASPECTS, _RIDGES, strict=True)], dtype=float)
    half = (_RIDGES + _ASPECTS - 1) / 2
    root = np.sqrt(half**2 + _RIDGES)
    inverse = 1 / _ASPECTS
    upside_down = (_RIDGES + inverse - 1) / 2
    if _close(found, half + root):
        return right("As λ → 0 it becomes max(d/n − 1, 0): a ridge that nobody asked for, as soon as d > n.")
    if _close(found, half - root):
        return wrong(
            "This is the negative root. κ is a penalty, at least as large as λ: take the other one.", "negative root"
        )
    if _close(found, upside_down + np.sqrt(upside_down**2 + _RIDGES)):
        return wrong("aspect is d/n. Your formula is right for n/d.", "inverted aspect")
    if _close(found, _RIDGES / (1 - np.minimum(_ASPECTS / (1 + _RIDGES), 0.999))):
        return wrong(
            "The degrees of freedom belong at κ, not at λ: that is what makes it a quadratic equation.", "df at λ"
        )
    if _close(found, 2 * (half + root)):
        return wrong("A factor 2: the root of x² − bx − c is (b + √(b² + 4c)) / 2.", "factor 2")
    return wrong("Put your κ back: κ − (d/n) κ/(1 + κ) should return λ, and it does not.")


def test_error(answer) -> Verdict:
    """The error on fresh labels of the same lottery: [bias((1 − p) w) + 1 − (1 − p)²] / (1 − γ)."""
    population, n, ridge, p = power_law(60, 1.3, 0.4), 40, 1e-3, 0.3
    s, w = population.eigenvalues, population.coefficients
    found = answer(s, w, n, ridge, p)
    if is_stub(found):
        return not_answered("return the predicted test error.")

    def risk(share, noise):
        return ridge_risk(Population(s, share * w, noise), n, ridge)

    exact = risk(1 - p, 1 - (1 - p) ** 2)
    mistakes = {
        "noise p": (
            risk(1 - p, p).test,
            "The noise variance is not p. The labels keep variance one: what does (1 − p)² leave over?",
        ),
        "full signal": (
            risk(1, 1 - (1 - p) ** 2).test,
            "The signal shrinks, too: given x, the mean of the new label is (1 − p) f(x).",
        ),
        "no susceptibility": (exact.bias + exact.noise, "This is bias plus noise. The factor 1/(1 − γ) is missing."),
        "excess": (exact.excess, "This is the excess error: on fresh labels their own noise counts as well."),
        "bare ridge": (_with_bare_ridge(s, w, n, ridge, p), "You used λ where the sample acts like κ."),
    }
    if _close(found, exact.test):
        return right(f"At p = {p:g} the error is {float(exact.test):.3f}; κ and γ do not depend on p.")
    for name, (value, hint) in mistakes.items():
        if _close(found, value):
            return wrong(hint, name)
    return wrong(f"For 40 samples of a 60-dimensional power law at p = {p:g} the answer is not {float(found):.4g}.")


def _with_bare_ridge(s, w, n, ridge, p):
    kept = (1 - p) ** 2
    bias = np.sum(kept * w**2 * s * (ridge / (s + ridge)) ** 2)
    return (bias + 1 - kept) / (1 - np.sum((s / (s + ridge)) ** 2) / n)
