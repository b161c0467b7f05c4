"""What chapter 6 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm_book.quote import quote

# %% after white-check
assert np.all(np.abs(counted - expected) < 4 * error + 0.1)  # finite n: 0.1 of 200 eigenvalues

# %% after averaging
for found, a in relative.values():
    kurtosis = 12 * np.sum(a**4) / np.sum(a**2) ** 2  # of x'Ax, beyond a Gaussian's
    assert abs(found - 1) < 4 * np.sqrt((2 + kurtosis) / (4 * 2000))

# %% after rigidity
assert scatter.mean() < 0.4 * independent.mean()

# %% after collapse-check
for (n, _), (mean, error) in collapsed.items():
    assert abs(mean - 1) < 3.5 * error + 0.5 / n  # finite n

# %% after universality-check
KURTOSIS = {"gaussian": 0.0, "rademacher": -2.0, "uniform": -1.2, "student": 6.0}  # beyond a Gaussian's
for law, kurtosis in KURTOSIS.items():
    measured, scattered = universality[law, 1.0]
    finite = max(2.0, 2 + kurtosis) / 400  # of the order of the relative variance of x'Ax
    assert abs(measured[-1] - 1) < 3.5 * scattered[-1] / np.sqrt(12) + finite and scattered[-1] < scattered[0] / 4
assert abs(mean[-1] - 1) > 10 * error and abs(mean[-1] - mean[1]) < 4 * spread[1] / np.sqrt(12)

# %% after ex-atom
# Every number that the text takes from a computation.
quote("35 times the variance", eigenvalues[-1] / eigenvalues[0])
quote("about 4 from draw to draw", independent.mean())
quote("20 eigenvalues on average", expected.mean())
quote("about 1.", scatter.mean(), se=scatter.mean() / np.sqrt(2 * len(draws) * len(scatter)))
wide = [figures.white_eigenvalues(1600, 200, seed) for seed in range(1, 5)]
quote("506 (± 8) times", raised[20, "images"][0], se=raised[20, "images"][1])
quote("1.15 times", raised[400, "images"][0], se=raised[400, "images"][1])
quote("569 and 1.15", raised[20, "equation"])
quote("1.15. In between", raised[400, "equation"])
quote("57 times", raised[40, "equation"])
quote("45 (± 1)", raised[40, "images"][0], se=raised[40, "images"][1])
quote("53 (± 1)", raised[40, "Gaussian"][0], se=raised[40, "Gaussian"][1])
quote("1,400, are", len(images))
assert min(found[-1] / found[0] for found in wide) > 4  # exercise 1
quote("1,800 samples", 9 * d)
