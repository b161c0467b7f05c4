"""Bounds on the test error, with every constant: from fitted coin flips, norms, margins and the stability of ridge.

Rademacher complexities are of a class on given inputs X, shape (n, d); ``signs`` holds coin flips +1 / -1 in columns.
"""

from functools import cache
from math import erfc, sqrt

import numpy as np

from renorm._numerics.validate import in_interval, integer, integers, matrix, non_negative, positive, same_length

__all__ = [
    "ball_complexity",
    "ball_fit",
    "interpolation_bound",
    "margin_bound",
    "pac_bayes_bound",
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

    Inputs in general position. n, d broadcast. Derived here: :math:`\mathbb E\|\Pi\sigma\|^2 = \operatorname{rank} X`.

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
    (y_i-f_{\setminus i}(x_i))\,(n\lambda+\sum_j k_j k_j^\top)^{-1}k_i`. Bousquet and Elisseeff, JMLR 2 (2002), section
    5.2, assume that outputs stay in the range of the labels; then the bracket, 101 at R = 1, λ = 10⁻⁴, is at most 2.
    Nothing in it depends on the labels but their bound. n, ridge, radius, label_bound broadcast.

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


@cache
def _gaussian_tail() -> tuple[np.ndarray, np.ndarray]:
    """P(N(0, 1) > x) on a grid; between its points straight lines are 3e-8 off at most."""
    x = np.linspace(-10, 10, 20001)
    return x, np.array([erfc(value / sqrt(2)) / 2 for value in x])


def _largest_allowed(error, budget) -> np.ndarray:
    """The largest q with kl(error, q) <= budget, by bisection; kl(p, q) = p ln(p/q) + (1-p) ln((1-p)/(1-q))."""
    error, budget = np.broadcast_arrays(error, budget)
    low, high = error.astype(float), np.ones(error.shape)
    for _ in range(50):
        q = (low + high) / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            wrong, right = error * np.log(error / q), (1 - error) * np.log((1 - error) / (1 - q))
        above = np.nan_to_num(wrong) + np.nan_to_num(right) > budget
        low, high = np.where(above, low, q), np.where(above, q, high)
    return high


def pac_bayes_bound(margins, failure=0.05, scales=13) -> np.ndarray:
    r"""Upper bound on the test error of a linear or kernel classifier, from its margins alone (PAC-Bayes).

    .. math:: \Pr[yf(x)\le0]\le2g,\qquad \mathrm{kl}(\hat g\,\|\,g)\le\frac1n\Big(\frac{\mu^2}2
              +\ln\frac{2\sqrt n}\delta\Big),\qquad \hat g=\frac1n\sum_i\Phi(-\mu m_i)

    with probability at least 1 - δ over n >= 8 samples. Prior: weights N(0, 1), independent; posterior: the same around
    μ w/|w|, at a Kullback-Leibler distance of μ²/2. ĝ is its mean training error, g its mean test error, and where w
    errs at least half of the posterior errs with it, hence the 2. The inequality holds for all μ at once; the least
    over ``scales`` values μ = 1, √2, 2, ... is returned. Sources: Langford and Shawe-Taylor, NIPS 15 (2002); 2√n:
    Maurer, cs/0411099.

    margins : (n, ...), m_i = y_i f(x_i) / (‖f‖ ‖x_i‖), between -1 and 1.  Returns (...).

    >>> round(float(pac_bayes_bound(np.full(1600, 0.3))), 3)
    0.091
    """
    margins = in_interval("margins", margins, -1, 1)
    if margins.ndim == 0 or len(margins) < 8:
        raise ValueError(f"margins has shape {margins.shape}: must hold at least 8 samples along its first axis")
    failure, scales = float(in_interval("failure", failure, 1e-12, 1)), integer("scales", scales)
    n, mu = len(margins), np.sqrt(2.0) ** np.arange(scales)
    mean_error = np.array([np.interp(scale * margins, *_gaussian_tail()).mean(axis=0) for scale in mu])
    budget = (mu**2 / 2 + np.log(2 * np.sqrt(n) / failure)) / n
    return 2 * _largest_allowed(mean_error, budget.reshape(-1, *[1] * (margins.ndim - 1))).min(axis=0)


def interpolation_bound(norm, n, tail_trace, tail_top, split=0, tail_signal=0.0, failure=0.05, grid=1.05) -> np.ndarray:
    r"""Upper bound on the mean squared test error of *every* linear function of that norm that fits its sample exactly.

    .. math:: \mathbb E(y-w\cdot x)^2\;\le\;\left(\frac{B\big(\sqrt{\operatorname{Tr}\Sigma_2}+t\sqrt{\|\Sigma_2\|}\big)
              +t\,\|w_*\|_{\Sigma_2}}{\sqrt n-\sqrt{k+2}-t}\right)^2,\qquad t=\sqrt{2\ln(6/\delta_B)}

    for Gaussian inputs and y = w_*·x + Gaussian noise, with probability at least 1 - δ. Σ₂: the covariance without k
    = ``split`` of its eigenvectors, chosen before the data; its trace and largest eigenvalue are ``tail_trace`` and
    ``tail_top``; ``tail_signal`` is |w_*|² in Σ₂. B is ``norm`` rounded up to a power m of ``grid``, each of which
    has δ_B = (2/3) δ / ((|m|+1)(|m|+2)). The main term is B² Tr Σ₂ / n: the norm enters, the number of weights doesn't.
    Source: Koehler, Zhou, Sutherland and Srebro (NeurIPS 2021), Theorem 1, from Gordon's comparison of Gaussian
    processes. These constants are derived here: the least singular value of an n × (k+2) Gaussian matrix is at least
    √n - √(k+2) - t, the longest shadow of the ball at most the numerator, each but for probability e^(-t²/2).

    All arguments but ``failure`` and ``grid`` broadcast. Returns inf where n is too small to say anything.

    >>> round(float(interpolation_bound(norm=20.0, n=2000, tail_trace=1.0, tail_top=1e-5, split=10)), 3)
    0.337
    """
    norm, n, split = positive("norm", norm), integers("n", n), integers("split", split, 0)
    trace, top = positive("tail_trace", tail_trace), positive("tail_top", tail_top)
    signal = non_negative("tail_signal", tail_signal)
    failure, grid = float(in_interval("failure", failure, 1e-12, 1)), float(positive("grid", grid))
    if grid <= 1:
        raise ValueError(f"grid = {grid}: must be above 1")
    m = np.ceil(np.log(norm) / np.log(grid) - 1e-9)
    t = np.sqrt(2 * np.log(9 * (np.abs(m) + 1) * (np.abs(m) + 2) / failure))
    shadow = grid**m * (np.sqrt(trace) + t * np.sqrt(top)) + t * np.sqrt(signal)
    room = np.sqrt(n) - np.sqrt(split + 2.0) - t
    return np.where(room > 0, (shadow / np.where(room > 0, room, 1)) ** 2, np.inf)[()]
