"""kappa2 of random features and what is left of the smaller of n and width, against 60 digits."""

import mpmath as mp
import numpy as np
import pytest

from renorm._numerics.feature_fixed_point import INFINITESIMAL, solve

S = np.array([1.0, 0.5, 0.5, 0.1, 1e-3, 0.0])
ENERGIES = np.array([1.0, 2.0, 0.5, 3.0, 4.0, 0.25])


def exact(tail, n, width, ridge):
    """kappa2 by bisection of the equation itself, and min(n, width) - df1."""
    with mp.workdps(60):
        s, tail, ridge = [mp.mpf(float(a)) for a in S if a > 0], mp.mpf(tail), mp.mpf(float(ridge))
        factors = [mp.mpf(float(m)) for m in (n, width) if np.isfinite(m)]

        def df1(kappa):
            return mp.fsum(a / (a + kappa) for a in s) + tail / kappa

        def too_large(kappa):
            free = [1 - df1(kappa) / m for m in factors]
            return all(f > 0 for f in free) and kappa * mp.fprod(free) > ridge

        low, high = mp.mpf("1e-60"), mp.mpf("1e6")
        for _ in range(260):
            middle = mp.sqrt(low * high)
            low, high = (low, middle) if too_large(middle) else (middle, high)
        return low, (min(factors) - df1(low) if factors else mp.inf)


@pytest.mark.parametrize("ridge", [1e-25, 1e-9, 0.3, 1e4])
@pytest.mark.parametrize("tail", [0.0, 0.2])
@pytest.mark.parametrize("n, width", [(2, 4), (4, 2), (3, 3), (5, 9), (20, 30), (3, np.inf), (np.inf, 4)])
def test_kappa2_and_the_rest_lose_no_digits(n, width, tail, ridge):
    found = solve(S, ENERGIES, tail, *(np.array([float(a)]) for a in (n, width, ridge)))
    kappa2, free = exact(tail, n, width, ridge)
    assert abs(found.kappa2[0] / kappa2 - 1) < 1e-12
    assert abs(found.free[0] / free - 1) < 1e-11


def test_sums_are_those_at_kappa2():
    n, width, ridge = np.array([3.0, 8.0, np.inf]), np.array([4.0, 2.0, np.inf]), np.array([0.1, 1e-3, 0.5])
    found = solve(S, ENERGIES, 0.2, n, width, ridge)
    p = S / (S + found.kappa2[:, None])
    np.testing.assert_allclose(found.df1, p.sum(1) + 0.2 / found.kappa2, rtol=1e-13)
    np.testing.assert_allclose(found.df2, (p**2).sum(1), rtol=1e-13)
    np.testing.assert_allclose(found.df1_minus_df2, (p * (1 - p)).sum(1) + 0.2 / found.kappa2, rtol=1e-12)
    np.testing.assert_allclose(found.missed, (1 - p) ** 2 @ ENERGIES, rtol=1e-12)
    np.testing.assert_allclose(found.crossed, (p * (1 - p)) @ ENERGIES, rtol=1e-12)
    assert found.free[2] == np.inf and found.kappa2[2] == 0.5


def test_no_ridge_is_the_limit():
    for n, width in ((2.0, 4.0), (20.0, 30.0)):
        none, little = (solve(S, ENERGIES, 0.0, np.array([n]), np.array([width]), np.array([r])) for r in (0.0, 1e-30))
        np.testing.assert_allclose(none.df1, little.df1, rtol=1e-13)
        assert none.kappa2[0] == pytest.approx(little.kappa2[0], abs=1e-28) and INFINITESIMAL < 1e-280
