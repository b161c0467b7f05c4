"""One sample: refits without each row, GCV by its definition, kappa and gamma as derivative, and against theory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm import gaussian_kernel, power_law, renormalized_ridge, ridge_risk
from renorm.theory.one_sample import from_columns, from_gram

steady = settings(derandomize=True, deadline=None, max_examples=40)


def refit(K, y, ridge, row):
    """What is missed on ``row`` by a fit to the others: the bordered system with the intercept, solved."""
    rest = np.arange(len(y)) != row
    n = rest.sum()
    system = np.ones((n + 1, n + 1))
    system[:n, :n] = K[np.ix_(rest, rest)] + len(y) * ridge * np.eye(n)
    system[n, n] = 0
    solved = np.linalg.solve(system, np.append(y[rest], 0.0))
    return y[row] - K[row, rest] @ solved[:n] - solved[n]


@steady
@given(st.integers(0, 10_000), st.integers(4, 14), st.sampled_from([1e-6, 0.01, 0.3, 10.0]))
def test_left_out_is_what_refits_miss(seed, n, ridge):
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((n, 3)), rng.standard_normal(n) + 5
    K = gaussian_kernel(X, bandwidth=1.5) + 2.0
    expected = [refit(K, y, ridge, row) for row in range(n)]
    np.testing.assert_allclose(from_gram(K, y).left_out(ridge)[0], expected, rtol=1e-5, atol=1e-8)


def test_without_a_penalty_interpolation_and_least_squares():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((12, 4)), rng.standard_normal(12)
    K = gaussian_kernel(X)
    np.testing.assert_allclose(from_gram(K, y).left_out(0.0)[0], [refit(K, y, 0.0, i) for i in range(12)], rtol=1e-7)
    design = np.column_stack([np.ones(12), X])
    for row in range(12):
        rest = np.arange(12) != row
        line = np.linalg.lstsq(design[rest], y[rest], rcond=None)[0]
        assert from_columns(X, y).left_out(0.0)[0, row] == pytest.approx(y[row] - design[row] @ line)


def test_gcv_and_degrees_of_freedom_by_their_definitions():
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((20, 6)), rng.standard_normal(20)
    C = np.eye(20) - 1 / 20
    for ridge in (0.02, 0.7):
        H = C @ X @ X.T @ C @ np.linalg.inv(C @ X @ X.T @ C + 20 * ridge * np.eye(20)) + 1 / 20
        sample = from_columns(X, y)
        assert sample.degrees_of_freedom(ridge)[0] == pytest.approx(np.trace(H))
        gcv = np.mean((y - H @ y) ** 2) / (1 - np.trace(H) / 20) ** 2
        assert sample.generalized_cross_validation(ridge)[0] == pytest.approx(gcv)


@pytest.mark.parametrize("shape", [(40, 8), (20, 60)])
def test_gamma_is_the_derivative_of_kappa(shape):
    rng = np.random.default_rng(2)
    sample = from_columns(rng.standard_normal(shape), rng.standard_normal(shape[0]))
    for ridge in (0.01, 0.5):
        step = 1e-5 * ridge
        slope = np.diff(sample.kappa([ridge - step, ridge + step]))[0] / (2 * step)
        assert 1 / (1 - sample.gamma(ridge)[0]) == pytest.approx(slope, rel=1e-5)
    near_zero = sample.kappa([0.0, 1e-12])
    assert near_zero[0] == pytest.approx(near_zero[1], abs=1e-10)


def test_kappa_and_gamma_are_those_of_the_population():
    """Means of 40 samples; standard errors below 0.7 %: off by 3 % would be seen."""
    population = power_law(400, capacity=1.2, source=0.5, noise_variance=0.2)
    rng, ridges, n = np.random.default_rng(3), np.array([1e-3, 0.03, 0.3]), 151
    found = []
    for _ in range(40):
        X = rng.standard_normal((n, 400)) * np.sqrt(population.eigenvalues)
        sample = from_columns(X, X[:, 0])
        found.append([sample.kappa(ridges), sample.gamma(ridges)])
    mean, se = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(40)
    free = ridges * n / (n - 1)  # n - 1 directions share the penalty n lambda
    kappa = renormalized_ridge(population.eigenvalues, n - 1, free)
    gamma = ridge_risk(population, n - 1, free).gamma
    for value, error, theory in ((mean[0] * n / (n - 1), se[0], kappa), (mean[1], se[1], gamma)):
        assert np.all(error < 0.007 * theory) and np.all(np.abs(value / theory - 1) < 0.01 + 3 * error / theory)


def test_several_penalties_are_one_by_one():
    rng = np.random.default_rng(4)
    sample = from_columns(rng.standard_normal((15, 30)), rng.standard_normal(15))
    for method in ("left_out", "leave_one_out", "generalized_cross_validation", "kappa", "gamma", "degrees_of_freedom"):
        together = getattr(sample, method)([0.0, 0.1, 1.0])
        alone = [getattr(sample, method)(ridge)[0] for ridge in (0.0, 0.1, 1.0)]
        np.testing.assert_allclose(together, alone, rtol=1e-12)


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: from_gram(np.eye(3), np.ones((3, 2))), r"targets has shape \(3, 2\)"),
        (lambda: from_gram([[1.0]], [1.0]), "gram has one row"),
        (lambda: from_gram([[1.0, 2.0], [0.0, 1.0]], [1.0, 2.0]), "not symmetric"),
        (lambda: from_columns(np.eye(3), np.ones(2)), r"targets has shape \(2,\): must be \(3,\)"),
        (lambda: from_columns(np.ones((1, 2)), np.ones(1)), "X has one row"),
        (lambda: from_columns(np.eye(3), np.ones(3)).kappa(-1.0), "ridge = -1.0: must be zero or larger"),
    ],
)
def test_bad_input_is_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()
