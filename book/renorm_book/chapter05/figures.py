"""Figures of chapter 5, double descent: the notebook computes, these functions draw."""

import numpy as np

from renorm import isotropic, marchenko_pastur_density, random_feature_risk, ridge_risk
from renorm_book.style import dots, line

__all__ = ["descent", "folded", "model_wise", "singular_values", "stream", "unresolved"]


def _finite(values) -> np.ndarray:
    """Infinite values as gaps in a curve."""
    return np.where(np.isfinite(values), values, np.nan)


def _threshold(ax, place, text, height) -> None:
    ax.axvline(place, color="0.45", linewidth=1, linestyle=":")
    ax.text(place, height, text, ha="center", fontsize=10.2)


def stream(ax, learner, expected, d, n) -> dict:
    """One learner's test error after each of its samples up to ``n``, and the theory's mean so far.

    learner, expected   test error after 1, 2, ... samples
    """
    count = np.arange(1, len(learner) + 1)
    ax.plot(count[:n], _finite(expected[:n]), **line("test", label="theory, mean over learners"))
    ax.plot(count[:n], learner[:n], ".", color="black", markersize=3.5, label="this learner")
    ax.plot(n, learner[n - 1], **dots("test", markersize=9, markeredgecolor="black", label="_here", gid="grab:n"))
    _threshold(ax, d, "$n = d$", 330)
    ax.set(yscale="log", xlim=(0, len(learner) + 1), ylim=(0.3, 300))
    ax.set(xlabel="samples seen, $n$", ylabel="test error")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=2)  # crosses no line there
    return {"now": float(learner[n - 1]), "first": float(learner[0])}


def descent(ax, parts, which, population, best, n, ridge) -> dict:
    """Test error, bias and variance against samples per dimension, with the best ridge of every n for comparison.

    parts   n -> BiasVariance over several ridges, of which number ``which`` is ``ridge``
    best    (samples, test error at the best ridge)
    """
    d, samples = population.dimension, np.unique(np.r_[np.geomspace(10, 500, 120), np.linspace(80, 120, 41)])
    curve, here = ridge_risk(population, samples, ridge), ridge_risk(population, n, ridge)
    ax.plot(best[0] / d, best[1], color="black", linewidth=1, linestyle=(0, (1, 1.5)), label="best λ at each n")
    for name in ("bias", "variance", "test"):
        ax.plot(samples / d, _finite(getattr(curve, name)), **line(name))
        field, offset = ("excess", population.noise_variance) if name == "test" else (name, 0.0)
        seen = {m: getattr(p, field)[which] + offset for m, p in parts.items()}
        shown = [m for m in seen if seen[m] > 0.012 and (ridge > 0 or m != d)]  # at n = d, no ridge, no mean
        bars = [2 * getattr(parts[m], f"{field}_se")[which] for m in shown]
        ax.errorbar([m / d for m in shown], [seen[m] for m in shown], yerr=bars, **dots(name))
    _threshold(ax, 1, "$n = d$", 55)
    ax.axvline(n / d, color="0.45", linewidth=1, gid="grab:n")
    ax.set(xscale="log", yscale="log", xlim=(0.1, 5.5), ylim=(0.01, 50))
    ax.set_xticks([0.1, 0.2, 0.5, 1, 2, 5], ["0.1", "0.2", "0.5", "1", "2", "5"], minor=False)
    ax.set_xticks([], minor=True)
    ax.set(xlabel="samples per dimension, $n/d$", ylabel="error")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=4, columnspacing=0.9, handlelength=1.7)
    reached = float(np.interp(n, *best))
    return {"test": float(here.test), "bias": float(here.bias), "variance": float(here.variance), "reached": reached}


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


def model_wise(ax, measured, which, population, best, widths, n, width, ridge) -> dict:
    """Random features: test error, bias and variance against the number of features at fixed data.

    measured   width -> Errors over several ridges, of which number ``which`` is ``ridge``
    best       test error at the best ridge, one for each of ``widths``
    """
    curve, here = random_feature_risk(population, n, widths, ridge), random_feature_risk(population, n, width, ridge)
    ax.plot(widths, best, color="black", linewidth=1, linestyle=(0, (1, 1.5)), label="best λ at each N")
    ax.plot(widths, _finite(curve.bias), **line("bias"))
    ax.plot(widths, _finite(curve.excess - curve.bias), **line("variance"))
    ax.plot(widths, _finite(curve.test), **line("test"))
    shown = {N: e for N, e in measured.items() if ridge > 0 or N != n}  # at N = n, no ridge, no mean
    means, bars = [e.test[which] for e in shown.values()], [2 * e.test_se[which] for e in shown.values()]
    ax.errorbar(list(shown), means, yerr=bars, **dots("test"))
    _threshold(ax, n, "$N = n$", 10.6)
    ax.axvline(width, color="0.45", linewidth=1, gid="grab:width")
    ax.set(xscale="log", yscale="log", xlim=(5, 2000), ylim=(0.01, 10), xlabel="width: random features, $N$")
    ax.set(ylabel="error")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=4, columnspacing=0.9, handlelength=1.7)
    return {"test": float(here.test), "endless": float(random_feature_risk(population, n, np.inf, ridge).test)}


