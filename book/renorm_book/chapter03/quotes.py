"""What chapter 3 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm.theory.dynamics import early_stopping_bound
from renorm_book.chapter02.figures import digit_pair, kernel
from renorm_book.quote import quote

# %% after algorithms-table
assert all(np.abs(X @ w - y).max() < 1e-8 for w in ends.values())
quote("a distance of 4.4", found["AdaGrad"][0])
quote("0.85 of the signal", found["AdaGrad"][2])
quote("0.71", found["gradient descent"][2])
assert found["gradient descent from noise"][2] > 1
assert max(found[name][0] for name in ("gradient descent", "with momentum", "one sample at a time")) < 1e-12

# %% after kernel-core
assert np.abs(g(x[:, 0])).max() < 1e-12

# %% after curvature-check
assert np.abs(X @ bad - y).max() < 1e-10

# %% after margin-core
assert np.all(sides * dual > 0)  # so the largest margin is that of the shortest fit
assert 0.999 < cosine < 1
X38, y38 = (part[:1280] for part in digit_pair("3 against 8")[:2])
flips = np.random.default_rng(0).choice([-1.0, 1.0], (1280, 20))
shares = np.mean(flips * np.linalg.solve(kernel(X38), flips) > 0, axis=0)
quote("64 % meet the condition", np.mean(y38 * np.linalg.solve(kernel(X38), y38) > 0))
quote("98 % for coins", shares.mean(), se=shares.std(ddof=1) / np.sqrt(20))

# %% after digits-core
assert np.abs(k(pixels, pixels) @ alpha - targets).max() < 1e-10  # an exact fit

# %% after digits-all
assert abs(digits["error"][0, figures.SIZES.index(1000)] - error) < 2e-3  # the same numbers as above

# %% after learning-curve
(clean, clean_error), (fifth, fifth_error), (half, half_error) = (
    (digits["error"][p, -4:], digits["uncertainty"][p, -4:]) for p in map(figures.CORRUPTIONS.index, (0.0, 0.2, 0.5))
)
quote("6.5 ± 0.6 %", clean[0], se=clean_error[0])
quote("5.0 ± 0.5 %", clean[1], se=clean_error[1])
quote("3.7 ± 0.4 %", clean[2], se=clean_error[2])
quote("2.5 ± 0.3 %", clean[3], se=clean_error[3])
assert 0.003 < clean_error.min() and clean_error.max() < 0.006
law = figures.extrapolated(1000, 0.0)
quote("gives 1.0 %", law["value"])
quote("from 0.6 %", law["low"])
quote("to 1.5 %", law["high"])
assert law["low"] < figures.PAPER["pixels"] < law["high"]
quote("is 8 % (mean of three", fifth[3], se=fifth_error[3])
quote("from 33 ± 2 %", half[0], se=half_error[0])
quote("to 31 ± 2 %", half[3], se=half_error[3])
assert 0.01 < half_error[[0, 3]].min() and half_error[[0, 3]].max() < 0.02
assert clean[3] < clean[0] / 2 and half[3] - 2 * half_error[3] > 0.8 * half[0]
assert fifth[3] + 2 * fifth_error[3] < 0.18


# %% after stopping
def best(path, corruption):  # the lowest mean error along a path, and its standard error
    draws = stopping.paths()[path][stopping.CORRUPTIONS.index(corruption)]
    draws = draws if draws.ndim == 1 else draws[draws.mean(axis=1).argmin()]
    spread = draws.std(ddof=1) / np.sqrt(draws.size)
    return {"value": draws.mean(), "se": np.hypot(spread, figures.binomial_error(draws.mean()))}


quote("is at 14 %", **best("shortest", 0.2))
quote("the best stop at 10 %", **best("flow", 0.2))
quote("the best ridge at 10 %", **best("ridge", 0.2))
quote("at 35 %, 15 %", **best("shortest", 0.5))
quote("15 % and 15 %. (Eight", **best("flow", 0.5))
quote("15 %. (Eight draws", **best("ridge", 0.5))
assert 0.005 < best("shortest", 0.5)["se"] < 0.015
quote("1.69 times", early_stopping_bound()[0])
assert best("shortest", 0.0)["value"] - best("flow", 0.0)["value"] < 0.003  # four of 2,000 digits

# %% after bad-fits
poisoned = digits["poisoned"][1000]
misread = poisoned["error"][figures.POISON.index(1000)]
quote("43 % of new digits", misread, se=figures.binomial_error(misread))
quote("3.7 times", poisoned["norm"][figures.POISON.index(1000)] / poisoned["norm"][0])
quote("11 times", poisoned["norm"][-1] / poisoned["norm"][0])
assert poisoned["error"][-1] > 0.8

# %% after norm-and-error
pixels_fit = measured["pixels"]["norm"][3, -1, 0], measured["pixels"]["error"][3, -1, 0]
wavelets_fit = measured["wavelets"]["norm"][3, -1, 0], measured["wavelets"]["error"][3, -1, 0]
quote("norm 29 on pixels", pixels_fit[0])
quote("norm 44 on wavelets", wavelets_fit[0])
quote("5.0 ± 0.5", 100 * pixels_fit[1], se=100 * figures.binomial_error(pixels_fit[1]))
quote("1.5 ± 0.3", 100 * wavelets_fit[1], se=100 * figures.binomial_error(wavelets_fit[1]))
for found_in in measured.values():  # within a kernel, corruption lengthens the fit and raises the error
    assert np.all(np.diff(found_in["norm"], axis=2) > 0) and np.all(np.diff(found_in["error"], axis=2) > 0)
    chain = found_in["norm"][:, -1, 0], found_in["error"][:, -1, 0]
    assert np.ptp(np.log(chain[0])) > np.log(6) and np.ptp(np.log(chain[1])) < np.log(2)
