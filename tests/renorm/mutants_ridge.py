"""Planted mistakes in populations, the fixed point, ridge theory, its closed forms and negative ridges."""

import numpy as np
from mutation import Mutant

from renorm.theory.population import Population, isotropic, power_law, spiked
from renorm.theory.ridge import ridge_risk

GOLDEN = power_law(500, capacity=1.3, source=0.9 / 2.6, noise_variance=0.3)
SMALL = np.array([4.0, 1.0, 1.0, 0.25, 0.01, 0.0])


def check_population(population):
    """Two modes and three kinds of population, by hand."""
    p = population.Population([4, 0, 1], [1, 5, -2], 0.25)
    np.testing.assert_allclose([p.trace, p.signal, p.rank, *p.energies], [5, 8, 2, 4, 0, 4])
    flat = population.isotropic(4, 2.0)
    np.testing.assert_allclose([flat.trace, flat.signal, flat.coefficients[0] ** 2], [4, 2, 0.5])
    law = population.power_law(9, 1.5, 0.4, signal=3.0)
    np.testing.assert_allclose([law.eigenvalues[3], law.energies[3] / law.energies[0]], [4**-1.5, 4**-2.2])
    np.testing.assert_allclose(law.signal, 3)
    spikes = population.spiked(6, [3.0, 5.0], bulk=0.5, signal=2.0, alignment=0.25)
    np.testing.assert_allclose(spikes.energies, [0.25, 0.25] + [1.5 / 4] * 4)
    np.testing.assert_allclose(spikes.eigenvalues, [3, 5] + [0.5] * 4)


def check_effective_ranks(population):
    """The spectrum 4, 1, 1, 0.25, 0.01 by hand."""
    p = population.Population(SMALL, np.ones(6))
    np.testing.assert_allclose([p.effective_rank(0), p.effective_rank(3)], [6.26 / 4, 0.26 / 0.25])
    np.testing.assert_allclose(p.effective_dimension(3), 0.26**2 / (0.25**2 + 0.01**2))
    assert [p.benign_split(n) for n in (1, 2, 2.27)] == [0, 1, None]
    assert p.benign_split(1, factor=2.0) == 1


def check_from_kernel(population):
    """Four points, two orthogonal features and a target outside their span."""
    points = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) * [3.0, 1.0]
    outside = np.array([1.0, -1.0, -1.0, 1.0])
    p = population.from_kernel(points @ points.T, points @ [2, 5] + 0.5 * outside)
    np.testing.assert_allclose(p.eigenvalues, [9, 1, 0, 0], atol=1e-13)
    np.testing.assert_allclose(p.energies[:2], [36, 25])
    np.testing.assert_allclose(p.noise_variance, 0.25)


def check_fixed_point(fixed_point):
    """kappa and its parts against direct sums, for a wide spectrum, on both sides of the rank and on it."""
    s = np.logspace(-9, 2, 14)
    spectrum = fixed_point.compress(np.r_[s, s[:3], 0.0])
    np.testing.assert_allclose([spectrum.rank, spectrum.trace], [17, s.sum() + s[:3].sum()])
    every = np.r_[s, s[:3]]
    kappa = np.logspace(-12, 4, 60)
    split = fixed_point.split_df1(spectrum, kappa)
    share = every / (every + kappa[:, None])
    np.testing.assert_allclose(split.above - split.rest, share.sum(1), rtol=1e-12)
    np.testing.assert_allclose(split.slope, (share * (kappa[:, None] / (every + kappa[:, None]))).sum(1), rtol=1e-12)
    n, ridge = (grid.ravel() for grid in np.meshgrid([1, 5.5, 16, 17, 40], np.logspace(-13, 5, 20)))
    for size in (slice(None), slice(0, None, 7)):  # with and without the fine table
        found = fixed_point.solve(spectrum, n[size], ridge[size])
        p = every / (every + found[:, None])
        np.testing.assert_allclose(p.sum(1) + n[size] * ridge[size] / found, n[size], rtol=2e-13)
    sparse = np.array([1e-30, 1e-14, 1.0, 1e18])  # few points far apart: Newton's steps have to mend the guess
    few, penalty = np.array([1.5, 2.5, 3.5, 1.5, 1.2]), np.array([1e-40, 1e-36, 1e-33, 1e-3, 1e9])
    found = fixed_point.solve(fixed_point.compress(sparse), few, penalty)
    p = sparse / (sparse + found[:, None])
    np.testing.assert_allclose(p.sum(1) + few * penalty / found, few, rtol=3e-14)
    at_zero = fixed_point.solve(spectrum, np.array([16.0]), np.zeros(1))
    np.testing.assert_allclose((at_zero / (every + at_zero)).sum(), 1, rtol=1e-13)
    energies = spectrum.totals(np.r_[s, s[:3], 0.0], np.arange(18.0))
    np.testing.assert_allclose(energies, np.arange(14) + np.r_[14, 15, 16, np.zeros(11)])


