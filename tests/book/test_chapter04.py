"""What chapter 4 says, at a precision that sees three per cent, and each line of its derivation."""

import numpy as np
import pytest
import simulated

from renorm.experiments.sampling import sample
from renorm.experiments.solver import ridge_path
from renorm.theory import ridge
from renorm.theory.isotropic import isotropic_renormalized_ridge
from renorm.theory.population import isotropic


@pytest.mark.slow
def test_bias_and_variance_of_isotropic_data():
    simulated.check_isotropic(ridge)


@pytest.mark.slow
def test_training_error_and_gcv():
    simulated.check_training_error(ridge)


def leave_one_out(X, y, alpha):
    """Errors on each example of fits with an intercept to all the others, at the same penalty alpha on the sum."""
    errors = []
    for i in range(len(y)):
        A, b = np.delete(X, i, axis=0), np.delete(y, i)
        w = ridge_path(A - A.mean(axis=0), b - b.mean(), [alpha / len(b)])[0]
        errors.append(y[i] - b.mean() - (X[i] - A.mean(axis=0)) @ w)
    return np.array(errors)


@pytest.mark.parametrize("n, d", [(12, 5), (8, 20)])
def test_leave_one_out_with_an_intercept_that_is_counted(n, d):
    rng = np.random.default_rng(n)
    X, y, ridge_ = rng.standard_normal((n, d)) + 3, rng.standard_normal(n) - 2, 0.3
    centred = X - X.mean(axis=0)
    H = centred @ np.linalg.solve(centred.T @ centred + n * ridge_ * np.eye(d), centred.T)
    leverages = 1 / n + np.diag(H)
    residuals = y - y.mean() - H @ (y - y.mean())
    np.testing.assert_allclose(residuals / (1 - leverages), leave_one_out(X, y, n * ridge_), rtol=1e-9)
    without = residuals / (1 - np.diag(H))
    assert np.abs(without / leave_one_out(X, y, n * ridge_) - 1).min() > 1e-3  # the 1/n is needed


def test_one_more_example_changes_its_own_fit_by_its_leverage():
    """H_ii = t / (1 + t), t = x_i' G_(-i) x_i."""
    X, n, d, ridge_ = np.random.default_rng(0).standard_normal((9, 4)), 9, 4, 0.2
    H = X @ np.linalg.solve(X.T @ X + n * ridge_ * np.eye(d), X.T)
    for i in range(n):
        others = np.delete(X, i, axis=0)
        t = X[i] @ np.linalg.solve(others.T @ others + n * ridge_ * np.eye(d), X[i])
        np.testing.assert_allclose(H[i, i], t / (1 + t), rtol=1e-12)


@pytest.mark.parametrize("aspect", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("ridge_", [0.01, 0.4, 3.0])
def test_the_equation_for_kappa(aspect, ridge_):
    """The sum of equal leverages, both forms of the equation, and d lambda / d kappa = 1 - gamma."""
    kappa = isotropic_renormalized_ridge(aspect, ridge_)
    np.testing.assert_allclose(1 - ridge_ / kappa, aspect - (kappa - ridge_), rtol=1e-9)
    np.testing.assert_allclose(ridge_, kappa * (1 - aspect / (1 + kappa)), rtol=1e-9)
    np.testing.assert_allclose((kappa - ridge_) / aspect, kappa / (1 + kappa), rtol=1e-9)  # the bias
    step = 1e-5 * ridge_
    slope = (
        isotropic_renormalized_ridge(aspect, ridge_ + step) - isotropic_renormalized_ridge(aspect, ridge_ - step)
    ) / (2 * step)
    np.testing.assert_allclose(slope, 1 / (1 - aspect / (1 + kappa) ** 2), rtol=1e-7)


def test_the_least_value_of_the_objective():
    """L = y . (y - fit) / n, dL / d lambda = |w|^2, for one sample; the training error is -lambda^2 (L / lambda)'."""
    X, y = sample(isotropic(12, noise_variance=0.5), 7, np.random.default_rng(1))
    ridge_, step = 0.3, 1e-5

    def least(penalty):
        w = ridge_path(X, y, [penalty])[0]
        return np.mean((y - X @ w) ** 2) + penalty * w @ w

    w = ridge_path(X, y, [ridge_])[0]
    np.testing.assert_allclose(least(ridge_), y @ (y - X @ w) / len(y), rtol=1e-10)
    np.testing.assert_allclose((least(ridge_ + step) - least(ridge_ - step)) / (2 * step), w @ w, rtol=1e-6)
    ratio = (least(ridge_ + step) / (ridge_ + step) - least(ridge_ - step) / (ridge_ - step)) / (2 * step)
    np.testing.assert_allclose(-(ridge_**2) * ratio, np.mean((y - X @ w) ** 2), rtol=1e-6)


def test_leverages_become_equal():
    """Their spread falls like one over the square root of the size; 1 - H_ii tends to lambda / kappa."""
    spread, ridge_ = [], 0.1
    for n in (50, 200, 800):
        X, _ = sample(isotropic(2 * n), n, np.random.default_rng(n))
        left = 1 - np.diag(np.linalg.solve(X @ X.T + n * ridge_ * np.eye(n), X @ X.T))
        spread.append(left.std())
    np.testing.assert_allclose(left.mean(), ridge_ / isotropic_renormalized_ridge(2.0, ridge_), rtol=0.01)
    np.testing.assert_allclose(np.array(spread[:-1]) / spread[1:], 2, rtol=0.3)
