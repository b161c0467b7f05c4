"""What a reader can move: a grid of values with a word, a symbol and a unit. The default is always on the grid."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from liveplate.spec.numerals import numeral

Format = str | Callable[[object], str] | None


@dataclass(frozen=True)
class Control:
    """A grid of ``values``, one of which is the default ``value``; made by Steps, LogSteps, Choice or Toggle.

    ``kind`` is "linear", "log", "list", "choice" or "toggle": how a live kernel offers values between the grid's.
    """

    values: tuple
    value: object
    kind: str
    label: str | None = None
    symbol: str | None = None
    unit: str | None = None
    format: Format = None
    names: tuple[str, ...] | None = None
    asked: object = None  # the default that was asked for, where it is not on the list

    def __post_init__(self):
        if not self.values or self.value not in self.values:
            raise ValueError(f"values = {self.values!r}, value = {self.value!r}: values must hold value")

    @property
    def default(self) -> int:
        """The default's place on the grid."""
        return self.values.index(self.value)

    def text(self, value) -> str:
        """``value`` as the reader sees it, without the unit."""
        if self.names is not None:
            return self.names[self.values.index(value)]
        if callable(self.format):
            return self.format(value)
        return format(value, self.format) if self.format else numeral(value)

    def with_unit(self, value) -> str:
        return self.text(value) + (f" {self.unit}" if self.unit else "")

    def titled(self, name: str) -> "Control":
        """The same control, labelled by its argument's name if the author gave no label."""
        return self if self.label or self.symbol else replace(self, symbol=name)

    def through(self, name: str, anchors: Sequence) -> "Control":
        """The same control on a grid that also holds ``anchors``, the presets' values, with few more states."""
        if self.kind in ("choice", "toggle", "list"):
            for anchor in anchors:
                if anchor not in self.values:
                    raise ValueError(f"preset {name} = {anchor!r}: must be one of {list(self.values)}")
            return self
        whole = all(isinstance(v, int) for v in self.values)
        wanted = [self.value, *(_plain(a, whole and float(a) == int(a)) for a in anchors)]
        return replace(self, values=_anchored(name, self.values, wanted))


def Steps(start, stop, num, *, value=None, integers=False, label=None, symbol=None, unit=None, format=None) -> Control:
    """``num`` evenly spaced values from ``start`` to ``stop``; the default takes the place of its nearest neighbour.

    start, stop : ends of the range, start < stop.  num : how many values, at least 2.
    value : the default (the middle of the grid if not given).  integers : round to distinct whole numbers.
    label, symbol, unit : "sample size", "n", "images", beside the slider.  format : ``".2f"`` or a function to str.

    >>> Steps(20, 100, 5, value=50, label="sample size", symbol="n").values
    (20, 50, 60, 80, 100)
    """
    _range("Steps", start, stop, num)
    grid = np.linspace(start, stop, num)
    return _numeric("linear", grid, integers, value, label, symbol, unit, format)


