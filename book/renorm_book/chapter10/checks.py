"""Instant checks of chapter 10, the puzzle answered."""

import numpy as np

from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["lottery_energies", "random_error", "training_loss"]

# A made-up world of five modes: variances, and energies that add up to one.
_S = np.array([0.5, 0.2, 0.06, 0.02, 0.004])
_V = np.array([0.55, 0.2, 0.15, 0.08, 0.02])


def _close(a, b) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-6, atol=1e-12)


def lottery_energies(answer) -> Verdict:
    """(1 − p)² v_k + (1 − (1 − p)²) / N."""
    p, N = 0.4, len(_V)
    found = answer(_V, p)
    if is_stub(found):
        return not_answered("return the average energies of the new labelling.")
    kept = (1 - p) ** 2
    if _close(found, kept * _V + (1 - kept) / N):
        return right(
            "The energies still add up to one. The lottery moves them from the modes of the target to all modes."
        )
    mistakes = {
        "not squared": (
            (1 - p) * _V + p / N,
            "Energies are squares: the mean label (1 − p) y has energies (1 − p)² v. The rest restores the sum to one.",
        ),
        "noise p": (kept * _V + p / N, "These do not add up to one. The variance of one label is 1 − (1 − p)², not p."),
        "signal only": (
            kept * _V,
            "This is the part of the mean. The tosses have energy as well, the same in every mode.",
        ),
        "noise not spread": (
            kept * _V + (1 - kept),
            "You gave the whole variance of a label to every mode. It is shared by N modes.",
        ),
        "changed labels": (
            (1 - p / 2) ** 2 * _V + (1 - (1 - p / 2) ** 2) / N,
            "Half of the replaced labels come out as before, but not because of y: the mean label is (1 − p) y.",
        ),
    }
    for name, (value, hint) in mistakes.items():
        if _close(found, value):
            return wrong(hint, name)
    return wrong(f"For v = {_V} and p = {p:g} your energies add up to {np.sum(found):.4g}; they should add up to 1.")


def training_loss(answer) -> Verdict:
    """Σ v_k exp(−2 s_k t)."""
    t = 7.0
    found = answer(_S, _V, t)
    if is_stub(found):
        return not_answered("return the mean squared error after time t.")
    N = len(_S)
    if _close(found, np.sum(_V * np.exp(-2 * _S * t))):
        return right("Each mode has its own clock, 1/(2 s). Labels set only how much is on each.")
    mistakes = {
        "not squared": (
            np.sum(_V * np.exp(-_S * t)),
            "exp(−s t) is how the residual decays. The loss is made of its squares.",
        ),
        "gram eigenvalues": (
            np.sum(_V * np.exp(-2 * N * _S * t)),
            "The flow has K/N in it, whose eigenvalues are s, not N s.",
        ),
        "what is learned": (
            np.sum(_V * (1 - np.exp(-_S * t)) ** 2),
            "This is the energy of what has been fitted. The loss is what is still missing.",
        ),
        "ridge": (
            np.sum(_V / (1 + _S * t) ** 2),
            "That is ridge regression with λ = 1/t: close, but flow has exponentials.",
        ),
    }
    for name, (value, hint) in mistakes.items():
        if _close(found, value):
            return wrong(hint, name)
    if np.shape(found) != ():
        return wrong("The loss is one number: sum over the modes.", "per mode")
    return wrong("At t = 0 nothing is fitted and the loss is Σ v; at large t it should vanish. Check both.")


def random_error(answer) -> Verdict:
    """1/(1 − γ) − n/(N − n)."""
    gamma, n, N = 0.35, 300, 2000
    found = answer(gamma, n, N)
    if is_stub(found):
        return not_answered("return the held-out error with random labels.")
    fresh, ratio = 1 / (1 - gamma), n / (N - n)
    if _close(found, fresh - ratio):
        return right("No eigenvalue is left: with random labels, γ knows all that matters.")
    mistakes = {
        "fresh noise": (
            fresh,
            "This is the error over an endless population. Here the training pictures are not put back.",
        ),
        "whole world": (
            fresh * (1 - n / N) - n / N,
            "This is the error over all N pictures. It sits on N − n of them.",
        ),
        "wrong sign": (fresh + ratio, "Check the sign: for the identity kernel, γ = n/N, the error must be exactly 1."),
        "factor only": (
            fresh * N / (N - n),
            "This has the factor N/(N − n) but takes all of the energy for missed: Σ (1 − L)² is not N.",
        ),
    }
    for name, (value, hint) in mistakes.items():
        if _close(found, value):
            return wrong(hint, name)
    return wrong("Test it on the identity kernel, for which γ = n/N: the error must be exactly 1.")
