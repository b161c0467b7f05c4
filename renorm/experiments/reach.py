"""What a function reaches by name when it runs: globals, what it closes over, what it imports; and whose that is."""

import contextlib
import dis
import importlib.util
import sys
import types
from functools import cache

__all__ = ["home", "is_foreign", "reached", "version"]


def reached(function: types.FunctionType) -> list:
    """What a function reaches by name: globals, what it closes over, imports; of a module, the members it names."""
    free = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    found = []
    for where, name, path in _reads(function.__code__):
        if where == "import":
            found += _imported(function, *path)
        elif where == "global" and name in function.__globals__:
            found.append(_follow(function.__globals__[name], path))
        elif where == "free" and name in free:
            with contextlib.suppress(ValueError):  # an empty cell: not yet assigned
                found.append(_follow(free[name].cell_contents, path))
    return found


def _follow(value, path: tuple[str, ...]):
    """From a module of somebody's own to the member that is meant."""
    for name in path:
        if not isinstance(value, types.ModuleType) or is_foreign(value):
            break
        value = getattr(value, name, None)
    return value


def _imported(function, name: str, level: int, members: tuple[str, ...]) -> list:
    """What an import statement inside a function gives it."""
    package = function.__globals__.get("__package__") or function.__globals__.get("__name__", "").rpartition(".")[0]
    try:
        full = importlib.util.resolve_name("." * level + name, package) if level else name
        module = importlib.import_module(full)
    except ImportError:  # the trial itself will say so, or do without
        return [f"no {name}"]
    if not members:
        parts = full.split(".")
        return [sys.modules[".".join(parts[: i + 1])] for i in range(len(parts))]
    if is_foreign(module):
        return [module]
    for member in members:
        if not hasattr(module, member):
            with contextlib.suppress(ImportError):
                importlib.import_module(f"{full}.{member}")
    return [getattr(module, member, None) for member in members]


@cache
def _reads(code: types.CodeType) -> list[tuple[str, str, tuple]]:
    """(where, name, names of attributes that follow) that a code object or one nested in it reads, sorted.

    where is "global" or "free" (a variable of a function around it), or "import": then the tuple is the name, level and
    members of the import.
    """
    steps = [step for step in dis.get_instructions(code) if step.opname != "EXTENDED_ARG"]
    found = set()
    for i, step in enumerate(steps):
        if step.opname == "IMPORT_NAME":
            found.add(("import", step.argval, (step.argval, steps[i - 2].argval, steps[i - 1].argval or ())))
        elif step.opname.startswith("LOAD_") and step.opname.endswith(("GLOBAL", "NAME", "DEREF", "GLOBALS")):
            path = []
            for following in steps[i + 1 :]:
                if following.opname not in ("LOAD_ATTR", "LOAD_METHOD"):
                    break
                path.append(following.argval)
            found.add(("free" if step.opname.endswith("DEREF") else "global", step.argval, tuple(path)))
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            found.update(_reads(const))
    return sorted(found)


def home(value) -> str:
    """The name of the module that a function, class or module comes from."""
    name = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
    return name or ""


def _package(value) -> types.ModuleType | None:
    return sys.modules.get(home(value).split(".")[0])


def version(value) -> str:
    """The version number of the package that it comes from, or nothing."""
    return str(getattr(_package(value), "__version__", ""))


def is_foreign(value) -> bool:
    """Is this code of the standard library, or of a package that counts by its version?"""
    package = _package(value)
    if package is None or package.__name__ in ("__main__", "renorm") or not hasattr(value, "__name__"):
        return False
    return package.__name__ in sys.stdlib_module_names or hasattr(package, "__version__")
