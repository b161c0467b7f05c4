"""The memorizing network against its matrix."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renorm.data.images import load_images
from renorm.networks.memorizing import memorizing_network

SETTINGS = settings(derandomize=True, deadline=None, max_examples=30)


def test_memorizing_network_has_2n_plus_d_weights_and_fits_random_labels():
    data = load_images("digits", n_train=1000)
    y = np.random.default_rng(0).integers(0, 10, 1000)
    net = memorizing_network(data.train_inputs, y, rng=0)
    assert net.n_weights == 2 * 1000 + 64
    assert np.abs(net(data.train_inputs) - y).max() < 1e-5  # measured 2e-8; 1e-16 max|w| |z| n is 1e-6
    assert np.mean(np.rint(net(data.test_inputs)) == data.test_labels) < 0.3


def test_memorizing_network_is_the_one_of_the_theorem():
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((40, 6)), rng.standard_normal(40)
    net = memorizing_network(X, y, rng)
    z = np.sort(X @ net.direction)
    np.testing.assert_array_equal(net.projections, z)
    assert np.all(net.thresholds < z) and np.all(net.thresholds[1:] > z[:-1])  # b_1 < z_1 < b_2 < z_2 < ...
    A = net.matrix()
    np.testing.assert_array_equal(A, np.tril(A))
    assert np.all(np.diag(A) > 0)
    np.testing.assert_allclose(A, np.maximum(z[:, None] - net.thresholds[None, :], 0))
    by_solving = np.linalg.solve(A, y[np.argsort(X @ net.direction)])
    np.testing.assert_allclose(net.weights, by_solving, rtol=1e-6)  # condition ~ 1e5..1e6 times 1e-16, with room
    assert net.condition == pytest.approx(np.linalg.cond(A))
    by_hand = sum(w * max(X[3] @ net.direction - b, 0) for w, b in zip(net.weights, net.thresholds, strict=True))
    assert net(X[3:4])[0] == pytest.approx(by_hand, abs=1e-9)


@SETTINGS
@given(st.integers(1, 60), st.integers(1, 8), st.integers(0, 2**32 - 1), st.floats(-3, 3))
def test_memorizing_network_fits_any_values_of_any_size(n, d, seed, exponent):
    rng = np.random.default_rng(seed)
    X, y = 10.0**exponent * rng.standard_normal((n, d)), rng.standard_normal(n)
    net = memorizing_network(X, y, rng)
    rounding = 1e-15 * n * np.abs(net.weights).max() * np.ptp(np.append(net.projections, net.thresholds))
    assert (
        np.abs(net(X) - y).max() <= 1e-12 + rounding + 1e-15 * np.abs(net.weights).max() * np.abs(net.projections).max()
    )
    assert net.n_weights == 2 * n + d


def test_memorizing_network_is_evaluated_in_blocks_alike():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((3000, 4)), rng.integers(0, 2, 3000)
    net = memorizing_network(X, y, 0)
    many = np.tile(X, (2, 1))  # 6000 rows x 3000 units: more than one block
    np.testing.assert_allclose(net(many)[3000:], net(X), atol=1e-6)
    np.testing.assert_array_equal(memorizing_network(X, y, 0).weights, net.weights)


@pytest.mark.parametrize(
    "X, y, message",
    [
        ([[1.0, 2.0], [1.0, 2.0]], [0, 1], "only 1 are distinct"),
        ([[1.0, 2.0], [1.0, 2.0]], [1, 1], "only 1 are distinct"),
        ([[1.0, 1.0], [1.0, 1.0 + 1e-15]], [0, 1], "float64 cannot separate"),
        ([1.0, 2.0], [0, 1], "X"),
        ([[1.0], [2.0]], [0, 1, 2], "must be equal"),
        ([[1.0], [2.0]], [[0], [1]], "one-dimensional"),
        ([[1.0], [np.nan]], [0, 1], "X"),
        ([[1.0], [2.0]], [0, np.inf], "y"),
        (np.zeros((0, 3)), [], "X"),
    ],
)
def test_bad_memorizing(X, y, message):
    with pytest.raises(ValueError, match=message):
        memorizing_network(X, y, rng=0)


def test_bad_call_of_the_memorizing_network():
    net = memorizing_network([[1.0, 0.0], [2.0, 1.0]], [0, 1], rng=0)
    with pytest.raises(ValueError, match=r"must be \(m, 2\)"):
        net([[1.0, 2.0, 3.0]])
