"""Checks of the experiments of chapter 11 by other means; the mutants of that module are seen by them."""

import numpy as np

from renorm import Population, ridge_path, ridge_risk


def check_simulated(noise):
    """The mean over the noise taken exactly, against fits of drawn noise, with and without a flat tail."""
    world = noise.World("small", np.array([0.5, 0.2, 0.1, 0.1]), weak=60, bulk=0.1 / 60)
    s = world.population.eigenvalues
    exact, drawn = noise.simulated_costs(world, 20, [0.0, 0.01], 400, np.random.default_rng(0)), []
    rng = np.random.default_rng(1)
    for _ in range(400):
        X = rng.standard_normal((20, s.size)) * np.sqrt(s)
        drawn.append([w**2 @ s for w in ridge_path(X, rng.standard_normal(20), [0.0, 0.01])])
    (a, da), (b, db) = noise.mean_and_error(exact), noise.mean_and_error(drawn)
    assert np.all(np.abs(a - b) < 4 * np.hypot(da, db)) and np.all(db < 0.05 * b)
    tailed = noise.World("tail", np.array([0.6, 0.3]), tail=0.1)
    a = noise.simulated_costs(tailed, 30, [0.002], 3, np.random.default_rng(5))
    b = noise.simulated_costs(
        noise.World("none", tailed.eigenvalues), 30, [0.002 + 0.1 / 30], 3, np.random.default_rng(5)
    )
    np.testing.assert_allclose(a, b)


def check_tail(noise):
    for weak, share, n in ((1000, 0.5, 100), (3000, 0.1, 50)):
        population = noise.strong_and_weak(weak, share)
        np.testing.assert_allclose([population.trace, population.eigenvalues[10:].sum()], [1, share])
        mean, se = noise.mean_and_error(noise.flat_tail_costs(n, population, 30, np.random.default_rng(weak)))
        risk, v = ridge_risk(population, n, 0.0), population.eigenvalues[[0, -1]]
        parts = np.array([10, weak]) * (v / (v + risk.kappa)) ** 2 / n * risk.susceptibility
        assert np.all(np.abs(mean - parts) < 4 * se + 1.5 * parts / n)


def check_negative(noise):
    """Against drawn fits; 5 % of the noise that gets in through the strong direction would be seen."""
    p = Population(np.r_[40.0, np.ones(100)], np.r_[0.4, np.zeros(100)], 2.0)
    ridges = [-0.1, 0.0, 3.0]
    mean, se = noise.mean_and_error(noise.negative_ridge_errors(30, p, ridges, 1000, np.random.default_rng(0)))
    drawn, rng = [], np.random.default_rng(1)
    for _ in range(3000):
        X = rng.standard_normal((30, 101)) * np.sqrt(p.eigenvalues)
        y, gram = X @ p.coefficients + np.sqrt(2.0) * rng.standard_normal(30), X @ X.T
        fits = [X.T @ np.linalg.solve(gram + 30 * r * np.eye(30), y) for r in ridges]
        drawn.append([(w - p.coefficients) ** 2 @ p.eigenvalues for w in fits])
    other, other_se = noise.mean_and_error(drawn)
    assert np.all(np.abs(mean - other) < 4 * np.hypot(se, other_se)) and np.all(np.hypot(se, other_se) < 0.015 * other)


def check_pool(noise):
    """A power law, its spectrum taken from a finite sample: the cost is the population's, with and without a ridge."""
    s = np.arange(1.0, 2001) ** -1.5
    X = np.random.default_rng(0).standard_normal((900, 2000)) * np.sqrt(s)
    pool = np.linalg.eigvalsh(X @ X.T / 900)
    for n, ridge in ((50, 0.0), (100, 0.0), (200, 0.0), (100, 1e-3), (200, 1e-2)):
        truth = ridge_risk(Population(s, np.zeros(2000), 1.0), n, ridge).susceptibility - 1
        found = noise.pool_costs(np.clip(pool, 0, None), n, ridge)
        np.testing.assert_allclose(found, truth, rtol=0.03)


def check_filters(noise):
    rng = np.random.default_rng(0)
    A, new, y, answers = rng.standard_normal((12, 40)), rng.standard_normal((7, 40)), np.ones(12), -np.ones(7)
    y[:5] = -1
    gram, cross = A @ A.T, A @ new.T
    [found] = noise.kernel_errors(gram, cross, y, answers, [lambda v: 1 / (v + 0.3)])
    weights = np.linalg.solve(gram + 0.3 * np.eye(12), cross)
    f = weights.T @ y
    np.testing.assert_allclose(found, [np.mean(f**2), np.mean(f * answers), np.mean(np.sum(weights**2, axis=0))])
    np.testing.assert_allclose(noise.kernel_costs(gram, cross, [0.3 / 12])[0], np.mean(np.sum(weights**2, axis=0)))
