"""Figures of the chapter on minimum-norm solutions: their draw functions, and what they look up, each computed once."""

import sys
from functools import cache

import numpy as np
from tqdm.auto import tqdm

from liveplate import numeral
from renorm import gaussian_kernel, load_images
from renorm.experiments.nested import NestedSolver
from renorm_book.style import CONCEPTS, dots, line

# ------------------------------------------------------------------------------------------------- two weights

INPUT, LABEL = np.array([0.8, 0.6]), 1.5  # one equation for two weights: 0.8 w1 + 0.6 w2 = 1.5
NULL = np.array([-0.6, 0.8])


def descent_path(start: np.ndarray, step: float, steps: int = 40) -> np.ndarray:
    """Gradient descent on (x·w − y)² from ``start``, (steps + 1, 2); ``step``: step size times curvature, 2|x|² = 2."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - step * (INPUT @ path[-1] - LABEL) * INPUT)
    return np.array(path)


def weight_space(ax, along, across, step):
    """The line of interpolants, the shortest one, and the path of gradient descent from a start the reader chooses."""
    path = descent_path(along * NULL + across * INPUT, step)
    shortest, end = LABEL * INPUT, path[-1]
    ends = np.array([-5.0, 5.0])[:, None] * NULL
    for distance in (0.5, 1.0, 1.5, 2.0):
        for side in (-1, 1):
            ax.plot(*((LABEL + side * distance) * INPUT + ends).T, color="0.85", linewidth=0.9, label="_loss")
    ax.plot(*(shortest + ends).T, **line("train", linestyle="-", label="perfect fits"))
    turn = np.linspace(0, 2 * np.pi, 81)
    ax.plot(LABEL * np.cos(turn), LABEL * np.sin(turn), color="0.5", linewidth=1, linestyle=":", label="_circle")
    ax.plot(*np.clip(path, -9, 9).T, color="black", marker=".", linewidth=1, label="gradient descent")
    ax.plot(*path[0], "o", color="black", fillstyle="none", markersize=9, label="start")
    ax.plot(*shortest, "*", color=CONCEPTS["test"].color, markersize=13, label="shortest fit")
    ax.plot(0, 0, "+", color="0.4", markersize=9, label="_origin")
    ax.set(xlim=(-5.0, 3.6), ylim=(-2.3, 3.7), xlabel="first weight, $w_1$", ylabel="second weight, $w_2$")
    ax.set_aspect("equal")
    ax.legend(loc="lower left", handlelength=1.4)
    return {
        "diverges": bool(abs(INPUT @ end - LABEL) > abs(across - LABEL) + 1e-9),
        "norm": np.linalg.norm(end),
        "said": _outcome(path, step),
    }


def _outcome(path: np.ndarray, step: float) -> str:
    """What a reader sees of a path, in a sentence."""
    start, end = path[0], path[-1]
    error, kept = (INPUT @ end - LABEL) ** 2, round(NULL @ end, 6)
    if abs(INPUT @ start - LABEL) < 1e-12:
        moved = f"nothing moves, at step × curvature {numeral(step)} or any other"
        return f"The start fits already: no gradient, {moved}. Its length is {np.linalg.norm(end):.2f}."
    if step > 2:
        away = f"{abs(INPUT @ end - LABEL):.1f} away from it after {len(path) - 1}"
        return f"With step × curvature {numeral(step)} each step overshoots the line by more than the last: {away}."
    return (
        f"After {len(path) - 1} steps the squared error is {numeral(error)}. The start's part along the line, "
        f"{numeral(round(NULL @ start, 6))}, is still {numeral(kept)}; the result has length "
        f"{np.linalg.norm(end):.2f}, the shortest fit {LABEL:.2f}."
    )


# ---------------------------------------------------------------------------------------------- functions on a line


def target(x) -> np.ndarray:
    """The curve from which the points are taken."""
    return np.sin(2 * np.pi * x) + 0.5 * np.cos(4 * np.pi * x)


def vanishing(x, K, width):
    """A function of the kernel's space, zero at every x_i and of norm 1: what is left of a bump in the widest gap."""
    widest = int(np.argmax(np.diff(x)))
    place = np.array([(x[widest] + x[widest + 1]) / 2])
    column = gaussian_kernel(x[:, None], place[:, None], width)[:, 0]
    dual = np.linalg.solve(K, column)
    norm = np.sqrt(1 - column @ dual)

    def g(t):
        rows = gaussian_kernel(t[:, None], x[:, None], width)
        return (gaussian_kernel(t[:, None], place[:, None], width)[:, 0] - rows @ dual) / norm

    return g


