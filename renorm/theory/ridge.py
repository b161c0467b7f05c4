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
from renorm.theory.population import Population, check_population

__all__ = ["RidgeRisk", "degrees_of_freedom", "renormalized_ridge", "ridge_risk"]


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
    n, ridge = grid(n, ridge)
    return kappa_of(spectrum, n.ravel(), ridge.ravel()).reshape(n.shape)[()]


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
    spectrum = check_population(population).modes.spectrum
    n, ridge = grid(n, ridge)
    kappa = kappa_of(spectrum, n.ravel(), ridge.ravel())
    ratio = bare_share_of(spectrum, n.ravel(), ridge.ravel(), kappa)
    return risk_from_kappa(population, n, kappa.reshape(n.shape), ratio.reshape(n.shape))


def risk_from_kappa(population: Population, n: np.ndarray, kappa: np.ndarray, bare_share: np.ndarray) -> RidgeRisk:
    """``RidgeRisk`` where kappa and bare_share = ridge / kappa are known already (three arrays of one shape)."""
    df1, df2, overlap, bias = (total.reshape(n.shape) for total in _sums(*population.modes, kappa.ravel()))
    stiffness = bare_share + overlap / n  # 1 - gamma, without the subtraction
    susceptibility = np.divide(1.0, stiffness, out=np.full(n.shape, np.inf), where=stiffness > 0)
    noise = np.full(n.shape, population.noise_variance)
    test = np.multiply(bias + noise, susceptibility, out=np.zeros(n.shape), where=bias + noise > 0)
    train = np.multiply(bare_share**2, test, out=np.zeros(n.shape), where=bare_share != 0)
    gamma = df2 / n
    variance = gamma * test
    found = dict(kappa=kappa, df1=df1, df2=df2, gamma=gamma, bias=bias, variance=variance, noise=noise)
    found |= dict(train=train, susceptibility=susceptibility)
    return RidgeRisk(**{name: array[()] for name, array in found.items()})


def grid(n, ridge) -> tuple[np.ndarray, np.ndarray]:
    """n >= 1 and ridge >= 0 checked and broadcast against each other."""
    return validate.broadcast(n=validate.at_least("n", n, 1), ridge=validate.non_negative("ridge", ridge))


def kappa_of(spectrum: Spectrum, n: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """kappa for flat n and ridge; the cases that need no solving first."""
    kappa = np.where(spectrum.rank == 0, ridge, 0.0)
    regular = (spectrum.rank > 0) & ((ridge > 0) | (n < spectrum.rank))
    if np.any(regular):
        kappa[regular] = solve(spectrum, n[regular], ridge[regular])
    return kappa


def bare_share_of(spectrum, n, ridge, kappa) -> np.ndarray:
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
