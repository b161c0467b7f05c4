"""What chapter 1 says in numbers: ten draws of every training, and the machines it compares the network with."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from renorm import MLP, corrupt_labels, gaussian_kernel
from renorm_book.chapter01 import figures, kernels, trainings


@pytest.fixture
def axes():
    figure, found = plt.subplots(1, 2)
    yield found
    plt.close(figure)


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """The first draws from the file, too: test_kept_trainings compares them with trainings."""
    monkeypatch.setattr(trainings, "_trained", lambda *arguments: trainings.kept_trainings()[arguments])


def test_standard_errors():
    draws = np.array([[0.1, 0.5], [0.3, 0.5]])
    mean, error = trainings.mean_and_error(draws)
    np.testing.assert_allclose(mean, [0.2, 0.5])
    np.testing.assert_allclose(error, [0.1, 0])
    with_images = trainings.measured_error(draws)[1]
    np.testing.assert_allclose(with_images**2, [0.01 + 0.2 * 0.8 / 1000, 0.5 * 0.5 / 1000])


def test_random_labels_are_guessed_at_nine_tenths():
    """54 machines, ten draws each: by symmetry the expectation is 0.9 for all. Draws are shared, so each alone."""
    for settings in trainings.EXPERIMENTS["grid"]:
        mean, error = trainings.mean_and_error(trainings.final(settings["n"], settings["width"])[1][:, -1])
        assert abs(mean - 0.9) < 4 * error < 0.06
    mean, error = trainings.mean_and_error(trainings.decay_errors(1.0)[1].mean(axis=1))
    assert abs(mean - 0.9) < 3 * error < 0.02


def test_outcome_of_a_training():
    history = trainings.History([2.0, 0.6, 0.4], [0.2, 0.8, 1.0], [0.5, 0.7, 0.6])
    np.testing.assert_allclose(trainings.outcome(history), [3, 3, 0, 0.4, 0.3])
    assert np.isnan(trainings.outcome(trainings.History([2.0], [0.1], [0.1]))[1])


def test_the_copyist_obeys_its_formula():
    """Exact in expectation over the labels: three standard errors of ten draws are 1 to 3 points."""
    mean, error = trainings.mean_and_error(trainings.copyist())
    p = np.array(trainings.CORRUPTIONS)
    formula = 1 - (1 - p) * (1 - mean[0]) - p / 10
    assert error[0] < 1e-12 and np.all(np.abs(mean - formula)[1:] < 3 * error[1:]) and error.max() < 0.01


def test_the_tangent_machine_is_regression_with_the_gradients():
    """A small one by hand: the Jacobian of all outputs, summed over outputs, instead of the layers' products."""
    data = trainings.clothes(100, 0.0)
    X = trainings.inputs(data.train_images)[:20].astype(np.float64)
    net = MLP((196, 5, 10), np.random.default_rng(0), dtype=np.float64)
    rows = []
    for k in range(10):
        for x in X:
            hidden = np.maximum(x @ net.weights[0] + net.biases[0], 0)
            back = net.weights[1][:, k] * (hidden > 0)
            last = np.zeros((5, 10))
            last[:, k] = hidden
            rows.append(np.concatenate([np.outer(x, back).ravel(), back, last.ravel(), np.eye(10)[k]]))
    jacobian = np.array(rows).reshape(10, 20, -1)
    np.testing.assert_allclose(net.empirical_ntk(X), np.einsum("kip,kjp->ij", jacobian, jacobian) / 10, rtol=1e-9)


def test_kernel_results_against_a_direct_fit():
    data, t, p, ridge = kernels.digits(), 3, 0.5, 1e-3
    told = corrupt_labels(data.train_labels, p, 10, np.random.default_rng(t))
    K = gaussian_kernel(data.train_inputs, bandwidth=1.6)
    dual = np.linalg.solve(K + len(K) * ridge * np.eye(len(K)), np.eye(10)[told] - 0.1)
    found = kernels.kernel_results(1.6)
    i, j = kernels.RIDGES.index(ridge), kernels.KERNEL_CORRUPTIONS.index(p)
    answers = gaussian_kernel(data.test_inputs, data.train_inputs, bandwidth=1.6) @ dual
    assert found["test"][i, j, t] == pytest.approx(np.mean(answers.argmax(axis=1) != data.test_labels), abs=2 / 797)
    assert found["train"][i, j, t] == pytest.approx(np.mean((K @ dual).argmax(axis=1) != told), abs=2e-3)
    assert found["norm"][i, j, t] == pytest.approx(np.sqrt(np.sum(dual * (K @ dual))), rel=1e-6)


def test_every_control_changes_what_is_said(axes):
    pages = [figures.six_inputs(axes, 1.0, page) for page in (1, 2)]
    assert pages[0]["first"] == 1 and pages[1]["first"] == 7 and pages[1]["last"] == 12
    said = {figures.fitting_readout(300, 64, p, **figures.fitting(axes, 300, 64, p)) for p in trainings.CORRUPTIONS}
    assert len(said) == len(trainings.CORRUPTIONS)
