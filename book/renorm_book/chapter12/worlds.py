"""Chapter 12's simulations: a series of samples that resemble their neighbours, and fits judged on shifted inputs."""

import sys

import numpy as np

from renorm import generalized_cross_validation, leave_one_out, power_law, ridge_path, sample
from renorm.theory.correlated import corrected_cross_validation, exponential_correlation

__all__ = ["LENGTHS", "RIDGES", "SAMPLES", "SERIES_RIDGES", "SHIFTS", "WORLD", "series", "shifted_fits", "shifted_to"]

BROWSER = sys.platform == "emscripten"  # there, linear algebra is slow
WORLD = power_law(200, capacity=1.3, source=0.4, noise_variance=0.3)
LENGTHS = (0.0, 1.0, 2.0, 4.0, 8.0)  # steps after which a series has forgotten
SERIES_RIDGES = (0.01, 0.03, 0.1, 0.3)
SAMPLES = (50, 100, 200, 400)
RIDGES = (0.001, 0.01, 0.1, 1.0)
SHIFTS = np.linspace(-1, 1, 9)  # powers of the variance


def series(n: int, length: float, draws: int = 10 if BROWSER else 40) -> np.ndarray:
    """(ridges, 4, draws) at SERIES_RIDGES: error on new rows, leave-one-out, GCV and CorrGCV of n correlated rows."""
    s, w, rng = WORLD.eigenvalues, WORLD.coefficients, np.random.default_rng([n, round(10 * length)])
    correlation = exponential_correlation(n, length)
    root = np.linalg.cholesky(correlation)
    found = np.empty((len(SERIES_RIDGES), 4, draws))
    for draw in range(draws):
        X = root @ rng.standard_normal((n, s.size)) * np.sqrt(s)
        y = X @ w + root @ rng.standard_normal(n) * WORLD.noise_variance**0.5
        K = X @ X.T
        found[:, 3, draw] = corrected_cross_validation(X, y, SERIES_RIDGES, correlation)
        for i, (ridge, w_hat) in enumerate(zip(SERIES_RIDGES, ridge_path(X, y, SERIES_RIDGES), strict=True)):
            found[i, :3, draw] = (
                WORLD.noise_variance + np.sum(s * (w_hat - w) ** 2),
                np.mean(leave_one_out(K, y, ridge) ** 2),
                generalized_cross_validation(K, y, ridge),
            )
    return found


def shifted_to(power: float) -> np.ndarray:
    """Variances of new inputs, proportional to s^(1 + power), of the same total as those of the training inputs."""
    s = WORLD.eigenvalues
    return s ** (1 + power) * s.sum() / np.sum(s ** (1 + power))


def shifted_fits(n: int, draws: int = 40 if BROWSER else 200) -> np.ndarray:
    """(draws, ridges, shifts): excess errors of the same fits on inputs of each of SHIFTS."""
    rng, tested = np.random.default_rng(n), np.array([shifted_to(power) for power in SHIFTS])
    misses = (ridge_path(*sample(WORLD, n, rng), RIDGES) - WORLD.coefficients for _ in range(draws))
    return np.array([miss**2 @ tested.T for miss in misses])
