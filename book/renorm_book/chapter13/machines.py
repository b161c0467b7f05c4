"""Random features on pictures: single machines, averages of several, and the kernel machine that they approach."""

import numpy as np

__all__ = ["effective_penalty", "fit_features", "kernel_fit", "relu_features"]


def relu_features(images, width: int, rng) -> np.ndarray:
    """``width`` random ReLU features z = sqrt(2/width) max(W x, 0), W standard normal: E z.z' is the arc-cosine kernel.

    images (count, pixels) -> (count, width).
    """
    return np.sqrt(2 / width) * np.maximum(images @ rng.standard_normal((images.shape[1], width)), 0)


def _ridge_solution(gram, y, ridges) -> np.ndarray:
    """(gram + n ridge)^-1 y for several ridges, (len(ridges), n)."""
    values, vectors = np.linalg.eigh(gram)
    turned = vectors.T @ y
    return np.array([vectors @ (turned / (values + len(y) * ridge)) for ridge in ridges])


def fit_features(Z, Z_new, y, ridges) -> np.ndarray:
    """Answers of ridge regression on features, (len(ridges), new); ridges larger than zero."""
    return _ridge_solution(Z @ Z.T, y, ridges) @ (Z @ Z_new.T)


def kernel_fit(gram, cross, y, ridges) -> np.ndarray:
    """The same for a kernel: gram (n, n), cross (n, new)."""
    return _ridge_solution(gram, y, ridges) @ cross


def effective_penalty(gram, width: int, ridge: float) -> float:
    """The penalty at which the kernel machine answers as the average of many machines with ``width`` features.

    It solves ridge = p (1 - df/width), df = Tr G (G + n p)^-1 on the training sample, by bisection. Jacot, Simsek,
    Spadaro, Hongler, Gabriel 2020 (there for Gaussian features).
    """
    values, n = np.clip(np.linalg.eigvalsh(gram), 0, None), len(gram)

    def bare(p):
        return p * (1 - np.sum(values / (values + n * p)) / width)

    low, high = ridge, ridge + values.sum() / width / n  # bare(p) >= p - trace / (n width)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if bare(middle) < ridge else (low, middle)
    return high
