"""Figures of the chapter on memorizing random labels: networks and kernel machines, each fitted once."""

from functools import cache

import numpy as np

from renorm import corrupt_labels, gaussian_kernel, load_images
from renorm.data.images import ImageSet, one_hot
from renorm_book.chapter01.trainings import (
    CONDITION_RUN,
    CONDITIONS,
    CORRUPTIONS,
    DECAYS,
    clothes,
    condition_draws,
    decay_errors,
    errors,
    final,
    measured_error,
    trained,
)
from renorm_book.style import CONCEPTS, dots, line

CHANCE = 0.9  # the error of guessing one of ten classes


def _legend_above(ax):
    """All of the axes stays free for curves, at every position of the sliders."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2, columnspacing=1.2, handlelength=1.8)


def _error_axis(ax, **settings):
    """Fixed limits, percentages, and the line of guessing."""
    ax.axhline(CHANCE, color="0.5", linewidth=1, linestyle=":", label="_guessing")
    ax.set(ylim=(-0.03, 1.0), ylabel="error", **settings)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])


RING = {"marker": "o", "markersize": 11, "fillstyle": "none", "color": "black", "linestyle": "none"}


def fitting(axes, n, width, corruption):
    """First: training and test error while a network trains. Second: both at the end, means of ten trainings."""
    along, across = axes
    history = trained(n, width, corruption)
    epochs = np.arange(1, history.epochs + 1)
    for name, curve, words in zip(("train", "test"), errors(history), ("training", "test"), strict=True):
        along.plot(epochs, curve, **line(name, label=words))
        along.plot(epochs[-1:], curve[-1:], **dots(name, label=f"_{name} end"))
    _error_axis(along, xscale="log", xlim=(0.9, 260), xlabel="epochs of training")
    along.set_xticks([1, 10, 100], ["1", "10", "100"])
    _legend_above(along)

    train_draws, test_draws = final(n, width)
    train_end, (test_end, uncertainty) = train_draws.mean(axis=0), measured_error(test_draws)
    p = np.array(CORRUPTIONS)
    across.plot(p, 0.9 * p, **line("noise", label="wrong labels"))
    look = dots("test", linestyle="-", linewidth=1, capsize=2, label="test")
    across.errorbar(p, test_end, yerr=2 * uncertainty, **look)
    across.plot(p, train_end, **dots("train", linestyle="--", linewidth=1, label="training"))
    here = CORRUPTIONS.index(corruption)
    across.plot([corruption] * 2, [train_end[here], test_end[here]], label="_here", gid="grab:corruption", **RING)
    _error_axis(across, xlim=(-0.05, 1.05), xlabel="share of labels drawn at random, $p$")
    across.text(-0.03, CHANCE + 0.012, "guessing", color="0.35", va="bottom")
    _legend_above(across)
    return {
        "train": train_end[here],
        "test": test_end[here],
        "uncertainty": uncertainty[here],
        "epochs": history.epochs,
        "weights": 207 * width + 10,
    }


def fitting_readout(n, width, corruption, train, test, uncertainty, epochs, weights) -> str:
    """The sentence below ``fitting``."""
    start = f"{n:,} images, {corruption:.0%} of their labels drawn at random, {weights:,} weights: "
    left = "all labels are fitted" if train == 0 else f"{train:.1%} of the labels are not fitted at the end"
    return f"{start}{left} (here in {epochs} epochs), test error {test:.1%} (± {2 * uncertainty:.1%}). Means of ten."


# ------------------------------------------------------------------------------------------------- six conditions


def six_inputs(axes, condition, page):
    """First: six of the images, with the labels that the network is told. Second: training errors, all conditions."""
    pictures, curves = axes
    data, true = clothes(1000, condition), clothes(1000, 0.0)
    chosen = range(6 * (page - 1), 6 * page)
    sheet = np.full((2 * 19, 3 * 17), np.nan)
    low, high = (-0.2, 1.0) if condition == "gaussian pixels" else (0.0, 1.0)
    for place, i in enumerate(chosen):
        row, column = 19 * (place // 3) + 5, 17 * (place % 3)
        sheet[row : row + 14, column : column + 14] = np.clip(data.train_images[i], low, high)
        wrong = "✗ " if data.train_labels[i] != true.train_labels[i] else ""
        told = wrong + data.class_names[data.train_labels[i]]
        pictures.text(column + 6.5, row - 1.2, told, ha="center", va="bottom", fontsize=10.2)
    pictures.imshow(sheet, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
    pictures.set_axis_off()
    for name, other in CONDITIONS.items():
        history = trained(**CONDITION_RUN, condition=other)
        mine = other == condition
        look = (
            line("train", linestyle="-", label=name) if mine else {"color": "0.7", "linewidth": 1, "label": "_" + name}
        )
        curves.plot(np.arange(1, history.epochs + 1), errors(history)[0], zorder=3 if mine else 1, **look)
    _error_axis(curves, xscale="log", xlim=(0.9, 260), xlabel="epochs of training")
    curves.set(ylabel="training error")
    curves.set_xticks([1, 10, 100], ["1", "10", "100"])
    _legend_above(curves)
    found = condition_draws(condition)
    test, uncertainty = measured_error(found["test"])
    return {
        "epochs": found["epochs"].mean(),
        "early": found["early"].mean(),
        "test": test,
        "uncertainty": 2 * uncertainty,
        "first": 6 * page - 5,
        "last": 6 * page,
    }


# -------------------------------------------------------------------------------------------------- weight decay


def weight_decay(ax, corruption, decay):
    """Training and test error against the weight decay, at one corruption: means of ten trainings."""
    train_draws, test_draws = decay_errors(corruption)
    train_end, (test_end, uncertainty) = train_draws.mean(axis=0), measured_error(test_draws)
    x = np.array((4e-4, *DECAYS[1:]))
    look = dots("test", linestyle="-", linewidth=1, capsize=2, label="test")
    ax.errorbar(x, test_end, yerr=2 * uncertainty, **look)
    ax.plot(x, train_end, **dots("train", linestyle="--", linewidth=1, label="training"))
    here = DECAYS.index(decay)
    ax.plot([x[here]] * 2, [train_end[here], test_end[here]], label="_here", gid="grab:decay", **RING)
    _error_axis(ax, xscale="log", xlim=(3e-4, 0.42), xlabel="weight decay")
    ax.set_xticks([4e-4, 1e-3, 1e-2, 1e-1], ["none", "0.001", "0.01", "0.1"])
    _legend_above(ax)
    return {
        "train": train_end[here],
        "test": test_end[here],
        "uncertainty": 2 * uncertainty[here],
        "without": test_end[0],
    }


# ------------------------------------------------------------------------------------- a kernel machine on digits

KERNEL_CORRUPTIONS = tuple(np.round(np.linspace(0, 1, 11), 1).tolist())
KERNEL_WIDTHS = (0.7, 1.0, 1.6, 2.2, 3.2)
RIDGES = (0.0, 1e-5, 1e-4, 1e-3, 1e-2)
LABEL_DRAWS = 10


@cache
def digits() -> ImageSet:
    """1,000 training and 797 test digits of 8 x 8 pixels."""
    return load_images("digits", n_train=1000, n_test=797)


@cache
def kernel_results(width: float) -> dict:
    """Training error, test error and norm of kernel ridge, from one factorization: (ridges, corruptions, draws)."""
    data = digits()
    s, U = np.linalg.eigh(gaussian_kernel(data.train_inputs, bandwidth=width))
    cross = gaussian_kernel(data.test_inputs, data.train_inputs, bandwidth=width) @ U
    found = {name: np.empty((len(RIDGES), len(KERNEL_CORRUPTIONS), LABEL_DRAWS)) for name in ("train", "test", "norm")}

    def wrong(outputs, truth):  # outputs: one block of ten columns for each draw
        return np.mean(outputs.reshape(len(outputs), LABEL_DRAWS, 10).argmax(axis=2) != truth, axis=0)

    for j, p in enumerate(KERNEL_CORRUPTIONS):
        labels = np.array(
            [corrupt_labels(data.train_labels, p, 10, np.random.default_rng(t)) for t in range(LABEL_DRAWS)]
        )
        seen = U.T @ np.hstack([one_hot(told, 10) - 0.1 for told in labels])
        for i, ridge in enumerate(RIDGES):
            dual = seen / (s + len(s) * ridge)[:, None]
            found["train"][i, j] = wrong(U @ (s[:, None] * dual), labels.T)
            found["test"][i, j] = wrong(cross @ dual, data.test_labels[:, None])
            found["norm"][i, j] = np.sqrt(np.sum((s[:, None] * dual**2).reshape(len(s), LABEL_DRAWS, 10), axis=(0, 2)))
    return found


def kernel_mean(width: float, what: str, ridge: float, corruption: float) -> tuple[float, float]:
    """Mean over the draws of the labels and its standard error, of "train", "test" or "norm"."""
    draws = kernel_results(width)[what][RIDGES.index(ridge), KERNEL_CORRUPTIONS.index(corruption)]
    return draws.mean(), draws.std(ddof=1) / np.sqrt(LABEL_DRAWS)


def kernel_machine(axes, corruption, width, ridge):
    """First: training and test error of a kernel machine against the corruption. Second: its norm."""
    error, norm = axes
    found, i = kernel_results(width), RIDGES.index(ridge)
    p, here = np.array(KERNEL_CORRUPTIONS), KERNEL_CORRUPTIONS.index(corruption)
    error.plot(p, 0.9 * p, **line("noise", label="wrong labels"))
    looks = (
        ("test", dots("test", linestyle="-", label="test")),
        ("train", dots("train", linestyle="--", label="training")),
    )
    for name, look in looks:
        mean = found[name][i].mean(axis=1)
        spread = found[name][i].std(axis=1, ddof=1) / np.sqrt(LABEL_DRAWS)
        error.errorbar(p, mean, yerr=2 * spread, linewidth=1, capsize=2, **look)
        error.plot(
            corruption,
            mean[here],
            "o",
            markersize=11,
            fillstyle="none",
            color="black",
            label="_here " + name,
            gid="grab:corruption",
        )
    _error_axis(error, xlim=(-0.05, 1.05), xlabel="share of random labels, $p$")
    error.text(-0.03, CHANCE + 0.012, "guessing", color="0.35", va="bottom")
    _legend_above(error)
    lengths = found["norm"][i].mean(axis=1)
    norm.plot(p, lengths, color=CONCEPTS["kappa"].color, linestyle="-", marker="X", label="norm")
    norm.plot(
        corruption,
        lengths[here],
        "o",
        markersize=11,
        fillstyle="none",
        color="black",
        label="_here",
        gid="grab:corruption",
    )
    norm.set(yscale="log", xlim=(-0.05, 1.05), ylim=(1, 600), ylabel="norm of the function")
    norm.set(xlabel="share of random labels, $p$")
    norm.set_yticks([1, 10, 100], ["1", "10", "100"])
    spread = 2 * found["test"][i, here].std(ddof=1) / np.sqrt(LABEL_DRAWS)
    return {name: found[name][i, here].mean() for name in found} | {"spread": spread}
