"""Planted mistakes in the renormalization of modes, in scaling exponents, and in what measures them."""

import numpy as np
from mutation import Mutant

from renorm.theory.population import Population, power_law
from renorm.theory.ridge import renormalized_ridge, ridge_risk

TABLE = power_law(2000, capacity=1.3, source=0.5, noise_variance=0.05)
STEPS = np.repeat([2.0, 0.25], [3, 8])


def check_shells(module):
    """Modes of unlike eigenvalue, order and coefficient, by hand, and the book's table."""
    population = Population([1.0, 4.0, 2.0, 0.5], [1.0, -1.0, 3.0, 2.0], 0.25)
    head, ridge = module.integrate_out(population, 10, 0.1, 2)
    np.testing.assert_allclose([*head.eigenvalues, *head.coefficients], [4, 2, -1, 3])
    np.testing.assert_allclose([head.noise_variance, ridge], [0.25 + 1 + 2, 0.1 + 0.15])
    flow = module.running_couplings(population, 10, 0.1)
    np.testing.assert_allclose(flow.ridge, [0.85, 0.45, 0.25, 0.15, 0.1])
    np.testing.assert_allclose(flow.noise_variance, [25.25, 21.25, 3.25, 2.25, 0.25])
    np.testing.assert_array_equal(flow.scale, [4, 2, 1, 0.5, 0])
    head, ridge = module.integrate_out(TABLE, 100, 1e-4, 200)
    risk = ridge_risk(head, 100, ridge)
    np.testing.assert_allclose([risk.kappa, risk.excess + TABLE.signal - head.signal], [0.00910, 0.0277], rtol=1e-3)


def check_head_and_tail(module):
    """The identity, and the three estimates of kappa for three modes of 2 and eight of 1/4 by hand."""
    parts = module.head_tail_split(STEPS, [5, 2], 0.2)
    kappa = renormalized_ridge(STEPS, [5, 2], 0.2)
    np.testing.assert_allclose(parts.head + parts.tail, [5, 2] * (kappa - 0.2), rtol=1e-11)
    np.testing.assert_allclose(parts.head[0], 3 * 2 * kappa[0] / (2 + kappa[0]), rtol=1e-11)
    np.testing.assert_allclose([parts.learned[0], parts.sharp_head[0]], [3, 3 * kappa[0]], rtol=1e-11)
    np.testing.assert_allclose([parts.sharp_tail[0], parts.sharp_kappa[0]], [2, (1 + 2) / 2], rtol=1e-11)
    np.testing.assert_allclose(module.sharp_cut_ridge(STEPS, 5, [0.2, 0.0, 3.0]), [1.5, 1.0, 23 / 5], rtol=1e-12)
    np.testing.assert_allclose(module.sharp_cut_ridge(STEPS, [2, 30], [0.2, 0.0]), [4.2, 0], rtol=1e-12)
    np.testing.assert_allclose(module.wilsonian_ridge(STEPS, 5, [0.2, 3.0]), [0.6, 4.6], rtol=1e-12)


def check_dyson(module):
    """One step by hand, the limit, and its rate."""
    path = module.dyson_iteration(STEPS, 5, 0.2, 400)
    np.testing.assert_allclose(path[1], 0.2 + 0.2 * (3 * 2 / 2.2 + 8 * 0.25 / 0.45) / 5, rtol=1e-12)
    root = renormalized_ridge(STEPS, 5, 0.2)
    np.testing.assert_allclose([path[0], path[-1]], [0.2, root], rtol=1e-10)
    rate = (path[11] - root) / (path[10] - root)
    np.testing.assert_allclose(module.dyson_rate(STEPS, 5, 0.2), rate, rtol=1e-2)


