"""Figures of chapter 11 about kernels: a map of what fitted noise costs, and wrong labels on pictures."""

from functools import lru_cache

import numpy as np

from renorm import Population, ridge_risk
from renorm.theory.endless import endless_power_law
from renorm_book.chapter11.figures import GREY
from renorm_book.chapter11.noise import pool_costs
from renorm_book.style import dots, legend_above, line, ticks

__all__ = ["IMAGES", "MAP", "images", "regimes", "squared_errors"]

MAP = dict(
    name="map-of-regimes",
    readout="Laplace kernel on a sphere of dimension {D}: variances fall as k to the power −{alpha:.2f}. With n = {n} "
    "and {words} fitted noise costs {seen:.3f}; a Gaussian world with the kernel's spectrum would pay {law:.3f}.",
    title="A map of what noise costs",
    grab="n",
    alt="First panel: a map over the decay of the spectrum and the decay of the penalty. Where the penalty falls more "
    "slowly than the spectrum, noise costs little; elsewhere it costs the more the steeper the spectrum is. Second "
    "panel: the cost for a Laplace kernel on a sphere, measured and predicted, against the number of samples; they "
    "differ by a third on a circle and hardly in ten dimensions.",
    caption="First panel: cost in Gaussian worlds with variances $k^{-\\alpha}$ and penalty $n^{-\\ell}$; contours at "
    "0.1, 0.3, 1 and 2; on the dashed line $\\ell=\\alpha$. Second panel: dots, measured with the kernel itself, bars "
    "±2 standard errors; line: a Gaussian world with its spectrum.",
    presets={
        "a circle": {"D": 1, "n": 200, "decay": 4.0},
        "ten dimensions": {"D": 10, "n": 200, "decay": 4.0},
        "a good penalty": {"D": 1, "n": 200, "decay": 0.5},
    },
    subplots=(1, 2),
)
ALPHAS, DECAYS = np.linspace(1.05, 3.5, 26), np.linspace(0.2, 4.0, 25)


@lru_cache
def _plane(n) -> np.ndarray:
    """The cost in endless power laws whose variances sum to one, with the penalty n^-decay: (decays, alphas)."""
    values = np.empty((DECAYS.size, ALPHAS.size))
    for i, alpha in enumerate(ALPHAS):
        world = endless_power_law(4000, float(alpha), 0.5)
        total = world.population.trace + world.tail
        spectrum = Population(world.population.eigenvalues / total, np.zeros(4000), 1.0)
        penalties = float(n) ** -DECAYS + world.tail / total / n
        values[:, i] = ridge_risk(spectrum, n, penalties).susceptibility - 1
    return values


def regimes(axes, measured, spectrum, D, n, decay) -> dict:
    """Map over α and ℓ at n, and the cost of the Laplace kernel in D dimensions.

    measured  n -> (mean, standard error) at this decay; spectrum: eigenvalues of a Gram matrix of many points
    """
    plane, curve = axes
    alpha = 1 + 1 / D
    plane.contour(ALPHAS, DECAYS, _plane(n), levels=[0.1, 0.3, 1.0, 2.0], colors=["0.7", "0.55", "0.35", "0"])
    plane.plot([1.05, 3.5], [1.05, 3.5], color="#D55E00", linestyle=(0, (4, 2)), linewidth=1, label="_l = alpha")
    plane.plot([alpha], [decay], marker="o", markersize=10, color="black", label="_here")
    plane.set(xlim=(1, 3.5), ylim=(0.2, 4.15), xlabel="decay of the variances, $\\alpha$")
    plane.set(ylabel="decay of the penalty, $\\ell$")
    sizes = np.array(list(measured))
    law = {int(m): float(pool_costs(spectrum, m, 0.0 if decay >= 4 else float(m) ** -decay)) for m in sizes}
    curve.plot(sizes, list(law.values()), **line("variance", linestyle="-", label="Gaussian world"))
    means, errors = np.array(list(measured.values())).T
    curve.errorbar(sizes, means, yerr=2 * errors, **dots("variance", label="the kernel"))
    curve.axvline(n, gid="grab:n", **GREY)
    curve.set(xscale="log", xlim=(22, 450), ylim=(0, 1.1), xlabel="samples, $n$", ylabel="cost of fitted noise")
    ticks(curve.xaxis, [25, 50, 100, 200, 400])
    legend_above(curve, 2)
    words = "no penalty" if decay >= 4 else f"a penalty that falls as n to the power −{decay:g}"
    return {"alpha": alpha, "seen": float(measured[n][0]), "law": law[n], "words": words}


