"""The figure in a live kernel: ipywidgets, any value in the range, several quick moves for one redraw."""

import asyncio
import base64
import html
import io
import re
import traceback
from collections.abc import Callable, Mapping

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from liveplate.kernel.snapshot import Snapshots
from liveplate.spec.controls import Control
from liveplate.spec.errors import BakeError
from liveplate.spec.figure import LiveFigure

PAUSE = 0.01  # seconds that a redraw waits for further moves
REST = 0.5  # seconds without a move after which the picture is checked
STILL_DPI = 144  # of the picture for viewers without a kernel
STILL_BYTES = 44_000  # 60 kB in the notebook's file
WIDE = {"description_width": "initial"}


def slider(name: str, control: Control) -> widgets.ValueWidget:
    """The widget of a control; its ``value`` is what ``draw`` receives (after ``read``)."""
    words = " ".join(filter(None, (control.label, control.symbol)))
    common = dict(description=words or name, style=WIDE, layout=widgets.Layout(width="95%"))
    if control.kind == "toggle":
        return widgets.Checkbox(value=control.value, description=words, indent=False)
    if control.kind == "choice":
        return widgets.Dropdown(
            options=list(zip(control.names, control.values, strict=True)), value=control.value, **common
        )
    if control.kind == "list":
        options = [(control.with_unit(v), v) for v in control.values]
        return widgets.SelectionSlider(options=options, value=control.value, **common)
    low, high = control.values[0], control.values[-1]
    if control.kind == "log":
        return widgets.FloatLogSlider(
            value=control.value, min=np.log10(low), max=np.log10(high), step=np.log10(high / low) / 400,
            readout_format=".0f" if _whole(control) else ".3g", **common,
        )  # fmt: skip
    if _whole(control):
        return widgets.IntSlider(value=control.value, min=low, max=high, **common)
    return widgets.FloatSlider(
        value=control.value, min=low, max=high, step=(high - low) / 200, readout_format=".3g", **common
    )


def read(control: Control, value):
    """The widget's value as ``draw`` expects it: whole numbers whole, never outside the range."""
    if control.kind not in ("log", "linear"):
        return value
    value = min(max(value, control.values[0]), control.values[-1])
    return round(value) if _whole(control) else value


def _whole(control: Control) -> bool:
    return all(isinstance(v, int) for v in control.values)


class Coalesce:
    """Calls ``work`` once for all requests that arrive within ``PAUSE`` (at once where no event loop runs)."""

    def __init__(self, work: Callable[[], None]):
        self.work, self.waiting = work, False

    def __call__(self, *_):
        if self.waiting:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.work()
            return
        self.waiting = True
        loop.call_later(PAUSE, self._run)

    def _run(self):
        self.waiting = False
        self.work()


class KernelFigure:
    """The widgets of one figure and their wiring; ``box`` is what is displayed."""

    def __init__(self, figure: LiveFigure):
        self.figure = figure
        self.sliders = {name: slider(name, c) for name, c in figure.controls.items()}
        self.image, self.said = widgets.HTML(), widgets.HTML()
        try:
            self.snapshots = Snapshots(figure)
        except BakeError:
            self.snapshots = None
        self.redraw()  # an error in the default state is raised in the cell, with its full traceback
        request = Coalesce(self.redraw_or_explain)
        self.checking: asyncio.TimerHandle | None = None
        for widget in self.sliders.values():
            widget.observe(request, "value")
        buttons = [self._button(label, values) for label, values in self.all_presets().items()]
        self.box = widgets.VBox([self.image, self.said, *self.sliders.values(), widgets.HBox(buttons)])

    def all_presets(self) -> dict:
        return {"reset": self.figure.default_values(), **self.figure.presets}

    def _button(self, label: str, values) -> widgets.Button:
        button = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
        button.on_click(lambda _: self.set(**values))
        return button

    def set(self, **values) -> None:
        """Move several sliders."""
        for name, value in values.items():
            self.sliders[name].value = value

    def values(self) -> dict:
        return {name: read(c, self.sliders[name].value) for name, c in self.figure.controls.items()}

    def redraw(self) -> None:
        self.image.value, said = self.picture(self.values())
        self.said.value = f"<p>{html.escape(said)}</p>"

    def picture(self, values: Mapping) -> tuple[str, str]:
        """Markup and readout: as vectors, which is quick, or as pixels, which can show all that matplotlib draws."""
        if self.snapshots:
            try:
                return self.snapshots(values)
            except BakeError:
                pass
        return pixels(self.figure, values)

    def still(self) -> dict[str, str]:
        """The default state for viewers that know no widgets, by type: pixels, which all of them show, and words."""
        return {"image/png": still(self.figure), "text/plain": f"{self.figure.title}. {self.figure.alt or ''}".rstrip()}

    def redraw_or_explain(self) -> None:
        try:
            self.redraw()
            if self.snapshots and not self.snapshots.checked:
                self.check_at_rest()
        except Exception as error:
            trace = "".join(traceback.format_exception(error)[-6:])
            self.said.value = (
                f'<div role="alert" style="color:#b00020"><b>{html.escape(self.figure.name)} could not be drawn: '
                f"{html.escape(str(error))}</b><pre>{html.escape(trace)}</pre></div>"
            )

    def check_at_rest(self) -> None:
        if self.checking:
            self.checking.cancel()
        try:
            self.checking = asyncio.get_running_loop().call_later(REST, self.check)
        except RuntimeError:
            self.check()

    def check(self) -> None:
        """Once, after the first move: pictures that are drawn the quick way must be the right ones."""
        try:
            if not self.snapshots.check(self.values()):
                self.redraw()
        except Exception:
            self.redraw_or_explain()  # which says what is wrong


