"""Live figures in a browser: move their controls, read their curves back from the SVG, compare with Python's values.

What Python plots in a few states comes from the probes that the build puts into the metadata of each figure's output:
an ordinary matplotlib figure drew them. ``check_probes`` moves the sliders of a page to each of these states and
compares sentence, limits and every probed vertex, in pixels: rounding to tenths leaves at most 0.05 (and as much again
for the frame's own rounding).
"""

import math
import re

TOLERANCE = 0.11  # pixels
FAR = 3199
VERTEX = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")


class FigureOnPage:
    """One live figure of an open page."""

    def __init__(self, page, name: str):
        self.page, self.name = page, name
        self.root = page.locator(f"figure#{name}")
        self.root.scroll_into_view_if_needed()
        page.wait_for_selector(f"figure#{name}[data-ready]", state="attached", timeout=20_000)

    def move(self, state) -> None:
        """Set every control as a reader's input would, and wait until the figure rests there."""
        script = """(figure, state) => {
            figure.querySelectorAll("[data-v]").forEach((e, k) => {
                if (e.type === "checkbox") e.checked = !!state[k]; else e.value = state[k];
                e.dispatchEvent(new Event("input", {bubbles: true}));
            });
        }"""
        before = self.state()
        self.root.evaluate(script, list(state))
        if list(state) != before:
            wanted = ",".join(map(str, state))
            self.page.wait_for_selector(f'figure#{self.name}[data-state="{wanted}"]', state="attached", timeout=20_000)

    def state(self) -> list[int]:
        return self.root.evaluate("figure => figure.live.state()")

    def sentence(self) -> str:
        return self.root.locator(".live-readout").text_content()

    def plan(self) -> dict:
        """The data table's plan: frames of the axes, and series with their slots."""
        return self.root.evaluate(
            "f => JSON.parse(liveFigures.words(f.live.payload, f.live.payload.plan, f.live.state()))"
        )

    def vertices(self, slot: str) -> list[tuple[float, float]]:
        """All vertices of a slot's nodes, in SVG pixels."""
        data = self.root.evaluate(
            "(f, slot) => [...f.querySelectorAll(`[data-s=\"${slot}\"]`)].map(e => e.getAttribute('d')).join('')", slot
        )
        return [(float(x), float(y)) for x, y in VERTEX.findall(data)]

    def nodes(self) -> list[str]:
        """Everything that is seen of the picture: paths, places and texts."""
        return self.root.evaluate("""f => [...f.querySelectorAll("svg.live-picture path, svg.live-picture text")]
            .filter(e => e.style.display !== "none")
            .map(e => [e.getAttribute("d"), e.getAttribute("transform"), e.textContent].join("|"))""")


def pixel(value, frame, axis: str) -> float:
    """Where a value lies in the SVG: frame = [left, top, width, height, x0, x1, log x, y0, y1, log y]."""
    left, top, width, height, *scales = frame
    low, high, log = scales[:3] if axis == "x" else scales[3:]
    part = math.log(value / low) / math.log(high / low) if log else (value - low) / (high - low)
    return left + width * part if axis == "x" else top + height * (1 - part)


def value(pixels: float, frame, axis: str) -> float:
    """The inverse of ``pixel``."""
    left, top, width, height, *scales = frame
    low, high, log = scales[:3] if axis == "x" else scales[3:]
    part = (pixels - left) / width if axis == "x" else 1 - (pixels - top) / height
    return low * (high / low) ** part if log else low + (high - low) * part


def _middle(a: float, b: float, frame, axis: str) -> float:
    """Where the middle of a bar, halfway between its edges in data coordinates, lies in pixels (log axes too)."""
    return pixel((value(a, frame, axis) + value(b, frame, axis)) / 2, frame, axis)


def check_probes(figure: FigureOnPage, probes: list[dict]) -> int:
    """Compare the figure with Python in every probed state; the number of vertices that were compared."""
    compared = 0
    for probe in probes:
        figure.move(probe["state"])
        where = f"{figure.name} at {probe['state']}"
        assert figure.sentence() == probe["sentence"], where
        plan = figure.plan()
        labels = [series[:2] for series in plan["s"]]
        assert labels == [[s["label"], s["axes"]] for s in probe["series"]], where
        for frame, limits in zip(plan["a"], probe["limits"], strict=True):
            assert [*frame[4:6], *frame[7:9]] == [float(f"{v:.9g}") for v in limits], where
        for series in probe["series"]:
            frame = plan["a"][series["axes"]]
            if 2 not in (frame[6], frame[9]):
                compared += _check_series(figure, series, frame, f"{where}, {series['label']}")
    return compared


def _check_series(figure: FigureOnPage, series: dict, frame: list, where: str) -> int:
    drawn = figure.vertices(series["slots"][0])
    size = {"d": 1, "e": 1, "b": 4, "h": 4}.get(series["kind"])
    count = (len(drawn) - 3) // 2 if series["kind"] == "f" else len(drawn) // size
    assert count == series["count"], f"{where}: {count} drawn, {series['count']} plotted"
    bars = figure.vertices(series["slots"][1]) if series["kind"] == "e" else []
    compared = 0
    for i, x, y, low, high in series["rows"]:
        if series["kind"] in "de":
            pairs = [(drawn[i], x, y)]
            if bars:
                ends = sorted(bars[2 * i : 2 * i + 2], key=lambda p: -p[1])
                pairs += [(ends[0], x, low), (ends[1], x, high)]
        elif series["kind"] == "f":
            ends = sorted((drawn[1 + i], drawn[len(drawn) - 2 - i]), key=lambda p: -p[1])
            pairs = [(ends[0], x, low), (ends[1], x, high)]
        else:
            a, b = drawn[4 * i], drawn[4 * i + 2]
            middle = _middle(a[0], b[0], frame, "x"), _middle(a[1], b[1], frame, "y")
            pairs = [((middle[0], b[1]) if series["kind"] == "b" else (b[0], middle[1]), x, y)]
        for (px, py), vx, vy in pairs:
            if max(abs(px), abs(py)) >= FAR or (frame[6] and vx <= 0) or (frame[9] and vy <= 0):
                continue
            off = abs(px - pixel(vx, frame, "x")), abs(py - pixel(vy, frame, "y"))
            assert max(off) <= TOLERANCE, f"{where}: vertex {i} at ({vx}, {vy}) is off by {off} pixels"
            compared += 1
    return compared