IMAGES = dict(
    name="wrong-labels",
    readout="{kernel}, {n} pictures, {wrong} of the labels wrong: without a penalty the squared error is {total:.3f}, "
    "of which {cost:.3f} is fitted noise. The best λ shown reaches {best:.3f}, the best stop {early:.3f}.",
    title="Wrong labels on real pictures",
    alt="First panel: what fitted noise costs on pictures of clothes against the number of pictures: little with the "
    "Laplace kernel, about a third with the ReLU kernel, more and more with the Gaussian kernel. Second panel: the "
    "squared error on new pictures against the penalty, and for early stopping; its part due to the wrong labels falls "
    "with the penalty.",
    caption="Pictures of clothes, with shoulders or without, labels ±1. First panel: noise of variance one, no "
    "penalty; dots measured, line predicted from the kernel's spectrum. Second panel: measured errors on new pictures "
    "with their true labels; crosses: training stopped at time 1/λ.",
    subplots=(1, 2),
)


def images(axes, costs, fits, stopped, ridges, kernel, n, wrong) -> dict:
    """Costs against n at λ = 0, and squared errors on new pictures against the penalty at n.

    costs    n -> (measured, its error, predicted)
    fits     (ridges, 3): means of f², f y and |a|² for the fit to right labels; the first ridge is 0
    stopped  the same for gradient flow stopped at time 1/ridge
    """
    first, second = axes
    sizes = list(costs)
    seen, error, predicted = np.array([costs[m] for m in sizes]).T
    first.plot(sizes, predicted, **line("variance", linestyle="-", label="from the spectrum"))
    first.errorbar(sizes, seen, yerr=2 * error, **dots("variance", label="measured"))
    ring = {"marker": "o", "markersize": 12, "fillstyle": "none", "color": "black"}
    first.plot([n], [costs[n][0]], label="_here", gid="grab:n", **ring)
    first.set(xscale="log", xlim=(85, 950), ylim=(0, 0.5), xlabel="pictures, $n$", ylabel="cost of fitted noise")
    ticks(first.xaxis, sizes)
    x = np.r_[ridges[1] / 10, ridges[1:]]
    parts = {name: squared_errors(values, wrong) for name, values in (("λ", fits), ("time", stopped))}
    for name, marker, shown in (("λ", "o", slice(None)), ("time", "x", slice(1, None))):
        total, noise = parts[name]
        style = {"marker": marker, "linestyle": "-" if name == "λ" else "none", "linewidth": 0.8}
        words = "" if name == "λ" else "_"
        second.plot(x[shown], total[shown], color="#D55E00", label=words + "squared error", **style)
        second.plot(x[shown], noise[shown], color="#CC79A7", label=words + "fitted noise in it", **style)
    second.set(xscale="log", ylim=(0, 1.05), xlabel="penalty λ (left end: none)", ylabel="on new pictures")
    for ax in axes:
        legend_above(ax, 2)
    (total, noise), early = parts["λ"], parts["time"][0]
    return {
        "total": float(total[0]),
        "cost": float(noise[0]),
        "best": float(total.min()),
        "early": float(early[1:].min()),
    }


def squared_errors(fits, wrong) -> tuple[np.ndarray, np.ndarray]:
    """Squared error against the right labels, and the noise part in it, when a share of the labels was flipped.

    A flipped label is the right one times 1 - 2p on average, with variance 4p(1 - p).
    """
    square, product, spread = np.asarray(fits).T
    noise = 4 * wrong * (1 - wrong) * spread
    return (1 - 2 * wrong) ** 2 * square - 2 * (1 - 2 * wrong) * product + 1 + noise, noise
