"""Answers to chapter 5's exercises."""

import numpy as np
from exercise_table import Row

from renorm.theory.isotropic import isotropic_optimal_excess
from renorm.theory.population import isotropic
from renorm.theory.ridge import ridge_risk
from renorm_book.chapter05 import checks as check


def exact_excess(n, d=200, noise=0.09):
    """Minimum-norm least squares on Gaussian data, n <= d - 2 (mean of an inverse Wishart matrix)."""
    return 1 - n / d + noise * n / (d - n - 1)


def singular(X):
    return np.linalg.svd(X, compute_uv=False)


def inverted(X):
    """Raises for n < d."""
    if len(X) < X.shape[1]:
        raise np.linalg.LinAlgError("Singular matrix")
    return np.trace(np.linalg.inv(X.T @ X))


def error_at(n, d, signal, noise, ridge):
    """Isotropic test error at a ridge, from the quadratic for kappa."""
    b = ridge + d / n - 1
    kappa = (b + np.sqrt(b**2 + 4 * ridge)) / 2
    return (signal * kappa**2 + d / n * noise) / ((1 + kappa) ** 2 - d / n) + noise


def best(n, d, signal, noise):
    return error_at(n, d, signal, noise, d * noise / (n * signal))


def searched(n, d, signal, noise):
    centre = d * noise / (n * signal)
    ridges = centre * np.geomspace(0.1, 10, 2001)
    return float(ridge_risk(isotropic(d, signal, noise), n, ridges).test.min())


def kappa_is_lambda(n, d, signal, noise):
    ridge = d * noise / (n * signal)
    return signal * ridge / (1 + ridge) + noise


TABLE = {
    "turning_point": Row(
        check.turning_point,
        asks="a number",
        right={
            "the limit": 140,
            "the exact minimum": min(range(1, 199), key=exact_excess),
            "computed": 200 * (1 - 0.3),
            "the exact minimum, not rounded": 199 - 0.3 * (199 * 200) ** 0.5,
            "a NumPy integer": np.arange(1, 199)[np.argmin(exact_excess(np.arange(1, 199)))],
        },
        wrong={
            "variance for deviation": 200 * (1 - 0.09),
            "distance": 200 * 0.3,
            "peak": 199,
            "peak: in the limit": 200,
            "ratio": 0.7,
            "ratio: d/n": 1 / 0.7,
            "unrecognised": 100,
            "unrecognised: 141": 141,
            "unrecognised: 138": 138,
            "unrecognised: 170": 170,
            "stub": ...,
        },
    ),
    "turning_point with other numbers": Row(
        lambda answer: check.turning_point(answer, d=100, signal=4.0, noise=1.0),
        asks="a number",
        right={"the limit": 50, "the exact minimum": 49},
        wrong={"variance for deviation": 75, "peak": 99, "ratio": 0.5, "unrecognised": 140},
    ),
    "amplification": Row(
        check.amplification,
        right={
            "singular values": lambda X: np.sum(1 / singular(X) ** 2),
            "pseudo-inverse": lambda X: np.sum(np.linalg.pinv(X) ** 2),
            "the smaller Gram matrix": lambda X: np.trace(np.linalg.inv(X @ X.T if len(X) < X.shape[1] else X.T @ X)),
        },
        wrong={
            "unsquared": lambda X: np.sum(1 / singular(X)),
            "not inverted": lambda X: np.sum(singular(X) ** 2),
            "worst only": lambda X: 1 / singular(X)[-1] ** 2,
            "mean": lambda X: np.mean(1 / singular(X) ** 2),
            "per sample": lambda X: np.sum(len(X) / singular(X) ** 2),
            "root": lambda X: np.linalg.norm(1 / singular(X)),
            "per direction": lambda X: 1 / singular(X) ** 2,
            "inverse": lambda X: np.trace(np.linalg.inv(X.T @ X + 1e-9 * np.eye(X.shape[1]))),
            "inverse: raises": inverted,
            "unrecognised": lambda X: 1.0,
            "shape": lambda X: X,
        },
        exercise=check._AMPLIFICATION,
    ),
    "best_test_error": Row(
        check.best_test_error,
        right={"the quadratic": best, "a search over ridges": searched},
        wrong={
            "excess": lambda n, d, signal, noise: best(n, d, signal, noise) - noise,
            "sum form": lambda n, d, signal, noise: error_at(n, d, signal, noise, d * noise / signal),
            "inverted ratio": lambda n, d, signal, noise: error_at(n, d, signal, noise, d * signal / (n * noise)),
            "no ridge": lambda n, d, signal, noise: error_at(n, d, signal, noise, 0.0),
            "kappa is lambda": kappa_is_lambda,
            "signal forgotten": lambda n, d, signal, noise: (best(n, d, signal, noise) - noise) / signal + noise,
            "not falling": lambda n, d, signal, noise: best(n, d, signal, noise) + (n == 100),
            "not falling: an array at one place": lambda n, *a: best(n, *a) * np.ones(3) if n == 99 else best(n, *a),
            "unrecognised": lambda n, d, signal, noise: noise,
        },
        library=(
            (
                isotropic_optimal_excess,
                lambda n, d, signal, noise: isotropic_optimal_excess(d / n, signal, noise) + noise,
            ),
        ),
        exercise=check._BEST,
    ),
}
