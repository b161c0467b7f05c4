"""The chapters in the browser, on the site that `make site` built: each executed by Pyodide, three read in Chromium.

Limits of time hold for two idle cores that both finish WORK within PACE; on a slower or a busier machine they grow.
"""

import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
import zipfile

import pytest
from repository import ROOT, missing

from tools.build import dependencies, downloads
from tools.check import site as built_site
from tools.lite import distribution, jupyterlite, serve, visit

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from open_in_browser import FIRST_DOWNLOAD

pytestmark = pytest.mark.lite

SITE = ROOT / "_build" / "html"
LITE = SITE / "lite"
PYODIDE = LITE / "static" / "pyodide"
CHAPTERS = [path.stem for path in jupyterlite.chapters()]
OWN_FILE = """from pathlib import Path
Path("own_module.py").write_text("answer = 42")
import importlib; importlib.invalidate_caches()
import own_module
print(Path.cwd(), own_module.answer)"""
READ = ["02-what-the-bounds-say", "04-ridge-regression", "06-random-matrices"]  # from the first to the last cell
FIRST_FIGURE = {"cold": 15.0, "warm": 10.0}  # seconds
SLIDER = 400  # milliseconds from a key to another picture
WORK, PACE = "n = 0\nfor i in range(6_000_000): n += i * i", 0.5  # seconds
HEAVIEST = 35.0  # MB until the first figure, compressed


@pytest.fixture(scope="module", autouse=True)
def built():
    if not (LITE / "jupyter-lite.json").exists():
        missing("the notebooks in the browser are not built: run `make site`")


def allowance() -> float:
    """How much longer than PACE the two cores take for WORK now, at their best of three times."""
    return max(1.0, round(min(seconds_of_work() for _ in range(3)) / PACE, 2))


def seconds_of_work() -> float:
    started = time.monotonic()
    workers = [subprocess.Popen([sys.executable, "-c", WORK]) for _ in range(2)]
    assert [worker.wait() for worker in workers] == [0, 0]
    return time.monotonic() - started


# ------------------------------------------------------------------------------------------------ the files


def test_the_kernel_finds_our_own_pyodide():
    jupyterlite.check(LITE)


def test_every_package_of_the_lock_is_there_unchanged():
    packages = json.loads((PYODIDE / "pyodide-lock.json").read_text("utf8"))["packages"]
    assert {"renorm", "renorm-book", "liveplate", "numpy", "matplotlib", "ipywidgets"} <= set(packages)
    for name, entry in packages.items():
        assert hashlib.sha256((PYODIDE / entry["file_name"]).read_bytes()).hexdigest() == entry["sha256"], name
        assert {need.lower().replace("_", "-") for need in entry["depends"]} <= set(packages), name
    wheels = {path.name for path in PYODIDE.glob("*.whl")}
    assert wheels == {entry["file_name"] for entry in packages.values()}  # nothing that no notebook can load


@pytest.mark.parametrize("package", dependencies.PACKAGES)
def test_our_packages_come_with_their_sources_compiled_and_their_data(package):
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text("utf8"))
    tag = "cpython-" + "".join(lock["info"]["python"].split(".")[:2])
    folder = ROOT / dependencies.PACKAGES[package]
    with zipfile.ZipFile(PYODIDE / lock["packages"][package.replace("_", "-")]["file_name"]) as wheel:
        names = set(wheel.namelist())
        for path in (folder / package).rglob("*.*"):
            name = path.relative_to(folder)
            if path.suffix == ".pyc" or not path.is_file():
                continue
            assert wheel.read(name.as_posix()) == path.read_bytes(), f"make site is older than {name}"
            if path.suffix == ".py":
                assert f"{name.parent.as_posix()}/__pycache__/{path.stem}.{tag}.pyc" in names


def test_the_chapters_are_those_of_the_repository():
    for path in jupyterlite.chapters():
        assert (LITE / "files" / "notebooks" / path.name).read_bytes() == path.read_bytes()


