"""Hermite coefficients against closed forms, kinks and jumps included."""

import math

import numpy as np
import pytest

from renorm.theory.activations import ACTIVATIONS, hermite_coefficients, resolve_activation

PI = math.pi


def gauss(x):
    return math.exp(-x * x / 2) / math.sqrt(2 * PI)


def below(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def leaky(u):
    return np.where(u > 0, u, 0.2 * u)


STEP = below(-0.3), gauss(0.3)
CLOSED_FORMS = {
    "linear": ("linear", 0, 1, 0),
    "relu": ("relu", 1 / math.sqrt(2 * PI), 1 / 2, 1 / 4 - 1 / (2 * PI)),
    "sign": ("sign", 0, math.sqrt(2 / PI), 1 - 2 / PI),
    "erf": ("erf", 0, 2 / math.sqrt(3 * PI), 2 / PI * math.asin(2 / 3) - 4 / (3 * PI)),
    "absolute value": (np.abs, math.sqrt(2 / PI), 0, 1 - 2 / PI),
    "cube": (lambda u: u**3, 0, 3, 6),
    "exponential": (np.exp, math.exp(0.5), math.exp(0.5), math.e**2 - 2 * math.e),
    "fast sine": (lambda u: np.sin(20 * u), 0, 20 * math.exp(-200), (1 - math.exp(-800)) / 2),
    "leaky ReLU": (leaky, 0.8 / math.sqrt(2 * PI), 0.6, 0.52 - 0.64 / (2 * PI) - 0.36),
    "constant": (lambda u: 0 * u + 2.0, 2, 0, 0),
    # a jump and a kink where no interval of the quadrature ends
    "step at 0.3": (lambda u: 1.0 * (u > 0.3), STEP[0], STEP[1], STEP[0] - STEP[0] ** 2 - STEP[1] ** 2),
    "kink at 0.3": (
        lambda u: np.maximum(u - 0.3, 0),
        STEP[1] - 0.3 * STEP[0],
        STEP[0],
        1.09 * STEP[0] - 0.3 * STEP[1] - (STEP[1] - 0.3 * STEP[0]) ** 2 - STEP[0] ** 2,
    ),
}


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_closed_forms(name):
    activation, *exact = CLOSED_FORMS[name]
    np.testing.assert_allclose(hermite_coefficients(activation), exact, rtol=1e-13, atol=1e-14)


def test_tanh():
    mu0, mu1, rest = hermite_coefficients("tanh")
    assert (mu0, round(mu1, 4), round(rest, 4)) == (0.0, 0.6057, 0.0274)
    # Stein's identity E u tanh u = E tanh' = 1 - E tanh^2 ties the two coefficients together
    assert mu1 == pytest.approx(1 - (rest + mu1**2), rel=1e-14)


@pytest.mark.parametrize("name", ["relu", "tanh", "erf", "sign"])
def test_against_a_million_draws(name):
    u = np.random.default_rng(5).standard_normal(10**6)
    phi = resolve_activation(name)(u)
    mu0, mu1, rest = hermite_coefficients(name)
    for draws, value in ((phi, mu0), (u * phi, mu1), ((phi - mu0 - mu1 * u) ** 2, rest)):
        assert abs(draws.mean() - value) < 4 * draws.std() / 1000


def test_scaling():
    np.testing.assert_allclose(
        hermite_coefficients(lambda u: 1e-6 * np.tanh(u) + 1e-6),
        np.array(hermite_coefficients("tanh")) * [0, 1e-6, 1e-12] + [1e-6, 0, 0],
        rtol=1e-12,
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_names_are_functions_of_arrays(name):
    u = np.linspace(-2, 2, 12).reshape(3, 4)
    assert resolve_activation(name)(u).shape == (3, 4)


@pytest.mark.parametrize(
    ("activation", "message"),
    [
        ("gelu", "'gelu': must be one of 'linear', 'relu'"),
        (3, "3: must be one of"),
        (None, "must be one of"),
        (math.tanh, "elementwise"),
        (lambda u: u.sum(), "keep the shape"),
        (lambda u: "x", "elementwise"),
        (np.log, "finite"),
        (lambda u: np.exp(u * u / 4), "slower than"),
        (lambda u: np.exp(u * u), "slower than"),
        (lambda u: 1 / u, "too rough"),
        (lambda u: np.sin(1e9 * u), "too rough"),
    ],
)
def test_bad_activations_are_named(activation, message):
    with pytest.raises(ValueError, match="activation.*" + message):
        hermite_coefficients(activation)
