"""Figures of chapter 13, width and ensembles: the notebook computes, these functions draw."""

from functools import lru_cache

import numpy as np

from renorm import power_law, random_feature_risk
from renorm_book.style import dots, legend_above, line, ticks

__all__ = [
    "BUY",
    "ONE_OR_MANY",
    "PARTS",
    "PICTURES",
    "best_ridge",
    "buy",
    "of_state",
    "one_or_many",
    "parts",
    "pictures",
    "world",
]

GREY = {"color": "0.45", "linewidth": 1}
RIDGES = np.geomspace(1e-6, 10, 281)


@lru_cache
def world(noise: float):
    """The population of this chapter: 400 directions, spectral decay 1.2, source 0.5."""
    return power_law(400, capacity=1.2, source=0.5, signal=1.0, noise_variance=noise)


@lru_cache
def best_ridge(noise: float, n: int, width: int, members: float = 1) -> float:
    """The λ of a grid with forty values in each factor of ten that is best for the average of ``members``."""
    risks = random_feature_risk(world(noise), n, width, RIDGES).ensemble(members).excess
    return float(RIDGES[np.argmin(risks)])


def _excess(noise, n, width, ridge, members):
    """Theory, at a ridge or at the best one (``ridge`` None); infinity where there is none."""
    at = best_ridge(noise, n, width, members) if ridge is None else ridge
    return float(random_feature_risk(world(noise), n, width, at).ensemble(members).excess)


ONE_OR_MANY = dict(
    name="one-or-many",
    readout="{total} features in all, noise {noise}, {penalty}: one machine with all of them has the excess error "
    "{one}, an average of 16 with {small} each {many}. The best number of machines is {best}.",
    title="One machine or many, at equal cost",
    alt="Excess error against the number of machines that share the features. Without a penalty the error falls as "
    "the features are dealt out to more machines, with a peak where each has as many features as there are samples. "
    "With the best penalty the curve only rises: one machine is best.",
    caption="100 samples. The features are dealt out to 1, 2, 4, 8 or 16 machines, whose answers are averaged. Line: "
    "theory; dots: simulation, bars ±2 standard errors.",
    presets={
        "no penalty": {"total": 400, "ridge": "none", "noise": 0.5},
        "the best penalty": {"total": 400, "ridge": "the best", "noise": 0.5},
    },
)
MEMBERS = (1, 2, 4, 8, 16)


