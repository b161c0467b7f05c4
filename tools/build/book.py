"""Build the whole book, check it, and say what was done: `make book` calls this.

python -m tools.build.book              the book, in _build/html
python -m tools.build.book --only PAGE  one page by itself, in _build/preview-…/_build/html
"""

import argparse
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import yaml
from sphinx_external_toc.parsing import parse_toc_yaml

from tools.assets import fonts, katex
from tools.build import notebooks
from tools.check import site

ROOT = Path(__file__).resolve().parents[2]
# what a page by itself cannot find: other pages, the glossary, the bibliography; in the whole book each is an error
ELSEWHERE = re.compile(
    r"Unknown source document|term not in glossary|could not find bibtex key|undefined label|py:\w+ reference target"
)
RECORD = "made-of.json"  # beside the pages: there when a build came to its end, and says of what


class Steps:
    """Seconds of each step, for the table at the end."""

    def __init__(self):
        self.seconds = {}

    @contextmanager
    def step(self, name: str):
        print(f"{name} …", flush=True)
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


def fail(problems: list[str], log: Path | None = None) -> None:
    print("\nThe book was not built:\n" + "\n".join(problems), file=sys.stderr)
    if log:
        print(f"\nEverything the page build said: {log.relative_to(ROOT)}", file=sys.stderr)
    sys.exit(1)


def pages(toc: Path) -> list[str]:
    """The pages that a table of contents names, the front page first."""
    return list(parse_toc_yaml(toc))


def contents_of(names: list[str]) -> str:
    """A table of contents of these pages alone, as _toc.yml is written: the first is the front page."""
    others = {"chapters": [{"file": name} for name in names[1:]]} if names[1:] else {}  # an empty list is refused
    return yaml.safe_dump({"format": "jb-book", "root": names[0]} | others)


def source(name: str) -> Path:
    for suffix in (".ipynb", ".md"):
        if (ROOT / f"{name}{suffix}").exists():
            return ROOT / f"{name}{suffix}"
    fail([f"_toc.yml:1: no file {name}.ipynb or {name}.md"])


@contextmanager
def only_one_build(out: Path):
    """Two builds in one folder would spoil each other: the second waits."""
    out.mkdir(parents=True, exist_ok=True)
    with open(out / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another build of the book is running; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_pages(out: Path, toc: Path, made_of: dict, fresh: bool, strict: bool) -> None:
    """Run Jupyter Book; with `strict` every warning, broken reference included, is an error.

    After a failed build, or one that executed a notebook or was `made_of` other pages or another library, it starts
    afresh: warnings of pages that Sphinx thinks unchanged would not be repeated, and pages that are gone would stay.
    """
    if fresh or recorded(out) != made_of:
        for folder in ("html", ".doctrees"):
            shutil.rmtree(out / folder, ignore_errors=True)
    forget(out)
    log = out / "build.log"
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(ROOT), "--toc", str(toc)]
    command += ["--path-output", str(out.parent)]
    command += ["-W", "-n", "--keep-going"] if strict else []
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    text = notebooks.COLOUR_CODES.sub("", done.stdout)
    log.write_text(text, "utf8")
    warned = [line.replace(f"{ROOT}/", "") for line in text.splitlines() if "WARNING: " in line or "ERROR: " in line]
    if done.returncode:
        raised = [line for line in text.splitlines() if re.match(r"[\w.]*(Error|Exception): \S", line)]
        fail(warned or raised[:1] or text.splitlines()[-40:], log)
    told = [line for line in warned if not ELSEWHERE.search(line)]
    if len(told) < len(warned):
        told.append(f"  {len(warned) - len(told)} references lead to what is not on these pages")
    if told:
        print("\n".join(told))
    (out / "html" / ".nojekyll").touch()  # GitHub Pages would leave out folders whose names begin with _
    (out / RECORD).write_text(json.dumps(made_of), "utf8")


def recorded(out: Path) -> dict | None:
    """What the last build into `out` was made of, if it came to its end."""
    try:
        return json.loads((out / RECORD).read_text("utf8"))
    except (FileNotFoundError, ValueError):  # a record that was cut short says nothing
        return None


def forget(out: Path) -> None:
    (out / RECORD).unlink(missing_ok=True)


def build(out: Path, toc: Path, strict: bool = True, add_to: Callable[[Path], None] | None = None) -> None:
    """Build the book into `out`; `add_to` is given the folder of pages and adds what the page build does not make."""
    os.chdir(ROOT)
    steps = Steps()
    names = pages(toc)
    sources = [source(name) for name in names]
    with only_one_build(out):
        with steps.step("formulas and fonts"):
            katex.ensure()
            fonts.ensure()
        with steps.step("notebooks"):
            runs = notebooks.execute_all([path for path in sources if notebooks.is_notebook(path)])
            problems = [problem for run in runs for problem in run.problems]
            if problems:
                forget(out)
                fail(problems)
        with steps.step("pages"):
            made_of = {"pages": names, "outputs": [run.library for run in runs]}
            make_pages(out, toc, made_of, fresh=not all(run.cached for run in runs), strict=strict)
        for name in ("lite", "downloads"):  # of an earlier `make site`: no page leads there now
            shutil.rmtree(out / "html" / name, ignore_errors=True)
        if add_to:
            with steps.step("notebooks in the browser, downloads"):
                add_to(out / "html")
        with steps.step("checks"):
            problems, counts = site.check(out / "html", names)
            if problems and strict:
                forget(out)
                fail(problems)
    print("\n" + table(out, steps.seconds, runs, counts))


def table(out: Path, seconds: dict, runs: list, counts: dict) -> str:
    html = out / "html"
    size = sum(path.stat().st_size for path in html.rglob("*") if path.is_file())
    now = [run for run in runs if not run.cached]
    rows = [(name, f"{value:8.1f} s") for name, value in seconds.items()]
    rows += [("together", f"{sum(seconds.values()):8.1f} s"), None]
    rows += [("pages", f"{counts['pages']:6d}"), ("links that lead somewhere", f"{counts['links']:6d}")]
    rows += [("notebooks", f"{len(runs):6d}   executed now: {len(now)}, from the cache: {len(runs) - len(now)}")]
    rows += [("live figures", f"{counts['live figures']:6d}"), ("size of the site", f"{size / 1e6:8.1f} MB"), None]
    slowest = max(runs, key=lambda run: run.seconds, default=None)
    if slowest:
        rows.insert(-1, ("slowest notebook", f"{slowest.seconds:8.1f} s {slowest.path.relative_to(ROOT)}"))
    lines = ["" if row is None else f"  {row[0]:<26}{row[1]}" for row in rows]
    return "\n".join(lines) + f"\n  The book: {(html / 'index.html').as_uri()}   (or: make serve)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="PAGE", nargs="+", help="build these pages alone, broken references forgiven")
    chosen = parser.parse_args().only
    if not chosen:
        build(ROOT / "_build", ROOT / "_toc.yml")
        return
    names = [name.removesuffix(".ipynb").removesuffix(".md") for name in chosen]
    out = ROOT / "_build" / f"preview-{Path(names[0]).name}" / "_build"
    out.mkdir(parents=True, exist_ok=True)
    toc = out / "_toc.yml"
    toc.write_text(contents_of(names), "utf8")
    build(out, toc, strict=False)


if __name__ == "__main__":
    main()
