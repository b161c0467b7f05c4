"""Leave-one-out against n refits, GCV and KARE against each other, and against errors on new points."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.theory import cross_validation as cv
from renorm.theory.kernels import gaussian_kernel, kernel_ridge, laplace_kernel, linear_kernel


def refits(gram, targets, ridge):
    """Leave each point out, train on the others with the same penalty n lambda, predict it."""
    n, found = len(gram), []
    for i in range(n):
        rest = np.arange(n) != i
        alpha = kernel_ridge(gram[np.ix_(rest, rest)], targets[rest], ridge * n / (n - 1))
        found.append(targets[i] - gram[i, rest] @ alpha)
    return np.array(found)


def sample(n, d, seed=0, outputs=None):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng.standard_normal(n if outputs is None else (n, outputs))


@pytest.mark.parametrize("ridge", [0.0, 1e-6, 0.03, 10.0])
@pytest.mark.parametrize(
    "kernel", [partial(gaussian_kernel, bandwidth=2.0), partial(laplace_kernel, bandwidth=2.0), linear_kernel]
)
def test_leave_one_out_is_leaving_one_out(kernel, ridge):
    X, y = sample(12, 15)  # with 15 features and 12 points K is invertible for every kernel
    gram = kernel(X)
    np.testing.assert_allclose(cv.leave_one_out(gram, y, ridge), refits(gram, y, ridge), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("n, d", [(12, 3), (12, 11), (5, 1)])
def test_without_ridge_and_with_few_features_it_is_that_of_least_squares(n, d):
    X, y = sample(n, d)
    hat = X @ np.linalg.pinv(X)
    expected = (y - hat @ y) / (1 - np.diag(hat))
    np.testing.assert_allclose(cv.leave_one_out(X @ X.T, y, 0.0), expected, rtol=1e-8)
    np.testing.assert_allclose(cv.leave_one_out(X @ X.T, y, 0.0), refits(X @ X.T, y, 0.0), rtol=1e-6, atol=1e-9)
    gcv = np.mean((y - hat @ y) ** 2) / (1 - d / n) ** 2
    assert cv.generalized_cross_validation(X @ X.T, y, 0.0) == pytest.approx(gcv, rel=1e-8)


def test_a_singular_gram_of_which_some_points_are_alone():
    """Points 0 and 1 are twins, point 2 is like no other, point 3 is zero."""
    gram = np.array([[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 2, 0], [0, 0, 0, 0]])
    y = np.array([1.0, 3.0, 5.0, 7.0])
    np.testing.assert_allclose(cv.leave_one_out(gram, y, 0.0), [-2, 2, 5, 7], atol=1e-12)
    np.testing.assert_allclose(refits(gram, y, 0.0), [-2, 2, 5, 7], atol=1e-12)


def test_singular_grams_are_the_limit_of_a_vanishing_ridge():
    X, y = sample(9, 4)
    gram = X @ X.T
    for estimate in (cv.leave_one_out, cv.generalized_cross_validation):
        np.testing.assert_allclose(estimate(gram, y, 0.0), estimate(gram, y, 1e-9), rtol=1e-6)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    n=st.integers(2, 12),
    d=st.integers(1, 14),
    log_ridge=st.floats(-4, 2),
    seed=st.integers(0, 10**6),
    outputs=st.one_of(st.none(), st.integers(1, 3)),
)
def test_identities_hold_for_any_data(n, d, log_ridge, seed, outputs):
    X, y = sample(n, d, seed, outputs)
    gram, ridge = X @ X.T, 10.0**log_ridge
    left_out = cv.leave_one_out(gram, y, ridge)
    assert left_out.shape == y.shape
    scale = np.abs(y).max() * (1 + 1 / ridge)
    np.testing.assert_allclose(left_out, refits(gram, y, ridge), rtol=1e-7, atol=1e-11 * scale)
    gcv = cv.generalized_cross_validation(gram, y, ridge)
    assert gcv.shape == y.shape[1:]
    hat = gram @ np.linalg.inv(gram + n * ridge * np.eye(n))
    np.testing.assert_allclose(gcv, np.mean((y - hat @ y) ** 2, axis=0) / (1 - np.trace(hat) / n) ** 2, rtol=1e-7)


@pytest.mark.parametrize("ridge", [1e-4, 0.01, 1.0])
def test_kare_is_gcv(ridge):
    X, y = sample(40, 10, outputs=3)
    gram = gaussian_kernel(X, bandwidth=2.0)
    np.testing.assert_allclose(
        cv.kernel_alignment_risk(gram, y, ridge), cv.generalized_cross_validation(gram, y, ridge), rtol=1e-12
    )


def test_gcv_is_leave_one_out_where_all_points_are_alike():
    """A circulant Gram matrix: points on a circle."""
    angles = 2 * np.pi * np.arange(16) / 16
    gram = gaussian_kernel(np.column_stack([np.cos(angles), np.sin(angles)]), bandwidth=0.5)
    y = np.random.default_rng(0).standard_normal(16)
    for ridge in (0.0, 0.1):
        loo = np.mean(cv.leave_one_out(gram, y, ridge) ** 2)
        assert cv.generalized_cross_validation(gram, y, ridge) == pytest.approx(loo, rel=1e-9)


def test_twins_part_gcv_from_leave_one_out():
    """Twenty near-twins of equal labels among forty lonely points: GCV is far too low; tosses: far too high."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 30))
    X[50:] = X[40:50] + 1e-3 * rng.standard_normal((10, 30))
    gram = laplace_kernel(X, bandwidth=8.0)
    same, tossed = np.sign(X[:, 0]), rng.choice([-1.0, 1.0], 60)
    same[50:] = same[40:50]
    low = cv.generalized_cross_validation(gram, same, 0.0) / np.mean(cv.leave_one_out(gram, same, 0.0) ** 2)
    high = cv.generalized_cross_validation(gram, tossed, 0.0) / np.mean(cv.leave_one_out(gram, tossed, 0.0) ** 2)
    assert low < 0.1 and high > 2


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((np.ones((3, 2)), np.ones(3), 0.1), "square"),
        ((np.eye(3), np.ones(2), 0.1), "targets"),
        ((np.eye(3), np.ones(3), -0.1), "ridge"),
        ((np.eye(3), np.ones(3), [0.1, 0.2]), "one number"),
        ((np.eye(1), np.ones(1), 0.1), "at least two"),
        ((np.array([[1.0, 0.5], [0.0, 1.0]]), np.ones(2), 0.1), "symmetric"),
    ],
)
@pytest.mark.parametrize(
    "estimate", [cv.leave_one_out, cv.generalized_cross_validation, cv.kernel_alignment_risk], ids=lambda f: f.__name__
)
def test_bad_arguments(estimate, arguments, message):
    with pytest.raises(ValueError, match=message):
        estimate(*arguments)
