"""What people do with live figures outside this package: a file of their own, another look, a mistake."""

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from live_examples import live
from live_page import FigureOnPage, check_probes
from live_wave import READOUT, TOLD, wave

import liveplate
from liveplate import BakeError, Steps, explore, look, save
from liveplate.bake.bake import bake
from liveplate.player import assets
from liveplate.spec.look import LIVE_RC

pytestmark = pytest.mark.usefixtures("own_cache")


def test_save_writes_one_file_that_names_no_other(tmp_path):
    path = save(tmp_path / "wave.html", wave, READOUT, **TOLD)
    assert path == tmp_path / "wave.html" and [*tmp_path.glob("*.html")] == [path]
    text = path.read_text("utf8")
    assert text.startswith("<!doctype html>") and "<title>Wave</title>" in text
    assert not re.search(r'(?:src|href)="(?!data:)', text) and not re.findall(r"url\((?!data:|#)", text)
    assert path.stat().st_size < 110_000


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_saved_page_works_from_disk_by_keyboard_in_both_themes(tmp_path, open_file, scheme):
    page = open_file(save(tmp_path / "wave.html", wave, READOUT, **TOLD), color_scheme=scheme)
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
