"""What chapter 11 says: costs of fitted noise against simulations and identities, and what would be refused."""

import chapter11_checks as checks
import numpy as np
import pytest

from renorm import Population, ridge_risk
from renorm.theory.kernels import laplace_kernel
from renorm_book.chapter11 import figures, kernels, noise


@pytest.mark.parametrize("letter", "ABCDE")
def test_the_cost_is_a_slope(letter):
    """(11.2) without a penalty, by differences of ln κ."""
    world, n = noise.WORLDS[letter], np.array([30.0, 100.0, 250.0])
    spectrum = world.population.eigenvalues
    step = 1e-5
    kappas = [figures.renormalized_ridge(spectrum, n * (1 + s), world.tail / n / (1 + s)) for s in (-step, step)]
    slope = np.log(kappas[1] / kappas[0]) / np.log((1 + step) / (1 - step))
    np.testing.assert_allclose(figures.costs(world, n, 0.0), -slope - 1, rtol=2e-3)


def test_simulated_costs_are_those_of_fits_to_noise():
    checks.check_simulated(noise)


def test_costs_of_head_and_tail():
    checks.check_tail(noise)


def test_errors_at_negative_ridges():
    checks.check_negative(noise)


def test_a_spectrum_that_knows_too_much():
    checks.check_pool(noise)


def test_fits_of_filters():
    checks.check_filters(noise)


def test_two_thirds_on_a_circle():
    """Between neighbours the squared weights are t² + (1 - t)², where the gaps are short."""
    costs = []
    for run in range(30):
        rng = np.random.default_rng([2, run])
        X, new = noise.on_sphere(300, 1, rng), noise.on_sphere(400, 1, rng)
        costs.append(noise.kernel_costs(laplace_kernel(X, X), laplace_kernel(X, new), [0.0])[0])
    mean, se = noise.mean_and_error(costs)
    assert abs(mean - 2 / 3) < 3 * se + 1 / 300 and se < 0.01  # and not the 1 of a Gaussian world


@pytest.mark.parametrize("wrong", [0.97, 1.03])
def test_a_theory_three_per_cent_off_is_refused(wrong):
    """World C, n = 200 and 400: simulated to half a per cent."""
    for n in (200, 400):
        mean, se = noise.mean_and_error(
            noise.simulated_costs(noise.WORLDS["C"], n, [0.0], 12, np.random.default_rng(n))
        )
        theory = figures.costs(noise.WORLDS["C"], n, 0.0)
        assert abs(mean[0] - theory) < 3 * se[0] + theory / n
        assert abs(mean[0] - wrong * theory) > 3 * se[0] + theory / n


def test_the_plane_of_decays():
    """Rows are decays of the penalty, columns those of the spectrum; without a penalty the cost is α - 1."""
    plane = kernels._plane(400)
    assert plane.shape == (kernels.DECAYS.size, kernels.ALPHAS.size)
    steep = (kernels.ALPHAS > 1.5) & (kernels.ALPHAS < 2.6)  # beyond, n^-4 is a penalty
    np.testing.assert_allclose(plane[-1, steep], kernels.ALPHAS[steep] - 1, rtol=0.03)
    assert np.all(np.diff(plane, axis=0) > 0) and np.all(plane[0] < 0.1)


def test_ridges_of_either_sign():
    p = Population(np.r_[101.0, np.ones(1000)], np.r_[0.3, np.zeros(1000)], 1.0)
    both = figures.risk_at(p, 64, [-2.0, 0.0, 2.0])
    np.testing.assert_allclose(both[1:], ridge_risk(p, 64, [0.0, 2.0]).excess)
    assert figures.negative_at(p, 64, -2.0).excess == both[0]
