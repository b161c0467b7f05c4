"""Training time in linear regression: gradient flow as a spectral filter, early stopping, one-pass SGD, stability.

Loss (1/2n) |y - X w|^2 with gradient (1/n) X^T (X w - y), start w = 0; s are the eigenvalues of X^T X / n. Gradient
flow to time t fits the fraction 1 - exp(-s t) of each eigendirection, ridge regression s / (s + lambda): t plays
1/lambda. A gradient step of size eta takes time eta. Deep linear networks: ``theory.deep_linear``.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics import validate
from renorm._numerics.validate import integer, matrix, non_negative, positive, real_array, same_length, vector
from renorm.theory.population import Population, check_population

__all__ = [
    "PathRisk",
    "early_stopping_bound",
    "gradient_descent",
    "gradient_flow_filter",
    "gradient_flow_path",
    "gradient_flow_risk",
    "isotropic_flow_risk",
    "ridge_filter",
    "ridge_path_risk",
    "sharpness",
]


# ------------------------------------------------------------------------------------------------ filters


def gradient_flow_filter(s, t) -> np.ndarray:
    """1 - exp(-s t): the fraction of a direction with eigenvalue ``s`` that gradient flow has fitted at time ``t``.

    s, t: zero or larger, broadcast. Exact also for s t near 0.

    >>> gradient_flow_filter([0.0, 1e-20, 1.0], 1.0)
    array([0.00000000e+00, 1.00000000e-20, 6.32120559e-01])
    """
    return -np.expm1(-(non_negative("s", s) * non_negative("t", t)))


def ridge_filter(s, ridge) -> np.ndarray:
    """s / (s + ridge): the fraction of a direction that ridge regression fits; 0 at s = 0, also without ridge.

    >>> ridge_filter([0.0, 1.0, 3.0], 1.0)
    array([0.  , 0.5 , 0.75])
    """
    s, ridge = np.broadcast_arrays(non_negative("s", s), non_negative("ridge", ridge))
    return np.divide(s, s + ridge, out=np.zeros(s.shape), where=s > 0)[()]


def early_stopping_bound() -> tuple[float, float]:
    """The factor 1.6859 by which gradient flow at t = 1/ridge can be worse than ridge regression, and the s t it is at.

    max over x of [(1 - exp(-x)) (1 + x) / x]^2: the largest ratio of the squared filters, hence of the variances of any
    direction; the bias of gradient flow is never larger, as exp(-x) <= 1/(1 + x). So for |w_hat - w|^2 and at the
    training inputs; at new inputs the biases of several directions can cancel in ridge, and the factor bounds the
    average over all directions of w only. Ali, Kolter and Tibshirani 2019.
    Zero of the logarithmic derivative 1/(e^x - 1) - 1/(x (1 + x)), by bisection.

    >>> [round(number, 4) for number in early_stopping_bound()]
    [1.6859, 1.7933]
    """
    low, high = 1.0, 3.0
    for _ in range(60):
        x = (low + high) / 2
        low, high = (x, high) if 1 / np.expm1(x) > 1 / (x * (1 + x)) else (low, x)
    return float((-np.expm1(-x) * (1 + x) / x) ** 2), x


# ------------------------------------------------------------------------------------------------ one data matrix


def _decompose(X) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Left vectors, singular values, right vectors of X without the directions X does not see."""
    U, D, Vt = np.linalg.svd(matrix("X", X), full_matrices=False)
    seen = D > max(np.shape(X)) * np.finfo(float).eps * D[0]
    return U[:, seen], D[seen], Vt[seen]


def gradient_flow_path(X, y, times) -> np.ndarray:
    """w(t) of gradient flow from w = 0 on (1/2n) |y - X w|^2, exactly, shape (len(times), d).

    w(t) = V (1 - exp(-s t)) / D U^T y with X = U D V^T, s = D^2 / n. X: (n, d), y: (n,), times: (T,), zero or larger.
    As t grows, w(t) goes to the least-squares solution of least norm.

    >>> gradient_flow_path([[1.0], [1.0]], [2.0, 2.0], [0.0, 1.0, 50.0]).round(6)[:, 0]
    array([0.      , 1.264241, 2.      ])
    """
    X, y, times = matrix("X", X), vector("y", y), vector("times", times, non_negative)
    same_length(X=X, y=y)
    U, D, Vt = _decompose(X)
    return (gradient_flow_filter(D**2 / len(X), times[:, None]) / D * (U.T @ y)) @ Vt


@dataclass(frozen=True)
class PathRisk:
    """Excess risk E (w_hat - w)^T Sigma (w_hat - w) along a path, split into squared bias and variance from noise."""

    bias: np.ndarray
    variance: np.ndarray

    @property
    def excess(self) -> np.ndarray:
        """bias + variance."""
        return self.bias + self.variance


def _filtered_risk(X, population: Population, chosen_filter, parameters: np.ndarray) -> PathRisk:
    """w_hat = V g/D U^T y with g = chosen_filter(s, parameter): risk for this X, averaged over the noise."""
    X = matrix("X", X)
    check_population(population)
    if X.shape[1] != population.dimension:
        raise ValueError(f"X has shape {X.shape}: must have {population.dimension} columns, one per mode")
    _, D, Vt = _decompose(X)
    fitted = chosen_filter(D**2 / len(X), parameters[:, None])
    missed = population.coefficients - fitted * (Vt @ population.coefficients) @ Vt
    lengths = Vt**2 @ population.eigenvalues
    return PathRisk(missed**2 @ population.eigenvalues, population.noise_variance * ((fitted / D) ** 2 @ lengths))


