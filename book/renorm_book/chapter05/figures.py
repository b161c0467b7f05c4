"""Figures of chapter 5, double descent: the notebook computes, these functions draw."""

import numpy as np

from renorm import isotropic, marchenko_pastur_density, ridge_risk
from renorm_book.chapter05.axes import finite, threshold
from renorm_book.style import dots, line

__all__ = [
    "UNRESOLVED",
    "SINGULAR_VALUES",
    "THE_MOUNTAIN",
    "ONE_LEARNER",
    "descent",
    "singular_values",
    "stream",
    "unresolved",
    "with_noise",
]


def stream(ax, learner, expected, d, n) -> dict:
    """One learner's test error after each of its samples up to ``n``, and the theory's mean so far.

    learner, expected   test error after 1, 2, ... samples
    """
    count = np.arange(1, len(learner) + 1)
    ax.plot(count[:n], finite(expected[:n]), **line("test", label="theory, mean over learners"))
    ax.plot(count[:n], learner[:n], ".", color="black", markersize=3.5, label="this learner")
    ax.plot(n, learner[n - 1], **dots("test", markersize=9, markeredgecolor="black", label="_here", gid="grab:n"))
    threshold(ax, d, "$n = d$", 330)
    ax.set(yscale="log", xlim=(0, len(learner) + 1), ylim=(0.3, 300))
    ax.set(xlabel="samples seen, $n$", ylabel="test error")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=2)  # crosses no line there
    return {"now": float(learner[n - 1]), "first": float(learner[0])}


ONE_LEARNER = dict(
    name="one-learner",
    title="One learner, one sample at a time",
    readout=(
        "After {n} samples, with λ = {ridge}, learner {run} has the test error {now:.2f}; after its first sample "
        "it was {first:.2f}."
    ),
    alt=(
        "The test error of a single learner falls at first, climbs steeply to a peak near 50 samples, where "
        "samples equal dimensions, and falls again to less than at the start. With a ridge the peak is lower or "
        "absent."
    ),
    caption=(
        "50 dimensions, signal 1, noise variance 0.25. Black dots: the same learner after each of its samples. "
        "Always answering 0 would cost 1.25."
    ),
    presets={"half way": {"n": 25, "ridge": 0.0}, "all hundred": {"n": 100, "ridge": 0.0}},
    grab="n",
)


def descent(ax, parts, which, population, best, n, ridge) -> dict:
    """Test error, bias and variance against samples per dimension, with the best ridge of every n for comparison.

    parts   n -> BiasVariance over several ridges, of which number ``which`` is ``ridge``
    best    (samples, test error at the best ridge)
    """
    d, samples = population.dimension, np.unique(np.r_[np.geomspace(10, 500, 120), np.linspace(80, 120, 41)])
    curve, here = ridge_risk(population, samples, ridge), ridge_risk(population, n, ridge)
    ax.plot(best[0] / d, best[1], color="black", linewidth=1, linestyle=(0, (1, 1.5)), label="best λ at each n")
    for name in ("bias", "variance", "test"):
        ax.plot(samples / d, finite(getattr(curve, name)), **line(name))
        field, offset = ("excess", population.noise_variance) if name == "test" else (name, 0.0)
        seen = {m: getattr(p, field)[which] + offset for m, p in parts.items()}
        shown = [m for m in seen if seen[m] > 0.012 and (ridge > 0 or m != d)]  # at n = d, no ridge, no mean
        bars = [2 * getattr(parts[m], f"{field}_se")[which] for m in shown]
        ax.errorbar([m / d for m in shown], [seen[m] for m in shown], yerr=bars, **dots(name))
    threshold(ax, 1, "$n = d$", 55)
    ax.axvline(n / d, color="0.45", linewidth=1, gid="grab:n")
    ax.set(xscale="log", yscale="log", xlim=(0.1, 5.5), ylim=(0.01, 50))
    ax.set_xticks([0.1, 0.2, 0.5, 1, 2, 5], ["0.1", "0.2", "0.5", "1", "2", "5"], minor=False)
    ax.set_xticks([], minor=True)
    ax.set(xlabel="samples per dimension, $n/d$", ylabel="error")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=4, columnspacing=0.9, handlelength=1.7)
    reached = float(np.interp(n, *best))
    return {"test": float(here.test), "bias": float(here.bias), "variance": float(here.variance), "reached": reached}


