"""Ridge regression with a negative penalty: what flat directions of the data allow, and sometimes ask for.

With n < rank the matrix X X^T / n has a smallest eigenvalue e > 0, and the ridge may go down to -e: the many small
directions already act as a penalty. In the theory lambda = kappa (1 - df1(kappa) / n) is a convex function of kappa
with its minimum, -e, where gamma = df2 / n = 1; the branch to the right of it (gamma < 1, kappa > 0) is the solution.
The bare ridge is negative there, the renormalized one is not. Kobak, Lomond, Sanchez 2020 (arXiv 1805.10939).

Everything here is for n < rank; with more samples than directions kappa would have to be negative too, and is refused.
"""

import numpy as np

from renorm._numerics import validate
from renorm._numerics.fixed_point import Spectrum, compress, solve, split_df1
from renorm.theory.optimal import optimal_ridge, risk_slope
from renorm.theory.population import Population, check_population
from renorm.theory.ridge import RidgeRisk, ridge_risk, risk_from_kappa

__all__ = ["least_ridge", "negative_ridge_risk", "optimal_signed_ridge", "renormalized_negative_ridge"]


def least_ridge(eigenvalues, n) -> np.ndarray:
    """The lower end of the allowed ridges: min over kappa of kappa (1 - df1(kappa) / n), for 1 <= n < rank.

    Minus the smallest eigenvalue that X X^T / n has in the limit. n may be an array, the result has its shape.
    ValueError for n >= rank.

    >>> least_ridge([1.0] * 400, n=100)  # Marchenko and Pastur: -(sqrt(d / n) - 1)^2
    np.float64(-1.0)
    """
    spectrum = compress(validate.vector("eigenvalues", eigenvalues, validate.non_negative))
    n = _fewer_than_rank(spectrum, n)
    return _bare_ridge(spectrum, n.ravel(), _edge(spectrum, n.ravel())).reshape(n.shape)[()]


def renormalized_negative_ridge(eigenvalues, n, ridge) -> np.ndarray:
    """kappa > 0 with ridge = kappa (1 - df1(kappa) / n) on the branch gamma < 1, for least_ridge < ridge <= 0.

    n and ridge broadcast; the result has their shape. Close to least_ridge kappa has half the digits that ridge has.
    ValueError for n >= rank and for ridges outside the domain.

    >>> renormalized_negative_ridge([1.0] * 400, n=100, ridge=-2 / 3).round(12)
    np.float64(2.0)
    """
    spectrum = compress(validate.vector("eigenvalues", eigenvalues, validate.non_negative))
    n, ridge = _grid(spectrum, n, ridge)
    return _kappa(spectrum, n.ravel(), ridge.ravel()).reshape(n.shape)[()]


def negative_ridge_risk(population: Population, n, ridge) -> RidgeRisk:
    """``renorm.theory.ridge.ridge_risk`` for least_ridge < ridge <= 0 and n < rank: the same fields and formulas.

    >>> from renorm import isotropic
    >>> negative_ridge_risk(isotropic(400), n=100, ridge=-2 / 3).susceptibility.round(12)
    np.float64(1.8)
    """
    spectrum = check_population(population).modes.spectrum
    n, ridge = _grid(spectrum, n, ridge)
    kappa = _kappa(spectrum, n.ravel(), ridge.ravel()).reshape(n.shape)
    return risk_from_kappa(population, n, kappa, ridge / kappa)


