"""Walks: a list of links to states right after a live figure moves it while the reader scrolls."""

import os
import subprocess
import sys

import pytest
from live_page import FigureOnPage
from live_wave import READOUT, TOLD, wave

from liveplate import walk
from liveplate.bake.bake import baked
from liveplate.player import assets
from liveplate.spec.figure import describe

pytest.importorskip("myst_parser")
EMPTY = dict.fromkeys(("title", "caption", "presets", "name", "figsize", "subplots", "sweep"))
ROOM = "<div style='height:90vh'></div>"
PLACES = ("figure#wave svg.live-picture", "#wave-step-1", "#wave-step-3")
STEPS = """1. **Slow.** Two thirds of a period. [1](#wave?frequency=1)
2. **Fast.** Five of them. [5](#wave?frequency=5)

   A second paragraph. [5, square](#wave?frequency=5&shape=square)
3. **Upside down.** What is not named stays. [mirrored](#wave?mirrored=on)
"""


def page(figure: str, steps: str = STEPS) -> str:
    cell = f'<div class="cell"><div class="cell_output">{figure}</div></div>'
    room = f"```{{raw}} html\n{ROOM}\n```\n"
    last = "[slow again](#wave?frequency=1)"
    return f"# Waves\n\n## One\n\n{room}\n```{{raw}} html\n{cell}\n```\n\n{steps}\n{room}\n{last}\n"


def build(folder, **pages) -> subprocess.CompletedProcess:
    source = folder / "source"
    source.mkdir(parents=True, exist_ok=True)
    (source / "conf.py").write_text('extensions = ["myst_parser", "liveplate.sphinx"]\nhtml_theme = "basic"\n', "utf8")
    for name, text in pages.items():
        (source / f"{name}.md").write_text(text, "utf8")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "-n",
        "-q",
        "-d",
        str(folder / "doctrees"),
        str(source),
        str(folder / "html"),
    ]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """The baked figure, as it stands in a page."""
    patch = pytest.MonkeyPatch()
    patch.setenv("LIVEPLATE_CACHE", str(tmp_path_factory.mktemp("cache")))
    controls = {key: control for key, control in TOLD.items() if key != "alt"}
    yield baked(describe(wave, READOUT, controls, **EMPTY | {"alt": TOLD["alt"]}))["html"]
    patch.undo()


@pytest.fixture(scope="module")
def site(tmp_path_factory, html):
    folder = tmp_path_factory.mktemp("site")
    other = "---\norphan: true\n---\n# Other\n\n[elsewhere](index.md#wave?frequency=4&shape=square)\n"
    done = build(folder, index=page(html), other=other)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


# ---- while the page is built
def test_the_controls_are_read_from_the_figure(html):
    found = walk.controls_of(html)
    assert list(found) == ["wave"] and list(found["wave"]) == ["frequency", "shape", "mirrored"]
    assert found["wave"]["frequency"] == (1, ["1", "2", "3", "4", "5"])
    assert found["wave"]["shape"] == (0, ["sine", "square"])


def test_a_step_begins_where_the_last_one_ended(html):
    controls = walk.controls_of(html)["wave"]
    assert walk.places("frequency=5", controls, [1, 0, 0]) == [4, 0, 0]
    assert walk.places("shape=square", controls, [4, 0, 0]) == [4, 1, 0]
    assert walk.places("frequency=2.0", controls, [4, 1, 0]) == [1, 1, 0]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("frequency=2.5", "frequency = 2.5: its values are 1, 2, 3, 4, 5"),
        ("shape=round", "shape = round: its values are sine, square"),
        ("height=1", "the control 'height': it has frequency, shape, mirrored"),
    ],
)
def test_what_the_figure_does_not_have_is_named(html, link, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        walk.places(link, walk.controls_of(html)["wave"], [1, 0, 0])


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (STEPS.replace("frequency=1", "frequency=7"), "step 1: the live figure 'wave' has no frequency = 7"),
        (STEPS.replace("**Slow.** ", ""), "step 1 of the walk with wave: its item must begin with a name in bold"),
        ("[no such](#wave?speed=1)", "the live figure 'wave' has not the control 'speed'"),
    ],
)
def test_the_build_fails_where_a_step_cannot_be_taken(tmp_path, html, steps, said):
    done = build(tmp_path, index=page(html, steps))
    assert done.returncode != 0 and said in done.stderr + done.stdout, done.stderr


