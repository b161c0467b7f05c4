"""The fixed point: sums that lose nothing, and the ends of what float64 holds."""

import numpy as np
import pytest
from yardstick import exact_kappa, relative_error

from renorm._numerics.fixed_point import compress, solve, split_df1
from renorm.theory.ridge import degrees_of_freedom, renormalized_ridge


def test_cost_is_that_of_the_distinct_eigenvalues():
    spectrum = compress(np.repeat([3.0, 1.0, 0.0], [10, 10**6, 5]))
    assert spectrum.values.tolist() == [1.0, 3.0]
    assert spectrum.counts.tolist() == [1e6, 10.0]
    assert spectrum.above.tolist() == [1e6 + 10, 10.0, 0.0]


def test_the_split_of_df1_loses_nothing():
    s = np.logspace(-20, 0, 30)
    kappa = np.logspace(-24, 3, 200)
    split = split_df1(compress(s), kappa)
    df1, df2 = degrees_of_freedom(s, kappa)
    np.testing.assert_allclose(split.above - split.rest, df1, rtol=1e-13)
    np.testing.assert_allclose(split.slope, np.sum(s * kappa[:, None] / (s + kappa[:, None]) ** 2, axis=1), rtol=1e-13)
    np.testing.assert_allclose(df1, np.sum(s / (s + kappa[:, None]), axis=1), rtol=1e-14)
    np.testing.assert_allclose(df2, np.sum((s / (s + kappa[:, None])) ** 2, axis=1), rtol=1e-14)


STEEP = np.maximum(np.exp(-5.0 * np.arange(300)), 1e-300)


def test_a_kappa_with_few_digits_has_all_of_them():
    """Below 2e-308 float64 holds fewer digits; the result is the nearest number that it holds."""
    n = np.nextafter(300, 0)
    expected = exact_kappa(STEEP, n, 0.0)
    assert expected < 1e-315
    assert abs(renormalized_ridge(STEEP, n, 0.0) - float(expected)) <= 5e-324
    grid = renormalized_ridge(STEEP, [100.0, n, n, 400.0], [0.0, 0.0, 1e-3, 0.0])
    np.testing.assert_array_equal(grid[[1, 3]], [float(expected), 0.0])
    assert relative_error(grid[0], exact_kappa(STEEP, 100.0, 0.0)) < 1e-13
    assert relative_error(grid[2], exact_kappa(STEEP, n, 1e-3)) < 1e-13


@pytest.mark.parametrize("unit", [1e-306, 1e-320])
@pytest.mark.parametrize("size", [3, 400])
def test_the_unit_does_not_matter(unit, size):
    s, n = np.array([1.0, 3.0, 7.0]), np.linspace(1.1, 5, size)
    tiny = s * unit
    ridge = np.linspace(0.5, 2, size) * unit
    found = renormalized_ridge(tiny, n, ridge)
    expected = renormalized_ridge(np.ldexp(tiny, 1000), n, np.ldexp(ridge, 1000))
    np.testing.assert_allclose(found, np.ldexp(expected, -1000), rtol=1e-13, atol=5e-324)


def test_what_is_too_far_apart_is_refused_by_name():
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="eigenvalues from .* n = 1.5, ridge = 0: too far"):
        solve(compress(np.array([5e-324, 1.7e308])), np.array([1.5]), np.array([0.0]))
