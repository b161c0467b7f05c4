"""What chapter 2 quotes, held to what its cells computed: a part runs after the cell it names."""

import numpy as np

from renorm_book.quote import quote

# %% after meter-core
for fit, theory in zip((free**2, held**2), exact, strict=True):
    assert abs(fit.mean() - theory) < 4 * fit.std(ddof=1) / np.sqrt(fit.size)

# %% after memorize-digits
assert np.all(np.linalg.eigvals(A).real > 0) and np.allclose(A, np.tril(A))

# %% after memorize-true
quote("2064 weights", net.n_weights)
quote("14 ± 2 % of new digits", hits, se=np.sqrt(hits * (1 - hits) / len(digits.test_labels)))
quote("12,544 points", 256 * 196 / 4)
assert kept < 0.85 and fitted == 1.0

# %% after stability
(changes, largest), allowed = figures.measured_stability(200), bounds.ridge_stability(200, figures.STABILITY_RIDGES)
(coins, most), (error, error_most) = figures.mean_and_error(np.array([changes[0, -1], largest[0, -1]]).T)
quote("0.10 on average when labels are true", changes[0, 0].mean())
quote("0.9 when they are coins", coins, se=error)
quote("2.3 at the worst", most, se=error_most)
quote("5,050 in both cases", allowed[0])
quote("101 at $", 1 + 1 / np.sqrt(figures.STABILITY_RIDGES[0]))
quote("a factor of 2.0", allowed[-1] / largest[-1].mean())

# %% after norm-bound
easy = figures.bound_and_error("0 against 1")[1280]
place = figures.RIDGES.index(1e-3)
quote("an error below 0.36", easy["bound"][place, 0].mean())
mean, error = figures.mean_and_error(easy["bound"][place, -1])
quote("returns 1.47", mean, se=error)
quote("below 0.17", easy["pac_bayes"][place, 0].mean())
quote("848 held-out digits", easy["tests"])
assert round(easy["error"][place, 0].mean() * easy["tests"]) == 1
quote("returns 0.52", easy["bound"][0, 0].mean())
mean, error = figures.mean_and_error(easy["bound"][0, 1])
quote("4.0 ± 0.3", mean, se=error)
assert 0.1 < error < 0.2
mean, error = figures.mean_and_error(easy["error"][0, 1])
quote("7 % error is measured", mean, se=error)
hard = figures.bound_and_error("3 against 8")[1280]
assert hard["bound"][:, 0].min() > 0.5 and 0.45 < hard["pac_bayes"][:, 0].min() < 0.5
for found in (easy, hard):  # both theorems, in every draw
    assert np.all(found["bound"] > found["error"]) and np.all(found["pac_bayes"] > found["error"])

# %% after flip-agreement
seen = theory > 1e-4  # 120,000 fresh points can see errors of this size
m, t, s = mean[seen], theory[seen], error[seen]
factor, spread = np.sum(m * t / s**2) / np.sum((t / s) ** 2), np.sum((t / s) ** 2) ** -0.5
assert np.all(np.abs(m - t) < 4 * s)
assert abs(factor - 1) < 3 * spread < 0.04  # a theory wrong by 4 % would be seen; a test of the book sees 1 %
assert np.all(flipped.flipped_errors(20)[1, :, flipped.NOISES.index(8.0)][:, 2:] == 1)

# %% after sharp-core
assert np.all(np.abs(mean - exact) < 3 * error) and np.all(error < 0.01 * mean)

# %% after benign
(error,), (norm2,) = (np.atleast_1d(part) for part in interpolation.shortest_fit(800, 100_000, 0.2))
quote("error 0.204", error)
quote("0.200 in the main term", norm2 / 800)
assert np.all(interpolation.guarantee(interpolation.simulated(800, 100_000, 0.2)[1], 800, 100_000) < 0.5)
for n in interpolation.SIZES:  # theory against simulation, and the guarantee in every draw
    measured, norms2 = interpolation.simulated(n, 100_000, 0.2)
    exact = interpolation.shortest_fit(n, 100_000, 0.2)[0]
    assert abs(measured.mean() - exact) < 4 * measured.std(ddof=1) / np.sqrt(measured.size)
    assert np.all(measured < interpolation.guarantee(norms2, n, 100_000))

# %% after exercise-left-out
A = np.array([[0.5, 0, 0], [1.5, 0.5, 0], [2.5, 1.5, 0.5]])
s = np.linalg.svd(A, compute_uv=False)
quote("3.36, 0.44 and 0.08", s[0])
assert np.allclose(s[1:], [0.44, 0.08], atol=0.005) and np.allclose(np.linalg.solve(A, [5, -1, 4]), [10, -32, 54])
quote("ratio is 40", s[0] / s[2])
quote("about 0.06", (41 * np.log(2) + np.log(20)) / 500)
