"""What chapter 5 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm import Population
from renorm_book.chapter05 import size as world_of_sizes
from renorm_book.quote import quote

# %% after fig-stream
rng, errors = np.random.default_rng(1), []
for _ in range(10):  # 2,000 learners at a time
    X = rng.standard_normal((2000, 50, 50))
    y = X @ task.coefficients + np.sqrt(noise) * rng.standard_normal((2000, 50))
    few, transposed = X[:, :25], np.swapaxes(X[:, :25], 1, 2)
    after_25 = (transposed @ np.linalg.solve(few @ transposed, y[:, :25, None]))[..., 0]
    after_50 = np.linalg.solve(X, y[..., None])[..., 0]
    errors.append([test_error(after_25), test_error(after_50)])
times = np.concatenate([after / before for before, after in errors])
order = np.sort(times)  # the median's standard error from the order statistics around it
quote("all but 2", np.sum(times < 1))
quote("27 times smaller", np.median(times), se=(order[10070] - order[9929]) / 2)

# %% after agreement
# a theory 2 % off everywhere would make the mean square 1 + (2 / 1.6)^2 = 2.6
assert np.abs(off).max() < 4.5 and np.mean(np.square(off)) < 1.6

# %% after worst-direction
quote("80 % (± 1) of the squared error", *median(shares)[:1], se=median(shares)[1])
in_the_limit = np.sqrt(1 + 2 * np.log(2)) - 1  # the median of Edelman's law, P(> x) = exp(-x - x²/2)
quote("0.54/\\sqrt d$", in_the_limit)
assert abs(median(smallest)[0] - in_the_limit) < 4 * median(smallest)[1]

# %% after exact
assert np.abs(list(far.values())).max() < 4

# %% after cure
assert all(abs(off) < 4 and precision < 0.01 for off, precision in cured.values())
assert np.all(np.diff(excess) < 0)  # every sample helps
quote("it is 0.39", isotropic_optimal_excess(1.0, 1.0, 0.25))
quote("n^* = 25", 50 * (1 - 0.5))
quote("0.075 at", isotropic_optimal_excess(0.25, 1.0, 0.25))
quote("0.390 at 1", isotropic_optimal_excess(1.0, 1.0, 0.25))
quote("0.809 at 4", isotropic_optimal_excess(4.0, 1.0, 0.25))

# %% after model-agreement
assert np.abs(off).max() < 4 and 1 < np.mean(small) < 1.08
ridgeless = random_feature_risk(world, 100, np.arange(5, 96), 0.0).test
quote("35 features the old textbook is right", 5 + ridgeless.argmin())
quote("0.30 and then climbs", ridgeless.min())
quote("0.20 at 1,000 features", random_feature_risk(world, 100, 1000, 0.0).test)

# %% after fig-spikes
found = spikes.errors(0.5)[:, :, 0]  # (data sets, features, parts), λ = 0
total = {N: median(found[:, i].sum(axis=-1)) for i, N in enumerate(spikes.FEATURES)}
quote("0.07 with six", total[6][0], se=total[6][1])
quote("1.6 (± 0.2) with 20", total[20][0], se=total[20][1])
quote("again 0.07 with 2,000", total[2000][0], se=total[2000][1])
quote("reach 0.04", total[4][0], se=total[4][1])
needles, wide = found[..., 1].mean(axis=0), np.array(spikes.FEATURES) >= 100
expected_needles = 0.25 * (20 - 6) / np.array(spikes.FEATURES)  # σ² (n - 6) / N
assert np.all(np.abs(needles / expected_needles - 1)[wide] < 0.1)  # "about"
beyond = [total[N][0] for N in spikes.FEATURES if N >= 20]
assert np.all(np.diff(beyond) < 0) and total[10][0] > total[6][0] > total[4][0]
points_missed = [np.abs(spikes.cosines(x, N) @ spikes.fit(x, y, N, 0.0) - y).max() for N in (6, 2000)]
assert points_missed[0] > 1 and points_missed[1] < 1e-9

# %% after fig-larger
simulated, sizes_of = world_of_sizes.kept()["toy"], world_of_sizes.WIDTHS.index
quote("miss 32 %", *simulated[sizes_of(10), 0, 0, :1], se=simulated[sizes_of(10), 0, 0, 1])
quote("a hundred 2.6 %", *simulated[sizes_of(100), 0, 0, :1], se=simulated[sizes_of(100), 0, 0, 1])
assert np.all(simulated[sizes_of(500) :, 0, 0] == 0)
some, much = world_of_sizes.toy(0.1), world_of_sizes.toy(0.5)
quote("1.07 at 110", random_feature_risk(some, 100, 110, 0.0).variance_noise)
quote("0.08 at 2,000", random_feature_risk(some, 100, 2000, 0.0).variance_noise)
quote("err by 0.84", random_feature_risk(much, 100, 20, 0.0).test)
quote("many by 0.88", random_feature_risk(much, 100, np.inf, 0.0).test)
at_best = [
    random_feature_risk(some, 100, N, ridge).variance_noise
    for N, ridge in zip(world_of_sizes.WIDTHS, world_of_sizes.best_ridge(world_of_sizes.WIDTHS, 0.1), strict=True)
    if 110 <= N <= 2000
]
quote("is 0.018 from", min(at_best))
assert max(at_best) - min(at_best) < 0.0005
pictures, steps = world_of_sizes.kept()["digits"], world_of_sizes.kept()["steps"]
forty = world_of_sizes.DIGIT_WIDTHS.index(40)
quote("0.84 (± 0.01) with 40", pictures[forty, 2, 0, 0], se=pictures[forty, 2, 0, 1])
quote("0.92 (± 0.02) with 6,000", pictures[-1, 2, 0, 0], se=pictures[-1, 2, 0, 1])
assert len(steps) == 13 and np.all(steps[..., 0] < 0)

# %% after noiseless
assert at_peak[1] > at_peak[0] < at_peak[2] > at_peak[3]
assert np.all(np.diff(best_feature[100]) < 1e-12)  # with the best ridge, wider is better

# %% after unresolved-agreement
assert np.abs(off).max() < 4.5 and max(exact_zero) < 1e-12
at = ridge_risk(world_of(40, 1e-4), [20, 40, 80, 399, 400, 401], 0.0).test
quote("1.0, 4.3 and 0.44", at[0])
quote("4.3 and 0.44", at[1])
quote("0.44 at 20", at[2])
assert at[3] < 0.001 and at[4] == at[5] == 0
alone = ridge_risk(isotropic(40, 1.0, noise_variance=0.25), [20, 80], 0.0).test  # the strong inputs only
quote("within 11 %", np.abs(at[[0, 2]] / alone - 1).max())
for weak in (1e-5, 1e-4, 1e-3):  # corrections to the square root are of order one
    assert abs(ridge_risk(world_of(40, weak), 40, 0.0).susceptibility - np.sqrt(40 / (360 * weak)) / 2) < 0.6
assert ridge_risk(spiked(40_040, np.ones(40), bulk=1e-4), 40, 0.0).susceptibility < 2.2  # a wide gap
steep, rng, amplified = np.exp(-np.arange(1, 401) / 10), np.random.default_rng(6), {}
for n in (50, 100):
    X, E = rng.standard_normal((200, n, 400)) * np.sqrt(steep), rng.standard_normal((200, n, 1))
    fits = np.swapaxes(X, 1, 2) @ np.linalg.solve(X @ np.swapaxes(X, 1, 2), E)
    seen = 1 + (fits[..., 0] ** 2) @ steep  # test error of fitted noise of variance 1
    amplified[n] = seen.mean(), seen.std(ddof=1) / np.sqrt(200)
    theory = ridge_risk(Population(steep, np.zeros(400), 1.0), n, 0.0)
    assert abs(theory.test / (n / 10) - 1) < 0.01
    assert abs(amplified[n][0] - theory.test) < 2 / n * theory.test + 4 * amplified[n][1]  # corrections of order 1/n
assert amplified[100][0] - 4 * amplified[100][1] > amplified[50][0] + 4 * amplified[50][1]
seen = figures.with_noise(unresolved[40, 1e-4, d], 0.0)
assert seen[40][0] - 4 * seen[40][1] > 2 * (seen[20][0] + 4 * seen[20][1])  # the peak is in the simulation, too

# %% after fig-folded
quote("79 effective parameters", predicted_parameters(100, 2000))
small = predicted_parameters(100, np.arange(5, 90))
quote("44 features", 5 + np.abs(small - predicted_parameters(100, 2000)).argmin())
away = np.abs(np.array(narrow) / n - 1) > 0.2
assert np.all(np.abs(p_eff.mean(1) / predicted_parameters(n, narrow) - 1)[away] < 0.05)  # "a few per cent"
