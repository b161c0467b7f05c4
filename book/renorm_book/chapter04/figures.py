"""Figures of chapter 4, ridge regression: the notebook computes, these functions draw."""

import numpy as np

from renorm import optimal_ridge, ridge_risk
from renorm_book.style import dots, line

__all__ = [
    "CHOOSING_LAMBDA",
    "BIAS_VARIANCE",
    "FILTER_FACTORS",
    "ZERO_DETECTOR",
    "detector",
    "filters",
    "selection",
    "trade_off",
]

RIDGE_AXIS = "ridge per sample, $\\lambda$"


def detector(axes, study, ridges, n, ridge) -> dict:
    """The weights of one fit as a picture; training and test error against the ridge, with a mark at ``ridge``.

    study   n -> dict with weights (len(ridges), 64), and test, test_bar, train, train_bar, wrong, each (len(ridges),)
    """
    found, i = study[n], int(np.argmin(np.abs(np.log(ridges / ridge))))
    picture, curves = axes
    weights = found["weights"][i].reshape(8, 8)
    largest = float(np.abs(weights).max())
    picture.imshow(weights, cmap="PuOr_r", vmin=-largest, vmax=largest)
    picture.set_axis_off()
    picture.set_title("64 weights: orange says “zero”,\npurple says “not zero”")
    for name, label in (("test", "new images"), ("train", "training images")):
        curves.plot(ridges, found[name], **line(name, linewidth=1, label=None))
        curves.errorbar(ridges, found[name], yerr=found[f"{name}_bar"], **dots(name, label=label))
    curves.axvline(ridge, color="0.45", linewidth=1, gid="grab:ridge")
    curves.set(xscale="log", yscale="log", xlim=(5e-7, 20), ylim=(0.008, 8))
    curves.set(xlabel=RIDGE_AXIS, ylabel="mean squared error")
    curves.legend(loc="upper right")
    return {
        "largest": largest,
        "test": float(found["test"][i]),
        "train": float(found["train"][i]),
        "wrong": 100 * float(found["wrong"][i]),
    }


ZERO_DETECTOR = dict(
    name="zero-detector",
    title="What the weights look like, and how well they judge",
    readout=(
        "With n = {n} pictures and λ = {ridge} the largest weight is {largest:.2f}; mean squared error "
        "{train:.3f} on the training pictures, {test:.3f} on new ones, where {wrong:.1f} % of the answers are "
        "wrong."
    ),
    alt=(
        "First panel: the 64 weights as a picture; at tiny ridge single border pixels stand out, at moderate "
        "ridge a ring around a dark centre appears. Second panel: training error rises steadily with the ridge "
        "while the test error falls by a factor of ten and then rises."
    ),
    caption=(
        "Dots are means over 100 draws of the training pictures, bars ±2 standard errors. The weights are those "
        "of the first draw."
    ),
    presets={
        "almost no ridge": {"ridge": 1e-6},
        "best for n = 60": {"n": 60, "ridge": 0.03},
        "far too much": {"ridge": 10.0},
    },
    subplots={"nrows": 1, "ncols": 2, "width_ratios": [1, 1.5]},
    sweep="ridge",
    grab="ridge",
)


def filters(ax, variances, n, strength, convention) -> dict:
    """The share of each direction that ridge keeps, against the variance of the data along that direction.

    variances    n -> the sample variances along the directions
    convention   "per sample" (strength is lambda) or "sum" (strength is scikit-learn's alpha = n lambda)
    """
    ridge = strength if convention == "per sample" else strength / n
    v = np.geomspace(1e-5, 5, 200)
    ax.plot(v, v / (v + ridge), **line("kappa", linestyle="-", linewidth=1.4))
    seen = variances[n][variances[n] > 1e-5]
    ax.plot(seen, seen / (seen + ridge), **dots("true labels", markeredgecolor="black", markeredgewidth=0.5))
    ax.axvline(ridge, color="0.45", linewidth=1, gid="grab:strength")
    ax.annotate("half is kept where\nthe variance equals $\\lambda$", (ridge, 0.5), (1.4e-5, 0.68), fontsize=10.2)
    ax.set(xscale="log", xlim=(1e-5, 5), ylim=(-0.03, 1.05))
    ax.set(xlabel="variance of the data along a direction, $\\hat s$", ylabel="share kept, $f$")
    return {"ridge": ridge, "directions": len(seen), "kept": float(np.sum(seen / (seen + ridge)))}


