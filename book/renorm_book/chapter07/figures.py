"""Figures of chapter 7, the renormalized ridge: the notebook computes, these functions draw."""

import numpy as np

from renorm import Population, renormalized_ridge, ridge_risk
from renorm_book.style import dots, line

__all__ = [
    "LABELS",
    "TARGETS",
    "called",
    "labels_measured",
    "options",
    "SHARES",
    "over_draws",
    "LABEL_SWITCH",
    "LEARNING_CURVE",
    "LEARNED_MODES",
    "label_switch",
    "learned_modes",
    "learning_curve",
    "lottery",
]


def learned_modes(ax, eigenvalues, found, which, n, ridge) -> dict:
    """Share of each weight that is learned, against the variance of its direction, with marks at κ and λ.

    eigenvalues   (d,), the population's spectrum
    found         (variances, shares, standard errors) of groups of neighbouring directions, from simulation; shares
                  and errors have a row for each ridge, of which number ``which`` is ``ridge``
    """
    kappa = float(renormalized_ridge(eigenvalues, n, ridge))
    s = np.geomspace(1e-6, 1.5, 160)
    ax.plot(s, s / (s + ridge), **line("noise", linewidth=1.3, label="$s/(s+\\lambda)$: the penalty alone"))
    ax.plot(s, s / (s + kappa), **line("kappa", linestyle="-", label="$s/(s+\\kappa)$: theory"))
    variances, shares, errors = found
    ax.errorbar(
        variances, shares[which], yerr=2 * errors[which], **dots("true labels", color="#0072B2", label="simulation")
    )
    ax.axvline(kappa, ymax=0.74, color="black", linewidth=1, linestyle=(0, (7, 2)), label="_at kappa", gid="grab:n")
    ax.text(kappa * 1.25, 1.08, "$\\kappa$", ha="left", va="bottom")
    ax.set(xscale="log", xlim=(1e-6, 1.5), ylim=(-0.15, 1.75), yticks=[0, 0.5, 1])
    ax.set(xlabel="variance of the direction, $s$", ylabel="share of the weight learned")
    ax.legend(loc="upper left")
    ratio = kappa / ridge
    above = int(np.sum(eigenvalues > kappa))
    return {"kappa": kappa, "above": above, "ratio": f"{ratio:,.0f}" if ratio > 10 else f"{ratio:.2f}"}


LEARNED_MODES = dict(
    name="learned-modes",
    title="What a sample teaches, direction by direction",
    readout=(
        "With n = {n} samples and λ = {ridge} the renormalized ridge is κ = {kappa:.3g}, {ratio} times λ. "
        "{above} of 600 directions have a variance above κ and are mostly learned."
    ),
    alt=(
        "Share of each true weight that is learned, against the variance of its direction on a logarithmic axis: "
        "simulated dots follow an S-shaped curve that crosses one half at the renormalized ridge kappa, far to "
        "the right of where the penalty alone would put it."
    ),
    caption=(
        "Average fitted weight divided by the true one, in groups of neighbouring directions (dots, ±2 standard "
        "errors, 30 draws, $d=600$), against the variance of the direction. Solid: $s/(s+\\kappa)$. Dotted: "
        "$s/(s+\\lambda)$, the penalty alone."
    ),
    presets={
        "interpolation": {"n": 100, "ridge": 1e-6},
        "penalty and fluctuations alike": {"n": 100, "ridge": 1e-2},
        "the penalty rules": {"n": 400, "ridge": 1e-1},
    },
    sweep="n",
    grab="n",
)


def over_draws(runs, samples) -> dict:
    """What ``learning_curve`` shows of simulations: for each n (draws, 3): training, test error, GCV."""
    mean = np.transpose([run.mean(axis=0) for run in runs])
    bar = np.transpose([2 * run.std(axis=0, ddof=1) / np.sqrt(len(run)) for run in runs])
    return {"n": samples, "train": mean[0], "train_bar": bar[0], "test": mean[1], "test_bar": bar[1], "gcv": mean[2]}


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


