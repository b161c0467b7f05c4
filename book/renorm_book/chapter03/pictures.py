"""Two small pictures of the shortest fit: two weights and one sample, and functions through the same points."""

import numpy as np

from liveplate import numeral
from renorm import gaussian_kernel
from renorm_book.style import CONCEPTS, dots, line

__all__ = [
    "INPUT",
    "NULL",
    "descent_path",
    "weight_space",
    "WEIGHT_SPACE",
    "target",
    "vanishing",
    "function_space",
    "FUNCTION_SPACE",
]


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


WEIGHT_SPACE = dict(
    name="weight-space",
    title="Two weights, one sample",
    readout="{said}",
    alt=(
        "Contours of the loss are parallel lines. Gradient descent moves straight across them, at right angles, "
        "to the nearest perfect fit; only a start on the line through the origin and the shortest fit ends at "
        "the shortest fit."
    ),
    caption=(
        "The plane of two weights. Grey: lines of equal loss. Star: the shortest perfect fit, where a circle "
        "around the origin touches the line. Dots: forty steps of gradient descent."
    ),
    presets={
        "start at zero": dict(along=0.0, across=0.0, step=0.4),
        "start elsewhere": dict(along=1.5, across=-0.5, step=0.4),
        "overshooting": dict(along=1.5, across=-0.5, step=1.9),
        "too long a step": dict(along=1.5, across=-0.5, step=2.1),
    },
)


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


FUNCTION_SPACE = dict(
    name="function-space",
    title="Many functions through the same points",
    readout=(
        "The shortest fit has norm {norm:.2f} and is {best:.2f} off the truth (root mean square). This fit has "
        "norm {longer:.2f}, hits the same data, and is {off:.2f} off."
    ),
    alt=(
        "Several data points with the truth and the shortest interpolant close to it. Adding a function that "
        "vanishes on the data makes the fit swing away from the truth in the gaps without changing a single "
        "training prediction."
    ),
    caption=(
        "Gaussian kernel on the line. Dashed: the minimum-norm interpolant. Black: the same plus a function that "
        "vanishes on the data; lengths add like the sides of a right triangle."
    ),
    presets={
        "the shortest": dict(extra=0.0),
        "as bad as you like": dict(extra=5.0),
        "too narrow": dict(width=0.02, extra=0.0),
    },
)
