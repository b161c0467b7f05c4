"""Chapter 5's instant checks: right answers pass, stubs are told what to do, each known mistake gets its own hint."""

import numpy as np
import pytest

from renorm.theory.ridge import ridge_risk
from renorm_book.chapter05 import checks as check


def exact_excess(n, d=200, noise=0.09):
    """Minimum-norm least squares on Gaussian data, n <= d - 2 (mean of an inverse Wishart matrix)."""
    return 1 - n / d + noise * n / (d - n - 1)


@pytest.mark.parametrize("answer", [140, 139, 140.0, 200 * (1 - 0.3), min(range(1, 199), key=exact_excess)])
def test_turning_point_accepts_the_limit_and_the_exact_minimum(answer):
    assert check.turning_point(answer).passed


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (..., "stub"),
        (None, "stub"),
        (200 * (1 - 0.09), "variance for deviation"),
        (200 * 0.3, "distance"),
        (199, "peak"),
        (1 / 0.7, "ratio"),
        (100, "unrecognised"),
        ([1, 2], "not a number"),
    ],
)
def test_turning_point_names_the_mistake(answer, mistake):
    verdict = check.turning_point(answer)
    assert not verdict.passed and verdict.mistake == mistake


def singular(X):
    return np.linalg.svd(X, compute_uv=False)


AMPLIFICATION_MISTAKES = {
    "unsquared": lambda X: np.sum(1 / singular(X)),
    "not inverted": lambda X: np.sum(singular(X) ** 2),
    "worst only": lambda X: 1 / singular(X)[-1] ** 2,
    "mean": lambda X: np.mean(1 / singular(X) ** 2),
    "per sample": lambda X: np.sum(len(X) / singular(X) ** 2),
    "inverse": lambda X: np.trace(np.linalg.inv(X.T @ X + 1e-9 * np.eye(X.shape[1]))),
    "unrecognised": lambda X: 1.0,
    "raised": lambda X: X @ X,
    "not a number": lambda X: 1 / singular(X),
    "stub": lambda X: ...,
}


def test_amplification_accepts_singular_values_and_pseudo_inverse():
    assert check.amplification(lambda X: np.sum(1 / singular(X) ** 2)).passed
    assert check.amplification(lambda X: np.sum(np.linalg.pinv(X) ** 2)).passed


def test_amplification_is_what_label_noise_does():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((8, 15))
    errors = np.sum((np.linalg.pinv(X) @ rng.standard_normal((8, 4000))) ** 2, axis=0)
    assert abs(errors.mean() - np.sum(1 / singular(X) ** 2)) < 4 * errors.std() / 4000**0.5


@pytest.mark.parametrize("mistake", AMPLIFICATION_MISTAKES)
def test_amplification_names_the_mistake(mistake):
    verdict = check.amplification(AMPLIFICATION_MISTAKES[mistake])
    assert not verdict.passed and verdict.mistake == mistake


def test_a_singular_inverse_is_explained():
    def inverted(X):
        if X.shape[0] < X.shape[1]:
            raise np.linalg.LinAlgError("Singular matrix")
        return np.trace(np.linalg.inv(X.T @ X))

    assert check.amplification(inverted).mistake == "inverse"


def error_at(n, d, signal, noise, ridge):
    """Isotropic test error at a ridge, from the quadratic for kappa."""
    b = ridge + d / n - 1
    kappa = (b + np.sqrt(b**2 + 4 * ridge)) / 2
    return (signal * kappa**2 + d / n * noise) / ((1 + kappa) ** 2 - d / n) + noise


def best_test_error(n, d, signal, noise):
    return error_at(n, d, signal, noise, d * noise / (n * signal))


def kappa_is_lambda(n, d, signal, noise):
    ridge = d * noise / (n * signal)
    return signal * ridge / (1 + ridge) + noise


BEST_MISTAKES = {
    "excess": lambda n, d, signal, noise: best_test_error(n, d, signal, noise) - noise,
    "sum form": lambda n, d, signal, noise: error_at(n, d, signal, noise, d * noise / signal),
    "inverted ratio": lambda n, d, signal, noise: error_at(n, d, signal, noise, d * signal / (n * noise)),
    "no ridge": lambda n, d, signal, noise: error_at(n, d, signal, noise, 0.0),
    "kappa is lambda": kappa_is_lambda,
    "signal forgotten": lambda n, d, signal, noise: (best_test_error(n, d, signal, noise) - noise) / signal + noise,
    "unrecognised": lambda n, d, signal, noise: noise,
    "stub": lambda n, d, signal, noise: None,
}


def test_best_test_error_accepts_the_formula_and_a_search_over_ridges():
    assert check.best_test_error(best_test_error).passed

    def searched(n, d, signal, noise):
        from renorm.theory.population import isotropic

        ridges = np.geomspace(1e-4, 1e3, 4001)
        return float(ridge_risk(isotropic(d, signal, noise), n, ridges).test.min())

    assert check.best_test_error(searched).passed


@pytest.mark.parametrize("mistake", BEST_MISTAKES)
def test_best_test_error_names_the_mistake(mistake):
    verdict = check.best_test_error(BEST_MISTAKES[mistake])
    assert not verdict.passed and verdict.mistake == mistake


def test_a_result_in_place_of_the_function_is_explained():
    assert check.best_test_error(0.5).mistake == check.amplification(0.5).mistake == "not a function"
    assert check.amplification(...).mistake == "stub"


def test_every_hint_is_its_own():
    hints = [check.amplification(f).message for f in AMPLIFICATION_MISTAKES.values()]
    hints += [check.best_test_error(f).message for f in BEST_MISTAKES.values()]
    assert len(set(hints)) == len(hints)
