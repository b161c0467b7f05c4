"""Instant checks of chapter 5: the exercises on double descent."""

import numpy as np

from renorm.theory.isotropic import isotropic_optimal_excess, isotropic_ridge_excess, isotropic_ridgeless_excess
from renorm_book.answers import answers, number, same
from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["amplification", "best_test_error", "turning_point"]


def turning_point(answer) -> Verdict:
    """From which n on each sample hurts, for d = 200, signal 1, noise variance 0.09; 139 exactly, 140 in the limit.

    >>> turning_point(140).passed
    True
    """
    if is_stub(answer):
        return not_answered("set turning_point to a number of samples.")
    value = number(answer)
    if value is None:
        return wrong("turning_point must be a single number.", "not a number")
    if 138.5 < value < 141.5:
        return right("d (1 − σ/‖w‖) = 200 × 0.7: the last 60 samples before the peak each made the learner worse.")
    if abs(value - 182) <= 1:
        return wrong("You used σ² = 0.09 where σ = 0.3 belongs.", "variance for deviation")
    if abs(value - 60) <= 1:
        return wrong("60 is d σ: so far *below* d the harm begins. Count from 0.", "distance")
    if abs(value - 200) <= 2:
        return wrong("200 is the peak itself. The error begins to climb well before it.", "peak")
    if 0 < value < 5:
        return wrong("That looks like a ratio of n and d. The answer is a number of samples.", "ratio")
    return wrong("Find the minimum over n of 1 − n/200 + 0.09 n/(199 − n).")


AMPLIFICATION_MISTAKES = {
    "unsquared": (lambda s, shape: np.sum(1 / s), "You summed 1/s. The squared error needs 1/s²."),
    "not inverted": (lambda s, shape: np.sum(s**2), "You summed s². Noise is *divided* by the singular values."),
    "worst only": (lambda s, shape: 1 / s.min() ** 2, "That is the worst direction alone; sum over all of them."),
    "mean": (lambda s, shape: np.mean(1 / s**2), "You took the mean over directions; the squared length is their sum."),
    "per sample": (
        lambda s, shape: np.sum(shape[0] / s**2),
        "You divided by the variances ŝ = s²/n and lost a factor n: the sum is over 1/(nŝ) = 1/s².",
    ),
}


def amplification(function) -> Verdict:
    """Sum of 1/s^2 over the non-zero singular values of X."""
    rng = np.random.default_rng(11)
    problems = [(rng.standard_normal(shape),) for shape in ((30, 12), (9, 20))]
    values = answers(function, problems, "amplification", "for n < d, XᵀX has rank n only.")
    if isinstance(values, Verdict):
        return values
    spectra = [(np.linalg.svd(X, compute_uv=False), X.shape) for (X,) in problems]
    targets = [np.sum(1 / s**2) for s, _ in spectra]
    if same(values, targets):
        return right("The trace of (XᵀX)⁺: for n ≥ d + 2 Gaussian samples its mean is d/(n − d − 1).")
    for mistake, (formula, hint) in AMPLIFICATION_MISTAKES.items():
        if same(values, [formula(*spectrum) for spectrum in spectra]):
            return wrong(hint, mistake)
    if same(values[:1], targets[:1]):
        return wrong("Right for n > d. For n < d use only the n singular values that are not zero.", "inverse")
    return wrong(f"For a 30 × 12 example the noise is amplified by {targets[0]:.4g}; you get {values[0]:.4g}.")


BEST_MISTAKES = {
    "excess": (
        lambda n, d, signal, noise: isotropic_optimal_excess(d / n, signal, noise),
        "That is the excess risk. The test error has the noise of the new labels on top.",
    ),
    "sum form": (
        lambda n, d, signal, noise: isotropic_ridge_excess(d / n, d * noise / signal, signal, noise) + noise,
        "Your λ is dσ²/‖w‖², the α of the sum convention. Divide by n.",
    ),
    "inverted ratio": (
        lambda n, d, signal, noise: isotropic_ridge_excess(d / n, d * signal / (n * noise), signal, noise) + noise,
        "More noise calls for more ridge: λ* = dσ²/(n‖w‖²), not its inverse ratio.",
    ),
    "no ridge": (
        lambda n, d, signal, noise: isotropic_ridgeless_excess(d / n, signal, noise) + noise,
        "That is the error without a ridge, peak and all.",
    ),
    "kappa is lambda": (
        lambda n, d, signal, noise: signal * _ratio(d * noise / (n * signal)) + noise,
        "You put λ where κ belongs. Solve the quadratic of chapter 4 for κ first.",
    ),
    "signal forgotten": (
        lambda n, d, signal, noise: isotropic_optimal_excess(d / n, signal, noise) / signal + noise,
        "The factor ‖w‖² in front of κ/(1 + κ) is missing.",
    ),
}


def _ratio(x: float) -> float:
    return x / (1 + x)


def best_test_error(function) -> Verdict:
    """Test error of isotropic ridge regression at the best ridge; must also fall with every sample."""
    problems = [(60, 100, 2.0, 0.3), (150, 100, 0.7, 0.5)]
    values = answers(function, problems, "best_test_error")
    if isinstance(values, Verdict):
        return values
    targets = [isotropic_optimal_excess(d / n, signal, noise) + noise for n, d, signal, noise in problems]
    if same(values, targets):
        path = answers(function, [(n, 100, 1.0, 0.25) for n in range(80, 121)], "best_test_error")
        if isinstance(path, Verdict):
            return path
        if np.all(np.diff(path) < 0):
            return right("And from n = 80 to n = 120 it falls with every sample: no trace of the mountain.")
    for mistake, (formula, hint) in BEST_MISTAKES.items():
        if same(values, [formula(*problem) for problem in problems]):
            return wrong(hint, mistake)
    return wrong(f"For n = 60, d = 100, signal 2, noise 0.3 the answer is {targets[0]:.4g}; you get {values[0]:.4g}.")
