"""Execute the chapters before the pages are made: two at a time, into the cache that the page build reads.

A notebook is found in the cache by its code cells, so that a change of prose executes nothing. What it computes depends
on the library too: with its outputs a checksum is kept of the modules that it leads to, and it is executed again when
one of them, or the lock of packages, has changed. The numbers that the prose quotes are kept there, too, for
tools.check.quotes.
"""

import json
import os
import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

from renorm_book import quotes
from tools.build import dependencies

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "notebooks"
COLOUR_CODES = re.compile(r"\x1b\[[0-9;]*m")
# Sharp pictures on screens with small pixels; no warning that the kernel talks to this machine without encryption.
KERNEL_ARGUMENTS = ["--InlineBackend.figure_formats={'retina'}", "--IPKernelApp.log_level=50"]
QUOTES = "quotes-after-"  # the ids of cells that only the build runs
# What a kernel of the build is told: bake the live figures (pages bring the player); one BLAS thread; no progress bars.
KERNEL_SETTINGS = {"LIVEPLATE_BAKE": "site", "OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1"}


@dataclass(frozen=True)
class Execution:
    """One notebook: the library it ran with, the seconds it took, now or when it was cached, and what went wrong."""

    path: Path
    library: str
    seconds: float
    cached: bool
    problems: tuple[str, ...] = ()


def timeout() -> int:
    return yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["execute"]["timeout"]


def is_notebook(path: Path) -> bool:
    return path.suffix == ".ipynb" or is_myst_markdown_notebook(path.read_text("utf8"))


def read(path: Path) -> nbformat.NotebookNode:
    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4)
    return read_myst_markdown_notebook(path.read_text("utf8"), path=str(path))


def library_digest(nb: nbformat.NotebookNode, path: Path) -> str:
    """One checksum for all that the outputs depend on besides the notebook; magic and shell lines are left out.

    The chapter's quotes.py counts as a module that it imports. The cell that finds out whether the packages are here
    imports all of them and uses nothing: it does not count.
    """
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    cells = [cell.source.splitlines() for cell in code if "setup-check" not in cell.metadata.get("tags", [])]
    sources = ["\n".join(line for line in lines if not line.lstrip().startswith(("%", "!"))) for lines in cells]
    if quoted(path):
        sources += [f"import renorm_book.chapter{path.stem[:2]}.quotes, renorm_book.quotes"]
    return dependencies.digest(ROOT, sources)


def quoted(path: Path) -> Path | None:
    """The file that holds what a chapter quotes to what it computes, if there is one."""
    file = ROOT / "book" / "renorm_book" / quotes.file_of(path.stem).parent.name / "quotes.py"
    return file if path.suffix == ".ipynb" and file.is_file() else None


