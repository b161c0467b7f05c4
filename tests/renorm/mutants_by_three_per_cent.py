"""Formulas of chapters 4 and 5 that are wrong by a few per cent, against simulations."""

from mutation import Mutant
from simulated import check_features, check_isotropic, check_training_error, check_unresolved

RIDGE, FEATURES = "renorm.theory.ridge", "renorm.theory.random_features"

MUTANTS = [
    Mutant(RIDGE, "variance = gamma * test\n", "variance = 1.03 * gamma * test\n", check_isotropic),
    Mutant(RIDGE, "bias=bias, variance", "bias=0.97 * bias, variance", check_isotropic),
    Mutant(RIDGE, "np.multiply(bare_share**2, test,", "np.multiply(1.03 * bare_share**2, test,", check_training_error),
    Mutant(RIDGE, "variance = gamma * test\n", "variance = 0.92 * gamma * test\n", check_unresolved),
    Mutant(FEATURES, "return self.excess + self.noise", "return 1.03 * (self.excess + self.noise)", check_features),
]
