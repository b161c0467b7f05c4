"""Every page in Firefox: from a server and from disk, each control of each figure moved, by keyboard, on a phone.

One process serves all of it. In the normal run each control takes its ends and a seeded sample of its values; with
RENORM_EVERY_VALUE set, every value. What was moved is in the test run's summary.
"""

import os

import focus
import live_sweep
import pytest
from repository import ROOT

from tools.build import book

pytestmark = [pytest.mark.browser, pytest.mark.firefox, pytest.mark.xdist_group("firefox")]

PAGES = ["index", *book.pages(ROOT / "_toc.yml")[1:], "search", "genindex"]
WITH_FIGURES = [name for name in PAGES if name in ("index", "book/short-version") or name.startswith("notebooks/")]
EVERY = bool(os.environ.get("RENORM_EVERY_VALUE"))
SAMPLE = {"most": 10_000 if EVERY else 5, "seed": 1}
ENDS = {"most": 10_000 if EVERY else 2, "seed": 1}
LARGE, PHONE = (1280, 900), (360, 740)
OWN = ("data:", "blob:")

KEYS = """() => [...document.querySelectorAll("figure.live .live-controls input[type=range]")]
    .filter(e => e.checkVisibility({visibilityProperty: true})).map(e => e.id)"""
AT = """async id => {
    const e = document.getElementById(id);
    e.focus();  // which scrolls there: in a walk the step that comes into view moves the sliders first
    if (e.closest(".live-walk")) await new Promise(done => setTimeout(done, 1000));
    return [+e.value, +e.max];
}"""
WIDTH = """async most => {  // once what is laid out anew for the new size has been
    const root = document.documentElement, end = performance.now() + 3000;
    while (root.scrollWidth > most && performance.now() < end) await new Promise(requestAnimationFrame);
    return root.scrollWidth;
}"""
MOVED = """([id, before]) => {
    const e = document.getElementById(id), row = e.parentElement;
    return +e.value !== before && row.querySelector("output").textContent === e.getAttribute("aria-valuetext");
}"""


@pytest.fixture(scope="module")
def tab(firefox):
    with firefox.tab() as opened:
        yield opened


def swept(tab, how, record_property, name) -> None:
    rows = live_sweep.rows(tab.evaluate(live_sweep.SWEEP, how))
    assert live_sweep.problems(rows) == []
    if rows:
        record_property("swept", f"{name:<48}{live_sweep.summary(rows)}")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_from_a_server(tab, served, name, record_property):
    tab.resize(*LARGE)
    tab.goto(f"{served}/{name}.html?reveal")  # no figure is covered
    figures = tab.evaluate("() => document.querySelectorAll('figure.live').length")
    assert bool(figures) == (name in WITH_FIGURES)
    swept(tab, SAMPLE, record_property, name)
    for slider in tab.evaluate(KEYS):
        value, last = tab.evaluate(AT, slider)
        tab.press("Left" if value == last else "Right")
        assert tab.evaluate(MOVED, [slider, value]), f"{slider} does not follow the arrow keys"
    assert tab.evaluate(focus.UNSEEN) == []
    tab.resize(*PHONE)
    assert tab.evaluate(WIDTH, PHONE[0]) <= PHONE[0]
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith((served, *OWN))] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_from_disk(tab, site, name, record_property):
    tab.resize(*PHONE)
    tab.goto((site / f"{name}.html").as_uri())
    swept(tab, ENDS, record_property, f"{name}, from disk, on a phone")
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith(("file:", *OWN))] == []


BY_TAB = [name for name in PAGES if name != "search"]  # where the focus starts in the field to write into


@pytest.mark.parametrize("name", BY_TAB if EVERY else ["index", "notebooks/05-double-descent", "book/glossary"])
def test_the_tab_key_goes_through_a_page_in_its_order(firefox, site, name):
    with firefox.tab() as fresh:  # in one that was used, Tab would go on from where the last page was left
        fresh.goto((site / f"{name}.html").as_uri())
        wanted = fresh.evaluate(focus.PREPARE)
        fresh.press(*["Tab"] * (wanted + 40))  # Firefox stops at boxes that scroll, as well
        found = fresh.evaluate(focus.TRAIL)
    assert found["missed"] == "" and found["reached"] == wanted >= 20
    assert found["unseen"] == []


@pytest.mark.parametrize("name", ["index", "notebooks/05-double-descent"])
def test_a_browser_too_old_for_the_player_shows_the_picture_and_says_so_in_one_sentence(firefox, site, name):
    with firefox.tab(first="() => { delete globalThis.DecompressionStream; }") as old:
        old.goto((site / f"{name}.html").as_uri())
        told = old.evaluate("""async () => {
            const figures = [...document.querySelectorAll("figure.live")];
            await Promise.all(figures.map(f => f.live.load()));
            return figures.map(f => [f.querySelector(".live-problem").textContent,
                [...f.querySelectorAll("svg.live-picture")].some(e => e.clientHeight > 100),
                f.querySelector("fieldset").disabled]);
        }""")
        assert old.errors == []
    assert told
    for sentence, picture, disabled in told:
        assert picture and disabled
        assert sentence.count(".") == 3 and "update your browser" in sentence
