"""Processor seconds of each chapter, on this system and in Pyodide, for the page on how the book works.

python -m tools.lite.measure [CHAPTER...]    after `make site`; writes book/in-browser-seconds.md

Seconds of the processor rather than of the clock: they hardly depend on what else the machine is doing, and on an idle
one both are nearly the same, since a notebook's cells run one after the other on one core.
"""

import json
import os
import platform
import resource
import subprocess
import sys
from pathlib import Path

from tools.lite import distribution, jupyterlite, pyodide

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "book" / "in-browser-seconds.md"
KEPT = ROOT / "_build" / "in-browser-seconds.json"  # measured chapter by chapter; all of them make the page
NATIVE = """import sys, nbformat
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], as_version=4), timeout=900, kernel_name="python3").execute()"""
HEAD = """| Chapter | on the system | in Pyodide | ratio |
|:--|--:|--:|--:|
"""


def used_by_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def native_seconds(notebook: Path) -> float:
    """A kernel of this environment with one BLAS thread, sliders as in JupyterLab; its imports included."""
    before = used_by_children()
    settings = {"OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    subprocess.run([sys.executable, "-c", NATIVE, str(notebook)], check=True, env=os.environ | settings)
    return used_by_children() - before


def pyodide_seconds(notebook: Path, dist: Path) -> float:
    """The Python of the browser, run by Node: from the first cell to the last, what they import included."""
    command = [distribution.node(), str(Path(__file__).with_name("run_notebook.mjs")), str(dist), str(notebook)]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if "error" in report:
        sys.exit(f"{notebook.name} in Pyodide: {report['error']}")
    return report["processor"]


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
    against = f"Python {platform.python_version()} against Pyodide {measured[0]['pyodide']} in Node"
    note = f"Seconds of the processor for a whole chapter, its imports included, on one core: {against}"
    PAGE.write_text(f"{HEAD}{''.join(rows)}\n{note} ({processor()}).\n", "utf8")


def main() -> None:
    measured = json.loads(KEPT.read_text("utf8")) if KEPT.exists() else {}
    for notebook in jupyterlite.chapters():
        if notebook.stem[:2] == "00" or (sys.argv[1:] and notebook.stem not in sys.argv[1:]):
            continue  # the notebook that readers start with is none of the chapters
        native, browser = native_seconds(notebook), pyodide_seconds(notebook, jupyterlite.OUT / "static" / "pyodide")
        facts = {"title": title(notebook), "native": native, "browser": browser, "pyodide": pyodide.LOCK["pyodide"]}
        measured[notebook.stem] = facts
        KEPT.write_text(json.dumps(measured, indent=1), "utf8")
        print(f"{notebook.stem:<40}{native:8.1f}{browser:8.1f}", flush=True)
    write_page([measured[name] for name in sorted(measured)])


if __name__ == "__main__":
    main()
