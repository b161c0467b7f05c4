"""What the documents say is so: their examples run, the gallery bakes, no name is left out, their pages are built."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import make_gallery
import pytest
from live_page import FigureOnPage, check_probes

import liveplate
from liveplate.bake.bake import MOST_BYTES, MOST_STATES, baked
from liveplate.spec.figure import describe

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLE = re.compile(r"<!-- example -->\n```python\n(.*?)```", re.S)
HAS_EXAMPLES = [path for path in DOCS if EXAMPLE.search(path.read_text("utf8"))]
GALLERY = (ROOT / "examples" / "gallery.py").read_text("utf8")


@pytest.fixture(autouse=True)
def shared_cache(tmp_path_factory, monkeypatch):
    """What one test has baked, the next need not."""
    monkeypatch.setenv("LIVEPLATE_CACHE", str(tmp_path_factory.getbasetemp() / "docs-cache"))
    monkeypatch.delenv("LIVEPLATE_BAKE", raising=False)


@pytest.mark.parametrize("path", HAS_EXAMPLES, ids=lambda p: p.name)
def test_examples_run_as_printed(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examples = EXAMPLE.findall(path.read_text("utf8"))
    for example in examples:
        exec(compile(example, path.name, "exec"), {})
    if path.name == "README.md":
        (page,) = tmp_path.glob("*.html")
        assert page.name == "oscillator.html" and 130_000 <= page.stat().st_size < 145_000, "140 kB"
        assert len((ROOT / "src/liveplate/player/player.js").read_text("utf8").splitlines()) < 400, "300 lines"


def test_every_public_name_and_argument_has_its_place_on_the_page_of_names():
    page = (ROOT / "docs" / "api.md").read_text("utf8")
    for name in liveplate.__all__:
        assert re.search(rf"\b{name}\b", page), name
    for function in (liveplate.explore, liveplate.save, liveplate.look, liveplate.Steps, liveplate.LogSteps,
                     liveplate.Choice, liveplate.Toggle):  # fmt: skip
        for parameter in inspect.signature(function).parameters:
            assert re.search(rf"\b{parameter}\b", page) or parameter == "told", (function.__name__, parameter)
    named = set(re.findall(r"LIVEPLATE_[A-Z]+", page))
    used = {name for path in (ROOT / "src").rglob("*.py") for name in re.findall(r"LIVEPLATE_[A-Z]+", path.read_text())}
    assert named == used


def test_the_limits_are_the_ones_that_hold():
    page = (ROOT / "docs" / "limits.md").read_text("utf8")
    assert f"| {MOST_STATES:,} |" in page and f"| {MOST_BYTES // 1000} kB |" in page
    assert f"{liveplate.spec.look.OWN['legend.fontsize']} points" in page


def test_links_lead_somewhere():
    for path in DOCS:
        prose = re.sub(r"```.*?```", "", path.read_text("utf8"), flags=re.S)
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", prose):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
    assert (ROOT / "docs" / "oscillator.gif").stat().st_size <= 300_000


def gallery(monkeypatch) -> list:
    """The figures of the gallery, described as explore would."""
    figures = []
    signature = inspect.signature(liveplate.explore)
    named = [p.name for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY]

    def explore(draw, readout=None, **told):
        words = {name: told.pop(name, None) for name in named}
        figures.append(describe(draw, readout, told, **words))

    monkeypatch.setattr(liveplate, "explore", explore)
    exec(compile(GALLERY, "gallery.py", "exec"), {})  # as a notebook does, so that its build finds what is baked here
    return figures


SAME_WORKER = pytest.mark.xdist_group("gallery")  # what it has baked is there for the next


@SAME_WORKER
@pytest.mark.slow
def test_the_gallery_bakes_and_shows_each_kind_of_artist_and_control(monkeypatch):
    figures = gallery(monkeypatch)
    assert len(figures) >= 10 and len({figure.name for figure in figures}) == len(figures)
    kinds = {control.kind for figure in figures for control in figure.controls.values()}
    assert kinds == {"linear", "log", "list", "choice", "toggle"}
    artists = ("plot", "errorbar", "hist", "fill_between", "scatter", "imshow", "colorbar", "contour", "bar", "quiver",
               "step", "stem", "boxplot", "violinplot", "annotate", "legend", "twinx", "set_title")  # fmt: skip
    assert [artist for artist in artists if f".{artist}" not in GALLERY] == []
    for figure in figures:
        facts = baked(figure)["facts"]
        assert facts["states"] <= 400 and facts["bytes"] <= 80_000, facts


def test_the_page_of_the_gallery_is_what_its_script_says():
    page = (ROOT / "docs" / "gallery.md").read_text("utf8")
    assert page == make_gallery.page(GALLERY), "run python examples/make_gallery.py"


def sphinx(source: Path, out: Path, **variables) -> str:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | variables
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-d", str(out.with_name("doctrees")), str(source), str(out)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@SAME_WORKER
@pytest.mark.browser
@pytest.mark.slow
def test_these_documents_are_built_by_the_extension_they_describe(tmp_path, open_file, monkeypatch):
    pytest.importorskip("myst_nb")
    sphinx(ROOT / "docs", tmp_path / "html")
    figures = gallery(monkeypatch)
    page = open_file(tmp_path / "html" / "gallery.html")
    assert page.eval_on_selector_all("figure.live", "all => all.map(f => f.id)") == [figure.name for figure in figures]
    for name in ("oscillator", "growth"):
        probes = baked(next(figure for figure in figures if figure.name == name))["probes"]
        assert check_probes(FigureOnPage(page, name), probes) > 0
    assert "live.js" not in (tmp_path / "html" / "limits.html").read_text("utf8")


# ---- a Jupyter Book from scratch
CONFIG = """title: Two pages
execute: {execute_notebooks: force, raise_on_error: true}
sphinx:
  extra_extensions: [liveplate.sphinx]
  config: {nb_ipywidgets_js: {}}
