"""Simulations against theory: means within three standard errors and three per cent of finite size."""

import numpy as np
import pytest
from agreement import POPULATIONS, assert_agrees

from renorm.experiments.errors import Errors
from renorm.experiments.random_features import random_feature_experiment
from renorm.experiments.ridge import kernel_experiment, ridge_experiment
from renorm.experiments.sampling import sample
from renorm.experiments.solver import ridge_path
from renorm.experiments.sweeps import sweep
from renorm.theory.population import from_kernel, isotropic
from renorm.theory.ridge import ridge_risk

RIDGES = np.array([1e-3, 3e-2, 1.0])


@pytest.mark.parametrize("n", [100, 400])
@pytest.mark.parametrize("name", POPULATIONS)
def test_theory_holds_on_both_sides_of_n_equals_d(name, n):
    measured = ridge_experiment(POPULATIONS[name], n, RIDGES, trials=40, seed=1)
    theory = ridge_risk(POPULATIONS[name], n, RIDGES)
    for error in ("train", "test", "excess"):
        assert_agrees(getattr(measured, error), getattr(measured, f"{error}_se"), getattr(theory, error))
    assert_agrees(measured.mean("gcv"), measured.standard_error("gcv"), theory.test)


@pytest.mark.parametrize("n", [100, 400])
def test_theory_holds_without_a_ridge(n):
    for population in POPULATIONS.values():
        measured, theory = ridge_experiment(population, n, 0, trials=60, seed=2), ridge_risk(population, n, 0)
        assert_agrees(measured.excess, measured.excess_se, theory.excess)
        if n < 200:
            assert measured.train == theory.train == 0
        else:
            assert_agrees(measured.train, measured.train_se, theory.train)


@pytest.mark.parametrize("distribution, dof", [("rademacher", None), ("uniform", None), ("student", 8)])
def test_universality_of_independent_entries(distribution, dof):
    population = POPULATIONS["power law"]
    measured = ridge_experiment(population, 150, RIDGES, 60, 3, distribution=distribution, dof=dof)
    assert_agrees(measured.test, measured.test_se, ridge_risk(population, 150, RIDGES).test)


def test_rows_of_random_length_break_it():
    """The covariance is the same, the theory is wrong: samples of unequal size are not worth the same."""
    population = POPULATIONS["isotropic"]
    measured = ridge_experiment(population, 100, 0.03, 60, 3, distribution="student rows", dof=3)
    assert measured.excess > ridge_risk(population, 100, 0.03).excess + 5 * measured.excess_se


def test_one_trial_step_by_step():
    """What trial k reports, from its own generator, by plain linear algebra and by fresh test points."""
    population = POPULATIONS["power law"]
    measured = ridge_experiment(population, 50, 0.1, trials=3, seed=9)
    rng = np.random.default_rng(np.random.SeedSequence((9, 50)).spawn(3)[2])
    X, y = sample(population, 50, rng)
    w = np.linalg.solve(X.T @ X + 50 * 0.1 * np.eye(200), X.T @ y)
    np.testing.assert_allclose(measured.per_trial["train"][2], np.mean((y - X @ w) ** 2), rtol=1e-9)
    X_new, y_new = sample(population, 100_000, rng)
    squares = (y_new - X_new @ w) ** 2
    assert abs(measured.per_trial["test"][2] - squares.mean()) <= 4 * squares.std() / np.sqrt(100_000)
    np.testing.assert_allclose(measured.per_trial["test"] - measured.per_trial["excess"], 0.3, rtol=1e-12)


def kernel_problem(size=300):
    rng = np.random.default_rng(0)
    points = rng.standard_normal((size, 12))
    squares = np.sum(points**2, axis=1)
    gram = np.exp(-(squares[:, None] + squares - 2 * points @ points.T) / 12)
    return gram, np.sin(points[:, 0]) + 0.3 * rng.standard_normal(size)


def test_a_kernel_trial_step_by_step():
    gram, y = kernel_problem()
    measured = kernel_experiment(gram, y, 60, [0.0, 1e-2], trials=2, seed=8)
    order = np.random.default_rng(np.random.SeedSequence((8, 60)).spawn(2)[1]).permutation(300)
    train, rest = order[:60], order[60:]
    for i, ridge in enumerate([0.0, 1e-2]):
        dual = np.linalg.solve(gram[np.ix_(train, train)] + 60 * ridge * np.eye(60), y[train])
        test = np.mean((gram[np.ix_(rest, train)] @ dual - y[rest]) ** 2)
        np.testing.assert_allclose(measured.per_trial["test"][1, i], test, rtol=1e-9)
        np.testing.assert_allclose(measured.per_trial["train"][1, i], np.mean((60 * ridge * dual) ** 2), rtol=1e-9)
    assert measured.per_trial["train"][1, 0] == 0


def test_a_sweep_shares_one_gram_matrix():
    gram, y = kernel_problem(50)
    assert all(kernel_experiment.plan(gram, y, n, 0.1, 2, 0).arguments["gram"] is gram for n in (10, 20))


