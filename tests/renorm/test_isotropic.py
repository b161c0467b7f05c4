"""Closed forms for isotropic data: golden numbers, and the general theory."""

import numpy as np
import pytest

from renorm.theory.isotropic import (
    isotropic_optimal_excess,
    isotropic_optimal_ridge,
    isotropic_renormalized_ridge,
    isotropic_ridge_excess,
    isotropic_ridgeless_excess,
)
from renorm.theory.optimal import optimal_ridge
from renorm.theory.population import isotropic
from renorm.theory.ridge import ridge_risk


def test_golden_numbers_of_isotropic_data():
    found = [float(isotropic_renormalized_ridge(c, ridge)) for c in (0.5, 2.0) for ridge in (0.05, 0.5)]
    np.testing.assert_allclose(found, [0.092214438511, 0.5**0.5, 1.095635610526, 1.780776406404], rtol=1e-11)
    assert isotropic_ridgeless_excess(0.5, 1.0, 0.5) == 0.5
    assert isotropic_ridgeless_excess(2.0, 1.0, 0.5) == 1.0
    assert isotropic_optimal_ridge(0.5, 1.0, 0.5) == 0.25
    np.testing.assert_allclose(isotropic_optimal_excess([0.5, 2.0], 1.0, 0.5), [0.28077640640, 0.5**0.5], rtol=1e-10)
    # Nakkiran et al. 2021, Figure 1: d = 500, sigma = 0.5, |w| = 1: n times the best ridge is 125, whatever n
    np.testing.assert_allclose(optimal_ridge(isotropic(500, 1.0, 0.25), [100, 900]) * [100, 900], 125, rtol=1e-9)


@pytest.mark.parametrize("aspect", [0.01, 0.5, 0.999, 1.0, 1.001, 2.0, 100.0])
def test_isotropic_closed_forms(aspect):
    d = 10_000
    n, ridges = d / aspect, np.array([0.0, 1e-12, 1e-3, 0.7, 30.0, 1e9])
    population = isotropic(d, 2.0, 0.7)
    risk = ridge_risk(population, n, ridges)
    np.testing.assert_allclose(risk.kappa, isotropic_renormalized_ridge(d / n, ridges), rtol=1e-12)
    np.testing.assert_allclose(risk.excess, isotropic_ridge_excess(d / n, ridges, 2.0, 0.7), rtol=1e-12)
    np.testing.assert_allclose(risk.excess[0], isotropic_ridgeless_excess(d / n, 2.0, 0.7), rtol=1e-12)
    best = optimal_ridge(population, n)
    np.testing.assert_allclose(best, isotropic_optimal_ridge(d / n, 2.0, 0.7), rtol=1e-9)
    np.testing.assert_allclose(
        ridge_risk(population, n, best).excess, isotropic_optimal_excess(d / n, 2.0, 0.7), rtol=1e-12
    )


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: isotropic_renormalized_ridge(0, 1), ["aspect = 0", "positive"]),
        (lambda: isotropic_ridge_excess([1, 2], [1, 2, 3]), ["aspect", "(2,)", "(3,)", "broadcast"]),
        (lambda: isotropic_optimal_ridge(1, signal=0), ["signal = 0", "positive"]),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
