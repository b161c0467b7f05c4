"""What chapter 9 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm import optimal_ridge
from renorm.theory.scaling import noise_plateau, optimal_decay
from renorm_book.quote import quote

# %% after newton-check
for name, (mean, errors) in measured.items():
    finite = 4 / SAMPLES  # the theory is the limit of large n: at finite n, smooth targets are that much harder
    assert np.all(np.abs(mean / curves[name] - 1) < finite + 3 * errors / mean)

# %% after width-check
assert all(abs(slope - law) < 0.05 for slope, law in plateau_slopes)

# %% after ex-decay
# Every number that the text takes from a computation.
(value_a, se_a), (value_e, se_e) = slopes["A"], slopes["E"]
quote("−0.65 to about", value_a, se=se_a)
quote("−3. In world E", value_e, se=se_e)
quote("1,000 times smaller", 10**-value_e, se=np.log(10) * 10**-value_e * se_e)
quote("4.5 times", 10**-value_a, se=np.log(10) * 10**-value_a * se_a)
quote("0.31, and there", fit_power_law(SAMPLES, curves["D"])[0] + data_exponent(1.5, 1.0))
off = [abs(fit_power_law(SAMPLES, curves[name])[0] + data_exponent(*WORLDS[name])) for name in "ABCE"]
quote("0.05, and within three", max(off))
for name in "ABCE":
    value, se = slopes[name]
    for exponent in (fit_power_law(SAMPLES, curves[name])[0], -data_exponent(*WORLDS[name])):
        assert abs(value - exponent) < 3 * se
value, se = slopes["D"]
assert abs(value - fit_power_law(SAMPLES, curves["D"])[0]) < 3 * se  # the curve, and
assert value + data_exponent(1.5, 1.0) > 5 * se  # not the law
for source, text in ((0.5, "6.0 times the best"), (1.0, "25 times, a factor")):
    world, n = endless_power_law(3000, 1.5, source, noise_variance=0.01), np.array([1000.0, 3000.0])
    best = np.maximum(optimal_ridge(world.population, n), world.tail / n)
    chosen = n ** -optimal_decay(1.5, source) + world.tail / n
    now, later = np.divide(*(ridge_risk(world.population, n, ridge).excess + world.missed for ridge in (chosen, best)))
    quote(text, now)
    assert later > 1.1 * now or source < 1
quote("0.37 in place", noise_plateau(1.5, pull=1))
quote("0.5 for", noise_plateau(1.5))
quote("0.62 in place", noise_plateau(2.0, pull=1))
quote("1 for", noise_plateau(2.0))
quote("−0.35, on a curve", image_slope, se=image_slope_se)
quote("−0.47; read off elsewhere", from_two[5, 120])
quote("−0.36 and meets", whole)
worst = np.argmax(np.abs(predicted / held_out - 1))
quote("4 % (± 1). The lesson", abs(predicted / held_out - 1)[worst], se=(held_out_se / held_out)[worst])