def test_the_page_holds_figure_and_steps_in_order(site):
    text = (site / "index.html").read_text("utf8")
    assert text.count('class="live-walk"') == 1 and 'data-stops="0,0,0 4,1,0 4,1,1"' in text
    assert text.index("<figure") < text.index("wave-step-1") < text.index("Slow.") < text.index("wave-step-3")
    assert [text.count(f'<h3 class="live-step-title">{name}') for name in ("Slow.", "Fast.", "Upside down.")] == [
        1,
        1,
        1,
    ]
    assert 'src="_static/live.js' in text and text.index("live.js") < text.index("live-walk.js")
    other = (site / "other.html").read_text("utf8")
    assert 'href="index.html#wave?frequency=4&amp;shape=square"' in other and "live-walk" not in other


def test_a_list_without_such_links_stays_a_list(tmp_path, html):
    done = build(tmp_path, index=page(html, "1. **One.** [a](#wave?frequency=1)\n2. **Two.** No link.\n"))
    assert done.returncode == 0, done.stderr
    assert "live-walk" not in (tmp_path / "html" / "index.html").read_text("utf8")


def test_the_script_is_short():
    assert len((assets.HERE / "walk.js").read_text("utf8").splitlines()) <= 150


# ---- in a browser
@pytest.fixture
def opened(open_file, site):
    def go(**context):
        page = open_file(site / "index.html", **context)
        page.wait_for_function("document.querySelector('.live-walk').walk !== undefined")
        return page

    return go


def scroll_to(page, k: int) -> None:
    """Bring a step under the line, as a reader's wheel would."""
    page.evaluate(
        """k => { const walk = document.querySelector('.live-walk').walk, step = walk.steps[k].getBoundingClientRect();
        
        scrollBy(0, step.top + Math.min(40, step.height / 2)
        - innerHeight * parseFloat(walk.box.style.getPropertyValue('--live-line')) / 100); }""",
        k,
    )


def rests(page, state: str) -> None:
    page.wait_for_selector(f'figure#wave[data-state="{state}"]', state="attached", timeout=5000)


@pytest.mark.browser
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_scrolling_takes_the_controls_where_the_steps_say(opened, motion):
    page = opened(reduced_motion=motion, viewport={"width": 1280, "height": 800})
    assert page.eval_on_selector(".live-walk", "e => e.className") == "live-walk live-pinned live-beside"
    for k, state in ((0, "0,0,0"), (1, "4,1,0"), (2, "4,1,1"), (1, "4,1,0")):
        scroll_to(page, k)
        rests(page, state)
        assert page.eval_on_selector_all("[aria-current=step]", "all => all.map(e => e.id)") == [f"wave-step-{k + 1}"]
        top = page.eval_on_selector("figure#wave", "f => f.getBoundingClientRect().top")
        assert -1 <= top <= 500, "the figure stays in view"


@pytest.mark.browser
def test_on_its_way_a_slider_rests_nowhere_but_on_its_places(opened):
    page = opened(reduced_motion="no-preference", viewport={"width": 1280, "height": 800})
    scroll_to(page, 0)
    rests(page, "0,0,0")
    page.evaluate(
        """() => { const figure = document.querySelector('figure#wave'), live = figure.live, go = live.go.bind(live);
        window.gone = []; live.go = (state, ...rest) => { gone.push(state.join()); go(state, ...rest); }; }"""
    )
    scroll_to(page, 1)
    rests(page, "4,1,0")
    assert page.evaluate("gone") == ["0,1,0", "1,1,0", "2,1,0", "3,1,0", "4,1,0"][-len(page.evaluate("gone")) :]
    assert len(page.evaluate("gone")) >= 2


