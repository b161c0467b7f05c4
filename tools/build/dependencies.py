"""Which files of our packages a notebook depends on, read from the imports of its code and of those modules."""

import ast
import hashlib
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGES = {"renorm": ".", "liveplate": "liveplate/src", "renorm_book": "book"}  # and the folder that each lies in

_PARSER = threading.Lock()  # Python 3.11 raises SystemError at times when two threads parse at once


def imported(source: str, package: str = "") -> Iterator[str]:
    """The dotted names that some code imports, wherever in it; `package` is where relative imports start.

    >>> sorted(imported("from renorm.theory import ridge\\nimport numpy as np"))
    ['numpy', 'renorm.theory', 'renorm.theory.ridge']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
            yield from (f"{alias.name}.*" for alias in node.names if alias.name in PACKAGES)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: -node.level + 1 or None] if node.level else []
            base = ".".join(parts + [node.module] * bool(node.module))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def module_file(root: Path, name: str) -> Path | None:
    """The file of a module of ours, or None where the name is not one (a function, another package)."""
    parts = name.split(".")
    if parts[0] not in PACKAGES:
        return None
    path = root.joinpath(PACKAGES[parts[0]], *parts)
    return next((file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()), None)


@cache
def homes(root: Path) -> dict[str, str]:
    """The modules behind the names that a package hands out itself: the table `_HOMES` of its __init__.py."""
    found = {}
    for package in PACKAGES:
        file = module_file(root, package)
        for node in ast.parse(file.read_text("utf8")).body if file else []:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_HOMES":
                table = ast.literal_eval(node.value)
                found |= {f"{package}.{name}": f"{package}.{home}" for home, names in table.items() for name in names}
    return found


def files(root: Path, sources: Iterable[str]) -> set[Path]:
    """All modules of ours that code leads to, packages on the way included, and the data files that come with it."""
    folders = [root / PACKAGES[name] / name for name in ("renorm", "renorm_book")]
    found = {p for folder in folders for p in folder.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
    waiting = [name for source in sources for name in imported(source)]
    seen = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name.split(".")[0] not in PACKAGES:
            continue
        seen.add(name)
        waiting += [name.rpartition(".")[0]] if "." in name else []
        waiting += [home for handed, home in homes(root).items() if name in (handed, f"{handed.split('.')[0]}.*")]
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
