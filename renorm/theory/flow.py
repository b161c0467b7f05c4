"""The flow of the ridge with rescaling: Wilson's second step, and the fixed point that it has.

Integrating out modes beyond the first K leaves a ridge lambda_K (``renorm.theory.renormalization``). Wilson's step has
a second half: measure what is left in units that follow the cutoff. On a power law s_k = k^-alpha these are

    g = lambda_K / s_K    the running ridge in units of the smallest variance kept,
    u = K / n             the directions kept, for each sample,

and from d lambda_K / d K = -s_K / n they obey a flow in which K occurs no more:

    d g / d ln K = alpha g - u,        d u / d ln K = u.

Modes are integrated out from the weakest up, so that K falls: small K is the infrared. Along the flow g and u shrink,
to the fixed point g = u = 0, at which the scaling dimensions are alpha, of g - u / (alpha - 1), and 1, of u: those of
counting powers, for the equations are linear, and no loop corrects them. Every solution is g = u / (alpha - 1) +
c u^alpha. The number c is the same at every K, and in infinite dimension it is ridge * n^alpha: problems with the same
ridge * n^alpha run along the same line. A mode can be told from the rest where g falls below 1; there kappa is s_K
times a factor between 1 and, without a ridge, (C (alpha - 1))^alpha, with the C of ``renorm.theory.scaling``: 1.1, 2.5
and 14 at alpha = 1.3, 2 and 3. Without a ridge (c = 0) this is at u = alpha - 1, hence kappa ~ n^-alpha.

At ridge = 0 the K with g = 1 is k* of Bartlett, Long, Lugosi, Tsigler 2020 (``Population.benign_split``), but for some
alpha modes: they compare lambda_K with s_(K+1). Derived here;
the flow of the ridge is that of Howard, Jefferson, Maiti, Ringel (arXiv 2405.06008), without their rescaling of data.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics import validate
from renorm.theory.population import Population
from renorm.theory.renormalization import running_couplings

__all__ = ["Flow", "flow_invariant", "flow_line", "flow_rates", "rescaled_flow"]


@dataclass(frozen=True)
class Flow:
    """A problem at every cutoff, in units that follow the cutoff; arrays of shape (d,), entry K - 1 for K modes kept.

    keep        K = 1, ..., d
    g           lambda_K / s_K
    u           K / n
    resolution  smallest K with g = 1, interpolated in logarithms: the modes before it stand out; nan if there is none
    """

    keep: np.ndarray
    g: np.ndarray
    u: np.ndarray
    resolution: float


def rescaled_flow(eigenvalues, n: float, ridge: float) -> Flow:
    """g = lambda_K / s_K and u = K / n at every cutoff, exactly, for any spectrum of positive eigenvalues.

    lambda_K as in ``running_couplings``. n and ridge are single numbers.

    >>> flow = rescaled_flow([4.0, 2.0, 1.0], n=10, ridge=0.1)
    >>> flow.g.round(3), flow.u
    (array([0.1, 0.1, 0.1]), array([0.1, 0.2, 0.3]))
    """
    s = np.sort(validate.vector("eigenvalues", eigenvalues, validate.positive))[::-1]
    running = running_couplings(Population(s, np.zeros(s.size)), n, ridge)
    keep, g = running.keep[1:], running.ridge[1:] / s
    return Flow(keep, g, keep / float(n), _passes_one(keep, g))


def flow_rates(g, u, capacity) -> tuple[np.ndarray, np.ndarray]:
    """(d g / d ln K, d u / d ln K) = (alpha g - u, u); g and u broadcast. K falls along the flow.

    >>> flow_rates(0.5, 0.25, 2.0)
    (np.float64(0.75), np.float64(0.25))
    """
    g, u, capacity = validate.real_array("g", g), validate.real_array("u", u), _capacity(capacity)
    return (capacity * g - u)[()], np.broadcast_to(u, np.broadcast_shapes(g.shape, u.shape))[()]


def flow_line(u, capacity, invariant) -> np.ndarray:
    """g = u / (alpha - 1) + c u^alpha, the trajectory with the number c = ``invariant``; u and c broadcast.

    c = ridge * n^alpha for a power law without end; c = 0 is the line of no ridge, on which kappa ~ n^-alpha.

    >>> flow_line([0.5, 1.0], capacity=2.0, invariant=1.0)
    array([0.75, 2.  ])
    """
    u, capacity = validate.non_negative("u", u), _capacity(capacity)
    return (u / (capacity - 1) + validate.real_array("invariant", invariant) * u**capacity)[()]


def flow_invariant(g, u, capacity) -> np.ndarray:
    """c = (g - u / (alpha - 1)) u^-alpha, which the flow leaves unchanged; g and u broadcast, u > 0.

    With d modes and nothing beyond them, c = ridge * n^alpha - (n/d)^(alpha - 1) / (alpha - 1): the modes that are
    missing are missing in the ridge.

    >>> flow_invariant(2.0, 1.0, 2.0)
    np.float64(1.0)
    """
    g, u, capacity = validate.real_array("g", g), validate.positive("u", u), _capacity(capacity)
    return ((g - u / (capacity - 1)) * u**-capacity)[()]


def _passes_one(keep: np.ndarray, g: np.ndarray) -> float:
    """The smallest K at which g is 1, between two cutoffs linearly in logarithms; nan if there is none."""
    above = np.flatnonzero(g > 1)
    if above.size == 0 or above[0] == 0:
        return float("nan")
    at = slice(above[0] - 1, above[0] + 1)
    return float(np.exp(np.interp(0.0, np.log(g[at]), np.log(keep[at]))))


def _capacity(capacity) -> np.ndarray:
    capacity = validate.real_array("capacity", capacity)
    if np.any(capacity <= 1):
        raise ValueError(f"capacity = {capacity}: must be larger than 1, or the spectrum has no finite sum")
    return capacity
