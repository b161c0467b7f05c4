"""What chapter 5 says: peaks, what they amplify, and by how much the theory of large sizes is off."""

import numpy as np
import pytest
import simulated
from matplotlib import rc_context
from matplotlib.figure import Figure

from liveplate.spec.look import LIVE_RC
from renorm.theory import optimal, random_features, ridge
from renorm.theory.isotropic import isotropic_optimal_excess
from renorm.theory.population import Population, power_law, spiked
from renorm_book.chapter05 import figures


@pytest.mark.slow
def test_bias_variance_and_a_peak_without_noise_at_the_strong_directions():
    simulated.check_unresolved(ridge)


@pytest.mark.slow
def test_random_features_with_a_ridge_beside_the_peak_and_on_it():
    simulated.check_features(random_features)


@pytest.mark.slow
def test_few_features_and_no_ridge_cost_the_theory_a_few_per_cent():
    """It is 2 to 5 per cent too low at 5 and 10 features, 3 to 20 where N = n to ten per cent and there is no ridge."""
    world, ridges, found = simulated.features()
    for (n, width), e in found.items():
        ratio = e.test[0] / random_features.random_feature_risk(world, n, width, 0.0).test
        if width <= 10:
            assert 1.02 < ratio < 1.05 and 6 * e.test_se[0] < 0.03 * e.test[0]
        elif 0 < abs(width - n) <= 10:
            assert 1.03 < ratio < 1.2


def test_the_counterexample():
    """Well specified, no noise: a peak at 50 samples, the training error zero on both sides, nothing at n = d."""
    task = spiked(1050, np.ones(50), bulk=2e-4, signal=1.25, alignment=0.8)
    risk = ridge.ridge_risk(task, [25, 50, 100, 1049, 1050, 1051], 0.0)
    np.testing.assert_allclose(risk.test[:3], [0.992, 2.129, 0.471], atol=5e-4)
    assert np.all(risk.train == 0) and np.all(risk.test[3:] < 3e-4)


@pytest.mark.parametrize("n", [20, 40, 80, 399, 401])
@pytest.mark.parametrize("penalty", [0.0, 1e-3])
def test_what_is_amplified_and_by_how_much(n, penalty):
    task = spiked(400, np.ones(40), bulk=1e-4, signal=1.25, alignment=0.8, noise_variance=0.02)
    risk, s = ridge.ridge_risk(task, n, penalty), task.eigenvalues
    bare = penalty / risk.kappa if risk.kappa > 0 else max(1 - task.rank / n, 0)
    left = bare + np.sum(s * risk.kappa / (s + risk.kappa) ** 2) / n
    np.testing.assert_allclose([1 - risk.gamma, risk.test], [left, (risk.bias + 0.02) / left], rtol=1e-9)


def test_inputs_that_are_kept_from_the_learner_are_noise():
    """Least squares on the strong inputs of Gaussian data: the same errors as with the weak part as label noise."""
    rng, n, strong, weak = np.random.default_rng(0), 30, 10, 200
    w = np.r_[np.full(strong, strong**-0.5), np.full(weak, 0.5 * weak**-0.5)]
    errors = []
    for _ in range(4000):
        X = rng.standard_normal((n, strong + weak))
        fit = np.linalg.lstsq(X[:, :strong], X @ w, rcond=None)[0]
        errors.append(np.sum((fit - w[:strong]) ** 2))
    exact, se = 0.25 * strong / (n - strong - 1), np.std(errors) / np.sqrt(4000)
    assert abs(np.mean(errors) - exact) < 4 * se and 6 * se < 0.06 * exact


def test_where_the_spectrum_has_no_gap_there_is_no_peak():
    n = np.arange(2, 300)
    for capacity in (1.2, 2.0):
        risk = ridge.ridge_risk(power_law(20_000, capacity, 0.5), n, 0.0)
        assert np.all(np.diff(risk.test) < 0) and risk.susceptibility.max() < 1.2 * capacity


@pytest.mark.parametrize("weak, number", [(1e-5, 360), (1e-4, 360), (1e-4, 3600)])
def test_at_a_gap_the_weak_directions_count_all_together(weak, number):
    """1 / (1 - gamma) is half the root of n over their total variance, and a half more; a wide gap alone is no peak."""
    n, total = 40, weak * number
    risk = ridge.ridge_risk(Population(np.r_[np.ones(n), np.full(number, weak)], np.zeros(n + number)), n, 0.0)
    assert risk.kappa == pytest.approx(
        np.sqrt(total / n), rel=risk.kappa
    )  # kappa (kappa + weak) = (1 + kappa) total / n
    assert risk.susceptibility == pytest.approx(np.sqrt(n / total) / 2 + 0.5, abs=0.1)


def test_a_wide_gap_alone_is_no_peak():
    world = spiked(400_040, np.ones(40), bulk=1e-4, signal=1.25, alignment=0.8, noise_variance=0.02)
    risk = ridge.ridge_risk(world, [20, 30, 40, 50, 80], 0.0)
    assert np.all(np.diff(risk.test) < 0) and risk.susceptibility.max() < 1.5


def test_on_a_steep_slope_noise_is_amplified_without_gap_and_peak():
    """Variances e^(-k / 10): n / 10 times, ever more."""
    n = np.arange(50, 250, 10)
    risk = ridge.ridge_risk(Population(np.exp(-np.arange(1, 401) / 10), np.zeros(400), 1.0), n, 0.0)
    np.testing.assert_allclose(risk.test, n / 10, rtol=0.01)
    assert np.all(np.diff(risk.test) > 0)


def test_the_best_ridge_helps_with_n_and_not_with_d():
    best = isotropic_optimal_excess(np.array([0.25, 0.5, 1, 2, 4]), 1.0, 0.25)
    np.testing.assert_allclose(best, [0.075, 0.175, 0.390, 0.640, 0.809], atol=6e-4)
    tasks = [Population(np.arange(1.0, d + 1) ** -1.5, np.full(d, (0.9 / d) ** 0.5), 0.3) for d in (20, 40)]
    for task in tasks:
        n = np.array([5, 10, 20, 40, 80])
        assert np.all(np.diff(ridge.ridge_risk(task, n, optimal.optimal_ridge(task, n)).excess) < 0)


def test_the_legend_of_one_learner_leaves_the_line_at_n_equals_d_free():
    ones = np.ones(100)
    with rc_context(LIVE_RC):
        figure = Figure(figsize=(4.6, 3.4), layout="constrained")
        ax = figure.subplots()
        figures.stream(ax, ones, ones, 50, 100)
        figure.draw_without_rendering()
    legend, (place, top) = ax.get_legend().get_window_extent(), ax.transData.transform((50, 300))
    assert not (legend.x0 < place < legend.x1 and legend.y0 < top)
    (said,) = [text.get_window_extent() for text in ax.texts if text.get_text() == "$n = d$"]
    assert not said.overlaps(legend)
