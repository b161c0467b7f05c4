"""Figures of chapter 11, when interpolation is harmless: the notebook computes, these functions draw."""

from functools import lru_cache

import numpy as np

from renorm import Population, renormalized_ridge, ridge_risk
from renorm.theory.endless import endless_power_law
from renorm.theory.negative_ridge import least_ridge, negative_ridge_risk, optimal_signed_ridge
from renorm_book.chapter11.noise import WORLDS, World, strong_and_weak
from renorm_book.style import dots, line

__all__ = ["IMAGES", "MAP", "NEGATIVE", "TAIL", "WORLD", "images", "negative", "regimes", "tail", "world"]

SIZES = np.geomspace(10, 450, 60)
GREY = {"color": "0.45", "linewidth": 1}


def costs(world: World, n, ridge) -> np.ndarray:
    """Theory: gamma/(1 - gamma), what noise of variance one costs."""
    return ridge_risk(world.population, n, ridge + world.tail / n).susceptibility - 1


WORLD = dict(
    name="cost-of-noise",
    readout="World {world}, {name}. At n = {n} and λ = {ridge} fitting the noise costs {cost:.2g} times its variance; κ "
    "falls there as n to the power {slope:.2f}.",
    title="What fitted noise costs",
    grab="n",
    alt="First panel: the cost of fitted noise against the number of samples. In world A it falls, in B it falls very "
    "slowly, in C and D it stays at one half and at two, in E it grows without end. A penalty makes all of them fall. "
    "Second panel: κ against the number of samples; the steeper its curve, the larger the cost.",
    caption="Labels of pure noise. Line: theory; dots: simulation, bars ±2 standard errors. Thin: κ falling as 1/n, "
    "where noise would cost nothing.",
    presets={
        "harmless": {"world": "A", "n": 400, "ridge": 0.0},
        "tempered": {"world": "C", "n": 400, "ridge": 0.0},
        "ruin": {"world": "E", "n": 400, "ridge": 0.0},
        "ruin, with a penalty": {"world": "E", "n": 400, "ridge": 0.001},
    },
    subplots=(1, 2),
)


def world(axes, measured, world, n, ridge) -> dict:
    """Cost of noise and κ against the number of samples; ``measured`` is n -> (mean, standard error) at this ridge."""
    cost, resolution = axes
    here = WORLDS[world]
    cost.plot(SIZES, costs(here, SIZES, ridge), **line("variance", linestyle="-", label="theory"))
    means, errors = np.array(list(measured.values())).T
    cost.errorbar(list(measured), means, yerr=2 * errors, **dots("variance", label="simulation"))
    cost.axhline(1, **line("noise", label="the noise itself"))
    cost.set(ylim=(0.002, 60), ylabel="cost of fitted noise, $\\gamma/(1-\\gamma)$")
    cost.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=0.9, handlelength=1.6)
    kappa = renormalized_ridge(here.eigenvalues, SIZES, ridge + here.tail / SIZES)
    resolution.plot(SIZES, kappa / kappa[0], **line("kappa"))
    resolution.plot(SIZES, SIZES[0] / SIZES, color="0.6", linewidth=0.8, label="_1/n")
    resolution.set(ylim=(1e-10, 3), ylabel="κ, relative to n = 10")
    for ax in axes:
        ax.axvline(n, gid="grab:n", **GREY)
        ax.set(xscale="log", yscale="log", xlim=(10, 450), xlabel="samples, $n$")
        ax.set_xticks([10, 20, 50, 100, 200, 400], ["10", "20", "50", "100", "200", "400"])
        ax.set_xticks([], minor=True)
    pair = renormalized_ridge(
        here.eigenvalues, np.array([n * 0.99, n * 1.01]), ridge + here.tail / n / np.array([0.99, 1.01])
    )
    slope = np.log(pair[1] / pair[0]) / np.log(1.01 / 0.99)
    return {"cost": float(costs(here, n, ridge)), "slope": float(slope), "name": here.name}


