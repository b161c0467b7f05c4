"""The look of the book's figures: one colour, line style and marker per concept; nothing depends on colour alone."""

from dataclasses import dataclass

import matplotlib as mpl

from liveplate import look
from renorm_book.progress import in_cells

__all__ = ["CONCEPTS", "Concept", "dots", "legend_above", "line", "ticks", "use"]


@dataclass(frozen=True)
class Concept:
    """How one concept is drawn wherever it appears: theory as a line, simulation as dots."""

    color: str
    linestyle: object
    marker: str


# Okabe and Ito's colour-blind safe palette (without its yellow, too faint on white) and one grey.
CONCEPTS = {
    "test": Concept("#D55E00", "-", "o"),
    "train": Concept("#0072B2", "--", "s"),
    "bias": Concept("#009E73", "-.", "^"),
    "variance": Concept("#CC79A7", (0, (5, 1.5, 1, 1.5, 1, 1.5)), "v"),
    "noise": Concept("#7F7F7F", ":", "D"),
    "kappa": Concept("#000000", (0, (7, 2)), "X"),
    "random labels": Concept("#E69F00", (0, (3, 1.2)), "P"),
    "true labels": Concept("#56B4E9", "-", "h"),
}

# as the live figures look, larger on paper; ids in the SVGs that are the same in every build
RC = look({}) | {
    "figure.dpi": 110,
    "legend.fontsize": 9.5,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "svg.hashsalt": "renorm",
}


def use() -> None:
    """Make the book's style the default of every figure drawn from now on, and progress a line that disappears."""
    mpl.rcParams.update(RC)
    in_cells()


def _concept(name: str) -> Concept:
    if name not in CONCEPTS:
        raise ValueError(f"concept = {name!r}: must be one of " + ", ".join(map(repr, CONCEPTS)))
    return CONCEPTS[name]


def line(concept: str, **changes) -> dict:
    """Keywords for ``ax.plot`` of a theory curve: ``ax.plot(x, y, **line("test"))``.

    >>> line("train", label="training error")["linestyle"]
    '--'
    """
    c = _concept(concept)
    return {"color": c.color, "linestyle": c.linestyle, "label": concept} | changes


def dots(concept: str, **changes) -> dict:
    """Keywords for ``ax.errorbar`` of simulations (give ``yerr`` as two standard errors), or for ``ax.plot``.

    >>> dots("train")["marker"]
    's'
    """
    c = _concept(concept)
    return {"color": c.color, "linestyle": "none", "marker": c.marker} | changes


def legend_above(ax, columns: int = 2) -> None:
    """The legend in the free space above the axes, where it covers nothing."""
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "borderaxespad": 0.5}
    ax.legend(ncols=columns, columnspacing=0.9, handlelength=1.8, **place)


def ticks(axis, values) -> None:
    """Ticks of a logarithmic axis (``ax.xaxis``) at these values alone, written out as they are."""
    axis.set_ticks(values, [f"{value:g}" for value in values])
    axis.set_ticks([], minor=True)
