"""Integrating out modes: what the directions that are too small to be learned do to those that are learned.

Order the modes from the largest eigenvalue and drop all beyond the first K. To leading order they act as an extra
ridge, Tr(tail)/n, for many small fluctuating directions together add nearly a multiple of the identity to X X', and as
extra label noise, their share of the target's variance:

    lambda_K = lambda + (1/n) sum over k > K of s_k,        sigma_K^2 = sigma^2 + sum over k > K of w_k^2 s_k.

This is Wilson's step (Howard, Jefferson, Maiti, Ringel, arXiv 2405.06008, for kernels); it is right while s_K is far
below the renormalized ridge kappa, and wrong near it. What it leaves out is seen in the exact identity

    n (kappa - lambda) = sum over all modes of kappa s_k / (s_k + kappa),

where a mode far below kappa gives its s_k (the ridge of the tail), but a mode far above gives kappa: each learned mode
uses up one of the n constraints. The same equation, read as kappa = lambda + kappa df1(kappa) / n and iterated from the
bare ridge, is the resummation of Dyson's self-energy.
"""

from dataclasses import dataclass, replace

import numpy as np

from renorm._numerics import validate
from renorm.theory.population import Population, check_population
from renorm.theory.ridge import degrees_of_freedom, grid, renormalized_ridge

__all__ = [
    "HeadTail",
    "RunningCouplings",
    "dyson_iteration",
    "dyson_rate",
    "head_tail_split",
    "integrate_out",
    "running_couplings",
    "sharp_cut_ridge",
    "wilsonian_ridge",
]


def integrate_out(population: Population, n, ridge, keep: int) -> tuple[Population, np.ndarray]:
    """Keep the ``keep`` largest modes; turn the others into ridge and noise: (new population, new ridge).

    ridge -> ridge + (sum of the dropped s_k) / n, noise_variance -> noise_variance + sum of the dropped w_k^2 s_k. The
    modes kept stay in their order; of equal eigenvalues the first are kept. n and ridge broadcast, and the new ridge
    has their shape. Steps compose: keeping 50 and then 20 modes is keeping 20. The excess risk predicted by the new
    pair is that on the kept modes; the dropped signal is missed in full, and is to be added. ValueError for ``keep``
    outside 1 to d.

    >>> population, ridge = integrate_out(Population([4.0, 2.0, 1.0], [1.0, 1.0, 1.0], 0.5), n=10, ridge=0.1, keep=1)
    >>> population.eigenvalues, population.noise_variance, round(ridge, 12)
    (array([4.]), 3.5, np.float64(0.4))
    """
    check_population(population)
    keep = validate.integer("keep", keep, 1, population.dimension)
    n, ridge = grid(n, ridge)
    order = np.argsort(-population.eigenvalues, kind="stable")
    kept, dropped = np.sort(order[:keep]), order[keep:]
    head = replace(
        population,
        eigenvalues=population.eigenvalues[kept],
        coefficients=population.coefficients[kept],
        noise_variance=population.noise_variance + float(population.energies[dropped].sum()),
    )
    return head, (ridge + population.eigenvalues[dropped].sum() / n)[()]


@dataclass(frozen=True)
class RunningCouplings:
    """Ridge and noise as functions of the cutoff; arrays of shape (d + 1,), with entry K for K modes kept.

    keep            K = 0, 1, ..., d
    scale           s_(K+1), the largest eigenvalue integrated out (0 at K = d, where nothing is)
    ridge           lambda_K, from the bare ridge at K = d up to lambda + Tr Sigma / n at K = 0
    noise_variance  sigma_K^2, from the bare noise up to noise + signal
    """

    keep: np.ndarray
    scale: np.ndarray
    ridge: np.ndarray
    noise_variance: np.ndarray


def running_couplings(population: Population, n: float, ridge: float) -> RunningCouplings:
    """The flow of ridge and noise while modes are integrated out one by one, the smallest first; all cutoffs at once.

    lambda_K = ridge + (1/n) sum over k > K of s_k and sigma_K^2 = sigma^2 + sum over k > K of w_k^2 s_k. Sums run from
    the smallest terms up, so that nothing is lost in spectra of many decades. n and ridge are single numbers.

    >>> flow = running_couplings(Population([4.0, 2.0, 1.0], [1.0, 1.0, 1.0], 0.5), n=10, ridge=0.1)
    >>> flow.ridge.round(12), flow.noise_variance
    (array([0.8, 0.4, 0.2, 0.1]), array([7.5, 3.5, 1.5, 0.5]))
    """
    check_population(population)
    n, ridge = grid(n, ridge)
    if n.ndim > 0:
        raise ValueError(f"n and ridge have shape {n.shape}: must be single numbers")
    order = np.argsort(-population.eigenvalues, kind="stable")
    scale = np.append(population.eigenvalues[order], 0.0)
    return RunningCouplings(
        keep=np.arange(scale.size),
        scale=scale,
        ridge=ridge + _tails(population.eigenvalues[order]) / n,
        noise_variance=population.noise_variance + _tails(population.energies[order]),
    )


