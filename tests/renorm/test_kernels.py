"""Kernels against Monte Carlo and 40 digits, kernel ridge against primal ridge."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.data.images import load_images
from renorm.theory import kernels as ke

SETTINGS = settings(derandomize=True, deadline=None, max_examples=40)
EVERY = [
    ke.linear_kernel,
    partial(ke.gaussian_kernel, bandwidth=2.0),
    partial(ke.laplace_kernel, bandwidth=2.0),
    ke.arc_cosine_kernel,
    partial(ke.arc_cosine_kernel, depth=3),
    ke.neural_tangent_kernel,
    partial(ke.neural_tangent_kernel, depth=3),
]


def points(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d))


# ------------------------------------------------------------------------------------------------ kernels


def test_distances_by_hand_even_far_from_the_origin():
    A, B = points(6, 4), points(5, 4, seed=1)
    by_hand = np.array([[((a - b) ** 2).sum() for b in B] for a in A])
    np.testing.assert_allclose(ke.squared_distances(A, B), by_hand, rtol=1e-12)
    np.testing.assert_allclose(ke.squared_distances(A + 1e6, B + 1e6), by_hand, rtol=1e-8)  # 1e6 * 1e-16 / spread
    own = ke.squared_distances(A)
    np.testing.assert_array_equal(np.diag(own), 0)
    np.testing.assert_allclose(own, own.T, atol=1e-14)


def test_gaussian_and_laplace_by_hand():
    A, B = points(4, 3), points(3, 3, seed=1)
    distance = np.array([[np.linalg.norm(a - b) for b in B] for a in A])
    np.testing.assert_allclose(
        ke.gaussian_kernel(A, B, bandwidth=1.7), np.exp(-(distance**2) / (2 * 1.7**2)), rtol=1e-12
    )
    np.testing.assert_allclose(ke.laplace_kernel(A, B, bandwidth=1.7), np.exp(-distance / 1.7), rtol=1e-12)


@pytest.mark.parametrize("kernel", EVERY)
def test_gram_matrices_are_symmetric_positive_and_consistent(kernel):
    X = points(40, 6)
    K = kernel(X)
    np.testing.assert_allclose(K, K.T, rtol=1e-13, atol=1e-13)
    assert np.linalg.eigvalsh(K).min() > -1e-12 * np.abs(K).max()
    np.testing.assert_allclose(K, kernel(X, X.copy()), rtol=1e-6)  # the diagonal through arccos keeps 8 digits
    np.testing.assert_allclose(K[:7, 9:20], kernel(X[:7], X[9:20]), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_diagonals_of_the_network_kernels(depth):
    X = points(20, 7) * np.linspace(0.01, 100, 20)[:, None]
    squares = (X**2).sum(axis=1)
    np.testing.assert_allclose(np.diag(ke.arc_cosine_kernel(X, depth=depth)), squares, rtol=1e-12)
    np.testing.assert_allclose(np.diag(ke.neural_tangent_kernel(X, depth=depth)), (depth + 1) * squares, rtol=1e-12)
    assert not ke.neural_tangent_kernel(np.vstack([X, np.zeros(7)]), depth=depth)[-1].any()


def test_network_kernels_are_the_averages_they_claim_to_be():
    """One hidden layer f = sqrt(2/m) sum a_j relu(w_j . x): features and gradients, averaged over random weights."""
    x, z = np.array([1.0, 2.0, -0.5]), np.array([0.3, 1.0, 1.5])
    rng, m = np.random.default_rng(0), 400_000
    W = rng.standard_normal((m, 3))
    u, v, a = W @ x, W @ z, rng.standard_normal(m)
    features = 2 * np.maximum(u, 0) * np.maximum(v, 0)
    tangent = features + 2 * a**2 * (u > 0) * (v > 0) * (x @ z)
    for drawn, kernel in ((features, ke.arc_cosine_kernel), (tangent, ke.neural_tangent_kernel)):
        assert abs(drawn.mean() - kernel([x], [z])[0, 0]) < 4 * drawn.std() / np.sqrt(m)


def test_deeper_kernels_follow_the_recursion():
    """The second layer sees Gaussian numbers whose covariance is the first layer's kernel."""
    X = points(2, 3, seed=4)
    rng, m = np.random.default_rng(1), 400_000
    first, tangent = ke.arc_cosine_kernel(X), ke.neural_tangent_kernel(X)
    u, v = np.linalg.cholesky(first) @ rng.standard_normal((2, m))
    second = 2 * np.maximum(u, 0) * np.maximum(v, 0)
    both = second + tangent[0, 1] * 2 * (u > 0) * (v > 0)
    assert abs(second.mean() - ke.arc_cosine_kernel(X, depth=2)[0, 1]) < 4 * second.std() / np.sqrt(m)
    assert abs(both.mean() - ke.neural_tangent_kernel(X, depth=2)[0, 1]) < 4 * both.std() / np.sqrt(m)


