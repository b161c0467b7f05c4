"""One state of a figure as SVG, for the sliders of a kernel: matplotlib takes several times as long to draw pixels."""

import html
from collections.abc import Mapping

from liveplate.draw.paths import number
from liveplate.draw.stage import Record, Stage, is_frame
from liveplate.picture.colors import notebook_css
from liveplate.picture.gather import quantised
from liveplate.picture.svg import Sheet
from liveplate.spec.figure import LiveFigure

FONT = "'DejaVu Sans', Verdana, sans-serif"
MOST_LAYOUTS = 6


class Snapshots:
    """Draws states one by one. Raises BakeError for what the recorder cannot keep, here or in any state."""

    def __init__(self, figure: LiveFigure, shortcuts: bool = True):
        self.figure, self.shortcuts = figure, shortcuts
        self.ident = f"{figure.name}-{id(self):x}"  # a notebook may show the same figure twice
        self.checked = not shortcuts
        self._set_stage([figure.default_values()])

    def _set_stage(self, room: list[Mapping]) -> None:
        self.stage = Stage(self.figure, self.figure.layouts[0], room, self.shortcuts)
        self.base = self.stage.record(self.figure.default_values())

    def __call__(self, values: Mapping) -> tuple[str, str]:
        """The picture for these arguments of ``draw``, an ``<svg>``, and the readout."""
        if values == self.figure.default_values():
            return self._picture(self.base), self.base.sentence
        record = self.stage.record(values)
        if record.cut and len(self.stage.room) < MOST_LAYOUTS:  # a label finds no room: make some
            self._set_stage([*self.stage.room, values])
            record = self.stage.record(values)
        return self._picture(record), record.sentence

    def check(self, values: Mapping) -> bool:
        """Is this picture the same without the stage's shortcuts? If not, they are given up.

        The default state, which the shortcuts start from, proves nothing: the question stays open.
        """
        if values == self.figure.default_values():
            return True
        self.checked = True
        careful = Stage.like(self.stage, self.figure.layouts[0])
        if self._picture(careful.record(values)) == self._picture(self.stage.record(values)):
            return True
        self.stage, self.shortcuts = careful, False
        return False

    def _picture(self, record: Record) -> str:
        sheet = Sheet(self.ident)
        nodes = "".join(self._slot(s, record, sheet) for s in record.slots)
        width, height = self.stage.width, self.stage.height
        label = html.escape(f"{self.figure.title}. {self.figure.alt or ''}")
        style = f"#{self.ident} .i{{font-style:italic}}#{self.ident} .px{{image-rendering:pixelated}}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{self.ident}" viewBox="0 0 {number(width)} {number(height)}" '
            f'role="img" aria-label="{label}" '
            f'style="width:{round(1.3 * width)}px;max-width:100%;height:auto;font-family:{FONT}">'
            f"<style>{style}{notebook_css('#' + self.ident, sheet.palette)}</style>{sheet.definitions()}{nodes}</svg>"
        )

    def _slot(self, slot: str, record: Record, sheet: Sheet) -> str:
        prims = (self.base if is_frame(slot, record.skipped) else record).slots.get(slot, [])
        size = self.stage.width, self.stage.height
        return "".join(sheet.node_at(prim, quantised([prim], len(prim.vertices), size)[0]) for prim in prims)
