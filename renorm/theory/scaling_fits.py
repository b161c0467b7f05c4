"""Power laws measured rather than assumed: slopes of learning curves, exponents of spectra, crossings, frontiers.

``learning_curve_slope`` differentiates the theory exactly; ``local_slope`` works on any curve. ``measure_capacity`` and
``measure_source`` read the two exponents of ``renorm.theory.scaling`` off a spectrum and a target.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics import validate
from renorm.theory.population import Population, check_population
from renorm.theory.ridge import renormalized_ridge

__all__ = [
    "Frontier",
    "compute_frontier",
    "crossings",
    "fit_power_law",
    "learning_curve_slope",
    "local_slope",
    "measure_capacity",
    "measure_source",
]


def local_slope(x, y) -> np.ndarray:
    """d ln y / d ln x on a grid: x of shape (m,), m >= 3, monotone; y of shape (..., m), positive. Shape of y.

    Differences of second order for any spacing; exact for a power law.

    >>> local_slope([1.0, 2.0, 8.0], [3.0, 12.0, 192.0]).round(12)
    array([2., 2., 2.])
    """
    log_x, log_y = _logs("x", x), _logs("y", y)
    if log_x.ndim != 1 or log_x.size < 3 or np.any(np.diff(log_x) * (log_x[-1] - log_x[0]) <= 0):
        raise ValueError(f"x = {np.asarray(x)}: must be one-dimensional, monotone, and have three points or more")
    if log_y.ndim == 0 or log_y.shape[-1] != log_x.size:
        raise ValueError(f"y has shape {log_y.shape}: its last axis must have the length of x, {log_x.size}")
    return np.gradient(log_y, log_x, axis=-1, edge_order=2)


def learning_curve_slope(population: Population, n, ridge, decay=0.0) -> np.ndarray:
    """d ln excess / d ln n of ridge regression, exactly, at fixed ridge or along ridge ~ n^-decay; all broadcast.

    With p = s / (s + kappa), q = 1 - p and psi = d ln kappa / d ln n = -(decay ridge / kappa + df1 / n) / (1 - gamma),
        slope = (2 psi sum of w^2 s q^2 p + sigma^2 gamma') / (bias + sigma^2 gamma) + gamma' / (1 - gamma),
        gamma' = -gamma - (2 psi / n) sum of p^2 q.
    Derived here. ValueError where the excess or kappa is 0, which has no logarithm (ridge = 0 and n >= rank).

    >>> from renorm import power_law
    >>> learning_curve_slope(power_law(100_000, capacity=1.5, source=0.4), n=[30, 1000], ridge=0.0).round(2)
    array([-1.16, -1.22])
    """
    check_population(population)
    n, ridge = validate.at_least("n", n, 1), validate.non_negative("ridge", ridge)
    n, ridge, decay = validate.broadcast(n=n, ridge=ridge, decay=validate.real_array("decay", decay))
    kappa = renormalized_ridge(population.eigenvalues, n, ridge)
    if np.any(kappa == 0) or population.signal + population.noise_variance == 0:
        raise ValueError("ridge = 0 with n >= rank, or a population without signal and noise: no slope in logarithms")
    spectrum, energy = population.modes
    noise, counts = population.noise_variance, spectrum.counts
    slope = np.empty(n.shape)
    for at in np.ndindex(n.shape):
        p = spectrum.values / (spectrum.values + kappa[at])
        q = kappa[at] / (spectrum.values + kappa[at])
        bare, gamma = ridge[at] / kappa[at], counts @ p**2 / n[at]
        rest = bare + counts @ (p * q) / n[at]  # 1 - gamma, without the subtraction
        psi = -(decay[at] * bare + counts @ p / n[at]) / rest
        gamma_slope = -gamma - 2 * psi * (counts @ (p**2 * q)) / n[at]
        floor = energy @ q**2 + noise * gamma
        slope[at] = (2 * psi * (energy @ (q**2 * p)) + noise * gamma_slope) / floor + gamma_slope / rest
    return slope[()]


def crossings(x, first, second) -> np.ndarray:
    """Every x at which two positive curves on the same increasing grid cross, interpolated in logarithms.

    Where bias meets noise, say, a learning curve turns from one regime to the next. Shape: one entry per crossing.

    >>> x = np.array([1.0, 10.0, 100.0])
    >>> crossings(x, 1 / x, 0.05 + 0 * x).round(9)
    array([20.])
    """
    x, gap = _logs("x", x), _logs("first", first) - _logs("second", second)
    if x.shape != gap.shape or x.ndim != 1 or x.size < 2 or np.any(np.diff(x) <= 0):
        raise ValueError(
            f"x, first, second have shapes {x.shape}, {gap.shape}: must be equal and 1-d, with x increasing"
        )
    (left,) = np.nonzero((gap[:-1] != 0) & (np.sign(gap[:-1]) != np.sign(gap[1:])))
    share = gap[left] / (gap[left] - gap[left + 1])
    return np.exp(x[left] + share * (x[left + 1] - x[left]))


def fit_power_law(x, y, weights=None) -> tuple[float, float]:
    """(exponent, amplitude) of y = amplitude x^exponent, by weighted least squares in logarithms; 1-d, positive.

    >>> exponent, amplitude = fit_power_law([1, 10, 100], [5, 0.5, 0.05])
    >>> round(exponent, 9), round(amplitude, 9)
    (-1.0, 5.0)
    """
    log_x, log_y = _logs("x", x), _logs("y", y)
    if log_x.shape != log_y.shape or log_x.ndim != 1 or np.unique(log_x).size < 2:
        raise ValueError(f"x and y have shapes {log_x.shape}, {log_y.shape}: must be 1-d, equal, with two values of x")
    weights = np.ones(log_x.shape) if weights is None else validate.positive("weights", weights)
    validate.same_length(x=log_x, weights=weights)
    middle_x, middle_y = np.average(log_x, weights=weights), np.average(log_y, weights=weights)
    exponent = weights @ ((log_x - middle_x) * log_y) / (weights @ (log_x - middle_x) ** 2)
    return float(exponent), float(np.exp(middle_y - exponent * middle_x))


def measure_capacity(eigenvalues, window: tuple[int, int]) -> float:
    """alpha from a measured spectrum: minus the slope of ln s_k against ln k, over ranks k from window[0] to window[1].

    Eigenvalues in any order; k = 1 is the largest. Every octave of k has the same weight. Choose a window of at least a
    decade that stays clear of the last ranks: those of a sample of N points are too small beyond k ~ N / 10.

    >>> round(measure_capacity(np.arange(1.0, 1001) ** -1.5, (5, 200)), 9)
    1.5
    """
    s = np.sort(validate.vector("eigenvalues", eigenvalues, validate.non_negative))[::-1]
    k = _window(window, s.size)
    return -fit_power_law(k, s[k - 1], 1 / k)[0]


def measure_source(eigenvalues, coefficients, window: tuple[int, int]) -> float:
    """r from a measured spectrum and target: w_k^2 s_k ~ k^-(1 + 2 alpha r) over the window, alpha on the same window.

    Single energies of a measured target scatter like chi-squared variables, with many near zero, so the line is fitted
    by the likelihood of such variables (sum over k of weight (ln m_k + w_k^2 s_k / m_k), m_k the power law, each octave
    of equal weight), not to logarithms. ValueError if the window holds no energy. Negative if the target is rougher
    than any in the class.

    >>> from renorm import power_law
    >>> p = power_law(1000, capacity=1.5, source=0.4)
    >>> round(measure_source(p.eigenvalues, p.coefficients, (5, 200)), 9)
    0.4
    """
    s = validate.vector("eigenvalues", eigenvalues, validate.non_negative)
    w = validate.vector("coefficients", coefficients)
    validate.same_length(eigenvalues=s, coefficients=w)
    order = np.argsort(-s, kind="stable")
    k = _window(window, s.size)
    energies = (w**2 * s)[order][k - 1]
    if not np.any(energies > 0):
        raise ValueError(f"window = {window}: the target has no energy there")
    decay = _likeliest_decay(np.log(k), energies / energies.max(), 1 / k)
    return float((decay - 1) / (2 * measure_capacity(s, window)))


def _likeliest_decay(log_k, energies, weights) -> float:
    """b minimizing sum of weights (a - b x + e exp(b x - a)) over a and b, x = log_k: convex, by damped Newton in b."""
    x, weights = log_k - np.average(log_k, weights=weights), weights / weights.sum()
    b = 0.0
    for _ in range(200):  # at the best a, the objective is ln of the mean below; its slope and curvature are moments
        tilted = weights * energies * np.exp(b * x - np.max(b * x))
        tilted /= tilted.sum()
        slope = tilted @ x
        step = -slope / max(tilted @ (x - slope) ** 2, 1e-12)
        b += np.clip(step, -1, 1)
        if abs(step) < 1e-12:
            break
    return float(b)


@dataclass(frozen=True)
class Frontier:
    """The points of a grid that no cheaper point beats, in order of cost: arrays of equal length."""

    cost: np.ndarray
    loss: np.ndarray
    n: np.ndarray
    width: np.ndarray


def compute_frontier(n, width, loss, cost=None) -> Frontier:
    """The compute-optimal frontier of a grid: n, width, loss (and cost, by default n * width) broadcast.

    A point is kept if its loss is below that of every point of equal or smaller cost.

    >>> frontier = compute_frontier([[10], [20]], [10, 20], [[0.9, 0.5], [0.6, 0.3]])
    >>> frontier.cost, frontier.loss, frontier.width
    (array([100., 200., 400.]), array([0.9, 0.5, 0.3]), array([10., 20., 20.]))
    """
    n, width = validate.positive("n", n), validate.positive("width", width)
    cost = n * width if cost is None else validate.positive("cost", cost)
    n, width, cost, loss = (a.ravel() for a in np.broadcast_arrays(n, width, cost, validate.non_negative("loss", loss)))
    order = np.lexsort((loss, cost))
    best_before = np.concatenate([[np.inf], np.minimum.accumulate(loss[order])[:-1]])
    kept = order[loss[order] < best_before]
    return Frontier(cost[kept], loss[kept], n[kept], width[kept])


def _logs(name: str, value) -> np.ndarray:
    return np.log(validate.positive(name, value))


def _window(window, size: int) -> np.ndarray:
    first, last = (validate.integer("window", end, 1, size) for end in window)
    if last <= first:
        raise ValueError(f"window = {window}: its end must be larger than its start")
    return np.arange(first, last + 1)