def test_network_kernels_to_forty_digits():
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workdps(40):
        for angle in (1e-7, 1e-4, 0.3, 1.5, 3.0, 3.1415):
            pair = np.array([[1.0, 0.0], [np.cos(angle), np.sin(angle)]])
            a, b = (mpmath.mpf(float(t)) for t in pair[1])
            length = mpmath.sqrt(a * a + b * b)
            t = mpmath.atan2(b, a)
            layer = (mpmath.sin(t) + (mpmath.pi - t) * mpmath.cos(t)) / mpmath.pi
            tangent = layer + mpmath.cos(t) * (mpmath.pi - t) / mpmath.pi
            # d layer / d cosine <= 1; d tangent / d cosine ~ 1/t, and the cosine carries 1e-16
            assert ke.arc_cosine_kernel(pair)[0, 1] == pytest.approx(float(layer * length), abs=1e-15)
            error = abs(ke.neural_tangent_kernel(pair)[0, 1] - float(tangent * length))
            assert error < 4e-16 * (2 + 1 / angle) + 1e-16 / max(np.pi - angle, 1e-4)


@pytest.mark.parametrize("kernel", EVERY)
def test_bad_points(kernel):
    for X1, X2, message in (
        ([1.0, 2.0], None, "X1"),
        ([[1.0, np.nan]], None, "X1"),
        ([[1.0, 2.0]], [[1.0]], "columns"),
        ([[1.0, 2.0]], [["a", "b"]], "X2"),
    ):
        with pytest.raises(ValueError, match=message):
            kernel(X1, X2)


def test_bad_parameters_of_kernels():
    for call in (
        lambda: ke.gaussian_kernel([[1.0]], bandwidth=0),
        lambda: ke.laplace_kernel([[1.0]], bandwidth=[1.0, 2.0]),
        lambda: ke.gaussian_kernel([[1.0]], bandwidth=np.inf),
        lambda: ke.arc_cosine_kernel([[1.0]], depth=0),
        lambda: ke.neural_tangent_kernel([[1.0]], depth=1.5),
    ):
        with pytest.raises(ValueError, match="bandwidth|depth"):
            call()


# ------------------------------------------------------------------------------------------------ regression


@SETTINGS
@given(st.integers(1, 12), st.integers(1, 12), st.floats(1e-6, 1e3), st.integers(0, 10**6))
def test_linear_kernel_is_primal_ridge(n, d, ridge, seed):
    X, y = points(n, d, seed), points(n, 1, seed + 1)[:, 0]
    w = np.linalg.solve(X.T @ X / n + ridge * np.eye(d), X.T @ y / n)
    np.testing.assert_allclose(X.T @ ke.kernel_ridge(X @ X.T, y, ridge), w, rtol=1e-6, atol=1e-9)


def test_scikit_learn_agrees_with_alpha_n_lambda():
    module = pytest.importorskip("sklearn.kernel_ridge")
    X, y, new = points(30, 4), points(30, 2, 1), points(5, 4, 2)
    ours = ke.fit_kernel(partial(ke.gaussian_kernel, bandwidth=1.5), X, y, ridge=0.02)
    theirs = module.KernelRidge(alpha=30 * 0.02, kernel="rbf", gamma=1 / (2 * 1.5**2)).fit(X, y)
    np.testing.assert_allclose(ours(new), theirs.predict(new), rtol=1e-10)


