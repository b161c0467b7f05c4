"""Least squares with weights that may not be negative (Lawson and Hanson 1974), for small problems."""

import numpy as np

__all__ = ["nonnegative_least_squares"]


def nonnegative_least_squares(A: np.ndarray, b: np.ndarray) -> np.ndarray:
    """x >= 0 (n,) with the least |A x - b|, for A (m, n) and b (m,).

    Columns enter one at a time, the one first along which the misfit falls fastest, and leave when their weight would
    turn negative. At the end A'(A x - b) is zero where x > 0 and not negative where x = 0, which is what makes x best.

    >>> nonnegative_least_squares(np.eye(2), np.array([3.0, -1.0]))
    array([3., 0.])
    """
    x, used = np.zeros(A.shape[1]), np.zeros(A.shape[1], dtype=bool)
    slack = 1e-12 * np.linalg.norm(b) * np.linalg.norm(A, axis=0)
    for _ in range(10 * x.size):
        gain = np.where(used, -np.inf, A.T @ (b - A @ x) - slack)
        if gain.max() <= 0:
            break
        used[np.argmax(gain)] = True
        while used.any():
            proposed = np.zeros(x.size)
            proposed[used] = np.linalg.lstsq(A[:, used], b, rcond=None)[0]
            leaving = used & (proposed <= 0)
            if not leaving.any():
                break
            step = np.min(x[leaving] / (x[leaving] - proposed[leaving]))
            x = x + step * (proposed - x)
            used &= x > 1e-14 * x.max(initial=0.0)
            x[~used] = 0
        x = np.where(used, proposed, 0.0)
    return x
