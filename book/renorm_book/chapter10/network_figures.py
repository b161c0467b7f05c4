"""Figures of networks in chapter 10: their kernels' forecasts, and the staircase of deep linear learning."""

from functools import lru_cache

import numpy as np

from renorm.theory.deep_linear import balanced_start, mode_strength, two_layer_flow
from renorm_book.style import dots, line

__all__ = ["networks", "NETWORK_KERNELS", "family_tree", "LEVELS", "staircase", "summary", "STAIRCASE", "images_axis"]


def images_axis(ax, samples) -> None:
    ax.set(xscale="log", xlim=(samples[0] * 0.85, samples[-1] * 1.18), xlabel="images, $n$")
    ax.set_xticks(samples, labels=[str(n) for n in samples])
    ax.minorticks_off()


def summary(result) -> tuple:
    """The prediction, and mean and standard error of the measured errors, (samples, trials)."""
    predicted, errors = result
    return predicted, errors.mean(axis=1), errors.std(axis=1, ddof=1) / np.sqrt(errors.shape[1])


def networks(axes, samples, tangent, starts, last, factor) -> dict:
    """Held-out error of regression with kernels of networks: tangent kernels first, last layers second.

    tangent, last   name -> (predicted, measured errors of each trial), (samples,) and (samples, trials)
    starts          factor -> the same, for the tangent kernel of the untrained network, its second layer multiplied
    """
    looks = {"infinite width": "kappa", "at the start": "noise", "after the truth": "true labels"}
    tangent, starts, last = ({name: summary(r) for name, r in part.items()} for part in (tangent, starts, last))
    first = tangent | {"at the start": starts[factor]}
    for ax, results, title in zip(axes, (first, last), ("tangent kernels", "last layers"), strict=True):
        for name, (predicted, error, se) in results.items():
            concept = looks.get(name, "random labels")
            shown = name if name != "at the start" or ax is axes[1] else f"start, second layer × {factor:g}"
            style = line(concept, label=shown) | ({"linestyle": "-"} if concept == "kappa" else {})
            ax.plot(samples, predicted, **style)
            ax.errorbar(samples, error, yerr=2 * se, **dots(concept, label=f"_{name} measured"))
        images_axis(ax, samples)
        ax.set(yscale="log", ylim=(0.33, 1.45), title=title)
        ax.set_yticks([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], labels=["0.4", "0.5", "0.6", "0.7", "0.8", "0.9"])
        ax.minorticks_off()
        ax.legend(loc="upper right")
    axes[0].set_ylabel("held-out squared error")
    at = {name: float(result[1][-1]) for name, result in first.items()}
    gained = float(starts[min(starts)][1][-1]) - np.array(
        [at["at the start"], at["after nonsense"], at["after the truth"]]
    )
    return {
        "start": at["at the start"],
        "nonsense": at["after nonsense"],
        "truth": at["after the truth"],
        "share": 100 * gained[0] / gained[1],
        "largest": samples[-1],
    }


NETWORK_KERNELS = dict(
    name="network-kernels",
    title="Kernels of networks",
    readout=(
        "At n = {largest} the tangent kernel at the start, second layer times {factor}, errs by {start:.3f}; "
        "after nonsense by {nonsense:.3f}, after the truth by {truth:.3f}. The factor alone gives {share:.0f} % "
        "of what training on nonsense gave."
    ),
    alt=(
        "Two panels of held-out error against the number of pictures. First, tangent kernels: theory lines pass "
        "through the measured dots; kernels of trained networks, whether trained on true or random labels, lie "
        "below the untrained one; multiplying the untrained second layer brings its kernel most of the way. "
        "Second, last layers: training on true labels lowers the error, training on random labels raises it at "
        "large n."
    ),
    caption=(
        "Held-out squared error, summed over ten outputs, of regression with kernels of networks (one hidden "
        "layer, 256 units, trained on 1,000 other pictures of clothes). Lines: predicted; dots: measured, ±2 "
        "standard errors. Second panel: feature vectors of length one, penalty nλ = 0.01."
    ),
    subplots=(1, 2),
)


