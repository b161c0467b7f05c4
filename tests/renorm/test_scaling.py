"""Every exponent against slopes of the exact theory with a million modes."""

import numpy as np
import pytest
from power_laws import wide

from renorm.theory import scaling, scaling_fits
from renorm.theory.optimal import optimal_ridge
from renorm.theory.population import Population
from renorm.theory.random_features import random_feature_risk
from renorm.theory.ridge import renormalized_ridge, ridge_risk

ALPHAS_AND_SOURCES = [(1.5, 0.25), (1.5, 0.75), (1.5, 1.6), (2.0, 0.3), (2.0, 0.8), (3.0, 0.2), (3.0, 1.5)]
SLOPE = 0.05  # how far a slope over a decade may be from its exponent


def slope(x, y):
    return np.polyfit(np.log(x), np.log(y), 1)[0]


# ---- ridge regression -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", [1.3, 1.5, 2.0, 4.0])
def test_ridgeless_kappa(capacity):
    n = np.array([100, 1000])
    truncation = (n / 1e6) ** (capacity - 1) * capacity / (capacity - 1)
    exact = renormalized_ridge(wide(capacity, 0.5).eigenvalues, n, 0.0)
    np.testing.assert_array_less(np.abs(exact / scaling.ridgeless_kappa(n, capacity) - 1), 2e-4 + 1.1 * truncation)


def test_the_coarser_resolution_wins():
    """max(ridge, n^-alpha), not min: kappa is never below either and soon equals the larger."""
    s, ridge = wide(2.0, 0.5).eigenvalues, 1e-4
    n = scaling.ridge_crossover(ridge, 2.0) * np.array([0.1, 1, 30])
    kappa, alone = renormalized_ridge(s, n, ridge), scaling.ridgeless_kappa(n, 2.0)
    assert np.all(kappa > np.maximum(ridge, alone))
    golden = (1 + 5**0.5) / 2  # at the crossover x = kappa / ridge solves x - x^(1/2) = 1
    np.testing.assert_allclose(kappa, [alone[0], golden**2 * ridge, ridge], rtol=0.05)


def test_ridge_crossover_inverts_the_ridgeless_kappa():
    n = scaling.ridge_crossover([1e-6, 1e-3], [[1.5], [3.0]])
    np.testing.assert_allclose(scaling.ridgeless_kappa(n, [[1.5], [3.0]]), [[1e-6, 1e-3]] * 2, rtol=1e-12)


@pytest.mark.parametrize("capacity", [1.5, 2.0, 3.0])
def test_truncation_limit(capacity):
    d, tolerance = 10**6, 0.05
    n = scaling.truncation_limit(d, capacity, tolerance)
    exact = renormalized_ridge(wide(capacity, 0.5).eigenvalues, n, 0.0)
    shift = 1 - exact / scaling.ridgeless_kappa(n, capacity)
    assert shift == pytest.approx(tolerance, rel=0.15)
    assert scaling.truncation_limit(d, 50.0, 1.0) <= d


@pytest.mark.parametrize(("capacity", "source"), ALPHAS_AND_SOURCES)
def test_data_limited(capacity, source):
    n = np.geomspace(100, min(3000, scaling.truncation_limit(1e6, capacity, 0.04)), 9)
    exact = scaling_fits.learning_curve_slope(wide(capacity, source), n, 0.0)
    assert exact.mean() == pytest.approx(-scaling.data_exponent(capacity, source), abs=SLOPE)


@pytest.mark.parametrize("source", [0.25, 0.75, 1.6])
def test_ridge_limited(source):
    ridges = np.geomspace(1e-5, 1e-4, 9)
    excess = random_feature_risk(wide(2.0, source), np.inf, np.inf, ridges).excess
    assert slope(ridges, excess) == pytest.approx(scaling.ridge_exponent(source), abs=SLOPE)


@pytest.mark.parametrize("decay", [0.0, 0.5, 1.0, 1.4, 2.5, 4.0])
def test_bias_and_noise_along_a_falling_ridge(decay):
    capacity, n = 2.0, np.geomspace(3e3, 3e4, 9)
    ridge = (3.0 if decay < capacity else 0.1) * n**-decay
    for source in (0.3, 0.8, 1.6):
        risk = ridge_risk(wide(capacity, source), n, ridge)
        expected = -scaling.bias_exponent(capacity, source, decay)
        assert slope(n, risk.bias) == pytest.approx(expected, abs=SLOPE)
    noise = ridge_risk(Population(wide(capacity, 0.3).eigenvalues, np.zeros(10**6), 1.0), n, ridge)
    assert slope(n, noise.excess) == pytest.approx(-scaling.noise_exponent(capacity, decay), abs=SLOPE)


