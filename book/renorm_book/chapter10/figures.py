"""Figures of chapter 10, the puzzle answered: real images, their modes, forecasts of error, networks, a staircase."""

from functools import lru_cache

import numpy as np

from renorm import Population, learning_curve
from renorm.theory.deep_linear import balanced_start, mode_strength, two_layer_flow
from renorm_book.style import dots, line

__all__ = [
    "alignment",
    "bends",
    "family_tree",
    "forecasts",
    "label_switch",
    "lottery",
    "mode_portrait",
    "networks",
    "staircase",
]

GREY = {"color": "0.7", "linewidth": 1}


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


CONCEPT = {0.0: "true labels", 0.5: "noise", 1.0: "random labels"}
WORDS = {0.0: "true labels", 0.5: "half random", 1.0: "random labels"}


def label_switch(axes, population, samples, measured, replaced, n) -> dict:
    """First: κ and γ, the machine. Second: held-out error, predicted and measured, with the chosen labels in full.

    population   of the true labels, from ``from_kernel``
    measured     (errors, standard errors), each (samples, kinds of label), in the order of CONCEPT
    """
    machine, outcome = axes
    fine = np.unique(np.geomspace(samples[0], samples[-1], 60).round().astype(int))
    for p, concept in CONCEPT.items():
        curve, chosen = learning_curve(lottery(population, p), fine, 0.0), p == replaced
        faint = {"linewidth": 2.6} if chosen else {"linewidth": 2.0, "alpha": 0.8}
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
    """First: the spectrum of the images, cut by κ. Second: how much of a target's energy lies in the first k modes."""
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


def bends(axes, samples, images, turned, which, block) -> dict:
    """Theory over measurement, for the images and for the same spectrum with a block of eigenvectors turned.

    images, turned   (ratios, standard errors), each (samples, 4): the error with true, half random and random labels, κ
    which            0 or 2, the kind of label; block: how the turned ones are called
    """
    errors, resolution = axes
    for (mean, se), concept, name in ((images, "test", "images"), (turned, "bias", block)):
        shown = {"linestyle": "-", "linewidth": 1.2, "label": name}
        errors.errorbar(samples, mean[:, which], yerr=2 * se[:, which], **dots(concept) | shown)
        resolution.errorbar(samples, mean[:, 3], yerr=2 * se[:, 3], **dots(concept) | shown)
    for ax in axes:
        ax.axhline(1, **GREY, label="_one")
        _images_axis(ax, samples)
    errors.set(ylim=(0.78, 1.14), ylabel="error, predicted / measured")
    resolution.set(ylim=(0.9, 1.5), ylabel="$\\kappa$, predicted / measured")
    errors.legend(loc="lower left")
    resolution.legend(loc="upper left")
    return {
        "images": float(images[0][-1, which]),
        "turned": float(turned[0][-1, which]),
        "bar": 2 * float(turned[1][-1, which]),
        "kappa": float(turned[0][-1, 3]),
        "largest": f"{samples[-1]:,}",
    }


