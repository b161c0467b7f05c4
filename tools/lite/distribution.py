"""A Pyodide of our own: fetched files, the kernel's wheels, our own packages, all in one pyodide-lock.json.

What a cell imports, the kernel looks up there: `import renorm` works without an install cell and without a network.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from tools.lite import pyodide

HERE = Path(__file__).parent
PRECOMPILE = HERE / "precompile.mjs"

# our own packages: the folder of each, and what of it goes into its wheel
OURS = {
    "liveplate": ("liveplate", ["src", "pyproject.toml", "README.md", "LICENSE"]),
    "renorm": (".", ["renorm", "pyproject.toml", "README.md", "LICENSE", "LICENSE-DATA"]),
    "renorm-book": ("book", ["renorm_book", "pyproject.toml"]),
}


def needs(folder: Path) -> list[str]:
    """The packages that the project in a folder asks for, those for a running notebook included."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf8"))["project"]
    lines = project["dependencies"] + project.get("optional-dependencies", {}).get("notebook", [])
    return [re.match(r"[\w-]+", line).group() for line in lines]


# what a package needs that the official lock does not have, or has with more dependencies
DEPENDS = {
    "comm": ["traitlets"],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "tqdm": [],
    "piplite": ["micropip"],
    "pyodide-kernel": ["ipykernel", "ipython", "comm"],
    "ipykernel": ["comm"],
} | {name: needs(pyodide.fetch.ROOT / folder) for name, (folder, _) in OURS.items()}
# what the kernel asks for and no notebook needs. Without jedi and its 1,900 files half a second of each start is saved,
# and IPython completes names by looking at the objects themselves.
ABSENT = ("ssl", "jedi")
KERNEL_WHEELS = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"


def node() -> str:
    """A Node to compile with: the system's, or the one that playwright brings along."""
    found = os.environ.get("NODE") or shutil.which("node")
    if found:
        return found
    try:
        from playwright._impl._driver import compute_driver_executable
    except ImportError:
        sys.exit("Node is needed to compile Python for the browser: install it, or set NODE to its path.")
    return compute_driver_executable()[0]


def precompile(*arguments: str) -> None:
    done = subprocess.run([node(), str(PRECOMPILE), *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"compiling Python for the browser failed:\n{done.stdout}{done.stderr}")


def project_name(wheel: Path) -> str:
    """The name under which pyodide-lock.json has a wheel; what is imported has underscores.

    >>> project_name(Path("renorm_book-1.0.0-py3-none-any.whl"))
    'renorm-book'
    """
    return wheel.name.split("-")[0].replace("_", "-")


def entry(path: Path) -> dict:
    """What pyodide-lock.json says of a wheel of pure Python."""
    name = project_name(path)
    return {
        "name": name,
        "version": path.name.split("-")[1],
        "file_name": path.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [] if name in ABSENT else [name.replace("-", "_")],
        "depends": DEPENDS.get(name, []),
        "unvendored_tests": False,
    }


def empty_wheel(folder: Path, name: str) -> Path:
    """Stands in for a package that is not there."""
    path, info = folder / f"{name}-0.0.0-py3-none-any.whl", f"{name}_absent-0.0.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in {
            "METADATA": f"Metadata-Version: 2.1\nName: {name}-absent\nVersion: 0.0.0\n",
            "WHEEL": "Wheel-Version: 1.0\nGenerator: distribution\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "",
        }.items():
            wheel.writestr(zipfile.ZipInfo(f"{info}/{file}", (2020, 1, 1, 0, 0, 0)), text)
    return path


def assemble(source: Path, kernel_wheels: list[Path], out: Path) -> None:
    """Copy the locked files to `out` and write its pyodide-lock.json: only what is there, with what each needs."""
    lock = json.loads((source / "pyodide-lock.json").read_text("utf8"))
    missing = set(pyodide.LOCK["left out"])
    packages = {}
    official = {entry["file_name"]: (name, entry) for name, entry in lock["packages"].items()}
    for file, locked in pyodide.LOCK["files"].items():
        shutil.copyfile(source / file, out / file)
        if locked["kind"] == "wheel":
            name, known = official[file]
            packages[name] = known | {"depends": [d for d in known["depends"] if d not in missing]}
        if locked["kind"] == "pypi":
            kernel_wheels = [*kernel_wheels, out / file]
    for wheel in kernel_wheels:
        if wheel.parent != out:
            shutil.copyfile(wheel, out / wheel.name)
        packages[project_name(wheel)] = entry(wheel)
    for name in ABSENT:
        packages[name] = entry(empty_wheel(out, name))
    (out / "pyodide-lock.json").write_text(json.dumps(lock | {"packages": packages}), "utf8")


def compiled(environment: Path) -> Path:
    """The distribution without our own packages, compiled; kept in the cache until what goes into it changes."""
    source = pyodide.ensure()
    names = ("piplite-*.whl", "pyodide_kernel-*.whl", "ipykernel-*.whl")
    kernel_wheels = [next((environment / KERNEL_WHEELS).glob(name)) for name in names]
    inputs = [pyodide.LOCK_PATH, PRECOMPILE, Path(__file__), *kernel_wheels]
    key = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in inputs)).hexdigest()[:16]
    ready = source / f"compiled-{key}"
    if not ready.exists():
        for old in source.glob("compiled-*"):
            shutil.rmtree(old)
        part = source / "part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        assemble(source, kernel_wheels, part)
        precompile("sourceless", str(part))
        os.replace(part, ready)
    return ready


def with_ours(base: Path, wheels: list[Path], out: Path) -> None:
    """The whole distribution in `out`; our own packages keep their sources, so that readers can look at them."""
    shutil.copytree(base, out)
    lock = json.loads((out / "pyodide-lock.json").read_text("utf8"))
    for wheel in wheels:
        shutil.copyfile(wheel, out / wheel.name)
        lock["packages"][project_name(wheel)] = entry(out / wheel.name)
    (out / "pyodide-lock.json").write_text(json.dumps(lock), "utf8")
    for wheel in wheels:
        precompile("beside", str(out), project_name(wheel))
