"""Planted mistakes in learning curves of kernels and in leave-one-out."""

import numpy as np
from mutation import Mutant

from renorm import from_kernel, isotropic
from renorm.theory.kernels import kernel_ridge

S, V = np.array([0.5, 0.2, 0.06, 0.02, 0.004]), np.array([0.5, 0.2, 0.15, 0.1, 0.05])


def world():
    """Five points with the spectrum S and energies V."""
    U = np.linalg.qr(np.random.default_rng(0).standard_normal((5, 5)))[0]
    return 5 * (U * S) @ U.T, U @ np.sqrt(5 * V)


def check_held_out(curves):
    """By kappa and traces of the unshifted spectrum, with and without ridge; low rank; noise tossed once."""
    population = from_kernel(*world())
    for n, ridge in ((2, 0.0), (2, 0.03), (4, 0.1)):
        low, high = 1e-12, 1e3
        for _ in range(200):
            kappa = np.sqrt(low * high)
            df1 = np.sum(S / (S + kappa))
            low, high = (low, kappa) if (n - df1) * 5 * kappa > (5 - df1) * n * ridge else (kappa, high)
        learned = S / (S + kappa)
        missed, df1, df2 = np.sum((1 - learned) ** 2 * V), learned.sum(), np.sum(learned**2)
        expected = 5 * n * missed / ((n - df1) * (5 - df1) + (5 - n) * (df1 - df2))
        np.testing.assert_allclose(curves.learning_curve(population, n, ridge).held_out, expected, rtol=1e-8)
    flat = isotropic(4, signal=0.0, noise_variance=1.0)  # noise only, no two points alike: error 1
    np.testing.assert_allclose(curves.learning_curve(flat, [1, 3], 0.0).held_out, 1, rtol=1e-9)
    X = np.array([1.0, -1, 1, -1, 1, -1])  # one feature, a target at right angles to it: least squares' n / (n - 1)
    low_rank = from_kernel(np.outer(X, X), np.array([1.0, 1, -1, -1, 0, 0]) * np.sqrt(1.5))
    held_out = curves.learning_curve(low_rank, [2, 4], 0.0).held_out
    np.testing.assert_allclose(held_out, [6 / 5 * 2, 6 / 5 * 4 / 3], rtol=1e-9)


def check_leave_one_out(cross_validation):
    """Against refits; twins, a lonely point and a zero one; GCV by its definition."""
    K, y = world()
    for ridge in (0.0, 0.05):
        found = cross_validation.leave_one_out(K, y, ridge)
        for i in range(5):
            rest = np.arange(5) != i
            alpha = kernel_ridge(K[np.ix_(rest, rest)], y[rest], 5 * ridge / 4)
            np.testing.assert_allclose(found[i], y[i] - K[i, rest] @ alpha, rtol=1e-8)
    H = K @ np.linalg.inv(K + 5 * 0.05 * np.eye(5))
    gcv = np.mean((y - H @ y) ** 2) / (1 - np.trace(H) / 5) ** 2
    for estimate in (cross_validation.generalized_cross_validation, cross_validation.kernel_alignment_risk):
        np.testing.assert_allclose(estimate(K, y, 0.05), gcv, rtol=1e-9)
    twins = np.array([[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 2, 0], [0, 0, 0, 0]])
    labels = np.array([1.0, 3, 5, 7])
    np.testing.assert_allclose(cross_validation.leave_one_out(twins, labels, 0.0), [-2, 2, 5, 7], atol=1e-9)
    gcv = cross_validation.generalized_cross_validation(twins, labels, 0.0)
    np.testing.assert_allclose(gcv, (1 + 1 + 49) / 4 / (2 / 4) ** 2, rtol=1e-9)


CURVES, LEFT_OUT = "renorm.theory.learning_curves", "renorm.theory.cross_validation"
MUTANTS = [
    Mutant(CURVES, "* test\n", "* test * 1.05\n", check_held_out),
    Mutant(CURVES, "size / (size - np.minimum(n, np.count_nonzero(s)))", "1", check_held_out),
    Mutant(CURVES, "np.minimum(n, np.count_nonzero(s))", "n", check_held_out),
    Mutant(CURVES, "shift = np.empty(shape), n * non", "shift = np.empty(shape), 1.1 * n * non", check_held_out),
    Mutant(CURVES, "+ noise * noisy / noisy.sum()", "", check_held_out),
    Mutant(CURVES, "population.eigenvalues + shift", "population.eigenvalues", check_held_out),
    Mutant(CURVES, "coefficients, noise), n, 0.0", "coefficients, 0.0), n, 0.0", check_held_out),
    Mutant(LEFT_OUT, "dual / diagonal[columns]", "dual", check_leave_one_out),
    Mutant(LEFT_OUT, "dual / diagonal[columns]", "dual / np.mean(diagonal)", check_leave_one_out),
    Mutant(LEFT_OUT, "missed / missing[columns]", "missed", check_leave_one_out),
    Mutant(LEFT_OUT, "np.mean(diagonal) ** 2", "np.mean(diagonal**2)", check_leave_one_out),
    Mutant(LEFT_OUT, "/ n) ** 2", "/ n)", check_leave_one_out),
    Mutant(LEFT_OUT, "n * ridge * np.eye(n)", "ridge * np.eye(n)", check_leave_one_out),
    Mutant(LEFT_OUT, "dual, diagonal = missed, missing", "pass", check_leave_one_out),
]
