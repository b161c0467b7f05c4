"""Planted mistakes in what a forecast is made of: one sample, the carried error, the fit; and in correlated rows."""

from functools import cache
from types import SimpleNamespace

import numpy as np
from mutation import Mutant

from renorm import Population, power_law, renormalized_ridge, ridge_risk

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((14, 5)), RNG.standard_normal(14) + 3
POPULATION = power_law(300, 1.3, 0.5, noise_variance=0.3)


def check_one_sample(module):
    """By refits with a column of ones, the trace of H, and the derivative of kappa; with a penalty and without."""
    for K in (X @ X.T, np.exp(-((X[:, None] - X) ** 2).sum(-1) / 8)):
        sample = module.from_gram(K, Y)
        for ridge in (0.3, 0.01):
            system = np.ones((14, 14))
            system[-1, -1] = 0
            for row in range(3):
                rest = np.arange(14) != row
                system[:13, :13] = K[np.ix_(rest, rest)] + 14 * ridge * np.eye(13)
                solved = np.linalg.solve(system, np.append(Y[rest], 0.0))
                missed = Y[row] - K[row, rest] @ solved[:13] - solved[13]
                np.testing.assert_allclose(sample.left_out(ridge)[0, row], missed, rtol=1e-7)
            C = np.eye(14) - 1 / 14
            Kc = C @ K @ C
            H = Kc @ np.linalg.inv(Kc + 14 * ridge * np.eye(14)) + 1 / 14
            np.testing.assert_allclose(sample.degrees_of_freedom(ridge), np.trace(H), rtol=1e-8)
            gcv = np.mean((Y - H @ Y) ** 2) / (1 - np.trace(H) / 14) ** 2
            np.testing.assert_allclose(sample.generalized_cross_validation(ridge), gcv, rtol=1e-8)
            t = np.linalg.eigvalsh(Kc / 14)[1:]
            np.testing.assert_allclose(sample.kappa(ridge), 1 / np.mean(1 / (t + ridge)), rtol=1e-8)
            slope = np.diff(sample.kappa([ridge * (1 - 1e-5), ridge * (1 + 1e-5)])) / (2e-5 * ridge)
            np.testing.assert_allclose(1 / (1 - sample.gamma(ridge)), slope, rtol=1e-5)
    design, rest = np.column_stack([np.ones(14), X]), np.arange(14) != 2
    line = np.linalg.lstsq(design[rest], Y[rest], rcond=None)[0]
    columns, gram = module.from_columns(X, Y), module.from_gram(X @ X.T, Y)
    np.testing.assert_allclose(columns.left_out(0.0)[0, 2], Y[2] - design[2] @ line)
    np.testing.assert_allclose(columns.left_out(0.1), gram.left_out(0.1))


def check_carry(module):
    """The risk of a population at four times the samples, from that at n."""
    ridges = np.array([0.01, 0.1, 1.0])
    risk = ridge_risk(POPULATION, 99, ridges)
    ideal = SimpleNamespace(free=99, kappa=lambda ridge: risk.kappa, gamma=lambda ridge: risk.gamma)
    errors, carried = module.carry(ideal, ridges, risk.test, 397)
    np.testing.assert_allclose(carried, risk.kappa * (1 - np.sum(renormal(risk.kappa), axis=1) / 396), rtol=1e-9)
    np.testing.assert_allclose(errors, ridge_risk(POPULATION, 396, carried).test, rtol=1e-9)


def renormal(kappa):
    s = POPULATION.eigenvalues
    return s / (s + np.asarray(kappa)[:, None])


def check_fit(module):
    """Errors of a world that the fit can represent, given back and continued to eight times the samples."""
    k = np.arange(1, 501.0)
    values, energies = k**-1.5, k**-2.0 / np.sum(k**-2.0)
    world, ridges = Population(values, np.sqrt(energies / values), 0.2), np.geomspace(1e-4, 1, 6)
    errors = [ridge_risk(world, n - 1, ridges).test for n in (30, 60, 120)]
    fit = module.fit_spectrum(values, np.ones(500), [30, 60, 120], ridges, errors, np.ones(3), 1.2)
    np.testing.assert_allclose(fit(960, ridges), ridge_risk(world, 959, ridges).test, rtol=0.01)
    np.testing.assert_allclose(
        module._kappa(values, np.ones(500), 59.0, ridges), renormalized_ridge(values, 59, ridges)
    )
    law = module.fit_offset_power_law([20, 40, 80], 0.4 + np.array([20.0, 40, 80]) ** -1.0)
    np.testing.assert_allclose(law(640), 0.4 + 1 / 640, rtol=0.01)


@cache
def series():
    """800 correlated samples: (test, training error) means and standard errors; correlation; one sample."""
    n, rng, found = 160, np.random.default_rng(1), []
    C = np.exp(-np.abs(np.subtract.outer(np.arange(n), np.arange(n))) / 3.0)
    root, s, w = np.linalg.cholesky(C), POPULATION.eigenvalues, POPULATION.coefficients
    for _ in range(800):
        Z = root @ rng.standard_normal((n, 300)) * np.sqrt(s)
        y = Z @ w + root @ rng.standard_normal(n) * 0.3**0.5
        miss = Z.T @ np.linalg.solve(Z @ Z.T + n * 0.05 * np.eye(n), y) - w
        found.append([0.3 + np.sum(s * miss**2), np.mean((y - Z @ (miss + w)) ** 2)])
    return np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(800), C, (Z, y)