@pytest.mark.parametrize(("capacity", "source"), ALPHAS_AND_SOURCES[:5])
def test_without_ridge_is_an_infinite_decay(capacity, source):
    assert scaling.bias_exponent(capacity, source, np.inf) == scaling.data_exponent(capacity, source)
    assert scaling.noise_exponent(capacity, np.inf) == 0


@pytest.mark.parametrize("capacity", [1.5, 2.0, 3.0])
def test_noise_plateau(capacity):
    s = wide(capacity, 0.5).eigenvalues
    n = np.geomspace(100, min(3000, scaling.truncation_limit(1e6, capacity, 0.02)), 4)
    risk = ridge_risk(Population(s, np.zeros(s.size), 0.7), n, 0.0)
    np.testing.assert_allclose(risk.excess, 0.7 * scaling.noise_plateau(capacity), rtol=0.03)


@pytest.mark.parametrize("capacity", [1.1, 1.5, 2.0, 4.0])
def test_kappa_depends_on_n_and_ridge_through_one_number(capacity):
    """x = kappa n^alpha solves its equation, keeps its limits, and is that of a million modes at two n."""
    pull = np.array([0.0, 1e-8, 0.1, 1.0, 30.0, 1e8])
    x, power = scaling.crossover_kappa(pull, capacity), 1 - 1 / capacity
    constant = np.pi / capacity / np.sin(np.pi / capacity)
    np.testing.assert_allclose(x, constant * x**power + pull, rtol=1e-12)
    assert x[0] == pytest.approx(constant**capacity, rel=1e-12) and x[-1] == pytest.approx(1e8, rel=0.05)
    s = np.arange(1.0, 10**6 + 1) ** -capacity
    tail = (10**6 + 0.5) ** (1 - capacity) / (capacity - 1)
    for n in (300, 3000):
        kappa = renormalized_ridge(s, n, pull[1:5] * float(n) ** -capacity + tail / n)
        np.testing.assert_allclose(kappa * float(n) ** capacity, x[1:5], rtol=capacity / n)


def test_the_plateau_of_the_noise_is_lower_on_its_border():
    """ridge = pull n^-alpha: alpha - 1 at pull = 0, less and less above it, nothing where the ridge decides."""
    cost = scaling.noise_plateau(1.5, [0.0, 0.1, 1.0, 1e9])
    assert cost[0] == 0.5 and np.all(np.diff(cost) < 0) and cost[-1] < 1e-2
    np.testing.assert_allclose(scaling.noise_plateau([1.5, 2.0], 1.0), [0.3681, 0.6177], atol=5e-5)


@pytest.mark.parametrize(("capacity", "source"), [(1.5, 0.25), (1.5, 0.75), (2.0, 0.3), (2.0, 1.6)])
def test_optimal_ridge(capacity, source):
    population, n = wide(capacity, source, 1.0, d=10**5), np.geomspace(1e3, 1e5, 3)
    ridge = optimal_ridge(population, n)
    assert slope(n, ridge) == pytest.approx(-scaling.optimal_decay(capacity, source), abs=SLOPE)
    excess = ridge_risk(population, n, ridge).excess
    assert slope(n, excess) == pytest.approx(-scaling.optimal_exponent(capacity, source), abs=SLOPE)


@pytest.mark.parametrize(("capacity", "source"), ALPHAS_AND_SOURCES)
def test_optimal_decay_is_where_bias_and_noise_fall_alike(capacity, source):
    decay = scaling.optimal_decay(capacity, source)
    for rate in (scaling.bias_exponent(capacity, source, decay), scaling.noise_exponent(capacity, decay)):
        assert rate == pytest.approx(scaling.optimal_exponent(capacity, source), rel=1e-12)


@pytest.mark.parametrize("sign", [-1, 1])
def test_above_the_optimal_decay_noise_takes_over(sign):
    capacity, source = 2.0, 0.4
    decay = scaling.optimal_decay(capacity, source) + sign * 0.2
    n = np.array([1e2, 1e4])
    risk = ridge_risk(wide(capacity, source, noise_variance=0.05), n, n**-decay)
    ratio = 0.05 * risk.gamma / risk.bias
    assert np.log(ratio[1] / ratio[0]) * sign > 0.8  # exponents differ by 0.2 (1/alpha + 2r): 1.2 over two decades


