"""Figures of the short version, those without theory: networks, and a machine that draws a curve."""

from functools import cache

import numpy as np

from renorm_book.chapter01 import trainings
from renorm_book.short import line as on_a_line
from renorm_book.style import CONCEPTS, dots, line

GUESSING = {"color": "0.5", "linewidth": 1, "linestyle": ":"}


def legend_above(ax, columns=3):
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
    legend_above(ax)
    (train,), (test,) = (curve[-1:] for curve in trainings.errors(history))
    return {"train": float(train), "test": float(test), "epochs": history.epochs}


# ---- 2. counting
# CIFAR-10 without penalties and random crops: weights, test errors with true and random labels (Zhang et al. 2017)
PAPER = ((1_649_402, 0.1425, 0.9022), (1_649_402, 0.18, 0.8988), (1_387_786, 0.2393, 0.9014),
         (1_735_178, 0.4761, 0.8952), (1_209_866, 0.4949, 0.8939))  # fmt: skip


def weights_of(width: int) -> int:
    """Weights of a network from 196 pixels through ``width`` hidden units to ten classes."""
    return 207 * width + 10


@cache
def nine_trainings(width: int) -> np.ndarray:
    """Test error at the end of the nine trainings that come with chapter 1: (9, shares of random labels)."""
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
    legend_above(ax, 2)
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
    legend_above(ax)
    missed = np.mean((on_a_line.fitted(x, y, x, ridge) - y) ** 2)
    new = np.mean((curve - truth) ** 2) + (on_a_line.NOISE**2 if kind == "rule" else spread(kind))
    return {"train": float(missed), "test": float(new), "guess": spread(kind)}


def spread(kind) -> float:
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
    legend_above(ax)
    return {
        "kept": abs(float(y0[0]) - with_it),
        "honest": abs(float(y0[0]) - without),
        "factor": 1 + on_a_line.pull(x, i - 1, ridge),
    }
