"""Figures of chapter 8, what is being renormalized: the notebook computes, these functions draw."""

from functools import lru_cache

import numpy as np

from renorm import dyson_iteration, integrate_out, renormalized_ridge, ridge_risk
from renorm.theory.renormalization import (
    dyson_rate,
    head_tail_split,
    running_couplings,
    sharp_cut_ridge,
    wilsonian_ridge,
)
from renorm_book.style import dots, line

__all__ = ["DRESSING", "HEAD_AND_TAIL", "INTEGRATING_OUT", "dressing", "head_and_tail", "integrating_out"]


def head_theory(population, n, ridge, keep) -> tuple[float, float]:
    """κ and the excess error that the theory gives once all but the ``keep`` largest directions are integrated out."""
    head, raised = integrate_out(population, n, ridge, keep)
    risk = ridge_risk(head, n, raised)
    return float(risk.kappa), float(risk.excess + head.noise_variance - population.noise_variance)


@lru_cache
def _head_theories(population, n, ridge) -> tuple[np.ndarray, np.ndarray]:
    """Cutoffs, and κ and excess error of the head theory at each of them, (cutoffs, 2)."""
    ranks = np.unique(np.geomspace(8, population.dimension, 32).round().astype(int))
    return ranks, np.array([head_theory(population, n, ridge, keep) for keep in ranks])


def integrating_out(axes, population, measured, keep, n, ridge) -> dict:
    """Against the cutoff, first: the last variance kept, the running ridge and κ; second: how far off κ and error are.

    measured   cutoffs, and means and standard errors of κ and excess error at each of them, (cutoffs, 2)
    """
    scales, accuracy = axes
    s, d = population.eigenvalues, population.dimension
    full, flow = ridge_risk(population, n, ridge), running_couplings(population, n, ridge)
    ranks, theory = _head_theories(population, n, ridge)
    scales.plot(ranks, s[ranks - 1], color="#0072B2", label="last variance kept, $s_K$")
    scales.plot(ranks, flow.ridge[ranks], **line("noise", label="running ridge, $\\lambda_K$"))
    scales.axhline(full.kappa, **line("kappa", linewidth=1, label="$\\kappa$"))
    scales.set(yscale="log", ylim=(5e-5, 3), ylabel="variance, ridge")
    accuracy.fill_between([8, d], -10, 10, color="#7F7F7F", alpha=0.2, linewidth=0, label="_within ten per cent")
    at, mean, error = (np.array(part) for part in measured)
    for i, (name, concept, exact, label) in enumerate(
        (("kappa", "kappa", full.kappa, "$\\kappa$"), ("excess", "test", full.excess, "excess error"))
    ):
        accuracy.plot(ranks, 100 * (theory[:, i] / exact - 1), **line(concept, label=label))
        value, bar = 100 * (mean[:, i] / exact - 1), 200 * error[:, i] / exact
        accuracy.errorbar(at, value, yerr=bar, **dots(concept, label=f"_{name} simulated", markersize=4))
    accuracy.set(ylim=(-80, 100), ylabel="off by, per cent")
    for ax in axes:
        ax.axvline(keep, ymax=0.7, color="0.55", linewidth=1, label="_cutoff", gid="grab:keep")
        ax.set(xscale="log", xlim=(8, d), xlabel="directions kept, $K$")
        ax.legend(loc="upper right")
    kappa, excess = head_theory(population, n, ridge, keep)
    return {
        "running": float(flow.ridge[keep]),
        "noise": float(flow.noise_variance[keep]),
        "depth": float(s[keep - 1] / full.kappa),
        "kappa_off": 100 * (kappa / float(full.kappa) - 1),
        "error_off": 100 * (excess / float(full.excess) - 1),
    }


