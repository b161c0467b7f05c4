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

__all__ = ["any_spectrum", "collapse", "noise_spectrum", "probe", "universality", "white_eigenvalues"]

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
