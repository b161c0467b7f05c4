"""Figures of chapter 9, scaling laws: theory curves and their local slopes, measured exponents of real images."""

from functools import lru_cache

import numpy as np

from renorm import Population, optimal_ridge, power_law, random_feature_risk, ridge_risk
from renorm.theory.endless import Endless, endless_power_law
from renorm.theory.scaling import (
    bias_exponent,
    data_exponent,
    ensemble_width_exponent,
    noise_exponent,
    noise_plateau,
    optimal_decay,
    optimal_exponent,
    ridge_crossover,
    width_exponent,
)
from renorm.theory.scaling_fits import crossings, fit_power_law, local_slope
from renorm_book.style import line

__all__ = ["WIDTH_AND_DATA", "NOISE_REGIMES", "REGIMES", "noise_regimes", "regimes", "width_and_data"]

MODES = 10_000
SAMPLES = np.geomspace(8, 3000, 37)


@lru_cache
def endless(capacity, source, noise=0.0) -> Endless:
    """The power law without end, of which 10,000 modes are summed one by one."""
    return endless_power_law(MODES, capacity, source, noise)


def _excess(capacity, source, n, ridge):
    world = endless(capacity, source)
    return ridge_risk(world.population, n, ridge + world.tail / n).excess + world.missed


def regimes(axes, ridge, capacity, source) -> dict:
    """First panel: noiseless excess error against n. Second: its local slope, the law, and the crossover."""
    curve, slopes = axes
    excess = _excess(capacity, source, SAMPLES, ridge)
    slope = local_slope(SAMPLES, excess)
    law = -float(data_exponent(capacity, source))
    curve.plot(SAMPLES, excess, **line("test", label="excess error"))
    first = np.searchsorted(SAMPLES, 20)
    guide = excess[first] * (SAMPLES / SAMPLES[first]) ** law
    curve.plot(SAMPLES, guide, **line("noise", label=f"slope −{-law:.2f}"))
    curve.set(xscale="log", yscale="log", xlim=(8, 3000), ylim=(1e-9, 3), ylabel="excess error")
    slopes.plot(SAMPLES, slope, **line("test", label="local slope"))
    slopes.axhline(law, **line("noise", label="$-2\\alpha\\,$min$(r,1)$"))
    slopes.set(xscale="log", xlim=(8, 3000), ylim=(-6.4, 0.6), ylabel="slope, d ln error / d ln n")
    crossover = float(ridge_crossover(ridge, capacity)) if ridge > 0 else np.inf
    for ax in axes:
        ax.set_xlabel("samples, $n$")
        if 8 < crossover < 3000:
            ax.axvline(crossover, ymin=0.27, color="0.55", linewidth=1, label="_crossover", gid="grab:ridge")
        ax.legend(loc="lower left")
    where = (
        f"The ridge takes over near n = {crossover:,.0f}."
        if np.isfinite(crossover)
        else "Without a ridge it never levels off."
    )
    return {
        "slope": float(np.interp(30, SAMPLES, slope)),
        "predicted": law,
        "late": float(np.interp(1000, SAMPLES, slope)),
        "crossover": where,
    }


REGIMES = dict(
    name="regimes",
    title="Slopes predicted, not fitted",
    readout=(
        "α = {capacity}, r = {source}, λ = {ridge}: the slope is {slope:.2f} at n = 30 and {late:.2f} at n = "
        "1000; the law for data-limited errors says {predicted:.2f}. {crossover}"
    ),
    alt=(
        "First panel: excess error against samples on logarithmic axes, a straight line that bends to a plateau "
        "where the ridge takes over. Second panel: the local slope, which follows minus two alpha times the "
        "smaller of r and one, and goes to zero beyond the crossover."
    ),
    caption=(
        "First panel: excess error (theory, no noise). The vertical line marks the crossover, where the "
        "$\\kappa$ of a fit without ridge equals $\\lambda$. Second: the local slope; dotted: "
        "$-2\\alpha\\,\\min(r,1)$."
    ),
    presets={
        "no penalty": {"ridge": 0.0},
        "a rough target": {"source": 0.25, "ridge": 0.0},
        "saturated": {"source": 2.0, "ridge": 0.0},
        "ridge-limited": {"ridge": 1e-2},
    },
    subplots=(1, 2),
    sweep="ridge",
    grab="ridge",
)