INTEGRATING_OUT = dict(
    name="integrating-out",
    title="Integrate out, shell by shell",
    readout=(
        "Keeping {keep} of 1,000 directions, the ridge has run from {ridge} to {running:.2g} and the noise from "
        "0.1 to {noise:.4f}. The last direction kept lies at {depth:.2g} κ; κ comes out {kappa_off:+.1f} %, the "
        "excess error {error_off:+.1f} % off."
    ),
    alt=(
        "First panel: against the cutoff, the variance of the last direction kept, the running ridge, which "
        "rises as the cutoff is lowered, and kappa. Second panel: the relative error of kappa and of the excess "
        "error, within ten per cent while the last variance kept lies far below kappa, and growing to tens of "
        "per cent as it comes near; simulated dots follow the theoretical lines."
    ),
    caption=(
        "Against the cutoff $K$, which the vertical line marks. First panel: the variance of the last direction "
        "kept (solid), the running ridge $\\lambda_K$ (dotted), and $\\kappa$. Second: how far off $\\kappa$ and "
        "the excess error are if they are computed from the first $K$ directions alone; lines: theory, dots: "
        "simulation (40 draws, ±2 standard errors), shaded: within ten per cent. Spectrum $k^{-1.3}$, 1,000 "
        "directions, noise variance 0.1."
    ),
    presets={
        "far in the tail": {"keep": 700, "n": 100, "ridge": 1e-4},
        "close to κ": {"keep": 50, "n": 100, "ridge": 1e-4},
        "beyond κ": {"keep": 10, "n": 100, "ridge": 1e-4},
    },
    subplots=(1, 2),
    sweep="keep",
    grab="keep",
)


def head_and_tail(ax, eigenvalues, n, ridge) -> dict:
    """Each direction's contribution κ s/(s + κ) to n(κ − λ), between the two lines s and κ."""
    parts = head_tail_split(eigenvalues, n, ridge)
    rank = np.arange(1, len(eigenvalues) + 1)
    shown = np.unique(np.geomspace(1, len(eigenvalues), 90).round().astype(int)) - 1
    share = parts.kappa * eigenvalues / (eigenvalues + parts.kappa)
    ax.plot(rank[shown], eigenvalues[shown], **line("noise", label="variance $s_k$"))
    ax.axhline(parts.kappa, label="_kappa", **_thin("kappa"))
    ax.text(900, parts.kappa * 1.2, "$\\kappa$", ha="right")
    ax.plot(rank[shown], share[shown], color="#0072B2", label="contribution $\\kappa s/(s+\\kappa)$")
    learned = max(float(parts.learned), 1.0)
    ax.axvline(learned, ymax=0.82, color="0.55", linewidth=1, label="_learned", gid="grab:n")
    ax.text(learned * 0.9, 1.2e-6, "head", ha="right", va="bottom")
    ax.text(learned * 1.1, 1.2e-6, "tail", ha="left", va="bottom")
    ax.set(xscale="log", yscale="log", xlim=(1, 1000), ylim=(1e-6, 2))
    ax.set(xlabel="direction, from the strongest to the weakest, $k$", ylabel="share in $n(\\kappa-\\lambda)$")
    ax.legend(loc="upper right")
    total = float(parts.head + parts.tail)
    return {
        "learned": int(parts.learned),
        "head_share": 100 * float(parts.head) / total,
        "tail_share": 100 * float(parts.tail) / total,
        "kappa": float(parts.kappa),
        "wilson": float(wilsonian_ridge(eigenvalues, n, ridge)),
        "sharp": float(sharp_cut_ridge(eigenvalues, n, ridge)),
    }


HEAD_AND_TAIL = dict(
    name="head-and-tail",
    title="The renormalized ridge, direction by direction",
    readout=(
        "With n = {n}, λ = {ridge}, α = {capacity}: {learned} directions are learned; the head costs "
        "{head_share:.0f} % of n(κ − λ), the tail gives {tail_share:.0f} %. κ = {kappa:.3g}; the tail alone "
        "would give {wilson:.3g}, a sharp cut {sharp:.3g}."
    ),
    alt=(
        "Contribution of each direction to the renormalized ridge against its rank on logarithmic axes: flat at "
        "kappa for the learned directions, falling like the variance for the unlearned ones, with a smooth bend "
        "where the variance equals kappa."
    ),
    caption=(
        "Each direction's contribution $\\kappa s/(s+\\kappa)$ to $n(\\kappa-\\lambda)$ (solid; all "
        "contributions together are the sum), the variance $s$ (dotted), and $\\kappa$ (horizontal). Before the "
        "bend directions are learned, and cost up to one constraint each."
    ),
    presets={"a heavy tail": {"capacity": 1.1, "n": 50}, "a steep spectrum": {"capacity": 2.0, "n": 200}},
    grab="n",
)


