"""Simulations that test the theory: errors of ridge regression, measured on data drawn from a known population.

Convention throughout: w_hat = argmin (1/n) |y - X w|^2 + ridge |w|^2 (scikit-learn's ``alpha`` is n * ridge). One
trial draws data once and solves for every ridge from one factorization (``experiments.solver``). The test error is
not sampled but computed exactly from the population, (w_hat - w)' Sigma (w_hat - w) + sigma^2, so that only the draw of
the training data makes it fluctuate.

Every experiment takes ``trials`` and ``seed``, and how to run: ``n_jobs``, ``cache``, ``progress``
(``experiments.sweeps``). ``sweep`` runs one of them at many settings with the same workers.
"""

import numpy as np

from renorm._numerics import validate
from renorm.experiments.errors import excess_error, mean_square, plan_errors
from renorm.experiments.sampling import check_distribution, sample
from renorm.experiments.solver import ridge_fits
from renorm.experiments.sweeps import Plan, experiment

__all__ = ["kernel_experiment", "ridge_experiment"]


@experiment
def ridge_experiment(population, n, ridges, trials, seed, *, distribution="gaussian", dof=None) -> Plan:
    """Ridge regression on n samples of a population, ``trials`` times: the measured side of ``ridge.ridge_risk``.

    ridges             any shape, zero or larger, zero being the minimum-norm solution
    distribution, dof  of the rows, as in ``sample``

    Returns ``Errors`` with "train", "excess", "test" and "gcv", the generalized cross-validation estimate of the test
    error from the training data alone. Another n draws other data, also with the same seed. ``ValueError`` for
    arguments out of range.

    >>> from renorm import isotropic
    >>> measured = ridge_experiment(isotropic(50, noise_variance=0.5), n=100, ridges=[0.01, 1.0], trials=20, seed=0)
    >>> measured.excess.round(2), measured.excess_se.round(2)
    (array([0.53, 0.4 ]), array([0.03, 0.02]))
    """
    check_distribution(population, distribution, dof)
    n, ridges = validate.integer("n", n), validate.non_negative("ridges", ridges)
    arguments = dict(population=population, n=n, ridges=ridges, distribution=distribution, dof=dof)
    return plan_errors(_ridge_trial, arguments, trials, (seed, n), population.noise_variance)


def _ridge_trial(rng, population, n, ridges, distribution, dof):
    X, y = sample(population, n, rng, distribution, dof)
    fits = ridge_fits(X, y, ridges)
    return {
        "train": mean_square(fits.residuals),
        "excess": excess_error(population, fits.coefficients),
        "gcv": fits.gcv,
    }


@experiment
def kernel_experiment(gram, targets, n, ridges, trials, seed) -> Plan:
    """Kernel ridge regression on n of N given points, drawn without replacement; the error on the other N - n.

    gram     K, (N, N), kernel values between all points, symmetric
    targets  (N,) or (N, outputs); errors are summed over outputs
    ridges   any shape, zero or larger, per sample

    With K_n the block of the training points, f = K(., train) (K_n + n ridge)^-1 y minimizes
    (1/n) |y - f|^2 + ridge |f|^2 in the kernel's norm. At ridge 0 it is the interpolant of least norm; eigenvalues of
    K_n below n * 2.2e-16 times the largest cannot be told from zero and count as zero.

    Returns ``Errors``. What noise there is, is in the targets, so "test" and "excess" are the same: the mean squared
    error on the held-out points. Theory for it: ``population.from_kernel`` with ``ridge.ridge_risk``, and ``kernels``.

    >>> x = np.linspace(-1, 1, 40)
    >>> gram = np.exp(-((x[:, None] - x) ** 2))
    >>> measured = kernel_experiment(gram, np.sin(3 * x), n=12, ridges=[0.0, 1.0], trials=9, seed=0)
    >>> measured.median("test") < [1e-3, 1.0]
    array([ True,  True])
    """
    given, gram, targets = gram, validate.matrix("gram", gram), validate.real_array("targets", targets)
    if isinstance(given, np.ndarray) and given.dtype == gram.dtype:
        gram = given  # one large matrix, not a copy for every point of a sweep
    if gram.shape[0] != gram.shape[1] or not np.allclose(gram, gram.T, rtol=0, atol=1e-8 * np.abs(gram).max()):
        raise ValueError(f"gram has shape {gram.shape}: must be square and equal to its transpose")
    if targets.ndim not in (1, 2) or targets.size == 0:
        raise ValueError(f"targets has shape {targets.shape}: must be (N,) or (N, outputs)")
    validate.same_length(gram=gram, targets=targets)
    n, ridges = validate.integer("n", n, 1, len(gram) - 1), validate.non_negative("ridges", ridges)
    arguments = dict(gram=gram, targets=targets.reshape(len(gram), -1), n=n, ridges=ridges)
    return plan_errors(_kernel_trial, arguments, trials, (seed, n), 0.0)


def _kernel_trial(rng, gram, targets, n, ridges):
    order = rng.permutation(len(gram))
    train, rest = order[:n], order[n:]
    g, U = np.linalg.eigh(gram[np.ix_(train, train)])
    g = np.where(g > n * np.finfo(float).eps * g[-1], g, 0.0)[:, None]
    total = g + n * ridges.ravel()
    inverse = np.divide(1.0, total, out=np.zeros(total.shape), where=total > 0)
    kept = np.where(total > 0, n * ridges.ravel() * inverse, 1.0)  # the residual's share along each eigenvector
    seen = (U.T @ targets[train])[:, None, :]
    residuals = kept[:, :, None] * seen
    misses = np.tensordot(gram[np.ix_(rest, train)] @ U, inverse[:, :, None] * seen, 1) - targets[rest][:, None, :]
    errors = {"train": residuals, "excess": misses}
    return {name: np.sum(e**2, axis=(0, 2)).reshape(ridges.shape) / len(e) for name, e in errors.items()}
