"""The flipped training set of Nagarajan and Kolter, solved: right on fresh data, wrong on the mirror image."""

from functools import cache
from math import erfc

import numpy as np

from renorm_book.chapter02.figures import mean_and_error
from renorm_book.style import CONCEPTS, dots, line

NOISES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
FLIP_SIZES = (10, 20, 40)
RATIOS = np.array([2, 4, 8, 16, 32, 64, 128, 256])


@cache
def flipped_errors(n: int, draws: int = 60, tests: int = 2000) -> np.ndarray:
    """Errors of the minimum-norm fit on fresh samples and on the flipped training set: (2, draws, noises, ratios).

    x = (2 y u, noise) with |u|² = 1/n and noise N(0, c/D) in D dimensions; the flip turns the noise of every training
    sample around, which leaves its distribution as it was.
    """
    rng = np.random.default_rng(n)
    found = np.empty((2, draws, len(NOISES), len(RATIOS)))
    for t in range(draws):
        y = rng.choice([-1.0, 1.0], n)
        for j, ratio in enumerate(RATIOS):
            D = int(ratio * n)
            noise = rng.standard_normal((n, D)) / np.sqrt(D)
            fresh = rng.standard_normal(tests) / np.sqrt(D)
            for i, c in enumerate(NOISES):
                dual = np.linalg.solve(4 / n * np.outer(y, y) + c * noise @ noise.T, y)
                signal = 4 / n * (y @ dual)
                found[0, t, i, j] = np.mean(signal + c * np.linalg.norm(noise.T @ dual) * fresh <= 0)
                found[1, t, i, j] = np.mean(y * (signal * y - c * noise @ (noise.T @ dual)) <= 0)
    return found


def fresh_error(n, D, noise) -> np.ndarray:
    """Error on fresh samples, averaged over training sets: E Φ(-4D / (c √(n q))), q ~ χ² with D - n + 1 degrees.

    Exact for every n <= D: yᵀW⁻¹y of an (n, n) Wishart matrix with D degrees of freedom is n/q. Derived in the chapter.
    D broadcasts. The mean over ln q, whose density is smooth, by the trapezoidal rule.
    """
    D = np.asarray(D, dtype=float)[..., None]
    half = (D - n + 1) / 2
    log_q = np.log(2 * half) + np.linspace(-12, 8, 2001) / np.sqrt(half)
    density = half * log_q - np.exp(log_q) / 2
    density = np.exp(density - density.max(axis=-1, keepdims=True))
    argument = 4 * D / (noise * np.sqrt(n * np.exp(log_q)))
    errors = np.vectorize(lambda a: erfc(a / np.sqrt(2)) / 2)(argument)
    return np.sum(density * errors, axis=-1) / density.sum(axis=-1)


def flipped_copy(ax, n, noise):
    """Error on training, fresh and flipped samples against the number of noise dimensions."""
    found = flipped_errors(n)[:, :, NOISES.index(noise)]
    grid = np.geomspace(1.8, 280, 120)
    ax.axhline(0, **line("train", label="training samples"))
    ax.plot(grid, fresh_error(n, grid * n, noise), **line("test", label="fresh samples"))
    mean, error = mean_and_error(found[0])
    ax.errorbar(RATIOS, mean, yerr=2 * error, **dots("test", capsize=2, label="_simulated"))
    flipped, spread = mean_and_error(found[1])
    look = {"color": CONCEPTS["random labels"].color, "marker": "P", "capsize": 2, "linestyle": (0, (3, 1.2))}
    ax.errorbar(RATIOS, flipped, yerr=2 * spread, label="flipped training samples", **look)
    ax.set(xscale="log", xlim=(1.8, 280), ylim=(-0.04, 1.5), xlabel="noise dimensions per sample, $D/n$")
    ax.set_ylabel("share misclassified")
    ax.set_xticks([2, 8, 32, 128], ["2", "8", "32", "128"])
    ax.legend(loc="upper left", bbox_to_anchor=(0, 1.02))
    return {"fresh": mean[-1], "flipped": flipped[-1]}


FLIPPED_COPY = dict(
    name="flipped-copy",
    title="Perfect on fresh data, wrong on the mirror image",
    readout=(
        "With noise of variance {noise} over 256 dimensions for each of n = {n} samples, {fresh:.1%} of fresh "
        "samples and {flipped:.0%} of the flipped training samples are misclassified."
    ),
    alt=(
        "As noise dimensions grow, the error on fresh samples falls to zero. For noise above 4 the error on the "
        "flipped training set is soon one, although that set is as likely as the training set itself."
    ),
    caption=(
        "Error of the minimum-norm fit on training samples (zero), on fresh samples (line: theory; dots: 60 "
        "training sets, two standard errors) and on the flipped training set."
    ),
    presets={"noise 8": dict(n=20, noise=8.0), "weak noise": dict(n=20, noise=2.0)},
)
