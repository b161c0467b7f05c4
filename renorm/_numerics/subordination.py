"""Spectra of sample covariances: solve for the renormalized ridge at complex lambda, safely, up to the real axis.

Put lambda = -z into lambda = kappa (1 - df1(kappa) / n) and write zeta = -kappa. With A = s^2 / n the equation becomes

    z = zeta + sum s / n + sum A / (zeta - s),        companion Stieltjes transform m(z) = 1 / kappa = -1 / zeta,

the form that Biane studied (Indiana Univ. Math. J. 46, 1997). For z = x + i eta, zeta = u + i v is found in two steps,
each the search for the one zero of a monotone function:

    given u, v >= 0 solves  sum A / ((s - u)^2 + v^2) + eta / v = 1,  or is 0 where eta = 0 and the sum stays below 1;
    along these v(u), x = Re z increases with u from -inf to inf, and |u - (x - sum s / n)| <= sqrt(sum A).

The left side of the first is a Stieltjes function of y = v^2, so its inverse is concave and increasing, and Newton's
method on that climbs to the root from below. eta = 0 is allowed: inside the spectrum v > 0 there, and the density of
the n eigenvalues of X X^T / n is Im m / pi = v / (pi (u^2 + v^2)).
"""

import numpy as np

from renorm._numerics.fixed_point import Spectrum, blocks

__all__ = ["edges", "height", "subordinate"]


