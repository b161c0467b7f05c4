"""How much better with more data? A forecast of the learning curve of ridge regression, from one sample.

The sample is asked for its leave-one-out error at several sizes and penalties (``measured_curve``); contenders continue
the curve (``theory.extrapolation``); the forecast is the geometric mean of those that have something to say, and its
interval was calibrated, see ``INFLATION`` below.
"""

from dataclasses import dataclass, field

import numpy as np

from renorm._numerics.validate import generator, matrix, non_negative, number, one_of, positive, vector
from renorm.experiments.measured_curve import MeasuredCurve, contenders, measure_curve
from renorm.experiments.tables import check_table
from renorm.theory.kernels import gaussian_kernel, laplace_kernel, squared_distances
from renorm.theory.one_sample import from_columns, from_gram

__all__ = ["DRIFT", "INFLATION", "NORMAL_80", "Forecast", "combine", "forecast"]

MULTIPLES = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
WORK, MOST_ROWS = 1250, 10_000  # rows used: n min(n, d)^2 <= WORK^3, and no more than the second
KERNELS = ("linear", "gaussian", "laplace", "gram")
NORMAL_80 = 1.2816
# See ``combine``. Set on the fourteen data sets of the book's chapter 12, and tried there on each of them with a width
# that was set on the thirteen others.
INFLATION, DRIFT = 1.3, 0.06


@dataclass(frozen=True)
class Forecast:
    """What one sample says of itself and of larger ones, made by ``forecast``. Errors are mean squares.

    rows, used      rows given, and how many of them the numbers come from
    ridge           lambda per sample, as given or the one with the least leave-one-out error; of the kernel as used
    kappa, gamma    renormalized ridge there, and the share of the fit's fluctuations that comes back as error
    degrees_of_freedom                 the intercept counts as one
    leave_one_out, leave_one_out_se    error on new rows today, and its naive standard error
    generalized_cross_validation       the same from GCV, which is KARE
    baseline        variance of y: the error of always answering with the mean
    measured_sizes, measured           leave-one-out errors of parts of the sample; the last is all of it
    sizes, error, low, high            the curve to come and its interval of 80 %; nan where there is no forecast
    contenders      name -> curve at ``sizes``; nan where one has nothing to say
    reason          why there is no forecast; empty where there is one
    assumed         what was assumed and what was done to the data, in sentences
    """

    kernel: str
    rows: int
    used: int
    ridge: float
    kappa: float
    gamma: float
    degrees_of_freedom: float
    leave_one_out: float
    leave_one_out_se: float
    generalized_cross_validation: float
    baseline: float
    measured_sizes: np.ndarray
    measured: np.ndarray
    sizes: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray
    contenders: dict = field(repr=False)
    reason: str
    assumed: tuple = field(repr=False)

    @property
    def summary(self) -> str:
        """The forecast in words, with what it assumes."""
        share = 100 * self.leave_one_out / self.baseline
        lines = [
            f"{self.used} rows, {self.kernel} kernel, λ = {self.ridge:.2g}",
            f"error on new rows: {_shown(self.leave_one_out)} ± {_shown(self.leave_one_out_se, 1)} by leave-one-out, "
            f"{share:.0f} % of the variance of y",
            f"κ = {self.kappa:.2g}, γ = {self.gamma:.2f}, {self.degrees_of_freedom:.1f} degrees of freedom",
        ]
        if self.reason:
            lines.append(f"no forecast: {self.reason}")
        else:
            lines += [
                f"{size:8.0f} rows: {_shown(error)} (80 %: {_shown(low)} to {_shown(high)})"
                for size, error, low, high in zip(self.sizes, self.error, self.low, self.high, strict=True)
                if size > self.used
            ]
        return "\n".join([*lines, *(f"assumed: {sentence}" for sentence in self.assumed)])

    def __repr__(self) -> str:
        return self.summary

    def plot(self, ax) -> None:
        """Draw measured errors, forecast, interval and contenders on matplotlib axes ``ax``."""
        ax.plot(self.measured_sizes, self.measured, "o", color="black", label="leave-one-out")
        if not self.reason:
            ax.fill_between(self.sizes, self.low, self.high, alpha=0.25, color="#0072B2", label="80 % interval")
            ax.plot(self.sizes, self.error, color="#0072B2", label="forecast")
        for style, (name, curve) in zip((":", "--", "-.", (0, (1, 3))), self.contenders.items(), strict=False):
            ax.plot(self.sizes, curve, linestyle=style, color="0.5", label=name)
        top = 1.25 * np.nanmax(np.concatenate([self.measured, self.high]))
        ax.set(xscale="log", ylim=(0, top), xlabel="rows, $n$", ylabel="squared error on new rows")
        ax.legend(loc="lower left")


