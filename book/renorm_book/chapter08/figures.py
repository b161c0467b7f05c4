"""Figures of chapter 8, what is being renormalized: the notebook computes, these functions draw."""

from functools import lru_cache

import numpy as np

from renorm import dyson_iteration, integrate_out, optimal_ridge, renormalized_ridge, ridge_risk
from renorm.theory.endless import endless_power_law
from renorm.theory.flow import flow_line, rescaled_flow
from renorm.theory.renormalization import (
    dyson_rate,
    head_tail_split,
    running_couplings,
    sharp_cut_ridge,
    wilsonian_ridge,
)
from renorm.theory.scaling_fits import local_slope
from renorm_book.style import dots, line

__all__ = ["CLAIMS", "claims_checker", "dressing", "flow_plane", "head_and_tail", "integrating_out"]

CLAIMS = {
    "fluctuations stabilise learning": "stabilise",
    "renormalization prevents overfitting": "prevents",
    "more data never hurt": "more data",
    "scaling laws from first principles": "scaling",
    "a Newtonian theory of AI": "newton",
}


SAMPLES = np.unique(np.r_[np.geomspace(20, 1000, 70).round(), 199, 200, 201])


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

    measured   dict of arrays over its "keep": kappa, kappa_se, excess, excess_se
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
    at = np.array(measured["keep"])
    for i, (name, concept, exact, label) in enumerate(
        (("kappa", "kappa", full.kappa, "$\\kappa$"), ("excess", "test", full.excess, "excess error"))
    ):
        accuracy.plot(ranks, 100 * (theory[:, i] / exact - 1), **line(concept, label=label))
        value, bar = 100 * (measured[name] / exact - 1), 200 * measured[f"{name}_se"] / exact
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


FLOW_MODES = 3000  # directions of which the flow is drawn; all beyond are integrated out already
TICKS = np.array([0, 0.1, 0.3, 1, 3, 10])


def _squeeze(x):
    """From 0 ... infinity to 0 ... 1, with 1 in the middle: so that the fixed point is on the page."""
    return x / (1 + x)


def _arrow(ax, u, g, label):
    """A head on a trajectory where u + g = 2, pointing to where integrating out leads."""
    i = int(np.searchsorted(u + g, 2.0))
    dx, dy = _squeeze(u[i - 1 : i + 1]), _squeeze(g[i - 1 : i + 1])
    along = np.array([dx[0] - dx[1], 0.7 * (dy[0] - dy[1])])  # the panel is wider than high
    along /= np.hypot(*along)
    across = np.array([-along[1], along[0]])
    head = [tuple(map(float, tip)) for tip in (along, 0.6 * across - along, -0.6 * across - along, along)]
    ax.plot(dx[1], dy[1], marker=head, markersize=8, color="0.6", linestyle="none", label=label)


def flow_plane(ax, n, ridge, capacity) -> dict:
    """The plane of u = K/n and g = λ_K/s_K: trajectories, exact shells as dots, the fixed point, and κ."""
    world = endless_power_law(FLOW_MODES, capacity, 0.5)
    s, bare, invariant = world.population.eigenvalues, ridge + world.tail / n, ridge * float(n) ** capacity
    flow, kappa = rescaled_flow(s, n, bare), float(renormalized_ridge(s, n, bare))
    u = np.geomspace(1e-3, 1e3, 120)
    for other in (0.0, 0.1, 1.0, 10.0, 100.0):
        g = flow_line(u, capacity, other)
        ax.plot(_squeeze(u), _squeeze(g), color="0.75", linewidth=1, label=f"_{other}")
        _arrow(ax, u, g, label=f"_arrow {other}")
    ax.plot(_squeeze(u), _squeeze(flow_line(u, capacity, invariant)), color="#0072B2", label="flow")
    at = np.unique(np.geomspace(1, FLOW_MODES, 28).round().astype(int)) - 1
    shown = at[flow.u[at] < 40]
    ax.plot(_squeeze(flow.u[shown]), _squeeze(flow.g[shown]), **dots("test", markersize=4.5, label="shell by shell"))
    ax.axhline(0.5, color="0.55", linewidth=1, label="_g = 1")
    ax.text(0.985, 0.512, "$g=1$", ha="right", va="bottom")
    ax.plot(0, 0, "s", color="black", markersize=9, label="fixed point")
    resolved = kappa ** (-1 / capacity)
    g_kappa = float(np.interp(resolved, flow.keep, flow.g))
    ax.plot(_squeeze(resolved / n), _squeeze(g_kappa), **dots("kappa", markersize=10, label="$s_K=\\kappa$"))
    ax.set_xticks(_squeeze(TICKS), labels=[f"{tick:g}" for tick in TICKS])
    ax.set_yticks(_squeeze(TICKS), labels=[f"{tick:g}" for tick in TICKS])
    ax.set(xlim=(-0.02, 1), ylim=(-0.02, 1), xlabel="directions kept per sample, $u=K/n$")
    ax.set_ylabel("ridge over last variance, $g=\\lambda_K/s_K$")
    ax.legend(loc="lower right")
    scale = flow.resolution**-capacity
    return {"invariant": invariant, "passes": flow.resolution, "scale": scale, "kappa": kappa, "g_kappa": g_kappa}


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


