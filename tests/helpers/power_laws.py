"""Power laws with a million modes that cost what a few hundred do."""

import functools

import numpy as np

from renorm import Population


@functools.cache
def wide(capacity, source, noise_variance=0.0, d=10**6):
    """A power law whose modes beyond the 200th are gathered in groups of 2 % width: few distinct values, same sums."""
    k = np.arange(1.0, d + 1)
    group = np.where(k <= 200, k - 1, 199 + np.ceil(np.log(k / 200) / 0.02)).astype(int)
    _, group, count = np.unique(group, return_inverse=True, return_counts=True)
    s, energy = (
        (np.bincount(group, values) / count)[group] for values in (k**-capacity, k ** -(1 + 2 * capacity * source))
    )
    return Population(s, np.sqrt(energy / s / energy.sum()), noise_variance)
