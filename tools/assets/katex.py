"""KaTeX for the build: its script (used while the book is built) and its style sheet and fonts (served with the pages).

The files belong to KaTeX, not to this repository. `python -m tools.assets.katex` puts them into .cache/katex.
"""

import json
import re
import shutil
from functools import partial
from pathlib import Path

from tools.assets import fetch

LOCK = json.loads((Path(__file__).parent / "katex.lock.json").read_text("utf8"))
CACHE = fetch.ROOT / ".cache" / "katex"
SOURCES = [partial(fetch.from_pypi, **LOCK["pypi"]), partial(fetch.from_npm, **LOCK["npm"])]
FALLBACKS = re.compile(r',url\(fonts/[^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)')  # every browser reads woff2


def served(files: dict[str, bytes]) -> dict[str, bytes]:
    """What of the locked files goes with the pages: all but the script, the style sheet naming woff2 alone."""
    kept = {name: content for name, content in files.items() if not name.endswith(".js")}
    sheets = {name: FALLBACKS.sub("", kept[name].decode("utf8")).encode() for name in kept if name.endswith(".css")}
    return kept | sheets


def ensure() -> Path:
    """The folder with katex.min.js (for the build) and site/katex (for the pages), every file of it looked at."""
    store = fetch.Store(CACHE, LOCK["files"], "tools/assets/katex.lock.json")
    version = f"katex {LOCK['version']}"
    advice = f"Connect once to PyPI or npm and run make again; the files are those in the folder `dist` of {version}"
    store.fill([(list(LOCK["files"]), SOURCES)], f"The setting of formulas ({version})", advice)
    wanted = {CACHE / "site" / "katex" / n: b for n, b in served({n: store.read(n) for n in LOCK["files"]}).items()}
    found = {path: path.read_bytes() for path in (CACHE / "site").rglob("*") if path.is_file()}
    if found != wanted:
        shutil.rmtree(CACHE / "site", ignore_errors=True)
        for path, content in wanted.items():
            fetch.write(path, content)
    return CACHE


if __name__ == "__main__":
    print(ensure())
