"""Planted mistakes in the classical bounds, in nested solutions and in Gabor features."""

import itertools

import numpy as np
from mutation import Mutant

COINS = np.array(list(itertools.product([-1.0, 1.0], repeat=6))).T
X = np.array([[1, 0], [2, 1], [0, 3], [-1, 1], [1, 1], [2, -2]], dtype=float)


def check_fits(module):
    """Mean squares over all coin flips: the rank over n, and B² times the mean square length over n."""
    np.testing.assert_allclose(np.mean(module.span_fit(X, COINS) ** 2), 2 / 6)
    np.testing.assert_allclose(np.mean(module.ball_fit(X, COINS, 3.0) ** 2), 9 * np.sum(X**2) / 36)
    np.testing.assert_allclose(module.span_complexity(100, [25, 400]), [0.5, 1])
    np.testing.assert_allclose(module.ball_complexity(100, 5.0, 2.0), 1.0)


def check_guarantees(module):
    """The margin bound and the stability bound, by hand; Cover's count of 6 points in the plane, 12 of 64."""
    by_hand = 0.1 + 2 * 1.05**3 * 2 / 20 + np.sqrt(np.log(3 * 4 / 0.05) / 800)
    np.testing.assert_allclose(module.margin_bound(0.1, 1.05**3, 400, radius=2.0), by_hand)
    np.testing.assert_allclose(module.ridge_stability(100, 0.25, 2.0, 3.0), 4 * 3 / 25 * 5)
    assert module.separable_fraction(6, 2) == 12 / 64


def check_fitted(module):
    """The PAC-Bayes bound of equal margins and the bound for perfect fits, by hand."""
    g, n = 0.3085375387, 1000  # Φ(-1/2): the scale 1 alone, margins 1/2
    budget = (0.5 + np.log(2 * np.sqrt(n) / 0.05)) / n
    low, high = g, 1.0
    for _ in range(60):
        q = (low + high) / 2
        low, high = (low, q) if g * np.log(g / q) + (1 - g) * np.log((1 - g) / (1 - q)) > budget else (q, high)
    np.testing.assert_allclose(module.pac_bayes_bound(np.full(n, 0.5), scales=1), 2 * q, rtol=1e-6)
    t = np.sqrt(2 * np.log(6 / (2 / 3 * 0.05 / (8 * 9))))
    by_hand = ((1.05**-7 * (np.sqrt(3.0) + t * np.sqrt(0.1)) + t * np.sqrt(0.4)) / (30 - np.sqrt(7) - t)) ** 2
    np.testing.assert_allclose(module.interpolation_bound(1.05**-7, 900, 3.0, 0.1, 5, 0.4), by_hand)


def check_nested(module):
    """Three points, with blocks of two, against separate solves."""
    module.BLOCK = 2
    K = np.array([[2.0, 1.0, 0.5], [1.0, 3.0, 1.0], [0.5, 1.0, 4.0]])
    y = np.array([1.0, -2.0, 3.0])
    solver = module.NestedSolver(K, y)
    for n in (1, 2, 3):
        dual = np.linalg.solve(K[:n, :n], y[:n])
        np.testing.assert_allclose(solver.solution(n), dual)
        np.testing.assert_allclose(solver.norms()[n - 1] ** 2, y[:n] @ dual)


def check_wavelets(module):
    """One bright pixel returns the wavelet itself; constants are not seen."""
    image = np.zeros((24, 24))
    image[12, 12] = 1.0
    found = module.gabor_features([image], orientations=2, frequency=1.0, width=1.5, pool=2).reshape(2, 12, 12)
    at = np.arange(24) - 12.0
    for k in range(2):
        wave = at[:, None] if k == 0 else at
        window = np.exp(-(at[:, None] ** 2 + at**2) / 4.5)
        pure = window * np.exp(1j * wave)
        pure -= window * (np.sum(pure) / np.sum(window))
        np.testing.assert_allclose(found[k], np.abs(pure).reshape(12, 2, 12, 2).mean(axis=(1, 3)), atol=2e-3)


B, N, W = "renorm.theory.bounds", "renorm.experiments.nested", "renorm.data.wavelets"
MUTANTS = [
    Mutant(
        B,
        "return np.sqrt(np.sum((U.T @ signs) ** 2, axis=0) / len(X))",
        "return np.sum((U.T @ signs) ** 2, axis=0) / len(X)",
        check_fits,
    ),
    Mutant(B, "np.minimum(d, n) / n", "np.maximum(d, n) / n", check_fits),
    Mutant(
        B,
        "np.linalg.norm(X.T @ signs, axis=0) / len(X)",
        "np.linalg.norm(X.T @ signs, axis=0) / len(X) / 2",
        check_fits,
    ),
    Mutant(
        B,
        'positive("norm", norm) * positive("radius", radius) / np.sqrt',
        'positive("norm", norm) * positive("radius", radius) ** 2 / np.sqrt',
        check_fits,
    ),
    Mutant(B, "ramp + 2 * grid**k", "ramp + grid**k", check_guarantees),
    Mutant(B, "k * (k + 1) / failure", "k * (k + 1) * failure", check_guarantees),
    Mutant(B, "/ (2 * n))", "/ n)", check_guarantees),
    Mutant(B, "radius**2 * label_bound / (n * ridge)", "radius * label_bound / (n * ridge)", check_guarantees),
    Mutant(B, "(1 + radius / np.sqrt(ridge))", "(1 + radius / ridge)", check_guarantees),
    Mutant(B, "term * (n - k) // k", "term * (n + 1 - k) // k", check_guarantees),
    Mutant(B, "(mu**2 / 2 + np.log", "(mu**2 + np.log", check_fitted),
    Mutant(B, "2 * np.sqrt(n) / failure", "2 * n / failure", check_fitted),
    Mutant(B, "return 2 * _largest_allowed", "return _largest_allowed", check_fitted),
    Mutant(B, "error * np.log(error / q), (1 - error)", "error * np.log(q / error), (1 - error)", check_fitted),
    Mutant(B, "erfc(value / sqrt(2)) / 2", "erfc(value) / 2", check_fitted),
    Mutant(B, "np.sqrt(trace) + t * np.sqrt(top)", "np.sqrt(trace) - t * np.sqrt(top)", check_fitted),
    Mutant(B, "+ t * np.sqrt(signal)", "- t * np.sqrt(signal)", check_fitted),
    Mutant(B, "np.sqrt(n) - np.sqrt(split + 2.0) - t", "np.sqrt(n) - np.sqrt(split) - t", check_fitted),
    Mutant(B, "np.log(9 * (np.abs(m) + 1)", "np.log(6 * (np.abs(m) + 1)", check_fitted),
    Mutant(B, "(shadow / np.where(room > 0, room, 1)) ** 2", "shadow / np.where(room > 0, room, 1)", check_fitted),
    Mutant(B, "2 ** (n - 1)", "2**n", check_guarantees),
    Mutant(
        N,
        "half[block] - L[block, :start] @ half[:start]",
        "half[block] + L[block, :start] @ half[:start]",
        check_nested,
    ),
    Mutant(N, "dual[block] - L[block.stop :, block].T", "dual[block] + L[block.stop :, block].T", check_nested),
    Mutant(N, "np.sqrt(np.cumsum(self._half**2, axis=0))", "np.cumsum(self._half**2, axis=0)", check_nested),
    Mutant(W, "(2 * width**2)", "width**2", check_wavelets),
    Mutant(W, "wave - window", "wave + window", check_wavelets),
    Mutant(W, "np.pi * k / orientations", "2 * np.pi * k / orientations", check_wavelets),
]
