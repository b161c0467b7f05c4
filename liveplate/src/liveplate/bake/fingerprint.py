"""A digest of everything that a function's result depends on, so that a cached figure is never stale.

Functions written in the notebook count by their code, their defaults, and the values they reach (closure, globals),
recursively. Functions of modules outside the environment's site-packages (the author's own) count by the
source of their module and of the modules it imports, installed packages by their version.
"""

import builtins
import dis
import functools
import hashlib
import inspect
import pathlib
import pickle
import sys
import sysconfig
import types

import numpy as np

PLAIN = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis))
INSTALLED = tuple({sysconfig.get_paths()[k] for k in ("stdlib", "platstdlib", "purelib", "platlib")})


def fingerprint(*things) -> str:
    """A hexadecimal digest of ``things`` and of all they reach; TypeError for what cannot be followed.

    >>> scale = 2.0
    >>> before = fingerprint(lambda x: scale * x)
    >>> scale = 3.0
    >>> before == fingerprint(lambda x: scale * x)
    False
    """
    walk = _Walk()
    for thing in things:
        walk.visit(thing)
    return walk.digest.hexdigest()


def names_used(code: types.CodeType) -> list[str]:
    """Global names that a function's code, or a function inside it, looks up."""
    found = [i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")]
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found += names_used(constant)
    return sorted(set(found))


class _Walk:
    def __init__(self):
        self.digest = hashlib.sha256()
        self.seen: dict[int, int] = {}
        self.alive: list = []  # keeps visited temporaries from being freed and their ids reused

    def add(self, *parts) -> None:
        for part in parts:
            raw = part if isinstance(part, bytes) else str(part).encode()
            self.digest.update(len(raw).to_bytes(8, "little") + raw)

    def visit(self, thing) -> None:
        if isinstance(thing, PLAIN):
            return self.add(type(thing).__name__, repr(thing))
        if id(thing) in self.seen:
            return self.add("again", self.seen[id(thing)])
        self.seen[id(thing)] = len(self.seen)
        self.alive.append(thing)
        self.add(type(thing).__qualname__)
        for kind, follow in self.RULES:
            if isinstance(thing, kind):
                return follow(self, thing)
        return self.object(thing)

    def array(self, array) -> None:
        self.add(array.dtype, array.shape)
        if array.dtype.hasobject:
            self.sequence(array.ravel().tolist())
        else:
            self.add(np.ascontiguousarray(array).tobytes())

    def sequence(self, items) -> None:
        self.add(len(items))
        for item in items:
            self.visit(item)

    def mapping(self, items) -> None:
        self.add(len(items))
        for key, value in items.items():
            self.visit(key)
            self.visit(value)

    def unordered(self, items) -> None:
        self.add(*sorted(fingerprint(item) for item in items))

    def code(self, code: types.CodeType) -> None:
        self.add(code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_flags)
        for constant in code.co_consts:
            self.visit(constant)

    def function(self, function: types.FunctionType) -> None:
        self.visit(function.__defaults__)
        self.visit(function.__kwdefaults__)
        for cell in function.__closure__ or ():
            self.visit(cell.cell_contents)
        self.visit(function.__code__)
        module = sys.modules.get(function.__module__ or "")
        if module is not None and vars(module) is function.__globals__ and not _is_notebook(module):
            return self.visit(module)
        for name in names_used(function.__code__):
            if name in function.__globals__:
                self.add(name)
                self.visit(function.__globals__[name])

    def module(self, module: types.ModuleType) -> None:
        self.add(module.__name__)
        file = getattr(module, "__file__", None)
        if file is None or file.startswith(INSTALLED):
            top = sys.modules.get(module.__name__.split(".")[0], module)
            return self.add(getattr(top, "__version__", ""))
        if file.endswith(".py"):
            self.add(pathlib.Path(file).read_bytes())
        for value in list(vars(module).values()):  # what it imports from modules that are not installed either
            source = value if inspect.ismodule(value) else sys.modules.get(getattr(value, "__module__", None) or "")
            if source is not None and source is not module and not _is_installed(source):
                self.visit(source)

    def type(self, cls: type) -> None:
        self.add(cls.__module__, cls.__qualname__)
        module = sys.modules.get(cls.__module__)
        if module is not None and not _is_notebook(module):
            return self.visit(module)
        self.sequence(cls.__bases__)
        own = {k: v for k, v in vars(cls).items() if k not in ("__dict__", "__weakref__", "__doc__", "__module__")}
        self.mapping(
            {
                k: v
                for k, v in own.items()
                if not isinstance(v, (types.GetSetDescriptorType, types.MemberDescriptorType))
            }
        )

    def object(self, thing) -> None:
        """Any other object: its class and its state."""
        self.visit(type(thing))
        if (
            type(thing).__module__ != "builtins"
            and type(thing).__reduce_ex__ is object.__reduce_ex__
            and hasattr(thing, "__dict__")
        ):
            return self.mapping(vars(thing))
        try:
            self.add(pickle.dumps(thing, protocol=4))
        except Exception as error:
            raise TypeError(f"cannot tell whether this {type(thing).__name__} changes: {thing!r:.80}") from error

    RULES = (
        (np.ndarray, array),
        (np.generic, lambda self, x: self.add(x.dtype, x.tobytes())),
        ((list, tuple), sequence),
        ((dict, types.MappingProxyType), mapping),
        ((set, frozenset), unordered),
        (types.CodeType, code),
        (types.FunctionType, function),
        (types.ModuleType, module),
        (builtins.type, type),  # here "type" is the method above
        (functools.partial, lambda self, p: self.sequence([p.func, p.args, p.keywords])),
        (functools._lru_cache_wrapper, lambda self, f: self.visit(f.__wrapped__)),
        (types.MethodType, lambda self, m: self.sequence([m.__func__, m.__self__])),
        ((staticmethod, classmethod), lambda self, m: self.visit(m.__func__)),
        (property, lambda self, p: self.sequence([p.fget, p.fset, p.fdel])),
        (np.random.Generator, lambda self, g: self.visit(g.bit_generator.state)),
        (types.BuiltinFunctionType, lambda self, f: self.add(f.__module__, f.__qualname__)),
        (np.ufunc, lambda self, f: self.add(f.__name__)),
    )


def _is_notebook(module: types.ModuleType) -> bool:
    return (
        module.__name__ in ("__main__", "__mp_main__")
        or getattr(module, "__file__", None) is None
        and module.__spec__ is None
    )


def _is_installed(module: types.ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    return file is None or file.startswith(INSTALLED)
