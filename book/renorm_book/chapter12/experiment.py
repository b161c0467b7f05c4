"""Chapter 12's experiment: a forecast from one sample, and what is measured when the data are there.

For each of fourteen data sets and three kernels: 24 samples of n rows, a forecast from each for n, 2n, 4n and 8n; and
what machines with that many rows, their penalty chosen by leave-one-out, really cost on rows they have not seen: means
over 4 to 100 independent draws. All of it is kept in ``forecasts.npz``, made by ``tools/assets/forecasts.py``.
"""

import warnings
from functools import cache
from pathlib import Path

import numpy as np

from renorm import forecast
from renorm.experiments.forecasting import DRIFT, INFLATION, NORMAL_80, combine
from renorm.theory.one_sample import from_gram
from renorm_book.chapter12.data_sets import DATA_SETS, KERNELS, gram_of

__all__ = [
    "CONTENDERS",
    "MULTIPLES",
    "RIDGES",
    "calibrate",
    "covered",
    "half_widths",
    "kept",
    "log_ratios",
    "measured_errors",
    "one_set",
    "ridge_errors",
]

KEPT = Path(__file__).with_name("forecasts.npz")
MULTIPLES = (1, 2, 4, 8)
RIDGES = np.geomspace(1e-8, 10, 28)  # per sample, for a kernel of mean diagonal one
DRAWS, TESTED = 24, 1500
CONTENDERS = ("no change", "power law", "carried", "spectrum")


def measured_errors(K, y, n: int, draws: int, rng) -> np.ndarray:
    """(draws, 29): errors on held-out rows at each of RIDGES, and at leave-one-out's choice."""
    found = []
    for _ in range(draws):
        order = rng.permutation(len(y))
        seen, rest = order[:n], order[n : n + TESTED]
        inside = K[np.ix_(seen, seen)]
        sample = from_gram(inside, y[seen])
        projected = sample.vectors.T @ sample.targets
        outside = (sample.targets - sample.vectors @ projected)[:, None] / (n * RIDGES)
        dual = sample.vectors @ (projected[:, None] / (sample.eigenvalues[:, None] + RIDGES) / n) + outside
        fitted = y[seen].mean() + (K[np.ix_(rest, seen)] - inside.mean(axis=0)) @ dual
        errors = np.mean((fitted - y[rest][:, None]) ** 2, axis=0)
        found.append(np.append(errors, errors[np.argmin(sample.leave_one_out(RIDGES))]))
    return np.array(found)


def ridge_errors(K, y, n: int) -> np.ndarray:
    """(2, DRAWS, 28): what leave-one-out and GCV say at each of RIDGES, of the samples that forecasts start from."""
    found = []
    for rows in _samples(len(y), n):
        sample = from_gram(K[np.ix_(rows, rows)], y[rows])
        found.append([sample.leave_one_out(RIDGES), sample.generalized_cross_validation(RIDGES)])
    return np.swapaxes(found, 0, 1)


def _samples(size: int, n: int):
    return [np.random.default_rng(100 + i).permutation(size)[:n] for i in range(DRAWS)]


def _mean_and_error(errors: np.ndarray) -> np.ndarray:
    return np.array([errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(len(errors))])