def function_space(ax, n, width, extra):
    """The minimum-norm interpolant of a few points, and one made longer by a function that vanishes on the data."""
    x = (np.arange(n) + 0.15 + 0.7 * np.random.default_rng(n).random(n)) / n
    y = target(x)
    K = gaussian_kernel(x[:, None], bandwidth=width)
    dual = np.linalg.solve(K, y)
    norm = np.sqrt(y @ dual)
    t = np.linspace(0, 1, 161)
    shortest = gaussian_kernel(t[:, None], x[:, None], width) @ dual
    longer = shortest + extra * norm * vanishing(x, K, width)(t)
    ax.plot(t, target(t), **line("true labels", linewidth=1.2, label="truth"))
    ax.plot(t, np.clip(longer, -9, 9), color="black", label="this fit")
    ax.plot(t, shortest, **line("test", linestyle="--", linewidth=1.4, label="shortest fit"))
    ax.plot(x, y, **dots("train", label="data", zorder=5))
    ax.set(xlim=(0, 1), ylim=(-3, 4), xlabel="input, $x$", ylabel="output")
    ax.legend(loc="upper right", ncols=2, handlelength=1.6)
    return {
        "norm": norm,
        "longer": norm * np.sqrt(1 + extra**2),
        "off": np.sqrt(np.mean((longer - target(t)) ** 2)),
        "best": np.sqrt(np.mean((shortest - target(t)) ** 2)),
    }


# --------------------------------------------------------------------------------- one factorization of 8,000 digits

LARGEST = 4000 if sys.platform == "emscripten" else 8000  # a browser's memory
SIZES = tuple(n for n in (250, 500, 1000, 2000, 4000, 8000) if n <= LARGEST)
CORRUPTIONS = (0.0, 0.1, 0.2, 0.5, 1.0)
HONEST = (500, 1000, 2000)
POISON = tuple(m for m in (0, 125, 250, 500, 1000, 2000, 4000, 6000) if m + HONEST[-1] <= LARGEST)
WIDTH = 5.0  # exp(−0.02 |x − x'|²)


def one_hot(labels) -> np.ndarray:
    return np.eye(10)[labels]


def corrupted(labels, rng) -> np.ndarray:
    """(corruptions, n): each label redrawn from all ten classes with probability p; more p only adds redrawn ones."""
    chance, drawn = rng.random(len(labels)), rng.integers(0, 10, len(labels))
    return np.where(chance < np.array(CORRUPTIONS)[:, None], drawn, labels)


def gram_in_place(X, width=WIDTH) -> np.ndarray:
    """The Gaussian Gram matrix with one array of its size, not four: 8,000 points take half a gigabyte."""
    squares = np.sum(X**2, axis=1)
    K = X @ X.T
    K *= 2
    K -= squares
    K -= squares[:, None]
    np.fill_diagonal(K, 0)
    K /= 2 * width**2
    return np.exp(K, out=K)


DRAWS = 3  # of the redrawn labels


@cache
def digits() -> dict:
    """Nested samples of MNIST: ``wrong`` (corruptions, sizes, test digits), the share of the draws that err on a digit;
    ``error`` and ``uncertainty`` (corruptions, sizes), its mean and standard error; ``poisoned``, by honest n."""
    data = load_images("mnist", n_train=LARGEST)
    X, labels = data.train_inputs, data.train_labels
    rng = np.random.default_rng(0)
    noisy = np.array([corrupted(labels, rng) for _ in range(DRAWS)])
    lies = (labels + rng.integers(1, 10, len(labels))) % 10
    mixed = [np.where(np.arange(LARGEST) < n, labels, lies) for n in HONEST]
    columns = [one_hot(y) for y in (*noisy.reshape(-1, LARGEST), *mixed)]
    steps = tqdm(total=3, desc=f"{LARGEST} digits", leave=False)
    solver = NestedSolver(gram_in_place(X), np.hstack(columns))
    steps.update()
    cross = gaussian_kernel(data.test_inputs, X, WIDTH)
    steps.update()
    wrong = np.empty((DRAWS, len(CORRUPTIONS), len(SIZES), len(data.test_labels)), dtype=bool)
    for i, n in enumerate(SIZES):
        outputs = cross[:, :n] @ solver.solution(n)[:, : 10 * DRAWS * len(CORRUPTIONS)]
        answers = outputs.reshape(len(cross), DRAWS, len(CORRUPTIONS), 10).argmax(axis=3)
        wrong[:, :, i] = (answers != data.test_labels[:, None, None]).transpose(1, 2, 0)
    norms = np.sqrt(np.sum((solver.norms() ** 2).reshape(LARGEST, -1, 10), axis=2))
    poisoned = {n: _poisoned(solver, norms, cross, data.test_labels, k) for k, n in enumerate(HONEST)}
    steps.close()
    error, spread = wrong.mean(axis=(0, 3)), wrong.mean(axis=3).std(axis=0, ddof=1) / np.sqrt(DRAWS)
    uncertainty = np.hypot(spread, binomial_error(error, len(data.test_labels)))
    return {"wrong": wrong.mean(axis=0), "error": error, "uncertainty": uncertainty, "poisoned": poisoned}