@dataclass(frozen=True)
class HeadTail:
    """Where the renormalized ridge comes from; arrays of the broadcast shape of n and ridge.

    kappa        the renormalized ridge; learned counts the eigenvalues above it
    head, tail   sum of kappa s / (s + kappa) over s > kappa, and over s <= kappa; n (kappa - ridge) = head + tail
    sharp_head   kappa * learned, an upper bound of head (at most twice as large)
    sharp_tail   sum of s over s <= kappa, an upper bound of tail (at most twice as large)
    sharp_kappa  (n ridge + sharp_tail) / (n - learned): the order of magnitude of kappa, from a sharp cut at kappa; nan
                 where learned >= n (``sharp_cut_ridge`` moves the cut to where it is consistent, and never fails)
    """

    kappa: np.ndarray
    learned: np.ndarray
    head: np.ndarray
    tail: np.ndarray
    sharp_head: np.ndarray
    sharp_tail: np.ndarray
    sharp_kappa: np.ndarray


def head_tail_split(eigenvalues, n, ridge) -> HeadTail:
    """Split n (kappa - ridge) = sum of kappa s / (s + kappa) into learned modes (s > kappa) and the tail.

    The tail is what Wilson's step accounts for; the head is the price of what is learned. n and ridge broadcast. Where
    kappa = 0 (ridge 0, n >= rank) both parts are 0. Derived here.

    >>> parts = head_tail_split([1.0] * 5 + [0.01] * 500, n=50, ridge=0.0)
    >>> round(float(parts.head + parts.tail), 9) == round(float(50 * parts.kappa), 9)
    True
    >>> int(parts.learned)
    5
    """
    s = validate.vector("eigenvalues", eigenvalues, validate.non_negative)
    n, ridge = grid(n, ridge)
    kappa = np.asarray(renormalized_ridge(s, n, ridge))
    learned, head, tail, sharp_tail = np.empty((4, kappa.size))
    for i, value in enumerate(kappa.ravel()):
        large, small = s[s > value], s[s <= value]
        learned[i], sharp_tail[i] = large.size, small.sum()
        head[i] = np.sum(value * (large / (large + value)))
        tail[i] = np.sum(small * (value / (small + value))) if value > 0 else 0.0
    learned, head, tail, sharp_tail = (part.reshape(kappa.shape) for part in (learned, head, tail, sharp_tail))
    unused = n - learned
    sharp_kappa = np.divide(n * ridge + sharp_tail, unused, out=np.full(n.shape, np.nan), where=unused > 0)
    parts = kappa, learned, head, tail, kappa * learned, sharp_tail, sharp_kappa
    return HeadTail(*(part[()] for part in parts))


def sharp_cut_ridge(eigenvalues, n, ridge) -> np.ndarray:
    """The kappa of a sharp cut made self-consistent: n (kappa - ridge) = sum of min(s, kappa). n and ridge broadcast.

    Every mode counts as either wholly learned (min = kappa) or wholly unlearned (min = s). As half of min(s, kappa) is
    at most kappa s / (s + kappa), and all of it at least, the renormalized ridge is caught between two of these:

        sharp_cut_ridge(s, 2n, ridge) <= kappa(n) <= sharp_cut_ridge(s, n, ridge).

    The equation is piecewise linear and solved exactly. Zero when ridge = 0 and n >= rank. Derived here.

    >>> float(sharp_cut_ridge([2.0] * 3 + [0.25] * 8, n=5, ridge=0.2))
    1.5
    """
    s = np.sort(validate.vector("eigenvalues", eigenvalues, validate.non_negative))[::-1]
    n, ridge = grid(n, ridge)
    tails = _tails(s)
    cuts = np.append(s, 0.0)
    kappa = np.empty(n.shape)
    for index in np.ndindex(n.shape):
        # n (kappa - ridge) - sum of min(s, kappa), at kappa = each eigenvalue: the first K modes are learned there.
        excess = n[index] * (cuts - ridge[index]) - np.arange(cuts.size) * cuts - tails
        above = int(np.argmax(excess <= 0))
        kappa[index] = (n[index] * ridge[index] + tails[above]) / (n[index] - above)
    return np.where((ridge == 0) & (n >= np.count_nonzero(s)), 0.0, kappa)[()]


