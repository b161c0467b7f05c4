"""What chapter 7 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm_book.quote import quote

# %% after theory-meets-dots
assert abs(kappa_fit / kappa - 1) < 3.5 * fit_se and rms < 1 + 4 / np.sqrt(2 * 600)

# %% after measured
for mean, se, solved in from_matrices.values():
    assert abs(mean - solved) < 3.5 * se + 0.01 * solved  # finite d: less than 1 %

# %% after unequal-ratios
worlds = population, Population(s, 0 * w, 1.0)  # leave-one-out speaks of one sample fewer, GCV of about so many
one_fewer = np.array([ridge_risk(world, n - 1, ridge).test / ridge_risk(world, n, ridge).test - 1 for world in worlds])
for rows in ratio:
    assert np.all(np.abs(ratio[rows][1] - 1) < 3.5 * ratio_se[rows][1] + np.abs(one_fewer))
assert np.all(np.abs(ratio["all alike"][0] - 1) < 3.5 * ratio_se["all alike"][0] + np.abs(one_fewer))

# %% after curves-agree
for d in DIMENSIONS:
    before, beyond = ([n for n in CURVE_SAMPLES if n < d], [n for n in CURVE_SAMPLES if n != d])
    finite = np.mean(1 / np.array(before)), 0.5 * np.mean(1 / np.array(beyond)), 2 / d  # of order 1/n
    assert all(abs(mean - 1) < 3 * se + rest for (mean, se), rest in zip(agreement[d], finite, strict=True))

# %% after label-check
for p in REPLACED:
    some = slice(None) if p > 0 else slice(LABEL_SAMPLES.index(200))
    finite = (0.5 if p > 0 else 1.0) * np.mean(1 / n_column[some])  # as in the curves above
    assert all(abs(mean - 1) < 3 * se + finite for mean, se in labels_agree[p])

# %% after two-factors
assert np.all(np.abs(limit - 1) < 3.5 * limit_se)

# %% after ex-labels
# Every number that the text takes from a computation.
quote("0.998 even for the smallest", s[-1] / (s[-1] + 1e-6))
quote("61 % (± 1), the hundredth", learned[29], se=error[29])
quote("26 % (± 1), the last", learned[99], se=error[99])
quote("7 % (± 1.4)", learned[599], se=error[599])
kappa_here = renormalized_ridge(s, 100, 1e-6)
quote("61 %, 27 % and 4 %", s[29] / (s[29] + kappa_here))
quote("27 % and 4 %", s[99] / (s[99] + kappa_here))
quote("4 %. And which", s[599] / (s[599] + kappa_here))
dim, dim_se = ratio["one in five dim"], ratio_se["one in five dim"]
quote("0.47 times the test error", dim[0, 0], se=dim_se[0, 0])
quote("1.38 (± 0.02) times", dim[0, 1], se=dim_se[0, 1])
squares = np.square([1, 1, 1, 1, 1 / 3])
quote("a ratio of 0.47", 1 / (squares.mean() * np.mean(1 / squares)))
quote("3.3 times smaller", kappa_here / renormalized_ridge(s, 200, 1e-6))
quote("0.13 %, which nobody", renormalized_ridge(s, 100, 1e-5) / kappa_here - 1)
