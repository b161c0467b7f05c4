"""Records of all states -> elements of the picture, each with only what varies in it."""

import itertools
from dataclasses import dataclass

import numpy as np

from liveplate.draw.recorder import Prim, Style
from liveplate.draw.stage import Record, is_frame
from liveplate.spec.errors import BakeError

SCALE = 10  # units per SVG pixel: 0.05 px is the largest rounding
LIMIT = 3200  # pixels: what fits 16 bits at that scale
GONE = -32768  # "not there"
MOST_POOLED = 60


@dataclass
class Element:
    """One node of the SVG. ``prim`` is its default state (or any, where the default has none).

    numbers : (states, 2 · vertices) int16, GONE where absent; None if constant.  bodies, styles : per state, or None.
    markup : per state a list of prims, where their structure varies beyond all rules (contours).
    glides : whether its numbers may be shown between two states while a curve moves.  series : the slot, if the data
        table reads it.
    """

    slot: str
    prim: Prim | None
    numbers: np.ndarray | None = None
    bodies: list[str] | None = None
    styles: list[Style] | None = None
    markup: list[list[Prim]] | None = None
    glides: bool = True
    default: int = 0
    series: str = ""

    @property
    def varies(self) -> bool:
        return any(part is not None for part in (self.numbers, self.bodies, self.styles, self.markup))


def gather(base: Record, records: list[Record], default: int, size) -> list[Element]:
    """All elements in drawing order. ``base`` is the default state drawn in full, ``default`` its place in the list."""
    order, names = drawing_order([base, *records])
    tabled = {own.get(s, s) for r, own in zip(records, names[1:], strict=True) for s in r.tabled}
    drawn = [{own[s]: prims for s, prims in r.slots.items()} for r, own in zip(records, names[1:], strict=True)]
    elements = []
    for slot in order:
        whole = base.slots.get(plain_slot(slot), [])  # a frame that was not drawn again: as in the default state
        per_state = [
            (whole if is_frame(slot, record.skipped) else own[slot]) if slot in own else []
            for record, own in zip(records, drawn, strict=True)
        ]
        mine = _slot_elements(slot, per_state, default, size)
        elements += mine
        if slot in tabled:
            marked_line = any({"p", "m"} <= {p.kind for p in prims} for prims in per_state)
            for element in mine:  # of a line with markers, the line
                if element.prim and element.prim.kind in ("p" if marked_line else "pm"):
                    element.series = plain_slot(slot)
    return elements


def plain_slot(slot: str) -> str:
    """A slot as ``name_slots`` named it, whatever place in the order it has.

    >>> plain_slot("live:a0.Line2D.1^2")
    'live:a0.Line2D.1'
    """
    return slot.partition("^")[0]


def drawing_order(records: list[Record]) -> tuple[list[str], list[dict[str, str]]]:
    """One order for the slots of all states, and for each state its slots' names in it.

    A slot that only some states have stands after its predecessor there. Where a state draws a slot above one that
    lies over it elsewhere, it gets another place under another name (``slot^1``), so that each state is in order.
    """
    order = list(records[0].slots)
    place = {slot: i for i, slot in enumerate(order)}
    known: dict[tuple, dict] = {}
    for record in records:
        slots = tuple(record.slots)
        if slots in known:
            continue
        known[slots] = names = {}
        at = -1
        for slot in slots:
            name = next(n for k in itertools.count() if place.get(n := f"{slot}^{k}" if k else slot, 1 << 30) > at)
            if name not in place:
                order.insert(at + 1, name)
                place = {each: i for i, each in enumerate(order)}
            names[slot], at = name, place[name]
    return order, [known[tuple(record.slots)] for record in records]


def _slot_elements(slot: str, per_state: list[list[Prim]], default: int, size) -> list[Element]:
    counts = {len(prims) for prims in per_state} - {0}
    if len(counts) == 1:
        columns = [[prims[j] if prims else None for prims in per_state] for j in range(counts.pop())]
        if all(_comparable(column) for column in columns):
            return [_element(slot, column, default, size) for column in columns]
    pooled = _pool(per_state)
    if pooled is not None:
        return [_element(slot, column, default, size, glides=False) for column in pooled]
    return [Element(slot, None, markup=per_state, default=default)]


def _comparable(column: list[Prim | None]) -> bool:
    """Same kind and face, and paths that are beginnings of the longest one."""
    present = [p for p in column if p is not None]
    if len({(p.kind, p.face) for p in present}) != 1:
        return False
    letters = {p.letters for p in present}
    if present[0].kind == "p":
        longest = max(letters, key=len)
        return all(longest.startswith(each) for each in letters)
    return len(letters) == 1


