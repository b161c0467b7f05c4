"""Figures of chapter 10, the puzzle answered: real images, their modes, forecasts of error, networks, a staircase."""

import numpy as np

from renorm import Population, learning_curve
from renorm_book.chapter10.network_figures import images_axis
from renorm_book.style import dots, line

__all__ = ["FORECASTS", "BENDS", "LABEL_SWITCH", "bends", "forecasts", "label_switch", "lottery"]

GREY = {"color": "0.7", "linewidth": 1}


def lottery(population: Population, replaced: float) -> Population:
    """What labels +1 and -1 become, on average, when each is replaced by a coin flip with probability ``replaced``.

    Energies: (1 - p)^2 v_k + (1 - (1 - p)^2) / N. Derived in the chapter; labels must have mean square one.
    """
    s, kept = population.eigenvalues, (1 - replaced) ** 2
    energies = kept * population.energies + (1 - kept) / len(s)
    return Population(s, np.sqrt(np.divide(energies, s, out=np.zeros(len(s)), where=s > 0)))


CONCEPT = {0.0: "true labels", 0.5: "noise", 1.0: "random labels"}
WORDS = {0.0: "true labels", 0.5: "half random", 1.0: "random labels"}


def label_switch(axes, population, samples, measured, replaced, n) -> dict:
    """First: κ and γ, the machine. Second: held-out error, predicted and measured, with the chosen labels in full.

    population   of the true labels, from ``from_kernel``
    measured     (errors, standard errors), each (samples, kinds of label), in the order of CONCEPT
    """
    machine, outcome = axes
    fine = np.unique(np.geomspace(samples[0], samples[-1], 60).round().astype(int))
    for p, concept in CONCEPT.items():
        curve, chosen = learning_curve(lottery(population, p), fine, 0.0), p == replaced
        faint = {"linewidth": 2.6} if chosen else {"linewidth": 2.0, "alpha": 0.8}
        outcome.plot(fine, curve.held_out, **line(concept, label=WORDS[p]) | faint)
        if chosen:
            machine.plot(fine, curve.kappa, **line("kappa", linestyle="-", label="$\\kappa$"))
            machine.plot(fine, curve.gamma, **line("variance", linestyle="-.", label="$\\gamma$"))
            error, se = (part[:, list(CONCEPT).index(p)] for part in measured)
            outcome.errorbar(samples, error, yerr=2 * se, **dots(concept, color="black", label="measured"))
    outcome.axhline(1, **GREY, label="_always zero")
    at = learning_curve(lottery(population, replaced), n, 0.0)
    machine.plot([n, n], [at.kappa, at.gamma], "o", markerfacecolor="none", color="black", markersize=9, label="_n")
    machine.set(yscale="log", ylim=(5e-5, 1.5), ylabel="the machine: $\\kappa$, $\\gamma$")
    outcome.set(yscale="log", ylim=(0.05, 2.2), ylabel="held-out squared error")
    outcome.set_yticks([0.05, 0.1, 0.2, 0.5, 1, 2], labels=["0.05", "0.1", "0.2", "0.5", "1", "2"])
    for ax in axes:
        images_axis(ax, samples)
        ax.axvline(n, color="0.75", linewidth=1, linestyle=":", label="_chosen n", gid="grab:n")
    outcome.minorticks_off()
    machine.legend(loc="lower left")
    outcome.legend(loc="lower left")
    i, j = list(samples).index(n), list(CONCEPT).index(replaced)
    found = float(measured[0][i, j])
    return {
        "kappa": float(at.kappa),
        "gamma": float(at.gamma),
        "theory": float(at.held_out),
        "found": found,
        "bar": 2 * float(measured[1][i, j]),
        "ratio": float(at.held_out) / found,
    }


