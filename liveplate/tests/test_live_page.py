"""Live figures on a page of their own, in Chromium: moved, linked, read as a table, narrow, in both themes."""

import base64
import io
import re

import numpy as np
import pytest
from live_folder import FIGURES
from live_page import FigureOnPage, check_probes
from PIL import Image

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("page")]  # one worker: figures are baked once


@pytest.mark.parametrize("name", FIGURES)
def test_curves_equal_pythons_values_in_every_probed_state(open_page, baked, name):
    page = open_page("all.html", reduced_motion="reduce")
    assert check_probes(FigureOnPage(page, name), baked[name]["probes"]) >= {"heat": 1, "marked": 30}.get(name, 100)


def test_curves_glide_and_rest_on_computed_states(open_page, baked):
    page = open_page("one.html")
    figure = FigureOnPage(page, "descent")
    figure.move((0, 0, 0))
    at_rest = figure.nodes()
    seen = page.evaluate("""() => new Promise(done => {
        const f = document.querySelector("figure.live"), curve = f.querySelector("path[data-s]"), seen = new Set();
        const e = f.querySelector("input"); e.value = e.max; e.dispatchEvent(new Event("input"));
        const watch = t => {
            seen.add(curve.getAttribute("d"));
            t - start < 1500 ? requestAnimationFrame(watch) : done(seen.size);
        };
        let start; requestAnimationFrame(t => { start = t; watch(t); });
    })""")
    assert seen >= 2
    figure.move((0, 0, 0))
    assert figure.nodes() == at_rest


def test_keyboard_moves_every_control(open_page):
    page = open_page("all.html", reduced_motion="reduce")
    figure = FigureOnPage(page, "descent")
    slider = figure.root.locator("input[type=range]").first
    slider.focus()
    start = figure.state()[0]
    page.keyboard.press("ArrowRight")
    assert figure.state()[0] == start + 1
    page.keyboard.press("End")
    assert figure.state()[0] == int(slider.get_attribute("max"))
    assert slider.get_attribute("aria-valuetext") == "10" == figure.root.locator("output").first.text_content()
    page.keyboard.press("Home")
    page.wait_for_selector('#descent[data-state^="0,"]', state="attached")
    assert "With ridge 10⁻⁴" in figure.sentence()
    page.wait_for_timeout(600)
    assert figure.root.locator(".live-status").text_content() == figure.sentence()
    two = FigureOnPage(page, "two-panels")
    two.root.locator("select").focus()
    page.keyboard.press("ArrowDown")
    two.root.locator("input[type=checkbox]").focus()
    page.keyboard.press("Space")
    page.wait_for_selector('#two-panels[data-state$=",1,0"]', state="attached")
    assert "the x axis is log" in two.sentence()


def test_presets_reset_and_play(open_page):
    page = open_page("one.html", reduced_motion="reduce")
    figure = FigureOnPage(page, "descent")
    start = figure.state()
    figure.root.get_by_text("no peak").click()
    page.wait_for_selector('#descent[data-state^="3,"], #descent[data-state^="4,"]', state="attached")
    assert "With ridge 10," in figure.sentence()
    assert figure.state()[1:] == start[1:], "a preset leaves alone what it does not name"
    figure.root.get_by_text("reset").click()
    assert figure.state() == start
    button = figure.root.locator(".live-play")
    button.click()
    assert "pause" in button.text_content()
    page.wait_for_function("f => document.querySelector('#descent').live.state()[0] !== f", arg=start[0], timeout=5000)
    button.click()
    assert "play" in button.text_content()
    here = figure.state()
    page.wait_for_timeout(1200)
    assert figure.state() == here


