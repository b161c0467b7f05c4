"""Figures of chapter 11, when interpolation is harmless: Gaussian worlds. The notebook computes, these draw."""

from functools import lru_cache

import numpy as np

from renorm import renormalized_ridge, ridge_risk
from renorm.theory.negative_ridge import least_ridge, negative_ridge_risk, optimal_signed_ridge
from renorm_book.chapter11.noise import WORLDS, World, strong_and_weak
from renorm_book.style import dots, legend_above, line, ticks

__all__ = ["GREY", "NEGATIVE", "TAIL", "WORLD", "costs", "negative", "negative_at", "risk_at", "tail", "world"]

SIZES = np.geomspace(10, 450, 60)
GREY = {"color": "0.45", "linewidth": 1}


@lru_cache
def _curves(letter: str, ridge: float) -> tuple[np.ndarray, np.ndarray]:
    """Cost and κ at all sizes."""
    here = WORLDS[letter]
    spectrum = here.population.eigenvalues
    return costs(here, SIZES, ridge), renormalized_ridge(spectrum, SIZES, ridge + here.tail / SIZES)


def costs(world: World, n, ridge) -> np.ndarray:
    """Theory: gamma/(1 - gamma), what noise of variance one costs."""
    return ridge_risk(world.population, n, ridge + world.tail / n).susceptibility - 1


WORLD = dict(
    name="cost-of-noise",
    readout="World {world}, {name}. At n = {n} and λ = {ridge} fitting the noise costs {cost:.2g} times its variance; "
    "κ falls there as n to the power {slope:.2f}.",
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
    theory, kappa = _curves(world, ridge)
    cost.plot(SIZES, theory, **line("variance", linestyle="-", label="theory"))
    means, errors = np.array(list(measured.values())).T
    cost.errorbar(list(measured), means, yerr=2 * errors, **dots("variance", label="simulation"))
    cost.axhline(1, **line("noise", label="the noise itself"))
    cost.set(ylim=(0.002, 60), ylabel="cost of fitted noise, $\\gamma/(1-\\gamma)$")
    legend_above(cost, 3)
    resolution.plot(SIZES, kappa / kappa[0], **line("kappa"))
    resolution.plot(SIZES, SIZES[0] / SIZES, color="0.6", linewidth=0.8, label="_1/n")
    resolution.set(ylim=(1e-10, 3), ylabel="κ, relative to n = 10")
    for ax in axes:
        ax.axvline(n, gid="grab:n", **GREY)
        ax.set(xscale="log", yscale="log", xlim=(10, 450), xlabel="samples, $n$")
        ticks(ax.xaxis, [10, 20, 50, 100, 200, 400])
    beside = n * np.array([0.99, 1.01])
    pair = renormalized_ridge(here.population.eigenvalues, beside, ridge + here.tail / beside)
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
    ticks(ax.xaxis, [20, 50, 100, 200])
    legend_above(ax, 2)
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


NEGATIVE = dict(
    name="negative-ridge",
    readout="{weak:,} weak directions, noise {noise}: the best λ is {best:.3g}, its κ is {kappa:.3g}. The error there "
    "is {least:.3f}, at λ = 0 {zero:.3f}.",
    title="The best penalty can be negative",
    alt="Excess error against the penalty, negative values included. With many weak directions and little noise the "
    "minimum lies below zero, with few directions or much noise above it. The renormalized penalty at the minimum "
    "is positive.",
    caption="64 samples, one strong direction that carries the target, weak ones of variance 1. Line: theory; dots: "
    "simulation, bars ±2 standard errors. Ring: the best λ of either sign.",
    presets={
        "weak directions do it all": {"weak": 3000, "noise": 1.0},
        "few of them": {"weak": 300, "noise": 1.0},
        "much noise": {"weak": 1000, "noise": 10.0},
    },
)


def risk_at(population, n, ridges):
    """Excess risk at ridges of either sign."""
    ridges = np.asarray(ridges, dtype=float)
    risks = np.empty(ridges.shape)
    for side, theory in ((ridges < 0, negative_ridge_risk), (ridges >= 0, ridge_risk)):
        if side.any():
            risks[side] = theory(population, n, ridges[side]).excess
    return risks


def negative_at(population, n, ridge):
    """All of the theory at one ridge of either sign."""
    return (negative_ridge_risk if ridge < 0 else ridge_risk)(population, n, ridge)


def negative(ax, measured, population, n, weak, noise) -> dict:
    """Excess error against λ in units of (weak/n); ``measured``: (ridges, means, errors)."""
    unit = weak / n
    least = float(least_ridge(population.eigenvalues, n))
    ridges = np.r_[np.linspace(0.9 * least, 0, 60), np.linspace(0, 2.7 * unit, 60)[1:]]
    ax.plot(ridges / unit, risk_at(population, n, ridges), **line("test", label="theory"))
    ax.errorbar(measured[0] / unit, measured[1], yerr=2 * measured[2], **dots("test", label="simulation"))
    best = optimal_signed_ridge(population, n)
    lowest = float(risk_at(population, n, [best])[0])
    ax.plot([best / unit], [lowest], marker="o", markersize=12, fillstyle="none", color="black", label="_best")
    ax.axvline(0, **GREY)
    ax.set(xlim=(-0.8, 2.7), xlabel="penalty $\\lambda$, in units of weak directions per sample", ylabel="excess error")
    ax.set(yscale="log", ylim=(0.1, 12))
    ax.legend(loc="upper right")
    return {
        "best": best,
        "kappa": float(negative_at(population, n, best).kappa),
        "least": lowest,
        "zero": float(risk_at(population, n, [0.0])[0]),
    }
