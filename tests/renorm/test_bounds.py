"""Bounds: against brute force over all coin flips and all separating directions, Monte Carlo, and refitted ridge."""

import itertools
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, linprog
from scipy.stats import norm as norm_distribution

from renorm.theory import bounds
from renorm.theory.kernels import gaussian_kernel
from renorm_book.chapter02.figures import left_out_change

rng = np.random.default_rng(0)


def all_coins(n):
    return np.array(list(itertools.product([-1.0, 1.0], repeat=n))).T


def test_span_fit_is_the_best_of_many_functions():
    X, signs = rng.standard_normal((9, 3)), all_coins(9)[:, ::37]
    best = bounds.span_fit(X, signs)
    h = X @ rng.standard_normal((3, 20000))
    h /= np.sqrt(np.mean(h**2, axis=0))
    reached = (signs.T @ h / 9).max(axis=1)
    assert np.all(reached <= best + 1e-12) and np.all(reached > 0.98 * best)


@pytest.mark.parametrize("n, d", [(8, 2), (8, 5), (8, 8), (8, 20)])
def test_mean_square_of_the_span_fit_is_the_rank(n, d):
    X = rng.standard_normal((n, d))
    fits = bounds.span_fit(X, all_coins(n))  # all 2^n coin flips: the expectation itself
    np.testing.assert_allclose(np.mean(fits**2), min(n, d) / n, rtol=1e-12)
    assert fits.mean() <= bounds.span_complexity(n, d) + 1e-12


def test_span_fit_of_repeated_columns_counts_the_rank():
    x = rng.standard_normal((8, 2))
    fits = bounds.span_fit(np.hstack([x, x, x]), all_coins(8))
    np.testing.assert_allclose(np.mean(fits**2), 2 / 8, rtol=1e-12)


def test_ball_fit_is_attained_and_bounded():
    X, norm = rng.standard_normal((9, 4)), 1.7
    signs = all_coins(9)
    fits = bounds.ball_fit(X, signs, norm)
    w = X.T @ signs
    w *= norm / np.linalg.norm(w, axis=0)
    np.testing.assert_allclose(fits, np.sum(signs * (X @ w), axis=0) / 9, rtol=1e-12)
    radius = np.sqrt(np.mean(np.sum(X**2, axis=1)))
    np.testing.assert_allclose(np.mean(fits**2), bounds.ball_complexity(9, norm, radius) ** 2, rtol=1e-12)
    assert fits.mean() <= bounds.ball_complexity(9, norm, radius)


def separable(X, y):
    return linprog(np.zeros(X.shape[1]), -(y[:, None] * X), -np.ones(len(y)), bounds=(None, None)).status == 0


@pytest.mark.parametrize("n, d", [(4, 2), (5, 3), (6, 1), (6, 4)])
def test_cover_counts_the_separable_labellings(n, d):
    X = rng.standard_normal((n, d))
    counted = np.mean([separable(X, y) for y in all_coins(n).T])
    assert counted == bounds.separable_fraction(n, d)


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60))
def test_cover_obeys_its_recursion_and_limits(n, d):
    f = bounds.separable_fraction
    assert f(n, n) == f(n, n + d) == 1 and f(2 * d, d) == 0.5
    assert f(n, d) == sum(comb(n - 1, k) for k in range(d)) / 2 ** (n - 1)
    if d > 1:
        assert f(n + 1, d) == pytest.approx((f(n, d) + f(n, d - 1)) / 2, rel=1e-12)


def kernel_ridge(K, y, penalty):
    return np.linalg.solve(K + penalty * np.eye(len(K)), y)


def test_left_out_change_equals_refitting():
    X, ridge = rng.standard_normal((15, 3)), 0.02
    K, y = gaussian_kernel(X, bandwidth=1.5), rng.standard_normal((15, 2))
    change = left_out_change(K, y, ridge)
    for i in range(15):
        kept = np.arange(15) != i
        full = K[i] @ kernel_ridge(K, y, 15 * ridge)
        without = K[i, kept] @ kernel_ridge(K[np.ix_(kept, kept)], y[kept], 15 * ridge)
        np.testing.assert_allclose(change[i], full - without, rtol=1e-9)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(2, 20), st.floats(1e-3, 10), st.integers(0, 10**6))
def test_no_left_out_change_exceeds_the_uniform_bound(n, ridge, seed):
    draw = np.random.default_rng(seed)
    X, y = draw.standard_normal((n, 3)), draw.uniform(-1, 1, n)
    K = gaussian_kernel(X)
    assert np.abs(left_out_change(K, y, ridge)).max() <= bounds.ridge_stability(n, ridge)