def with_quotes(path: Path, nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with a cell for each part of its quotes.py, behind the cell that the part is for.

    These do not stop the others when they fail. Raises ``ValueError`` for a part whose cell is not there.
    """
    if not (file := quoted(path)):
        return nb
    waiting = quotes.parts(file.read_text("utf8"))
    told = {cell.get("id"): [cell] for cell in nb.cells}
    last = [cell.id for cell in nb.cells if cell.cell_type == "code"][-1]
    for name in waiting:
        if (name or last) not in told:
            raise ValueError(f"{file.relative_to(ROOT)}: # %% after {name}: {path.name} has no such cell")
        call = f'__import__("renorm_book.quotes").quotes.run({str(file)!r}, {name!r}, globals())'
        told[name or last].append(
            nbformat.v4.new_code_cell(call, id=f"{QUOTES}{name}"[:64], metadata={"tags": ["raises-exception"]})
        )
    return nbformat.from_dict({**nb, "cells": [cell for group in told.values() for cell in group]})


def is_quotes(cell: nbformat.NotebookNode) -> bool:
    return cell.get("id", "").startswith(QUOTES)


def without_quotes(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The executed notebook as the reader has it, its cells counted without the others."""
    nb.cells = [cell for cell in nb.cells if not is_quotes(cell)]
    count = 0
    for cell in nb.cells:
        if cell.get("execution_count"):
            cell.execution_count = count = count + 1
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = count
    return nb


def line_in_file(path: Path, cell: nbformat.NotebookNode, line: int) -> int:
    """The line of the file on which line `line` (from 1) of a code cell stands, or 1 where that can't be told."""
    lines = path.read_text("utf8").splitlines()
    if path.suffix == ".ipynb":
        marker = f'"id": "{cell.get("id")}"'
        start = next((i for i, text in enumerate(lines) if marker in text), None)
        source = next(
            (i for i, text in enumerate(lines) if start is not None and i > start and '"source"' in text), None
        )
        return source + 1 + line if source is not None else 1
    first = cell.source.splitlines()[0] if cell.source else ""
    start = next((i for i, text in enumerate(lines) if text == first), 0)
    return start + line


def describe(path: Path, nb: nbformat.NotebookNode) -> list[str]:
    """What the outputs of an executed notebook say against it: errors, and anything written to stderr."""
    problems = []
    for cell in nb.cells:
        allowed = "raises-exception" in cell.get("metadata", {}).get("tags", []) and not is_quotes(cell)
        for output in cell.get("outputs", []):
            if output.output_type == "error" and is_quotes(cell):
                trace = "" if output.ename == "AssertionError" else COLOUR_CODES.sub("", "\n".join(output.traceback))
                problems.append(f"{output.ename}: {output.evalue}\n{trace}".rstrip())
            elif output.output_type == "error" and not allowed:
                trace = COLOUR_CODES.sub("", "\n".join(output.traceback))
                found = re.search(r"Cell In\[\d+\], line (\d+)", trace)
                at = line_in_file(path, cell, int(found.group(1)) if found else 1)
                problems.append(f"{path.relative_to(ROOT)}:{at}: {output.ename}: {output.evalue}\n{trace}")
            elif output.output_type == "stream" and output.name == "stderr":
                at = line_in_file(path, cell, 1)
                problems.append(
                    f"{path.relative_to(ROOT)}:{at}: the cell writes to stderr: {output.text.strip()[:500]}"
                )
    return problems


def execute(path: Path, nb: nbformat.NotebookNode) -> Execution:
    """Run one notebook where it lies; keep its outputs in the cache if all went well."""
    library = library_digest(nb, path)
    started = time.perf_counter()
    try:
        nb = with_quotes(path, nb)
    except ValueError as error:
        return Execution(path, library, 0.0, False, (str(error),))
    where = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        nb, timeout=timeout(), resources=where, record_timing=False, extra_arguments=KERNEL_ARGUMENTS
    )
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "quotes.jsonl")
        try:
            client.execute(env=os.environ | KERNEL_SETTINGS | {"RENORM_QUOTES": str(made)})
            problems = []
        except (CellControlSignal, DeadKernelError, RuntimeError) as error:
            problems = [] if describe(path, nb) else [f"{path.relative_to(ROOT)}:1: {type(error).__name__}: {error}"]
        rows = [json.loads(line) for line in made.read_text("utf8").splitlines()] if made.exists() else []
    problems += describe(path, nb)
    seconds = time.perf_counter() - started
    if not problems:
        data = {"execution_seconds": seconds, "library": library, "quotes": rows}
        bundle = CacheBundleIn(without_quotes(nb), str(path), data=data)
        get_cache(str(CACHE)).cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return Execution(path, library, seconds, False, tuple(problems))


def show(result: Execution) -> None:
    mark = "  FAILED" if result.problems else ""
    print(f"  {result.seconds:6.1f} s  {result.path.relative_to(ROOT)}{mark}", flush=True)


def execute_all(paths: list[Path], workers: int = 2, report=show) -> list[Execution]:
    """Every notebook among `paths`, from the cache where neither its code nor its library has changed."""
    CACHE.mkdir(parents=True, exist_ok=True)
    cache = get_cache(str(CACHE))
    done, waiting = [], []
    for path in paths:
        nb = read(path)
        try:
            record = cache.match_cache_notebook(nb)
        except KeyError:
            record = None
        library = library_digest(nb, path)
        if record and record.data.get("library") == library:
            done.append(Execution(path, library, record.data["execution_seconds"], True))
        else:
            waiting.append((path, nb))

    def run(item):
        result = execute(*item)
        report(result)
        return result

    with ThreadPoolExecutor(workers) as pool:
        done += pool.map(run, waiting)
    order = {path: place for place, path in enumerate(paths)}
    return sorted(done, key=lambda result: order[result.path])
