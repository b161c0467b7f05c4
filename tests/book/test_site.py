"""The built site in a real browser: nothing loaded from elsewhere, no error, accessible, narrow, light, offline.

A chapter's page is heavy, so it is opened three times only: with scripts, without them, and from disk, where the curves
of its figures are compared as well (test_live_site.py). Tests of one visit run in the order in which they stand here.
"""

import focus
import pytest
from repository import ROOT
from visit import Visit

from tools.build import book
from tools.check import site as built_site

pytestmark = pytest.mark.browser

PAGES = book.pages(ROOT / "_toc.yml")
OTHER_PAGES = ["index", "search", "genindex"]
ALL = list(dict.fromkeys(PAGES[1:] + OTHER_PAGES))  # the first page of the book is the index
HEAVIEST = 700_000  # bytes a page may transfer, compressed, its live figures included
CHAPTERS = [name for name in PAGES if name.startswith("notebooks/")]
LARGE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# what is drawn anew for a narrow screen
NARROW = ("svg.live-narrow", ".chapter-map ul")


def grouped(names):
    """With several workers, all tests of one page go to the same one."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(name), id=name) for name in names]


@pytest.fixture(scope="session")
def visit(browser, served):
    return lambda name, **settings: Visit(browser, served, name, **settings)


@pytest.fixture(scope="module", params=grouped(ALL))
def opened(visit, request):
    """Each page once, in light; the tests that follow look at it in turn."""
    with visit(request.param, after="?reveal", color_scheme="light") as seen:  # no figure is covered
        yield seen


@pytest.fixture(scope="module", params=grouped(ALL))
def plain(visit, request):
    """Each page once more, without scripts."""
    with visit(request.param, java_script_enabled=False) as seen:
        yield seen


def test_a_page_asks_nobody_else(opened, served):
    assert [url for url in opened.requests if not url.startswith((served, "data:", "blob:"))] == []
    assert opened.errors == []


def test_a_page_is_light_to_load(opened, site):
    weights = opened.weights(site)
    heaviest = sorted(((size, url) for url, size in weights.items()), reverse=True)[:6]
    assert len(weights) > 5
    assert sum(weights.values()) < HEAVIEST, f"{sum(weights.values()):,} bytes compressed; the heaviest: {heaviest}"
    assert opened.page.evaluate("document.fonts.check(`16px 'Book Serif'`)")


def test_a_page_is_accessible_in_light(opened):
    assert opened.page.get_attribute("html", "data-theme") == "light"
    assert opened.axe() == []
    assert opened.axe_on_colours() == []


def test_letters_of_formulas_and_code_have_contrast_in_light(opened):
    seen, faint = opened.faint()
    letters = "[...document.querySelectorAll('.katex-html, .highlight pre > *')]"
    shown = f"{letters}.some(e => e.textContent.trim() && e.checkVisibility())"
    assert faint == [] and bool(seen) == opened.page.evaluate(shown)


def test_every_table_header_says_something(opened):
    headers = opened.page.locator("article th").all_text_contents()
    assert all(text.strip() for text in headers)


def test_whatever_has_the_keyboards_focus_shows_it(opened):
    opened.page.bring_to_front()
    assert opened.page.evaluate(focus.UNSEEN) == []


def test_the_colours_of_a_page_are_accessible_in_dark(opened):
    opened.at_once()
    opened.page.emulate_media(color_scheme="dark")
    opened.page.wait_for_function("document.documentElement.dataset.theme === 'dark'", timeout=5_000)
    assert opened.axe_on_colours() == []
    assert opened.faint()[1] == []
    papers = "[...document.querySelectorAll('.cell_output .text_html')].map(e => getComputedStyle(e).backgroundColor)"
    assert set(opened.page.evaluate(papers)) <= {"rgba(0, 0, 0, 0)"}  # no bright box on a dark page


def test_a_page_fits_a_phone(opened):
    opened.page.set_viewport_size(PHONE)
    opened.page.wait_for_function(focus.SCROLLS_BY_KEYBOARD, timeout=5_000)
    opened.page.wait_for_function(f"document.documentElement.scrollWidth <= {PHONE['width']}", timeout=5_000)  # at rest
    assert opened.axe() == []
    assert [what for part in NARROW for what in opened.axe_on_colours(part)] == []


def test_folded_boxes_open_by_keyboard(opened):
    opened.page.set_viewport_size(LARGE)
    for box in opened.page.locator(".admonition.dropdown").all()[:3]:
        inside = box.locator(":scope > :not(.admonition-title):not(button)").first
        assert not inside.is_visible()
        box.locator("button.toggle-button").first.focus()
        opened.page.keyboard.press("Enter")
        assert inside.is_visible()


def test_a_printed_page_is_complete(opened):
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    opened.page.emulate_media(media="print")
    assert opened.name == "search" or opened.page.locator("article h1").first.is_visible()
    assert not opened.page.locator(".bd-sidebar-primary").is_visible()
    assert opened.page.evaluate(HIDDEN_IN_BOXES) == []


HIDDEN_IN_BOXES = """() => [...document.querySelectorAll(".admonition.dropdown")].filter(box => {
    const inside = box.querySelector(":scope > :not(.admonition-title):not(button)");
    return !inside || !inside.getClientRects().length || getComputedStyle(inside).visibility !== "visible";
}).map(box => box.outerHTML.slice(0, 160))"""


def test_formulas_are_set_and_boxes_stand_open_without_a_script(plain):
    formulas = plain.page.locator(".math").count()
    assert plain.page.locator(".math .katex .katex-html").count() == formulas
    assert plain.page.locator(".math .katex math").count() == formulas  # for screen readers
    assert plain.page.locator(".katex-error").count() == 0
    assert plain.page.evaluate(HIDDEN_IN_BOXES) == []


@pytest.mark.parametrize("name", grouped(name for name in PAGES + OTHER_PAGES if name not in ["index", *CHAPTERS]))
def test_a_page_works_from_disk(browser, site, name):  # for pages with figures: test_live_site.py
    with Visit(browser, site.as_uri(), name) as seen:
        assert seen.errors == []
        assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:"))] == []


def test_the_reader_can_choose_light_or_dark(visit):
    with visit("index", color_scheme="light") as seen:
        modes = set()
        for _ in range(3):
            seen.page.locator("button.theme-switch-button").last.click()
            modes.add(seen.page.get_attribute("html", "data-theme"))
        assert modes == {"light", "dark"}


def test_light_or_dark_can_be_chosen_where_storage_is_denied(browser, served):
    denied = """Object.defineProperty(window, "localStorage", {configurable: true, get() {
        throw new DOMException("denied", "SecurityError"); }})"""
    with Visit(browser, served, "index", before=denied, color_scheme="light") as seen:
        modes = set()
        for _ in range(3):
            seen.page.locator("button.theme-switch-button").last.click()
            modes.add(seen.page.get_attribute("html", "data-theme"))
        assert modes == {"light", "dark"} and seen.errors == []


def test_the_search_needs_no_network_and_shows_the_pages_text(visit):
    with visit("search?q=ridge") as seen:
        seen.page.wait_for_selector("#search-results li .context", timeout=10_000)
        seen.page.wait_for_load_state("networkidle")
        assert seen.page.locator("#search-results li a").count() >= 2
        excerpts = seen.page.locator("#search-results li .context").all_text_contents()
        assert len(excerpts) >= 2 and seen.errors == []
        for furniture in ("On this page", ".pdf", ".ipynb", "\\", "copy link", "Show the code", "{--c0"):
            assert not any(furniture in excerpt for excerpt in excerpts), furniture


def test_the_search_works_from_disk(browser, site):
    with Visit(browser, site.as_uri(), "search?q=ridge") as seen:
        seen.page.wait_for_selector("#search-results li a", timeout=10_000)
        seen.page.wait_for_function("!document.querySelector('#search-progress')?.textContent.includes('Searching')")
        assert seen.page.locator("#search-results li a").count() >= 2
        assert seen.errors == []


def test_no_mark_starts_a_line_after_a_formula(visit):
    with visit("notebooks/05-double-descent", viewport=PHONE) as seen:
        assert seen.page.evaluate(MARKS_AT_THE_START) == []
        assert seen.page.locator("#pst-back-to-top").count() == 0, "it would lie over the text"


MARKS_AT_THE_START = """() => [...document.querySelectorAll(".bd-article span.math")].filter(formula => {
    let next = formula.nextSibling;
    if (!next) next = formula.parentElement.nextSibling;
    if (!next || next.nodeType !== 3 || !/^[.,;:!?)]/.test(next.data)) return false;
    const range = document.createRange();
    range.setStart(next, 0);
    range.setEnd(next, 1);
    const mark = range.getClientRects()[0], last = [...formula.getClientRects()].at(-1);
    return mark && last && mark.top >= last.bottom - 2;
}).map(formula => formula.parentElement.textContent.slice(0, 80))"""


def test_every_chapter_is_on_the_map(visit):
    with visit("index") as seen:
        links = seen.page.locator(".chapter-map svg a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert links == [f"{name}.html" for name in CHAPTERS]
    with visit("index", viewport=PHONE) as seen:
        assert seen.page.locator(".chapter-map ul ol a:visible").count() == len(CHAPTERS)


def test_the_built_site_passes_its_own_checks(site):
    problems, counts = built_site.check(site, PAGES)
    assert problems == []
    assert counts["pages"] >= len(PAGES)
