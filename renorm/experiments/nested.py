"""One Cholesky factorization of a Gram matrix serves every nested sample: the first n points, for all n."""

import numpy as np

from renorm._numerics.validate import integer, matrix, real_array

__all__ = ["NestedSolver"]

BLOCK = 250


class NestedSolver:
    """Solves K[:n, :n] A = Y[:n] for any n from one factorization K = L Lᵀ, because L[:n, :n] is that of K[:n, :n].

    gram : (N, N), symmetric and positive definite; read from its lower triangle.  targets : (N,) or (N, outputs).
    Cost: one factorization, N³/3, and one forward substitution; then n² per solution, and nothing for the norms.

    Raises ValueError if the gram is not square, the lengths differ, or the factorization fails: points that coincide,
    or a kernel so smooth that K is singular in floating point.

    >>> K = np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 2.0]])
    >>> NestedSolver(K, [2.0, 4.0, 5.0]).solution(2).round(12) + 0.0
    array([0., 2.])
    """

    def __init__(self, gram, targets):
        gram, targets = matrix("gram", gram), real_array("targets", targets)
        if gram.shape[0] != gram.shape[1]:
            raise ValueError(f"gram has shape {gram.shape}: must be square")
        if targets.ndim not in (1, 2) or len(targets) != len(gram):
            raise ValueError(f"targets has shape {targets.shape}: must be ({len(gram)},) or ({len(gram)}, outputs)")
        try:
            self._factor = np.linalg.cholesky(gram)
        except np.linalg.LinAlgError as error:
            raise ValueError("gram: must be positive definite, also after rounding") from error
        self._half = self._forward(targets)

    def _forward(self, targets: np.ndarray) -> np.ndarray:
        """L⁻¹ Y, block by block."""
        L, half = self._factor, targets.copy()
        for start in range(0, len(L), BLOCK):
            block = slice(start, start + BLOCK)
            half[block] = np.linalg.solve(L[block, block], half[block] - L[block, :start] @ half[:start])
        return half

    def solution(self, n: int) -> np.ndarray:
        """The dual coefficients of the first n points: (n,) or (n, outputs)."""
        n = integer("n", n, most=len(self._factor))
        L, dual = self._factor[:n, :n], self._half[:n].copy()
        for start in reversed(range(0, n, BLOCK)):
            block = slice(start, min(start + BLOCK, n))
            dual[block] = np.linalg.solve(
                L[block, block].T, dual[block] - L[block.stop :, block].T @ dual[block.stop :]
            )
        return dual

    def norms(self) -> np.ndarray:
        """Norm of the minimum-norm interpolant of the first n points, for n = 1 … N: (N,) or (N, outputs).

        |f|² = yᵀ K⁻¹ y = |L⁻¹ y|², a running sum: the norm can only grow as points are added.

        >>> NestedSolver(np.eye(2), [3.0, 4.0]).norms()
        array([3., 5.])
        """
        return np.sqrt(np.cumsum(self._half**2, axis=0))
