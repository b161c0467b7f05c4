"""matplotlib paths as SVG path data. A point that is not finite breaks the line, as matplotlib does."""

import numpy as np

COMMANDS = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}
POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}  # vertices that one command consumes; Z keeps a vertex of its own


def commands(path) -> str:
    """One letter per vertex of a ``matplotlib.path.Path``, repeated for curves as matplotlib does.

    >>> from matplotlib.path import Path
    >>> commands(Path([[0, 0], [1, 0], [1, 1]]))
    'MLL'
    """
    if path.codes is None:
        return "M" + "L" * (len(path.vertices) - 1)
    return "".join(COMMANDS[int(code)] for code in path.codes if int(code) != 0)


def number(value: float) -> str:
    """At most two decimals, no trailing zeros.

    >>> number(1.50), number(-0.001), number(12)
    ('1.5', '0', '12')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def path_data(vertices: np.ndarray, letters: str) -> str:
    """Absolute SVG path data.

    >>> path_data(np.array([[0, 0], [1, 1], [np.nan, 0], [2, 2.5], [3, 3]]), "MLLLL")
    'M0 0L1 1M2 2.5L3 3'
    """
    out, broken, drawn, i = [], False, False, 0
    while i < len(letters):
        letter = letters[i]
        if letter == "Z":
            if drawn and np.isfinite(vertices[i]).all():
                out.append("Z")
            drawn, i = False, i + 1
            continue
        points = vertices[i : i + POINTS[letter]]
        if not np.isfinite(points).all():
            broken = True
            drawn = drawn and letter != "M"
        else:
            command = "M" if broken and letter == "L" else letter
            broken, drawn = False, True
            out.append(command + " ".join(f"{number(x)} {number(y)}" for x, y in points))
        i += POINTS[letter]
    return "".join(out)


def relative_path_data(vertices: np.ndarray, letters: str) -> str:
    """SVG path data relative to the current point: a marker's shape, to be put after ``M x y``.

    >>> relative_path_data(np.array([[-1, 0], [1, 0], [1, 1], [0, 0]]), "MLLZ")
    'm-1 0l2 0l0 1z'
    """
    out, at, start, i = [], np.zeros(2), np.zeros(2), 0
    while i < len(letters):
        letter = letters[i]
        if letter == "Z":
            out.append("z")
            at, i = start, i + 1
            continue
        points = vertices[i : i + POINTS[letter]]
        out.append(letter.lower() + " ".join(f"{number(x)} {number(y)}" for x, y in points - at))
        at = points[-1]
        start = at if letter == "M" else start
        i += POINTS[letter]
    return "".join(out)
