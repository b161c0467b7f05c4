"""Early stopping beside ridge: the two filters over a kernel matrix's spectrum, and what they do on real digits."""

from functools import cache

import numpy as np

from renorm import gaussian_kernel, load_images
from renorm.data.images import one_hot
from renorm.theory.dynamics import gradient_flow_filter, ridge_filter
from renorm_book.style import CONCEPTS, line

SAMPLES, WIDTH, DRAWS = 1000, 5.0, 8
CORRUPTIONS = (0.0, 0.2, 0.5)
TIMES = tuple(float(f"{t:.2g}") for t in 10.0 ** np.arange(0, 6.01, 0.25))
BEST = 1000.0  # where a fifth of the labels is redrawn


@cache
def paths() -> dict:
    """Test error along both paths: "spectrum" (n,), "ridge" and "flow" (corruptions, times, draws), "shortest" without
    the times.

    MNIST, 1,000 digits, Gaussian kernel; a penalty λ = 1/t beside the time t of gradient flow on half the mean square.
    """
    data = load_images("mnist", n_train=SAMPLES)
    s, U = np.linalg.eigh(gaussian_kernel(data.train_inputs, bandwidth=WIDTH) / SAMPLES)
    cross = gaussian_kernel(data.test_inputs, data.train_inputs, WIDTH) @ U / SAMPLES
    found = {name: np.empty((len(CORRUPTIONS), len(TIMES), DRAWS)) for name in ("ridge", "flow")}
    shortest = np.empty((len(CORRUPTIONS), DRAWS))

    def wrong(fitted, seen):
        answers = cross @ ((fitted / s)[:, None] * seen)
        return np.mean(answers.reshape(len(answers), DRAWS, 10).argmax(axis=2) != data.test_labels[:, None], axis=0)

    for i, p in enumerate(CORRUPTIONS):
        rngs = [np.random.default_rng(t) for t in range(DRAWS)]
        told = [np.where(rng.random(SAMPLES) < p, rng.integers(0, 10, SAMPLES), data.train_labels) for rng in rngs]
        seen = U.T @ np.hstack([one_hot(labels, 10) - 0.1 for labels in told])
        shortest[i] = wrong(np.ones_like(s), seen)
        for j, t in enumerate(TIMES):
            found["flow"][i, j] = wrong(gradient_flow_filter(s, t), seen)
            found["ridge"][i, j] = wrong(ridge_filter(s, 1 / t), seen)
    return found | {"shortest": shortest, "spectrum": s}


def stopping(axes, time, corruption):
    """First: how much of each direction a stop at ``time`` and a ridge of 1/time fit. Second: their test errors."""
    filters, error = axes
    found, i = paths(), CORRUPTIONS.index(corruption)
    s = np.geomspace(1e-6, 1, 121)
    filters.plot(s, gradient_flow_filter(s, time), color="black", label="stopped at time t")
    filters.plot(s, ridge_filter(s, 1 / time), **line("kappa", label="ridge λ = 1/t"))
    spectrum = found["spectrum"][::-25]  # every twenty-fifth of them
    look = {"color": CONCEPTS["noise"].color, "linestyle": "none", "marker": "|", "markersize": 9}
    filters.plot(spectrum, np.full_like(spectrum, -0.06), label="_directions", **look)
    filters.set(xscale="log", xlim=(1e-6, 1), ylim=(-0.12, 1.05), ylabel="share that is fitted")
    filters.set(xlabel="eigenvalue of a direction")
    filters.set_xticks([1e-6, 1e-4, 1e-2, 1], ["$10^{-6}$", "$10^{-4}$", "0.01", "1"])
    for name, look in (("flow", {"color": "black", "label": "_flow"}), ("ridge", line("kappa", label="_ridge"))):
        error.plot(TIMES, found[name][i].mean(axis=1), **look)
    error.axhline(found["shortest"][i].mean(), **line("test", linestyle=":", label="shortest fit"))
    j = TIMES.index(time)
    here = {name: found[name][i, j].mean() for name in ("flow", "ridge")}
    ring = {"color": "black", "markersize": 8, "fillstyle": "none", "label": "_here", "gid": "grab:time"}
    error.plot([time] * 2, list(here.values()), "o", **ring)
    error.set(xscale="log", xlim=(0.8, 1.3e6), ylim=(0, 0.5), xlabel="time t, and 1/λ", ylabel="test error")
    error.set_yticks([0, 0.1, 0.2, 0.3, 0.4, 0.5], ["0 %", "10 %", "20 %", "30 %", "40 %", "50 %"])
    error.set_xticks([1, 100, 10000, 1000000], ["1", "100", "$10^4$", "$10^6$"])
    for ax in axes:
        ax.minorticks_off()
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, columnspacing=1.2)
    return here | {"shortest": found["shortest"][i].mean()}


STOPPING = dict(
    name="stopping",
    title="Time beside ridge",
    readout=(
        "{corruption} of the labels redrawn. Stopped at t = {time}: error {flow:.1%}; ridge λ = 1/t: "
        "{ridge:.1%}; shortest fit, the end of both: {shortest:.1%}."
    ),
    alt=(
        "First panel: two filters that rise with the eigenvalue of a direction, the one of time more steeply "
        "than the one of ridge. Second panel: with redrawn labels the test error of both falls, reaches nearly "
        "the same minimum and rises again to that of the shortest fit; with clean labels it falls to the end."
    ),
    caption=(
        "1,000 digits, Gaussian kernel. First panel: share of each direction that is fitted; ticks: every "
        "twenty-fifth eigenvalue. Second panel: test error along both paths, means of eight draws of the labels."
    ),
    presets={
        "the best stop": dict(time=BEST, corruption=0.2),
        "too late": dict(time=TIMES[-1], corruption=0.2),
        "clean labels": dict(time=TIMES[-1], corruption=0.0),
    },
    subplots=(1, 2),
    sweep="time",
    grab="time",
)
