"""Figures of the short version: each shows one thing, and every handle reshapes it."""

from functools import cache

import numpy as np

from renorm import learning_curve, power_law, random_feature_risk, renormalized_ridge, ridge_path, sample
from renorm.experiments.random_features import random_feature_experiment
from renorm_book.chapter01 import trainings
from renorm_book.chapter10 import measurements
from renorm_book.chapter10.figures import CONCEPT, WORDS, lottery
from renorm_book.short import line as on_a_line
from renorm_book.style import CONCEPTS, dots, line

GUESSING = {"color": "0.5", "linewidth": 1, "linestyle": ":"}


def _legend_above(ax, columns=3):
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2, columnspacing=1.2)


# ---- 1. the experiment
def experiment(ax, p) -> dict:
    """Training and test error of the network of chapter 1 along its training, a share p of the labels random."""
    history = trainings.trained(1000, 256, p)
    epochs = np.arange(1, history.epochs + 1)
    for name, curve, words in zip(("train", "test"), trainings.errors(history), ("training", "new"), strict=True):
        ax.plot(epochs, curve, **line(name, label=f"{words} pictures"))
        ax.plot(epochs[-1:], curve[-1:], **dots(name, label=f"_{name} end"))
    ax.axhline(0.9, **GUESSING, label="_guessing")
    ax.text(0.95, 0.91, "guessing", color="0.35", va="bottom")
    ax.set(
        xscale="log",
        xlim=(0.9, 140),
        ylim=(-0.03, 1.0),
        xlabel="passes over the training pictures",
        ylabel="wrong answers",
    )
    ax.set_xticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    ax.minorticks_off()
    _legend_above(ax)
    (train,), (test,) = (curve[-1:] for curve in trainings.errors(history))
    return {"train": float(train), "test": float(test), "epochs": history.epochs}


# ---- 2. counting
# CIFAR-10, without penalties and random crops: weights, test errors with true and with random labels (Zhang et al. 2017)
PAPER = ((1_649_402, 0.1425, 0.9022), (1_649_402, 0.18, 0.8988), (1_387_786, 0.2393, 0.9014),
         (1_735_178, 0.4761, 0.8952), (1_209_866, 0.4949, 0.8939))  # fmt: skip


def weights_of(width: int) -> int:
    """Weights of a network from 196 pixels through ``width`` hidden units to ten classes."""
    return 207 * width + 10


@cache
def nine_trainings(width: int) -> np.ndarray:
    """Test error at the end of nine trainings on 1,000 pictures that come with chapter 1: (9, shares of random labels)."""
    with np.load(trainings.KEPT) as file:
        found = file["grid"][..., trainings.FIELDS.index("test")].astype(float)
    return found.reshape(-1, *trainings.SHAPES["grid"])[:, trainings.SIZES.index(1000), trainings.WIDTHS.index(width)]


def counting(ax, labels) -> dict:
    """Test error against the number of weights: three networks of ours, five of the paper's."""
    at = trainings.CORRUPTIONS.index(labels)
    counts = [weights_of(width) for width in trainings.WIDTHS]
    found = [trainings.measured_error(nine_trainings(width)) for width in trainings.WIDTHS]
    means, errors = np.array([(mean[at], error[at]) for mean, error in found]).T
    ax.errorbar(counts, means, yerr=2 * errors, capsize=2, **dots("test", label="ours"))
    theirs = [(weights, random if labels else true) for weights, true, random in PAPER]
    ax.plot(*np.transpose(theirs), **dots("true labels", label="those of 2016"))
    ax.axhline(0.9, **GUESSING, label="_guessing")
    ax.text(2.2e3, 0.91, "guessing", color="0.35", va="bottom")
    ax.set(
        xscale="log", xlim=(2e3, 4e6), ylim=(0, 1.0), xlabel="weights of the network", ylabel="wrong on new pictures"
    )
    ax.set_xticks([1e4, 1e5, 1e6], ["10,000", "100,000", "1,000,000"])
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    _legend_above(ax, 2)
    return {"ours": float(means[-1]), "best": min(e for _, e in theirs), "worst": max(e for _, e in theirs)}


