"""Checks of chapter 13's machines by other means; the mutants of that module are seen by them."""

import numpy as np

from renorm import ridge_path
from renorm.theory.kernels import arc_cosine_kernel


def check_features(machines):
    """With many features their products are the arc-cosine kernel."""
    X = np.random.default_rng(0).standard_normal((5, 8))
    Z = machines.relu_features(X, 200_000, np.random.default_rng(1))
    np.testing.assert_allclose(Z @ Z.T, arc_cosine_kernel(X), atol=0.05)


def check_fits(machines):
    """The same answers as ridge regression of the library, and as the kernel machine with the features' own kernel."""
    rng = np.random.default_rng(2)
    Z, new, y, ridges = rng.standard_normal((20, 9)), rng.standard_normal((6, 9)), rng.standard_normal(20), [0.01, 0.4]
    answers = ridge_path(Z, y, ridges) @ new.T
    np.testing.assert_allclose(machines.fit_features(Z, new, y, ridges), answers)
    np.testing.assert_allclose(machines.kernel_fit(Z @ Z.T, Z @ new.T, y, ridges), answers)


def check_penalty(machines):
    """The mean answer of very many narrow machines is that of one kernel machine at this penalty."""
    rng = np.random.default_rng(3)
    X, new, y = rng.standard_normal((15, 40)), rng.standard_normal((50, 40)), rng.standard_normal(15)
    gram, cross, mean = X @ X.T / 40, X @ new.T / 40, 0.0
    rows = np.vstack([X, new]) / np.sqrt(40)
    for _ in range(3000):
        Z = rows @ rng.standard_normal((40, 30)) / np.sqrt(30)
        mean = mean + machines.fit_features(Z[:15], Z[15:], y, [0.01])[0] / 3000
    penalty = machines.effective_penalty(gram, 30, 0.01)
    [same] = machines.kernel_fit(gram, cross, y, [penalty])
    [unlike] = machines.kernel_fit(gram, cross, y, [0.01])
    miss = np.mean((mean - same) ** 2)
    assert miss < 0.1 * np.mean((mean - unlike) ** 2) and miss < 0.003 * np.mean(same**2)
