"""Theories that are slightly wrong, held against simulations alone: no stored number, no second formula.

What each check would let pass: a kappa wrong by less than 1 %, a test error wrong by less than 2 %, a density of
eigenvalues wrong by less than 2 %. All of it at d = 200, with n below, at and above d.
"""

from functools import cache

import numpy as np
from measured import signal_and_noise, white_counts
from mutation import Mutant

from renorm.theory.population import Population, power_law
from renorm.theory.random_matrices import measured_renormalized_ridge

POPULATION, RIDGES = power_law(200, 1.2, 0.5), np.array([1e-4, 1e-3, 1e-2])
NOISE = Population(POPULATION.eigenvalues, np.zeros(200), 1.0)


@cache
def errors(n):
    return signal_and_noise(POPULATION, n, RIDGES, 300, n)


@cache
def kappas(n):
    rng = np.random.default_rng(n)
    rows = (rng.standard_normal((n, 200)) * np.sqrt(POPULATION.eigenvalues) for _ in range(40))
    return np.array([measured_renormalized_ridge(X, RIDGES) for X in rows])


def near_one(ratios, finite):
    """The mean of a column of independent ratios is 1, to 3.5 standard errors and what a finite size may do."""
    error = np.std(ratios, axis=0, ddof=1) / np.sqrt(len(ratios))
    np.testing.assert_array_less(np.abs(np.mean(ratios, axis=0) - 1), 3.5 * error + finite)


def check_errors(ridge):
    for n in (180, 200, 220):
        signal, noise = (ridge.ridge_risk(population, n, RIDGES) for population in (POPULATION, NOISE))
        near_one(np.mean(errors(n)[:, 0] / signal.excess, axis=1), 1 / 200)
        near_one(np.mean(errors(n)[:, 1] / noise.excess, axis=1), 1 / 200)


def check_kappa(ridge):
    for n in (100, 200, 400):
        near_one(kappas(n) / ridge.renormalized_ridge(POPULATION.eigenvalues, n, RIDGES), 1 / 200)


def check_susceptibility(ridge):
    """1 / (1 - gamma) is how fast kappa moves."""
    for n in (100, 200, 400):
        up, down = (ridge.renormalized_ridge(POPULATION.eigenvalues, n, RIDGES * (1 + e)) for e in (1e-4, -1e-4))
        risk = ridge.ridge_risk(POPULATION, n, RIDGES)
        np.testing.assert_allclose(risk.susceptibility, (up - down) / (2e-4 * RIDGES), rtol=1e-5)
        np.testing.assert_allclose(risk.susceptibility * (1 - risk.gamma), 1, rtol=1e-9)


def check_density(random_matrices):
    for n in (400, 100):
        low, high = random_matrices.marchenko_pastur_support(200 / n)
        edges = np.linspace(low, high, 11)
        x = np.linspace(low, high, 20_001)[1:-1]
        density = random_matrices.marchenko_pastur_density(x, 200 / n)
        expected = np.histogram(x, edges, weights=density)[0] * (x[1] - x[0]) * 200
        counted, error = white_counts(n, 200, tuple(edges), 60, n)
        np.testing.assert_array_less(np.abs(counted - expected), 4 * error + 0.15)


def check_s_transform(random_matrices):
    """S of the sample's degrees of freedom turns lambda into the kappa measured from the same matrix, exactly."""
    rng = np.random.default_rng(3)
    for n, d in ((30, 50), (50, 30)):
        X = rng.standard_normal((n, d)) * np.arange(1, d + 1.0) ** -0.6
        inverse = np.linalg.inv(X @ X.T / n + 0.02 * np.eye(n))
        df = (n - 0.02 * np.trace(inverse)) / d
        kappa = n / np.trace(inverse)
        np.testing.assert_allclose(0.02 * random_matrices.wishart_s_transform(df, d / n), kappa, rtol=1e-10)


RIDGE, RM = "renorm.theory.ridge", "renorm.theory.random_matrices"
ERROR, SLOPE = "test = np.multiply(bias + noise,", "overlap[rows] += np.multiply(p, q)"
MUTANTS = [
    Mutant(RIDGE, "kappa[regular] = solve(", "kappa[regular] = 1.1 * solve(", check_kappa),
    Mutant(RIDGE, "kappa[regular] = solve(", "kappa[regular] = 0.98 * solve(", check_kappa),
    Mutant(RIDGE, "kappa[regular] = solve(", "kappa[regular] = 1.1 * solve(", check_errors),
    Mutant(
        RIDGE,
        "test = np.multiply(bias + noise, suscept",
        "test = 1.05 * np.multiply(bias + noise, suscept",
        check_errors,
    ),
    Mutant(
        RIDGE,
        "test = np.multiply(bias + noise, suscept",
        "test = 0.98 * np.multiply(bias + noise, suscept",
        check_errors,
    ),
    Mutant(RIDGE, "bias[rows] += np.multiply(q, q", "bias[rows] += 0 * np.multiply(q, q", check_errors),
    Mutant(
        RIDGE, "overlap[rows] += np.multiply(p, q)", "overlap[rows] += 0.95 * np.multiply(p, q)", check_susceptibility
    ),
    Mutant(RM, "np.divide(height, 2 * np.pi", "np.divide(1.05 * height, 2 * np.pi", check_density),
    Mutant(RM, "np.divide(height, 2 * np.pi", "np.divide(0.98 * height, 2 * np.pi", check_density),
    Mutant(RM, "(1 / (1 - aspect * df))[()]", "(1.03 / (1 - aspect * df))[()]", check_s_transform),
    Mutant(RM, "(1 / (1 - aspect * df))[()]", "(1 / (1 - df))[()]", check_s_transform),
    Mutant(RM, "(1 / (1 - aspect * df))[()]", "(1 - aspect * df)[()]", check_s_transform),
]
