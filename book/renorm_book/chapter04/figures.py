"""Figures of chapter 4, ridge regression: the notebook computes, these functions draw."""

import numpy as np

from renorm import optimal_ridge, ridge_risk
from renorm_book.style import dots, line

__all__ = ["detector", "filters", "selection", "trade_off"]

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
