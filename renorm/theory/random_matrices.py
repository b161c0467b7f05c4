"""Random matrices you can hold: spectra of sample covariances, and the renormalized ridge of one data matrix.

X has n independent rows of covariance Sigma; S = X^T X / n is the sample covariance (d x d) and X X^T / n has the same
positive eigenvalues. aspect c = d / n. Everything follows from the renormalized ridge continued to complex lambda = -z:
the Stieltjes transform of X X^T / n is 1 / kappa(-z), and its imaginary part on the real axis is pi times the density.
"""

import numpy as np

from renorm._numerics import validate
from renorm._numerics.fixed_point import Spectrum, blocks, compress
from renorm._numerics.subordination import edges, place_on_axis, subordinate

__all__ = [
    "marchenko_pastur_density",
    "marchenko_pastur_stieltjes",
    "marchenko_pastur_support",
    "measured_degrees_of_freedom",
    "measured_renormalized_ridge",
    "spectral_atom",
    "spectral_density",
    "spectral_support",
    "stieltjes_transform",
    "wishart_s_transform",
]


def marchenko_pastur_support(aspect) -> tuple[np.ndarray, np.ndarray]:
    """The edges (1 - sqrt(c))^2 and (1 + sqrt(c))^2 of the continuous part, for unit variance; shapes of ``aspect``.

    >>> marchenko_pastur_support(0.25)
    (np.float64(0.25), np.float64(2.25))
    """
    root = np.sqrt(validate.positive("aspect", aspect))
    return ((1 - root) ** 2)[()], ((1 + root) ** 2)[()]


def marchenko_pastur_density(x, aspect) -> np.ndarray:
    """Density of the continuous part, sqrt((x+ - x)(x - x-)) / (2 pi c x) between the edges and 0 outside.

    x and aspect broadcast; unit variance (for variance s: density(x / s) / s). It integrates to min(1, 1/c); the rest
    is an atom at 0. inf at x = 0 for c = 1, where it grows as 1 / sqrt(x). Marchenko and Pastur 1967.

    >>> marchenko_pastur_density([0.0, 1.0, 3.0], 0.25).round(6)
    array([0.      , 0.616404, 0.      ])
    """
    x, aspect = np.broadcast_arrays(validate.real_array("x", x), validate.positive("aspect", aspect))
    low, high = marchenko_pastur_support(aspect)
    inside = (x >= low) & (x <= high) & (x > 0)
    height = np.sqrt(np.where(inside, (high - x) * (x - low), 0.0))
    limit = np.array(np.where((x == 0) & (aspect == 1), np.inf, 0.0))
    return np.divide(height, 2 * np.pi * aspect * x, out=limit, where=inside)[()]


def marchenko_pastur_stieltjes(z, aspect) -> np.ndarray:
    """m(z) = E 1 / (t - z) over the eigenvalues t of S, the root of c z m^2 + (z + c - 1) m + 1 = 0 with m ~ -1/z.

    z complex or real, not 0; z and aspect broadcast. For real z between the edges, the limit from Im z > 0.

    >>> marchenko_pastur_stieltjes(-0.5, 0.5).real.round(6)  # kappa / (lambda (1 + kappa)), kappa = 0.7071
    np.float64(0.828427)
    """
    z, aspect = np.broadcast_arrays(_complex("z", z), validate.positive("aspect", aspect))
    low, high = marchenko_pastur_support(aspect)
    root = np.sqrt(z - low) * np.sqrt(z - high)
    linear = z + (aspect - 1)
    adds = (linear * root.conj()).real >= 0  # of the two forms of a root, the one in which nothing cancels
    plus, minus = np.where(adds, linear + root, 1), root - linear
    return np.where(adds, -2 / plus, minus / (2 * aspect * z))[()]