def family_tree(levels: int = 3) -> np.ndarray:
    """Attributes of 2^levels things in a family tree, (attributes, things): one for all, then one for each branch.

    Singular values sqrt(2^(levels + 1) - 1), ..., sqrt(3), 1, the one of level l occurring 2^(l - 1) times.
    """
    things = 2**levels
    return np.concatenate([np.repeat(np.eye(2**level), things // 2**level, axis=1) for level in range(levels + 1)])


LEVELS = (("all eight", 15.0, 1), ("two halves", 7.0, 1), ("four families", 3.0, 2), ("each by itself", 1.0, 4))


@lru_cache
def _grown(start: float) -> tuple[np.ndarray, np.ndarray]:
    """Strengths of the four levels along simulated training of two layers: times (32,), strengths (32, 4)."""
    tree, times = family_tree(), np.linspace(0, 16, 33)[1:]
    U, _, Vt = np.linalg.svd(tree, full_matrices=False)
    products = two_layer_flow(tree, *balanced_start(tree, 12, start, rng=0), times)
    strengths = np.einsum("ak,tab,kb->tk", U, products, Vt)
    return times, strengths[:, [0, 1, 2, 4]]


def staircase(axes, start, layers) -> dict:
    """First: how each level of the tree is learned in time. Second: the loss. Two trained layers, or one."""
    modes, loss = axes
    times = np.linspace(0, 16, 161)
    targets = np.sqrt([square for _, square, _ in LEVELS])
    if layers == "two":
        strengths = mode_strength(targets, start, times[:, None])
        dots_at, simulated = _grown(start)
    else:
        strengths = targets * (1 - np.exp(-times))[:, None]
    for j, (name, _, _) in enumerate(LEVELS):
        concept = ("kappa", "true labels", "test", "bias")[j]
        modes.plot(times, strengths[:, j] / targets[j], **line(concept, label=name))
        if layers == "two":
            modes.plot(dots_at[::2], simulated[::2, j] / targets[j], **dots(concept, markersize=4, label="_simulated"))
    counts = np.array([count for *_, count in LEVELS])
    missed = np.sum(counts * (targets - strengths) ** 2, axis=1) / np.sum(counts * targets**2)
    loss.plot(times, missed, **line("train", linestyle="-", label="loss"))
    modes.set(xlim=(0, 16), ylim=(-0.05, 1.5), yticks=[0, 0.5, 1], xlabel="time", ylabel="share learned")
    loss.set(xlim=(0, 16), ylim=(-0.03, 1.08), xlabel="time", ylabel="loss, relative to the start")
    modes.legend(loc="upper right", ncols=2)
    half = [np.interp(0.5, share, times) for share in (strengths / targets).T]
    return {"first": half[0], "last": half[-1], "spread": half[-1] - half[0]}


STAIRCASE = dict(
    name="staircase",
    title="A staircase whose steps the target sets",
    readout=(
        "With {layers}, started at {start}, the common attribute is half learned at time {first:.2f}, the single "
        "things at time {last:.2f}."
    ),
    alt=(
        "First panel: share learned against time for four levels of a family tree. With two trained layers and a "
        "small start they are learned one after the other, coarse distinctions first; with one layer all rise "
        "together. Second panel: the loss, a staircase in the first case, a smooth exponential in the second."
    ),
    caption=(
        "First panel: how each level of the tree is learned; lines: the exact solution, dots: simulated "
        "training. Second panel: the loss. With one trained layer the same task is learned at the same speed at "
        "all levels."
    ),
    presets={
        "from almost nothing": {"start": 1e-12, "layers": "two"},
        "a large start": {"start": 0.5, "layers": "two"},
        "fixed features": {"layers": "one"},
    },
    subplots=(1, 2),
)
