"""The error of kernel ridge regression on new points, estimated from one training set: leave-one-out, GCV, KARE.

All three need one matrix, A = (K + n lambda)^(-1), K the Gram matrix of the n training points. With alpha = A y:

    leave-one-out residuals     y_i - f_without_i(x_i) = alpha_i / A_ii
    generalized cross-validation    (1/n) sum_i alpha_i^2 / ((1/n) Tr A)^2

The second puts the mean of the A_ii in the place of each. It is right where they hardly differ, or where their
differences are unrelated to the residuals.
"""

import numpy as np

from renorm._numerics.validate import non_negative
from renorm.theory.kernels import check_gram, well_conditioned

__all__ = ["generalized_cross_validation", "kernel_alignment_risk", "leave_one_out"]


def leave_one_out(gram, targets, ridge) -> np.ndarray:
    """What kernel ridge regression gets wrong on each training point when it is trained on all the others.

    gram     K, (n, n), symmetric and positive semidefinite; n >= 2
    targets  y, (n,) or (n, outputs); the result has this shape
    ridge    lambda >= 0, one number; the penalty n lambda stays what it is when a point is left out

    y_i - f_without_i(x_i) = alpha_i / [(K + n lambda)^(-1)]_ii, exact: (K + n lambda) a = y with its row i left out is
    the problem without point i, if a_i = 0, and then that row says what is missing. At ridge = 0 the fits are those of
    least norm, also where K is singular: there it is the limit of a vanishing ridge. Cost: one inverse, n^3.
    Allen 1974 for least squares; Golub, Heath and Wahba 1979. ValueError for other shapes, a gram that is not
    symmetric, a negative ridge or several.

    >>> K, y = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([3.0, 1.0])
    >>> leave_one_out(K, y, ridge=0.0)  # 3 - (1/2) 1 and 1 - (1/2) 3
    array([ 2.5, -0.5])
    """
    dual, diagonal, missed, missing = _inverse(*_checked(gram, targets, ridge))
    alone = missing < 1e-9  # no combination of the other points acts like this one
    diagonal, missing = np.where(alone, diagonal, 1.0), np.where(alone, 1.0, missing)
    columns = (slice(None),) + (None,) * (dual.ndim - 1)
    return np.where(alone[columns], dual / diagonal[columns], missed / missing[columns])


def generalized_cross_validation(gram, targets, ridge) -> np.ndarray:
    """The error on new points according to GCV, one number, or one for each output.

    Arguments as in ``leave_one_out``. (1/n) |y - f(X)|^2 / (1 - (1/n) Tr H)^2, H = K (K + n lambda)^(-1), which is
    (1/n) |alpha|^2 / ((1/n) Tr (K + n lambda)^(-1))^2 and so has a limit at ridge = 0. Golub, Heath and Wahba 1979.

    >>> K, y = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([3.0, 1.0])
    >>> generalized_cross_validation(K, y, ridge=0.0).round(12), np.mean(leave_one_out(K, y, 0.0) ** 2)
    (np.float64(3.25), np.float64(3.25))
    """
    dual, diagonal, missed, missing = _inverse(*_checked(gram, targets, ridge))
    if missing.sum() > 0.5:  # K has missing.sum() eigenvalues zero, and there is no ridge
        dual, diagonal = missed, missing
    return np.mean(dual**2, axis=0) / np.mean(diagonal) ** 2


def kernel_alignment_risk(gram, targets, ridge) -> np.ndarray:
    """KARE, (1/n) y' (K/n + lambda)^(-2) y / ((1/n) Tr (K/n + lambda)^(-1))^2: GCV, written as in Jacot et al. 2020.

    Needs K/n + lambda to be invertible.

    >>> K, y = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([3.0, 1.0])
    >>> kernel_alignment_risk(K, y, ridge=0.5).round(12) == generalized_cross_validation(K, y, ridge=0.5).round(12)
    np.True_
    """
    gram, targets, ridge = _checked(gram, targets, ridge)
    n = len(gram)
    shifted = gram / n + ridge * np.eye(n)
    solved = np.linalg.solve(shifted, targets)
    return np.mean(solved**2, axis=0) / (np.trace(np.linalg.inv(shifted)) / n) ** 2


def _checked(gram, targets, ridge) -> tuple[np.ndarray, np.ndarray, float]:
    gram, targets = check_gram(gram, targets)
    ridge = non_negative("ridge", ridge)
    if ridge.ndim != 0:
        raise ValueError(f"ridge has shape {ridge.shape}: must be one number")
    if len(gram) < 2:
        raise ValueError("gram has one row: must have at least two, or nothing is left")
    if not np.allclose(gram, gram.T, rtol=0, atol=1e-8 * np.abs(gram).max()):
        raise ValueError("gram is not symmetric: must equal its transpose")
    return gram, targets, float(ridge)


def _inverse(gram, targets, ridge) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """With A = (K + n lambda)^+: A y and the diagonal of A; P y and the diagonal of P, the projector on A's null space.

    P is zero but for a singular K without ridge. As the ridge vanishes (K + n lambda)^(-1) = P / (n lambda) + A + ...
    """
    n = len(gram)
    shifted = gram + n * ridge * np.eye(n)
    if well_conditioned(shifted):
        inverse = np.linalg.inv(shifted)
        return inverse @ targets, np.diag(inverse), np.zeros(targets.shape), np.zeros(n)
    s, U = np.linalg.eigh((gram + gram.T) / 2)
    s = np.where(s > n * np.finfo(float).eps * np.abs(s).max(), s, 0.0) + n * ridge
    seen, unseen = U[:, s > 0], U[:, s == 0]
    weights = seen / s[s > 0]
    return (
        weights @ (seen.T @ targets),
        np.sum(weights * seen, axis=1),
        unseen @ (unseen.T @ targets),
        np.sum(unseen**2, axis=1),
    )
