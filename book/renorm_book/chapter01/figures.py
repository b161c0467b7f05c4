"""Figures of the chapter on memorizing random labels: networks and kernel machines, each fitted once."""

import ast
import sys
from functools import cache
from pathlib import Path

import numpy as np

from renorm import MLP, corrupt_labels, load_images
from renorm.data.images import ImageSet, one_hot, randomize, standardize
from renorm.networks.mlp import History, train
from renorm.theory.kernels import gaussian_kernel
from renorm_book.style import CONCEPTS, dots, line

SIZES = (100, 300, 1000)
WIDTHS = (16, 64, 256)
CORRUPTIONS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
EPOCHS, STEP = 200, 0.03
CHANCE = 0.9  # the error of guessing one of ten classes
KEPT = Path(__file__).with_name("trainings.npz")  # what tools/assets/trainings.py has trained, for browsers


# --------------------------------------------------------------------------------------------- networks on clothes


@cache
def clothes(n: int, condition: str | float, seed: int = 0) -> ImageSet:
    """n Fashion-MNIST training images of 14 x 14 pixels and 1,000 test images, randomized as ``condition`` says.

    The same seed at two corruptions: what the smaller one corrupts, the larger one corrupts the same way.
    """
    return randomize(load_images("fashion-mnist", n_train=n, downsample=2), condition, 1 + seed)


def inputs(images: np.ndarray) -> np.ndarray:
    """What a network is given: each image standardized, (n, 196), float32."""
    return standardize(images.reshape(len(images), -1)).astype(np.float32)


def trained(
    n: int, width: int, condition: str | float, seed: int = 0, weight_decay: float = 0.0, epochs: int | None = None
) -> History:
    """Train one hidden layer of ``width`` units on ``clothes(n, condition, seed)`` to the last image, or EPOCHS epochs.

    With ``epochs`` given it trains that long, whether all is fitted or not. Each network is trained once; in a browser,
    where the chapter's hundred networks would take five minutes, their trainings come with the library.
    """
    if sys.platform == "emscripten":
        come_with_it = kept_trainings().get((n, width, condition, seed, weight_decay, epochs))
        if come_with_it:
            return come_with_it
    return _trained(n, width, condition, seed, weight_decay, epochs)


@cache
def _trained(n, width, condition, seed, weight_decay, epochs) -> History:
    data, rng = clothes(n, condition, seed), np.random.default_rng(seed)
    network = MLP((data.dimension, width, data.n_classes), rng)
    return train(
        network, inputs(data.train_images), data.train_labels, rng, step=STEP, weight_decay=weight_decay,
        test=(inputs(data.test_images), data.test_labels), epochs=epochs or EPOCHS,
        stop_at=1.0 if epochs is None else None, verbose=False,
    )  # fmt: skip


@cache
def kept_trainings() -> dict[tuple, History]:
    """The trainings in the file KEPT, by the arguments of ``_trained``."""
    with np.load(KEPT) as file:
        return {ast.literal_eval(key): History(*file[key].astype(float).tolist()) for key in file.files}


def errors(history: History) -> tuple[np.ndarray, np.ndarray]:
    """Training and test error after each epoch."""
    return 1 - np.array(history.train_accuracy), 1 - np.array(history.test_accuracy)


def test_set_error(error, n_test: int = 1000) -> np.ndarray:
    """Standard error of an error rate that was measured on ``n_test`` independent test images."""
    return np.sqrt(np.asarray(error) * (1 - np.asarray(error)) / n_test)


def final(n: int, width: int, weight_decay: float = 0.0, epochs: int | None = None, conditions=CORRUPTIONS):
    """Training and test error at the end, for every condition: two arrays."""
    ends = [errors(trained(n, width, p, weight_decay=weight_decay, epochs=epochs)) for p in conditions]
    return np.array([e[0][-1] for e in ends]), np.array([e[1][-1] for e in ends])


