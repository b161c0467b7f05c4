"""Planted mistakes in activations, in the fixed point of random features, and in their risk."""

import math

import numpy as np
from mutation import Mutant

from renorm.theory.population import Population, isotropic, power_law
from renorm.theory.ridge import ridge_risk

GOLDEN = power_law(500, capacity=1.3, source=0.9 / 2.6, noise_variance=0.3)


def check_coefficients(activations):
    """ReLU and a step between the nodes, in closed form."""
    relu = 1 / math.sqrt(2 * math.pi), 0.5, 0.25 - 1 / (2 * math.pi)
    np.testing.assert_allclose(activations.hermite_coefficients("relu"), relu, rtol=1e-12)
    p, density = 0.5 * math.erfc(0.3 / math.sqrt(2)), math.exp(-0.045) / math.sqrt(2 * math.pi)
    step = p, density, p - p**2 - density**2
    np.testing.assert_allclose(activations.hermite_coefficients(lambda u: 1.0 * (u > 0.3)), step, rtol=1e-12)
    np.testing.assert_allclose(activations.hermite_coefficients("sign").mu1, math.sqrt(2 / math.pi), rtol=1e-12)


def check_fixed_point(module):
    """Put kappa2 back into the equation, and every sum into its definition, on both sides of n = width."""
    s, energy = np.r_[np.logspace(-3, 0, 12), 0.0], np.linspace(1, 2, 13)
    n, width, ridge = (a.ravel() for a in np.meshgrid([3.0, 12, 40], [5.0, 12, 70, np.inf], [1e-9, 1e-2, 3.0]))
    for tail in (0.0, 0.2):
        x = module.solve(s, energy, tail, n, width, ridge)
        p = s / (s + x.kappa2[:, None])
        q = x.kappa2[:, None] / (s + x.kappa2[:, None])
        df1 = p.sum(1) + tail / x.kappa2
        residual = x.kappa2 * (1 - df1 / n) * (1 - df1 / width)
        np.testing.assert_allclose(residual, ridge, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(x.free, np.minimum(n, width) - df1, atol=1e-10)
        np.testing.assert_allclose([x.df1, x.df2], [df1, np.sum(p**2, 1)], rtol=1e-12)
        np.testing.assert_allclose(x.df1_minus_df2, np.sum(p * q, 1) + tail / x.kappa2, rtol=1e-11)
        np.testing.assert_allclose([x.missed, x.crossed], [q**2 @ energy, (p * q) @ energy], rtol=1e-11)
    without = module.solve(s, energy, 0.2, np.array([3.0]), np.array([5.0]), np.array([0.0]))
    np.testing.assert_allclose(np.sum(s / (s + without.kappa2)) + 0.2 / without.kappa2, 3, rtol=1e-12)
    rest = module.solve(np.zeros(2), np.ones(2), 0.5, np.array([4.0]), np.array([9.0]), np.array([0.0]))
    np.testing.assert_allclose(rest.kappa2, 0.125, rtol=1e-12)


def check_golden(features):
    """The golden row, twice the data scale, the parts' sum, and ensembles."""
    risk = features.random_feature_risk(GOLDEN, 80, 200, 1e-3)
    parts = [risk.bias, risk.variance_data, risk.variance_features, risk.variance_interaction]
    golden = [0.020745685, 0.0099457531, 0.0097650071, 0.015811721]
    np.testing.assert_allclose(parts, golden, rtol=1e-7)
    np.testing.assert_allclose(
        [risk.kappa1, risk.kappa2, risk.gamma], [0.0073229423, 0.011186506, 0.45776281], rtol=1e-7
    )
    np.testing.assert_allclose([risk.excess, risk.train, risk.test], [0.30953158, 0.011366454, 0.60953158], rtol=1e-7)
    gamma2 = risk.df2 / 80
    np.testing.assert_allclose(risk.variance_noise_data, 0.3 * gamma2 / (1 - gamma2), rtol=1e-10)
    np.testing.assert_allclose(risk.variance_noise, 0.3 * risk.gamma / (1 - risk.gamma), rtol=1e-10)
    kept = risk.bias + risk.variance_data + risk.variance_noise_data
    np.testing.assert_allclose(risk.ensemble(4).excess, kept + (risk.excess - kept) / 4, rtol=1e-12)
    wide = features.random_feature_risk(GOLDEN, 50, np.inf, 1e-3)
    np.testing.assert_allclose([wide.kappa1, wide.excess], [0.020076626, 0.19476945], rtol=1e-7)


def check_limits(features):
    """n or width infinite, ridge 0 on all sides of n = width = d, and other units."""
    flat = isotropic(100, noise_variance=0.5)
    risk = features.random_feature_risk(flat, [80, 200, 40, 60, np.inf], [40, 150, 80, 60, 50], 0.0)
    np.testing.assert_allclose(risk.excess[[0, 1, 4]], [(0.6 + 0.25) / 0.5, 0.5, 0.5], rtol=1e-10)
    np.testing.assert_allclose(risk.train[:4], [1.1 * 0.5, 0.25, 0, 0], rtol=1e-10)
    assert risk.excess[3] == np.inf and risk.kappa1[3] == 0 and np.isfinite(risk.excess[2])
    scaled = features.random_feature_risk(Population(np.full(9, 7.0), np.ones(9)), 5, 8, [0.0, 0.7])
    unit = features.random_feature_risk(Population(np.ones(9), np.full(9, np.sqrt(7))), 5, 8, [0.0, 0.1])
    np.testing.assert_allclose([scaled.kappa1, scaled.kappa2], [7 * unit.kappa1, 7 * unit.kappa2], rtol=1e-10)
    np.testing.assert_allclose(scaled.excess, unit.excess, rtol=1e-10)


def check_nonlinear(features):
    """At infinite width a nonlinearity is an extra ridge; at finite width it is a tail of many tiny modes."""
    data, mu1, rest = power_law(40, 1.2, 0.5, noise_variance=0.2), 0.5, 0.25 - 1 / (2 * math.pi)
    wide = features.nonlinear_random_feature_risk(data, 50, np.inf, 1e-3, "relu")
    plain = ridge_risk(data, 50, (1e-3 + rest / 50) * data.trace / mu1**2)
    np.testing.assert_allclose([wide.bias, wide.excess], [plain.bias, plain.excess], rtol=1e-10)
    s = np.append(mu1**2 * data.eigenvalues / data.trace, np.full(5000, rest / 5000))
    w = np.sqrt(np.append(data.energies, np.zeros(5000)) / s)
    explicit = features.random_feature_risk(Population(s, w, 0.2), 50, 30, 1e-3)
    relu = features.nonlinear_random_feature_risk(data, 50, 30, 1e-3, "relu")
    np.testing.assert_allclose(relu.excess, explicit.excess, rtol=0.005)


COEFFICIENTS, SOLVER, RISK = (
    "renorm.theory.activations",
    "renorm._numerics.feature_fixed_point",
    "renorm.theory.random_features",
)

MUTANTS = [
    Mutant(COEFFICIENTS, "[phi(u), u * phi(u), phi(u) ** 2]", "[phi(u), u + phi(u), phi(u) ** 2]", check_coefficients),
    Mutant(COEFFICIENTS, "(phi(u) - mu0 - mu1 * u)", "(phi(u) - mu1 * u)", check_coefficients),
    Mutant(COEFFICIENTS, "(phi(u) - mu0 - mu1 * u)", "(phi(u) - mu0 + mu1 * u)", check_coefficients),
    Mutant(COEFFICIENTS, "np.exp(-(u**2) / 2)", "np.exp(-(u**2))", check_coefficients),
    Mutant(COEFFICIENTS, "math.sqrt(2 * math.pi)", "math.sqrt(math.pi)", check_coefficients),
    Mutant(COEFFICIENTS, "total += fine[:, ~rough].sum(axis=1)", "total += fine.sum(axis=1)", check_coefficients),
    Mutant(COEFFICIENTS, '"relu": lambda u: np.maximum(u, 0.0)', '"relu": lambda u: np.abs(u)', check_coefficients),
    Mutant(SOLVER, "df2[rows] = p**2 @", "df2[rows] = p @", check_fixed_point),
    Mutant(SOLVER, "missed[rows] = q**2 @ energy", "missed[rows] = q @ energy", check_fixed_point),
    Mutant(SOLVER, "crossed[rows] = (p * q)", "crossed[rows] = (q * q)", check_fixed_point),
    Mutant(SOLVER, "slope[rows] = (p * q)", "slope[rows] = 2 * (p * q)", check_fixed_point),
    Mutant(SOLVER, "missed += energies[eigenvalues == 0].sum()", "missed += 0", check_fixed_point),
    Mutant(SOLVER, "slope + tail / kappa2", "slope - tail / kappa2", check_fixed_point),
    Mutant(SOLVER, "df1 + tail / kappa2,", "df1 + 2 * tail / kappa2,", check_fixed_point),
    Mutant(SOLVER, "return kappa0 + tail / least", "return kappa0 + tail", check_fixed_point),
    Mutant(SOLVER, "sizes, tail / sizes)", "sizes, 0 * sizes)", check_fixed_point),
    Mutant(SOLVER, "(beyond + free) / np.where", "(beyond - free) / np.where", check_fixed_point),
    Mutant(SOLVER, "(free / m) * second", "(free / m) / second", check_fixed_point),
    Mutant(SOLVER, "bracket + tail / kappa2 / kappa0", "bracket + tail / kappa2", check_fixed_point),
    Mutant(SOLVER, "surplus + delta * bracket", "surplus + 2 * delta * bracket", check_fixed_point),
    Mutant(SOLVER, "np.maximum(least - spectrum.counts.sum(), 0.0)", "0.0 * least", check_fixed_point),
    Mutant(RISK, "odds = free_width / slope", "odds = free_width / slope / 2", check_golden),
    Mutant(RISK, "rho, rest = 1 / (1 + 1 / odds), 1 / (1 + odds)", "rho = rest = 1 / (1 + odds)", check_golden),
    Mutant(RISK, "df2 / (free_n + slope)", "df2 / free_n", check_golden),
    Mutant(RISK, "(1 + noise_data) * rest", "rest", check_golden),
    Mutant(RISK, "(free_n / slope + rho)", "(free_n / slope - rho)", check_golden),
    Mutant(RISK, "features = rest * crossed", "features = rho * crossed", check_golden),
    Mutant(RISK, "features * (noise_data + noise_interaction)", "features * noise_data", check_golden),
    Mutant(RISK, "+ bias * noise_interaction", "- bias * noise_interaction", check_golden),
    Mutant(RISK, "np.divide(free_width, width,", "np.divide(width, free_width,", check_golden),
    Mutant(RISK, "np.divide(free_n, n,", "np.divide(n, free_n,", check_golden),
    Mutant(RISK, "(df2 + rest * slope) / n", "(df2 - rest * slope) / n", check_golden),
    Mutant(RISK, "variance_data=_settled(bias * noise_data", "variance_data=_settled(bias + noise_data", check_golden),
    Mutant(RISK, "_settled(noise * noise_data, huge)", "_settled(2 * noise * noise_data, huge)", check_golden),
    Mutant(RISK, "_settled(noise * noise_interaction, huge)", "_settled(noise_interaction, huge)", check_golden),
    Mutant(RISK, "self.bias + self.variance_data + self", "self.bias + self.variance_data - self", check_golden),
    Mutant(RISK, "signal + self.variance_noise", "signal - self.variance_noise", check_golden),
    Mutant(RISK, "self.excess + self.noise", "self.excess - self.noise", check_golden),
    Mutant(RISK, "np.multiply(shrinkage**2, test", "np.multiply(shrinkage, test", check_golden),
    Mutant(RISK, "shared(self.variance_features)", "self.variance_features", check_golden),
    Mutant(RISK, "shared(self.variance_noise_interaction)", "shared(self.variance_noise)", check_golden),
    Mutant(RISK, "ridge.ravel() / unit", "ridge.ravel()", check_limits),
    Mutant(RISK, "kappa2=unit * _settled(kappa2)", "kappa2=_settled(kappa2)", check_limits),
    Mutant(RISK, "np.where(number > huge, np.inf", "np.where(number > huge, 0.0", check_limits),
    Mutant(RISK, "np.subtract(size, other", "np.add(size, other", check_limits),
    Mutant(RISK, "coefficients.mu1**2 / population.trace", "coefficients.mu1 / population.trace", check_nonlinear),
    Mutant(RISK, "coefficients.mu1**2 / population.trace", "coefficients.mu1**2", check_nonlinear),
    Mutant(RISK, "tail = coefficients.mu_star_squared", "tail = 2 * coefficients.mu_star_squared", check_nonlinear),
]