LABEL_SWITCH = dict(
    name="label-switch",
    title="The label switch, on real images",
    readout=(
        "n = {n}, {labels} labels: κ = {kappa:.2g} and γ = {gamma:.2f}, whatever the labels. The predicted error "
        "is {theory:.3f}, the measured one {found:.3f} ± {bar:.3f}; their ratio is {ratio:.2f}. Always answering "
        "zero: 1."
    ),
    alt=(
        "First panel: kappa and gamma against the number of training pictures; they stay put when the labels are "
        "switched. Second panel: squared error on pictures not seen, three predicted curves: falling for true "
        "labels, staying close to one for half random ones, above one for random ones; measured dots lie on the "
        "chosen curve."
    ),
    caption=(
        "First panel: κ and γ from the spectrum of the pictures. Second panel: held-out squared error of an "
        "interpolating kernel machine; lines: computed from the spectrum and the labels, nothing fitted; dots: "
        "measured (±2 standard errors). Horizontal line: always answering zero."
    ),
    presets={
        "the truth": {"labels": 0.0, "n": 250},
        "coin tosses": {"labels": 1.0, "n": 250},
        "half the world": {"n": 1000},
    },
    subplots=(1, 2),
    sweep="n",
    grab="n",
)


def bends(axes, samples, images, turned, which, block) -> dict:
    """Theory over measurement, for the images and for the same spectrum with a block of eigenvectors turned.

    images, turned   (ratios, standard errors), each (samples, 4): the error with true, half random and random labels, κ
    which            0 or 2, the kind of label; block: how the turned ones are called
    """
    errors, resolution = axes
    for (mean, se), concept, name in ((images, "test", "images"), (turned, "bias", block)):
        shown = {"linestyle": "-", "linewidth": 1.2, "label": name}
        errors.errorbar(samples, mean[:, which], yerr=2 * se[:, which], **dots(concept) | shown)
        resolution.errorbar(samples, mean[:, 3], yerr=2 * se[:, 3], **dots(concept) | shown)
    for ax in axes:
        ax.axhline(1, **GREY, label="_one")
        images_axis(ax, samples)
    errors.set(ylim=(0.78, 1.14), ylabel="error, predicted / measured")
    resolution.set(ylim=(0.9, 1.5), ylabel="$\\kappa$, predicted / measured")
    errors.legend(loc="lower left")
    resolution.legend(loc="upper left")
    return {
        "images": float(images[0][-1, which]),
        "turned": float(turned[0][-1, which]),
        "bar": 2 * float(turned[1][-1, which]),
        "kappa": float(turned[0][-1, 3]),
        "largest": f"{samples[-1]:,}",
    }


BENDS = dict(
    name="bends",
    title="Which modes bend the prediction?",
    readout=(
        "At n = {largest} the prediction is {images:.3f} times the measured error for the images, and "
        "{turned:.3f} ± {bar:.3f} times with these modes turned: {block}. The predicted κ is then {kappa:.2f} "
        "times what the sample shows."
    ),
    alt=(
        "First panel: predicted over measured error against n. For the images the ratio leaves one as n "
        "approaches half of the population. Turning the last 200 modes hardly changes it; turning more mends it "
        "step by step; turning all brings it to one. Second panel: the same for kappa, whose gap is mended much "
        "sooner."
    ),
    caption=(
        "First panel: predicted / measured held-out error (Gaussian kernel, ±2 standard errors). Second panel: "
        "the same for κ, measured without labels from the sample's Gram matrix. Turned: the last modes, by a "
        "random rotation among themselves."
    ),
    presets={"twins only": {"block": "200"}, "everything": {"block": "2000"}},
    subplots=(1, 2),
)