def _pool(per_state: list[list[Prim]]) -> list[list[Prim | None]] | None:
    """Ticks come and go: the k-th prim of each structure and style is one element, hidden where a state lacks it."""
    columns: dict[tuple, list] = {}
    order: list[tuple] = []
    sequences = []
    for i, prims in enumerate(per_state):
        seen: dict[tuple, int] = {}
        sequence = []
        for prim in prims:
            if prim.kind == "i":
                return None
            look = prim.structure, prim.style
            seen[look] = k = seen.get(look, -1) + 1
            if (look, k) not in columns:
                if len(columns) >= MOST_POOLED:
                    return None
                columns[look, k] = [None] * len(per_state)
                order.insert(order.index(sequence[-1]) + 1 if sequence else 0, (look, k))
            columns[look, k][i] = prim
            sequence.append((look, k))
        sequences.append(sequence)
    place = {key: i for i, key in enumerate(order)}
    if any(place[a] > place[b] for sequence in sequences for a, b in itertools.pairwise(sequence)):
        return None  # what lies above what differs from state to state
    return [columns[key] for key in order]


def _element(slot: str, column: list[Prim | None], default: int, size, glides: bool = True) -> Element:
    present = [p for p in column if p is not None]
    longest = max(present, key=lambda p: len(p.vertices))
    shown = column[default] or longest
    element = Element(slot, shown._replace(letters=longest.letters), glides=glides, default=default)
    if any(p is not column[0] for p in column):
        numbers = quantised(column, len(longest.vertices), size)
        if (numbers != numbers[0]).any():
            element.numbers = numbers
        elif len(shown.vertices) < len(longest.vertices):
            element.prim = longest
        last = shown
        filled = [last := p or last for p in column]
        if any(p.style != shown.style for p in filled):
            element.styles = [p.style for p in filled]
        if any(p.body != shown.body for p in filled):
            element.bodies = [p.body for p in filled]
    return element


def quantised(column: list[Prim | None], count: int, size: tuple[float, float]) -> np.ndarray:
    """Vertices of one element in all states as int16 units, GONE where a state has none."""
    rows = np.full((len(column), count, 2), np.nan)
    for i, prim in enumerate(column):
        if prim is not None:
            rows[i, : len(prim.vertices)] = prim.vertices
    far = np.abs(rows) > LIMIT  # False for NaN
    for i in np.flatnonzero(far.any(axis=(1, 2))):
        rows[i, : len(column[i].vertices)] = within_reach(column[i], size)
    units = np.rint(np.nan_to_num(rows.reshape(len(column), -1), nan=0, posinf=0, neginf=0) * SCALE)
    there = np.isfinite(rows).all(axis=2).repeat(2, axis=1)
    return np.where(there, units, GONE).astype(np.int16)


def within_reach(prim: Prim, size: tuple[float, float]) -> np.ndarray:
    """Vertices farther than LIMIT are moved in along the one segment that is seen, so that its slope stays.

    Raises BakeError where two visible segments meet out there: no single point then serves both.
    """
    vertices = prim.vertices.copy()
    letters = prim.letters if prim.kind == "p" else "M" * len(vertices)
    for k in np.flatnonzero((np.abs(prim.vertices) > LIMIT).any(axis=1)):
        far = prim.vertices[k]
        if not np.isfinite(far).all():
            continue
        neighbours = [j for j, joint in ((k - 1, k), (k + 1, k + 1)) if 0 <= j < len(letters) and letters[joint] == "L"]
        seen = [prim.vertices[j] for j in neighbours if _crosses(prim.vertices[j], far, size)]
        ends = [_shortened(near, far) for near in seen]
        if len(ends) == 2 and np.abs(ends[0] - ends[1]).max() > 1:
            raise BakeError("a curve leaves the figure by more than 3,000 pixels and comes back: cut it with np.clip")
        vertices[k] = ends[0] if ends else np.clip(far, -LIMIT, LIMIT)
    return vertices


def _shortened(near: np.ndarray, far: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = (np.sign(far - near) * LIMIT - near) / (far - near)
    return near + (far - near) * min(1.0, np.nanmin(np.where(far == near, np.inf, reach)))


def _crosses(a: np.ndarray, b: np.ndarray, size: tuple[float, float]) -> bool:
    """Does the segment from a to b meet the canvas? (Liang and Barsky's clipping.)"""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    enter, leave = 0.0, 1.0
    for axis in (0, 1):
        step, low, high = b[axis] - a[axis], -a[axis], size[axis] - a[axis]
        if step == 0:
            if low > 0 or high < 0:
                return False
            continue
        first, second = sorted((low / step, high / step))
        enter, leave = max(enter, first), min(leave, second)
    return enter <= leave
