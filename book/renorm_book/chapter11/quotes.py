"""What chapter 11 quotes, held to what it computed: run by the build beside the cells that are named here."""

import numpy as np

from renorm import ridge_risk
from renorm.theory.negative_ridge import optimal_signed_ridge
from renorm_book.quote import quote

# %% after measure
at = {letter: (measured[letter, 400][0][0], measured[letter, 400][1][0]) for letter in "ABCDE"}
quote("0.045 of itself in A", at["A"][0], se=at["A"][1])
quote("0.21, falling so slowly", at["B"][0], se=at["B"][1])
quote("0.50 and in D", at["C"][0], se=at["C"][1])
quote("2.0, from 100", at["D"][0], se=at["D"][1])
quote("19 and grows", at["E"][0], se=at["E"][1])
for letter, level in (("C", 0.5), ("D", 2.0)):  # "from 100 samples on"
    for n in (100, 200, 400):
        mean, se = (v[0] for v in measured[letter, n])
        assert abs(mean / level - 1) < 0.02 + 3 * se / level
assert measured["A", 100][0][0] > 2 * at["A"][0] and measured["E", 200][0][0] < 0.6 * at["E"][0]
assert measured["E", 400][0][1] < 0.05 * at["E"][0]  # with λ = 0.0001 the ruin is gone
off, precision = [], []
for letter, world in noise.WORLDS.items():
    for n in (50, 100, 200, 400):
        mean, se = measured[letter, n]
        theory = figures.costs(world, n, np.array(ridges))
        off.extend((mean - theory) / np.hypot(se, theory * (3 if letter == "E" else 1.5) / n))
        precision.extend(se / theory)
assert np.abs(off).max() < 4.5 and np.median(precision) < 0.01

# %% after tails
quote("0.047: one part", parts[30_000, 0.5, 250][0].sum(), se=np.hypot(*parts[30_000, 0.5, 250][1]))
every = np.arange(200, 700, 10)
quote("near 430 samples", every[figures.costs(noise.WORLDS["A"], every, 0.0).argmin()])
assert parts[10_000, 0.9, 100][0].sum() < parts[10_000, 0.5, 100][0].sum()  # "even less"
ratios = []
for weak in weak_counts:
    for share in shares:
        p = noise.strong_and_weak(weak, share)
        theory = ridge_risk(p, counts, 0.0)
        for n, cost in zip(counts, theory.susceptibility - 1, strict=True):
            mean, se = parts[weak, share, n]
            assert abs(mean.sum() / cost - 1) < 5 * np.hypot(*se) / cost + 1.5 / n + (0.1 if n > 0.6 * weak else 0)
            k = p.benign_split(n)
            if k is not None:
                ratios.append((k / n + n / p.effective_dimension(k)) / cost)
quote("3.4 times too high", max(ratios))
assert 4 < 1 / min(ratios) < 5  # "five times too low"

# %% after three-ways
assert abs(from_inputs / from_theory - 1) < 0.02
assert abs(from_noise[0][0] - from_theory) < 4 * from_noise[1][0] + from_theory / n

# %% after fig-map
gaps = {}
for D in dimensions:
    seen, se = (v[-1] for v in laplace[D, 200])
    gaps[D] = 1 - seen / noise.pool_costs(spectra[D], 200, 0.0), se
quote("0.66, predicted", laplace[1, 200][0][-1], se=laplace[1, 200][1][-1])
quote("1.0.", noise.pool_costs(spectra[1], 200, 0.0))
quote("0.129, predicted", laplace[10, 200][0][-1], se=laplace[10, 200][1][-1])
quote("0.130 (the spectrum", noise.pool_costs(spectra[10], 200, 0.0))
for text, D in (("34 % below", 1), ("16 % in two", 2), ("10 % in three", 3), ("3 % in five", 5)):
    quote(text, gaps[D][0], se=gaps[D][1])
for n in (50, 100, 200, 400):  # "in ten dimensions the kernel does what its spectrum says", with and without a penalty
    predicted = [noise.pool_costs(spectra[10], n, n**-decay if decay < 4 else 0.0) for decay in decays]
    assert np.all(np.abs(laplace[10, n][0] / predicted - 1) < 0.02 + 3 * laplace[10, n][1] / predicted)

# %% after below-zero
best = optimal_signed_ridge(worlds[3000, 1.0], n_low)
quote("−27, and", best)
quote("1.05 to", ridge_risk(worlds[3000, 1.0], n_low, 0.0).excess)
below = figures.negative_at(worlds[3000, 1.0], n_low, best)
quote("0.43. The", below.excess)
quote("17.6. A bare", below.kappa)
for key, (at_ridges, mean, se) in risks.items():
    theory = figures.risk_at(worlds[key], n_low, at_ridges)
    assert np.all(np.abs(mean - theory) < 4 * se + 2 / n_low * theory), key

# %% after pictures
for text, name, n in (
    ("0.07 of itself", "Laplace kernel", 100),
    ("0.22 to", "Gaussian kernel", 100),
    ("0.31. The order", "Gaussian kernel", 800),
    ("0.02. See", "narrow Gaussian kernel", 400),
):
    quote(text, paid[name, n][0], se=paid[name, n][1])
assert abs(paid["Laplace kernel", 800][0] - paid["Laplace kernel", 100][0]) < 0.005
assert all(0.29 < paid["ReLU kernel", n][0] < 0.36 for n in many)  # "a third"
assert all(abs(seen / said - 1) < 0.21 for seen, _, said in paid.values())  # "to a fifth"
fifth = {name: [kernels.squared_errors(f, 0.2) for f in fits[name, 400]] for name in rules}
clean = {name: kernels.squared_errors(fits[name, 400][0], 0.0)[0][0] for name in rules}
quote("0.38 without", fifth["Laplace kernel"][0][0][0])
quote("0.05 of it", fifth["Laplace kernel"][0][1][0])
quote("0.16. Most", clean["Laplace kernel"])
quote("0.18 of 0.47", fifth["Gaussian kernel"][0][1][0])
quote("0.47, for", fifth["Gaussian kernel"][0][0][0])
quote("0.22 of 0.50", fifth["ReLU kernel"][0][1][0])
quote("0.50. Here", fifth["ReLU kernel"][0][0][0])
quote("0.64, four", clean["narrow Gaussian kernel"])
for name in ("ReLU kernel", "Gaussian kernel"):  # "at their best they differ by at most 0.03", and both help
    (with_ridge, _), (stopped, _) = fifth[name]
    assert abs(with_ridge.min() - stopped[1:].min()) < 0.03 and with_ridge.min() < with_ridge[0] - 0.08
