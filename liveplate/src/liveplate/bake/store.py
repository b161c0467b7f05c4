"""Baked figures are kept by the fingerprint of what they depend on, so that an unchanged figure costs nothing."""

import gzip
import hashlib
import json
import os
import pathlib
import tempfile
import zlib

import matplotlib as mpl
import numpy as np

from liveplate.bake.fingerprint import fingerprint
from liveplate.spec.figure import LiveFigure
from liveplate.spec.look import LIVE_RC

ROOT_MARKS = ("_toc.yml", "pyproject.toml", ".git")
PACKAGE = pathlib.Path(__file__).parent.parent
KEPT = 4  # versions of one figure
ASIDE = ("kernel", "player", "sphinx.py", "standalone.py", "workers.py")  # what has no part in the result
PASSING = (
    "backend",
    "interactive",
    "toolbar",
    "webagg",
    "tk.",
    "keymap",
    "datapath",
    "savefig.directory",
    "date.epoch",
)


def folder() -> pathlib.Path:
    """LIVEPLATE_CACHE/live, or .cache/live at the root of the project that the working directory is in."""
    if os.environ.get("LIVEPLATE_CACHE"):
        return pathlib.Path(os.environ["LIVEPLATE_CACHE"]) / "live"
    here = pathlib.Path.cwd()
    for place in (here, *here.parents):
        if any((place / mark).exists() for mark in ROOT_MARKS):
            return place / ".cache" / "live"
    return here / ".cache" / "live"


def key(figure: LiveFigure) -> str:
    """What the baked figure depends on: the author's code and data, this package, matplotlib and its settings."""
    files = ((path.relative_to(PACKAGE), path) for path in sorted(PACKAGE.rglob("*.py")))
    code = {name.as_posix(): path.read_bytes() for name, path in files if not {*name.parts} & {*ASIDE}}
    settings = {k: str(v) for k, v in (mpl.rcParams | LIVE_RC).items() if not k.startswith(PASSING)}
    return fingerprint(figure, code, settings, mpl.__version__, np.__version__)


def path_of(figure: LiveFigure) -> pathlib.Path:
    return folder() / f"{figure.name}-{key(figure)[:20]}.json.gz"


def load(path: pathlib.Path) -> dict | None:
    """The stored result, or None if there is none that is as it was written."""
    try:
        kept = path.read_bytes()
        packed, digest = kept[:-32], kept[-32:]
        return json.loads(gzip.decompress(packed)) if hashlib.sha256(packed).digest() == digest else None
    except (OSError, ValueError, EOFError, zlib.error):
        return None


def save(path: pathlib.Path, result: dict) -> None:
    """Write at once or not at all, so that a build that is stopped leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        packed = gzip.compress(json.dumps(result, ensure_ascii=False).encode(), 6, mtime=0)
        part.write(packed + hashlib.sha256(packed).digest())
    os.replace(part.name, path)
    name = path.name.rsplit("-", 1)[0]
    older = sorted(path.parent.glob(f"{name}-{'?' * 20}.json.gz"), key=lambda p: p.stat().st_mtime, reverse=True)
    for each in older[KEPT:]:
        each.unlink(missing_ok=True)
