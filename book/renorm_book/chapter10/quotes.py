"""What chapter 10 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm_book.quote import quote

# %% after experiment-run
assert fitted.min() > 0.99

# %% after measure
assert len(compared) > 1 and max(compared) < 1e-3

# %% after network-table
large = np.array(NET_SAMPLES) > 100
for name, harm in (("after the truth", 0 * large), ("after nonsense", large)):
    change = last[name][1] - last["at the start"][1]  # on the same pictures
    mean, error = change.mean(axis=1), change.std(axis=1, ddof=1) / np.sqrt(change.shape[1])
    assert np.all((np.where(harm, mean, -mean) > 3 * error)[[0, 1, 3, 4]])  # n = 64: nonsense hardly matters

# %% after ex-random
# Values and standard errors of the numbers that the text takes from computations: means over deals, and their ratios.
where = {n: SAMPLES.index(n) for n in SAMPLES}
true, tossed = ({s: measured(s, kind) for s in settings} for kind in (0, 2))


def over(top, bottom):
    """Ratio of two independent means, each given with its standard error, and its standard error."""
    return top[0] / bottom[0], top[0] / bottom[0] * np.hypot(top[1] / top[0], bottom[1] / bottom[0])


def less_one(pair):
    return abs(pair[0] - 1), pair[1]


def kappa_ratio(setting, n):
    return measurements.ratio(learning_curve(populations[setting], n, 0.0).kappa, record[setting][n]["kappa"])


falls = max(over(true[s][:, 0], true[s][:, where[250]]) for s in settings)
for (_, kernel), (mean, error) in tossed.items():  # farther from 1 with more tosses, or far from it at once
    if kernel == "gaussian":
        assert np.all(np.diff(mean) > 2 * np.hypot(error[1:], error[:-1])) and mean[0] > 1
    if kernel == "tangent":
        assert np.all(mean - 4 * error > 1.2)
rises = sorted(over(tossed[s][:, where[250]], true[s][:, where[250]]) for s in settings)
small, large = farthest(theory_ratio, SAMPLES[:5]), farthest(theory_ratio, [1000])
tosses = farthest({key: table for key, table in theory_ratio.items() if key[1] == 2}, [1000])
loo = np.concatenate([table[:, [where[n] for n in (250, 500, 1000)]].T for table in forecast_ratio["loo"].values()])
gcv = sorted(tuple(table[:, where[1000]]) for table in forecast_ratio["gcv"].values())
gcv_laplace = max(tuple(forecast_ratio["gcv"][(p, "laplace"), 2][:, where[1000]]) for p in measurements.PICTURES)
scatter = sorted(
    tuple(measurements.mean_and_error(record[s][n]["scatter"][:, 0])) for s in settings for n in (250, 500, 1000)
)
spread = {k: measurements.mean_and_error(record["mnist", k][1000]["spread"]) for k in measurements.KERNELS}
bend = {key: [float(part[-1, 0]) for part in table] for key, table in bent.items()}
worst_net = max(
    (less_one(pair) for table in net_ratio.values() for pair in zip(*table, strict=True)), key=lambda pair: pair[0]
)
# The numbers, as the text has them.
s, v = digits_population.eigenvalues, digits_population.energies
kappa_1000 = float(learning_curve(digits_population, 1000, 0.0).kappa)
above, of_length = s > kappa_250, {name: norm / length["at the start"] for name, norm in length.items()}
quote("53 of the 2,000 modes", np.sum(above))
quote("36. The others", np.sum((s / (s + kappa_250))[above]))
quote("71 % of their energy", v[above].sum())
quote("2.6 % of it is above", np.mean(above))
value, se = measurements.mean_and_error(wrong[0])
quote("8 %, the second", value, se=se)
value, se = measurements.mean_and_error(squared[1])
quote("1.22, is worse", value, se=se)
quote("4 % of the measurement", -small[0], se=small[1])
quote("4 % up to an eighth", -small[0], se=small[1])
quote("3.9 and random", falls[0], se=falls[1])
quote("2.6 to", rises[0][0], se=rises[0][1])
quote("9.3. At", rises[-1][0], se=rises[-1][1])
quote("18 % too low", -large[0], se=large[1])
quote("by up to 18 %", -large[0], se=large[1])
quote("18 % at half", -large[0], se=large[1])
quote("8 % too high for", tosses[0], se=tosses[1])
quote("49 % above", np.mean(s > kappa_1000))
quote("0.986 (± 0.004)", most, se=its_error)
quote("0.90 to 0.91", bend["mnist", "none"][0], se=bend["mnist", "none"][1])
quote("0.91, and to", bend["mnist", "200"][0], se=bend["mnist", "200"][1])
quote("0.92 if", bend["mnist", "200 with labels"][0], se=bend["mnist", "200 with labels"][1])
value, se = less_one(bend["mnist", "1500"])
quote("3 % and 10", value, se=se)
value, se = less_one(bend["fashion-mnist", "1500"])
quote("10 %. The", value, se=se)
value, se = (part[-1, 3] for part in bent["mnist", "none"])
quote("1.36, and this", value, se=se)
value, se = (part[-1, 3] for part in bent["mnist", "1000"])
quote("1.05. So", value, se=se)
value, se = kappa_ratio(("fashion-mnist", "tangent"), 500)
quote("1.21 and the error", value, se=se)
value, se = less_one(kappa_ratio(("fashion-mnist", "laplace"), 1000))
quote("1.4 % and the error", value, se=se)
value, se = less_one([part[where[1000]] for part in theory_ratio[("fashion-mnist", "laplace"), 0]])
quote("8 % too low.", value, se=se)


def time_to(level, energies):
    """When gradient flow reaches the loss ``level``, by bisection (exercise 2)."""
    low, high = 0.0, 1e9
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.sum(energies * np.exp(-2 * s * middle)) > level else (low, middle)
    return middle


quote("54 ratios", len(loo))
value, se = min(map(tuple, loo))
quote("0.99 and 1.01", value, se=se)
value, se = max(map(tuple, loo))
quote("1.01 (standard", value, se=se)
quote("0.008). A", loo[:, 1].max())
quote("0.53 to 2.7", gcv[0][0], se=gcv[0][1])
quote("2.7, and the", gcv[-1][0], se=gcv[-1][1])
value, se = less_one(gcv_laplace)
quote("5 % for tosses", value, se=se)
value, se = less_one(forecast_ratio["gcv"][("fashion-mnist", "laplace"), 0][:, where[1000]])
quote("17 % too low for the truth", value, se=se)
value, se = forecast_ratio["gcv"][("fashion-mnist", "tangent"), 0][:, where[250]]
quote("1.15 times the error", value, se=se)
quote("7 to 17 % off", 100 * scatter[0][0] ** 0.5, se=100 * scatter[0][1] / 2 / scatter[0][0] ** 0.5)
quote("17 % off", scatter[-1][0] ** 0.5, se=scatter[-1][1] / 2 / scatter[-1][0] ** 0.5)
quote("10 times the mean", spread["gaussian"][0], se=spread["gaussian"][1])
quote("2.1 times with", spread["laplace"][0], se=spread["laplace"][1])
for text, level in (("7.5 for digits", 0.05), ("34 at one half", 0.5), ("10 at 0.001", 0.001)):
    quote(text, time_to(level, np.full(SIZE, 1 / SIZE)) / time_to(level, v))
quote("7 %, on images", worst_net[0], se=worst_net[1])
quote("2.6 times on the truth", of_length["after the truth"])
quote("5.0 times on nonsense", of_length["after nonsense"])
for text, name in (("66 % of what nonsense", "nonsense"), ("53 % of what the truth", "the truth")):
    quote(text, share[name][0][0], se=share[name][1][0])
quote("18 % of fresh ones", network_wrong, se=wrong_se)
quote("16 %:", kernel_wrong, se=wrong_se)
