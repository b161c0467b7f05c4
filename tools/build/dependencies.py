"""Which files of the library a notebook depends on, read from the imports of its code and of those modules."""

import ast
import hashlib
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = "renorm"

_PARSER = threading.Lock()  # Python 3.11 raises SystemError at times when two threads parse at once


def imported(source: str, package: str = "") -> Iterator[str]:
    """The dotted names that some code imports, wherever in it; `package` is where relative imports start.

    >>> sorted(imported("from renorm.live import explore\\nimport numpy as np"))
    ['numpy', 'renorm.live', 'renorm.live.explore']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
            yield from (f"{PACKAGE}.*" for alias in node.names if alias.name == PACKAGE)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: -node.level + 1 or None] if node.level else []
            base = ".".join(parts + [node.module] * bool(node.module))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def module_file(root: Path, name: str) -> Path | None:
    """The file of a module of the library, or None where the name is not one (a function, another package)."""
    path = root.joinpath(*name.split("."))
    candidates = (path / "__init__.py", path.with_suffix(".py"))
    return next((file for file in candidates if file.is_file()), None) if name.split(".")[0] == PACKAGE else None


@cache
def homes(root: Path) -> dict[str, str]:
    """The modules behind the names that the package hands out itself: the table `_HOMES` of its __init__.py."""
    for node in ast.parse((root / PACKAGE / "__init__.py").read_text("utf8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_HOMES":
            table = ast.literal_eval(node.value)
            return {f"{PACKAGE}.{name}": f"{PACKAGE}.{module}" for module, names in table.items() for name in names}
    return {}


def files(root: Path, sources: Iterable[str]) -> set[Path]:
    """All modules of the library that code leads to, packages on the way included, and the library's data files."""
    found = {p for p in (root / PACKAGE).rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
    waiting = [name for source in sources for name in imported(source)]
    seen = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name.split(".")[0] != PACKAGE:
            continue
        seen.add(name)
        waiting += [name.rpartition(".")[0]] if "." in name else []
        home = homes(root)
        waiting += [module for handed, module in home.items() if name in (handed, f"{PACKAGE}.*")]
        file = module_file(root, name)
        if file and file not in found:
            found.add(file)
            package = name if file.name == "__init__.py" else name.rpartition(".")[0]
            waiting += imported(file.read_text("utf8"), package)
    return found


def digest(root: Path, sources: Iterable[str]) -> str:
    """One checksum for all that the outputs of some code depend on besides itself: library, data, package versions."""
    total = hashlib.sha256((root / "requirements.lock").read_bytes())
    with _PARSER:
        found = sorted(files(root, sources))
    for path in found:
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