def check_exponents(module):
    """Values worked out by hand from the rates."""
    sources = [0.25, 0.75, 3.0]
    np.testing.assert_allclose(module.data_exponent(1.5, sources), [0.75, 2.25, 3])
    np.testing.assert_allclose(module.ridge_exponent(sources), [0.5, 1.5, 2])
    np.testing.assert_allclose(module.width_exponent(1.5, sources), [0.75, 1.5, 1.5])
    np.testing.assert_allclose(module.ensemble_width_exponent(1.5, sources), [0.75, 2.25, 3])
    np.testing.assert_allclose(module.feature_variance_exponent(1.5, sources), [-0.25, 0.5, 0.5])
    np.testing.assert_allclose(module.bias_exponent(1.5, [[0.25], [3.0]], [1.0, 4.0]), [[0.5, 0.75], [2, 3]])
    np.testing.assert_allclose(module.noise_exponent(1.5, [0.5, 2]), [2 / 3, 0])
    np.testing.assert_allclose(module.noise_plateau(1.5), 0.5)
    np.testing.assert_allclose(module.optimal_decay(1.5, sources), [1.5 / 1.75, 1.5 / 3.25, 1.5 / 4])
    np.testing.assert_allclose(module.optimal_exponent(1.5, sources), [0.75 / 1.75, 2.25 / 3.25, 3 / 4])
    np.testing.assert_allclose(module.compute_width_growth([1.5, 3.0], [[0.25], [0.75]]), [[1, 1], [1.75, 1]])
    np.testing.assert_allclose(
        module.compute_exponent([1.5, 3.0], [[0.25], [0.75], [3]]), [[0.375, 0.75], [2.25 / 2.75, 1.5], [3 / 3.5, 1.5]]
    )


def check_crossovers(module):
    """Against the exact fixed point of 100,000 modes."""
    s = np.arange(1.0, 100001) ** -2.5
    np.testing.assert_allclose(module.ridgeless_kappa([30, 100], 2.5), renormalized_ridge(s, [30, 100], 0.0), rtol=1e-3)
    np.testing.assert_allclose(module.ridge_crossover(module.ridgeless_kappa(77, 2.5), 2.5), 77)
    n = module.truncation_limit(1e5, 2.5, 0.05)
    np.testing.assert_allclose(renormalized_ridge(s, n, 0.0) / module.ridgeless_kappa(n, 2.5), 0.95, atol=0.005)


def check_slopes(module):
    """Exact slopes against differences of the exact risk; slopes of power laws on an uneven grid."""
    population, n = power_law(30, 1.5, 0.5, noise_variance=0.3), np.array([8.0, 50.0])
    for decay in (0.0, 0.7):
        steps = n[:, None] * np.exp([-1e-5, 1e-5])
        excess = np.log(ridge_risk(population, steps, 0.02 * (steps / n[:, None]) ** -decay).excess)
        slope = module.learning_curve_slope(population, n, 0.02, decay)
        np.testing.assert_allclose(slope, (excess[:, 1] - excess[:, 0]) / 2e-5, rtol=1e-6)
    x = np.array([1.0, 2.0, 7.0, 9.0])
    np.testing.assert_allclose(module.local_slope(x, 5 * x**-1.3), -1.3)
    np.testing.assert_allclose(module.crossings(x, x, 0 * x + 3), 3)