TAIL = dict(
    name="head-and-tail",
    readout="n = {n} samples, {weak:,} weak directions: {split}. Noise costs {cost:.3f}: {head:.3f} through the strong "
    "directions, {rest:.3f} through the weak ones; the estimate k*/n + n/R says {rate}.",
    title="Learned head, long tail",
    grab="n",
    alt="The cost of fitted noise has two parts. The part of the strong directions falls as one over the number of "
    "samples; the part of the weak ones grows in proportion to it, and is smaller the more weak directions there are.",
    caption="Ten strong directions, and weak ones that share the rest of the variance equally. No penalty. Lines: "
    "theory; dots: simulation, bars ±2 standard errors. Dotted: the estimate k*/n + n/R.",
    presets={
        "a long tail": {"n": 100, "weak": 10_000, "share": 0.5},
        "a short tail": {"n": 100, "weak": 300, "share": 0.5},
    },
)


def tail(ax, measured, n, weak, share) -> dict:
    """Cost of noise by head and tail against n; ``measured`` is n -> (mean, standard error), each for the two parts."""
    population = strong_and_weak(weak, share)
    s = population.eigenvalues[[0, -1]]

    def parts(n):
        kappa = ridge_risk(population, n, 0.0).kappa
        head, rest = (count * (v / (v + kappa)) ** 2 / n for count, v in zip((10, weak), s, strict=True))
        return np.array([head, rest]) / (1 - head - rest)

    def rate(n):
        k = population.benign_split(n)
        return np.nan if k is None else k / n + n / population.effective_dimension(k)

    sizes = np.geomspace(12, 280, 60)
    ax.plot(sizes, parts(sizes).sum(0), **line("variance", linestyle="-", label="together"))
    for values, color, style, label in zip(
        parts(sizes), ("#0072B2", "#E69F00"), ("--", "-."), ("strong directions", "weak directions"), strict=True
    ):
        ax.plot(sizes, values, color=color, linestyle=style, label=label)
    ax.plot(sizes, [rate(m) for m in sizes], **line("noise", label="estimate"))
    means, errors = (np.array([pair[i] for pair in measured.values()]) for i in (0, 1))
    for i, (color, marker) in enumerate((("#0072B2", "s"), ("#E69F00", "^"))):
        ax.errorbar(
            list(measured),
            means[:, i],
            yerr=2 * errors[:, i],
            color=color,
            marker=marker,
            linestyle="none",
            label="_dots",
        )
    ax.axvline(n, gid="grab:n", **GREY)
    ax.set(xscale="log", yscale="log", xlim=(12, 280), ylim=(3e-4, 20))
    ax.set(xlabel="samples, $n$", ylabel="cost of fitted noise")
    ax.set_xticks([20, 50, 100, 200], ["20", "50", "100", "200"])
    ax.set_xticks([], minor=True)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=0.9, handlelength=1.8)
    head, rest = parts(n).tolist()
    k, estimate = population.benign_split(n), rate(n)
    split = "no tail is long enough to act as a penalty" if k is None else f"all but {k} directions act as a penalty"
    return {
        "split": split,
        "cost": head + rest,
        "head": head,
        "rest": rest,
        "rate": "nothing" if k is None else f"{estimate:.3f}",
    }


MAP = dict(
    name="map-of-regimes",
    readout="Laplace kernel on a sphere of dimension {D}: variances fall as k to the power −{alpha:.2f}. With n = {n} and "
    "{words} fitted noise costs {seen:.2f}, and {law:.2f} in a Gaussian world with that spectrum.",
    title="A map of what noise costs",
    grab="n",
    alt="First panel: a map over the decay of the spectrum and the decay of the penalty. Where the penalty falls more "
    "slowly than the spectrum, noise costs little; elsewhere it costs the more the steeper the spectrum is. Second "
    "panel: the cost for a Laplace kernel on a sphere, measured and predicted, against the number of samples.",
    caption="First panel: cost in Gaussian worlds with variances $k^{-\\alpha}$ and penalty $n^{-\\ell}$; contours at "
    "0.1, 0.3, 1 and 2; on the dashed line $\\ell=\\alpha$. Second panel: dots, measured with the kernel itself, bars ±2 standard "
    "errors; line: the Gaussian world.",
    presets={
        "a circle": {"D": 1, "n": 200, "decay": 4.0},
        "ten dimensions": {"D": 10, "n": 200, "decay": 4.0},
        "a good penalty": {"D": 1, "n": 200, "decay": 0.5},
    },
    subplots=(1, 2),
)
ALPHAS, DECAYS = np.linspace(1.05, 3.5, 40), np.linspace(0.2, 4.0, 39)


