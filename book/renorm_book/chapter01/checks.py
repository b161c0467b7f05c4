"""Instant checks of chapter 1, memorizing random labels."""

from functools import cache

import numpy as np

from renorm import gaussian_kernel
from renorm.data.images import corrupt_labels, load_images, one_hot
from renorm_book import answers
from renorm_book.exercise import Exercise, judged
from renorm_book.verdict import Verdict, right, wrong

__all__ = ["classify", "wrong_fraction"]

_WRONG_FRACTION = Exercise(
    signature="wrong_fraction(p, n_classes)",
    returns="one number, the fraction of wrong labels",
    cases=((1.0, 2), (0.0, 10), (0.4, 10), (1.0, 10), (0.5, 2), (1.0, 1000), (0.7, 3)),
    exact=lambda p, k: p * (1 - 1 / k),
    mistakes=(
        ("redrawn", lambda p, k: p, "That many are redrawn. But the hat also contains the true class."),
        ("lucky", lambda p, k: p / k, "These are the redrawn labels that came out right by luck. Take the others."),
        (
            "right ones",
            lambda p, k: 1 - p * (1 - 1 / k),
            "This is the fraction of labels that are right. The question is about the wrong ones.",
        ),
        (
            "ten classes",
            lambda p, k: 0.9 * p,
            "Right for ten classes. With two classes a redrawn label is right half of the time.",
        ),
        ("not redrawn", lambda p, k: 1 - p, "These are the labels that are left alone."),
    ),
    said="With ten classes 0.9 p. With two classes even p = 1 leaves half of the labels right.",
    hint="p = 1 with two classes is a coin for each label: how many of the coins come out wrong?",
)


def wrong_fraction(answer) -> Verdict:
    """The mean fraction of labels that differ from the truth when each is redrawn with probability p: p (1 - 1/K)."""
    return _WRONG_FRACTION.judge(answer)


# Penalties of which each decides some of the new images differently; far more images than one would need to look right.
_RIDGES = (0.003, 0.01, 0.05, 0.3)
_FACTORS = {  # penalties that stand on the diagonal by mistake, as multiples of nλ
    "(n − 1)λ": lambda n, ridge: (n - 1) / n,
    "λ/n": lambda n, ridge: 1 / n**2,
    "n²λ": lambda n, ridge: n,
    "2nλ": lambda n, ridge: 2,
    "nλ/2": lambda n, ridge: 0.5,
    "nλ²": lambda n, ridge: ridge,
}


def _machine(seed: int, ridge: float) -> tuple:
    """Training and new images of three dimensions, the Gaussian kernels between them, random labels, and the ridge."""
    rng = np.random.default_rng(70 + seed)
    n = 60 + 5 * seed
    X, new = rng.standard_normal((n, 3)), rng.standard_normal((2000, 3))
    return gaussian_kernel(X), gaussian_kernel(new, X), rng.integers(0, 10, n), ridge


def _outputs(K, rows, targets, penalty) -> np.ndarray:
    return rows @ np.linalg.solve(K + penalty * np.eye(len(K)), targets)


def _scores(K, cross, labels, ridge, factor=1.0) -> np.ndarray:
    return _outputs(K, cross, np.eye(10)[labels] - 0.1, factor * len(K) * ridge)


def _classes(K, cross, labels, ridge, factor=1.0) -> np.ndarray:
    return _scores(K, cross, labels, ridge, factor).argmax(axis=1)


def _plain(K, cross, labels, ridge) -> np.ndarray:
    return _outputs(K, cross, labels.astype(float), len(K) * ridge)


_CLASSIFY = Exercise(
    signature="classify(K, cross, labels, ridge)",
    returns="one class for each row of cross",
    cases=tuple(_machine(seed, ridge) for seed, ridge in enumerate(_RIDGES)),
    exact=_classes,
    mistakes=(
        (
            "outputs",
            _scores,
            "These are the ten outputs for each new image. The class is the place of the largest.",
        ),
        (
            "training images",
            lambda K, cross, labels, ridge: _classes(K, K, labels, ridge),
            "You answered for the training images. The new ones are the rows of `cross`.",
        ),
        (
            "λ for nλ",
            lambda K, cross, labels, ridge: _classes(K, cross, labels, ridge, 1 / len(K)),
            "λ is per sample: what stands on the diagonal is nλ.",
        ),
        (
            "no ridge",
            lambda K, cross, labels, ridge: _classes(K, cross, labels, 0.0),
            "The ridge has no effect on your answers: it belongs on the diagonal of K.",
        ),
        (
            "labels as numbers",
            _plain,
            "You fitted the labels as numbers, as if class 3 lay between 2 and 4. One column of targets per class.",
        ),
        (
            "labels as numbers",
            lambda *case: np.rint(_plain(*case)),
            "You fitted the labels as numbers, as if class 3 lay between 2 and 4. One column of targets per class.",
        ),
        (
            "labels as numbers",
            lambda *case: np.clip(np.rint(_plain(*case)), 0, 9),
            "You fitted the labels as numbers, as if class 3 lay between 2 and 4. One column of targets per class.",
        ),
        (
            "smallest output",
            lambda *case: _scores(*case).argmin(axis=1),
            "You took the place of the smallest output.",
        ),
        (
            "copyist",
            lambda K, cross, labels, ridge: labels[cross.argmax(axis=1)],
            "This is the label of the most similar training image, the copyist of another exercise. Nothing is solved.",
        ),
        (
            "no solve",
            lambda K, cross, labels, ridge: (cross @ (np.eye(10)[labels] - 0.1)).argmax(axis=1),
            "You add up similarities, as if α were the targets. α solves a linear system.",
        ),
    ),
    said="One linear system, and a machine that learns and memorizes like the network did.",
    hint=lambda found: _described(found),
)


