"""Planted mistakes in the experiments of chapters 11 and 13, seen by the checks of those chapters."""

import chapter11_checks as c11
import chapter13_checks as c13
from mutation import Mutant

NOISE, MACHINES = "renorm_book.chapter11.noise", "renorm_book.chapter13.machines"

MUTANTS = [
    Mutant(NOISE, "(vectors.T @ X) ** 2 * s, axis=1)", "(vectors.T @ X) ** 2, axis=1)", c11.check_simulated),
    Mutant(NOISE, "+ world.bulk * np.sum(vectors", "+ 2 * np.sum(vectors", c11.check_simulated),
    Mutant(NOISE, "world.tail + n * ridge", "world.tail + ridge", c11.check_simulated),
    Mutant(NOISE, "world.tail + n * ridge", "n * ridge", c11.check_simulated),
    Mutant(NOISE, "rng.chisquare(d - np.arange(n))", "rng.chisquare(d + 0 * np.arange(n))", c11.check_tail),
    Mutant(NOISE, "weak * np.sum(inverse * (inverse @ tail))", "np.sum(inverse * (inverse @ tail))", c11.check_tail),
    Mutant(NOISE, "np.full(10, (1 - share) / 10)", "np.full(10, 1 / 10)", c11.check_tail),
    Mutant(NOISE, "strong * (1 - head @ seen) ** 2", "strong * (1 - head @ seen)", c11.check_negative),
    Mutant(NOISE, "strong * seen @ seen", "seen @ seen", c11.check_negative),
    Mutant(NOISE, "n * ridge * np.eye(n)", "ridge * np.eye(n)", c11.check_negative),
    Mutant(NOISE, "kappa = sample_kappa / (1 - df1 / len(s))", "kappa = sample_kappa", c11.check_pool),
    Mutant(NOISE, "bare = kappa * (1 - df1 / n)", "bare = sample_kappa * (1 - df1 / n)", c11.check_pool),
    Mutant(NOISE, "slope[rising]) - 1", "slope[rising])", c11.check_pool),
    Mutant(NOISE, "np.mean((kept**2) @ turned**2)", "np.mean(kept @ turned**2)", c11.check_filters),
    Mutant(NOISE, "values + len(gram) * ridge", "values + ridge", c11.check_filters),
    Mutant(MACHINES, "np.sqrt(2 / width)", "np.sqrt(1 / width)", c13.check_features),
    Mutant(MACHINES, "values + len(y) * ridge", "values + ridge", c13.check_fits),
    Mutant(MACHINES, "ridges) @ (Z @ Z_new.T)", "ridges) @ (Z @ Z_new.T) * 1.02", c13.check_fits),
    Mutant(MACHINES, "(values / (values + n * p)) / width", "(values / (values + p)) / width", c13.check_penalty),
    Mutant(MACHINES, "(values / (values + n * p)) / width", "(values / (values + n * p)) / n", c13.check_penalty),
]  # fmt: skip