def _shown(value: float, digits: int = 3) -> str:
    """A number with so many digits, and never with a positive exponent."""
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{float(f'{value:.{digits}g}'):.0f}"


def forecast(
    X,
    y,
    *,
    kernel: str = "gaussian",
    bandwidth: float | None = None,
    ridge: float | str = "best",
    scale: str = "columns",
    sizes=None,
    duplicates: str = "refuse",
    seed: int = 0,
) -> Forecast:
    """The error of kernel ridge regression on this table, today and with up to eight times as many rows.

    X           (n, d) numbers, an array or a pandas frame, n >= 30; with kernel="gram" the Gram matrix (n, n) itself
    y           n numbers; classes as 0 and 1, or -1 and 1
    kernel      "linear", "gaussian" exp(-|x-x'|^2 / 2b^2), "laplace" exp(-|x-x'| / b), or "gram"
    bandwidth   b; by default the median distance between rows
    ridge       "best": chosen by leave-one-out at every size; or lambda >= 0, one number per sample that stays
    scale       "columns": each divided by its standard deviation; "none": left as they are (pictures, say)
    sizes       numbers of rows to forecast for, up to eight times those used (see Cost); by default multiples of n
    duplicates  rows that are equal, y too: "refuse" or "keep"
    seed        of the parts that are drawn

    The intercept is free of penalty. The interval is made to hold the mean error of machines trained on that many rows
    eight times out of ten; chapter 12 of the book tells for which data it did. No forecast is made, and the reason
    given, where the sample's own curve does not fall or has not begun to. ValueError for tables with text, missing
    values, equal rows, fewer than 30 rows, constant y, and for sizes beyond eight times the rows used.

    Cost: of a large table some rows are used only, as many as n min(n, d)^2 <= 1250^3 allows (d without a bound where
    the kernel is not linear); at most some 10 s on one core and 300 MB besides the table.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((200, 20))
    >>> found = forecast(X, X[:, 0] + rng.standard_normal(200), kernel="linear")
    >>> bool(found.error[-1] < found.error[0]), bool(found.low[-1] < 1.0 < found.high[-1])  # noise of variance one
    (True, True)
    """
    one_of("kernel", kernel, KERNELS)
    one_of("scale", scale, ("columns", "none"))
    ridge = None if isinstance(ridge, str) and ridge == "best" else number("ridge", ridge, non_negative)
    if bandwidth is not None:
        bandwidth = number("bandwidth", bandwidth, positive)
    rng = generator("seed", seed)
    if kernel == "gram":
        gram = matrix("X", X)
        if gram.shape[0] != gram.shape[1]:
            raise ValueError(f"X has shape {gram.shape}: a Gram matrix is square")
        y = check_table(np.arange(len(gram))[:, None] if len(gram) > 1 else [[0.0]], y).y
        part, used, assumed = _parts_of_gram(gram, y, rng)
    else:
        table = check_table(X, y, duplicates)
        y = table.y
        part, used, assumed = _parts(table, kernel, bandwidth, scale, rng)
    sizes = _default_sizes(len(y), used) if sizes is None else vector("sizes", sizes, positive)
    if sizes.min() < used or sizes.max() > 8 * used:
        raise ValueError(f"sizes = {sizes}: must lie between {used}, the rows used, and {8 * used}, eight times")
    measured = measure_curve(part, used, ridge, rng)
    return _judge(measured, kernel, len(y), sizes, assumed)


def _rows(n: int, width: int, rng) -> np.ndarray:
    """Which rows are used: all, or as many as ``WORK`` allows."""
    most = WORK if width >= WORK else int(min(WORK**3 / width**2, MOST_ROWS))
    return np.arange(n) if n <= most else np.sort(rng.permutation(n)[:most])


def _default_sizes(rows: int, used: int) -> np.ndarray:
    """Multiples of the rows at hand as far as eight times those used; of the latter, if that is not far enough."""
    sizes = np.array(MULTIPLES) * rows
    return sizes[sizes <= 8 * used] if 2 * rows <= 8 * used else np.array(MULTIPLES) * used


ASSUMED = (
    "rows are independent draws of one population, and so are those to come",
    "error is the mean square; the intercept has no penalty",
)


def _parts_of_gram(gram, y, rng):
    rows = _rows(len(y), len(y), rng)
    gram, y = gram[np.ix_(rows, rows)], y[rows]
    return _parts_of(gram, y), len(rows), ASSUMED


def _parts_of(gram, y):
    """rows -> OneSample, from the Gram matrix of all rows used."""
    return lambda at: from_gram(gram[np.ix_(at, at)], y[at])


