"""Linear regression that is shown the first d of 1,000 directions: its errors, simulated, and what the theory says.

The world has 1,000 directions, the k-th of variance s_k ~ 1/k, together 1. A rule, linear in all of them, makes a share
1 - p of the labels' variance, chance the rest; labels have variance 1, so that always answering zero costs 1. The
machine has d weights, one for each of the d strongest directions, learns from n samples and has a ridge λ.

What the machine is not shown is independent of what it is shown, for Gaussian inputs. To the theory it is noise:

    λ = κ (1 - df1(κ) / n)    with the first d directions,
    test error = (bias + misfit + p) / (1 - γ),    misfit = the rule's variance in the directions beyond d.
"""

from functools import cache
from pathlib import Path

import numpy as np

from renorm import Population, ridge_fits, ridge_risk
from renorm.theory.ridge import RidgeRisk

__all__ = ["CHANCES", "PROBES", "RIDGES", "SAMPLES", "WEIGHTS", "kept", "one_draw", "theory", "world"]

DIRECTIONS = 1000
WEIGHTS = (5, 10, 15, 25, 35, 50, 70, 100, 140, 200, 300, 500, 1000)
SAMPLES = (10, 15, 25, 35, 50, 70, 100, 140, 200, 300, 500)
RIDGES = (0.0, 0.0003, 0.003, 0.03)
CHANCES = (0.1, 1.0)  # a rule with some noise; labels drawn by lot
PROBES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)  # directions whose learned share is measured
DRAWS = 200
KEPT = Path(__file__).with_name("measurements.npz")  # written by tools/assets/descent.py


@cache
def world(chance: float) -> Population:
    """All directions, the rule and the noise.

    >>> world(0.1).trace, world(0.1).signal + world(0.1).noise_variance
    (1.0, 1.0)
    """
    k = np.arange(1, DIRECTIONS + 1.0)
    variances, energies = k**-1 / np.sum(k**-1), k**-1.3 / np.sum(k**-1.3)
    return Population(variances, np.sqrt((1 - chance) * energies / variances), chance)


@cache
def shown(weights: int, chance: float) -> Population:
    """The same world for a machine of so many weights: directions beyond them have become noise."""
    whole = world(chance)
    unseen = float(whole.energies[weights:].sum())
    return Population(whole.eigenvalues[:weights], whole.coefficients[:weights], chance + unseen)


def theory(weights: int, samples, ridge, chance: float) -> RidgeRisk:
    """Errors and κ in the limit of large sizes; ``samples`` and ``ridge`` broadcast.

    Without ridge and far beyond the last direction nothing but chance is left, times n / (n - d):

    >>> float(theory(1000, 4000, 0.0, 1.0).test.round(9))
    1.333333333
    """
    return ridge_risk(shown(weights, chance), samples, ridge)


def one_draw(rng: np.random.Generator, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """One data set, given to a machine of every size in WEIGHTS.

    errors (sizes, ridges, chances, 2): test error, computed from the population, and training error.
    shares (sizes, ridges, probes): the weight that direction k gets if it alone is the label; NaN if it is not shown.
    """
    whole, rule = world(0.0), world(0.0).coefficients
    X = rng.standard_normal((samples, DIRECTIONS)) * np.sqrt(whole.eigenvalues)
    noise, kept_rule = np.sqrt(CHANCES), np.sqrt(1 - np.array(CHANCES))
    Y = np.outer(X @ rule, kept_rule) + np.outer(rng.standard_normal(samples), noise)
    errors = np.empty((len(WEIGHTS), len(RIDGES), len(CHANCES), 2))
    shares = np.full((len(WEIGHTS), len(RIDGES), len(PROBES)), np.nan)
    for i, d in enumerate(WEIGHTS):
        probes = [k - 1 for k in PROBES if k <= d]
        fits = ridge_fits(X[:, :d], np.c_[Y, X[:, probes]], RIDGES)
        answer = np.zeros((len(RIDGES), DIRECTIONS, len(CHANCES)))
        answer[:, :d] = fits.coefficients[..., : len(CHANCES)]
        off = answer - rule[:, None] * kept_rule
        errors[i, ..., 0] = np.einsum("k,rkc->rc", whole.eigenvalues, off**2) + CHANCES
        errors[i, ..., 1] = np.mean(fits.residuals[..., : len(CHANCES)] ** 2, axis=1)
        for j, k in enumerate(probes):
            shares[i, :, j] = fits.coefficients[:, k, len(CHANCES) + j]
    return errors, shares


@cache
def kept() -> dict[str, np.ndarray]:
    """Means over the draws and their standard errors, as they come with the book.

    errors (samples, sizes, ridges, chances, 2, 2), shares (samples, sizes, ridges, probes, 2): as in ``one_draw``, for
    each of SAMPLES, the last axis being (mean, standard error).
    """
    with np.load(KEPT) as file:
        return {name: file[name].astype(float) for name in file.files}
