"""The MLP against finite differences and calculations by hand, and its training."""

import numpy as np
import pytest
from hypothesis import settings
from tqdm import tqdm

from renorm.data.images import load_images, randomize, standardize
from renorm.networks import mlp as networks
from renorm.networks.mlp import MLP, train

SETTINGS = settings(derandomize=True, deadline=None, max_examples=30)


def double_net(sizes=(5, 7, 6, 4), seed=0):
    """A float64 network with biases that are not zero."""
    rng = np.random.default_rng(seed)
    net = MLP(sizes, rng, dtype=np.float64)
    for b in net.biases:
        b += 0.3 * rng.standard_normal(b.shape)
    return net


def numerical(function, array, epsilon=1e-6):
    """Central differences of ``function()`` in every entry of ``array``, changed in place."""
    slope = np.zeros((*array.shape, *np.shape(function())))
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + epsilon
        above = function()
        array[index] = kept - epsilon
        slope[index] = (above - function()) / (2 * epsilon)
        array[index] = kept
    return slope


# ------------------------------------------------------------------------------------------------ the network


def test_outputs_and_features_by_hand():
    net = double_net((2, 3, 2))
    X = np.array([[1.0, -2.0], [0.5, 3.0]])
    hidden = np.maximum(X @ net.weights[0] + net.biases[0], 0)
    np.testing.assert_allclose(net(X), hidden @ net.weights[1] + net.biases[1], rtol=1e-14)
    np.testing.assert_allclose(net.last_layer_features(X), hidden, rtol=1e-14)
    assert net.predict(X).tolist() == net(X).argmax(1).tolist()
    assert net.n_weights == 2 * 3 + 3 + 3 * 2 + 2


def test_loss_by_hand_and_far_out():
    net = double_net()
    X, y = np.random.default_rng(1).standard_normal((6, 5)), [0, 1, 2, 3, 0, 1]
    outputs = net(X)
    by_hand = -np.mean(np.log((np.exp(outputs) / np.exp(outputs).sum(1, keepdims=True))[np.arange(6), y]))
    assert net.loss(X, y) == pytest.approx(by_hand, rel=1e-13)
    net.biases[-1][:] = [0, 2000, 0, 0]  # no overflow
    assert net.loss(X[:1], [0]) == pytest.approx(2000, rel=1e-2)


@pytest.mark.parametrize("sizes", [(5, 4), (5, 7, 4), (5, 7, 6, 4), (5, 6, 6, 6, 3)])
def test_gradient_against_finite_differences(sizes):
    net = double_net(sizes)
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((9, 5)), rng.integers(0, sizes[-1], 9)
    in_weights, in_biases = net.gradient(X, y)
    for exact, parameter in zip(in_weights + in_biases, net.weights + net.biases, strict=True):
        # truncation ~ epsilon^2, rounding ~ 1e-16/epsilon: 1e-9 is ten times their sum
        np.testing.assert_allclose(exact, numerical(lambda: net.loss(X, y), parameter), atol=1e-9)


@pytest.mark.parametrize("sizes", [(5, 4), (5, 7, 3), (5, 7, 6, 2)])
def test_tangent_kernel_is_the_jacobian_squared(sizes):
    net = double_net(sizes)
    rng = np.random.default_rng(3)
    A, B = rng.standard_normal((4, 5)), rng.standard_normal((3, 5))
    kernel = 0.0
    for parameter in net.weights + net.biases:
        left, right = (numerical(lambda X=X: net(X), parameter).reshape(-1, len(X), sizes[-1]) for X in (A, B))
        kernel = kernel + np.einsum("pik,pjk->ij", left, right) / sizes[-1]
    np.testing.assert_allclose(net.empirical_ntk(A, B), kernel, atol=1e-7)
    gram = net.empirical_ntk(A)
    np.testing.assert_allclose(gram, net.empirical_ntk(A, A), rtol=1e-13)
    assert np.linalg.eigvalsh(gram).min() > -1e-12


def test_tangent_kernel_predicts_a_small_step():
    """First order: moving the weights along the gradient of sum_k f_k(b) changes f(a) by step times the kernel."""
    net = double_net((5, 50, 1))
    a, b = np.random.default_rng(4).standard_normal((2, 1, 5))
    predicted, before, step = net.empirical_ntk(a, b)[0, 0], net(a)[0, 0], 1e-6
    hidden = net.activations(b)
    for h, delta, W, c in zip(hidden, net._derivatives(hidden, np.ones((1, 1))), net.weights, net.biases, strict=False):
        W += step * h.T @ delta
        c += step * delta[0]
    assert (net(a)[0, 0] - before) / step == pytest.approx(predicted, rel=1e-4)


