"""Live figures in notebooks: handed on with their outputs, through nbconvert, changed by a reader."""

import base64
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from live_examples import SURVIVING, hatch, live
from live_page import FigureOnPage
from live_wave import READOUT, TOLD, X, baked_wave, wave
from PIL import Image

from liveplate import Steps, explore, save, standalone
from liveplate.bake import standalone as alone
from liveplate.kernel.widgets import KernelFigure

pytestmark = pytest.mark.usefixtures("own_cache")


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
def test_nbconvert_gives_a_page_whose_sliders_work(tmp_path, open_file, how):
    cells = CELLS if how == "standalone()" else (CELLS[0].replace("\nstandalone()", ""), *CELLS[1:])
    path = notebook(tmp_path / "nb.ipynb", *cells)
    nbconvert(path, "--to", "html", **({} if how == "standalone()" else {"LIVEPLATE_BAKE": "1"}))
    text = path.with_suffix(".html").read_text("utf8")
    assert text.count("The player of live figures") == 1, "the player comes once"
    # nbconvert's own page names RequireJS, MathJax and Mermaid; live figures need none of them
    page = open_file(path.with_suffix(".html"), allowed=("require", "mathjax", "mermaid"), color_scheme="dark")
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
def test_an_output_follows_its_page_and_not_the_system(tmp_path, open_file, where, scheme):
    attributes, style, dark = PAGES[where]
    figure = alone.output("wave", baked_wave())
    path = tmp_path / "page.html"
    path.write_text(f'<!doctype html><meta charset="utf-8"><body {attributes} style="{style}">{figure}', "utf8")
    page = open_file(path, color_scheme=scheme)
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
