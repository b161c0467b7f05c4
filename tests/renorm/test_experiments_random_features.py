"""Regressions on random features against theory, and one trial step by step."""

import numpy as np
import pytest
from agreement import POPULATIONS, assert_agrees

from renorm.experiments.random_features import random_feature_experiment
from renorm.experiments.sampling import sample
from renorm.theory.population import Population, isotropic, power_law
from renorm.theory.random_features import nonlinear_random_feature_risk, random_feature_risk


@pytest.mark.parametrize("n, width", [(100, 60), (60, 240), (300, 150)])
@pytest.mark.parametrize("name", ["isotropic", "power law"])
def test_linear_random_features(name, n, width):
    population = POPULATIONS[name]
    measured = random_feature_experiment(population, n, width, [1e-2, 0.3], trials=40, seed=4)
    theory = random_feature_risk(population, n, width, [1e-2, 0.3])
    for error in ("train", "test"):
        assert_agrees(getattr(measured, error), getattr(measured, f"{error}_se"), getattr(theory, error))


def test_an_ensemble_of_features():
    population = POPULATIONS["power law"]
    measured = random_feature_experiment(population, 100, 100, 1e-3, trials=25, seed=5, members=6)
    theory = random_feature_risk(population, 100, 100, 1e-3)
    assert_agrees(measured.test, measured.test_se, theory.ensemble(6).test)
    assert_agrees(measured.train, measured.train_se, theory.ensemble(6).train)
    assert theory.test > theory.ensemble(6).test + 10 * measured.test_se  # one member would have been noticed


@pytest.mark.parametrize("activation", ["relu", np.tanh])
def test_nonlinear_random_features(activation):
    population = isotropic(150, noise_variance=0.3)
    for width in (100, 400):
        measured = random_feature_experiment(population, 250, width, 1e-2, trials=25, seed=6, activation=activation)
        theory = nonlinear_random_feature_risk(population, 250, width, 1e-2, activation)
        assert_agrees(measured.test, measured.test_se, theory.test)
        assert_agrees(measured.train, measured.train_se, theory.train)


def test_a_feature_trial_step_by_step():
    population = power_law(30, 1.2, 0.5, noise_variance=0.2)
    settings = dict(activation="relu", members=2, test_points=50)
    measured = random_feature_experiment(population, 20, 15, 0.05, trials=2, seed=3, **settings)
    rng = np.random.default_rng(np.random.SeedSequence((3, 20, 15)).spawn(2)[1])
    X, y = sample(population, 20, rng)
    X_new, _ = sample(population, 50, rng)
    fits, predictions = np.zeros(20), np.zeros(50)
    for _ in range(2):
        F = rng.standard_normal((30, 15)) / np.sqrt(population.trace)
        Z, Z_new = ((np.maximum(rows @ F, 0) - 1 / np.sqrt(2 * np.pi)) / np.sqrt(15) for rows in (X, X_new))
        v = np.linalg.solve(Z.T @ Z + 20 * 0.05 * np.eye(15), Z.T @ y)
        fits, predictions = fits + Z @ v / 2, predictions + Z_new @ v / 2
    np.testing.assert_allclose(measured.per_trial["train"][1], np.mean((fits - y) ** 2), rtol=1e-9)
    expected = np.mean((predictions - X_new @ population.coefficients) ** 2)
    np.testing.assert_allclose(measured.per_trial["excess"][1], expected, rtol=1e-9)


def test_a_linear_activation_gives_linear_features_up_to_the_scale_of_the_ridge():
    population = POPULATIONS["power law"]
    linear = random_feature_experiment(population, 80, 50, 0.1, 20, 7)
    scaled = 0.1 / population.trace
    other = random_feature_experiment(population, 80, 50, scaled, 20, 7, activation="linear", test_points=4000)
    assert abs(linear.excess - other.excess) <= 3 * np.hypot(linear.excess_se, other.excess_se)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: random_feature_experiment(isotropic(3), 5, 0, 0.1, 2, 0), "width = 0"),
        (lambda: random_feature_experiment(isotropic(3), 5, 4, -0.1, 2, 0), "ridges = -0.1"),
        (lambda: random_feature_experiment(isotropic(3), 5, 4, 0.1, 2, 0, members=0), "members = 0"),
        (lambda: random_feature_experiment(isotropic(3), 5, 4, 0.1, 2, 0, activation="selu"), "activation = 'selu'"),
        (lambda: random_feature_experiment(isotropic(3), 5, 4, 0.1, 2, 0, test_points=0), "test_points = 0"),
        (lambda: random_feature_experiment(Population([0.0], [1]), 5, 4, 0.1, 2, 0, activation="relu"), "eigenvalues"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