def check_read_off(fixed_point):
    """A large grid is read off a table, with no evaluation at its points, and to the same accuracy."""
    s = np.arange(1, 101.0) ** -1.3
    n, ridge = (grid.ravel() for grid in np.meshgrid(np.geomspace(5, 500, 40), np.geomspace(1e-6, 1, 50)))
    evaluate, evaluated = fixed_point._rows, []
    fixed_point._rows = lambda spectrum, kappa, rows: evaluated.append(kappa.size) or evaluate(spectrum, kappa, rows)
    found = fixed_point.solve(fixed_point.compress(s), n, ridge)
    assert sum(evaluated) < 0.15 * n.size
    share = s / (s + found[:, None])
    np.testing.assert_allclose(share.sum(1) + n * ridge / found, n, rtol=3e-14)


def check_units(fixed_point):
    """Where float64 runs out of digits at its lower end, kappa is that of another unit."""
    s, n, ridge = np.array([1.0, 3.0, 7.0]), np.array([1.5, 2.0, 5.0]), np.array([0.0, 1.0, 4.0])
    in_ones = fixed_point.solve(fixed_point.compress(s), n, ridge)
    in_small = fixed_point.solve(fixed_point.compress(s * 1e-306), n, ridge * 1e-306)
    np.testing.assert_allclose(in_small * 1e306, in_ones, rtol=1e-13)


def check_ridge(ridge):
    """The golden numbers of the power law, the limits at ridge = 0 and the isotropic optimum."""
    risk = ridge.ridge_risk(GOLDEN, [50, 200], 1e-3)
    np.testing.assert_allclose(risk.kappa, [0.020076626, 0.0033400666], rtol=3e-8)
    np.testing.assert_allclose(risk.df1 / 500, [0.095019083, 0.28024191], rtol=3e-8)
    np.testing.assert_allclose(risk.df2 / 500, [0.032854439, 0.12921772], rtol=4e-8)
    np.testing.assert_allclose(risk.gamma, [0.32854439, 0.3230443], rtol=4e-8)
    np.testing.assert_allclose(risk.excess, [0.19476945, 0.15466581], rtol=4e-8)
    np.testing.assert_allclose(risk.train, [0.0012274998, 0.040755109], rtol=4e-8)
    np.testing.assert_allclose(risk.susceptibility[1], 1.4772015, rtol=4e-8)
    np.testing.assert_allclose(risk.bias + risk.variance + 0.3, risk.test, rtol=1e-14)
    share = GOLDEN.eigenvalues / (GOLDEN.eigenvalues + risk.kappa[0])
    np.testing.assert_allclose(risk.bias[0], np.sum(GOLDEN.energies * (1 - share) ** 2), rtol=1e-12)
    np.testing.assert_allclose(ridge.degrees_of_freedom([1, 1, 3], 1.0), [1.75, 1.0625], rtol=1e-15)
    plain = ridge.ridge_risk(GOLDEN, [800, 100], 0.0)
    np.testing.assert_allclose(plain.train, [0.3 * 3 / 8, 0], rtol=1e-14)
    np.testing.assert_allclose(plain.excess[0], 0.3 * 5 / 3, rtol=1e-14)
    assert ridge.ridge_risk(GOLDEN, 500, 0.0).excess == np.inf