def _parts(table, kernel: str, bandwidth: float | None, scale: str, rng):
    """rows -> OneSample, how many rows are used, and what was done to the table."""
    rows = _rows(len(table.y), table.X.shape[1] if kernel == "linear" else len(table.y), rng)
    X, y, assumed = table.X[rows], table.y[rows], list(ASSUMED)
    X = X - X.mean(axis=0)
    if scale == "columns":
        deviation = X.std(axis=0)
        X = X / np.where(deviation > 0, deviation, 1.0)
        assumed.append("columns were divided by their standard deviations in this sample")
    if table.constant:
        assumed.append(f"constant columns were left out: {', '.join(map(str, table.constant))}")
    if len(rows) < len(table.y):
        assumed.append(f"{len(rows)} of the {len(table.y)} rows were used, drawn by chance")
    if kernel == "linear" and X.shape[1] < len(rows):
        return lambda at: from_columns(X[at], y[at]), len(rows), tuple(assumed)
    if kernel == "linear":
        return _parts_of(X @ X.T, y), len(rows), tuple(assumed)
    if bandwidth is None:
        few = X[rng.permutation(len(X))[:500]]
        bandwidth = float(np.sqrt(np.median(squared_distances(few)[np.triu_indices(len(few), 1)])))
        if bandwidth == 0:
            raise ValueError("X: half of all pairs of rows are equal, so their median distance is 0: give a bandwidth")
    assumed.append(f"the bandwidth is {bandwidth:.3g} at every size")
    gram = (gaussian_kernel if kernel == "gaussian" else laplace_kernel)(X, bandwidth=bandwidth)
    return _parts_of(gram, y), len(rows), tuple(assumed)


def _judge(measured: MeasuredCurve, kernel: str, rows: int, sizes: np.ndarray, assumed: tuple) -> Forecast:
    """The forecast, or the reason why there is none."""
    found, sample = contenders(measured, sizes), measured.sample
    errors, spread = measured.curve
    at = measured.chosen[-1]
    ridge = measured.ridges[[at]]
    baseline = float(np.mean(sample.targets**2))
    reason = _reason(measured, baseline)
    error, width = combine(found, spread[-1] / errors[-1], sizes / sample.size)
    if reason:
        error, width = np.full((2, sizes.size), np.nan)
    return Forecast(
        kernel=kernel,
        rows=rows,
        used=sample.size,
        ridge=float(ridge[0]),
        kappa=float(sample.kappa(ridge)[0]),
        gamma=float(sample.gamma(ridge)[0]),
        degrees_of_freedom=float(sample.degrees_of_freedom(ridge)[0]),
        leave_one_out=float(errors[-1]),
        leave_one_out_se=float(spread[-1]),
        generalized_cross_validation=float(sample.generalized_cross_validation(ridge)[0]),
        baseline=baseline,
        measured_sizes=measured.sizes,
        measured=errors,
        sizes=sizes,
        error=error,
        low=error * np.exp(-width),
        high=error * np.exp(width),
        contenders=found,
        reason=reason,
        assumed=assumed,
    )


def combine(found: dict, relative, multiples, inflation: float = INFLATION, drift: float = DRIFT):
    """The forecast and half its 80 % interval's width, in logarithms, from contenders' curves at ``multiples`` of n.

    The geometric mean of the contenders that reach every size; 1.28 times the root of the sum of squares of inflation
    times the relative standard error of today's error (too small by itself, for residuals are correlated),
    drift times ln(size / n), and the contenders' standard deviation.

    >>> error, width = combine({"no change": [1.0], "a": [0.5], "b": [2.0]}, 0.0, [1.0])
    >>> error, (width / NORMAL_80).round(6)  # the spread alone, ln 2
    (array([1.]), array([0.693147]))
    """
    curves = np.array([curve for name, curve in found.items() if name != "no change"])
    logs = np.log(curves[np.isfinite(curves).all(axis=1)])
    variance = (inflation * relative) ** 2 + (drift * np.log(multiples)) ** 2 + logs.var(axis=0)
    return np.exp(logs.mean(axis=0)), NORMAL_80 * np.sqrt(variance)


def _reason(measured: MeasuredCurve, baseline: float) -> str:
    """Why there is no forecast: a curve that rises, by more than two standard errors, or nothing learned yet."""
    errors, spread = measured.curve
    rise = errors[-1] - errors[:-1]
    if np.any(rise > 2 * np.hypot(spread[:-1], spread[-1])):
        size, least = measured.sizes[[-1, errors.argmin()]]
        return f"the error rises, and is larger with {size} rows than with {least}"
    if errors[-1] + spread[-1] > baseline:
        return "no better than always answering with the mean: the curve has not begun to fall"
    return ""