def one_or_many(ax, measured, total, ridge, penalty, noise) -> dict:
    """Excess error against the number of machines; ``measured``: members -> (mean, standard error), where finite."""
    values = np.array([_excess(noise, 100, total // k, ridge, k) for k in MEMBERS])
    shown = np.isfinite(values)
    ax.plot(np.array(MEMBERS)[shown], values[shown], **line("test", label="theory"))
    if not shown.all():
        peak = MEMBERS[int(np.argmin(shown))]
        ax.axvline(peak, **line("noise", label="features = samples"))
    counts = list(measured)
    means, errors = np.array([measured[k] for k in counts]).T
    ax.errorbar(counts, means, yerr=2 * errors, **dots("test", label="simulation"))
    ax.set(xscale="log", yscale="log", xlim=(0.85, 19), ylim=(0.03, 2), xlabel="machines that are averaged, $K$")
    ticks(ax.xaxis, MEMBERS)
    ticks(ax.yaxis, [0.05, 0.1, 0.2, 0.5, 1, 2])
    ax.set_ylabel("excess error")
    legend_above(ax, 3)
    said = [f"{v:.3f}" if np.isfinite(v) else "without limit" for v in values]
    return {
        "penalty": {"none": "no penalty", "the best": "the best penalty for each"}.get(penalty, f"λ = {penalty}"),
        "one": said[0],
        "many": said[-1],
        "small": total // 16,
        "best": MEMBERS[int(np.argmin(values))],
    }


PARTS = dict(
    name="parts-of-the-error",
    readout="With {members} averaged machines at n = {n}, λ = {ridge}, the error at N = 100 features is {total:.3f}. "
    "{share:.0%} of it comes from the draw of the features.",
    title="What an average averages away",
    alt="Excess error against the number of features, in layers: bias, data, features, data and features together, "
    "noise. Averaging several machines thins the layers that come from the features, and the peak with them; bias, "
    "data and the data's part of the noise stay.",
    caption="Layers: theory, added up. Dots: simulation of the whole, bars ±2 standard errors. 400 directions, noise "
    "variance 0.1.",
    presets={
        "one machine": {"members": 1, "n": 100, "ridge": 0.001},
        "sixteen": {"members": 16, "n": 100, "ridge": 0.001},
    },
)
LAYERS = (
    ("bias", "bias", "#009E73"),
    ("data", "variance_data", "#CC79A7"),
    ("data's noise", "variance_noise_data", "#7F7F7F"),
    ("features", "variance_features", "#56B4E9"),
    ("both", "variance_interaction", "#0072B2"),
    ("both, noise", "variance_noise_interaction", "#E69F00"),
)


def parts(ax, measured, members, n, ridge) -> dict:
    """The parts of the excess error, stacked, against the number of features; ``measured``: width -> (mean, error)."""
    widths = np.geomspace(10, 450, 60)
    risk = random_feature_risk(world(0.1), n, widths, ridge).ensemble(members)
    floor = np.zeros(widths.size)
    for label, name, color in LAYERS:
        top = floor + getattr(risk, name)
        ax.fill_between(widths, floor, top, color=color, alpha=0.45, linewidth=0, label="_" + label)
        ax.plot(widths, top, color=color, linewidth=2, label=label)
        floor = top
    means, errors = np.array(list(measured.values())).T
    ax.errorbar(list(measured), means, yerr=2 * errors, **dots("test", label="_simulation"))
    ax.axvline(n, **GREY)
    ax.set(xscale="log", xlim=(10, 450), ylim=(0, 0.5), xlabel="features of each machine, $N$", ylabel="excess error")
    ticks(ax.xaxis, [10, 25, 50, 100, 200, 400])
    legend_above(ax, 3)
    here = random_feature_risk(world(0.1), n, 100, ridge).ensemble(members)
    of_features = here.variance_features + here.variance_interaction + here.variance_noise_interaction
    return {"total": float(here.excess), "share": float(of_features / here.excess)}


BUY = dict(
    name="what-to-buy",
    readout="Noise {noise}, {penalty}: at n = 100 samples and N = 100 features the next doubling is best spent on "
    "{here}; a second machine is the best buy in {share:.0%} of this map.",
    title="What to buy next",
    alt="A map over the number of samples and of features, divided by what reduces the error most when it is doubled. "
    "With the best penalty there are two regions: features where samples abound, data where features abound. With a "
    "small penalty a band below the diagonal belongs to a second machine, and a strip above it to the features.",
    caption="One machine with $N$ features and $n$ samples. Blue: twice the data reduces the error most; orange: "
    "twice the features; black: a second machine of the same size, averaged with the first. The thin line is $N=n$.",
    presets={
        "a small penalty": {"ridge": "0.0001", "noise": 0.1},
        "the best penalty": {"ridge": "the best", "noise": 0.1},
    },
)
PLANE = np.geomspace(10, 1000, 33)
COLORS = ["#56B4E9", "#E69F00", "#000000"]


@lru_cache
def bought(noise: float, ridge: float | None) -> np.ndarray:
    """0: data, 1: features, 2: a second machine. Rows are features, columns samples."""
    n, width = np.meshgrid(PLANE, PLANE)

    def least(n, width, members=1):
        ridges = RIDGES[::8, None, None] if ridge is None else np.array([[[ridge]]])
        return random_feature_risk(world(noise), n[None], width[None], ridges).ensemble(members).excess.min(0)

    return np.argmin([least(2 * n, width), least(n, 2 * width), least(n, width, 2)], axis=0)


def buy(ax, ridge, penalty, noise) -> dict:
    """The map of what reduces the error most when doubled."""
    from matplotlib.colors import ListedColormap

    values = bought(noise, ridge)
    edges = (np.log10(PLANE[0]), np.log10(PLANE[-1]))
    look = {"cmap": ListedColormap(COLORS), "vmin": 0, "vmax": 2, "aspect": "auto", "origin": "lower"}
    ax.imshow(values, extent=(*edges, *edges), **look)
    ax.plot(edges, edges, color="white", linewidth=1, label="_N = n")
    places = [1, np.log10(30), 2, np.log10(300), 3]
    ax.set_xticks(places, ["10", "30", "100", "300", "1000"])
    ax.set_yticks(places, ["10", "30", "100", "300", "1000"])
    ax.set(xlabel="samples, $n$", ylabel="features, $N$")
    middle = values[len(PLANE) // 2, len(PLANE) // 2]
    return {
        "penalty": {"the best": "the best penalty everywhere"}.get(penalty, f"λ = {penalty}"),
        "here": ("data", "features", "a second machine")[middle],
        "share": float(np.mean(values == 2)),
    }


PICTURES = dict(
    name="features-on-pictures",
    readout="{members} machines, {n} pictures, λ = {ridge}: with {least} random features each the squared error is "
    "{few:.3f}, with {most} {many:.3f}; the kernel machine has {kernel:.3f}.",
    title="Random features on real pictures",
    alt="Squared error on new pictures against the number of random features. It peaks where features equal samples "
    "when the penalty is small, and falls to the kernel machine's error as the features grow. An average of machines "
    "has no peak. Theory and measurement agree.",
    caption="Clothes, with shoulders or without. Dots: random ReLU features, mean of eight draws, bars ±2 "
    "standard errors. Line: theory, from the spectrum and the labels' energies of the infinitely wide kernel. Dashed: "
    "that kernel.",
    presets={
        "the mountain": {"members": 1, "n": 100, "ridge": 0.0001},
        "averaged": {"members": 8, "n": 100, "ridge": 0.0001},
    },
)


def of_state(seen, kernel_seen, held_out, widths, teams, penalties, members, n, ridge) -> tuple:
    """What ``pictures`` draws at one state, from all that the notebook has measured and its theory."""
    at, grid = penalties.index(ridge), np.geomspace(20, 1000, 40)
    measured = {w: [values[teams.index(members)][at] for values in seen[n, w]] for w in widths}
    return measured, (grid, held_out(n, grid, ridge, members)), np.mean([kernel_seen[n, w][at] for w in widths])


def pictures(ax, measured, predicted, kernel, members, n, ridge) -> dict:
    """Squared error on new pictures. measured: width -> (mean, its error); predicted: (widths, errors); kernel: one."""
    ax.plot(*predicted, **line("test", label="theory"))
    means, errors = np.array(list(measured.values())).T
    ax.errorbar(list(measured), means, yerr=2 * errors, **dots("test", label="measured"))
    ax.axhline(kernel, **line("kappa", label="the kernel"))
    ax.axvline(n, **GREY)
    ax.set(xscale="log", yscale="log", xlim=(20, 1000), ylim=(0.12, 6), xlabel="features of each machine, $N$")
    ticks(ax.xaxis, [25, 50, 100, 200, 400, 800])
    ticks(ax.yaxis, [0.2, 0.5, 1, 2, 5])
    ax.set_ylabel("squared error, new pictures")
    legend_above(ax, 3)
    least, most = min(measured), max(measured)
    few, many = (float(measured[N][0]) for N in (least, most))
    return {"least": least, "most": most, "few": few, "many": many, "kernel": float(kernel)}
