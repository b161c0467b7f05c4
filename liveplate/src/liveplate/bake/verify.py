"""The build's own check: random states are drawn again, without shortcuts, and compared with what the payload says."""

import numpy as np

from liveplate.bake.decode import Payload
from liveplate.draw.recorder import Prim
from liveplate.draw.stage import Record
from liveplate.picture.gather import Element, plain_slot, quantised
from liveplate.picture.svg import Sheet

Nodes = list[tuple[str, str]]  # (slot, node) in drawing order


def drawn_nodes(record: Record, sheet: Sheet, size: tuple[float, float], markup: set[str]) -> Nodes:
    """The SVG nodes of a fresh, complete record; a slot of ``markup`` is one text, its numbers unrounded."""
    nodes: Nodes = []
    for slot, prims in record.slots.items():
        if slot in markup:
            text = "".join(sheet.node(prim) for prim in prims)
            nodes += [(slot, text)] if text else []
            continue
        for prim in prims:
            units = quantised([prim], len(prim.vertices), size)[0]
            _add(nodes, slot, prim, units, sheet)
    return nodes


def decoded_nodes(elements: list[Element], payload: Payload, first: int, state: tuple, sheet: Sheet, size) -> Nodes:
    """The same of the decoded payload; ``first``: how many varying elements stand before these in the payload."""
    numbers, at = payload.numbers(state), first
    nodes: Nodes = []
    for element in elements:
        slot = plain_slot(element.slot)
        if not element.varies:
            prim = element.prim
            _add(nodes, slot, prim, quantised([prim], len(prim.vertices), size)[0], sheet)
            continue
        entry = payload.header["p"][at]
        at += 1
        if entry["k"] == "g":
            text = payload.text(entry["s"], state)
            nodes += [(slot, text)] if text else []
            continue
        prim, units = element.prim, None
        if "n" in entry:
            units = numbers[entry["o"] : entry["o"] + entry["n"]]
        else:
            units = quantised([prim], len(prim.vertices), size)[0]
        if "s" in entry:
            prim = prim._replace(body=payload.text(entry["s"], state))
        look = payload.text(entry["a"], state) if "a" in entry else None
        _add(nodes, slot, prim, units, sheet, look)
    return nodes


def _add(nodes: Nodes, slot: str, prim: Prim, units: np.ndarray, sheet: Sheet, look: str | None = None) -> None:
    node = sheet.node_at(prim, units)
    if look is not None:
        node = node.replace(sheet.attributes(prim.style, prim.kind == "t"), look)
    nodes += [(slot, node)] if node else []


def differences(drawn: Nodes, decoded: Nodes) -> list[str]:
    """Slots whose nodes, or whose place in the drawing order, differ."""
    at = [slot for slot in dict.fromkeys(s for s, _ in [*drawn, *decoded]) if _of(slot, drawn) != _of(slot, decoded)]
    if not at and drawn != decoded:
        at = [a[0] for a, b in zip(drawn, decoded, strict=False) if a != b][:1]
    return [slot.removeprefix("live:") for slot in at]


def _of(slot: str, nodes: Nodes) -> list[str]:
    return [node for s, node in nodes if s == slot]
