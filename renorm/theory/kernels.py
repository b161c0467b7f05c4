"""Kernels, kernel ridge regression, and its learning curve predicted from the spectrum of a Gram matrix.

Convention: f = sum_i alpha_i k(x_i, .) with alpha = (K + n lambda)^(-1) y minimizes (1/n) |y - f(X)|^2 + lambda |f|^2,
|f| the norm of the kernel's function space; scikit-learn's ``alpha`` is n lambda. Spectra are those of K/N: with
features phi, k(x, x') = phi(x) . phi(x'), they are the eigenvalues of the covariance of phi.

A kernel is any function of (X1, X2) that returns the matrix k(x1_i, x2_j); called with X1 alone it returns the Gram
matrix of X1, with an exact diagonal. Fix parameters with ``functools.partial(gaussian_kernel, bandwidth=5.0)``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from renorm._numerics.products import product
from renorm._numerics.validate import integer, integers, matrix, non_negative, positive, real_array
from renorm.theory.population import Population, check_population, from_kernel
from renorm.theory.ridge import ridge_risk

__all__ = [
    "KernelPredictor",
    "LearningCurve",
    "arc_cosine_kernel",
    "fit_kernel",
    "gaussian_kernel",
    "kernel_ridge",
    "laplace_kernel",
    "learning_curve",
    "linear_kernel",
    "neural_tangent_kernel",
    "predict_learning_curve",
    "random_label_population",
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


def _gram(gram, targets) -> tuple[np.ndarray, np.ndarray]:
    gram, targets = matrix("gram", gram), real_array("targets", targets)
    if gram.shape != (len(gram), len(gram)):
        raise ValueError(f"gram has shape {gram.shape}: must be square")
    if targets.ndim not in (1, 2) or len(targets) != len(gram):
        raise ValueError(f"targets has shape {targets.shape}: must be ({len(gram)},) or ({len(gram)}, outputs)")
    return gram, targets


def _well_conditioned(gram: np.ndarray) -> bool:
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
    gram, targets = _gram(gram, targets)
    ridge, n = non_negative("ridge", ridge), len(gram)
    if not np.allclose(gram, gram.T, rtol=0, atol=1e-8 * np.abs(gram).max()):
        raise ValueError("gram is not symmetric: must equal its transpose")
    if ridge.ndim == 0:
        shifted = gram + n * ridge * np.eye(n)
        if _well_conditioned(shifted):
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

    >>> f = fit_kernel(gaussian_kernel, [[0.0], [1.0]], [1.0, -1.0])
    >>> f([[0.0], [1.0], [0.5]]).round(12) + 0.0
    array([ 1., -1.,  0.])
    """
    X = matrix("X", X)
    if np.ndim(ridge) != 0:
        raise ValueError(f"ridge = {ridge!r}: must be one number; kernel_ridge takes several")
    gram = kernel(X)
    dual = kernel_ridge(gram, targets, ridge)
    return KernelPredictor(kernel, X, dual, float(np.sqrt(max(np.sum(dual * (gram @ dual)), 0.0))))


@dataclass(frozen=True)
class LearningCurve:
    """Predicted error of kernel ridge regression against n, for a population of ``size`` points; arrays over n, ridge.

    over_population: mean squared error over all points, the n training points drawn with replacement (the usual
    formula, with kappa and gamma as in ``ridge``); held_out: over the points that were not drawn, drawn without
    replacement.
    """

    size: int
    n: np.ndarray
    kappa: np.ndarray
    gamma: np.ndarray
    over_population: np.ndarray
    held_out: np.ndarray


