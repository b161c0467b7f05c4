"""Baking: every state is drawn, gathered, encoded, checked and set in HTML, or an error says why not."""

import math
import time

from liveplate.bake import store
from liveplate.bake.decode import Payload
from liveplate.bake.encode import encode
from liveplate.bake.page import fragment, grabbed
from liveplate.bake.probe import probes, some_states
from liveplate.bake.standalone import output
from liveplate.bake.verify import decoded_nodes, differences, drawn_nodes
from liveplate.draw.stage import DPI, Record, Stage
from liveplate.draw.workers import record_all
from liveplate.picture.gather import Element, gather, plain_slot
from liveplate.picture.svg import Sheet
from liveplate.spec.errors import BakeError
from liveplate.spec.figure import Layout, LiveFigure

MOST_STATES = 2000
MOST_BYTES = 120_000
CHECKED = 4  # random states, besides the default, that the build draws again
SMALLEST = 9.9  # pixels: text on a screen 360 pixels wide
PHONE = 328  # of which a figure has this many


def publish(figure: LiveFigure, standalone: bool = False) -> None:
    """Display the baked figure as this cell's output; its facts and probes travel in the output's metadata.

    standalone : the output brings the player along, or an earlier one of this notebook did.
    """
    from IPython.display import display

    result = baked(figure)
    facts = {"facts": result["facts"], "probes": result["probes"]}
    html = output(figure.name, result["html"]) if standalone else result["html"]
    display({"text/html": html, "text/plain": f"Live figure: {figure.title}"}, raw=True, metadata={"live": facts})


def baked(figure: LiveFigure) -> dict:
    """``{"html", "facts", "probes"}`` of a figure, from the cache if nothing that it depends on has changed."""
    path = store.path_of(figure)
    result = store.load(path)
    if result is None:
        try:
            result = bake(figure)
        except BakeError as error:
            raise BakeError(f"the live figure {figure.name!r} cannot be baked: {error}") from error
        store.save(path, result)
    return result


def bake(figure: LiveFigure) -> dict:
    """Draw, gather, encode and check; the shortcuts in drawing are given up for a figure that they do not suit."""
    count = math.prod(figure.shape)
    if count > MOST_STATES:
        raise BakeError(f"{count} states ({' × '.join(map(str, figure.shape))}); at most {MOST_STATES} are allowed")
    if not figure.alt:
        raise BakeError("it has no alt text: say its message in a sentence, alt=…")
    start = time.process_time()
    attempt = _Attempt(figure, shortcuts=True)
    if attempt.wrong():
        attempt = _Attempt(figure, shortcuts=False)
        if wrong := attempt.wrong():
            raise BakeError(
                f"drawing a state twice gave two pictures ({wrong}): draw must depend on its arguments only; "
                "seed random numbers from them"
            )
    seconds = attempt.seconds + time.process_time() - start
    facts = {"states": count, "seconds": round(seconds, 1), "bytes": len(attempt.payload)}
    html = fragment(figure, attempt.drawings, attempt.sheet, attempt.sentence, attempt.payload, facts)
    facts |= {"name": figure.name, "title": figure.title, "html": len(html)}
    return {"html": html, "facts": facts, "probes": probes(figure)}


