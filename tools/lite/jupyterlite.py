"""JupyterLite with the book's chapters, built in _build/lite: `build` does all of it and returns the folder."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.lite import distribution

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).parent
OUT = ROOT / "_build" / "lite"
ENVIRONMENT = ROOT / ".venv-lite"
SETTINGS = "@jupyterlite/pyodide-kernel-extension:kernel"
LINKED = ("book/glossary.md", "book/references.bib")  # what the chapters link to besides each other and the web
PYODIDE = "./static/pyodide/start.js"  # the kernel's entry to our own Pyodide


def build_wheels(out: Path) -> list[Path]:
    """The wheels of our packages, each from a copy of its sources: setuptools would leave its traces among them."""
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for name, (place, parts) in distribution.OURS.items():
            copies.append(Path(folder) / name)
            copies[-1].mkdir()
            for part in parts:
                source, target = ROOT / place / part, copies[-1] / part
                if source.is_dir():
                    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
                else:
                    shutil.copyfile(source, target)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run(
            [*command, "--no-build-isolation", "--wheel-dir", str(out), *map(str, copies)],
            check=True,
            env=os.environ | {"SOURCE_DATE_EPOCH": "1577836800"},  # the same bytes from the same sources
        )
    return sorted(out.glob("*.whl"))


def chapters() -> list[Path]:
    """All notebooks that are handed out: the chapters, and the one that readers start with."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def fingerprint(wheels: list[Path]) -> str:
    """One checksum of all that the result depends on."""
    tools = sorted(path for path in HERE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    inputs = [*wheels, *chapters(), *tools, *(ROOT / name for name in LINKED)]
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def prepare(folder: Path, wheels: list[Path]) -> None:
    """What `jupyter lite build` is given: settings, Pyodide at its well-known place, and the chapters."""
    for name in ("jupyter-lite.json", "jupyter_lite_config.json", "overrides.json"):
        shutil.copyfile(HERE / name, folder / name)
    shutil.copytree(HERE / "early-kernel", folder / "early-kernel")
    (folder / "static").mkdir()
    distribution.with_ours(distribution.compiled(ENVIRONMENT), wheels, folder / "static" / "pyodide")
    shutil.copyfile(HERE / "start.js", folder / "static" / "pyodide" / "start.js")
    for path in [*chapters(), *(ROOT / name for name in LINKED)]:
        place = folder / "contents" / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def run_build(folder: Path, out: Path) -> None:
    command = [str(ENVIRONMENT / "bin" / "jupyter"), "lite", "build", "--lite-dir", str(folder)]
    command += ["--config", str(folder / "jupyter_lite_config.json"), "--contents", str(folder / "contents")]
    done = subprocess.run(
        [*command, "--output-dir", str(out)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"},
    )
    if done.returncode:
        sys.exit(f"JupyterLite was not built:\n{done.stdout}")


def enter_at_our_start(out: Path) -> None:
    """The build has named pyodide.js, whatever our settings said."""
    path = out / "jupyter-lite.json"
    config = json.loads(path.read_text("utf8"))
    config["jupyter-config-data"]["litePluginSettings"][SETTINGS]["pyodideUrl"] = PYODIDE
    path.write_text(json.dumps(config, indent=2, sort_keys=True), "utf8")


def check(out: Path) -> None:
    """The kernel must find our Pyodide: without the address it would ask a third party's server, unnoticed."""
    config = json.loads((out / "jupyter-lite.json").read_text("utf8"))["jupyter-config-data"]
    settings = config.get("litePluginSettings", {}).get(SETTINGS, {})
    if settings.get("pyodideUrl") != PYODIDE or not settings.get("disablePyPIFallback"):
        sys.exit(f"jupyter-lite.json does not name our own Pyodide: {settings}")
    if "early-kernel" not in {extension["name"] for extension in config.get("federated_extensions", [])}:
        sys.exit("jupyter-lite.json does not name the extension early-kernel")
    here = {path.name for path in (out / "files" / "notebooks").glob("*.ipynb")}
    gone = sorted({path.name for path in chapters()} - here)
    if gone:
        sys.exit(f"chapters are missing from JupyterLite: {', '.join(gone)}")


def build(wheels: list[Path]) -> Path:
    """The folder to be served as lite/; made anew when the library, a chapter or the settings have changed."""
    stamp, key = OUT / "made-from.txt", fingerprint(wheels)
    if stamp.exists() and stamp.read_text("utf8") == key:
        return OUT
    shutil.rmtree(OUT, ignore_errors=True)  # never on top of an old one: it would keep the old settings
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), wheels)
        run_build(Path(folder), OUT)
    enter_at_our_start(OUT)
    check(OUT)
    stamp.write_text(key, "utf8")
    return OUT
