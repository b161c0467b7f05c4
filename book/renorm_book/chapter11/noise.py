"""What exactly fitted noise costs on new inputs: measured, with the mean over the noise taken exactly.

A ridge regression answers at a new x with a weighted sum of the labels, f(x) = a(x) . y. Labels of pure noise of
variance one therefore cost E_x |a(x)|^2, whatever the noise was; only the inputs have to be drawn. Every world here has
inputs of mean squared length one, so that penalties mean the same in all of them.
"""

from dataclasses import dataclass

import numpy as np

from renorm import Population

__all__ = [
    "WORLDS",
    "World",
    "flat_tail_costs",
    "kernel_costs",
    "kernel_errors",
    "mean_and_error",
    "negative_ridge_errors",
    "on_sphere",
    "pool_costs",
    "simulated_costs",
    "strong_and_weak",
]


@dataclass(frozen=True)
class World:
    """A spectrum whose variances sum to one.

    eigenvalues  the modes that are drawn one by one
    weak, bulk   so many more modes of this variance each
    tail         the sum of all others, too weak to be drawn: they act as a penalty tail/n
    """

    name: str
    eigenvalues: np.ndarray
    weak: int = 0
    bulk: float = 0.0
    tail: float = 0.0

    @property
    def population(self) -> Population:
        """The modes with a target of zero and noise of variance one."""
        eigenvalues = np.r_[self.eigenvalues, np.full(self.weak, self.bulk)]
        return Population(eigenvalues, np.zeros(eigenvalues.size), 1.0)


def _endless(name, eigenvalues, tail=0.0) -> World:
    total = np.sum(eigenvalues) + tail
    return World(name, eigenvalues / total, tail=tail / total)


_K, _END = np.arange(1.0, 3001), 3000.5
WORLDS = {
    "A": World("ten strong directions, 20,000 weak ones", np.full(10, 0.05), 20_000, 0.5 / 20_000),
    "B": _endless("as 1/(k ln² k)", 1 / (_K * np.log(_K + 1) ** 2), 1 / np.log(_END + 1)),
    "C": _endless("a power law of exponent 1.5", _K**-1.5, 2 * _END**-0.5),
    "D": _endless("a power law of exponent 3", _K**-3, _END**-2 / 2),
    "E": _endless("an exponential over 20 directions", np.exp(-_K[:1000] / 20)),
}


def mean_and_error(draws) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the first axis and its standard error."""
    draws = np.asarray(draws, dtype=float)
    return draws.mean(0), draws.std(0, ddof=1) / np.sqrt(len(draws))


def simulated_costs(world: World, n: int, ridges, draws: int, rng) -> np.ndarray:
    """E_x |a(x)|^2 for Gaussian inputs, shape (draws, len(ridges)); the modes in the tail act as a penalty tail/n.

    With G = X X^T + (tail + n ridge) 1 the weights are a(x) = G^-1 X x, and E_x |a|^2 = Tr G^-1 X Sigma X^T G^-1.
    """
    s, costs = world.eigenvalues, []
    for _ in range(draws):
        X = rng.standard_normal((n, len(s))) * np.sqrt(s)
        beside = world.bulk * _wishart(n, world.weak, rng) if world.weak else np.zeros((n, n))
        values, vectors = np.linalg.eigh(X @ X.T + beside)
        # the diagonal of X Sigma X^T in the eigenbasis of X X^T
        seen = np.sum((vectors.T @ X) ** 2 * s, axis=1) + world.bulk * np.sum(vectors * (beside @ vectors), axis=0)
        costs.append([np.sum(seen / (values + world.tail + n * ridge) ** 2) for ridge in ridges])
    return np.array(costs)


def strong_and_weak(weak: int, share: float = 0.5) -> Population:
    """Ten equal strong directions, and ``weak`` equal ones that have this share of the variance; noise 1, no target."""
    eigenvalues = np.r_[np.full(10, (1 - share) / 10), np.full(weak, share / weak)]
    return Population(eigenvalues, np.zeros(10 + weak), 1.0)


def _wishart(n: int, d: int, rng) -> np.ndarray:
    """Z Z^T for Z of shape (n, d), drawn as it is distributed, by Bartlett's triangle: no d columns. d >= n."""
    triangle = np.tril(rng.standard_normal((n, n)), -1)
    triangle[np.diag_indices(n)] = np.sqrt(rng.chisquare(d - np.arange(n)))
    return triangle @ triangle.T


