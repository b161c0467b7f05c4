"""A small multilayer perceptron in plain numpy, its training by stochastic gradient descent, its features and kernel.

Layer l computes h_l = relu(h_{l-1} W_l + b_l); the last layer has no relu. The loss is the mean cross-entropy of the
softmax of the last layer.
"""

import os
from dataclasses import dataclass, field

import numpy as np
from tqdm import tqdm

from renorm._numerics.products import product
from renorm._numerics.validate import generator, in_interval, integer, integers, non_negative, positive

__all__ = ["MLP", "History", "train"]


class MLP:
    """A fully connected ReLU network with ``sizes`` = (inputs, hidden widths ..., classes).

    Weights of a hidden layer start as N(0, 2/fan_in) (He et al. 2015), those of the last layer as N(0, 1/fan_in),
    biases at zero. ``dtype`` is float32 (fast) or float64 (for gradient checks). ``weights[l]`` has shape
    (sizes[l], sizes[l+1]), ``biases[l]`` shape (sizes[l+1],). Calling the network gives the outputs before the softmax.

    Raises ValueError for fewer than two sizes, sizes below one, another dtype, inputs of the wrong width.

    >>> net = MLP((4, 8, 3), rng=0)
    >>> net(np.zeros((5, 4))).shape, net.n_weights
    ((5, 3), 67)
    """

    def __init__(self, sizes, rng, dtype=np.float32):
        if np.ndim(sizes) != 1 or len(sizes) < 2:
            raise ValueError(
                f"sizes = {sizes!r}: must be (inputs, hidden widths ..., outputs), at least two whole numbers"
            )
        self.sizes = tuple(int(size) for size in integers("sizes", sizes))
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"dtype = {dtype!r}: must be float32 or float64")
        rng = generator("rng", rng)
        self.weights, self.biases = [], []
        for layer, (fan_in, fan_out) in enumerate(zip(self.sizes, self.sizes[1:], strict=False)):
            gain = 1 if layer == len(self.sizes) - 2 else 2
            W = rng.standard_normal((fan_in, fan_out)) * np.sqrt(gain / fan_in)
            self.weights.append(W.astype(self.dtype))
            self.biases.append(np.zeros(fan_out, self.dtype))

    @property
    def n_weights(self) -> int:
        """Number of trained numbers: weights and biases."""
        return sum(W.size + b.size for W, b in zip(self.weights, self.biases, strict=True))

    def _rows(self, X) -> np.ndarray:
        X = np.asarray(X)
        if X.ndim > 2:
            X = X.reshape(len(X), -1)
        if X.ndim != 2 or X.shape[1] != self.sizes[0]:
            raise ValueError(f"X has shape {np.shape(X)}: must be (n, {self.sizes[0]}), or images of that many numbers")
        return X.astype(self.dtype, copy=False)

    def activations(self, X) -> list[np.ndarray]:
        """[h_0 = X, h_1, ..., outputs]: what every layer computes, h_l of shape (n, sizes[l])."""
        hidden = [self._rows(X)]
        for W, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden.append(np.maximum(product(hidden[-1], W) + b, 0))
        return [*hidden, product(hidden[-1], self.weights[-1]) + self.biases[-1]]

    def __call__(self, X) -> np.ndarray:
        """Outputs before the softmax, (n, classes)."""
        return self.activations(X)[-1]

    def predict(self, X) -> np.ndarray:
        """The class with the largest output, (n,)."""
        return np.argmax(self(X), axis=1)

    def accuracy(self, X, y) -> float:
        """Fraction of rows of ``X`` whose predicted class is ``y``."""
        return float(np.mean(self.predict(X) == np.asarray(y)))

    def last_layer_features(self, X) -> np.ndarray:
        """What the last layer sees, (n, sizes[-2]), float64: the network is linear in these features."""
        return self.activations(X)[-2].astype(np.float64)

    def loss(self, X, y) -> float:
        """Mean cross-entropy -log softmax(outputs)[y]."""
        outputs = self(X).astype(np.float64)
        return float(_cross_entropy(outputs, self._targets(y, len(outputs))).mean())

    def _targets(self, y, n: int) -> np.ndarray:
        labels = integers("y", y, 0, self.sizes[-1] - 1).astype(np.int64)
        if labels.shape != (n,):
            raise ValueError(f"y has shape {labels.shape}: must be ({n},), one label per row of X")
        return labels

    def gradient(self, X, y) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Gradient of ``loss`` by backpropagation: two lists shaped like ``weights`` and ``biases``."""
        hidden = self.activations(X)
        labels = self._targets(y, len(hidden[0]))
        _, *gradients = _backpropagate(self, hidden, labels)
        return tuple(gradients)

    def _derivatives(self, hidden: list[np.ndarray], at_output: np.ndarray) -> list[np.ndarray]:
        """``at_output``, a derivative in the outputs, carried back to the sums before every relu, first layer first."""
        deltas = [at_output]
        for W, h in zip(self.weights[:0:-1], hidden[-2:0:-1], strict=True):
            deltas.insert(0, product(deltas[0], W.T) * (h > 0))
        return deltas

    def empirical_ntk(self, X1, X2=None) -> np.ndarray:
        """The network's tangent kernel at its present weights, averaged over the outputs, (n1, n2), float64.

        K(x, x') = (1/classes) sum_k  grad f_k(x) . grad f_k(x'), the gradient in all weights and biases. Each layer
        adds (h(x) . h(x') + 1) (delta(x) . delta(x')), so no Jacobian is stored. Jacot, Gabriel and Hongler (2018).

        >>> net = MLP((3, 4), rng=0)  # no hidden layer: K = x . x' + 1, whatever the weights
        >>> net.empirical_ntk([[1.0, 2.0, 0.0]], [[1.0, 1.0, 1.0]]).tolist()
        [[4.0]]
        """
        left = self.activations(X1)
        right = left if X2 is None else self.activations(X2)
        kernel = np.zeros((len(left[0]), len(right[0])))
        below = [
            product(a.astype(np.float64), b.T.astype(np.float64)) + 1
            for a, b in zip(left[:-1], right[:-1], strict=True)
        ]
        for row in np.eye(self.sizes[-1], dtype=self.dtype):
            deltas = [self._derivatives(h, np.tile(row, (len(h[0]), 1))) for h in (left, right)]
            for gram, a, b in zip(below, *deltas, strict=True):
                kernel += gram * product(a.astype(np.float64), b.T.astype(np.float64))
        return kernel / self.sizes[-1]


def _cross_entropy(outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]


def _backpropagate(net: MLP, hidden: list[np.ndarray], labels: np.ndarray):
    """Losses of the rows, gradients of their mean in weights and in biases."""
    losses = _cross_entropy(hidden[-1], labels)
    at_output = np.exp(hidden[-1] - hidden[-1].max(axis=1, keepdims=True))
    at_output /= at_output.sum(axis=1, keepdims=True)
    at_output[np.arange(len(labels)), labels] -= 1
    at_output /= len(labels)
    deltas = net._derivatives(hidden, at_output)
    return losses, [product(h.T, d) for h, d in zip(hidden[:-1], deltas, strict=True)], [d.sum(axis=0) for d in deltas]


@dataclass
class History:
    """What training did, one entry per finished epoch.

    loss: mean loss of the minibatches on their way through the epoch; train_accuracy, test_accuracy: at its end (the
    latter empty without a test set); interrupted: whether the keyboard stopped it.
    """

    loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)
    interrupted: bool = False

    @property
    def epochs(self) -> int:
        """Finished epochs."""
        return len(self.loss)

    def epochs_to_loss(self, level: float) -> int | None:
        """First epoch (from 1) with loss below ``level``; None if there is none."""
        return next((epoch for epoch, loss in enumerate(self.loss, 1) if loss < level), None)


def train(
    network: MLP,
    X,
    y,
    rng,
    *,
    test: tuple | None = None,
    epochs: int = 300,
    step: float = 0.01,
    momentum: float = 0.9,
    batch: int = 50,
    weight_decay: float = 0.0,
    stop_at: float | None = 1.0,
    verbose: bool = True,
) -> History:
    """Train ``network`` in place by stochastic gradient descent; returns the ``History``.

    v <- momentum v - step (gradient + weight_decay W),  W <- W + v, over minibatches of a new random order each epoch;
    biases do not decay. Stops after an epoch with training accuracy of at least ``stop_at`` (None: goes on
    to the end), or after ``epochs``. Interrupt the kernel (Ctrl-C) to stop early: the network keeps its weights and
    the history up to the last finished epoch is returned, with ``interrupted`` set.

    X: (n, inputs) or images (n, ...); y: labels (n,); test: (X_test, y_test), looked at but never learned from.
    The same ``rng`` seed gives the same run on the same machine; other linear algebra libraries round differently.
    ``step`` times the number of inputs must stay small: 0.05 at 64 standardized inputs, 0.01 at 784. The progress bar
    shows up only if the training takes more than a second, and never with TQDM_DISABLE=1 in the environment. Raises
    ValueError for bad arguments and if the loss is no longer finite (the step is too large).

    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.standard_normal((40, 8)), rng.integers(0, 2, 40)  # random labels
    >>> history = train(MLP((8, 64, 2), rng), X, y, rng, step=0.05, batch=10, verbose=False)
    >>> history.train_accuracy[-1]
    1.0
    """
    X, rng = network._rows(X), generator("rng", rng)
    y = network._targets(y, len(X))
    X_test, y_test = (None, None) if test is None else (network._rows(test[0]), np.asarray(test[1]))
    if test is not None:
        y_test = network._targets(y_test, len(X_test))
    epochs, batch = integer("epochs", epochs), integer("batch", batch)
    step, decay = float(positive("step", step)), float(non_negative("weight_decay", weight_decay))
    momentum = float(non_negative("momentum", momentum))
    stop_at = None if stop_at is None else float(in_interval("stop_at", stop_at, 0, 1))
    if momentum >= 1:
        raise ValueError(f"momentum = {momentum}: must lie in [0, 1)")
    velocity = [np.zeros_like(p) for p in network.weights + network.biases]
    history = History()
    quiet = not verbose or bool(os.environ.get("TQDM_DISABLE"))  # the bar of a notebook does not look there itself
    bar = tqdm(total=epochs, desc="training", unit="epoch", leave=False, delay=1.0, disable=quiet)
    try:
        for _ in range(epochs):
            history.loss.append(_epoch(network, X, y, rng, velocity, batch, step, momentum, decay))
            history.train_accuracy.append(network.accuracy(X, y))
            if test is not None:
                history.test_accuracy.append(network.accuracy(X_test, y_test))
            bar.update()
            bar.set_postfix(loss=f"{history.loss[-1]:.3f}", train=f"{history.train_accuracy[-1]:.1%}", refresh=False)
            if stop_at is not None and history.train_accuracy[-1] >= stop_at:
                break
    except KeyboardInterrupt:
        history.interrupted = True
        finished = len(history.test_accuracy if test is not None else history.train_accuracy)
        del history.loss[finished:], history.train_accuracy[finished:]
    finally:
        bar.close()
    return history


def _epoch(net: MLP, X, y, rng, velocity, batch: int, step: float, momentum: float, decay: float) -> float:
    """One pass over the data; returns the mean loss met on the way."""
    order, total = rng.permutation(len(X)), 0.0
    for start in range(0, len(X), batch):
        chosen = order[start : start + batch]
        losses, in_weights, in_biases = _backpropagate(net, net.activations(X[chosen]), y[chosen])
        total += float(losses.sum(dtype=np.float64))
        if not np.isfinite(total):
            raise ValueError(f"step = {step:g}: the loss is no longer finite; take a smaller step")
        if decay:
            for g, W in zip(in_weights, net.weights, strict=True):
                g += net.dtype.type(decay) * W
        for v, g, parameter in zip(velocity, in_weights + in_biases, net.weights + net.biases, strict=True):
            v *= net.dtype.type(momentum)
            v -= net.dtype.type(step) * g
            parameter += v
    return total / len(X)
