"""A linear model whose perfect fits can be harmless: exact error and norm, simulations, and the bound from the norm.

Ten strong directions of variance 1 carry the signal; ``weak`` directions of total variance 1 carry nothing. The labels
have variance 1, of which the share ``noise`` is noise. The sums over directions are done in closed form.
"""

from functools import cache

import numpy as np

from renorm.theory.bounds import interpolation_bound
from renorm_book.style import dots, line

STRONG = 10
WEAK = (1000, 10_000, 100_000)
NOISE = (0.05, 0.2, 0.5, 1.0)
SIZES = (40, 80, 160, 320)  # simulated
GRID = np.unique(np.append(np.round(np.geomspace(30, 3200, 60)).astype(int), 800))


def shortest_fit(n, weak: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean squared test error and squared norm of the shortest perfect fit of n samples, n < 10 + weak.

    The renormalized ridge κ solves n = 10/(1+κ) + weak η/(η+κ), η = 1/weak; then (chapter 7) the error is
    (bias² + noise)/(1-γ), and |w|² = noise/κ + signal/(1+κ).  Exact as n grows.
    """
    n, eta, signal = np.asarray(n, dtype=float), 1 / weak, 1 - noise
    b, c = n * (1 + eta) - STRONG - 1, eta * (n - STRONG - weak)  # n κ² + b κ + c = 0
    kappa = -2 * c / (b + np.sqrt(b**2 - 4 * n * c))
    gamma = (STRONG / (1 + kappa) ** 2 + weak * (eta / (eta + kappa)) ** 2) / n
    error = (signal * (kappa / (1 + kappa)) ** 2 + noise) / (1 - gamma)
    return error, noise / kappa + signal / (1 + kappa)


@cache
def simulated(n: int, weak: int, noise: float, draws: int = 20) -> np.ndarray:
    """Test error (exact for each fit) and squared norm of the shortest perfect fit of ``draws`` samples: (2, draws).

    Of the weak directions only the inner products of the inputs matter: a Wishart matrix, drawn as L Lᵀ (Bartlett).
    """
    rng = np.random.default_rng([n, weak])  # the same inputs at every noise
    found = np.empty((2, draws))
    w = np.full(STRONG, np.sqrt((1 - noise) / STRONG))
    for t in range(draws):
        X = rng.standard_normal((n, STRONG))
        L = np.tril(rng.standard_normal((n, n)), -1)
        L[np.diag_indices(n)] = np.sqrt(rng.chisquare(weak - np.arange(n)))
        weak_products = L @ L.T / weak
        dual = np.linalg.solve(X @ X.T + weak_products, X @ w + np.sqrt(noise) * rng.standard_normal(n))
        weak_norm2, strong = dual @ weak_products @ dual, X.T @ dual
        found[:, t] = noise + np.sum((strong - w) ** 2) + weak_norm2 / weak, strong @ strong + weak_norm2
    return found


def guarantee(norm2, n, weak: int) -> np.ndarray:
    """``interpolation_bound`` of this model: the ten strong directions set apart, the weak ones of trace 1."""
    return interpolation_bound(np.sqrt(norm2), n, 1.0, 1 / weak, STRONG)


def benign(ax, weak, noise):
    """Test error of the shortest perfect fit, and what is known of it from its norm, against the number of samples."""
    n = GRID[GRID < 0.97 * weak]
    error, norm2 = shortest_fit(n, weak, noise)
    ax.axhspan(1, 100, color="0.5", alpha=0.16, linewidth=0)
    ax.text(2900, 60, "worse than the answer 0", color="0.35", va="center", ha="right")
    ax.axhline(noise, **line("noise", label="noise"))
    ax.plot(n, guarantee(norm2, n, weak), color="black", linestyle="-", label="guarantee")
    ax.plot(n, norm2 / n, color="black", linestyle=(0, (5, 2)), label="$B^2/n$")
    ax.plot(n, error, **line("test", label="test error"))
    measured = np.array([simulated(size, weak, noise)[0] for size in SIZES])
    spread = measured.std(axis=1, ddof=1) / np.sqrt(measured.shape[1])
    ax.errorbar(SIZES, measured.mean(axis=1), yerr=2 * spread, **dots("test", capsize=2, label="_simulated"))
    ax.set(xscale="log", yscale="log", xlim=(28, 3400), ylim=(0.03, 100), xlabel="samples, $n$")
    ax.set_ylabel("mean squared error of a perfect fit")
    ax.set_xticks([30, 100, 300, 1000, 3000], ["30", "100", "300", "1,000", "3,000"])
    ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.minorticks_off()
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, columnspacing=1.2)
    here = list(n).index(800)
    return {"error": error[here], "main": norm2[here] / 800, "bound": guarantee(norm2, n, weak)[here]}


BENIGN = dict(
    name="benign",
    title="What the norm knows about a perfect fit",
    readout=(
        "800 samples, {weak} weak directions, {noise} of the labels noise: the shortest perfect fit has error "
        "{error:.3f}; its norm suggests {main:.3f} and guarantees {bound:.2f}."
    ),
    alt=(
        "Test error of the shortest perfect fit against the number of samples. With very many weak directions it "
        "falls to the noise level; from 300 samples on the square of the norm over n follows it within a few "
        "percent, and the complete guarantee, without bound below 70 samples, comes down to about twice the "
        "error. With 1,000 directions all three rise steeply towards n = 1,000."
    ),
    caption=(
        "Ten strong directions carry the signal, the weak ones share a variance of 1. Line: exact theory, dots: "
        "20 samples each, two standard errors (smaller than the dots). Black: what the norm of the same fit "
        "says, in the main term and with every constant, at 95 % confidence."
    ),
    presets={
        "harmless": dict(weak=100_000, noise=0.2),
        "only noise": dict(weak=100_000, noise=1.0),
        "a peak ahead": dict(weak=1000, noise=0.2),
    },
)
