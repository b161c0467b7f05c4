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
from renorm.theory.scaling_fits import crossings, fit_power_law, local_slope, measure_capacity, measure_source
from renorm_book.style import dots, line

__all__ = ["measured_exponents", "noise_regimes", "regimes", "width_and_data"]

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


def measured_exponents(axes, world, samples, held_out, held_out_se, predicted, first, last) -> dict:
    """First panel: a measured spectrum and target, with fits over a window. Second: three learning curves."""
    spectrum, curve = axes
    window = (first, last)
    capacity = measure_capacity(world.eigenvalues, window)
    source = measure_source(world.eigenvalues, world.coefficients, window)
    order = np.argsort(-world.eigenvalues)
    s, energy = world.eigenvalues[order], world.energies[order]
    rank = np.unique(np.geomspace(1, 600, 70).round().astype(int))
    spectrum.plot(rank, s[rank - 1], **dots("kappa", marker=".", label="eigenvalues $s_k$"))
    edges = np.unique(np.geomspace(1, 601, 18).round().astype(int)) - 1
    centres = np.sqrt((edges[:-1] + 1) * edges[1:])
    grouped = np.add.reduceat(energy[:600], edges[:-1]) / np.diff(edges)
    spectrum.plot(centres, grouped, **dots("true labels", label="energy of the target"))
    k = np.array([first, last], dtype=float)
    for values, slope, concept in ((s, -capacity, "kappa"), (energy, -(1 + 2 * capacity * source), "true labels")):
        inside = np.arange(first, last + 1)
        level = np.average(values[inside - 1] * inside**-slope, weights=1 / inside)
        spectrum.plot(k, level * k**slope, **line(concept, linestyle="-", linewidth=1.4, label=f"_{concept} fit"))
    spectrum.set(xscale="log", yscale="log", xlim=(0.8, 700), ylim=(1e-6, 1), xlabel="direction, $k$")
    spectrum.set_ylabel("per direction")
    spectrum.legend(loc="lower left")
    curve.plot(samples, predicted, **line("test", label="from the spectrum"))
    curve.errorbar(samples, held_out, yerr=2 * held_out_se, **dots("test", label="measured"))
    slope = -2 * capacity * min(source, 1.0)
    curve.plot(
        samples, held_out[2] * (samples / samples[2]) ** slope, **line("noise", linestyle="--", label="two exponents")
    )
    curve.set(xscale="log", yscale="log", xlim=(14, 300), ylim=(0.1, 2), xlabel="images, $n$", ylabel="held-out error")
    curve.set_xticks(samples, labels=[str(n) for n in samples])
    curve.minorticks_off()
    curve.legend(loc="lower left")
    return {"capacity": capacity, "source": source, "slope": slope, "measured": fit_power_law(samples, held_out)[0]}
