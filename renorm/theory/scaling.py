"""Scaling laws: how power laws in the data become power laws in the learning curve, and where each of them holds.

Spectrum s_k = k^-alpha (alpha > 1: its decay, called capacity in inverse problems; few modes count when it is large),
target w_k^2 s_k ~ k^-(1 + 2 alpha r) (source r > 0), and everything follows from the resolution kappa, below which
nothing is learned. In infinite dimension, without ridge,

    kappa = (C / n)^alpha,    C = (pi / alpha) / sin(pi / alpha),

and with a ridge kappa ~ max(lambda, n^-alpha): the coarser resolution wins. Write r' = min(r, 1); the bias cannot fall
faster than kappa^2, however smooth the target. The rates of the excess risk are then

    in the samples, no noise, no ridge     n^-(2 alpha r')               data_exponent
    in the ridge, n = inf                  lambda^(2 r')                 ridge_exponent
    in the width, n = inf                  N^-(2 alpha min(r, 1/2))      width_exponent; r' when ensembles are averaged
    of the noise, at lambda ~ n^-l         n^-(1 - l/alpha) for l < alpha; sigma^2 (alpha - 1) for l > alpha, less
                                           at equality: noise_exponent, noise_plateau
    at the best ridge, with noise          n^-(2 alpha r' / (1 + 2 alpha r'))    optimal_exponent

At r = 1 and r = 1/2, where two terms meet, there are logarithms, and at finite d all of it ends where kappa reaches the
smallest eigenvalue. Cui, Loureiro, Krzakala, Zdeborova (arXiv 2105.15004) for ridge regression; Atanasov,
Zavatone-Veth, Pehlevan (arXiv 2405.00592) for random features; constants and compute-optimal rates derived here. All
are compared with the exact theory in tests/test_scaling.py. Tools to measure exponents and slopes are in
``renorm.theory.scaling_fits`` and can be imported from here.
"""

import math

import numpy as np

from renorm._numerics import validate

__all__ = [
    "bias_exponent",
    "compute_exponent",
    "compute_width_growth",
    "crossover_kappa",
    "data_exponent",
    "ensemble_width_exponent",
    "feature_variance_exponent",
    "noise_exponent",
    "noise_plateau",
    "optimal_decay",
    "optimal_exponent",
    "ridge_crossover",
    "ridge_exponent",
    "ridgeless_kappa",
    "truncation_limit",
    "width_exponent",
]

# ---- exponents: the excess risk falls like (samples, width, 1/ridge, compute) ^ -exponent --------------------------


def data_exponent(capacity, source) -> np.ndarray:
    """2 alpha min(r, 1): the rate in n without noise and ridge, at infinite width.

    >>> data_exponent(1.5, [0.25, 0.5, 3.0])
    array([0.75, 1.5 , 3.  ])
    """
    return 2 * _capacity(capacity) * np.minimum(_source(source), 1.0)


def ridge_exponent(source) -> np.ndarray:
    """2 min(r, 1): the excess risk at n = inf is of the order of lambda to this power.

    >>> ridge_exponent([0.25, 3.0])
    array([0.5, 2. ])
    """
    return 2 * np.minimum(_source(source), 1.0)


def width_exponent(capacity, source) -> np.ndarray:
    """2 alpha min(r, 1/2): the rate in the number of random features at n = inf, for one draw of them.

    It stops improving at r = 1/2, not 1: beyond, what is missed is not the average predictor's bias but the variance
    over draws of the features.

    >>> width_exponent(1.5, [0.25, 0.5, 3.0])
    array([0.75, 1.5 , 1.5 ])
    """
    return 2 * _capacity(capacity) * np.minimum(_source(source), 0.5)


def ensemble_width_exponent(capacity, source) -> np.ndarray:
    """2 alpha min(r, 1): the rate in the width at n = inf when predictors are averaged over many draws of features.

    >>> ensemble_width_exponent(1.5, [0.25, 0.5, 3.0])
    array([0.75, 1.5 , 3.  ])
    """
    return data_exponent(capacity, source)


def feature_variance_exponent(capacity, source) -> np.ndarray:
    """2 alpha min(r, 1/2) - 1: at n much below the width N, without ridge, variance_features ~ n^-this / N.

    Negative for r < 1 / (2 alpha): there, more data let the random features matter more.

    >>> feature_variance_exponent(1.5, [0.25, 0.5, 3.0])
    array([-0.25,  0.5 ,  0.5 ])
    """
    return width_exponent(capacity, source) - 1


