"""Live figures on a page of their own, in Chromium: from disk, by keyboard, dark, narrow, printed, broken."""

import base64
import io
import re

import numpy as np
import pytest
from live_examples import descent_figure, live, roles_change, spectrum_figure, two_panels_figure
from live_page import FigureOnPage, check_probes
from PIL import Image

from liveplate import Steps
from liveplate.bake.bake import bake
from liveplate.player.assets import write_assets

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("page")]  # one worker: figures are baked once


def heat(ax, t):
    grid = np.linspace(-2, 2, 20)
    ax.imshow(np.sin(t * grid[:, None]) * np.cos(grid), extent=(-2, 2, -2, 2), vmin=-1, vmax=1, origin="lower")
    ax.plot([0], [0], "o", label="centre")


def marked(axes, n, mass):
    """A mark at the control's own value on a log axis, one at what follows from the other control."""
    for ax in axes:
        ax.plot([1, 10, 100], [0, 5, 10], label='=SUM(1), "a <b>&\nsecond line"')
    axes[0].axvline(n, color="k", ls=":", gid="grab:n")
    axes[0].set(xscale="log", xlim=(0.8, 120))
    axes[1].axhline(mass**2 / 2, color="k", gid="grab:mass")
    axes[1].set(xlim=(1, 100), ylim=(0, 10))


FIGURES = {
    "descent": lambda: descent_figure(ridges=4, noises=2, sizes=(20, 80)),
    "spectrum-auto": lambda: spectrum_figure(auto=True),
    "two-panels": two_panels_figure,
    "roles-change": lambda: live(roles_change),
    "heat": lambda: live(heat, name="heat", t=Steps(0.5, 3, 4)),
    "marked": lambda: live(
        marked,
        "n is {n}, mass is {mass}.",
        name="marked",
        title="Marks <that> move",
        alt='It says "both", and <more>.',
        subplots=(1, 2),
        grab={"n": "x", "mass": "y"},
        n=Steps.of([1, 2, 5, 10, 20, 50, 100], value=10),
        mass=Steps(1, 4, 7, value=2.0),
    ),
}


@pytest.fixture(scope="module")
def baked():
    return {name: bake(make()) for name, make in FIGURES.items()}


@pytest.fixture(scope="module")
def folder(baked, tmp_path_factory):
    """A folder with the player and pages, opened from disk."""
    folder = tmp_path_factory.mktemp("live")
    write_assets(folder)
    html = {name: result["html"] for name, result in baked.items()}
    payload = re.compile(r'(class="live-payload">)([^<]+)')
    broken = payload.sub(lambda m: m[1] + m[2][:300] + "A" * 40 + m[2][340:], html["descent"])
    pages = {"all": "".join(html.values()), "one": html["descent"], "broken": broken + html["two-panels"]}
    pages["below"] = '<div style="height:4000px"></div>' + html["descent"]
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f'<title>{name}</title><link rel="stylesheet" href="live.css"><script defer src="live.js"></script>'
            f"<style>body{{margin:16px}}</style><body><main><h1>{name}</h1>{body}</main>"
        )
    return folder


@pytest.fixture
def visit(browser, folder):
    """Open a page of the folder; any error in a script fails the test."""
    opened, problems = [], []

    def go(name: str, width: int = 900, **context):
        scale = {"device_scale_factor": 1} | context
        one = browser.new_context(viewport={"width": width, "height": 900}, **scale)
        opened.append(one)
        page = one.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto((folder / name.split("#")[0]).as_uri() + "".join("#" + part for part in name.split("#")[1:]))
        return page

    yield go
    for one in opened:
        one.close()
    assert problems == []


@pytest.mark.parametrize("name", FIGURES)
def test_curves_equal_pythons_values_in_every_probed_state(visit, baked, name):
    page = visit("all.html", reduced_motion="reduce")
    assert check_probes(FigureOnPage(page, name), baked[name]["probes"]) >= {"heat": 1, "marked": 30}.get(name, 100)


def test_curves_glide_and_rest_on_computed_states(visit, baked):
    page = visit("one.html")
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


def test_keyboard_moves_every_control(visit):
    page = visit("all.html", reduced_motion="reduce")
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


def test_presets_reset_and_play(visit):
    page = visit("one.html", reduced_motion="reduce")
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


def test_links_open_a_state_and_are_copied(visit):
    page = visit("all.html#descent?ridge=9.8&noise=1.5", reduced_motion="reduce")
    figure = FigureOnPage(page, "descent")
    page.wait_for_selector("#descent[data-state]", state="attached")
    assert "With ridge 10, noise 1.5" in figure.sentence()
    assert page.evaluate("document.querySelector('#descent').getBoundingClientRect().top") < 450
    figure.root.locator(".live-link").click()
    assert page.url.endswith("#descent?ridge=10&noise=1.5&n=80")
    page.evaluate("location.hash = 'two-panels?log=logarithmic-axis&shown=off'")
    page.wait_for_selector('#two-panels[data-state$=",1,0"]', state="attached")


