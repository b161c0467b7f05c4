"""What chapter 13 quotes, held to what it computed: run by the build beside the cells that are named here."""

import numpy as np

from renorm_book.quote import quote

# %% after measure
off, precision = [], []
for (sigma2, features, K), found in dealt.items():
    for label, r in fixed.items():
        theory = figures._excess(sigma2, 100, features // K, r, K)
        if np.isfinite(theory):
            mean, se = found[label]
            off.append((mean - theory) / np.hypot(se, theory * K / features))  # corrections of the order of 1/width
            precision.append(se / theory)
assert np.abs(off).max() < 4 and np.mean(np.square(off)) < 1.5
assert np.median(precision) / np.sqrt(len(precision) / 4) < 0.01  # a theory 3 % off everywhere would be seen
few, all_in_one = (figures._excess(0.5, 100, width, 0.0, K) for width, K in ((25, 16), (400, 1)))
quote("0.098, one", few)
quote("0.55: 5.6", all_in_one)
quote("5.6 times", all_in_one / few)
quote("5 % more than", figures._excess(0.5, 100, 25, None, 16) / figures._excess(0.5, 100, 400, None, 1) - 1)
for sigma2 in noises:
    for features in totals:
        tuned = [figures._excess(sigma2, 100, features // K, None, K) for K in members]
        assert tuned[0] < tuned[-1] and np.all(np.diff(tuned) > -2e-4 * tuned[0])  # a grid of ridges: to its spacing
untuned = [dealt[0.5, 400, K]["none"] for K in (16, 1)]
assert untuned[0][0] + 3 * untuned[0][1] < untuned[1][0] - 3 * untuned[1][1]

# %% after layers
off = []
for (n, width, K), rows in whole.items():
    for r, (mean, se) in zip(strengths, rows, strict=True):
        theory = float(random_feature_risk(figures.world(0.1), n, width, r).ensemble(K).excess)
        off.append((mean - theory) / np.hypot(se, 1.5 * theory / width))
assert np.abs(off).max() < 4.5 and np.mean(np.square(off)) < 1.6
for text, K in (("75 % of the error", 1), ("16 % of that", 16)):
    risk = random_feature_risk(figures.world(0.1), 100, 100, 0.001).ensemble(K)
    scatter = risk.variance_features + risk.variance_interaction + risk.variance_noise_interaction
    quote(text, scatter / risk.excess)
quote("16 % of the error; infinitely", scatter / risk.excess)
small = [
    whole[n, 12, 16][0][0] / random_feature_risk(figures.world(0.1), n, 12, 0.001).ensemble(16).excess - 1
    for n in counts
]
assert 0.05 < np.mean(small) < 0.15  # "a tenth too low"

# %% after fig-buy
for sigma2 in (0.0, 0.1, 0.5):
    assert not np.any(figures.bought(sigma2, None) == 2)  # "the band is gone, whatever the noise"
    assert np.mean(figures.bought(sigma2, 0.0001) == 2) > 0.1
for sigma2 in (0.1, 0.5):  # the band lies below the diagonal; above it there is a strip in which features are best
    features_of, samples_of = np.nonzero(figures.bought(sigma2, 0.0001) == 2)
    assert np.mean(samples_of > features_of) > 0.9
    strip = figures.bought(sigma2, 0.0001)[-1]
    assert np.any(strip[: len(strip) // 2] == 1) and np.all(strip[-8:] == 0)
assert figures.bought(0.0, None)[16, 16] == 1 and figures.bought(0.5, None)[16, 16] == 0

# %% after predicted
quote("4 % in the median", np.median(np.abs(off)))
quote("12 % off at worst", np.abs(off).max())

# %% after one-machine
np.testing.assert_allclose(many.excess, one.excess, rtol=1e-9)
quote("6 % of its answers", as_one[100, 25][0])
quote("0.5 % with 800", as_one[100, 800][0])
