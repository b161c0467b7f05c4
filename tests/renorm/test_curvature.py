"""Curvature of networks: exact Hessian-vector products, and the edge of stability."""

import numpy as np
import pytest

from renorm.data.images import load_images, randomize, standardize
from renorm.networks.curvature import hessian_vector, network_sharpness
from renorm.networks.mlp import MLP, train


def flat(lists):
    return np.concatenate([a.ravel() for part in lists for a in part])


@pytest.mark.parametrize("sizes", [(4, 3), (4, 6, 3), (4, 6, 5, 3)])
def test_hessian_vector_is_the_derivative_of_the_gradient(sizes):
    rng = np.random.default_rng(2)
    net = MLP(sizes, rng, np.float64)
    X, y = rng.standard_normal((8, 4)), rng.integers(0, 3, 8)
    v = ([rng.standard_normal(W.shape) for W in net.weights], [rng.standard_normal(b.shape) for b in net.biases])
    exact, h, gradients = flat(hessian_vector(net, X, y, v)), 1e-6, []
    for sign in (1, -2):
        for part, change in zip(net.weights + net.biases, v[0] + v[1], strict=True):
            part += sign * h * change
        gradients.append(flat(net.gradient(X, y)))
    np.testing.assert_allclose(exact, (gradients[0] - gradients[1]) / (2 * h), atol=1e-8)


def test_network_sharpness_is_the_largest_eigenvalue():
    rng = np.random.default_rng(3)
    net = MLP((3, 6, 3), rng, np.float64)
    X, y = 2 * rng.standard_normal((10, 3)), rng.integers(0, 3, 10)
    shapes = [p.shape for p in net.weights + net.biases]
    columns = []
    for unit in np.eye(net.n_weights):
        parts = np.split(unit, np.cumsum([np.prod(shape) for shape in shapes])[:-1].astype(int))
        parts = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
        columns.append(flat(hessian_vector(net, X, y, (parts[:2], parts[2:]))))
    hessian = np.array(columns)
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-12)
    assert network_sharpness(net, X, y, 0) == pytest.approx(np.linalg.eigvalsh(hessian).max(), rel=2e-3)


def test_networks_train_at_the_edge_of_stability():
    """Random labels, full batch: sharpness rises to 2/step and stays around, where a linear model would explode."""
    data = randomize(load_images("digits", n_train=300), "random labels", rng=0)
    X, net, step, found = standardize(data.train_inputs), MLP((64, 50, 50, 10), rng=0, dtype=np.float64), 0.2, []
    options = dict(epochs=40, step=step, momentum=0.0, batch=300, stop_at=None, verbose=False)
    losses = [train(net, X, data.train_labels, 0, **options).loss[-1] for _ in range(1)]
    first = network_sharpness(net, X, data.train_labels, 1)
    for _ in range(6):
        losses.append(train(net, X, data.train_labels, 0, **options).loss[-1])
        found.append(network_sharpness(net, X, data.train_labels, 1))
    assert first < 0.8 * 2 / step
    assert min(found[1:]) > 0.9 * 2 / step and max(found) < 2 * 2 / step  # measured 11.8 to 14.3, 2/step = 10
    assert losses[-1] < 0.3 * losses[0]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: network_sharpness(MLP((2, 2), 0), [[1.0, 0.0]], [0], rng=0, tolerance=0), "tolerance"),
        (lambda: network_sharpness(MLP((2, 2), 0), [[1.0, 0.0]], [3], rng=0), "y = "),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