def test_data_table_and_csv_hold_the_state(visit, baked):
    page = visit("one.html", reduced_motion="reduce")
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


def test_two_figures_are_independent_and_one_far_away_costs_nothing(visit):
    page = visit("all.html", reduced_motion="reduce")
    descent, spectrum = FigureOnPage(page, "descent"), FigureOnPage(page, "spectrum-auto")
    before = spectrum.nodes()
    descent.move((0, 0, 0))
    assert spectrum.nodes() == before
    below = visit("below.html")
    below.wait_for_timeout(500)
    assert below.evaluate("document.querySelector('#descent').live.loading") is None
    FigureOnPage(below, "descent")


def test_a_damaged_payload_is_said_and_the_picture_stays(visit):
    page = visit("broken.html")
    page.wait_for_selector("#descent .live-problem:not([hidden])")
    assert "cannot be read" in page.locator("#descent .live-problem").text_content()
    assert page.locator("#descent .live-controls").evaluate("e => e.disabled")
    assert page.locator("#descent svg.live-picture path").count() > 20
    FigureOnPage(page, "two-panels").move((0, 0, 0))


def mark_of(figure, control: str) -> dict:
    """Where the mark that moves a control is seen, and what the pointer meets there."""
    return figure.root.evaluate(
        """(f, k) => {
        const mark = [...f.querySelectorAll(`[data-grab^="${k},"]`)].find(e => e.ownerSVGElement.clientWidth);
        const b = mark.getBoundingClientRect(), [x, y] = [b.x + b.width / 2, b.y + b.height / 2];
        const along = +mark.dataset.grab[2], hits = d => {
            const e = document.elementFromPoint(x + (along ? 0 : d), y + (along ? d : 0));
            return e && e === mark.copy;
        };
        const style = getComputedStyle(mark.copy), svg = mark.ownerSVGElement;
        return {x, y, hits: [-12, -11.5, 0, 11.5, 12].map(hits), cursor: style.cursor, touch: style.touchAction,
                scale: svg.clientWidth / svg.viewBox.baseVal.width};
    }""",
        list(figure.root.evaluate("f => f.live.inputs.map(e => e.name)")).index(control),
    )


@pytest.mark.parametrize("width", [900, 360])
@pytest.mark.parametrize(("control", "axis"), [("n", "x"), ("mass", "y")])
def test_a_mark_is_dragged_with_the_mouse(visit, width, control, axis):
    page = visit("all.html", width=width, reduced_motion="reduce")
    figure = FigureOnPage(page, "marked")
    names = figure.root.evaluate("f => f.live.inputs.map(e => e.name)")
    k = names.index(control)
    figure.root.locator("svg:visible").first.scroll_into_view_if_needed()
    figure.root.evaluate("f => f.scrollIntoView()")
    mark = mark_of(figure, control)
    assert all(mark["hits"]), "24 pixels wide"
    assert mark["cursor"] == {"x": "ew-resize", "y": "ns-resize"}[axis]
    assert mark["touch"] == {"x": "pan-y", "y": "pan-x"}[axis]
    seen, start = set(), figure.state()
    page.mouse.move(mark["x"] + 4 * (axis == "x"), mark["y"] + 4 * (axis == "y"))  # not exactly on the line
    page.mouse.down()
    for step in range(0, 190 if width == 900 and axis == "x" else 90, 3):
        page.mouse.move(mark["x"] + 4 - step * (axis == "x"), mark["y"] + 4 - step * (axis == "y"))
        seen.add(figure.state()[k])
    page.mouse.up()
    page.mouse.move(mark["x"] + 99, mark["y"])
    end = figure.state()
    assert len(seen) >= 3 and end[k] != start[k], "one place after the other, no more after the button is up"
    assert [v for i, v in enumerate(end) if i != k] == [v for i, v in enumerate(start) if i != k]
    page.wait_for_selector(f'#marked[data-state="{",".join(map(str, end))}"]', state="attached")
    slider = figure.root.locator(f"[name={control}]")
    assert slider.input_value() == str(end[k]) and slider.get_attribute("aria-valuetext") in figure.sentence()
    rest = figure.nodes()
    figure.move(start)
    figure.move(end)
    assert figure.nodes() == rest, "at rest on a computed state"
    moved = mark_of(figure, control)
    assert abs(moved[axis] - mark[axis]) > 20 and all(moved["hits"])


