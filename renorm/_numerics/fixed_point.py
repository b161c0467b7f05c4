"""The numerical heart: solve n = df1(kappa) + n lambda / kappa for kappa, on a whole grid, without cancellation.

With p = s / (s + kappa) and q = kappa / (s + kappa) = 1 - p for each eigenvalue s, df1 = sum p. Subtracting df1 from n
loses every digit when they are close, so the difference is written as

    n - df1 = (n - N) + sum over s > kappa of q - sum over s <= kappa of p,        N = number of eigenvalues > kappa,

in which n - N (in the code: n - above) is exact and each term of the sums (together: rest) is at
most about 2 p q. The residual

    r(u) = n - df1 - n lambda / kappa,    u = ln kappa,    dr/du = sum p q + n lambda / kappa  > 0,

then determines u to a few units of rounding for every n, lambda and spectrum.

A grid shares one table: df1 and its first four derivatives in u at a hundred kappas or two, joined by the polynomials
of degree 9 that have these values at the ends of a cell. As functions of u, the terms p are analytic in a strip of
half-width pi, so a cell of width h adds an error of about (h / 2 pi)^10, which is rounding at SPACING; lambda enters
exactly. The root is then read off, and a grid point costs nothing that grows with the spectrum. Where the grid is too
small to pay for so fine a table, a coarser one provides a guess for Newton's method. Every term of r has |f''| <= |f'|,
hence |r''| <= r': after a step of length D <= 1/2 the error of u is at most about D^2 / 2.

kappa(c s, n, c lambda) = c kappa(s, n, lambda): what would end among the numbers that float64 holds with fewer digits
is solved in another unit, a power of two.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

__all__ = ["Spectrum", "Split", "blocks", "compress", "solve", "split_df1"]

ELEMENTS = 50_000  # grid points x eigenvalues at work at a time: 400 kB, so that it stays in the cache
WIDEST = 4096  # eigenvalues at a time; also bounds the rounding of one sum
SPACING = 0.19  # of the table in ln kappa: the interpolation is then good to 2e-15
RUN = 60  # p and q are at most 0.89 where they are summed
COARSE = 24  # cells of a table that only has to provide a guess
POINTS_A_CELL = 2  # a cell of a table costs about as much as two grid points save
ENOUGH = 1.5e-7  # a Newton step in ln kappa below this leaves an error below 2e-14
SMALL, LARGE = 1e-290, 1e290  # between them the arithmetic keeps all digits

# Rows of a table: n - df1 = (n - above) + rest, and the derivatives of -df1 in ln kappa. A Split has the first three.
ABOVE, REST, SLOPE, SECOND, THIRD, FOURTH = range(6)
SPLIT_ROWS, TABLE_ROWS = 3, 6
DERIVATIVES = slice(SLOPE, None)


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
    """n - df1 = (n - above) + rest, and slope = sum p q = -d df1 / d ln kappa; arrays with one entry per kappa."""

    above: np.ndarray
    rest: np.ndarray
    slope: np.ndarray


def split_df1(spectrum: Spectrum, kappa: np.ndarray) -> Split:
    """``Split`` at each kappa > 0, shape (m,): one division per distinct eigenvalue and kappa."""
    return Split(*_rows(spectrum, kappa, SPLIT_ROWS))


def _rows(spectrum: Spectrum, kappa: np.ndarray, rows: int) -> np.ndarray:
    """The first rows of a table, SPLIT_ROWS or TABLE_ROWS, with one column per kappa."""
    order = np.argsort(kappa)
    ascending = kappa[order]
    sums = np.zeros((rows, kappa.size))
    wide = min(spectrum.values.size, WIDEST)
    pages = 2 if rows == TABLE_ROWS else 1
    workspace = np.empty(pages * min(max(ELEMENTS, wide), kappa.size * wide))
    start = 0
    while start < kappa.size:  # runs of kappas within a factor RUN of each other share the place of the split
        stop = min(start + max(1, ELEMENTS // wide), kappa.size)
        stop = start + max(1, int(np.searchsorted(ascending[start:stop], RUN * ascending[start])))
        _sum_over_modes(spectrum, ascending[start:stop], sums[:, start:stop], workspace)
        start = stop
    result = np.empty_like(sums)
    result[:, order] = sums
    return result


def _sum_over_modes(spectrum, kappa, sums, workspace) -> None:
    """Fill the rows ``sums`` for a few kappas that are close to each other.

    ``lesser`` holds, for each kappa and eigenvalue, the one of p and q that is not near 1: p in the columns of
    eigenvalues up to the kappas, q in the others.
    """
    split = int(np.searchsorted(spectrum.values, np.sqrt(kappa[0]) * np.sqrt(kappa[-1]), side="right"))
    sums[ABOVE] = spectrum.above[split]
    column = kappa[:, None]
    for _, columns in blocks(1, spectrum.values.size):
        values, counts = spectrum.values[columns], spectrum.counts[columns]
        border = min(max(split - columns.start, 0), values.size)
        lesser = workspace[: kappa.size * values.size].reshape(kappa.size, values.size)
        np.add(values, column, out=lesser)
        p, q = lesser[:, :border], lesser[:, border:]
        np.divide(values[:border], p, out=p)
        np.divide(column, q, out=q)
        sum_p, sum_q = p @ counts[:border], q @ counts[border:]
        sums[REST] += sum_q - sum_p
        if len(sums) == TABLE_ROWS:
            overlap = workspace[lesser.size : 2 * lesser.size].reshape(lesser.shape)
            sums[DERIVATIVES] += _derivatives(lesser, counts, border, overlap)
        else:
            np.multiply(lesser, lesser, out=lesser)
            sums[SLOPE] += (sum_q + sum_p) - lesser @ counts  # p q = p - p^2 = q - q^2, and lesser is at most 0.89


def _derivatives(lesser, counts, border, overlap) -> tuple[np.ndarray, ...]:
    """Derivatives of -df1 in ln kappa, with w = p q: sums of w, w (p - q), w (1 - 6 w) and w (p - q)(1 - 12 w).

    p - q is 1 - 2 q where ``lesser`` is q, and minus 1 - 2 p where it is p. Overwrites lesser and overlap.
    """
    signed = counts.copy()
    signed[:border] *= -1
    np.multiply(lesser, lesser, out=overlap)
    np.subtract(lesser, overlap, out=overlap)  # w
    w_lesser = np.multiply(lesser, overlap, out=lesser)
    sum_w, sum_w_difference = overlap @ counts, overlap @ signed - 2 * (w_lesser @ signed)
    w2_lesser = np.multiply(w_lesser, overlap, out=lesser)
    w2 = np.multiply(overlap, overlap, out=overlap)
    sum_w2, sum_w2_difference = w2 @ counts, w2 @ signed - 2 * (w2_lesser @ signed)
    return sum_w, sum_w_difference, sum_w - 6 * sum_w2, sum_w_difference - 12 * sum_w2_difference


def solve(spectrum: Spectrum, n: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """kappa with ridge = kappa (1 - df1(kappa) / n), for arrays n, ridge of shape (m,).

    Each point needs ridge > 0 or n < rank (else kappa is 0), and the spectrum a positive eigenvalue.
    """
    tiny = np.finfo(float).smallest_subnormal
    lowest = spectrum.values[0] * (spectrum.rank - n) / n  # df1 >= rank s_min / (s_min + kappa)
    low = max(0.9 * np.maximum(ridge, lowest).min(), tiny)
    high = 1.1 * (ridge + spectrum.trace / n).max()
    if low < SMALL:
        room = np.log2(LARGE) - np.log2(max(high, spectrum.trace, spectrum.values[-1]))
        if room > 1:
            return _shifted(int(room), spectrum, n, ridge)
    most = n.size // POINTS_A_CELL
    if most <= COARSE:
        nodes, table = _tabulate(spectrum, low, high, COARSE)
    else:  # a fine table over what the grid uses
        if np.log(high / low) > SPACING * most / 4:
            low, high = _range(spectrum, n, ridge, low, high)
        nodes, table = _tabulate(spectrum, low, high, most)
    cell = _cells(nodes, table, n, ridge)
    kappa = _interpolate(nodes, table, cell, n, ridge)
    if np.log(nodes[1] / nodes[0]) <= SPACING * (1 + 1e-9):
        return kappa
    return _polish(spectrum, n, ridge, kappa, nodes[cell], nodes[cell + 1])


def _shifted(shift: int, spectrum, n, ridge) -> np.ndarray:
    """``solve`` with eigenvalues, ridge and kappa measured in the unit 2^-shift."""
    scaled = Spectrum(np.ldexp(spectrum.values, shift), spectrum.counts, spectrum.above)
    return np.ldexp(solve(scaled, n, np.ldexp(ridge, shift)), -shift)


def _range(spectrum, n, ridge, low, high) -> tuple[float, float]:
    """Two kappas between which all of the grid's lie, from a coarse table: kappa grows with lambda and falls with n."""
    nodes, table = _tabulate(spectrum, low, high, COARSE)
    most, least = (n.max(), ridge.min()), (n.min(), ridge.max())
    if most[1] == 0 and most[0] >= spectrum.rank:  # the two together have no kappa: look at all
        cell = _cells(nodes, table, n, ridge)
    else:
        cell = _cells(nodes, table, *np.array([most, least]).T)
    return nodes[cell.min()], nodes[cell.max() + 1]


