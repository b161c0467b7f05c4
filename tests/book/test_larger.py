"""Chapter 5's needles and its three reasons: what is kept can be made again, and a wrong theory would not pass."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from renorm import random_feature_risk
from renorm_book.chapter05 import larger, size, spikes
from tools.assets.descent import mean_and_error

plt.switch_backend("agg")


@pytest.mark.parametrize("N, ridge", [(4, 0.0), (20, 0.01), (200, 0.0)])
def test_the_two_parts_add_up_to_the_error_of_the_curve(N, ridge):
    """The squared distance between fit and truth, integrated over x, by the midpoint rule (exact for cosines)."""
    x, y = spikes.points(0.5)
    c = spikes.fit(x, y, N, ridge)
    middle = (np.arange(4000) + 0.5) / 4000
    off = spikes.cosines(middle, N) @ c - spikes.cosines(middle, 4) @ spikes.TRUE
    assert np.mean(off**2) == pytest.approx(spikes.parts(c).sum(), rel=1e-9)
    smooth = spikes.cosines(middle, min(N, 6)) @ c[:6] - spikes.cosines(middle, 4) @ spikes.TRUE
    assert np.mean(smooth**2) == pytest.approx(spikes.parts(c)[0], rel=1e-9)


def test_wide_fits_pass_through_every_point_and_needles_are_as_large_as_is_said():
    x, y = spikes.points(0.5)
    for N in (20, 60, 2000):
        np.testing.assert_allclose(spikes.cosines(x, N) @ spikes.fit(x, y, N, 0.0), y, atol=1e-7)
    needles = np.array([spikes.parts(spikes.fit(*spikes.points(0.5, seed), 500, 0.0))[1] for seed in range(100)])
    mean, error = mean_and_error(list(needles))
    assert error < 0.05 * mean
    assert abs(mean - 0.25 * 14 / 500) < 4 * error  # σ² (n - 6) / N; with n for n - 6 it would be 40 % more
    assert 0.25 * 20 / 500 - mean > 4 * error


def test_the_kept_toy_is_what_simulation_gives():
    for width in (20, 500):
        draws = [size.one_draw(rng, width) for rng in np.random.default_rng(width).spawn(size.DRAWS)]
        np.testing.assert_allclose(mean_and_error(draws), size.kept()["toy"][size.WIDTHS.index(width)], rtol=1e-3)


def test_the_kept_digits_are_what_simulation_gives():
    widths = size.DIGIT_WIDTHS[:4]
    draws = [size.digits(rng, widths) for rng in np.random.default_rng(0).spawn(size.DIGIT_DRAWS)]
    found = mean_and_error([one[..., [0, size.DIGIT_FIXED]] for one in draws])
    np.testing.assert_allclose(found, size.kept()["digits"][:4, :, :2], rtol=1e-3)


def toy_deviations(factor=1.0):
    """Measured minus factor times theory, in standard errors: what the signal and what noise of variance one adds."""
    off = []
    for i, N in enumerate(size.WIDTHS):
        for j in range(5):
            noise = size.NOISES[max(j - 2, 0)]
            ridge = (0.0, size.FIXED, *(size.best_ridge(size.WIDTHS, level)[i] for level in size.NOISES))[j]
            if N < 20 or (j == 0 and abs(np.log(N / size.SAMPLES)) < 0.5):
                continue
            risk = random_feature_risk(size.toy(noise), size.SAMPLES, N, ridge)
            for value, (mean, error) in zip(
                (risk.excess - risk.variance_noise, risk.variance_noise / noise),
                size.kept()["toy"][i, j, 1:],
                strict=True,
            ):
                off.append((mean - factor * value) / error)
    return np.array(off)


def test_the_toy_lies_on_the_theory_and_four_per_cent_off_would_not_pass():
    """One standard error is 1 to 3 %, and the theory's own corrections are a per cent or so."""
    right = toy_deviations()
    assert len(right) > 100 and np.mean(right**2) < 2.5 and np.abs(right).max() < 5
    assert min(np.mean(toy_deviations(factor) ** 2) for factor in (0.96, 1.04)) > 2.5


def test_the_misfit_is_what_the_features_cannot_express():
    """To four per cent, what the theory lacks at 40 features and more, and four standard errors."""
    for i, N in enumerate(size.WIDTHS):
        theory = random_feature_risk(size.toy(0.0), np.inf, N, 0.0).excess
        mean, error = size.kept()["toy"][i, 0, 0]
        assert abs(mean - theory) < 4 * error + (0.04 if N >= 40 else 0.06) * theory + 1e-12


def test_three_reasons_and_where_they_end():
    widths = np.array(size.WIDTHS)
    misfit = size.kept()["toy"][:, 0, 0, 0]
    assert np.all(np.diff(misfit[widths <= 500]) < 0) and np.all(misfit[widths >= 400] == 0)
    noise = random_feature_risk(size.toy(0.1), size.SAMPLES, widths, 0.0).variance_noise
    assert np.all(np.diff(noise[widths > 100]) < 0) and np.all(np.diff(noise[widths < 100]) > 0)
    for level in size.NOISES:
        best = random_feature_risk(size.toy(level), size.SAMPLES, widths, size.best_ridge(size.WIDTHS, level)).test
        assert np.all(np.diff(best) < 0)
    steps = size.kept()["steps"]
    assert np.all(steps[..., 0] < 0) and np.mean(steps[..., 0] / steps[..., 1] < -4) > 0.7
    turned = size.kept()["digits"][:, 2, 0]  # a quarter turned, no ridge: forty features against six thousand
    (small, small_se), (large, large_se) = turned[size.DIGIT_WIDTHS.index(40)], turned[-1]
    assert large - small > 2.5 * np.hypot(small_se, large_se)


@pytest.mark.parametrize("penalty, level", [(0, 1), (2, 2)])
def test_the_figure_says_what_it_draws(penalty, level):
    figure, axes = plt.subplots(1, 2)
    found = larger.larger(axes, 2000, penalty, level)
    plt.close(figure)
    table = larger.measured(penalty, level)["test"][-1]
    assert abs(found["test"] - table[0]) < 4 * table[1]
    assert f"{found['test']:.2g}" in larger.said(2000, penalty, level, **found)
    assert "no bound" in larger.said(100, 0, 1, np.inf, np.inf, 0.03)