def forecasts(axes, samples, theory, measured, kind, n) -> dict:
    """First: held-out error and three forecasts of it. Second: leave-one-out residuals against the inverse's diagonal.

    theory     (fine, errors): the spectral theory for these labels, arrays over a fine grid of n
    measured   for each n the arrays of ``measurements.deals``; kind: 0, 1 or 2, which labels
    """
    curve, points = axes
    concept = list(CONCEPT.values())[kind]
    mean = {name: np.array([measured[m][name][:, kind].mean() for m in samples]) for name in ("error", "loo", "gcv")}
    count = np.array([len(measured[m]["error"]) for m in samples])
    bar = 2 * np.array([measured[m]["error"][:, kind].std(ddof=1) for m in samples]) / np.sqrt(count)
    curve.plot(*theory, **line("kappa", linewidth=1.4, label="spectral theory, all labels known"))
    curve.plot(samples, mean["gcv"], **dots("bias", linestyle=":", linewidth=1.2, label="GCV"))
    ring = {"markersize": 11, "markerfacecolor": "none", "markeredgewidth": 1.6}
    curve.plot(samples, mean["loo"], **dots("test", label="leave-one-out") | ring)
    curve.errorbar(samples, mean["error"], yerr=bar, **dots(concept, color="black", markersize=4, label="measured"))
    curve.axvline(n, color="0.75", linewidth=1, linestyle=":", label="_chosen n", gid="grab:n")
    images_axis(curve, samples)
    curve.set(yscale="log", ylim=(0.07, 9), ylabel="held-out squared error")
    curve.set_yticks([0.1, 0.2, 0.5, 1, 2, 5], labels=["0.1", "0.2", "0.5", "1", "2", "5"])
    curve.minorticks_off()
    curve.legend(loc="upper left")
    bins, error = measured[n]["bins"]
    points.errorbar(
        bins[:, 0], bins[:, 1 + kind], yerr=2 * error[:, 1 + kind], **dots("test") | {"linestyle": "-", "linewidth": 1}
    )
    points.axvline(1, **line("bias", linestyle=":", linewidth=1.4))
    points.annotate("GCV: all here", (1.08, 0.008), color=line("bias")["color"], fontsize=10.5)
    points.set(xscale="log", yscale="log", xlim=(0.3, 8), ylim=(0.006, 4))
    points.set(xlabel="$[K_n^{-1}]_{ii}$ / their mean", ylabel="squared residual, left out")
    points.set_xticks([0.5, 1, 2, 5], labels=["0.5", "1", "2", "5"])
    points.set_yticks([0.01, 0.1, 1], labels=["0.01", "0.1", "1"])
    points.minorticks_off()
    i = list(samples).index(n)
    return {
        "found": mean["error"][i],
        "bar": bar[i],
        "loo": mean["loo"][i] / mean["error"][i],
        "gcv": mean["gcv"][i] / mean["error"][i],
        "theory": float(np.interp(n, *theory)) / mean["error"][i],
        "scatter": 100 * float(np.sqrt(measured[n]["scatter"][:, kind].mean())),
        "spread": measured[n]["spread"].mean(),
    }


FORECASTS = dict(
    name="forecasts",
    title="Three forecasts of one error",
    readout=(
        "n = {n}, {labels} labels: measured {found:.3f} ± {bar:.3f}. Leave-one-out says {loo:.2f} times that on "
        "average, and one training set alone is typically {scatter:.0f} % off; GCV says {gcv:.2f} times; the "
        "spectral theory {theory:.2f}. The largest diagonal element is {spread:.1f} times the mean."
    ),
    alt=(
        "First panel: held-out error against n with three forecasts. Rings of leave-one-out surround the "
        "measured dots everywhere; GCV lies above them for random labels and below them for true ones, but for "
        "clothes with the wide network; the line of the spectral theory leaves them at the largest n. Second "
        "panel: squared leave-one-out residuals against the diagonal of the inverse, mostly falling for true "
        "labels."
    ),
    caption=(
        "First panel: held-out squared error, measured (dots, ±2 standard errors), and forecasts averaged over "
        "training sets: leave-one-out (rings) and GCV (triangles) from the training set alone; spectral theory "
        "(line) from all pictures and labels. Second panel: training pictures in seven groups by their diagonal "
        "element of the inverse matrix, and what the machine without them gets wrong on them."
    ),
    presets={
        "GCV too low": {"pictures": "mnist", "kernel": "gaussian", "labels": 0, "n": 1000},
        "GCV too high": {"pictures": "mnist", "kernel": "gaussian", "labels": 2, "n": 1000},
        "GCV nearly right": {"kernel": "laplace", "labels": 2, "n": 1000},
    },
    subplots=(1, 2),
    sweep="n",
    grab="n",
)