FILTER_FACTORS = dict(
    name="filter-factors",
    title="What ridge keeps of each direction",
    readout=(
        "With n = {n} pictures the threshold lies at λ = {ridge}: ridge keeps the equivalent of {kept:.1f} of "
        "the {directions} directions in which the pictures vary."
    ),
    alt=(
        "An S-shaped curve over the variance of the data on a logarithmic axis: directions of variance far above "
        "lambda are kept whole, far below are dropped, half is kept at lambda. In the sum convention the curve "
        "moves left as n grows; in the per-sample convention it stays."
    ),
    caption="Dots: the directions of the digit pictures. Compare n = 20 with n = 1000 in both conventions.",
    presets={
        "λ = 0.1, n = 20": {"n": 20, "strength": 0.1, "convention": "per sample"},
        "λ = 0.1, n = 1000": {"n": 1000, "strength": 0.1, "convention": "per sample"},
        "α = 1, n = 20": {"n": 20, "strength": 1.0, "convention": "sum"},
        "α = 1, n = 1000": {"n": 1000, "strength": 1.0, "convention": "sum"},
    },
    grab="strength",
)


def trade_off(ax, measured, population, ridges, n, ridge) -> dict:
    """Bias, variance, noise, training and test error against the ridge: theory lines, measured dots, a mark.

    measured   concept -> (mean, bar), each (len(ridges),)
    """
    fine = np.geomspace(1e-3, 10, 81)
    curve, here = ridge_risk(population, n, fine), ridge_risk(population, n, ridge)
    for name in ("bias", "variance", "train", "test"):
        ax.plot(fine, getattr(curve, name), **line(name))
        ax.errorbar(ridges, measured[name][0], yerr=measured[name][1], **dots(name))
    ax.plot([1e-3, 10], [population.noise_variance] * 2, **line("noise"))
    best = float(optimal_ridge(population, n))
    ax.axvline(best, ymax=0.9, color="0.45", linewidth=1, linestyle=":")
    ax.text(best, 2.29, "best $\\lambda$", ha="center", fontsize=10.2)
    ax.axvline(ridge, color="0.45", linewidth=1, gid="grab:ridge")
    ax.set(xscale="log", xlim=(1e-3, 10), ylim=(0, 2.5), xlabel=RIDGE_AXIS, ylabel="error")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=1.2)
    return {"best": best} | {name: float(getattr(here, name)) for name in ("bias", "variance", "train", "test")}


BIAS_VARIANCE = dict(
    name="bias-variance",
    title="Ridge trades variance for bias",
    readout=(
        "At n = {n}, d = {d}, λ = {ridge}: bias {bias:.2f} + variance {variance:.2f} + noise 0.5 = test error "
        "{test:.2f}; training error {train:.2f}. The best λ is {best:.3g}."
    ),
    alt=(
        "Against the ridge the variance falls and the bias rises; their sum with the noise, the test error, has "
        "its minimum between. The training error only rises."
    ),
    caption=(
        "Lines: theory for large n and d. Dots: 40 pairs of independent training sets, bars ±2 standard errors. "
        "Signal 1, noise 0.5."
    ),
    presets={
        "as many samples as dimensions": {"n": 100, "d": 100, "ridge": 0.001},
        "four times the data": {"n": 400, "d": 100, "ridge": 0.1},
    },
    grab="ridge",
)


def selection(ax, found, ridges) -> dict:
    """Leave-one-out and GCV, computed on the training sample alone, beside the test error of the same fits.

    found   dict with loo, gcv, test, each (len(ridges),)
    """
    chosen, best = int(np.argmin(found["gcv"])), int(np.argmin(found["test"]))
    ax.plot(ridges, found["test"], **line("test", label="test error"), marker="o")
    ax.plot(ridges, found["gcv"], color="black", linewidth=1.4, label="GCV")
    ax.plot(ridges, found["loo"], "s", color="black", markerfacecolor="none", label="leave-one-out")
    ax.axvline(ridges[chosen], ymax=0.93, color="0.45", linewidth=1)
    side = "left" if ridges[chosen] < 1e-5 else "center"
    ax.text(ridges[chosen], 4.2, "GCV’s choice", ha=side, fontsize=10.2)
    ax.set(xscale="log", yscale="log", xlim=(5e-7, 20), ylim=(0.06, 5), xlabel=RIDGE_AXIS, ylabel="mean squared error")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=1.2)
    return {
        "chosen": float(ridges[chosen]),
        "reached": float(found["test"][chosen]),
        "possible": float(found["test"][best]),
        "best": float(ridges[best]),
    }


CHOOSING_LAMBDA = dict(
    name="choosing-lambda",
    title="Choosing λ from the training pictures alone",
    readout=(
        "From {n} training pictures alone GCV chooses λ = {chosen}. The test error there is {reached:.3f}; the "
        "best λ for this fit, {best}, would give {possible:.3f}."
    ),
    alt=(
        "Leave-one-out and generalized cross-validation, computed from the training pictures only, follow the "
        "test error on new pictures and have their minimum near the same ridge."
    ),
    caption="One training sample at a time. The test error is measured on all other pictures.",
    sweep="which",
)
