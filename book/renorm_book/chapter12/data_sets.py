"""Fourteen data sets on which forecasts are made and then compared with what happens.

Pictures come with the book, worlds are drawn. The tables and a photograph come with scikit-learn, the landscape with
matplotlib: the experiment needs both, readers do not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from renorm import gaussian_kernel, load_images
from renorm.networks.mlp import MLP, train
from renorm.theory.kernels import laplace_kernel, linear_kernel, squared_distances

__all__ = ["DATA_SETS", "KERNELS", "DataSet", "gram_of", "median_distance"]

KERNELS = ("linear", "gaussian", "laplace")
EVEN, SHOULDERS = (0, 2, 4, 6, 8), (0, 2, 3, 4, 6)


@dataclass(frozen=True)
class DataSet:
    """make: () -> X (N, d), y (N,); n: the rows a forecast is made from."""

    title: str
    make: Callable
    n: int


def _standard(X):
    deviation = X.std(axis=0)
    return (X - X.mean(axis=0))[:, deviation > 0] / deviation[deviation > 0]


def _table(name: str):
    import sklearn.datasets

    data = getattr(sklearn.datasets, f"load_{name}")()
    if name == "wine":  # the intensity of a wine's colour from twelve other measurements
        return _standard(np.delete(data.data, 9, axis=1)), data.data[:, 9].copy()
    return _standard(data.data), data.target if name == "diabetes" else 2.0 * data.target - 1


def _pictures(name: str, yes: tuple, size: int = 4000):
    data = load_images(name)
    X = np.concatenate([data.train_inputs, data.test_inputs])
    labels = np.concatenate([data.train_labels, data.test_labels])
    rows = np.random.default_rng(0).permutation(len(X))[:size]
    return X[rows], np.where(np.isin(labels[rows], yes), 1.0, -1.0)


def _tossed(data, share: float, seed: int):
    """A share of the labels replaced by tosses of a coin."""
    (X, y), rng = data, np.random.default_rng(seed)
    return X, np.where(rng.random(len(y)) < share, rng.choice([-1.0, 1.0], len(y)), y)


def _world(capacity: float, source: float, noise: float, seed: int, size: int = 3000, d: int = 1000):
    rng, k = np.random.default_rng(seed), np.arange(1, d + 1.0)
    s = k**-capacity
    w = np.sqrt(k ** -(1 + 2 * capacity * source) / s) * rng.choice([-1, 1], d)
    w /= np.sqrt(s @ w**2)
    X = rng.standard_normal((size, d)) * np.sqrt(s)
    return X, X @ w + noise**0.5 * rng.standard_normal(size)


def _friedman(size: int = 4000):
    """Friedman's first function of ten uniform numbers, five of which matter, with noise of variance one."""
    rng = np.random.default_rng(1)
    X = rng.random((size, 10))
    y = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]) + 20 * (X[:, 2] - 0.5) ** 2 + 10 * X[:, 3] + 5 * X[:, 4]
    return _standard(X), y + rng.standard_normal(size)


def _landscape(size: int = 4000):
    """Heights of a stretch of Tennessee, from two coordinates."""
    import matplotlib

    heights = np.load(matplotlib.get_data_path() + "/sample_data/jacksboro_fault_dem.npz")["elevation"].astype(float)
    at = np.random.default_rng(2).permutation(heights.size)[:size]
    return _standard(np.column_stack(np.unravel_index(at, heights.shape)).astype(float)), heights.ravel()[at]


def _photograph(size: int = 4000):
    """The grey of one pixel, from 24 around it that leave a gap of one."""
    from sklearn.datasets import load_sample_image

    grey, rng = load_sample_image("china.jpg").mean(2) / 255, np.random.default_rng(3)
    height, width = grey.shape
    r, c = rng.integers(4, height - 4, size), rng.integers(4, width - 4, size)
    steps = [(a, b) for a in range(-4, 5, 2) for b in range(-4, 5, 2) if (a, b) != (0, 0)]
    return np.stack([grey[r + a, c + b] for a, b in steps], axis=1), grey[r, c]


def _features(size: int = 4000):
    """The last layer of a small network trained on other digits."""
    data = load_images("mnist")
    X = np.concatenate([data.train_inputs, data.test_inputs])
    labels = np.concatenate([data.train_labels, data.test_labels])
    rows, rng = np.random.default_rng(5).permutation(len(X)), np.random.default_rng(6)
    net = MLP([784, 64, 10], rng)
    train(net, X[rows[:3000]], labels[rows[:3000]], rng, epochs=10)
    rows = rows[3000 : 3000 + size]
    return net.last_layer_features(X[rows]).astype(float), np.where(np.isin(labels[rows], EVEN), 1.0, -1.0)


DATA_SETS = {
    "diabetes": DataSet("diabetes", lambda: _table("diabetes"), 50),
    "digits": DataSet("small digits", lambda: _pictures("digits", EVEN), 200),
    "mnist": DataSet("digits", lambda: _pictures("mnist", EVEN), 250),
    "mnist_half": DataSet("digits, half random", lambda: _tossed(_pictures("mnist", EVEN), 0.5, 7), 250),
    "world_noise": DataSet("noisy world", lambda: _world(1.3, 0.5, 0.3, seed=0), 250),
    "friedman": DataSet("Friedman's function", _friedman, 200),
    "cancer": DataSet("breast cancer", lambda: _table("breast_cancer"), 60),
    "wine": DataSet("wines", lambda: _table("wine"), 36),
    "fashion": DataSet("clothes", lambda: _pictures("fashion-mnist", SHOULDERS), 250),
    "fashion_fifth": DataSet("clothes, ⅕ random", lambda: _tossed(_pictures("fashion-mnist", SHOULDERS), 0.2, 8), 250),
    "elevation": DataSet("landscape", _landscape, 250),
    "patches": DataSet("photograph", _photograph, 250),
    "network": DataSet("network features", _features, 250),
    "world_clean": DataSet("noiseless world", lambda: _world(1.6, 0.4, 0.0, seed=9), 250),
}


def median_distance(X) -> float:
    """Median distance between 500 of the rows, the kernels' bandwidth."""
    few = X[np.random.default_rng(0).permutation(len(X))[:500]]
    return float(np.median(np.sqrt(squared_distances(few))[np.triu_indices(len(few), 1)]))


def gram_of(X, kernel: str) -> np.ndarray:
    """The Gram matrix of all rows, its mean diagonal one."""
    if kernel == "linear":
        K = linear_kernel(X - X.mean(axis=0))
    else:
        K = {"gaussian": gaussian_kernel, "laplace": laplace_kernel}[kernel](X, bandwidth=median_distance(X))
    return K / np.mean(np.diag(K))
