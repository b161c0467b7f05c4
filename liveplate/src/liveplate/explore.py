"""``explore``: one drawing function, three ways to meet it: in a kernel, baked on the page, as a plain picture.

``save`` writes it into a page of its own.
"""

import inspect
import os
import pathlib
from collections.abc import Callable, Mapping, Sequence

import matplotlib as mpl

from liveplate.spec.controls import Control
from liveplate.spec.figure import LiveFigure, describe
from liveplate.spec.look import LIVE_RC

BAKE = "LIVEPLATE_BAKE"


def explore(
    draw: Callable,
    readout: str | Callable | None = None,
    *,
    title: str | None = None,
    alt: str | None = None,
    caption: str | None = None,
    presets: Mapping[str, Mapping] | None = None,
    name: str | None = None,
    figsize: tuple[float, float] | None = None,
    subplots: tuple[int, int] | Mapping | None = None,
    sweep: str | None = None,
    grab: str | Sequence[str] | Mapping[str, str] | None = None,
    **controls: Control,
):
    """Show ``draw(ax, **values)`` as a figure whose values the reader moves.

    draw : plain matplotlib on the axes it is given (a flat array of axes when ``subplots`` is set); returns nothing,
        or a dict of what the readout mentions. It must be deterministic: seed random numbers from the values.
    readout : one sentence that says what is seen: ``"At n = {n} the test error is {test:.2f}."`` over the controls
        and draw's dict, or a function of both.
    title, alt, caption : the figure's name, its message in words for those who do not see it, and the text below it.
    presets : ``{"at the peak": dict(n=200)}``: buttons.  sweep : the control that the play button moves.
    name : identifies the figure in links, ``page.html#name?n=200``; from the function's name if not given.
    figsize : inches.  subplots : (rows, columns) or keywords of ``Figure.subplots``.
    grab : ``"n"`` or ``{"n": "x", "ridge": "y"}``: the mark of a control can be dragged along that axis on the page.
        The mark is what ``draw`` names so, ``ax.axvline(n, gid="grab:n")``; it may stand at what follows from n.
    controls : one ``Steps``, ``LogSteps``, ``Choice`` or ``Toggle`` for each argument of ``draw``.

    In a Jupyter kernel: widgets, title and caption below; a default or a preset that is not on its list, because
    someone changed the list, is moved to the nearest or left out. The output holds a picture, too, for viewers
    without a kernel (GitHub, nbconvert). With LIVEPLATE_BAKE=1 in the environment, or after ``standalone()``, every
    state is drawn once and the output is a figure that works without a kernel; whatever cannot be baked raises
    ``BakeError``.
    (LIVEPLATE_BAKE=site, which ``liveplate.sphinx`` sets: the same, on pages that bring the player.) Else: returns the
    default state as a ``matplotlib.figure.Figure``.

    >>> from liveplate import explore, Steps
    >>> def wave(ax, frequency):
    ...     x = [i / 50 for i in range(51)]
    ...     ax.plot(x, [(x_ * frequency) % 1 for x_ in x])
    >>> explore(wave, alt="a sawtooth", frequency=Steps(1, 5, 5)).axes[0].lines[0].get_xdata()[-1]
    np.float64(1.0)
    """
    how = os.environ.get(BAKE, "")
    figure = describe(
        draw, readout, controls, title=title, alt=alt, caption=caption, presets=presets, name=name, figsize=figsize,
        subplots=subplots, sweep=sweep, grab=grab, strict=how not in ("", "0"),
    )  # fmt: skip
    if how not in ("", "0"):
        from liveplate.bake.bake import publish

        return publish(figure, standalone=how != "site")
    if _in_kernel():
        try:
            from liveplate.kernel.widgets import show
        except ImportError as missing:
            raise ImportError(
                f'sliders in a notebook take ipywidgets: pip install "liveplate[notebook]" ({missing})'
            ) from None
        return show(figure)
    return picture(figure, figure.default_values())


def save(path, /, draw: Callable, readout: str | Callable | None = None, **told) -> pathlib.Path:
    """Write ``draw`` as a live figure into one HTML file that needs no other file, no server and no network.

    path : where to; ends in ``.html``. All else as in ``explore``; ``alt`` is required. Returns the path.
    Raises ``BakeError`` for what cannot be baked. Needs the extra ``page``: ``pip install "liveplate[page]"``.
    """
    from liveplate.bake.bake import baked
    from liveplate.bake.standalone import checked, write
    from liveplate.player.assets import style

    path = checked(path)
    style()  # a missing extra is said before a minute of drawing
    named = [p.name for p in inspect.signature(explore).parameters.values() if p.kind is p.KEYWORD_ONLY]
    words = {name: told.pop(name, None) for name in named}
    figure = describe(draw, readout, told, **words)
    return write(path, figure.title, [baked(figure)["html"]])


def standalone(on: bool = True) -> None:
    """From here on, figures of this notebook are outputs that work by themselves, in its kernel or without.

    For ``jupyter nbconvert --to html``, and for notebooks that are handed on with their outputs. The first figure
    brings the player; ``standalone(False)`` goes back to widgets.
    """
    os.environ[BAKE] = "1" if on else "0"


def picture(figure: LiveFigure, values: Mapping):
    """One state as an ordinary pyplot figure, the readout below it."""
    import matplotlib.pyplot as plt

    with mpl.rc_context(LIVE_RC):
        layout = figure.layouts[0]
        canvas = plt.figure(figsize=layout.figsize)
        said = figure.sentence(values, figure.draw(layout.axes(canvas), **values))
        if said:
            canvas.supxlabel(said, fontsize=LIVE_RC["font.size"], wrap=True)
    return canvas


def _in_kernel() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None
