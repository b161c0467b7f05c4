"""Ridge paths against scikit-learn, against 50-digit arithmetic, and against the identities they must obey."""

import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from renorm.experiments import solver as ridge_solver
from renorm.experiments.solver import GRAM_CONDITION_LIMIT, centred, ridge_fits, ridge_path

EPS = np.finfo(float).eps


def data(n, d, seed=0, k=()):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng.standard_normal((n, *k))


def graded(n, d, smallest, seed=0):
    """A matrix whose singular values run from 1 down to ``smallest``, and targets with noise."""
    rng = np.random.default_rng(seed)
    m = min(n, d)
    left, right = (np.linalg.qr(rng.standard_normal((size, m)))[0] for size in (n, d))
    return (left * np.geomspace(1, smallest, m)) @ right.T, rng.standard_normal(n)


def exact_ridge(X, y, ridge):
    """The same minimizer in 50-digit arithmetic, by the normal equations."""
    with mpmath.workdps(50):
        n, d = X.shape
        A, b = mpmath.matrix(X.tolist()), mpmath.matrix(y.tolist())
        gram = A * A.T if n <= d else A.T * A
        for i in range(min(n, d)):
            gram[i, i] += n * mpmath.mpf(float(ridge))
        w = A.T * mpmath.lu_solve(gram, b) if n <= d else mpmath.lu_solve(gram, A.T * b)
        return np.array([float(value) for value in w])


def orthogonal_error(X, y, ridge, w):
    """What a backward stable orthogonal method may lose: κ and, where there is a residual, κ² (Wedin 1973)."""
    n, d = X.shape
    s = np.linalg.svd(X, compute_uv=False)
    top, low = (np.sqrt(value**2 + n * ridge) for value in (s[0], s[-1]))
    misfit = np.linalg.norm(y - X @ w) if n > d else 0.0
    kappa = top / low
    return 2 * np.sqrt(min(n, d)) * EPS * (kappa + kappa**2 * misfit / (top * np.linalg.norm(w)))


RIDGES = np.geomspace(1e-4, 1e3, 8)


@pytest.mark.parametrize("n, d", [(20, 60), (60, 20), (40, 40), (1, 5), (5, 1), (1, 1)])
@pytest.mark.parametrize("k", [(), (3,)])
def test_agrees_with_scikit_learn_whose_alpha_is_n_times_ours(n, d, k):
    X, y = data(n, d, k=k)
    path = ridge_path(X, y, RIDGES)
    assert path.shape == (len(RIDGES), d, *k)
    for ridge, w in zip(RIDGES, path, strict=True):
        expected = Ridge(alpha=n * ridge, fit_intercept=False, solver="svd").fit(X, y).coef_.T.reshape(w.shape)
        np.testing.assert_allclose(w, expected, rtol=1e-10, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("n, d", [(14, 14), (12, 20), (20, 12)])
@pytest.mark.parametrize("smallest", [1e-1, 1e-2, 1e-3, 0.9e-4, 1.1e-4, 1e-5, 1e-6])
def test_keeps_the_digits_of_an_orthogonal_factorization(n, d, smallest):
    X, y = graded(n, d, smallest)
    for ridge in (0.0, smallest**2 / n, 1e-3 * smallest):
        w, exact = ridge_path(X, y, ridge), exact_ridge(X, y, ridge)
        assert np.linalg.norm(w - exact) <= orthogonal_error(X, y, ridge, exact) * np.linalg.norm(exact)


@pytest.mark.parametrize("n, d", [(14, 14), (20, 12)])
def test_the_bound_above_would_catch_an_unrefined_gram_solution(n, d):
    X, y = graded(n, d, 1.1e-4)
    exact = exact_ridge(X, y, 0.0)
    plain = X.T @ np.linalg.solve(X @ X.T, y) if n <= d else np.linalg.solve(X.T @ X, X.T @ y)
    assert np.linalg.norm(plain - exact) > orthogonal_error(X, y, 0.0, exact) * np.linalg.norm(exact)


@pytest.mark.parametrize("ridge", [0.0, 1e-14, 1e-8, 1e-3, 1e14])
def test_gaussian_data_at_n_equals_d(ridge):
    X, y = data(25, 25, seed=3)
    exact = exact_ridge(X, y, ridge)
    assert np.linalg.norm(ridge_path(X, y, ridge) - exact) <= orthogonal_error(X, y, ridge, exact) * np.linalg.norm(
        exact
    )


@pytest.mark.parametrize("n, d, gram", [(10, 10, "dual Gram"), (10, 16, "dual Gram"), (16, 10, "primal Gram")])
def test_the_rule_that_chooses_the_factorization(n, d, gram):
    limit = GRAM_CONDITION_LIMIT**-0.5
    X, y = graded(n, d, 1.01 * limit)
    assert ridge_fits(X, y, [0.0, 1.0]).factorization == gram
    X, y = graded(n, d, 0.99 * limit)
    assert ridge_fits(X, y, [0.0, 1.0]).factorization == "SVD"
    X, y = graded(n, d, 1e-9)  # a penalty takes the place of the missing small singular values
    threshold = 1 / (GRAM_CONDITION_LIMIT - 1) / n
    assert ridge_fits(X, y, [1.01 * threshold, 1.0]).factorization == gram
    assert ridge_fits(X, y, [0.99 * threshold, 1.0]).factorization == "SVD"


@pytest.mark.parametrize("shape", [(30, 60), (60, 30), (30, 30)])
def test_one_factorization_serves_the_path(shape, monkeypatch):
    calls = []
    for name in ("eigh", "svd"):
        original = getattr(np.linalg, name)
        monkeypatch.setattr(np.linalg, name, lambda *a, f=original, m=name, **k: (calls.append(m), f(*a, **k))[1])
    ridge_path(*data(*shape), RIDGES)
    assert calls == ["eigh"]


@pytest.mark.parametrize("n, d", [(20, 50), (50, 20), (30, 30)])
def test_both_factorizations_give_the_same_everything(n, d, monkeypatch):
    X, y = data(n, d, k=(2,))
    ridges = [[0.0, 1e-10], [0.1, 10.0]]
    gram = ridge_fits(X, y, ridges)
    monkeypatch.setattr(ridge_solver, "GRAM_CONDITION_LIMIT", 1.0)
    svd = ridge_fits(X, y, ridges)
    assert gram.factorization != svd.factorization == "SVD"
    for name in ("coefficients", "residuals", "degrees_of_freedom", "gcv"):
        a, b = getattr(gram, name), getattr(svd, name)
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-10 * np.abs(b).max())


