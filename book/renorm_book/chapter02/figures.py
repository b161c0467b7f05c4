"""Figures of the chapter on bounds: their draw functions, and the simulations they look up, each computed once."""

from functools import cache, partial

import numpy as np
from tqdm import tqdm

from renorm import gaussian_kernel, load_images
from renorm.theory.bounds import (
    ball_complexity,
    ball_fit,
    margin_bound,
    pac_bayes_bound,
    ridge_stability,
    span_complexity,
    span_fit,
)
from renorm_book.style import CONCEPTS, dots, line

CHANCE = {"color": "0.5", "alpha": 0.16, "linewidth": 0}


def mean_and_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the first axis and its standard error."""
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))


# ------------------------------------------------------------------------------------------- coin flips fitted

SAMPLES = (16, 32, 64, 128, 256)
DIMENSIONS = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


@cache
def coin_fits(n: int, draws: int = 12, flips: int = 16) -> dict:
    """Fits of coin flips over DIMENSIONS, inputs N(0, 1/d): (mean, s.e.) of the span and of the ball of norm 1."""
    rng = np.random.default_rng(n)
    span, ball = np.empty((draws, len(DIMENSIONS))), np.empty((draws, len(DIMENSIONS)))
    for t in range(draws):
        for j, d in enumerate(DIMENSIONS):
            X = rng.standard_normal((n, d)) / np.sqrt(d)
            signs = rng.choice([-1.0, 1.0], (n, flips))
            span[t, j], ball[t, j] = span_fit(X, signs).mean(), ball_fit(X, signs, 1).mean()
    return {"span": mean_and_error(span), "ball": mean_and_error(ball)}


def rademacher_meter(ax, n, d, norm):
    """Rademacher complexity against the dimension: all linear functions, and those of bounded norm."""
    grid = np.geomspace(2, 1024, 145)
    ax.axhspan(0.5, 1.3, **CHANCE)
    ax.text(2.2, 1.2, "the bound says nothing", color="0.35", va="center")
    ax.plot(grid, np.sqrt(np.minimum(grid, n) / n), **line("random labels", linestyle="-", label="any weights"))
    ax.plot(grid, np.full_like(grid, ball_complexity(n, norm)), **line("random labels", label="norm at most B"))
    for kind, marker, scale in (("span", "P", 1), ("ball", "o", norm)):
        mean, error = coin_fits(n)[kind]
        look = dots("random labels", marker=marker, capsize=2, label=f"_{kind}")
        ax.errorbar(DIMENSIONS, scale * mean, yerr=2 * scale * error, **look)
    ax.axvline(n, color="0.5", linewidth=1, linestyle=":", label="_n", gid="grab:n")
    ax.text(n, 0.05, "  d = n  ", color="0.35", ha="right" if n > 100 else "left")
    here = {"span": float(span_complexity(n, d)), "ball": float(ball_complexity(n, norm))}
    ax.plot(
        [d, d], list(here.values()), "o", color="black", markersize=7, fillstyle="none", label="_here", gid="grab:d"
    )
    ax.set(xscale="log", xlim=(2, 1024), ylim=(0, 1.3), xlabel="number of weights, $d$")
    ax.set_xticks([2, 8, 32, 128, 512], ["2", "8", "32", "128", "512"])
    ax.set_ylabel("coin flips fitted, $\\hat{R}_n$")
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 0.1))
    return here


RADEMACHER_METER = dict(
    name="rademacher-meter",
    title="A meter made of coins",
    readout=(
        "With n = {n} inputs and d = {d} weights, unrestricted linear functions reach {span:.2f} of a perfect "
        "fit of coin flips; those of norm at most {norm} reach {ball:.2f}. At 0.5 the bound promises nothing."
    ),
    alt=(
        "Coin flips fitted against the number of weights. For unrestricted weights the fit rises as the root of "
        "d/n and is perfect from d = n on; for weights of bounded norm it is a horizontal line, whatever the "
        "dimension."
    ),
    caption=(
        "How well linear functions fit $n$ coin flips. Lines: the upper bounds √($d/n$), 1, $B$/√$n$; dots: "
        "simulated means with two standard errors. In the grey region the error bound exceeds 1 and promises "
        "nothing."
    ),
    presets={
        "where the bound stops": dict(n=64, d=16, norm=4),
        "d = n": dict(n=64, d=64, norm=4),
        "many weights, small norm": dict(n=256, d=1024, norm=2),
    },
    grab=["n", "d"],
)


# ------------------------------------------------------------------------------------ a norm bound on real digits

TASKS = {"0 against 1": (0, 1), "3 against 8": (3, 8), "4 against 9": (4, 9)}
SIZES = (80, 160, 320, 640, 1280)
CORRUPTIONS = np.linspace(0, 1, 11)
RIDGES = (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
WIDTH = 5.0


kernel = partial(gaussian_kernel, bandwidth=WIDTH)


@cache
def digit_pair(task: str):
    """Two classes of MNIST as labels +1 and -1: (training inputs, labels, test inputs, labels)."""
    data = load_images("mnist")
    parts = []
    for inputs, labels in ((data.train_inputs, data.train_labels), (data.test_inputs, data.test_labels)):
        kept = np.isin(labels, TASKS[task])
        parts += [inputs[kept], np.where(labels[kept] == TASKS[task][0], 1.0, -1.0)]
    return tuple(parts)


def corrupted(y, draws: int, rng) -> np.ndarray:
    """y with each sign redrawn by a coin with probability p: (CORRUPTIONS, n, draws); more p only adds redrawn ones."""
    chance, coin = rng.random((len(y), draws)), rng.choice([-1.0, 1.0], (len(y), draws))
    return np.where(chance < CORRUPTIONS[:, None, None], coin, y[:, None])


def _bound_and_error(task: str, n: int, draws: int = 4) -> dict:
    """Over (ridge, corruption, draw): both bounds and the test error, all for labels corrupted the same way."""
    X, y, *test = digit_pair(task)
    X_test, y_test = (np.concatenate([part, more[SIZES[-1] :]]) for part, more in zip(test, (X, y), strict=True))
    s, U = np.linalg.eigh(kernel(X[:n]))
    cross = kernel(X_test, X[:n]) @ U
    labels = corrupted(y[:n], draws, np.random.default_rng(n))
    seen = np.einsum("ij,pit->pjt", U, labels)
    shape = (len(RIDGES), len(CORRUPTIONS), draws)
    ramp, norm, clean, pac_bayes = (np.empty(shape) for _ in range(4))
    for r, ridge in enumerate(RIDGES):
        dual = seen / (s + n * ridge)[:, None]
        fitted = np.einsum("ij,pjt->pit", U, s[:, None] * dual)
        ramp[r] = np.clip(1 - labels * fitted, 0, 1).mean(axis=1)
        norm[r] = np.sqrt(np.sum(s[:, None] * dual**2, axis=1))
        clean[r] = np.mean(y_test[:, None] * (cross @ dual) <= 0, axis=1)
        margins = np.clip(labels * fitted / norm[r][:, None], -1, 1)  # every input has length 1
        pac_bayes[r] = pac_bayes_bound(margins.transpose(1, 0, 2))
    wrong = (CORRUPTIONS / 2)[:, None]
    error = wrong + (1 - 2 * wrong) * clean
    found = {"bound": margin_bound(ramp, norm, n), "pac_bayes": pac_bayes, "error": error, "norm": norm}
    return found | {"tests": len(X_test)}


@cache
def bound_and_error(task: str) -> dict:
    """``_bound_and_error`` for every size, by n."""
    return {n: _bound_and_error(task, n) for n in tqdm(SIZES, desc=f"digits, {task}", leave=False)}


def norm_bound(ax, n, ridge, task):
    """Bounds from the norm and from the margins, and the test error, against label corruption; two kinds of digits."""
    found, r = bound_and_error(task)[n], RIDGES.index(ridge)
    ax.axhspan(0.5, 1.5, **CHANCE)
    ax.text(0.98, 0.56, "no better than a coin", color="0.35", va="center", ha="right")
    looks = {
        "bound": {"color": "black", "marker": "X", "linestyle": "-", "label": "norm bound"},
        "pac_bayes": {"color": "black", "marker": "v", "linestyle": ":", "fillstyle": "none", "label": "PAC-Bayes"},
        "error": dots("test", linestyle="-", label="test error"),
    }
    mean = {}
    for name, look in looks.items():
        mean[name], spread = mean_and_error(found[name][r].T)
        ax.errorbar(CORRUPTIONS, mean[name], yerr=2 * spread, capsize=2, **look)
    ax.set(xlim=(-0.02, 1.02), ylim=(0, 1.5), xlabel="share of labels drawn by a coin, $p$", ylabel="error")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2, columnspacing=1.2)
    at_zero = {name: values[0] for name, values in mean.items()}
    return at_zero | {"noisy": mean["bound"][-1], "norm": found["norm"][r].mean(axis=1)[0]}


NORM_BOUND = dict(
    name="norm-bound",
    title="A bound that sees the labels",
    readout=(
        "{task}, n = {n}, λ = {ridge}: with true labels the learned function has norm {norm:.1f}; the bound "
        "guarantees an error below {bound:.2f}, PAC-Bayes below {pac_bayes:.2f}; measured: {error:.1%}. With all "
        "coins the first says {noisy:.2f}."
    ),
    alt=(
        "The norm-based bound and the PAC-Bayes bound rise with the share of labels drawn by a coin. For an easy "
        "pair of digits and many samples they lie below one half for true labels, far above the measured error "
        "but not empty; for coins they exceed one."
    ),
    caption=(
        "Two guarantees for the learned function, from its norm and from its margins, and measured error on test "
        "labels corrupted in the same way. MNIST digits, Gaussian kernel of width 5; four draws of the coins, "
        "two standard errors."
    ),
    presets={
        "a promise": dict(n=1280, ridge=1e-3, task="0 against 1"),
        "interpolation": dict(n=1280, ridge=0.0, task="3 against 8"),
    },
)


# ---------------------------------------------------------------------------------------------- stability of ridge

STABILITY_RIDGES = np.geomspace(1e-4, 1, 9)
STABILITY_SIZES = (50, 100, 200, 400)
STABILITY_TASK = "0 against 1"


def left_out_change(K, y, ridge) -> np.ndarray:
    """f(x_i) - f without sample i (x_i) for every i, from one inverse; the sum form nλ of the ridge is kept.

    With A = K + nλ and α = A⁻¹ y the left-out residual is α_i / (A⁻¹)_ii, the other nλ α_i. y : (n,) or (n, draws).
    """
    penalty = len(K) * ridge
    inverse = np.linalg.inv(K + penalty * np.eye(len(K)))
    dual = inverse @ y
    return (dual.T / np.diag(inverse)).T - penalty * dual


@cache
def measured_stability(n: int, draws: int = 4) -> np.ndarray:
    """Change at x_i when sample i is left out, mean and largest over i: (2, ridges, corruptions, draws)."""
    X, y, _, _ = digit_pair(STABILITY_TASK)
    K, labels = kernel(X[:n]), corrupted(y[:n], draws, np.random.default_rng(n))
    columns = labels.transpose(1, 0, 2).reshape(n, -1)
    changes = [np.abs(left_out_change(K, columns, ridge)) for ridge in STABILITY_RIDGES]
    shape = (len(STABILITY_RIDGES), len(CORRUPTIONS), draws)
    return np.array([np.reshape([over(change, axis=0) for change in changes], shape) for over in (np.mean, np.max)])


def stability(ax, n, corruption):
    """Uniform stability bound of ridge, and the changes measured with true and with corrupted labels."""
    p = int(np.argmin(np.abs(CORRUPTIONS - corruption)))
    (found, largest), bound = measured_stability(n), ridge_stability(n, STABILITY_RIDGES)
    ax.plot(STABILITY_RIDGES, bound, color="black", linestyle="-", label="bound on the largest, any labels")
    for place, look, words in ((p, "random labels", "mean, corrupted labels"), (0, "true labels", "mean, true labels")):
        mean, error = mean_and_error(found[:, place].T)
        ax.errorbar(STABILITY_RIDGES, mean, yerr=2 * error, **dots(look, linestyle="-", capsize=2, label=words))
    look = {"color": CONCEPTS["random labels"].color, "marker": "^", "fillstyle": "none", "linestyle": "none"}
    ax.plot(STABILITY_RIDGES, largest[:, p].mean(axis=1), **look, label="largest, corrupted labels")
    ax.set(xscale="log", yscale="log", xlim=(7e-5, 1.4), ylim=(1e-3, 1e5))
    ax.set(xlabel="ridge, $\\lambda$", ylabel="change when a sample is left out")
    ax.minorticks_off()
    ax.legend(loc="upper right")
    return {"bound": bound[0], "true": found[0, 0].mean(), "random": found[0, p].mean(), "most": largest[0, p].mean()}


STABILITY = dict(
    name="stability",
    title="Uniform stability never sees the labels",
    readout=(
        "With {n} digits and λ = 0.0001, leaving a sample out moves its prediction by {true:.2f} on average for "
        "true labels, by {random:.2f} with {corruption} coin flips ({most:.1f} at most); the bound is "
        "{bound:,.0f} for both."
    ),
    alt=(
        "The uniform bound falls with the ridge whatever the labels; at the smallest it is three to five decades "
        "above the changes. The measured change is small for true labels and grows with the share of labels "
        "drawn by a coin."
    ),
    caption=(
        "Change of the prediction at a training point when that point is left out, against the ridge: means over "
        "the points (two standard errors over four draws of the coins), the largest, and the bound, which is on "
        "the largest. MNIST, 0 against 1, Gaussian kernel."
    ),
    presets={"true labels": dict(corruption=0.0), "all coins": dict(corruption=1.0)},
)
