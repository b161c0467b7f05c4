"""Planted mistakes in spectra of sample covariances, their transforms and what one data matrix measures."""

import numpy as np
from mutation import Mutant

from renorm._numerics.fixed_point import compress
from renorm.theory.isotropic import isotropic_renormalized_ridge
from renorm.theory.ridge import renormalized_ridge

TWO = np.repeat([1.0, 8.0, 0.0], [60, 40, 20])


def check_marchenko_pastur(random_matrices):
    """Moments of the law, its atom, its transform against kappa."""
    for c in (0.3, 2.5):
        low, high = random_matrices.marchenko_pastur_support(c)
        angle = (np.arange(500) + 0.5) * np.pi / 500
        x = (low + high) / 2 - (high - low) / 2 * np.cos(angle)
        density = random_matrices.marchenko_pastur_density(x, c) * (high - low) / 2 * np.sin(angle) * np.pi / 500
        atom = max(0.0, 1 - 1 / c)
        np.testing.assert_allclose([density.sum() + atom, x @ density, x**2 @ density], [1, 1, 1 + c], rtol=1e-9)
        for z in (-0.7, 3.0 + 0.2j, -20.0, 1e-3j):
            expected = np.sum(density / (x - z)) - atom / z
            np.testing.assert_allclose(random_matrices.marchenko_pastur_stieltjes(z, c), expected, rtol=1e-9)
        np.testing.assert_allclose(random_matrices.marchenko_pastur_stieltjes(1e9j, c), 1e-9j, rtol=1e-8)
        kappa, df = isotropic_renormalized_ridge(c, 0.4), np.sum(density * x / (x + 0.4))
        np.testing.assert_allclose(random_matrices.wishart_s_transform(df, c), kappa / 0.4, rtol=1e-9)


def check_any_spectrum(random_matrices):
    """Mass, mean, support and transform for two groups of eigenvalues and some zeros."""
    for n in (70, 400):
        bulks = random_matrices.spectral_support(TWO, n)
        assert len(bulks) == (1 if n == 70 else 2)
        mass = mean = inverse = 0.0
        for low, high in bulks:
            angle = (np.arange(900) + 0.5) * np.pi / 900
            x = (low + high) / 2 - (high - low) / 2 * np.cos(angle)
            density = random_matrices.spectral_density(x, TWO, n) * (high - low) / 2 * np.sin(angle) * np.pi / 900
            mass, mean, inverse = mass + density.sum(), mean + x @ density, inverse + np.sum(density / (x + 0.3))
        atom = random_matrices.spectral_atom(TWO, n)
        np.testing.assert_allclose([mass + atom, mean], [1, TWO.mean()], rtol=1e-8)
        kappa = renormalized_ridge(TWO, n, 0.3)
        transform = random_matrices.stieltjes_transform([-0.3, 2 + 1j, 2 - 1j], TWO, n)
        np.testing.assert_allclose(transform[0], inverse + atom / 0.3, rtol=1e-8)
        np.testing.assert_allclose(transform[0], np.mean(kappa / (TWO + kappa)) / 0.3, rtol=1e-10)
        assert transform[1].imag > 0
        np.testing.assert_allclose(transform[2], transform[1].conj(), rtol=1e-12)


def check_measurements(random_matrices):
    """One wide and one tall matrix, by inverting them."""
    rng = np.random.default_rng(0)
    for shape in [(5, 9), (9, 5)]:
        X = rng.standard_normal(shape)
        n, d = shape
        inverse = np.linalg.inv(X @ X.T / n + 0.2 * np.eye(n))
        np.testing.assert_allclose(random_matrices.measured_renormalized_ridge(X, 0.2), n / np.trace(inverse))
        hat = X.T @ X / n @ np.linalg.inv(X.T @ X / n + 0.2 * np.eye(d))
        found = random_matrices.measured_degrees_of_freedom(X, 0.2)
        np.testing.assert_allclose(found, [np.trace(hat), np.trace(hat @ hat)])


