"""Figures of random features: test error against the size of the model, and against its effective size."""

import numpy as np

from renorm import random_feature_risk
from renorm_book.chapter05.axes import finite, threshold
from renorm_book.style import dots, line

__all__ = ["model_wise", "RANDOM_FEATURES", "folded", "FOLDED"]


def model_wise(ax, measured, which, population, best, widths, n, width, ridge) -> dict:
    """Random features: test error, bias and variance against the number of features at fixed data.

    measured   width -> Errors over several ridges, of which number ``which`` is ``ridge``
    best       test error at the best ridge, one for each of ``widths``
    """
    curve, here = random_feature_risk(population, n, widths, ridge), random_feature_risk(population, n, width, ridge)
    ax.plot(widths, best, color="black", linewidth=1, linestyle=(0, (1, 1.5)), label="best λ at each N")
    ax.plot(widths, finite(curve.bias), **line("bias"))
    ax.plot(widths, finite(curve.excess - curve.bias), **line("variance"))
    ax.plot(widths, finite(curve.test), **line("test"))
    shown = {N: e for N, e in measured.items() if ridge > 0 or N != n}  # at N = n, no ridge, no mean
    means, bars = [e.test[which] for e in shown.values()], [2 * e.test_se[which] for e in shown.values()]
    ax.errorbar(list(shown), means, yerr=bars, **dots("test"))
    threshold(ax, n, "$N = n$", 10.6)
    ax.axvline(width, color="0.45", linewidth=1, gid="grab:width")
    ax.set(xscale="log", yscale="log", xlim=(5, 2000), ylim=(0.01, 10), xlabel="width: random features, $N$")
    ax.set(ylabel="error")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=4, columnspacing=0.9, handlelength=1.7)
    return {"test": float(here.test), "endless": float(random_feature_risk(population, n, np.inf, ridge).test)}


RANDOM_FEATURES = dict(
    name="random-features",
    title="Test error against the size of the model",
    readout=(
        "With n = {n} samples, N = {width} features and λ = {ridge} the test error is {test:.3g}; with "
        "infinitely many features it would be {endless:.3g}."
    ),
    alt=(
        "At fixed data the test error of random-feature regression falls, rises to a peak where features equal "
        "samples, and falls again to a value below the first minimum. With the best ridge it only falls."
    ),
    caption=(
        "Data in 400 dimensions, noise variance 0.1. Lines: theory; dots: 40 draws of data and features, bars ±2 "
        "standard errors."
    ),
    presets={
        "classical optimum": {"n": 100, "width": 40, "ridge": 0.0},
        "at the peak": {"n": 100, "width": 100, "ridge": 0.0001},
        "ten times wider than needed": {"n": 100, "width": 1000, "ridge": 0.0},
    },
    sweep="width",
    grab="width",
)


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


FOLDED = dict(
    name="folded",
    title="The same errors over two axes",
    readout=(
        "With N = {width} features and 100 samples the learner has {effective:.3g} effective parameters; test "
        "error {test:.3g}."
    ),
    alt=(
        "First panel: test error against the number of features, a double descent. Second panel: the same test "
        "errors against the effective number of parameters; the branch with more features than samples folds "
        "back to smaller effective numbers and lies below the other branch."
    ),
    caption=(
        "n = 100 samples, λ = 0. Solid: fewer features than samples; dashed: more. Dots: simulation, bars ±2 "
        "standard errors."
    ),
    subplots=(1, 2),
    grab="width",
)
