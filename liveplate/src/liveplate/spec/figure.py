"""A live figure as its author describes it: what to draw, over which controls, in which words."""

import difflib
import inspect
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from liveplate.spec.controls import Control
from liveplate.spec.errors import BakeError
from liveplate.spec.numerals import numeral

WORDS = ("readout", "title", "alt", "caption", "presets", "name", "figsize", "subplots", "sweep", "grab")
KINDS = "Steps(…), LogSteps(…), Choice(…) or Toggle(…)"


@dataclass(frozen=True)
class Layout:
    """One arrangement of the axes: size in inches, and the keywords of ``Figure.subplots`` (None: a single axes)."""

    figsize: tuple[float, float]
    subplots: Mapping | None = None

    def axes(self, figure):
        """The axes on ``figure``: one, or a flat array of them."""
        return (
            figure.add_subplot() if self.subplots is None else figure.subplots(**self.subplots, squeeze=False).ravel()
        )


@dataclass(frozen=True)
class LiveFigure:
    """Everything ``explore`` was told, checked. States are tuples of places on the controls' grids."""

    draw: Callable
    controls: Mapping[str, Control]
    readout: str | Callable | None
    name: str
    title: str
    alt: str | None
    caption: str | None
    presets: Mapping[str, Mapping]
    sweep: str
    layouts: tuple[Layout, ...] = field(default=())
    grab: Mapping[str, str] = field(default_factory=dict)  # control -> the axis along which its mark is dragged

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(c.values) for c in self.controls.values())

    @property
    def default(self) -> tuple[int, ...]:
        return tuple(c.default for c in self.controls.values())

    def states(self):
        """All states, the last control running fastest."""
        return itertools.product(*map(range, self.shape))

    def values(self, state) -> dict:
        """The arguments of ``draw`` in a state."""
        return {name: c.values[i] for (name, c), i in zip(self.controls.items(), state, strict=True)}

    def default_values(self) -> dict:
        return self.values(self.default)

    def drawn(self, axes, values: Mapping):
        """What ``draw`` returns; BakeError says in which state it raised what."""
        try:
            return self.draw(axes, **values)
        except BakeError:
            raise
        except Exception as error:
            raise BakeError(f"draw raised {type(error).__name__} at {values}: {error}") from error

    def sentence(self, values: Mapping, found: Mapping | None) -> str:
        """The readout for argument ``values`` and what ``draw`` returned."""
        found = _checked(self.name, found)
        if self.readout is None:
            return ""
        if callable(self.readout):
            return str(self.readout(**values, **found))
        said = {name: _Said(v, self.controls[name].with_unit) for name, v in values.items()}
        said |= {name: _Said(v, _brief) for name, v in found.items()}
        try:
            return self.readout.format(**said)
        except KeyError as missing:
            raise ValueError(
                f"readout of {self.name}: {missing} is neither a control nor a key that draw returns ({sorted(said)})"
            ) from None


class _Said:
    """A value inside a readout: ``{n}`` uses the control's own format, ``{n:.2f}`` the author's."""

    def __init__(self, value, brief):
        self.value, self.brief = value, brief

    def __format__(self, spec: str) -> str:
        value = self.value.item() if isinstance(self.value, (np.generic, np.ndarray)) else self.value
        return format(value, spec).replace("-", "−" if spec[-1:] in "eEfFgGd%" else "-") if spec else self.brief(value)


def _brief(value) -> str:
    return numeral(value) if isinstance(value, (int, float, np.number)) else str(value)


def _checked(name: str, found) -> Mapping:
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise TypeError(f"draw of {name} returned {type(found).__name__}: return nothing, or a dict for the readout")
    return found