THE_MOUNTAIN = dict(
    name="the-mountain",
    title="Test error, bias and variance against the number of samples",
    readout=(
        "At n = {n}, λ = {ridge} and noise {noise} the test error is {test:.3g}: bias {bias:.2g}, variance "
        "{variance:.3g}. The best λ for this n would give {reached:.3g}."
    ),
    alt=(
        "The variance has a sharp peak where samples equal dimensions, and the test error with it; the bias "
        "falls smoothly through the same place. A ridge lowers the peak; with the best ridge for every n the "
        "test error only falls. Without noise there is no peak."
    ),
    caption=(
        "100 dimensions, signal 1. Lines: theory; symbols: 100 data sets each, bars ±2 standard errors; values "
        "below 0.01 are not shown."
    ),
    presets={
        "the peak": {"n": 100, "ridge": 0.0, "noise": 0.25},
        "a little ridge": {"n": 100, "ridge": 0.03, "noise": 0.25},
        "no noise": {"n": 100, "ridge": 0.0, "noise": 0.0},
    },
    grab="n",
)


def singular_values(ax, draws, n, d) -> dict:
    """Histogram of the singular values of X that are not zero, divided by sqrt(max(n, d)), with their limit law.

    In this unit the law of Marchenko and Pastur reaches from 1 - sqrt(r) to 1 + sqrt(r), r = min(n, d) / max(n, d).

    draws   (draws, min(n, d)) singular values in that unit
    """
    ratio, bins = min(n, d) / max(n, d), np.linspace(0, 2, 61)
    heights, _ = np.histogram(draws, bins)
    ax.stairs(heights / draws.size / np.diff(bins), bins, fill=True, color="#56B4E9", alpha=0.75, label="20 matrices")
    low, high = 1 - ratio**0.5, 1 + ratio**0.5
    s = low + (high - low) * np.sin(np.linspace(0.01, np.pi / 2 - 0.01, 120)) ** 2  # denser near the edges
    law = 2 * s * marchenko_pastur_density(s**2, ratio)  # in s instead of s^2
    ax.plot(s, law, **line("kappa", linestyle="-", label="theory"))
    ax.plot(draws[:, -1].mean(), 0, **dots("random labels", markersize=9, label="smallest, on average", clip_on=False))
    ax.set(xlim=(0, 2), ylim=(0, 1.9), ylabel="density")
    ax.set_xlabel("singular value of $X$, divided by $\\sqrt{\\max(n, d)}$")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=0.9, handlelength=1.7)
    errors = np.sum(1 / (max(n, d) * draws**2), axis=1)
    return {"smallest": float(draws[:, -1].mean()), "edge": float(low), "amplified": float(np.median(errors))}


SINGULAR_VALUES = dict(
    name="singular-values",
    title="How strongly each direction was seen",
    readout=(
        "n = {n}, d = {d}: the smallest singular value is {smallest:.3f} in these units; noise of variance 1 "
        "becomes a squared error of {amplified:.3g} in the weights (median of 20 matrices)."
    ),
    alt=(
        "Histogram of the singular values of random matrices with the Marchenko–Pastur law. For n much larger or "
        "much smaller than d all lie away from zero; at n = d the histogram reaches down to zero."
    ),
    caption=(
        "20 random data matrices for each pair of n and d. Zero singular values (n < d) are left out: along "
        "those directions the minimum-norm solution is zero."
    ),
    presets={
        "as many samples as dimensions": {"n": 100, "d": 100},
        "more samples": {"n": 400, "d": 100},
        "fewer samples": {"n": 25, "d": 100},
    },
)


