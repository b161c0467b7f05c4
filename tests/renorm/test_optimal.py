"""The best ridge: flat there, unbeaten by any grid, and the one that scipy finds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from renorm.theory.optimal import optimal_ridge
from renorm.theory.population import Population, isotropic, power_law, spiked
from renorm.theory.ridge import ridge_risk

GOLDEN = power_law(500, capacity=1.3, source=0.9 / 2.6, noise_variance=0.3)
log_eigenvalues = st.lists(st.floats(-8, 8), min_size=1, max_size=12)
spectra = st.builds(
    lambda logs, repeats, zeros: np.concatenate([np.repeat(10.0 ** np.array(logs), repeats), np.zeros(zeros)]),
    log_eigenvalues,
    st.integers(1, 4),
    st.integers(0, 3),
)
property_test = settings(derandomize=True, deadline=None, max_examples=40)


@property_test
@given(spectra, st.integers(1, 40), st.floats(-6, 3).map(lambda power: 10.0**power))
def test_the_optimal_ridge_is_flat_and_unbeaten(s, n, noise_variance):
    w = 1 / (1.0 + np.arange(s.size))
    population = Population(s, w, noise_variance)
    if population.signal == 0:
        return
    best = optimal_ridge(population, n)
    least = ridge_risk(population, n, best).excess
    others = ridge_risk(population, n, np.r_[0.0, np.logspace(-14, 12, 400)]).excess
    assert least <= others.min() * (1 + 1e-10)
    if best > 0:
        beside = ridge_risk(population, n, best * np.array([1 - 1e-3, 1 + 1e-3])).test
        bend = (beside.sum() - 2 * ridge_risk(population, n, best).test) / 2
        assert abs(beside[1] - beside[0]) <= 0.02 * abs(bend) + 1e-13 * beside[0]


@pytest.mark.parametrize("population", [GOLDEN, spiked(300, [50.0, 9.0], alignment=0.3, noise_variance=2.0)])
def test_the_optimal_ridge_is_scipys(population):
    found = optimal_ridge(population, [40, 150, 900])
    for n, best in zip([40, 150, 900], found, strict=True):
        scipys = minimize_scalar(
            lambda u, n=n: ridge_risk(population, n, np.exp(u)).excess, bounds=(-15, 10), options={"xatol": 1e-9}
        )
        np.testing.assert_allclose(np.log(best), scipys.x, atol=1e-5)


def test_the_optimal_ridge_of_easy_and_hopeless_targets():
    clean = replace(GOLDEN, noise_variance=0.0)
    np.testing.assert_array_equal(optimal_ridge(clean, [500, 900]), [0.0, 0.0])
    np.testing.assert_array_equal(optimal_ridge(isotropic(50), [10, 50, 100]), 0.0)
    assert optimal_ridge(isotropic(50, 0.0, 1.0), 10) == np.inf
    tiny, huge = optimal_ridge(isotropic(50, 1.0, 1e-12), 10), optimal_ridge(isotropic(50, 1.0, 1e12), 10)
    np.testing.assert_allclose([tiny, huge], [5e-12, 5e12], rtol=1e-9)
    # strong, learnable spike over a flat bulk: the bulk regularizes enough, and zero is best (Kobak et al. 2020)
    assert optimal_ridge(spiked(1000, [101.0], signal=10.0, noise_variance=1.0), 64) == 0.0


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: optimal_ridge(GOLDEN, [3, 0]), ["n = [3 0]", "1 or larger"]),
        (lambda: optimal_ridge("gold", 3), ["population = 'gold'"]),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
