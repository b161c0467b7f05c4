"""The claims checker of chapter 8: for each claim the curves that decide it, and the verdict."""

from functools import lru_cache

import numpy as np

from renorm import optimal_ridge, ridge_risk
from renorm.theory.endless import endless_power_law
from renorm.theory.scaling_fits import local_slope
from renorm_book.style import dots, line

__all__ = ["CLAIMS", "SAMPLES", "claims_checker", "CLAIMS_CHECKER"]


CLAIMS = {
    "fluctuations stabilise learning": "stabilise",
    "renormalization prevents overfitting": "prevents",
    "more data never hurt": "more data",
    "scaling laws from first principles": "scaling",
    "a Newtonian theory of AI": "newton",
}


SAMPLES = np.unique(np.r_[np.geomspace(20, 1000, 70).round(), 199, 200, 201])


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


CLAIMS_CHECKER = dict(
    name="claims-checker",
    title="Claims checker",
    readout="{verdict}",
    alt=(
        "Test error against the number of samples, with the curves that decide the chosen claim; a marker at the "
        "chosen number of samples. The sentence below the figure gives the verdict."
    ),
    caption=(
        "$d=200$ and $s_k=k^{-1.2}$ with noise variance 0.3, unless the claim needs another model. Lines: "
        "theory; dots: simulation (±2 standard errors)."
    ),
    sweep="n",
    grab="n",
)


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
