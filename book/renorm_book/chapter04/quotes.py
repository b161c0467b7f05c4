"""What chapter 4 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm import spiked
from renorm.theory.negative_ridge import optimal_signed_ridge
from renorm_book.quote import quote

# %% after fig-detector
s60, se = study[60], {name: study[60][name + "_bar"] / 2 for name in ("train", "wrong")}
quote("the training error is 0.009", s60["train"][0], se=se["train"][0])
quote("15 % of the new pictures", s60["wrong"][0], se=se["wrong"][0])
quote("10 % of the time", is_zero.mean())
assert ridges[2] == 1e-5
quote("the training error is still 0.010", s60["train"][2], se=se["train"][2])
quote("12 % of the new pictures", s60["wrong"][2], se=se["wrong"][2])
quote("the training error is 0.05", s60["train"][9], se=se["train"][9])
quote("only 2 % of the new pictures", s60["wrong"][9], se=se["wrong"][9])
assert s60["train"][9] - 4 * se["train"][9] > 3 * (s60["train"][0] + 4 * se["train"][0])  # "several times"
assert s60["test"].argmin() == 9 and ridges[9] == 0.03
quote("−4.2, where 0.7 is typical", s60["weights"][0][23])
quote("0.7 is typical", np.median(np.abs(s60["weights"][0][np.ptp(pixels[split(60, 0)[0]], axis=0) > 0])))
sixty = pixels[split(60, 0)[0], 23] * 16  # third row, last column
assert np.count_nonzero(sixty) == 1
quote("1 on a scale of 16", sixty.max())
quote("8, and there the enormous weight shouts", pixels[:, 23].max() * 16)
assert set(np.argsort(np.abs(s60["weights"][0]))[-2:]) == {15, 23}  # the ends of the second and third rows
quote("97 % of the pictures or more", np.mean(pixels[:, 15] == 0))
assert np.mean(pixels[:, 23] == 0) > 0.97

# %% after ridge-in-numpy
quote("91 % of its coefficient", 10 / 11)
quote("keeps 9 %", 0.1 / 1.1)

# %% after fig-trade
quote("the best λ is 0.5", optimal_ridge(tasks[100], 100))
quote("it is 0.125", optimal_ridge(tasks[100], 400))

# %% after agreement
mean, bar = measured[n, d]["train"]  # the figure's own dots
assert np.abs(list(off.values())).max() < 4
assert all(np.all(getattr(found, f"{name}_se") < 0.01 * getattr(theory, name)) for name in off)
assert np.all(np.abs(mean - theory.train) < 2 * bar)

# %% after gcv-agreement
for pull, precision in gcv_off.values():
    assert np.all(np.abs(pull) < 4) and np.all(4 * precision < 0.024)

# %% after fig-selection
cost = {(n, name): [] for n in (40, 60, 200) for name in ("gcv", "loo")}
for (n, _), c in choices.items():
    if n in (40, 60, 200):
        for name in ("gcv", "loo"):
            cost[n, name].append(c["test"][c[name].argmin()] / c["test"].min() - 1)
cost = {key: np.array(values) for key, values in cost.items()}
quote("only 1 % above the", cost[200, "gcv"].mean(), se=cost[200, "gcv"].std(ddof=1) / np.sqrt(300))
much = cost[60, "gcv"] > 0.2
quote("13 % (± 1) of 1,000", much.mean(), se=much.std() / np.sqrt(1000))
doubled = {name: np.flatnonzero(cost[40, name] > 1) for name in ("gcv", "loo")}
quote("46 of 300", len(doubled["gcv"]))
quote("31 samples", len(doubled["loo"]))
smallest = {name: sum(choices[40, i + 1][name].argmin() == 0 for i in doubled["gcv"]) for name in ("gcv", "loo")}
quote("34 of", smallest["gcv"])
quote("did so in 14", smallest["loo"])
twenty = [one_draw(20, draw) for draw in range(draws)]  # smallest squared error at 0.1, fewest mistakes at 0.03, paired
assert ridges[study[20]["test"].argmin()] == 0.1 and ridges[study[20]["wrong"].argmin()] == 0.03
for name, worse in (("test", 1), ("wrong", -1)):
    difference = worse * np.array([run[name][9] - run[name][10] for run in twenty])
    assert difference.mean() > 3 * difference.std(ddof=1) / np.sqrt(draws)
kept = {n: np.sum(v / (v + 0.046)) for n, v in variances.items()}
quote("about 22 directions", kept[1000])
quote("about 41 are kept", np.sum(variances[1000] / (variances[1000] + 0.0046)))

# %% after leverages
assert abs(left.mean() / predicted - 1) < 0.01 and left.std() < 0.1 * predicted
one_strong = spiked(1000, spikes=[101.0], bulk=1.0, signal=10.0, noise_variance=1.0)
quote("−2.4 per sample", optimal_signed_ridge(one_strong, 64))
