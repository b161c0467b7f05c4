"""Gabor features against a direct convolution, on constants, waves and turned images."""

import numpy as np
import pytest

from renorm.data.wavelets import _wavelet, gabor_features

rng = np.random.default_rng(0)
image = rng.random((12, 16))


def test_equals_the_direct_sum():
    frequency, width, pool = 0.9, 1.1, 4
    found = gabor_features([image], orientations=3, frequency=frequency, width=width, pool=pool)
    expected = []
    for k in range(3):
        w = _wavelet(np.pi * k / 3, frequency, width)
        r = len(w) // 2
        padded = np.pad(image, r)
        response = np.array(
            [
                [np.sum(padded[i : i + 2 * r + 1, j : j + 2 * r + 1] * w[::-1, ::-1]) for j in range(16)]
                for i in range(12)
            ]
        )
        expected.append([np.abs(response[i : i + 4, j : j + 4]).mean() for i in (0, 4, 8) for j in (0, 4, 8, 12)])
    np.testing.assert_allclose(found.ravel(), np.ravel(expected), rtol=1e-10)


def test_blind_to_constants_away_from_the_border():
    inside = gabor_features([np.full((60, 60), 3.0)], pool=2, width=2.0).reshape(8, 30, 30)[:, 10:20, 10:20]
    assert np.abs(inside).max() < 1e-12


def test_turned_image_gives_turned_features():
    square = rng.random((16, 16))
    upright = gabor_features([square], orientations=4).reshape(4, 4, 4)
    turned = gabor_features([np.rot90(square)], orientations=4).reshape(4, 4, 4)
    np.testing.assert_allclose(turned, np.array([np.rot90(upright[k]) for k in (2, 3, 0, 1)]), atol=1e-12)


def test_linear_in_contrast_and_many_at_once_as_one_by_one():
    stack = rng.random((3, 12, 16))
    many = gabor_features(stack)
    np.testing.assert_allclose(many[1], gabor_features(stack[1:2])[0], rtol=1e-12)
    np.testing.assert_allclose(gabor_features(2 * stack), 2 * many, rtol=1e-12)
    assert many.shape == (3, 8 * 3 * 4)


@pytest.mark.parametrize(
    "call",
    [
        lambda: gabor_features(image),
        lambda: gabor_features([image], pool=5),
        lambda: gabor_features([image], orientations=0),
        lambda: gabor_features([image], width=0),
    ],
)
def test_bad_input(call):
    with pytest.raises(ValueError):
        call()
