"""One-pass stochastic gradient descent on a linear target, exactly: its course, its floor, its limit of stability."""

import numpy as np

from renorm._numerics import validate
from renorm._numerics.validate import integer, positive
from renorm.theory.population import Population, check_population

__all__ = ["one_pass_sgd", "sgd_floor", "sgd_stability_limit"]


def one_pass_sgd(population: Population, step: float, batch: int, steps: int) -> np.ndarray:
    """Mean excess risk of one-pass SGD after 0, 1, ..., ``steps`` steps, shape (steps + 1,): exact at any dimension.

    w <- w - step (1/batch) X^T (X w - y) with fresh Gaussian rows each time, from w = 0. The second moments
    c_k = E (w_hat_k - w_k)^2 obey, with E = sum_j s_j c_j the excess risk,

        c_k <- c_k [(1 - step s_k)^2 + step^2 s_k^2 / batch] + step^2 s_k (E + sigma^2) / batch

    (derived here from fourth moments of a Gaussian). Grows without bound above ``sgd_stability_limit``; inf once it
    leaves the range of float64.

    >>> from renorm import isotropic
    >>> one_pass_sgd(isotropic(10), step=0.05, batch=1, steps=2)
    array([1.    , 0.93  , 0.8649])
    """
    s, floor, step, batch = _sgd(population, step, batch)
    errors, risks = population.coefficients**2, np.full(integer("steps", steps, 0) + 1, np.inf)
    decay, kick = (1 - step * s) ** 2 + (step * s) ** 2 / batch, step**2 * s / batch
    with np.errstate(over="ignore"):
        for k in range(len(risks)):
            risks[k] = s @ errors
            if not np.isfinite(risks[k]):
                break
            errors = decay * errors + kick * (risks[k] + floor)
    return risks


def _sgd(population, step, batch) -> tuple[np.ndarray, float, float, int]:
    check_population(population)
    return (
        population.eigenvalues,
        population.noise_variance,
        validate.number("step", step, positive),
        integer("batch", batch),
    )


def _feedback(s: np.ndarray, step: float, batch: int) -> float:
    """q(step) = (step/batch) sum_k s_k / (2 - step s_k (1 + 1/batch)): stationary risk is E = q (E + sigma^2)."""
    room = 2 - step * s * (1 + 1 / batch)
    return np.inf if room.min() <= 0 else float(step / batch * np.sum(s / room))


def sgd_floor(population: Population, step: float, batch: int) -> float:
    """The excess risk at which one-pass SGD with a constant step settles: sigma^2 q / (1 - q); inf if it is unstable.

    q = (step/batch) sum_k s_k / (2 - step s_k (1 + 1/batch)); the fixed point of the recursion of ``one_pass_sgd``.

    >>> from renorm import isotropic
    >>> round(sgd_floor(isotropic(10, noise_variance=1.0), step=0.05, batch=1), 6)
    0.357143
    """
    s, noise, step, batch = _sgd(population, step, batch)
    q = _feedback(s, step, batch)
    return np.inf if q >= 1 else noise * q / (1 - q)


def sgd_stability_limit(population: Population, batch: int) -> float:
    """The largest step below which one-pass SGD does not diverge: q(step) = 1 in ``sgd_floor``.

    For isotropic data 2 / (s (1 + (d + 1)/batch)): small batches must step about batch/d times as far. For large
    batches 2/s_max, gradient descent's own limit. Bisection to rounding; the mean square is meant.

    >>> from renorm import isotropic
    >>> round(sgd_stability_limit(isotropic(10), batch=1), 6)
    0.166667
    """
    s, _, _, batch = _sgd(population, 1.0, batch)
    if s.max() == 0:
        raise ValueError("eigenvalues = 0: there is nothing to learn at any step")
    low, high = 0.0, float(2 / (s.max() * (1 + 1 / batch)))
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _feedback(s, middle, batch) < 1 else (low, middle)
    return low