def stieltjes_transform(z, eigenvalues, n) -> np.ndarray:
    """m(z) = (1/d) Tr (S - z)^-1 in the limit, for population eigenvalues s: -(1/(d z)) sum kappa / (s + kappa).

    z: complex or real, not 0, any shape; eigenvalues: shape (d,); n: one number >= 1. kappa is the renormalized ridge
    at lambda = -z. For real z inside the spectrum, the limit from Im z > 0. Silverstein and Bai 1995.

    >>> bool(np.isclose(stieltjes_transform(-0.5, [1.0] * 10, n=20), marchenko_pastur_stieltjes(-0.5, 0.5)))
    True
    """
    z, spectrum, n, d, unit = _complex("z", z), *_sampled(eigenvalues, n)
    flat = z.ravel() / unit
    u, v = subordinate(spectrum, n, flat.real, np.abs(flat.imag))
    zeta = u + 1j * np.where(flat.imag < 0, -v, v)
    kappa_share = np.full(flat.size, d - spectrum.rank, dtype=complex)  # the zero eigenvalues have share 1
    for rows, columns in blocks(flat.size, spectrum.values.size):
        column = zeta[rows, None]
        kappa_share[rows] += (column / (column - spectrum.values[columns])) @ spectrum.counts[columns]
    return (-kappa_share / (d * z.ravel())).reshape(z.shape)[()]


def spectral_density(x, eigenvalues, n) -> np.ndarray:
    """Density at x of the d eigenvalues of S in the limit, for any population eigenvalues: Im m(x + i0) / pi.

    x: any shape; eigenvalues: shape (d,), zero or larger; n: one number >= 1. Continuous part only: it integrates to
    1 - ``spectral_atom(eigenvalues, n)``. Computed on the real axis itself, without smoothing. inf at x = 0 when n is
    the rank. Marchenko and Pastur 1967; Silverstein and Choi 1995; solved as in ``renorm._numerics.subordination``.

    >>> spectral_density([0.5, 1.0, 9.0], [1.0] * 50, n=200).round(6)
    array([0.842169, 0.616404, 0.      ])
    """
    x = validate.real_array("x", x)
    spectrum, n, d, unit = _sampled(eigenvalues, n)
    density = np.zeros(x.size)
    flat = x.ravel() / unit
    bulks = _support(spectrum, n)
    inside = np.any((flat[:, None] > bulks[:, 0]) & (flat[:, None] < bulks[:, 1]), axis=1)
    u, v = subordinate(spectrum, n, flat[inside], np.zeros(np.count_nonzero(inside)))
    density[inside] = n * v / (d * np.pi * (u**2 + v**2)) / unit
    density[(flat == 0) & (n == spectrum.rank)] = np.inf
    return density.reshape(x.shape)[()]


def spectral_support(eigenvalues, n) -> np.ndarray:
    """Ends of the intervals (bulks) that the positive eigenvalues of S fill in the limit; ascending, shape (bulks, 2).

    A group of population eigenvalues makes a bulk of its own when n is large enough to resolve it; where n is so large
    that rounding cannot tell its ends apart, both are the eigenvalue. Silverstein and Choi 1995: at the ends
    (1/n) sum s^2 / (s + kappa)^2 = 1, that is gamma = 1, at real kappa of either sign.

    >>> spectral_support([1.0] * 50, n=200).round(12)
    array([[0.25, 2.25]])
    """
    spectrum, n, _, unit = _sampled(eigenvalues, n)
    return _support(spectrum, n) * unit


def _support(spectrum: Spectrum, n: float) -> np.ndarray:
    ends = edges(spectrum, n)
    places = place_on_axis(spectrum, n, ends.ravel()).reshape(ends.shape)
    if n == spectrum.rank:
        places[0, 0] = 0.0
    return np.maximum(places, 0.0)


def spectral_atom(eigenvalues, n) -> float:
    """The share of zero eigenvalues of S, 1 - min(n, rank) / d.

    >>> spectral_atom([1.0, 1.0, 1.0, 0.0], n=2)
    0.5
    """
    spectrum, n, d, _ = _sampled(eigenvalues, n)
    return 1 - min(n, spectrum.rank) / d


