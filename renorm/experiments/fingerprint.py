"""A name for everything that a result was computed from: equal content, equal name.

Code counts by what it was compiled to and by what it reaches by name: functions, classes and constants, also through a
module or an import inside a function. Comments do not count, nor where a file lies, nor functions that are not reached.
Other packages count by their version number. What is looked up by a text (``getattr(module, "f")``, ``eval``) is not
seen.
"""

import dataclasses
import enum
import functools
import hashlib
import inspect
import sys
import types
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from renorm._version import __version__
from renorm.experiments.reach import home, is_foreign, reached, version

__all__ = ["fingerprint"]

_CODE = (types.FunctionType, types.ModuleType, type)
_PLAIN = (type(None), type(...), bool, int, float, complex, str, bytes, range, slice)
_DESCRIPTORS = (types.MemberDescriptorType, types.GetSetDescriptorType, type(NamedTuple("_", [("x", int)]).x))
_WRITTEN_BY_PYTHON = {"_abc_impl", "__hash__", "__annotate__", "__annotate_func__"}  # of a class
_WRITTEN_BY_DATACLASS = {f"__{name}__" for name in "init repr eq lt le gt ge hash setattr delattr replace".split()}


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
    python = "{}.{}".format(*sys.version_info)
    digest = hashlib.sha256(f"renorm {__version__}, numpy {np.__version__}, Python {python}".encode())
    reader = _Reader(digest, {})
    for value in values:
        reader.feed(value)
    return digest.hexdigest()[:32]


class _Reader(NamedTuple):
    """Adds values to a digest. Each part is written with a tag and its length, so that no two contents collide.

    ``seen`` holds the code met so far, by id, with its number: a function that calls itself is read once.
    """

    digest: object
    seen: dict[int, tuple[int, object]]

    def write(self, *parts) -> None:
        for part in parts:
            part = part if isinstance(part, bytes) else str(part).encode()
            self.digest.update(b"%d:" % len(part) + part)

    def each(self, tag: str, items) -> None:
        items = list(items)
        self.write(tag, len(items))
        for item in items:
            self.feed(item)

    def feed(self, value) -> None:
        kind = type(value)
        if kind in _PLAIN:
            self.write(kind.__name__, value if kind in (str, bytes) else repr(value))
        elif isinstance(value, enum.Enum):
            self.each("enum", [kind, value.name, value.value])
        elif isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
            self._array(value)
        elif isinstance(value, np.dtype) and not value.hasobject:
            self.write("dtype", repr(value))
        elif isinstance(value, (tuple, list)):
            self.each(*((kind.__name__, value) if kind in (tuple, list) else ("sequence", [kind, list(value)])))
        elif isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            if kind not in (dict, types.MappingProxyType):
                self.each("mapping of", [kind, getattr(value, "default_factory", None)])
            self.each("mapping", [part for key in sorted(value) for part in (key, value[key])])
        elif isinstance(value, (set, frozenset)):
            self.each("set", sorted(fingerprint(item) for item in value))
        elif isinstance(value, partial):
            self.each("partial", (value.func, value.args, value.keywords))
        elif isinstance(value, np.vectorize):
            self.each("vectorize", (value.pyfunc, value.otypes, value.signature))
        elif isinstance(value, np.ufunc) and "vectorized" not in value.__name__:  # of numpy or scipy, not of a function
            self.write("ufunc", value.__name__)
        elif isinstance(value, (types.MethodType, types.BuiltinMethodType)) and not _is_plain(value):
            self.each("method", (value.__name__, value.__self__, getattr(value, "__func__", None)))
        elif not isinstance(value, _CODE) and hasattr(value, "__wrapped__") and is_foreign(kind):  # functools.cache
            self.each("wrapped", [kind.__qualname__, value.__wrapped__])
        elif isinstance(value, _CODE) or is_foreign(value):
            self._code(value)
        elif dataclasses.is_dataclass(value):
            self.each("dataclass", [kind, _state(value)])
        else:
            raise ValueError(
                f"a cached trial depends on {value!r}, whose content cannot be compared: must be made of numbers, "
                "text, arrays, lists, dicts, dataclasses and functions (or use cache=None)"
            )

    def _array(self, value) -> None:
        array = np.asarray(value)
        self.write("array", repr(array.dtype), array.shape, array.tobytes())
        if isinstance(value, np.ma.MaskedArray):
            self.each("masked", [np.ma.getmaskarray(value), np.asarray(value.fill_value)])
        elif not isinstance(value, np.generic) and type(value) not in (np.ndarray, np.memmap):
            self.each("array of", [type(value), getattr(value, "__dict__", {})])

    def _code(self, value) -> None:
        """A function, class or module: what it was compiled to, and what that refers to."""
        if id(value) in self.seen:
            return self.write("again", self.seen[id(value)][0])
        self.seen[id(value)] = len(self.seen), value
        self.write("code", home(value), getattr(value, "__qualname__", ""))
        if is_foreign(value):
            return self.write("version", version(value))
        if isinstance(value, types.ModuleType):
            names = {name for name in (*vars(value), *getattr(value, "__all__", ())) if not name.startswith("__")}
            return self.each("module", [part for name in sorted(names) for part in (name, getattr(value, name, None))])
        if isinstance(value, type):
            return self.each("class", [*value.__bases__, *_members(value)])
        if not hasattr(value, "__code__"):  # of a compiled module without a version number
            return self.write("file", _file_of(value))
        self._compiled(value.__code__)
        self.each("bound", [value.__defaults__, value.__kwdefaults__])
        self.each("attributes", [{name: v for name, v in vars(value).items() if not name.startswith("__")}])
        self.each("names", reached(value))

    def _compiled(self, code: types.CodeType) -> None:
        """What a code object does; not where it stands."""
        counts = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags
        names = code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
        self.each("compiled", [code.co_code, getattr(code, "co_exceptiontable", b""), counts, names])
        for const in code.co_consts:
            self._compiled(const) if isinstance(const, types.CodeType) else self.feed(const)


