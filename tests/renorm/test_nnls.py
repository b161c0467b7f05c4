"""Least squares without negative weights: the conditions that make a solution the best."""

import numpy as np
import pytest

from renorm._numerics.nnls import nonnegative_least_squares


@pytest.mark.parametrize("seed", range(20))
def test_the_conditions_of_an_optimum_hold(seed):
    rng = np.random.default_rng(seed)
    A, b = rng.standard_normal((30, 9)) + 0.3, rng.standard_normal(30)
    x = nonnegative_least_squares(A, b)
    slope = A.T @ (A @ x - b)
    assert x.min() >= 0
    assert np.abs(slope[x > 0]).max(initial=0) < 1e-9 and slope[x == 0].min(initial=0) > -1e-9


def test_a_solution_without_negative_weights_is_found():
    rng = np.random.default_rng(0)
    A, x = rng.standard_normal((12, 5)), np.array([0.0, 2, 0, 1, 3])
    np.testing.assert_allclose(nonnegative_least_squares(A, A @ x), x, atol=1e-12)


def test_nearly_equal_columns_and_a_target_that_nothing_helps():
    A = np.column_stack([np.ones(6), np.ones(6) + 1e-13 * np.arange(6), np.zeros(6)])
    assert np.allclose(A @ nonnegative_least_squares(A, np.ones(6)), 1)
    assert not nonnegative_least_squares(A, -np.ones(6)).any()
