"""Formulas of chapters 4 and 5 that are wrong by a few per cent, against simulations."""

from mutation import Mutant
from simulated import check_features, check_isotropic, check_training_error, check_unresolved

RIDGE, FEATURES = "renorm.theory.ridge", "renorm.theory.random_features"

MUTANTS = [
    Mutant(RIDGE, "bias, gamma * test, noise", "bias, 1.03 * gamma * test, noise", check_isotropic),
    Mutant(RIDGE, "bias, gamma * test, noise", "0.97 * bias, gamma * test, noise", check_isotropic),
    Mutant(RIDGE, "np.multiply(bare_share**2, test,", "np.multiply(1.03 * bare_share**2, test,", check_training_error),
    Mutant(RIDGE, "bias, gamma * test, noise", "bias, 0.92 * gamma * test, noise", check_unresolved),
    Mutant(FEATURES, "return self.excess + self.noise", "return 1.03 * (self.excess + self.noise)", check_features),
]