def test_links_open_a_state_and_are_copied(open_page):
    page = open_page("all.html#descent?ridge=9.8&noise=1.5", reduced_motion="reduce")
    figure = FigureOnPage(page, "descent")
    page.wait_for_selector("#descent[data-state]", state="attached")
    assert "With ridge 10, noise 1.5" in figure.sentence()
    assert page.evaluate("document.querySelector('#descent').getBoundingClientRect().top") < 450
    figure.root.locator(".live-link").click()
    assert page.url.endswith("#descent?ridge=10&noise=1.5&n=80")
    page.evaluate("location.hash = 'two-panels?log=logarithmic-axis&shown=off'")
    page.wait_for_selector('#two-panels[data-state$=",1,0"]', state="attached")


def test_data_table_and_csv_hold_the_state(open_page, baked):
    page = open_page("one.html", reduced_motion="reduce")
    figure = FigureOnPage(page, "descent")
    probe = baked["descent"]["probes"][1]
    figure.move(probe["state"])
    figure.root.locator(".live-data summary").click()
    page.wait_for_selector(".live-data td")
    with page.expect_download() as download:
        figure.root.locator(".live-data a").click()
    assert download.value.suggested_filename.startswith("descent_ridge=")
    rows = [line.split(",") for line in open(download.value.path(), encoding="utf8").read().splitlines()]
    assert rows[0] == ["series", "x", "y", "low", "high"]
    assert len(rows) - 1 == figure.root.locator(".live-data tr").count() - 1
    (theory,) = [s for s in probe["series"] if s["label"] == "test risk (theory)"]
    listed = [row for row in rows if row[0] == theory["label"]]
    for i, x, y, *_ in theory["rows"]:
        assert float(listed[i][1]) == pytest.approx(x, abs=2e-3)
        assert float(listed[i][2]) == pytest.approx(y, rel=6e-3)
    (dots,) = [s for s in probe["series"] if s["kind"] == "e"]
    listed = [row for row in rows if row[0] == dots["label"]]
    for i, x, y, low, high in dots["rows"]:
        if low > 0:
            assert [float(v) for v in listed[i][1:]] == pytest.approx([x, y, low, high], rel=6e-3, abs=2e-3)


def test_two_figures_are_independent_and_one_far_away_costs_nothing(open_page):
    page = open_page("all.html", reduced_motion="reduce")
    descent, spectrum = FigureOnPage(page, "descent"), FigureOnPage(page, "spectrum-auto")
    before = spectrum.nodes()
    descent.move((0, 0, 0))
    assert spectrum.nodes() == before
    below = open_page("below.html")
    below.wait_for_timeout(500)
    assert below.evaluate("document.querySelector('#descent').live.loading") is None
    FigureOnPage(below, "descent")


def test_cells_of_the_table_are_text_and_no_formulas(open_page):
    import csv

    page = open_page("all.html", reduced_motion="reduce")
    figure = FigureOnPage(page, "marked")
    figure.root.locator(".live-data summary").click()
    page.wait_for_selector("#marked .live-data td")
    name = '=SUM(1), "a <b>& second line"'
    assert figure.root.locator(".live-data td").first.text_content() == name
    assert figure.root.locator(".live-data td b").count() == 0
    with page.expect_download() as download:
        figure.root.locator(".live-data a").click()
    rows = list(csv.reader(open(download.value.path(), encoding="utf8", newline="")))
    assert {len(row) for row in rows} == {5} and rows[1][0] == "'" + name
    assert [float(v) for v in rows[1][1:3]] == pytest.approx([1, 0], abs=0.02)
    texts = page.evaluate("""['-1.5', '-x', '+1', '@a', '=1', 'a\\nb', 'say "x"', '1e-5'].map(liveFigures.quoted)""")
    assert texts == ["-1.5", "'-x", "+1", "'@a", "'=1", '"a\nb"', '"say ""x"""', "1e-5"]