def describe(
    draw, readout, controls, *, title, alt, caption, presets, name, figsize, subplots, sweep, grab=None, strict=True
) -> LiveFigure:
    """Check what the author wrote and complete it: labels, the grid's extra values, the layouts.

    Not ``strict``: presets that set what is not on a list are left out, as after a reader's change of the list.
    """
    if not controls:
        raise ValueError("explore needs at least one control, such as n=Steps(10, 100, 10)")
    for key, control in controls.items():
        if not isinstance(control, Control):
            close = difflib.get_close_matches(key, WORDS, 1)
            hint = f"; did you mean {close[0]}=…?" if close else f"; the other words of explore are {', '.join(WORDS)}"
            raise ValueError(f"{key} = {control!r}: explore has no such keyword; as a control it must be {KINDS}{hint}")
    _accepts(draw, controls)
    for key, control in controls.items():
        if strict and control.asked is not None:
            raise ValueError(f"{key}: value = {control.asked!r}: must be one of {control.values}")
    presets = dict(presets or {})
    for label, values in presets.items():
        if strangers := set(values) - set(controls):
            raise ValueError(f"presets[{label!r}] sets {sorted(strangers)}: the controls are {list(controls)}")
    if not strict:
        presets = {
            label: values
            for label, values in presets.items()
            if all(_offers(controls[key], value) for key, value in values.items())
        }
    completed = {
        key: control.titled(key).through(key, [p[key] for p in presets.values() if key in p])
        for key, control in controls.items()
    }
    movable = [key for key, control in completed.items() if control.kind not in ("choice", "toggle")] or list(completed)
    if sweep is not None and sweep not in completed:
        raise ValueError(f"sweep = {sweep!r}: must be one of the controls {list(completed)}")
    name = name or re.sub(r"[^a-z0-9]+", "-", getattr(draw, "__name__", "figure").lower()).strip("-") or "figure"
    if not re.fullmatch(r"[A-Za-z][\w-]*", name):
        raise ValueError(f"name = {name!r}: must begin with a letter and hold letters, digits, hyphens only")
    return LiveFigure(
        draw=draw,
        controls=completed,
        readout=readout,
        name=name,
        title=title or name.replace("-", " ").capitalize(),
        alt=alt,
        caption=caption,
        presets=presets,
        sweep=sweep or movable[0],
        layouts=arrange(figsize, subplots),
        grab=_grabbed(grab, completed),
    )


def _offers(control: Control, value) -> bool:
    """Whether a preset can set this value: one on the list, or one inside the range."""
    if control.kind in ("linear", "log"):
        return control.values[0] <= value <= control.values[-1]
    return value in control.values


def _grabbed(grab, controls) -> dict[str, str]:
    """``"n"``, ``["n", "kappa"]`` or ``{"n": "x", "ridge": "y"}`` as the last of these.

    >>> _grabbed("n", {"n": None})
    {'n': 'x'}
    """
    axes = {grab: "x"} if isinstance(grab, str) else dict(grab or {}) if isinstance(grab, Mapping) else None
    axes = dict.fromkeys(grab, "x") if axes is None and grab else axes or {}
    for name, axis in axes.items():
        if name not in controls or axis not in ("x", "y"):
            raise ValueError(f'grab = {grab!r}: must name controls ({", ".join(controls)}) and the axis "x" or "y"')
    return axes


def _accepts(draw, controls) -> None:
    try:
        inspect.signature(draw).bind(None, **dict.fromkeys(controls))
    except TypeError as error:
        name = getattr(draw, "__name__", repr(draw))
        raise ValueError(
            f"{name}{inspect.signature(draw)} cannot be called as draw(ax, {', '.join(controls)}): {error}"
        ) from None


ONE = (4.6, 3.4)  # inches; 10 pt text is then 10 px high on a screen 360 px wide


def arrange(figsize, subplots) -> tuple[Layout, ...]:
    """One axes: a layout that suits every screen. Axes side by side: a second layout, stacked, for narrow screens.

    subplots : None, (rows, columns), or keywords of ``Figure.subplots``.
    """
    if subplots is None:
        return (Layout(tuple(figsize or ONE)),)
    grid = dict(subplots) if isinstance(subplots, Mapping) else dict(zip(("nrows", "ncols"), subplots, strict=True))
    rows, columns = grid.get("nrows", 1), grid.get("ncols", 1)
    wide = Layout(
        tuple(figsize or (ONE[0] if columns == 1 else 3.9 * columns, (3.4 if rows == 1 else 2.7 * rows))), grid
    )
    if columns == 1:
        return (wide,)
    stacked = {k: v for k, v in grid.items() if k not in ("width_ratios", "height_ratios", "gridspec_kw")}
    stacked |= {"nrows": rows * columns, "ncols": 1}
    return wide, Layout((ONE[0], 3.0 * rows * columns), stacked)
