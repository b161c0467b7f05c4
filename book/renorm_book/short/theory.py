"""Figures of the short version in which a theory is a line: the mountain, κ in the spectrum, real pictures."""

from functools import cache

import numpy as np

from renorm import learning_curve, power_law, random_feature_risk, renormalized_ridge, ridge_path, sample
from renorm.experiments.random_features import random_feature_experiment
from renorm_book.chapter10 import measurements
from renorm_book.chapter10.figures import CONCEPT, lottery
from renorm_book.short.figures import GUESSING, legend_above
from renorm_book.style import dots, line

# ---- 4. the mountain, and why more is better
SIZES, MOUNTAIN_RIDGES, NOISES = (50, 100, 200), (0.0, 1e-3, 1e-2), (0.0, 0.1, 0.5)
WIDTHS = (5, 10, 25, 40, 70, 90, 100, 110, 140, 200, 300, 500, 1000)
TRIALS = 20


def task(noise: float):
    """400 inputs of falling variance, a rule that lives mostly in the strong ones, and noise in the labels."""
    return power_law(400, capacity=1.2, source=0.5, signal=1.0, noise_variance=noise)


@cache
def simulated(n: int, noise: float) -> list:
    """Errors of ridge regression on n samples and each of WIDTHS random features."""
    return [random_feature_experiment(task(noise), n, N, MOUNTAIN_RIDGES, trials=TRIALS, seed=0) for N in WIDTHS]


@cache
def best_ridge(n: int, noise: float, widths: tuple) -> np.ndarray:
    """Test error at the best ridge for every width."""
    return random_feature_risk(task(noise), n, np.array(widths)[:, None], np.geomspace(1e-6, 10, 80)).test.min(axis=1)


def mountain(ax, n, ridge, noise) -> dict:
    """Test error against the number of weights at fixed data, with its two parts; theory and simulation."""
    near = [n * f for f in (0.85, 0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1, 1.2)]
    widths = np.unique(np.r_[np.geomspace(5, 2000, 50), near])
    risk = random_feature_risk(task(noise), n, widths, ridge)
    top = 30.0
    missed = risk.bias + risk.variance_data + risk.variance_features + risk.variance_interaction
    ax.plot(widths, np.minimum(missed, top), **line("bias", label="rule missed"))
    if noise:
        ax.plot(widths, np.minimum(risk.variance_noise, top), **line("variance", label="noise learned"))
    ax.plot(
        widths,
        best_ridge(n, noise, tuple(widths)),
        color="0.35",
        linewidth=1.3,
        linestyle=(0, (1, 1.5)),
        label="best ridge",
    )
    ax.plot(widths, np.minimum(risk.test, top), **line("test", label="test error"))
    i, found = MOUNTAIN_RIDGES.index(ridge), simulated(n, noise)
    shown = [k for k, N in enumerate(WIDTHS) if (ridge > 0 or abs(np.log(N / n)) > 0.12) and N > 5]
    means, bars = (np.array([getattr(found[k], name)[i] for k in shown]) for name in ("test", "test_se"))
    ax.errorbar(np.array(WIDTHS)[shown], means, yerr=2 * bars, **dots("test"))
    ax.axvline(n, color="0.55", linewidth=1, label="_as many")
    ax.text(n * 1.06, 7, f"N = n = {n}", va="center")
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(5, 2000),
        ylim=(0.008, 10),
        xlabel="weights of the model, $N$",
        ylabel="squared error",
    )
    ax.set_xticks([10, 100, 1000], ["10", "100", "1,000"])
    ax.set_yticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    legend_above(ax, 2)
    small, large = (
        random_feature_risk(task(noise), n, np.arange(5, 0.9 * n), ridge).test,
        random_feature_risk(task(noise), n, [n, 2000.0], ridge).test,
    )
    return {
        "valley": float(small.min()),
        "peak": float(large[0]),
        "wide": float(large[1]),
        "best": float(best_ridge(n, noise, (2000.0,))[0]),
    }


# ---- 6. κ walks down the spectrum
COUNTS, KAPPA_RIDGES = (25, 50, 100, 200, 400), (1e-6, 1e-3, 1e-2, 1e-1)
DIRECTIONS, DRAWS = 600, 30
EDGES = np.unique(np.geomspace(1, DIRECTIONS + 1, 13).round().astype(int)) - 1


