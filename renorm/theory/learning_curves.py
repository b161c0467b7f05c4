"""Learning curves of kernel ridge regression, predicted from the spectrum of a Gram matrix.

Spectra are those of K/N: with features phi, k(x, x') = phi(x) . phi(x'), they are the eigenvalues of the covariance of
phi. ridge is per sample, as in ``renorm.theory.kernels``.
"""

from dataclasses import dataclass, replace

import numpy as np

from renorm._numerics.validate import integers, non_negative
from renorm.theory.kernels import check_gram
from renorm.theory.population import Population, check_population, from_kernel
from renorm.theory.ridge import ridge_risk

__all__ = ["LearningCurve", "learning_curve", "predict_learning_curve", "random_label_population"]


@dataclass(frozen=True)
class LearningCurve:
    """Predicted error of kernel ridge regression against n, for a population of ``size`` points; arrays over n, ridge.

    over_population: mean squared error over all points, the n training points drawn with replacement (the usual
    formula, with kappa and gamma as in ``ridge``); held_out: over the points that were not drawn, drawn without
    replacement.
    """

    size: int
    n: np.ndarray
    kappa: np.ndarray
    gamma: np.ndarray
    over_population: np.ndarray
    held_out: np.ndarray


def learning_curve(population: Population, n, ridge) -> LearningCurve:
    """The learning curve of a finite population made by ``from_kernel``; n (1 <= n < size) and ridge broadcast.

    over_population = (sum_k (kappa / (s_k + kappa))^2 v_k + rest) / (1 - gamma), s_k eigenvalues of K/N,
    v_k = (u_k . y)^2 / N (Canatar, Bordelon and Pehlevan 2021; Simon et al. 2023; ``ridge_risk``).

    held_out, for any n/N and any ridge. Without one the n points drawn are fitted exactly, so all of the error sits on
    the N - n others: N / (N - n) times the above. A penalty delta = n ridge is no penalty with K + delta 1 in the place
    of K, whose entries between different points are those of K: the same held-out predictions, eigenvalues
    s_k + delta / N. (So kappa solves n - df1 = (N - df1) delta / (N kappa), not the equation of ``ridge``.) Exact for
    large N where the eigenvectors are random directions; derived in chapter 10 of the book.

    noise_variance of the population is energy in the modes of eigenvalue zero, as ``from_kernel`` leaves it; where
    there are none it is noise on the labels, tossed once for each of the N points.

    Limits: real eigenvectors are not random directions. With Gaussian kernels on 2,000 images of MNIST and
    Fashion-MNIST, ridge 0, held_out is too low by 2 % and 4 % at n = N/8, by 10 % and 18 % at n = N/2, and for random
    labels too high by 5 % and 8 % there.

    >>> from renorm import from_kernel
    >>> curve = learning_curve(from_kernel(np.eye(100), np.ones(100)), n=[50], ridge=[[0.0], [0.2]])
    >>> curve.held_out.round(12).ravel()  # nothing can be learned: error 1 off the sample, whatever the ridge
    array([1., 1.])
    """
    check_population(population)
    size = population.dimension
    n = integers("n", n, 1, size - 1)
    risk = ridge_risk(population, n, ridge)
    shape = np.shape(risk.test)
    n = np.broadcast_to(n, shape)
    held_out, shift = np.empty(shape), n * non_negative("ridge", ridge) / size
    for value in np.unique(shift):
        at = shift == value
        held_out[at] = _held_out(population, n[at], value)
    return LearningCurve(size, n, risk.kappa, risk.gamma, risk.test, held_out[()])


def _held_out(population: Population, n: np.ndarray, shift: float) -> np.ndarray:
    """Held-out error at samples n (m,) with the eigenvalues shifted up by ``shift`` = delta / N."""
    size, unseen, noise = population.dimension, population.eigenvalues == 0, population.noise_variance
    if shift > 0 or not unseen.any():  # every mode has a variance, and the noise lies on some of them
        noisy = unseen if unseen.any() else np.full(size, True)
        energies, noise = population.energies + noise * noisy / noisy.sum(), 0.0
    else:
        energies = population.energies
    s = population.eigenvalues + shift
    coefficients = np.sqrt(np.divide(energies, s, out=np.zeros(size), where=s > 0))
    test = ridge_risk(Population(s, coefficients, noise), n, 0.0).test
    return size / (size - np.minimum(n, np.count_nonzero(s))) * test


def predict_learning_curve(gram, targets, n, ridge) -> LearningCurve:
    """``learning_curve`` from the Gram matrix K (N, N) of all points and their targets (N,) or (N, outputs).

    ridge is per sample, lambda; a fixed sum-form ridge delta is ``ridge = delta / n``. No regression is run: one
    eigendecomposition of K tells the error at every n. Errors are summed over outputs.

    >>> from renorm import gaussian_kernel
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((300, 5))
    >>> curve = predict_learning_curve(gaussian_kernel(X, bandwidth=3.0), X[:, 0], n=[10, 40, 160], ridge=1e-6)
    >>> curve.held_out.round(3)
    array([0.126, 0.017, 0.   ])
    """
    return learning_curve(from_kernel(*check_gram(gram, targets)), n, ridge)


def random_label_population(population: Population) -> Population:
    """The same kernel and points with independent random labels of variance one (+1 or -1) instead of the targets.

    On average v_k = 1/N for every eigenvector: a target on the N points, as hard as any. Taking the labels for fresh
    noise, sigma^2 = 1, instead is right for n << N only: a held-out label was drawn once, too.

    >>> from renorm import from_kernel
    >>> random_label_population(from_kernel(np.diag([4.0, 2.0]), [5.0, 0.0])).energies
    array([0.5, 0.5])
    """
    s = population.eigenvalues
    coefficients = np.divide(1.0, np.sqrt(len(s) * s), out=np.zeros(len(s)), where=s > 0)
    return replace(population, coefficients=coefficients, noise_variance=float(np.mean(s == 0)))
