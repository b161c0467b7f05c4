"""Reads a payload back, as the player in the page does: for the build's own check and for tests."""

import gzip
import json
import math
import struct

import numpy as np

from liveplate.bake.encode import VERSION


class Payload:
    """A decoded payload; ``numbers(state)`` and ``text(channels, state)`` give what a state shows."""

    def __init__(self, compressed: bytes):
        raw = gzip.decompress(compressed)
        (length,) = struct.unpack_from("<I", raw)
        self.header = json.loads(raw[4 : 4 + length])
        if self.header.get("v") != VERSION:
            raise ValueError(f"a payload of format {self.header.get('v')}; this reader knows format {VERSION}")
        self.dims = tuple(self.header["d"])
        self._raw, self._at = raw, 4 + length
        self.place = self._integers((self.header["n"],), 1)
        self.groups = []
        for mask, width, flags in self.header["g"]:
            shape = tuple(d for k, d in enumerate(self.dims) if mask >> k & 1) + (width,)
            self.groups.append((mask, self._integers(shape, flags).reshape(-1, width)))

    def _integers(self, shape: tuple[int, ...], flags: int) -> np.ndarray:
        count = math.prod(shape)
        raw = np.frombuffer(self._raw, np.uint8, 2 * count, self._at).astype(np.uint16)
        self._at += 2 * count
        zigzag = raw[:count] | raw[count:] << 8
        table = ((zigzag >> 1) ^ -(zigzag & 1).astype(np.int16).astype(np.uint16)).view(np.int16).reshape(shape)
        for axis in range(len(shape)):
            if flags >> axis & 1:
                table = np.cumsum(table, axis=axis, dtype=np.int16)
        return table

    def row(self, mask: int, state) -> int:
        """The row of a table kept along the sliders of ``mask``."""
        at = 0
        for k, (length, place) in enumerate(zip(self.dims, state, strict=True)):
            if mask >> k & 1:
                at = at * length + place
        return at

    def numbers(self, state) -> np.ndarray:
        """All varying numbers of a state, in the order of the elements (units, int16)."""
        parts = [table[self.row(mask, state)] for mask, table in self.groups]
        return np.concatenate(parts)[self.place] if parts else np.zeros(0, np.int16)

    def text(self, channels: list, state) -> str:
        out = []
        for mask, texts, *index in channels:
            row = self.row(mask, state)
            out.append(texts[index[0][row] if index else row])
        return "".join(out)

    def sentence(self, state) -> str:
        return self.text(self.header["t"], state)

    def data(self, state) -> dict:
        """Axes and series of the data table."""
        return json.loads(self.text(self.header["m"], state))
