"""The rescaled flow: exact shells against the flow equation, its line and its invariant, its fixed point, and kappa."""

import numpy as np
import pytest

from renorm.theory.endless import endless_power_law
from renorm.theory.flow import flow_invariant, flow_line, flow_rates, rescaled_flow
from renorm.theory.population import Population
from renorm.theory.renormalization import integrate_out, wilsonian_ridge
from renorm.theory.ridge import renormalized_ridge

ALPHAS = [1.3, 1.5, 2.0, 3.0]


def endless(capacity, n, ridge, modes=5000):
    """Eigenvalues, and the ridge once everything beyond them is integrated out."""
    world = endless_power_law(modes, capacity, 0.5)
    return world.population.eigenvalues, ridge + world.tail / n


def test_couplings_are_those_of_integrating_out():
    s = np.array([0.5, 4.0, 2.0, 0.25, 2.0])
    flow = rescaled_flow(s, 10, 0.1)
    for keep, g, u in zip(flow.keep, flow.g, flow.u, strict=True):
        _, running = integrate_out(Population(s, np.ones(5)), 10, 0.1, int(keep))
        assert g == pytest.approx(running / np.sort(s)[-keep], rel=1e-13) and u == keep / 10


@pytest.mark.parametrize("capacity", ALPHAS)
@pytest.mark.parametrize("ridge", [0.0, 1e-3])
def test_shells_obey_the_flow_equation(capacity, ridge):
    """Differences of the exact couplings against the rates: the error of replacing a sum by an integral is O(1/K)."""
    s, bare = endless(capacity, 100, ridge)
    flow = rescaled_flow(s, 100, bare)
    K = np.array([50, 200, 1000])
    step = np.log((K + 1) / (K - 1))
    slope_g, slope_u = ((f[K] - f[K - 2]) / step for f in (flow.g, flow.u))
    rate_g, rate_u = flow_rates(flow.g[K - 1], flow.u[K - 1], capacity)
    np.testing.assert_allclose(slope_u, rate_u, rtol=1e-3)
    # half of the last shell is cut differently by sum and integral: u / 2K in g, and alpha times as much in its slope
    assert np.all(np.abs(slope_g - rate_g) < (1 + capacity) * flow.u[K - 1] / K)


@pytest.mark.parametrize("capacity", ALPHAS)
def test_the_line_solves_the_flow_and_keeps_its_invariant(capacity):
    u = np.geomspace(1e-3, 30, 25)
    for c in (-0.01, 0.0, 2.0):
        h = 1e-5
        slope = (flow_line(u * np.exp(h), capacity, c) - flow_line(u * np.exp(-h), capacity, c)) / (2 * h)
        g = flow_line(u, capacity, c)
        np.testing.assert_allclose(slope, flow_rates(g, u, capacity)[0], rtol=1e-6)
        np.testing.assert_allclose(flow_invariant(g, u, capacity), c, atol=1e-10 * np.max(np.abs(g * u**-capacity)))


@pytest.mark.parametrize("capacity", ALPHAS)
def test_scaling_dimensions_are_those_of_counting_powers(capacity):
    """The rates are linear and vanish at the origin; their matrix has the eigenvalues alpha and 1."""
    columns = np.array([flow_rates(1.0, 0.0, capacity), flow_rates(0.0, 1.0, capacity)]).T
    assert flow_rates(0.0, 0.0, capacity) == (0.0, 0.0)
    np.testing.assert_allclose(np.sort(np.linalg.eigvals(columns)), [1, capacity])
    direction = np.array([1 / (capacity - 1), 1.0])  # the line without a ridge is the eigenvector of dimension 1
    np.testing.assert_allclose(columns @ direction, direction)


def test_integrating_out_runs_to_the_fixed_point():
    """K falls along the flow, and so do both couplings, for any ridge."""
    s, bare = endless(1.5, 1000, 1e-4)
    flow = rescaled_flow(s, 1000, bare)
    assert np.all(np.diff(flow.g) > 0) and np.all(np.diff(flow.u) > 0)
    assert flow.g[0] < 0.01 and flow.u[0] == 1e-3


@pytest.mark.parametrize("capacity", [1.3, 1.5, 2.0])
@pytest.mark.parametrize("strength", [0.0, 0.3, 5.0])
def test_problems_with_the_same_ridge_times_n_to_the_alpha_run_on_one_line(capacity, strength):
    for n in (100, 400):
        s, bare = endless(capacity, n, strength * n**-capacity)
        flow = rescaled_flow(s, n, bare)
        late = slice(100, None)
        np.testing.assert_allclose(flow.g[late], flow_line(flow.u[late], capacity, strength), rtol=0.5 * capacity / 100)