def test_start_has_the_variances_of_he():
    net = MLP((400, 900, 300), rng=0)
    assert net.weights[0].dtype == np.float32
    for W, variance in zip(net.weights, (2 / 400, 1 / 900), strict=True):
        assert abs(W.var() / variance - 1) < 5 * np.sqrt(2 / W.size)
    assert all(not b.any() for b in net.biases)


def test_images_are_flattened():
    data = load_images("digits", n_train=5)
    net = MLP((64, 8, 10), rng=0)
    np.testing.assert_array_equal(net(data.train_images), net(data.train_inputs))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: MLP((5,), 0), "sizes"),
        (lambda: MLP(5, 0), "sizes"),
        (lambda: MLP((5, 0, 2), 0), "sizes"),
        (lambda: MLP((5, 2.5), 0), "sizes"),
        (lambda: MLP((5, 2), 0, dtype=np.int64), "dtype"),
        (lambda: MLP((5, 2), "x"), "rng"),
        (lambda: MLP((5, 2), 0)(np.zeros((3, 4))), r"X has shape \(3, 4\): must be \(n, 5\)"),
        (lambda: MLP((5, 2), 0).loss(np.zeros((3, 5)), [0, 1]), r"y has shape \(2,\): must be \(3,\)"),
        (lambda: MLP((5, 2), 0).loss(np.zeros((2, 5)), [0, 2]), "y = "),
    ],
)
def test_bad_networks(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ------------------------------------------------------------------------------------------------ training


def test_one_step_by_hand():
    net, other = double_net(), double_net()
    rng = np.random.default_rng(5)
    X, y = rng.standard_normal((8, 5)), rng.integers(0, 4, 8)
    history = train(net, X, y, 0, epochs=2, step=0.1, momentum=0.5, batch=8, weight_decay=0.2, stop_at=None)
    loss, velocity = [], [0.0] * 6
    for _ in range(2):
        loss.append(other.loss(X, y))
        in_weights, in_biases = other.gradient(X, y)
        gradients = [g + 0.2 * W for g, W in zip(in_weights, other.weights, strict=True)] + in_biases
        velocity = [0.5 * v - 0.1 * g for v, g in zip(velocity, gradients, strict=True)]
        for v, parameter in zip(velocity, other.weights + other.biases, strict=True):
            parameter += v
    for ours, by_hand in zip(net.weights + net.biases, other.weights + other.biases, strict=True):
        np.testing.assert_allclose(ours, by_hand, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(history.loss, loss, rtol=1e-12)


@pytest.fixture(scope="module")
def digits():
    return load_images("digits", n_train=500)


def fit(data, condition, seed=1, **changes):
    data = randomize(data, condition, rng=seed)
    net = MLP((64, 256, 10), rng=seed)
    test = (standardize(data.test_inputs), data.test_labels)
    options = dict(test=test, step=0.05, verbose=False) | changes
    return net, train(net, standardize(data.train_inputs), data.train_labels, seed, **options)


def test_everything_is_fitted_but_only_truth_generalizes(digits):
    accuracies = {}
    for condition in ("true labels", 0.5, "random labels", "shuffled pixels", "random pixels", "gaussian pixels"):
        net, history = fit(digits, condition)
        assert history.train_accuracy[-1] == 1.0, condition
        assert history.epochs == len(history.train_accuracy) == len(history.test_accuracy) < 200
        accuracies[condition] = history.test_accuracy[-1]
    assert accuracies["true labels"] > 0.9 and accuracies["shuffled pixels"] > 0.9  # 0.96 in the trial runs
    assert 0.4 < accuracies[0.5] < 0.85
    chance = 0.1 + 4 * np.sqrt(0.1 * 0.9 / 397)
    assert max(accuracies[c] for c in ("random labels", "random pixels", "gaussian pixels")) < chance


def test_shuffled_pixels_are_a_symmetry(digits):
    """Permute the pixels and the rows of the first layer alike: nothing that training does can tell."""
    order = np.random.default_rng(0).permutation(64)
    X, y = standardize(digits.train_inputs), digits.train_labels
    plain, shuffled = MLP((64, 32, 10), 0, np.float64), MLP((64, 32, 10), 0, np.float64)
    shuffled.weights[0][:] = plain.weights[0][order]
    first = train(plain, X, y, 7, epochs=3, stop_at=None, verbose=False)
    second = train(shuffled, X[:, order], y, 7, epochs=3, stop_at=None, verbose=False)
    np.testing.assert_allclose(first.loss, second.loss, rtol=1e-10)
    np.testing.assert_allclose(shuffled.weights[0], plain.weights[0][order], atol=1e-10)


def test_same_seed_same_run_and_other_seed_another(digits):
    runs = [fit(digits, "random labels", seed=s, epochs=3) for s in (1, 1, 2)]
    assert runs[0][1] == runs[1][1] and runs[0][1].loss != runs[2][1].loss
    np.testing.assert_array_equal(runs[0][0].weights[0], runs[1][0].weights[0])


def test_weight_decay_shrinks_the_weights(digits):
    norms = []
    for decay in (0.0, 0.01, 0.1):
        net, _ = fit(digits, 0.5, epochs=20, stop_at=None, weight_decay=decay)
        norms.append(sum(float((W**2).sum()) for W in net.weights))
    assert norms[0] > norms[1] > norms[2]


def test_history_finds_first_epochs():
    history = networks.History(loss=[2.0, 0.6, 0.4, 0.1], train_accuracy=[0.2, 0.8, 0.99, 1.0])
    assert history.epochs == 4
    assert history.epochs_to_loss(0.5) == 3 and history.epochs_to_loss(0.05) is None


@pytest.mark.parametrize("at", ["inside an epoch", "between loss and accuracies", "before the test accuracy"])
def test_an_interrupt_keeps_the_finished_epochs(digits, monkeypatch, at):
    net = MLP((64, 32, 10), rng=0)
    calls = {"epoch": 0, "accuracy": 0}
    epoch, accuracy = networks._epoch, MLP.accuracy

    def counted_epoch(*arguments):
        calls["epoch"] += 1
        if at == "inside an epoch" and calls["epoch"] == 4:
            raise KeyboardInterrupt
        return epoch(*arguments)

    def counted_accuracy(*arguments):
        calls["accuracy"] += 1
        if calls["accuracy"] == {"between loss and accuracies": 7, "before the test accuracy": 8}.get(at):
            raise KeyboardInterrupt
        return accuracy(*arguments)

    monkeypatch.setattr(networks, "_epoch", counted_epoch)
    monkeypatch.setattr(MLP, "accuracy", counted_accuracy)
    X, y = standardize(digits.train_inputs), digits.train_labels
    history = train(net, X, y, 0, test=(X[:20], y[:20]), epochs=30, stop_at=None, verbose=False)
    assert history.interrupted
    assert history.epochs == len(history.train_accuracy) == len(history.test_accuracy) == 3


def test_progress_is_quiet_when_short_or_when_asked(digits, capsys, monkeypatch):
    fit(digits, "true labels", epochs=2, verbose=True)
    fit(digits, "true labels", epochs=2, verbose=False)
    assert capsys.readouterr().err == ""
    seen = []
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    monkeypatch.setattr(networks, "tqdm", lambda **options: seen.append(options["disable"]) or tqdm(disable=True))
    fit(digits, "true labels", epochs=1, verbose=True)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    fit(digits, "true labels", epochs=1, verbose=True)
    assert seen == [False, True]


@pytest.mark.parametrize(
    "changes, message",
    [
        (dict(step=0), "step = 0"),
        (dict(step=-1.0), "step"),
        (dict(epochs=0), "epochs"),
        (dict(batch=0), "batch"),
        (dict(momentum=1.0), "momentum = 1.0"),
        (dict(momentum=-0.1), "momentum"),
        (dict(weight_decay=-1), "weight_decay"),
        (dict(stop_at=1.2), "stop_at"),
        (dict(test=(np.zeros((2, 3)), [0, 1])), "X has shape"),
    ],
)
def test_bad_training(digits, changes, message):
    with pytest.raises(ValueError, match=message):
        fit(digits, "true labels", **changes)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_step_that_is_too_large_is_reported(digits):
    with pytest.raises(ValueError, match="take a smaller step"):
        fit(digits, "true labels", step=1e6, epochs=30, stop_at=None)
