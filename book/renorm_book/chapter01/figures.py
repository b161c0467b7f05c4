"""Figures of the chapter on memorizing random labels: networks and kernel machines, each fitted once."""

import numpy as np

from renorm_book.chapter01.axes import CHANCE, RING, error_axis, legend_above
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
from renorm_book.style import dots, line


def fitting(axes, n, width, corruption):
    """First: training and test error while a network trains. Second: both at the end, means of ten trainings."""
    along, across = axes
    history = trained(n, width, corruption)
    epochs = np.arange(1, history.epochs + 1)
    for name, curve, words in zip(("train", "test"), errors(history), ("training", "test"), strict=True):
        along.plot(epochs, curve, **line(name, label=words))
        along.plot(epochs[-1:], curve[-1:], **dots(name, label=f"_{name} end"))
    error_axis(along, xscale="log", xlim=(0.9, 260), xlabel="epochs of training")
    along.set_xticks([1, 10, 100], ["1", "10", "100"])
    legend_above(along)

    train_draws, test_draws = final(n, width)
    train_end, (test_end, uncertainty) = train_draws.mean(axis=0), measured_error(test_draws)
    p = np.array(CORRUPTIONS)
    across.plot(p, 0.9 * p, **line("noise", label="wrong labels"))
    look = dots("test", linestyle="-", linewidth=1, capsize=2, label="test")
    across.errorbar(p, test_end, yerr=2 * uncertainty, **look)
    across.plot(p, train_end, **dots("train", linestyle="--", linewidth=1, label="training"))
    here = CORRUPTIONS.index(corruption)
    across.plot([corruption] * 2, [train_end[here], test_end[here]], label="_here", gid="grab:corruption", **RING)
    error_axis(across, xlim=(-0.05, 1.05), xlabel="share of labels drawn at random, $p$")
    across.text(-0.03, CHANCE + 0.012, "guessing", color="0.35", va="bottom")
    legend_above(across)
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


FITTING = dict(
    name="fitting",
    title="The same network, more and more random labels",
    readout=fitting_readout,
    alt=(
        "First panel: the training error of a network goes to zero with true and with random labels, later with "
        "random ones; the test error with noisy labels falls first and then rises. Second panel: the training "
        "error at the end is zero at every share of random labels, and the test error climbs steadily from 19 to "
        "90 percent. Only the narrowest network fails to fit many random labels."
    ),
    caption=(
        "Networks with one hidden layer on Fashion-MNIST. First panel: errors along the training, on the labels "
        "the network is told and on 1,000 new images with true labels. Second panel: errors at the end, means of "
        "ten trainings with other labels and other starts; bars: two standard errors, of the draws and, at its "
        "upper limit, of the choice of the 1,000 test images, which all trainings share. Dotted: guessing, and "
        "the share of training labels that are wrong."
    ),
    presets={
        "the truth": {"n": 1000, "width": 256, "corruption": 0.0},
        "nonsense": {"n": 1000, "width": 256, "corruption": 1.0},
        "too narrow": {"n": 1000, "width": 16, "corruption": 1.0},
    },
    subplots=(1, 2),
    sweep="corruption",
    grab="corruption",
)


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
    error_axis(curves, xscale="log", xlim=(0.9, 260), xlabel="epochs of training")
    curves.set(ylabel="training error")
    curves.set_xticks([1, 10, 100], ["1", "10", "100"])
    legend_above(curves)
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


SIX_INPUTS_FIGURE = dict(
    name="six-inputs-figure",
    title="What the network is shown and told",
    readout=lambda condition, page, epochs, early, test, uncertainty, first, last: (
        f"Images {first} to {last}. With "
        f"{next(name for name, value in CONDITIONS.items() if value == condition)} everything is fitted "
        f"after {epochs:.0f} epochs (mean of ten trainings), the loss is below one half after {early:.0f}; "
        f"test error {test:.1%} (± {uncertainty:.1%})."
    ),
    alt=(
        "Six images of clothes with the labels the network is told, under six conditions, and the training error "
        "against epochs for all six. All reach zero; noise images do so first, random labels on real images "
        "last."
    ),
    caption=(
        "First panel: training images, 14 × 14 pixels as the network sees them, with the labels it is told (✗: a "
        "wrong one). Second panel: training error with 1,000 images and 256 hidden units, one of ten trainings "
        "each, the chosen condition in colour."
    ),
    subplots=(1, 2),
    sweep="condition",
)


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
    error_axis(ax, xscale="log", xlim=(3e-4, 0.42), xlabel="weight decay")
    ax.set_xticks([4e-4, 1e-3, 1e-2, 1e-1], ["none", "0.001", "0.01", "0.1"])
    legend_above(ax)
    return {
        "train": train_end[here],
        "test": test_end[here],
        "uncertainty": 2 * uncertainty[here],
        "without": test_end[0],
    }


DECAY_FIGURE = dict(
    name="decay-figure",
    title="Holding the weights back",
    readout=(
        "{corruption} random labels, weight decay {decay}: training error {train:.1%}, test error {test:.1%} (± "
        "{uncertainty:.1%}; without decay {without:.1%})."
    ),
    alt=(
        "With true labels weight decay leaves the test error at 21 percent until it is strong enough to spoil "
        "the fit. With 40 percent random labels the test error falls from 45 to 31 percent at a decay that "
        "prevents the fit, and rises again beyond. With all labels random decay prevents memorizing and nothing "
        "is gained."
    ),
    caption=(
        "Training and test error of a network of 64 hidden units after 100 epochs on 500 images, against the "
        "weight decay: means of ten trainings. Bars: two standard errors, from the trainings and from the 1,000 "
        "test images."
    ),
    presets={"true labels": {"corruption": 0.0, "decay": 0.003}, "noisy labels": {"corruption": 0.4, "decay": 0.03}},
    grab="decay",
)
