"""Theorem 1 of Zhang et al. (ICLR 2017), built: a two-layer ReLU network with 2n + d weights that fits any labels."""

from dataclasses import dataclass

import numpy as np

from renorm._numerics.validate import generator, matrix, real_array, same_length

__all__ = ["MemorizingNetwork", "memorizing_network"]

ATTEMPTS = 20
FRACTION = 0.01  # where a threshold lies between its neighbours; above 1/2 the weights explode (see memorizing_network)


@dataclass(frozen=True)
class MemorizingNetwork:
    """c(x) = sum_j weights[j] relu(direction . x - thresholds[j]); call it with rows (m, d) to get (m,).

    direction: (d,); thresholds, weights: (n,), thresholds increasing; projections: (n,), the sorted direction . x_i of
    the sample it was built on (not part of the network, kept for ``matrix``).
    """

    direction: np.ndarray
    thresholds: np.ndarray
    weights: np.ndarray
    projections: np.ndarray

    def __call__(self, X) -> np.ndarray:
        X = matrix("X", X)
        if X.shape[1] != len(self.direction):
            raise ValueError(f"X has shape {X.shape}: must be (m, {len(self.direction)})")
        z, width = X @ self.direction, max(1, 10**7 // len(self.thresholds))
        blocks = [z[start : start + width] for start in range(0, len(z), width)]
        return np.concatenate([np.maximum(block[:, None] - self.thresholds, 0) @ self.weights for block in blocks])

    @property
    def n_weights(self) -> int:
        """2n + d: n thresholds, n output weights, d for the direction all hidden units share."""
        return self.direction.size + self.thresholds.size + self.weights.size

    def matrix(self) -> np.ndarray:
        """A_ij = relu(z_i - b_j) for the sorted sample, (n, n): lower triangular, so that A w = y can be solved."""
        return np.maximum(self.projections[:, None] - self.thresholds, 0)

    @property
    def condition(self) -> float:
        """Ratio of the largest to the smallest singular value of ``matrix()``; costs O(n^3)."""
        return float(np.linalg.cond(self.matrix()))


def memorizing_network(X, y, rng) -> MemorizingNetwork:
    """A ReLU network with 2n + d weights that takes the values ``y`` (n,) on the distinct rows of ``X`` (n, d).

    A random direction a makes all z_i = a . x_i distinct. Sort them and put thresholds between them,
    b_1 < z_1 < b_2 < z_2 < ... < b_n < z_n. Then A_ij = relu(z_i - b_j) is lower triangular with a positive diagonal
    and A w = y has a solution (Zhang et al., ICLR 2017, Theorem 1). c is piecewise linear: with
    b_j = z_{j-1} + theta (z_j - z_{j-1}) its slope s_j right of b_j obeys
    (y_j - y_{j-1})/(z_j - z_{j-1}) = theta s_{j-1} + (1 - theta) s_j, which is solved here in O(n log n) without the
    matrix, and w_j = s_j - s_{j-1}. The recursion multiplies an error by -theta/(1 - theta): stable only for
    theta <= 1/2; theta = 0.01 is used (derived here). The theorem is about what a network can express: the weights are
    huge, and rounding limits the accuracy to about 1e-16 max|w| |z|.

    Raises ValueError for rows that are not distinct (or so close that no direction separates them in float64).

    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.standard_normal((100, 5)), rng.integers(0, 10, 100)  # random labels
    >>> net = memorizing_network(X, y, rng)
    >>> net.n_weights, bool(np.all(np.rint(net(X)) == y))
    (205, True)
    """
    X, y, rng = matrix("X", X), real_array("y", y), generator("rng", rng)
    if y.ndim != 1:
        raise ValueError(f"y has shape {y.shape}: must be one-dimensional")
    same_length(X=X, y=y)
    if len(np.unique(X, axis=0)) < len(X):
        raise ValueError(
            f"X has {len(X)} rows of which only {len(np.unique(X, axis=0))} are distinct: must be distinct"
        )
    for _ in range(ATTEMPTS):
        direction = rng.standard_normal(X.shape[1])
        z = X @ direction
        order = np.argsort(z)
        z, gaps = z[order], np.diff(z[order])
        if len(z) == 1 or gaps.min() > 1e-13 * np.abs(z).max():
            break
    else:
        raise ValueError("X has rows so close to each other that float64 cannot separate them along a direction")
    first = gaps.mean() if len(z) > 1 else 1.0
    gaps, jumps = np.append(first, gaps), np.diff(y[order], prepend=0.0)
    thresholds = z - (1 - FRACTION) * gaps
    slopes = np.empty(len(z))
    slopes[0] = jumps[0] / (z[0] - thresholds[0])
    for j in range(1, len(z)):
        left, right = thresholds[j] - z[j - 1], z[j] - thresholds[j]
        slopes[j] = (jumps[j] - left * slopes[j - 1]) / right
    return MemorizingNetwork(direction, thresholds, np.diff(slopes, prepend=0.0), z)