def test_uniform_bound_is_nearly_reached_by_one_sample():
    ridge = 100.0  # n = 1, k(x, x) = 1: the change is y / (1 + λ), the bound (1 + λ^-1/2) / λ
    change = left_out_change(np.ones((1, 1)), np.ones(1), ridge)[0]
    assert change == pytest.approx(1 / (1 + ridge), rel=1e-12)
    assert 1 < bounds.ridge_stability(1, ridge) / change < 1.12


def test_stability_scales_as_its_formula():
    b = bounds.ridge_stability
    assert b(200, 0.1) == pytest.approx(b(100, 0.1) / 2)
    assert b(100, 0.25, radius=1, label_bound=3) == pytest.approx(3 / 25 * 3)
    assert b(100, 0.25, radius=2) == pytest.approx(4 / 25 * 5)


def test_margin_bound_adds_up():
    n, failure = 400, 0.05
    k = 3
    norm = 1.05**k  # on the grid: nothing is rounded
    expected = 0.1 + 2 * norm / 20 + np.sqrt(np.log(k * (k + 1) / failure) / (2 * n))
    assert bounds.margin_bound(0.1, norm, n) == pytest.approx(expected, rel=1e-12)
    assert bounds.margin_bound(0.1, norm * 1.0001, n) > bounds.margin_bound(0.1, norm, n)
    assert bounds.margin_bound(0.1, 0.2, n) == bounds.margin_bound(0.1, 1.05, n)


def test_margin_bound_holds_on_fresh_data():
    """The bound may fail in one sample of twenty; here it is so far from tight that it never does."""
    for seed in range(20):
        draw = np.random.default_rng(seed)
        w = draw.standard_normal(50)
        X = draw.standard_normal((600, 50))
        X /= np.linalg.norm(X, axis=1, keepdims=True)
        y = np.sign(X @ w)
        fit = X[:300].T @ np.linalg.solve(X[:300] @ X[:300].T + 3 * np.eye(300), y[:300])
        ramp = np.clip(1 - y[:300] * (X[:300] @ fit), 0, 1).mean()
        assert np.mean(y[300:] * (X[300:] @ fit) <= 0) <= bounds.margin_bound(ramp, np.linalg.norm(fit), 300)


def kl(p, q):
    return sum(a * np.log(a / b) for a, b in ((p, q), (1 - p, 1 - q)) if a > 0)


@pytest.mark.parametrize("seed, n", [(0, 50), (1, 400), (2, 3000)])
def test_pac_bayes_bound_by_root_finding(seed, n):
    """Every scale by itself: the mean error by scipy's normal distribution, the inverse of kl by Brent's method."""
    margins = np.random.default_rng(seed).uniform(-0.2, 1, n)
    found = []
    for mu in np.sqrt(2.0) ** np.arange(13):
        error = np.mean(norm_distribution.cdf(-mu * margins))
        budget = (mu**2 / 2 + np.log(2 * np.sqrt(n) / 0.05)) / n
        if kl(error, 1 - 1e-12) <= budget:
            found.append(2.0)
            continue
        found.append(2 * brentq(lambda q, p=error, c=budget: kl(p, q) - c, error, 1 - 1e-12))
    assert bounds.pac_bayes_bound(margins) == pytest.approx(min(found), rel=1e-6)


def test_pac_bayes_bound_of_many_columns_is_that_of_each():
    margins = np.random.default_rng(0).uniform(-1, 1, (40, 2, 3))
    together = bounds.pac_bayes_bound(margins, failure=0.1)
    assert together.shape == (2, 3)
    assert together[1, 2] == pytest.approx(bounds.pac_bayes_bound(margins[:, 1, 2], failure=0.1), rel=1e-12)
    # nothing is learned from margins of zero: one half and the price of looking, twice
    price = (0.5 + np.log(2e3 / 0.05)) / 1e6  # kl(1/2, 1/2 + x) = 2 x² + O(x⁴)
    assert bounds.pac_bayes_bound(np.zeros(10**6)) == pytest.approx(1 + np.sqrt(2 * price), abs=1e-6)


def test_half_of_the_posterior_errs_where_the_classifier_errs():
    """The 2 in the bound: weights N(μ w/|w|, 1) misclassify a point with y w·x <= 0 with probability 1/2 at least."""
    draw = np.random.default_rng(4)
    w, x = draw.standard_normal(6), draw.standard_normal(6)
    x *= -np.sign(w @ x)
    shifted = 3 * w / np.linalg.norm(w) + draw.standard_normal((20000, 6))
    margin = w @ x / np.linalg.norm(w) / np.linalg.norm(x)
    share = np.mean(shifted @ x <= 0)
    assert share > 0.5
    assert share == pytest.approx(norm_distribution.cdf(-3 * margin), abs=4 * np.sqrt(0.25 / 20000))