def check_correlated(module):
    """Simulation to 1 % and three standard errors of at most 0.7 %; the theory's own lines put into one another."""
    mean, se, C, (Z, y) = series()
    found = module.correlated_risk(POPULATION, C, 0.05)
    for value, error, theory in zip(mean, se, (found.test, found.train), strict=True):
        assert error < 0.007 * value and abs(value - theory) < 0.01 * theory + 3 * error
    np.testing.assert_allclose(found.gcv * (1 - np.sum(renormal([found.kappa])) / 160) ** 2, found.train, rtol=1e-9)
    usual = ridge_risk(POPULATION, 160, 0.05)
    np.testing.assert_allclose(module.correlated_risk(POPULATION, np.eye(160), 0.05).test, usual.test, rtol=1e-6)
    t = np.linalg.eigvalsh(Z @ Z.T / 160)
    e1, c = np.mean(t / (t + 0.05)), np.linalg.eigvalsh(C)
    mus = np.geomspace(1e-4, 1e3, 200_000)
    mu = mus[np.argmin(np.abs((c[:, None] / (c[:, None] + mus[::200])).mean(axis=0) - e1)) * 200]
    train = np.mean((y - Z @ Z.T @ np.linalg.solve(Z @ Z.T + 8 * np.eye(160), y)) ** 2)
    corrected = train / (mu * (e1 - np.mean((c / (c + mu)) ** 2)))
    np.testing.assert_allclose(module.corrected_cross_validation(Z, y, 0.05, C), corrected, rtol=0.02)


ONE, EXTRA, SERIES = (f"renorm.theory.{name}" for name in ("one_sample", "extrapolation", "correlated"))
MUTANTS = [
    Mutant(ONE, "(1 - 1 / self.size)", "1", check_one_sample),
    Mutant(ONE, "seen = weights - rest[:, None]", "seen = weights", check_one_sample),
    Mutant(ONE, "seen @ (self.vectors**2).T", "seen @ self.vectors.T", check_one_sample),
    Mutant(ONE, "return self.size * total", "return self.free * total", check_one_sample),
    Mutant(ONE, "+ rest**2 * max(outside, 0.0)", "", check_one_sample),
    Mutant(ONE, "(ridge + least) * self.free", "(ridge + least) * self.size", check_one_sample),
    Mutant(ONE, "return 1 - first**2 / (self.free", "return 1 - first**2 / (self.size", check_one_sample),
    Mutant(ONE, "return 1 + (self.eigenvalues", "return 0 + (self.eigenvalues", check_one_sample),
    Mutant(ONE, "gram - means - means[:, None] + means.mean()", "gram", check_one_sample),
    Mutant(ONE, "s[kept][::-1] / len(gram)", "s[kept][::-1]", check_one_sample),
    Mutant(ONE, "g[kept] ** 2 / len(X)", "g[kept] / len(X)", check_one_sample),
    Mutant(ONE, "np.linalg.svd(X - X.mean(axis=0)", "np.linalg.svd(X", check_one_sample),
    Mutant(EXTRA, "(1 - gamma) / (1 - gamma * share)", "(1 - gamma * share) / (1 - gamma)", check_carry),
    Mutant(EXTRA, "(1 - gamma) / (1 - gamma * share)", "(1 - gamma) / (1 - gamma * share**2)", check_carry),
    Mutant(EXTRA, "kappa - (kappa - np.asarray(ridge)) * share", "np.asarray(ridge) * share", check_carry),
    Mutant(EXTRA, "sample.free / (size - 1)", "sample.free / (1.03 * (size - 1))", check_carry),
    Mutant(EXTRA, "ridge / kappa[:, 0] + ", "", check_fit),
    Mutant(EXTRA, "missed**2 @ (energies", "missed @ (energies", check_fit),
    Mutant(EXTRA, "@ counts / n) < ridge", "@ counts / (1.03 * n)) < ridge", check_fit),
    Mutant(EXTRA, "(weights / errors)[:, None]", "weights[:, None]", check_fit),
    Mutant(SERIES, "gamma = df2 * e2 / e1**2", "gamma = df2", check_correlated),
    Mutant(SERIES, "train = test * (ridge / kappa)", "train = 1.03 * test * (ridge / kappa)", check_correlated),
    Mutant(
        SERIES, "(bias + population.noise_variance) /", "1.03 * (bias + population.noise_variance) /", check_correlated
    ),
    Mutant(SERIES, "kappa * _mu(c, e1) * e1 if", "kappa * _mu(c, e1) if", check_correlated),
    Mutant(SERIES, "train / (1 - e1) ** 2", "train / (1 - e1)", check_correlated),
    Mutant(SERIES, "train / (mu * (e1 - e2))", "train / (mu * e1)", check_correlated),
]
