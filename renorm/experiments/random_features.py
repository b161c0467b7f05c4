"""Ridge regression on random features, measured: the simulated side of ``renorm.theory.random_features``."""

import numpy as np

from renorm._numerics import validate
from renorm._numerics.products import product
from renorm.experiments.errors import excess_error, mean_square, plan_errors
from renorm.experiments.sampling import check_distribution, sample
from renorm.experiments.solver import ridge_fits
from renorm.experiments.sweeps import Plan, experiment
from renorm.theory.activations import hermite_coefficients, resolve_activation

__all__ = ["random_feature_experiment"]


@experiment
def random_feature_experiment(
    population,
    n,
    width,
    ridges,
    trials,
    seed,
    *,
    activation=None,
    members=1,
    test_points=2000,
    distribution="gaussian",
    dof=None,
) -> Plan:
    """Ridge regression on ``width`` random features of n samples, ``trials`` times, data and features drawn anew.

    activation   None: linear features z = F'x, F_ij ~ N(0, 1/width), whose theory is ``random_feature_risk``. Else a
                 name ("relu", "tanh", "erf", "sign") or an elementwise function phi:
                 z = (phi(F'x) - mu0) / sqrt(width), the columns of F from N(0, I / Tr Sigma) and mu0 = E phi(u),
                 u ~ N(0, 1), as in ``nonlinear_random_feature_risk``
    members      so many predictors, each with features of its own, fit the same data and are averaged
    test_points  fresh points per trial on which a nonlinear predictor is tested; a linear one is tested exactly

    Other arguments as in ``ridge_experiment``. Returns ``Errors``. ``ValueError`` for arguments out of range.

    >>> from renorm import isotropic
    >>> measured = random_feature_experiment(isotropic(40), n=80, width=20, ridges=0.01, trials=20, seed=0)
    >>> measured.excess.round(1), measured.excess_se.round(2)
    (np.float64(0.7), np.float64(0.04))
    """
    check_distribution(population, distribution, dof)
    n, width = validate.integer("n", n), validate.integer("width", width)
    ridges, members = validate.non_negative("ridges", ridges), validate.integer("members", members)
    arguments = dict(population=population, n=n, width=width, ridges=ridges, members=members)
    arguments |= dict(distribution=distribution, dof=dof)
    trial, test_points = _linear_trial, validate.integer("test_points", test_points)
    if activation is not None:
        mu0 = hermite_coefficients(activation).mu0
        trial, arguments = _nonlinear_trial, arguments | dict(activation=activation, mu0=mu0, test_points=test_points)
        if population.trace == 0:
            raise ValueError("population.eigenvalues = 0: preactivations need at least one positive eigenvalue")
    return plan_errors(trial, arguments, trials, (seed, n, width), population.noise_variance)


def _linear_trial(rng, population, n, width, ridges, members, distribution, dof):
    X, y = sample(population, n, rng, distribution, dof)
    coefficients = residuals = 0.0
    for _ in range(members):
        F = rng.standard_normal((population.dimension, width)) / np.sqrt(width)
        fits = ridge_fits(product(X, F), y, ridges)
        coefficients = coefficients + fits.coefficients @ F.T / members
        residuals = residuals + fits.residuals / members
    return {"train": mean_square(residuals), "excess": excess_error(population, coefficients)}


def _nonlinear_trial(rng, population, n, width, ridges, members, activation, mu0, test_points, distribution, dof):
    X, y = sample(population, n, rng, distribution, dof)
    X_new, _ = sample(population, test_points, rng, distribution, dof)
    phi = resolve_activation(activation)
    misses, residuals = -(X_new @ population.coefficients), 0.0
    for _ in range(members):
        F = rng.standard_normal((population.dimension, width)) / np.sqrt(population.trace)
        Z, Z_new = ((phi(product(rows, F)) - mu0) / np.sqrt(width) for rows in (X, X_new))
        fits = ridge_fits(Z, y, ridges)
        misses = misses + fits.coefficients @ Z_new.T / members
        residuals = residuals + fits.residuals / members
    return {"train": mean_square(residuals), "excess": mean_square(misses)}