def _of(values, *, value=None, label=None, symbol=None, unit=None, format=None) -> Control:
    """A slider over an explicit, increasing list of values.

    A default that is not on it becomes its nearest neighbour, so that whoever changes the list of a notebook runs on;
    where figures are baked it is an error.

    >>> Steps.of([1, 2, 5, 10], value=5).default, Steps.of([1, 2, 6, 12], value=5).value
    (2, 6)
    """
    values = tuple(_plain(v, _is_whole_type(v)) for v in values)
    if len(values) < 2 or not np.isfinite(values).all() or any(b <= a for a, b in itertools.pairwise(values)):
        raise ValueError(f"values = {values}: must be at least two finite, increasing numbers")
    value = values[len(values) // 2] if value is None else value
    asked, value = value, min(values, key=lambda v: abs(v - value))
    told = {"label": label, "symbol": symbol, "unit": unit, "format": format}
    return Control(values, value, "list", **told, asked=None if asked == value else asked)


Steps.of = _of


def LogSteps(
    start, stop, num, *, value=None, integers=False, label=None, symbol=None, unit=None, format=None
) -> Control:
    """``num`` values from ``start`` to ``stop`` in equal ratios; ``integers`` rounds them to distinct whole numbers.

    >>> LogSteps(1e-4, 1, 5).values
    (0.0001, 0.001, 0.01, 0.1, 1.0)
    >>> LogSteps(1, 100, 9, integers=True, value=20).values
    (1, 2, 3, 6, 10, 20, 32, 56, 100)
    """
    _range("LogSteps", start, stop, num)
    if start <= 0:
        raise ValueError(f"start = {start!r}: must be positive on a logarithmic grid")
    grid = np.array([float(f"{v:.6g}") for v in np.geomspace(start, stop, num)])
    grid[0], grid[-1] = start, stop
    return _numeric("log", grid, integers, value, label, symbol, unit, format)


def Choice(options: Mapping | Sequence, value=None, *, label=None, symbol=None) -> Control:
    """A few named alternatives: ``{"shown text": value}`` or a list of texts; the default is the first or ``value``.

    >>> Choice({"true labels": "true", "random labels": "random"}, "random").default
    1
    """
    pairs = dict(options) if isinstance(options, Mapping) else {str(o): o for o in options}
    if len(pairs) < 2:
        raise ValueError(f"options = {options!r}: must hold at least two alternatives")
    values = tuple(pairs.values())
    names = list(map(str, pairs))
    if len({*names}) < len(names) or len(pairs) < len(options) or any(v in values[:i] for i, v in enumerate(values)):
        raise ValueError(f"options = {options!r}: no text and no value may occur twice")
    value = values[0] if value is None else value
    if value not in values:
        raise ValueError(f"value = {value!r}: must be one of {values}")
    return Control(values, value, "choice", label, symbol, names=tuple(map(str, pairs)))


def Toggle(label: str, value: bool = False) -> Control:
    """Something that is shown or not: a checkbox.

    >>> Toggle("show the simulation", True).values
    (False, True)
    """
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"value = {value!r}: must be True or False")
    return Control((False, True), bool(value), "toggle", label, names=("off", "on"))


def _range(kind: str, start, stop, num) -> None:
    if not (np.isfinite([start, stop]).all() and start < stop):
        raise ValueError(f"{kind}: start = {start!r}, stop = {stop!r}: must be finite, start below stop")
    if isinstance(num, bool) or int(num) != num or num < 2:
        raise ValueError(f"{kind}: num = {num!r}: must be a whole number of at least 2")


def _is_whole_type(v) -> bool:
    return isinstance(v, (int, np.integer)) and not isinstance(v, bool)


def _plain(v, whole: bool):
    return int(v) if whole else float(v)


def _numeric(kind, grid, integers, value, label, symbol, unit, format) -> Control:
    ends = grid[0], grid[-1]
    whole = integers or (kind == "linear" and bool(np.all(np.abs(grid - np.rint(grid)) < 1e-9)))
    if whole:
        grid = np.unique(np.rint(grid))
    values = tuple(_plain(float(f"{v:.12g}"), whole) for v in grid)
    value = values[len(values) // 2] if value is None else _plain(value, whole and float(value) == int(value))
    if not ends[0] <= value <= ends[1]:
        raise ValueError(f"value = {value!r}: must lie in [{ends[0]:g}, {ends[1]:g}]")
    return Control(_anchored("value", values, [value]), value, kind, label, symbol, unit, format)


def _anchored(name: str, values: tuple, anchors: list) -> tuple:
    """``values`` with each anchor put in, in place of its nearest neighbour unless that is an end or an anchor."""
    grid, kept = list(values), {values[0], values[-1]}
    for anchor in anchors:
        if not grid[0] <= anchor <= grid[-1]:
            raise ValueError(f"{name} = {anchor!r}: must lie in [{grid[0]}, {grid[-1]}]")
        nearest = min(grid, key=lambda v: abs(v - anchor))
        if nearest != anchor and nearest not in kept:
            grid.remove(nearest)
        kept.add(anchor)
        grid = sorted({*grid, anchor})
    return tuple(grid)
