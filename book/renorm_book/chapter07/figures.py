"""Figures of chapter 7, the renormalized ridge: the notebook computes, these functions draw."""

import numpy as np

from renorm import Population, renormalized_ridge, ridge_risk
from renorm_book.style import dots, line

__all__ = ["label_switch", "learned_modes", "learning_curve", "lottery"]


def learned_modes(ax, eigenvalues, dots_at, n, ridge) -> dict:
    """Share of each weight that is learned, against the variance of its direction, with marks at κ and λ.

    eigenvalues   (d,), the population's spectrum
    dots_at       (variances, shares, standard errors) of groups of neighbouring directions, from simulation
    """
    kappa = float(renormalized_ridge(eigenvalues, n, ridge))
    s = np.geomspace(1e-6, 1.5, 160)
    ax.plot(s, s / (s + ridge), **line("noise", linewidth=1.3, label="$s/(s+\\lambda)$: the penalty alone"))
    ax.plot(s, s / (s + kappa), **line("kappa", linestyle="-", label="$s/(s+\\kappa)$: theory"))
    variances, shares, errors = dots_at
    ax.errorbar(variances, shares, yerr=2 * errors, **dots("true labels", color="#0072B2", label="simulation"))
    ax.axvline(kappa, ymax=0.74, color="black", linewidth=1, linestyle=(0, (7, 2)), label="_at kappa", gid="grab:n")
    ax.text(kappa * 1.25, 1.08, "$\\kappa$", ha="left", va="bottom")
    ax.set(xscale="log", xlim=(1e-6, 1.5), ylim=(-0.15, 1.75), yticks=[0, 0.5, 1])
    ax.set(xlabel="variance of the direction, $s$", ylabel="share of the weight learned")
    ax.legend(loc="upper left")
    ratio = kappa / ridge
    above = int(np.sum(eigenvalues > kappa))
    return {"kappa": kappa, "above": above, "ratio": f"{ratio:,.0f}" if ratio > 10 else f"{ratio:.2f}"}


def learning_curve(axes, population, measured, ridge) -> dict:
    """First: training and test error against n, theory and simulation. Second: the susceptibility 1/(1 − γ).

    measured   dict of arrays over its "n": test, test_bar, train, train_bar (two standard errors), gcv
    """
    errors, response = axes
    d = len(population.eigenvalues)
    n = np.unique(np.r_[np.geomspace(10, 600, 90).round(), d - 1, d, d + 1])
    risk = ridge_risk(population, n, ridge)
    for name in ("test", "train"):
        errors.plot(n, getattr(risk, name), **line(name, label="training" if name == "train" else name))
        bars = dots(name, label=f"_{name} simulated", markersize=4)
        errors.errorbar(measured["n"], measured[name], yerr=measured[f"{name}_bar"], **bars)
    gcv = {"linestyle": "none", "marker": "x", "color": "black", "markersize": 5, "label": "estimated by GCV"}
    errors.plot(measured["n"], measured["gcv"], **gcv)
    response.plot(n, risk.susceptibility, **line("kappa", linestyle="-", label="$1/(1-\\gamma)$"))
    for ax in axes:
        ax.axvline(d, color="0.55", linewidth=1, label="_n = d")
        _samples_axis(ax, (10, 600), (10, 25, 50, 100, 200, 400))
    errors.text(d * 1.04, 1.3e-3, "$n=d$", va="bottom")
    errors.set(ylim=(1e-3, 5e3), ylabel="mean squared error")
    errors.legend(loc="upper left")
    response.set(ylim=(0.8, 2e3), ylabel="susceptibility, $d\\kappa/d\\lambda$")
    here = int(np.searchsorted(n, d))
    between = risk.test[(n > d / 2) & (n < 2 * d)]
    peak = "peaks there" if between[0] < 1.2 * risk.test[here] > 1.4 * between[-1] else "has no peak there"
    return {
        "peak": peak,
        "at_peak": float(risk.test[here]),
        "susceptibility": float(risk.susceptibility[here]),
        "last": float(risk.test[-1]),
    }


def lottery(population: Population, replaced: float) -> Population:
    """What labels of variance one and no noise become when a share ``replaced`` is exchanged for unrelated ones."""
    kept = 1 - replaced
    return Population(population.eigenvalues, kept * population.coefficients, 1 - kept**2)


def label_switch(axes, population, measured, replaced, ridge, n_shown) -> dict:
    """First: κ and γ against n. Second: training and test error, for labels of which a share is replaced.

    measured   dict of arrays over its "n": kappa, test, test_bar, train, train_bar (two standard errors)
    """
    machine, errors = axes
    d = len(population.eigenvalues)
    given = lottery(population, replaced)
    n = np.unique(np.r_[np.geomspace(20, 800, 80).round(), d - 1, d, d + 1])
    risk, here = ridge_risk(given, n, ridge), ridge_risk(given, n_shown, ridge)
    machine.plot(n, risk.kappa, **line("kappa", linestyle="-", label="$\\kappa$"))
    machine.plot(measured["n"], measured["kappa"], **dots("kappa", label="$\\kappa$ measured"))
    machine.plot(n, risk.gamma, **line("variance", label="$\\gamma$"))
    machine.set(ylim=(1e-5, 3), ylabel="the machine: $\\kappa$, $\\gamma$")
    machine.legend(loc="lower left")
    for name in ("test", "train"):
        errors.plot(n, getattr(risk, name), **line(name, label="training" if name == "train" else name))
        bars = dots(name, label=f"_{name} simulated", markersize=4)
        errors.errorbar(measured["n"], measured[name], yerr=measured[f"{name}_bar"], **bars)
    errors.axhline(1, color="0.55", linewidth=1, label="always predicting zero")
    errors.set(ylim=(1e-6, 1e4), ylabel="the outcome: error")
    errors.legend(loc="upper left")
    for ax in axes:
        ax.axvline(d, color="0.55", linewidth=1, label="_n = d")
        _samples_axis(ax, (20, 850), (25, 50, 100, 200, 400, 800))
    return {name: float(getattr(here, name)) for name in ("kappa", "gamma", "train", "test")}


def _samples_axis(ax, limits, ticks) -> None:
    ax.set(xscale="log", yscale="log", xlim=limits, xlabel="samples, $n$")
    ax.set_xticks(ticks, labels=[str(n) for n in ticks])
    ax.minorticks_off()