def flat_tail_costs(n: int, population: Population, draws: int, rng) -> np.ndarray:
    """The cost at ridge 0 in ``strong_and_weak``: through the strong and through the weak directions, (draws, 2)."""
    strong, weak, costs = population.eigenvalues[:10], population.eigenvalues[-1], []
    for _ in range(draws):
        head = rng.standard_normal((n, 10)) * np.sqrt(strong)
        tail = weak * _wishart(n, population.dimension - 10, rng)
        inverse = np.linalg.inv(head @ head.T + tail)
        costs.append([np.sum((inverse @ head) ** 2 * strong), weak * np.sum(inverse * (inverse @ tail))])
    return np.array(costs)


def negative_ridge_errors(n: int, population: Population, ridges, draws: int, rng) -> np.ndarray:
    """Excess errors of ridge regression, ridges of either sign, (draws, len(ridges)); the noise averaged exactly.

    ``population`` has one strong direction, first, which carries the whole target, and weak ones of variance one.
    """
    strong, target, noise = population.eigenvalues[0], population.coefficients[0], population.noise_variance
    errors = np.empty((draws, len(ridges)))
    for draw in range(draws):
        head = rng.standard_normal(n) * np.sqrt(strong)
        tail = _wishart(n, population.dimension - 1, rng)
        for i, ridge in enumerate(ridges):
            inverse = np.linalg.inv(np.outer(head, head) + tail + n * ridge * np.eye(n))
            seen, spread = inverse @ head, inverse @ tail
            signal = target**2 * (strong * (1 - head @ seen) ** 2 + seen @ tail @ seen)
            errors[draw, i] = signal + noise * (strong * seen @ seen + np.sum(spread * inverse))
    return errors


def on_sphere(count: int, dimension: int, rng) -> np.ndarray:
    """Points uniform on the unit sphere of this dimension (a circle is dimension one), (count, dimension + 1)."""
    x = rng.standard_normal((count, dimension + 1))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def kernel_costs(gram, cross, ridges) -> np.ndarray:
    """Mean over new points of |a(x)|^2 for one training sample, (len(ridges),): ``gram`` (n, n), ``cross`` (n, new)."""
    values, vectors = np.linalg.eigh(gram)
    turned = np.mean((vectors.T @ cross) ** 2, axis=1)
    return np.array([np.sum(turned / (values + len(gram) * ridge) ** 2) for ridge in ridges])


def pool_costs(eigenvalues, n, ridge) -> np.ndarray:
    """Theory of the cost at ``n`` points from the spectrum of a Gram matrix of N > n points (divided by N).

    The N eigenvalues are those of a sample, not of the kernel: their kappa' at df1 is the true one times 1 - df1/N, so
    kappa = kappa'/(1 - df1/N) and ridge = kappa (1 - df1/n). The cost is d kappa/d ridge - 1, by differences.
    """
    s = np.asarray(eigenvalues, dtype=float)[:, None]
    sample_kappa = np.geomspace(s.sum() * 1e-7, s.sum(), 2000)
    df1 = np.sum(s / (s + sample_kappa), axis=0)
    kappa = sample_kappa / (1 - df1 / len(s))
    bare = kappa * (1 - df1 / n)
    slope = np.gradient(kappa, bare)
    rising = bare > -1e-3 * kappa
    return np.interp(ridge, bare[rising], slope[rising]) - 1


def kernel_errors(gram, cross, labels, answers, filters) -> np.ndarray:
    """What a filtered kernel fit does at new points: (len(filters), 3), the means of f^2, f y and |a|^2.

    gram (n, n), cross (n, new), labels (n,) and answers (new,) of +1 and -1, all of them right; f is the fit to
    right labels, a the weights of the n labels. A filter maps the eigenvalues of ``gram`` to what stands for 1/value.
    """
    values, vectors = np.linalg.eigh(gram)
    turned, found = vectors.T @ cross, []
    for kept in (rule(values) for rule in filters):
        f = (kept * (vectors.T @ labels)) @ turned
        found.append([np.mean(f**2), np.mean(f * answers), np.mean((kept**2) @ turned**2)])
    return np.array(found)
