"""What chapter 3 says in numbers: the path of gradient descent beside that of the ridge, and what its figures say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from renorm.theory.dynamics import early_stopping_bound, gradient_flow_filter, ridge_filter
from renorm_book.chapter03 import pictures, stopping


def test_gradient_descent_with_small_steps_is_the_filter_of_time():
    """Euler's method on half the mean square, in function space; its error is of the order of the step, s step / 2."""
    rng, n, t, steps = np.random.default_rng(0), 12, 7.0, 20000
    A = rng.standard_normal((n, n))
    K, y = A @ A.T / n, rng.standard_normal(n)
    fitted = np.zeros(n)
    for _ in range(steps):
        fitted = fitted + t / steps * K / n @ (y - fitted)
    s, U = np.linalg.eigh(K / n)
    np.testing.assert_allclose(
        fitted, U @ (gradient_flow_filter(s, t) * (U.T @ y)), atol=2 * s.max() ** 2 * t**2 / steps
    )


def test_a_stop_is_as_good_as_a_ridge_up_to_the_proved_factor():
    """Fixed inputs: bias and variance of every direction, at all times; and the factor is reached by none below it."""
    s = np.geomspace(1e-4, 1e4, 4001)
    flow, ridge = gradient_flow_filter(s, 1.0), ridge_filter(s, 1.0)
    assert (
        np.all((1 - flow) ** 2 <= (1 - ridge) ** 2) and (flow**2 / ridge**2).max() <= early_stopping_bound()[0] + 1e-12
    )
    assert (flow**2 / ridge**2).max() == pytest.approx(early_stopping_bound()[0], rel=1e-4)


def test_paths_against_solving():
    found, j, i = stopping.paths(), 12, stopping.CORRUPTIONS.index(0.2)
    data = stopping.load_images("mnist", n_train=stopping.SAMPLES)
    K = stopping.gaussian_kernel(data.train_inputs, bandwidth=stopping.WIDTH)
    rng = np.random.default_rng(2)
    told = np.where(rng.random(len(K)) < 0.2, rng.integers(0, 10, len(K)), data.train_labels)
    penalty = len(K) / stopping.TIMES[j]
    dual = np.linalg.solve(K + penalty * np.eye(len(K)), np.eye(10)[told] - 0.1)
    answers = stopping.gaussian_kernel(data.test_inputs, data.train_inputs, stopping.WIDTH) @ dual
    assert found["ridge"][i, j, 2] == pytest.approx(np.mean(answers.argmax(axis=1) != data.test_labels), abs=1e-3)
    # both paths end at the shortest fit
    for name in ("ridge", "flow"):
        assert np.abs(found[name][:, -1] - found["shortest"]).max() < 0.01


def test_noise_is_held_off_on_the_way_only():
    """With a fifth or half redrawn the best of each path beats its end by more than 5 standard errors, draw by draw."""
    found = stopping.paths()
    for i in (1, 2):
        for name in ("ridge", "flow"):
            gain = found["shortest"][i] - found[name][i, found[name][i].mean(axis=1).argmin()]
            assert gain.mean() > 5 * gain.std(ddof=1) / np.sqrt(stopping.DRAWS) > 0


@pytest.mark.parametrize("across", [1.5, -0.5])
@pytest.mark.parametrize("steps", [(0.4, 1.0), (2.1, 2.5)])
def test_every_step_is_named_in_what_is_said(across, steps):
    figure, ax = plt.subplots()
    said = [pictures.weight_space(ax, 0.5, across, step)["said"] for step in steps]
    plt.close(figure)
    assert said[0] != said[1]


@pytest.mark.slow
def test_shortest_fit_beats_adagrad_in_the_mean():
    """The chapter's comparison over 12 problems of its kind: isotropic inputs, n = 40, d = 200, no noise."""
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        X, truth = rng.standard_normal((40, 200)) / np.sqrt(200), rng.standard_normal(200)
        y, w, seen = X @ truth, np.zeros(200), np.zeros(200)
        for _ in range(20000):
            gradient = X.T @ (X @ w - y) / 40
            seen += gradient**2
            w = w - 0.1 * gradient / np.sqrt(seen)
        shortest = X.T @ np.linalg.solve(X @ X.T, y)
        found.append([np.sum((fit - truth) ** 2) / np.sum(truth**2) for fit in (w, shortest)])
    worse = np.subtract(*np.transpose(found))
    assert worse.mean() > 3 * worse.std(ddof=1) / np.sqrt(12)
    assert np.mean(found, axis=0)[1] == pytest.approx(1 - 40 / 200, abs=0.05)
