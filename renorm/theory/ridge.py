"""Ridge regression in high dimension: the renormalized ridge and the errors that follow from it.

Convention: w_hat = argmin (1/n) |y - X w|^2 + lambda |w|^2; scikit-learn's ``alpha`` is n lambda. In the limit of many
samples and dimensions, at fixed ratio, everything is a function of one number, the renormalized ridge kappa:

    lambda = kappa (1 - df1(kappa) / n),            df1 = sum s / (s + kappa),     df2 = sum s^2 / (s + kappa)^2,
    gamma = df2 / n,    d kappa / d lambda = 1 / (1 - gamma),
    bias = kappa^2 sum w^2 s / (s + kappa)^2,   test = (bias + sigma^2) / (1 - gamma),  train = (lambda / kappa)^2 test.

Formulas: Atanasov, Zavatone-Veth, Pehlevan 2024 (arXiv 2405.00592), with sums for their means. None of the differences
above is computed by subtracting: see ``fixed_point`` for n - df1, and n (1 - gamma) = n lambda / kappa + sum p q.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics import validate
from renorm._numerics.fixed_point import Spectrum, blocks, compress, solve
from renorm.theory.population import Population

__all__ = ["RidgeRisk", "degrees_of_freedom", "optimal_ridge", "renormalized_ridge", "ridge_risk"]


def degrees_of_freedom(eigenvalues, kappa) -> tuple[np.ndarray, np.ndarray]:
    """df1 = sum s / (s + kappa) and df2 = sum s^2 / (s + kappa)^2: how many directions are learned.

    eigenvalues: shape (d,), zero or larger; kappa: any shape, zero or larger. Both results have the shape of kappa and
    lie between 0 and the rank (the statistician's normalization: sums, not means). At kappa = 0 both are the rank.

    >>> degrees_of_freedom([1.0, 1.0, 0.0], 1.0)
    (np.float64(1.0), np.float64(0.5))
    """
    spectrum = compress(validate.vector("eigenvalues", eigenvalues, validate.non_negative))
    kappa = validate.non_negative("kappa", kappa)
    df1, df2, _, _ = _sums(spectrum, np.zeros(spectrum.values.size), kappa.ravel())
    return df1.reshape(kappa.shape)[()], df2.reshape(kappa.shape)[()]


def renormalized_ridge(eigenvalues, n, ridge) -> np.ndarray:
    """kappa, the solution of ridge = kappa (1 - df1(kappa) / n) on the branch kappa >= 0, gamma <= 1.

    eigenvalues: shape (d,), zero or larger. n >= 1 (need not be whole) and ridge >= 0 broadcast; the result has their
    shape. At ridge = 0, kappa = 0 if n >= rank, else df1(kappa) = n. Relative error below 1e-13 wherever float64 holds
    the numbers. Cost: about one division per grid point and distinct eigenvalue, on large grids less, for their points
    share a table. ValueError for bad input.

    Source: Atanasov, Zavatone-Veth, Pehlevan 2024; the algorithm is described in ``renorm._numerics.fixed_point``.

    >>> renormalized_ridge([1.0] * 100, n=200, ridge=[0.0, 0.5])
    array([0.        , 0.70710678])
    """
    spectrum = compress(validate.vector("eigenvalues", eigenvalues, validate.non_negative))
    n, ridge = _grid(n, ridge)
    return _kappa(spectrum, n.ravel(), ridge.ravel()).reshape(n.shape)[()]


@dataclass(frozen=True)
class RidgeRisk:
    """What theory says of a ridge regression; every field an array of the broadcast shape of n and ridge.

    kappa           renormalized ridge
    df1, df2        degrees of freedom at kappa (sums)
    gamma           df2 / n
    bias            squared bias: error of the mean predictor
    variance        error from the draw of the n samples and their noise
    noise           sigma^2, the error nobody can avoid
    train           mean squared residual on the n samples
    susceptibility  d kappa / d ridge = 1 / (1 - gamma)
    excess, test    bias + variance (E_g), and excess + noise: what a new noisy label costs on average
    """

    kappa: np.ndarray
    df1: np.ndarray
    df2: np.ndarray
    gamma: np.ndarray
    bias: np.ndarray
    variance: np.ndarray
    noise: np.ndarray
    train: np.ndarray
    susceptibility: np.ndarray

    @property
    def excess(self) -> np.ndarray:
        """bias + variance: the error against the noise-free target."""
        return self.bias + self.variance

    @property
    def test(self) -> np.ndarray:
        """excess + noise: the error against new noisy labels."""
        return self.excess + self.noise


def ridge_risk(population: Population, n, ridge) -> RidgeRisk:
    """Errors of ridge regression on n samples of a population; n and ridge broadcast as in ``renormalized_ridge``.

    bias = kappa^2 sum w^2 s / (s + kappa)^2, variance = (bias + sigma^2) gamma / (1 - gamma),
    train = (ridge / kappa)^2 (bias + sigma^2) / (1 - gamma). Means over the data of quantities that concentrate.

    ridge = 0 is the least-squares solution of least norm: train = sigma^2 (1 - rank / n) for n >= rank and 0 for
    n < rank. At ridge = 0 and n = rank exactly, gamma is 1: variance, excess, test and susceptibility are inf (errors 0
    when there is no noise), which is their limit. Source: Atanasov, Zavatone-Veth, Pehlevan 2024.

    >>> from renorm import isotropic
    >>> ridge_risk(isotropic(100, noise_variance=0.5), n=200, ridge=0.0).excess.round(12)
    np.float64(0.5)
    """
    _population(population)
    spectrum = compress(population.eigenvalues)
    n, ridge = _grid(n, ridge)
    kappa = _kappa(spectrum, n.ravel(), ridge.ravel())
    ratio = _bare_share(spectrum, n.ravel(), ridge.ravel(), kappa)
    return risk_from_kappa(population, n, kappa.reshape(n.shape), ratio.reshape(n.shape))


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
    _population(population)
    n = validate.at_least("n", n, 1)
    return np.array([_least_risk(population, samples) for samples in n.ravel()]).reshape(n.shape)[()]


def _population(population) -> None:
    if not isinstance(population, Population):
        raise ValueError(f"population = {population!r}: must be a renorm.theory.population.Population")


def risk_from_kappa(population: Population, n: np.ndarray, kappa: np.ndarray, bare_share: np.ndarray) -> RidgeRisk:
    """``RidgeRisk`` where kappa and bare_share = ridge / kappa are known already (three arrays of one shape)."""
    spectrum = compress(population.eigenvalues)
    energies = spectrum.totals(population.eigenvalues, population.energies)
    df1, df2, overlap, bias = (total.reshape(n.shape) for total in _sums(spectrum, energies, kappa.ravel()))
    stiffness = bare_share + overlap / n  # 1 - gamma, without the subtraction
    susceptibility = np.divide(1.0, stiffness, out=np.full(n.shape, np.inf), where=stiffness > 0)
    noise = np.full(n.shape, population.noise_variance)
    test = np.multiply(bias + noise, susceptibility, out=np.zeros(n.shape), where=bias + noise > 0)
    train = np.multiply(bare_share**2, test, out=np.zeros(n.shape), where=bare_share != 0)
    gamma = df2 / n
    fields = (kappa, df1, df2, gamma, bias, gamma * test, noise, train, susceptibility)
    return RidgeRisk(*(field[()] for field in fields))


def _grid(n, ridge) -> tuple[np.ndarray, np.ndarray]:
    """n and ridge checked and broadcast against each other."""
    n, ridge = validate.at_least("n", n, 1), validate.non_negative("ridge", ridge)
    try:
        return np.broadcast_arrays(n, ridge)
    except ValueError:
        raise ValueError(f"n has shape {n.shape}, ridge has shape {ridge.shape}: must broadcast") from None


def _kappa(spectrum: Spectrum, n: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """kappa for flat n and ridge; the cases that need no solving first."""
    kappa = np.where(spectrum.rank == 0, ridge, 0.0)
    regular = (spectrum.rank > 0) & ((ridge > 0) | (n < spectrum.rank))
    if np.any(regular):
        kappa[regular] = solve(spectrum, n[regular], ridge[regular])
    return kappa


def _bare_share(spectrum, n, ridge, kappa) -> np.ndarray:
    """ridge / kappa = 1 - df1 / n, the share of the renormalized ridge that is bare; its limit where both are 0."""
    limit = np.maximum((n - spectrum.rank) / n, 0.0)
    return np.divide(ridge, kappa, out=limit, where=kappa > 0)


def _sums(spectrum: Spectrum, energies: np.ndarray, kappa: np.ndarray) -> tuple[np.ndarray, ...]:
    """df1 = sum p, df2 = sum p^2, sum p q and bias = sum w^2 s q^2 at each kappa, p = s / (s + kappa), q = 1 - p."""
    df1, df2, overlap, bias = np.zeros((4, kappa.size))
    for rows, columns in blocks(kappa.size, spectrum.values.size):
        values, counts, column = spectrum.values[columns], spectrum.counts[columns], kappa[rows, None]
        q = values + column
        p = values / q
        np.divide(column, q, out=q)
        df1[rows] += p @ counts
        overlap[rows] += np.multiply(p, q) @ counts
        df2[rows] += np.multiply(p, p, out=p) @ counts
        bias[rows] += np.multiply(q, q, out=q) @ energies[columns]
    return df1, df2, overlap, bias


def _least_risk(population: Population, n: float) -> float:
    """The optimal ridge at one n."""
    spectrum = compress(population.eigenvalues)
    if population.noise_variance == 0 and (n >= spectrum.rank or population.signal == 0):
        return 0.0
    if population.signal == 0:
        return np.inf
    ridges = _scan(population, spectrum, n)
    slope = _slope(population, spectrum, n, ridges)
    (rising,) = np.nonzero((slope[:-1] < 0) & (slope[1:] >= 0))
    candidates = [_refine(population, spectrum, n, ridges[i], ridges[i + 1]) for i in rising]
    if slope[0] >= 0:
        candidates.append(0.0)
    return float(candidates[int(np.argmin(ridge_risk(population, n, candidates).excess))])


def _scan(population, spectrum, n) -> np.ndarray:
    """0 and eight ridges per decade, from where the derivative has the sign it has at 0 to where it is positive."""
    energies = spectrum.totals(population.eigenvalues, population.energies)
    high = 10 * (spectrum.trace / n + spectrum.values[-1])
    while _slope(population, spectrum, n, np.array([high]))[0] <= 0:
        high *= 100
    at_zero = _slope(population, spectrum, n, np.zeros(1))[0]
    low = 1e-12 * min(high, spectrum.values[energies > 0].max())
    while at_zero < 0 and low > 1e-280 and _slope(population, spectrum, n, np.array([low]))[0] >= 0:
        low *= 1e-8
    return np.concatenate([[0.0], np.geomspace(low, high, 2 + int(8 * np.log10(high / low)))])


def _refine(population, spectrum, n, low, high) -> float:
    """The zero of the derivative between low (negative) and high: repeated cutting into 16 on a whole grid at once."""
    for _ in range(60):
        ridges = np.linspace(low, high, 17)
        negative = np.flatnonzero(_slope(population, spectrum, n, ridges) < 0)
        last = negative[-1] if negative.size else 0
        low, high = ridges[last], ridges[min(last + 1, 16)]
        if high - low <= 1e-11 * high:
            break
    return (low + high) / 2


def _slope(population, spectrum, n, ridge) -> np.ndarray:
    """A positive multiple of d test / d ridge at each ridge, shape (m,), and its sign just above where kappa is 0."""
    samples = np.full(ridge.size, float(n))
    kappa = _kappa(spectrum, samples, ridge)
    slope = risk_slope(population, spectrum, n, kappa, _bare_share(spectrum, samples, ridge, kappa))
    return np.where(kappa > 0, slope, -population.noise_variance)


def risk_slope(population, spectrum, n, kappa, bare_share) -> np.ndarray:
    """d ln test / d ln kappa times (1 - gamma)(bias + sigma^2) / 2, for kappa and ridge / kappa of shape (m,).

    With b = w^2 s, p = s / (s + kappa), q = 1 - p and sums over modes, for any number P (derived here):
        (ridge/kappa) sum b q^2 p - (sigma^2/n) sum p^2 q
        + (1/n) [sum p q  sum b q^2 (p - P)  -  sum b q^2  sum p q (p - P)].
    With P = p of the largest eigenvalue the bracket vanishes exactly for equal eigenvalues, so that a tiny optimal
    ridge is found with all its digits.
    """
    energies = spectrum.totals(population.eigenvalues, population.energies)
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