def optimal_signed_ridge(population: Population, n: float) -> float:
    """The ridge of either sign, above ``least_ridge``, with the least excess risk at n samples (a single number).

    Equal to ``optimal_ridge`` where nothing below 0 is better, and for n >= rank.

    >>> from renorm import spiked
    >>> optimal_signed_ridge(spiked(1000, spikes=[101.0], signal=10.0, noise_variance=1.0), n=64) < -2
    True
    """
    if np.ndim(n) != 0:
        raise ValueError(f"n = {n}: must be a single number")
    best = float(optimal_ridge(population, n))
    spectrum = population.modes.spectrum
    if n >= spectrum.rank or population.signal == 0:
        return best
    n = np.array([float(n)])
    low, high = float(_edge(spectrum, n)[0]), float(solve(spectrum, n, np.zeros(1))[0])
    kappas = low + (high - low) * np.linspace(0, 1, 201)[1:]
    bracket = _rising(population, n, kappas)
    if bracket is None:
        return best
    while bracket[1] - bracket[0] > 1e-13 * bracket[1]:
        closer = _rising(population, n, np.linspace(*bracket, 33))
        if closer is None or closer == bracket:
            break
        bracket = closer
    candidate = min(float(_bare_ridge(spectrum, n, np.array([sum(bracket) / 2]))[0]), 0.0)
    below = negative_ridge_risk(population, n[0], candidate).excess
    return candidate if np.isinf(best) or below < ridge_risk(population, n[0], best).excess else best


def _rising(population, n, kappas) -> tuple[float, float] | None:
    """The last two neighbours among ``kappas`` between which the risk stops falling and starts to rise."""
    bare_share = _bare_ridge(population.modes.spectrum, n, kappas) / kappas
    slope = risk_slope(population, float(n[0]), kappas, bare_share)
    (at,) = np.nonzero((slope[:-1] < 0) & (slope[1:] >= 0))
    return (float(kappas[at[-1]]), float(kappas[at[-1] + 1])) if at.size else None


def _fewer_than_rank(spectrum: Spectrum, n) -> np.ndarray:
    n = validate.at_least("n", n, 1)
    if np.any(n >= spectrum.rank):
        raise ValueError(f"n = {n}: a negative ridge needs n below the rank, {spectrum.rank:g}")
    return n


def _grid(spectrum: Spectrum, n, ridge) -> tuple[np.ndarray, np.ndarray]:
    n, ridge = validate.broadcast(n=_fewer_than_rank(spectrum, n), ridge=validate.real_array("ridge", ridge))
    least = _bare_ridge(spectrum, n.ravel(), _edge(spectrum, n.ravel())).reshape(n.shape)
    if np.any((ridge <= least) | (ridge > 0)):
        raise ValueError(f"ridge = {ridge}: must lie above least_ridge = {least} and not above 0")
    return n, ridge


def _bare_ridge(spectrum: Spectrum, n: np.ndarray, kappa: np.ndarray) -> np.ndarray:
    """lambda = kappa (n - df1) / n."""
    split = split_df1(spectrum, kappa)
    return kappa * (((n - split.above) + split.rest) / n)


def _edge(spectrum: Spectrum, n: np.ndarray) -> np.ndarray:
    """kappa with df2(kappa) = n, by cutting a bracket in halves (lambda is flat there, 1e-9 in kappa is plenty)."""
    low = np.log(spectrum.values[0]) + np.log(np.expm1(np.log(spectrum.rank / n) / 2))  # df2 >= rank at s_min alone
    high = np.log(solve(spectrum, n, np.zeros(n.size)))  # df2 < df1 = n
    while np.any(high - low > 1e-9):
        middle = (low + high) / 2
        split = split_df1(spectrum, np.exp(middle))
        beyond = (n - split.above) + split.rest + split.slope > 0  # n (1 - gamma)
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    return np.exp((low + high) / 2)


def _kappa(spectrum: Spectrum, n: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """Newton's method on the convex lambda(kappa) from the right, where it converges from every start, one way."""
    kappa = solve(spectrum, n, np.zeros(n.size))
    for _ in range(200):
        split = split_df1(spectrum, kappa)
        above = (n - split.above) + split.rest
        step = (kappa * (above / n) - ridge) * n / np.maximum(above + split.slope, 1e-300)
        kappa = kappa - np.clip(step, 0, kappa / 2)
        if np.all(step <= 1e-15 * kappa):
            break
    return kappa
