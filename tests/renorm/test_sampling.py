"""Samples have the covariance, the target and the tails that they are said to have."""

import numpy as np
import pytest

from renorm.experiments.sampling import DISTRIBUTIONS, sample
from renorm.theory.population import Population, isotropic

POPULATION = Population([4.0, 1.0, 0.25, 0.0], [1.0, -2.0, 0.5, 3.0], 0.5)
N = 40_000


def draw(distribution, dof=None, seed=0, n=N):
    return sample(POPULATION, n, np.random.default_rng(seed), distribution, dof)


@pytest.mark.parametrize("distribution, dof", [(name, 9.0 if "student" in name else None) for name in DISTRIBUTIONS])
def test_mean_covariance_and_labels(distribution, dof):
    X, y = draw(distribution, dof)
    assert X.shape == (N, 4) and y.shape == (N,)
    # five standard errors, each computed from the sample's own scatter
    assert np.all(np.abs(X.mean(axis=0)) <= 5 * X.std(axis=0) / np.sqrt(N))
    products = X[:, :, None] * X[:, None, :]
    gap = products.mean(axis=0) - np.diag(POPULATION.eigenvalues)
    assert np.all(np.abs(gap) <= 5 * products.std(axis=0) / np.sqrt(N) + 1e-12)
    noise = y - X @ POPULATION.coefficients
    assert abs(noise.var() - 0.5) <= 5 * 0.5 * np.sqrt(2 / N)
    assert np.all(np.abs(noise @ X / N) <= 5 * np.sqrt(0.5 * POPULATION.eigenvalues / N) + 1e-12)


def kurtosis(z):
    return np.mean(z**4, axis=0) / np.mean(z**2, axis=0) ** 2


@pytest.mark.parametrize(
    "distribution, dof, expected",
    [
        ("gaussian", None, 3),
        ("rademacher", None, 1),
        ("uniform", None, 9 / 5),
        ("student", 12, 3 + 6 / 8),
        ("student rows", 12, 3.75),
    ],
)
def test_shape_of_the_entries(distribution, dof, expected):
    z = sample(isotropic(5), N, 1, distribution, dof)[0]
    error = (z**4).std() / np.sqrt(z.size)
    assert np.all(np.abs(kurtosis(z.ravel()) - expected) <= 5 * error + 1e-12)


def test_only_student_rows_share_a_length():
    """E z_1² z_2² is 1 for independent entries and the kurtosis / 3 where a row has one common random length."""
    for distribution, expected in [("student", 1.0), ("student rows", 1.25)]:
        z = sample(isotropic(2), N, 2, distribution, 12)[0]
        joint = z[:, 0] ** 2 * z[:, 1] ** 2
        assert abs(joint.mean() - expected) <= 5 * joint.std() / np.sqrt(N)


def test_without_noise_labels_are_linear_and_a_seed_is_a_generator():
    X, y = sample(isotropic(6, signal=2.0), 7, 3)
    np.testing.assert_array_equal(y, X @ isotropic(6, signal=2.0).coefficients)
    again = sample(isotropic(6, signal=2.0), 7.0, np.random.default_rng(3))
    np.testing.assert_array_equal(X, again[0])


@pytest.mark.parametrize(
    "change, words",
    [
        (dict(population=[1.0, 2.0]), "population = "),
        (dict(n=0), "n = 0"),
        (dict(n=2.5), "n = 2.5"),
        (dict(rng=None), "rng = None"),
        (dict(rng=-1), "rng = -1"),
        (dict(distribution="cauchy"), "distribution = 'cauchy'.*'gaussian'"),
        (dict(distribution="student", dof=2), "dof = 2"),
        (dict(distribution="student rows", dof=np.nan), "dof = nan"),
        (dict(dof=5), "dof = 5.*'gaussian'"),
    ],
)
def test_bad_input_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        sample(**dict(population=POPULATION, n=3, rng=0) | change)
