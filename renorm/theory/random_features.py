"""Random features: ridge regression on N random projections of the data, whose ridge is renormalized twice.

The features are z = F'x with F (d, N) drawn once, F_ij ~ N(0, 1/N), and ridge regression is done on z. Sampling n data
renormalizes lambda to kappa1; sampling N features renormalizes kappa1 further, to kappa2:

    lambda = kappa1 (1 - df1(kappa2) / n),      kappa1 = kappa2 (1 - df1(kappa2) / N),

with df1 and df2 those of the covariance of x. Everything about the risk follows from kappa2 and from

    rho = d ln kappa2 / d ln kappa1 = (N - df1) / (N - df2),      gamma2 = df2 / n,
    gamma1 = (rho df2 + (1 - rho) df1) / n,
    excess = (B + V) / (1 - gamma1) + sigma^2 gamma1 / (1 - gamma1),
    B = sum of energy_k kappa2^2 / (s_k + kappa2)^2,    V = (1 - rho) sum of energy_k kappa2 s_k / (s_k + kappa2)^2.

Atanasov, Zavatone-Veth, Pehlevan, arXiv 2405.00592, in a form simplified here; Simon, Karkada, Ghosh, Belkin, "More is
better", give the same total in other letters, which the tests compare.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from renorm._numerics import feature_fixed_point, validate
from renorm.theory.activations import hermite_coefficients
from renorm.theory.population import Population, check_population

__all__ = ["RandomFeatureRisk", "nonlinear_random_feature_risk", "random_feature_risk"]


@dataclass(frozen=True)
class RandomFeatureRisk:
    """Means over data, noise and features, in the high-dimensional limit. Every array has the broadcast shape.

    kappa1, kappa2   the ridge renormalized by the data, and by data and features
    df1, df2         degrees of freedom of the data covariance at kappa2
    gamma            gamma1, the data-side fluctuation: out of sample, errors are amplified by 1 / (1 - gamma)
    shrinkage        lambda / kappa1, by which each training residual is smaller than an honest one
    noise            sigma^2, the error nobody can avoid

    and the parts of the excess risk. ``excess`` is their sum, term by term:

    bias                        error of the predictor averaged over data and features
    variance_data               from the data alone, features averaged out
    variance_features           from the features alone, data averaged out
    variance_interaction        from data and features together, beyond the two before
    variance_noise_data         label noise, as fitted by the predictor averaged over features
    variance_noise_interaction  label noise, the rest; variance_noise is the sum of these two
    """

    kappa1: np.ndarray
    kappa2: np.ndarray
    df1: np.ndarray
    df2: np.ndarray
    gamma: np.ndarray
    shrinkage: np.ndarray
    noise: np.ndarray
    bias: np.ndarray
    variance_data: np.ndarray
    variance_features: np.ndarray
    variance_interaction: np.ndarray
    variance_noise_data: np.ndarray
    variance_noise_interaction: np.ndarray

    @property
    def variance_noise(self) -> np.ndarray:
        """Everything the label noise adds."""
        return self.variance_noise_data + self.variance_noise_interaction

    @property
    def excess(self) -> np.ndarray:
        """E (prediction - w . x)^2 on new data."""
        signal = self.bias + self.variance_data + self.variance_features + self.variance_interaction
        return signal + self.variance_noise

    @property
    def test(self) -> np.ndarray:
        """E (prediction - y)^2 on new data: excess + sigma^2."""
        return self.excess + self.noise

    @property
    def train(self) -> np.ndarray:
        """Mean squared training residual: shrinkage^2 times the test error."""
        test, shrinkage = np.broadcast_arrays(self.test, self.shrinkage)
        return np.multiply(shrinkage**2, test, out=np.zeros(test.shape), where=shrinkage > 0)[()]

    def ensemble(self, members) -> "RandomFeatureRisk":
        """The risk when ``members`` predictors, each with features of its own, fit the same data and are averaged.

        Given the data and their noise the members are independent with a common mean, so what features contribute
        (variance_features, variance_interaction, variance_noise_interaction) is divided by ``members``, and what they
        do not (bias, variance_data, variance_noise_data) stays. Training residuals stay ``shrinkage`` times honest
        ones, for each member's are, by the same factor. Derived here.

        members   1, 2, ... or np.inf; broadcasts. ValueError otherwise.

        >>> from renorm import isotropic
        >>> one = random_feature_risk(isotropic(50, noise_variance=0.1), n=40, width=40, ridge=1e-4)
        >>> many = one.ensemble(np.inf)
        >>> bool(many.excess == one.bias + one.variance_data + one.variance_noise_data)
        True
        """
        members = _sizes("members", members)

        def shared(part):  # infinitely many members leave nothing, even of what is infinite
            part, divisor = np.broadcast_arrays(part, members)
            return np.divide(part, divisor, out=np.zeros(part.shape), where=np.isfinite(divisor))[()]

        return replace(
            self,
            variance_features=shared(self.variance_features),
            variance_interaction=shared(self.variance_interaction),
            variance_noise_interaction=shared(self.variance_noise_interaction),
        )


def random_feature_risk(population: Population, n, width, ridge) -> RandomFeatureRisk:
    """Mean risk of ridge regression on ``width`` linear random features z = F'x, F_ij ~ N(0, 1/width).

    The predictor is f(x) = v . z with v minimizing (1/n) |y - Zv|^2 + ridge |v|^2. The equations stand at the top of
    this module. (With F_ij ~ N(0, 1/d) instead, pass ridge * d / width.) Cost per grid point: a dozen passes over the
    distinct eigenvalues.

    Args:
        population: covariance spectrum, target and noise.
        n: samples, 1 or more (need not be whole), or np.inf for the best predictor with these features.
        width: N, features, 1 or more, or np.inf, which is plain ridge regression on x.
        ridge: lambda, zero or larger; zero is the limit from above (the minimum-norm solution), where the risk is
            infinite at n = width < d, with or without noise.
        n, width and ridge broadcast against each other; so do all results.

    Raises:
        ValueError: for sizes below 1, a negative ridge, NaN, shapes that do not broadcast.

    >>> from renorm import isotropic
    >>> risk = random_feature_risk(isotropic(120, noise_variance=0.3), n=60, width=[30, 60, 240, np.inf], ridge=1e-3)
    >>> risk.excess.round(3)
    array([ 1.797, 13.147,  1.064,  0.799])
    """
    check_population(population)
    return _risk(population.eigenvalues, population.energies, 0.0, population.noise_variance, n, width, ridge)


def nonlinear_random_feature_risk(
    population: Population, n, width, ridge, activation: str | Callable
) -> RandomFeatureRisk:
    """Mean risk of ridge regression on z = (phi(F'x) - mu0) / sqrt(width), with unit-variance preactivations F'x.

    The columns of F (d, width) are N(0, I / Tr Sigma). By Gaussian equivalence phi(u) - mu0 behaves like
    mu1 u + mu_star xi with independent standard noise xi for every neuron and input
    (``renorm.theory.activations.hermite_coefficients``). Noise of variance mu_star^2 / width on each feature is what
    infinitely many further modes of the input would contribute, each infinitely small, of total variance mu_star^2 and
    without any signal. So the equations of linear features hold with

        s_k -> mu1^2 s_k / Tr Sigma,      df1 -> df1 + mu_star^2 / kappa2,      df2, energies, sigma^2 unchanged

    (derived here; the same replacement of df1 is in the code of Atanasov, Zavatone-Veth, Pehlevan, arXiv 2405.00592).
    Kappas are in units of the features' variance, sum of s_k -> mu1^2 + mu_star^2. Subtracting mu0 (or fitting an
    intercept) changes nothing at leading order: it is one direction among ``width``.

    Gaussian equivalence needs preactivations made of many comparable inputs (Tr(Sigma)^2 / Tr(Sigma^2) large), n and
    width comparable to d, and a target linear in x; a nonlinear part of it has to be added to the noise.

    Args: as in ``random_feature_risk``, and
        activation: "relu", "tanh", "erf", "sign", "linear" or an elementwise function of an array.

    Raises:
        ValueError: also for an activation that is constant, grows too fast or is not elementwise.

    >>> from renorm import isotropic
    >>> relu = nonlinear_random_feature_risk(isotropic(150, noise_variance=0.3), 200, [100, 200, 600], 1e-3, "relu")
    >>> relu.excess.round(3)
    array([0.891, 0.709, 0.522])
    """
    check_population(population)
    coefficients = hermite_coefficients(activation)
    if coefficients.mu1 == 0 and coefficients.mu_star_squared == 0:
        raise ValueError(f"activation = {activation!r}: must not be constant")
    if population.trace == 0:
        raise ValueError("population.eigenvalues = 0: preactivations need at least one positive eigenvalue")
    eigenvalues = coefficients.mu1**2 / population.trace * population.eigenvalues
    tail = coefficients.mu_star_squared
    return _risk(eigenvalues, population.energies, tail, population.noise_variance, n, width, ridge)


def _risk(eigenvalues, energies, tail, noise, n, width, ridge) -> RandomFeatureRisk:
    """The equations of this module, for a spectrum with a ``tail`` of infinitely many infinitesimal modes.

    n - df1, width - df1 and df1 - df2 come without cancellation from ``_numerics.feature_fixed_point``; all else is
    made of them by sums and quotients.
    """
    n, width, ridge = _grid(n, width, ridge)
    unit = max(eigenvalues.max(), tail) or 1.0
    sums = feature_fixed_point.solve(
        eigenvalues / unit, energies, tail / unit, n.ravel(), width.ravel(), ridge.ravel() / unit
    )
    kappa2, free, df1, df2, slope, bias, crossed = (getattr(sums, f.name).reshape(n.shape) for f in fields(sums))
    free_n, free_width = _beyond(n, width) + free, _beyond(width, n) + free  # n - df1, width - df1

    with np.errstate(divide="ignore", over="ignore"):
        odds = free_width / slope  # rho / (1 - rho); slope is df1 - df2
        rho, rest = 1 / (1 + 1 / odds), 1 / (1 + odds)
        noise_data = df2 / (free_n + slope)  # gamma2 / (1 - gamma2)
        noise_interaction = (1 + noise_data) * rest / (free_n / slope + rho)  # gamma1 / (1 - gamma1) less the former
        features = rest * crossed
        interaction = features * (noise_data + noise_interaction) + bias * noise_interaction
    kappa1 = kappa2 * np.divide(free_width, width, out=np.ones(n.shape), where=np.isfinite(width))
    shrinkage = np.divide(free_n, n, out=np.ones(n.shape), where=np.isfinite(n))
    huge = 1e150 * (energies.sum() + noise)
    return RandomFeatureRisk(
        kappa1=unit * _settled(kappa1),
        kappa2=unit * _settled(kappa2),
        df1=df1[()],
        df2=df2[()],
        gamma=((df2 + rest * slope) / n)[()],
        shrinkage=_settled(shrinkage),
        noise=np.full(n.shape, noise)[()],
        bias=_settled(bias),
        variance_data=_settled(bias * noise_data, huge),
        variance_features=_settled(features),
        variance_interaction=_settled(interaction, huge),
        variance_noise_data=_settled(noise * noise_data, huge),
        variance_noise_interaction=_settled(noise * noise_interaction, huge),
    )


def _settled(number, huge=np.inf):
    """The limit ridge -> 0: what is of the order of the infinitesimal is 0, what is of the order of its inverse inf."""
    return np.where(number > huge, np.inf, np.where(number < 1e-150 * min(1.0, huge), 0.0, number))[()]


def _beyond(size, other):
    """size - min(size, other), infinite where ``size`` alone is."""
    return np.subtract(size, other, out=np.zeros(size.shape), where=size > other)


def _grid(n, width, ridge):
    """The three arguments, checked and broadcast."""
    ridge = validate.non_negative("ridge", ridge)
    return validate.broadcast(n=_sizes("n", n), width=_sizes("width", width), ridge=ridge)


def _sizes(name: str, value) -> np.ndarray:
    """Numbers from 1, or infinity."""
    array = np.asarray(value)
    infinite = np.isposinf(array) if array.dtype.kind == "f" else np.zeros(array.shape, dtype=bool)
    if not infinite.any():
        return validate.at_least(name, value, 1)
    return np.where(infinite, np.inf, validate.at_least(name, np.where(infinite, 1.0, array), 1))
