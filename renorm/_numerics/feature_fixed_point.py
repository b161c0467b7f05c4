"""The numerical heart of random features: kappa2 on a whole grid, with n - df1 and width - df1 free of cancellation.

kappa2 solves  ridge = kappa2 (1 - df1/n) (1 - df1/width),  df1 = sum of s / (s + kappa2) + tail / kappa2,  in which the
``tail`` is the variance of infinitely many infinitesimal modes (what a nonlinearity adds). For small ridges everything
hangs on the differences n - df1 and width - df1, which therefore are never formed. Let m = min(n, width), and kappa0 be
kappa2 for a vanishing ridge: df1(kappa0) = min(m, rank). With delta = kappa2 - kappa0,

    free = m - df1(kappa2) = max(m - rank, 0) + delta * [sum of s / ((s + kappa2)(s + kappa0)) + tail / (kappa2 kappa0)]

is a sum of positive terms, and so are the two differences, n - m + free and width - m + free. The unknown is ln delta.
In it, the logarithm of the right-hand side of the equation has a slope between 1 and 3, and

    ridge <= delta <= ridge + (Tr Sigma + tail) (1/n + 1/width),

which makes a safeguarded Newton iteration converge from anywhere, in about eight steps.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics import fixed_point

__all__ = ["INFINITESIMAL", "FeatureSums", "solve"]

INFINITESIMAL = 1e-290  # of the largest eigenvalue: stands for delta where the limit ridge -> 0 is taken
_ELEMENTS = 1 << 16  # grid points x eigenvalues at work at a time, so that they stay in the cache


@dataclass(frozen=True)
class FeatureSums:
    """At the solution, one entry per grid point, with p = s / (s + kappa2) and q = 1 - p for every mode.

    kappa2, and free = min(n, width) - df1
    df1, df2, df1_minus_df2   sums of p, p^2 and pq; the tail counts in the first and the last
    missed                    sum of energy q^2
    crossed                   sum of energy pq
    """

    kappa2: np.ndarray
    free: np.ndarray
    df1: np.ndarray
    df2: np.ndarray
    df1_minus_df2: np.ndarray
    missed: np.ndarray
    crossed: np.ndarray


def solve(eigenvalues, energies, tail, n, width, ridge) -> FeatureSums:
    """Solve for kappa2 at each point of the grid n, width, ridge (1-d arrays; the first two may be infinite).

    The eigenvalues and the tail have to be of order one at most. A ridge of zero means delta = INFINITESIMAL: ratios
    of vanishing quantities then have the values of the limit ridge -> 0, and what diverges comes out enormous.
    """
    spectrum = fixed_point.compress(eigenvalues)
    least, most = np.minimum(n, width), np.maximum(n, width)
    kappa0 = _without_ridge(spectrum, tail, least)
    delta = _newton(spectrum, tail, kappa0, least, most, ridge)
    kappa2 = kappa0 + delta
    energy = spectrum.totals(eigenvalues, energies)
    df1, df2, slope, missed, crossed = np.empty((5, delta.size))
    for rows in _blocks(spectrum, delta.size):
        p = spectrum.values / (spectrum.values + kappa2[rows, np.newaxis])
        q = kappa2[rows, np.newaxis] / (spectrum.values + kappa2[rows, np.newaxis])
        df1[rows] = p @ spectrum.counts
        df2[rows] = p**2 @ spectrum.counts
        slope[rows] = (p * q) @ spectrum.counts
        missed[rows] = q**2 @ energy
        crossed[rows] = (p * q) @ energy
    missed += energies[eigenvalues == 0].sum()
    if tail > 0:
        df1, slope = df1 + tail / kappa2, slope + tail / kappa2
    free = np.full(delta.size, np.inf)
    finite = np.isfinite(least)
    free[finite] = _free(spectrum, tail, kappa0[finite], delta[finite], least[finite])[0]
    return FeatureSums(kappa2, free, df1, df2, slope, missed, crossed)


def _without_ridge(spectrum, tail, least) -> np.ndarray:
    """kappa0: zero, or the root of df1 = least with the tail in df1, where it acts as an ordinary ridge tail/least."""
    kappa0 = np.zeros(least.size)
    if spectrum.values.size == 0:
        return kappa0 + tail / least
    needed = np.isfinite(least) & ((least < spectrum.rank) | (tail > 0))
    if needed.any():
        sizes, where = np.unique(least[needed], return_inverse=True)
        kappa0[needed] = fixed_point.solve(spectrum, sizes, tail / sizes)[where.ravel()]
    return kappa0


def _newton(spectrum, tail, kappa0, least, most, ridge) -> np.ndarray:
    """delta at every grid point."""
    delta = np.maximum(ridge, INFINITESIMAL)
    rows = np.flatnonzero((ridge > 0) & np.isfinite(least))
    low = ridge[rows]
    high = low + (spectrum.trace + tail) * (1 / least[rows] + 1 / most[rows])
    delta[rows] = high
    for _ in range(200):
        if rows.size == 0:
            return delta
        at, m, infinite = delta[rows], least[rows], np.isinf(most[rows])
        beyond = np.where(infinite, 0.0, most[rows]) - np.where(infinite, 0.0, m)
        free, growth = _free(spectrum, tail, kappa0[rows], at, m)
        kappa2 = kappa0[rows] + at
        second = np.where(infinite, 1.0, (beyond + free) / np.where(infinite, 1.0, most[rows]))
        residual = np.log(kappa2 / ridge[rows] * (free / m) * second)
        slope = at * (1 / kappa2 + growth / free + np.where(infinite, 0.0, growth / (beyond + free)))
        step = residual / slope
        low, high = np.where(residual < 0, at, low), np.where(residual < 0, high, at)
        proposal = at * np.exp(-step)
        inside = (proposal >= low) & (proposal <= high)
        delta[rows] = np.where(inside, proposal, np.sqrt(low) * np.sqrt(high))
        going = (np.abs(step) > 1e-15) & (high > low * (1 + 1e-15))
        rows, low, high = rows[going], low[going], high[going]
    return delta


def _free(spectrum, tail, kappa0, delta, least):
    """least - df1(kappa0 + delta) as a sum of positive terms, and its derivative in delta."""
    kappa2 = kappa0 + delta
    bracket, growth = np.empty((2, delta.size))
    for rows in _blocks(spectrum, delta.size):
        inverse = 1 / (spectrum.values + kappa2[rows, np.newaxis])
        share = inverse * spectrum.values
        growth[rows] = (share * inverse) @ spectrum.counts
        bracket[rows] = (share / (spectrum.values + kappa0[rows, np.newaxis])) @ spectrum.counts
    if tail > 0:
        bracket, growth = bracket + tail / kappa2 / kappa0, growth + tail / kappa2**2
    surplus = 0.0 if tail > 0 else np.maximum(least - spectrum.counts.sum(), 0.0)
    return surplus + delta * bracket, growth


def _blocks(spectrum, rows: int) -> list[slice]:
    """The grid in pieces that keep _ELEMENTS numbers at work."""
    height = max(1, _ELEMENTS // max(1, spectrum.values.size))
    return [slice(start, start + height) for start in range(0, rows, height)]
