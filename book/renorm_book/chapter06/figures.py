"""Figures of chapter 6, random matrices: one draw as bars or dots, the theory as a line."""

from functools import lru_cache

import numpy as np

from renorm import (
    degrees_of_freedom,
    marchenko_pastur_density,
    marchenko_pastur_support,
    measured_renormalized_ridge,
    renormalized_ridge,
    spectral_density,
    stieltjes_transform,
)
from renorm.theory.random_matrices import measured_degrees_of_freedom, spectral_atom, spectral_support
from renorm_book.style import dots, line

__all__ = [
    "WHICH_DATA_OBEY",
    "COLLAPSE",
    "SMEARED_SPECTRUM",
    "PROBE",
    "NOISE_SPECTRUM",
    "any_spectrum",
    "collapse",
    "noise_spectrum",
    "probe",
    "universality",
    "white_eigenvalues",
]

DIMENSION = 300
SPECTRA = {
    "white": np.ones(DIMENSION),
    "two groups": np.repeat([1.0, 4.0], DIMENSION // 2),
    "power law": 4 / np.sqrt(np.arange(1, DIMENSION + 1.0)),
}
BAR = {"color": "#56B4E9", "alpha": 0.75, "label": "one draw"}


@lru_cache
def white_eigenvalues(n, d, seed) -> np.ndarray:
    """The min(n, d) largest eigenvalues of the sample covariance of white noise, ascending; ``seed``: which draw."""
    X = np.random.default_rng([n, d, seed]).standard_normal((n, d))
    gram = X.T @ X if d <= n else X @ X.T
    return np.linalg.eigvalsh(gram / n)


@lru_cache
def _drawn(n, spectrum) -> tuple[np.ndarray, np.ndarray]:
    """One data matrix and the positive eigenvalues of its sample covariance."""
    s = SPECTRA[spectrum]
    X = np.random.default_rng([n, len(spectrum)]).standard_normal((n, DIMENSION)) * np.sqrt(s)
    return X, np.linalg.eigvalsh((X.T @ X if n >= DIMENSION else X @ X.T) / n)


def noise_spectrum(ax, n, d, seed) -> dict:
    """Histogram of the eigenvalues of white noise, the Marchenko–Pastur density on it, the edges marked."""
    found = white_eigenvalues(n, d, seed)
    low, high = marchenko_pastur_support(d / n)
    top = 6.0
    bins = np.linspace(0, top, 49)
    weights = np.full(len(found), 1 / (d * (bins[1] - bins[0])))
    ax.hist(found[found <= top], bins, weights=weights[found <= top], **BAR)
    x = np.linspace(0.005, top, 400)
    ax.plot(x, marchenko_pastur_density(x, d / n), **line("kappa", linestyle="-", label="Marchenko–Pastur"))
    for edge in (low, high):
        if edge <= top:
            ax.axvline(edge, color="0.55", linewidth=1, label="_edge")
    ax.axvline(1, color="black", linestyle=":", linewidth=1.4, label="all true eigenvalues")
    ax.set(xlim=(0, top), ylim=(0, 2.2), xlabel="eigenvalue of the sample covariance, $x$", ylabel="density")
    ax.legend(loc="upper right")
    missing = max(d - n, 0)
    return {
        "least": float(found[0]),
        "largest": float(found[-1]),
        "low": float(low),
        "high": float(high),
        "zeros": f"{missing} of {d} are exactly zero." if missing else "None is zero.",
    }


NOISE_SPECTRUM = dict(
    name="noise-spectrum",
    title="The eigenvalues of pure noise",
    readout=(
        "n = {n}, d = {d}: eigenvalues of this draw run from {least:.3g} to {largest:.3g}; in the limit from "
        "{low:.3g} to {high:.3g}. {zeros}"
    ),
    alt=(
        "Histogram of the eigenvalues of one sample covariance of white noise, with the Marchenko–Pastur density "
        "as a curve on it and its edges marked. For large dimension the histogram fills the curve in every draw; "
        "for small dimension it jumps from draw to draw."
    ),
    caption=(
        "Eigenvalues of the sample covariance of standard normal data: one draw (bars), the Marchenko–Pastur "
        "density (line) and its edges (vertical lines). All true eigenvalues are one. Bars and curve show the "
        "positive eigenvalues only, as a density over all $d$."
    ),
    presets={
        "twice the samples": {"n": 400, "d": 200},
        "as many as dimensions": {"n": 200, "d": 200},
        "half as many": {"n": 100, "d": 200},
        "a tiny matrix": {"n": 25, "d": 10},
    },
    sweep="seed",
)


def probe(ax, n, eta, spectrum) -> dict:
    """Im g(x + iη)/π of one matrix and in the limit; g, the Stieltjes transform of X Xᵀ/n, sums over n eigenvalues."""
    s, (_, found) = SPECTRA[spectrum], _drawn(n, spectrum)
    positive = found[found > 1e-10]
    x = np.linspace(-1, 12, 401)
    z = x + 1j * eta
    zeros = n - len(positive)
    measured = (np.sum(1 / (positive - z[:, None]), axis=1) - zeros / z).imag / (np.pi * n)
    # the d x d matrix has d - n more zeros than the n x n one: g = (d m + (d - n) / z) / n
    theory = ((DIMENSION * stieltjes_transform(z, s, n) + (DIMENSION - n) / z) / n).imag / np.pi
    ax.plot(x, measured, color="#56B4E9", linewidth=1.2, label="one matrix")
    ax.plot(x, theory, **line("kappa", linestyle="-", label="theory"))
    ax.set(xlim=(-1, 12), yscale="log", ylim=(1e-3, 30), xlabel="$x$", ylabel="Im $g(x+i\\eta)$ / π")
    ax.legend(loc="upper right")
    return {"gap": float(np.abs(measured - theory).max()), "peak": float(theory.max())}


PROBE = dict(
    name="probe",
    title="A probe above the axis",
    readout=(
        "At height {eta} above the axis, n = {n}, d = 300: the probe of this one matrix and the theory differ by "
        "at most {gap:.2g}, where the theory's largest value is {peak:.3g}."
    ),
    alt=(
        "Imaginary part of the Stieltjes transform of one matrix along a line at height eta above the real axis, "
        "with the theory as a smooth curve. High above the axis both agree; close to the axis the matrix shows "
        "one spike at each eigenvalue, scattered about the smooth density."
    ),
    caption=(
        "$\\mathrm{Im}\\,g(x+i\\eta)/\\pi$ for one data matrix, $d=300$ (thin line), and in the limit of large "
        "$n$ and $d$ (thick line). The true eigenvalues are all one (white), half 1 and half 4 (two groups), or "
        "$4k^{-1/2}$ (power law). For $n>d$ the peak at zero is that of the $n-d$ zero eigenvalues."
    ),
    presets={
        "a blurred view": {"eta": 1.0, "spectrum": "two groups"},
        "single eigenvalues": {"eta": 0.003, "spectrum": "two groups"},
    },
    sweep="eta",
)


def any_spectrum(ax, n, spectrum) -> dict:
    """Density of ln x: bars from one draw, theory as a line, the true eigenvalues as triangles."""
    s, (_, found) = SPECTRA[spectrum], _drawn(n, spectrum)
    positive = found[found > 1e-10]
    bins = np.geomspace(1e-3, 30, 51)
    step = np.log(bins[1] / bins[0])
    ax.hist(positive, bins, weights=np.full(len(positive), 1 / (DIMENSION * step)), **BAR)
    x = np.geomspace(1e-3, 30, 300)
    ax.plot(x, x * spectral_density(x, s, n), **line("kappa", linestyle="-", label="theory"))
    true = np.unique(s) if spectrum != "power law" else s[:: DIMENSION // 20]
    ax.plot(true, np.full(len(true), -0.05), **dots("kappa", marker="^", clip_on=False, label="true eigenvalues"))
    ax.set(xscale="log", xlim=(1e-3, 30), ylim=(-0.1, 1.3), xlabel="eigenvalue, $x$", ylabel="density of $\\ln x$")
    ax.legend(loc="upper left")
    bulks = spectral_support(s, n)
    zeros = round(float(spectral_atom(s, n)) * DIMENSION)
    many = "one interval" if len(bulks) == 1 else f"{len(bulks)} intervals"
    return {"bulks": many, "low": float(bulks[0, 0]), "high": float(bulks[-1, 1]), "zeros": zeros}


SMEARED_SPECTRUM = dict(
    name="smeared-spectrum",
    title="The true spectrum and the sampled one",
    readout=(
        "n = {n}, d = 300, {spectrum}: the positive eigenvalues of the sample fill {bulks}, from {low:.3g} to "
        "{high:.3g}; {zeros} of 300 are zero."
    ),
    alt=(
        "Density of the logarithm of sample eigenvalues: bars from one draw, theory as a line, true eigenvalues "
        "as ticks. With few samples the two groups merge into one broad hump; with many they separate and close "
        "in on the true values."
    ),
    caption=(
        "Eigenvalues of one sample covariance (bars) and theory (line), per unit of $\\ln x$; triangles mark the "
        "true eigenvalues. $d=300$."
    ),
    presets={
        "two groups, told apart": {"n": 3000, "spectrum": "two groups"},
        "merged": {"n": 300, "spectrum": "two groups"},
    },
    sweep="n",
)


def collapse(axes, n, spectrum) -> dict:
    """First: degrees of freedom of sample and population. Second: κ measured from the sample and from the equation."""
    freedom, renormalized = axes
    s, (X, _) = SPECTRA[spectrum], _drawn(n, spectrum)
    ridge, at = np.geomspace(1e-4, 100, 90), np.geomspace(1e-4, 100, 13)
    kappa = renormalized_ridge(s, n, ridge)
    sampled = measured_degrees_of_freedom(X, at)[0]
    freedom.plot(ridge, degrees_of_freedom(s, ridge)[0], **line("noise", label="population, at $\\lambda$"))
    freedom.plot(
        ridge, degrees_of_freedom(s, kappa)[0], **line("kappa", linestyle="-", label="population, at $\\kappa$")
    )
    freedom.plot(at, sampled, **dots("true labels", color="#0072B2", label="sample, at $\\lambda$"))
    freedom.set(xscale="log", xlim=(1e-4, 100), ylim=(0, 420), yticks=[0, 100, 200, 300])
    freedom.set(xlabel="ridge, $\\lambda$", ylabel="degrees of freedom")
    freedom.legend(loc="upper right")
    renormalized.plot(ridge, ridge, **line("noise", label="$\\kappa=\\lambda$"))
    renormalized.plot(ridge, kappa, **line("kappa", linestyle="-", label="equation"))
    measured = measured_renormalized_ridge(X, at)
    renormalized.plot(at, measured, **dots("true labels", color="#0072B2", label="measured"))
    renormalized.set(xscale="log", yscale="log", xlim=(1e-4, 100), ylim=(1e-4, 100))
    renormalized.set(xlabel="ridge, $\\lambda$", ylabel="renormalized ridge, $\\kappa$")
    renormalized.legend(loc="upper left")
    here = float(renormalized_ridge(s, n, 0.01))
    return {
        "sample": float(measured_degrees_of_freedom(X, 0.01)[0]),
        "population": float(degrees_of_freedom(s, 0.01)[0]),
        "renormalized": float(degrees_of_freedom(s, here)[0]),
        "kappa": here,
        "measured": float(measured_renormalized_ridge(X, 0.01)),
    }


COLLAPSE = dict(
    name="collapse",
    title="They disagree at λ and agree at κ",
    readout=(
        "n = {n}, d = 300: at λ = 0.01 the sample has {sample:.1f} degrees of freedom, the population "
        "{population:.1f} at λ and {renormalized:.1f} at κ = {kappa:.4f}. κ measured from the matrix: "
        "{measured:.4f}."
    ),
    alt=(
        "First panel: degrees of freedom against the penalty. The dots of one sample lie far below the "
        "population's curve at lambda, and on its curve at kappa. Second panel: kappa measured from the same "
        "matrix lies on the curve from the equation, which flattens for small lambda."
    ),
    caption=(
        "Degrees of freedom of one sample (dots), of the population at $\\lambda$ (dotted) and at "
        "$\\kappa(\\lambda)$ (solid). Second panel: $\\kappa$ measured from that sample (dots), from the "
        "equation (solid), and the diagonal $\\kappa=\\lambda$ (dotted)."
    ),
    presets={
        "interpolating": {"n": 100, "spectrum": "power law"},
        "plenty of data": {"n": 1600, "spectrum": "power law"},
    },
    subplots=(1, 2),
    sweep="n",
)


def universality(ax, sizes, mean, spread) -> dict:
    """Measured κ over its theory against d, mean and ±2 standard deviations of single draws."""
    ax.axhline(1, **line("kappa", linestyle="-", label="theory"))
    ax.errorbar(sizes, mean, yerr=2 * spread, **dots("true labels", color="#0072B2", label="measured"))
    ax.set(
        xscale="log", xlim=(20, 500), ylim=(0.5, 1.6), xlabel="dimension, $d$", ylabel="$\\hat\\kappa\\,/\\,\\kappa$"
    )
    ax.set_xticks(sizes, labels=[str(d) for d in sizes])
    ax.minorticks_off()
    ax.legend(loc="upper right")
    return {"spread": float(2 * spread[-1]), "bias": float(mean[-1] - 1)}


WHICH_DATA_OBEY = dict(
    name="which-data-obey",
    title="Which data obey?",
    readout=(
        "At n/d = {ratio} and d = 400, {name}: one draw differs from another by ±{spread:.1%}, and their mean is "
        "{bias:+.1%} off."
    ),
    alt=(
        "Measured kappa divided by its theoretical value against the dimension. For Gaussian, plus-or-minus-one, "
        "uniform and heavy-tailed independent entries it closes in on one as the dimension grows; for rows with "
        "a common random length it settles at another value."
    ),
    caption=(
        "$\\kappa$ measured from one matrix over $\\kappa$ from the equation; mean of 12 draws, bars: ±2 "
        "standard deviations from draw to draw. White data, $\\lambda=0.05$. Heavy tails: Student's $t$ with 5 "
        "degrees of freedom, for each entry or for the length of each row."
    ),
    presets={"where it holds": {"law": "rademacher"}, "where it breaks": {"law": "student rows"}},
)
