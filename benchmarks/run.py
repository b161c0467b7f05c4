"""Runs the benchmarks, prints what they found and writes it to a page of the book.

python benchmarks/run.py                      all of them; writes book/benchmarks.md
python benchmarks/run.py ridge_path scaling   these, printed only
"""

import importlib
import os
import pkgutil
import platform
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)] if str(ROOT) not in sys.path else []

import benchmarks  # noqa: E402
from benchmarks.harness import Table  # noqa: E402  (limits BLAS to one thread before numpy is imported)

PAGE = ROOT / "book" / "benchmarks.md"
FIRST = ["renormalized_ridge", "ridge_path", "large_spectrum", "scaling"]  # the order of the page; others follow
NOT_BENCHMARKS = {"harness", "live_pages", "run"}

OPENING = """# How fast it is

Each table answers one question, with all contenders in one run on one machine. They take turns, so that a busy moment
falls on all of them alike. Where a table says nothing else, times are processor time of the one thread that works; the
first number is the median over the turns, the least and the largest stand in brackets; a ratio is formed turn by turn.
`make bench` makes this page anew; ratios carry over to other machines, times do not.

"""


def main(names: list[str]) -> int:
    known = benchmark_names()
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    sections = []
    for name in names or known:
        start = time.perf_counter()
        print(f"{name} …", flush=True)
        for table in importlib.import_module(f"benchmarks.{name}").measure():
            sections.append(section(table))
            print(as_text(table), flush=True)
        print(f"({name}: {time.perf_counter() - start:.0f} s)\n", flush=True)
    if not names:
        PAGE.write_text(OPENING + machine() + "\n" + "\n".join(sections), encoding="utf-8")
        print(f"written to {PAGE.relative_to(ROOT)}")
    return 0


def benchmark_names() -> list[str]:
    """The modules of this folder that measure something, in the order of the page."""
    names = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)} - NOT_BENCHMARKS
    return [name for name in FIRST if name in names] + sorted(names - set(FIRST))


def section(table: Table) -> str:
    """One table as a section of the page."""
    lines = [f"## {table.question}", "", *[f"{detail}" for detail in table.details], ""]
    lines += ["| " + " | ".join(row) + " |" for row in (table.columns, ["---"] * len(table.columns), *table.rows)]
    return "\n".join([*lines, "", table.note, ""])


def as_text(table: Table) -> str:
    """The same for a terminal, in aligned columns."""
    cells = [[cell.replace("`", "") for cell in row] for row in (table.columns, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  " + "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    return "\n".join([table.question, *(f"  {line}" for line in table.details), *lines, f"  {table.note}", ""])


def machine() -> str:
    """What was measured on, and with what."""
    import joblib
    import numpy
    import scipy
    import sklearn

    import renorm

    packages = {"numpy": numpy, "scipy": scipy, "scikit-learn": sklearn, "joblib": joblib, "renorm": renorm}
    versions = ", ".join(f"{name} {module.__version__}" for name, module in packages.items())
    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return (
        f"Measured on {date.today():%d %B %Y}: {processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, {versions}, {blas['name']} {blas['version']} with one thread.\n"
    )


def processor() -> str:
    """The model of the processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
