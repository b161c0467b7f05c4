"""Bias and variance measured: what repeated draws of the data have in common, and how they differ.

In trial t the coefficients are fitted twice from one factorization: to the labels without their noise, u_t, and to the
noise alone, v_t; ridge regression is linear in the labels, so w_hat = u_t + v_t, and the noise, which has mean zero,
averages out of the mean predictor exactly. With a_t = u_t - w and <a, b> = a' Sigma b, over T trials,

    bias            mean of <a_s, a_t> over pairs s != t    (squared error of the mean predictor)
    variance_data   mean of <a_t, a_t>, less bias           (from the draw of the inputs)
    variance_noise  mean of <v_t, v_t>                      (from the noise of the labels)

all unbiased for every T. The square of the mean over trials would not be: it exceeds the bias by variance / T.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics import validate
from renorm.experiments.sampling import check_distribution, sample
from renorm.experiments.solver import ridge_fits
from renorm.experiments.sweeps import Plan, experiment, seed_key

__all__ = ["BiasVariance", "bias_variance_experiment"]


@dataclass(frozen=True, eq=False)
class BiasVariance:
    """The parts of the excess risk for each ridge, every field of the shape of ``ridges``, with standard errors.

    bias + variance = excess, and variance = variance_data + variance_noise, term by term. Standard errors are
    delete-one jackknife estimates over trials (Efron & Stein, Ann. Statist. 9 (1981) 586-596). In theory
    (``ridge.ridge_risk``, at gamma): variance_data = bias gamma / (1 - gamma), variance_noise = sigma^2 gamma /
    (1 - gamma).
    """

    ridges: np.ndarray
    trials: int
    bias: np.ndarray
    bias_se: np.ndarray
    variance_data: np.ndarray
    variance_data_se: np.ndarray
    variance_noise: np.ndarray
    variance_noise_se: np.ndarray
    variance: np.ndarray
    variance_se: np.ndarray
    excess: np.ndarray
    excess_se: np.ndarray


@experiment
def bias_variance_experiment(population, n, ridges, trials, seed, *, distribution="gaussian", dof=None) -> Plan:
    """Squared bias and variances of ridge regression over ``trials`` draws of n samples, three at least.

    Arguments as in ``ridge_experiment``; estimators at the top of this module. Returns ``BiasVariance``. A trial keeps
    the coefficients for every ridge: trials * len(ridges) * d numbers in memory (and in the cache, if there is one).
    ``ValueError`` for arguments out of range.

    >>> from renorm import isotropic
    >>> parts = bias_variance_experiment(isotropic(50, noise_variance=0.5), n=100, ridges=0.5, trials=40, seed=0)
    >>> parts.bias.round(2), parts.variance_data.round(2), parts.variance_noise.round(2)
    (np.float64(0.17), np.float64(0.04), np.float64(0.11))
    """
    check_distribution(population, distribution, dof)
    n, ridges = validate.integer("n", n), validate.non_negative("ridges", ridges)
    trials = validate.integer("trials", trials, 3)
    arguments = dict(population=population, n=n, ridges=ridges, distribution=distribution, dof=dof)

    def summarize(arrays):
        return _parts(ridges, arrays["deviation"], arrays["noise"])

    return Plan(_trial, arguments, trials, seed_key(seed, n), summarize)


def _trial(rng, population, n, ridges, distribution, dof):
    """``deviation``: sqrt(s) (u - w), shape L + (d,); ``noise``: v' Sigma v, shape L."""
    X, y = sample(population, n, rng, distribution, dof)
    signal = X @ population.coefficients
    fits = ridge_fits(X, np.stack([signal, y - signal], axis=1), ridges)
    u, v = np.moveaxis(fits.coefficients, -1, 0)
    deviation = np.sqrt(population.eigenvalues) * (u - population.coefficients)
    return {"deviation": deviation, "noise": v**2 @ population.eigenvalues}


def _parts(ridges, deviation, noise) -> BiasVariance:
    """Estimates and standard errors from a_t in the metric of Sigma, (T,) + L + (d,), and <v_t, v_t>, (T,) + L."""
    trials = len(noise)
    total = deviation.sum(axis=0)
    with_all = np.sum(deviation * total, axis=-1)  # sum over s of <a_t, a_s>
    alone = np.sum(deviation**2, axis=-1)
    whole = _estimates(with_all.sum(axis=0), alone.sum(axis=0), noise.sum(axis=0), trials)
    # leaving out trial t takes its row and its column from the sum of all pairs, and counts <a_t, a_t> twice
    without = _estimates(
        with_all.sum(axis=0) - 2 * with_all + alone, alone.sum(axis=0) - alone, noise.sum(axis=0) - noise, trials - 1
    )
    fields = dict(whole)
    for name, values in without.items():
        spread = np.sum((values - values.mean(axis=0)) ** 2, axis=0)
        fields[f"{name}_se"] = np.sqrt((trials - 1) / trials * spread)
    return BiasVariance(ridges=ridges, trials=trials, **fields)


def _estimates(pairs, alone, noise, trials) -> dict[str, np.ndarray]:
    """From sums over all pairs, over <a_t, a_t> and over <v_t, v_t>."""
    bias = (pairs - alone) / (trials * (trials - 1))
    parts = {"bias": bias, "variance_data": alone / trials - bias, "variance_noise": noise / trials}
    parts["variance"] = parts["variance_data"] + parts["variance_noise"]
    parts["excess"] = bias + parts["variance"]
    return parts
