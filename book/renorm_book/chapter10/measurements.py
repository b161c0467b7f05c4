"""Chapter 10's measurements: an interpolating kernel machine on real pictures, its error, and what forecasts it.

A world is N pictures, the Gram matrix of all of them, and labels yes or no. A *deal* shuffles the pictures and cuts
them into as many training sets of size n as there are; each is tested on all the pictures that are not in it. In one
deal every picture is in training once and held out in all other sets, so that it cancels from the ratio of a forecast
to the error which pictures happen to be hard. Standard errors are taken over deals, which are independent.
"""

from functools import cache, partial
from pathlib import Path

import numpy as np

from renorm import Population, gaussian_kernel, load_images
from renorm.theory.kernels import laplace_kernel, neural_tangent_kernel

__all__ = [
    "deal",
    "deals",
    "draw_labels",
    "kept",
    "kept_population",
    "mean_and_error",
    "one_sample",
    "ratio",
    "turned",
    "world",
]

PICTURES = {"mnist": (0, 2, 4, 6, 8), "fashion-mnist": (0, 2, 3, 4, 6)}  # yes: even digits; clothes with shoulders
KERNELS = {
    "gaussian": partial(gaussian_kernel, bandwidth=5.0),
    "tangent": neural_tangent_kernel,
    "laplace": partial(laplace_kernel, bandwidth=5.0),
}
LABELS = (0.0, 0.5, 1.0)  # the chance with which a label is replaced by a toss
SAMPLES = (16, 32, 64, 125, 250, 500, 1000)
DEALS = dict(zip(SAMPLES, (10, 10, 20, 20, 40, 40, 64), strict=True))
BLOCKS = ("200", "1000", "1500", "2000", "200 with labels")  # how many of the last eigenvectors are turned
BLOCK_DEALS = {64: 10, 250: 20, 500: 20, 1000: 32}
EDGES = np.array([0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1])  # shares of a sample, in the order of [K^-1]_ii
KEPT = Path(__file__).with_name("measurements.npz")  # written by tools/assets/measurements.py


