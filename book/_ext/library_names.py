"""What the library offers, read from itself: areas, modules, public names, addresses; and which chapters use a name."""

import ast
import importlib
import inspect
import json
import pkgutil
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

AREAS = {  # what a page of the reference documents: a package, or for live figures the names it hands out
    "renorm.theory": "book/library/theory",
    "renorm.experiments": "book/library/experiments",
    "renorm.networks": "book/library/networks",
    "renorm.data": "book/library/data",
    "liveplate": "book/library/liveplate",
}


@dataclass(frozen=True)
class Name:
    """One public name: the module that defines it, and the address that it is imported from."""

    module: str
    name: str
    address: str

    @cached_property
    def value(self):
        return getattr(importlib.import_module(self.module), self.name)

    @property
    def doc(self) -> str:
        """Its docstring; a constant has none of its own."""
        return (inspect.getdoc(self.value) or "") if callable(self.value) else ""

    @property
    def kind(self) -> str:
        return "class" if inspect.isclass(self.value) else "function" if callable(self.value) else "data"


@cache
def face(package: str) -> frozenset[str]:
    """The names that a package hands out itself."""
    return frozenset(importlib.import_module(package).__all__)


def listed(module) -> list[str]:
    """The public names of a module: its ``__all__``, else what it defines without an underscore."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    return [n for n, v in vars(module).items() if n[0] != "_" and getattr(v, "__module__", "") == module.__name__]


@cache
def modules(area: str) -> tuple[str, ...]:
    package = importlib.import_module(area)
    return tuple(f"{area}.{found.name}" for found in pkgutil.iter_modules(package.__path__))


@cache
def names(area: str) -> tuple[Name, ...]:
    """The public names of an area, those that ``renorm`` hands out itself under its own address."""
    if area == "liveplate":
        homes = {name: getattr(importlib.import_module(area), name).__module__ for name in sorted(face(area))}
        return tuple(Name(home, name, f"{area}.{name}") for name, home in homes.items())
    found = []
    for module in modules(area):
        for name in listed(importlib.import_module(module)):
            home = "renorm" if name in face("renorm") else module
            found.append(Name(module, name, f"{home}.{name}"))
    return tuple(found)


@cache
def everything() -> dict[str, Name]:
    """Each name by its address, and by the address of the module that defines it."""
    found = [one for area in AREAS for one in names(area)]
    return {f"{one.module}.{one.name}": one for one in found} | {one.address: one for one in found}


def find(text: str, home: str = "") -> str | None:
    """The address that a docstring means by a name: a function's, else a module's; ``home`` is the module it is in.

    >>> find("ridge_risk"), find("theory.flow.flow_line"), find("kernels.fit_kernel"), find("theory.ridge")
    ('renorm.ridge_risk', 'renorm.theory.flow.flow_line', 'renorm.theory.kernels.fit_kernel', 'renorm.theory.ridge')
    >>> find("numpy.linalg.lstsq")
    """
    text = text.removesuffix("()")
    if not re.fullmatch(r"[A-Za-z_]\w*(\.\w+)*", text):
        return None
    known = everything()
    area = home.rpartition(".")[0]
    for start in (home, "renorm", area, ""):
        full = f"{start}.{text}" if start else text
        if full in known:
            return known[full].address
        if any(full in modules(one) for one in AREAS if one != "liveplate"):
            return full
    by_name = {one.address for one in known.values() if f".{one.module}.{one.name}".endswith(f".{text}")}
    return by_name.pop() if len(by_name) == 1 else None


def line(one: Name) -> tuple[str, int] | None:
    """(file below the folder of its package, line) where a name is defined."""
    try:
        value = inspect.unwrap(one.value)
        file, number = inspect.getsourcefile(value), inspect.getsourcelines(value)[1]
    except TypeError:  # a constant
        return None
    package = one.module.split(".")[0]
    parts = Path(file).parts
    below = Path(*parts[len(parts) - 1 - parts[::-1].index(package) :])
    return (f"liveplate/src/{below}" if package == "liveplate" else below.as_posix()), number


def used(code: str) -> set[str]:
    """The addresses of the public names that some code imports and uses.

    >>> sorted(used("from renorm import ridge_risk\\nfrom renorm.theory import flow\\nflow.flow_line(1, 2, 3)"))
    ['renorm.theory.flow.flow_line']
    """
    tree, known, local, found = ast.parse(code), everything(), {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            local |= {
                (a.asname or a.name.split(".")[0]): (a.name if a.asname else a.name.split(".")[0]) for a in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module:
            local |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}

    def dotted(node) -> str:
        if isinstance(node, ast.Name):
            return local.get(node.id, "")
        if isinstance(node, ast.Attribute) and (start := dotted(node.value)):
            return f"{start}.{node.attr}"
        return ""

    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and (one := known.get(dotted(node))):
            found.add(one.address)
    return found


def code_of(notebook: Path) -> str:
    """The code of a notebook, without lines of magic."""
    cells = json.loads(notebook.read_text("utf8"))["cells"]
    lines = [line for c in cells if c["cell_type"] == "code" for line in "".join(c["source"]).splitlines()]
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


def used_by(notebook: Path) -> set[str]:
    return used(code_of(notebook))