class _Attempt:
    """One way through: records of all states and layouts, and the payload made of them."""

    def __init__(self, figure: LiveFigure, shortcuts: bool):
        self.figure, self.seconds = figure, 0.0
        self.states = list(figure.states())
        self.default = self.states.index(figure.default)
        self.sheet = Sheet(figure.name)
        self.stages, self.drawings, first = [], [], []
        for layout in figure.layouts:
            stage, base, records = self._drawn(layout, shortcuts)
            self.stages.append(stage)
            self.drawings.append(gather(base, records, self.default, (stage.width, stage.height)))
            first = first or records
        _check_text_size(self.drawings, self.stages)
        _check_grabbed(figure, self.drawings)
        for elements in self.drawings[1:]:  # the data table reads the first picture
            for element in elements:
                element.series = ""
        elements = [e for drawing in self.drawings for e in drawing]
        sentences, data = [r.sentence for r in first], [r.data for r in first]
        self.sentence = sentences[self.default]
        self.payload = encode(elements, self.sheet, figure.shape, sentences, data)
        if len(self.payload) > MOST_BYTES:
            raise BakeError(
                f"{len(self.payload) / 1000:.0f} kB compressed for {len(self.states)} states; at most "
                f"{MOST_BYTES // 1000} kB are allowed: fewer states, or curves on a fixed grid of x"
            )

    def _drawn(self, layout: Layout, shortcuts: bool) -> tuple[Stage, Record, list[Record]]:
        """Draw all states; where a label finds no room, once more with room for it."""
        widest = [self.figure.default, self.states[0], self.states[-1]]
        for _ in range(2):
            room = [self.figure.values(state) for state in dict.fromkeys(widest)]
            stage = Stage(self.figure, layout, room, shortcuts)
            base = stage.record(self.figure.default_values())
            records, seconds = record_all(stage, self.states)
            self.seconds += seconds
            worst = {}  # edge -> (pixels, text, state)
            for state, record in zip(self.states, records, strict=True):
                for edge, (pixels, text) in record.cut.items():
                    worst[edge] = max(worst.get(edge, (0, "", ())), (pixels, text, state))
            if not worst:
                return stage, base, records
            widest += [state for _, _, state in worst.values()]
        edge, (_, text, state) = worst.popitem()
        raise BakeError(
            f"the text {text!r} is cut by the {edge} edge at {self.figure.values(state)}: move or shorten it"
        )

    def wrong(self) -> str:
        """Where a fresh drawing of some state differs from the payload; empty if nowhere."""
        payload, first = Payload(self.payload), 0
        for layout, stage, elements in zip(self.figure.layouts, self.stages, self.drawings, strict=True):
            size = stage.width, stage.height
            markup = {plain_slot(e.slot) for e in elements if e.markup is not None}
            for state in some_states(self.figure, CHECKED, "check"):
                fresh = Stage.like(stage, layout)
                drawn = drawn_nodes(fresh.record(self.figure.values(state)), self.sheet, size, markup)
                decoded = decoded_nodes(elements, payload, first, state, self.sheet, size)
                if found := differences(drawn, decoded):
                    return f"{', '.join(found[:3])} at {self.figure.values(state)}"
            first += sum(e.varies for e in elements)
        return ""


def _check_grabbed(figure: LiveFigure, drawings: list[list[Element]]) -> None:
    """What is to be dragged must be there and move."""
    for name, axis in figure.grab.items():
        for elements in drawings:
            marks = [e for e in elements if grabbed(e, figure) == name]
            if not marks:
                raise BakeError(f'grab: nothing has the name of the mark of {name}: give it gid="grab:{name}"')
            for mark in marks:
                if mark.numbers is None or mark.prim is None or mark.prim.kind not in "pm":
                    raise BakeError(f"grab: the mark of {name} must be one line or set of dots that moves with {name}")
                places = mark.numbers[:, "xy".index(axis)].reshape(figure.shape)
                if (places == places.take([0], axis=list(figure.controls).index(name))).all():
                    raise BakeError(f"grab: the mark of {name} does not move along {axis}")


def _check_text_size(drawings: list[list[Element]], stages: list[Stage]) -> None:
    """Every text must be readable in the layout that a telephone shows, the last one."""
    scale = min(1.0, PHONE / stages[-1].width)
    for element in drawings[-1]:
        prim = element.prim
        if prim is not None and prim.kind == "t" and prim.face.size * scale < SMALLEST:
            points = SMALLEST / scale * 72 / DPI
            raise BakeError(
                f"the text {prim.body!r} has {prim.face.size * 72 / DPI:.1f} points: "
                f"less than {points:.1f} cannot be read on a telephone"
            )
