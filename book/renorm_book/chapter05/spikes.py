"""A curve through every noisy point: its smooth part and its spikes, as the number of features grows.

The features of x in [0, 1] are cosines, √2 cos(πkx), which are orthonormal. The first six are strong, of weight
s_k = 1; the others, up to the N-th, are weak and share a weight of 1 among them, s_k = 1 / (N - 6). The fit is ridge
regression on √s_k times the features, for λ = 0 the one of minimum norm: f(x) = sum of c_k √2 cos(πkx).

Being orthonormal, features beyond the sixth add the sum of their c_k² to the squared error, and the first six the rest:
the error is the sum of that of the smooth part and that of the spikes.
"""

from functools import cache

import numpy as np

from liveplate import Steps
from renorm import ridge_path
from renorm_book.style import line

__all__ = ["SPIKES", "cosines", "errors", "fit", "points", "smooth_and_spikes"]

POINTS, STRONG = 20, 6
TRUE = np.array([0.8, -0.7, 0.5, 0.3])  # the true curve's coefficients c_1 to c_4
FEATURES = (3, 4, 6, 10, 15, 18, 20, 22, 25, 30, 40, 60, 100, 200, 500, 2000)
STOPS = (4, 6, 10, 18, 20, 22, 40, 100, 2000)  # of FEATURES, those for which the curve is drawn
RIDGES = (0.0, 0.01, 0.1)
NOISES = (0.1, 0.5)  # standard deviations
SHOWN = 17  # the data set that is drawn: its error with 20 features is near the median
DATA_SETS = 200


def cosines(x, N: int) -> np.ndarray:
    """√2 cos(πkx), k = 1 … N: (len(x), N).

    >>> x = (np.arange(8) + 0.5) / 8
    >>> np.allclose(cosines(x, 5).T @ cosines(x, 5) / 8, np.eye(5))
    True
    """
    return np.sqrt(2) * np.cos(np.pi * np.outer(x, np.arange(1, N + 1)))


def points(noise: float, seed: int = SHOWN) -> tuple[np.ndarray, np.ndarray]:
    """One point at random in each twentieth of [0, 1], and the true curve there plus noise."""
    rng = np.random.default_rng(seed)
    x = (np.arange(POINTS) + rng.random(POINTS)) / POINTS
    return x, cosines(x, len(TRUE)) @ TRUE + noise * rng.standard_normal(POINTS)


def fit(x, y, N: int, ridges) -> np.ndarray:
    """The coefficients c of the fit with N features; those of one ridge, or a row for each of several."""
    s = np.r_[np.ones(min(N, STRONG)), np.full(max(N - STRONG, 0), 1 / max(N - STRONG, 1))]
    return np.sqrt(s) * ridge_path(cosines(x, N) * np.sqrt(s), y, ridges)


def parts(c: np.ndarray) -> np.ndarray:
    """Squared errors of the smooth part and of the spikes, for coefficients (…, N): (…, 2)."""
    size = max(c.shape[-1], STRONG)
    off = np.zeros(c.shape[:-1] + (size,))
    off[..., : c.shape[-1]] = c
    off[..., : len(TRUE)] -= TRUE
    return np.stack([np.sum(off[..., :STRONG] ** 2, -1), np.sum(off[..., STRONG:] ** 2, -1)], axis=-1)


@cache
def errors(noise: float) -> np.ndarray:
    """``parts`` of DATA_SETS fits: (data sets, len(FEATURES), len(RIDGES), 2)."""
    found = []
    for seed in range(DATA_SETS):
        x, y = points(noise, seed)
        found.append([parts(fit(x, y, N, RIDGES)) for N in FEATURES])
    return np.array(found)


def _places(x) -> np.ndarray:
    """Where the curve is drawn: evenly, and closely around each point, where the spikes are."""
    near = np.add.outer(x, [-0.008, -0.0025, 0, 0.0025, 0.008]).ravel()
    return np.unique(np.clip(np.r_[np.linspace(0, 1, 201), near], 0, 1))