def worst_perfect_fit(X, y, w, variances, noise, radius):
    """The largest test error of a perfect fit of norm ``radius``: a quadratic form over a sphere, by its multiplier."""
    shortest = X.T @ np.linalg.solve(X @ X.T, y)
    free = np.linalg.svd(X)[2][len(X) :].T
    values, vectors = np.linalg.eigh((free.T * variances) @ free)
    linear = vectors.T @ (free.T @ (variances * (shortest - w)))
    slack = radius**2 - shortest @ shortest
    low, high = values[-1], values[-1] + np.linalg.norm(linear) / np.sqrt(slack) + 1
    for _ in range(200):
        multiplier = (low + high) / 2
        too_long = np.sum((linear / (multiplier - values)) ** 2) > slack
        low, high = (multiplier, high) if too_long else (low, multiplier)
    v = linear / (high - values)
    return noise + variances @ (shortest - w) ** 2 + values @ v**2 + 2 * linear @ v


@pytest.mark.parametrize("strong", [0, 4])
def test_interpolation_bound_holds_for_the_worst_perfect_fit(strong):
    """In each of 20 samples (it may fail in one of twenty), of all fits up to 1.2 times the shortest norm."""
    n, d, noise = 120, 500, 0.2
    variances = np.full(d, 1.0 if strong == 0 else 1 / (d - strong))
    variances[:strong] = 1
    w = np.full(d, 0.9 / np.sqrt(d)) if strong == 0 else np.append(np.full(strong, 0.45), np.zeros(d - strong))
    tail, ratios = variances[strong:], []
    for seed in range(20):
        draw = np.random.default_rng(seed)
        X = draw.standard_normal((n, d)) * np.sqrt(variances)
        y = X @ w + np.sqrt(noise) * draw.standard_normal(n)
        radius = 1.2 * np.sqrt(y @ np.linalg.solve(X @ X.T, y))
        worst = worst_perfect_fit(X, y, w, variances, noise, radius)
        bound = bounds.interpolation_bound(radius, n, tail.sum(), tail.max(), strong, tail @ w[strong:] ** 2)
        assert worst <= bound
        ratios.append(worst / (radius**2 * tail.sum() / n))
    correction = (1 - np.sqrt((strong + 2) / n)) ** -2  # of the main term, for √n - √(k+2) in the place of √n
    assert 0.8 < np.mean(ratios) < correction  # it is sharp, also for the worst fit


def test_interpolation_bound_by_hand_and_in_its_limit():
    m, failure = -7, 0.05  # norms below 1 too are on the grid
    t = np.sqrt(2 * np.log(6 / (2 / 3 * failure / (8 * 9))))
    by_hand = ((1.05**m * (np.sqrt(3.0) + t * np.sqrt(0.1)) + t * np.sqrt(0.4)) / (np.sqrt(900) - np.sqrt(7) - t)) ** 2
    assert bounds.interpolation_bound(1.05**m, 900, 3.0, 0.1, 5, 0.4) == pytest.approx(by_hand, rel=1e-12)
    assert bounds.interpolation_bound(1.05**40, 10**9, 2.0, 1e-9, 10) == pytest.approx(1.05**80 * 2 / 1e9, rel=2e-3)
    assert bounds.interpolation_bound(1.0, 20, 1.0, 0.1) == np.inf
    grid = np.arange(-2000, 2001)
    spent = 2 / 3 / ((np.abs(grid) + 1) * (np.abs(grid) + 2))
    assert spent.sum() == pytest.approx(1, abs=1e-3)  # the grid spends δ and no more


@pytest.mark.parametrize(
    "call",
    [
        lambda: bounds.span_fit(np.ones((2, 1)), [[1], [2]]),
        lambda: bounds.span_fit(np.ones((2, 1)), [[1], [1], [1]]),
        lambda: bounds.ball_fit(np.ones((2, 1)), [[1], [1]], 0),
        lambda: bounds.ball_complexity(0, 1),
        lambda: bounds.margin_bound(1.5, 1, 10),
        lambda: bounds.margin_bound(0.5, 1, 10, grid=1),
        lambda: bounds.ridge_stability(10, 0),
        lambda: bounds.pac_bayes_bound([0.5] * 7),
        lambda: bounds.pac_bayes_bound([1.5] * 10),
        lambda: bounds.interpolation_bound(1, 100, 0, 1),
        lambda: bounds.interpolation_bound(1, 100, 1, 1, grid=1),
        lambda: bounds.separable_fraction(0, 1),
        lambda: bounds.separable_fraction(10**6, 5 * 10**5),
        lambda: bounds.separable_fraction(1e300, 1),
    ],
)
def test_bad_input(call):
    with pytest.raises(ValueError):
        call()