LEARNING_CURVE = dict(
    name="learning-curve",
    title="Predicted before any data are drawn",
    readout=(
        "At d = {d}, λ = {ridge}, σ² = {noise}: at n = d the test error is {at_peak:.3g} and {peak}; κ moves "
        "{susceptibility:.3g} times as fast as λ. At n = 600 the test error is {last:.3g}."
    ),
    alt=(
        "Training error, test error and its cross-validation estimate against the number of samples: simulated "
        "dots lie on the theoretical lines; with noise and a small penalty the test error peaks at n equal to d, "
        "where the susceptibility in the second panel peaks too."
    ),
    caption=(
        "Training and test error for $s_k=k^{-1.2}$: theory (lines) and simulation (dots, ±2 standard errors, 60 "
        "draws, at $n=d$ 300), with the test error estimated from the training data by generalized "
        "cross-validation (crosses). Second panel: the susceptibility $1/(1-\\gamma)$. The peak of double "
        "descent is a peak of the susceptibility."
    ),
    presets={
        "a sharp peak": {"ridge": 1e-6, "noise": 0.3},
        "no noise": {"noise": 0.0},
        "well regularized": {"ridge": 1e-1},
    },
    subplots=(1, 2),
    sweep="ridge",
)


def lottery(population: Population, replaced: float) -> Population:
    """What labels of variance one and no noise become when a share ``replaced`` is exchanged for unrelated ones."""
    kept = 1 - replaced
    return Population(population.eigenvalues, kept * population.coefficients, 1 - kept**2)


LABELS = {0.0: "True labels", 0.5: "Half of the labels random", 1.0: "Random labels"}
TARGETS = {0.1: "rough", 0.5: "medium", 1.0: "smooth"}


SHARES = {0.0: "true", 0.5: "half random", 1.0: "random"}


def options(values, names) -> dict:
    """Values under their names, or as numbers where they have none.

    >>> options([0.0, 0.25], SHARES)
    {'true': 0.0, '0.25': 0.25}
    """
    return {names.get(value, f"{value:g}"): value for value in values}


def called(replaced, source) -> str:
    """A share of replaced labels and a target in words.

    >>> called(1.0, 0.1), called(0.25, 0.7)
    ('Random labels, rough target', '25 % random labels, r = 0.7 target')
    """
    labels = LABELS.get(replaced, f"{100 * replaced:g} % random labels")
    return f"{labels}, {TARGETS.get(source, f'r = {source:g}')} target"


def labels_measured(runs, samples, at) -> dict:
    """What ``label_switch`` shows of simulations (n, draws, 3, ...): training, test error and κ, at one setting."""
    mean, bar = runs.mean(axis=1), 2 * runs.std(axis=1, ddof=1) / np.sqrt(runs.shape[1])
    (train, test, _), (train_bar, test_bar, _) = (part[:, :, *at].T for part in (mean, bar))
    kappa = runs[:, 0, 2, *at]  # from one matrix, not an average
    return {"n": samples, "kappa": kappa, "train": train, "train_bar": train_bar, "test": test, "test_bar": test_bar}


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


LABEL_SWITCH = dict(
    name="label-switch",
    title="The label switch",
    readout=(
        "{what}, λ = {ridge}. At n = 100, κ = {kappa:.4f} and γ = {gamma:.3f} whatever the labels; the training "
        "error is {train:.2g}, the test error {test:.3g} (always predicting zero: 1)."
    ),
    alt=(
        "Two panels against the number of samples. In the first, kappa and gamma, which do not change when "
        "labels or target are switched. In the second, training and test error: with true labels the test error "
        "falls as n grows; with random labels it stays above one, although up to n equal to d the training error "
        "is as small as before."
    ),
    caption=(
        "First panel: $\\kappa$ from the equation (line) and measured from one data matrix without labels "
        "(crosses); $\\gamma$. Second: training and test error, theory and simulation (30 draws, ±2 standard "
        "errors). $d=200$, $s_k=k^{-1.2}$, target energies $k^{-1-2.4r}$ with $r$ = 0.1 (rough), 0.5 or 1 "
        "(smooth); the vertical line marks $n=d$."
    ),
    presets={
        "memorize the truth": {"labels": 0.0, "source": 1.0, "ridge": 1e-5},
        "a truth that is hard to see": {"labels": 0.0, "source": 0.1, "ridge": 1e-5},
        "memorize noise": {"labels": 1.0, "ridge": 1e-5},
    },
    subplots=(1, 2),
    sweep="labels",
)


def _samples_axis(ax, limits, ticks) -> None:
    ax.set(xscale="log", yscale="log", xlim=limits, xlabel="samples, $n$")
    ax.set_xticks(ticks, labels=[str(n) for n in ticks])
    ax.minorticks_off()
