r"""Ridge regression for a whole path of penalties from one factorization of the data.

Every public function minimizes (1/n) ‖y − Xw‖² + λ ‖w‖², so scikit-learn's ``alpha`` is nλ. With g the eigenvalues
and U the eigenvectors of the smaller Gram matrix,

    n ≤ d (dual):    X Xᵀ = U g Uᵀ,   a = U (g + nλ)⁻¹ Uᵀ y,   ŵ = Xᵀ a
    n > d (primal):  Xᵀ X = U g Uᵀ,   ŵ = U (g + nλ)⁻¹ Uᵀ Xᵀ y

**Which factorization, and why.** The Gram matrix squares the condition number of the data. Its solution is therefore
refined once: the residual is formed with X itself (not with the Gram matrix) and the same factors solve for the
correction. This is the method of corrected seminormal equations (Björck, Linear Algebra Appl. 88/89 (1987) 31–48);
while the condition number c of Gram + nλ times machine precision is small, it leaves the error of an orthogonal
factorization, about √c · 10⁻¹⁶, instead of c · 10⁻¹⁶. The rule: the Gram matrix is used when
c ≤ ``GRAM_CONDITION_LIMIT`` at the smallest penalty of the path; else, that is for small penalties near n = d, for
steep spectra and for data without full rank, the singular value decomposition of X serves the whole path. Singular
values below max(n, d) · 2.2e-16 · (the largest), which are rounding, count as zero, as in ``numpy.linalg.lstsq``: at
λ = 0 the answer is the least-squares solution of minimum norm.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from renorm._numerics import validate
from renorm._numerics.products import gram, product

__all__ = ["GRAM_CONDITION_LIMIT", "RidgeFits", "centred", "ridge_fits", "ridge_path"]

GRAM_CONDITION_LIMIT = 1e8
_EPS = np.finfo(np.float64).eps


@dataclass(frozen=True)
class RidgeFits:
    """Ridge regression at every penalty of a path.

    With L the shape of ``ridges``, and (k,) the further shape of ``y`` if it has columns: ``coefficients`` ŵ has
    shape L + (d,) or L + (d, k); ``residuals`` y − Xŵ has shape L + (n,) or L + (n, k), computed as
    nλ (X Xᵀ + nλ)⁻¹ y for n ≤ d, where the difference would lose every digit; ``degrees_of_freedom``, of shape L, is
    the measured Tr X(XᵀX + nλ)⁻¹Xᵀ; ``gcv``, of shape L or L + (k,), is the generalized cross-validation estimate of
    the test error, (1/n)‖y − Xŵ‖² / (1 − df/n)² (Golub, Heath & Wahba, Technometrics 21 (1979) 215–223), with its
    finite limit where λ → 0 makes it 0/0; ``factorization`` says which was used: "dual Gram", "primal Gram", "SVD".
    """

    coefficients: np.ndarray
    residuals: np.ndarray
    degrees_of_freedom: np.ndarray
    gcv: np.ndarray
    factorization: str


def centred(X, y) -> tuple[np.ndarray, np.ndarray]:
    """X and y with the mean of each column subtracted: ridge regression on these is the one with an intercept.

    ``X`` (n, d), ``y`` (n,) or (n, k). Predictions for new rows x: ``(x - X.mean(axis=0)) @ w + y.mean(axis=0)``. The
    intercept, so fitted, is not penalized. ``ValueError`` for anything but finite real arrays of matching lengths.

    >>> X, y = centred([[1.0], [2.0], [3.0]], [11.0, 12.0, 13.0])
    >>> X.ravel(), y, ridge_path(X, y, 0.0)
    (array([-1.,  0.,  1.]), array([-1.,  0.,  1.]), array([1.]))
    """
    X, y = _data(X, y)
    return X - X.mean(axis=0), y - y.mean(axis=0)


def ridge_path(X, y, ridges) -> np.ndarray:
    r"""Ridge coefficients ŵ = (XᵀX + nλ)⁻¹ Xᵀy for every penalty, from one factorization of X.

    ``X`` (n, d), ``y`` (n,) or (n, k) for k targets at once, ``ridges`` any shape L, zero or larger, per sample
    (scikit-learn's ``alpha`` is nλ). Returns L + (d,) or L + (d, k): (len(ridges), d) for a list of penalties. A
    ridge of zero gives the minimum-norm solution, the limit λ → 0. No intercept is fitted: see ``centred``. Where even
    the smallest penalty leaves residuals whose mean is larger than their spread, a ``UserWarning`` says so.

    Cost: one eigendecomposition of size min(n, d), or one SVD; each further penalty costs O(n d). Accuracy and choice
    of factorization: the text at the head of this module. Raises ``ValueError`` for anything but finite real arrays
    of matching lengths and ridges ≥ 0.

    >>> X, y = [[1.0, 0.0], [0.0, 2.0]], [1.0, 1.0]
    >>> ridge_path(X, y, [0.0, 1.0])
    array([[1.        , 0.5       ],
           [0.33333333, 0.33333333]])
    """
    return ridge_fits(X, y, ridges).coefficients


def ridge_fits(X, y, ridges) -> RidgeFits:
    """What ``ridge_path`` computes, with residuals, degrees of freedom and the cross-validation estimate beside it.

    Arguments, accuracy and errors as for ``ridge_path``.

    >>> fits = ridge_fits([[1.0], [1.0]], [1.0, 3.0], 1.0)
    >>> fits.coefficients, fits.residuals, fits.degrees_of_freedom.item()
    (array([1.]), array([0., 2.]), 0.5)
    """
    X, y = _data(X, y)
    ridges = validate.non_negative("ridges", ridges)
    if ridges.size == 0:
        raise ValueError("ridges = []: must hold at least one penalty")
    n, d = X.shape
    shifts = n * ridges.ravel()
    targets = y.reshape(n, -1)

    eigenvalues, vectors = np.linalg.eigh(gram(X if n <= d else X.T))
    least = shifts.min()
    if eigenvalues[0] + least > (eigenvalues[-1] + least) / GRAM_CONDITION_LIMIT:
        solve, name = (_dual, "dual Gram") if n <= d else (_primal, "primal Gram")
        fitted = solve(X, targets, shifts, eigenvalues, vectors)
    else:
        fitted, name = _svd(X, targets, shifts), "SVD"
    coefficients, residuals, freedom, gcv = fitted
    _warn_of_a_mean(residuals[:, shifts.argmin()], targets)
    k = y.shape[1:]
    return RidgeFits(
        coefficients=_by_penalty(coefficients, ridges.shape + (d,) + k),
        residuals=_by_penalty(residuals, ridges.shape + (n,) + k),
        degrees_of_freedom=freedom.reshape(ridges.shape),
        gcv=gcv.reshape(ridges.shape + k),
        factorization=name,
    )


def _data(X, y) -> tuple[np.ndarray, np.ndarray]:
    X, y = validate.matrix("X", X), validate.real_array("y", y)
    if y.ndim not in (1, 2) or y.size == 0:
        raise ValueError(f"y has shape {y.shape}: must be (n,) or (n, k), and not empty")
    validate.same_length(X=X, y=y)
    return X, y


def _warn_of_a_mean(residuals, targets, least: int = 40) -> None:
    """Residuals (n, k) that share an offset are missing an intercept: their mean is larger than their spread.

    Without an offset the mean is of the order of spread / √n. From n = 40 on it reaches the spread by chance in one fit
    of five million (Student's t above 6.3). What is rounding, next to the targets, does not count.
    """
    if len(residuals) < least:
        return
    mean, spread = np.abs(residuals.mean(axis=0)), residuals.std(axis=0)
    rounding = 1e-9 * np.sqrt(np.mean(targets**2, axis=0))
    if np.any(mean > np.maximum(spread, rounding)):
        worst = np.argmax(mean - spread)
        words = f"the residuals have mean {mean[worst]:.3g} and spread {spread[worst]:.3g}, and no intercept is fitted"
        warnings.warn(f"{words}: subtract the means first, X, y = centred(X, y)", UserWarning, stacklevel=3)


# The three solvers return coefficients (d, L, k), residuals (n, L, k), df (L,), gcv (L, k) for shifts nλ (L,),
# targets (n, k).


def _dual(X, targets, shifts, eigenvalues, vectors):
    """n ≤ d: a = (X Xᵀ + nλ)⁻¹ y, refined once with y − X(Xᵀa) − nλ a; the residual y − Xŵ is nλ a."""
    inverse = 1.0 / (eigenvalues[:, None] + shifts)
    dual = _filter(vectors, inverse, targets[:, None, :])
    misfit = targets[:, None, :] - _times(X, _times(X.T, dual)) - shifts[:, None] * dual
    dual = dual + _filter(vectors, inverse, misfit)
    freedom = np.sum(eigenvalues[:, None] * inverse, axis=0)
    gcv = np.mean(dual**2, axis=0) / np.mean(inverse, axis=0)[:, None] ** 2
    return _times(X.T, dual), shifts[:, None] * dual, freedom, gcv


def _primal(X, targets, shifts, eigenvalues, vectors):
    """n > d: ŵ = (XᵀX + nλ)⁻¹ Xᵀy, refined once with the gradient Xᵀ(y − Xŵ) − nλ ŵ."""
    n = len(X)
    inverse = 1.0 / (eigenvalues[:, None] + shifts)
    weights = _filter(vectors, inverse, (X.T @ targets)[:, None, :])
    gradient = _times(X.T, targets[:, None, :] - _times(X, weights)) - shifts[:, None] * weights
    weights = weights + _filter(vectors, inverse, gradient)
    residuals = targets[:, None, :] - _times(X, weights)
    freedom = np.sum(eigenvalues[:, None] * inverse, axis=0)
    return weights, residuals, freedom, np.mean(residuals**2, axis=0) / (1.0 - freedom / n)[:, None] ** 2


def _svd(X, targets, shifts):
    """Any shape and any rank: with X = U s Vᵀ, ŵ = V s/(s² + nλ) Uᵀy and y − Xŵ = y − UUᵀy + U nλ/(s² + nλ) Uᵀy."""
    n, d = X.shape
    left, s, right = np.linalg.svd(X, full_matrices=False)
    s = np.where(s > max(n, d) * _EPS * s[0], s, 0.0)[:, None]
    seen = (left.T @ targets)[:, None, :]
    outside = (targets - left @ seen[:, 0])[:, None, :] if n > d else 0.0

    exact = s**2 + shifts
    alive = exact > 0  # a direction without data and without penalty keeps its residual whole
    power = np.where(alive, exact, 1.0)
    kept = np.where(alive, shifts / power, 1.0)
    # The cross-validation estimate needs the kept parts only up to a common factor; relative to the largest of the n
    # directions they stay finite where all of them vanish (λ → 0, n ≤ rank).
    relative = np.where(alive, (exact.min(axis=0) if n <= d else shifts) / power, 1.0)
    misses = _times(left, relative[:, :, None] * seen) + outside
    total = relative.sum(axis=0) + (n - len(s))

    coefficients = _times(right.T, (s / power)[:, :, None] * seen)
    residuals = _times(left, kept[:, :, None] * seen) + outside
    freedom = np.sum(s**2 / power, axis=0)
    return coefficients, residuals, freedom, n * np.sum(misses**2, axis=0) / total[:, None] ** 2


def _times(matrix, columns):
    """matrix (p, m) times columns (m, L, k): (p, L, k), as one matrix product."""
    return product(matrix, columns.reshape(len(columns), -1)).reshape(len(matrix), *columns.shape[1:])


def _filter(vectors, weights, columns):
    """U diag(weights) Uᵀ applied to columns (m, 1 or L, k), with weights (m, L)."""
    return _times(vectors, weights[:, :, None] * _times(vectors.T, columns))


def _by_penalty(columns, shape):
    """(m, L, k) -> L + (m,) + (k,), contiguous."""
    return np.ascontiguousarray(np.moveaxis(columns, 0, 1)).reshape(shape)
