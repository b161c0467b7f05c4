"""What chapter 2 says in numbers, held to more draws than its notebook takes."""

import numpy as np
import pytest
from scipy.special import ndtr

from renorm import Population, renormalized_ridge, ridge_risk
from renorm_book.chapter02 import figures, flipped, interpolation


def conditional_errors(n, D, noise, draws, seed=0) -> np.ndarray:
    """Error on fresh samples of the shortest fit of each of many training sets, without sampling the fresh ones."""
    rng, found = np.random.default_rng(seed), np.empty(draws)
    for t in range(draws):
        y = rng.choice([-1.0, 1.0], n)
        Z = np.sqrt(noise / D) * rng.standard_normal((n, D))
        dual = np.linalg.solve(4 / n * np.outer(y, y) + Z @ Z.T, y)
        found[t] = ndtr(-4 / n * (y @ dual) / (np.sqrt(noise / D) * np.linalg.norm(Z.T @ dual)))
    return found


@pytest.mark.parametrize(
    "n, D, noise, draws", [(10, 12, 8.0, 20000), (10, 20, 8.0, 100_000), (20, 40, 16.0, 4000), (8, 64, 32.0, 2000)]
)
def test_the_error_on_fresh_samples_is_exact(n, D, noise, draws):
    """Three standard errors are below 2 %; the plug-in of the mean is 9 % off in the second case."""
    errors = conditional_errors(n, D, noise, draws)
    exact, uncertainty = flipped.fresh_error(n, D, noise), errors.std(ddof=1) / np.sqrt(draws)
    assert abs(errors.mean() - exact) < 3 * uncertainty < 0.02 * exact


def test_fresh_error_of_many_dimensions_at_once():
    D = np.array([40, 80, 5000])
    np.testing.assert_allclose(
        flipped.fresh_error(20, D, 8.0), [flipped.fresh_error(20, one, 8.0) for one in D], rtol=1e-12
    )
    assert flipped.fresh_error(20, 10**9, 64.0) == pytest.approx(ndtr(-4 * np.sqrt(1e9 / 20) / 64), rel=1e-3)


def population(weak, noise) -> Population:
    """The model of ``interpolation``, written out."""
    strong = interpolation.STRONG
    spectrum = np.append(np.ones(strong), np.full(weak, 1 / weak))
    weights = np.append(np.full(strong, np.sqrt((1 - noise) / strong)), np.zeros(weak))
    return Population(spectrum, weights, noise)


@pytest.mark.parametrize("n, weak, noise", [(50, 300, 0.2), (200, 300, 0.5), (800, 1000, 1.0)])
def test_shortest_fit_against_the_library(n, weak, noise):
    """The closed form against the general fixed point; the norm: least objective/λ = (noise + κ tf₁(κ))/κ as λ → 0."""
    world = population(weak, noise)
    error, norm2 = interpolation.shortest_fit(n, weak, noise)
    assert error == pytest.approx(ridge_risk(world, n, 0.0).excess + noise, rel=1e-9)
    kappa = renormalized_ridge(world.eigenvalues, n, 0.0)
    signal = world.coefficients**2 @ (world.eigenvalues / (world.eigenvalues + kappa))
    assert norm2 == pytest.approx((noise + kappa * signal) / kappa, rel=1e-9)


@pytest.mark.parametrize("n, noise", [(40, 0.05), (160, 0.2), (160, 1.0)])
def test_shortest_fit_against_simulation(n, noise):
    """Errors and norms of 200 samples; three standard errors are below 5 and 8 %, the theory is exact to O(1/n)."""
    error, norm2 = interpolation.simulated(n, 10_000, noise, draws=200)
    for draws, theory in zip((error, norm2), interpolation.shortest_fit(n, 10_000, noise), strict=True):
        assert abs(draws.mean() - theory) < 3.5 * draws.std(ddof=1) / np.sqrt(200) + theory / n / 4
    assert np.mean(error > interpolation.guarantee(norm2, n, 10_000)) == 0


def test_simulated_products_are_those_of_weak_directions():
    """Bartlett's triangular matrix against inner products of drawn inputs: mean and variance of an entry each."""
    rng, n, weak = np.random.default_rng(0), 4, 30
    direct = np.array([X @ X.T for X in rng.standard_normal((20000, n, weak))])
    L = np.tril(rng.standard_normal((20000, n, n)), -1)
    L[:, np.arange(n), np.arange(n)] = np.sqrt(rng.chisquare(weak - np.arange(n), (20000, n)))
    triangular = L @ L.transpose(0, 2, 1)
    for moment, size in ((1, np.sqrt(2 * weak / 20000)), (2, 8 * weak**1.5 / np.sqrt(20000))):
        np.testing.assert_allclose((direct**moment).mean(axis=0), (triangular**moment).mean(axis=0), atol=6 * size)


def test_bounds_hold_for_every_digit_task_and_draw():
    for task in figures.TASKS:
        for found in figures.bound_and_error(task).values():
            assert np.all(found["bound"] > found["error"]) and np.all(found["pac_bayes"] > found["error"])


def test_largest_change_is_below_the_bound_and_above_the_mean():
    mean, largest = figures.measured_stability(100)
    bound = figures.ridge_stability(100, figures.STABILITY_RIDGES)
    assert np.all(mean < largest) and np.all(largest <= bound[:, None, None])
