"""The best penalty: the ridge >= 0 at which the risk of ``theory.ridge`` is least, from the zeros of its derivative."""

import numpy as np

from renorm._numerics import validate
from renorm._numerics.fixed_point import blocks
from renorm.theory.population import Population, check_population
from renorm.theory.ridge import bare_share_of, kappa_of, ridge_risk

__all__ = ["optimal_ridge"]


def optimal_ridge(population: Population, n) -> np.ndarray:
    """The ridge >= 0 with the least excess risk at n samples; n may be an array, the result has its shape.

    0.0 where no penalty is best (always without noise when n >= rank); inf where the target is pure noise, for then the
    best prediction is zero. Zeros of the exact derivative d test / d ridge are bracketed on a grid of eight values per
    decade and refined to a relative 1e-10; among several minima the lowest wins. Isotropic data: d sigma^2 / (n |w|^2).
    A negative ridge can be better still: see ``renorm.theory.negative_ridge``.

    >>> from renorm import isotropic
    >>> optimal_ridge(isotropic(100, signal=2.0, noise_variance=0.5), n=[50, 100]).round(12)
    array([0.5 , 0.25])
    """
    check_population(population)
    n = validate.at_least("n", n, 1)
    return np.array([_least_risk(population, samples) for samples in n.ravel()]).reshape(n.shape)[()]


def _least_risk(population: Population, n: float) -> float:
    """The optimal ridge at one n."""
    spectrum = population.modes.spectrum
    if population.noise_variance == 0 and (n >= spectrum.rank or population.signal == 0):
        return 0.0
    if population.signal == 0:
        return np.inf
    ridges = _scan(population, n)
    slope = _slope(population, n, ridges)
    (rising,) = np.nonzero((slope[:-1] < 0) & (slope[1:] >= 0))
    candidates = [_refine(population, n, ridges[i], ridges[i + 1]) for i in rising]
    if slope[0] >= 0:
        candidates.append(0.0)
    return float(candidates[int(np.argmin(ridge_risk(population, n, candidates).excess))])


def _scan(population, n) -> np.ndarray:
    """0 and eight ridges per decade, from where the derivative has the sign it has at 0 to where it is positive."""
    spectrum, energies = population.modes
    high = 10 * (spectrum.trace / n + spectrum.values[-1])
    while _slope(population, n, np.array([high]))[0] <= 0:
        high *= 100
    at_zero = _slope(population, n, np.zeros(1))[0]
    low = 1e-12 * min(high, spectrum.values[energies > 0].max())
    while at_zero < 0 and low > 1e-280 and _slope(population, n, np.array([low]))[0] >= 0:
        low *= 1e-8
    return np.concatenate([[0.0], np.geomspace(low, high, 2 + int(8 * np.log10(high / low)))])


def _refine(population, n, low, high) -> float:
    """The zero of the derivative between low (negative) and high: repeated cutting into 16 on a whole grid at once."""
    for _ in range(60):
        ridges = np.linspace(low, high, 17)
        negative = np.flatnonzero(_slope(population, n, ridges) < 0)
        last = negative[-1] if negative.size else 0
        low, high = ridges[last], ridges[min(last + 1, 16)]
        if high - low <= 1e-11 * high:
            break
    return (low + high) / 2


def _slope(population, n, ridge) -> np.ndarray:
    """A positive multiple of d test / d ridge at each ridge, shape (m,), and its sign just above where kappa is 0."""
    samples, spectrum = np.full(ridge.size, float(n)), population.modes.spectrum
    kappa = kappa_of(spectrum, samples, ridge)
    slope = risk_slope(population, n, kappa, bare_share_of(spectrum, samples, ridge, kappa))
    return np.where(kappa > 0, slope, -population.noise_variance)


def risk_slope(population, n, kappa, bare_share) -> np.ndarray:
    """d ln test / d ln kappa times (1 - gamma)(bias + sigma^2) / 2, for kappa and ridge / kappa of shape (m,).

    With b = w^2 s, p = s / (s + kappa), q = 1 - p and sums over modes, for any number P (derived here):
        (ridge/kappa) sum b q^2 p - (sigma^2/n) sum p^2 q
        + (1/n) [sum p q  sum b q^2 (p - P)  -  sum b q^2  sum p q (p - P)].
    With P = p of the largest eigenvalue the bracket vanishes exactly for equal eigenvalues, so that a tiny optimal
    ridge is found with all its digits.
    """
    spectrum, energies = population.modes
    sums = np.zeros((6, kappa.size))
    for rows, columns in blocks(kappa.size, spectrum.values.size):
        values, counts, b = spectrum.values[columns], spectrum.counts[columns], energies[columns]
        column, largest = kappa[rows, None], spectrum.values[-1]
        p, q = values / (values + column), column / (values + column)
        lag = q * ((values - largest) / (largest + column))  # p - P
        terms = (q * q * p) @ b, (p * q) @ counts, (q * q * lag) @ b, (q * q) @ b, (p * q * lag) @ counts
        for total, term in zip(sums, (*terms, (p * p * q) @ counts), strict=True):
            total[rows] += term
    fit, overlap, lagged, bias, shift, noisy = sums
    return bare_share * fit + (overlap * lagged - bias * shift - population.noise_variance * noisy) / n