def test_many_ridges_are_one_by_one_and_solve_their_equation():
    K, y = ke.laplace_kernel(points(25, 3)), points(25, 2, 1)
    ridges = [0.0, 1e-8, 0.01, 3.0]
    together = ke.kernel_ridge(K, y, ridges)
    assert together.shape == (4, 25, 2)
    for ridge, alpha in zip(ridges, together, strict=True):
        np.testing.assert_allclose(alpha, ke.kernel_ridge(K, y, ridge), rtol=1e-9)
        np.testing.assert_allclose((K + 25 * ridge * np.eye(25)) @ alpha, y, atol=1e-11)


@pytest.mark.parametrize("n, d", [(30, 4), (10, 10), (6, 20)])
def test_ridgeless_is_minimum_norm_also_without_full_rank(n, d):
    X, y = points(n, d), points(n, 1, 1)[:, 0]
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for alpha in (ke.kernel_ridge(X @ X.T, y, 0.0), ke.kernel_ridge(X @ X.T, y, [0.0])[0]):
        np.testing.assert_allclose(X.T @ alpha, w, rtol=1e-8, atol=1e-10)
    tiny = ke.kernel_ridge(X @ X.T, y, 1e-9)
    np.testing.assert_allclose(X.T @ tiny, w, rtol=1e-4, atol=1e-5)


def test_repeated_points_share_their_weight():
    """A singular Gram matrix: the least norm solution splits a double point evenly and predicts the mean label."""
    X = np.array([[0.0], [0.0], [3.0]])
    f = ke.fit_kernel(ke.gaussian_kernel, X, [1.0, 3.0, 0.0])
    assert f.dual[0] == pytest.approx(f.dual[1], rel=1e-12)
    np.testing.assert_allclose(f(X), [2.0, 2.0, 0.0], atol=1e-12)


def test_norm_is_that_of_the_weights_and_grows_with_noise():
    X, y = points(20, 50), points(20, 3, 1)
    f = ke.fit_kernel(ke.linear_kernel, X, y)
    assert f.norm == pytest.approx(np.linalg.norm(X.T @ f.dual), rel=1e-12)
    np.testing.assert_allclose(f(X), y, atol=1e-11)
    data = load_images("digits", n_train=400)
    kernel = partial(ke.gaussian_kernel, bandwidth=1.5)
    truth = np.where(data.train_labels % 2, 1.0, -1.0)
    noise = np.random.default_rng(0).choice([-1.0, 1.0], 400)
    fits = [ke.fit_kernel(kernel, data.train_inputs, target) for target in (truth, noise)]
    assert fits[1].norm > 2 * fits[0].norm
    for fitted, target in zip(fits, (truth, noise), strict=True):
        np.testing.assert_allclose(fitted(data.train_inputs), target, atol=1e-8)
    assert np.mean(np.sign(fits[0](data.test_inputs)) == np.where(data.test_labels % 2, 1, -1)) > 0.95


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([[1.0, 2.0]], [1.0], 0.1), "square"),
        (([[1.0, 2.0], [0.0, 1.0]], [1.0, 2.0], 0.1), "symmetric"),
        ((np.eye(2), [1.0], 0.1), "targets has shape"),
        ((np.eye(2), np.zeros((2, 1, 1)), 0.1), "targets has shape"),
        ((np.eye(2), [1.0, np.nan], 0.1), "targets"),
        ((np.eye(2), [1.0, 2.0], -0.1), "ridge = -0.1"),
        ((np.eye(2), [1.0, 2.0], [0.1, -1.0]), "ridge"),
        (([[np.inf]], [1.0], 0.1), "gram"),
    ],
)
def test_bad_regressions(arguments, message):
    with pytest.raises(ValueError, match=message):
        ke.kernel_ridge(*arguments)


def test_bad_fit():
    with pytest.raises(ValueError, match="kernel_ridge takes several"):
        ke.fit_kernel(ke.linear_kernel, [[1.0]], [1.0], ridge=[0.1, 0.2])


def test_a_kernel_is_a_function_and_its_name_is_not():
    with pytest.raises(ValueError, match=r"kernel = 'rbf': must be a function of .*gaussian_kernel"):
        ke.fit_kernel("rbf", [[0.0], [1.0]], [1.0, -1.0])
