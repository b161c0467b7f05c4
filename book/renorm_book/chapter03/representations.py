"""Pixels and wavelets: norm and test error of the shortest fits of the same digits, by kernel width and corruption."""

from functools import cache

import numpy as np
from tqdm import tqdm

from renorm import load_images
from renorm.data.wavelets import gabor_features
from renorm.experiments.nested import NestedSolver
from renorm.theory.kernels import squared_distances
from renorm_book.chapter03.figures import CORRUPTIONS, binomial_error, corrupted, one_hot
from renorm_book.style import dots

WIDTHS = {"pixels": (2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 14.0), "wavelets": (4.0, 6.0, 9.0, 14.0, 18.0, 24.0, 32.0)}
MEASURED = (250, 500, 1000, 2000)


@cache
def representations() -> dict:
    """For pixels and wavelets: ``norm`` and ``error``, each (widths, sizes, corruptions)."""
    data = load_images("mnist", n_train=MEASURED[-1])
    noisy = np.hstack([one_hot(y) for y in corrupted(data.train_labels, np.random.default_rng(0))])
    features = {
        "pixels": (data.train_inputs, data.test_inputs),
        "wavelets": (gabor_features(data.train_images), gabor_features(data.test_images)),
    }
    found = {}
    steps = tqdm(total=sum(map(len, WIDTHS.values())), desc="kernels", leave=False)
    for name, (X, X_test) in features.items():
        near, far = squared_distances(X), squared_distances(X_test, X)
        norm, error = np.empty((2, len(WIDTHS[name]), len(MEASURED), len(CORRUPTIONS)))
        for w, width in enumerate(WIDTHS[name]):
            solver, cross = NestedSolver(np.exp(-near / (2 * width**2)), noisy), np.exp(-far / (2 * width**2))
            squares = (solver.norms() ** 2).reshape(len(X), -1, 10).sum(axis=2)
            for i, n in enumerate(MEASURED):
                outputs = (cross[:, :n] @ solver.solution(n)).reshape(len(far), -1, 10)
                error[w, i] = np.mean(outputs.argmax(axis=2) != data.test_labels[:, None], axis=0)
                norm[w, i] = np.sqrt(squares[n - 1])
            steps.update()
        found[name] = {"norm": norm, "error": error}
    steps.close()
    return found


def norm_and_error(ax, n, corruption):
    """Test error against the norm of the minimum-norm fit, for kernels of several widths on pixels and on wavelets."""
    i, p = MEASURED.index(n), CORRUPTIONS.index(corruption)
    said = {}
    for name, marker, linestyle in (("pixels", "o", "-"), ("wavelets", "D", "--")):
        found = representations()[name]
        norm, error = found["norm"][:, i, p], found["error"][:, i, p]
        label = f"Gaussian kernel on {name}"
        look = dots("test", marker=marker, linestyle=linestyle, linewidth=1, capsize=2, label=label)
        ax.errorbar(norm, error, yerr=2 * binomial_error(error), **look)
        typical = 3
        ax.plot(norm[typical], error[typical], "o", color="black", markersize=10, fillstyle="none", label="_typical")
        said |= {f"{name}_norm": norm[typical], f"{name}_error": error[typical]}
    ax.set(xscale="log", yscale="log", xlim=(8, 3000), ylim=(0.008, 1.3))
    ax.set(xlabel="norm of the fit, $\\|f\\|$", ylabel="test error")
    ax.set_yticks([0.01, 0.1, 1], ["1 %", "10 %", "100 %"])
    ax.minorticks_off()
    ax.legend(loc="lower right" if corruption > 0.3 else "upper right")
    return said


NORM_AND_ERROR = dict(
    name="norm-and-error",
    title="Norm against error, across representations",
    readout=(
        "n = {n}, labels redrawn: {corruption}. At the circles the fit on pixels has norm {pixels_norm:.0f} and "
        "error {pixels_error:.1%}, the fit on wavelets norm {wavelets_norm:.0f} and error {wavelets_error:.1%}."
    ),
    alt=(
        "Test error against norm for kernels of seven widths on pixels and on wavelets. Within one kernel both "
        "grow with label corruption, but across kernels they are unrelated: with clean labels the wavelets' "
        "errors are about a third at larger norm."
    ),
    caption=(
        "Each marker is a minimum-norm fit with another kernel width (narrow ones at the left of each chain). "
        "Circles: width 5 on pixels, width 14 on wavelets. Error bars: two standard errors over 2,000 test "
        "digits."
    ),
    presets={"clean labels": dict(n=2000, corruption=0.0), "a tenth redrawn": dict(n=2000, corruption=0.1)},
)