def test_a_mark_is_dragged_with_a_finger_and_the_page_still_scrolls(visit):
    page = visit("all.html", width=360, reduced_motion="reduce", has_touch=True, is_mobile=True)
    figure = FigureOnPage(page, "marked")
    figure.root.evaluate("f => f.scrollIntoView()")
    mark, start = mark_of(figure, "n"), figure.state()
    session = page.context.new_cdp_session(page)

    def swipe(dx, dy):
        session.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": mark["x"], "y": mark["y"]}]}
        )
        for step in range(1, 11):
            point = {"x": mark["x"] + dx * step / 10, "y": mark["y"] + dy * step / 10}
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(300)

    above = page.evaluate("scrollY")
    swipe(0, 150)
    assert page.evaluate("scrollY") < above - 50 and figure.state() == start, "across the mark's way: the page scrolls"
    page.wait_for_timeout(700)  # until the page has come to rest
    figure.root.evaluate("f => f.scrollIntoView()")
    above = page.evaluate("scrollY")
    swipe(-70, 5)
    assert page.evaluate("scrollY") == above and figure.state()[0] < start[0]


def test_what_a_screen_reader_and_the_keyboard_meet_is_the_same_with_marks(visit):
    page = visit("all.html", reduced_motion="reduce")
    figure = FigureOnPage(page, "marked")
    svg = figure.root.locator("svg:visible").first
    assert svg.get_attribute("role") == "img"
    label = figure.root.locator("svg.live-picture").first.get_attribute("aria-label")
    assert label == 'Marks <that> move. It says "both", and <more>.', (
        "the title, then the alternative text, word for word"
    )
    figure.root.locator("[name=n]").focus()
    page.keyboard.press("ArrowRight")
    assert figure.state()[0] == 4
    assert figure.root.evaluate("f => f.querySelectorAll('svg [tabindex], svg a, svg button').length") == 0


def test_cells_of_the_table_are_text_and_no_formulas(visit):
    import csv

    page = visit("all.html", reduced_motion="reduce")
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


@pytest.mark.parametrize("hash", ["#%", "descent?n=%E0%A4%A", "%E0%A4%A?n=2", "descent?%=%&n=20"])
def test_broken_links_do_nothing(visit, hash):
    page = visit("all.html#" + hash.lstrip("#"), reduced_motion="reduce")
    figure = FigureOnPage(page, "descent")
    assert len(figure.state()) == 3  # errors in a script fail in visit


def test_a_browser_without_decompression_is_told_to_update(browser, folder):
    page = browser.new_page()
    page.add_init_script("delete globalThis.DecompressionStream")
    page.goto((folder / "one.html").as_uri())
    page.wait_for_selector("#descent .live-problem:not([hidden])")
    assert "update your browser" in page.locator("#descent .live-problem").text_content()
    page.close()


def test_a_page_whose_player_does_not_run_says_so_and_prints_without_it(browser, folder):
    page = browser.new_page()
    page.route("**/live.js", lambda route: route.abort())
    page.goto((folder / "one.html").as_uri())
    problem = page.locator("#descent .live-problem")
    assert problem.bounding_box()["height"] == 0, "not before the player had its time"
    page.wait_for_function("document.querySelector('.live-problem').clientHeight > 10", timeout=8000)
    assert "sliders need JavaScript" in problem.text_content()
    page.emulate_media(media="print")
    assert not problem.is_visible()
    page.close()


def test_without_javascript_the_default_state_stands(visit):
    page = visit("one.html", java_script_enabled=False)
    assert page.locator("#descent svg.live-picture").is_visible()
    assert "With ridge 0.0316" in page.locator(".live-readout").text_content()
    assert not page.locator(".live-controls").is_visible()
    page.wait_for_timeout(3200)
    assert "sliders need JavaScript" in page.locator(".live-problem").inner_text()


def test_print_shows_the_default_state_and_its_values(visit):
    page = visit("one.html", reduced_motion="reduce")
    figure = FigureOnPage(page, "descent")
    rest = figure.nodes()
    figure.move((0, 0, 0))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert figure.nodes() == rest
    assert not page.locator(".live-controls").is_visible()
    assert "λ = 0.0316, σ = " in page.locator(".live-print").inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert figure.nodes() != rest


@pytest.mark.parametrize("name", FIGURES)
def test_text_is_readable_at_360_pixels(visit, name):
    page = visit("all.html", width=360)
    figure = FigureOnPage(page, name)
    heights = figure.root.evaluate("""f => [...f.querySelectorAll("svg.live-picture")].filter(s => s.clientWidth)
        .flatMap(s => [...s.querySelectorAll("text")].filter(e => e.style.display !== "none")
        .map(e => parseFloat(e.getAttribute("font-size")) * s.clientWidth / s.viewBox.baseVal.width))""")
    assert len(heights) > 5 and min(heights) >= 9.9
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert figure.root.locator("svg.live-picture:visible").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_text_and_marks(visit, scheme):
    """Every colour stands out against the paper: 4.5 to 1 for text, 3 to 1 for lines of the concepts' colours."""
    page = visit("one.html", color_scheme=scheme)
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