def world(pictures: str, kernel: str, size: int = 2000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pictures (size, 28, 28), their Gram matrix with mean diagonal one, and labels +1 or -1."""
    data = load_images(pictures)
    images = np.concatenate([data.train_images, data.test_images])[:size]
    labels = np.concatenate([data.train_labels, data.test_labels])[:size]
    gram = KERNELS[kernel](images.reshape(size, -1))
    return images, gram / np.mean(np.diag(gram)), np.where(np.isin(labels, PICTURES[pictures]), 1.0, -1.0)


def turned(population: Population, vectors, y, block: str) -> tuple[np.ndarray, np.ndarray]:
    """Gram matrix and labels of a world whose last eigenvectors are turned among themselves, at random.

    population, vectors: spectrum and eigenvectors (N, N) of a Gram matrix, largest first; block: one of BLOCKS. All s_k
    and v_k stay. The labels stay, too: U becomes U Q R, with Q a random rotation and R the reflection that makes
    (U Q R)' y = U' y. "With labels", U becomes U Q and the labels' share in the block is turned along with it.
    """
    last = int(block.split()[0])
    rest, U = np.split(vectors, [len(vectors) - last], axis=1)
    turn = np.linalg.qr(np.random.default_rng(last).standard_normal((last, last)))[0]
    energies = U.T @ y
    if "with labels" in block:
        y = y + U @ (turn @ energies - energies)
    else:
        across = turn.T @ energies - energies
        turn = turn - 2 * np.outer(turn @ across, across) / (across @ across)
    new = np.concatenate([rest, U @ turn], axis=1)
    return len(y) * (new * population.eigenvalues) @ new.T, y


def draw_labels(y: np.ndarray, rng) -> np.ndarray:
    """Labels (N, 3): the true ones; each replaced by a coin toss with probability one half; tosses only."""
    toss = rng.choice([-1.0, 1.0], (len(y), 2))
    return np.column_stack([y, np.where(rng.random(len(y)) < 0.5, toss[:, 0], y), toss[:, 1]])


def one_sample(gram: np.ndarray, Y: np.ndarray, seen: np.ndarray) -> dict[str, np.ndarray]:
    """Interpolate the labels Y (N, kinds) of the pictures ``seen``: the error, two forecasts, what tells them apart.

    error, loo, gcv: (kinds,); kappa = (1 - n/N) / Tr K^-1; spread, the largest [K^-1]_ii over their mean; bins:
    (7, 1 + kinds), means over parts of the sample (EDGES) of [K^-1]_ii / mean and of the squared residuals left out.
    """
    n, size = len(seen), len(gram)
    inverse = np.linalg.inv(gram[np.ix_(seen, seen)])
    alpha, diagonal = inverse @ Y[seen], np.diag(inverse)
    missed = (gram[:, seen] @ alpha - Y) ** 2
    missed[seen] = 0
    squares, relative = (alpha / diagonal[:, None]) ** 2, diagonal / diagonal.mean()
    starts = np.round(EDGES[:-1] * n).astype(int)
    parts = np.add.reduceat(np.column_stack([relative, squares])[np.argsort(relative)], starts)
    return {
        "error": missed.sum(axis=0) / (size - n),
        "loo": squares.mean(axis=0),
        "gcv": np.mean(alpha**2, axis=0) / diagonal.mean() ** 2,
        "kappa": (1 - n / size) / diagonal.sum(),
        "spread": relative.max(),
        "bins": parts / np.diff([*starts, n])[:, None],
    }


def deal(gram: np.ndarray, y: np.ndarray, n: int, rng) -> dict[str, np.ndarray]:
    """Means of ``one_sample`` over the N // n training sets of one shuffle; scatter: mean square of loo / error - 1."""
    order, Y = rng.permutation(len(y)), draw_labels(y, rng)
    sets = np.split(order[: len(y) // n * n], len(y) // n)
    found = [one_sample(gram, Y, seen) for seen in sets]
    mean = {name: np.mean([one[name] for one in found], axis=0) for name in found[0]}
    return mean | {"scatter": np.mean([(one["loo"] / one["error"] - 1) ** 2 for one in found], axis=0)}


def deals(gram: np.ndarray, y: np.ndarray, n: int, count: int) -> dict[str, np.ndarray]:
    """``count`` independent deals, seeds from n; every array has the deals first."""
    found = [deal(gram, y, n, rng) for rng in np.random.default_rng(n).spawn(count)]
    return {name: np.array([one[name] for one in found]) for name in found[0]}


@cache
def _kept() -> dict[str, np.ndarray]:
    with np.load(KEPT) as file:
        return {name: file[name].astype(float) for name in file.files}


def kept(pictures: str, kernel: str, block: str = "none") -> dict[int, dict[str, np.ndarray]]:
    """The deals that come with the book, of worlds of 2,000 pictures: for each n what ``deals`` returns.

    Only bins are kept without their deals, as their mean and standard error, (2, 7, 1 + kinds).
    """
    found: dict[int, dict[str, np.ndarray]] = {}
    for key, array in _kept().items():
        *setting, n, name = key.split(",") if key.count(",") == 4 else ("", "")
        if setting == [pictures, kernel, block]:
            found.setdefault(int(n), {})[name] = array
    return found


def kept_population(pictures: str, kernel: str) -> Population:
    """Spectrum and energies of a world's true labels, for browsers, where an eigendecomposition takes minutes."""
    s, energies = _kept()[f"{pictures},{kernel},population"]
    return Population(s, np.sqrt(energies / s))


def mean_and_error(arrays: np.ndarray) -> np.ndarray:
    """Mean over deals and its standard error, stacked: (2, ...).

    >>> mean_and_error(np.array([1.0, 3.0]))
    array([2., 1.])
    """
    return np.array([arrays.mean(axis=0), arrays.std(axis=0, ddof=1) / np.sqrt(len(arrays))])


def ratio(top, bottom: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over deals of ``top`` (or top itself, a number free of chance) over that of ``bottom``, and standard error.

    >>> bottom = np.array([[1.0], [3.0]])
    >>> [float(part[0]) for part in ratio(np.array([4.0]), bottom)], [float(part[0]) for part in ratio(bottom, bottom)]
    ([2.0, 1.0], [1.0, 0.0])
    """
    mean = bottom.mean(axis=0)
    quotient = (top if np.ndim(top) < bottom.ndim else np.mean(top, axis=0)) / mean
    return quotient, np.std((top - quotient * bottom) / mean, axis=0, ddof=1) / np.sqrt(len(bottom))
