"""What chapter 8 claims, by simulations long enough to refuse a theory that is 3 % off; and what its figures draw."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from renorm import measured_renormalized_ridge, optimal_ridge, power_law, ridge_path, ridge_risk, sample
from renorm_book.chapter08 import claims, couplings, figures

WORLD = power_law(1000, capacity=1.3, source=0.5, noise_variance=0.1)


def agrees(runs, theory, finite):
    """Within 3 s.e. and ``finite``, the size of what the theory leaves out; a theory 3 % off either way is refused."""
    mean, se = np.mean(runs), np.std(runs, ddof=1) / np.sqrt(len(runs))
    assert abs(mean - theory) < 3 * se + finite * theory
    for wrong in (0.97 * theory, 1.03 * theory):
        assert abs(mean - wrong) > 3 * se


@pytest.fixture(scope="module")
def heads():
    """κ and excess error of 500 fits to the first K directions with the ridge raised, (runs, K, 2)."""
    n, ridge, rng = 200, 1e-4, np.random.default_rng(88)
    s, w = WORLD.eigenvalues, WORLD.coefficients
    runs = np.empty((500, 3, 2))
    for run in runs:
        X, y = sample(WORLD, n, rng)
        for row, keep in zip(run, (100, 200, 400), strict=True):
            raised = ridge + s[keep:].sum() / n
            miss = ridge_path(X[:, :keep], y, [raised])[0] - w[:keep]
            row[0] = measured_renormalized_ridge(X[:, :keep], raised)
            row[1] = np.sum(s[:keep] * miss**2) + np.sum(s[keep:] * w[keep:] ** 2)
    return runs


@pytest.mark.parametrize("column, name", [(0, "κ"), (1, "excess error")])
@pytest.mark.parametrize("row, keep", [(0, 100), (1, 200), (2, 400)])
def test_the_head_does_what_its_theory_says(heads, row, keep, column, name):
    """Also where the head is far from the full theory: the rule's error is that of the rule, not of chance."""
    theory = figures.head_theory(WORLD, 200, 1e-4, keep)[column]
    agrees(heads[:, row, column], theory, finite=2 / 200)


def test_what_the_rule_forgets_makes_the_head_too_optimistic(heads):
    """κ comes out too high and the error too low, at K = 100 by far more than the simulation's error."""
    full = ridge_risk(WORLD, 200, 1e-4)
    kappa, excess = heads[:, 0].mean(axis=0)
    assert kappa > 1.15 * full.kappa and excess < 0.75 * full.excess


@pytest.mark.parametrize("n, runs", [(100, 900), (400, 250)])
@pytest.mark.parametrize("tuned", [False, True])
def test_the_claims_checker_by_simulation(n, runs, tuned):
    world, rng = power_law(200, capacity=1.2, source=0.5, noise_variance=0.3), np.random.default_rng(n)
    ridge = float(optimal_ridge(world, n)) if tuned else 1e-5
    misses = [ridge_path(*sample(world, n, rng), [ridge])[0] - world.coefficients for _ in range(runs)]
    errors = [np.sum(world.eigenvalues * miss**2) + world.noise_variance for miss in misses]
    agrees(errors, ridge_risk(world, n, ridge).test, finite=1 / n)


def test_more_data_never_hurt_with_the_best_ridge_and_do_with_one_for_all():
    """As the verdict says, at every sample size of the figure."""
    bare, best = claims._two_ridges(power_law(200, capacity=1.2, source=0.5, noise_variance=0.3))
    assert np.all(np.diff(best) < 0) and np.any(np.diff(bare) > 0)


def test_the_plane_shows_shells_on_their_line():
    figure, ax = plt.subplots()
    said = couplings.flow_plane(ax, 100, 1e-4, 2.0)
    drawn = {line.get_label(): line.get_xydata() for line in ax.lines}
    shells, flow = drawn["shell by shell"], drawn["flow"]
    on_the_line = np.interp(shells[:, 0], *flow.T)
    np.testing.assert_allclose(shells[3:, 1], on_the_line[3:], atol=0.01)
    assert said["invariant"] == pytest.approx(1) and tuple(drawn["fixed point"][0]) == (0, 0)
    other = couplings.flow_plane(ax, 1000, 1e-6, 2.0)  # the same line, as the presets say
    assert other["invariant"] == pytest.approx(1) and other["g_kappa"] == pytest.approx(said["g_kappa"], rel=0.01)
    assert other["kappa"] * 100 == pytest.approx(said["kappa"], rel=0.01)
    plt.close(figure)
