"""One-pass SGD: its recursion against many runs, its limits of stability, its floor."""

import numpy as np
import pytest

from renorm.theory import sgd
from renorm.theory.population import Population, isotropic, power_law


@pytest.mark.parametrize("batch", [1, 4])
def test_sgd_recursion_against_many_runs(batch):
    population = Population([2.0, 1.0, 0.5, 0.1], [1.0, -0.5, 2.0, 3.0], 0.3)
    rng, runs, step = np.random.default_rng(0), 20_000, 0.08
    w, found = np.zeros((runs, 4)), []
    for _ in range(21):
        found.append((w - population.coefficients) ** 2 @ population.eigenvalues)
        X = rng.standard_normal((runs, batch, 4)) * np.sqrt(population.eigenvalues)
        y = X @ population.coefficients + np.sqrt(0.3) * rng.standard_normal((runs, batch))
        residual = np.einsum("rbd,rd->rb", X, w) - y
        w -= step / batch * np.einsum("rbd,rb->rd", X, residual)
    theory = sgd.one_pass_sgd(population, step, batch, 20)
    found = np.array(found)
    error = found.std(axis=1) / np.sqrt(runs)
    assert theory[0] == pytest.approx(population.signal)
    assert np.all(np.abs(theory - found.mean(axis=1))[1:] < 4 * error[1:])


def test_sgd_with_huge_batches_is_gradient_descent():
    population = power_law(20, 1.5, 0.6)
    theory = sgd.one_pass_sgd(population, 0.3, 10**12, 50)
    decay = (1 - 0.3 * population.eigenvalues) ** (2 * np.arange(51)[:, None])
    np.testing.assert_allclose(theory, decay @ population.energies, rtol=1e-9)


@pytest.mark.parametrize("batch", [1, 3, 50])
def test_sgd_limit_is_the_spectral_radius_one(batch):
    population = power_law(12, 1.4, 0.6, noise_variance=0.2)
    s, limit = population.eigenvalues, sgd.sgd_stability_limit(population, batch)
    for factor in (0.95, 1.0, 1.05):
        step = factor * limit
        recursion = np.diag((1 - step * s) ** 2 + (step * s) ** 2 / batch) + step**2 / batch * np.outer(s, s)
        radius = np.abs(np.linalg.eigvals(recursion)).max()
        assert np.sign(round(radius - 1, 9)) == np.sign(factor - 1)
    below = sgd.one_pass_sgd(population, 0.7 * limit, batch, 20_000)
    assert below[-1] == pytest.approx(sgd.sgd_floor(population, 0.7 * limit, batch), rel=1e-6)
    above = sgd.one_pass_sgd(population, 1.2 * limit, batch, 50_000)
    assert above[-1] > 1e6 and sgd.sgd_floor(population, 1.2 * limit, batch) == np.inf


def test_sgd_limit_in_closed_form():
    for d, batch in ((10, 1), (50, 7)):
        limit = sgd.sgd_stability_limit(Population(np.full(d, 3.0), np.ones(d)), batch)
        assert limit == pytest.approx(2 / (3 * (1 + (d + 1) / batch)), rel=1e-12)
    assert sgd.sgd_stability_limit(Population([5.0, 1.0], [1, 1]), 10**9) == pytest.approx(2 / 5, rel=1e-8)
    assert sgd.sgd_floor(isotropic(5), 0.1, 1) == 0.0  # without noise it goes to zero
    assert sgd.one_pass_sgd(isotropic(5), 10.0, 1, 2000)[-1] == np.inf


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: sgd.one_pass_sgd(isotropic(2), 0.0, 1, 5), "step"),
        (lambda: sgd.one_pass_sgd(isotropic(2), 0.1, 0, 5), "batch"),
        (lambda: sgd.one_pass_sgd(isotropic(2), 0.1, 1, -1), "steps"),
        (lambda: sgd.one_pass_sgd([1.0], 0.1, 1, 1), "population"),
        (lambda: sgd.sgd_stability_limit(Population([0.0], [1.0]), 1), "eigenvalues = 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
