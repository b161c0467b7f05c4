"""Pyodide and the wheels that the in-browser notebooks need, taken from the first source that has them, each file held
to its checksum in lock.json, kept in .cache/pyodide. Every later build reads the cache only.

python tools/lite/fetch.py            fetch what is missing, check everything
python tools/lite/fetch.py --relock   write lock.json anew, after its versions or its list of wanted packages changed
"""

import functools
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK_PATH = Path(__file__).with_name("lock.json")
LOCK = json.loads(LOCK_PATH.read_text("utf8"))
CACHE = ROOT / ".cache" / "pyodide"
CORE = ["pyodide-lock.json", "pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]
PATIENCE = 8  # seconds for an address to answer: many machines reach only a package registry
FAILURES = (OSError, subprocess.SubprocessError, KeyError, StopIteration, zipfile.BadZipFile, tarfile.TarError)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def cached(name: str) -> bytes | None:
    """The file of that name in the cache if its bytes are the locked ones."""
    path = CACHE / name
    if not path.is_file() or sha256(path.read_bytes()) != LOCK["files"][name]["sha256"]:
        return None
    return path.read_bytes()


def keep(name: str, content: bytes) -> None:
    """Into the cache, if the bytes are the locked ones; a file of any other content is an error."""
    found, wanted = sha256(content), LOCK["files"][name]["sha256"]
    if found != wanted:
        raise OSError(f"{name} is not the file that lock.json describes (sha256 {found[:12]}…, wanted {wanted[:12]}…)")
    CACHE.mkdir(parents=True, exist_ok=True)
    part = CACHE / f"{name}.{os.getpid()}.part"
    part.write_bytes(content)
    os.replace(part, CACHE / name)


def from_official(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """One by one from the official distribution, or from the address or folder in PYODIDE_SOURCE."""
    source = os.environ.get("PYODIDE_SOURCE", LOCK["official"]).rstrip("/")
    base = source if "://" in source else Path(source).resolve().as_uri()
    for name in names:
        with urllib.request.urlopen(f"{base}/{name}", timeout=PATIENCE) as answer:
            yield name, answer.read()


def from_npm(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """The core, from the project's own npm package."""
    with tempfile.TemporaryDirectory() as folder:
        run(["npm", "pack", "--silent", LOCK["npm"]], cwd=folder)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as tar:
            for name in names:
                yield name, tar.extractfile(f"package/{name}").read()


def from_mirror(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """The official wheels, as files inside a package on PyPI that is downloaded and opened, never installed."""
    mirror = LOCK["mirror"]
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(pip_download(mirror, folder)) as wheel:
        for name in names:
            yield name, wheel.read(f"{mirror['folder']}/{name}")


def from_pypi(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Wheels of pure Python that Pyodide does not have."""
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            yield name, pip_download(LOCK["files"][name], folder).read_bytes()


def pip_download(pinned: dict, folder: str) -> Path:
    wanted = Path(folder) / "wanted.txt"
    wanted.write_text(f"{pinned['package']} --hash=sha256:{pinned['sha256']}\n", "utf8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run([*command, "--only-binary", ":all:", "--require-hashes", "--dest", folder, "-r", str(wanted)])
    return next(Path(folder).glob("*.whl"))


run = functools.partial(subprocess.run, check=True, capture_output=True, text=True, timeout=600)

# kind of file: where it may come from, in this order
SOURCES = {"core": [from_official, from_npm], "wheel": [from_official, from_mirror], "pypi": [from_pypi]}


def take(source: Callable, names: list[str]) -> str | None:
    """Put into the cache what the source has; what stopped it, in words, if something did."""
    try:
        for name, content in source(names):
            keep(name, content)
    except FAILURES as error:
        detail = (getattr(error, "stderr", None) or str(error) or type(error).__name__).strip().splitlines()
        return f"  {source.__name__.removeprefix('from_')}: {detail[-1][:300]}"
    return None


def ensure() -> Path:
    """The folder with every locked file; a file that no source has, or has wrongly, ends the build with its name."""
    said = []
    for kind, sources in SOURCES.items():
        names = [name for name, entry in LOCK["files"].items() if entry["kind"] == kind]
        for source in sources:
            missing = [name for name in names if cached(name) is None]
            if missing:
                said.append(take(source, missing))
    missing = [name for name in LOCK["files"] if cached(name) is None]
    if missing:
        sys.exit(
            "The in-browser notebooks need these files, which no source had:\n  "
            + "\n  ".join(missing)
            + "\nWhat the sources said:\n"
            + "\n".join(filter(None, said))
            + f"\nConnect once to {LOCK['official']} or to PyPI and npm and run make site again; or put the files into "
            + f"{CACHE.relative_to(ROOT)}, or set PYODIDE_SOURCE to a folder or an address that has them. Each is "
            + "held to its checksum in tools/lite/lock.json."
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


def relock() -> None:
    """Checksums: the core's from npm's package, the wheels' from the official lock in it; PyPI's stay as written."""
    files = {name: entry for name, entry in LOCK["files"].items() if entry["kind"] == "pypi"}
    core = dict(from_npm(CORE))
    official = json.loads(core["pyodide-lock.json"])["packages"]
    locked = {name: {"kind": "core", "sha256": sha256(content)} for name, content in core.items()}
    for name in closure(official, LOCK["wanted"], set(LOCK["left out"])):
        locked[official[name]["file_name"]] = {"kind": "wheel", "sha256": official[name]["sha256"]}
    LOCK_PATH.write_text(json.dumps(LOCK | {"files": locked | files}, indent=1, ensure_ascii=False) + "\n", "utf8")


if __name__ == "__main__":
    relock() if "--relock" in sys.argv else print(ensure())
