"""The payload of a figure: what changes, and only that.

Layout: u32 length of the header | header (JSON) | place of each number (planes of int16 differences) | numbers of each
group (planes). The whole is compressed with gzip. ``decode.py`` and ``player.js`` are its readers.

header  v version of this format · gone the number that says "not there" · far pixels beyond which a point was moved in
        q units per pixel · d lengths of the grids · n varying numbers · g groups [mask, width, flags] · p elements ·
        t readout · m data (series and axes, JSON) — texts are channels as in ``channels.text_channels``
element k kind (p, m, t, i, or g for markup) · o, n its numbers · c path commands, marker shape or rotation · z 1 if it
        does not glide · s body, a attributes: channels
"""

import gzip
import json
import struct

import numpy as np

from liveplate.bake.channels import Columns, planes, run_lengths, text_channels
from liveplate.draw.paths import number
from liveplate.picture.gather import GONE, LIMIT, SCALE, Element
from liveplate.picture.svg import Sheet

VERSION = 1  # a change that the player of another version would misread gets another number, here and in player.js


def encode(
    elements: list[Element], sheet: Sheet, dims: tuple[int, ...], sentences: list[str], data: list[str]
) -> bytes:
    """Compressed payload of the elements that vary, in their order."""
    entries, numbers, curves, at = [], [], [], 0
    for i, element in enumerate(e for e in elements if e.varies):
        entry = _entry(element, sheet, dims)
        if element.numbers is not None:
            width = element.numbers.shape[1]
            entry |= {"o": at, "n": width}
            at += width
            numbers.append(element.numbers)
            curves += [(i, c & 1, c >> 1) for c in range(width)]  # all x of a curve, then all y
        entries.append(entry)
    states = int(np.prod(dims))
    table = np.concatenate(numbers, axis=1) if numbers else np.zeros((states, 0), np.int16)
    columns = Columns(table, curves, dims)
    header = {
        "v": VERSION,
        "gone": GONE,
        "far": LIMIT,
        "q": SCALE,
        "d": list(dims),
        "n": table.shape[1],
        "g": columns.groups,
        "p": entries,
        "t": text_channels(sentences, dims),
        "m": text_channels(data, dims),
    }
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    places = planes(np.diff(columns.place, prepend=0))
    return gzip.compress(struct.pack("<I", len(head)) + head + places + columns.blob, 9, mtime=0)


def _entry(element: Element, sheet: Sheet, dims) -> dict:
    if element.markup is not None:
        texts = ["".join(sheet.node(prim) for prim in prims) for prims in element.markup]
        return {"k": "g", "s": text_channels(texts, dims)}
    prim = element.prim
    entry: dict = {"k": prim.kind}
    if element.numbers is not None:
        if prim.kind == "p" and prim.letters != "M" + "L" * (len(prim.letters) - 1):
            entry["c"] = run_lengths(prim.letters)
        elif prim.kind == "m":
            entry["c"] = prim.letters
        elif prim.kind == "t" and prim.face.angle:
            entry["c"] = number(-prim.face.angle)
    if not element.glides:
        entry["z"] = 1
    if element.bodies is not None:
        entry["s"] = text_channels(element.bodies, dims)
    if element.styles is not None:
        entry["a"] = text_channels([sheet.attributes(s, prim.kind == "t") for s in element.styles], dims)
    return entry