@lru_cache
def _law(alpha, n, decay) -> float:
    """The cost in an endless power law whose variances sum to one; no penalty where the decay is 4."""
    kept = endless_power_law(2000, alpha, 0.5)
    total = kept.population.trace + kept.tail
    ridge = 0.0 if decay >= 4 else float(n) ** -decay
    spectrum = Population(kept.population.eigenvalues / total, np.zeros(2000), 1.0)
    return float(ridge_risk(spectrum, n, ridge + kept.tail / total / n).susceptibility - 1)


def regimes(axes, measured, D, n, decay) -> dict:
    """Map over α and ℓ at n, and the cost of the Laplace kernel in D dimensions; ``measured``: n -> (mean, error)."""
    plane, curve = axes
    alpha = 1 + 1 / D
    values = np.array([[_law(float(a), n, float(e)) for a in ALPHAS] for e in DECAYS])
    contours = plane.contour(ALPHAS, DECAYS, values, levels=[0.1, 0.3, 1.0, 2.0], colors=["0.7", "0.55", "0.35", "0"])
    del contours
    plane.plot([1.05, 3.5], [1.05, 3.5], color="#D55E00", linestyle=(0, (4, 2)), linewidth=1, label="_l = alpha")
    plane.plot([alpha], [decay], marker="o", markersize=10, color="black", label="_here")
    plane.set(xlim=(1, 3.5), ylim=(0.2, 4.15), xlabel="decay of the variances, $\\alpha$")
    plane.set(ylabel="decay of the penalty, $\\ell$")
    sizes = np.geomspace(25, 400, 12)
    curve.plot(
        sizes, [_law(alpha, float(m), decay) for m in sizes], **line("variance", linestyle="-", label="Gaussian world")
    )
    means, errors = np.array(list(measured.values())).T
    curve.errorbar(list(measured), means, yerr=2 * errors, **dots("variance", label="the kernel"))
    curve.axvline(n, gid="grab:n", **GREY)
    curve.set(xscale="log", xlim=(22, 450), ylim=(0, 1.1), xlabel="samples, $n$", ylabel="cost of fitted noise")
    curve.set_xticks([25, 50, 100, 200, 400], ["25", "50", "100", "200", "400"])
    curve.set_xticks([], minor=True)
    curve.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=0.9, handlelength=1.8)
    words = "no penalty" if decay >= 4 else f"the penalty n^−{decay:g}"
    return {"alpha": alpha, "seen": float(measured[n][0]), "law": _law(alpha, float(n), decay), "words": words}


NEGATIVE = dict(
    name="negative-ridge",
    readout="{weak:,} weak directions, noise {noise}: the best λ is {best:.3g}, its κ is {kappa:.3g}. The error there is "
    "{least:.3f}, at λ = 0 {zero:.3f}.",
    title="The best penalty can be negative",
    alt="Excess error against the penalty, negative values included. With many weak directions and little noise the "
    "minimum lies below zero, with few directions or much noise above it. The renormalized penalty at the minimum is positive.",
    caption="64 samples, one strong direction that carries the target, weak ones of variance 1. Line: theory; dots: simulation, "
    "bars ±2 standard errors. Ring: the best λ of either sign.",
    presets={
        "weak directions do it all": {"weak": 3000, "noise": 1.0},
        "few of them": {"weak": 300, "noise": 1.0},
        "much noise": {"weak": 1000, "noise": 10.0},
    },
)


def _risk(population, n, ridges):
    """Risk at ridges of either sign."""
    ridges = np.asarray(ridges, dtype=float)
    below = ridges < 0
    risks = np.empty(ridges.shape)
    risks[~below] = ridge_risk(population, n, ridges[~below]).excess
    risks[below] = negative_ridge_risk(population, n, ridges[below]).excess
    return risks