@pytest.mark.browser
def test_the_reader_takes_the_handle_and_the_next_step_takes_it_back(opened):
    page = opened(viewport={"width": 1280, "height": 800})
    scroll_to(page, 0)
    rests(page, "0,0,0")
    figure = FigureOnPage(page, "wave")
    figure.move([2, 0, 1])
    page.mouse.wheel(0, 20)  # within the step: the reader's state stays
    page.wait_for_timeout(200)
    assert figure.state() == [2, 0, 1]
    scroll_to(page, 1)
    rests(page, "4,1,0")
    page.locator(".live-state").first.click()  # and a link takes it anywhere
    rests(page, "0,0,0")


@pytest.mark.browser
def test_the_keyboard_walks_and_gets_out_again(opened):
    page = opened(viewport={"width": 1280, "height": 800})
    seen = []
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        if seen[-1] == "5, square":
            rests(page, "4,1,0")
        if seen[-1] == "slow again":
            break
    assert seen[-4:] == ["5", "5, square", "mirrored", "slow again"], seen
    rests(page, "4,1,1")


@pytest.mark.browser
def test_a_link_to_a_state_is_not_overruled_by_the_step_it_meets(site, open_file):
    page = open_file(site / "index.html", viewport={"width": 1280, "height": 800})
    page.goto(page.url + "#wave?frequency=3")
    page.reload()
    rests(page, "2,0,0")
    page.wait_for_timeout(300)
    assert FigureOnPage(page, "wave").state() == [2, 0, 0]
    scroll_to(page, 2)
    rests(page, "4,1,1")


@pytest.mark.browser
def test_on_a_phone_the_figure_is_above_and_leaves_the_steps_their_room(opened):
    page = opened(viewport={"width": 1280, "height": 800})
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_selector(".live-walk.live-above")
    scroll_to(page, 1)
    rests(page, "4,1,0")
    box = page.eval_on_selector("figure#wave", "f => [f.getBoundingClientRect().top, f.getBoundingClientRect().height]")
    assert box[0] >= -1 and box[1] <= 0.45 * 844
    button = page.locator(".live-unpin")
    assert button.is_visible() and not page.locator("#wave .live-controls").is_visible()
    button.click()  # the figure with all that is in it, not pinned
    assert page.locator("#wave .live-controls").is_visible() and page.locator("#wave figcaption").is_visible()
    assert page.eval_on_selector(".live-walk", "e => e.className") == "live-walk"
    button.click()
    assert "live-above" in page.eval_on_selector(".live-walk", "e => e.className")
    page.set_viewport_size({"width": 360, "height": 420})  # no room for both: the links are left
    page.wait_for_selector(".live-walk:not(.live-pinned)")
    page.locator(".live-state").first.click()
    rests(page, "0,0,0")


@pytest.mark.browser
def test_without_javascript_and_on_paper_the_figure_comes_first_and_then_the_text(site, open_file):
    page = open_file(site / "index.html", java_script_enabled=False, viewport={"width": 1280, "height": 800})
    assert page.locator(".live-step").count() == 3 and page.locator(".live-walk.live-pinned").count() == 0
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        boxes = [
            page.locator(s).first.bounding_box()
            for s in ("figure#wave svg.live-picture", "#wave-step-1", "#wave-step-3")
        ]
        assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"] < boxes[2]["y"]


@pytest.mark.browser
def test_on_paper_nothing_is_pinned(opened):
    page = opened(viewport={"width": 1000, "height": 800})
    scroll_to(page, 1)
    page.emulate_media(media="print")
    boxes = [
        page.locator(s).first.bounding_box() for s in ("figure#wave svg.live-picture", "#wave-step-1", "#wave-step-3")
    ]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"] < boxes[2]["y"]
    assert not page.locator(".live-unpin").is_visible()
