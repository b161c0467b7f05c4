"""Finished trials kept on disk, found again by what they were computed from.

A trial is filed under the ``fingerprint`` of everything that determines it: the code of the function that computes it
and all that this reaches, the values of its arguments, its seed, and the versions of Python, numpy and this library.

``joblib.Memory`` would keep and resume single trials, too, but it compares a function's own text and arguments only,
not the helpers and constants that it uses, forgets all results when that text changes, and runs pickles from the disk.
"""

import contextlib
import hashlib
import io
import json
import os
import uuid
import warnings
from pathlib import Path

import numpy as np

__all__ = ["TrialStore"]


class TrialStore:
    """The finished trials of one experiment: files ``000000.trial``, … in ``directory / key``.

    ``save`` writes a trial under a temporary name and renames it, so that a process killed at any moment leaves
    complete trials only; ``load`` returns the arrays of a trial, or None when there is none. Each file starts with the
    SHA-256 of its key, its number and its content: a damaged one, or the copy of another trial, is reported by a
    warning, and counts as missing.

    >>> import tempfile
    >>> from renorm.experiments.fingerprint import fingerprint
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     store = TrialStore(directory, fingerprint("an experiment"))
    ...     store.save(0, {"test": np.array([1.0, 2.0])})
    ...     store.load(0), store.load(1)
    ({'test': array([1., 2.])}, None)
    """

    def __init__(self, directory, key: str):
        directory = Path(directory)
        if directory.exists() and not directory.is_dir():
            raise ValueError(f"cache = {str(directory)!r}: must be a directory, existing or to be made, or None")
        self.folder = directory / key

    def _path(self, trial: int) -> Path:
        return self.folder / f"{trial:06d}.trial"

    def has(self, trial: int) -> bool:
        return self._path(trial).exists()

    def _seal(self, trial: int, content: bytes) -> bytes:
        return hashlib.sha256(f"{self.folder.name}/{trial}:".encode() + content).digest()

    def save(self, trial: int, arrays: dict[str, np.ndarray]) -> None:
        names = np.frombuffer(json.dumps(list(arrays)).encode(), np.uint8)
        content = io.BytesIO()
        np.savez(content, names, *arrays.values())  # by place: as keywords, some names would be arguments of savez
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".{trial:06d}.{uuid.uuid4().hex}"
        try:
            temporary.write_bytes(self._seal(trial, content.getvalue()) + content.getvalue())
            os.replace(temporary, self._path(trial))
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()

    def load(self, trial: int) -> dict[str, np.ndarray] | None:
        try:
            stored = self._path(trial).read_bytes()
        except FileNotFoundError:
            return None
        if self._seal(trial, stored[32:]) != stored[:32]:
            name = f"{self.folder.name}/{self._path(trial).name}"
            warnings.warn(f"the stored trial {name} is damaged and is computed again", stacklevel=2)
            return None
        with np.load(io.BytesIO(stored[32:]), allow_pickle=False) as stack:
            arrays = [stack[f"arr_{i}"] for i in range(len(stack.files))]
        return dict(zip(json.loads(arrays[0].tobytes()), arrays[1:], strict=True))
