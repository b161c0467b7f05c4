"""Figures of chapter 12, a forecast for your own data: kept experiments, a series that remembers, shifted inputs."""

import numpy as np

from renorm import shifted_risk
from renorm.theory.correlated import correlated_risk, exponential_correlation
from renorm_book.chapter12 import worlds
from renorm_book.chapter12.data_sets import DATA_SETS
from renorm_book.chapter12.experiment import CONTENDERS, MULTIPLES, RIDGES, half_widths, kept, log_ratios
from renorm_book.style import dots, line

__all__ = [
    "LIVE_TEST",
    "MEMORY",
    "ONE_SAMPLE",
    "RECORD",
    "SHIFT",
    "live_test",
    "memory",
    "one_sample",
    "record",
    "shift",
]

RING = {"markersize": 9, "markerfacecolor": "none", "markeredgewidth": 1.6}
NAMES = tuple(DATA_SETS)
JUDGED = (*CONTENDERS, "forecast")


def _power(value: float) -> str:
    """A number as a digit times a power of ten.

    >>> _power(2.2e-8)
    '2·10⁻⁸'
    """
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit}·10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def one_sample(ax, data, kernel) -> dict:
    """Error on held-out rows against the penalty, and what leave-one-out and GCV made of 24 samples, on average."""
    held, loo, gcv = kept()[data, kernel]["ridges"]
    least = held[0].min()
    ax.plot(RIDGES, np.clip(gcv[0] / least, 0.02, 30), **dots("bias", linestyle=":", linewidth=1.2, label="GCV"))
    ax.errorbar(RIDGES, loo[0] / least, yerr=2 * loo[1] / least, **dots("test", label="leave-one-out") | RING)
    bars = dots("test", color="black", marker="o", markersize=4, label="measured")
    ax.errorbar(RIDGES, held[0] / least, yerr=2 * held[1] / least, **bars)
    ax.set(xscale="log", yscale="log", xlim=(5e-9, 20), ylim=(0.2, 10), xlabel="penalty, $\\lambda$")
    ax.set(ylabel="squared error / the least measured")
    ax.set_yticks([0.2, 0.5, 1, 2, 5, 10], labels=["0.2", "0.5", "1", "2", "5", "10"])
    ax.minorticks_off()
    ax.legend(loc="upper left")
    best = int(np.argmin(loo[0]))
    small = gcv[0][0] / held[0][0]
    return {
        "n": DATA_SETS[data].n,
        "best": _power(RIDGES[best]),
        "regret": 100 * (held[0][best] / least - 1),
        "loo": loo[0][best] / held[0][best],
        "small": small,
    }


ONE_SAMPLE = dict(
    name="one-sample",
    title="What one sample knows of itself",
    readout=(
        "{data}, {kernel} kernel, {n} rows: at its best penalty, λ = {best}, leave-one-out is {loo:.2f} times the "
        "measured error; at the smallest penalty GCV is {small:.2f} times it."
    ),
    alt=(
        "Error against penalty on logarithmic axes. Leave-one-out lies on the measured error at every penalty, for "
        "every data set and kernel. GCV does too at large penalties; at small ones it is often too low."
    ),
    caption=(
        "Mean error on held-out rows (dots, two standard errors) against the penalty, with the means of leave-one-out "
        "and GCV over 24 samples. Kernels have mean diagonal one; their bandwidth is the median distance."
    ),
    presets={
        "clean digits": {"data": "mnist", "kernel": "gaussian"},
        "random digits": {"data": "mnist_half", "kernel": "gaussian"},
        "a table": {"data": "diabetes", "kernel": "gaussian"},
        "features of a network": {"data": "network", "kernel": "linear"},
    },
)


def memory(ax, ridge, n, found) -> dict:
    """Error on new rows and what is taken for it, against memory; found: (n, length) -> what ``series`` returned."""
    fine = np.linspace(0, worlds.LENGTHS[-1], 17)
    theory = [correlated_risk(worlds.WORLD, exponential_correlation(n, x), ridge) for x in fine]
    runs = np.array([found[n, length][worlds.SERIES_RIDGES.index(ridge)] for length in worlds.LENGTHS])
    mean, se = runs.mean(axis=2), runs.std(axis=2, ddof=1) / np.sqrt(runs.shape[2])
    ax.plot(fine, [t.test for t in theory], **line("test", label="error on new rows"))
    ax.plot(fine, [t.gcv for t in theory], **line("bias", label="GCV"))
    ax.errorbar(worlds.LENGTHS, mean[:, 0], 2 * se[:, 0], **dots("test", label="_measured"))
    ax.errorbar(worlds.LENGTHS, mean[:, 2], 2 * se[:, 2], **dots("bias", label="_GCV measured"))
    ax.plot(worlds.LENGTHS, mean[:, 1], **dots("test", label="leave-one-out") | RING)
    ax.errorbar(worlds.LENGTHS, mean[:, 3], 2 * se[:, 3], **dots("kappa", label="CorrGCV", markersize=5))
    ax.set(xlim=(-0.3, 8.4), ylim=(0, 0.95), xlabel="memory of the series, steps", ylabel="squared error")
    ax.legend(loc="upper left", ncols=2)
    return {"test": theory[-1].test, "gcv": theory[-1].gcv, "loo": mean[-1, 1], "corrected": mean[-1, 3]}


