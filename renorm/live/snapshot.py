"""One state of a figure as SVG, for the sliders of a kernel: matplotlib takes several times as long to draw pixels."""

import html
from collections.abc import Mapping

from renorm.live.colors import notebook_css
from renorm.live.figure import LiveFigure
from renorm.live.gather import drawing_order, quantised
from renorm.live.paths import number
from renorm.live.stage import Record, Stage, is_frame
from renorm.live.svg import Sheet

FONT = "'DejaVu Sans', Verdana, sans-serif"


class Snapshots:
    """Draws states one by one. Raises BakeError for what the recorder cannot keep, here or in any state."""

    def __init__(self, figure: LiveFigure):
        self.figure = figure
        self.ident = f"{figure.name}-{id(self):x}"  # a notebook may show the same figure twice
        self.stage = quick = Stage(figure, figure.layouts[0])
        self.base = quick.record(figure.default_values())
        last = figure.values(tuple(length - 1 for length in figure.shape))
        shown = self(last)
        self.stage = Stage.like(quick, figure.layouts[0])
        if self(last) == shown:  # the shortcuts suit this figure
            self.stage = quick

    def __call__(self, values: Mapping) -> tuple[str, str]:
        """The picture for these arguments of ``draw``, an ``<svg>``, and the readout."""
        record, sheet = self.stage.record(values), Sheet(self.ident)
        nodes = "".join(self._slot(s, record, sheet) for s in drawing_order([self.base, record]))
        width, height = self.stage.width, self.stage.height
        label = html.escape(f"{self.figure.title}. {self.figure.alt or ''}")
        style = f"#{self.ident} .i{{font-style:italic}}#{self.ident} .px{{image-rendering:pixelated}}"
        picture = (
            f'<svg id="{self.ident}" viewBox="0 0 {number(width)} {number(height)}" role="img" aria-label="{label}" '
            f'style="width:{round(1.3 * width)}px;max-width:100%;height:auto;font-family:{FONT}">'
            f"<style>{style}{notebook_css('#' + self.ident, sheet.palette)}</style>{sheet.definitions()}{nodes}</svg>"
        )
        return picture, record.sentence

    def _slot(self, slot: str, record: Record, sheet: Sheet) -> str:
        prims = (self.base if is_frame(slot, record.skipped) else record).slots.get(slot, [])
        size = self.stage.width, self.stage.height
        return "".join(sheet.node_at(prim, quantised([prim], len(prim.vertices), size)[0]) for prim in prims)
