"""Correlated samples: the independent limit, a closed form, and simulation with standard errors below one per cent."""

import numpy as np
import pytest

from renorm import generalized_cross_validation, power_law, ridge_risk
from renorm.theory.correlated import corrected_cross_validation, correlated_risk, exponential_correlation

WORLD = power_law(300, capacity=1.3, source=0.4, noise_variance=0.3)


def simulate(length, ridge, draws, n=150, seed=0):
    """(draws, 4): error on a new row, training error, GCV, CorrGCV."""
    s, w, rng, found = WORLD.eigenvalues, WORLD.coefficients, np.random.default_rng(seed), []
    correlation = exponential_correlation(n, length)
    root = np.linalg.cholesky(correlation)
    for _ in range(draws):
        X = root @ rng.standard_normal((n, 300)) * np.sqrt(s)
        y = X @ w + root @ rng.standard_normal(n) * 0.3**0.5
        K = X @ X.T
        w_hat = X.T @ np.linalg.solve(K + n * ridge * np.eye(n), y)
        gcv = generalized_cross_validation(K, y, ridge)
        corrected = corrected_cross_validation(X, y, ridge, correlation)
        found.append([0.3 + np.sum(s * (w_hat - w) ** 2), np.mean((y - X @ w_hat) ** 2), gcv, corrected])
    return np.array(found)


def test_independent_rows_are_the_usual_theory():
    for ridge in (1e-3, 0.1, 2.0):
        found, usual = correlated_risk(WORLD, np.eye(150), ridge), ridge_risk(WORLD, 150, ridge)
        for name in ("kappa", "gamma", "bias", "test", "train"):
            assert getattr(found, name) == pytest.approx(float(getattr(usual, name)), rel=1e-6), name
        assert found.gcv == pytest.approx(found.test, rel=1e-6)


@pytest.mark.parametrize("length", [1.0, 5.0])
def test_kappa_solves_the_closed_form_of_an_endless_series(length):
    """S(d) = (1 - d) / (sqrt(1 + (b^2 - 1) d^2) - b d), b = coth(1 / length), up to the ends of a series of 800."""
    found = correlated_risk(WORLD, exponential_correlation(800, length), 0.02)
    d = np.sum(WORLD.eigenvalues / (WORLD.eigenvalues + found.kappa)) / 800
    b = 1 / np.tanh(1 / length)
    closed = 0.02 / (1 - d) * (1 - d) / (np.sqrt(1 + (b**2 - 1) * d**2) - b * d)
    assert found.kappa == pytest.approx(closed, rel=0.005)


@pytest.mark.parametrize("length, ridge", [(1.0, 0.01), (3.0, 0.05), (5.0, 0.01)])
def test_simulation(length, ridge):
    """300 draws: standard errors below 0.8 %, so that 3 % off would be seen in each of the four; 1 % is left to n."""
    found, theory = simulate(length, ridge, 300), correlated_risk(WORLD, exponential_correlation(150, length), ridge)
    mean, se = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(300)
    for value, error, expected in zip(mean, se, (theory.test, theory.train, theory.gcv, theory.test), strict=True):
        assert error < 0.009 * expected and abs(value - expected) < 0.01 * expected + 3 * error


def test_gcv_is_too_low_and_the_more_so_the_longer_the_memory():
    shares = [(r := correlated_risk(WORLD, exponential_correlation(150, x), 0.01)).gcv / r.test for x in (0, 1, 3, 8)]
    assert shares[0] == pytest.approx(1) and np.all(np.diff(shares) < 0) and shares[-1] < 0.25


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: correlated_risk(WORLD, np.ones((3, 2)), 0.1), "correlation is not symmetric"),
        (lambda: correlated_risk(WORLD, np.array([[1.0, 2], [2, 1]]), 0.1), "eigenvalue -1"),
        (lambda: correlated_risk(WORLD, np.eye(3), 0.0), "ridge = 0.0: must be positive"),
        (lambda: corrected_cross_validation(np.eye(3), np.ones(3), 0.1, np.eye(2)), "have 3, 3, 2 rows"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
