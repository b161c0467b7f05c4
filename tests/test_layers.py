"""Imports go one way. Every import counts, those inside functions too."""

import ast
from pathlib import Path

import pytest
from repository import ROOT

HOUSES = {"liveplate": "liveplate/src", "renorm": ".", "renorm_book": "book", "tools": "."}
# Within a package: each group may import those before it, and itself; members of one group in braces not one another.
FLOORS = {
    "liveplate": [
        *([room] for room in ("spec", "draw", "picture", "player")),
        ["bake", "kernel"],
        ["explore", "walk"],
        ["__init__", "sphinx"],
    ],
    "renorm": [["_numerics", "_version"], ["theory", "networks", "data"], ["experiments"], ["__init__"]],
}
BELOW = {"liveplate": set(), "renorm": set(), "renorm_book": {"liveplate", "renorm"}, "tools": set(HOUSES)}
BELOW["tools"] -= {"tools"}


def modules() -> dict[str, Path]:
    found = {}
    for house, folder in HOUSES.items():
        for path in sorted((ROOT / folder / house).rglob("*.py")):
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(name: str) -> set[str]:
    """The modules of ours that a module imports."""
    path, found = MODULES[name], set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join(parts + [node.module] * bool(node.module))
            found |= {f"{base}.{a.name}" if f"{base}.{a.name}" in MODULES else base for a in node.names}
    return {module for module in found if module in MODULES and module != name}


def room(name: str) -> str:
    """The folder or file of its package that a module is in."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_what_lies_below(name):
    house = name.split(".")[0]
    for other in imports(name):
        above = other.split(".")[0]
        assert above in BELOW[house] | {house}, f"{name} imports {other}"
        if above == house and house in FLOORS:
            floor = {room: i for i, rooms in enumerate(FLOORS[house]) for room in rooms}
            same = room(other) == room(name)
            assert same or floor[room(other)] < floor[room(name)], f"{name} imports {other}"
        if above == "liveplate" != house:
            assert other == "liveplate" or house == "tools", f"{name} imports {other}, which is not a public address"
        if house == "renorm_book" == above:
            own = room(other) == room(name) or name.endswith(".quotes")  # a part of the notebook, which may import any
            own = own or room(name) == "short"  # the short version shows what the chapters found
            assert own or not room(other).startswith("chapter"), f"{name} imports {other}"
            assert not (name.endswith(".figures") and other.endswith("checks")), f"{name} imports {other}"


def test_there_is_no_circle():
    done, trail = set(), []

    def visit(name):
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name not in done:
            trail.append(name)
            for other in sorted(imports(name)):
                visit(other)
            done.add(trail.pop())

    for name in MODULES:
        visit(name)


def foreign(name: str) -> set[str]:
    """The top names of everything that a module imports."""
    tree = ast.walk(ast.parse(MODULES[name].read_text("utf8")))
    found = [alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names]
    tree = ast.walk(ast.parse(MODULES[name].read_text("utf8")))
    found += [node.module or "" for node in tree if isinstance(node, ast.ImportFrom) and not node.level]
    return {module.split(".")[0] for module in found}


def test_the_library_draws_nothing_and_only_the_kernel_has_widgets():
    for name in MODULES:
        if name.split(".")[0] == "renorm":
            assert not foreign(name) & {"matplotlib", "ipywidgets", "IPython"}, name
        if name.split(".")[0] == "liveplate" and room(name) != "kernel":
            assert "ipywidgets" not in foreign(name), name


def test_every_public_name_is_defined_where_it_is_listed():
    """Packages hand on names of their modules; a module lists none of another's: every name has one address."""
    for name, path in MODULES.items():
        if path.name == "__init__.py":
            continue
        body = ast.parse(path.read_text("utf8")).body
        listed = [ast.literal_eval(n.value) for n in body if isinstance(n, ast.Assign) and _targets(n) == ["__all__"]]
        defined = {n.name for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        defined |= {target for n in body if isinstance(n, (ast.Assign, ast.AnnAssign)) for target in _targets(n)}
        assert not set(listed[0] if listed else []) - defined, name


def _targets(node) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [x.id for target in targets for x in ast.walk(target) if isinstance(x, ast.Name)]


def test_no_module_is_longer_than_a_reader_can_hold():
    long = {name: n for name, path in MODULES.items() if (n := len(path.read_text("utf8").splitlines())) >= 300}
    assert not long