def _poisoned(solver, norms, cross, test_labels, k) -> dict:
    """Test error and norm of fits to HONEST[k] digits with their labels and ever more with a wrong one."""
    which = DRAWS * len(CORRUPTIONS) + k
    error, norm = [], []
    for m in POISON:
        n = HONEST[k] + m
        outputs = cross[:, :n] @ solver.solution(n)[:, 10 * which : 10 * which + 10]
        error.append(np.mean(outputs.argmax(axis=1) != test_labels))
        norm.append(norms[n - 1, which])
    return {"error": np.array(error), "norm": np.array(norm)}


def binomial_error(share, count=2000):
    """Standard error of a share of ``count`` independent trials."""
    return np.sqrt(share * (1 - share) / count)


def bad_fits(axes, n, poison):
    """First: test error of fits perfect on n honest digits and on others with wrong labels. Second: their norm."""
    found = digits()["poisoned"][n]
    here, (left, right) = POISON.index(poison), axes
    x = np.array(POISON, dtype=float) / 1000
    look = dots("test", linestyle="-", capsize=2, label="test error")
    left.errorbar(x, found["error"], yerr=2 * binomial_error(found["error"]), **look)
    left.plot(x, np.zeros_like(x), **line("train", label="training error"))
    left.set(ylim=(-0.03, 1.25), xlabel="wrong labels fitted too, thousands", ylabel="error on honest labels")
    left.legend(loc="upper left")
    ratio = found["norm"] / found["norm"][0]
    right.plot(x, ratio, color="black", marker="o", fillstyle="none", label="length")
    right.set(ylim=(0.5, 14.5), xlabel="wrong labels fitted too, thousands", ylabel="length over the shortest")
    for panel, height in ((left, found["error"][here]), (right, ratio[here])):
        panel.set_xlim(-0.2, 6.2)
        panel.plot(x[here], height, "o", color="black", markersize=7, label="_here", gid="grab:poison")
    return {"error": found["error"][here], "honest": found["error"][0], "ratio": ratio[here]}


# ------------------------------------------------------------------------------------------- the learning curve

PAPER = {"pixels": 0.012, "wavelets": 0.006}  # Zhang et al. 2017, all 60,000 training digits


def power_law(n, error) -> tuple[float, float]:
    """Exponent and prefactor of the straight line through log error over log n."""
    slope, intercept = np.polyfit(np.log(n), np.log(error), 1)
    return float(slope), float(np.exp(intercept))


@cache
def extrapolated(first: int, corruption: float, to: int = 60000, draws: int = 1000) -> dict:
    """The power law through the errors from ``first`` on: its value at ``to`` and the 95 % interval over the test set.

    The test images are drawn again and again with replacement, the same for all sizes; the law itself is assumed.
    """
    use = [i for i, n in enumerate(SIZES) if n >= first]
    sizes, wrong = np.array(SIZES)[use], digits()["wrong"][CORRUPTIONS.index(corruption)][use]
    counts = np.random.default_rng(0).multinomial(wrong.shape[1], np.full(wrong.shape[1], 1 / wrong.shape[1]), draws)
    errors = np.maximum(counts @ wrong.T, 0.5) / wrong.shape[1]
    slopes, intercepts = np.polyfit(np.log(sizes), np.log(errors).T, 1)
    slope, prefactor = power_law(sizes, wrong.mean(axis=1))
    values = np.exp(intercepts + slopes * np.log(to))
    return {"slope": slope, "prefactor": prefactor, "value": prefactor * to**slope} | {
        "low": np.quantile(values, 0.025), "high": np.quantile(values, 0.975),
    }  # fmt: skip


def learning_curve(ax, first, corruption):
    """Test error of the minimum-norm fit against sample size, its power law drawn on to 60,000, the paper's 1.2 %."""
    p, law = CORRUPTIONS.index(corruption), extrapolated(first, corruption)
    error, uncertainty = digits()["error"][p], digits()["uncertainty"][p]
    x = np.geomspace(SIZES[0], 70000, 100)
    ax.plot(
        x, law["prefactor"] * x ** law["slope"], color="0.45", linestyle=":", linewidth=1.2, label="power law, drawn on"
    )
    ax.errorbar(SIZES, error, yerr=2 * uncertainty, **dots("test", capsize=2, label="pixels, measured"))
    ax.plot([60000] * 2, [law["low"], law["high"]], color="0.5", linewidth=5, alpha=0.5, label="_interval")
    ax.plot(60000, PAPER["pixels"], "*", color="black", markersize=11, label="Zhang et al., 60,000")
    ax.set(xscale="log", yscale="log", xlim=(200, 90000), ylim=(0.006, 1.4))
    ax.set(xlabel="training digits, $n$", ylabel="test error")
    ax.set_xticks([250, 1000, 4000, 16000, 60000], ["250", "1,000", "4,000", "16,000", "60,000"])
    ax.set_yticks([0.01, 0.1, 1], ["1 %", "10 %", "100 %"])
    ax.minorticks_off()
    ax.legend(loc="lower left")
    return law | {"error": error[-1], "uncertainty": 2 * uncertainty[-1], "largest": SIZES[-1]}
