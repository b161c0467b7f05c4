"""Pyodide and the wheels that the in-browser notebooks need, kept in .cache/pyodide; lock.json names and locks them.

python -m tools.lite.pyodide                    fetch what is missing, check everything
python -m tools.lite.pyodide --relock [0.28.0]  write lock.json anew, for the packages it wants and for that Pyodide
"""

import argparse
import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.assets import fetch

LOCK_PATH = Path(__file__).with_name("lock.json")
LOCK = json.loads(LOCK_PATH.read_text("utf8"))
CACHE = fetch.ROOT / ".cache" / "pyodide"
CORE = ["pyodide-lock.json", "pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]
OFFICIAL = "https://cdn.jsdelivr.net/pyodide/v{version}/full"


def from_official(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """The official distribution, or the address or folder in PYODIDE_SOURCE."""
    base = os.environ.get("PYODIDE_SOURCE") or OFFICIAL.format(version=LOCK["pyodide"])
    yield from fetch.from_address(names, base=base)


def from_wheels(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Wheels of pure Python that Pyodide does not have, from PyPI."""
    for name in names:
        with TemporaryDirectory() as folder:
            yield name, fetch.wheel(LOCK["files"][name]["package"], LOCK["files"][name]["sha256"], folder).read_bytes()


def from_npm(names: list[str], version: str | None = None) -> Iterator[tuple[str, bytes]]:
    """The core, from the project's own package on npm."""
    yield from fetch.from_npm(names, package=f"pyodide@{version or LOCK['pyodide']}", folder="package")


# kind of file: where it may come from, in this order; the mirror is a package on PyPI that carries the official wheels
SOURCES = {
    "core": [from_official, from_npm],
    "wheel": [from_official, partial(fetch.from_pypi, **LOCK["mirror"])],
    "pypi": [from_wheels],
}


def ensure() -> Path:
    """The folder with every locked file; a file that no source has, or has wrongly, ends the build with its name."""
    files = LOCK["files"]
    store = fetch.Store(CACHE, {name: entry["sha256"] for name, entry in files.items()}, "tools/lite/lock.json")
    wanted = [([n for n, entry in files.items() if entry["kind"] == kind], SOURCES[kind]) for kind in SOURCES]
    advice = f"Connect once to {OFFICIAL.format(version=LOCK['pyodide'])} or to PyPI and npm and run make site again, "
    store.fill(
        wanted, "Notebooks in the browser", advice + "set PYODIDE_SOURCE to a folder or an address that has them"
    )
    return CACHE


def closure(official: dict, wanted: list[str], without: set[str]) -> list[str]:
    """The wanted packages and all that they depend on, less those that are left out on purpose."""
    found, todo = [], list(wanted)
    while todo:
        name = todo.pop().lower().replace("_", "-")
        if name not in found and name not in without:
            found.append(name)
            todo += official[name]["depends"]
    return sorted(found)


def relocked(version: str, core: dict[str, bytes]) -> dict:
    """lock.json for a Pyodide of which these are the core files: the wheels' checksums are those of its own lock."""
    files = {name: entry for name, entry in LOCK["files"].items() if entry["kind"] == "pypi"}
    official = json.loads(core["pyodide-lock.json"])["packages"]
    locked = {name: {"kind": "core", "sha256": fetch.sha256(content)} for name, content in core.items()}
    for name in closure(official, LOCK["wanted"], set(LOCK["left out"])):
        locked[official[name]["file_name"]] = {"kind": "wheel", "sha256": official[name]["sha256"]}
    return LOCK | {"pyodide": version, "files": locked | files}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--relock", metavar="VERSION", nargs="?", const=LOCK["pyodide"])
    if version := parser.parse_args().relock:
        lock = relocked(version, dict(from_npm(CORE, version)))
        LOCK_PATH.write_text(json.dumps(lock, indent=1, ensure_ascii=False) + "\n", "utf8")
    else:
        print(ensure())


if __name__ == "__main__":
    main()