# ---- 3. the handle, and 5. one sample taken away
def _canvas(ax, x, y, shown=slice(None)):
    ax.plot(x[shown], y[shown], **dots("train", color="black", marker="o", label="samples"))
    ax.set(xlim=(0, 1), ylim=(-2.9, 2.9), xlabel="input", ylabel="label")


def handle(ax, ridge, kind) -> dict:
    """The curve that ridge regression draws through twelve points, and the rule behind them."""
    x, y = on_a_line.points(kind)
    grid = np.unique(np.concatenate([np.linspace(0, 1, on_a_line.CURVE), x]))
    curve, truth = on_a_line.fitted(x, y, grid, ridge), on_a_line.rule(grid) if kind == "rule" else 0 * grid
    ax.plot(grid, truth, **line("noise", label="rule" if kind == "rule" else "no rule"))
    ax.plot(grid, curve, **line("test", label="machine"))
    _canvas(ax, x, y)
    _legend_above(ax)
    missed = np.mean((on_a_line.fitted(x, y, x, ridge) - y) ** 2)
    new = np.mean((curve - truth) ** 2) + (on_a_line.NOISE**2 if kind == "rule" else _spread(kind))
    return {"train": float(missed), "test": float(new), "guess": _spread(kind)}


def _spread(kind) -> float:
    """Mean square of a new label: the error of always answering zero."""
    return float(np.mean(on_a_line.rule(np.linspace(0, 1, on_a_line.CURVE)) ** 2) + on_a_line.NOISE**2)


def left_out(ax, i, ridge) -> dict:
    """The fit with all points and the one without the i-th, and by how much each misses that point."""
    x, y = on_a_line.points("rule")
    rest = np.delete(np.arange(len(x)), i - 1)
    grid = np.linspace(0, 1, on_a_line.CURVE)
    ax.plot(grid, on_a_line.fitted(x, y, grid, ridge), **line("test", label="with it"))
    ax.plot(grid, on_a_line.fitted(x[rest], y[rest], grid, ridge), **line("train", label="without it"))
    _canvas(ax, x, y, rest)
    x0, y0 = x[[i - 1]], y[[i - 1]]
    with_it, without = (
        float(f[0]) for f in (on_a_line.fitted(x, y, x0, ridge), on_a_line.fitted(x[rest], y[rest], x0, ridge))
    )
    ax.plot([x0[0]] * 2, [y0[0], without], color=CONCEPTS["train"].color, linewidth=2.2, label="_missed without it")
    ax.plot(
        x0,
        y0,
        "o",
        markersize=12,
        fillstyle="none",
        color="black",
        markeredgewidth=2,
        label="_taken away",
        gid="grab:i",
    )
    _legend_above(ax)
    return {
        "kept": abs(float(y0[0]) - with_it),
        "honest": abs(float(y0[0]) - without),
        "factor": 1 + on_a_line.pull(x, i - 1, ridge),
    }


# ---- 4. the mountain, and why more is better
SIZES, MOUNTAIN_RIDGES, NOISES = (50, 100, 200), (0.0, 1e-3, 1e-2), (0.0, 0.1, 0.5)
WIDTHS = (5, 10, 25, 40, 70, 90, 100, 110, 140, 200, 300, 500, 1000)
TRIALS = 20


def task(noise: float):
    """400 inputs of falling variance, a rule that lives mostly in the strong ones, and noise in the labels."""
    return power_law(400, capacity=1.2, source=0.5, signal=1.0, noise_variance=noise)


@cache
def simulated(n: int, noise: float) -> list:
    """Errors of ridge regression on n samples and each of WIDTHS random features."""
    return [random_feature_experiment(task(noise), n, N, MOUNTAIN_RIDGES, trials=TRIALS, seed=0) for N in WIDTHS]


@cache
def best_ridge(n: int, noise: float, widths: tuple) -> np.ndarray:
    """Test error at the best ridge for every width."""
    return random_feature_risk(task(noise), n, np.array(widths)[:, None], np.geomspace(1e-6, 10, 80)).test.min(axis=1)