def one_set(name: str, kernel: str, multiples=MULTIPLES, draws: int = DRAWS) -> dict[str, np.ndarray]:
    """Everything that is kept of one data set and kernel.

    truth     (4, 2): mean error and its standard error, at MULTIPLES of n; nan where there are too few rows
    ridges    (3, 2, 28): at n and each of RIDGES, mean and standard error of: held-out error, leave-one-out, GCV
    draws     (24, 4, 5): CONTENDERS, then the forecast; nan where there is none
    relative  (24,): standard error of today's error, relative, as the forecast sees it
    shown     (2, 7): sizes and leave-one-out errors of the first sample's parts; nan where there are fewer
    """
    data = DATA_SETS[name]
    X, y = data.make()
    K, n, rng = gram_of(X, kernel), data.n, np.random.default_rng(11)
    truth, held = np.full((len(MULTIPLES), 2), np.nan), None
    for i, m in enumerate(multiples):
        if m * n <= 0.95 * len(y):
            errors = measured_errors(K, y, m * n, min(100, max(4, 10_000 // (m * n))), rng)
            truth[i] = _mean_and_error(errors[:, -1])
            held = _mean_and_error(errors[:, :-1]) if m == 1 else held
    found, relative, shown = np.full((draws, len(MULTIPLES), 5), np.nan), np.empty(draws), np.full((2, 7), np.nan)
    for i, rows in enumerate(_samples(len(y), n)[:draws]):
        one = forecast(K[np.ix_(rows, rows)], y[rows], kernel="gram", sizes=n * np.array(MULTIPLES), seed=i)
        found[i] = np.column_stack([*(one.contenders[c] for c in CONTENDERS), one.error])
        relative[i] = one.leave_one_out_se / one.leave_one_out
        if i == 0:
            shown[:, : len(one.measured)] = one.measured_sizes, one.measured
    ridges = np.array([held, *(_mean_and_error(e) for e in ridge_errors(K, y, n))])
    return {"truth": truth, "ridges": ridges, "draws": found, "relative": relative, "shown": shown}


@cache
def kept() -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """(data set, kernel) -> what ``one_set`` returned when the experiment was made."""
    found: dict[tuple[str, str], dict[str, np.ndarray]] = {}
    with np.load(KEPT) as file:
        for key in file.files:
            name, kernel, what = key.split(",")
            found.setdefault((name, kernel), {})[what] = file[key].astype(float)
    return found


def log_ratios(name: str, kernel: str) -> np.ndarray:
    """ln(forecast / measured), (24, 3, 5): samples; 2n, 4n, 8n; CONTENDERS and the forecast."""
    record = kept()[name, kernel]
    return np.log(record["draws"][:, 1:] / record["truth"][1:, 0, None])


@cache
def _spread(name: str, kernel: str) -> np.ndarray:
    """What the contenders' disagreement adds to the square of half the width: (24, 4)."""
    draws = kept()[name, kernel]["draws"]
    widths = [combine(dict(zip(CONTENDERS, draw.T, strict=False)), 0.0, MULTIPLES)[1] for draw in draws]
    return np.square(widths) - (NORMAL_80 * DRIFT * np.log(MULTIPLES)) ** 2


def half_widths(name: str, kernel: str, inflation: float = INFLATION, drift: float = DRIFT) -> np.ndarray:
    """Half the width of the interval of each forecast, in logarithms: (24, 4); as ``combine`` has it."""
    relative = kept()[name, kernel]["relative"][:, None]
    variance = (inflation * relative) ** 2 + (drift * np.log(MULTIPLES)) ** 2
    return np.sqrt(NORMAL_80**2 * variance + _spread(name, kernel))


@cache
def covered(name: str, inflation: float = INFLATION, drift: float = DRIFT) -> np.ndarray:
    """Whether what was measured lay in the interval: (kernels, 24, 3), 1 or 0; nan without forecast or measurement."""
    found = []
    for kernel in KERNELS:
        missed = np.abs(log_ratios(name, kernel)[:, :, -1])
        inside = missed <= half_widths(name, kernel, inflation, drift)[:, 1:]
        found.append(np.where(np.isfinite(missed), inside, np.nan))
    return np.array(found)


def calibrate(names) -> tuple[float, float]:
    """The inflation and drift for which intervals cover nearest to 80 % of the measurements at 2n, 4n and 8n.

    The mean over data sets is taken at each multiple, and the sum of squares of the three misses made least on a grid.
    """
    grid = [(round(0.1 * i, 1), round(0.01 * d, 2)) for i in range(10, 17) for d in range(0, 21, 2)]

    def missed(pair) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # 178 wines are too few for eight times 36
            shares = [np.nanmean(covered(name, *pair), axis=(0, 1)) for name in names]
            return float(np.sum((np.nanmean(shares, axis=0) - 0.8) ** 2))

    return min(grid, key=missed)
