"""Errors against the machine's size, or the data's, and beside them the spectrum through which κ walks.

``explore(figures.by_size, **figures.BY_SIZE)`` shows the figure over the size d, ``by_samples`` over the samples n: the
control on the axis moves a mark in the first panel, the other three reshape its curves; κ moves with n, d and λ.
"""

from functools import cache, partial

import numpy as np

from liveplate import Steps, Toggle
from renorm_book.descent.measurements import CHANCES, DIRECTIONS, PROBES, RIDGES, SAMPLES, WEIGHTS, kept, theory, world
from renorm_book.style import dots, line

__all__ = ["BY_SAMPLES", "BY_SIZE", "by_samples", "by_size"]

TOP = 1.8  # what is higher is cut, and said in words
PENALTIES = (0.0, 0.003, 0.03)  # of RIDGES, those under the slider: a page is to stay light
STOPS = (5, 10, 25, 50, 70, 100, 140, 200, 500, 1000)  # of WEIGHTS
DATA = (25, 50, 100, 200)  # numbers of samples to choose from where the size is on the axis
SIZES = (25, 50, 100, 1000)  # sizes to choose from where the samples are on the axis


def _finely(start: float, end: float, peaks) -> np.ndarray:
    """Whole numbers in equal ratios, closer to each other at the peaks."""
    near = np.outer(peaks, [0.8, 0.87, 0.92, 0.96, 0.99, 1, 1.01, 1.04, 1.08, 1.14, 1.22])
    return np.unique(np.round(np.r_[np.geomspace(start, end, 40), near.ravel()]))


@cache
def _over_size(n: int, ridge: float, chance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    d = _finely(WEIGHTS[0], WEIGHTS[-1], DATA).astype(int)
    risks = [theory(size, n, ridge, chance) for size in d.tolist()]
    return d, np.array([float(r.test) for r in risks]), np.array([float(r.train) for r in risks])


@cache
def _over_samples(d: int, ridge: float, chance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = _finely(SAMPLES[0], SAMPLES[-1], SIZES[:-1])
    risk = theory(d, n, ridge, chance)
    return n, risk.test, risk.train


def _errors(ax, over, n, d, ridge, chance) -> None:
    """First panel: both errors against ``over``, theory as lines, simulation as dots."""
    curve = _over_size(n, ridge, chance) if over == "d" else _over_samples(d, ridge, chance)
    here, stops, peak = (d, WEIGHTS, n) if over == "d" else (n, SAMPLES, d)
    settings = (RIDGES.index(ridge), CHANCES.index(chance))
    table = kept()["errors"][SAMPLES.index(n)] if over == "d" else kept()["errors"][:, WEIGHTS.index(d)]
    ax.axhline(1, color="0.5", linewidth=1, linestyle=":", label="_guessing")
    ax.text(curve[0][-1], 1.02, "guessing", color="0.35", va="bottom", ha="right")
    ax.axvline(peak, color="0.5", linewidth=1, linestyle=":", label="_as many")
    ax.text(peak, TOP * 1.01, "$d = n$", color="0.35", va="bottom", ha="center")
    marks = []
    for i, (name, label) in enumerate((("test", "test error"), ("train", "training error"))):
        ax.plot(curve[0], np.minimum(curve[1 + i], 3 * TOP), **line(name, label=label))
        mean, error = table[:, *settings, i].T
        shown = (mean + 2 * error < TOP) & ((ridge > 0) | (np.array(stops) != peak))  # at d = n, λ = 0: no mean
        ax.errorbar(
            np.array(stops)[shown], mean[shown], yerr=2 * error[shown], **dots(name, label=f"_{name}", markersize=4)
        )
        marks.append(min(float(np.interp(here, curve[0], curve[1 + i])), TOP))
    ring = {"color": "black", "markersize": 11, "fillstyle": "none", "clip_on": False, "label": "_here"}
    ax.plot([here, here], marks, "o", gid=f"grab:{over}", **ring)
    ax.set(xscale="log", ylim=(-0.06, TOP), ylabel="squared error", yticks=[0, 0.5, 1, 1.5])
    ticks = (5, 10, 25, 50, 100, 200, 500, 1000)
    ax.set_xlim(*((4.5, 1150) if over == "d" else (9, 560)))
    ax.set_xticks([t for t in ticks if curve[0][0] <= t <= curve[0][-1]])
    ax.set_xticklabels([f"{t:,}" for t in ax.get_xticks().astype(int)])
    ax.minorticks_off()
    ax.set_xlabel("size of the machine: weights, $d$" if over == "d" else "data: samples, $n$")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.07), ncols=2, borderaxespad=0, handlelength=1.7, columnspacing=1)