def subordinate(spectrum: Spectrum, n: float, x: np.ndarray, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """u and v = Im zeta >= 0 with z = x + i eta, eta >= 0; flat arrays."""
    centre = x - spectrum.trace / n
    reach = np.sqrt(np.sum(spectrum.counts * spectrum.values**2) / n)
    low, high = centre - 1.001 * reach, centre + 1.001 * reach
    if x.size > 48 and np.all(eta == 0):
        low, high = _bracket(spectrum, n, x, low, high)
    u, y = (low + high) / 2, np.zeros(x.size)
    active = np.arange(x.size)
    for _ in range(200):
        now, above = u[active], eta[active]
        y[active] = height(spectrum, n, now, above, y[active])
        place, slope = _along(spectrum, n, now, y[active], above)
        miss = place - x[active]
        low[active] = np.where(miss < 0, now, low[active])
        high[active] = np.where(miss > 0, now, high[active])
        with np.errstate(divide="ignore", invalid="ignore"):
            new = now - miss / slope
        new = np.where((new > low[active]) & (new < high[active]), new, (low[active] + high[active]) / 2)
        new = np.where(miss == 0, now, new)
        u[active] = new
        scale = np.abs(new) + np.sqrt(y[active])
        active = active[(np.abs(new - now) > 1e-13 * scale) & (high[active] - low[active] > 4e-16 * scale)]
        if active.size == 0:
            break
    return u, np.sqrt(height(spectrum, n, u, eta, y))


def height(spectrum: Spectrum, n: float, u: np.ndarray, eta: np.ndarray, start: np.ndarray) -> np.ndarray:
    """y = v^2 with sum A / ((s - u)^2 + y) + eta / sqrt(y) = 1, or 0 where eta = 0 and the sum stays below 1.

    ``start``: any first guess, shape of u. One Newton step from above the root lands below it; from there they climb.
    """
    index = np.clip(np.searchsorted(spectrum.values, u), 1, max(spectrum.values.size - 1, 1))
    least = eta**2
    for neighbour in (index - 1, np.minimum(index, spectrum.values.size - 1)):  # one term of the sum alone
        s = spectrum.values[neighbour]
        least = np.maximum(least, spectrum.counts[neighbour] * s**2 / n - (s - u) ** 2)
    y = np.maximum(start, least)
    active = np.arange(u.size)
    for step in range(100):
        now = y[active]
        with np.errstate(divide="ignore", invalid="ignore"):
            total, change = _inner(spectrum, n, u[active], now)
            free = np.where(eta[active] > 0, eta[active] / np.sqrt(now), 0.0)
            total, change = total + free, change + np.where(free > 0, free / (2 * now), 0.0)
            new = np.maximum(now + total * (total - 1) / change, least[active])
        y[active] = new
        settled = np.abs(new - now) <= 1e-15 * new
        if step > 0:
            settled |= new <= now  # they climb: rounding has been reached
        active = active[~settled]
        if active.size == 0:
            break
    return np.maximum(y, 0.0)


def edges(spectrum: Spectrum, n: float) -> np.ndarray:
    """u at the ends of the bulks, ascending, shape (bulks, 2): where sum A / (s - u)^2 = 1 on the real axis."""
    s, weight = spectrum.values, spectrum.counts * spectrum.values**2 / n
    reach = 1.001 * np.sqrt(weight.sum())
    # between neighbours the sum is convex and at least (a^(1/3) + b^(1/3))^3 / gap^2: most gaps are closed at once
    gap = np.diff(s)
    (open_,) = np.nonzero((np.cbrt(weight[:-1]) + np.cbrt(weight[1:])) ** 3 < gap**2)
    left, right = s[open_], s[open_ + 1]
    bottom = _bisect(lambda u: _moment(spectrum, n, u, 3) > 0, left, right)
    real = _moment(spectrum, n, bottom, 2) < 1
    left, right, bottom = left[real], right[real], bottom[real]
    falling = _bisect(lambda u: _moment(spectrum, n, u, 2) < 1, left, bottom)
    rising = _bisect(lambda u: _moment(spectrum, n, u, 2) > 1, bottom, right)
    first = _bisect(lambda u: _moment(spectrum, n, u, 2) > 1, s[:1] - reach, s[:1])
    last = _bisect(lambda u: _moment(spectrum, n, u, 2) < 1, s[-1:], s[-1:] + reach)
    return np.stack([np.concatenate([first, rising]), np.concatenate([falling, last])], axis=1)


def place_on_axis(spectrum: Spectrum, n: float, u: np.ndarray) -> np.ndarray:
    """x at real zeta = u: u (1 + (1/n) sum s / (u - s)). Where rounding puts u on an eigenvalue, n is so large that x
    lies there, too."""
    place, _ = _along(spectrum, n, u, np.zeros(u.size), np.zeros(u.size))
    return np.where(np.isin(u, spectrum.values), u, place)


def _bisect(beyond, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Where ``beyond`` turns from False to True between low and high, to rounding."""
    for _ in range(1200):
        middle = (low + high) / 2
        if np.all((middle == low) | (middle == high)):
            break
        passed = beyond(middle)
        low, high = np.where(passed, low, middle), np.where(passed, middle, high)
    return (low + high) / 2


def _moment(spectrum: Spectrum, n: float, u: np.ndarray, power: int) -> np.ndarray:
    """sum A / (s - u)^power."""
    total = np.zeros(u.size)
    with np.errstate(divide="ignore"):
        for rows, columns in blocks(u.size, spectrum.values.size):
            s = spectrum.values[columns]
            distance = s - u[rows, None]
            total[rows] += ((s / distance) ** 2 / distance ** (power - 2)) @ spectrum.counts[columns]
    return total / n


def _inner(spectrum, n, u, y):
    """sum A / D and sum A / D^2 with D = (s - u)^2 + y."""
    total, change = np.zeros((2, u.size))
    for rows, columns in blocks(u.size, spectrum.values.size):
        s = spectrum.values[columns]
        distance = s - u[rows, None]
        np.multiply(distance, distance, out=distance)
        distance += y[rows, None]
        np.divide(1.0, distance, out=distance)
        weight = spectrum.counts[columns] * s**2 / n
        total[rows] += distance @ weight
        change[rows] += np.multiply(distance, distance, out=distance) @ weight
    return total, change


def _along(spectrum, n, u, y, eta):
    """x = Re z and dx/du along the curve v(u). With H(zeta) = z, dx/du = |H'|^2 / Re H'."""
    place, p, q = np.zeros((3, u.size))
    with np.errstate(divide="ignore", invalid="ignore"):
        for rows, columns in blocks(u.size, spectrum.values.size):
            s, counts, left, up = spectrum.values[columns], spectrum.counts[columns], u[rows, None], y[rows, None]
            inverse = 1 / ((s - left) ** 2 + up)
            place[rows] += ((left * (left - s) + up) * inverse) @ (counts * s)
            p[rows] += (inverse * inverse) @ (counts * s**2)
            q[rows] += ((left - s) * inverse * inverse) @ (counts * s**2)
        real = np.where(eta > 0, eta / np.sqrt(y), 0.0) + 2 * y * p / n
        imaginary = 2 * np.sqrt(y) * q / n
        slope = np.where(y > 0, real + imaginary**2 / real, 1 - _moment(spectrum, n, u, 2))
    return u + place / n, slope


def _bracket(spectrum, n, x, low, high):
    """Tighter brackets of u for each x at eta = 0, from the curve at a few hundred u on linear and log scales."""
    bottom, top = low.min(), high.max()
    s = spectrum.values
    grid = [np.linspace(bottom, top, 130), np.geomspace(s[0] / 100, max(top, s[-1]), 130), edges(spectrum, n).ravel()]
    nodes = np.unique(np.clip(np.concatenate(grid), bottom, top))
    zero = np.zeros(nodes.size)
    place, _ = _along(spectrum, n, nodes, height(spectrum, n, nodes, zero, zero), zero)
    place = np.maximum.accumulate(place)
    cell = np.searchsorted(place, x)
    below = np.where(cell > 0, nodes[np.maximum(cell - 1, 0)], low)
    above = np.where(cell < nodes.size, nodes[np.minimum(cell, nodes.size - 1)], high)
    return np.maximum(below - 1e-13 * np.abs(below), low), np.minimum(above + 1e-13 * np.abs(above), high)