def mountain(ax, n, ridge, noise) -> dict:
    """Test error against the number of weights at fixed data, with its two parts; theory and simulation."""
    near = [n * f for f in (0.85, 0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1, 1.2)]
    widths = np.unique(np.r_[np.geomspace(5, 2000, 50), near])
    risk = random_feature_risk(task(noise), n, widths, ridge)
    top = 30.0
    missed = risk.bias + risk.variance_data + risk.variance_features + risk.variance_interaction
    ax.plot(widths, np.minimum(missed, top), **line("bias", label="rule missed"))
    if noise:
        ax.plot(widths, np.minimum(risk.variance_noise, top), **line("variance", label="noise learned"))
    ax.plot(
        widths,
        best_ridge(n, noise, tuple(widths)),
        color="0.35",
        linewidth=1.3,
        linestyle=(0, (1, 1.5)),
        label="best ridge",
    )
    ax.plot(widths, np.minimum(risk.test, top), **line("test", label="test error"))
    i, found = MOUNTAIN_RIDGES.index(ridge), simulated(n, noise)
    shown = [k for k, N in enumerate(WIDTHS) if (ridge > 0 or abs(np.log(N / n)) > 0.12) and N > 5]
    means, bars = (np.array([getattr(found[k], name)[i] for k in shown]) for name in ("test", "test_se"))
    ax.errorbar(np.array(WIDTHS)[shown], means, yerr=2 * bars, **dots("test"))
    ax.axvline(n, color="0.55", linewidth=1, label="_as many")
    ax.text(n * 1.06, 7, f"N = n = {n}", va="center")
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(5, 2000),
        ylim=(0.008, 10),
        xlabel="weights of the model, $N$",
        ylabel="squared error",
    )
    ax.set_xticks([10, 100, 1000], ["10", "100", "1,000"])
    ax.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    _legend_above(ax, 2)
    small, large = (
        random_feature_risk(task(noise), n, np.arange(5, 0.9 * n), ridge).test,
        random_feature_risk(task(noise), n, [n, 2000.0], ridge).test,
    )
    return {
        "valley": float(small.min()),
        "peak": float(large[0]),
        "wide": float(large[1]),
        "best": float(best_ridge(n, noise, (2000.0,))[0]),
    }


# ---- 6. κ walks down the spectrum
COUNTS, KAPPA_RIDGES = (25, 50, 100, 200, 400), (1e-6, 1e-3, 1e-2, 1e-1)
DIRECTIONS, DRAWS = 600, 30
EDGES = np.unique(np.geomspace(1, DIRECTIONS + 1, 13).round().astype(int)) - 1


