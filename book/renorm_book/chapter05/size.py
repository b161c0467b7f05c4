"""Why larger is better, measured: random features in a toy world and on pictures of digits, from few to thousands.

Toy: 400 directions of variance k^-1.2, 100 samples, N linear random features (``random_feature_risk``). The test error
of a fit has three parts: the label noise σ², which nobody avoids; the noise's part, what fitting it adds; the rest, of
which the *misfit* is what the N features could not express with any amount of data.

Digits: 300 pictures, even or odd, N random features max(0, Fx); a share of the training labels is turned around.
"""

from functools import cache
from pathlib import Path

import numpy as np

from renorm import Population, load_images, power_law, random_feature_risk, ridge_fits, ridge_path

__all__ = ["DIGIT_WIDTHS", "WIDTHS", "best_ridge", "digits", "kept", "one_draw", "toy"]

SAMPLES, PICTURES = 100, 300
WIDTHS = (10, 20, 40, 70, 90, 100, 110, 140, 200, 300, 500, 1000, 2000)
DIGIT_WIDTHS = (10, 20, 40, 80, 150, 220, 260, 300, 350, 450, 700, 1200, 2500, 6000)
NOISES = (0.02, 0.1, 0.5)  # of the toy: the variance of its noise
TURNED = (0.0, 0.1, 0.25)  # of the digits: the share of labels turned around
FIXED = 1e-3  # the toy's small penalty, the same for all sizes
DIGIT_RIDGES = np.r_[0.0, np.geomspace(1e-5, 1, 26)]  # the sixth, 1e-4, is the digits' small penalty
DIGIT_FIXED = 6
DRAWS, DIGIT_DRAWS = 100, 20
KEPT = Path(__file__).with_name("size.npz")  # written by tools/assets/size.py


@cache
def toy(noise: float) -> Population:
    """The world of the figure before, with noise of this variance."""
    return power_law(400, capacity=1.2, source=0.5, signal=1.0, noise_variance=noise)


@cache
def best_ridge(widths: tuple, noise: float) -> np.ndarray:
    """The penalty of least test error in theory, for each width, to one part in a hundred."""
    tried = np.geomspace(1e-4, 1, 93)
    near = tried[random_feature_risk(toy(noise), SAMPLES, np.array(widths)[:, None], tried).test.argmin(axis=1)]
    closer = near[:, None] * np.geomspace(0.9, 1.1, 21)
    places = random_feature_risk(toy(noise), SAMPLES, np.array(widths)[:, None], closer).test.argmin(axis=1)
    return np.take_along_axis(closer, places[:, None], axis=1)[:, 0]


def one_draw(rng: np.random.Generator, width: int) -> np.ndarray:
    """The toy, drawn once: (5, 3), for λ = 0, FIXED and the best one at each of NOISES: misfit, then the two errors.

    These are the error of the fit to labels without noise, and what label noise of variance one adds. Their cross
    term, zero on average, is left out.
    """
    s, w = toy(0.0).eigenvalues, toy(0.0).coefficients
    F = rng.standard_normal((len(s), width)) / np.sqrt(width)
    X = rng.standard_normal((SAMPLES, len(s))) * np.sqrt(s)
    ridges = [0.0, FIXED, *(best_ridge(WIDTHS, noise)[WIDTHS.index(width)] for noise in NOISES)]
    fits = ridge_fits(X @ F, np.c_[X @ w, rng.standard_normal(SAMPLES)], ridges)
    off = F @ fits.coefficients - np.c_[w, np.zeros_like(w)]  # (ridges, directions, 2)
    basis = np.linalg.qr(np.sqrt(s)[:, None] * F[:, : len(s)])[0]
    target = np.sqrt(s) * w
    misfit = np.sum((target - basis @ (basis.T @ target)) ** 2) if width < len(s) else 0.0
    return np.c_[np.full(len(ridges), misfit), np.einsum("k,rkc->rc", s, off**2)]


@cache
def _pictures() -> tuple[np.ndarray, np.ndarray]:
    data = load_images("mnist")
    X = np.concatenate([data.train_images, data.test_images]).reshape(-1, 784)
    X = X - X.mean(axis=0)
    labels = np.concatenate([data.train_labels, data.test_labels])
    return X / np.sqrt(np.mean(np.sum(X**2, axis=1))), np.where(labels % 2 == 0, 1.0, -1.0)


def digits(rng: np.random.Generator, widths=DIGIT_WIDTHS, tested: int = 2000) -> np.ndarray:
    """One training set of digits and one draw of features: test errors (widths, shares turned, ridges)."""
    X, y = _pictures()
    order, found = rng.permutation(len(y)), []
    here, there = order[:PICTURES], order[PICTURES : PICTURES + tested]
    chance = rng.random(PICTURES)
    Y = np.stack([np.where(chance < share, -y[here], y[here]) for share in TURNED], axis=1)
    F = rng.standard_normal((X.shape[1], DIGIT_WIDTHS[-1]))
    F = F[:, : max(widths)]
    Z, Z_new = np.maximum(X[here] @ F, 0), np.maximum(X[there] @ F, 0)
    for N in widths:
        fitted = ridge_path(Z[:, :N] / np.sqrt(N), Y, DIGIT_RIDGES)  # (ridges, N, shares)
        answers = Z_new[:, :N] / np.sqrt(N) @ fitted
        found.append(np.mean((answers - y[there][:, None]) ** 2, axis=1).T)
    return np.array(found)


@cache
def kept() -> dict[str, np.ndarray]:
    """Means and standard errors that come with the book, on the last axis.

    toy (widths, 5, 3, 2) as ``one_draw``; digits (widths, shares, 3, 2) for λ = 0, the small one and the best of all;
    steps (widths - 1, shares, 2): how much the error at the best λ changes from one width to the next.
    """
    with np.load(KEPT) as file:
        return {name: file[name].astype(float) for name in file.files}