def test_small_eigenvalues_of_a_kernel_count_until_they_are_rounding():
    measured = kernel_experiment(np.diag([1.0] + [1e-12] * 9), np.ones(10), 9, 0.0, 5, 0)
    assert np.all(measured.per_trial["train"] == 0)
    measured = kernel_experiment(np.diag([1.0] + [1e-16] * 9), np.ones(10), 9, 0.0, 20, 0)
    first_seen = np.isclose(measured.per_trial["train"], 8 / 9)  # one point fitted, eight that cannot be
    assert 0 < first_seen.sum() and np.all(first_seen | (measured.per_trial["train"] == 0))


def test_kernel_learning_curve_against_theory_of_a_finite_population():
    """Held-out error at ridge 0: N/(N - n) times the error over all N points, for the n trained on have none."""
    gram, y = kernel_problem(400)
    theory = from_kernel(gram, y)
    for n in (25, 50):
        measured = kernel_experiment(gram, y, n, 0.0, trials=150, seed=1)
        predicted = 400 / (400 - n) * ridge_risk(theory, n, 0.0).test
        assert abs(measured.test - predicted) <= 3 * measured.test_se + 0.03 * predicted


def test_a_linear_kernel_is_ridge_regression_and_outputs_add_up():
    rng = np.random.default_rng(1)
    X, Y = rng.standard_normal((50, 8)), rng.standard_normal((50, 2))
    both = kernel_experiment(X @ X.T, Y, 20, [0.0, 0.5], 3, 0)
    one, other = (kernel_experiment(X @ X.T, Y[:, k], 20, [0.0, 0.5], 3, 0) for k in (0, 1))
    for name in both.per_trial:
        np.testing.assert_allclose(both.per_trial[name], one.per_trial[name] + other.per_trial[name], rtol=1e-9)
    order = np.random.default_rng(np.random.SeedSequence((0, 20)).spawn(1)[0]).permutation(50)
    w = ridge_path(X[order[:20]], Y[order[:20]], [0.0, 0.5])
    misses = X[order[20:]] @ w - Y[order[20:]]
    np.testing.assert_allclose(both.per_trial["test"][0], np.mean(np.sum(misses**2, axis=-1), axis=-1), rtol=1e-8)
    residuals = X[order[:20]] @ w - Y[order[:20]]
    np.testing.assert_allclose(both.per_trial["train"][0], np.mean(np.sum(residuals**2, axis=-1), axis=-1), rtol=1e-8)


def test_every_experiment_is_the_same_on_two_workers_and_from_disk(tmp_path):
    gram, y = kernel_problem(60)
    small = isotropic(12, noise_variance=0.1)
    cases = [
        (random_feature_experiment, dict(population=small, n=9, width=7, ridges=0.1, activation="erf", test_points=20)),
        (random_feature_experiment, dict(population=small, n=9, width=7, ridges=0.1, members=2)),
        (kernel_experiment, dict(gram=gram, targets=y, n=30, ridges=[0.0, 0.1])),
    ]
    for experiment, arguments in cases:
        alone = experiment(**arguments, trials=3, seed=0)
        for again in (
            experiment(**arguments, trials=3, seed=0, n_jobs=2, cache=tmp_path),
            sweep(experiment, [arguments], trials=3, seed=0, cache=tmp_path)[0],
        ):
            assert isinstance(again, Errors)
            for name, values in alone.per_trial.items():
                assert values.tobytes() == again.per_trial[name].tobytes()


GRAM = np.eye(3)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: ridge_experiment("isotropic", 5, 0.1, 2, 0), "population = 'isotropic'"),
        (lambda: ridge_experiment(isotropic(3), 0, 0.1, 2, 0), "n = 0"),
        (lambda: ridge_experiment(isotropic(3), 5, [0.1, -1], 2, 0), "ridges = "),
        (lambda: ridge_experiment(isotropic(3), 5, np.nan, 2, 0), "ridges = nan"),
        (lambda: ridge_experiment(isotropic(3), 5, [], 2, 0), "ridges = "),
        (lambda: ridge_experiment(isotropic(3), 5, 0.1, 0, 0), "trials = 0"),
        (lambda: ridge_experiment(isotropic(3), 5, 0.1, 2, -3), "seed = -3"),
        (lambda: ridge_experiment(isotropic(3), 5, 0.1, 2, 0, distribution="normal"), "distribution = 'normal'"),
        (lambda: ridge_experiment(isotropic(3), 5, 0.1, 2, 0, distribution="student", dof=1), "dof = 1"),
        (lambda: kernel_experiment(np.ones((2, 3)), [1, 2], 1, 0.1, 2, 0), "gram has shape"),
        (lambda: kernel_experiment([[1, 2], [0, 1]], [1, 2], 1, 0.1, 2, 0), "gram has shape.*transpose"),
        (lambda: kernel_experiment(GRAM, [1, 2], 1, 0.1, 2, 0), "len"),
        (lambda: kernel_experiment(GRAM, 1.0, 1, 0.1, 2, 0), "targets has shape"),
        (lambda: kernel_experiment(GRAM, [1, 2, 3], 3, 0.1, 2, 0), "n = 3.*at most 2"),
        (lambda: kernel_experiment(GRAM, [1, 2, 3], 2, -1, 2, 0), "ridges = -1"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
