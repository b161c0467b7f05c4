"""The formulas that chapter 10's checks hold answers to, and what its figures compute."""

import matplotlib
import matplotlib.pyplot
import numpy as np
import pytest
from answers_10 import loss, lottery, random_error

from renorm import gaussian_kernel, learning_curve
from renorm.theory.learning_curves import random_label_population
from renorm.theory.population import Population, from_kernel
from renorm_book.chapter10 import figures, mode_figures, network_figures

matplotlib.use("Agg")


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((300, 6))
    return from_kernel(gaussian_kernel(X, bandwidth=2.0), np.where(X[:, 0] + 0.3 * X[:, 1] > 0, 1.0, -1.0))


def test_whole_world_mistake_is_the_error_over_all_points():
    assert (1 - 300 / 2000) * random_error(0.35, 300, 2000) == pytest.approx((1 - 300 / 2000) / (1 - 0.35) - 300 / 2000)


def test_random_labels_leave_no_eigenvalue_in_the_formula(world):
    n = np.array([5, 30, 150, 290])
    curve = learning_curve(random_label_population(world), n, 0.0)
    np.testing.assert_allclose(curve.held_out, random_error(curve.gamma, n, 300), rtol=1e-9)


def test_lottery_population_has_the_energies_of_the_exercise(world):
    for p in (0.0, 0.5, 1.0):
        given = figures.lottery(world, p)
        np.testing.assert_allclose(given.energies, lottery(world.energies, p), rtol=1e-9)
        assert given.signal == pytest.approx(1.0)
    np.testing.assert_allclose(figures.lottery(world, 1.0).energies, random_label_population(world).energies)


def test_energies_of_a_lottery_by_simulation():
    rng, N, p = np.random.default_rng(1), 12, 0.4
    U = np.linalg.qr(rng.standard_normal((N, N)))[0]
    y = rng.choice([-1.0, 1.0], N)
    draws = np.where(rng.random((20_000, N)) < p, rng.choice([-1.0, 1.0], (20_000, N)), y)
    sampled = (draws @ U) ** 2 / N
    z = (sampled.mean(axis=0) - lottery((U.T @ y) ** 2 / N, p)) / (sampled.std(axis=0) / np.sqrt(20_000))
    assert np.abs(z).max() < 4


def test_training_loss_is_that_of_gradient_flow():
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((8, 2)), rng.choice([-1.0, 1.0], 8)
    K = gaussian_kernel(X)
    s, U = np.linalg.eigh(K / 8)
    f, step = np.zeros(8), 2e-4
    for _ in range(round(3 / step)):
        f = f - step * K @ (f - y) / 8
    assert np.mean((f - y) ** 2) == pytest.approx(loss(s, (U.T @ y) ** 2 / 8, 3.0), rel=1e-3)


def test_resolution_of_a_sample_without_replacement():
    """κ = (1 − n/N) / Tr K_n⁻¹ and the held-out error, for eigenvectors rotated at random: exact at any n/N."""
    rng, N = np.random.default_rng(3), 400
    s, v = np.arange(1, N + 1.0) ** -1.5, np.arange(1, N + 1.0) ** -1.2
    population = Population(s, np.sqrt(v / v.sum() / s))
    found = {100: [], 200: [], 300: []}
    for _ in range(12):
        Q = np.linalg.qr(rng.standard_normal((N, N)))[0]
        K, y = (Q * s) @ Q.T * N, Q @ np.sqrt(N * population.energies)
        for n, runs in found.items():
            inverse = np.linalg.inv(K[:n, :n])
            runs.append([(1 - n / N) / np.trace(inverse), np.mean((K[n:, :n] @ inverse @ y[:n] - y[n:]) ** 2)])
    for n, runs in found.items():
        curve, runs = learning_curve(population, n, 0.0), np.array(runs)
        mean, se = runs.mean(axis=0), runs.std(axis=0, ddof=1) / np.sqrt(len(runs))
        assert abs(mean[0] - curve.kappa) < 4 * se[0] + 0.01 * curve.kappa
        assert abs(mean[1] - curve.held_out) < 4 * se[1] + 0.02 * curve.held_out


def test_family_tree_has_the_singular_values_it_claims():
    found = np.linalg.svd(network_figures.family_tree(), compute_uv=False) ** 2
    np.testing.assert_allclose(found, np.repeat([15.0, 7, 3, 1], [1, 1, 2, 4]), atol=1e-10)
    assert [square for _, square, _ in network_figures.LEVELS] == [15, 7, 3, 1]
    assert sum(count for *_, count in network_figures.LEVELS) == 8


@pytest.mark.parametrize("start", [1e-4, 0.5])
def test_simulated_staircase_lies_on_the_exact_one(start):
    times, grown = network_figures._grown(start)
    exact = network_figures.mode_strength(np.sqrt([15.0, 7, 3, 1]), start, times[:, None])
    np.testing.assert_allclose(grown, exact, rtol=1e-4, atol=1e-5)


def test_alignment_reports_what_lies_above_kappa(world):
    figure, axes = matplotlib.pyplot.subplots(1, 2)
    said = mode_figures.alignment(axes, world, 30)
    above = world.eigenvalues > said["kappa"]
    assert said["above"] == above.sum()
    assert said["true"] == pytest.approx(100 * world.energies[above].sum() / world.signal)
    assert said["random"] == pytest.approx(100 * above.mean())
    matplotlib.pyplot.close(figure)


def test_portrait_puts_the_largest_above():
    images = np.arange(10.0)[:, None, None] * np.ones((1, 3, 3))
    picture = mode_figures.portrait(images, np.arange(10.0), count=2)
    assert (
        picture.shape == (10, 6)
        and picture[0].tolist() == [9] * 3 + [8] * 3
        and picture[-1].tolist() == [0] * 3 + [1] * 3
    )