def folded(axes, curve, measured, n, width) -> dict:
    """The same test errors twice: against the number of features, and against the effective number of parameters.

    curve      (widths, effective, test): theory; ``width`` is one of the widths, which increase
    measured   the same from simulation, with the bars of test fourth
    """
    widths, effective, test = curve
    left, right = axes
    for ax, x in ((left, widths), (right, effective)):
        for branch, label in ((widths < n, "fewer features than samples"), (widths > n, "more")):
            style = {} if branch[0] else {"linestyle": (0, (4, 1.5))}
            ax.plot(x[branch], test[branch], **line("test", label=label, **style))
        ax.set(xscale="log", yscale="log", ylim=(0.15, 10))
    for ax, x in ((left, measured[0]), (right, measured[1])):
        ax.errorbar(x, measured[2], yerr=measured[3], **dots("test"))
    i = int(np.searchsorted(widths, width))
    ring = {
        "marker": "o",
        "markersize": 12,
        "fillstyle": "none",
        "markeredgewidth": 2,
        "color": "black",
        "label": "_here",
        "gid": "grab:width",
    }
    left.plot(widths[i], test[i], **ring)
    right.plot(effective[i], test[i], **ring)
    left.set(xlim=(5, 2000), xlabel="features, $N$", ylabel="test error")
    right.set(xlim=(5, 5000), xlabel="effective number of parameters", ylabel="test error")
    left.legend(loc="upper left")
    return {"effective": float(effective[i]), "test": float(test[i])}


def unresolved(ax, measured, population, strong) -> dict:
    """Least squares on strong and weak directions, and on the strong ones alone, against the number of samples.

    population   its first ``strong`` directions have variance 1, the others a smaller one
    measured     two dicts, n -> (mean, standard error) of the test error: all inputs given, the strong ones only
    """
    d, noise = population.dimension, population.noise_variance
    near = np.r_[np.linspace(0.8, 1.25, 31), 0.99, 0.995, 0.999, 0.9998, 1.0002, 1.001, 1.005, 1.01]
    n = np.unique(np.r_[np.geomspace(6, 1000, 120), strong * near, d * near])
    curve = ridge_risk(population, n, 0.0)
    hidden = population.energies[strong:].sum()  # noise, for a learner that never sees the weak inputs
    alone = ridge_risk(isotropic(strong, population.energies[:strong].sum(), noise + hidden), n, 0.0)
    ax.plot(n, _finite(alone.test), color="black", linewidth=1, linestyle=(0, (1, 1.5)), label="strong inputs only")
    ax.plot(n, curve.bias + noise, **line("bias", label="bias + noise"))
    ax.plot(n, _finite(curve.test), **line("test", label="all inputs"))
    looks = dots("test"), dots("test", color="black", marker=".", label="_alone")
    for found, look in zip(measured, looks, strict=True):
        means, errors = np.array(list(found.values())).T
        shown = means > 0.02  # the axis ends there
        ax.errorbar(np.array(list(found))[shown], means[shown], yerr=2 * errors[shown], **look)
    _threshold(ax, strong, f"$n = {strong}$", 47)
    _threshold(ax, d, "$n = d$", 47)
    ax.set(xscale="log", yscale="log", xlim=(6, 1000), ylim=(0.02, 40), xlabel="samples, $n$", ylabel="test error")
    ax.set_xticks([10, 20, 50, 100, 200, 500, 1000], ["10", "20", "50", "100", "200", "500", "1000"], minor=False)
    ax.set_xticks([], minor=True)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=3, columnspacing=0.9, handlelength=1.7)
    places = ridge_risk(population, [strong / 2, strong, 2 * strong], 0.0)
    half, peak, twice = places.test.tolist()
    missed = float(places.bias[1] + noise)
    return {"half": half, "peak": peak, "twice": twice, "missed": missed, "gain": float(places.susceptibility[1])}