# ---- random features ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("capacity", "source"), ALPHAS_AND_SOURCES)
def test_width_limited(capacity, source):
    width = np.geomspace(200, min(3000, scaling.truncation_limit(1e6, capacity, 0.03)), 9)
    risk = random_feature_risk(wide(capacity, source), np.inf, width, 0.0)
    assert slope(width, risk.excess) == pytest.approx(-scaling.width_exponent(capacity, source), abs=SLOPE)
    ensemble = -scaling.ensemble_width_exponent(capacity, source)
    assert slope(width, risk.ensemble(np.inf).excess) == pytest.approx(ensemble, abs=SLOPE)


@pytest.mark.parametrize(("capacity", "source"), ALPHAS_AND_SOURCES)
def test_feature_variance(capacity, source):
    n = np.geomspace(200, min(2000, scaling.truncation_limit(1e6, capacity, 0.03)), 9)
    variance = random_feature_risk(wide(capacity, source), n, [[1e6], [2e6]], 0.0).variance_features
    expected = -scaling.feature_variance_exponent(capacity, source)
    assert slope(n, variance[0]) == pytest.approx(expected, abs=SLOPE)
    np.testing.assert_allclose(variance[0] / variance[1], 2, rtol=0.01)


COMPUTE = [(1.5, 0.25), (2.0, 0.3), (1.5, 0.75), (2.0, 0.8), (1.5, 1.6), (1.3, 0.9), (3.0, 0.7)]


@pytest.mark.parametrize(("capacity", "source"), COMPUTE)
def test_compute_limited(capacity, source):
    """Best loss over samples, widths and ridges at given n * width, over the last decade and a half of compute."""
    n, width = np.geomspace(4, 10**4, 50), np.geomspace(4, 10**5, 60)
    ridges = np.append(0.0, 10.0 ** np.arange(-13, 0))
    loss = random_feature_risk(wide(capacity, source), n[:, None, None], width[:, None], ridges).excess.min(axis=-1)
    frontier = scaling_fits.compute_frontier(n[:, None], width, loss)
    late = (frontier.cost > 1e5) & (frontier.cost < 4e6)
    exponent = scaling_fits.fit_power_law(frontier.cost[late], frontier.loss[late])[0]
    assert exponent == pytest.approx(-scaling.compute_exponent(capacity, source), abs=SLOPE)


def test_compute_exponent_by_hand():
    """alpha r, then the larger of alpha / 2 and 2 alpha r' / (2 + alpha (2 r' - 1)); the best of all divisions."""
    for capacity in (1.2, 1.5, 1.9, 2.0, 2.5, 4.0):
        for source in (0.2, 0.5, 0.7, 1.0, 2.0):
            r = min(source, 1.0)
            beta = np.linspace(1, 8, 70001)
            bias, features = 2 * capacity * r, 2 * capacity * min(r, 0.5) - 1 + beta
            best = np.max(np.minimum(bias, features) / (1 + beta))
            assert scaling.compute_exponent(capacity, source) == pytest.approx(best, abs=1e-3)
            by_hand = capacity * r
            if r > 0.5:
                by_hand = max(capacity / 2, 2 * capacity * r / (2 + capacity * (2 * r - 1)))
            assert scaling.compute_exponent(capacity, source) == pytest.approx(by_hand, rel=1e-12)


# ---- bad input ------------------------------------------------------------------------------------------------------

FLAT = Population([1.0, 1.0], [1.0, 1.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scaling.data_exponent(1.0, 0.5), "capacity"),
        (lambda: scaling.data_exponent(1.5, 0.0), "source"),
        (lambda: scaling.width_exponent([1.5, np.nan], 0.5), "capacity"),
        (lambda: scaling.ridge_exponent(-1), "source"),
        (lambda: scaling.noise_exponent(1.5, -0.1), "decay"),
        (lambda: scaling.bias_exponent(1.5, 0.5, np.nan), "decay"),
        (lambda: scaling.ridgeless_kappa(0, 1.5), "n = 0"),
        (lambda: scaling.ridge_crossover(0.0, 1.5), "ridge"),
        (lambda: scaling.truncation_limit(100, 1.5, 2.0), "tolerance"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
