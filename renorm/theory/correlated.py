"""Ridge regression on samples that are not independent, each row resembling its neighbours: why GCV fails, and a cure.

X = C^(1/2) Z Sigma^(1/2), Z with independent normal entries, C the (n, n) correlation between samples, its diagonal
one; the noise has the same correlation, sigma^2 C. With df1, df2 the sums over Sigma at kappa, divided by n, and

    e_i = (1/n) Tr C^i (C + mu)^(-i),     e_1(mu) = df1(kappa),     kappa mu e_1 = lambda,
    gamma = df2 e_2 / (df1 e_1),     test = (bias + sigma^2) / (1 - gamma),
    train = test (lambda / kappa) (e_1 - e_2) / e_1,

test being the error on a new row that is independent of the sample. C = 1 gives mu = 1 / e_1 - 1 and the usual theory.
Atanasov, Zavatone-Veth, Pehlevan (arXiv 2408.04607), who solve the last line for test and call it CorrGCV.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics.validate import matrix, number, positive, vector
from renorm.theory.population import Population, check_population
from renorm.theory.ridge import degrees_of_freedom

__all__ = ["CorrelatedRisk", "corrected_cross_validation", "correlated_risk", "exponential_correlation"]


@dataclass(frozen=True)
class CorrelatedRisk:
    """Theory for one correlation and one ridge: kappa, gamma, the errors, and what GCV takes for the test error."""

    kappa: float
    gamma: float
    bias: float
    test: float
    train: float
    gcv: float


def exponential_correlation(n: int, length: float) -> np.ndarray:
    """C_ij = exp(-|i - j| / length), (n, n): rows of a series that forgets after about ``length`` steps; 0 is none.

    >>> exponential_correlation(3, 1.0).round(3)[0]
    array([1.   , 0.368, 0.135])
    """
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return np.where(steps == 0, 1.0, np.exp(-steps / length) if length > 0 else 0.0)


def correlated_risk(population: Population, correlation, ridge: float) -> CorrelatedRisk:
    """Errors of ridge regression on n samples with ``correlation`` (n, n) between them; ridge > 0, per sample.

    >>> from renorm import power_law, ridge_risk
    >>> p = power_law(300, capacity=1.3, source=0.4, noise_variance=0.3)
    >>> found = correlated_risk(p, np.eye(150), 0.01)
    >>> bool(np.isclose(found.test, ridge_risk(p, 150, 0.01).test)), bool(np.isclose(found.gcv, found.test))
    (True, True)
    """
    check_population(population)
    c, ridge = _spectrum(correlation), number("ridge", ridge, positive)
    n, s = c.size, population.eigenvalues

    def shares(kappa: float) -> tuple[float, float]:
        df1, df2 = degrees_of_freedom(s, kappa)
        return float(df1) / n, float(df2) / n

    low, high = np.log(1e-14 * s.max()), np.log(ridge + 10 * (s.sum() / n + s.max()) * c.max())
    for _ in range(80):
        middle = (low + high) / 2
        kappa = np.exp(middle)
        e1, _ = shares(kappa)  # the samples' share is that of the directions, df1
        bare = kappa * _mu(c, e1) * e1 if e1 < 1 else 0.0
        low, high = (middle, high) if bare < ridge else (low, middle)
    kappa = float(np.exp(high))
    e1, df2 = shares(kappa)
    e2 = float(np.mean((c / (c + _mu(c, e1))) ** 2))
    gamma = df2 * e2 / e1**2
    bias = float(np.sum(population.energies * (kappa / (s + kappa)) ** 2))
    test = (bias + population.noise_variance) / (1 - gamma)
    train = test * (ridge / kappa) * (e1 - e2) / e1
    return CorrelatedRisk(kappa, gamma, bias, test, train, train / (1 - e1) ** 2)


def corrected_cross_validation(X, y, ridge, correlation) -> np.ndarray:
    """CorrGCV: the test error from one correlated sample X (n, d), y (n,), when its correlation (n, n) is known.

    ridge: one or several, positive; the result has its shape.

    (kappa / lambda) e_1 / (e_1 - e_2) times the training error, where e_1 is the sample's own Tr H / n and mu, e_2 and
    kappa = lambda / (mu e_1) follow from it. For independent rows it is GCV.

    >>> from renorm.theory.cross_validation import generalized_cross_validation
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.standard_normal((20, 30)), rng.standard_normal(20)
    >>> gcv = generalized_cross_validation(X @ X.T, y, 0.1)
    >>> bool(np.isclose(corrected_cross_validation(X, y, 0.1, np.eye(20)), gcv))
    True
    """
    X, y, ridge = matrix("X", X), vector("y", y), positive("ridge", ridge)
    c = _spectrum(correlation)
    if not len(X) == len(y) == c.size:
        raise ValueError(f"X, y, correlation have {len(X)}, {len(y)}, {c.size} rows: must be equal")
    t, U = np.linalg.eigh(X @ X.T / len(X))
    t = np.maximum(t, 0)
    train = np.mean((ridge[..., None] / (t + ridge[..., None]) * (U.T @ y)) ** 2, axis=-1)
    e1 = np.mean(t / (t + ridge[..., None]), axis=-1)
    mu = np.array([_mu(c, share) for share in e1.ravel()]).reshape(e1.shape)
    e2 = np.mean((c / (c + mu[..., None])) ** 2, axis=-1)
    return (train / (mu * (e1 - e2)))[()]


def _spectrum(correlation) -> np.ndarray:
    correlation = matrix("correlation", correlation)
    if correlation.shape[0] != correlation.shape[1] or not np.allclose(correlation, correlation.T):
        raise ValueError("correlation is not symmetric: must be square and equal its transpose")
    c = np.linalg.eigvalsh(correlation)
    if c[0] < -1e-9 * c[-1]:
        raise ValueError(f"correlation has the eigenvalue {c[0]:.3g}: must have none below zero")
    return np.maximum(c, 1e-15 * c[-1])


def _mu(c: np.ndarray, e1: float) -> float:
    """The mu > 0 with mean of c / (c + mu) equal to e1 < 1, by bisection in its logarithm."""
    low, high = np.log(1e-16 * c[0]), np.log(c[-1] / e1) + 1
    for _ in range(90):
        middle = (low + high) / 2
        low, high = (middle, high) if np.mean(c / (c + np.exp(middle))) > e1 else (low, middle)
    return float(np.exp(high))
