"""Integrating out modes, the head and tail of the renormalized ridge, and Dyson's iteration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.theory.population import Population, power_law
from renorm.theory.renormalization import (
    dyson_iteration,
    dyson_rate,
    head_tail_split,
    integrate_out,
    running_couplings,
    sharp_cut_ridge,
    wilsonian_ridge,
)
from renorm.theory.ridge import renormalized_ridge, ridge_risk

SPECTRA = st.lists(st.floats(1e-4, 10.0), min_size=1, max_size=30)
RIDGES = st.floats(1e-6, 10.0)
SAMPLES = st.integers(1, 40)
steady = settings(derandomize=True, deadline=None, max_examples=150)


def brute_kappa(s, n, ridge):
    """The fixed point by bisection of the identity n (kappa - ridge) = sum kappa s / (s + kappa)."""
    low, high = ridge, ridge + np.sum(s) / n
    for _ in range(200):
        kappa = (low + high) / 2
        if n * (kappa - ridge) < np.sum(kappa * s / (s + kappa)):
            low = kappa
        else:
            high = kappa
    return (low + high) / 2


# The shell test: a power law of 2,000 modes at 100 samples, cut ever closer to the resolution scale.
TABLE = {  # modes kept: kappa of the head theory, excess of the head theory plus the signal that was dropped
    2000: (0.00891, 0.0296),
    1000: (0.00892, 0.0295),
    500: (0.00895, 0.0291),
    200: (0.00910, 0.0277),
    100: (0.00943, 0.0252),
    50: (0.01016, 0.0221),
}


@pytest.mark.parametrize("keep", TABLE)
def test_integrating_out_far_modes_changes_little_and_near_modes_much(keep):
    full = power_law(2000, capacity=1.3, source=0.5, noise_variance=0.05)
    head, ridge = integrate_out(full, 100, 1e-4, keep)
    risk = ridge_risk(head, 100, ridge)
    kappa, excess = TABLE[keep]
    assert risk.kappa == pytest.approx(kappa, abs=5.1e-6)
    assert risk.excess + full.signal - head.signal == pytest.approx(excess, abs=5.1e-5)


def test_integrate_out_moves_tail_to_ridge_and_noise():
    population = Population([1.0, 4.0, 2.0, 4.0, 0.5], [1.0, -1.0, 3.0, 2.0, 2.0], 0.25)
    head, ridge = integrate_out(population, n=[10, 20], ridge=0.1, keep=3)
    np.testing.assert_array_equal(head.eigenvalues, [4.0, 2.0, 4.0])
    np.testing.assert_array_equal(head.coefficients, [-1.0, 3.0, 2.0])
    assert head.noise_variance == pytest.approx(0.25 + 1.0 + 4 * 0.5, rel=1e-15)
    np.testing.assert_allclose(ridge, [0.1 + 1.5 / 10, 0.1 + 1.5 / 20], rtol=1e-15)


def test_of_equal_eigenvalues_the_first_are_kept():
    head, _ = integrate_out(Population([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]), n=5, ridge=0.0, keep=2)
    np.testing.assert_array_equal(head.coefficients, [1.0, 2.0])


@steady
@given(SPECTRA, SAMPLES, RIDGES, st.data())
def test_two_steps_are_one(s, n, ridge, data):
    population = Population(s, np.arange(1.0, len(s) + 1), 0.3)
    first = data.draw(st.integers(1, len(s)))
    second = data.draw(st.integers(1, first))
    once = integrate_out(population, n, ridge, second)
    twice = integrate_out(*((step := integrate_out(population, n, ridge, first))[0], n, step[1]), second)
    np.testing.assert_array_equal(once[0].eigenvalues, twice[0].eigenvalues)
    assert once[0].noise_variance == pytest.approx(twice[0].noise_variance, rel=1e-13)
    assert once[1] == pytest.approx(twice[1], rel=1e-13)


@steady
@given(SPECTRA, SAMPLES, RIDGES)
def test_the_flow_is_that_of_integrating_out_and_conserves(s, n, ridge):
    population = Population(s, np.linspace(0.5, 2.0, len(s)), 0.3)
    flow = running_couplings(population, n, ridge)
    descending = np.sort(population.eigenvalues)[::-1]
    for keep in range(1, len(s) + 1):
        head, running = integrate_out(population, n, ridge, keep)
        assert flow.ridge[keep] == pytest.approx(running, rel=1e-13)
        assert flow.noise_variance[keep] == pytest.approx(head.noise_variance, rel=1e-13)
        # ridge and noise take up exactly what the spectrum and the signal lose
        assert n * flow.ridge[keep] + head.trace == pytest.approx(n * ridge + population.trace, rel=1e-13)
        assert flow.noise_variance[keep] + head.signal == pytest.approx(0.3 + population.signal, rel=1e-13)
    np.testing.assert_array_equal(flow.scale, np.append(descending, 0.0))
    np.testing.assert_array_equal(flow.keep, np.arange(len(s) + 1))
    assert flow.ridge[0] == pytest.approx(ridge + population.trace / n, rel=1e-13)
    assert flow.ridge[-1] == ridge and flow.noise_variance[-1] == 0.3


def test_the_flow_keeps_the_digits_of_a_tail_of_many_decades():
    flow = running_couplings(Population([1.0, 1e-8, 1e-20], np.ones(3)), n=1, ridge=0.0)
    np.testing.assert_allclose(flow.ridge, [1 + 1e-8, 1e-8 + 1e-20, 1e-20, 0.0], rtol=1e-15)


def test_a_tail_of_infinitesimal_modes_is_a_ridge_exactly():
    """In the limit where the shell argument is exact: the head theory then gives the full kappa and the full risk."""
    head = power_law(30, capacity=1.5, source=0.4, noise_variance=0.1)
    errors = []
    for modes in (10**3, 10**5):
        tail = np.full(modes, 0.2 / modes)
        full = Population(
            np.append(head.eigenvalues, tail), np.append(head.coefficients, np.ones(modes)), head.noise_variance
        )
        reduced, ridge = integrate_out(full, 20, 1e-3, keep=30)
        exact, approximate = ridge_risk(full, 20, 1e-3), ridge_risk(reduced, 20, ridge)
        errors.append([approximate.kappa / exact.kappa - 1, (approximate.excess + 0.2) / exact.excess - 1])
    np.testing.assert_allclose(np.abs(errors[0]) / np.abs(errors[1]), 100, rtol=0.1)
    assert np.all(np.abs(errors[1]) < 2 * tail[0] / exact.kappa)  # the expansion parameter of the shell argument


@steady
@given(SPECTRA, SAMPLES, RIDGES)
def test_head_and_tail_add_up_and_are_bounded_by_the_sharp_cut(s, n, ridge):
    parts = head_tail_split(s, n, ridge)
    kappa = brute_kappa(np.array(s), n, ridge)
    assert parts.kappa == pytest.approx(kappa, rel=1e-12)
    assert n * (kappa - ridge) == pytest.approx(parts.head + parts.tail, rel=1e-11, abs=1e-12 * n * kappa)
    assert parts.learned == np.sum(np.array(s) > parts.kappa)
    slack = 1 + 1e-12
    assert parts.head <= parts.sharp_head * slack <= 2 * parts.head * slack**2
    assert parts.tail <= parts.sharp_tail * slack <= 2 * parts.tail * slack**2
    if parts.learned < n:
        assert parts.sharp_kappa * (n - parts.learned) == pytest.approx(n * ridge + parts.sharp_tail, rel=1e-12)
    else:
        assert np.isnan(parts.sharp_kappa)


@steady
@given(SPECTRA, SAMPLES, RIDGES)
def test_kappa_is_caught_between_two_sharp_cuts(s, n, ridge):
    s = np.array(s)
    kappa = renormalized_ridge(s, n, ridge)
    sharp = sharp_cut_ridge(s, [n, 2 * n], ridge)
    residual = n * np.array([1, 2]) * (sharp - ridge) - np.minimum.outer(sharp, s).sum(axis=-1)
    np.testing.assert_allclose(residual, 0, atol=1e-12 * (n * ridge + s.sum()))
    assert sharp[1] * (1 - 1e-12) <= kappa <= sharp[0] * (1 + 1e-12)
    assert wilsonian_ridge(s, n, ridge) <= sharp[0] * (1 + 1e-12)


@steady
@given(SPECTRA, SAMPLES, RIDGES)
def test_the_wilsonian_flow_stops_where_the_next_mode_is_learnable(s, n, ridge):
    s = np.sort(s)[::-1]
    stopped = float(wilsonian_ridge(s, n, ridge))
    flow = running_couplings(Population(s, np.ones(s.size)), n, ridge)
    (kept,) = np.flatnonzero(np.isclose(flow.ridge, stopped, rtol=1e-12))[:1] if s.size else (0,)
    assert np.all(s[:kept] >= flow.ridge[1 : kept + 1] * (1 - 1e-12))
    if kept < s.size:
        assert s[kept] < flow.ridge[kept + 1] * (1 + 1e-12)


def test_sharp_cut_without_ridge():
    assert sharp_cut_ridge([2.0, 1.0, 0.0], 2, 0.0) == 0.0  # n = rank
    assert sharp_cut_ridge([2.0, 1.0], 5, 0.0) == 0.0
    assert sharp_cut_ridge([1.0] * 10, 5, 0.0) == 2.0  # all modes below the cut: Tr / n


def test_size_of_the_sharp_cut_estimate_for_a_power_law():
    parts = head_tail_split(np.arange(1.0, 5001) ** -1.3, 200, 1e-3)
    assert parts.kappa == pytest.approx(0.0051, abs=5e-5)
    assert parts.sharp_kappa == pytest.approx(0.0065, abs=5e-5)


@pytest.mark.parametrize(("n", "ridge"), [(50, 0.0), (50, 1e-3), (200, 1e-3), (99, 1e-5)])
def test_dyson_converges_to_the_root_at_the_rate_gamma(n, ridge):
    s = np.repeat(np.arange(1.0, 26) ** -1.3, 4)
    root, rate = brute_kappa(s, n, ridge), dyson_rate(s, n, ridge)
    for start in (ridge + s.sum() / n, root / 3):
        path = dyson_iteration(s, n, ridge, 2000, start)
        assert path[-1] == pytest.approx(root, rel=1e-11)
        errors = path - root
        close = np.flatnonzero(np.abs(errors) < 1e-3 * root)[0]
        assert errors[close + 1] / errors[close] == pytest.approx(rate, abs=2e-3)
        assert np.all(np.diff(path[:close]) < 0) if start > root else np.all(np.diff(path[:close]) > 0)


def test_dyson_rate_is_the_derivative_of_the_step():
    s = np.arange(1.0, 101) ** -1.5
    kappa = float(renormalized_ridge(s, 60, 1e-3))
    h = 1e-5 * kappa
    plus, minus = (dyson_iteration(s, 60, 1e-3, 1, kappa + sign * h)[1] for sign in (1, -1))
    assert dyson_rate(s, 60, 1e-3) == pytest.approx((plus - minus) / (2 * h), rel=1e-8)


def test_dyson_broadcasts_and_starts_at_the_bare_ridge():
    path = dyson_iteration([1.0, 0.5], [[5], [9]], [0.1, 0.2, 0.3], 3)
    assert path.shape == (4, 2, 3)
    np.testing.assert_array_equal(path[0], [[0.1, 0.2, 0.3]] * 2)
    np.testing.assert_allclose(path[1, 1, 2], 0.3 + 0.3 * (1 / 1.3 + 0.5 / 0.8) / 9, rtol=1e-15)
    np.testing.assert_array_equal(path[:, 0, 1], dyson_iteration([1.0, 0.5], 5, 0.2, 3))


def test_many_at_once_is_one_by_one():
    s, n, ridge = np.arange(1.0, 40) ** -1.2, np.array([[5], [20], [60]]), np.array([1e-4, 1e-2])
    for function in (sharp_cut_ridge, wilsonian_ridge, dyson_rate, lambda *a: head_tail_split(*a).tail):
        together = function(s, n, ridge)
        alone = [[function(s, samples, value) for value in ridge] for samples in n[:, 0]]
        np.testing.assert_allclose(together, alone, rtol=1e-13)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: integrate_out(Population([1.0], [1.0]), 5, 0.1, 0), "keep"),
        (lambda: integrate_out(Population([1.0], [1.0]), 5, 0.1, 2), "keep"),
        (lambda: integrate_out([1.0], 5, 0.1, 1), "population"),
        (lambda: integrate_out(Population([1.0], [1.0]), 0, 0.1, 1), "n = 0"),
        (lambda: running_couplings(Population([1.0], [1.0]), 5, -0.1), "ridge"),
        (lambda: running_couplings(Population([1.0], [1.0]), [5, 6], 0.1), "single"),
        (lambda: head_tail_split([], 5, 0.1), "eigenvalues"),
        (lambda: head_tail_split([1.0, -1.0], 5, 0.1), "eigenvalues"),
        (lambda: head_tail_split([1.0], [1, 2], [0.1, 0.2, 0.3]), "broadcast"),
        (lambda: sharp_cut_ridge([np.nan], 5, 0.1), "eigenvalues"),
        (lambda: wilsonian_ridge([1.0], 0.5, 0.1), "n = 0.5"),
        (lambda: dyson_iteration([1.0], 5, 0.0, 3), "start"),
        (lambda: dyson_iteration([1.0], 5, 0.1, -1), "steps"),
        (lambda: dyson_iteration([1.0], 5, 0.1, 3, start=-1.0), "start"),
        (lambda: dyson_iteration([1.0], [5, 6], 0.1, 3, start=[1.0, 2.0, 3.0]), "broadcast"),
        (lambda: dyson_rate([1.0], 5, np.inf), "ridge"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
