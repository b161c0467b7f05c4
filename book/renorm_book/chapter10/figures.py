"""Figures of chapter 10, the puzzle answered: real images, their modes, where theory bends, networks, a staircase."""

from functools import lru_cache

import numpy as np

from renorm import Population
from renorm.theory.deep_linear import balanced_start, mode_strength, two_layer_flow
from renorm.theory.kernels import learning_curve
from renorm_book.style import dots, line

__all__ = ["alignment", "bends", "family_tree", "label_switch", "lottery", "mode_portrait", "networks", "staircase"]

GREY = {"color": "0.55", "linewidth": 1}


def lottery(population: Population, replaced: float) -> Population:
    """What labels +1 and -1 become, on average, when each is replaced by a coin flip with probability ``replaced``.

    Energies: (1 - p)^2 v_k + (1 - (1 - p)^2) / N. Derived in the chapter; labels must have mean square one.
    """
    s, kept = population.eigenvalues, (1 - replaced) ** 2
    energies = kept * population.energies + (1 - kept) / len(s)
    return Population(s, np.sqrt(np.divide(energies, s, out=np.zeros(len(s)), where=s > 0)))


def _images_axis(ax, samples) -> None:
    ax.set(xscale="log", xlim=(samples[0] * 0.85, samples[-1] * 1.18), xlabel="images, $n$")
    ax.set_xticks(samples, labels=[str(n) for n in samples])
    ax.minorticks_off()


CONCEPT = {0.0: "true labels", 0.5: "variance", 1.0: "random labels"}
WORDS = {0.0: "true labels", 0.5: "half random", 1.0: "random labels"}


def label_switch(axes, population, samples, measured, replaced, n) -> dict:
    """Left: κ and γ, the machine. Right: held-out error, predicted and measured, with the chosen labels in full.

    population   of the true labels, from ``from_kernel``
    measured     (errors, standard errors), each (samples, kinds of label), in the order of CONCEPT
    """
    machine, outcome = axes
    fine = np.unique(np.geomspace(samples[0], samples[-1], 60).round().astype(int))
    for p, concept in CONCEPT.items():
        curve, chosen = learning_curve(lottery(population, p), fine, 0.0), p == replaced
        faint = {} if chosen else {"linewidth": 1.1, "alpha": 0.6}
        outcome.plot(fine, curve.held_out, **line(concept, label=WORDS[p]) | faint)
        if chosen:
            machine.plot(fine, curve.kappa, **line("kappa", linestyle="-", label="$\\kappa$"))
            machine.plot(fine, curve.gamma, **line("variance", linestyle="-.", label="$\\gamma$"))
            error, se = (part[:, list(CONCEPT).index(p)] for part in measured)
            outcome.errorbar(samples, error, yerr=2 * se, **dots(concept, color="black", label="measured"))
    outcome.axhline(1, **GREY, label="_always zero")
    at = learning_curve(lottery(population, replaced), n, 0.0)
    machine.plot([n, n], [at.kappa, at.gamma], "o", markerfacecolor="none", color="black", markersize=9, label="_n")
    machine.set(yscale="log", ylim=(5e-5, 1.5), ylabel="the machine: $\\kappa$, $\\gamma$")
    outcome.set(yscale="log", ylim=(0.05, 2.2), ylabel="held-out squared error")
    outcome.set_yticks([0.05, 0.1, 0.2, 0.5, 1, 2], labels=["0.05", "0.1", "0.2", "0.5", "1", "2"])
    for ax in axes:
        _images_axis(ax, samples)
        ax.axvline(n, color="0.75", linewidth=1, linestyle=":", label="_chosen n", gid="grab:n")
    outcome.minorticks_off()
    machine.legend(loc="lower left")
    outcome.legend(loc="lower left")
    i, j = list(samples).index(n), list(CONCEPT).index(replaced)
    found = float(measured[0][i, j])
    return {
        "kappa": float(at.kappa),
        "gamma": float(at.gamma),
        "theory": float(at.held_out),
        "found": found,
        "bar": 2 * float(measured[1][i, j]),
        "ratio": float(at.held_out) / found,
    }


