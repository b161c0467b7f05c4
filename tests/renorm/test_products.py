"""Products of matrices: both ways give the same, whatever the shape and the order in memory."""

import sys

import numpy as np
import pytest

from renorm._numerics import products
from renorm._numerics.products import gram, product

SHAPES = [(1, 1, 1), (3, 40, 5), (20, 17, 16), (50, 196, 256), (33, 16, 40)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("platform", ["linux", "emscripten"])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_product_is_the_product(monkeypatch, shape, platform, kind):
    monkeypatch.setattr(sys, "platform", platform)
    rng, (m, k, n) = np.random.default_rng(0), shape
    A, B = rng.standard_normal((m, k)).astype(kind), rng.standard_normal((n, k)).astype(kind).T
    for left, right in ((A, B), (np.asfortranarray(A), np.ascontiguousarray(B))):
        found = product(left, right)
        assert found.dtype == kind and found.shape == (m, n)
        np.testing.assert_allclose(found, A.astype(float) @ B, atol=3 * k * np.finfo(kind).eps)


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (15, 40), (32, 20), (33, 20), (100, 64)], ids=str)
@pytest.mark.parametrize("platform", ["linux", "emscripten"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_gram_matrix_is_the_symmetric_product(monkeypatch, shape, platform, order):
    monkeypatch.setattr(sys, "platform", platform)
    X = np.asarray(np.random.default_rng(2).standard_normal(shape), order=order)
    found = gram(X)
    assert found.shape == (shape[0], shape[0]) and np.array_equal(found, found.T)
    np.testing.assert_allclose(found, X @ X.T, rtol=1e-13, atol=1e-13)


def test_in_a_browser_half_of_a_gram_matrix_is_computed(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    entries = []
    monkeypatch.setattr(products, "_by_loops", lambda A, B: entries.append(len(A) * B.shape[1]) or A @ B)
    gram(np.ones((320, 20)))
    assert sum(entries) == 320 * (320 + products.STRIP) / 2


def test_what_einsum_cannot_count_is_done_in_pieces(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(products, "MOST", 30 * 40 * 7)
    rng = np.random.default_rng(1)
    A, B = rng.standard_normal((30, 40)), rng.standard_normal((40, 50))
    np.testing.assert_allclose(product(A, B), A @ B, rtol=1e-12, atol=1e-12)


def test_only_large_products_go_by_loops(monkeypatch):
    asked = []
    monkeypatch.setattr(products.np, "einsum", lambda *arguments: asked.append(arguments) or np.ones((1, 1)))
    product(np.ones((40, 40)), np.ones((40, 40)))
    assert not asked
    monkeypatch.setattr(sys, "platform", "emscripten")
    product(np.ones((40, 40)), np.ones((40, 3)))
    assert not asked
    product(np.ones((40, 40)), np.ones((40, 40)))
    assert len(asked) == 1