@lru_cache
def _best_curve(capacity, source) -> np.ndarray:
    """Excess error at the best ridge for each n, σ² = 0.01; never less than the unseen modes give."""
    world, coarse = endless(capacity, source, 0.01), SAMPLES[::6]
    ridges = np.maximum(optimal_ridge(world.population, coarse), world.tail / coarse)
    return ridge_risk(world.population, coarse, ridges).excess + world.missed


def noise_regimes(axes, decay, capacity, source) -> dict:
    """First panel: excess error for λ = n^-ℓ, from bias, from noise, and at the best ridge. Second: local slope."""
    ax, slopes = axes
    world = endless(capacity, source, 0.01)
    risk = ridge_risk(world.population, SAMPLES, SAMPLES**-decay + world.tail / SAMPLES)
    noise = 0.01 * risk.gamma * risk.susceptibility
    bias = risk.excess - noise + world.missed
    ax.plot(SAMPLES, bias + noise, **line("test", label="excess error"))
    ax.plot(SAMPLES, bias, **line("bias", label="from bias"))
    ax.plot(SAMPLES, noise, **line("noise", label="from noise"))
    ax.plot(SAMPLES[::6], _best_curve(capacity, source), **line("true labels", linewidth=1.2, label="best ridge"))
    ax.set(xscale="log", yscale="log", xlim=(8, 3000), ylim=(1e-7, 3), xlabel="samples, $n$", ylabel="excess error")
    ax.legend(loc="lower left")
    slope = local_slope(SAMPLES, bias + noise)
    laws = 0.0 - float(bias_exponent(capacity, source, decay)), 0.0 - float(noise_exponent(capacity, decay))
    slopes.plot(SAMPLES, slope, **line("test", label="local slope"))
    for concept, law in zip(("bias", "noise"), laws, strict=True):
        slopes.axhline(law, **line(concept, label=f"law for {concept}"))
    slopes.set(xscale="log", xlim=(8, 3000), ylim=(-5.2, 0.6), xlabel="samples, $n$")
    slopes.set_ylabel("slope, d ln error / d ln n")
    slopes.legend(loc="lower left")
    found = crossings(SAMPLES, bias, noise)
    for panel in axes:
        if len(found):
            panel.axvline(found[0], ymin=0.4, color="0.55", linewidth=1, label="_crossing", gid="grab:decay")
    return {
        "bias": laws[0],
        "noise_law": f"{laws[1]:.2f}" if decay < capacity else f"stays at {_plateau(capacity, decay):.2f} σ²",
        "slope": float(np.interp(1000, SAMPLES, slope)),
        "crossing": f"n = {found[0]:.3g}" if len(found) else "no n of this range",
        "best": float(optimal_decay(capacity, source)),
        "optimal": -float(optimal_exponent(capacity, source)),
    }


NOISE_REGIMES = dict(
    name="noise-regimes",
    title="Bias against noise",
    readout=(
        "ℓ = {decay}, α = {capacity}, r = {source}: by the laws bias has slope {bias:.2f} and noise {noise_law}. "
        "They cross at {crossing}; at n = 1000 the slope is {slope:.2f}. The best ℓ is {best:.2f}, and gives "
        "{optimal:.2f}."
    ),
    alt=(
        "First panel: excess error against samples for a penalty that falls as a power of n, split into the part "
        "from bias and the part from noise. For slow decay bias dominates; for fast decay noise takes over at "
        "large n and, when interpolating, stays on a plateau. Second panel: the local slope of the sum goes from "
        "the slope of the bias to that of the noise."
    ),
    caption=(
        "Before the crossing (vertical line) the error has the slope of its bias, beyond it that of its noise. "
        "First panel: excess error (solid) and its two parts for $\\lambda=n^{-\\ell}$, $\\sigma^2=0.01$; thin "
        "line: the best penalty for every $n$. Second: local slope, with the laws for bias and noise."
    ),
    presets={
        "the best decay": {"decay": 0.6, "capacity": 1.5, "source": 0.5},
        "too cautious": {"decay": 0.2},
        "interpolation": {"decay": 2.0},
    },
    subplots=(1, 2),
    sweep="decay",
    grab="decay",
)