def check_optimal_ridge(optimal):
    """Isotropic: d sigma^2 / (n |w|^2). Else: no ridge of a fine grid beats it, and it is where the grid's best is."""
    found = optimal.optimal_ridge(isotropic(40, 2.0, 0.7), [10, 40, 90])
    np.testing.assert_allclose(found, 40 * 0.7 / 2 / np.array([10, 40, 90]), rtol=1e-9)
    for population in (GOLDEN, spiked(80, [30.0, 6.0], alignment=0.4, noise_variance=1.5)):
        grid = np.geomspace(1e-6, 1e3, 4001)
        best = grid[np.argmin(ridge_risk(population, 60, grid).excess)]
        np.testing.assert_allclose(optimal.optimal_ridge(population, 60), best, rtol=0.006)
    assert optimal.optimal_ridge(isotropic(9, 1.0), 20) == 0
    assert optimal.optimal_ridge(spiked(1000, [101.0], signal=10.0, noise_variance=1.0), 64) == 0
    assert optimal.optimal_ridge(isotropic(9, 0.0, 1.0), 5) == np.inf


def check_isotropic(isotropic):
    """Golden numbers, and the general theory."""
    found = [float(isotropic.isotropic_renormalized_ridge(c, r)) for c in (0.5, 2.0) for r in (0.05, 0.5)]
    np.testing.assert_allclose(found, [0.092214438511, 0.5**0.5, 1.095635610526, 1.780776406404], rtol=1e-11)
    np.testing.assert_allclose(isotropic.isotropic_ridgeless_excess([0.5, 2.0], 1.0, 0.5), [0.5, 1.0])
    np.testing.assert_allclose(isotropic.isotropic_optimal_ridge([0.5, 2.0], 2.0, 0.5), [0.125, 0.5])
    np.testing.assert_allclose(
        isotropic.isotropic_optimal_excess([0.5, 2.0], 1.0, 0.5), [0.2807764, 0.5**0.5], rtol=1e-6
    )
    for c, d in [(0.5, 100), (1.0, 100), (3.0, 300)]:
        theory = ridge_risk(Population(np.ones(d), np.full(d, (2 / d) ** 0.5), 0.7), d / c, [1e-6, 0.1, 5.0])
        np.testing.assert_allclose(
            isotropic.isotropic_ridge_excess(c, [1e-6, 0.1, 5.0], 2.0, 0.7), theory.excess, rtol=1e-11
        )


def check_negative_ridge(negative_ridge):
    """Kobak's example and the isotropic edge."""
    kobak = spiked(1000, spikes=[101.0], signal=10.0, noise_variance=1.0)
    best = negative_ridge.optimal_signed_ridge(kobak, 64)
    risk = negative_ridge.negative_ridge_risk(kobak, 64, best)
    np.testing.assert_allclose([64 * best, risk.kappa, risk.excess], [-151.53, 12.2326, 0.242961], rtol=2e-5)
    np.testing.assert_allclose(negative_ridge.least_ridge([2.0] * 400, 100), -2.0, rtol=1e-12)
    np.testing.assert_allclose(negative_ridge.renormalized_negative_ridge([1.0] * 400, 100, -2 / 3), 2.0, rtol=1e-13)


FIXED_POINT = "renorm._numerics.fixed_point"
ISOTROPIC = "renorm.theory.isotropic"
NEGATIVE_RIDGE = "renorm.theory.negative_ridge"
POPULATION = "renorm.theory.population"
OPTIMAL = "renorm.theory.optimal"
RIDGE = "renorm.theory.ridge"