def test_primal_and_dual_solve_the_same_problem():
    X, y = data(24, 24, seed=5)
    shifts = 24 * RIDGES
    g, U = np.linalg.eigh(X @ X.T)
    h, V = np.linalg.eigh(X.T @ X)
    dual = ridge_solver._dual(X, y[:, None], shifts, g, U)
    primal = ridge_solver._primal(X, y[:, None], shifts, h, V)
    for a, b in zip(dual, primal, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(1, 12), st.integers(1, 12), st.floats(-12, 6), st.integers(0, 10**6))
def test_the_gradient_vanishes_and_the_residual_is_the_residual(n, d, exponent, seed):
    X, y = data(n, d, seed)
    ridge = 10.0**exponent
    fits = ridge_fits(X, y, ridge)
    w = fits.coefficients
    size = np.linalg.norm(X, 2) * (
        np.linalg.norm(y) + np.linalg.norm(X, 2) * np.linalg.norm(w)
    ) + n * ridge * np.linalg.norm(w)
    assert np.linalg.norm(X.T @ (y - X @ w) - n * ridge * w) <= 100 * EPS * size
    assert np.linalg.norm(fits.residuals - (y - X @ w)) <= 100 * EPS * (
        np.linalg.norm(y) + np.linalg.norm(X, 2) * np.linalg.norm(w)
    )


@pytest.mark.parametrize("n, d", [(20, 50), (50, 20), (30, 30)])
def test_ridge_zero_is_the_minimum_norm_solution(n, d):
    X, y = data(n, d)
    np.testing.assert_allclose(ridge_path(X, y, 0), np.linalg.lstsq(X, y)[0], rtol=1e-9, atol=1e-11)
    if n <= d:
        assert np.all(ridge_fits(X, y, 0).residuals == 0)  # it interpolates, by construction and not by rounding