def learning_curve(population: Population, n, ridge) -> LearningCurve:
    """The learning curve of a finite population made by ``from_kernel``; n (1 <= n < size) and ridge broadcast.

    over_population = (sum_k (kappa / (s_k + kappa))^2 v_k + rest) / (1 - gamma), s_k eigenvalues of K/N,
    v_k = (u_k . y)^2 / N (Canatar, Bordelon and Pehlevan 2021; Simon et al. 2023; ``ridge_risk``).

    held_out, for any n/N and any ridge. Without one the n points drawn are fitted exactly, so all of the error sits on
    the N - n others: N / (N - n) times the above. A penalty delta = n ridge is no penalty with K + delta 1 in the place
    of K, whose entries between different points are those of K: the same held-out predictions, eigenvalues
    s_k + delta / N. (So kappa solves n - df1 = (N - df1) delta / (N kappa), not the equation of ``ridge``.) Exact for
    large N where the eigenvectors are random directions; derived in chapter 10 of the book.

    noise_variance of the population is energy in the modes of eigenvalue zero, as ``from_kernel`` leaves it; where
    there are none it is noise on the labels, tossed once for each of the N points.

    Limits: real eigenvectors are not random directions. With Gaussian kernels on 2,000 images of MNIST and
    Fashion-MNIST, ridge 0, held_out is too low by 2 % and 4 % at n = N/8, by 10 % and 18 % at n = N/2, and for random
    labels too high by 5 % and 8 % there.

    >>> from renorm import from_kernel
    >>> curve = learning_curve(from_kernel(np.eye(100), np.ones(100)), n=[50], ridge=[[0.0], [0.2]])
    >>> curve.held_out.round(12).ravel()  # nothing can be learned: error 1 off the sample, whatever the ridge
    array([1., 1.])
    """
    check_population(population)
    size = population.dimension
    n = integers("n", n, 1, size - 1)
    risk = ridge_risk(population, n, ridge)
    shape = np.shape(risk.test)
    n = np.broadcast_to(n, shape)
    held_out, shift = np.empty(shape), n * non_negative("ridge", ridge) / size
    for value in np.unique(shift):
        at = shift == value
        held_out[at] = _held_out(population, n[at], value)
    return LearningCurve(size, n, risk.kappa, risk.gamma, risk.test, held_out[()])


def _held_out(population: Population, n: np.ndarray, shift: float) -> np.ndarray:
    """Held-out error at samples n (m,) with the eigenvalues shifted up by ``shift`` = delta / N."""
    size, unseen, noise = population.dimension, population.eigenvalues == 0, population.noise_variance
    if shift > 0 or not unseen.any():  # every mode has a variance, and the noise lies on some of them
        noisy = unseen if unseen.any() else np.full(size, True)
        energies, noise = population.energies + noise * noisy / noisy.sum(), 0.0
    else:
        energies = population.energies
    s = population.eigenvalues + shift
    coefficients = np.sqrt(np.divide(energies, s, out=np.zeros(size), where=s > 0))
    test = ridge_risk(Population(s, coefficients, noise), n, 0.0).test
    return size / (size - np.minimum(n, np.count_nonzero(s))) * test


def predict_learning_curve(gram, targets, n, ridge) -> LearningCurve:
    """``learning_curve`` from the Gram matrix K (N, N) of all points and their targets (N,) or (N, outputs).

    ridge is per sample, lambda; a fixed sum-form ridge delta is ``ridge = delta / n``. No regression is run: one
    eigendecomposition of K tells the error at every n. Errors are summed over outputs.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((300, 5))
    >>> curve = predict_learning_curve(gaussian_kernel(X, bandwidth=3.0), X[:, 0], n=[10, 40, 160], ridge=1e-6)
    >>> curve.held_out.round(3)
    array([0.126, 0.017, 0.   ])
    """
    return learning_curve(from_kernel(*_gram(gram, targets)), n, ridge)


def random_label_population(population: Population) -> Population:
    """The same kernel and points with independent random labels of variance one (+1 or -1) instead of the targets.

    On average v_k = 1/N for every eigenvector: a target on the N points, as hard as any. Taking the labels for fresh
    noise, sigma^2 = 1, instead is right for n << N only: a held-out label was drawn once, too.

    >>> from renorm import from_kernel
    >>> random_label_population(from_kernel(np.diag([4.0, 2.0]), [5.0, 0.0])).energies
    array([0.5, 0.5])
    """
    s = population.eigenvalues
    coefficients = np.divide(1.0, np.sqrt(len(s) * s), out=np.zeros(len(s)), where=s > 0)
    return replace(population, coefficients=coefficients, noise_variance=float(np.mean(s == 0)))