MUTANTS = [
    # population
    Mutant(POPULATION, "self.coefficients**2 * self.eigenvalues", "self.coefficients**2", check_population),
    Mutant(POPULATION, "np.sqrt(signal / d)", "signal / d", check_population),
    Mutant(
        POPULATION,
        "k ** -(1 + 2 * capacity * source)",
        "k ** -(1 + capacity * source)",
        check_population,
    ),
    Mutant(POPULATION, "k**-capacity", "k ** (-capacity - 1)", check_population),
    Mutant(
        POPULATION,
        "(capacity - 1 - 2 * capacity * source) / 2",
        "(capacity - 1 - 2 * capacity * source)",
        check_population,
    ),
    Mutant(POPULATION, "(1 - alignment) / rest", "alignment / rest", check_population),
    Mutant(POPULATION, "tail.sum() / tail[0])", "tail.sum() / tail[-1])", check_effective_ranks),
    Mutant(
        POPULATION,
        "tail.sum() ** 2 / np.sum(tail**2)",
        "tail.sum() / np.sum(tail**2)",
        check_effective_ranks,
    ),
    Mutant(POPULATION, "tails >= length * descending", "tails >= descending", check_effective_ranks),
    Mutant(POPULATION, "/ (2 * size)", "/ size", check_from_kernel),
    Mutant(POPULATION, "energies[~visible].sum()", "energies[visible].sum()", check_from_kernel),
    Mutant(
        POPULATION,
        "@ np.ones(targets.size // size) / size",
        "@ np.ones(targets.size // size)",
        check_from_kernel,
    ),
    # fixed point
    Mutant(FIXED_POINT, "sum_q - sum_p", "sum_q + sum_p", check_fixed_point),
    Mutant(
        FIXED_POINT,
        "(sum_q + sum_p) - lesser @ counts",
        "(sum_q + sum_p) + lesser @ counts",
        check_fixed_point,
    ),
    Mutant(FIXED_POINT, "spectrum.above[split]", "spectrum.above[split] + 1", check_fixed_point),
    Mutant(
        FIXED_POINT,
        "pull = samples * (ridge[active] / now)",
        "pull = 2 * samples * (ridge[active] / now)",
        check_fixed_point,
    ),
    Mutant(
        FIXED_POINT,
        "residual = (samples - split.above) + split.rest - pull",
        "residual = (samples - split.above) + split.rest + pull",
        check_fixed_point,
    ),
    Mutant(
        FIXED_POINT,
        "step = -residual / (split.slope + pull)",
        "step = -residual / (2 * split.slope + pull)",
        check_fixed_point,
    ),
    Mutant(FIXED_POINT, "x * fourth * end - decayed", "x * fourth * end + decayed", check_read_off),
    Mutant(FIXED_POINT, "a2 + x * (a3 + x * a4))", "a2 + x * (a3 - x * a4))", check_read_off),
    Mutant(FIXED_POINT, "- 5 * e0\n    e2", "- 4 * e0\n    e2", check_read_off),
    Mutant(FIXED_POINT, "- 5 * e1 - 10 * e0", "- 5 * e1 + 10 * e0", check_read_off),
    Mutant(FIXED_POINT, "- 5 * e2 - 10 * e1 - 10 * e0", "- 5 * e2 - 10 * e1 - 5 * e0", check_read_off),
    Mutant(
        FIXED_POINT, "- 5 * e3 - 10 * e2 - 10 * e1 - 5 * e0", "- 5 * e3 - 10 * e2 - 10 * e1 - 10 * e0", check_read_off
    ),
    Mutant(FIXED_POINT, "b1 - (a1 + 2 * a2", "b1 - (a1 + a2", check_read_off),
    Mutant(FIXED_POINT, "b2 - (a2 + 3 * a3", "b2 - (a2 + a3", check_read_off),
    Mutant(FIXED_POINT, "b3 - (a3 + 4 * a4", "b3 - (a3 + a4", check_read_off),
    Mutant(FIXED_POINT, "width**3 / 6", "width**3 / 3", check_read_off),
    Mutant(FIXED_POINT, "width**4 / 24", "width**4 / 12", check_read_off),
    Mutant(
        FIXED_POINT,
        "overlap @ signed - 2 * (w_lesser @ signed)",
        "overlap @ signed + 2 * (w_lesser @ signed)",
        check_read_off,
    ),
    Mutant(FIXED_POINT, "sum_w - 6 * sum_w2", "sum_w - 3 * sum_w2", check_read_off),
    Mutant(FIXED_POINT, "2 * (w2_lesser @ signed)", "w2_lesser @ signed", check_read_off),
    Mutant(FIXED_POINT, "solve(scaled, n, np.ldexp(ridge, shift))", "solve(scaled, n, ridge)", check_units),
    Mutant(FIXED_POINT, "shift)), -shift)", "shift)), shift)", check_units),
    Mutant(FIXED_POINT, "sum_w_difference - 12 *", "sum_w_difference - 6 *", check_read_off),
    Mutant(FIXED_POINT, "signed[:border] *= -1", "signed[border:] *= -1", check_read_off),
    Mutant(FIXED_POINT, "SPACING = 0.19", "SPACING = 0.5", check_read_off),
    Mutant(FIXED_POINT, "weights=weights[positive]", "weights=weights[positive] * 2", check_fixed_point),
    Mutant(FIXED_POINT, "ENOUGH = 1.5e-7", "ENOUGH = 1e-2", check_fixed_point),
    # ridge
    Mutant(RIDGE, "overlap / n  # 1 - gamma", "2 * overlap / n  # 1 - gamma", check_ridge),
    Mutant(RIDGE, "stiffness = bare_share + overlap", "stiffness = bare_share - overlap", check_ridge),
    Mutant(RIDGE, "    gamma = df2 / n\n", "    gamma = df1 / n\n", check_ridge),
    Mutant(RIDGE, "np.multiply(p, p, out=p) @ counts", "p @ counts", check_ridge),
    Mutant(RIDGE, "np.multiply(q, q, out=q) @ energies", "q @ energies", check_ridge),
    Mutant(RIDGE, "np.multiply(p, q) @ counts", "np.multiply(p, p) @ counts", check_ridge),
    Mutant(RIDGE, "np.multiply(bare_share**2, test,", "np.multiply(bare_share, test,", check_ridge),
    Mutant(RIDGE, "(n - spectrum.rank) / n, 0.0", "(n - spectrum.rank) / spectrum.rank, 0.0", check_ridge),
    Mutant(RIDGE, "variance = gamma * test\n", "variance = gamma * (test - noise)\n", check_ridge),
    Mutant(RIDGE, "return self.bias + self.variance", "return self.bias - self.variance", check_ridge),
    Mutant(RIDGE, "return self.excess + self.noise", "return self.excess", check_ridge),
    Mutant(
        OPTIMAL,
        "- population.noise_variance * noisy) / n",
        "- 2 * population.noise_variance * noisy) / n",
        check_optimal_ridge,
    ),
    Mutant(OPTIMAL, "- bias * shift", "+ bias * shift", check_optimal_ridge),
    Mutant(OPTIMAL, "overlap * lagged", "2 * overlap * lagged", check_optimal_ridge),
    Mutant(OPTIMAL, "return bare_share * fit", "return 2 * bare_share * fit", check_optimal_ridge),
    Mutant(OPTIMAL, "(p * p * q) @ counts", "(p * q) @ counts", check_optimal_ridge),
    Mutant(OPTIMAL, "(q * q * p) @ b", "(q * q) @ b", check_optimal_ridge),
    Mutant(
        OPTIMAL,
        "(values - largest) / (largest + column)",
        "(largest - values) / (largest + column)",
        check_optimal_ridge,
    ),
    # isotropic closed forms
    Mutant(ISOTROPIC, "ridge + (aspect - 1)", "ridge + (aspect + 1)", check_isotropic),
    Mutant(ISOTROPIC, "2 * np.sqrt(ridge)", "4 * np.sqrt(ridge)", check_isotropic),
    Mutant(ISOTROPIC, "(np.abs(b) + root) / 2", "np.abs(b) + root", check_isotropic),
    Mutant(ISOTROPIC, "bare + aspect * kappa", "bare - aspect * kappa", check_isotropic),
    Mutant(ISOTROPIC, "signal * kappa**2 + aspect * noise", "signal * kappa**2 + noise", check_isotropic),
    Mutant(ISOTROPIC, "signal * gap / aspect", "signal * gap", check_isotropic),
    Mutant(ISOTROPIC, "noise * np.minimum(aspect, 1)", "noise * aspect", check_isotropic),
    Mutant(ISOTROPIC, "* kappa / (1 + kappa)", "* kappa / (1 + 2 * kappa)", check_isotropic),
    # negative ridges
    Mutant(
        NEGATIVE_RIDGE,
        "((n - split.above) + split.rest) / n)",
        "((n - split.above) - split.rest) / n)",
        check_negative_ridge,
    ),
    Mutant(
        NEGATIVE_RIDGE,
        "+ split.rest + split.slope > 0",
        "+ split.rest - split.slope > 0",
        check_negative_ridge,
    ),
    Mutant(
        NEGATIVE_RIDGE,
        "kappa * (above / n) - ridge",
        "kappa * (above / n) + ridge",
        check_negative_ridge,
    ),
    Mutant(NEGATIVE_RIDGE, "ridge / kappa)", "-ridge / kappa)", check_negative_ridge),
]
