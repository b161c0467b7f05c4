"""Kernel machines told random labels: chapter 1's experiment in one linear system, and its figure."""

from functools import cache

import numpy as np

from renorm import corrupt_labels, gaussian_kernel, load_images
from renorm.data.images import ImageSet, one_hot
from renorm_book.chapter01.axes import CHANCE, error_axis, legend_above
from renorm_book.style import CONCEPTS, dots, line

__all__ = [
    "KERNEL_CORRUPTIONS",
    "KERNEL_WIDTHS",
    "RIDGES",
    "LABEL_DRAWS",
    "digits",
    "kernel_results",
    "kernel_mean",
    "kernel_machine",
    "KERNEL_MACHINE_FIGURE",
]


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
    error_axis(error, xlim=(-0.05, 1.05), xlabel="share of random labels, $p$")
    error.text(-0.03, CHANCE + 0.012, "guessing", color="0.35", va="bottom")
    legend_above(error)
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


KERNEL_MACHINE_FIGURE = dict(
    name="kernel-machine-figure",
    title="The whole experiment in one linear system",
    readout=(
        "{corruption} random labels, kernel width {width}, λ = {ridge}: training error {train:.1%}, test error "
        "{test:.1%} (± {spread:.1%}), norm {norm:.1f}."
    ),
    alt=(
        "First panel: without a ridge the training error of a kernel machine is zero at every share of random "
        "labels while the test error climbs from 1 to 90 percent. With a ridge the noisy labels are no longer "
        "fitted and the test error stays below 10 percent until most labels are random. Second panel: the norm "
        "grows with the share of random labels."
    ),
    caption=(
        "1,000 handwritten digits, Gaussian kernel. First panel: errors on the labels told and on 797 new digits "
        "with true labels; dotted: the share of wrong labels and guessing. Second panel: norm of the learned "
        "function. Means of ten draws of the labels, bars ±2 standard errors of the draws."
    ),
    presets={
        "fit everything": {"corruption": 0.5, "width": 1.6, "ridge": 0.0},
        "ridge to the rescue": {"corruption": 0.5, "width": 1.6, "ridge": 1e-3},
        "a narrow kernel": {"corruption": 0.5, "width": 0.7, "ridge": 0.0},
    },
    subplots=(1, 2),
    sweep="corruption",
    grab="corruption",
)
