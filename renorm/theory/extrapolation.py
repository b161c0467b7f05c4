"""Three ways from the errors of one sample to the error of a larger one: a fit, a law with kappa in it, a spectrum.

``fit_offset_power_law``  c + a n^-b through errors at several sizes: no theory at all.
``carry``                 the error at m n samples and one penalty, from n samples and another, at the same kappa:

    test(m n, lambda_m) = test(n, lambda') (1 - gamma) / (1 - gamma / m),     lambda_m = kappa - (kappa - lambda') / m.

``SpectralFit``           a spectrum measured at its head and continued by a power law at its tail; the energies of the
                          target, and the noise, fitted to measured errors.

The second follows from the equations of ``theory.ridge``: bias depends on kappa alone, gamma = df2(kappa) / n on kappa
and n. The factor is not negligible only where a fit fluctuates; what is *learned* with more data is in the errors at
smaller lambda', so it reaches only those kappa that n samples without a penalty resolve.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics.nnls import nonnegative_least_squares
from renorm._numerics.validate import positive, same_length, vector
from renorm.theory.one_sample import OneSample

__all__ = ["OffsetPowerLaw", "SpectralFit", "carry", "continued_spectrum", "fit_offset_power_law", "fit_spectrum"]

POWERS = np.geomspace(0.05, 3, 60)  # of n, in the power law with offset
DECAYS = np.array([1.02, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0, 4.0])  # of the target's energy, k^-decay


@dataclass(frozen=True)
class OffsetPowerLaw:
    """error = offset + amplitude (n / size)^-power; call it with n."""

    size: float
    offset: float
    amplitude: float
    power: float

    def __call__(self, n) -> np.ndarray:
        return self.offset + self.amplitude * (np.asarray(n, dtype=float) / self.size) ** -self.power


def fit_offset_power_law(n, errors, weights=None) -> OffsetPowerLaw:
    """The best offset and amplitude, both >= 0, and power from 0.05 to 3: least squares of relative misses, weighted.

    n, errors, weights: (m,), m >= 3, positive. amplitude = 0 where the errors do not fall.

    >>> law = fit_offset_power_law([10, 20, 40, 80], 0.5 + np.array([10.0, 20, 40, 80]) ** -1.0)
    >>> bool(abs(law(160) - (0.5 + 1 / 160)) < 1e-3)
    True
    """
    n, errors = vector("n", n, positive), vector("errors", errors, positive)
    weights = np.ones(n.shape) if weights is None else vector("weights", weights, positive)
    same_length(n=n, errors=errors, weights=weights)
    size, best = n.max(), (np.inf, None)
    for power in POWERS:
        columns = np.column_stack([np.ones(n.size), (n / size) ** -power]) * (weights / errors)[:, None]
        found = nonnegative_least_squares(columns, weights)
        missed = np.sum((columns @ found - weights) ** 2)
        if missed < best[0]:
            best = missed, OffsetPowerLaw(float(size), float(found[0]), float(found[1]), float(power))
    return best[1]


def carry(sample: OneSample, ridge, errors, size) -> tuple[np.ndarray, np.ndarray]:
    """(error, penalty) at ``size`` samples with the same kappa as the n of ``sample`` with each ridge (m,).

    errors (m,): estimates of the test error of the sample's own fits. One of the samples is spent on the intercept, so
    m above is (size - 1) / (n - 1).

    >>> from renorm.theory.one_sample import from_columns
    >>> X = np.random.default_rng(0).standard_normal((101, 50))
    >>> error, ridge = carry(from_columns(X, X[:, 0]), [0.0], [2.0], 201)  # least squares: gamma = 50 / 100, 50 / 200
    >>> error.round(9), ridge.round(9)
    (array([1.33333333]), array([0.]))
    """
    share = sample.free / (size - 1)
    kappa, gamma = sample.kappa(ridge), sample.gamma(ridge)
    return np.asarray(errors) * (1 - gamma) / (1 - gamma * share), kappa - (kappa - np.asarray(ridge)) * share


def continued_spectrum(sample: OneSample, head: float = 0.1, reach: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and how often each counts: the first ``head`` n as measured, then a power law up to reach x n.

    The power is such that the sum is the measured trace, which is right at every n, while single eigenvalues beyond
    some n / 10 are too small. Where a kernel has fewer than n / 2 directions, all are as measured.
    """
    n, t = sample.size, sample.eigenvalues
    first = max(int(head * n), 5)
    if sample.unseen > n / 2 or t.size <= first:
        return t, np.ones(t.size)
    tail = n / (n - 1) * t.sum() - t[:first].sum()
    ends = np.unique(np.round(np.geomspace(first, reach * n, 120)))
    counts, places = np.diff(ends), (ends[:-1] + ends[1:] + 1) / 2
    low, high = 0.0, 30.0
    for _ in range(60):
        power = (low + high) / 2
        continued = t[first - 1] * (places / first) ** -power
        low, high = (power, high) if counts @ continued > tail else (low, power)
    return np.concatenate([t[:first], continued]), np.concatenate([np.ones(first), counts])


