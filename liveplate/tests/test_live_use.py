"""What people do with live figures outside this package: a file of their own, nbconvert, another look, a mistake."""

import base64
import functools
import inspect
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from live_examples import SURVIVING, hatch, live
from live_page import FigureOnPage, check_probes
from PIL import Image

import liveplate
from liveplate import BakeError, Choice, Steps, Toggle, explore, look, save, standalone
from liveplate.bake import standalone as alone
from liveplate.bake.bake import bake
from liveplate.kernel.widgets import KernelFigure
from liveplate.player import assets
from liveplate.spec.look import LIVE_RC

X = np.linspace(0, 6, 60)


def wave(ax, frequency, shape, mirrored):
    y = np.sin(frequency * X) if shape == "sine" else np.sign(np.sin(frequency * X))
    ax.plot(X, -y if mirrored else y, label="wave")
    ax.set(ylim=(-1.1, 1.1), xlabel="time $t$")
    return {"periods": frequency * 6 / (2 * np.pi)}


TOLD = dict(
    alt="A wave.",
    frequency=Steps(1, 5, 5, value=2),
    shape=Choice({"sine": "sine", "square": "square"}),
    mirrored=Toggle("mirrored"),
)
READOUT = "{periods:.1f} periods"


@functools.cache
def baked_wave() -> str:
    return bake(live(wave, READOUT, **TOLD))["html"]


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LIVEPLATE_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("LIVEPLATE_BAKE", raising=False)
    monkeypatch.setattr(alone, "_bearer", None)
    yield
    look(None)


@pytest.fixture
def visit(browser):
    """Open a file from disk, without network; what a script does wrong, or asks of a network, fails the test.

    ``allowed``: parts of addresses and messages that belong to what is around the figures.
    """
    opened, problems = [], []

    def go(path, allowed=(), **context):
        one = browser.new_context(**({"reduced_motion": "reduce", "viewport": {"width": 900, "height": 900}} | context))
        opened.append(one)
        page = one.new_page()
        page.on("pageerror", lambda error: any(a in str(error) for a in allowed) or problems.append(str(error)))

        def answer(route):
            if not route.request.url.startswith(("file:", "data:", "blob:")):
                if not any(name in route.request.url for name in allowed):
                    problems.append(route.request.url)
                return route.abort()
            return route.continue_()

        page.route("**/*", answer)
        page.goto(Path(path).as_uri())
        return page

    yield go
    for one in opened:
        one.close()
    assert problems == []


# ---- a file of its own
def test_save_writes_one_file_that_names_no_other(tmp_path):
    path = save(tmp_path / "wave.html", wave, READOUT, **TOLD)
    assert path == tmp_path / "wave.html" and [*tmp_path.glob("*.html")] == [path]
    text = path.read_text("utf8")
    assert text.startswith("<!doctype html>") and "<title>Wave</title>" in text
    assert not re.search(r'(?:src|href)="(?!data:)', text) and not re.findall(r"url\((?!data:|#)", text)
    assert path.stat().st_size < 110_000


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_saved_page_works_from_disk_by_keyboard_in_both_themes(tmp_path, visit, scheme):
    page = visit(save(tmp_path / "wave.html", wave, READOUT, **TOLD), color_scheme=scheme)
    figure = FigureOnPage(page, "wave")
    assert check_probes(figure, bake(live(wave, READOUT, **TOLD))["probes"]) >= 100
    figure.move((0, 0, 0))
    figure.root.locator("input[type=range]").focus()
    page.keyboard.press("End")
    page.wait_for_selector('#wave[data-state="4,0,0"]', state="attached")
    assert figure.sentence() == "4.8 periods"
    paper, ink = page.evaluate("[document.body, document.querySelector('.live-readout')]"
                               ".map((e, i) => getComputedStyle(e)[['backgroundColor', 'color'][i]])")  # fmt: skip
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) > 380 for colour in (paper, ink)]
    assert light == [scheme == "light", scheme == "dark"]
    assert page.evaluate(
        "document.fonts.check('16px \"Live Sans\"') && [...document.fonts].some(f => f.status === 'loaded')"
    )