def negative(ax, measured, population, n, weak, noise) -> dict:
    """Excess error against λ in units of (weak/n); ``measured``: (ridges, means, errors)."""
    unit = weak / n
    least = float(least_ridge(population.eigenvalues, n))
    ridges = np.r_[np.linspace(0.9 * least, 0, 60), np.linspace(0, 2.7 * unit, 60)[1:]]
    ax.plot(ridges / unit, _risk(population, n, ridges), **line("test", label="theory"))
    ax.errorbar(measured[0] / unit, measured[1], yerr=2 * measured[2], **dots("test", label="simulation"))
    best = optimal_signed_ridge(population, n)
    lowest = float(_risk(population, n, [best])[0])
    ax.plot([best / unit], [lowest], marker="o", markersize=12, fillstyle="none", color="black", label="_best")
    ax.axvline(0, **GREY)
    ax.set(xlim=(-0.8, 2.7), xlabel="penalty $\\lambda$, in units of weak directions per sample", ylabel="excess error")
    ax.set(yscale="log", ylim=(0.1, 12))
    ax.legend(loc="upper right")
    at = negative_ridge_risk if best < 0 else ridge_risk
    return {
        "best": best,
        "kappa": float(at(population, n, best).kappa),
        "least": lowest,
        "zero": float(_risk(population, n, [0.0])[0]),
    }


IMAGES = dict(
    name="wrong-labels",
    readout="{kernel}, {n} pictures, {wrong} of the labels wrong: without a penalty the squared error is {total:.3f}, of "
    "which {cost:.3f} is fitted noise. The best λ shown reaches {best:.3f}, the best stop {early:.3f}.",
    title="Wrong labels on real pictures",
    alt="First panel: what fitted noise costs on pictures of clothes against the number of pictures: little with the "
    "Laplace kernel, about a third with the ReLU kernel, more and more with the Gaussian kernel. Second panel: the squared error on "
    "new pictures against the penalty, and for early stopping; its part due to the wrong labels falls with the penalty.",
    caption="Tops among pictures of clothes, labels ±1. First panel: noise of variance one, no penalty; dots measured, "
    "line predicted from the kernel's spectrum. Second panel: measured errors on new pictures with their true labels; crosses: "
    "training stopped at time 1/λ.",
    subplots=(1, 2),
)


def images(axes, costs, fits, stopped, ridges, kernel, n, wrong) -> dict:
    """Costs against n at λ = 0, and squared errors on new pictures against the penalty at n.

    costs    n -> (measured, its error, predicted)
    fits     (ridges, 3): means of f², f y and |a|² for the fit to right labels; the first ridge is 0
    stopped  the same for gradient flow stopped at time 1/ridge
    """
    first, second = axes
    sizes = list(costs)
    seen, error, predicted = np.array([costs[m] for m in sizes]).T
    first.plot(sizes, predicted, **line("variance", linestyle="-", label="from the spectrum"))
    first.errorbar(sizes, seen, yerr=2 * error, **dots("variance", label="measured"))
    ring = {"marker": "o", "markersize": 12, "fillstyle": "none", "color": "black"}
    first.plot([n], [costs[n][0]], label="_here", gid="grab:n", **ring)
    first.set(xscale="log", xlim=(85, 950), ylim=(0, 0.5), xlabel="pictures, $n$", ylabel="cost of fitted noise")
    first.set_xticks(sizes, [str(m) for m in sizes])
    first.set_xticks([], minor=True)
    x = np.r_[ridges[1] / 10, ridges[1:]]
    parts = {name: _parts(values, wrong) for name, values in (("λ", fits), ("time", stopped))}
    for name, marker, shown in (("λ", "o", slice(None)), ("time", "x", slice(1, None))):
        total, noise = parts[name]
        style = {"marker": marker, "linestyle": "-" if name == "λ" else "none", "linewidth": 0.8}
        words = "" if name == "λ" else "_"
        second.plot(x[shown], total[shown], color="#D55E00", label=words + "squared error", **style)
        second.plot(x[shown], noise[shown], color="#CC79A7", label=words + "fitted noise in it", **style)
    second.set(xscale="log", ylim=(0, 1.05), xlabel="penalty λ (left end: none)", ylabel="on new pictures")
    for ax in axes:
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=0.9, handlelength=1.8)
    (total, noise), early = parts["λ"], parts["time"][0]
    return {
        "total": float(total[0]),
        "cost": float(noise[0]),
        "best": float(total.min()),
        "early": float(early[1:].min()),
    }


def _parts(fits, wrong) -> tuple[np.ndarray, np.ndarray]:
    """Squared error against the right labels, and the noise part in it, when a share of the labels was flipped.

    A flipped label is the right one times 1 - 2p on average, with variance 4p(1 - p).
    """
    square, product, spread = np.asarray(fits).T
    noise = 4 * wrong * (1 - wrong) * spread
    return (1 - 2 * wrong) ** 2 * square - 2 * (1 - 2 * wrong) * product + 1 + noise, noise
