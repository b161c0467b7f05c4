"""What chapter 8 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm_book.quote import quote

# %% after cutoff-check
allowed = theory / 100 + 3.5 * measured_se  # corrections of the order of 1/n, and chance
assert np.all(np.abs(measured_mean - theory) < allowed)

# %% after flow-check
assert max(off_line) < 0.5 * 1.5 / 30  # a sum for an integral: half a shell

# %% after dyson-check
np.testing.assert_allclose(*zip(*rates, strict=True), rtol=2e-3)

# %% after shifted-check
assert np.abs(list(shifts.values())).max() < 3

# %% after claims-check
assert max(worst) < 3.5

# %% after ex-layers
# Every number that the text takes from a computation.
full = ridge_risk(population, 100, 1e-4)
(head, raised), (head_100, raised_100) = (integrate_out(population, 100, 1e-4, keep) for keep in (200, 100))
reduced = ridge_risk(head_100, 100, raised_100)
excess = reduced.excess + head_100.noise_variance - population.noise_variance
quote("0.0027 in place of", raised)
factor = {capacity: crossover_kappa(0.0, capacity) * (capacity - 1) ** capacity for capacity in (1.3, 1.5, 2.0, 3.0)}
quote("2.5 times $s_K$", max(factor[capacity] for capacity in (1.3, 1.5, 2.0)))
quote("14 at $\\alpha=3$", factor[3.0])
full_fit, bare_fit, raised_fit = mutilated.mean(axis=0)
gain = 1 - raised_fit / full_fit  # of fits to the same samples
gain_se = np.std(mutilated[:, 2] - (1 - gain) * mutilated[:, 0], ddof=1) / full_fit / np.sqrt(draws)
quote("9 %, and we", gain, se=gain_se)
assert bare_fit / full_fit > 2  # "more than doubles"
quote("21 % too low", 1 - excess / full.excess)
quote("8 % too high", reduced.kappa / full.kappa - 1)
quote("0.13 $\\kappa$", population.eigenvalues[199] / full.kappa)
quote("0.04 $\\kappa$", population.eigenvalues[499] / full.kappa)
quote("0.32 $\\kappa$", population.eigenvalues[99] / full.kappa)
assert population.eigenvalues[20] > full.kappa  # at K = 20 directions above κ have been removed
