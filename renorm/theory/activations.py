"""Hermite coefficients of an activation function: what a neuron's nonlinearity amounts to in high dimension.

For a standard normal preactivation u, every activation splits into a constant, a linear part and a rest that is
uncorrelated with both:  phi(u) = mu0 + mu1 u + rest,  E rest = E[u rest] = 0,  E rest^2 = mu_star_squared.
When many weak inputs make up u, the rest of one neuron looks like noise of its own, independent of all others: random
features phi(F'x) then predict as well as mu1 F'x + mu_star * noise do (the Gaussian equivalence used in
``renorm.theory.random_features``).
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda u: u,
    "relu": lambda u: np.maximum(u, 0.0),
    "tanh": np.tanh,
    "erf": np.vectorize(math.erf, otypes=[float]),
    "sign": np.sign,
}

_EDGE = 14  # |u| beyond this has probability 2e-44
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


class HermiteCoefficients(NamedTuple):
    """mu0 = E phi(u), mu1 = E u phi(u), mu_star_squared = E phi(u)^2 - mu0^2 - mu1^2, for u ~ N(0, 1)."""

    mu0: float
    mu1: float
    mu_star_squared: float


def resolve_activation(activation: str | Callable) -> Callable[[np.ndarray], np.ndarray]:
    """The function behind a name ("linear", "relu", "tanh", "erf", "sign"); a callable is returned as it is.

    >>> float(resolve_activation("relu")(-2.0))
    0.0
    """
    if callable(activation):
        return activation
    if isinstance(activation, str) and activation in ACTIVATIONS:
        return ACTIVATIONS[activation]
    names = ", ".join(map(repr, ACTIVATIONS))
    raise ValueError(f"activation = {activation!r}: must be one of {names}, or a function of an array")


def hermite_coefficients(activation: str | Callable) -> HermiteCoefficients:
    """Constant, linear and remaining part of an activation under a standard normal input.

    mu0 = E phi(u),  mu1 = E[u phi(u)],  mu_star_squared = E[(phi(u) - mu0 - mu1 u)^2].

    Integrated by Gauss-Legendre rules on intervals that are halved wherever halving still changes the result, so that
    kinks and jumps are located to machine precision wherever they are; absolute error about 1e-13 times the size of
    phi. The last coefficient is integrated as the square that it is, not as a difference of large numbers.

    Args:
        activation: a name ("linear", "relu", "tanh", "erf", "sign") or a function that maps an array to an array of
            the same shape, elementwise.

    Raises:
        ValueError: an unknown name; a function that does not work elementwise, or gives values that are not finite;
            one that grows so fast that the integrals do not exist (like exp(u^2)), or is too rough to integrate.

    Closed forms, derived here by Gaussian integration by parts: ReLU (1/sqrt(2 pi), 1/2, 1/4 - 1/(2 pi)),
    sign (0, sqrt(2/pi), 1 - 2/pi).

    >>> [round(value, 4) for value in hermite_coefficients("tanh")]
    [0.0, 0.6057, 0.0274]
    """
    phi = _checked(resolve_activation(activation))
    moments = _gaussian_mean(lambda u: np.stack([phi(u), u * phi(u), phi(u) ** 2]))
    # Odd and even functions have coefficients that vanish exactly: what quadrature leaves of them is rounding.
    size = math.sqrt(moments[2])
    mu0, mu1 = (0.0 if abs(value) < 1e-14 * size else float(value) for value in moments[:2])
    rest = _gaussian_mean(lambda u: (phi(u) - mu0 - mu1 * u)[np.newaxis] ** 2, floor=1e-29 * moments[2])
    mu_star_squared = 0.0 if rest[0] < 1e-28 * moments[2] else float(rest[0])
    return HermiteCoefficients(mu0, mu1, mu_star_squared)


def _checked(phi: Callable) -> Callable[[np.ndarray], np.ndarray]:
    """``phi`` with its values held to the shape of its argument and to finite numbers, where it can matter."""

    def checked(u):
        try:
            with np.errstate(all="ignore"):
                values = np.asarray(phi(u), dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"activation = {phi!r}: must map an array to an array, elementwise ({error})") from error
        if values.shape != u.shape:
            raise ValueError(f"activation = {phi!r}: maps shape {u.shape} to {values.shape}, must keep the shape")
        if not np.all(np.isfinite(values)):
            raise ValueError(f"activation = {phi!r}: must be finite on [-{_EDGE}, {_EDGE}]")
        return values

    ends = np.array([-float(_EDGE), 0.5 - _EDGE, _EDGE - 0.5, float(_EDGE)])
    if np.any(checked(ends) ** 2 * np.exp(-(ends**2) / 2) > 1e-16):
        raise ValueError(
            f"activation = {phi!r}: must grow slower than exp(u^2/4), its variance is infinite or too large"
        )
    return checked


def _gaussian_mean(integrands: Callable[[np.ndarray], np.ndarray], floor: float = 1e-300) -> np.ndarray:
    """E g(u) for a stack of functions g, u ~ N(0, 1), by adaptive halving; changes below ``floor`` are rounding."""
    edges = np.arange(-float(_EDGE), _EDGE + 1)
    left, right = edges[:-1], edges[1:]
    coarse = _interval_means(integrands, left, right)
    total = np.zeros(len(coarse))
    for _ in range(60):
        middle = (left + right) / 2
        first, second = _interval_means(integrands, left, middle), _interval_means(integrands, middle, right)
        fine = first + second
        scale = np.abs(total) + np.abs(fine).sum(axis=1)
        rough = np.any(np.abs(fine - coarse) > 1e-15 * scale[:, np.newaxis] + floor, axis=0)
        at_jump = rough & (right - left < 1e-14)
        if np.any(np.abs(fine[:, at_jump]) > 1e-10 * scale[:, np.newaxis]):
            break
        rough &= ~at_jump
        total += fine[:, ~rough].sum(axis=1)
        if not rough.any():
            return total
        if rough.sum() > 4096:
            break
        left, right = np.r_[left[rough], middle[rough]], np.r_[middle[rough], right[rough]]
        coarse = np.concatenate([first[:, rough], second[:, rough]], axis=1)
    raise ValueError("activation: too rough to be integrated against the Gaussian")


def _interval_means(integrands: Callable, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The Gauss-Legendre integral of each function over each interval: (functions, intervals)."""
    half = (right - left) / 2
    u = (left + right)[:, np.newaxis] / 2 + half[:, np.newaxis] * _NODES
    density = np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)
    return (integrands(u) * density) @ _WEIGHTS * half
