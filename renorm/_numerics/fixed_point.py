"""The numerical heart: solve n = df1(kappa) + n lambda / kappa for kappa, on a whole grid, without cancellation.

With p = s / (s + kappa) and q = kappa / (s + kappa) = 1 - p for each eigenvalue s, df1 = sum p. Subtracting df1 from n
loses every digit when they are close, so the difference is written as

    n - df1 = (n - N) + sum over s > kappa of q - sum over s <= kappa of p,        N = number of eigenvalues > kappa,

in which n - N is exact and each term of the sums is at most about 2 p q. The residual

    r(u) = n - df1 - n lambda / kappa,    u = ln kappa,    dr/du = sum p q + n lambda / kappa  > 0,

then determines u to a few units of rounding for every n, lambda and spectrum.

A grid shares one table: df1 and its first four derivatives in u at a hundred kappas or two, joined by the polynomials
of degree 9 that have these values at the ends of a cell. As functions of u, the terms p are analytic in a strip of
half-width pi, so a cell of width h adds an error of about (h / 2 pi)^10, which is rounding at SPACING; lambda enters
exactly. The root is then read off, and a grid point costs nothing that grows with the spectrum. Where the grid is too
small to pay for so fine a table, a coarser one provides a guess for Newton's method. Every term of r has |f''| <= |f'|,
hence |r''| <= r': after a step of length D <= 1/2 the error of u is at most about D^2 / 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

__all__ = ["Spectrum", "Split", "blocks", "compress", "solve", "split_df1"]

ELEMENTS = 50_000  # grid points x eigenvalues at work at a time: 400 kB, so that it stays in the cache
WIDEST = 4096  # eigenvalues at a time; also bounds the rounding of one sum
SPACING = 0.19  # of the table in ln kappa: the interpolation is then good to 2e-15
RUN = 60  # p and q are at most 0.89 where they are summed
FEW = 24  # cells of the first, coarse table
ORDERS = 6  # rows of a table: df1 in two parts, and its first four derivatives
ENOUGH = 1.5e-7  # a Newton step in ln kappa below this leaves an error below 2e-14


@dataclass(frozen=True)
class Spectrum:
    """Distinct positive eigenvalues, ascending, and how often each occurs; ``above[j]`` of them are >= values[j]."""

    values: np.ndarray
    counts: np.ndarray
    above: np.ndarray

    @property
    def rank(self) -> float:
        """The number of positive eigenvalues."""
        return float(self.above[0])

    @property
    def trace(self) -> float:
        """The sum of all eigenvalues."""
        return float(self.values @ self.counts)

    def totals(self, eigenvalues: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Weights, one per eigenvalue of the original list, summed over equal eigenvalues; zero eigenvalues dropped."""
        positive = eigenvalues > 0
        where = np.searchsorted(self.values, eigenvalues[positive])
        return np.bincount(where, weights=weights[positive], minlength=self.values.size)


def compress(eigenvalues: np.ndarray) -> Spectrum:
    """The distinct positive eigenvalues with their multiplicities: the cost of everything else is theirs."""
    values, counts = np.unique(eigenvalues[eigenvalues > 0], return_counts=True)
    above = np.concatenate([np.cumsum(counts[::-1])[::-1], [0]])
    return Spectrum(values, counts.astype(float), above.astype(float))


