"""Training time: filters, gradient flow, early stopping, stability of gradient descent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.theory import dynamics as dy
from renorm.theory.optimal import optimal_ridge
from renorm.theory.population import Population, isotropic, power_law
from renorm.theory.ridge import ridge_risk

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


def sample(n, d, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng.standard_normal(n)


# ------------------------------------------------------------------------------------------------ filters


def test_filters_at_their_ends():
    s = np.array([0.0, 1e-300, 1e-8, 1.0, 1e8])
    np.testing.assert_array_equal(dy.gradient_flow_filter(s, 0.0), 0)
    np.testing.assert_allclose(dy.gradient_flow_filter(s, 1e-3), 1e-3 * s * (s < 1) + (s >= 1), rtol=1, atol=1e-12)
    assert dy.gradient_flow_filter(1e-9, 1.0) == pytest.approx(1e-9 - 0.5e-18, rel=1e-12)
    assert dy.gradient_flow_filter(2.0, 0.7) == pytest.approx(1 - np.exp(-1.4), rel=1e-15)
    np.testing.assert_array_equal(dy.ridge_filter(s, 0.0), [0, 1, 1, 1, 1])
    assert dy.ridge_filter(3.0, 2.0) == 0.6
    assert dy.gradient_flow_filter(np.ones((3, 1)), np.ones(4)).shape == (3, 4)


def test_flow_filter_is_the_limit_of_small_steps():
    s, t, steps = np.array([0.1, 1.0, 5.0]), 2.0, 10**6
    fitted = 1 - (1 - s * t / steps) ** steps
    np.testing.assert_allclose(dy.gradient_flow_filter(s, t), fitted, rtol=1e-4)


@SETTINGS
@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_flow_fits_more_than_ridge_but_never_much_more(s, t):
    flow, ridge = dy.gradient_flow_filter(s, t), dy.ridge_filter(s, 1 / t)
    assert flow >= ridge * (1 - 1e-14)
    assert (flow / ridge) ** 2 <= dy.early_stopping_bound()[0] * (1 + 1e-12)


def test_bound_is_the_maximum():
    bound, x = dy.early_stopping_bound()
    grid = np.linspace(0.01, 30, 300_001)
    values = ((1 - np.exp(-grid)) * (1 + grid) / grid) ** 2
    assert bound == pytest.approx(values.max(), rel=1e-9) and x == pytest.approx(grid[values.argmax()], abs=2e-4)
    assert round(bound, 4) == 1.6859 and round(x, 3) == 1.793


# ------------------------------------------------------------------------------------------------ one data matrix


@pytest.mark.parametrize("n, d", [(30, 8), (8, 30), (12, 12)])
def test_flow_path_solves_its_equation(n, d):
    X, y = sample(n, d)
    t, h = 1.3, 1e-4
    before, now, after = dy.gradient_flow_path(X, y, [t - h, t, t + h])
    np.testing.assert_allclose((after - before) / (2 * h), X.T @ (y - X @ now) / n, atol=1e-7)
    start, end = dy.gradient_flow_path(X, y, [0.0, 1e9])
    assert not start.any()
    np.testing.assert_allclose(end, np.linalg.lstsq(X, y, rcond=None)[0], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("risk, path", [("flow", [0.3, 2.0, 40.0]), ("ridge", [2.0, 0.1, 0.003])])
def test_risk_of_a_sample_against_fresh_noise(risk, path):
    population = power_law(15, 1.3, 0.5, noise_variance=0.4)
    rng = np.random.default_rng(1)
    X = rng.standard_normal((12, 15)) * np.sqrt(population.eigenvalues)
    found = []
    for _ in range(3000):
        y = X @ population.coefficients + np.sqrt(0.4) * rng.standard_normal(12)
        if risk == "flow":
            w = dy.gradient_flow_path(X, y, path)
        else:
            w = np.array([np.linalg.solve(X.T @ X / 12 + r * np.eye(15), X.T @ y / 12) for r in path])
        found.append((w - population.coefficients) ** 2 @ population.eigenvalues)
    theory = {"flow": dy.gradient_flow_risk, "ridge": dy.ridge_path_risk}[risk](X, population, path)
    error = np.std(found, axis=0) / np.sqrt(3000)
    assert np.all(np.abs(theory.excess - np.mean(found, axis=0)) < 4 * error)
    assert np.all(theory.bias > 0) and np.all(theory.variance > 0)


@SETTINGS
@given(st.integers(2, 15), st.integers(2, 15), st.integers(0, 10**6), st.floats(1e-3, 10))
def test_early_stopping_is_within_its_bound_of_ridge(n, d, seed, noise):
    """For every data matrix, target and time (Ali, Kolter and Tibshirani 2019): estimation risk, ridge = 1/t."""
    X, w = sample(n, d, seed)[0], np.random.default_rng(seed + 1).standard_normal(d)
    population, times = Population(np.ones(d), w, noise), np.logspace(-3, 4, 30)
    flow, ridge = dy.gradient_flow_risk(X, population, times), dy.ridge_path_risk(X, population, 1 / times)
    assert np.all(flow.bias <= ridge.bias * (1 + 1e-9) + 1e-12)
    assert np.all(flow.variance <= dy.early_stopping_bound()[0] * ridge.variance * (1 + 1e-9))
    assert np.all(flow.excess <= dy.early_stopping_bound()[0] * ridge.excess * (1 + 1e-9) + 1e-12)


def test_on_new_inputs_the_bound_is_for_the_average_truth():
    """Unequal variances of the inputs: the biases of two directions nearly cancel in ridge, not in gradient flow."""
    turned = np.array([[np.cos(2.0), -np.sin(2.0)], [np.sin(2.0), np.cos(2.0)]])
    X = np.sqrt(2 * np.array([2.5, 0.5]))[:, None] * turned.T
    missed = turned / (1 + np.array([2.5, 0.5])) @ turned.T  # by ridge = 1: its second row times w is to vanish
    one = Population([1e-6, 1.0], 100 * np.array([-missed[1, 1], missed[1, 0]]), 2.0)
    ratio = [risk(X, one, [1.0]).excess[0] for risk in (dy.gradient_flow_risk, dy.ridge_path_risk)]
    assert ratio[0] > 10 * ratio[1]
    flow, ridge = (
        sum(risk(X, Population([1e-6, 1.0], w, 1.0), [1.0]).excess[0] for w in (turned[:, 0], turned[:, 1]))
        for risk in (dy.gradient_flow_risk, dy.ridge_path_risk)
    )
    assert flow <= dy.early_stopping_bound()[0] * ridge


# ------------------------------------------------------------------------------------------------ isotropic, exact


@pytest.mark.parametrize(
    "aspect, expected",
    [(0.5, [0.6098, 0.2970, 0.4929]), (2.0, [0.7430, 0.8442, 0.9997])],
)
def test_known_values(aspect, expected):
    risk = dy.isotropic_flow_risk(aspect, [0.3, 3.0, 30.0], noise_variance=0.5)
    np.testing.assert_allclose(risk.excess, expected, atol=5e-5)


@pytest.mark.parametrize("aspect", [0.1, 0.5, 0.97, 1.0, 1.03, 2.0, 10.0])
def test_isotropic_risk_against_adaptive_quadrature(aspect):
    quad = pytest.importorskip("scipy.integrate").quad
    low, high = (1 - np.sqrt(aspect)) ** 2, (1 + np.sqrt(aspect)) ** 2

    def over_law(f):  # s = middle + radius sin(u) takes the square roots away
        middle, radius = (low + high) / 2, (high - low) / 2
        g = lambda u: (radius * np.cos(u)) ** 2 / (2 * np.pi * aspect) * f(middle + radius * np.sin(u))  # noqa: E731
        return quad(g, -np.pi / 2, np.pi / 2, epsabs=1e-13, epsrel=1e-12, limit=500)[0]

    for t in (0.01, 1.0, 20.0):
        risk = dy.isotropic_flow_risk(aspect, t, signal=2.0, noise_variance=0.7)
        variance = 0.7 * aspect * over_law(lambda s: (np.expm1(-s * t) / s) ** 2)  # noqa: B023
        bias = 2 * (1 - over_law(lambda s: -np.expm1(-2 * s * t) / s))  # noqa: B023
        assert risk.bias == pytest.approx(bias, abs=1e-10)
        assert risk.variance == pytest.approx(variance, rel=1e-9)


def test_isotropic_risk_at_the_ends():
    """t = 0: nothing learned. t = infinity: ridgeless regression, in closed form."""
    start = dy.isotropic_flow_risk(0.7, 0.0, signal=3.0, noise_variance=1.0)
    assert start.bias == 3.0 and start.variance == 0.0
    for aspect, bias, variance in ((0.5, 0.0, 1.0), (0.9, 0.0, 9.0), (2.0, 0.5, 1.0), (5.0, 0.8, 0.25)):
        end = dy.isotropic_flow_risk(aspect, 1e5, noise_variance=1.0)
        assert end.bias == pytest.approx(bias, abs=1e-9) and end.variance == pytest.approx(variance, rel=1e-9)
    late = dy.isotropic_flow_risk(1.0, [1e3, 1e5], noise_variance=1.0)
    assert late.variance[1] > 5 * late.variance[0]  # at n = d the error grows without bound, like sqrt(t)


@pytest.mark.parametrize("n, d", [(600, 300), (300, 600)])
def test_isotropic_risk_against_one_large_matrix(n, d):
    rng = np.random.default_rng(0)
    X, w = rng.standard_normal((n, d)), rng.standard_normal(d)
    population = Population(np.ones(d), w / np.linalg.norm(w), 0.5)
    times = np.array([0.1, 1.0, 10.0, 100.0])
    one, many = dy.gradient_flow_risk(X, population, times), dy.isotropic_flow_risk(d / n, times, noise_variance=0.5)
    np.testing.assert_allclose(one.bias, many.bias, atol=6 / d**0.5 * 0.3)
    np.testing.assert_allclose(one.variance, many.variance, rtol=0.03)


def test_best_time_is_nearly_as_good_as_best_ridge():
    """For isotropic data the ratio of the minima lies between 1 and 1.22 (Ali, Kolter and Tibshirani 2019)."""
    times = np.logspace(-2, 3, 4000)
    for aspect, expected in ((0.5, 1.0334), (2.0, 1.0064)):
        best_flow = dy.isotropic_flow_risk(aspect, times, noise_variance=0.5).excess.min()
        population = isotropic(1000, noise_variance=0.5)
        n = 1000 / aspect
        best_ridge = ridge_risk(population, n, optimal_ridge(population, n)).excess
        assert best_flow / best_ridge == pytest.approx(expected, abs=1e-4)


# ------------------------------------------------------------------------------------------------ stability


def test_gradient_descent_step_by_step():
    X, y = sample(9, 4)
    losses, w, step = dy.gradient_descent(X, y, 0.3, 30), np.zeros(4), 0.3
    for loss in losses:
        assert loss == pytest.approx(np.sum((y - X @ w) ** 2) / 18, rel=1e-11)
        w -= step * X.T @ (X @ w - y) / 9


def test_gradient_descent_diverges_exactly_above_two_over_sharpness():
    X, y = sample(20, 10)
    assert dy.sharpness(X) == pytest.approx(np.linalg.eigvalsh(X.T @ X / 20).max())
    limit = 2 / dy.sharpness(X)
    least = np.sum((y - X @ np.linalg.lstsq(X, y, rcond=None)[0]) ** 2) / 40
    assert dy.gradient_descent(X, y, 0.99 * limit, 5000)[-1] == pytest.approx(least, rel=1e-6)
    assert dy.gradient_descent(X, y, 1.01 * limit, 5000)[-1] > 1e6


# ------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: dy.gradient_flow_filter(-1.0, 1.0), "s = -1"),
        (lambda: dy.gradient_flow_filter(1.0, -1.0), "t = -1"),
        (lambda: dy.ridge_filter(1.0, -1.0), "ridge = -1"),
        (lambda: dy.gradient_flow_path([[1.0]], [1.0, 2.0], [1.0]), "must be equal"),
        (lambda: dy.gradient_flow_path([[1.0]], [1.0], [-1.0]), "times"),
        (lambda: dy.gradient_flow_path([[1.0]], [1.0], 1.0), "times"),
        (lambda: dy.gradient_flow_risk([[1.0]], isotropic(2), [1.0]), "must have 2 columns"),
        (lambda: dy.gradient_flow_risk([[1.0]], "pop", [1.0]), "population"),
        (lambda: dy.ridge_path_risk([[1.0, 1.0]], isotropic(2), [-1.0]), "ridges"),
        (lambda: dy.isotropic_flow_risk(0.0, 1.0), "aspect"),
        (lambda: dy.isotropic_flow_risk([0.5, 1.0], 1.0), "single number"),
        (lambda: dy.isotropic_flow_risk(0.5, -1.0), "times"),
        (lambda: dy.isotropic_flow_risk(0.5, 1.0, signal=-1), "signal"),
        (lambda: dy.isotropic_flow_risk(0.5, 1.0, noise_variance=np.nan), "noise_variance"),
        (lambda: dy.sharpness([1.0]), "X"),
        (lambda: dy.gradient_descent([[1.0]], [1.0, 2.0], 0.1, 1), "must be equal"),
        (lambda: dy.gradient_descent([[1.0]], [1.0], -0.1, 1), "step"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
