"""Measured bias and variances: against theory, against other estimators, and unbiased for few trials."""

import dataclasses

import numpy as np
import pytest

from renorm.experiments.bias_variance import _estimates, _parts, bias_variance_experiment
from renorm.experiments.ridge import ridge_experiment
from renorm.experiments.sampling import sample
from renorm.experiments.solver import ridge_path
from renorm.theory.population import isotropic, power_law, spiked
from renorm.theory.ridge import ridge_risk

PARTS = ("bias", "variance_data", "variance_noise", "variance", "excess")


@pytest.mark.parametrize("n", [80, 300])
@pytest.mark.parametrize(
    "population",
    [
        isotropic(150, noise_variance=0.3),
        power_law(150, capacity=1.3, source=0.4, noise_variance=0.3),
        spiked(150, spikes=[30.0, 10.0], alignment=0.5, noise_variance=0.3),
    ],
)
def test_every_part_agrees_with_theory(population, n):
    ridges = [1e-2, 0.3]
    measured, theory = (
        bias_variance_experiment(population, n, ridges, trials=60, seed=0),
        ridge_risk(population, n, ridges),
    )
    odds = theory.gamma / (1 - theory.gamma)
    expected = dict(bias=theory.bias, variance=theory.variance, excess=theory.excess)
    expected |= dict(variance_data=theory.bias * odds, variance_noise=0.3 * odds)
    for part in PARTS:
        value, error = getattr(measured, part), getattr(measured, f"{part}_se")
        assert np.all(np.abs(value - expected[part]) <= 3 * error + 0.03 * expected[part]), part


def deviations(trials=12, d=5):
    """Artificial fits with a known mean: bias 4, variance d * 0.25."""
    rng = np.random.default_rng(0)
    mean = np.zeros(d)
    mean[0] = 2.0
    return mean + 0.5 * rng.standard_normal((20_000, trials, d))


@pytest.mark.parametrize("trials", [3, 12])
def test_estimates_are_unbiased_for_few_trials(trials):
    a = deviations(trials)
    alone = np.sum(a**2, axis=(1, 2))
    parts = _estimates(np.sum(a.sum(axis=1) ** 2, axis=-1), alone, 0.3 * trials, trials)
    for name, expected in dict(bias=4.0, variance_data=1.25, variance_noise=0.3, variance=1.55, excess=5.55).items():
        values = np.broadcast_to(parts[name], 20_000)
        assert abs(values.mean() - expected) <= 4 * values.std() / np.sqrt(20_000) + 1e-12, name
    naive = np.sum(a.mean(axis=1) ** 2, axis=-1).mean()
    assert naive > 4.0 + 0.9 * 1.25 / trials  # what the square of the mean would have said


def test_standard_errors_are_the_scatter_of_repetitions():
    a, noise = deviations()[:400], np.random.default_rng(1).chisquare(3, (400, 12))
    results = [_parts(np.array(0.0), *arrays) for arrays in zip(a, noise, strict=True)]
    for part in PARTS:
        scatter = np.std([getattr(result, part) for result in results])
        claimed = np.sqrt(np.mean([getattr(result, f"{part}_se") ** 2 for result in results]))
        assert 0.85 <= claimed / scatter <= 1.25, part  # scatter of 400: 3.5 %; the jackknife errs on the safe side


def test_standard_errors_leave_out_one_trial_at_a_time():
    a, noise = deviations(6)[0], np.arange(6.0)
    result = _parts(np.array(0.0), a, noise)
    fewer = [_parts(np.array(0.0), np.delete(a, t, axis=0), np.delete(noise, t)) for t in range(6)]
    for part in PARTS:
        values = np.array([getattr(other, part) for other in fewer])
        np.testing.assert_allclose(
            getattr(result, f"{part}_se"), np.sqrt(5 / 6 * np.sum((values - values.mean()) ** 2))
        )


def test_parts_add_up_and_the_excess_is_that_of_the_trials():
    population = power_law(40, 1.5, 0.5, noise_variance=0.2)
    ridges = np.array([[0.0], [0.1]])
    measured = bias_variance_experiment(population, 30, ridges, trials=7, seed=3)
    for part in PARTS:
        assert getattr(measured, part).shape == getattr(measured, f"{part}_se").shape == (2, 1)
    np.testing.assert_allclose(measured.bias + measured.variance, measured.excess, rtol=1e-12)
    np.testing.assert_allclose(measured.variance_data + measured.variance_noise, measured.variance, rtol=1e-12)
    signal, noise = 0.0, 0.0
    for child in np.random.SeedSequence((3, 30)).spawn(7):
        X, y = sample(population, 30, np.random.default_rng(child))
        u = ridge_path(X, X @ population.coefficients, ridges) - population.coefficients
        v = ridge_path(X, y - X @ population.coefficients, ridges)
        signal, noise = signal + u**2 @ population.eigenvalues / 7, noise + v**2 @ population.eigenvalues / 7
    np.testing.assert_allclose(measured.excess, signal + noise, rtol=1e-9)
    np.testing.assert_allclose(measured.variance_noise, noise, rtol=1e-9)


def test_no_noise_no_noise_variance_and_the_same_data_as_the_ridge_experiment():
    population = isotropic(20)
    measured = bias_variance_experiment(population, 12, 0.1, trials=5, seed=4)
    assert measured.variance_noise == measured.variance_noise_se == 0
    np.testing.assert_allclose(
        measured.excess, ridge_experiment(population, 12, 0.1, trials=5, seed=4).excess, rtol=1e-10
    )


def test_the_same_on_two_workers_and_from_disk(tmp_path):
    arguments = dict(population=isotropic(9, noise_variance=0.1), n=6, ridges=[0.0, 0.1], trials=4, seed=0)
    alone = bias_variance_experiment(**arguments)
    for again in (bias_variance_experiment(**arguments, n_jobs=2, cache=tmp_path) for _ in range(2)):
        for field in dataclasses.fields(alone):
            assert np.asarray(getattr(alone, field.name)).tobytes() == np.asarray(getattr(again, field.name)).tobytes()


@pytest.mark.parametrize(
    "change, words",
    [
        (dict(trials=2), "trials = 2"),
        (dict(n=-1), "n = -1"),
        (dict(ridges=-1), "ridges = -1"),
        (dict(population=None), "population = None"),
        (dict(seed="a"), "seed = 'a'"),
        (dict(distribution="?"), "distribution"),
    ],
)
def test_bad_input_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        bias_variance_experiment(**dict(population=isotropic(3), n=4, ridges=0.1, trials=3, seed=0) | change)