def forecasts(axes, samples, theory, measured, kind, n) -> dict:
    """First: held-out error and three forecasts of it. Second: leave-one-out residuals against the inverse's diagonal.

    theory     (fine, errors): the spectral theory for these labels, arrays over a fine grid of n
    measured   for each n the arrays of ``measurements.deals``; kind: 0, 1 or 2, which labels
    """
    curve, points = axes
    concept = list(CONCEPT.values())[kind]
    mean = {name: np.array([measured[m][name][:, kind].mean() for m in samples]) for name in ("error", "loo", "gcv")}
    count = np.array([len(measured[m]["error"]) for m in samples])
    bar = 2 * np.array([measured[m]["error"][:, kind].std(ddof=1) for m in samples]) / np.sqrt(count)
    curve.plot(*theory, **line("kappa", linewidth=1.4, label="spectral theory, all labels known"))
    curve.plot(samples, mean["gcv"], **dots("bias", linestyle=":", linewidth=1.2, label="GCV"))
    ring = {"markersize": 11, "markerfacecolor": "none", "markeredgewidth": 1.6}
    curve.plot(samples, mean["loo"], **dots("test", label="leave-one-out") | ring)
    curve.errorbar(samples, mean["error"], yerr=bar, **dots(concept, color="black", markersize=4, label="measured"))
    curve.axvline(n, color="0.75", linewidth=1, linestyle=":", label="_chosen n", gid="grab:n")
    _images_axis(curve, samples)
    curve.set(yscale="log", ylim=(0.07, 9), ylabel="held-out squared error")
    curve.set_yticks([0.1, 0.2, 0.5, 1, 2, 5], labels=["0.1", "0.2", "0.5", "1", "2", "5"])
    curve.minorticks_off()
    curve.legend(loc="upper left")
    bins, error = measured[n]["bins"]
    points.errorbar(
        bins[:, 0], bins[:, 1 + kind], yerr=2 * error[:, 1 + kind], **dots("test") | {"linestyle": "-", "linewidth": 1}
    )
    points.axvline(1, **line("bias", linestyle=":", linewidth=1.4))
    points.annotate("GCV: all here", (1.08, 0.008), color=line("bias")["color"], fontsize=10.5)
    points.set(xscale="log", yscale="log", xlim=(0.3, 8), ylim=(0.006, 4))
    points.set(xlabel="$[K_n^{-1}]_{ii}$ / their mean", ylabel="squared residual, left out")
    points.set_xticks([0.5, 1, 2, 5], labels=["0.5", "1", "2", "5"])
    points.set_yticks([0.01, 0.1, 1], labels=["0.01", "0.1", "1"])
    points.minorticks_off()
    i = list(samples).index(n)
    return {
        "found": mean["error"][i],
        "bar": bar[i],
        "loo": mean["loo"][i] / mean["error"][i],
        "gcv": mean["gcv"][i] / mean["error"][i],
        "theory": float(np.interp(n, *theory)) / mean["error"][i],
        "scatter": 100 * float(np.sqrt(measured[n]["scatter"][:, kind].mean())),
        "spread": measured[n]["spread"].mean(),
    }


def networks(axes, samples, tangent, starts, last, factor) -> dict:
    """Held-out error of regression with kernels of networks: tangent kernels first, last layers second.

    tangent, last   name -> (predicted, measured, standard error), arrays over samples
    starts          factor -> the same, for the tangent kernel of the untrained network, its second layer multiplied
    """
    looks = {"infinite width": "kappa", "at the start": "noise", "after the truth": "true labels"}
    first = tangent | {"at the start": starts[factor]}
    for ax, results, title in zip(axes, (first, last), ("tangent kernels", "last layers"), strict=True):
        for name, (predicted, error, se) in results.items():
            concept = looks.get(name, "random labels")
            shown = name if name != "at the start" or ax is axes[1] else f"start, second layer × {factor:g}"
            style = line(concept, label=shown) | ({"linestyle": "-"} if concept == "kappa" else {})
            ax.plot(samples, predicted, **style)
            ax.errorbar(samples, error, yerr=2 * se, **dots(concept, label=f"_{name} measured"))
        _images_axis(ax, samples)
        ax.set(yscale="log", ylim=(0.33, 1.45), title=title)
        ax.set_yticks([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], labels=["0.4", "0.5", "0.6", "0.7", "0.8", "0.9"])
        ax.minorticks_off()
        ax.legend(loc="upper right")
    axes[0].set_ylabel("held-out squared error")
    at = {name: float(result[1][-1]) for name, result in first.items()}
    gained = float(starts[1][1][-1]) - np.array([at["at the start"], at["after nonsense"], at["after the truth"]])
    return {
        "start": at["at the start"],
        "nonsense": at["after nonsense"],
        "truth": at["after the truth"],
        "share": 100 * gained[0] / gained[1],
        "largest": samples[-1],
    }


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
