"""The figure on the welcome page: ridge regression on labels that are part rule, part chance."""

from functools import cache

import numpy as np

from renorm import Population, isotropic, ridge_experiment, ridge_risk
from renorm.experiments.errors import Errors
from renorm_book.style import dots, line

WEIGHTS = 100
SAMPLES = (10, 20, 35, 50, 70, 85, 95, 100, 105, 115, 130, 160, 200, 250, 300)
RIDGES = (0.0, 0.01, 0.1, 0.5)
CHANCES = (0.0, 0.1, 0.3, 1.0)
TOP = 3.0


def task(chance: float) -> Population:
    """Labels of variance one, of which ``chance`` is noise and the rest a linear function of 100 Gaussian inputs."""
    return isotropic(WEIGHTS, signal=1 - chance, noise_variance=chance)


@cache
def measured(chance: float) -> list[Errors]:
    """40 simulated data sets for each of SAMPLES, fitted with all RIDGES."""
    return [ridge_experiment(task(chance), n, RIDGES, trials=40, seed=0) for n in SAMPLES]


def memory_and_rule(ax, n, ridge, chance):
    """Training and test error against the number of samples: theory as lines, simulations as dots."""
    grid = np.union1d(np.geomspace(8, 320, 110), SAMPLES)
    theory, here = ridge_risk(task(chance), grid, ridge), ridge_risk(task(chance), n, ridge)
    i = RIDGES.index(ridge)
    for name in ("test", "train"):
        label = {"test": "test error", "train": "training error"}[name]
        ax.plot(grid, np.minimum(getattr(theory, name), 2 * TOP), **line(name, label=label))
        means = np.array([getattr(errors, name)[i] for errors in measured(chance)])
        spreads = np.array([getattr(errors, name + "_se")[i] for errors in measured(chance)])
        shown = np.minimum(getattr(ridge_risk(task(chance), SAMPLES, ridge), name), means) < TOP
        ax.errorbar(
            np.array(SAMPLES)[shown], means[shown], yerr=2 * spreads[shown], capsize=2, **dots(name, label="_" + name)
        )
    ax.axhline(1, color="0.5", linewidth=1, linestyle=":", label="_guessing")
    ax.text(318, 1.02, "guessing", color="0.35", va="bottom", ha="right")
    ax.axvline(WEIGHTS, color="0.5", linewidth=1, linestyle=":", label="_as many")
    marks = [min(float(here.test), TOP), float(here.train)]
    ax.plot(
        [n, n], marks, "o", color="black", markersize=11, fillstyle="none", clip_on=False, label="_here", gid="grab:n"
    )
    ax.set(xscale="log", xlim=(8, 320), ylim=(-0.08, TOP), xlabel="samples, $n$", ylabel="squared error")
    ax.set_xticks([10, 30, 100, 300], ["10", "30", "n = d = 100", "300"])
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2)
    return {"train": float(here.train), "test": float(here.test)}


def said(n, ridge, chance, train, test) -> str:
    """The sentence below the figure."""
    size = f"a test error of {test:.2f}" if test < 100 else "a test error without bound"
    memory = "fitted exactly" if train < 0.005 else f"fitted up to an error of {train:.2f}"
    return (
        f"{n} samples whose labels are {chance:.0%} chance, λ = {ridge:g}: they are {memory}, with {size}. "
        "Guessing costs 1."
    )


MEMORY_AND_RULE = dict(
    name="memory-and-rule",
    title="A machine that memorizes, and generalizes",
    readout=said,
    alt=(
        "Training and test error of linear regression against the number of samples. Up to as many samples as "
        "weights the training error is zero, for rules and for pure chance alike. The test error falls, climbs to a "
        "peak where samples equal weights, and falls again; a ridge takes the peak away."
    ),
    caption=(
        "Linear regression with 100 weights. Lines: the theory of this book. Dots: 40 simulated data sets each, bars "
        "±2 standard errors. Always answering zero costs 1."
    ),
    presets={
        "memorize chance": dict(n=50, ridge=0.0, chance=1.0),
        "the peak": dict(n=95, ridge=0.0, chance=0.1),
        "the peak with a ridge": dict(n=95, ridge=0.1, chance=0.1),
    },
    sweep="n",
    grab="n",
)
