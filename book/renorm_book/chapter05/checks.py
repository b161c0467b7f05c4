"""Instant checks of chapter 5: the exercises on double descent."""

import numpy as np

from renorm.theory.isotropic import isotropic_optimal_excess, isotropic_ridge_excess, isotropic_ridgeless_excess
from renorm_book.answers import collect
from renorm_book.exercise import Exercise, judged, number
from renorm_book.verdict import Verdict, wrong

__all__ = ["amplification", "best_test_error", "turning_point"]


@judged
def turning_point(answer, d: int = 200, signal: float = 1.0, noise: float = 0.09) -> Verdict:
    """From which n on each sample hurts: d (1 - sigma/|w|) in the limit, the minimum over n of the exact risk else.

    ``signal`` is |w|^2 and ``noise`` the variance. Both answers and what lies between them pass.

    >>> turning_point(140).passed, turning_point(139).passed, turning_point(141).passed
    (True, True, False)
    >>> turning_point(50, d=100, signal=4.0, noise=1.0).passed
    True
    """
    n = np.arange(1, d - 1)
    exact = n[np.argmin(signal * (1 - n / d) + noise * n / (d - 1 - n))]
    ratio = (noise / signal) ** 0.5
    limit = d * (1 - ratio)

    def near_by(value: float) -> str:
        if abs(value - limit) <= 3:
            return "Very close. Where exactly does the error begin to rise?"
        way = "falls" if value < exact else "has been rising for some time"
        return (
            f"At n = {value:.4g} the error still {way}."
            if 0 < value < d
            else "It lies between 0 and the peak at n = d."
        )

    return number(
        answer,
        "turning_point",
        lambda value: min(exact, limit) - 1e-6 <= value <= max(exact, limit) + 1e-6,
        (
            ("variance for deviation", d * (1 - noise / signal), 1.0, f"You used σ² = {noise:g} where σ belongs."),
            ("distance", d * ratio, 1.0, "That far *below* d the harm begins. Count from 0."),
            ("peak", d, 2.0, f"{d} is the peak itself. The error begins to climb well before it."),
            ("ratio", 1 - ratio, 0.01, "That is a ratio of n and d. The answer is a number of samples."),
            ("ratio", 1 / (1 - ratio), 0.01, "That is a ratio of d and n. The answer is a number of samples."),
        ),
        f"d (1 − σ/‖w‖) = {d} × {1 - ratio:.3g}: each of the last {d - exact} or so before the peak made it worse.",
        near_by,
    )


def _singular(X) -> np.ndarray:
    return np.linalg.svd(X, compute_uv=False)


_SMALL = np.diag([2.0, 0.5])


def _about_amplification(found: list) -> Verdict | str:
    shapes = [case[0].shape for case in _AMPLIFICATION.cases]
    targets = [_AMPLIFICATION.exact(*case) for case in _AMPLIFICATION.cases]
    tall = [abs(f - t) < 1e-6 * t for f, t, (n, d) in zip(found, targets, shapes, strict=True) if n > d]
    if all(tall):
        return wrong("Right for n > d. For n < d use only the n singular values that are not zero.", "inverse")
    return "For X = diag(2, ½) the noise is halved along the first axis and doubled along the second."