def check_subordination(subordination):
    """zeta put back into its equation, above the axis and on it; edges where the sum is one."""
    spectrum, n = compress(TWO), 70.0
    for grid in (np.linspace(0.05, 30, 7), np.linspace(0.05, 30, 90)):  # without and with the table
        for above in (0.0, 0.5):
            u, v = subordination.subordinate(spectrum, n, grid, np.full(grid.size, above))
            zeta = u + 1j * v
            z = zeta * (1 + np.sum(TWO / (zeta[:, None] - TWO), axis=1) / n)
            np.testing.assert_allclose(z, grid + 1j * above, rtol=1e-8)
            assert np.all(v >= above)
            assert np.any(v > above)
    for samples in (70, 400):
        ends = subordination.edges(spectrum, samples)
        total = np.sum(TWO**2 / (ends.ravel()[:, None] - TWO) ** 2, axis=1) / samples
        np.testing.assert_allclose(total, 1, rtol=1e-9)
        assert ends.shape == ((1, 2) if samples == 70 else (2, 2))
        places = subordination.place_on_axis(spectrum, samples, ends.ravel())
        direct = ends.ravel() * (1 + np.sum(TWO / (ends.ravel()[:, None] - TWO), axis=1) / samples)
        np.testing.assert_allclose(places, direct, rtol=1e-9)


RM, SUB = "renorm.theory.random_matrices", "renorm._numerics.subordination"
MUTANTS = [
    Mutant(
        RM, "((1 - root) ** 2)[()], ((1 + root) ** 2)[()]", "(1 - root)[()], (1 + root)[()]", check_marchenko_pastur
    ),
    Mutant(RM, "2 * np.pi * aspect * x", "np.pi * aspect * x", check_marchenko_pastur),
    Mutant(RM, "(high - x) * (x - low), 0.0", "(high - x), 0.0", check_marchenko_pastur),
    Mutant(RM, "linear = z + (aspect - 1)", "linear = z - (aspect - 1)", check_marchenko_pastur),
    Mutant(RM, "np.where(adds, -2 / plus", "np.where(adds, -1 / plus", check_marchenko_pastur),
    Mutant(RM, "minus / (2 * aspect * z)", "minus / (2 * z)", check_marchenko_pastur),
    Mutant(RM, ".real >= 0  # of", ".real < 0  # of", check_marchenko_pastur),
    Mutant(RM, "1 / (1 - aspect * df)", "1 / (1 + aspect * df)", check_marchenko_pastur),
    Mutant(RM, "n * v / (d * np.pi", "v / (np.pi", check_any_spectrum),
    Mutant(RM, "(u**2 + v**2)", "(u**2 - v**2)", check_any_spectrum),
    Mutant(RM, "1 - min(n, spectrum.rank) / d", "1 - min(n, d) / d", check_any_spectrum),
    Mutant(RM, "(-kappa_share / (d * z.ravel()))", "(kappa_share / (d * z.ravel()))", check_any_spectrum),
    Mutant(RM, "np.full(flat.size, d - spectrum.rank, dtype", "np.full(flat.size, 0, dtype", check_any_spectrum),
    Mutant(RM, "np.where(flat.imag < 0, -v, v)", "v", check_any_spectrum),
    Mutant(RM, "column / (column - spectrum", "column / (column + spectrum", check_any_spectrum),
    Mutant(
        RM,
        "n / np.sum(1 / (squares + column), axis=-1)",
        "1 / np.sum(1 / (squares + column), axis=-1)",
        check_measurements,
    ),
    Mutant(RM, "+ (n - squares.size)", "", check_measurements),
    Mutant(RM, "values**2 / len(X)", "values**2", check_measurements),
    Mutant(RM, "np.sum(share**2, axis=-1)", "np.sum(share, axis=-1)", check_measurements),
    Mutant(SUB, "centre = x - spectrum.trace / n", "centre = x - 4 * spectrum.trace / n", check_subordination),
    Mutant(SUB, "return u + place / n, slope", "return u - place / n, slope", check_subordination),
    Mutant(SUB, "left * (left - s) + up", "left * (left - s) - up", check_subordination),
    Mutant(
        SUB,
        "weight = spectrum.counts[columns] * s**2 / n",
        "weight = spectrum.counts[columns] * s / n",
        check_subordination,
    ),
    Mutant(SUB, "distance += y[rows, None]", "distance += 2 * y[rows, None]", check_subordination),
    Mutant(SUB, "eta[active] / np.sqrt(now), 0.0", "2 * eta[active] / np.sqrt(now), 0.0", check_subordination),
    Mutant(SUB, "(s / distance) ** 2 /", "(s / distance) /", check_subordination),
    Mutant(SUB, "left, right, bottom = left[real]", "left, right, bottom = left[~real]", check_subordination),
]