def _legend_above(ax):
    """All of the axes stays free for curves, at every position of the sliders."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2, columnspacing=1.2, handlelength=1.8)


def _error_axis(ax, **settings):
    """Fixed limits, percentages, and the line of guessing."""
    ax.axhline(CHANCE, color="0.5", linewidth=1, linestyle=":", label="_guessing")
    ax.set(ylim=(-0.03, 1.0), ylabel="error", **settings)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])


def fitting(axes, n, width, corruption):
    """Left: training and test error while a network trains. Right: both at the end, against the corruption."""
    along, across = axes
    history = trained(n, width, corruption)
    epochs, (train_error, test_error) = np.arange(1, history.epochs + 1), errors(history)
    along.plot(epochs, test_error, **line("test", label="test"))
    along.plot(epochs, train_error, **line("train", label="training"))
    along.plot(epochs[-1:], test_error[-1:], **dots("test", label="_test end"))
    along.plot(epochs[-1:], train_error[-1:], **dots("train", label="_train end"))
    _error_axis(along, xscale="log", xlim=(0.9, 260), xlabel="epochs of training")
    along.set_xticks([1, 10, 100], ["1", "10", "100"])
    _legend_above(along)

    train_end, test_end = final(n, width)
    p = np.array(CORRUPTIONS)
    across.plot(p, 0.9 * p, **line("noise", label="wrong labels"))
    look = dots("test", linestyle="-", linewidth=1, capsize=2, label="test")
    across.errorbar(p, test_end, yerr=2 * test_set_error(test_end), **look)
    across.plot(p, train_end, **dots("train", linestyle="--", linewidth=1, label="training"))
    here = CORRUPTIONS.index(corruption)
    ring = {"marker": "o", "markersize": 11, "fillstyle": "none", "color": "black", "linestyle": "none"}
    across.plot([corruption] * 2, [train_end[here], test_end[here]], label="_here", gid="grab:corruption", **ring)
    _error_axis(across, xlim=(-0.05, 1.05), xlabel="share of labels drawn at random, $p$")
    across.text(-0.03, CHANCE + 0.012, "guessing", color="0.35", va="bottom")
    _legend_above(across)
    return {"train": train_error[-1], "test": test_error[-1], "epochs": history.epochs, "weights": 207 * width + 10}


def fitting_readout(n, width, corruption, train, test, epochs, weights) -> str:
    """The sentence below ``fitting``."""
    start = f"{n:,} images, {corruption:.0%} of their labels drawn at random, {weights:,} weights: "
    if train == 0:
        end = f"all {n:,} labels fitted after {epochs} epochs"
    else:
        end = f"{train:.1%} of the labels still not fitted after {epochs} epochs"
    return f"{start}{end}; test error {test:.1%} (± {2 * test_set_error(test):.1%})."


# ------------------------------------------------------------------------------------------------- six conditions

CONDITIONS = {
    "true labels": 0.0,
    "40 % random labels": 0.4,
    "random labels": 1.0,
    "shuffled pixels": "shuffled pixels",
    "random pixels": "random pixels",
    "Gaussian noise": "gaussian pixels",
}
CONDITION_RUN = {"n": 1000, "width": 256}
SEEDS = (0, 1, 2)


def replicas(condition: str | float) -> list[History]:
    """The same training with three seeds: other random labels or pixels, other initial weights, another order."""
    return [trained(**CONDITION_RUN, condition=condition, seed=seed) for seed in SEEDS]


def summary(condition: str | float) -> dict:
    """Mean over the seeds of the epochs to fit everything, the epochs to a loss of 0.5, and the test error (± s.e.)."""
    runs = replicas(condition)
    test = np.array([errors(run)[1][-1] for run in runs])
    return {
        "train": np.mean([errors(run)[0][-1] for run in runs]),
        "epochs": np.mean([run.epochs for run in runs]),
        "early": np.mean([run.epochs_to_loss(0.5) for run in runs]),
        "test": test.mean(),
        "uncertainty": np.hypot(test_set_error(test.mean()), test.std(ddof=1) / np.sqrt(len(test))),
    }


def six_inputs(axes, condition, page):
    """Left: six of the images, with the labels that the network is told. Right: training errors, all conditions."""
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
        history = replicas(other)[0]
        mine = other == condition
        look = (
            line("train", linestyle="-", label=name) if mine else {"color": "0.7", "linewidth": 1, "label": "_" + name}
        )
        curves.plot(np.arange(1, history.epochs + 1), errors(history)[0], zorder=3 if mine else 1, **look)
    _error_axis(curves, xscale="log", xlim=(0.9, 260), xlabel="epochs of training")
    curves.set(ylabel="training error")
    curves.set_xticks([1, 10, 100], ["1", "10", "100"])
    _legend_above(curves)
    return summary(condition)


# -------------------------------------------------------------------------------------------------- weight decay

DECAYS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
DECAY_CORRUPTIONS = (0.0, 0.4, 1.0)
DECAY_RUN = {"n": 500, "width": 64, "epochs": 100}


@cache
def decay_errors(corruption: float) -> tuple[np.ndarray, np.ndarray]:
    """Training and test error after 100 epochs, over DECAYS."""
    ends = [final(**DECAY_RUN, weight_decay=decay, conditions=(corruption,)) for decay in DECAYS]
    return np.array([e[0][0] for e in ends]), np.array([e[1][0] for e in ends])


def weight_decay(ax, corruption, decay):
    """Training and test error against the weight decay, at one corruption."""
    train_error, test_error = decay_errors(corruption)
    x = np.array((4e-4, *DECAYS[1:]))
    look = dots("test", linestyle="-", linewidth=1, capsize=2, label="test")
    ax.errorbar(x, test_error, yerr=2 * test_set_error(test_error), **look)
    ax.plot(x, train_error, **dots("train", linestyle="--", linewidth=1, label="training"))
    here = DECAYS.index(decay)
    ring = {"marker": "o", "markersize": 11, "fillstyle": "none", "color": "black", "linestyle": "none"}
    ax.plot([x[here]] * 2, [train_error[here], test_error[here]], label="_here", gid="grab:decay", **ring)
    _error_axis(ax, xscale="log", xlim=(3e-4, 0.42), xlabel="weight decay")
    ax.set_xticks([4e-4, 1e-3, 1e-2, 1e-1], ["none", "0.001", "0.01", "0.1"])
    _legend_above(ax)
    return {"train": train_error[here], "test": test_error[here], "without": test_error[0]}


# ------------------------------------------------------------------------------------- a kernel machine on digits

KERNEL_CORRUPTIONS = tuple(np.round(np.linspace(0, 1, 11), 1).tolist())
KERNEL_WIDTHS = (0.7, 1.0, 1.6, 2.2, 3.2)
RIDGES = (0.0, 1e-5, 1e-4, 1e-3, 1e-2)
DRAWS = 4


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
    found = {name: np.empty((len(RIDGES), len(KERNEL_CORRUPTIONS), DRAWS)) for name in ("train", "test", "norm")}
    for t in range(DRAWS):
        for j, p in enumerate(KERNEL_CORRUPTIONS):
            labels = corrupt_labels(data.train_labels, p, 10, np.random.default_rng(t))
            seen = U.T @ (one_hot(labels, 10) - 0.1)
            for i, ridge in enumerate(RIDGES):
                dual = seen / (s + len(s) * ridge)[:, None]
                found["train"][i, j, t] = np.mean(np.argmax(U @ (s[:, None] * dual), axis=1) != labels)
                found["test"][i, j, t] = np.mean(np.argmax(cross @ dual, axis=1) != data.test_labels)
                found["norm"][i, j, t] = np.sqrt(np.sum(s[:, None] * dual**2))
    return found


def kernel_machine(axes, corruption, width, ridge):
    """Left: training and test error of a kernel machine against the corruption. Right: its norm."""
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
        spread = found[name][i].std(axis=1, ddof=1) / np.sqrt(DRAWS)
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
    return {name: found[name][i, here].mean() for name in found}
