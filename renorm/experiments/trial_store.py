"""Finished trials kept on disk, found again by what they were computed from.

A trial is filed under a fingerprint of everything that determines it: the source of the function that computes it and
of every function, class and constant that it reaches by name, the values of its arguments, its seed, and the versions
of this library and of numpy. Change any of these and the trial is computed anew; move a file or reformat another
module and it is not. Other packages count by their version number.
"""

import contextlib
import dataclasses
import dis
import hashlib
import inspect
import io
import os
import sys
import types
import uuid
import warnings
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from renorm._version import __version__

__all__ = ["TrialStore", "fingerprint"]

_CODE = (types.FunctionType, types.ModuleType, type)


def fingerprint(*values) -> str:
    """A name of 32 hexadecimal digits for the content of ``values``: equal content, equal name, in any process.

    Understood are None, numbers, text, numpy arrays and dtypes, tuples, lists, dicts with text as keys, sets,
    dataclasses, functions (also nested ones with what they close over, and ``functools.partial``), classes and modules.
    Anything else raises ``ValueError``: an object whose content cannot be read must not decide what is read from disk.

    >>> fingerprint([1, 2.0], {"a": None}) == fingerprint([1, 2.0], {"a": None})
    True
    >>> fingerprint(np.float64(1.0)) == fingerprint(np.float32(1.0))
    False
    """
    digest = hashlib.sha256(f"renorm {__version__}, numpy {np.__version__}".encode())
    seen: set[int] = set()
    for value in values:
        _feed(digest, value, seen)
    return digest.hexdigest()[:32]


def _feed(digest, value, seen: set[int]) -> None:
    """Add one value to the digest. Each part is written with a tag and its length, so that no two contents collide."""

    def write(*parts):
        for part in parts:
            part = part if isinstance(part, bytes) else str(part).encode()
            digest.update(b"%d:" % len(part) + part)

    def each(tag, items):
        items = list(items)
        write(tag, len(items))
        for item in items:
            _feed(digest, item, seen)

    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        write(type(value).__name__, value if isinstance(value, (str, bytes)) else repr(value))
    elif isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
        array = np.asarray(value)
        write("array", array.dtype.str, array.shape, array.tobytes())
    elif isinstance(value, np.dtype):
        write("dtype", value.str)
    elif isinstance(value, (tuple, list)):
        each(type(value).__name__, value)
    elif isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        each("mapping", [part for key in sorted(value) for part in (key, value[key])])
    elif isinstance(value, (set, frozenset)):
        each("set", sorted(fingerprint(item) for item in value))
    elif isinstance(value, partial):
        each("partial", (value.func, value.args, value.keywords))
    elif isinstance(value, np.vectorize):
        each("vectorize", (value.pyfunc, value.otypes, value.signature))
    elif (
        isinstance(value, np.ufunc) and "vectorized" not in value.__name__
    ):  # of numpy or scipy, not made of a function
        write("ufunc", value.__name__)
    elif isinstance(value, (types.MethodType, types.BuiltinMethodType)) and not _is_plain(value):
        each("method", (value.__name__, value.__self__, getattr(value, "__func__", None)))
    elif not isinstance(value, _CODE) and hasattr(value, "__wrapped__"):  # functools.cache and its like
        _feed(digest, value.__wrapped__, seen)
    elif isinstance(value, _CODE) or _is_foreign(value):
        _feed_code(write, each, value, seen)
    elif dataclasses.is_dataclass(value):
        each("dataclass", [type(value), {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}])
    else:
        raise ValueError(
            f"a cached trial depends on {value!r}, whose content cannot be compared: must be made of numbers, text, "
            "arrays, lists, dicts, dataclasses and functions (or use cache=None)"
        )


def _feed_code(write, each, value, seen: set[int]) -> None:
    """A function, class or module: its source, and what its source refers to."""
    write("code", _home(value), getattr(value, "__qualname__", ""))
    if _is_foreign(value) or id(value) in seen:
        return write("version", getattr(_package(value), "__version__", ""))
    seen.add(id(value))
    write(_source(value))
    if isinstance(value, types.ModuleType):
        return each("members", [member for _, member in sorted(vars(value).items()) if isinstance(member, _CODE)])
    if isinstance(value, type):
        members = [getattr(member, "fget", getattr(member, "__func__", member)) for member in vars(value).values()]
        return each("members", [*value.__bases__, *(m for m in members if isinstance(m, types.FunctionType))])
    cells = [cell.cell_contents for cell in value.__closure__ or ()]
    each("bound", [value.__defaults__, value.__kwdefaults__, cells])
    each("globals", [value.__globals__[name] for name in _global_names(value.__code__) if name in value.__globals__])


def _global_names(code: types.CodeType) -> list[str]:
    """The global names that a code object, or one nested in it, reads."""
    names = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    nested = [const for const in code.co_consts if isinstance(const, types.CodeType)]
    return sorted(names.union(*map(_global_names, nested)))


def _source(value) -> str:
    """The text of a function or class, or where there is none (typed at a prompt) its compiled form."""
    try:
        return inspect.getsource(value)
    except (OSError, TypeError):
        code = getattr(value, "__code__", None)
        return repr((code.co_code, [c for c in code.co_consts if not inspect.iscode(c)], code.co_names)) if code else ""


def _home(value) -> str:
    """The name of the module that a function, class or module comes from."""
    name = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
    return name or ""


def _package(value):
    return sys.modules.get(_home(value).split(".")[0])


def _is_foreign(value) -> bool:
    """Is this code of the standard library, or of a package that counts by its version?"""
    package = _package(value)
    if package is None or package.__name__ in ("__main__", "renorm") or not hasattr(value, "__name__"):
        return False
    return package.__name__ in sys.stdlib_module_names or hasattr(package, "__version__")


def _is_plain(value) -> bool:
    """Is this built-in a function of a module, not a method bound to an object that may have a state?"""
    return isinstance(getattr(value, "__self__", None), (types.ModuleType, type(None)))


class TrialStore:
    """The finished trials of one experiment: files ``000000.trial``, … in ``directory / key``.

    ``save`` writes a trial under a temporary name and renames it, so that a process killed at any moment leaves
    complete trials only; ``load`` returns the arrays of a trial, or None when there is none. Each file starts with the
    SHA-256 of its content: a damaged one is reported by a warning, and counts as missing.

    >>> import tempfile
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

    def save(self, trial: int, arrays: dict[str, np.ndarray]) -> None:
        content = io.BytesIO()
        np.savez(content, **arrays)
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".{trial:06d}.{uuid.uuid4().hex}"
        try:
            temporary.write_bytes(hashlib.sha256(content.getvalue()).digest() + content.getvalue())
            os.replace(temporary, self._path(trial))
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()

    def load(self, trial: int) -> dict[str, np.ndarray] | None:
        try:
            stored = self._path(trial).read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(stored[32:]).digest() != stored[:32]:
            name = f"{self.folder.name}/{self._path(trial).name}"
            warnings.warn(f"the stored trial {name} is damaged and is computed again", stacklevel=2)
            return None
        with np.load(io.BytesIO(stored[32:]), allow_pickle=False) as arrays:
            return dict(arrays)
