"""Slopes, crossings, fits and the frontier, each by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from power_laws import wide

from renorm.theory import scaling_fits
from renorm.theory.population import Population, power_law
from renorm.theory.ridge import ridge_risk


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    st.lists(st.floats(1e-3, 10.0), min_size=2, max_size=20),
    st.integers(2, 30),
    st.floats(1e-4, 3.0),
    st.floats(-1.0, 3.0),
    st.sampled_from([0.0, 0.3]),
)
def test_learning_curve_slope_is_the_derivative(s, n, ridge, decay, noise):
    population = Population(s, np.linspace(1, 2, len(s)), noise)
    h = 1e-4
    steps = n * np.exp([-2 * h, -h, h, 2 * h])
    excess = np.log(ridge_risk(population, steps, ridge * (steps / n) ** -decay).excess)
    expected = (excess[0] - 8 * excess[1] + 8 * excess[2] - excess[3]) / (12 * h)
    assert scaling_fits.learning_curve_slope(population, n, ridge, decay) == pytest.approx(expected, rel=1e-7, abs=1e-7)


def test_learning_curve_slope_broadcasts():
    population = power_law(50, 1.5, 0.5, noise_variance=0.1)
    together = scaling_fits.learning_curve_slope(population, [[20], [40]], [1e-3, 1e-2, 0.1], 0.5)
    assert together.shape == (2, 3)
    np.testing.assert_allclose(together[1, 2], scaling_fits.learning_curve_slope(population, 40, 0.1, 0.5), rtol=1e-13)


def test_local_slope():
    x = np.geomspace(1, 100, 200) * np.linspace(1, 1.3, 200)
    np.testing.assert_allclose(scaling_fits.local_slope(x, [x**-1.5, 3 * x**2]), [[-1.5] * 200, [2] * 200], atol=1e-10)
    np.testing.assert_allclose(scaling_fits.local_slope(x, np.exp(x / 50)), x / 50, rtol=2e-3)
    np.testing.assert_allclose(scaling_fits.local_slope(x[::-1], x[::-1] ** 3), 3, atol=1e-10)


def test_crossings_of_bias_and_noise():
    """At a fixed ridge, noise dominates in a window only: it takes over from the bias, and gives way to it again."""
    population, n = wide(2.0, 0.3, noise_variance=0.5), np.geomspace(2, 1e6, 400)
    risk = ridge_risk(population, n, 1e-4)
    at = scaling_fits.crossings(n, risk.bias, 0.5 * risk.gamma)
    assert at.size == 2
    there = ridge_risk(population, at, 1e-4)
    np.testing.assert_allclose(there.bias, 0.5 * there.gamma, rtol=2e-3)


def test_crossings_on_grid_points_count_once():
    np.testing.assert_allclose(scaling_fits.crossings([1.0, 2.0, 4.0], [1.0, 2.0, 4.0], [4.0, 2.0, 1.0]), [2.0])
    assert scaling_fits.crossings([1.0, 2.0], [1.0, 2.0], [3.0, 3.0]).size == 0


def test_fit_power_law():
    x, rng = np.geomspace(1, 1000, 40), np.random.default_rng(0)
    y = 3 * x**-1.7 * np.exp(0.1 * rng.standard_normal(40))
    weights = rng.uniform(0.5, 2, 40)
    expected = np.polyfit(np.log(x), np.log(y), 1, w=np.sqrt(weights))
    exponent, amplitude = scaling_fits.fit_power_law(x, y, weights)
    assert exponent == pytest.approx(expected[0], rel=1e-10) and np.log(amplitude) == pytest.approx(
        expected[1], rel=1e-10
    )


def test_capacity_and_source_of_shuffled_modes():
    population = power_law(2000, 1.7, 0.6)
    order = np.random.default_rng(0).permutation(2000)
    s, w = (
        population.eigenvalues[order],
        population.coefficients[order] * np.random.default_rng(1).choice([-1, 1], 2000),
    )
    assert scaling_fits.measure_capacity(s, (1, 2000)) == pytest.approx(1.7, rel=1e-10)
    assert scaling_fits.measure_source(s, 5 * w, (10, 500)) == pytest.approx(0.6, rel=1e-9)


def test_source_is_unbiased_for_scattering_energies():
    """Gaussian coefficients with power-law variance: the likelihood finds r, within 4 s.e. of 200 repetitions."""
    population, rng = power_law(1000, 1.5, 0.4), np.random.default_rng(3)
    found = [
        scaling_fits.measure_source(
            population.eigenvalues, population.coefficients * rng.standard_normal(1000), (10, 1000)
        )
        for _ in range(200)
    ]
    assert np.mean(found) == pytest.approx(0.4, abs=4 * np.std(found) / np.sqrt(200))
    assert np.std(found) < 0.15


def test_source_maximizes_the_likelihood():
    rng, k = np.random.default_rng(4), np.arange(5, 61)
    energies = k**-1.9 * rng.standard_normal(56) ** 2

    def deviance(decay):  # at the best amplitude
        shape = k**-decay
        amplitude = np.sum(energies / shape / k) / np.sum(1 / k)
        return np.sum((np.log(amplitude * shape) + energies / (amplitude * shape)) / k)

    s = np.append(np.ones(4), (k / 5.0) ** -1.5)
    w = np.append(np.zeros(4), np.sqrt(energies / s[4:]))
    decay = 1 + 2 * 1.5 * scaling_fits.measure_source(s, w, (5, 60))
    assert deviance(decay) < min(deviance(decay + 1e-3), deviance(decay - 1e-3))


def test_frontier_against_brute_force():
    rng = np.random.default_rng(0)
    n, width, loss = rng.integers(1, 9, (12, 1)), rng.integers(1, 9, 15), rng.integers(1, 40, (12, 15)) / 10
    frontier = scaling_fits.compute_frontier(n, width, loss)
    cost = n * width
    points = zip(cost.ravel(), loss.ravel(), strict=True)
    expected = {(c, low) for c, low in points if low == loss[cost <= c].min() and low < loss[cost < c].min(initial=9)}
    assert set(zip(frontier.cost, frontier.loss, strict=True)) == expected
    assert np.all(np.diff(frontier.cost) > 0) and np.all(np.diff(frontier.loss) < 0)
    np.testing.assert_array_equal(frontier.n * frontier.width, frontier.cost)
    other = scaling_fits.compute_frontier(n, width, loss, cost=n + width)
    np.testing.assert_array_equal(other.n + other.width, other.cost)


FLAT = Population([1.0, 1.0], [1.0, 1.0])


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: scaling_fits.crossings([1, 2], [1, 2], [1, 2, 3]), "broadcast|shapes"),
        (lambda: scaling_fits.crossings([2, 1], [1, 2], [1, 2]), "increasing"),
        (lambda: scaling_fits.crossings([1, 2], [1, -2], [1, 2]), "first"),
        (lambda: scaling_fits.local_slope([1, 2], [1, 2]), "three points"),
        (lambda: scaling_fits.local_slope([1, 3, 2], [1, 2, 3]), "monotone"),
        (lambda: scaling_fits.local_slope([1, 2, 3], [1, 2, 3, 4]), "last axis"),
        (lambda: scaling_fits.local_slope([1, 2, 3], [1, 0, 3]), "y = "),
        (lambda: scaling_fits.learning_curve_slope(FLAT, 5, 0.0), "ridge"),
        (lambda: scaling_fits.learning_curve_slope(Population([1.0], [0.0]), 5, 0.1), "without signal"),
        (lambda: scaling_fits.learning_curve_slope(FLAT, [1, 2], [0.1, 0.2, 0.3]), "broadcast"),
        (lambda: scaling_fits.learning_curve_slope([1.0], 5, 0.1), "population"),
        (lambda: scaling_fits.fit_power_law([1, 1], [1, 2]), "two values"),
        (lambda: scaling_fits.fit_power_law([1, 2], [1, 2], [1, 2, 3]), "weights"),
        (lambda: scaling_fits.measure_capacity(np.ones(10), (5, 20)), "window"),
        (lambda: scaling_fits.measure_capacity(np.ones(10), (5, 5)), "window"),
        (lambda: scaling_fits.measure_source(np.ones(10), np.zeros(10), (1, 5)), "no energy"),
        (lambda: scaling_fits.measure_source(np.ones(10), np.ones(9), (1, 5)), "len"),
        (lambda: scaling_fits.compute_frontier(-1, 2, 3), "n = -1"),
        (lambda: scaling_fits.compute_frontier(1, 2, np.nan), "loss"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