@pytest.mark.parametrize("capacity", [1.3, 1.5, 2.0])
def test_the_resolution_without_a_ridge_is_at_alpha_minus_one(capacity):
    s, bare = endless(capacity, 300, 0.0)
    flow = rescaled_flow(s, 300, bare)
    assert flow.resolution == pytest.approx(300 * (capacity - 1), abs=1)


@pytest.mark.parametrize("capacity", [1.3, 1.5, 2.0])
@pytest.mark.parametrize("ridge", [0.0, 1e-4, 1e-2])
def test_g_is_of_order_one_where_the_variance_is_kappa(capacity, ridge):
    """1 / (C (alpha - 1)) without a ridge, where C = (pi / alpha) / sin(pi / alpha); 1 where the ridge decides."""
    s, bare = endless(capacity, 200, ridge)
    kappa = renormalized_ridge(s, 200, bare)
    flow = rescaled_flow(s, 200, bare)
    g = np.interp(kappa ** (-1 / capacity), flow.keep, flow.g)
    lowest = np.sin(np.pi / capacity) / (np.pi / capacity) / (capacity - 1)
    assert lowest - 0.01 < g < 1
    if ridge == 0:
        assert g == pytest.approx(lowest, abs=0.01)


@pytest.mark.parametrize("capacity, factor", [(1.3, 1.12), (2.0, 2.47), (3.0, 14.14)])
def test_kappa_over_the_variance_at_which_g_is_one(capacity, factor):
    """(C (alpha - 1))^alpha without a ridge, which is of order one for slow spectra only; nearer to 1 with a ridge."""
    constant = np.pi / capacity / np.sin(np.pi / capacity)
    assert (constant * (capacity - 1)) ** capacity == pytest.approx(factor, abs=0.005)
    ratios = []
    for ridge in (0.0, 1e-5, 1e-1):
        s, bare = endless(capacity, 400, ridge)
        scale = rescaled_flow(s, 400, bare).resolution ** -capacity
        ratios.append(renormalized_ridge(s, 400, bare) / scale)
    assert ratios[0] == pytest.approx(factor, rel=0.02)
    assert ratios[0] > ratios[1] > ratios[2] > 1


@pytest.mark.parametrize("capacity", [1.3, 2.0])
def test_the_resolution_is_where_the_wilsonian_ridge_stops(capacity):
    s = np.arange(1.0, 5001) ** -capacity
    flow = rescaled_flow(s, 100, 1e-5)
    stopped = wilsonian_ridge(s, 100, 1e-5)
    assert flow.g[int(flow.resolution) - 1] <= 1 <= flow.g[int(flow.resolution)]
    assert flow.resolution**-capacity == pytest.approx(stopped, rel=capacity / flow.resolution)


@pytest.mark.parametrize("capacity", [1.3, 1.5, 2.0])
def test_without_a_ridge_the_resolution_is_k_star_of_benign_overfitting(capacity):
    s = np.arange(1.0, 3001) ** -capacity
    k_star = Population(s, np.zeros(s.size)).benign_split(100)
    # g compares lambda_K with s_K, k* with s_(K+1): one mode in K is a share of alpha / K in s
    assert abs(rescaled_flow(s, 100, 0.0).resolution - k_star) <= 1 + capacity


def test_missing_modes_are_missing_in_the_invariant():
    d, n, ridge, capacity = 2000, 100, 1e-3, 1.5
    flow = rescaled_flow(np.arange(1.0, d + 1) ** -capacity, n, ridge)
    expected = ridge * n**capacity - (n / d) ** (capacity - 1) / (capacity - 1)
    assert flow_invariant(flow.g[-1], flow.u[-1], capacity) == pytest.approx(expected, rel=1e-12)
    assert flow_invariant(flow.g[999], flow.u[999], capacity) == pytest.approx(expected, rel=0.02)


def test_where_g_never_passes_one_there_is_no_resolution():
    assert np.isnan(rescaled_flow([4.0, 2.0, 1.0], 10, 0.1).resolution)
    assert np.isnan(rescaled_flow([4.0, 2.0, 1.0], 10, 9.0).resolution)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rescaled_flow([1.0, 0.0], 5, 0.1), "eigenvalues"),
        (lambda: rescaled_flow([1.0, 0.5], [5, 6], 0.1), "single"),
        (lambda: rescaled_flow([1.0, 0.5], 5, -0.1), "ridge"),
        (lambda: flow_rates(1.0, 1.0, 1.0), "capacity"),
        (lambda: flow_rates("a", 1.0, 2.0), "g ="),
        (lambda: flow_line(-1.0, 2.0, 0.0), "u ="),
        (lambda: flow_invariant(1.0, 0.0, 2.0), "u ="),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