def _described(found: list) -> Verdict:
    """What is wrong with classes that belong to no known mistake."""
    if any(np.any(values != np.rint(values)) or values.min() < 0 or values.max() > 9 for values in found):
        return wrong("A class is a whole number from 0 to 9; yours are not all.", "not a class")
    cases = _CLASSIFY.cases
    shares = [np.mean(values == _classes(*case)) for values, case in zip(found, cases, strict=True)]
    for name, factor in _FACTORS.items():
        scaled = [_classes(*case, factor(len(case[0]), case[3])) for case in cases]
        if all(np.array_equal(f, s) for f, s in zip(found, scaled, strict=True)):
            return wrong(
                f"What stands on your diagonal is {name}. λ is the penalty per sample, and there are n.", "penalty"
            )
    said = ", ".join(f"{share:.1%} at λ = {ridge:g}" for share, ridge in zip(shares, _RIDGES, strict=True))
    if min(shares) > 0.5:
        return wrong(f"Your classes are mostly those of the machine: {said}. How does the penalty enter?", "penalty")
    return wrong(
        f"Of the classes of 2,000 new images yours are the machine's for {said}. Give it the training images as new "
        "ones and λ = 0: it must return the labels it was told."
    )


@judged
def classify(answer, ridge=..., true_label_error=...) -> Verdict:
    """Kernel ridge classification: targets one-hot - 0.1, alpha = (K + n lambda)^(-1) targets, largest output wins.

    ``ridge`` is the reader's for half of the labels random on the digits, width 1.6; ``true_label_error`` the test
    error with true labels at that ridge.
    """
    verdict = _CLASSIFY.judge(answer)
    return _better_ridge(ridge, true_label_error) if verdict else verdict


_TEXT_RIDGE = 1e-3
_DRAWS = 10  # of the labels, the same for every ridge, so that two ridges are compared in pairs


@cache
def _digits() -> tuple:
    """Spectrum and test kernel of the digits at width 1.6, targets of half random and of true labels, the truth."""
    data = load_images("digits", n_train=1000, n_test=797)
    s, U = np.linalg.eigh(gaussian_kernel(data.train_inputs, bandwidth=1.6))
    cross = gaussian_kernel(data.test_inputs, data.train_inputs, bandwidth=1.6) @ U
    told = [corrupt_labels(data.train_labels, 0.5, 10, np.random.default_rng(t)) for t in range(_DRAWS)]
    return s, cross, [U.T @ (one_hot(labels, 10) - 0.1) for labels in [*told, data.train_labels]], data.test_labels


def digit_errors(ridge: float) -> tuple[float, float]:
    """Test error of the machine on the digits at width 1.6: with half of the labels random, and with true ones."""
    s, cross, targets, truth = _digits()
    wrong_ones = [np.mean((cross @ (t / (s + len(s) * ridge)[:, None])).argmax(axis=1) != truth) for t in targets]
    return float(np.mean(wrong_ones[:-1])), float(wrong_ones[-1])


def _better_ridge(ridge, true_label_error) -> Verdict:
    if ridge is ... or true_label_error is ...:
        return wrong(
            "The machine is right. Now the second half: a better ridge, and what it does to true labels.", "second half"
        )
    value = answers.single(ridge, "ridge")
    if value < 0:
        return wrong("The machine is right. A ridge is not negative.", "second half")
    at_text, _ = digit_errors(_TEXT_RIDGE)
    noisy, clean = digit_errors(value)
    if noisy >= at_text:
        if value < _TEXT_RIDGE:
            way = "With so little penalty the machine still fits many of the wrong labels."
        elif value > _TEXT_RIDGE:
            way = "So much penalty shrinks what is true as well."
        else:
            way = "That is the ridge of the text."
        return wrong(
            f"The machine is right. At your ridge it errs on {noisy:.1%}, the text's on {at_text:.1%}. {way}", "ridge"
        )
    given = answers.single(true_label_error, "true_label_error")
    if abs(given - clean) <= 0.005 or abs(given - 100 * clean) <= 0.5:
        return right(
            f"At this ridge it errs on {noisy:.1%} instead of {at_text:.1%}, and with true labels on {clean:.1%} "
            f"instead of {digit_errors(0.0)[1]:.1%}: the best penalty depends on a noise that nobody tells you."
        )
    before = digit_errors(0.0)[1]
    for name, known, hint in (
        ("noisy error", noisy, "That error is with half of the labels random, not with true ones."),
        ("no ridge", before, "That is the error with true labels and no ridge. What is it with yours?"),
        ("change", clean - before, "That is by how much it grows. How large is it?"),
    ):
        if abs(given - known) <= 0.003 or abs(given - 100 * known) <= 0.3:
            return wrong(f"The machine and the ridge are right. {hint}", name)
    return wrong(
        f"The machine and the ridge are right, but with true labels in training the error is not {given:g}. Is it a "
        "fraction, from the same ridge and width?",
        "true labels",
    )