def alignment(axes, population, n) -> dict:
    """Left: the spectrum of the images, cut by κ. Right: how much of a target's energy lies in the first k modes."""
    spectrum, share = axes
    s, v, size = population.eigenvalues, population.energies, population.dimension
    kappa = float(learning_curve(population, n, 0.0).kappa)
    above = int(np.sum(s > kappa))
    k = np.unique(np.geomspace(1, size, 110).round().astype(int))
    spectrum.plot(k, s[k - 1], **line("noise", linestyle="-", label="variance of mode, $s_k$"))
    spectrum.axhline(kappa, **line("kappa", linewidth=1.3, label="$\\kappa$", gid="grab:n"))
    spectrum.set(yscale="log", ylim=(1e-6, 1), ylabel="variance of the mode")
    true, even = np.cumsum(v) / v.sum(), np.arange(1, size + 1) / size
    share.plot(k, true[k - 1], **line("true labels"))
    share.plot(k, even[k - 1], **line("random labels"))
    share.plot([above, above], [even[above - 1], true[above - 1]], "o", color="black", markersize=6, label="_above")
    share.set(ylim=(0, 1.32), yticks=[0, 0.5, 1], ylabel="energy in the first $k$ modes")
    for ax in axes:
        ax.axvspan(0.8, above, color="#000000", alpha=0.07, linewidth=0, label="_learned")
        ax.set(xscale="log", xlim=(0.8, size * 1.25), xlabel="mode, $k$")
    spectrum.legend(loc="lower left")
    share.legend(loc="upper left")
    learned = s / (s + kappa)
    return {
        "kappa": kappa,
        "above": above,
        "size": size,
        "true": 100 * float(true[above - 1]),
        "random": 100 * float(even[above - 1]),
        "learned_true": 100 * float(np.sum(learned * v) / v.sum()),
    }


def portrait(images, vector, count=6) -> np.ndarray:
    """The ``count`` images on which a mode is largest (upper row) and most negative (lower row), as one picture."""
    order = np.argsort(vector)
    rows = [np.concatenate(list(images[chosen]), axis=1) for chosen in (order[::-1][:count], order[:count])]
    gap = np.zeros((4, rows[0].shape[1]))
    return np.concatenate([rows[0], gap, rows[1]])


def mode_portrait(ax, images, vectors, population, kappa, k) -> dict:
    """One mode as pictures, and how many images carry half of its weight."""
    vector = vectors[:, k - 1]
    vector = vector if vector[np.argmax(np.abs(vector))] > 0 else -vector
    ax.imshow(portrait(images, vector), cmap="gray_r", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[14, 46])
    ax.set_yticklabels(["most +", "most −"])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    weight = np.cumsum(np.sort(vector**2)[::-1])
    return {
        "relative": float(population.eigenvalues[k - 1] / kappa),
        "carriers": int(np.searchsorted(weight, 0.5)) + 1,
        "share": 100 * float(population.energies[k - 1] / population.signal),
        "size": population.dimension,
    }


def bends(axes, samples, record, which) -> dict:
    """Theory over measurement, for the images and for the same spectrum with eigenvectors rotated at random.

    record   dict: for "images" and "rotated" an array (3, samples, 2), ratio and its standard error, of the error with
             true labels, the error with random labels, and κ
    """
    errors, resolution = axes
    i = {"true": 0, "random": 1}[which]
    for kind, concept in (("images", "test"), ("rotated", "bias")):
        mean, se = np.moveaxis(record[kind], -1, 0)
        shown = {"linestyle": "-", "linewidth": 1.2, "label": kind}
        errors.errorbar(samples, mean[i], yerr=2 * se[i], **dots(concept) | shown)
        resolution.errorbar(samples, mean[2], yerr=2 * se[2], **dots(concept) | shown)
    errors.axhspan(0.94, 1.06, color="#7F7F7F", alpha=0.18, linewidth=0, label="_six per cent")
    for ax in axes:
        ax.axhline(1, **GREY, label="_one")
        _images_axis(ax, samples)
    errors.set(ylim=(0.7, 1.3), ylabel="error, predicted / measured")
    resolution.set(ylim=(0.7, 1.6), ylabel="$\\kappa$, predicted / measured")
    errors.legend(loc="lower left")
    resolution.legend(loc="upper left")
    last = {kind: float(record[kind][i, -1, 0]) for kind in record}
    return last | {"kappa": float(record["images"][2, -1, 0]), "largest": f"{samples[-1]:,}"}


def networks(axes, samples, results) -> None:
    """Held-out error of regression with kernels of networks: tangent kernels left, last layers right.

    results   dict: (panel 0 or 1, name) -> (predicted, measured, standard error), arrays over samples
    """
    looks = {"infinite width": "kappa", "at the start": "noise", "after the truth": "true labels"}
    for (panel, name), (predicted, error, se) in results.items():
        concept = looks.get(name, "random labels")
        style = line(concept, label=name) | ({"linestyle": "-"} if concept == "kappa" else {})
        axes[panel].plot(samples, predicted, **style)
        axes[panel].errorbar(samples, error, yerr=2 * se, **dots(concept, label=f"_{name} measured"))
    for ax, title in zip(axes, ("tangent kernels", "last layers"), strict=True):
        _images_axis(ax, samples)
        ax.set(yscale="log", ylim=(0.35, 0.95), title=title)
        ax.set_yticks([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], labels=["0.4", "0.5", "0.6", "0.7", "0.8", "0.9"])
        ax.minorticks_off()
    axes[0].set_ylabel("held-out squared error")
    axes[0].legend(loc="upper right")


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
    """Left: how each level of the tree is learned in time. Right: the loss. Two trained layers, or one."""
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
