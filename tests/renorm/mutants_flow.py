"""Planted mistakes in the rescaled flow, power laws without end, shifted risk, and the border of the noise law."""

import numpy as np
from mutation import Mutant

from renorm.theory.population import Population, power_law
from renorm.theory.ridge import renormalized_ridge, ridge_risk


def check_flow(module):
    """Three modes by hand; the rates and the line against exact shells of 5,000 modes."""
    flow = module.rescaled_flow([1.0, 4.0, 2.0], 10, 0.5)
    np.testing.assert_allclose(flow.g, [0.8 / 4, 0.6 / 2, 0.5 / 1])
    np.testing.assert_allclose(flow.u, [0.1, 0.2, 0.3])
    capacity, n, modes = 1.5, 100, 5000
    bare = 1e-3 + (modes + 0.5) ** (1 - capacity) / (capacity - 1) / n
    flow = module.rescaled_flow(np.arange(1.0, modes + 1) ** -capacity, n, bare)
    slope = (flow.g[1000] - flow.g[998]) / np.log(1001 / 999)
    np.testing.assert_allclose(module.flow_rates(flow.g[999], flow.u[999], capacity), [slope, 10.0], rtol=2e-3)
    np.testing.assert_allclose(module.flow_line(flow.u[999], capacity, 1e-3 * n**capacity), flow.g[999], rtol=2e-3)
    np.testing.assert_allclose(module.flow_invariant(flow.g[999], flow.u[999], capacity), 1.0, rtol=0.02)
    s = np.arange(1.0, modes + 1) ** -2.0
    found = module.rescaled_flow(s, n, (modes + 0.5) ** -1.0 / n).resolution
    np.testing.assert_allclose(found, n, atol=1)


def check_endless(module):
    """The sums beyond 300 modes against 400,000 of them and an integral for the rest."""
    world = module.endless_power_law(300, 1.5, 0.25, 0.2)
    k = np.arange(301.0, 400_001)
    energies = np.arange(1.0, 301) ** -1.75
    missed = (np.sum(k**-1.75) + 400_000.5**-0.75 / 0.75) / energies.sum()
    np.testing.assert_allclose(world.tail, np.sum(k**-1.5) + 2 * 400_000.5**-0.5, rtol=1e-5)
    np.testing.assert_allclose([world.missed, world.population.noise_variance], [missed, 0.2 + missed], rtol=1e-4)


def check_shifted(module):
    """Least squares by hand, the unshifted risk, and 60 % of the test variance in one direction by the definition."""
    risk = module.shifted_risk(Population([4.0, 1.0], [1.0, 2.0], 0.5), 10, 0.0, [1.0, 3.0])
    np.testing.assert_allclose([risk.bias, risk.variance], [0, 0.5 * (1 / 4 + 3) / 8], rtol=1e-12)
    population = power_law(30, 1.3, 0.4, noise_variance=0.2)
    same, other = ridge_risk(population, 12, 0.01), np.linspace(0.2, 3.0, 30)
    np.testing.assert_allclose(
        module.shifted_risk(population, 12, 0.01, np.diag(population.eigenvalues)).excess, same.excess
    )
    s, w, kappa = population.eigenvalues, population.coefficients, same.kappa
    gamma, gamma_test = (np.sum(s * c / (s + kappa) ** 2) / 12 for c in (s, other))
    bias, bias_test = (kappa**2 * np.sum(w**2 * c / (s + kappa) ** 2) for c in (s, other))
    found = module.shifted_risk(population, 12, 0.01, other)
    np.testing.assert_allclose(found.bias, bias_test)
    np.testing.assert_allclose(found.variance, gamma_test * (bias + 0.2) / (1 - gamma))


def check_border(module):
    """kappa and the cost of noise of 300,000 modes on the border ridge = n^-alpha, and without a ridge."""
    n, s = 1000, np.arange(1.0, 300_001) ** -1.5
    tail = 300_000.5**-0.5 / 0.5 / n
    for pull in (0.0, 1.0):
        kappa = renormalized_ridge(s, n, pull * n**-1.5 + tail)
        np.testing.assert_allclose(module.crossover_kappa(pull, 1.5), kappa * n**1.5, rtol=2 / n)
        gamma = np.sum((s / (s + kappa)) ** 2) / n
        np.testing.assert_allclose(module.noise_plateau(1.5, pull), gamma / (1 - gamma), rtol=4 / n)


FLOW, ENDLESS, SHIFTED, LAW = (f"renorm.theory.{name}" for name in ("flow", "endless", "shifted", "scaling"))

MUTANTS = [
    Mutant(FLOW, "(capacity * g - u)[()]", "(capacity * g + u)[()]", check_flow),
    Mutant(FLOW, "(capacity * g - u)[()]", "(u - capacity * g)[()]", check_flow),
    Mutant(FLOW, "(capacity * g - u)[()]", "(g - u)[()]", check_flow),
    Mutant(FLOW, "running.ridge[1:] / s", "running.ridge[:-1] / s", check_flow),
    Mutant(FLOW, "running.ridge[1:] / s", "s / running.ridge[1:]", check_flow),
    Mutant(FLOW, "np.flatnonzero(g > 1)", "np.flatnonzero(g > 2)", check_flow),
    Mutant(FLOW, "(u / (capacity - 1) +", "(u / capacity +", check_flow),
    Mutant(FLOW, "((g - u / (capacity - 1)) * u**-capacity)", "((g + u / (capacity - 1)) * u**-capacity)", check_flow),
    Mutant(ENDLESS, "noise_variance=kept.noise_variance + missed", "noise_variance=kept.noise_variance", check_endless),
    Mutant(ENDLESS, "end**-decay / decay", "0.0 * end**-decay / decay", check_endless),
    Mutant(ENDLESS, "end**-decay / decay", "end**-decay", check_endless),
    Mutant(ENDLESS, "/ (capacity - 1)", "/ capacity", check_endless),
    Mutant(ENDLESS, "modes + 0.5", "modes - 0.5", check_endless),
    Mutant(SHIFTED, "np.multiply(gamma_test, risk.test", "np.multiply(risk.gamma, risk.test", check_shifted),
    Mutant(SHIFTED, "np.multiply(gamma_test, risk.test", "np.multiply(1.05 * gamma_test, risk.test", check_shifted),
    Mutant(SHIFTED, "np.divide(value, s + value", "np.divide(1.1 * value, s + value", check_shifted),
    Mutant(SHIFTED, "np.divide(s, (s + value) ** 2", "np.divide(s, s + value", check_shifted),
    Mutant(SHIFTED, "tested * error if", "population.eigenvalues * error if", check_shifted),
    Mutant(SHIFTED, "/ np.asarray(n, dtype=float)", "", check_shifted),
    Mutant(LAW, "spent = 1 - pull / crossover_kappa(pull, capacity)", "spent = 1.0 + 0 * pull", check_border),
    Mutant(LAW, "x = (constant + pull ** (1 / capacity)) ** capacity",
           "x = 1.1 * (constant + pull ** (1 / capacity)) ** capacity; return x", check_border),
    Mutant(LAW, "x ** (1 - 1 / capacity) - pull) / slope", "x ** (1 - 1 / capacity) + pull) / slope", check_border),
]  # fmt: skip