def dressing(axes, eigenvalues, n, ridge, steps=60) -> dict:
    """First panel: the iteration as a staircase, in units of κ. Second: what is left after each step, and γ^t."""
    staircase, remaining = axes
    kappa, rate = float(renormalized_ridge(eigenvalues, n, ridge)), float(dyson_rate(eigenvalues, n, ridge))
    iterates = dyson_iteration(eigenvalues, n, ridge, steps=400) / kappa
    x = np.geomspace(1e-4, 2, 120)
    image = dyson_iteration(eigenvalues, n, ridge, 1, start=x * kappa)[1] / kappa
    staircase.plot(x, x, color="0.55", linewidth=1, label="_diagonal")
    staircase.plot(x, image, **line("kappa", linestyle="-", label="$\\lambda+\\kappa\\,df_1(\\kappa)/n$"))
    walk = np.repeat(iterates[: steps + 1], 2)
    staircase.plot(walk[:-1], walk[1:], color="#D55E00", linewidth=1.2, label="iteration")
    staircase.set(xscale="log", yscale="log", xlim=(1e-4, 2), ylim=(1e-4, 2))
    staircase.set(xlabel="$\\kappa_t/\\kappa$", ylabel="$\\kappa_{t+1}/\\kappa$")
    staircase.legend(loc="lower right")
    error, t = 1 - iterates[: steps + 1], np.arange(steps + 1)
    remaining.plot(t, np.maximum(error, 1e-9), **dots("test", label="what is left", markersize=3.5))
    last = np.flatnonzero(error > 1e-8)[-1]
    remaining.plot(t, error[last] * rate ** (t - float(last)), **line("noise", label="slope $\\gamma^t$"))
    remaining.axhline(0.01, color="0.6", linewidth=0.8, label="_one per cent")
    remaining.text(59, 0.012, "1 %", ha="right", va="bottom")
    remaining.set(yscale="log", xlim=(0, 60), ylim=(1e-6, 20), xlabel="step, $t$", ylabel="$1-\\kappa_t/\\kappa$")
    remaining.legend(loc="upper right")
    return {"rate": rate, "steps": int(np.argmax(1 - iterates <= 0.01)), "susceptibility": 1 / (1 - rate)}


DRESSING = dict(
    name="dressing",
    title="Dressing the bare ridge",
    readout=(
        "At n = {n}, λ = {ridge} (d = 200): each step shrinks the error by γ = {rate:.3f}; to be within 1 % of κ "
        "takes {steps} steps. The susceptibility is {susceptibility:.3g}."
    ),
    alt=(
        "First panel: a staircase between the map and the diagonal climbs from the bare ridge to kappa. Second "
        "panel: the remaining error falls exponentially with the number of steps, at the rate gamma; close to n "
        "equal to d it hardly falls."
    ),
    caption=(
        "First panel: the map $\\kappa\\to\\lambda+\\kappa\\,\\mathrm{df}_1(\\kappa)/n$ (solid) and the "
        "diagonal; the staircase is the iteration, started at the bare ridge, in units of the final $\\kappa$. "
        "Second: relative error after each step (dots) and the slope $\\gamma^t$ (dotted)."
    ),
    presets={"easy": {"n": 400, "ridge": 1e-2}, "critical": {"n": 200, "ridge": 1e-6}},
    subplots=(1, 2),
    sweep="n",
)


def _thin(concept) -> dict:
    return {k: v for k, v in line(concept, linewidth=1).items() if k != "label"}
