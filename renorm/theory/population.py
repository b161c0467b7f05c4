"""What the data are drawn from: a covariance spectrum, a linear target and noise.

A population is x = (sqrt(s_1) z_1, ..., sqrt(s_d) z_d) with independent standard z, and y = w . x + noise. All
theory of ridge regression in this book needs only the eigenvalues s, the coefficients w in the eigenbasis, and the
noise variance.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from renorm._numerics import validate
from renorm._numerics.fixed_point import Spectrum, compress

__all__ = ["Modes", "Population", "check_population", "from_kernel", "isotropic", "power_law", "spiked"]


class Modes(NamedTuple):
    """The positive modes of a population, equal eigenvalues together: what every sum over modes runs over."""

    spectrum: Spectrum
    energies: np.ndarray


@dataclass(frozen=True, eq=False)
class Population:
    """Gaussian-like data with covariance diag(s) and a linear target with noise: y = w . x + e, Var e = sigma^2.

    eigenvalues     s, shape (d,), zero or larger, in the order given (nothing is sorted: mode k stays mode k)
    coefficients    w, shape (d,), the target in the eigenbasis
    noise_variance  sigma^2

    The arrays are private read-only copies, so a population can be a key, be shared, and be trusted. Two populations
    are equal when all their numbers are. ``dataclasses.replace(population, noise_variance=0.1)`` makes a changed copy.
    ValueError for empty, negative, non-finite or mismatched input.

    >>> p = Population([2.0, 1.0], [1.0, -1.0], 0.5)
    >>> p.dimension, p.trace, p.signal
    (2, 3.0, 3.0)
    """

    eigenvalues: np.ndarray
    coefficients: np.ndarray
    noise_variance: float = 0.0

    def __post_init__(self):
        eigenvalues = validate.vector("eigenvalues", self.eigenvalues, validate.non_negative) + 0.0  # -0.0 becomes 0.0
        coefficients = validate.vector("coefficients", self.coefficients) + 0.0
        validate.same_length(eigenvalues=eigenvalues, coefficients=coefficients)
        noise_variance = validate.number("noise_variance", self.noise_variance, validate.non_negative)
        for array in (eigenvalues, coefficients):
            array.setflags(write=False)
        object.__setattr__(self, "eigenvalues", eigenvalues)
        object.__setattr__(self, "coefficients", coefficients)
        object.__setattr__(self, "noise_variance", noise_variance + 0.0)

    def __eq__(self, other):
        if not isinstance(other, Population):
            return NotImplemented
        return (
            np.array_equal(self.eigenvalues, other.eigenvalues)
            and np.array_equal(self.coefficients, other.coefficients)
            and self.noise_variance == other.noise_variance
        )

    def __hash__(self):
        return hash((self.eigenvalues.tobytes(), self.coefficients.tobytes(), self.noise_variance))

    def __reduce__(self):  # a pickled copy is validated and read-only again
        return Population, (self.eigenvalues, self.coefficients, self.noise_variance)

    @property
    def dimension(self) -> int:
        """d, the number of modes."""
        return self.eigenvalues.size

    @property
    def rank(self) -> int:
        """The number of positive eigenvalues."""
        return int(np.count_nonzero(self.eigenvalues))

    @property
    def trace(self) -> float:
        """Tr Sigma = sum of s_k, the expected squared length of x."""
        return float(self.eigenvalues.sum())

    @property
    def energies(self) -> np.ndarray:
        """w_k^2 s_k, shape (d,): what each mode contributes to the variance of the noise-free target."""
        return self.coefficients**2 * self.eigenvalues

    @property
    def signal(self) -> float:
        """The variance of the noise-free target, sum of w_k^2 s_k; the error of always answering 0, less sigma^2."""
        return float(self.energies.sum())

    @cached_property
    def modes(self) -> Modes:
        """Distinct positive eigenvalues with their multiplicities, and the energy at each; computed once."""
        spectrum = compress(self.eigenvalues)
        return Modes(spectrum, spectrum.totals(self.eigenvalues, self.energies))

    def effective_rank(self, k: int = 0) -> float:
        """r_k = (sum of s_i over i > k) / s_(k+1), eigenvalues taken from the largest: how long the tail is.

        k from 0 to rank - 1. Between 1 and the number of modes left. Bartlett, Long, Lugosi, Tsigler 2020.

        >>> isotropic(10).effective_rank(4)
        6.0
        """
        tail = self._tail(k)
        return float(tail.sum() / tail[0])

    def effective_dimension(self, k: int = 0) -> float:
        """R_k = (sum of s_i over i > k)^2 / (sum of s_i^2 over i > k): how many modes of equal size the tail is worth.

        k from 0 to rank - 1. Always r_k <= R_k <= r_k^2. Bartlett, Long, Lugosi, Tsigler 2020.

        >>> isotropic(10).effective_dimension(4)
        6.0
        """
        tail = self._tail(k) / self._tail(k)[0]
        return float(tail.sum() ** 2 / np.sum(tail**2))

    def benign_split(self, n: float, factor: float = 1.0) -> int | None:
        """k* = the least k with r_k >= factor * n: the modes before it are learned, those after it act as a ridge.

        None when no tail is that long. Bartlett, Long, Lugosi, Tsigler 2020 (their b is ``factor``).

        >>> spiked(1005, spikes=[1.0] * 5, bulk=1e-3).benign_split(n=100)
        5
        """
        length = validate.number("factor", factor, validate.positive) * validate.number("n", n, validate.positive)
        descending = np.sort(self.eigenvalues[self.eigenvalues > 0])[::-1]
        tails = np.cumsum(descending[::-1])[::-1]
        long_enough = np.flatnonzero(tails >= length * descending)
        return int(long_enough[0]) if long_enough.size else None

    def _tail(self, k: int) -> np.ndarray:
        if self.rank == 0:
            raise ValueError("eigenvalues = 0: effective ranks need at least one positive eigenvalue")
        return np.sort(self.eigenvalues[self.eigenvalues > 0])[::-1][validate.integer("k", k, 0, self.rank - 1) :]


def check_population(population) -> Population:
    """``population`` itself, or a ValueError where it is something else."""
    if not isinstance(population, Population):
        raise ValueError(f"population = {population!r}: must be a renorm.Population")
    return population


def isotropic(d: int, signal: float = 1.0, noise_variance: float = 0.0) -> Population:
    """All directions alike: s_k = 1, and |w|^2 = ``signal`` spread equally, so w_k = sqrt(signal / d).

    >>> isotropic(4, signal=1.0, noise_variance=0.5).coefficients
    array([0.5, 0.5, 0.5, 0.5])
    """
    d = validate.integer("d", d)
    signal = validate.number("signal", signal, validate.non_negative)
    return Population(np.ones(d), np.full(d, np.sqrt(signal / d)), noise_variance)


def power_law(d: int, capacity: float, source: float, signal: float = 1.0, noise_variance: float = 0.0) -> Population:
    """Power laws in spectrum and target: s_k = k^-capacity, w_k^2 s_k proportional to k^-(1 + 2 capacity source).

    k runs from 1 to d; the energies are normalized so that they sum to ``signal``. A larger capacity is a steeper
    spectrum, a larger source a smoother (easier) target. Conventions of Cui, Loureiro, Krzakala, Zdeborová 2021.

    >>> power_law(3, capacity=2.0, source=0.5).eigenvalues.round(4)
    array([1.    , 0.25  , 0.1111])
    """
    d = validate.integer("d", d)
    capacity = validate.number("capacity", capacity, validate.positive)
    source = validate.number("source", source, validate.positive)
    signal = validate.number("signal", signal, validate.non_negative)
    k = np.arange(1.0, d + 1)
    relative = k ** -(1 + 2 * capacity * source)
    eigenvalues = k**-capacity
    if eigenvalues[-1] == 0:
        raise ValueError(f"capacity = {capacity:g}: too steep for d = {d}, the last eigenvalue is zero in float64")
    # energy / eigenvalue in one power, so that both may be tiny
    coefficients = np.sqrt(signal / relative.sum()) * k ** ((capacity - 1 - 2 * capacity * source) / 2)
    return Population(eigenvalues, coefficients, noise_variance)


def spiked(
    d: int, spikes, bulk: float = 1.0, signal: float = 1.0, alignment: float = 1.0, noise_variance: float = 0.0
) -> Population:
    """A few chosen eigenvalues (``spikes``, first) and d - len(spikes) equal ones (``bulk``).

    ``alignment`` in [0, 1] is the share of the signal energy that lies in the spikes; it is spread equally over them,
    the rest equally over the bulk. bulk = 0 gives data of low rank (then alignment must be 1).

    >>> p = spiked(4, spikes=[9.0], alignment=0.25)
    >>> p.eigenvalues, p.energies
    (array([9., 1., 1., 1.]), array([0.25, 0.25, 0.25, 0.25]))
    """
    d = validate.integer("d", d, 2)
    spikes = validate.vector("spikes", spikes, validate.positive)
    if spikes.size >= d:
        raise ValueError(f"spikes = {spikes.size} values: must be fewer than d = {d}")
    bulk = validate.number("bulk", bulk, validate.non_negative)
    signal = validate.number("signal", signal, validate.non_negative)
    alignment = validate.number("alignment", alignment, lambda name, value: validate.in_interval(name, value, 0, 1))
    if bulk == 0 and alignment < 1:
        raise ValueError(f"alignment = {alignment:g}: must be 1 when bulk = 0, for modes of variance 0 carry no signal")
    rest = d - spikes.size
    eigenvalues = np.concatenate([spikes, np.full(rest, bulk)])
    shares = np.concatenate([np.full(spikes.size, alignment / spikes.size), np.full(rest, (1 - alignment) / rest)])
    coefficients = np.sqrt(np.divide(signal * shares, eigenvalues, out=np.zeros(d), where=eigenvalues > 0))
    return Population(eigenvalues, coefficients, noise_variance)


def from_kernel(gram, targets) -> Population:
    """The finite population of N points behind a Gram matrix: s_k = eigenvalues of K / N, w_k^2 s_k = (u_k . y)^2 / N.

    gram     K, shape (N, N), symmetric and positive semidefinite
    targets  y, shape (N,), or (N, outputs): then energies are summed over outputs, and risks are sums over outputs

    Drawing a point of the N uniformly, the kernel's features have the covariance spectrum s, and sum_k w_k^2 s_k is the
    mean square of the part of y that the kernel can represent on these points. Eigenvalues below N eps s_max cannot be
    told from zero; they are set to zero, and the energy of y along them, which no regression with this kernel can ever
    fit, becomes ``noise_variance``: nothing of mean(y^2) is lost. Eigenvalues come from the largest; signs of w are
    conventional (positive). Predictions for n samples drawn without replacement need n well below N.

    >>> p = from_kernel([[2.0, 0.0], [0.0, 0.0]], [3.0, 1.0])
    >>> p.eigenvalues, p.energies, p.noise_variance
    (array([1., 0.]), array([4.5, 0. ]), 0.5)
    """
    gram = validate.matrix("gram", gram)
    targets = validate.real_array("targets", targets)
    size = len(gram)
    if gram.shape != (size, size):
        raise ValueError(f"gram has shape {gram.shape}: must be square")
    if targets.ndim not in (1, 2) or len(targets) != size:
        raise ValueError(
            f"targets has shape {targets.shape}: must be ({size},) or ({size}, outputs), one row per point"
        )
    if not np.allclose(gram, gram.T, rtol=0, atol=1e-8 * np.abs(gram).max()):
        raise ValueError("gram is not symmetric: must equal its transpose")
    eigenvalues, vectors = np.linalg.eigh((gram + gram.T) / (2 * size))
    eigenvalues, vectors = eigenvalues[::-1], vectors[:, ::-1]
    largest = np.abs(eigenvalues).max()
    if eigenvalues[-1] < -1e-8 * largest:
        raise ValueError(f"gram has the eigenvalue {size * eigenvalues[-1]:.3g}: must be positive semidefinite")
    energies = (vectors.T @ targets.reshape(size, -1)) ** 2 @ np.ones(targets.size // size) / size
    visible = eigenvalues > size * np.finfo(float).eps * largest
    eigenvalues = np.where(visible, eigenvalues, 0.0)
    coefficients = np.sqrt(np.divide(energies, eigenvalues, out=np.zeros(size), where=visible))
    return Population(eigenvalues, coefficients, float(energies[~visible].sum()))
