"""All that is tested, cheapest first: lint, the library, then the book is built, then its pages in a browser."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.check import chromium

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "--durations", "8"]
STEPS = [
    ("lint", [[str(BIN / "ruff"), "check", "."], [str(BIN / "ruff"), "format", "--check", "."]]),
    ("the live figures", [PYTEST + ["-m", "not browser", "-c", "liveplate/pyproject.toml", "liveplate"]]),
    ("the library", [PYTEST + ["-m", "not browser and not lite and not built and not nightly"]]),
    ("the book", [[sys.executable, "-m", "tools.build.book"]]),
    (
        "the pages in a browser",
        [
            PYTEST + ["-m", "browser", "-c", "liveplate/pyproject.toml", "liveplate"],
            PYTEST + ["-m", "browser or built"],
        ],
    ),
]
NO_BROWSER = """No Chromium was found, and the pages are tested in one. Install it (Debian, Ubuntu: apt-get install
chromium; or Google Chrome), or set the environment variable CHROMIUM to its path, and run make test again."""


def main() -> None:
    os.chdir(ROOT)
    if chromium.find() is None:
        sys.exit(NO_BROWSER)
    # nothing is skipped for want of the site or the browser; workers share the cores, so each computes with one thread
    os.environ.update(RENORM_TEST_ALL="1", OPENBLAS_NUM_THREADS="1")
    seconds, failed = [], []
    for name, commands in STEPS:
        print(f"\n── {name} ──", flush=True)
        started = time.perf_counter()
        ok = all([subprocess.run(command).returncode == 0 for command in commands])
        seconds.append(f"  {name:<26}{time.perf_counter() - started:7.1f} s{'' if ok else '   FAILED'}")
        if not ok:
            failed.append(name)
            if name == "the book":  # the pages that would be looked at are not there
                break
    print("\n" + "\n".join(seconds))
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
