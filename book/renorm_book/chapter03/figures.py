"""Figures of the chapter on minimum-norm solutions: their draw functions, and what they look up, each computed once."""

import sys
from functools import cache

import numpy as np
from tqdm import tqdm

from renorm import gaussian_kernel, load_images
from renorm.experiments.nested import NestedSolver
from renorm_book.style import dots, line

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


BAD_FITS = dict(
    name="bad-fits",
    title="Bad fits, built on purpose",
    readout=(
        "A fit that is perfect on {n} honest digits and on {poison} wrong ones misreads {error:.1%} of new "
        "digits; the shortest fit of the honest ones misreads {honest:.1%}. It is {ratio:.1f} times as long."
    ),
    alt=(
        "As more wrongly labelled digits are fitted besides the honest ones, the training error on the honest "
        "digits stays zero while the test error climbs to most of the digits; the length of the fit grows more "
        "than tenfold."
    ),
    caption=(
        "First panel: training error on the honest digits (exactly zero) and error on 2,000 new ones. Second "
        "panel: the length of the fit, relative to the shortest fit of the honest digits alone."
    ),
    presets={"the shortest": dict(poison=0), "one lie for each truth": dict(n=1000, poison=1000)},
    subplots=(1, 2),
    grab="poison",
)


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


LEARNING_CURVE = dict(
    name="learning-curve",
    title="The shortest fit of real digits",
    readout=(
        "With {largest} digits, {corruption} of them with redrawn labels, {error:.1%} of the test digits are "
        "misread. The power law from n = {first} on has exponent {slope:.2f} and gives {value:.2%} at 60,000 "
        "({low:.1%} to {high:.1%})."
    ),
    alt=(
        "Test error of the minimum-norm kernel fit of MNIST falls as a power law with sample size; drawn on to "
        "60,000 it meets the paper's 1.2 per cent within its uncertainty. With corrupted labels the curve "
        "flattens."
    ),
    caption=(
        "Test error on 2,000 digits (two standard errors) with pixels as inputs; the training error is zero "
        "throughout. Grey bar: 95 % interval of the extrapolation over the choice of test digits. Star: "
        "published, for clean labels."
    ),
    presets={"clean labels": dict(corruption=0.0, first=1000), "a fifth redrawn": dict(corruption=0.2, first=1000)},
)
