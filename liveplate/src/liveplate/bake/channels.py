"""What varies, kept only along the sliders it depends on: bit masks, texts in tokens, numbers in predicted columns.

A state is a tuple of places on the sliders' grids, ``dims`` the grids' lengths, the last slider running fastest. A mask
has bit k set if a thing depends on slider k; its table then has one row for each combination of those sliders only.
"""

import re
import zlib

import numpy as np

TOKEN = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?|[^\d]+")


def masks(table: np.ndarray, dims: tuple[int, ...]) -> np.ndarray:
    """For each column of ``table`` (states, columns) the mask of the sliders it depends on."""
    grid = table.reshape(*dims, table.shape[1])
    found = np.zeros(table.shape[1], int)
    for k in range(len(dims)):
        differs = (grid != grid.take([0], axis=k)).any(axis=tuple(range(len(dims))))
        found |= differs.astype(int) << k
    return found


def rows(table: np.ndarray, dims: tuple[int, ...], mask: int) -> np.ndarray:
    """The rows of ``table`` (states, …) for the sliders in ``mask``, the others at their first value."""
    grid = table.reshape(*dims, *table.shape[1:])
    for k in range(len(dims)):
        if not mask >> k & 1:
            grid = grid.take([0], axis=k)
    return grid.reshape(-1, *table.shape[1:])


# ---- texts
def text_channels(texts: list[str], dims: tuple[int, ...]) -> list[list]:
    """One text per state -> [[mask, texts], …] to be joined; or [mask, distinct texts, indices] where they repeat.

    "n=20, λ=0.1" over 5 × 25 states costs 5 + 25 short texts, not 125.

    >>> text_channels(["n=1, a", "n=1, b", "n=2, a", "n=2, b"], (2, 2))
    [[0, ['n=']], [1, ['1', '2']], [2, [', a', ', b']]]
    """
    tokens = [TOKEN.findall(text) for text in texts]
    if len({len(t) for t in tokens}) != 1 or not tokens[0]:
        tokens = [[text] for text in texts]
    table = np.array(tokens, dtype=object)
    codes = np.stack([np.unique(column.astype(str), return_inverse=True)[1] for column in table.T], axis=1)
    channels: list[list] = []
    for j, mask in enumerate(masks(codes, dims).tolist()):
        column = rows(table[:, j], dims, mask).tolist()
        if channels and channels[-1][0] == mask:
            channels[-1][1] = [a + b for a, b in zip(channels[-1][1], column, strict=True)]
        else:
            channels.append([mask, column])
    return [_indexed(mask, column) for mask, column in channels]


def _indexed(mask: int, column: list[str]) -> list:
    distinct = sorted(set(column))
    if 2 * len(distinct) >= len(column):
        return [mask, column]
    place = {text: i for i, text in enumerate(distinct)}
    return [mask, distinct, [place[text] for text in column]]


# ---- numbers
def planes(units: np.ndarray) -> bytes:
    """int16 -> zigzag (small numbers of either sign become small) -> all low bytes, then all high bytes."""
    units = units.astype(np.int16)
    zigzag = ((units << 1) ^ (units >> 15)).view(np.uint16)
    return (zigzag & 255).astype(np.uint8).tobytes() + (zigzag >> 8).astype(np.uint8).tobytes()


def differences(table: np.ndarray, flags: int) -> np.ndarray:
    """``table`` with differences taken along each axis whose bit is set in ``flags`` (modulo 2¹⁶)."""
    for axis in range(table.ndim):
        if flags >> axis & 1:
            table = np.diff(table, axis=axis, prepend=np.zeros_like(table.take([0], axis=axis)))
    return table


class Columns:
    """The varying numbers of all elements: equal columns are kept once, each curve picks its prediction.

    numbers : (states, columns) int16.  curves : a label for each column; those of one label and mask are predicted
    together (the x's, or the y's, of one curve). Result: ``groups`` [[mask, width, flags], …], their ``blob``,
    and ``place``: for each column where its number is found in the concatenated rows of all groups.
    """

    def __init__(self, numbers: np.ndarray, curves: list[tuple], dims: tuple[int, ...]):
        self.dims = dims
        mask = masks(numbers, dims)
        keys, curve_columns = [], {}
        first: dict[tuple, tuple] = {}
        for c in sorted(range(numbers.shape[1]), key=lambda c: curves[c]):
            column = rows(numbers[:, c], dims, int(mask[c]))
            key = (int(mask[c]), column.tobytes())
            keys.append((c, key))
            if key not in first:
                first[key] = ()
                curve_columns.setdefault((int(mask[c]), *curves[c][:2]), []).append((key, column))
        chosen: dict[tuple, list] = {}
        for (m, *_), columns in curve_columns.items():
            table = self._table(m, columns)
            flags = min(range(1 << table.ndim), key=lambda f: len(zlib.compress(planes(differences(table, f)), 6)))
            chosen.setdefault((m, flags), []).extend(columns)
        self.groups, blobs, at = [], [], 0
        for (m, flags), columns in sorted(chosen.items(), key=lambda item: item[0]):
            for j, (key, _) in enumerate(columns):
                first[key] = at + j
            at += len(columns)
            self.groups.append([m, len(columns), flags])
            blobs.append(planes(differences(self._table(m, columns), flags).ravel()))
        self.blob = b"".join(blobs)
        self.place = np.zeros(numbers.shape[1], np.int64)
        for c, key in keys:
            self.place[c] = first[key]
        if at >= 1 << 15:
            raise OverflowError(f"{at} different columns")

    def _table(self, mask: int, columns: list) -> np.ndarray:
        shape = [d for k, d in enumerate(self.dims) if mask >> k & 1]
        return np.stack([column for _, column in columns], axis=-1).reshape(*shape, len(columns))


def run_lengths(letters: str) -> str:
    """``MLLLLZ`` -> ``ML4Z``.

    >>> run_lengths("MLLLLZ")
    'ML4Z'
    """
    return re.sub(r"(.)\1{2,}", lambda m: m[1] + str(len(m[0])), letters)
