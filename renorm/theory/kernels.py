"""Kernels and kernel ridge regression.

Convention: f = sum_i alpha_i k(x_i, .) with alpha = (K + n lambda)^(-1) y minimizes (1/n) |y - f(X)|^2 + lambda |f|^2,
|f| the norm of the kernel's function space; scikit-learn's ``alpha`` is n lambda.

A kernel is any function of (X1, X2) that returns the matrix k(x1_i, x2_j); called with X1 alone it returns the Gram
matrix of X1, with an exact diagonal. Fix parameters with ``functools.partial(gaussian_kernel, bandwidth=5.0)``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from renorm._numerics.products import product
from renorm._numerics.validate import integer, matrix, non_negative, positive, real_array

__all__ = [
    "KernelPredictor",
    "arc_cosine_kernel",
    "fit_kernel",
    "gaussian_kernel",
    "kernel_ridge",
    "laplace_kernel",
    "linear_kernel",
    "neural_tangent_kernel",
    "squared_distances",
]


def _pair(X1, X2) -> tuple[np.ndarray, np.ndarray]:
    X1 = matrix("X1", X1)
    X2 = X1 if X2 is None else matrix("X2", X2)
    if X1.shape[1] != X2.shape[1]:
        raise ValueError(f"X1 has {X1.shape[1]} columns, X2 has {X2.shape[1]}: must be equal")
    return X1, X2


def _scale(name: str, value) -> float:
    if np.ndim(value) != 0:
        raise ValueError(f"{name} = {value!r}: must be a single positive number")
    return float(positive(name, value))


def squared_distances(X1, X2=None) -> np.ndarray:
    """|x1_i - x2_j|^2, shape (n1, n2); with X1 alone symmetric and exactly zero on the diagonal.

    |x|^2 + |x'|^2 - 2 x . x' after subtracting the mean of X1, so that a common offset costs no digits. Absolute error
    about 1e-16 times the largest squared norm, which is what nearly equal points of X1 and X2 are left with.

    >>> squared_distances([[0.0, 0.0], [3.0, 4.0]])
    array([[ 0., 25.],
           [25.,  0.]])
    """
    X1, X2 = _pair(X1, X2)
    center = X1.mean(axis=0)
    A = X1 - center
    B = A if X2 is X1 else X2 - center
    squares = np.maximum((A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * product(A, B.T), 0)
    if X2 is X1:
        np.fill_diagonal(squares, 0)
    return squares


def linear_kernel(X1, X2=None) -> np.ndarray:
    """k = x . x', shape (n1, n2).

    >>> linear_kernel([[1.0, 2.0]], [[3.0, 4.0]])
    array([[11.]])
    """
    X1, X2 = _pair(X1, X2)
    return product(X1, X2.T)


def gaussian_kernel(X1, X2=None, bandwidth: float = 1.0) -> np.ndarray:
    """k = exp(-|x - x'|^2 / (2 bandwidth^2)), shape (n1, n2).

    >>> gaussian_kernel([[0.0]], [[2.0]]).round(12)
    array([[0.13533528]])
    """
    return np.exp(squared_distances(X1, X2) / (-2 * _scale("bandwidth", bandwidth) ** 2))


def laplace_kernel(X1, X2=None, bandwidth: float = 1.0) -> np.ndarray:
    """k = exp(-|x - x'| / bandwidth), shape (n1, n2), Euclidean distance.

    >>> laplace_kernel([[0.0]], [[2.0]]).round(12)
    array([[0.13533528]])
    """
    return np.exp(np.sqrt(squared_distances(X1, X2)) / -_scale("bandwidth", bandwidth))


def _angles(X1, X2) -> tuple[np.ndarray, np.ndarray]:
    """Products of norms, and cosines of angles between rows; a zero row has cosine 0 with every row."""
    X1, X2 = _pair(X1, X2)
    lengths1, lengths2 = np.linalg.norm(X1, axis=1), np.linalg.norm(X2, axis=1)
    products = lengths1[:, None] * lengths2
    cosines = np.divide(product(X1, X2.T), products, out=np.zeros(products.shape), where=products > 0)
    if X2 is X1:
        np.fill_diagonal(cosines, np.where(lengths1 > 0, 1.0, 0.0))
    return products, np.clip(cosines, -1, 1)


def _one_layer(cosines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosines after one infinitely wide ReLU layer, 2 E[relu(u) relu(v)], and its derivative, 2 P(u > 0, v > 0)."""
    angles = np.arccos(cosines)
    derivative = 1 - angles / np.pi
    # written so that both terms stay accurate as the angle goes to zero: (1 - c)(1 + c) does not cancel
    return np.sqrt((1 - cosines) * (1 + cosines)) / np.pi + cosines * derivative, derivative


def arc_cosine_kernel(X1, X2=None, depth: int = 1) -> np.ndarray:
    """The kernel (NNGP) of an infinitely wide random ReLU network with ``depth`` hidden layers, (n1, n2).

    k = |x| |x'| c_depth, c_0 the cosine of the angle between x and x', c_(l+1) = (sin t + (pi - t) cos t) / pi at
    t = arccos c_l. Weights N(0, 2/fan_in), no biases, so that k(x, x) = |x|^2 at every depth. Cho and Saul 2009.

    >>> arc_cosine_kernel([[1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]).round(6)
    array([[1.     , 0.31831, 0.     ]])
    """
    products, cosines = _angles(X1, X2)
    for _ in range(integer("depth", depth)):
        cosines = np.clip(_one_layer(cosines)[0], -1, 1)
    return products * cosines


def neural_tangent_kernel(X1, X2=None, depth: int = 1) -> np.ndarray:
    """The tangent kernel of the same infinitely wide network, all layers trained, (n1, n2).

    k = |x| |x'| theta_depth, theta_0 = c_0, theta_(l+1) = c_(l+1) + theta_l (1 - arccos(c_l) / pi), so that
    k(x, x) = (depth + 1) |x|^2. Jacot, Gabriel and Hongler 2018. Near t = 0 it has a kink, so equal rows in X1 and X2
    keep only about eight digits; the diagonal of a Gram matrix is exact.

    >>> neural_tangent_kernel([[1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]).round(6)
    array([[2.     , 0.31831, 0.     ]])
    """
    products, cosines = _angles(X1, X2)
    tangent = cosines
    for _ in range(integer("depth", depth)):
        following, derivative = _one_layer(cosines)
        tangent = following + tangent * derivative
        cosines = np.clip(following, -1, 1)
    return products * tangent


def check_gram(gram, targets) -> tuple[np.ndarray, np.ndarray]:
    """A square Gram matrix and the targets of its points, (n,) or (n, outputs), checked."""
    gram, targets = matrix("gram", gram), real_array("targets", targets)
    if gram.shape != (len(gram), len(gram)):
        raise ValueError(f"gram has shape {gram.shape}: must be square")
    if targets.ndim not in (1, 2) or len(targets) != len(gram):
        raise ValueError(f"targets has shape {targets.shape}: must be ({len(gram)},) or ({len(gram)}, outputs)")
    return gram, targets


def well_conditioned(gram: np.ndarray) -> bool:
    """Whether Cholesky's factor exists and its diagonal stays well clear of rounding errors."""
    try:
        pivots = np.diag(np.linalg.cholesky(gram)) ** 2
    except np.linalg.LinAlgError:
        return False
    return bool(pivots.min() > 100 * len(gram) * np.finfo(float).eps * pivots.max())


def kernel_ridge(gram, targets, ridge) -> np.ndarray:
    """Dual coefficients alpha = (K + n lambda)^(-1) y; predictions at new points are k(new, X) @ alpha.

    gram: K (n, n), symmetric, positive semidefinite; targets: y (n,) or (n, outputs); ridge: lambda >= 0, per sample,
    one number or a sequence. Shape of the result: shape of ridge, then shape of targets. ridge = 0 gives the minimum
    norm solution K^+ y, which interpolates if K has full rank; eigenvalues of K below 1e-15 n times the largest count
    as zero. One linear solve for one ridge where rounding allows, else one eigendecomposition for all. Raises
    ValueError for other shapes, a gram that is not symmetric, a negative ridge.

    >>> kernel_ridge([[2.0, 0.0], [0.0, 2.0]], [1.0, 2.0], ridge=[0.0, 1.0])  # 2 alpha = y; (2 + 2 * 1) alpha = y
    array([[0.5 , 1.  ],
           [0.25, 0.5 ]])
    """
    gram, targets = check_gram(gram, targets)
    ridge, n = non_negative("ridge", ridge), len(gram)
    if not np.allclose(gram, gram.T, rtol=0, atol=1e-8 * np.abs(gram).max()):
        raise ValueError("gram is not symmetric: must equal its transpose")
    if ridge.ndim == 0:
        shifted = gram + n * ridge * np.eye(n)
        if well_conditioned(shifted):
            return np.linalg.solve(shifted, targets)
    s, U = np.linalg.eigh((gram + gram.T) / 2)
    s = np.where(s > n * np.finfo(float).eps * np.abs(s).max(), s, 0.0)
    shifted = s + n * ridge[..., None]
    inverse = np.divide(1.0, shifted, out=np.zeros(shifted.shape), where=shifted > 0)
    projected = (U.T @ targets).reshape(n, -1)
    return (U @ (inverse[..., None] * projected)).reshape(ridge.shape + targets.shape)


@dataclass(frozen=True)
class KernelPredictor:
    """A fitted kernel regression: call it with rows (m, d) to get predictions (m,) or (m, outputs).

    kernel: a function of (X1, X2); inputs: (n, d); dual: alpha (n,) or (n, outputs); norm: |f|, for several outputs
    the root of the sum of squares.
    """

    kernel: Callable
    inputs: np.ndarray
    dual: np.ndarray
    norm: float

    def __call__(self, X) -> np.ndarray:
        return self.kernel(matrix("X", X), self.inputs) @ self.dual


def fit_kernel(kernel: Callable, X, targets, ridge: float = 0.0) -> KernelPredictor:
    """Kernel ridge regression of targets (n,) or (n, outputs) on X (n, d); ridge 0 is the least norm solution.

    kernel: a function such as ``gaussian_kernel``, its parameters fixed with ``functools.partial``. ValueError for
    anything else, the name of a kernel among it, for several ridges, and for what ``kernel_ridge`` refuses.

    >>> f = fit_kernel(gaussian_kernel, [[0.0], [1.0]], [1.0, -1.0])
    >>> f([[0.0], [1.0], [0.5]]).round(12) + 0.0
    array([ 1., -1.,  0.])
    """
    if not callable(kernel):
        functions = ", ".join(name for name in __all__ if name.endswith("_kernel") and name != "fit_kernel")
        raise ValueError(f"kernel = {kernel!r}: must be a function of (X1, X2), such as {functions}")
    X = matrix("X", X)
    if np.ndim(ridge) != 0:
        raise ValueError(f"ridge = {ridge!r}: must be one number; kernel_ridge takes several")
    gram = kernel(X)
    dual = kernel_ridge(gram, targets, ridge)
    return KernelPredictor(kernel, X, dual, float(np.sqrt(max(np.sum(dual * (gram @ dual)), 0.0))))