@cache
def shares(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Share of each true weight that is found in n samples, by groups of directions: means, errors (ridges, groups)."""
    rng, population = np.random.default_rng(n), power_law(DIRECTIONS, 1.2, source=0.5)
    found = [ridge_path(*sample(population, n, rng), KAPPA_RIDGES) / population.coefficients for _ in range(DRAWS)]
    grouped = np.add.reduceat(found, EDGES[:-1], axis=2) / np.diff(EDGES)
    return grouped.mean(axis=0), grouped.std(axis=0, ddof=1) / np.sqrt(DRAWS)


def spectrum(axes, n, ridge) -> dict:
    """First: the variances of 600 directions, cut by κ. Second: the share of each that is learned."""
    variances, learned = axes
    s, k = np.arange(1, DIRECTIONS + 1.0) ** -1.2, np.arange(1, DIRECTIONS + 1)
    kappa = float(renormalized_ridge(s, n, ridge))
    above = int(np.sum(s > kappa))
    variances.plot(k, s, **line("noise", linestyle="-", label="_variance"))
    variances.axhline(kappa, **line("kappa", linewidth=1.6, label="_kappa", gid="grab:n"))
    variances.text(1.15, kappa * 0.75, "$\\kappa$", va="top")
    variances.set(yscale="log", ylim=(1e-4, 2), ylabel="variance", yticks=[1e-4, 1e-2, 1])
    mean, error = (part[KAPPA_RIDGES.index(ridge)] for part in shares(n))
    middles = np.sqrt((EDGES[:-1] + 1) * EDGES[1:])
    learned.plot(k, s / (s + kappa), **line("kappa", linestyle="-", label="_theory"))
    learned.errorbar(middles, mean, yerr=2 * error, **dots("true labels", color="#0072B2", label="_simulated"))
    learned.set(ylim=(-0.1, 1.1), yticks=[0, 0.5, 1], ylabel="share learned", xlabel="direction, strongest first")
    for ax in axes:
        ax.axvspan(0.9, max(above, 0.9), color="#000000", alpha=0.08, linewidth=0, label="_above")
        ax.set(xscale="log", xlim=(0.9, 660))
    variances.set_xticks([1, 10, 100, 600], [])
    learned.set_xticks([1, 10, 100, 600], ["1", "10", "100", "600"])
    for ax in axes:
        ax.minorticks_off()
    return {
        "kappa": kappa,
        "above": above,
        "ratio": f"{kappa / ridge:,.0f}" if kappa > 10 * ridge else f"{kappa / ridge:.2f}",
    }


# ---- 7. what decides, and 8. predicted
def above_kappa(ax, n, pictures) -> dict:
    """How much of the labels' energy lies in the strongest directions of 2,000 pictures, and where κ cuts."""
    population = measurements.kept_population(pictures, "gaussian")
    s, v, size = population.eigenvalues, population.energies, population.dimension
    kappa = float(learning_curve(population, n, 0.0).kappa)
    above = int(np.sum(s > kappa))
    k = np.unique(np.geomspace(1, size, 90).round().astype(int))
    true, even = np.cumsum(v) / v.sum(), np.arange(1, size + 1) / size
    ax.axvspan(0.8, above, color="#000000", alpha=0.08, linewidth=0, label="_above")
    ax.plot(k, true[k - 1], **line("true labels"))
    ax.plot(k, even[k - 1], **line("random labels"))
    ax.plot(
        [above, above], [even[above - 1], true[above - 1]], "o", color="black", markersize=7, label="_cut", gid="grab:n"
    )
    ax.text(above * 1.12, 1.04, "$\\kappa$", va="bottom")
    ax.axvline(above, color="black", linewidth=1, linestyle=(0, (7, 2)), label="_kappa")
    ax.set(
        xscale="log",
        xlim=(0.8, size * 1.25),
        ylim=(0, 1.15),
        yticks=[0, 0.5, 1],
        xlabel="directions, strongest first",
        ylabel="share of the labels",
    )
    ax.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    legend_above(ax, 2)
    return {
        "above": above,
        "size": size,
        "true": float(true[above - 1]),
        "random": float(even[above - 1]),
        "kappa": kappa,
    }


def predicted(ax, labels, pictures, kernel) -> dict:
    """Error on new pictures against the number of training pictures: predicted, measured, and by leave-one-out."""
    samples = np.array(measurements.SAMPLES)
    fine = np.unique(np.geomspace(16, 1000, 50).round().astype(int))
    found = measurements.kept(pictures, kernel)
    kind = measurements.LABELS.index(labels)
    curve = learning_curve(lottery(measurements.kept_population(pictures, kernel), labels), fine, 0.0)
    ax.plot(fine, curve.held_out, **line(CONCEPT[labels], linestyle="-", label="predicted"))
    honest = [found[n]["loo"][:, kind].mean() for n in samples]
    ring = {"markersize": 12, "markerfacecolor": "none", "markeredgewidth": 1.6, "color": "black"}
    ax.plot(samples, honest, **dots("test", label="left out") | ring)
    error = np.array([measurements.mean_and_error(found[n]["error"])[:, kind] for n in samples])
    ax.errorbar(
        samples,
        error[:, 0],
        yerr=2 * error[:, 1],
        **dots(CONCEPT[labels], color="black", markersize=4, marker="o", label="measured"),
    )
    ax.axhline(1, **GUESSING, label="_zero")
    ax.text(980, 1.03, "always answering zero", color="0.35", ha="right", va="bottom")
    ax.set(
        xscale="log",
        yscale="log",
        xlim=(13, 1200),
        ylim=(0.05, 2.2),
        xlabel="training pictures, $n$",
        ylabel="squared error, new pictures",
    )
    ax.set_xticks([16, 64, 250, 1000], ["16", "64", "250", "1,000"])
    ax.set_yticks([0.05, 0.1, 0.2, 0.5, 1, 2], ["0.05", "0.1", "0.2", "0.5", "1", "2"])
    ax.minorticks_off()
    legend_above(ax)
    at = {n: float(np.interp(n, fine, curve.held_out)) for n in (250,)}
    slope = np.polyfit(np.log(samples[1:5]), np.log(error[1:5, 0]), 1)[0]
    return {
        "theory": at[250],
        "measured": float(error[4, 0]),
        "bar": 2 * float(error[4, 1]),
        "slope": float(slope),
    }