def bias_exponent(capacity, source, decay) -> np.ndarray:
    """2 min(l, alpha) min(r, 1): the rate of the bias in n along lambda ~ n^-decay; decay l >= 0, or inf for no ridge.

    >>> bias_exponent(1.5, 0.5, [0.0, 1.0, 1.5, np.inf])
    array([0. , 1. , 1.5, 1.5])
    """
    return 2 * np.minimum(_decay(decay), _capacity(capacity)) * np.minimum(_source(source), 1.0)


def noise_exponent(capacity, decay) -> np.ndarray:
    """1 - l/alpha, not below 0: the rate in n of what label noise costs along lambda ~ n^-decay; decay l >= 0 or inf.

    >>> noise_exponent(1.5, [0.0, 0.75, 1.5, np.inf])
    array([1. , 0.5, 0. , 0. ])
    """
    return np.maximum(1 - _decay(decay) / _capacity(capacity), 0.0)


def noise_plateau(capacity, pull=0.0) -> np.ndarray:
    """What interpolating label noise costs for every n, in units of sigma^2, along ridge = pull n^-alpha; broadcast.

    alpha - 1 without a ridge (pull = 0), and for every ridge that falls faster than n^-alpha. On the border it is less:
    gamma = (1 - 1/alpha)(1 - pull / x), x = ``crossover_kappa``, and the cost is gamma / (1 - gamma). In infinite
    dimension, for n -> inf; neither benign (0) nor catastrophic (infinite). Derived here.

    >>> noise_plateau(1.5), noise_plateau(1.5, pull=1.0).round(3)
    (np.float64(0.5), np.float64(0.368))
    """
    capacity, pull = _capacity(capacity), validate.non_negative("pull", pull)
    spent = 1 - pull / crossover_kappa(pull, capacity)  # df1 / n
    return ((capacity - 1) * spent / (capacity - (capacity - 1) * spent))[()]


def optimal_decay(capacity, source) -> np.ndarray:
    """alpha / (1 + 2 alpha min(r, 1)): with noise, the best ridge falls like n to the minus this.

    Also the border between two kinds of learning curve: along lambda ~ n^-l with l above it, noise dominates the excess
    at large n; with l below it, bias does.

    >>> optimal_decay(1.5, 0.5)
    np.float64(0.6)
    """
    return _capacity(capacity) / (1 + data_exponent(capacity, source))


def optimal_exponent(capacity, source) -> np.ndarray:
    """2 alpha r' / (1 + 2 alpha r'), r' = min(r, 1): the rate in n at the best ridge, with noise.

    >>> optimal_exponent(2.0, [0.25, 1.0])
    array([0.5, 0.8])
    """
    return 1 / (1 + 1 / data_exponent(capacity, source))


def compute_width_growth(capacity, source) -> np.ndarray:
    """beta: without noise and with compute C = n N, the best number N of random features grows like n^beta.

    1 for r <= 1/2 or alpha >= 2; else 1 + alpha (2 r' - 1) with r' = min(r, 1). Derived with ``compute_exponent``.

    >>> compute_width_growth(1.5, [0.25, 0.75, 3.0])
    array([1.  , 1.75, 2.5 ])
    """
    capacity, source = np.broadcast_arrays(_capacity(capacity), _source(source))
    return np.where(capacity < 2, 1 + capacity * np.maximum(2 * np.minimum(source, 1.0) - 1, 0.0), 1.0)[()]


def compute_exponent(capacity, source) -> np.ndarray:
    """The rate in compute C = n N of the best excess risk, without noise, over all ways to divide C.

    For N = n^beta, beta >= 1, the excess is of the order of n^-(2 alpha r') + n^-(2 alpha min(r, 1/2) - 1) / N, bias
    and feature variance; for N < n it is of the order of N^-(2 alpha min(r, 1/2)), which is never better. The best
    beta gives alpha r for r <= 1/2, and beyond alpha / 2 or 2 alpha r' / (2 + alpha (2 r' - 1)), the larger of them.
    Near n = N this needs a small ridge. Derived here. (One pass over the data costs about n N operations.)

    >>> compute_exponent(1.5, [0.25, 0.75, 3.0]).round(3)
    array([0.375, 0.818, 0.857])
    """
    growth = compute_width_growth(capacity, source)
    features = feature_variance_exponent(capacity, source) + growth
    return np.minimum(data_exponent(capacity, source), features) / (1 + growth)