def gradient_flow_risk(X, population: Population, times) -> PathRisk:
    """Excess risk of gradient flow at ``times`` (T,) for one data matrix X (n, d), averaged over label noise only.

    bias = |Sigma^(1/2) (1 - V g V^T) w|^2, variance = (sigma^2 / n) sum_k g_k^2 / s_k v_k^T Sigma v_k,
    g = 1 - exp(-s t). The coordinates of X are the modes of ``population`` (as ``sample`` makes them).

    >>> from renorm import Population
    >>> gradient_flow_risk([[1.0], [1.0]], Population([1.0], [2.0], 0.5), [0.0, 100.0]).excess.round(12)
    array([4.  , 0.25])
    """
    return _filtered_risk(X, population, gradient_flow_filter, vector("times", times, non_negative))


def ridge_path_risk(X, population: Population, ridges) -> PathRisk:
    """The same for ridge regression at each of ``ridges`` (L,): g = s / (s + ridge).

    >>> from renorm import Population
    >>> ridge_path_risk([[1.0], [1.0]], Population([1.0], [2.0], 0.5), [0.0, 1.0]).excess
    array([0.25  , 1.0625])
    """
    return _filtered_risk(X, population, ridge_filter, vector("ridges", ridges, non_negative))


# ------------------------------------------------------------------------------------------------ many dimensions


def isotropic_flow_risk(aspect: float, times, signal: float = 1.0, noise_variance: float = 0.0) -> PathRisk:
    """Exact risk of gradient flow over time for isotropic data in high dimension, aspect = d/n.

    bias(t) = signal int exp(-2 s t) dmu(s),  variance(t) = sigma^2 aspect int (1 - exp(-s t))^2 / s dmu(s),
    mu the Marchenko-Pastur law of X^T X / n, its atom 1 - 1/aspect at s = 0 included for aspect > 1. Shapes: times any;
    the results likewise. Advani and Saxe 2017 (arXiv 1710.03667).

    With s = 1 + aspect + 2 sqrt(aspect) cos(phi) both integrals are written over entire functions of s, namely
    (1 - exp(-2 s t)) / s and ((1 - exp(-s t)) / s)^2, against sin^2(phi) dphi: Gauss and Chebyshev's rule converges
    faster than exponentially, at aspect = 1 too. About 12 sqrt(t) nodes per time.

    >>> risk = isotropic_flow_risk(0.5, [0.3, 3.0, 30.0], noise_variance=0.5)
    >>> risk.excess.round(4)
    array([0.6098, 0.297 , 0.4929])
    """
    aspect, times = validate.number("aspect", aspect, positive), non_negative("times", times)
    signal = validate.number("signal", signal, non_negative)
    noise_variance = validate.number("noise_variance", noise_variance, non_negative)
    unlearned, spread = np.array([_flow_integrals(aspect, t) for t in times.ravel()]).reshape(-1, 2).T
    return PathRisk(
        (signal * unlearned).reshape(times.shape)[()], (noise_variance * aspect * spread).reshape(times.shape)[()]
    )


def _flow_integrals(aspect: float, t: float) -> tuple[float, float]:
    """int exp(-2 s t) dmu and int (1 - exp(-s t))^2 / s dmu."""
    nodes = 64 + int(12 * np.sqrt(t * (1 + np.sqrt(aspect)) ** 2))
    phi = np.pi * np.arange(1, nodes + 1) / (nodes + 1)
    root = np.sqrt(aspect)
    s = (1 - root) ** 2 + 4 * root * np.cos(phi / 2) ** 2
    # density ds = (2 / pi) sin^2(phi) / s dphi, the 1/s absorbed by the functions below
    weights = 2 * np.sin(phi) ** 2 / (nodes + 1)
    learned = weights @ (-np.expm1(-2 * s * t) / s)
    spread = weights @ (np.expm1(-s * t) / s) ** 2
    return 1 - learned, spread


# ------------------------------------------------------------------------------------------------ stability


def sharpness(X) -> float:
    """The largest eigenvalue of the Hessian X^T X / n of (1/2n) |y - X w|^2: the same at every w.

    Gradient descent diverges if sharpness > 2/step (for almost every target) and converges if it is smaller. In a
    network sharpness changes during training and rises to about 2/step: ``networks.curvature.network_sharpness``.
    Cohen, Kaur, Li, Kolter and Talwalkar 2021.

    >>> sharpness([[2.0, 0.0], [0.0, 1.0]])
    2.0
    """
    X = matrix("X", X)
    return float(np.linalg.norm(X, 2) ** 2 / len(X))


def gradient_descent(X, y, step: float, steps: int) -> np.ndarray:
    """Loss (1/2n) |y - X w|^2 of gradient descent from w = 0 after 0, 1, ..., ``steps`` steps, shape (steps + 1,).

    In closed form: the part of y along a left singular vector of X is multiplied by 1 - step s each time, so a
    direction with s > 2/step grows.

    >>> gradient_descent([[1.0]], [2.0], step=0.5, steps=2)
    array([2.   , 0.5  , 0.125])
    """
    X, y = matrix("X", X), vector("y", y, real_array)
    same_length(X=X, y=y)
    U, D, _ = _decompose(X)
    along, step = U.T @ y, validate.number("step", step, positive)
    factors = (1 - step * D**2 / len(X)) ** 2
    with np.errstate(over="ignore"):
        powers = factors ** np.arange(integer("steps", steps, 0) + 1)[:, None]
    return (powers @ along**2 + np.sum((y - U @ along) ** 2)) / (2 * len(X))
