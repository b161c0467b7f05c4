"""All that is tested, cheapest first: lint, the library, then the book is built, then its pages in browsers.

Browsers that are missing are fetched (tools.check.browsers). Where one can't be had, everything else is run, the end
says what was not, and is no success.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.check import browsers

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

# tests in their order, each handed to the worker that is free; those of one group to the same one
PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder"]
PYTEST += ["--durations", "8"]


def steps(chromium: bool, firefox: bool) -> list[tuple[str, list[list[str]]]]:
    """The name and the commands of each step, without the tests of a browser that is not there."""
    live = PYTEST + ["-c", "liveplate/pyproject.toml", "liveplate"] + ([] if chromium else ["-m", "not browser"])
    in_browsers = {
        (True, True): "browser or built",
        (True, False): "(browser and not firefox) or built",
        (False, True): "firefox or built",
        (False, False): "built",
    }[chromium, firefox]
    return [
        ("lint", [[str(BIN / "ruff"), "check", "."], [str(BIN / "ruff"), "format", "--check", "."]]),
        ("the live figures", [live]),
        ("the library", [PYTEST + ["-m", "not browser and not webkit and not lite and not built and not nightly"]]),
        ("the book", [[sys.executable, "-m", "tools.build.book"]]),
        ("the pages in browsers", [PYTEST + ["-m", in_browsers]]),
    ]


def run(planned: list[tuple[str, list[list[str]]]]) -> tuple[list[str], list[str]]:
    """Run the steps: a line for each, with its seconds, and the names of those that failed."""
    seconds, failed = [], []
    for name, commands in planned:
        print(f"\n── {name} ──", flush=True)
        started = time.perf_counter()
        ok = all([subprocess.run(command).returncode == 0 for command in commands])
        seconds.append(f"  {name:<26}{time.perf_counter() - started:7.1f} s{'' if ok else '   FAILED'}")
        if not ok:
            failed.append(name)
            if name == "the book":  # the pages that would be looked at are not there
                break
    return seconds, failed


def main() -> None:
    os.chdir(ROOT)
    found = {browser: browsers.ensure(browser) for browser in (browsers.CHROMIUM, browsers.FIREFOX)}
    # nothing is skipped for want of the site or the browser; workers share the cores, so each computes with one thread
    os.environ.update(RENORM_TEST_ALL="1", OPENBLAS_NUM_THREADS="1")
    os.environ.update({browser.variable: path for browser, path in found.items() if path})
    seconds, failed = run(steps(*map(bool, found.values())))
    print("\n" + "\n".join(seconds))
    absent = [browser for browser, path in found.items() if not path]
    for browser in absent:
        print(f"NOT RUN: the tests in {browser.name}, which is not here. To get it: {browser.how_to_get}")
    if failed:
        print(f"failed: {', '.join(failed)}")
    sys.exit(1 if failed or absent else 0)


if __name__ == "__main__":
    main()