def _plateau(capacity, decay) -> float:
    """What the noise tends to, over σ², for λ = n^-ℓ with ℓ ≥ α."""
    return float(noise_plateau(capacity, 1.0 if decay == capacity else 0.0))


WIDTHS = np.unique(np.geomspace(16, 1024, 13).round())
PEAKS = np.outer([0.8, 0.9, 0.97, 1, 1.03, 1.1, 1.25], [16, 32, 64, 128, 256, 512, 1024])
AROUND = np.unique(np.r_[SAMPLES, PEAKS.ravel()])  # samples, densely where they are as many as features


@lru_cache
def _world(capacity, source) -> Population:
    return power_law(MODES, capacity, source)


@lru_cache
def _at_width(width, capacity, source) -> np.ndarray:
    return random_feature_risk(_world(capacity, source), AROUND, width, 1e-8).excess


@lru_cache
def _plateaus(capacity, source):
    return random_feature_risk(_world(capacity, source), 1e9, WIDTHS, 1e-14)


def width_and_data(axes, width, capacity, source) -> dict:
    """First panel: error against n for several widths. Second: error at n = ∞ against the width, one and averaged."""
    by_data, by_width = axes
    population = _world(capacity, source)
    for other in (16, 64, 256, 1024):
        by_data.plot(AROUND, _at_width(other, capacity, source), color="0.7", linewidth=1, label=f"_width {other}")
    by_data.plot(AROUND, _at_width(width, capacity, source), **line("test", label=f"$N={width}$"))
    without = ridge_risk(population, SAMPLES, 1e-8).excess
    by_data.plot(SAMPLES, without, **line("true labels", linewidth=1.2, label="$N=\\infty$"))
    by_data.set(
        xscale="log", yscale="log", xlim=(8, 3000), ylim=(1e-8, 30), xlabel="samples, $n$", ylabel="excess error"
    )
    by_data.axvline(width, ymin=0.25, color="0.55", linewidth=1, label="_n = N", gid="grab:width")
    by_data.legend(loc="lower left")
    limit = _plateaus(capacity, source)
    by_width.plot(WIDTHS, limit.excess, **line("test", label="one network"))
    by_width.plot(WIDTHS, limit.bias, **line("bias", label="average of many"))
    here = random_feature_risk(population, 1e9, width, 1e-14).excess
    by_width.plot(
        width, here, "o", markerfacecolor="none", color="black", markersize=9, label="_chosen", gid="grab:width"
    )
    by_width.set(xscale="log", yscale="log", xlim=(14, 1200), ylim=(1e-8, 1e2), xlabel="width, $N$")
    by_width.set_ylabel("error at $n=\\infty$")
    by_width.legend(loc="upper right")
    late = slice(3, None)
    middle = (SAMPLES > 20) & (SAMPLES < 400)
    return {
        "plateau": float(here),
        "width_slope": fit_power_law(WIDTHS[late], limit.excess[late])[0],
        "data_slope": fit_power_law(SAMPLES[middle], without[middle])[0],
        "width_law": -float(width_exponent(capacity, source)),
        "data_law": -float(ensemble_width_exponent(capacity, source)),
    }


WIDTH_AND_DATA = dict(
    name="width-and-data",
    title="Limited by data, limited by width",
    readout=(
        "α = {capacity}, r = {source}: at width N = {width} the error falls with n until {plateau:.2g}. Plateaus "
        "fall with slope {width_slope:.2f}, data-limited errors with {data_slope:.2f}; the laws say "
        "{width_law:.2f} and {data_law:.2f}."
    ),
    alt=(
        "First panel: error against samples for several widths; each curve falls along the data-limited line, "
        "rises to a peak near n equal to N, and ends on a plateau. Second panel: the plateaus against the width, "
        "with the laws for one network and for an average of many."
    ),
    caption=(
        "Excess error of ridge regression on $N$ random features (theory, $\\lambda=10^{-8}$, no noise). First "
        "panel: the chosen width (thick) among others; the vertical line marks the crossover $n=N$. Second: "
        "error at $n=\\infty$ for one draw of features (solid), and for the average over draws (dash-dotted)."
    ),
    presets={"smooth target": {"source": 1.0}, "rough target": {"source": 0.25}},
    subplots=(1, 2),
    sweep="width",
    grab="width",
)