"""
CONTENTS = "format: jb-book\nroot: intro\nchapters: [{file: moving}]\n"
MOVING = """---
file_format: mystnb
kernelspec: {name: python3}
---

# A page that moves

```{code-cell}
from liveplate import Steps, explore

def rising(ax, slope):
    ax.plot([0, 1], [0, slope], label="line")
    ax.set(xlim=(0, 1), ylim=(0, 3))

explore(rising, "The slope is {slope}.", alt="A line.", slope=Steps(1, 3, 5))
```
"""


def book(folder: Path, moving: str = MOVING) -> subprocess.CompletedProcess:
    files = {"_config.yml": CONFIG, "_toc.yml": CONTENTS, "intro.md": "# Two pages\n\nOne [moves](moving.md).\n"}
    for name, text in (files | {"moving.md": moving}).items():
        (folder / name).write_text(text, "utf8")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "-W", "-n", "--keep-going", str(folder)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)


@pytest.mark.browser
@pytest.mark.slow
def test_a_jupyter_book_of_two_pages(tmp_path, open_file):
    pytest.importorskip("jupyter_book")
    done = book(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    html = tmp_path / "_build" / "html"
    # the theme's own scripts of a public address; nothing of ours asks for any
    page = open_file(
        html / "moving.html", allowed=("unpkg", "jsdelivr", "cloudflare", "THEBE_JS_URL"), color_scheme="dark"
    )
    figure = FigureOnPage(page, "rising")
    figure.move((4,))
    assert figure.sentence() == "The slope is 3."
    (_, y0), (_, y1) = figure.vertices(figure.plan()["s"][0][3][0])
    assert y0 - y1 > 100
    assert "live.js" not in (html / "intro.html").read_text("utf8")


@pytest.mark.slow
def test_a_book_with_two_figures_of_one_name_is_refused(tmp_path):
    pytest.importorskip("jupyter_book")
    call = 'explore(rising, alt="A line.", slope=Steps(1, 2, 3))'
    twice = MOVING.replace("slope=Steps(1, 3, 5))\n", f"slope=Steps(1, 3, 5))\n{call}\n")
    done = book(tmp_path, twice)
    assert done.returncode and "the live figure 'rising' needs another name" in done.stdout + done.stderr