def wishart_s_transform(df, aspect) -> np.ndarray:
    """S = 1 / (1 - c df), by which sampling multiplies the ridge: kappa = S lambda, df = df1 / d in [0, 1], c df < 1.

    The S-transform of the Marchenko-Pastur law, 1 / (1 + c t), at t = -df. df and aspect broadcast. Factors multiply:
    random features of some width bring S at aspect d / width, and E_train = E_test / S^2 with the S of the data alone.
    Voiculescu; Atanasov, Zavatone-Veth, Pehlevan 2024.

    >>> wishart_s_transform(0.5, aspect=[0.5, 1.0])
    array([1.33333333, 2.        ])
    >>> from renorm import isotropic, random_feature_risk
    >>> risk = random_feature_risk(isotropic(100, noise_variance=0.2), n=80, width=60, ridge=0.1)
    >>> data, features = wishart_s_transform(risk.df1 / 100, [100 / 80, 100 / 60])
    >>> bool(np.isclose(risk.kappa2, data * features * 0.1)), bool(np.isclose(risk.train, risk.test / data**2))
    (True, True)
    """
    df, aspect = np.broadcast_arrays(validate.in_interval("df", df, 0, 1), validate.positive("aspect", aspect))
    if np.any(aspect * df >= 1):
        raise ValueError(f"df = {df}, aspect = {aspect}: df * aspect = df1 / n must be below 1")
    return (1 / (1 - aspect * df))[()]


def measured_renormalized_ridge(X, ridge) -> np.ndarray:
    """kappa from one data matrix, without labels or Sigma: [ (1/n) Tr (X X^T / n + ridge)^-1 ]^-1.

    X: shape (n, d), one sample a row (nothing is centred); ridge >= 0, any shape, the result has it. At ridge = 0 the
    limit: 0 when the rank of X is below n. Concentrates on ``renormalized_ridge`` as n and d grow. Cost: the singular
    values of X, once. Atanasov, Zavatone-Veth, Pehlevan 2024; Jacot et al. 2020.

    >>> measured_renormalized_ridge([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]], [0.0, 1.0])
    array([2., 3.])
    """
    squares, n = _gram_spectrum(X)
    ridge = validate.non_negative("ridge", ridge)
    column = ridge[..., None]
    # n ridge / kappa = sum ridge / (e + ridge), with the n - rank zero eigenvalues giving 1 each
    if squares.size == n:
        return (n / np.sum(1 / (squares + column), axis=-1))[()]
    share = np.sum(column / (squares + column), axis=-1) + (n - squares.size)
    return (n * ridge / share)[()]


def measured_degrees_of_freedom(X, ridge) -> tuple[np.ndarray, np.ndarray]:
    """Of one data matrix: Tr S (S + ridge)^-1 and Tr S^2 (S + ridge)^-2, S = X^T X / n; shapes of ridge, sums.

    The first estimates df1(kappa): the sample at the bare ridge lets through what the population does at kappa.

    >>> measured_degrees_of_freedom([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]], 2.0)
    (np.float64(1.0), np.float64(0.5))
    """
    squares, _ = _gram_spectrum(X)
    share = squares / (squares + validate.non_negative("ridge", ridge)[..., None])
    return np.sum(share, axis=-1)[()], np.sum(share**2, axis=-1)[()]


def _gram_spectrum(X) -> tuple[np.ndarray, int]:
    """The positive eigenvalues of X X^T / n (those that rounding can tell from 0), and n."""
    X = validate.matrix("X", X)
    values = np.linalg.svd(X, compute_uv=False)
    values = values[values > max(X.shape) * np.finfo(float).eps * values[0]]
    return values**2 / len(X), len(X)


def _sampled(eigenvalues, n) -> tuple[Spectrum, float, int, float]:
    """Checked spectrum with at least one positive eigenvalue, n as a number, d, and the unit of the spectrum: the power
    of two just above its largest value, in which squares neither overflow nor vanish."""
    eigenvalues = validate.vector("eigenvalues", eigenvalues, validate.non_negative)
    n = validate.at_least("n", n, 1)
    if n.ndim != 0:
        raise ValueError(f"n = {n}: must be a single number")
    if not np.any(eigenvalues > 0):
        raise ValueError("eigenvalues = 0: at least one must be positive")
    unit = np.ldexp(1.0, min(int(np.frexp(eigenvalues.max())[1]), 1023))
    return compress(eigenvalues / unit), float(n), eigenvalues.size, unit


def _complex(name: str, value) -> np.ndarray:
    """A complex array without zeros, NaN or infinities."""
    try:
        array = np.asarray(value).astype(complex)
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {value!r}: must be complex numbers") from None
    if not np.all(np.isfinite(array)) or np.any(array == 0):
        raise ValueError(f"{name} = {value!r}: must be finite and not 0")
    return array
