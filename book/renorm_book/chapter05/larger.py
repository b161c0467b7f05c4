"""The figure of *Why larger is better*: misfit, the noise's part and their sum in a toy, and pictures of digits."""

from functools import cache

import numpy as np

from liveplate import Choice, Steps
from renorm import random_feature_risk
from renorm_book.chapter05.axes import finite
from renorm_book.chapter05.size import (
    DIGIT_WIDTHS,
    FIXED,
    NOISES,
    PICTURES,
    SAMPLES,
    WIDTHS,
    best_ridge,
    kept,
    toy,
)
from renorm_book.style import dots, line

__all__ = ["LARGER", "larger"]

PENALTIES = {"none": 0, "a small one": 1, "the best for each size": 2}
LEVELS = dict(zip(("little", "some", "much"), range(3), strict=True))
FINE = tuple(np.unique(np.r_[np.geomspace(10, 2000, 44), SAMPLES * np.array([0.85, 0.93, 0.97, 1, 1.03, 1.07, 1.15])]))


@cache
def _curve(penalty: int, level: int):
    noise = NOISES[level]
    ridge = (0.0, FIXED, best_ridge(FINE, noise))[penalty]
    return random_feature_risk(toy(noise), SAMPLES, np.array(FINE), ridge)


@cache
def _misfit() -> np.ndarray:
    """What N features cannot express: the error that is left at very many samples."""
    return random_feature_risk(toy(0.0), np.inf, np.array(FINE), 0.0).excess


def measured(penalty: int, level: int) -> dict[str, np.ndarray]:
    """Means and standard errors, (widths, 2), of the misfit, the noise's part and the test error."""
    table, noise = kept()["toy"][:, 2 + level if penalty == 2 else penalty], NOISES[level]
    misfit, signal, amplified = np.moveaxis(table, 1, 0)
    total = signal[:, 0] + noise * amplified[:, 0] + noise
    error = np.hypot(signal[:, 1], noise * amplified[:, 1])  # the two are nearly independent: a bar, not a test
    return {"bias": misfit, "variance": noise * amplified, "test": np.stack([total, error], axis=1)}


def larger(axes, N, penalty, level) -> dict:
    """First: the toy's test error and what it is made of, against N. Second: the test error on digits."""
    made, real = axes
    risk, best, i = _curve(penalty, level), _curve(2, level), WIDTHS.index(N)
    faint = {"color": "black", "linewidth": 1, "linestyle": (0, (1, 1.5)), "label": "best λ for each N"}
    made.plot(FINE, best.test, **faint)
    theory = {"bias": _misfit(), "variance": risk.variance_noise, "test": risk.test}
    labels = {"bias": "misfit", "variance": "part of the noise", "test": "test error"}
    for name, table in measured(penalty, level).items():
        made.plot(FINE, np.clip(finite(theory[name]), 1e-4, 1e3), **line(name, label=labels[name]))
        shown = (table[:, 0] > 2e-3) & ((penalty > 0) | (np.array(WIDTHS) != SAMPLES))
        bars = dots(name, label=f"_{name}", markersize=4)
        made.errorbar(np.array(WIDTHS)[shown], table[shown, 0], yerr=2 * table[shown, 1], **bars)
    table, widths = kept()["digits"][:, level], np.array(DIGIT_WIDTHS)
    real.plot(widths, table[:, 2, 0], **faint)
    shown = (penalty > 0) | (widths != PICTURES)  # there the error has no bound, and the line a gap
    mean, error = np.where(shown[:, None], table[:, penalty], np.nan).T
    real.errorbar(widths, mean, yerr=2 * error, **dots("test", markersize=4, linestyle="-", label="_digits"))
    for ax, threshold in ((made, SAMPLES), (real, PICTURES)):
        ax.axvline(threshold, color="0.5", linewidth=1, linestyle=":", label="_threshold")
        ax.axvline(N, color="0.3", linewidth=1, label="_here", gid="grab:N")
        ax.set(xscale="log", yscale="log", ylabel="squared error", xlabel="random features, $N$")
    made.set(xlim=(9, 2200), ylim=(2e-3, 10))
    made.set_xticks([10, 100, 1000], ["10", "100", "1,000"])
    real.set(xlim=(9, 6600), ylim=(0.25, 10), yticks=[0.3, 1, 3, 10])
    real.set_yticklabels(["0.3", "1", "3", "10"])
    real.set_xticks([10, 100, 1000, 6000], ["10", "100", "1,000", "6,000"])
    for ax in axes:
        ax.minorticks_off()
    made.legend(loc="lower left", bbox_to_anchor=(-0.12, 1.0), ncols=2, columnspacing=0.8, handlelength=1.5)
    real.text(0.98, 0.04, "digits, even or odd", transform=real.transAxes, ha="right", color="0.35")
    ridge = (0.0, FIXED, best_ridge(WIDTHS, NOISES[level])[i])[penalty]
    here = random_feature_risk(toy(NOISES[level]), SAMPLES, N, ridge)
    misfit = float(random_feature_risk(toy(0.0), np.inf, N, 0.0).excess)
    return {"test": float(here.test), "noise_part": float(here.variance_noise), "misfit": misfit}


def said(N, penalty, level, test, noise_part, misfit) -> str:
    """The sentence below the figure."""
    ridge = {0: "no ridge", 1: f"λ = {FIXED:g}", 2: "the best λ"}[penalty]
    if not np.isfinite(test):
        return f"The toy with {N:,} features, {ridge}: as many as samples; its error has no bound."
    return (
        f"The toy with {N:,} features, {ridge}: test error {test:.2g}, of which {NOISES[level]:g} is unavoidable; "
        f"misfit {misfit:.2g}, part of the noise {noise_part:.2g}."
    )


LARGER = dict(
    readout=said,
    name="why-larger",
    title="Three reasons why larger is better",
    alt="First panel: against the number of random features, misfit falls to zero; the part of the noise peaks where "
    "features equal samples and falls beyond; the test error peaks there, too, but with the best ridge for every size "
    "it only falls. Second panel: the same on pictures of digits.",
    caption=f"First panel: {SAMPLES} samples; lines: theory, dots: 100 draws. Second: {PICTURES} pictures from MNIST, "
    "features max(0, $Fx$), 20 draws; of the training labels none, a tenth or a quarter is turned around. Bars ±2 "
    "standard errors. The small λ is 0.001 in the toy, 0.0001 on digits.",
    subplots=(1, 2),
    sweep="N",
    grab="N",
    presets={
        "thinner and thinner": dict(N=2000, penalty=0, level=1),
        "small wins": dict(N=20, penalty=0, level=2),
        "never worse": dict(N=2000, penalty=2, level=2),
    },
    N=Steps.of(WIDTHS, value=40, label="features", symbol="N"),
    penalty=Choice(PENALTIES, value=0, label="ridge"),
    level=Choice(LEVELS, value=1, label="noise"),
)