@pytest.mark.parametrize(
    ("path", "reason"), [("wave.htm1", "must end in .html"), ("none/wave.html", "there is no folder")]
)
def test_save_says_what_is_wrong_with_a_path(tmp_path, path, reason):
    with pytest.raises(ValueError, match=f"path = .*{re.escape(reason)}"):
        save(tmp_path / path, wave, **TOLD)


def test_save_takes_what_explore_takes(tmp_path):
    names = [p.name for p in inspect.signature(explore).parameters.values() if p.kind is p.KEYWORD_ONLY]
    given = {"title": "A", "caption": "B", "presets": {"fast": {"frequency": 5}}, "name": "c", "sweep": "shape"}
    assert {"alt", *given} <= set(names)
    text = save(tmp_path / "c.html", wave, **TOLD, **given).read_text("utf8")
    assert all(part in text for part in ("<title>A</title>", "B", ">fast</button>", 'id="c"', 'data-sweep="1"'))


# ---- mistakes
def test_each_mistake_has_one_clear_message(tmp_path):
    with pytest.raises(ValueError, match="titel = 'x': explore has no such keyword"):
        explore(wave, titel="x", **TOLD)
    with pytest.raises(ValueError, match=r"wave\(ax, frequency, shape, mirrored\) cannot be called"):
        explore(wave, alt="A wave.", frequenzy=Steps(1, 2, 2))
    with pytest.raises(ValueError, match="at least one control"):
        explore(wave)
    with pytest.raises(ValueError, match="num = 1: must be a whole number of at least 2"):
        Steps(1, 2, 1)
    with pytest.raises(BakeError, match="no alt text"):
        save(tmp_path / "x.html", wave, **TOLD | {"alt": None})
    assert not (tmp_path / "x.html").exists()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_draw_that_raises_in_some_state_says_in_which(tmp_path, monkeypatch, jobs):
    def fragile(ax, t):
        ax.plot([0, t])
        if t == 37:
            raise RuntimeError("not with me")

    monkeypatch.setenv("LIVEPLATE_JOBS", jobs)
    with pytest.raises(BakeError, match="'fragile'.*draw raised RuntimeError at {'t': 37}: not with me"):
        save(tmp_path / "x.html", fragile, alt="A line.", t=Steps(0, 59, 60))


@pytest.mark.parametrize("absent", ["brotli", "fontTools.subset"])
def test_a_missing_extra_is_named_before_anything_is_drawn(tmp_path, monkeypatch, absent):
    monkeypatch.setitem(sys.modules, absent, None)
    assets.font.cache_clear()

    def never(ax, t):
        raise AssertionError("drawn")

    with pytest.raises(ImportError, match=re.escape('pip install "liveplate[page]"')):
        save(tmp_path / "x.html", never, alt="A line.", t=Steps(0, 1, 2))


def test_widgets_are_asked_for_by_name(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "liveplate.kernel.widgets")
    monkeypatch.setattr(sys.modules["liveplate.explore"], "_in_kernel", lambda: True)
    with pytest.raises(ImportError, match=re.escape('pip install "liveplate[notebook]"')):
        explore(wave, **TOLD)


# ---- notebooks
def notebook(path: Path, *cells: str) -> Path:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nb, path)
    return path


CELLS = (
    "from liveplate import Steps, explore, standalone\nimport numpy as np\nstandalone()",
    "def rising(ax, slope):\n    ax.plot([0, 1], [0, slope], label='line')\n    ax.set(xlim=(0, 1), ylim=(0, 3))\n"
    "explore(rising, 'The slope is {slope}.', alt='a line', slope=Steps(1, 3, 5))",
    "def falling(ax, slope):\n    ax.plot([0, 1], [3, 3 - slope], label='line')\n    ax.set(xlim=(0, 1), ylim=(0, 3))\n"
    "explore(falling, 'The slope is −{slope}.', alt='a line', slope=Steps(1, 3, 5))",
)


