"""The build's own check: random states are drawn again, without shortcuts, and compared with what the payload says."""

from collections import defaultdict

import numpy as np

from liveplate.bake.decode import Payload
from liveplate.draw.recorder import Prim
from liveplate.draw.stage import Record
from liveplate.picture.gather import Element, quantised
from liveplate.picture.svg import Sheet

Nodes = dict[str, list[str]]


def drawn_nodes(record: Record, sheet: Sheet, size: tuple[float, float], markup: set[str]) -> Nodes:
    """Slot -> sorted SVG nodes of a fresh, complete record; a slot of ``markup`` is one text, its numbers unrounded."""
    nodes: Nodes = defaultdict(list)
    for slot, prims in record.slots.items():
        if slot in markup:
            nodes[slot] = ["".join(sheet.node(prim) for prim in prims)]
            continue
        for prim in prims:
            units = quantised([prim], len(prim.vertices), size)[0]
            _add(nodes[slot], prim, units, sheet)
    return _sorted(nodes)


def decoded_nodes(elements: list[Element], payload: Payload, first: int, state: tuple, sheet: Sheet, size) -> Nodes:
    """The same of the decoded payload; ``first``: how many varying elements stand before these in the payload."""
    numbers, nodes, at = payload.numbers(state), defaultdict(list), first
    for element in elements:
        if not element.varies:
            prim = element.prim
            _add(nodes[element.slot], prim, quantised([prim], len(prim.vertices), size)[0], sheet)
            continue
        entry = payload.header["p"][at]
        at += 1
        if entry["k"] == "g":
            text = payload.text(entry["s"], state)
            nodes[element.slot] += [text] if text else []
            continue
        prim, units = element.prim, None
        if "n" in entry:
            units = numbers[entry["o"] : entry["o"] + entry["n"]]
        else:
            units = quantised([prim], len(prim.vertices), size)[0]
        if "s" in entry:
            prim = prim._replace(body=payload.text(entry["s"], state))
        look = payload.text(entry["a"], state) if "a" in entry else None
        _add(nodes[element.slot], prim, units, sheet, look)
    return _sorted(nodes)


def _add(nodes: list[str], prim: Prim, units: np.ndarray, sheet: Sheet, look: str | None = None) -> None:
    node = sheet.node_at(prim, units)
    if look is not None:
        node = node.replace(sheet.attributes(prim.style, prim.kind == "t"), look)
    nodes += [node] if node else []


def _sorted(nodes: Nodes) -> Nodes:
    return {slot: sorted(each) for slot, each in nodes.items() if each}


def differences(drawn: Nodes, decoded: Nodes) -> list[str]:
    """Slots whose nodes differ."""
    slots = sorted(set(drawn) | set(decoded))
    return [slot.removeprefix("live:") for slot in slots if drawn.get(slot, []) != decoded.get(slot, [])]