def _state(value) -> dict[str, object]:
    """The fields of a dataclass's instance and what else was set on it, without what it computed from them and kept."""
    kept = {name for name in getattr(value, "__dict__", {}) if not _is_cached_property(type(value), name)}
    return {name: getattr(value, name) for name in kept | {field.name for field in dataclasses.fields(value)}}


def _is_cached_property(kind: type, name: str) -> bool:
    return isinstance(inspect.getattr_static(kind, name, None), functools.cached_property)


def _members(kind: type) -> list:
    """Names and content of what a class defines: methods, properties, attributes, members and fields."""
    members = dict(vars(kind))
    if issubclass(kind, enum.Enum):
        members = {name: member for name, member in members.items() if isinstance(member, types.FunctionType)}
        return [*_named(members), *[part for member in kind for part in (member.name, member.value)]]
    if dataclasses.is_dataclass(kind) and "__dataclass_fields__" in members:
        fields = [
            [f.name, _default(f.default), _default(f.default_factory), f.kw_only] for f in dataclasses.fields(kind)
        ]
        members = {name: m for name, m in members.items() if name not in _WRITTEN_BY_DATACLASS or not _is_generated(m)}
        return [repr(kind.__dataclass_params__), fields, *_named(members)]
    return _named(members)


def _named(members: dict[str, object]) -> list:
    found = []
    for name, member in sorted(members.items()):
        if isinstance(member, property):
            member = [member.fget, member.fset, member.fdel]
        elif isinstance(member, (classmethod, staticmethod)):
            member = [type(member).__name__, member.__func__]
        elif isinstance(member, functools.cached_property):
            member = member.func
        elif isinstance(member, _DESCRIPTORS) or name in _WRITTEN_BY_PYTHON:
            continue
        elif name.startswith("__") and not callable(member):  # its text, annotations, list of slots, …
            continue
        found += [name, member]
    return found


def _is_generated(member) -> bool:
    """Does this method have no text, as those that ``dataclass`` writes? They follow from the fields."""
    code = getattr(inspect.unwrap(member) if callable(member) else member, "__code__", None)
    return code is not None and code.co_filename == "<string>"


def _default(value):
    return "none" if value is dataclasses.MISSING else [value]


def _file_of(value) -> bytes:
    """The content of the compiled module that a function without Python code comes from."""
    path = getattr(sys.modules.get(home(value)), "__file__", None)
    if path is None:
        raise ValueError(f"a cached trial depends on {value!r}, whose content cannot be compared (or use cache=None)")
    return hashlib.sha256(Path(path).read_bytes()).digest()


def _is_plain(value) -> bool:
    """Is this built-in a function of a module, not a method bound to an object that may have a state?"""
    return isinstance(getattr(value, "__self__", None), (types.ModuleType, type(None)))