def check_measuring(module):
    """Known power laws; a scattered one against the slope of its likelihood; a small frontier."""
    x, weights = np.array([1.0, 2.0, 4.0, 9.0]), np.array([1.0, 3.0, 1.0, 2.0])
    y = np.array([1.0, 0.4, 0.2, 0.05])
    fitted = np.polyfit(np.log(x), np.log(y), 1, w=np.sqrt(weights))
    exponent, amplitude = module.fit_power_law(x, y, weights)
    np.testing.assert_allclose([exponent, np.log(amplitude)], fitted)
    p = power_law(300, 1.7, 0.6)
    np.testing.assert_allclose(module.measure_capacity(p.eigenvalues[::-1], (3, 90)), 1.7)
    np.testing.assert_allclose(module.measure_source(p.eigenvalues, p.coefficients, (3, 90)), 0.6)
    k, energy = np.arange(1, 10), np.array([5.0, 1.0, 2.0, 0.1, 0.7, 0.2, 0.4, 0.01, 0.3])
    s = k**-1.5
    shape = k ** -(1 + 3 * module.measure_source(s, np.sqrt(energy / s), (1, 9)))
    mean = shape * np.sum(energy / shape / k) / np.sum(1 / k)
    np.testing.assert_allclose(np.sum((energy / mean - 1) * np.log(k) / k), 0, atol=1e-9)
    frontier = module.compute_frontier([[10], [20]], [10, 20], [[0.9, 0.5], [0.6, 0.7]])
    np.testing.assert_array_equal([frontier.cost, frontier.loss, frontier.n], [[100, 200], [0.9, 0.5], [10, 10]])


SHELL, LAW, FIT = "renorm.theory.renormalization", "renorm.theory.scaling", "renorm.theory.scaling_fits"

