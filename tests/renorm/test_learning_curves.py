"""Predicted learning curves against regressions, another derivation and their own equations."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from renorm.data.images import load_images
from renorm.theory import learning_curves as lc
from renorm.theory.kernels import gaussian_kernel, kernel_ridge, laplace_kernel
from renorm.theory.population import from_kernel


def errors(K, targets, n, ridge, trials, seed):
    """Held-out mean squared errors (trials, outputs), n points drawn without replacement."""
    found, rng = [], np.random.default_rng(seed)
    for _ in range(trials):
        order = rng.permutation(len(K))
        drawn, rest = order[:n], order[n:]
        alpha = kernel_ridge(K[np.ix_(drawn, drawn)], targets[drawn], ridge)
        found.append(np.mean((K[np.ix_(rest, drawn)] @ alpha - targets[rest]) ** 2, axis=0))
    return np.array(found)


def rotated_gram(size=300, capacity=1.5, seed=0):
    """A power-law Gram matrix with random eigenvectors, and a target whose power falls off like its eigenvalues."""
    rng = np.random.default_rng(seed)
    U = np.linalg.qr(rng.standard_normal((size, size)))[0]
    s = np.arange(1, size + 1) ** -capacity
    return size * (U * s) @ U.T, U @ np.sqrt(size * s / s.sum() * rng.chisquare(1, size))


def test_curve_against_regressions_with_rotated_eigenvectors():
    K, y = rotated_gram()
    labels = np.random.default_rng(1).choice([-1.0, 1.0], len(y))
    population = from_kernel(K, y)
    ns = np.array([30, 100, 200])
    truth = lc.learning_curve(population, ns, 1e-9).held_out
    random = lc.learning_curve(lc.random_label_population(population), ns, 1e-9).held_out
    for n, theory, chance in zip(ns, truth, random, strict=True):
        drawn = errors(K, np.c_[y, labels], n, 1e-9, trials=40, seed=n)
        mean, error = drawn.mean(axis=0), drawn.std(axis=0) / np.sqrt(len(drawn))
        assert abs(theory - mean[0]) < 3 * error[0] + 0.03 * mean[0]
        assert abs(chance - mean[1]) < 3 * error[1] + 0.06 * mean[1]  # one draw of 300 labels varies by 1/sqrt(300)


def test_over_population_is_the_error_with_replacement():
    K, y = rotated_gram()
    n, ridge, rng, found = 60, 0.02, np.random.default_rng(2), []
    for _ in range(60):
        drawn = rng.integers(0, len(y), n)
        alpha = kernel_ridge(K[np.ix_(drawn, drawn)], y[drawn], ridge)
        found.append(np.mean((K[:, drawn] @ alpha - y) ** 2))
    theory = lc.predict_learning_curve(K, y, n, ridge).over_population
    assert abs(theory - np.mean(found)) < 3 * np.std(found) / np.sqrt(60) + 0.03 * theory


def test_curve_solves_its_equations():
    K, y = rotated_gram()
    s = np.linalg.eigvalsh(K)[::-1] / len(y)
    n, ridge = np.array([10, 50, 200]), np.array([[1e-6], [1e-2]])
    curve = lc.predict_learning_curve(K, y, n, ridge)
    assert curve.held_out.shape == curve.n.shape == (2, 3) and curve.size == 300
    ratio = s / (s + curve.kappa[..., None])
    np.testing.assert_allclose(curve.kappa * (1 - ratio.sum(-1) / n), np.broadcast_to(ridge, (2, 3)), rtol=1e-6)
    np.testing.assert_allclose((ratio**2).sum(-1) / n, curve.gamma, rtol=1e-8)
    v = (np.linalg.eigh(K)[1][:, ::-1].T @ y) ** 2 / len(y)
    np.testing.assert_allclose(curve.over_population, ((1 - ratio) ** 2 @ v) / (1 - curve.gamma), rtol=1e-6)


def held_out_by_traces(s, v, n, ridge):
    """N n sum (1 - L)^2 v / ((n - df1)(N - df1) + (N - n)(df1 - df2)), (n - df1) N kappa = (N - df1) n ridge.

    From the S-transform of a projector and the derivative of its equivalent, the training points' delta^2 |G y|^2
    subtracted; the library shifts the spectrum instead.
    """
    N, low, high = len(s), 1e-18, 1e3
    for _ in range(300):
        kappa = np.sqrt(low * high)
        df1 = np.sum(s / (s + kappa))
        low, high = (low, kappa) if (n - df1) * N * kappa > (N - df1) * n * ridge else (kappa, high)
    learned = s / (s + kappa)
    df1, df2 = learned.sum(), np.sum(learned**2)
    return N * n * np.sum((1 - learned) ** 2 * v) / ((n - df1) * (N - df1) + (N - n) * (df1 - df2))


@pytest.mark.parametrize("ridge", [0.0, 1e-6, 1e-3, 0.01, 0.3])
def test_held_out_by_another_derivation(ridge):
    K, y = rotated_gram()
    s, U = np.linalg.eigh(K)
    n = np.array([10, 50, 200, 299])
    expected = [held_out_by_traces(s / 300, (U.T @ y) ** 2 / 300, m, ridge) for m in n]
    np.testing.assert_allclose(lc.predict_learning_curve(K, y, n, ridge).held_out, expected, rtol=1e-9)


def z_scores(K, y, ns, ridge, trials, population=None):
    """Predicted less measured held-out error, in standard errors, and the relative standard errors."""
    theory = lc.learning_curve(population or from_kernel(K, y), ns, ridge).held_out
    drawn = np.array([errors(K, y[:, None], n, ridge, trials, seed=n)[:, 0] for n in ns])
    mean, error = drawn.mean(axis=1), drawn.std(axis=1, ddof=1) / np.sqrt(trials)
    return (theory - mean) / error, error / mean


@pytest.mark.parametrize("ridge", [1e-3, 0.01, 0.1])
def test_held_out_with_a_ridge_against_regressions(ridge):
    """The errors are known to 1.5 %: N / (N - n) times the usual formula is 5 % to 300 % off here."""
    K, y = rotated_gram(size=600)
    ns = np.array([75, 150, 300, 450])
    z, relative = z_scores(K, y, ns, ridge, trials=60)
    assert relative.max() < 0.015 and np.abs(z).max() < 4
    usual = lc.predict_learning_curve(K, y, ns, ridge)
    off = usual.over_population * 600 / (600 - ns) / usual.held_out - 1
    assert off[2:].min() > 0.04


def test_held_out_where_the_kernel_has_few_features():
    """Rank 40 of 400 points, target partly outside: without ridge below and above the rank, and with one."""
    rng = np.random.default_rng(5)
    X = rng.standard_normal((400, 40)) * np.arange(1, 41) ** -0.5
    y = X @ rng.standard_normal(40) + rng.standard_normal(400)
    below, _ = z_scores(X @ X.T, y, np.array([10, 20]), 0.0, trials=150)
    above, relative = z_scores(X @ X.T, y, np.array([80, 200, 300]), 0.0, trials=150)
    with_ridge, _ = z_scores(X @ X.T, y, np.array([20, 40, 200, 300]), 0.1, trials=150)
    assert relative.max() < 0.03
    assert max(np.abs(z).max() for z in (below, above, with_ridge)) < 4


def test_noise_on_the_labels_is_tossed_once():
    """Noise variance on a world of full rank is the average over fresh tosses of noise for every point."""
    K, y = rotated_gram()
    population = from_kernel(K, y)
    rng = np.random.default_rng(8)
    tosses = y[:, None] + 0.7 * rng.standard_normal((300, 200))
    curves = np.array([lc.predict_learning_curve(K, toss, [50, 200], 0.01).held_out for toss in tosses.T[:40]])
    curves = curves.mean(axis=0), curves.std(axis=0, ddof=1) / np.sqrt(40)
    noisy = lc.learning_curve(replace(population, noise_variance=0.49), [50, 200], 0.01).held_out
    assert np.all(np.abs(noisy - curves[0]) < 4 * curves[1])


def test_nothing_to_learn():
    """K = 1: no point says anything about another, the held-out error is the variance at every n."""
    curve = lc.predict_learning_curve(np.eye(50), np.ones((50, 3)), n=[1, 10, 49], ridge=0.0)
    np.testing.assert_allclose(curve.held_out, 3.0, rtol=1e-12)


def test_random_labels_have_variance_one_on_every_eigenvector():
    X = np.random.default_rng(0).standard_normal((40, 10))
    K = X @ X.T  # rank 10 of 40
    population = lc.random_label_population(from_kernel(K, np.arange(40.0)))
    assert population.signal == pytest.approx(10 / 40) and population.noise_variance == pytest.approx(30 / 40)
    np.testing.assert_allclose(population.energies[:10], 1 / 40)


@pytest.fixture(scope="module")
def digits():
    data = load_images("digits", n_test=0)
    return data.train_inputs, np.where(data.train_labels % 2 == 0, 1.0, -1.0)


# ratios theory / regression of the trial runs (30 trials, standard errors 1-3 %); this run adds its own error
@pytest.mark.parametrize(
    "kernel, delta, expected",
    [
        (partial(gaussian_kernel, bandwidth=1.5), 1e-3, {64: 0.95, 256: 0.91, 512: 0.85}),
        (partial(laplace_kernel, bandwidth=3.0), 1e-6, {64: 0.975, 256: 0.96, 512: 0.93}),
    ],
)
def test_real_digits(digits, kernel, delta, expected):
    X, y = digits
    K = kernel(X)
    population = from_kernel(K, y)
    ns = np.array(list(expected))
    curve = lc.learning_curve(population, ns, delta / ns)
    random = lc.learning_curve(lc.random_label_population(population), ns, delta / ns)
    labels = np.random.default_rng(3).choice([-1.0, 1.0], (len(y), 40))
    for i, n in enumerate(ns):
        drawn = errors(K, np.c_[y, labels], n, delta / n, trials=8, seed=n)
        mean, error = drawn.mean(axis=0), drawn.std(axis=0) / np.sqrt(len(drawn))
        assert abs(curve.held_out[i] / mean[0] - expected[n]) < 3 * error[0] / mean[0] + 0.03
        assert abs(random.held_out[i] / mean[1:].mean() - 1) < 0.04
        assert abs(curve.over_population[i] / mean[0] - expected[n] * (1 - n / 1797)) < 3 * error[0] / mean[0] + 0.03


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: lc.predict_learning_curve(np.eye(5), np.ones(5), 5, 0.1), "at most 4"),
        (lambda: lc.predict_learning_curve(np.eye(5), np.ones(5), 0, 0.1), "at least 1"),
        (lambda: lc.predict_learning_curve(np.eye(5), np.ones(4), 2, 0.1), "targets"),
        (lambda: lc.predict_learning_curve(np.ones((5, 4)), np.ones(5), 2, 0.1), "square"),
        (lambda: lc.predict_learning_curve(-np.eye(5), np.ones(5), 2, 0.1), "semidefinite"),
        (lambda: lc.predict_learning_curve(np.eye(5), np.ones(5), 2, -0.1), "ridge"),
        (lambda: lc.predict_learning_curve(np.eye(5), np.ones(5), [1, 2], [0.1, 0.2, 0.3]), "broadcast"),
        (lambda: lc.learning_curve([1.0, 2.0], 1, 0.1), "must be a renorm.Population"),
    ],
)
def test_bad_curves(call, message):
    with pytest.raises(ValueError, match=message):
        call()