def _tabulate(spectrum, low, high, most) -> tuple[np.ndarray, np.ndarray]:
    """Nodes from low to high, at most SPACING apart where ``most`` cells suffice for that, and the table there."""
    ends = np.log(low), np.log(high)
    count = int(np.clip(np.ceil((ends[1] - ends[0]) / SPACING), 2, most)) + 1
    nodes = np.exp(np.linspace(*ends, count))
    return nodes, _rows(spectrum, nodes, TABLE_ROWS)


def _cells(nodes, table, n, ridge) -> np.ndarray:
    """The cell in which the residual of each grid point changes sign, by halving."""
    above, rest = table[ABOVE], table[REST]
    pull = n * ridge
    left, right = np.zeros(n.size, dtype=int), np.full(n.size, nodes.size - 1)
    while np.any(right - left > 1):
        middle = (left + right) // 2
        negative = (n - above[middle]) + rest[middle] < pull / nodes[middle]
        left, right = np.where(negative, middle, left), np.where(negative, right, middle)
    return left


def _interpolate(nodes, table, cell, n, ridge):
    """Root of the residual with n - df1 replaced, inside the cell, by the polynomial of degree 9 with its derivatives.

    On the cell, x from 0 to 1 and t = x - 1, n - df1 is start + a1 x + ... + a4 x^4 + x^5 (e0 + e1 t + ... + e4 t^4);
    the a are its Taylor coefficients at the left end, the e follow from those at the right end, b, for x^5 = (1 + t)^5.
    """
    width = np.log(nodes[cell + 1] / nodes[cell])
    left, right = table[:, cell], table[:, cell + 1]
    taylor = np.array([width, width**2 / 2, width**3 / 6, width**4 / 24])
    start, rise = (n - left[ABOVE]) + left[REST], (left[ABOVE] - right[ABOVE]) + (right[REST] - left[REST])
    (a1, a2, a3, a4), (b1, b2, b3, b4) = taylor * left[DERIVATIVES], taylor * right[DERIVATIVES]
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
        residual = (samples - split.above) + split.rest - pull
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
    n, ridge = n[active[0]], ridge[active[0]]
    raise ValueError(
        f"eigenvalues from {spectrum.values[0]:g} to {spectrum.values[-1]:g}, n = {n:.17g}, ridge = {ridge:g}: too far "
        "apart for kappa to be computed in float64"
    )