@dataclass(frozen=True)
class SpectralFit:
    """The theory of ``theory.ridge`` for a spectrum and a target with energies sum_j parts_j k^-DECAYS_j and noise.

    values, counts: eigenvalues and how often each counts; parts: (len(DECAYS) + 1,), the last is the noise variance.
    """

    values: np.ndarray
    counts: np.ndarray
    parts: np.ndarray

    def __call__(self, n: float, ridge) -> np.ndarray:
        """The test error at n samples, for each ridge (m,)."""
        return _responses(self.values, self.counts, n, ridge) @ self.parts


def fit_spectrum(values, counts, sizes, ridge, errors, weights, variance: float) -> SpectralFit:
    """Energies and noise, none negative, that come nearest to measured errors (sizes, ridges); relative, weighted.

    ridge: (m,); errors: (len(sizes), m); weights: one for each size; variance: that of the targets, the error of the
    largest penalties, to which signal and noise have to add up.
    """
    rows = [
        _responses(values, counts, n, ridge) / e[:, None] * w for n, e, w in zip(sizes, errors, weights, strict=True)
    ]
    goals = [np.full(len(ridge), w) for w in weights]
    total = 3 * np.ones(len(DECAYS) + 1)
    A, b = np.vstack([*rows, total / variance]), np.concatenate([*goals, [3.0]])
    return SpectralFit(values, counts, nonnegative_least_squares(A, b))


def _responses(values, counts, n: float, ridge) -> np.ndarray:
    """Test errors (m, len(DECAYS) + 1) of targets of unit energy of each decay, and of pure unit noise."""
    ridge, free = np.atleast_1d(np.asarray(ridge, dtype=float)), n - 1
    ends = np.cumsum(counts)
    energies = counts[:, None] * (ends - (counts - 1) / 2)[:, None] ** -DECAYS
    kappa = _kappa(values, counts, free, ridge)[:, None]
    missed = kappa / (values + kappa)
    rest = ridge / kappa[:, 0] + ((1 - missed) * missed) @ counts / free  # 1 - gamma, without the subtraction
    return np.column_stack([missed**2 @ (energies / energies.sum(axis=0)), np.ones(ridge.size)]) / rest[:, None]


def _kappa(values, counts, n: float, ridge: np.ndarray) -> np.ndarray:
    """ridge = kappa (1 - df1 / n) by bisection in log kappa, to rounding; (m,)."""
    low = np.full(ridge.shape, np.log(1e-16 * values[0]))
    high = np.log(2 * (ridge + counts @ values / n + values[0]))
    for _ in range(70):
        middle = (low + high) / 2
        kappa = np.exp(middle)
        below = kappa * (1 - (values / (values + kappa[:, None])) @ counts / n) < ridge
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.exp(high)