def test_checksums_of_the_downloads():
    sums = dict(reversed(line.split("  ")) for line in (SITE / "downloads" / "SHA256SUMS").read_text().splitlines())
    assert {"notebooks.zip", "site.zip"} <= set(sums)
    assert set(sums) == {path.name for path in (SITE / "downloads").iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((SITE / "downloads" / name).read_bytes()).hexdigest() == digest


def test_the_pages_for_a_disk_are_whole(tmp_path):
    zipfile.ZipFile(SITE / "downloads" / "site.zip").extractall(tmp_path)
    folder = tmp_path / downloads.NAME
    problems, counts = built_site.check(folder, [])
    assert problems == [] and counts["live figures"] > 0
    for path in folder.rglob("*.html"):
        text = path.read_text("utf8")
        assert not re.search(r'(href|class)="[^"]*(\blite/|\.\./downloads/|\bopen-in-browser[" ])', text), path.name


def test_the_commands_for_a_laptop(tmp_path):
    """The page's own commands, in the folder of the archive: an environment, the packages, a chapter executed there."""
    zipfile.ZipFile(SITE / "downloads" / "notebooks.zip").extractall(tmp_path)
    folder = tmp_path / downloads.NAME
    page = (ROOT / "book" / "run-it-your-own-way.md").read_text("utf8")
    make, install, open_it = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)[0].splitlines()
    subprocess.run([sys.executable, *make.split()[1:]], cwd=folder, check=True)
    subprocess.run(install.split(), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    jupyter = open_it.split()[0]
    assert subprocess.run([jupyter, "lab", "--version"], cwd=folder).returncode == 0
    settings = os.environ | {"TQDM_DISABLE": "1", "OPENBLAS_NUM_THREADS": "1"}
    chapter = f"notebooks/{READ[1]}.ipynb"
    assert subprocess.run([jupyter, "execute", chapter], cwd=folder, env=settings).returncode == 0


# ------------------------------------------------------------------------------------------------ every chapter runs


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_in_pyodide(name):
    script, notebook = ROOT / "tools" / "lite" / "run_notebook.mjs", LITE / "files" / "notebooks" / f"{name}.ipynb"
    command = [distribution.node(), str(script), str(PYODIDE), str(notebook)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout.splitlines()[-1])
    print(f"{name}: {report['seconds']} s, {report['processor']} s of the processor")
    assert "error" not in report, f"{report['error']}\nin\n{report['source']}"
    cells = json.loads(notebook.read_text("utf8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(report["cells"]) == len(code)
    assert report["widgets"] >= sum("explore(" in source for source in code) > 0


# ------------------------------------------------------------------------------------------------ in a real browser


@pytest.fixture(scope="module")
def playwright():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def host():
    """The site's address, and what its server has sent."""
    with serve.serving(SITE) as (address, sent):
        yield address, sent


@pytest.fixture(scope="module", params=READ)
def seen(request, playwright, host, tmp_path_factory):
    """What a reader meets who opens a chapter, runs all of it and moves a slider, and then comes back."""
    address, sent = host
    facts = {"name": request.param}
    with visit.visiting(playwright.chromium, str(tmp_path_factory.mktemp("profile"))) as new:
        for when in ("cold", "warm"):
            sent.clear()
            allowed = allowance()
            reader = new()
            reader.open(f"{address}/lite/notebooks/index.html?path=notebooks/{request.param}.ipynb")
            reader.run_all()
            fact = facts[when] = {"figure": reader.first_picture(), "allowance": allowed}
            fact["MB"] = sum(size for *_, size in sent) / 1e6
            fact["asked"] = sum("/api/drive" in url for url in reader.requests)
            if when == "cold":
                facts["done"] = reader.wait_until_done(1200)
                facts["cells"] = reader.page.evaluate(visit.COUNT_CELLS)
                facts["errors"] = reader.errors()
                facts["sizes"] = reader.page.eval_on_selector_all(visit.PICTURE, "all => all.map(i => i.clientWidth)")
                facts["slider allowance"], facts["slider"] = allowance(), reader.try_slider()
                facts["own file"] = reader.in_kernel(OWN_FILE)
                facts["completed"] = reader.completions("figures.")
            facts["elsewhere"] = [url for url in reader.requests if not url.startswith((address, "data:", "blob:"))]
            wrong = ("pageerror", "error: Cross reference")
            facts["console"] = [line for line in reader.console if line.startswith(wrong)]
            reader.page.close()
    print("\n" + json.dumps({key: value for key, value in facts.items() if key not in ("sizes", "completed")}))
    return facts


def test_all_cells_run(seen):
    cells, done, waiting = seen["cells"]
    assert done == cells > 10 and waiting == 0
    assert seen["errors"] == [] and seen["console"] == []


def test_one_kernel_finds_the_readers_own_files(seen):
    assert seen["own file"] == {"status": "ok", "printed": "/drive/notebooks 42\n", "kernels": 1}


def test_names_are_completed(seen):
    source = (ROOT / "notebooks" / f"{seen['name']}.ipynb").read_text("utf8")
    assert set(re.findall(r"(?<![.\w])figures\.\w+", source)) <= set(seen["completed"])


def test_python_does_not_look_for_every_module_among_the_readers_files(seen):
    assert seen["cold"]["asked"] < 60  # three entries each; a hundred questions or more if it does


def test_figures_are_seen(seen):
    explored = (ROOT / "notebooks" / f"{seen['name']}.ipynb").read_text("utf8").count('"explore(')
    assert len(seen["sizes"]) >= explored > 2 and min(seen["sizes"]) > 300


def test_nobody_else_is_asked(seen):
    assert seen["elsewhere"] == []


def test_the_first_visit_is_light_and_later_ones_weigh_nothing(seen):
    assert seen["cold"]["MB"] <= HEAVIEST
    assert seen["cold"]["MB"] == pytest.approx(FIRST_DOWNLOAD, abs=1.0)  # as the button says
    assert seen["warm"]["MB"] < 0.5


@pytest.mark.parametrize("when", FIRST_FIGURE)
def test_the_first_figure_comes_soon(seen, when):
    assert seen[when]["figure"] <= FIRST_FIGURE[when] * seen[when]["allowance"]


@pytest.mark.parametrize("name", [name for name in CHAPTERS if name not in READ])
def test_the_first_figures_of_the_other_chapters_come_soon(playwright, host, tmp_path, name):
    with visit.visiting(playwright.chromium, str(tmp_path / "profile")) as new:
        for when, limit in FIRST_FIGURE.items():
            allowed, reader = allowance(), new()
            reader.open(f"{host[0]}/lite/notebooks/index.html?path=notebooks/{name}.ipynb")
            reader.run_all()
            seconds = reader.first_picture()
            print(f"{name}: first figure {when} after {seconds} s, allowance {allowed:.2f}")
            assert seconds <= limit * allowed
            reader.page.close()


def test_a_slider_moves_its_figure_at_once(seen):
    assert statistics.median(seen["slider"]) <= SLIDER * seen["slider allowance"]


# ------------------------------------------------------------------------------------------------ the buttons


@pytest.fixture(scope="module")
def browser(playwright):
    from tools.check import chromium

    launched = playwright.chromium.launch(executable_path=chromium.find(), args=visit.ALONE)
    yield launched
    launched.close()


@pytest.mark.parametrize("name", [name for name in CHAPTERS if name[:2] != "00"])
def test_a_chapter_has_two_buttons(name):
    page = (SITE / "notebooks" / f"{name}.html").read_text("utf8")
    links = re.findall(r'href="(\.\./lite/notebooks/index\.html\?path=notebooks/[\w-]+\.ipynb)"', page)
    assert links == [f"../lite/notebooks/index.html?path=notebooks/{name}.ipynb"] * 2


def test_the_button_opens_the_chapter_by_keyboard(browser, host):
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{host[0]}/notebooks/{READ[1]}.html", wait_until="networkidle")
    assert not [url for url in asked if "/lite/" in url]  # nothing of it is loaded before it is asked for
    header = page.locator(".article-header-buttons a.btn-open-in-browser")
    assert header.is_visible() and f"{FIRST_DOWNLOAD} MB" in (
        header.get_attribute("title")
        or header.get_attribute("data-bs-title")
        or header.get_attribute("data-bs-original-title")
    )
    page.locator("p.open-in-browser a").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=120_000)
    assert "Ridge" in page.locator(".jp-Notebook h1").first.inner_text()
    page.close()


def test_there_is_no_button_on_a_disk(browser):
    page = browser.new_page()
    page.goto((SITE / "notebooks" / f"{READ[1]}.html").as_uri(), wait_until="load")
    assert page.locator(".btn-open-in-browser").count() == 0
    page.close()


@pytest.mark.parametrize(
    "look", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": (360, 740)}], ids=str
)
def test_the_buttons_can_be_seen_and_read(browser, host, look):
    from axe_playwright_python.sync_playwright import Axe

    if "viewport" in look:
        look = {"viewport": dict(zip(("width", "height"), look["viewport"], strict=True))}
    context = browser.new_context(**look)
    page = context.new_page()
    page.goto(f"{host[0]}/notebooks/{READ[1]}.html", wait_until="load")
    assert page.locator("p.open-in-browser a").bounding_box()["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, context="p.open-in-browser, .article-header-buttons")
    assert [violation["id"] for violation in found.response["violations"]] == []
    context.close()