def claims_checker(ax, population, nonlinear, simulated, claim, n) -> dict:
    """Test error against n with the curves that decide a claim, a mark at n, and the verdict in words.

    simulated   name -> (n, mean test error, two standard errors)
    """
    verdict = _VERDICTS[claim](ax, population, nonlinear, simulated, n)
    ax.axvline(n, color="0.55", linewidth=1, label="_chosen n", gid="grab:n")
    ax.set(xscale="log", yscale="log", xlim=(20, 1000), ylim=(1e-6, 10) if claim == "scaling" else (0.1, 100))
    ax.set_xticks((25, 50, 100, 200, 400, 800), labels=("25", "50", "100", "200", "400", "800"))
    ax.minorticks_off()
    ax.set(xlabel="samples, $n$", ylabel="test error")
    ax.legend(loc="upper left")
    return {"verdict": verdict}


def _errors(ax, simulated, name, **changes):
    at, mean, bars = simulated[name]
    ax.errorbar(at, mean, yerr=bars, **dots("test", label=f"_{name} simulated", markersize=4, **changes))


def _stabilise(ax, population, nonlinear, simulated, n):
    risk, here = ridge_risk(population, SAMPLES, 1e-5), ridge_risk(population, n, 1e-5)
    ax.plot(SAMPLES, risk.bias + risk.noise, **line("bias", label="ridge raised to $\\kappa$, no more"))
    ax.plot(SAMPLES, risk.test, **line("test", label="test error"))
    _errors(ax, simulated, "bare")
    factor = float(here.susceptibility)
    return (
        f"Half true. At n = {n} fluctuations raise the ridge from 0.00001 to {float(here.kappa):.2g}, which does "
        f"stabilise the average fit; but they also multiply the error by 1/(1 − γ) = {factor:.3g}."
    )


@lru_cache
def _two_ridges(population) -> tuple[np.ndarray, np.ndarray]:
    """Test error at λ = 0.00001 and at the best ridge for each n."""
    best = optimal_ridge(population, SAMPLES)
    return ridge_risk(population, SAMPLES, 1e-5).test, ridge_risk(population, SAMPLES, best).test


def _prevents(ax, population, nonlinear, simulated, n):
    bare, best = _two_ridges(population)
    ax.plot(SAMPLES, best, **line("true labels", label="best ridge"))
    ax.plot(SAMPLES, bare, **line("test", label="test error, $\\lambda=0.00001$"))
    _errors(ax, simulated, "bare")
    _errors(ax, simulated, "tuned", color="#56B4E9")
    here = ridge_risk(population, n, 1e-5).test / ridge_risk(population, n, optimal_ridge(population, n)).test
    return (
        f"False in general: κ softens overfitting far from n = d, and at n = d = 200 nothing prevents it. At n = {n}, "
        f"without a well-chosen ridge, the error is {float(here):.3g} times the best."
    )


def _more_data(ax, population, nonlinear, simulated, n):
    bare, best = _two_ridges(population)
    ax.plot(SAMPLES, best, **line("true labels", label="ridge chosen for each $n$"))
    ax.plot(SAMPLES, bare, **line("test", label="one ridge for all, $\\lambda=0.00001$"))
    _errors(ax, simulated, "bare")
    _errors(ax, simulated, "tuned", color="#56B4E9")
    now, more = (float(ridge_risk(population, m, 1e-5).test) for m in (n, n + 10))
    tuned = [float(ridge_risk(population, m, optimal_ridge(population, m)).test) for m in (n, n + 10)]
    return (
        f"False with one ridge for all, true here with the best ridge for each n. From n = {n} to {n + 10} the error "
        f"goes from {now:.4g} to {more:.4g} with the one, from {tuned[0]:.4g} to {tuned[1]:.4g} with the other."
    )


@lru_cache
def _endless_curve(capacity) -> np.ndarray:
    world = endless_power_law(20_000, capacity, 0.5)
    return ridge_risk(world.population, SAMPLES, world.tail / SAMPLES).test


def _scaling(ax, population, nonlinear, simulated, n):
    slopes = {}
    for capacity, name, concept in ((1.2, "slow", "bias"), (2.0, "steep", "test")):
        ax.plot(
            SAMPLES, _endless_curve(capacity), **line(concept, linestyle="-", label=f"variances $k^{{-{capacity}}}$")
        )
        at, mean, bars = simulated[name]
        ax.errorbar(at, mean, yerr=bars, **dots(concept, label=f"_{name} simulated", markersize=4))
        slopes[capacity] = np.interp(n, SAMPLES, local_slope(SAMPLES, _endless_curve(capacity)))
    return (
        f"Half true. At n = {n} the slopes are {slopes[1.2]:.2f} and {slopes[2.0]:.2f}: near −2αr, with the "
        "α = 1.2 and 2 and the r = ½ that were put in. The theory converts exponents; it does not say where those come "
        "from."
    )


def _newton(ax, population, nonlinear, simulated, n):
    curve = ridge_risk(nonlinear, SAMPLES, 1e-2)
    ax.plot(SAMPLES, curve.test, **line("random labels", linestyle="-", label="target $x_1^2-1$, linear model"))
    ax.axhline(1, color="0.6", linewidth=0.8, label="_predict the mean")
    _errors(ax, simulated, "nonlinear", color="#E69F00")
    here = float(ridge_risk(nonlinear, n, 1e-2).test)
    return (
        f"Not yet. A target outside its features is noise to this theory: at n = {n} it predicts, rightly, an error of "
        f"{here:.3g} (1 = predicting the mean). A network could learn the feature; there is no equation for that here."
    )


_VERDICTS = {
    "stabilise": _stabilise,
    "prevents": _prevents,
    "more data": _more_data,
    "scaling": _scaling,
    "newton": _newton,
}


def _thin(concept) -> dict:
    return {k: v for k, v in line(concept, linewidth=1).items() if k != "label"}
