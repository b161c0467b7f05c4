"""Negative ridges: Kobak's example, the edge of the spectrum, the branch, and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.theory.negative_ridge import (
    least_ridge,
    negative_ridge_risk,
    optimal_signed_ridge,
    renormalized_negative_ridge,
)
from renorm.theory.optimal import optimal_ridge
from renorm.theory.population import Population, isotropic, power_law, spiked
from renorm.theory.random_matrices import marchenko_pastur_support, spectral_support
from renorm.theory.ridge import renormalized_ridge, ridge_risk

# Kobak, Lomond, Sanchez 2020: Sigma = I + 0.1 * ones, weights along the spike, signal-to-noise 10, 64 samples of 1000
KOBAK = spiked(1000, spikes=[101.0], signal=10.0, noise_variance=1.0)


def test_golden_numbers_of_kobak():
    best = optimal_signed_ridge(KOBAK, 64)
    risk, without = negative_ridge_risk(KOBAK, 64, best), ridge_risk(KOBAK, 64, 0.0)
    np.testing.assert_allclose([64 * best, best], [-151.5, -2.37], rtol=2e-3)
    np.testing.assert_allclose([risk.kappa, risk.excess], [12.23, 0.2430], rtol=5e-4)
    np.testing.assert_allclose([without.kappa, without.excess], [14.82, 0.2571], rtol=5e-4)
    nearby = negative_ridge_risk(KOBAK, 64, best * np.array([0.99, 1.01])).excess
    assert np.all(nearby > risk.excess)


def test_theory_inside_simulation_at_a_negative_ridge():
    population, n, ridge = spiked(300, [31.0], signal=10.0, noise_variance=1.0), 40, -1.5
    rng = np.random.default_rng(7)
    scale, w, errors = np.sqrt(population.eigenvalues), population.coefficients, []
    for _ in range(200):
        X = rng.standard_normal((n, w.size)) * scale
        y = X @ w + rng.standard_normal(n)
        dual = np.linalg.solve(X @ X.T / n + ridge * np.eye(n), y / n)
        errors.append([(ridge * n) ** 2 * np.mean(dual**2), np.sum(population.eigenvalues * (X.T @ dual - w) ** 2)])
    mean, error = np.mean(errors, axis=0), np.std(errors, axis=0, ddof=1) / np.sqrt(len(errors))
    risk = negative_ridge_risk(population, n, ridge)
    np.testing.assert_array_less(np.abs(mean - [risk.train, risk.excess]), 3 * error + 0.03 * mean)
    assert np.all(error < 0.06 * mean)


@pytest.mark.parametrize("aspect", [1.001, 1.5, 4.0, 100.0])
def test_the_edge_is_marchenko_and_pasturs(aspect):
    low, _ = marchenko_pastur_support(aspect)
    n = 3000 / aspect
    np.testing.assert_allclose(least_ridge(np.full(3000, 2.0), n), -2 * low, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("n", [3, 17, 90, 99.5])
def test_the_edge_is_that_of_the_spectrum(n):
    s = np.arange(1, 101.0) ** -1.2
    np.testing.assert_allclose(least_ridge(s, n), -spectral_support(s, n)[0, 0], rtol=1e-11)


spectra = st.lists(st.floats(-4, 4), min_size=3, max_size=12).map(lambda logs: 10.0 ** np.array(logs))


@settings(derandomize=True, deadline=None, max_examples=40)
@given(spectra, st.floats(0.0, 0.999))
def test_kappa_on_the_branch(s, share):
    n = s.size - 1.5
    ridge = share * least_ridge(s, n)
    kappa = renormalized_negative_ridge(s, n, ridge)
    risk = negative_ridge_risk(Population(s, np.ones(s.size), 0.1), n, ridge)
    assert kappa > 0
    assert risk.gamma <= 1
    assert risk.kappa == kappa <= renormalized_ridge(s, n, 0.0)
    np.testing.assert_allclose(kappa * (1 - np.sum(s / (s + kappa)) / n), ridge, atol=1e-13 * kappa)
    np.testing.assert_allclose(1 / risk.susceptibility, 1 - risk.gamma, atol=1e-13)
    np.testing.assert_allclose(np.sqrt(risk.train / risk.test), risk.df1 / n - 1, atol=1e-13)


def test_it_joins_the_ordinary_theory_at_zero():
    population = power_law(200, 1.2, 0.5, noise_variance=0.1)
    ordinary, joined = ridge_risk(population, 80, 0.0), negative_ridge_risk(population, 80, 0.0)
    np.testing.assert_allclose(joined.test, ordinary.test, rtol=1e-13)
    beside = negative_ridge_risk(population, 80, -1e-9)
    slope = (ordinary.kappa - beside.kappa) / 1e-9
    np.testing.assert_allclose(slope, ordinary.susceptibility, rtol=1e-5)


def test_where_nothing_below_zero_is_better():
    noisy = power_law(200, 1.2, 0.5, noise_variance=1.0)
    assert optimal_signed_ridge(noisy, 80) == optimal_ridge(noisy, 80) > 0
    assert optimal_signed_ridge(isotropic(50, 1.0, 0.5), 100) == pytest.approx(0.25)
    assert optimal_signed_ridge(isotropic(50, 0.0, 0.5), 10) == np.inf


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: least_ridge([1.0] * 4, 4), ["n = 4", "below the rank, 4"]),
        (lambda: least_ridge([1.0] * 4, 0.5), ["n = 0.5", "1 or larger"]),
        (lambda: renormalized_negative_ridge([1.0] * 400, 100, -1.0), ["ridge = -1.0", "least_ridge = -1.0"]),
        (lambda: renormalized_negative_ridge([1.0] * 400, 100, 0.1), ["ridge = 0.1", "not above 0"]),
        (lambda: renormalized_negative_ridge([1.0] * 4, [1, 2], [0, 0, 0]), ["(2,)", "(3,)", "broadcast"]),
        (lambda: negative_ridge_risk("p", 1, 0), ["population = 'p'"]),
        (lambda: negative_ridge_risk(isotropic(4), 5, -0.1), ["n = 5", "below the rank"]),
        (lambda: optimal_signed_ridge(isotropic(4), [1, 2]), ["n = [1, 2]", "single number"]),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