# ---- where one regime ends and the next begins ----------------------------------------------------------------------


def ridgeless_kappa(n, capacity) -> np.ndarray:
    """(C / (n + 1/2))^alpha: kappa without ridge for s_k = k^-alpha in infinite dimension.

    C = (pi / alpha) / sin(pi / alpha). From df1(kappa) = n, with the sum over modes k = 1, 2, ... an integral from 0
    less half its first value (Euler-Maclaurin), for n well above 1. Derived here.

    >>> from renorm import renormalized_ridge
    >>> round(float(ridgeless_kappa(100, 4.0) / renormalized_ridge(np.arange(1.0, 1e4) ** -4, n=100, ridge=0.0)), 4)
    1.0
    """
    return (_constant(capacity) / (validate.positive("n", n) + 0.5)) ** _capacity(capacity)


def crossover_kappa(pull, capacity) -> np.ndarray:
    """x = kappa n^alpha along ridge = pull n^-alpha: x = C x^(1 - 1/alpha) + pull, in infinite dimension; broadcast.

    So kappa depends on n and the ridge through pull = ridge n^alpha alone, but for the unit n^-alpha. x = C^alpha at
    pull = 0 (``ridgeless_kappa``), x = pull where that is large. Relative corrections are of the order of 1/n. Newton's
    method from above, where it cannot miss: the equation is convex. Derived here.

    >>> crossover_kappa([0.0, 1.0, 100.0], 2.0).round(3)
    array([  2.467,   4.231, 116.99 ])
    """
    pull, capacity = np.broadcast_arrays(validate.non_negative("pull", pull), _capacity(capacity))
    constant = _constant(capacity)
    x = (constant + pull ** (1 / capacity)) ** capacity
    for _ in range(60):
        slope = 1 - constant * (1 - 1 / capacity) * x ** (-1 / capacity)
        x = x - (x - constant * x ** (1 - 1 / capacity) - pull) / slope
    return x[()]


def ridge_crossover(ridge, capacity) -> np.ndarray:
    """n = C ridge^(-1/alpha) - 1/2, where ``ridgeless_kappa`` is the ridge: below it samples limit, above it the ridge.

    >>> ridge_crossover(ridgeless_kappa(100.0, 2.0), 2.0).round(9)
    np.float64(100.0)
    """
    return _constant(capacity) * validate.positive("ridge", ridge) ** (-1 / _capacity(capacity)) - 0.5


def truncation_limit(d, capacity, tolerance=0.1) -> np.ndarray:
    """The n up to which d modes are as good as infinitely many: ridgeless kappa lower by less than ``tolerance``.

    The missing modes k > d would have been a ridge of d^(1 - alpha) / ((alpha - 1) n), which moves kappa by alpha times
    as much. To leading order n = d (tolerance (alpha - 1) C^alpha / alpha)^(1 / (alpha - 1)): a small fraction of d
    for alpha near 1. Derived here.

    >>> truncation_limit(10_000, [1.5, 2.0]).round()
    array([ 157., 1234.])
    """
    capacity, tolerance = _capacity(capacity), validate.in_interval("tolerance", tolerance, 0, 1)
    shift = tolerance * (capacity - 1) * _constant(capacity) ** capacity / capacity
    return validate.positive("d", d) * np.minimum(shift ** (1 / (capacity - 1)), 1.0)


# ---- checks of arguments --------------------------------------------------------------------------------------------


def _capacity(capacity) -> np.ndarray:
    capacity = validate.real_array("capacity", capacity)
    if np.any(capacity <= 1):
        raise ValueError(f"capacity = {capacity}: must be larger than 1, or the spectrum has no finite sum")
    return capacity


def _source(source) -> np.ndarray:
    return validate.positive("source", source)


def _decay(decay) -> np.ndarray:
    array = np.asarray(decay, dtype=float)
    validate.non_negative("decay", np.where(np.isposinf(array), 0.0, array))
    return array


def _constant(capacity) -> np.ndarray:
    return math.pi / _capacity(capacity) / np.sin(math.pi / _capacity(capacity))
