"""Nested solutions against a separate solve of every leading block, and the norm against its definition."""

import numpy as np
import pytest

from renorm.experiments.nested import BLOCK, NestedSolver
from renorm.theory.kernels import gaussian_kernel

rng = np.random.default_rng(0)
N = 2 * BLOCK + 37  # several blocks and a rest
X = rng.standard_normal((N, 6))
K = gaussian_kernel(X, bandwidth=1.5)
Y = rng.standard_normal((N, 3))


@pytest.mark.parametrize("n", [1, 7, BLOCK - 1, BLOCK, BLOCK + 1, N])
def test_every_leading_block_is_solved(n):
    found = NestedSolver(K, Y).solution(n)
    bound = 50 * np.finfo(float).eps * np.linalg.cond(K[:n, :n])
    np.testing.assert_allclose(found, np.linalg.solve(K[:n, :n], Y[:n]), atol=bound * np.abs(found).max())


def test_norms_are_those_of_the_interpolants():
    solver = NestedSolver(K, Y)
    norms = solver.norms()
    for n in (1, 100, BLOCK + 3, N):
        dual = np.linalg.solve(K[:n, :n], Y[:n])
        np.testing.assert_allclose(norms[n - 1] ** 2, np.sum(dual * Y[:n], axis=0), rtol=1e-9)
    assert np.all(np.diff(norms, axis=0) >= 0)


def test_one_output_keeps_its_shape():
    solver = NestedSolver(K[:20, :20], Y[:20, 0])
    assert solver.solution(5).shape == (5,) and solver.norms().shape == (20,)


@pytest.mark.parametrize(
    "gram, targets",
    [
        (np.ones((2, 3)), [1, 2]),
        (np.eye(2), [1, 2, 3]),
        (np.eye(2), np.ones((2, 1, 1))),
        (np.ones((2, 2)), [1, 2]),
        (-np.eye(2), [1, 2]),
    ],
)
def test_bad_input(gram, targets):
    with pytest.raises(ValueError):
        NestedSolver(gram, targets)


@pytest.mark.parametrize("n", [0, 21, 1.5])
def test_bad_size(n):
    with pytest.raises(ValueError):
        NestedSolver(K[:20, :20], Y[:20]).solution(n)