def smooth_and_spikes(axes, N, ridge, noise) -> dict:
    """First: the fit, its smooth part and the points. Second: the error and its two parts against N."""
    curve, error = axes
    x, y = points(noise)
    c, fine, even = fit(x, y, N, ridge), _places(x), np.linspace(0, 1, 81)
    smooth = cosines(even, min(N, STRONG)) @ c[:STRONG]
    whole = np.clip(cosines(fine, N) @ c, -12, 12)
    truth = cosines(even, len(TRUE)) @ TRUE
    curve.plot(even, truth, **line("noise", linewidth=1.5, label="truth"))
    curve.plot(fine, whole, **line("test", linewidth=1.2, label="the fit"))
    curve.plot(even, smooth, **line("true labels", color="#0072B2", linewidth=2, label="its smooth part"))
    curve.plot(x, y, "o", color="black", markersize=4, label="_points")
    curve.set(xlim=(0, 1), ylim=(-4.5, 4.5), xlabel="$x$", ylabel="$y$", xticks=[0, 0.5, 1], yticks=[-4, -2, 0, 2, 4])
    curve.legend(loc="lower left", bbox_to_anchor=(-0.05, 1.0), ncols=3, columnspacing=0.8, handlelength=1.3)
    low, middle, high = np.quantile(errors(noise)[:, :, RIDGES.index(ridge)].sum(-1), [0.25, 0.5, 0.75], axis=0)
    spikes = np.median(errors(noise)[:, :, RIDGES.index(ridge), 1], axis=0)
    floor = 1e-3
    band = np.clip([low, high], floor / 9, 1e4)
    error.fill_between(FEATURES, *band, color="#D55E00", alpha=0.2, linewidth=0, label="_middle half")
    error.plot(FEATURES, np.clip(middle, floor / 9, 1e4), **line("test", marker="o", markersize=3, label="error"))
    error.plot(FEATURES, np.clip(spikes, floor / 9, 1e4), **line("variance", label="of it spikes"))
    here = float(parts(c).sum())
    error.plot(
        N, np.clip(here, floor, 20), "o", color="black", markersize=10, fillstyle="none", label="_here", gid="grab:N",
        clip_on=False,
    )  # fmt: skip
    error.axvline(POINTS, color="0.5", linewidth=1, linestyle=":", label="_as many")
    error.text(POINTS * 1.1, 14, "$N = n$", color="0.35", va="top")
    error.set(xscale="log", yscale="log", xlim=(2.6, 2400), ylim=(floor, 20), ylabel="squared error")
    error.set_xticks([3, 10, 30, 100, 300, 1000], ["3", "10", "30", "100", "300", "1,000"])
    error.set_xticks([], minor=True)
    error.set_xlabel("features, $N$")
    error.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, columnspacing=0.9, handlelength=1.7)
    left = float(np.abs(whole[np.searchsorted(fine, x)] - y).max())
    return {"here": here, "spikes": float(parts(c)[1]), "left": left}


def said(N, ridge, noise, here, spikes, left) -> str:
    """The sentence below the figure."""
    through = "passes through every point" if left < 1e-6 else f"misses points by up to {left:.2f}"
    size = f"{here:.2g}" if here < 100 else f"{here:,.0f}"
    return f"{N:,} features, λ = {ridge:g}: the curve {through}. Squared error {size}, of it spikes {spikes:.2g}."


SPIKES = dict(
    readout=said,
    name="smooth-and-spikes",
    title="A smooth curve with spikes",
    alt="First panel: a curve through 20 noisy points. With few features it is smooth and misses the points; with 20 "
    "it swings wildly; with thousands it is smooth again but for a needle at each point. Second panel: its error "
    "falls, peaks at 20 features and falls again; the spikes' part of it goes to zero.",
    caption="Six strong cosines; the weak ones share one weight among them. Second panel: median and middle half of "
    "200 data sets, and in the ring the one that is drawn; all of it simulation.",
    subplots=(1, 2),
    sweep="N",
    grab="N",
    presets={
        "the strong ones only": dict(N=6, ridge=0.0, noise=0.5),
        "ruin": dict(N=20, ridge=0.0, noise=0.5),
        "needles": dict(N=2000, ridge=0.0, noise=0.5),
        "20, with a ridge": dict(N=20, ridge=0.1, noise=0.5),
    },
    N=Steps.of(STOPS, value=6, label="features", symbol="N"),
    ridge=Steps.of(RIDGES, value=0.0, label="ridge", symbol="λ"),
    noise=Steps.of(NOISES, value=0.5, label="noise", symbol="σ"),
)
