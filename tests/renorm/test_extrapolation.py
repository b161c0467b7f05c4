"""Continuing a curve: exact power laws, the law with kappa against theory and simulation, a fitted spectrum."""

import numpy as np
import pytest

from renorm import Population, power_law, ridge_risk
from renorm.experiments.sampling import sample as draw
from renorm.theory.extrapolation import carry, continued_spectrum, fit_offset_power_law, fit_spectrum
from renorm.theory.one_sample import from_columns


@pytest.mark.parametrize("offset, power", [(0.0, 0.4), (0.7, 1.0), (0.2, 2.0)])
def test_an_exact_power_law_is_continued(offset, power):
    n = np.array([20.0, 40, 80, 160])
    law = fit_offset_power_law(n, offset + (n / 30) ** -power)
    assert law(1280) == pytest.approx(offset + (1280 / 30) ** -power, rel=0.02)
    assert law.power == pytest.approx(power, rel=0.05)


def test_a_rising_curve_is_continued_flat():
    law = fit_offset_power_law([10, 20, 40], [1.0, 1.5, 2.0])
    assert law(10) == pytest.approx(law(1000), rel=1e-6)


def test_carrying_is_the_theory_at_the_same_kappa():
    """Exact for a population: the risk at 4 n and one penalty from that at n and another."""
    population, n = power_law(500, 1.3, 0.5, noise_variance=0.3), 100

    class Ideal:
        free = n - 1

        def kappa(self, ridge):
            return ridge_risk(population, n - 1, ridge).kappa

        def gamma(self, ridge):
            return ridge_risk(population, n - 1, ridge).gamma

    ridges = np.geomspace(1e-3, 1, 6)
    errors, carried = carry(Ideal(), ridges, ridge_risk(population, n - 1, ridges).test, 4 * (n - 1) + 1)
    np.testing.assert_allclose(errors, ridge_risk(population, 4 * (n - 1), carried).test, rtol=1e-9)
    np.testing.assert_allclose(Ideal().kappa(ridges), ridge_risk(population, 4 * (n - 1), carried).kappa, rtol=1e-9)


def test_carrying_agrees_with_simulations_at_four_times_the_samples():
    """Means over 400 samples, standard errors below 0.8 %: a factor off by 3 % would be seen."""
    population, n, ridges = power_law(300, 1.3, 0.5, noise_variance=0.3), 100, np.array([0.02, 0.1, 0.4])
    rng, found = np.random.default_rng(0), []
    for _ in range(400):
        one = from_columns(*draw(population, n, rng))
        found.append(np.array(carry(one, ridges, one.leave_one_out(ridges), 4 * n)))
    mean, se = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(400)
    s, w, theirs = population.eigenvalues, population.coefficients, []
    for _ in range(60):
        X, y = draw(population, 4 * n, rng)
        X, y = X - X.mean(axis=0), y - y.mean()
        penalties = mean[1][:, None, None] * 4 * n * np.eye(300)
        w_hat = np.linalg.solve(X.T @ X + penalties, (X.T @ y)[:, None])[..., 0]
        theirs.append(0.3 + ((w_hat - w) ** 2) @ s)
    theirs, theirs_se = np.mean(theirs, axis=0), np.std(theirs, axis=0, ddof=1) / np.sqrt(60)
    error = np.hypot(se[0] / mean[0], theirs_se / theirs)
    assert error.max() < 0.009
    assert np.all(np.abs(mean[0] / theirs - 1) < 3 * error)


def test_a_continued_spectrum_keeps_the_trace_and_finds_the_power():
    population = power_law(4000, capacity=1.5, source=0.5)
    X = draw(population, 300, np.random.default_rng(1))[0]
    values, counts = continued_spectrum(from_columns(X, X[:, 0]))
    assert values @ counts == pytest.approx(np.sum((X - X.mean(axis=0)) ** 2) / 299, rel=1e-6)
    assert np.all(np.diff(values[30:]) < 0) and counts.sum() == pytest.approx(300 * 300, rel=1e-3)
    slope = -np.polyfit(np.log(np.cumsum(counts)[60:120]), np.log(values[60:120]), 1)[0]
    assert slope == pytest.approx(1.5, abs=0.15)


def test_few_directions_are_taken_as_measured():
    X = np.random.default_rng(2).standard_normal((100, 8))
    values, counts = continued_spectrum(from_columns(X, X[:, 0]))
    assert values.size == 8 and np.all(counts == 1)


def test_a_fitted_spectrum_gives_back_the_errors_of_a_world_of_its_kind():
    values, counts = np.arange(1, 2001.0) ** -1.5, np.ones(2000)
    k = np.arange(1, 2001.0)
    energies = k**-2.0 / np.sum(k**-2.0)

    def error(n, ridges):
        return ridge_risk(Population(values, np.sqrt(energies / values), 0.2), n - 1, ridges).test

    sizes, ridges = np.array([30, 60, 120]), np.geomspace(1e-4, 1, 8)
    fit = fit_spectrum(values, counts, sizes, ridges, [error(n, ridges) for n in sizes], np.ones(3), 1.2)
    np.testing.assert_allclose(fit(120, ridges), error(120, ridges), rtol=1e-3)
    np.testing.assert_allclose(fit(960, ridges), error(960, ridges), rtol=0.01)
    assert fit.parts[-1] == pytest.approx(0.2, rel=0.03)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (([10, 20, 40], [1.0, 0.5]), r"len\(n\) = 3, len\(errors\) = 2"),
        (([10, -20, 40], [1.0, 0.5, 0.3]), "n = .*must be positive"),
        (([10, 20, 40], [1.0, 0.0, 0.3]), "errors = .*must be positive"),
    ],
)
def test_bad_input_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        fit_offset_power_law(*arguments)
