"""The look of live figures: matplotlib settings under which every state is drawn, on the page and in a kernel."""

from collections.abc import Mapping
from types import MappingProxyType

import matplotlib as mpl

OWN = MappingProxyType(
    {
        "figure.figsize": (5.0, 3.6),
        "figure.dpi": 100,
        "figure.constrained_layout.use": True,
        "font.family": "DejaVu Sans",
        "font.size": 10.5,
        "axes.titlesize": 11,
        "axes.labelsize": 10.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "lines.linewidth": 1.8,
        "lines.markersize": 5,
        "legend.frameon": False,
        # text of a live figure is read on telephones as well: nothing below 10.2 pt
        "legend.fontsize": 10.2,
        "xtick.labelsize": 10.2,
        "ytick.labelsize": 10.2,
    }
)
LIVE_RC = dict(OWN)  # what holds now: changed in place by ``look``, never replaced


def look(settings: Mapping | None = None) -> dict:
    """Change how live figures look from here on; returns the settings that hold now, a copy.

    settings : names of matplotlib's ``rcParams`` and their values, added to those that hold already. ``{}`` changes
        nothing, ``None`` goes back to the look that liveplate comes with.
    Raises ``ValueError`` for a name that matplotlib does not know, and for a value that it refuses.

    The size of a figure is ``figsize`` of ``explore``; its dots per inch do not matter, for pages hold no pixels.

    >>> from liveplate import look
    >>> look({"lines.linewidth": 2.5})["lines.linewidth"]
    2.5
    >>> look({"line.width": 2})
    Traceback (most recent call last):
    ValueError: settings: matplotlib has no setting 'line.width'
    >>> look(None)["lines.linewidth"]
    1.8
    """
    if settings is None:
        LIVE_RC.clear()
        LIVE_RC.update(OWN)
        return dict(LIVE_RC)
    if not isinstance(settings, Mapping):
        raise ValueError(f"settings = {settings!r}: must be a dict such as {{'font.size': 11}}, or None")
    for name, value in settings.items():
        if name not in mpl.rcParams:
            raise ValueError(f"settings: matplotlib has no setting {name!r}")
        try:
            with mpl.rc_context({name: value}):
                pass
        except ValueError as error:
            raise ValueError(f"settings[{name!r}] = {value!r}: {error}") from None
    LIVE_RC.update(settings)
    return dict(LIVE_RC)
