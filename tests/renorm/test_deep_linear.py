"""Deep linear networks: the logistic curve of a mode, and two layers of weights that follow it."""

import numpy as np
import pytest

from renorm.theory import deep_linear as dl


def test_mode_strength_solves_its_equation():
    s, a0, t, h = np.array([0.0, 0.3, 2.0]), np.array([0.01, 0.5, 3.0])[:, None], 1.7, 1e-5
    now = dl.mode_strength(s, a0, t)
    slope = (dl.mode_strength(s, a0, t + h) - dl.mode_strength(s, a0, t - h)) / (2 * h)
    np.testing.assert_allclose(slope, 2 * now * (s - now), atol=1e-8)
    np.testing.assert_allclose(dl.mode_strength(s, a0, 0.0), np.broadcast_to(a0, (3, 3)), rtol=1e-14)
    np.testing.assert_allclose(dl.mode_strength([1e-12, 2.0], 0.1, [1.0, 1e4]), [0.1 / 1.2, 2.0], rtol=1e-9)


def test_strong_modes_are_learned_first():
    s, start = np.array([4.0, 2.0, 0.5]), 1e-3
    times = dl.mode_learning_time(s, start)
    assert np.all(np.diff(times) > 0)
    np.testing.assert_allclose(dl.mode_strength(s, start, times), s / 2, rtol=1e-12)


def test_two_layers_of_weights_follow_the_closed_form():
    rng = np.random.default_rng(0)
    U, V = np.linalg.qr(rng.standard_normal((4, 4)))[0], np.linalg.qr(rng.standard_normal((6, 6)))[0][:4]
    s, times = np.array([3.0, 1.5, 0.7, 0.2]), np.array([0.0, 0.5, 1.0, 2.0, 6.0])
    target = (U * s) @ V
    W1, W2 = dl.balanced_start(target, width=7, strength=0.01, rng=rng)
    np.testing.assert_allclose(W1 @ W1.T, W2.T @ W2, atol=1e-14)
    products = dl.two_layer_flow(target, W1, W2, times)
    modes = np.einsum("ok,toi,ki->tk", U, products, V)
    np.testing.assert_allclose(modes, dl.mode_strength(s, 0.01, times[:, None]), rtol=1e-5)
    rebuilt = np.einsum("ok,tk,ki->toi", U, modes, V)
    np.testing.assert_allclose(rebuilt, products, atol=1e-9)  # no mode disturbs another


def test_flow_from_any_start_keeps_the_balance_and_reaches_the_target():
    rng = np.random.default_rng(1)
    target, W1, W2 = rng.standard_normal((3, 4)), 0.3 * rng.standard_normal((5, 4)), 0.3 * rng.standard_normal((3, 5))
    early, late = dl.two_layer_flow(target, W1, W2, [1e-5, 60.0])
    missing = target - W2 @ W1
    slope = W2 @ (W2.T @ missing) + missing @ W1.T @ W1
    np.testing.assert_allclose((early - W2 @ W1) / 1e-5, slope, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(late, target, atol=1e-4)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: dl.mode_strength(-1.0, 0.1, 1.0), "target"),
        (lambda: dl.mode_strength(1.0, 0.0, 1.0), "start"),
        (lambda: dl.mode_learning_time(1.0, 0.6), "below half"),
        (lambda: dl.balanced_start(np.eye(3), 2, 0.1, 0), "width"),
        (lambda: dl.balanced_start(np.eye(3), 3, -0.1, 0), "strength"),
        (lambda: dl.two_layer_flow(np.eye(3), np.eye(3), np.ones((2, 3)), [0.0]), "must fit"),
        (lambda: dl.two_layer_flow(np.eye(2), np.eye(2), np.eye(2), [1.0, 0.5]), "must increase"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_single_time_gives_a_number():
    np.testing.assert_allclose(dl.mode_strength(2.0, 0.01, 1.0), 2 / (1 + 199 * np.exp(-4)), rtol=1e-14)
    np.testing.assert_allclose(dl.mode_strength(0.0, 0.01, 1.0), 0.01 / 1.02, rtol=1e-14)
