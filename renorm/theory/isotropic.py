"""Closed forms for isotropic data, Sigma = I: what ``theory.ridge`` computes, by hand; the yardstick of its tests.

aspect c = d / n. kappa is the positive root of kappa^2 - (lambda + c - 1) kappa - lambda = 0. Every formula is written
so that nothing cancels: a difference of nearly equal numbers is replaced by its value at the fixed point.
Source: Hastie, Montanari, Rosset, Tibshirani 2022 (ridgeless), Atanasov, Zavatone-Veth, Pehlevan 2024 (ridge).
"""

import numpy as np

from renorm._numerics import validate

__all__ = [
    "isotropic_optimal_excess",
    "isotropic_optimal_ridge",
    "isotropic_renormalized_ridge",
    "isotropic_ridge_excess",
    "isotropic_ridgeless_excess",
]


def isotropic_renormalized_ridge(aspect, ridge) -> np.ndarray:
    """kappa = (b + sqrt(b^2 + 4 lambda)) / 2 with b = lambda + c - 1, for unit variance; arguments broadcast.

    For variance s, kappa is s times the value at ridge / s.

    >>> isotropic_renormalized_ridge([0.5, 2.0], 0.5).round(8)
    array([0.70710678, 1.78077641])
    """
    aspect, ridge = _broadcast(aspect=validate.positive("aspect", aspect), ridge=validate.non_negative("ridge", ridge))
    b = ridge + (aspect - 1)
    root = np.hypot(b, 2 * np.sqrt(ridge))
    larger = (np.abs(b) + root) / 2
    return np.where(b >= 0, larger, _ratio(ridge, larger, 0.0))[()]


def isotropic_ridge_excess(aspect, ridge, signal=1.0, noise_variance=0.0) -> np.ndarray:
    """Excess risk (|w|^2 kappa^2 + c sigma^2) / ((1 + kappa)^2 - c); arguments broadcast, ridge may be 0.

    The denominator is computed as (1 + kappa)^2 lambda / kappa + c kappa, equal to it at the fixed point. Infinite at
    c = 1 and ridge = 0 with noise.

    >>> isotropic_ridge_excess(0.5, 0.25, noise_variance=0.5).round(5)
    np.float64(0.28078)
    """
    aspect, ridge, signal, noise = _broadcast(
        aspect=validate.positive("aspect", aspect),
        ridge=validate.non_negative("ridge", ridge),
        signal=validate.non_negative("signal", signal),
        noise_variance=validate.non_negative("noise_variance", noise_variance),
    )
    kappa = isotropic_renormalized_ridge(aspect, ridge)
    bare = _ratio(ridge, kappa, np.maximum(1 - aspect, 0.0))
    denominator = (1 + kappa) ** 2 * bare + aspect * kappa
    numerator = signal * kappa**2 + aspect * noise
    return _ratio(numerator, denominator, np.where(numerator > 0, np.inf, 0.0))[()]


def isotropic_ridgeless_excess(aspect, signal=1.0, noise_variance=0.0) -> np.ndarray:
    """Excess risk without penalty: sigma^2 c / (1 - c) for c < 1, |w|^2 (1 - 1/c) + sigma^2 / (c - 1) for c > 1.

    At c = 1: inf with noise, 0 without. Hastie, Montanari, Rosset, Tibshirani 2022, Theorem 1.

    >>> isotropic_ridgeless_excess([0.5, 2.0], 1.0, 0.5)
    array([0.5, 1. ])
    """
    aspect, signal, noise = _broadcast(
        aspect=validate.positive("aspect", aspect),
        signal=validate.non_negative("signal", signal),
        noise_variance=validate.non_negative("noise_variance", noise_variance),
    )
    gap = np.abs(aspect - 1)
    below = noise * np.minimum(aspect, 1)  # c sigma^2 for c < 1, sigma^2 above
    variance = _ratio(below, gap, np.where(noise > 0, np.inf, 0.0))
    return (np.where(aspect > 1, signal * gap / aspect, 0.0) + variance)[()]


def isotropic_optimal_ridge(aspect, signal=1.0, noise_variance=0.0) -> np.ndarray:
    """The best ridge c sigma^2 / |w|^2 per sample; n times that, d sigma^2 / |w|^2, does not depend on n.

    Nakkiran, Venkat, Kakade, Ma 2021. signal must be positive.

    >>> float(isotropic_optimal_ridge(0.5, noise_variance=0.5))
    0.25
    """
    return (
        validate.positive("aspect", aspect)
        * validate.non_negative("noise_variance", noise_variance)
        / validate.positive("signal", signal)
    )[()]


def isotropic_optimal_excess(aspect, signal=1.0, noise_variance=0.0) -> np.ndarray:
    """Excess risk at the best ridge: |w|^2 kappa / (1 + kappa) (derived here; put the best ridge into the excess risk).

    >>> isotropic_optimal_excess(2.0, noise_variance=0.5).round(6)
    np.float64(0.707107)
    """
    kappa = isotropic_renormalized_ridge(aspect, isotropic_optimal_ridge(aspect, signal, noise_variance))
    return (validate.positive("signal", signal) * kappa / (1 + kappa))[()]


def _ratio(numerator, denominator, limit) -> np.ndarray:
    """numerator / denominator, and ``limit`` where the denominator is 0."""
    limit = np.array(np.broadcast_to(limit, np.shape(numerator)), dtype=float)
    return np.divide(numerator, denominator, out=limit, where=np.asarray(denominator) > 0)


def _broadcast(**arguments) -> list[np.ndarray]:
    try:
        return np.broadcast_arrays(*arguments.values())
    except ValueError:
        shapes = ", ".join(f"{name} has shape {array.shape}" for name, array in arguments.items())
        raise ValueError(f"{shapes}: must broadcast") from None