def nbconvert(path: Path, *options: str, **variables: str) -> Path:
    command = [sys.executable, "-m", "nbconvert", "--execute", *options, str(path)]
    subprocess.run(command, env=os.environ | variables, check=True, capture_output=True, timeout=120)
    return path


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("how", ["standalone()", "LIVEPLATE_BAKE"])
def test_nbconvert_gives_a_page_whose_sliders_work(tmp_path, visit, how):
    cells = CELLS if how == "standalone()" else (CELLS[0].replace("\nstandalone()", ""), *CELLS[1:])
    path = notebook(tmp_path / "nb.ipynb", *cells)
    nbconvert(path, "--to", "html", **({} if how == "standalone()" else {"LIVEPLATE_BAKE": "1"}))
    text = path.with_suffix(".html").read_text("utf8")
    assert text.count("The player of live figures") == 1, "the player comes once"
    # nbconvert's own page names RequireJS, MathJax and Mermaid; live figures need none of them
    page = visit(path.with_suffix(".html"), allowed=("require", "mathjax", "mermaid"), color_scheme="dark")
    for name, said in (("rising", "The slope is 3."), ("falling", "The slope is −3.")):
        figure = FigureOnPage(page, name)
        figure.move((4,))
        assert figure.sentence() == said
        slope = 1 if name == "falling" else -1
        (x0, y0), (x1, y1) = figure.vertices(figure.plan()["s"][0][3][0])
        assert x1 > x0 and (y1 - y0) * slope > 100
    # the page is light, whatever the system's theme
    colour = page.evaluate("getComputedStyle(document.querySelector('figure.live')).backgroundColor")
    assert colour == "rgb(255, 255, 255)"


PAGES = {  # attributes of body, its style, whether it is dark
    "plain": ("", "", False),
    "a dark page": ("", "background:#111;color:#ddd", True),
    "JupyterLab, light": (
        'data-jp-theme-light="true"',
        "--jp-layout-color0:white;--jp-content-font-color1:#222",
        False,
    ),
    "JupyterLab, dark": ('data-jp-theme-light="false"', "--jp-layout-color0:#111;--jp-content-font-color1:#ddd", True),
}


@pytest.mark.browser
@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_output_follows_its_page_and_not_the_system(tmp_path, visit, where, scheme):
    attributes, style, dark = PAGES[where]
    figure = alone.output("wave", baked_wave())
    path = tmp_path / "page.html"
    path.write_text(f'<!doctype html><meta charset="utf-8"><body {attributes} style="{style}">{figure}', "utf8")
    page = visit(path, color_scheme=scheme)
    inks = page.evaluate("""["svg.live-picture text", ".live-readout"].map(s => getComputedStyle(
        document.querySelector(s))).map((style, i) => i ? style.color : style.fill)""")
    for ink in inks:
        assert (sum(map(int, re.findall(r"\d+", ink)[:3])) > 384) == dark, inks


def test_the_first_figure_bears_the_player_also_when_its_cell_is_run_again():
    first, second, again = (alone.output(name, "<figure>") for name in ("a", "b", "a"))
    assert first == again and "LiveFigure" in first and "LiveFigure" not in second and "liveFigures?.scan" in second


@pytest.mark.slow
def test_a_saved_notebook_shows_a_still_picture(tmp_path):
    path = notebook(tmp_path / "nb.ipynb", CELLS[0].replace("\nstandalone()", ""), CELLS[1])
    nbconvert(path, "--to", "notebook", "--inplace", LIVEPLATE_BAKE="0")
    output, words = nbformat.read(path, as_version=4).cells[1].outputs
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} <= set(output.data)
    assert output.data["text/plain"] == "Rising. a line" and output.metadata["image/png"]["width"] == 460
    assert words.data["text/markdown"] == "**Rising.**"


@pytest.mark.slow
def test_the_page_of_a_saved_notebook_shows_pictures_and_captions(tmp_path):
    """As an editor saves it, without the state of its widgets: what GitHub and ``nbconvert`` are given."""
    captioned = CELLS[1].replace("alt='a line'", "alt='a line', title='It rises', caption='Slope $a$ & more.'")
    path = notebook(tmp_path / "nb.ipynb", CELLS[0].replace("\nstandalone()", ""), captioned)
    nbconvert(path, "--to", "html", "--ExecutePreprocessor.store_widget_state=False", LIVEPLATE_BAKE="0")
    text = path.with_suffix(".html").read_text("utf8")
    assert len(re.findall(r'<img[^>]*src="data:image/png;base64,', text)) == 1
    assert "<strong>It rises.</strong> Slope $a$ &amp; more." in text
    assert "widget-view" not in text