def blocks(rows: int, columns: int) -> Iterator[tuple[slice, slice]]:
    """Cut a rows x columns product into pieces of at most ELEMENTS entries, at most WIDEST columns."""
    wide = max(1, min(columns, WIDEST))
    high = max(1, ELEMENTS // wide)
    for top in range(0, rows, high):
        for left in range(0, columns, wide):
            yield slice(top, min(top + high, rows)), slice(left, min(left + wide, columns))


@dataclass(frozen=True)
class Split:
    """n - df1 = (n - whole) + part, and slope = sum p q = -d df1 / d ln kappa; arrays with one entry per kappa."""

    whole: np.ndarray
    part: np.ndarray
    slope: np.ndarray


def split_df1(spectrum: Spectrum, kappa: np.ndarray) -> Split:
    """``Split`` at each kappa > 0, shape (m,): one division per distinct eigenvalue and kappa."""
    return Split(*_sums(spectrum, kappa, 3))


def _sums(spectrum: Spectrum, kappa: np.ndarray, orders: int) -> np.ndarray:
    """The three sums of ``Split``, and with ORDERS the next three derivatives of -df1 in ln kappa: (orders, m)."""
    order = np.argsort(kappa)
    ascending = kappa[order]
    sums = np.zeros((orders, kappa.size))
    wide = min(spectrum.values.size, WIDEST)
    pages = 2 if orders == ORDERS else 1
    workspace = np.empty(pages * min(max(ELEMENTS, wide), kappa.size * wide))
    start = 0
    while start < kappa.size:  # runs of kappas within a factor RUN of each other share the place of the split
        stop = min(start + max(1, ELEMENTS // wide), kappa.size)
        stop = start + max(1, int(np.searchsorted(ascending[start:stop], RUN * ascending[start])))
        _add_run(spectrum, ascending[start:stop], sums[:, start:stop], workspace)
        start = stop
    result = np.empty_like(sums)
    result[:, order] = sums
    return result


def _add_run(spectrum, kappa, sums, workspace) -> None:
    """The sums for a few kappas that are close to each other, added to the rows of ``sums``."""
    cut = int(np.searchsorted(spectrum.values, np.sqrt(kappa[0]) * np.sqrt(kappa[-1]), side="right"))
    sums[0] = spectrum.above[cut]
    column = kappa[:, None]
    for _, columns in blocks(1, spectrum.values.size):
        values, counts = spectrum.values[columns], spectrum.counts[columns]
        here = min(max(cut - columns.start, 0), values.size)
        share = workspace[: kappa.size * values.size].reshape(kappa.size, values.size)
        np.add(values, column, out=share)
        np.divide(values[:here], share[:, :here], out=share[:, :here])  # p, where s <= kappa
        np.divide(column, share[:, here:], out=share[:, here:])  # q, where s > kappa
        small, large = share[:, :here] @ counts[:here], share[:, here:] @ counts[here:]
        sums[1] += large - small
        if len(sums) == ORDERS:
            _add_derivatives(share, counts, here, sums, workspace[share.size : 2 * share.size].reshape(share.shape))
        else:
            np.multiply(share, share, out=share)
            sums[2] += (large + small) - share @ counts  # p q = p - p^2 = q - q^2, and the share is at most 0.89


def _add_derivatives(share, counts, here, sums, overlap) -> None:
    """Derivatives of -df1 in ln kappa, with w = p q: sums of w, w (p - q), w (1 - 6 w) and w (p - q)(1 - 12 w).

    The share is p in the first ``here`` columns, q in the others. Overwrites share and overlap.
    """
    signed = counts.copy()
    signed[:here] *= -1  # p - q is 1 - 2 q where the share is q, and minus 1 - 2 p where it is p
    np.multiply(share, share, out=overlap)
    np.subtract(share, overlap, out=overlap)  # w
    np.multiply(share, overlap, out=share)
    total, difference = overlap @ counts, overlap @ signed - 2 * (share @ signed)
    np.multiply(share, overlap, out=share)
    np.multiply(overlap, overlap, out=overlap)
    sums[2] += total
    sums[3] += difference
    sums[4] += total - 6 * (overlap @ counts)
    sums[5] += difference - 12 * (overlap @ signed - 2 * (share @ signed))


def solve(spectrum: Spectrum, n: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """kappa with ridge = kappa (1 - df1(kappa) / n), for arrays n, ridge of shape (m,).

    Each point needs ridge > 0 or n < rank (else kappa is 0), and the spectrum a positive eigenvalue.
    """
    tiny = np.finfo(float).smallest_subnormal
    lowest = spectrum.values[0] * (spectrum.rank - n) / n  # df1 >= rank s_min / (s_min + kappa)
    low = max(0.9 * np.maximum(ridge, lowest).min(), tiny)
    high = 1.1 * (ridge + spectrum.trace / n).max()
    if n.size <= 2 * FEW:
        nodes, table = _tabulate(spectrum, low, high, FEW)
    else:  # a fine table over what the grid uses: kappa grows with lambda and falls with n
        if np.log(high / low) > SPACING * (n.size // 8):
            low, high = _range(spectrum, n, ridge, low, high)
        nodes, table = _tabulate(spectrum, low, high, n.size // 2)
    cell = _cells(nodes, table, n, ridge)
    kappa = _interpolate(nodes, table, cell, n, ridge)
    if np.log(nodes[1] / nodes[0]) <= SPACING * (1 + 1e-9):
        return kappa
    return _polish(spectrum, n, ridge, kappa, nodes[cell], nodes[cell + 1])


def _range(spectrum, n, ridge, low, high) -> tuple[float, float]:
    """Two kappas between which all of the grid's lie, from a coarse table."""
    nodes, table = _tabulate(spectrum, low, high, FEW)
    ends = np.array([n.max(), n.min()]), np.array([ridge.min(), ridge.max()])
    if (
        ends[1][0] == 0 and ends[0][0] >= spectrum.rank
    ):  # the largest n with the smallest ridge has no kappa: look at all
        ends = n, ridge
    cell = _cells(nodes, table, *ends)
    return nodes[cell.min()], nodes[cell.max() + 1]


def _tabulate(spectrum, low, high, most) -> tuple[np.ndarray, np.ndarray]:
    """Nodes from low to high, at most SPACING apart where ``most`` cells suffice for that, and the sums at each."""
    ends = np.log(low), np.log(high)
    count = int(np.clip(np.ceil((ends[1] - ends[0]) / SPACING), 2, most)) + 1
    nodes = np.exp(np.linspace(*ends, count))
    return nodes, _sums(spectrum, nodes, ORDERS)


def _cells(nodes, table, n, ridge) -> np.ndarray:
    """The cell in which the residual of each grid point changes sign, by halving."""
    whole, part = np.ascontiguousarray(table[0]), np.ascontiguousarray(table[1])
    pull = n * ridge
    left, right = np.zeros(n.size, dtype=int), np.full(n.size, nodes.size - 1)
    while np.any(right - left > 1):
        middle = (left + right) // 2
        below = (n - whole[middle]) + part[middle] < pull / nodes[middle]
        left, right = np.where(below, middle, left), np.where(below, right, middle)
    return left


def _interpolate(nodes, table, cell, n, ridge):
    """Root of the residual with n - df1 replaced, inside the cell, by the polynomial of degree 9 with its derivatives.

    On the cell, x from 0 to 1 and t = x - 1, n - df1 is start + a1 x + ... + a4 x^4 + x^5 (e0 + e1 t + ... + e4 t^4);
    the a are its Taylor coefficients at the left end, the e follow from those at the right end, b, for x^5 = (1 + t)^5.
    """
    width = np.log(nodes[cell + 1] / nodes[cell])
    left, right = table[:, cell], table[:, cell + 1]
    taylor = np.array([width, width**2 / 2, width**3 / 6, width**4 / 24])
    start, rise = (n - left[0]) + left[1], (left[0] - right[0]) + (right[1] - left[1])
    (a1, a2, a3, a4), (b1, b2, b3, b4) = taylor * left[2:], taylor * right[2:]
    e0 = rise - (a1 + a2 + a3 + a4)
    e1 = b1 - (a1 + 2 * a2 + 3 * a3 + 4 * a4) - 5 * e0
    e2 = b2 - (a2 + 3 * a3 + 6 * a4) - 5 * e1 - 10 * e0
    e3 = b3 - (a3 + 4 * a4) - 5 * e2 - 10 * e1 - 10 * e0
    e4 = b4 - a4 - 5 * e3 - 10 * e2 - 10 * e1 - 5 * e0
    pull = n * (ridge / nodes[cell])
    residual_left, residual_right = start - pull, start + rise - pull * np.exp(-width)
    x = np.clip(-residual_left / np.maximum(residual_right - residual_left, 1e-300), 0, 1)  # off by width / 8 at most
    for _ in range(3):  # each step: width / 2 times the square; in wider cells Newton's method follows
        t, fourth = x - 1, (x * x) * (x * x)
        decayed = pull * np.exp(-width * x)
        end = e0 + t * (e1 + t * (e2 + t * (e3 + t * e4)))
        turn = e1 + t * (2 * e2 + t * (3 * e3 + t * (4 * e4)))
        value = start + x * (a1 + x * (a2 + x * (a3 + x * a4))) + x * fourth * end - decayed
        slope = a1 + x * (2 * a2 + x * (3 * a3 + x * (4 * a4))) + fourth * (5 * end + x * turn) + width * decayed
        x = np.clip(x - value / np.where(slope > 0, slope, np.inf), 0, 1)
    return nodes[cell] * np.exp(width * x)


def _polish(spectrum, n, ridge, kappa, low, high):
    """Newton steps in ln kappa, each kept inside the bracket (low, high), until every step is below ENOUGH."""
    kappa, low, high = kappa.copy(), low.copy(), high.copy()
    active = np.arange(kappa.size)
    for _ in range(100):
        now, samples = kappa[active], n[active]
        split = split_df1(spectrum, now)
        pull = samples * (ridge[active] / now)
        residual = (samples - split.whole) + split.part - pull
        low[active] = np.where(residual < 0, np.maximum(now, low[active]), low[active])
        high[active] = np.where(residual > 0, np.minimum(now, high[active]), high[active])
        step = -residual / (split.slope + pull)
        new = now * np.exp(np.clip(step, -50, 50))
        inside = (new > low[active] * (1 - 1e-9)) & (new < high[active] * (1 + 1e-9))
        new = np.where(inside, new, np.sqrt(low[active]) * np.sqrt(high[active]))
        kappa[active] = new
        active = active[~inside | (np.abs(step) > ENOUGH)]
        if active.size == 0:
            return kappa
    raise RuntimeError(f"the fixed point did not converge for n = {n[active[0]]:g}, ridge = {ridge[active[0]]:g}")
