"""How sharply a network's loss curves: exact Hessian-vector products, and the largest eigenvalue by power iteration."""

import numpy as np

from renorm._numerics.validate import generator, integer, positive
from renorm.networks.mlp import MLP

__all__ = ["hessian_vector", "network_sharpness"]

Lists = tuple[list[np.ndarray], list[np.ndarray]]


def hessian_vector(network: MLP, X, y, direction: Lists) -> Lists:
    """H v, H the Hessian of ``network.loss(X, y)`` in all weights and biases; v and H v are shaped like the gradient.

    The derivative of backpropagation along v (Pearlmutter 1994), exact away from the kinks of relu; costs about two
    gradients.

    >>> net = MLP((2, 2), rng=0, dtype=np.float64)
    >>> weights, biases = hessian_vector(net, [[1.0, 0.0]], [0], ([np.zeros((2, 2))], [np.array([1.0, 1.0])]))
    >>> biases[0].round(12) + 0.0  # adding the same number to all outputs changes nothing
    array([0., 0.])
    """
    hidden = network.activations(X)
    labels = network._targets(y, len(hidden[0]))
    probabilities = np.exp(hidden[-1] - hidden[-1].max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    at_output = probabilities.copy()
    at_output[np.arange(len(labels)), labels] -= 1
    deltas = network._derivatives(hidden, at_output / len(labels))
    moved = [np.zeros_like(hidden[0])]  # how the activations change along v
    for layer, (W, V, c) in enumerate(zip(network.weights, *direction, strict=True), 1):
        change = moved[-1] @ W + hidden[layer - 1] @ V + c
        moved.append(change * (hidden[layer] > 0) if layer < len(network.weights) else change)
    pull = probabilities * (moved[-1] - (probabilities * moved[-1]).sum(axis=1, keepdims=True)) / len(labels)
    in_weights, in_biases = [], []
    for layer in reversed(range(len(network.weights))):
        in_weights.insert(0, moved[layer].T @ deltas[layer] + hidden[layer].T @ pull)
        in_biases.insert(0, pull.sum(axis=0))
        pull = (pull @ network.weights[layer].T + deltas[layer] @ direction[0][layer].T) * (hidden[layer] > 0)
    return in_weights, in_biases


def network_sharpness(network: MLP, X, y, rng, *, tolerance: float = 1e-3, iterations: int = 200) -> float:
    """The largest eigenvalue of the loss's Hessian, by power iteration from a random direction, to about ``tolerance``.

    Full-batch gradient descent with a constant step drives it up to about 2/step, where it hovers while the loss still
    falls: the edge of stability (Cohen, Kaur, Li, Kolter and Talwalkar 2021). Once everything is fitted the Hessian of
    the cross-entropy dies away, and the sharpness with it. What power iteration finds is the eigenvalue of largest
    size, which in training is a positive one. Each iteration costs about two gradients.

    >>> net = MLP((3, 8, 2), rng=0, dtype=np.float64)
    >>> X, y = np.eye(3), [0, 1, 1]
    >>> network_sharpness(net, X, y, rng=1) > 0
    True
    """
    rng, tolerance = generator("rng", rng), float(positive("tolerance", tolerance))
    parameters = network.weights + network.biases
    vector = [rng.standard_normal(p.shape).astype(network.dtype) for p in parameters]
    eigenvalue, layers = np.inf, len(network.weights)
    for _ in range(integer("iterations", iterations)):
        length = np.sqrt(sum(float(np.sum(v**2)) for v in vector))
        if length == 0:
            return 0.0
        vector = [v / network.dtype.type(length) for v in vector]
        in_weights, in_biases = hessian_vector(network, X, y, (vector[:layers], vector[layers:]))
        previous, image = eigenvalue, in_weights + in_biases
        eigenvalue = sum(float(np.sum(v * w)) for v, w in zip(vector, image, strict=True))
        if abs(eigenvalue - previous) <= tolerance * abs(eigenvalue) / 10:
            break
        vector = image
    return eigenvalue
