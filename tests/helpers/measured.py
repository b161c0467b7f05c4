"""Quick simulations with small errors, for tests of the theory: the noise is averaged exactly, not drawn."""

from functools import cache

import numpy as np


def signal_and_noise(population, n, ridges, draws, seed):
    """|Sigma^(1/2) (w_hat - w)|^2 without noise, and what unit noise adds on average; (draws, 2, ridges)."""
    s, w = population.eigenvalues, population.coefficients
    rng, found = np.random.default_rng(seed), []
    for _ in range(draws):
        _, g, V = np.linalg.svd(rng.standard_normal((n, s.size)) * np.sqrt(s), full_matrices=False)
        shift = n * ridges[:, None]
        miss = (g**2 / (g**2 + shift) * (V @ w)) @ V - w
        found.append([miss**2 @ s, (g / (g**2 + shift)) ** 2 @ (V**2 @ s)])
    return np.array(found)


@cache
def white_counts(n, d, edges, draws, seed):
    """How many eigenvalues of white noise lie in each bin: means over draws, and their standard errors."""
    rng, counts = np.random.default_rng(seed), []
    for _ in range(draws):
        X = rng.standard_normal((n, d))
        counts.append(np.histogram(np.linalg.eigvalsh(X.T @ X / n), edges)[0])
    return np.mean(counts, axis=0), np.std(counts, axis=0, ddof=1) / np.sqrt(draws)