def _spectrum(ax, n, d, ridge, kappa) -> float:
    """Second panel: the share of each direction that is learned; κ stands at the direction whose variance it is."""
    variances = world(0.0).eigenvalues
    k = np.arange(1, d + 1)
    k = np.unique(np.round(np.geomspace(1, d, 60))).astype(int) if d > 60 else k
    s = variances[k - 1]
    ax.axvspan(d, DIRECTIONS * 1.6, color="0.9", label="_hidden", linewidth=0)
    if d < 400:
        ax.text(np.sqrt(d * DIRECTIONS * 1.6), 0.5, "not shown\nto it", color="0.35", ha="center", va="center")
    ax.fill_between(k, s / (s + kappa), color=dots("true labels")["color"], alpha=0.35, linewidth=0, label="_learned")
    ax.plot(k, s / (s + kappa), **line("true labels", color="#0072B2", label="share learned"))
    probes = np.array([j for j in PROBES if j <= d])
    mean, error = kept()["shares"][SAMPLES.index(n), WEIGHTS.index(d), RIDGES.index(ridge)][: len(probes)].T
    ax.errorbar(probes, mean, yerr=2 * error, **dots("true labels", color="#0072B2", markersize=4, label="_measured"))
    place = min(variances[0] / kappa if kappa > 0 else np.inf, DIRECTIONS * 1.3)
    ax.axvline(place, **line("kappa", linewidth=1.5, label="_kappa"))
    ax.text(place * 0.94, 1.2, "$κ$" if kappa > 0 else "$κ = 0$", ha="right", va="top")
    ax.set(xscale="log", xlim=(0.9, DIRECTIONS * 1.6), ylim=(0, 1.22), yticks=[0, 0.5, 1], ylabel="share learned")
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    ax.minorticks_off()
    ax.set_xlabel("directions, from strong to weak")
    return float(np.sum(variances[:d] > kappa))


def _draw(axes, over, n, d, ridge, lot) -> dict:
    chance = CHANCES[int(lot)]
    risk = theory(d, n, ridge, chance)
    _errors(axes[0], over, n, d, ridge, chance)
    above = _spectrum(axes[1], n, d, ridge, float(risk.kappa))
    return {"test": float(risk.test), "train": float(risk.train), "kappa": float(risk.kappa), "above": above}


def by_size(axes, n, d, ridge, lot) -> dict:
    """Errors over the size d, at n samples."""
    return _draw(axes, "d", n, d, ridge, lot)


def by_samples(axes, n, d, ridge, lot) -> dict:
    """Errors over the number of samples n, at size d."""
    return _draw(axes, "n", n, d, ridge, lot)


def said(n, d, ridge, lot, test, train, kappa, above) -> str:
    """The sentence below the figure."""
    outcome = f"{test:.2f}" if test < 100 else "no bound"
    depth = f"κ = {kappa:.2g}: {above:.0f} directions lie above it" if kappa > 0 else "κ = 0: it trusts every direction"
    labels = "labels by lot" if lot else "samples"
    return f"{d:,} weights, {n} {labels}: error {train:.2f} on its own data, {outcome} on new data. {depth}."


COMMON = dict(
    readout=said,
    subplots=(1, 2),
    figsize=(7.8, 2.9),
    alt="First panel: training and test error. The training error falls to zero where there are as many weights as "
    "samples; the test error falls, climbs to a peak there, and falls again, below its first "
    "minimum. A ridge lowers the peak. Second panel: the share of each direction that is learned, near one for "
    "strong directions and near zero for weak ones; the two regions meet at κ.",
)
_RIDGE = partial(Steps.of, PENALTIES, label="ridge", symbol="λ")
_LOT = Toggle("labels drawn by lot")
_CAPTION = (
    "Linear regression on the $d$ strongest of 1,000 directions; the $k$-th has variance proportional to $1/k$. Lines: "
    "theory. Dots: simulation, means of 200 data sets, bars ±2 standard errors. κ stands at the direction whose "
    "variance it equals. A tenth of the labels' variance is chance; if they are drawn by lot, all of it is."
)
BY_SIZE = COMMON | dict(
    name="size-data-ridge",
    title="One machine, three dials",
    caption=_CAPTION,
    grab="d",
    sweep="d",
    presets={
        "as big as the data": dict(d=100, n=100, ridge=0.0, lot=False),
        "massive": dict(d=1000, n=100, ridge=0.0, lot=False),
        "massive, with a ridge": dict(d=1000, n=100, ridge=0.003, lot=False),
        "labels by lot": dict(d=1000, n=100, ridge=0.0, lot=True),
    },
    d=Steps.of(STOPS, value=25, label="size", symbol="d"),
    n=Steps.of(DATA, value=100, label="samples", symbol="n"),
    ridge=_RIDGE(value=0.0),
    lot=_LOT,
)
BY_SAMPLES = COMMON | dict(
    name="data-size-ridge",
    title="The same machine over the number of samples",
    caption=_CAPTION,
    grab="n",
    sweep="n",
    presets={
        "as many samples as weights": dict(n=100, d=100, ridge=0.0, lot=False),
        "with a ridge": dict(n=100, d=100, ridge=0.003, lot=False),
        "massive": dict(n=100, d=1000, ridge=0.0, lot=False),
        "labels by lot": dict(n=100, d=1000, ridge=0.0, lot=True),
    },
    n=Steps.of(SAMPLES, value=35, label="samples", symbol="n"),
    d=Steps.of(SIZES, value=100, label="size", symbol="d"),
    ridge=_RIDGE(value=0.0),
    lot=_LOT,
)