def drawn(figure: LiveFigure, values: Mapping, dpi: int) -> tuple[FigureCanvasAgg, Mapping | None]:
    """A state drawn by matplotlib itself, and what ``draw`` returned."""
    from liveplate.spec.look import LIVE_RC

    with mpl.rc_context(LIVE_RC):
        layout = figure.layouts[0]
        canvas = FigureCanvasAgg(Figure(layout.figsize, dpi=dpi))  # savefig(dpi=…) would lay the text out twice
        found = figure.draw(layout.axes(canvas.figure), **values)
        canvas.draw()
    return canvas, found


def still(figure: LiveFigure) -> str:
    """The default state as a small PNG, base64: few colours, a third of the bytes; smaller if need be."""
    canvas, _ = drawn(figure, figure.default_values(), STILL_DPI)
    whole = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    for colours, scale in ((64, 1.0), (32, 1.0), (32, 0.7), (16, 0.5)):
        picture = whole if scale == 1 else whole.resize([round(scale * side) for side in whole.size])
        png = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
        if png.tell() <= STILL_BYTES:
            break
    return base64.b64encode(png.getvalue()).decode()


def pixels(figure: LiveFigure, values: Mapping) -> tuple[str, str]:
    """A state as an ``<img>``, and the readout."""
    canvas, found = drawn(figure, values, 200)
    png = io.BytesIO()
    canvas.print_png(png)
    width = round(130 * figure.layouts[0].figsize[0])
    data = base64.b64encode(png.getvalue()).decode()
    alt = html.escape(figure.alt or figure.title)
    picture = f'<img alt="{alt}" style="width:{width}px;max-width:100%" src="data:image/png;base64,{data}">'
    return picture, figure.sentence(values, found)


def show(figure: LiveFigure) -> None:
    """Display the figure in the running notebook; where no kernel runs, in a saved one, a still picture is shown."""
    from IPython.display import Markdown, display

    shown = KernelFigure(figure)
    size = {"image/png": {"width": round(100 * figure.layouts[0].figsize[0])}}
    display(shown.box._repr_mimebundle_() | shown.still(), raw=True, metadata=size)
    display(Markdown(legend(figure)))


def legend(figure: LiveFigure) -> str:
    """Title and caption as Markdown, which every viewer of notebooks shows, formulas included.

    >>> from types import SimpleNamespace
    >>> legend(SimpleNamespace(title="Risk", caption="At $a_1*b_1$, n < d: *not* learned."))
    '**Risk.** At $a_1*b_1$, n &lt; d: \\\\*not\\\\* learned.'
    """
    title = figure.title if figure.title.endswith((".", "?", "!")) else f"{figure.title}."
    return f"**{_as_markdown(title)}** {_as_markdown(figure.caption or '')}".rstrip()


def _as_markdown(text: str) -> str:
    """Words mean themselves; what stands between dollars is a formula."""
    parts = re.split(r"(\$[^$]*\$)", text)
    return "".join(
        part if i % 2 else re.sub(r"([\\*_`\[\]|~])", r"\\\1", html.escape(part, quote=False))
        for i, part in enumerate(parts)
    )
