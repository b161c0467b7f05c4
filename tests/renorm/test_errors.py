"""Errors measured in trials: their summaries, and digits that are not lost beside the noise."""

import dataclasses

import numpy as np
import pytest

from renorm.experiments.errors import excess_error
from renorm.experiments.ridge import ridge_experiment
from renorm.theory.population import Population, isotropic


def test_small_excess_keeps_its_digits_beside_the_noise():
    """The excess is not formed as test error less sigma²."""
    easy = Population([1.0], [1.0], noise_variance=1e4)
    silent = dataclasses.replace(easy, noise_variance=0.0)
    assert 0 < ridge_experiment(silent, 50, 1e-12, 2, 0).excess < 1e-20
    assert ridge_experiment(silent, 50, 1e-12, 2, 0).test == ridge_experiment(silent, 50, 1e-12, 2, 0).excess
    np.testing.assert_allclose(excess_error(easy, np.array([[1 + 1e-9], [3.0]])), [1e-18, 4.0], rtol=1e-6)


def test_summaries_are_those_of_the_trials():
    measured = ridge_experiment(isotropic(10, noise_variance=0.1), 8, [[0.1, 1.0]], trials=5, seed=0)
    values = measured.per_trial["test"]
    assert values.shape == (5, 1, 2) and measured.trials == 5 and measured.ridges.shape == (1, 2)
    np.testing.assert_array_equal(measured.test, values.mean(axis=0))
    np.testing.assert_allclose(measured.test_se, values.std(axis=0, ddof=1) / np.sqrt(5))
    np.testing.assert_array_equal(measured.median("test"), np.median(values, axis=0))
    np.testing.assert_array_equal(measured.train_se, measured.standard_error("train"))
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 0
    with pytest.raises(ValueError, match="name = 'bias'"):
        measured.mean("bias")
    assert np.isnan(ridge_experiment(isotropic(10), 8, 0.1, trials=1, seed=0).test_se)
    with pytest.raises(dataclasses.FrozenInstanceError):
        measured.ridges = 0


def test_the_median_is_calmer_than_the_mean_at_the_peak():
    measured = ridge_experiment(isotropic(40, noise_variance=1.0), 40, 0.0, trials=200, seed=0)
    assert measured.excess > 5 * measured.median("excess")
