"""Everything that one training set tells of kernel ridge regression with an intercept, from one decomposition.

The machine is f(x) = b + sum_i alpha_i k(x_i, x), its intercept b free of any penalty. It sees the Gram matrix only
through Kc = (1 - 11'/n) K (1 - 11'/n), which has the constant vector in its null space. On the n - 1 other directions,

    A = (Kc + n lambda)^(-1),      alpha = A y,      y_i - f_without_i(x_i) = alpha_i / A_ii,

and with h_j the mean over those directions of (t + lambda)^(-j), t the eigenvalues of Kc / n,

    1 / kappa = h_1,     1 - gamma = h_1^2 / h_2,     degrees of freedom = 1 + sum t / (t + lambda).

Every quantity below is a sum over eigenvalues, for as many penalties as are wanted.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics.validate import matrix, non_negative, real_array
from renorm.theory.kernels import check_gram

__all__ = ["OneSample", "from_columns", "from_gram"]


@dataclass(frozen=True)
class OneSample:
    """A training set of n rows as ridge regression with an intercept sees it.

    size         n
    eigenvalues  t (r,), the positive ones of Kc / n, largest first; r <= n - 1
    vectors      U (n, r), orthonormal and orthogonal to the constant vector
    targets      y minus its mean, (n,)
    """

    size: int
    eigenvalues: np.ndarray
    vectors: np.ndarray
    targets: np.ndarray

    @property
    def free(self) -> int:
        """n - 1, the directions that the intercept leaves."""
        return self.size - 1

    @property
    def unseen(self) -> int:
        """n - 1 - r: directions among the samples in which the kernel has nothing to say."""
        return self.free - self.eigenvalues.size

    def _weights(self, ridge) -> tuple[np.ndarray, np.ndarray]:
        """c / (t + ridge), (m, r), and c / ridge, (m,), for the unseen; c makes the limit ridge = 0 finite."""
        ridge = np.atleast_1d(non_negative("ridge", ridge))
        least = 0.0 if self.unseen else self.eigenvalues[-1]
        top = ridge + least
        weights = top[:, None] / (self.eigenvalues + ridge[:, None])
        return weights, np.full(ridge.shape, float(self.unseen > 0))

    def left_out(self, ridge) -> np.ndarray:
        """What is missed on each row by a fit, intercept included, to all the others; (m, n) for m penalties.

        The penalty n lambda stays as it is when a row is left out. Allen 1974; Golub, Heath and Wahba 1979.

        >>> X, y = np.array([[0.0], [1.0], [3.0]]), np.array([1.0, 2.0, 9.0])
        >>> from_columns(X, y).left_out(0.0).round(12)  # lines through the two other points
        array([[ 2.5       , -1.66666667,  5.        ]])
        """
        weights, rest = self._weights(ridge)
        seen = weights - rest[:, None]  # A = rest (1 - 11'/n) + U (weights - rest) U', times c
        residual = rest[:, None] * self.targets + (seen * (self.vectors.T @ self.targets)) @ self.vectors.T
        diagonal = rest[:, None] * (1 - 1 / self.size) + seen @ (self.vectors**2).T
        return residual / np.maximum(diagonal, 1e-300)

    def leave_one_out(self, ridge) -> np.ndarray:
        """The mean square of ``left_out``, (m,)."""
        return np.mean(self.left_out(ridge) ** 2, axis=1)

    def generalized_cross_validation(self, ridge) -> np.ndarray:
        """GCV, (m,): n |A y|^2 / (Tr A)^2, the diagonal of A replaced by its mean; KARE is the same number."""
        weights, rest = self._weights(ridge)
        squares = self.vectors.T @ self.targets
        outside = self.targets @ self.targets - squares @ squares
        total = weights**2 @ squares**2 + rest**2 * max(outside, 0.0)
        return self.size * total / (weights.sum(axis=1) + rest * self.unseen) ** 2

    def kappa(self, ridge) -> np.ndarray:
        """The renormalized ridge as this sample shows it, (m,): 1 / kappa = mean of 1 / (t + lambda)."""
        ridge = np.atleast_1d(non_negative("ridge", ridge))
        weights, rest = self._weights(ridge)
        least = 0.0 if self.unseen else self.eigenvalues[-1]
        return (ridge + least) * self.free / (weights.sum(axis=1) + rest * self.unseen)

    def gamma(self, ridge) -> np.ndarray:
        """1 - 1 / (d kappa / d lambda), (m,): the share of a sample's fluctuations that comes back as error."""
        weights, rest = self._weights(ridge)
        first = weights.sum(axis=1) + rest * self.unseen
        second = (weights**2).sum(axis=1) + rest**2 * self.unseen
        return 1 - first**2 / (self.free * second)

    def degrees_of_freedom(self, ridge) -> np.ndarray:
        """1 + sum t / (t + lambda), (m,): what the fit spends, its intercept included."""
        ridge = np.atleast_1d(non_negative("ridge", ridge))
        return 1 + (self.eigenvalues / (self.eigenvalues + ridge[:, None])).sum(axis=1)


def from_gram(gram, targets) -> OneSample:
    """From the Gram matrix K (n, n), symmetric, and the targets (n,). Cost n^3, memory three matrices of that size.

    >>> sample = from_gram([[2.0, 0.0], [0.0, 2.0]], [1.0, 3.0])  # one direction is left, of variance 1
    >>> sample.eigenvalues.round(12), sample.left_out(0.0).round(12)
    (array([1.]), array([[-2.,  2.]]))
    """
    gram, targets = check_gram(gram, targets)
    _one_output(targets)
    if len(gram) < 2:
        raise ValueError("gram has one row: must have at least two, or nothing is left")
    if not np.allclose(gram, gram.T, rtol=0, atol=1e-8 * np.abs(gram).max()):
        raise ValueError("gram is not symmetric: must equal its transpose")
    means = gram.mean(axis=0)
    s, U = np.linalg.eigh(gram - means - means[:, None] + means.mean())
    kept = s > len(gram) * np.finfo(float).eps * max(np.abs(s).max(), np.abs(gram).max())
    return OneSample(len(gram), s[kept][::-1] / len(gram), U[:, kept][:, ::-1], targets - targets.mean())


def from_columns(X, targets) -> OneSample:
    """The same for the linear kernel, from the rows X (n, d): cost n d min(n, d).

    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.standard_normal((20, 3)), rng.standard_normal(20)
    >>> bool(np.allclose(from_columns(X, y).left_out(0.1), from_gram(X @ X.T, y).left_out(0.1)))
    True
    """
    X, targets = matrix("X", X), real_array("targets", targets)
    if targets.shape[:1] != (len(X),):
        raise ValueError(f"targets has shape {targets.shape}: must be ({len(X)},)")
    _one_output(targets)
    if len(X) < 2:
        raise ValueError("X has one row: must have at least two, or nothing is left")
    U, g, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    kept = g > max(X.shape) * np.finfo(float).eps * max(g.max(), np.abs(X).max())
    return OneSample(len(X), g[kept] ** 2 / len(X), U[:, kept], targets - targets.mean())


def _one_output(targets) -> None:
    if targets.ndim != 1:
        raise ValueError(f"targets has shape {targets.shape}: must be one-dimensional")