_AMPLIFICATION = Exercise(
    signature="amplification(X)",
    returns="one number, the squared error",
    cases=(
        (_SMALL,),
        (np.random.default_rng(11).standard_normal((30, 12)),),
        (np.random.default_rng(12).standard_normal((9, 20)),),
    ),
    exact=lambda X: np.sum(1 / _singular(X) ** 2),
    mistakes=(
        ("unsquared", lambda X: np.sum(1 / _singular(X)), "You summed 1/s. The squared error needs 1/s²."),
        (
            "not inverted",
            lambda X: np.sum(_singular(X) ** 2),
            "You summed s². Noise is *divided* by the singular values.",
        ),
        (
            "worst only",
            lambda X: 1 / _singular(X)[-1] ** 2,
            "That is the worst direction alone; sum over all of them.",
        ),
        (
            "mean",
            lambda X: np.mean(1 / _singular(X) ** 2),
            "You took the mean over directions; the squared length is their sum.",
        ),
        (
            "per sample",
            lambda X: np.sum(len(X) / _singular(X) ** 2),
            "You divided by the variances ŝ = s²/n and lost a factor n: the sum is over 1/(nŝ) = 1/s².",
        ),
        (
            "root",
            lambda X: np.sqrt(np.sum(1 / _singular(X) ** 2)),
            "This is the length of the error; its square is asked for.",
        ),
        (
            "per direction",
            lambda X: 1 / _singular(X) ** 2,
            "These are the shares of the single directions. Add them up.",
        ),
    ),
    said="The trace of (XᵀX)⁺: for n ≥ d + 2 Gaussian samples its mean is d/(n − d − 1).",
    hint=_about_amplification,
    singular="for n < d, XᵀX has rank n only.",
)


def amplification(function) -> Verdict:
    """Sum of 1/s^2 over the non-zero singular values of X."""
    return _AMPLIFICATION.judge(function)


def _kappa_is_lambda(n, d, signal, noise) -> float:
    ridge = d * noise / (n * signal)
    return signal * ridge / (1 + ridge) + noise


_BEST = Exercise(
    signature="best_test_error(n, d, signal, noise)",
    returns="one number, the test error",
    cases=(
        (60, 100, 2.0, 0.3),
        (150, 100, 0.7, 0.5),
        (10**6, 100, 1.0, 0.25),
        (1, 10**4, 2.0, 0.25),
    ),
    exact=lambda n, d, signal, noise: isotropic_optimal_excess(d / n, signal, noise) + noise,
    mistakes=(
        (
            "excess",
            lambda n, d, signal, noise: isotropic_optimal_excess(d / n, signal, noise),
            "That is the excess risk. The test error has the noise of the new labels on top.",
        ),
        (
            "sum form",
            lambda n, d, signal, noise: isotropic_ridge_excess(d / n, d * noise / signal, signal, noise) + noise,
            "Your λ is dσ²/‖w‖², the α of the sum convention. Divide by n.",
        ),
        (
            "inverted ratio",
            lambda n, d, signal, noise: isotropic_ridge_excess(d / n, d * signal / (n * noise), signal, noise) + noise,
            "More noise calls for more ridge: λ* = dσ²/(n‖w‖²), not its inverse ratio.",
        ),
        (
            "no ridge",
            lambda n, d, signal, noise: isotropic_ridgeless_excess(d / n, signal, noise) + noise,
            "That is the error without a ridge, peak and all.",
        ),
        (
            "kappa is lambda",
            _kappa_is_lambda,
            "You put λ where κ belongs. Solve the quadratic of chapter 4 for κ first.",
        ),
        (
            "signal forgotten",
            lambda n, d, signal, noise: isotropic_optimal_excess(d / n, signal, noise) / signal + noise,
            "The factor ‖w‖² in front of κ/(1 + κ) is missing.",
        ),
    ),
    said="And from n = 80 to n = 120 it falls with every sample: no trace of the mountain.",
    hint="With very many samples only the noise remains, with one sample signal and noise. What does yours say there?",
    library=(isotropic_optimal_excess,),
)


@judged
def best_test_error(function) -> Verdict:
    """Test error of isotropic ridge regression at the best ridge; must also fall with every sample."""
    verdict = _BEST.judge(function)
    if verdict:
        path = collect(function, _BEST.signature, [(n, 100, 1.0, 0.25) for n in range(80, 121)], _BEST.returns)
        if any(value.size != 1 for value in path) or not np.all(np.diff(np.ravel(path)) < 0):
            return wrong(
                "Right at the places tried, but between n = 80 and 120 it does not fall everywhere.", "not falling"
            )
    return verdict
