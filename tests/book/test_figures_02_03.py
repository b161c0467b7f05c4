"""What the figures of chapters 2 and 3 look up: exact cases, agreement with a second computation, drawings."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from renorm import gaussian_kernel
from renorm.data.images import load_images
from renorm_book.chapter02 import figures as chapter02
from renorm_book.chapter02 import flipped, memorizing
from renorm_book.chapter03 import figures as chapter03
from renorm_book.chapter03 import pictures


@pytest.fixture
def axes():
    figure, found = plt.subplots(1, 2)
    yield found
    plt.close(figure)


def test_descent_path_is_the_geometric_sequence():
    start = np.array([1.0, -2.0])
    path = pictures.descent_path(start, step=0.4, steps=10)
    distance = path @ pictures.INPUT - pictures.LABEL
    np.testing.assert_allclose(distance, (start @ pictures.INPUT - pictures.LABEL) * 0.6 ** np.arange(11), rtol=1e-9)
    np.testing.assert_allclose(path @ pictures.NULL, start @ pictures.NULL, rtol=1e-12)


def test_weight_space_tells_divergence_from_convergence(axes):
    draw = pictures.weight_space
    assert draw(axes[0], 0.0, 0.0, 2.1)["diverges"] and not draw(axes[0], 0.0, 0.0, 1.9)["diverges"]
    assert draw(axes[0], 0.0, 0.0, 0.4)["norm"] == pytest.approx(pictures.LABEL, rel=1e-6)


def test_vanishing_function_vanishes_and_has_norm_one():
    x, width = np.array([0.1, 0.3, 0.42, 0.9]), 0.15
    g = pictures.vanishing(x, gaussian_kernel(x[:, None], bandwidth=width), width)
    assert np.abs(g(x)).max() < 1e-10
    points = np.append(x, (0.42 + 0.9) / 2)  # it lives in the span of the kernel at these
    K = gaussian_kernel(points[:, None], bandwidth=width)
    assert g(points) @ np.linalg.solve(K, g(points)) == pytest.approx(1, rel=1e-8)


def test_gram_in_place_is_the_gaussian_kernel():
    X = np.random.default_rng(0).random((50, 7))
    np.testing.assert_allclose(chapter03.gram_in_place(X, 2.0), gaussian_kernel(X, bandwidth=2.0), rtol=1e-12)


def test_power_law_recovers_its_exponent():
    n = np.array([100, 1000, 10000])
    slope, prefactor = chapter03.power_law(n, 3 * n**-0.45)
    assert slope == pytest.approx(-0.45) and prefactor == pytest.approx(3)


@pytest.mark.parametrize("module, fraction", [(chapter02, 0.5), (chapter03, 0.9)])
def test_corruption_is_nested_and_has_the_right_share(module, fraction):
    rng, labels = np.random.default_rng(0), np.ones(20000, dtype=int)
    if module is chapter02:
        noisy = module.corrupted(labels.astype(float), 1, rng)[:, :, 0]
    else:
        noisy = module.corrupted(labels, rng)
    changed = noisy != labels
    share = fraction * np.array(module.CORRUPTIONS)
    error = np.sqrt(share * (1 - share) / labels.size)
    assert np.all(np.abs(changed.mean(axis=1) - share) <= 4 * error)
    assert np.all(changed[:-1] <= changed[1:])


def test_digit_bound_against_a_direct_fit():
    task, n, ridge = "3 against 8", 80, 1e-2
    X, y, X_test, y_test = chapter02.digit_pair(task)
    X_test, y_test = np.vstack([X_test, X[1280:]]), np.append(y_test, y[1280:])
    K = gaussian_kernel(X[:n], bandwidth=chapter02.WIDTH)
    dual = np.linalg.solve(K + n * ridge * np.eye(n), y[:n])
    found = chapter02._bound_and_error(task, n)
    r = chapter02.RIDGES.index(ridge)
    assert found["norm"][r, 0, 0] == pytest.approx(np.sqrt(dual @ K @ dual), rel=1e-8)
    wrong = np.mean(y_test * (gaussian_kernel(X_test, X[:n], chapter02.WIDTH) @ dual) <= 0)
    assert found["error"][r, 0, 0] == pytest.approx(wrong, abs=1e-12)
    assert np.all(found["bound"] > found["error"])  # the theorem, in every draw


def test_flipped_training_points_have_the_margin_two_s_minus_one():
    found = flipped.flipped_errors(10, draws=4, tests=50)
    assert set(np.unique(found[1])) <= {0.0, 1.0}  # all or none, exactly
    assert np.all(found[1][:, flipped.NOISES.index(1.0), -1] == 0)
    assert np.all(found[1][:, flipped.NOISES.index(16.0), -1] == 1)


def test_thresholds_lie_between_the_points():
    z = np.array([0.0, 1.0, 3.0])
    np.testing.assert_allclose(memorizing.thresholds_between(z, 0.25), [-1.125, 0.25, 1.5])


@pytest.mark.parametrize("kink", [0.05, 0.5])
def test_memorizer_fits_and_reports_its_matrix(axes, kink):
    said = memorizing.memorizer(axes, 8, kink, 0)
    assert said["error"] < 1e-9 and said["condition"] > 1


@pytest.mark.slow
def test_all_digits_against_a_direct_solve():
    """Ten seconds: the nested factorization of 8,000 digits, and one size of it solved by itself."""
    found = chapter03.digits()
    data = load_images("mnist", n_train=1000)
    K = gaussian_kernel(data.train_inputs, bandwidth=5.0)
    dual = np.linalg.solve(K, np.eye(10)[data.train_labels])
    outputs = gaussian_kernel(data.test_inputs, data.train_inputs, 5.0) @ dual
    i = chapter03.SIZES.index(1000)
    assert found["error"][0, i] == pytest.approx(np.mean(outputs.argmax(axis=1) != data.test_labels), abs=1e-3)
    norm = np.sqrt(np.sum(dual * np.eye(10)[data.train_labels]))
    assert found["poisoned"][1000]["norm"][0] == pytest.approx(norm, rel=1e-8)
    assert np.all(np.diff(found["poisoned"][1000]["norm"]) > 0)
    assert found["poisoned"][1000]["error"][0] == found["error"][0, i]