@pytest.mark.parametrize("name", FIGURES)
def test_text_is_readable_at_360_pixels(open_page, name):
    page = open_page("all.html", width=360)
    figure = FigureOnPage(page, name)
    heights = figure.root.evaluate("""f => [...f.querySelectorAll("svg.live-picture")].filter(s => s.clientWidth)
        .flatMap(s => [...s.querySelectorAll("text")].filter(e => e.style.display !== "none")
        .map(e => parseFloat(e.getAttribute("font-size")) * s.clientWidth / s.viewBox.baseVal.width))""")
    assert len(heights) > 5 and min(heights) >= 9.9
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert figure.root.locator("svg.live-picture:visible").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_text_and_marks(open_page, scheme):
    """Every colour stands out against the paper: 4.5 to 1 for text, 3 to 1 for lines of the concepts' colours."""
    page = open_page("one.html", color_scheme=scheme)
    found = page.evaluate("""() => { const f = document.querySelector("figure.live"), out = [];
        const look = (kind, what) => f.querySelectorAll("svg.live-picture " + kind)
            .forEach(e => out.push([kind, getComputedStyle(e)[what]]));
        look("text", "fill"); look("path[data-s]", "stroke");
        return [getComputedStyle(f).backgroundColor, out]; }""")
    from liveplate.picture.colors import contrast

    def to_hex(css):
        return "#" + "".join(f"{int(v):02x}" for v in re.findall(r"\d+", css)[:3])

    paper, colours = found
    assert len({colour for _, colour in colours}) >= 4
    for use, colour in colours:
        if colour != "none" and not (scheme == "light" and use != "text"):  # light: the author's own colours
            assert contrast(to_hex(colour), to_hex(paper)) >= (4.5 if use == "text" else 3.0), (use, colour)


def test_default_state_is_matplotlibs_own_picture(browser, baked):
    """Rasterised by the same browser, texts hidden (set as text here, drawn as outlines there): < 1 % of pixels differ.

    A pixel differs if a channel is more than 64 of 255 off; antialiasing of edges shifted by 0.05 px stays below.
    """
    from matplotlib import rc_context
    from matplotlib.text import Text

    from liveplate.draw.stage import Stage
    from liveplate.spec.look import LIVE_RC

    figure = FIGURES["descent"]()
    corners = [figure.default, tuple(0 for _ in figure.shape), tuple(n - 1 for n in figure.shape)]
    stage = Stage(figure, figure.layouts[0], [figure.values(state) for state in corners], shortcuts=False)
    with rc_context(LIVE_RC | {"svg.fonttype": "path"}):
        drawing = stage._draw(figure.default_values())
        stage._placed(drawing)
        canvas = drawing.canvas
        for text in canvas.findobj(Text):
            text.set_alpha(0)
        out = io.BytesIO()
        canvas.savefig(out, format="svg", transparent=False)
    theirs = out.getvalue().decode()
    theirs = theirs[theirs.index("<svg") :]
    html = baked["descent"]["html"]
    picture = re.search(r'<svg class="live-definitions".*?</svg><svg class="live-picture.*?</svg>', html, re.S)[0]
    style = re.search(r"<style>.*?</style>", html, re.S)[0] + "<style>text{display:none}</style>"
    ours = f'{style}<div id="descent" style="color:#000;--live-paper:#fff">{picture}</div>'
    shots = []
    for body in (ours, theirs):
        page = browser.new_page(viewport={"width": 920, "height": 680}, device_scale_factor=1)
        page.set_content(
            "<style>body{margin:0}svg{display:block;width:920px;height:680px}.live-definitions{position:absolute;"
            f"width:0;height:0}}</style>{body}"
        )
        shots.append(np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), int))
        page.close()
    assert (shots[1] < 128).any(axis=2).mean() > 0.005, "matplotlib's picture is not empty"
    differing = (np.abs(shots[0] - shots[1]) > 64).any(axis=2).mean()
    assert differing < 0.01


def test_payload_is_what_the_page_says(baked):
    html = baked["descent"]["html"]
    payload = base64.b64decode(re.search(r'live-payload">([^<]+)', html)[1])
    assert f'data-bytes="{len(payload)}"' in html
