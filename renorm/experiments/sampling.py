"""Data drawn from a population: Gaussian, or with other entries or rows of the same covariance.

Theory in this book uses only the covariance of the data. Rows with independent entries of another shape obey it too
(universality, tested by "rademacher", "uniform" and "student"); rows with a common random length do not
("student rows"): their samples differ in size, which no covariance can tell.
"""

import numpy as np

from renorm._numerics import validate
from renorm.theory.population import Population, check_population

__all__ = ["DISTRIBUTIONS", "check_distribution", "sample"]

DISTRIBUTIONS = ("gaussian", "rademacher", "uniform", "student", "student rows")


def sample(
    population: Population, n: int, rng, distribution: str = "gaussian", dof: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """n labelled samples: X (n, d) and y (n,) with x_k = sqrt(s_k) z_k and y = X w + sigma e.

    Every entry of z has mean 0 and variance 1 and is uncorrelated with the others, so the rows have covariance diag(s)
    exactly; e is standard normal. ``rng``: a ``numpy.random.Generator``, or a seed. ``distribution`` of z:

    "gaussian"      standard normal
    "rademacher"    +1 or -1, independent
    "uniform"       uniform between -sqrt(3) and sqrt(3), independent
    "student"       Student's t with ``dof`` > 2 degrees of freedom (5 if None), independent entries with heavy tails
    "student rows"  standard normal times one random length a row (multivariate t): uncorrelated, not independent

    Raises ``ValueError`` for an unknown distribution, n < 1, ``dof`` at most 2 or given to a distribution without.

    >>> from renorm import isotropic
    >>> X, y = sample(isotropic(3, signal=3.0), n=2, rng=1, distribution="rademacher")
    >>> X
    array([[-1.,  1.,  1.],
           [ 1., -1., -1.]])
    >>> y
    array([ 1., -1.])
    """
    dof = check_distribution(population, distribution, dof)
    n = validate.integer("n", n)
    rng = validate.generator("rng", rng)
    X = _standard(rng, (n, population.dimension), distribution, dof) * np.sqrt(population.eigenvalues)
    noise = rng.standard_normal(n)
    return X, X @ population.coefficients + np.sqrt(population.noise_variance) * noise


def check_distribution(population, distribution, dof) -> float | None:
    """The degrees of freedom of Student's t, None for other distributions; ``ValueError`` for what cannot be drawn."""
    check_population(population)
    validate.one_of("distribution", distribution, DISTRIBUTIONS)
    if not distribution.startswith("student"):
        if dof is not None:
            raise ValueError(f"dof = {dof!r}: only 'student' and 'student rows' have one, not {distribution!r}")
        return None
    dof = 5.0 if dof is None else float(validate.real_array("dof", dof))
    if not dof > 2:
        raise ValueError(f"dof = {dof!r}: must be larger than 2, else the variance is infinite")
    return dof


def _standard(rng: np.random.Generator, shape: tuple[int, int], distribution: str, dof: float | None) -> np.ndarray:
    """Entries of mean 0 and variance 1."""
    if distribution == "rademacher":
        return 2.0 * rng.integers(0, 2, shape) - 1.0
    if distribution == "uniform":
        return rng.uniform(-np.sqrt(3.0), np.sqrt(3.0), shape)
    if distribution == "student":
        return rng.standard_t(dof, shape) * np.sqrt((dof - 2) / dof)
    normal = rng.standard_normal(shape)
    if distribution == "student rows":
        normal *= np.sqrt((dof - 2) / rng.chisquare(dof, (shape[0], 1)))
    return normal
