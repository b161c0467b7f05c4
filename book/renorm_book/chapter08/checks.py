"""Instant checks of chapter 8, what is being renormalized."""

import numpy as np

from renorm import dyson_iteration, renormalized_ridge
from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["layers", "run_down"]


def _same(a, b) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=0)


def run_down(answer) -> Verdict:
    """(λ_K, σ_K²) once all but the ``keep`` largest directions are integrated out."""
    s, w = np.array([0.5, 4.0, 0.25, 2.0]), np.array([1.0, 3.0, 2.0, 0.5])
    n, ridge, noise, keep = 5, 0.1, 0.3, 2
    found = answer(s.copy(), w.copy(), n, ridge, noise, keep)
    if is_stub(found):
        return not_answered("return the pair (ridge, noise) after integrating out the tail.")
    if np.shape(found) != (2,):
        return wrong("Return two numbers: the new ridge and the new noise variance.", "not a pair")
    exact = (ridge + 0.75 / n, noise + 0.5 + 1.0)
    mistakes = {
        "not sorted": (ridge + 2.25 / n, noise + 1.0 + 0.5),
        "not divided by n": (ridge + 0.75, exact[1]),
        "noise divided by n": (exact[0], noise + 1.5 / n),
        "weights not squared": (exact[0], noise + 0.5 + 0.5),
        "no variance in the noise": (exact[0], noise + 1.0 + 4.0),
        "kept the tail": (ridge + 6.0 / n, noise + 36.5),
    }
    hints = {
        "not sorted": "You cut the list where it stands. The weakest directions are to go: sort by variance first.",
        "not divided by n": "The ridge is per sample: the variance of the tail is shared among the n samples.",
        "noise divided by n": "Noise sits on every label in full; only the ridge is divided by n.",
        "weights not squared": "The variance of w x is w² s: square the weights.",
        "no variance in the noise": "A direction's signal is w² s, not w².",
        "kept the tail": "You removed the strongest directions and kept the tail.",
    }
    if _same(found, exact):
        return right("The tail has become penalty and noise; only its sums are remembered.")
    for name, value in mistakes.items():
        if _same(found, value):
            return wrong(hints[name], name)
    return wrong(
        f"For s = {s.tolist()}, w = {w.tolist()}, n = 5, λ = 0.1, σ² = 0.3, keep = 2 "
        f"it is not {tuple(np.round(found, 4))}."
    )


def layers(answer) -> Verdict:
    """Steps of the iteration from the bare ridge until κ_t is within the relative accuracy."""
    s, n, ridge, accuracy = np.arange(1, 61.0) ** -1.2, 40, 1e-3, 0.01
    found = answer(s, n, ridge, accuracy)
    if is_stub(found):
        return not_answered("return the number of steps.")
    kappa = renormalized_ridge(s, n, ridge)
    error = 1 - dyson_iteration(s, n, ridge, steps=500) / kappa
    exact = int(np.argmax(error <= accuracy))
    if not np.ndim(found) == 0 or float(found) != int(found):
        return wrong("A number of steps is one whole number.", "not whole")
    if int(found) == exact:
        return right(f"{exact} layers here. Near n = d, with less ridge, you need many more.")
    if int(found) == exact + 1:
        return wrong("One too many: the bare ridge is step zero.", "off by one")
    if int(found) == exact - 1:
        return wrong("One too few: the iterate that you stop at is not yet within the accuracy.", "one too few")
    if int(found) == int(np.argmax(error * kappa <= accuracy)):
        return wrong("You compared the difference itself. The accuracy is relative to κ.", "absolute error")
    return wrong(f"For 60 directions k^-1.2, n = 40, λ = 0.001 and an accuracy of 1 % it is not {int(found)}.")
