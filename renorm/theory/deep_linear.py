"""Deep linear networks: f(x) = W2 W1 x is linear in x, but its training is not linear in the weights.

White inputs, target matrix S, loss (1/2) |S - W2 W1|^2 (Frobenius), gradient flow. Started small and balanced, the
singular values of W2 W1 grow one after the other, each along a logistic curve: Saxe, McClelland and Ganguli, ICLR 2014.
"""

import numpy as np

from renorm._numerics.validate import generator, integer, matrix, non_negative, positive, vector

__all__ = ["balanced_start", "mode_learning_time", "mode_strength", "two_layer_flow"]


def mode_strength(target, start, times) -> np.ndarray:
    """a(t), the strength of one mode of a two-layer linear network: the solution of da/dt = 2 a (s - a), a(0) = start.

    a(t) = s / (1 + (s / start - 1) exp(-2 s t)), the limit start / (1 + 2 start t) at s = 0. target: s >= 0;
    start > 0; times >= 0; all broadcast. Saxe, McClelland and Ganguli 2014, with time constant 1.

    >>> mode_strength(target=2.0, start=0.01, times=[0.0, 1.0, 2.0, 5.0]).round(3)
    array([0.01 , 0.431, 1.875, 2.   ])
    """
    target, start = non_negative("target", target), positive("start", start)
    times = non_negative("times", times)
    target, start, times = np.broadcast_arrays(target, start, times)
    growth = np.divide(-np.expm1(-2 * target * times), target, out=np.array(2.0 * times), where=target > 0)
    return (start / (np.exp(-2 * target * times) + start * growth))[()]


def mode_learning_time(target, start) -> np.ndarray:
    """When a mode that starts below s/2 reaches half its strength: ln(s / start - 1) / (2 s). Strong modes first.

    >>> mode_learning_time([4.0, 1.0], 0.001).round(2)
    array([1.04, 3.45])
    """
    target, start = positive("target", target), positive("start", start)
    if np.any(start >= target / 2):
        raise ValueError(f"start = {start}: must be below half the target {target}")
    return np.log(target / start - 1) / (2 * target)


def balanced_start(target, width: int, strength: float, rng) -> tuple[np.ndarray, np.ndarray]:
    """W1 (width, inputs), W2 (outputs, width) whose product has the target's singular vectors, each mode ``strength``.

    target: S (outputs, inputs). Balanced: W1 W1^T = W2^T W2. The hidden directions are drawn from ``rng``; width must
    be at least the number of modes, min(outputs, inputs). From here every mode follows ``mode_strength`` exactly.

    >>> W1, W2 = balanced_start(np.diag([3.0, 1.0]), width=5, strength=0.01, rng=0)
    >>> (W2 @ W1).round(12) + 0.0
    array([[0.01, 0.  ],
           [0.  , 0.01]])
    """
    target = matrix("target", target)
    U, _, Vt = np.linalg.svd(target, full_matrices=False)
    width = integer("width", width, len(Vt))
    hidden = np.linalg.qr(generator("rng", rng).standard_normal((width, len(Vt))))[0]
    root = np.sqrt(positive("strength", strength))
    return root * hidden @ Vt, root * U @ hidden.T


def two_layer_flow(target, W1, W2, times) -> np.ndarray:
    """W2 W1 along gradient flow of (1/2) |S - W2 W1|^2 from any start, shape (len(times), outputs, inputs).

    dW1/dt = W2^T (S - W2 W1), dW2/dt = (S - W2 W1) W1^T, by the classical fourth-order Runge-Kutta rule with steps of
    at most 0.05 over the largest rate; times must increase from zero or later. Relative error about 1e-6.

    >>> W1, W2 = balanced_start([[2.0]], width=1, strength=0.01, rng=0)
    >>> two_layer_flow([[2.0]], W1, W2, [0.0, 1.0, 2.0, 5.0]).ravel().round(3)
    array([0.01 , 0.431, 1.875, 2.   ])
    """
    target, W1, W2 = matrix("target", target), matrix("W1", W1), matrix("W2", W2)
    if W2.shape[1] != W1.shape[0] or target.shape != (W2.shape[0], W1.shape[1]):
        raise ValueError(f"target {target.shape}, W1 {W1.shape}, W2 {W2.shape}: must fit as target ~ W2 @ W1")
    times = vector("times", times, non_negative)
    if np.any(np.diff(times) < 0):
        raise ValueError(f"times = {times}: must increase")
    rate = max(np.linalg.norm(target, 2), np.linalg.norm(W1, 2) ** 2, np.linalg.norm(W2, 2) ** 2)
    now, products = 0.0, []
    for t in times:
        count = int(np.ceil((t - now) * rate / 0.05))
        for _ in range(count):
            W1, W2 = _runge_kutta(target, W1, W2, (t - now) / count)
        now = t
        products.append(W2 @ W1)
    return np.array(products)


def _runge_kutta(target, W1, W2, h: float) -> tuple[np.ndarray, np.ndarray]:
    def slope(A, B):
        missing = target - B @ A
        return B.T @ missing, missing @ A.T

    a1, b1 = slope(W1, W2)
    a2, b2 = slope(W1 + h / 2 * a1, W2 + h / 2 * b1)
    a3, b3 = slope(W1 + h / 2 * a2, W2 + h / 2 * b2)
    a4, b4 = slope(W1 + h * a3, W2 + h * b3)
    return W1 + h / 6 * (a1 + 2 * a2 + 2 * a3 + a4), W2 + h / 6 * (b1 + 2 * b2 + 2 * b3 + b4)