MEMORY = dict(
    name="memory",
    title="Rows that resemble their neighbours",
    readout=(
        "n = {n}, λ = {ridge}: with a memory of 8 steps a new row costs {test:.2f}, and GCV says {gcv:.2f}, "
        "leave-one-out {loo:.2f}, CorrGCV {corrected:.2f}."
    ),
    alt=(
        "Squared error against the memory of a series. The error on new rows rises slowly; GCV and leave-one-out fall "
        "together to a fraction of it; CorrGCV, which is told the correlation, stays on it."
    ),
    caption=(
        "Lines: theory. Markers: means of 40 simulated series with two standard errors. The row that is tested is "
        "independent of the series; 0.3 of the error is noise."
    ),
    presets={"little penalty": {"ridge": 0.01, "n": 75}, "much": {"ridge": 0.3, "n": 150}},
)


def live_test(ax, data, kernel, shown) -> dict:
    """One sample's leave-one-out errors and its forecast; with ``shown`` what was measured afterwards."""
    one = kept()[data, kernel]
    n, truth, draws = DATA_SETS[data].n, one["truth"], one["draws"][0]
    now, sizes = truth[0, 0], np.array(MULTIPLES)
    error = draws[:, -1] / now
    width = half_widths(data, kernel)[0]
    low, high = error * np.exp(-width), error * np.exp(width)
    possible = bool(np.isfinite(error).all())
    if possible:
        ax.fill_between(sizes, low, high, color="#0072B2", alpha=0.22, linewidth=0, label="_80 % interval")
        ax.plot(sizes, error, **line("train", linestyle="-", label="forecast, 80 % interval"))
    for contender, style in zip(CONTENDERS[1:], (":", "-.", (0, (1, 3))), strict=True):
        curve = draws[:, CONTENDERS.index(contender)] / now
        if np.isfinite(curve).all():
            ax.plot(sizes, curve, color="0.45", linestyle=style, linewidth=1.2, label=contender)
    ax.plot(one["shown"][0] / n, one["shown"][1] / now, **dots("test", label="leave-one-out, parts") | RING)
    if shown == "shown":
        bars = dots("test", color="black", markersize=5, label="measured")
        ax.errorbar(sizes, truth[:, 0] / now, yerr=2 * truth[:, 1] / now, **bars)
    ax.set(xscale="log", yscale="log", xlim=(0.1, 10), ylim=(0.15, 6), xlabel="rows, as multiple of those at hand")
    ax.set_xticks([0.125, 0.25, 0.5, 1, 2, 4, 8], labels=["⅛", "¼", "½", "1", "2", "4", "8"])
    ax.set_yticks([0.2, 0.5, 1, 2, 5], labels=["0.2", "0.5", "1", "2", "5"])
    ax.minorticks_off()
    ax.set_ylabel("squared error / today's, measured")
    ax.legend(loc="upper right", ncols=1)
    last = int(np.flatnonzero(np.isfinite(truth[:, 0]))[-1])
    says = f"forecasts {error[last]:.2f} ({low[last]:.2f} to {high[last]:.2f})" if possible else "makes no forecast"
    came = f"; {truth[last, 0] / now:.2f} was measured" if shown == "shown" else ""
    return {"n": n, "says": says, "came": came, "times": MULTIPLES[last]}


LIVE_TEST = dict(
    name="live-test",
    title="A forecast, and what came of it",
    readout="{data}, {kernel} kernel, from {n} rows: for {times} times as many it {says}{came}.",
    alt=(
        "Error, as a multiple of today's, against the number of rows on logarithmic axes. Leave-one-out errors of "
        "parts of one sample fall towards one; a forecast with a widening interval goes on to eight times the rows; "
        "measured errors lie in it most of the time, far below it for the heights of a landscape."
    ),
    caption=(
        "Rings: leave-one-out errors of parts of one sample, the best penalty at each size. Line and band: forecast "
        "with its 80 % interval, from these rings alone; thin: contenders. Black dots: measured with fresh rows."
    ),
    presets={
        "clothes": {"data": "fashion", "kernel": "laplace", "shown": "hidden"},
        "a landscape": {"data": "elevation", "kernel": "laplace", "shown": "shown"},
        "little to gain": {"data": "friedman", "kernel": "linear", "shown": "shown"},
    },
)


