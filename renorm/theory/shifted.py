"""Ridge regression judged on other inputs than it was trained on: covariate shift.

Train on inputs of covariance Sigma, test on inputs of covariance Sigma', with the same target. Training does not know
of Sigma', so kappa and gamma stay as they are; what changes is how the misses of single directions are added up:

    excess = bias' + gamma' (bias + sigma^2) / (1 - gamma),
    bias'  = kappa^2 w.(Sigma + kappa)^-1 Sigma' (Sigma + kappa)^-1 w,     bias the same with Sigma for Sigma',
    gamma' = (1/n) Tr Sigma Sigma' (Sigma + kappa)^-2.

At Sigma' = Sigma this is ``ridge_risk``, where the one number gamma, also that of d kappa / d ridge, gives the error.
Canatar, Bordelon, Pehlevan (arXiv 2106.02261) for kernels; Patil, Du, Tibshirani (arXiv 2404.01233) for ridge
regression, and its best ridges, which can be negative here.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics import validate
from renorm.theory.population import Population
from renorm.theory.ridge import ridge_risk

__all__ = ["ShiftedRisk", "shifted_risk"]


@dataclass(frozen=True)
class ShiftedRisk:
    """What theory says of a ridge regression on shifted inputs; arrays of the broadcast shape of n and ridge.

    kappa, gamma  of the training inputs, as in ``RidgeRisk``
    gamma_test    gamma': how much of one fluctuation of the fit the new inputs see
    bias          bias': squared error of the mean predictor on the new inputs
    variance      gamma' (bias + sigma^2) / (1 - gamma), from the draw of the samples and their noise
    excess        bias + variance: the error against the noise-free target
    """

    kappa: np.ndarray
    gamma: np.ndarray
    gamma_test: np.ndarray
    bias: np.ndarray
    variance: np.ndarray

    @property
    def excess(self) -> np.ndarray:
        """bias + variance."""
        return self.bias + self.variance


def shifted_risk(population: Population, n, ridge, covariance) -> ShiftedRisk:
    """Errors on test inputs of another covariance, of ridge regression on n samples of a population.

    n and ridge broadcast as in ``ridge_risk``. covariance: Sigma' in the eigenbasis of the population, shape (d, d) and
    positive semidefinite, or (d,) where it is diagonal there. The target is the same, w . x; what the noise of test
    labels adds is not counted. ValueError for a covariance of the wrong shape, not symmetric, or with a negative
    variance.

    >>> from renorm.theory.population import isotropic
    >>> shifted_risk(isotropic(100, noise_variance=0.5), n=200, ridge=0.0, covariance=np.full(100, 3.0)).excess.round(9)
    np.float64(1.5)
    """
    risk = ridge_risk(population, n, ridge)
    tested = _covariance(covariance, population.dimension)
    variances = tested if tested.ndim == 1 else np.diag(tested)
    kappa = np.asarray(risk.kappa)
    gamma_test, bias = np.empty((2, kappa.size))
    s, w = population.eigenvalues, population.coefficients
    for i, value in enumerate(kappa.ravel()):
        missed = np.divide(value, s + value, out=np.ones(s.size), where=s + value > 0)  # of each direction; 1 if unseen
        seen = np.divide(s, (s + value) ** 2, out=np.zeros(s.size), where=s > 0)
        gamma_test[i] = seen @ variances
        error = missed * w
        bias[i] = error @ (tested * error if tested.ndim == 1 else tested @ error)
    gamma_test = gamma_test.reshape(kappa.shape) / np.asarray(n, dtype=float)
    variance = np.multiply(gamma_test, risk.test, out=np.zeros(kappa.shape), where=gamma_test > 0)
    return ShiftedRisk(risk.kappa, risk.gamma, gamma_test[()], bias.reshape(kappa.shape)[()], variance[()])


def _covariance(covariance, d: int) -> np.ndarray:
    covariance = validate.real_array("covariance", covariance)
    if covariance.shape not in ((d,), (d, d)):
        raise ValueError(f"covariance has shape {covariance.shape}: must be ({d},) or ({d}, {d}), the population's d")
    variances = covariance if covariance.ndim == 1 else np.diag(covariance)
    if np.any(variances < 0):
        raise ValueError(f"covariance has the variance {variances.min():.3g}: must be zero or larger")
    if covariance.ndim == 2 and not np.allclose(covariance, covariance.T, rtol=0, atol=1e-8 * np.abs(covariance).max()):
        raise ValueError("covariance is not symmetric: must equal its transpose")
    return covariance
