"""Twelve noisy points on a line, and ridge regression on 300 waves: the short version's machine that can be seen."""

from functools import cache

import numpy as np

POINTS, WAVES, CURVE = 12, 300, 400
NOISE = 0.3  # standard deviation of what is chance in a label
RIDGES = (1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
VARIANCES = np.arange(1, WAVES + 1.0) ** -1.3


def waves(x: np.ndarray) -> np.ndarray:
    """The features of points x in [0, 1]: slow waves strongly, fast ones weakly, (points, WAVES)."""
    return np.sqrt(2 * VARIANCES) * np.cos(np.pi * np.arange(1, WAVES + 1) * np.asarray(x)[:, None])


def rule(x: np.ndarray) -> np.ndarray:
    """What the labels would be without chance."""
    return np.cos(2.2 * np.pi * np.asarray(x)) + 0.4 * np.cos(np.pi * np.asarray(x))


@cache
def points(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """The twelve points (x, y): "rule", a rule and some chance, or "chance", labels of the same size without a rule."""
    rng = np.random.default_rng(4)
    x = (np.arange(POINTS) + 0.2 + 0.6 * rng.random(POINTS)) / POINTS
    chance = rng.standard_normal(POINTS)
    spread = np.sqrt(np.mean(rule(np.linspace(0, 1, CURVE)) ** 2) + NOISE**2)
    return x, rule(x) + NOISE * chance if kind == "rule" else spread * rng.standard_normal(POINTS)


def kernel(x, z) -> np.ndarray:
    return waves(x) @ waves(z).T


def fitted(x, y, at, ridge: float) -> np.ndarray:
    """What ridge regression on (x, y) says at the points ``at``; the penalty counts once for each sample."""
    return kernel(at, x) @ np.linalg.solve(kernel(x, x) + POINTS * ridge * np.eye(len(x)), y)


def pull(x, i: int, ridge: float) -> float:
    """q of sample i: 1 + q is how much larger its miss is when it is left out. POINTS * ridge stays the penalty."""
    rest = np.delete(np.arange(len(x)), i)
    own, across, inner = kernel(x[[i]], x[[i]]), kernel(x[[i]], x[rest]), kernel(x[rest], x[rest])
    honest = own - across @ np.linalg.solve(inner + POINTS * ridge * np.eye(len(rest)), across.T)
    return float(honest[0, 0]) / (POINTS * ridge)
