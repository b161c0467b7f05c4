"""The modes of the images in chapter 10: their pictures, and how much of a target lies in them."""

import numpy as np

from renorm import learning_curve
from renorm_book.style import line

__all__ = ["alignment", "ALIGNMENT", "portrait", "mode_portrait", "MODES"]


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


ALIGNMENT = dict(
    name="alignment",
    title="What lies above κ",
    readout=(
        "With n = {n} pictures, κ = {kappa:.2g}: {above} of {size} modes have more variance than that. They hold "
        "{true:.0f} % of the energy of the true labels and {random:.1f} % of that of random ones."
    ),
    alt=(
        "First panel: the variance of the modes, falling over five decades, cut by kappa; the modes above it are "
        "shaded. Second panel: the share of energy in the first k modes: for true labels it rises early, for "
        "random labels in proportion to k. At the cut for 250 pictures, true labels have most of their energy "
        "above kappa, random labels a few per cent."
    ),
    caption=(
        "First panel: the spectrum and κ, which the slider moves. Second panel: energy of the labels in the "
        "first k modes. Shaded: modes with more variance than κ."
    ),
    presets={"few": {"n": 16}, "many": {"n": 1000}},
    subplots=(1, 2),
    sweep="n",
    grab={"n": "y"},
)


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


MODES = dict(
    name="modes",
    title="What a mode looks like",
    readout=(
        "Mode {k} of {size}: its variance is {relative:.3g} times κ at n = 250. It holds {share:.2g} % of the "
        "energy of the true labels. Half of its weight lies on {carriers} pictures."
    ),
    alt=(
        "Two rows of handwritten digits: those on which the chosen mode is largest, and those on which it is "
        "most negative. Early modes separate kinds of digits; the last ones separate nearly identical ones from "
        "each other."
    ),
    caption=(
        "The six pictures on which mode k is most positive (above) and most negative (below). Its variance is "
        "given in units of κ for 250 training pictures."
    ),
    figsize=(4.6, 2.2),
    sweep="k",
)