@pytest.mark.parametrize("draw", [*SURVIVING, hatch], ids=lambda f: f.__name__)
def test_a_still_picture_is_small(draw):
    shown = KernelFigure(live(draw)).still()
    picture = Image.open(io.BytesIO(base64.b64decode(shown["image/png"])))
    assert picture.width >= 300 and len(shown["image/png"]) < 60_000 and shown["text/plain"]


def test_a_changed_list_keeps_the_default_near_and_leaves_presets_out(monkeypatch, tmp_path):
    """A reader of a notebook changes a list and runs on; where figures are baked, the author hears of it."""
    told = {"alt": "A wave.", "presets": {"slow": {"frequency": 2}, "fast": {"frequency": 3}}}
    frequency = Steps.of([1, 3, 9], value=2)
    assert frequency.value == 1 and frequency.asked == 2

    def draw(ax, frequency):
        ax.plot(np.sin(frequency * X), label="wave")
        return {}

    assert explore(draw, **told, frequency=frequency).axes
    for wrong in ({"frequency": frequency}, {"frequency": Steps.of([1, 3, 9], value=1)}):
        with pytest.raises(ValueError, match="frequency.* = 2: must be one of"):
            save(tmp_path / "wave.html", draw, **told, **wrong)


def test_standalone_is_switched_on_and_off(monkeypatch):
    monkeypatch.setenv("LIVEPLATE_BAKE", "")
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **more: shown.append(data["text/html"]))
    standalone()
    assert explore(wave, READOUT, **TOLD) is None and "LiveFigure" in shown[0]
    monkeypatch.setenv("LIVEPLATE_BAKE", "site")
    explore(wave, READOUT, **TOLD)
    assert shown[1].startswith("<figure") and "LiveFigure" not in shown[1]
    standalone(False)
    assert explore(wave, READOUT, **TOLD).axes[0].lines and len(shown) == 2


# ---- the look
def test_the_look_is_set_and_reset():
    before = explore(wave, **TOLD)
    assert before.axes[0].lines[0].get_linewidth() == 1.8
    given = look({"lines.linewidth": 3, "axes.grid": True})
    assert given == LIVE_RC and explore(wave, **TOLD).axes[0].lines[0].get_linewidth() == 3
    assert 'stroke-width="4.17"' in bake(live(wave, **TOLD))["html"]  # 3 points at 100 dots an inch
    given["lines.linewidth"] = 9
    assert look({})["lines.linewidth"] == 3, "what look returns is a copy"
    assert look(None)["lines.linewidth"] == 1.8 and "axes.grid" not in LIVE_RC


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"line.width": 2}, "matplotlib has no setting 'line.width'"),
        ({"lines.linewidth": "wide"}, r"settings\['lines.linewidth'\] = 'wide': "),
        ("ggplot", "settings = 'ggplot': must be a dict"),
    ],
)
def test_a_wrong_look_is_refused_and_nothing_changed(settings, reason):
    with pytest.raises(ValueError, match=reason):
        look(settings)
    assert look({}) == look(None)


# ---- the package
def test_what_is_imported_at_once_is_little():
    code = (
        "import sys, liveplate; print(sorted({m.split('.')[0] for m in sys.modules} "
        "& {'ipywidgets', 'IPython', 'fontTools', 'brotli', 'sphinx', 'joblib', 'pandas'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    assert json.loads(done.stdout.replace("'", '"')) == []


def test_nothing_in_the_package_names_the_book_it_came_from():
    root = Path(liveplate.__file__).parents[2]
    files = [
        p for p in root.rglob("*") if p.suffix in (".py", ".js", ".css", ".md", ".toml") and "build" not in p.parts
    ]
    assert len(files) > 40
    for path in files:
        if path != Path(__file__):
            assert not re.search(r"renorm|RENORM", path.read_text("utf8")), path
