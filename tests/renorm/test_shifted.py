"""Risk on shifted inputs: the unshifted case, closed forms, and simulation of fits that never saw the test inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.experiments.sampling import sample
from renorm.experiments.solver import ridge_path
from renorm.theory.population import Population, isotropic, power_law
from renorm.theory.ridge import ridge_risk
from renorm.theory.shifted import shifted_risk

steady = settings(derandomize=True, deadline=None, max_examples=100)
SPECTRA = st.lists(st.floats(1e-3, 10.0), min_size=1, max_size=12)


@steady
@given(SPECTRA, st.integers(1, 30), st.floats(1e-4, 5.0))
def test_without_a_shift_it_is_ridge_risk(s, n, ridge):
    population = Population(s, np.linspace(1, -2, len(s)), 0.3)
    risk = ridge_risk(population, n, ridge)
    for covariance in (population.eigenvalues, np.diag(population.eigenvalues)):
        shifted = shifted_risk(population, n, ridge, covariance)
        for name in ("kappa", "gamma", "bias", "variance", "excess"):
            assert getattr(shifted, name) == pytest.approx(getattr(risk, name), rel=1e-9), name
        assert shifted.gamma_test == pytest.approx(risk.gamma, rel=1e-9)


@steady
@given(SPECTRA, st.integers(1, 30), st.floats(1e-4, 5.0), st.integers(0, 99))
def test_the_error_is_linear_in_the_covariance_and_blind_to_the_frame(s, n, ridge, seed):
    rng = np.random.default_rng(seed)
    population = Population(s, rng.standard_normal(len(s)), 0.3)
    first, second = (a @ a.T for a in rng.standard_normal((2, len(s), len(s))))
    excess = [shifted_risk(population, n, ridge, c).excess for c in (first, second, 2 * first + 3 * second)]
    assert excess[2] == pytest.approx(2 * excess[0] + 3 * excess[1], rel=1e-9)


def test_least_squares_with_more_samples_than_dimensions():
    """kappa = 0: no bias, and sigma^2 Tr(Sigma' Sigma^-1) / (n - d)."""
    population = Population([4.0, 1.0], [1.0, 2.0], 0.5)
    shifted = shifted_risk(population, 10, 0.0, [1.0, 3.0])
    assert shifted.bias == 0 and shifted.excess == pytest.approx(0.5 * (1 / 4 + 3) / (10 - 2))


def test_a_direction_that_training_never_saw_is_missed_in_full():
    shifted = shifted_risk(Population([1.0, 0.0], [1.0, 3.0]), 5, [0.0, 0.1], [1.0, 2.0])
    assert shifted.excess[0] == pytest.approx(2 * 9)
    assert np.all(shifted.excess >= 18)


def test_many_at_once_is_one_by_one():
    population = power_law(20, 1.3, 0.4, noise_variance=0.1)
    n, ridge = np.array([[5], [40]]), np.array([1e-3, 0.1, 1.0])
    together = shifted_risk(population, n, ridge, np.arange(20.0)).excess
    alone = [[shifted_risk(population, m, r, np.arange(20.0)).excess for r in ridge] for m in n[:, 0]]
    np.testing.assert_allclose(together, alone, rtol=1e-13)


def test_at_the_peak_variance_is_infinite_unless_the_new_inputs_do_not_move():
    population = isotropic(10, noise_variance=1.0)
    assert shifted_risk(population, 10, 0.0, np.ones(10)).excess == np.inf
    assert shifted_risk(population, 10, 0.0, np.zeros(10)).excess == 0


def _covariances(d):
    rng = np.random.default_rng(5)
    frame, variances = np.linalg.qr(rng.standard_normal((d, d)))[0], np.arange(1.0, d + 1) ** -0.5
    return {
        "equal variances": np.full(d, 0.02),
        "another spectrum": np.diag(variances),
        "another frame": (frame * variances) @ frame.T,
    }


@pytest.mark.parametrize(("n", "ridge", "fits"), [(150, 1e-3, 800), (300, 1e-2, 400)])
def test_simulation(n, ridge, fits):
    """Fits on one covariance, tested on three others; a formula that is off by 3 % is refused."""
    population = power_law(200, 1.3, 0.5, noise_variance=0.3)
    covariances, rng = _covariances(200), np.random.default_rng(n)
    errors = {name: [] for name in covariances}
    for _ in range(fits):
        miss = ridge_path(*sample(population, n, rng), [ridge])[0] - population.coefficients
        for name, covariance in covariances.items():
            errors[name].append(miss @ (covariance * miss if covariance.ndim == 1 else covariance @ miss))
    for name, covariance in covariances.items():
        theory = shifted_risk(population, n, ridge, covariance).excess
        mean, se = np.mean(errors[name]), np.std(errors[name], ddof=1) / np.sqrt(fits)
        assert abs(mean - theory) < 3 * se, name
        for wrong in (0.97 * theory, 1.03 * theory):
            assert abs(mean - wrong) > 3 * se, name


@pytest.mark.parametrize(
    ("covariance", "message"),
    [
        ([1.0], "shape"),
        (np.ones((3, 3)), "shape"),
        ([1.0, -1.0], "variance"),
        ([[1.0, 0.5], [0.0, 1.0]], "symmetric"),
        ([1.0, np.nan], "covariance"),
    ],
)
def test_bad_input_is_named(covariance, message):
    with pytest.raises(ValueError, match=message):
        shifted_risk(isotropic(2), 5, 0.1, covariance)