@cache
def shares(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Share of each true weight that is found in n samples, in groups of directions: means and errors, (ridges, groups)."""
    rng, population = np.random.default_rng(n), power_law(DIRECTIONS, 1.2, source=0.5)
    found = [ridge_path(*sample(population, n, rng), KAPPA_RIDGES) / population.coefficients for _ in range(DRAWS)]
    grouped = np.add.reduceat(found, EDGES[:-1], axis=2) / np.diff(EDGES)
    return grouped.mean(axis=0), grouped.std(axis=0, ddof=1) / np.sqrt(DRAWS)


def spectrum(axes, n, ridge) -> dict:
    """First: the variances of 600 directions, cut by κ. Second: the share of each that is learned."""
    variances, learned = axes
    s, k = np.arange(1, DIRECTIONS + 1.0) ** -1.2, np.arange(1, DIRECTIONS + 1)
    kappa = float(renormalized_ridge(s, n, ridge))
    above = int(np.sum(s > kappa))
    variances.plot(k, s, **line("noise", linestyle="-", label="_variance"))
    variances.axhline(kappa, **line("kappa", linewidth=1.6, label="_kappa", gid="grab:n"))
    variances.text(1.15, kappa * 0.75, "$\\kappa$", va="top")
    variances.set(yscale="log", ylim=(1e-4, 2), ylabel="variance", yticks=[1e-4, 1e-2, 1])
    mean, error = (part[KAPPA_RIDGES.index(ridge)] for part in shares(n))
    middles = np.sqrt((EDGES[:-1] + 1) * EDGES[1:])
    learned.plot(k, s / (s + kappa), **line("kappa", linestyle="-", label="_theory"))
    learned.errorbar(middles, mean, yerr=2 * error, **dots("true labels", color="#0072B2", label="_simulated"))
    learned.set(ylim=(-0.1, 1.1), yticks=[0, 0.5, 1], ylabel="share learned", xlabel="direction, strongest first")
    for ax in axes:
        ax.axvspan(0.9, max(above, 0.9), color="#000000", alpha=0.08, linewidth=0, label="_above")
        ax.set(xscale="log", xlim=(0.9, 660))
    variances.set_xticks([1, 10, 100, 600], [])
    learned.set_xticks([1, 10, 100, 600], ["1", "10", "100", "600"])
    for ax in axes:
        ax.minorticks_off()
    return {"kappa": kappa, "above": above, "ratio": kappa / ridge}


# ---- 7. what decides, and 8. predicted
def above_kappa(ax, n, pictures) -> dict:
    """How much of the labels' energy lies in the strongest directions of 2,000 pictures, and where κ cuts."""
    population = measurements.kept_population(pictures, "gaussian")
    s, v, size = population.eigenvalues, population.energies, population.dimension
    kappa = float(learning_curve(population, n, 0.0).kappa)
    above = int(np.sum(s > kappa))
    k = np.unique(np.geomspace(1, size, 90).round().astype(int))
    true, even = np.cumsum(v) / v.sum(), np.arange(1, size + 1) / size
    ax.axvspan(0.8, above, color="#000000", alpha=0.08, linewidth=0, label="_above")
    ax.plot(k, true[k - 1], **line("true labels"))
    ax.plot(k, even[k - 1], **line("random labels"))
    ax.plot(
        [above, above], [even[above - 1], true[above - 1]], "o", color="black", markersize=7, label="_cut", gid="grab:n"
    )
    ax.text(above * 1.12, 1.04, "$\\kappa$", va="bottom")
    ax.axvline(above, color="black", linewidth=1, linestyle=(0, (7, 2)), label="_kappa")
    ax.set(
        xscale="log",
        xlim=(0.8, size * 1.25),
        ylim=(0, 1.15),
        yticks=[0, 0.5, 1],
        xlabel="directions, strongest first",
        ylabel="share of the labels",
    )
    ax.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    _legend_above(ax, 2)
    return {
        "above": above,
        "size": size,
        "true": float(true[above - 1]),
        "random": float(even[above - 1]),
        "kappa": kappa,
    }


KERNELS = {"gaussian": "one kernel", "tangent": "wide network"}


def predicted(ax, labels, pictures, kernel) -> dict:
    """Error on new pictures against the number of training pictures: the theory's line, dots measured, rings forecast."""
    samples = np.array(measurements.SAMPLES)
    fine = np.unique(np.geomspace(16, 1000, 50).round().astype(int))
    found = measurements.kept(pictures, kernel)
    kind = measurements.LABELS.index(labels)
    curve = learning_curve(lottery(measurements.kept_population(pictures, kernel), labels), fine, 0.0)
    ax.plot(fine, curve.held_out, **line(CONCEPT[labels], linestyle="-", label="predicted"))
    honest = [found[n]["loo"][:, kind].mean() for n in samples]
    ring = {"markersize": 12, "markerfacecolor": "none", "markeredgewidth": 1.6, "color": "black"}
    ax.plot(samples, honest, **dots("test", label="left out") | ring)
    error = np.array([measurements.mean_and_error(found[n]["error"])[:, kind] for n in samples])
    ax.errorbar(
        samples,
        error[:, 0],
        yerr=2 * error[:, 1],
        **dots(CONCEPT[labels], color="black", markersize=4, marker="o", label="measured"),
    )
    ax.axhline(1, **GUESSING, label="_zero")
    ax.text(980, 1.03, "always answering zero", color="0.35", ha="right", va="bottom")
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(13, 1200),
        ylim=(0.05, 2.2),
        xlabel="training pictures, $n$",
        ylabel="squared error, new pictures",
    )
    ax.set_xticks([16, 64, 250, 1000], ["16", "64", "250", "1,000"])
    ax.set_yticks([0.05, 0.1, 0.2, 0.5, 1, 2], ["0.05", "0.1", "0.2", "0.5", "1", "2"])
    ax.minorticks_off()
    _legend_above(ax)
    at = {n: float(np.interp(n, fine, curve.held_out)) for n in (250,)}
    slope = np.polyfit(np.log(samples[1:5]), np.log(error[1:5, 0]), 1)[0]
    return {
        "theory": at[250],
        "measured": float(error[4, 0]),
        "bar": 2 * float(error[4, 1]),
        "slope": float(slope),
        "words": WORDS[labels],
    }
