"""renorm.forecast: noise that stays, worlds whose curve is known, what is refused, what is said, and its cost."""

import sys
import time
from dataclasses import FrozenInstanceError
from unittest.mock import MagicMock

import numpy as np
import pytest

from renorm import forecast, power_law, ridge_risk
from renorm.experiments import forecasting
from renorm.experiments.sampling import sample
from renorm.theory.kernels import linear_kernel

RNG = np.random.default_rng(0)
X = RNG.standard_normal((90, 6))
Y = X[:, 0] + 0.5 * RNG.standard_normal(90)


@pytest.mark.parametrize("kernel", ["linear", "gaussian", "laplace"])
@pytest.mark.parametrize("ridge", ["best", 0.1])
def test_a_forecast_falls_lies_in_its_interval_and_can_be_drawn(kernel, ridge):
    found = forecast(X, Y, kernel=kernel, ridge=ridge)
    assert not found.reason and np.all(found.low < found.error) and np.all(found.error < found.high)
    assert found.sizes.tolist() == [90, 135, 180, 270, 360, 540, 720] and found.error[-1] < found.error[0]
    assert np.all(np.diff(np.log(found.high / found.low)) > 0), "the farther, the less certain"
    assert found.measured[-1] == found.leave_one_out < found.baseline and 1 < found.degrees_of_freedom < 90
    ax = MagicMock()
    found.plot(ax)
    assert ax.fill_between.call_count == 1 and ax.plot.call_count == 2 + len(found.contenders)
    with pytest.raises(FrozenInstanceError):
        found.kappa = 1.0


def test_the_mean_forecast_of_a_known_world():
    """Ridge regression on a power law: 30 samples, forecasts at 4 n against theory's best penalty, within 3 %."""
    world, n, rng = power_law(150, 1.3, 0.5, noise_variance=0.3), 100, np.random.default_rng(1)
    logs = []
    for seed in range(30):
        data = sample(world, n, rng)
        logs.append(np.log(forecast(*data, kernel="linear", scale="none", sizes=[4 * n], seed=seed).error[0]))
    best = ridge_risk(world, 4 * n, np.geomspace(1e-4, 1, 60)).test.min()
    mean, se = np.mean(logs) - np.log(best), np.std(logs, ddof=1) / np.sqrt(30)
    assert se < 0.03 and abs(mean) < 0.03 + 2 * se


def test_a_gram_matrix_is_the_same_as_its_columns():
    table = forecast(X, Y, kernel="linear", scale="none", seed=3)
    gram = forecast(linear_kernel(X), Y, kernel="gram", seed=3)
    for name in ("ridge", "kappa", "gamma", "leave_one_out", "error", "high"):
        np.testing.assert_allclose(getattr(gram, name), getattr(table, name), rtol=1e-6)


def test_offsets_and_units_do_not_matter():
    one, other = forecast(X, Y), forecast(1000 * X + 7, Y - 40)
    np.testing.assert_allclose(one.error, other.error, rtol=1e-5)
    assert one.leave_one_out == pytest.approx(other.leave_one_out, rel=1e-6)
    np.testing.assert_allclose(forecast(X, 10 * Y).error, 100 * one.error, rtol=1e-6)


def test_the_same_seed_gives_the_same_forecast():
    np.testing.assert_array_equal(forecast(X, Y, seed=1).error, forecast(X, Y, seed=1).error)


def test_no_forecast_for_tosses_of_a_coin():
    found = forecast(X, RNG.choice([-1.0, 1.0], 90))
    assert "has not begun to fall" in found.reason and np.isnan(found.error).all() and "no forecast" in repr(found)


def test_no_forecast_for_a_curve_that_rises():
    """Least squares with as many columns as rows: chapter 5's peak lies ahead of the smaller parts."""
    wide = RNG.standard_normal((100, 95))
    found = forecast(wide, wide[:, 0] * 3 + RNG.standard_normal(100), kernel="linear", ridge=0.0)
    assert found.reason and np.isnan(found.high).all()
    ax = MagicMock()
    found.plot(ax)
    assert ax.fill_between.call_count == 0


def test_what_was_done_is_said():
    table = np.column_stack([X, np.ones(90)])
    said = " ".join(forecast(table, Y).assumed)
    for words in ("independent draws", "no penalty", "standard deviations", "constant columns were left out: 6"):
        assert words in said
    assert "bandwidth" not in " ".join(forecast(X, Y, kernel="linear").assumed)


def test_of_a_large_table_some_rows_are_used(monkeypatch):
    monkeypatch.setattr(forecasting, "WORK", 60)
    found = forecast(X, Y)
    assert (found.rows, found.used) == (90, 60) and "60 of the 90 rows were used" in " ".join(found.assumed)
    assert found.sizes.max() <= 8 * 60 and found.sizes.min() == 90
    assert forecast(X, Y, kernel="linear").used == 90, "few columns are cheap"


REFUSED = {
    "kernel": (dict(kernel="rbf"), "kernel = 'rbf': must be one of 'linear', 'gaussian', 'laplace', 'gram'"),
    "scale": (dict(scale="rows"), "scale = 'rows'"),
    "ridge": (dict(ridge=-1.0), "ridge = -1.0: must be zero or larger"),
    "ridge words": (dict(ridge="good"), "ridge = 'good'"),
    "ridges": (dict(ridge=[0.1, 1.0]), "ridge has shape"),
    "bandwidth": (dict(bandwidth=0.0), "bandwidth = 0.0: must be positive"),
    "too far": (dict(sizes=[900]), "sizes = .*: must lie between 90, the rows used, and 720"),
    "too few": (dict(sizes=[20]), "sizes = .*: must lie between 90"),
    "seed": (dict(seed="x"), "seed = 'x'"),
    "not square": (dict(kernel="gram"), r"X has shape \(90, 6\): a Gram matrix is square"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_settings_are_named(name):
    settings, words = REFUSED[name]
    with pytest.raises(ValueError, match=words):
        forecast(X, Y, **settings)


def test_equal_pairs_leave_no_bandwidth():
    table = np.zeros((90, 2))
    table[:20] = RNG.standard_normal((20, 2))
    with pytest.raises(ValueError, match="median distance is 0: give a bandwidth"):
        forecast(table, Y)
    assert forecast(table, Y, bandwidth=1.0).kernel == "gaussian"


def test_pandas_is_not_imported():
    forecast(X, Y, kernel="linear")
    assert "pandas" not in sys.modules


def test_a_table_of_5000_by_500_takes_seconds():
    """Processor time on one core, so that a busy machine doesn't matter; ten seconds are promised."""
    rng = np.random.default_rng(2)
    wide = rng.standard_normal((5000, 500)) * np.arange(1, 501) ** -0.5
    started = time.process_time()
    found = forecast(wide, wide[:, 0] + rng.standard_normal(5000), kernel="linear")
    assert time.process_time() - started < 10 and found.used == 5000