def wilsonian_ridge(eigenvalues, n, ridge) -> np.ndarray:
    """The ridge when only the tail renormalizes it: lambda_K at the cutoff where the flow has to stop.

    Modes are integrated out from the smallest up to the scale at which the largest eigenvalue not yet integrated out
    is at least the running ridge lambda_K = ridge + (1/n) sum over k > K of s_k: K is the number of leading modes with
    s_K >= lambda_K. This is the estimate of Howard, Jefferson, Maiti, Ringel (arXiv 2405.06008, their sigma_c^2 =
    n lambda_K, stopped where the eigenvalue is of the order of sigma_c^2 / n). It leaves out the constraints used by
    the learned modes, so it is never above ``sharp_cut_ridge``; where the tail is short it finds no scale at which to
    stop, and returns the bare ridge even for n < d. n and ridge broadcast.

    >>> eigenvalues = [2.0] * 3 + [0.25] * 8
    >>> wilsonian_ridge(eigenvalues, n=5, ridge=0.2).round(3), renormalized_ridge(eigenvalues, n=5, ridge=0.2).round(3)
    (np.float64(0.6), np.float64(0.877))
    """
    s = np.sort(validate.vector("eigenvalues", eigenvalues, validate.non_negative))[::-1]
    n, ridge = grid(n, ridge)
    running = ridge[..., np.newaxis] + _tails(s) / n[..., np.newaxis]
    unlearnable = np.append(s, -np.inf) < np.concatenate([running[..., 1:], running[..., -1:]], axis=-1)
    stop = np.argmax(unlearnable, axis=-1)
    return np.take_along_axis(running, stop[..., np.newaxis], axis=-1)[..., 0][()]


def dyson_iteration(eigenvalues, n, ridge, steps: int, start=None) -> np.ndarray:
    """kappa_0 = start, kappa_(t+1) = ridge + kappa_t df1(kappa_t) / n; shape (steps + 1,) + the broadcast shape.

    Each step inserts the self-energy of the last one: from the bare ridge (the default start) the iterates rise to the
    renormalized ridge, from above (ridge + Tr Sigma / n, say) they fall to it, for the map is increasing and concave.
    Near the limit the error shrinks by gamma = df2 / n each time (``dyson_rate``). n, ridge and start broadcast.

    ValueError if a start is not positive: at ridge = 0 the bare start is 0, where the iteration stays for ever.

    >>> dyson_iteration([1.0] * 100, n=200, ridge=0.5, steps=4).round(4)
    array([0.5   , 0.6667, 0.7   , 0.7059, 0.7069])
    """
    s = validate.vector("eigenvalues", eigenvalues, validate.non_negative)
    n, ridge = grid(n, ridge)
    steps = validate.integer("steps", steps, 0)
    start = validate.positive("start", ridge if start is None else start)
    try:
        n, ridge, start = np.broadcast_arrays(n, ridge, start)
    except ValueError:
        raise ValueError(f"start has shape {start.shape}: must broadcast with n and ridge, {n.shape}") from None
    kappa = np.empty((steps + 1, *n.shape))
    kappa[0] = start
    for step in range(steps):
        df1, _ = degrees_of_freedom(s, kappa[step])
        kappa[step + 1] = ridge + kappa[step] * df1 / n
    return kappa


def dyson_rate(eigenvalues, n, ridge) -> np.ndarray:
    """gamma = df2(kappa) / n, the factor by which a Dyson step shrinks a small error; n and ridge broadcast.

    The derivative of kappa -> ridge + kappa df1(kappa) / n at its fixed point is sum of s^2 / (s + kappa)^2 / n. It is
    below 1, and comes near 1 where the susceptibility 1 / (1 - gamma) is large: the iteration slows down critically.

    >>> round(float(dyson_rate([1.0] * 100, n=200, ridge=0.5)), 6)
    0.171573
    """
    s = validate.vector("eigenvalues", eigenvalues, validate.non_negative)
    n, ridge = grid(n, ridge)
    return degrees_of_freedom(s, renormalized_ridge(s, n, ridge))[1] / n


def _tails(descending: np.ndarray) -> np.ndarray:
    """Entry K: the sum of all but the first K values, for K = 0 to their number."""
    return np.append(np.cumsum(descending[::-1])[::-1], 0.0)