MUTANTS = [
    Mutant(SHELL, "np.sort(order[:keep]), order[keep:]", "np.sort(order[keep:]), order[:keep]", check_shells),
    Mutant(SHELL, "float(population.energies[dropped].sum())", "0.0", check_shells),
    Mutant(SHELL, "population.eigenvalues[dropped].sum() / n", "population.eigenvalues[dropped].sum()", check_shells),
    Mutant(SHELL, "(ridge + population", "(ridge - population", check_shells),
    Mutant(SHELL, "_tails(population.eigenvalues[order]) / n", "_tails(population.eigenvalues) / n", check_shells),
    Mutant(SHELL, "+ _tails(population.energies[order])", "- _tails(population.energies[order])", check_shells),
    Mutant(SHELL, "value * (large / (large + value))", "value * (large / (large - value))", check_head_and_tail),
    Mutant(SHELL, "small * (value / (small + value))", "small * (small / (small + value))", check_head_and_tail),
    Mutant(SHELL, "s[s > value], s[s <= value]", "s[s <= value], s[s > value]", check_head_and_tail),
    Mutant(SHELL, "kappa * learned, sharp_tail", "2 * kappa * learned, sharp_tail", check_head_and_tail),
    Mutant(SHELL, "np.divide(n * ridge + sharp_tail", "np.divide(ridge + sharp_tail", check_head_and_tail),
    Mutant(SHELL, "unused = n - learned", "unused = n + learned", check_head_and_tail),
    Mutant(SHELL, "np.arange(cuts.size) * cuts - tails", "np.arange(cuts.size) * cuts + tails", check_head_and_tail),
    Mutant(SHELL, "/ (n[index] - above)", "/ (n[index] + above)", check_head_and_tail),
    Mutant(SHELL, "_tails(s) / n[..., np.newaxis]", "_tails(s)", check_head_and_tail),
    Mutant(SHELL, "ridge + kappa[step] * df1 / n", "ridge - kappa[step] * df1 / n", check_dyson),
    Mutant(SHELL, "ridge + kappa[step] * df1 / n", "ridge + kappa[step] * df1 / n / 2", check_dyson),
    Mutant(SHELL, "renormalized_ridge(s, n, ridge))[1] / n", "renormalized_ridge(s, n, ridge))[0] / n", check_dyson),
    Mutant(LAW, "return 2 * _capacity(capacity) * np.minimum(_source(source), 1.0)",
           "return _capacity(capacity) * np.minimum(_source(source), 1.0)", check_exponents),
    Mutant(LAW, "return 2 * np.minimum(_source(source), 1.0)", "return 2 * _source(source)", check_exponents),
    Mutant(LAW, "np.minimum(_source(source), 0.5)", "np.minimum(_source(source), 1.0)", check_exponents),
    Mutant(LAW, "width_exponent(capacity, source) - 1", "width_exponent(capacity, source) + 1", check_exponents),
    Mutant(LAW, "np.minimum(_decay(decay), _capacity(capacity))", "_decay(decay)", check_exponents),
    Mutant(LAW, "np.maximum(1 - _decay(decay) / _capacity(capacity), 0.0)", "1 - _decay(decay) / _capacity(capacity)",
           check_exponents),
    Mutant(LAW, "((capacity - 1) * spent / (", "(capacity * spent / (", check_exponents),
    Mutant(LAW, "_capacity(capacity) / (1 + data_exponent(capacity, source))",
           "_capacity(capacity) / data_exponent(capacity, source)", check_exponents),
    Mutant(LAW, "1 / (1 + 1 / data_exponent(capacity, source))", "1 / (1 + data_exponent(capacity, source))",
           check_exponents),
    Mutant(LAW, "np.where(capacity < 2,", "np.where(capacity < 20,", check_exponents),
    Mutant(LAW, "(2 * np.minimum(source, 1.0) - 1, 0.0)", "(2 * np.minimum(source, 1.0), 0.0)", check_exponents),
    Mutant(LAW, "features) / (1 + growth)", "features) / growth", check_exponents),
    Mutant(LAW, "validate.positive(\"n\", n) + 0.5", "validate.positive(\"n\", n)", check_crossovers),
    Mutant(LAW, "math.pi / _capacity(capacity) / np.sin(math.pi / _capacity(capacity))",
           "math.pi / _capacity(capacity)", check_crossovers),
    Mutant(LAW, "** (-1 / _capacity(capacity)) - 0.5", "** (1 / _capacity(capacity)) - 0.5", check_crossovers),
    Mutant(LAW, "** capacity / capacity", "** capacity", check_crossovers),
    Mutant(LAW, "shift ** (1 / (capacity - 1))", "shift ** (1 / capacity)", check_crossovers),
    Mutant(FIT, "psi = -(decay[at] * bare", "psi = -(-decay[at] * bare", check_slopes),
    Mutant(FIT, "gamma_slope = -gamma - 2", "gamma_slope = -gamma + 2", check_slopes),
    Mutant(FIT, "(2 * psi * (energy @ (q**2 * p))", "(psi * (energy @ (q**2 * p))", check_slopes),
    Mutant(FIT, "+ gamma_slope / rest", "- gamma_slope / rest", check_slopes),
    Mutant(FIT, "floor = energy @ q**2 + noise * gamma", "floor = energy @ q**2", check_slopes),
    Mutant(FIT, "rest = bare + counts @ (p * q) / n[at]", "rest = bare + counts @ (p * p) / n[at]", check_slopes),
    Mutant(FIT, "np.gradient(log_y, log_x, axis=-1, edge_order=2)", "np.gradient(log_y, axis=-1)", check_slopes),
    Mutant(FIT, "gap[left] / (gap[left] - gap[left + 1])", "gap[left] / (gap[left] + gap[left + 1])", check_slopes),
    Mutant(FIT, "(weights @ (log_x - middle_x) ** 2)", "(weights @ log_x**2)", check_measuring),
    Mutant(FIT, "np.exp(middle_y - exponent * middle_x)", "np.exp(middle_y)", check_measuring),
    Mutant(FIT, "-fit_power_law(k, s[k - 1], 1 / k)[0]", "fit_power_law(k, s[k - 1], 1 / k)[0]", check_measuring),
    Mutant(FIT, "(decay - 1) / (2 *", "decay / (2 *", check_measuring),
    Mutant(FIT, "_likeliest_decay(np.log(k), energies / energies.max(), 1 / k)",
           "_likeliest_decay(np.log(k), energies / energies.max(), k / k)", check_measuring),
    Mutant(FIT, "step = -slope / max", "step = slope / max", check_measuring),
    Mutant(FIT, "loss[order] < best_before", "loss[order] > best_before", check_measuring),
]  # fmt: skip