def record(ax, kernel, contender, multiple) -> dict:
    """Forecast over measured error for each data set: median and the middle 80 % of 24 samples."""
    column, row = JUDGED.index(contender), MULTIPLES.index(multiple) - 1
    inside = []
    for place, name in enumerate(NAMES):
        ratios = np.exp(log_ratios(name, kernel)[:, row, column])
        ratios = ratios[np.isfinite(ratios)]
        if ratios.size >= 3:
            low, middle, high = np.quantile(ratios, [0.1, 0.5, 0.9])
            ax.errorbar(middle, -place, xerr=[[middle - low], [high - middle]], **dots("test", label=f"_{name}"))
            inside.append(abs(np.log(middle)))
    ax.axvline(1, color="0.4", linewidth=1)
    ax.set(xscale="log", xlim=(0.3, 5), ylim=(-len(NAMES) + 0.4, 0.6), xlabel="forecast / measured")
    ax.set_xticks([0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5], labels=["0.3", "0.5", "0.7", "1", "1.5", "2", "3", "5"])
    ax.minorticks_off()
    ax.set_yticks(-np.arange(len(NAMES)), labels=[DATA_SETS[name].title for name in NAMES])
    off = 100 * (np.exp(np.median(inside)) - 1) if inside else np.nan
    return {"off": f"typically {off:.0f} % off" if inside else "silent", "count": len(inside)}


RECORD = dict(
    name="record",
    title="The record, contender by contender",
    readout="{contender}, {kernel} kernel, {multiple} times the rows: {off} on {count} of 14 data sets.",
    alt=(
        "Ratio of forecast to measured error for fourteen data sets. 'No change' is too high by more the more the data "
        "grow. Power law, spectrum and forecast scatter about one; digits and the landscape are forecast too high at "
        "eight times the rows."
    ),
    caption=(
        "Median and middle 80 % of 24 forecasts, each from its own sample. Where a contender has something to say for "
        "fewer than three of them, there is no mark."
    ),
    presets={
        "no change": {"contender": "no change"},
        "power law": {"contender": "power law"},
        "both": {"contender": "forecast"},
    },
    figsize=(4.6, 4.4),
)


def shift(ax, n, ridge, found) -> dict:
    """Excess error on shifted inputs, in parts; found: n -> ``shifted_fits``."""
    fine = np.linspace(-1, 1, 41)
    risks = [shifted_risk(worlds.WORLD, n, ridge, worlds.shifted_to(power)) for power in fine]
    excess = np.array([risk.excess for risk in risks])
    ax.plot(fine, excess, **line("test", label="excess error"))
    ax.plot(fine, [risk.bias for risk in risks], **line("bias", label="bias"))
    ax.plot(fine, [risk.variance for risk in risks], **line("variance", label="variance"))
    runs = found[n][:, worlds.RIDGES.index(ridge)]
    ax.errorbar(
        worlds.SHIFTS, runs.mean(0), 2 * runs.std(0, ddof=1) / np.sqrt(len(runs)), **dots("test", label="_measured")
    )
    ax.axvline(0, color="0.6", linewidth=1, label="_no shift")
    ax.set(yscale="log", xlim=(-1.05, 1.05), ylim=(1e-3, 10), xlabel="lean of the new inputs, $a$")
    ax.set(ylabel="excess error")
    ax.legend(loc="upper right", ncols=2)
    weak, same, strong = excess[[0, 20, 40]]
    return {"weak": weak / same, "strong": strong / same, "same": same}


SHIFT = dict(
    name="shift",
    title="Judged on other inputs",
    readout=(
        "n = {n}, λ = {ridge}: without a shift the excess error is {same:.3f}. Inputs that lean to weak directions "
        "make it {weak:.2f} times that, to strong ones {strong:.2f} times."
    ),
    alt=(
        "Excess error against the lean of the new inputs. With a small penalty it falls as inputs lean to strong "
        "directions; with a large penalty it rises; in between both shifts help. Simulations lie on theory."
    ),
    caption=(
        "New inputs have variances in proportion to the power 1 + $a$ of the old ones, of the same total: below 0 they "
        "lean to weak directions, above to strong ones. Lines: theory. Dots: 200 simulated fits, two standard errors."
    ),
    presets={
        "fit too closely": {"n": 100, "ridge": 0.001},
        "shrunk too much": {"n": 100, "ridge": 1.0},
        "both shifts help": {"n": 50, "ridge": 0.1},
    },
)
