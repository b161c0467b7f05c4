"""A sample's own curve: its parts, its penalties, and what contenders say at once."""

import numpy as np
import pytest

from renorm import gaussian_kernel, leave_one_out
from renorm.experiments.measured_curve import PARTS, contenders, measure_curve
from renorm.theory.one_sample import from_columns, from_gram

RNG = np.random.default_rng(0)
X = RNG.standard_normal((120, 10))
Y = X[:, 0] + 0.7 * RNG.standard_normal(120)
K = gaussian_kernel(X, bandwidth=3.0)


def linear(rows):
    return from_columns(X[rows], Y[rows])


def test_sizes_draws_and_the_whole_sample():
    seen = []

    def part(rows):
        assert len(np.unique(rows)) == len(rows)
        seen.append(len(rows))
        return linear(rows)

    curve = measure_curve(part, 120, None, np.random.default_rng(1))
    assert curve.sizes.tolist() == [round(120 * share) for share in PARTS if round(120 * share) >= 12] + [120]
    assert seen.count(120) == 1 and seen.count(60) == 6 and seen.count(15) == 16
    np.testing.assert_allclose(curve.errors[-1], linear(np.arange(120)).leave_one_out(curve.ridges))


def test_the_best_penalty_is_chosen_at_every_size_and_a_given_one_stays():
    best = measure_curve(linear, 120, None, np.random.default_rng(1))
    assert np.array_equal(best.chosen, best.errors.argmin(axis=1))
    given = measure_curve(linear, 120, 0.05, np.random.default_rng(1))
    assert np.all(given.ridges[given.chosen] == 0.05) and np.all(np.diff(given.ridges) > 0)
    assert np.all(given.curve[0] >= given.errors.min(axis=1))
    zero = measure_curve(linear, 120, 0.0, np.random.default_rng(1))
    assert zero.ridges[zero.chosen[0]] == 0.0


def test_without_an_intercept_to_learn_it_is_plain_leave_one_out():
    """For targets and kernel that are centred already, up to the one sample that the intercept costs."""
    curve = measure_curve(lambda r: from_gram(K[np.ix_(r, r)], Y[r]), 120, 0.1, np.random.default_rng(1))
    plain = np.mean(leave_one_out(K, Y, 0.1) ** 2)
    assert curve.curve[0][-1] == pytest.approx(plain, rel=0.05)


def test_contenders_start_from_today_and_more_noise_is_never_unlearned():
    curve = measure_curve(linear, 120, None, np.random.default_rng(1))
    found = contenders(curve, [120, 240, 960])
    for name, errors in found.items():
        assert errors[0] == pytest.approx(curve.curve[0][-1], rel=1e-9), name
        assert np.all(np.diff(errors[np.isfinite(errors)]) <= 1e-12), name
    assert found["carried"][-1] > 0.9 * 0.49 * 0.8


def test_carrying_says_nothing_where_it_cannot_reach():
    clean = np.sin(X[:, 0])
    curve = measure_curve(lambda r: from_gram(K[np.ix_(r, r)], clean[r]), 120, None, np.random.default_rng(2))
    assert np.isnan(contenders(curve, [960])["carried"]).all()
    given = measure_curve(lambda r: from_gram(K[np.ix_(r, r)], clean[r]), 120, 0.0, np.random.default_rng(2))
    assert np.isnan(contenders(given, [960])["carried"]).all()
