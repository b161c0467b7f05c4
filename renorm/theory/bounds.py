"""Classical bounds on the test error, with every constant: how well a class fits coin flips, and how stable ridge is.

Rademacher complexities are of a class on given inputs X, shape (n, d); ``signs`` holds coin flips +1 / -1 in columns.
"""

import numpy as np

from renorm._numerics.validate import in_interval, integer, integers, matrix, non_negative, positive, same_length

__all__ = [
    "ball_complexity",
    "ball_fit",
    "margin_bound",
    "ridge_stability",
    "separable_fraction",
    "span_complexity",
    "span_fit",
]


def _coins(X, signs) -> tuple[np.ndarray, np.ndarray]:
    X, signs = matrix("X", X), matrix("signs", signs)
    same_length(X=X, signs=signs)
    if not np.all(np.abs(signs) == 1):
        raise ValueError("signs: must hold only +1 and -1")
    return X, signs


def span_fit(X, signs) -> np.ndarray:
    r"""How well unrestricted linear functions fit each column of coin flips.

    .. math:: \sup_h \frac1n\sum_i\sigma_i h(x_i) = \|\Pi\sigma\|/\sqrt n

    over linear h whose root mean square on the sample is at most 1; Π projects onto the column space of X. The mean
    over coin flips is the empirical Rademacher complexity of that class. Derived here (Cauchy-Schwarz).

    X : (n, d).  signs : (n, draws).  Returns (draws,).

    >>> span_fit([[1.0, 0.0], [0.0, 1.0]], [[1], [-1]]).round(12)
    array([1.])
    """
    X, signs = _coins(X, signs)
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    U = U[:, s > s[0] * max(X.shape) * np.finfo(float).eps]
    return np.sqrt(np.sum((U.T @ signs) ** 2, axis=0) / len(X))


def span_complexity(n, d) -> np.ndarray:
    r"""The same, averaged over coin flips: :math:`\sqrt{\min(d, n)/n}`, an upper bound (Jensen), exact from d = n on.

    Inputs in general position. n, d broadcast. Derived here: :math:`\E\|\Pi\sigma\|^2 = \operatorname{rank} X`.

    >>> span_complexity(100, [25, 100, 400]).tolist()
    [0.5, 1.0, 1.0]
    """
    n, d = integers("n", n), integers("d", d)
    return np.sqrt(np.minimum(d, n) / n)


def ball_fit(X, signs, norm) -> np.ndarray:
    r"""How well linear functions of weight norm at most ``norm`` fit each column of coin flips.

    .. math:: \sup_{\|w\|\le B} \frac1n\sum_i\sigma_i\, w\cdot x_i = \frac Bn\,\|X^\top\sigma\|

    X : (n, d).  signs : (n, draws).  norm : B, a number.  Returns (draws,). Derived here (Cauchy-Schwarz).

    >>> ball_fit([[1.0, 0.0], [0.0, 1.0]], [[1], [-1]], norm=2).round(12)
    array([1.41421356])
    """
    X, signs = _coins(X, signs)
    return float(positive("norm", norm)) * np.linalg.norm(X.T @ signs, axis=0) / len(X)


def ball_complexity(n, norm, radius=1.0) -> np.ndarray:
    r"""Rademacher complexity of a norm ball, inputs of root mean square length R: at most :math:`BR/\sqrt n`.

    :math:`\frac Bn\sqrt{\sum_i\|x_i\|^2}` by Jensen's inequality. The dimension does not appear. For a kernel, norm is
    the RKHS norm and R² the mean of k(x, x). Source: Bartlett and Mendelson, JMLR 3 (2002) 463-482; derived here in
    one line from ``ball_fit``. n, norm, radius broadcast.

    >>> float(ball_complexity(100, norm=5))
    0.5
    """
    return positive("norm", norm) * positive("radius", radius) / np.sqrt(integers("n", n))


def margin_bound(ramp, norm, n, radius=1.0, failure=0.05, grid=1.05) -> np.ndarray:
    r"""Upper bound on the test error of a linear or kernel classifier, from its norm and its margins on the sample.

    .. math:: \Pr[y f(x)\le0]\;\le\;\underbrace{\frac1n\sum_i\min(1,\max(0,1-y_if(x_i)))}_{\text{ramp}}
              +\frac{2BR}{\sqrt n}+\sqrt{\frac{\ln(k(k+1)/\delta)}{2n}}

    with probability at least 1 - δ over the sample, for every f at once. B is ``norm`` rounded up to the next power of
    ``grid`` (the k-th, from ``grid``¹), which pays for looking at the norm first. R bounds the length of every input.
    Source: Mohri, Rostamizadeh, Talwalkar, Foundations of Machine Learning, 2nd ed. (2018), chapter 5 (margin theory),
    with margin 1; the union over the powers is derived here.

    ramp, norm, n broadcast.  failure : δ.  Returns the bound; above 1/2 it says nothing about balanced classes.

    >>> round(float(margin_bound(ramp=0.03, norm=5.0, n=1600)), 3)
    0.336
    """
    ramp, norm = in_interval("ramp", ramp, 0, 1), positive("norm", norm)
    n, radius = integers("n", n), positive("radius", radius)
    failure, grid = float(in_interval("failure", failure, 1e-12, 1)), float(positive("grid", grid))
    if grid <= 1:
        raise ValueError(f"grid = {grid}: must be above 1")
    k = np.maximum(1, np.ceil(np.log(norm) / np.log(grid) - 1e-9))
    return ramp + 2 * grid**k * radius / np.sqrt(n) + np.sqrt(np.log(k * (k + 1) / failure) / (2 * n))


def ridge_stability(n, ridge, radius=1.0, label_bound=1.0) -> np.ndarray:
    r"""Uniform stability of ridge regression: the most that one prediction can move when one sample is left out.

    .. math:: |f(x)-f_{\setminus i}(x)|\;\le\;\frac{R^2M}{n\lambda}\Big(1+\frac R{\sqrt\lambda}\Big)

    for all samples with ``|y|`` at most M and inputs of length at most R (kernels: R² bounds k(x, x)); the sum form
    nλ of the penalty is kept while the sample leaves. Derived here: :math:`f-f_{\setminus i}=
    (y_i-f_{\setminus i}(x_i))\,(n\lambda+\sum_j k_j k_j^\top)^{-1}k_i`; same order as Bousquet and Elisseeff, JMLR 2
    (2002), section 5.2. Nothing in it depends on the labels but their bound. n, ridge, radius, label_bound broadcast.

    >>> float(ridge_stability(n=100, ridge=1.0))
    0.02
    """
    n, ridge = integers("n", n), positive("ridge", ridge)
    radius, label_bound = positive("radius", radius), non_negative("label_bound", label_bound)
    return radius**2 * label_bound / (n * ridge) * (1 + radius / np.sqrt(ridge))


def separable_fraction(n: int, d: int) -> float:
    r"""The fraction of the 2ⁿ labellings of n points in general position in R^d that some w fits: sign(w·x_i) = y_i.

    .. math:: 2^{1-n}\sum_{k<d}\binom{n-1}{k}

    Source: Cover, IEEE Trans. Electronic Computers EC-14 (1965) 326-334, function-counting theorem.
    Exact integers; n up to 100,000, which takes a second.

    >>> separable_fraction(10, 10), separable_fraction(20, 10)
    (1.0, 0.5)
    """
    n, d = integer("n", n, most=100_000), integer("d", d)
    total = term = 1  # the binomial coefficient of k = 0
    for k in range(1, min(d, n)):
        term = term * (n - k) // k
        total += term
    return total / 2 ** (n - 1)
