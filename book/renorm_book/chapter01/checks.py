"""Instant checks of chapter 1, memorizing random labels."""

import numpy as np

from renorm.theory.kernels import gaussian_kernel
from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["classify", "wrong_fraction"]

_CASES = ((0.0, 10), (0.4, 10), (1.0, 10), (0.5, 2), (1.0, 1000), (0.7, 3))


def wrong_fraction(answer) -> Verdict:
    """The mean fraction of labels that differ from the truth when each is redrawn with probability p: p (1 - 1/K)."""
    if is_stub(answer(0.4, 10)):
        return not_answered("return the fraction of wrong labels for p and n_classes.")
    found = np.array([answer(p, k) for p, k in _CASES], dtype=float)

    def every(rule):
        return np.allclose(found, [rule(p, k) for p, k in _CASES], rtol=1e-9, atol=1e-12)

    if every(lambda p, k: p * (1 - 1 / k)):
        return right("With ten classes 0.9 p. With two classes even p = 1 leaves half of the labels right.")
    if every(lambda p, k: p):
        return wrong("That many are redrawn. But the hat also contains the true class.", "redrawn")
    if every(lambda p, k: p / k):
        return wrong("These are the redrawn labels that came out right by luck. Take the others.", "lucky")
    if every(lambda p, k: 1 - p * (1 - 1 / k)):
        return wrong(
            "This is the fraction of labels that are right. The question is about the wrong ones.", "right ones"
        )
    if every(lambda p, k: 0.9 * p):
        return wrong(
            "Right for ten classes. With two classes a redrawn label is right half of the time.", "ten classes"
        )
    return wrong("Try p = 1 with two classes: a coin for each label. Half of them are wrong; is yours 0.5?")


def classify(answer) -> Verdict:
    """Kernel ridge classification: targets one-hot - 0.1, alpha = (K + n lambda)^(-1) targets, largest output wins."""
    rng = np.random.default_rng(7)
    X, new, labels, ridge = rng.standard_normal((60, 3)), rng.standard_normal((40, 3)), rng.integers(0, 10, 60), 0.01
    K, cross = gaussian_kernel(X), gaussian_kernel(new, X)
    found = answer(K, cross, labels, ridge)
    if is_stub(found):
        return not_answered("return the class of each new image.")
    found = np.asarray(found)

    def outputs(penalty, targets, rows=cross):
        return rows @ np.linalg.solve(K + penalty * np.eye(60), targets)

    targets = np.eye(10)[labels] - 0.1
    if found.shape == (40, 10):
        return wrong("These are the ten outputs for each new image. The class is the place of the largest.", "outputs")
    if found.shape == (60,):
        return wrong("You answered for the training images. The new ones are the rows of `cross`.", "training images")
    if found.shape != (40,):
        return wrong(f"Return one class for each of the 40 rows of `cross`; yours has shape {found.shape}.", "shape")
    if np.array_equal(found, outputs(60 * ridge, targets).argmax(axis=1)):
        return right("One linear system, and a machine that learns and memorizes like the network did.")
    if np.array_equal(found, outputs(ridge, targets).argmax(axis=1)):
        return wrong("λ is per sample: what stands on the diagonal is nλ.", "λ for nλ")
    if np.array_equal(found, outputs(0.0, targets).argmax(axis=1)):
        return wrong("The ridge has no effect on your answers: add nλ to the diagonal of K.", "no ridge")
    numbers = outputs(60 * ridge, labels.astype(float))
    if np.allclose(found, numbers) or np.array_equal(found, np.rint(numbers)):
        return wrong(
            "You fitted the labels as numbers, as if class 3 lay between 2 and 4. One column of targets per class.",
            "labels as numbers",
        )
    return wrong("Targets: 0.9 in the column of the told class, −0.1 in the others. Then solve, multiply, argmax.")
