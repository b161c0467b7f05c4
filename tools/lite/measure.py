"""Processor seconds of each chapter, on this system and in the browser, for the page on how the book works.

python tools/lite/measure.py [CHAPTER...]    after `make site`; writes book/in-browser-seconds.md

Seconds of the processor rather than of the clock: they hardly depend on what else the machine is doing, and on an idle
one both are nearly the same, since a notebook's cells run one after the other on one core.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "book" / "in-browser-seconds.md"
KEPT = ROOT / "_build" / "in-browser-seconds.json"  # measured chapter by chapter; all of them make the page
NATIVE = """import sys, nbformat
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], as_version=4), timeout=900, kernel_name="python3").execute()"""
HEAD = """| Chapter | on the system | in the browser | ratio |
|:--|--:|--:|--:|
"""


def used_by_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def native_seconds(notebook: Path) -> float:
    """A kernel of this environment, one BLAS thread, sliders as in JupyterLab; starting it and its imports included."""
    before = used_by_children()
    settings = {"OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    subprocess.run([sys.executable, "-c", NATIVE, str(notebook)], check=True, env=os.environ | settings)
    return used_by_children() - before


def used_below(process: int) -> float:
    """Processor seconds of all living descendants of a process."""
    parents, spent = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended
                continue
            parents[int(entry.name)], spent[int(entry.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {process}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return sum(spent[child] for child in family - {process}) / os.sysconf("SC_CLK_TCK")


def browser_seconds(notebook: Path, lite: Path) -> float:
    """Chromium, from choosing Run All Cells to the last cell; starting Python and its imports included."""
    from playwright.sync_api import sync_playwright

    from lite import serve, visit

    with (
        serve.serving(lite.parent) as (base, _),
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as home,
    ):
        with visit.visiting(playwright.chromium, home) as new:
            seen = new()
            seen.open(f"{base}/{lite.name}/notebooks/index.html?path=notebooks/{notebook.name}")
            before = used_below(os.getpid())
            seen.run_all()
            seen.wait_until_done(1800)
            errors = seen.errors()
            if errors:
                sys.exit(f"{notebook.name} in the browser: {errors[0]}")
            return used_below(os.getpid()) - before


def title(notebook: Path) -> str:
    cell = json.loads(notebook.read_text("utf8"))["cells"][0]
    return "".join(cell["source"]).splitlines()[0].removeprefix("# ").strip()


def processor() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.machine()


def write_page(measured: list[dict]) -> None:
    rows = []
    for chapter in measured:
        native, browser = chapter["native"], chapter["browser"]
        rows.append(f"| {chapter['title']} | {native:.0f} | {browser:.0f} | {browser / native:.1f} |\n")
    against = f"Python {platform.python_version()} against Pyodide {measured[0]['pyodide']} in Chromium"
    note = f"Seconds of the processor for a whole chapter, the start of Python included: {against}, on one core"
    PAGE.write_text(f"{HEAD}{''.join(rows)}\n{note} ({processor()}).\n", "utf8")


def main() -> None:
    from lite import fetch, jupyterlite

    measured = json.loads(KEPT.read_text("utf8")) if KEPT.exists() else {}
    for notebook in jupyterlite.chapters():
        if sys.argv[1:] and notebook.stem not in sys.argv[1:]:
            continue
        native, browser = native_seconds(notebook), browser_seconds(notebook, jupyterlite.OUT)
        facts = {"title": title(notebook), "native": native, "browser": browser, "pyodide": fetch.LOCK["pyodide"]}
        measured[notebook.stem] = facts
        KEPT.write_text(json.dumps(measured, indent=1), "utf8")
        print(f"{notebook.stem:<40}{native:8.1f}{browser:8.1f}", flush=True)
    write_page([measured[name] for name in sorted(measured)])


if __name__ == "__main__":
    main()