@pytest.mark.parametrize("n, d, rank", [(20, 50, 7), (50, 20, 7), (30, 30, 29), (30, 30, 1)])
def test_data_without_full_rank(n, d, rank):
    rng = np.random.default_rng(rank)
    X = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, d))
    y = rng.standard_normal(n)
    fits = ridge_fits(X, y, [0.0, 1e-300, 1e-18, 1.0])
    assert fits.factorization == "SVD"
    least = np.linalg.pinv(X, rcond=1e-12) @ y  # by default it may take a rounding error for a direction
    for i in range(3):  # the path is continuous at zero: directions that are only rounding never count
        np.testing.assert_allclose(fits.coefficients[i], least, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(fits.residuals[i], y - X @ least, atol=1e-10)
    np.testing.assert_allclose(fits.degrees_of_freedom[:3], rank, rtol=1e-9)


def test_nothing_can_be_learned_from_zeros():
    fits = ridge_fits(np.zeros((3, 5)), [1.0, 2.0, 3.0], [0.0, 1.0])
    assert np.all(fits.coefficients == 0) and np.all(fits.degrees_of_freedom == 0)
    np.testing.assert_array_equal(fits.residuals, [[1, 2, 3]] * 2)
    np.testing.assert_allclose(fits.gcv, 14 / 3)


@pytest.mark.parametrize("n, d", [(15, 40), (40, 15), (25, 25)])
def test_degrees_of_freedom_and_cross_validation_by_brute_force(n, d):
    X, y = data(n, d)
    for ridge in (1e-3, 0.1, 10.0):
        fits = ridge_fits(X, y, ridge)
        hat = X @ np.linalg.solve(X.T @ X + n * ridge * np.eye(d), X.T)
        np.testing.assert_allclose(fits.degrees_of_freedom, np.trace(hat), rtol=1e-9)
        expected = np.mean((y - hat @ y) ** 2) / (1 - np.trace(hat) / n) ** 2
        np.testing.assert_allclose(fits.gcv, expected, rtol=1e-8)


@pytest.mark.parametrize("limit", [GRAM_CONDITION_LIMIT, 1.0])
def test_cross_validation_has_its_limit_where_the_data_are_interpolated(limit, monkeypatch):
    monkeypatch.setattr(ridge_solver, "GRAM_CONDITION_LIMIT", limit)
    X, y = data(15, 40)
    inverse = np.linalg.inv(X @ X.T)
    expected = np.mean((inverse @ y) ** 2) / np.mean(np.diag(inverse)) ** 2
    np.testing.assert_allclose(ridge_fits(X, y, [0.0, 1e-13]).gcv, expected, rtol=1e-9)


def test_any_shape_of_penalties():
    X, y = data(6, 4)
    path = ridge_path(X.tolist(), y.tolist(), [[0, 1], [2, 3]])
    assert path.shape == (2, 2, 4)
    np.testing.assert_allclose(path[1, 0], ridge_path(X, y, 2), rtol=1e-13)
    assert ridge_path(X, y, 2).shape == (4,)


@pytest.mark.parametrize(
    "X, y, ridges, named",
    [
        ([[1.0, np.nan]], [1.0], [1.0], "X = "),
        ([1.0, 2.0], [1.0, 2.0], [1.0], "X = "),
        (np.empty((0, 3)), [], [1.0], "X = "),
        ([["a"]], [1.0], [1.0], "X = "),
        ([[1.0], [2.0]], [1.0], [1.0], "len"),
        ([[1.0], [2.0]], [1.0, np.inf], [1.0], "y = "),
        ([[1.0]], 1.0, [1.0], "y has shape"),
        ([[1.0]], [[[1.0]]], [1.0], "y has shape"),
        ([[1.0]], [1.0], [-1e-9], "ridges = "),
        ([[1.0]], [1.0], [np.nan], "ridges = "),
        ([[1.0]], [1.0], [], "ridges = "),
    ],
)
def test_bad_input_is_named(X, y, ridges, named):
    with pytest.raises(ValueError, match=named):
        ridge_path(X, y, ridges)


def test_small_singular_values_count_until_they_are_rounding():
    np.testing.assert_allclose(ridge_path(np.diag([1.0, 1e-13]), [1.0, 1.0], 0), [1, 1e13], rtol=1e-12)
    np.testing.assert_allclose(ridge_path(np.diag([1.0, 1e-16]), [1.0, 1.0], 0), [1, 0], atol=1e-15)


@pytest.mark.parametrize("offset, warned", [(0.0, False), (0.5, False), (3.0, True)])
def test_an_intercept_that_is_missing_is_told_and_centring_mends_it(offset, warned):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 3))
    y = X @ [1.0, -1.0, 2.0] + offset + 0.5 * rng.standard_normal(60)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        ridge_path(X, y, [1e-3, 10.0])
    assert bool(told) == warned and all("centred(X, y)" in str(one.message) for one in told)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted = ridge_path(*centred(X, y), [1e-3, 10.0])
    with_intercept = [Ridge(alpha=60 * ridge).fit(X, y).coef_ for ridge in (1e-3, 10.0)]
    np.testing.assert_allclose(fitted, with_intercept, rtol=1e-9)


def test_an_exact_fit_of_uncentred_data_warns_of_nothing():
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((50, 80)), 100 + rng.standard_normal(50)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ridge_path(X, y, 0.0)
        ridge_path(np.ones((50, 1)), np.full(50, 7.0), 0.0)


def test_the_intercept_predicts():
    X, y = np.array([[1.0], [2.0], [4.0]]), np.array([[13.0, 1.0], [15.0, 2.0], [19.0, 4.0]])
    w = ridge_path(*centred(X, y), 0.0)
    np.testing.assert_allclose((np.array([[10.0]]) - X.mean(axis=0)) @ w + y.mean(axis=0), [[31.0, 10.0]])
