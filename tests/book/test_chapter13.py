"""What chapter 13 says of ensembles, by the theory's identities and by simulation."""

import chapter13_checks as checks
import numpy as np
import pytest

from renorm import random_feature_risk
from renorm.experiments.random_features import random_feature_experiment
from renorm_book.chapter13 import figures, machines


def test_features_of_a_kernel():
    checks.check_features(machines)


def test_fits_on_features():
    checks.check_fits(machines)


def test_many_narrow_machines_are_one_wide_one():
    checks.check_penalty(machines)


@pytest.mark.parametrize("n, width, ridge", [(100, 50, 1e-4), (100, 100, 1e-3), (60, 200, 0.01)])
def test_an_infinite_ensemble_is_a_wide_machine_with_a_larger_penalty(n, width, ridge):
    """(13.3), for the error and for every part of it that is left."""
    many = random_feature_risk(figures.world(0.1), n, width, ridge).ensemble(np.inf)
    one = random_feature_risk(figures.world(0.1), n, np.inf, ridge / (1 - many.df1 / width))
    np.testing.assert_allclose([many.excess, many.bias, many.kappa2], [one.excess, one.bias, one.kappa2], rtol=1e-8)


@pytest.mark.parametrize("noise", [0.1, 0.5])
def test_no_free_lunch(noise):
    """With the best ridge of a fine grid, the error rises with the number of machines that share the features."""
    for total in (200, 400, 800):
        tuned = [figures._excess(noise, 100, total // K, None, K) for K in figures.MEMBERS]
        assert np.all(np.diff(tuned) > -1e-4 * tuned[0]) and tuned[0] < tuned[-1]


def test_what_features_add_is_divided_by_the_number_of_machines():
    """Simulated, eight machines against one, on the peak; a theory that divided nothing is refused."""
    errors = {
        K: random_feature_experiment(figures.world(0.1), 60, 60, 0.01, trials=60 // K + 20, seed=4, members=K)
        for K in (1, 8)
    }
    for K, found in errors.items():
        theory = random_feature_risk(figures.world(0.1), 60, 60, 0.01).ensemble(K).excess
        assert abs(found.excess - theory) < 3.5 * found.excess_se + theory / 60
    assert errors[1].excess - 4 * errors[1].excess_se > errors[8].excess + 4 * errors[8].excess_se


def test_the_map_has_no_second_machine_where_the_penalty_is_best():
    assert not np.any(figures.bought(0.5, None) == 2) and np.mean(figures.bought(0.5, 0.0001) == 2) > 0.1