def with_noise(runs, noise) -> dict:
    """n -> (mean, standard error) of the test error with label noise of this variance.

    runs   n -> (trials, 2): excess without noise, and what noise of variance 1 adds to it. Noise enters with both
           signs, so that its cross term is exactly zero.
    """
    errors = {n: parts[:, 0] + noise * parts[:, 1] + noise for n, parts in runs.items()}
    return {n: (e.mean(), e.std(ddof=1) / np.sqrt(len(e))) for n, e in errors.items()}


def unresolved(ax, all_inputs, strong_inputs, population, strong) -> dict:
    """Least squares on strong and weak directions, and on the strong ones alone, against the number of samples.

    population   its first ``strong`` directions have variance 1, the others a smaller one
    all_inputs, strong_inputs   simulations as ``with_noise`` takes them: all inputs given, the strong ones only
    """
    d, noise = population.dimension, population.noise_variance
    near = np.r_[np.linspace(0.8, 1.25, 31), 0.99, 0.995, 0.999, 0.9998, 1.0002, 1.001, 1.005, 1.01]
    n = np.unique(np.r_[np.geomspace(6, 1000, 120), strong * near, d * near])
    curve = ridge_risk(population, n, 0.0)
    hidden = population.energies[strong:].sum()  # noise, for a learner that never sees the weak inputs
    alone = ridge_risk(isotropic(strong, population.energies[:strong].sum(), noise + hidden), n, 0.0)
    ax.plot(n, finite(alone.test), color="black", linewidth=1, linestyle=(0, (1, 1.5)), label="strong inputs only")
    ax.plot(n, curve.bias + noise, **line("bias", label="bias + noise"))
    ax.plot(n, finite(curve.test), **line("test", label="all inputs"))
    looks = dots("test"), dots("test", color="black", marker=".", label="_alone")
    for runs, look in zip((all_inputs, strong_inputs), looks, strict=True):
        found = with_noise(runs, noise)
        means, errors = np.array(list(found.values())).T
        shown = means > 0.02  # the axis ends there
        ax.errorbar(np.array(list(found))[shown], means[shown], yerr=2 * errors[shown], **look)
    threshold(ax, strong, f"$n = {strong}$", 47)
    threshold(ax, d, "$n = d$", 47)
    ax.set(xscale="log", yscale="log", xlim=(6, 1000), ylim=(0.02, 40), xlabel="samples, $n$", ylabel="test error")
    ax.set_xticks([10, 20, 50, 100, 200, 500, 1000], ["10", "20", "50", "100", "200", "500", "1000"], minor=False)
    ax.set_xticks([], minor=True)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=3, columnspacing=0.9, handlelength=1.7)
    places = ridge_risk(population, [strong / 2, strong, 2 * strong], 0.0)
    half, peak, twice = places.test.tolist()
    missed = float(places.bias[1] + noise)
    return {"half": half, "peak": peak, "twice": twice, "missed": missed, "gain": float(places.susceptibility[1])}


UNRESOLVED = dict(
    name="unresolved",
    title="Noise, misfit and unresolved signal",
    readout=(
        "At n = {strong} the fit misses {missed:.2g} on average, and {gain:.3g} times that is the test error: "
        "{peak:.3g}, against {half:.3g} with half and {twice:.3g} with twice as many samples."
    ),
    alt=(
        "Test error against the number of samples on logarithmic axes. With very weak directions and without "
        "noise there is one peak where samples equal strong directions; noise adds a second one where samples "
        "equal all dimensions; making the weak directions stronger melts the first."
    ),
    caption=(
        "No ridge. Lines: theory; dots: simulation, bars ±2 standard errors. Dotted and small black dots: a "
        "learner that never sees the weak inputs, for which their part of the labels is noise. Green: what is "
        "amplified."
    ),
    presets={
        "no noise, one peak": {"strong": 40, "weak": 1e-4, "noise": 0.0},
        "two peaks": {"strong": 40, "weak": 1e-4, "noise": 0.02},
        "no gap": {"strong": 40, "weak": 0.1, "noise": 0.02},
        "all alike": {"strong": 40, "weak": 1.0, "noise": 0.02},
    },
    sweep="weak",
)
