"""One sample's own learning curve, by leave-one-out in parts of it, and the contenders that continue it.

Parts are drawn without replacement: a row that was drawn twice would be its own neighbour. The larger the part, the
fewer of them differ, so each size has as many parts as make up about three times the sample.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from renorm.theory.extrapolation import carry, continued_spectrum, fit_offset_power_law, fit_spectrum
from renorm.theory.one_sample import OneSample

__all__ = ["MeasuredCurve", "contenders", "measure_curve"]

RIDGES = np.geomspace(1e-8, 10, 28)  # times the mean variance of a point, the trace of the centred kernel
PARTS = (1 / 8, 2**-2.5, 1 / 4, 2**-1.5, 1 / 2, 2**-0.5)  # shares of the sample
SMALLEST, MOST_DRAWS = 12, 16
AROUND = 6  # steps of RIDGES to each side of the penalty that the spectral fit looks at
LEAST_ERROR = 0.03  # no size is trusted more than this relative standard error allows


@dataclass(frozen=True)
class MeasuredCurve:
    """Leave-one-out errors of parts of a sample.

    sample          all of it
    ridges          (m,) penalties per sample, ascending; fixed: the index of the one that was given, or None for best
    sizes           (k,) ascending, the last is the sample's own
    errors, spread  (k, m) leave-one-out errors, means over the parts, and their standard errors
    """

    sample: OneSample
    ridges: np.ndarray
    fixed: int | None
    sizes: np.ndarray
    errors: np.ndarray
    spread: np.ndarray

    @property
    def chosen(self) -> np.ndarray:
        """The index of the penalty at each size, (k,): the one that was given, or the best by leave-one-out."""
        return self.errors.argmin(axis=1) if self.fixed is None else np.full(len(self.sizes), self.fixed)

    @property
    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Errors at the chosen penalty and their standard errors, each (k,)."""
        at = np.arange(len(self.sizes)), self.chosen
        return self.errors[at], self.spread[at]


def measure_curve(part: Callable[[np.ndarray], OneSample], n: int, ridge: float | None, rng) -> MeasuredCurve:
    """Measure at n and at parts of n. part(rows) makes the sample of these rows; ridge None is the best at each size.

    The standard error at n itself is that of a mean over rows, at smaller sizes that of a mean over parts.
    """
    whole = part(np.arange(n))
    grid = RIDGES * whole.eigenvalues.sum()
    ridges = grid if ridge is None else np.unique(np.append(grid, ridge))
    fixed = None if ridge is None else int(np.flatnonzero(ridges == ridge)[0])
    sizes, errors, spread = [], [], []
    for size in (int(round(share * n)) for share in PARTS):
        if size >= SMALLEST:
            draws = max(2, min(round(3 * n / size), MOST_DRAWS))
            found = [part(np.sort(rng.permutation(n)[:size])).leave_one_out(ridges) for _ in range(draws)]
            sizes.append(size)
            errors.append(np.mean(found, axis=0))
            spread.append(np.std(found, axis=0, ddof=1) / np.sqrt(draws))
    squares = whole.left_out(ridges) ** 2
    errors.append(squares.mean(axis=1))
    spread.append(squares.std(axis=1, ddof=1) / np.sqrt(n))
    return MeasuredCurve(whole, ridges, fixed, np.array([*sizes, n]), np.array(errors), np.array(spread))


def contenders(measured: MeasuredCurve, sizes) -> dict[str, np.ndarray]:
    """Name -> errors at ``sizes``; nan where one has nothing to say.

    "no change"   the error of today
    "power law"   c + a n^-b through the measured errors
    "carried"     ``carry``: today's error at another penalty with the same kappa
    "spectrum"    theory for a spectrum measured at its head, energies fitted
    The first three start from the measured error at n; "spectrum" is scaled to do so.
    """
    sizes = np.asarray(sizes, dtype=float)
    errors, spread = measured.curve
    weights = 1 / np.maximum(spread / errors, LEAST_ERROR)
    weights = np.append(weights[:-1], weights.max()) / weights.max()
    law = fit_offset_power_law(measured.sizes, errors, weights)
    now = errors[-1]
    return {
        "no change": np.full(sizes.shape, now),
        "power law": law(sizes) * now / law(measured.sizes[-1]),
        "carried": np.array([_carried(measured, size) for size in sizes]),
        "spectrum": _spectral(measured, sizes, weights) * now,
    }


def _carried(measured: MeasuredCurve, size: float) -> float:
    """nan where n samples cannot reach the kappa that ``size`` samples would have."""
    if size <= measured.sample.size:
        return float(measured.curve[0][-1])
    errors, ridges = carry(measured.sample, measured.ridges, measured.errors[-1], size)
    if measured.fixed is None:
        best = int(np.argmin(errors))
        return float(errors[best]) if best > 1 else np.nan  # at the edge it still falls, beyond what can be reached
    wanted = measured.ridges[measured.fixed]
    if not ridges[0] <= wanted <= ridges[-1]:
        return np.nan
    return float(np.exp(np.interp(wanted, ridges, np.log(errors))))


def _spectral(measured: MeasuredCurve, sizes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The fitted theory at ``sizes``, over what it says of the sample's own size."""
    middle = measured.chosen[-1]
    near = slice(max(middle - AROUND, 0), middle + AROUND + 1)
    ridges, errors = measured.ridges[near], measured.errors[:, near]
    spectrum = continued_spectrum(measured.sample)
    variance = float(np.mean(measured.sample.targets**2))
    fit = fit_spectrum(*spectrum, measured.sizes, ridges, errors, weights, variance)
    used = measured.ridges if measured.fixed is None else measured.ridges[[measured.fixed]]
    return np.array([fit(size, used).min() for size in sizes]) / fit(measured.sample.size, used).min()
