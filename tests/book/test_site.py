"""The built site in a real browser: nothing loaded from elsewhere, no error, accessible, narrow, light, offline."""

import gzip
from urllib.parse import urlsplit

import pytest
from repository import ROOT

from tools.build import book
from tools.check import site as built_site

pytestmark = pytest.mark.browser

PAGES = book.pages(ROOT / "_toc.yml")
OTHER_PAGES = ["index", "search", "genindex"]
HEAVIEST = 700_000  # bytes a page may transfer, compressed, its live figures included
ALREADY_COMPRESSED = (".woff2", ".png", ".jpg", ".zip")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# axe takes a formula for an empty table header; test_every_table_header_says_something looks at these itself
NOT_JUDGED = {"empty-table-header": {"enabled": False}}
CHAPTERS = [name for name in PAGES if name.startswith("notebooks/")]


def grouped(names):
    """With several workers, all tests of one page go to the same one."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(name), id=name) for name in names]


class Visit:
    """One page, opened; remembers what was requested and what went wrong."""

    def __init__(self, browser, address, name, **settings):
        self.context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | settings))
        self.page = self.context.new_page()
        self.errors, self.requests, self.sizes = [], [], {}
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", self.weigh)
        self.page.goto(f"{address}/{name}.html", wait_until="load")
        self.page.evaluate("document.fonts.ready")

    def weigh(self, response):
        if response.ok and not response.url.startswith("data:"):
            body = response.body()
            packed = urlsplit(response.url).path.endswith(ALREADY_COMPRESSED)
            self.sizes[response.url] = len(body) if packed else len(gzip.compress(body, 6))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.context.close()

    def axe(self) -> list[str]:
        """What axe-core objects to: rule, what it means, and the element."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}, "rules": NOT_JUDGED})
        return [
            f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]


@pytest.fixture(scope="session")
def visit(browser, served):
    return lambda name, **settings: Visit(browser, served, name, **settings)


@pytest.fixture(scope="module", params=grouped(PAGES + OTHER_PAGES))
def opened(visit, request):
    """Each page once, in light; the tests that follow look at it in turn."""
    with visit(request.param, color_scheme="light") as seen:
        yield seen


def test_a_page_asks_nobody_else(opened, served):
    assert [url for url in opened.requests if not url.startswith((served, "data:", "blob:"))] == []
    assert opened.errors == []


def test_a_page_is_light_to_load(opened):
    total = sum(opened.sizes.values())
    heaviest = sorted(((size, url) for url, size in opened.sizes.items()), reverse=True)[:6]
    assert total < HEAVIEST, f"{total:,} bytes compressed; the heaviest: {heaviest}"
    assert opened.page.evaluate("document.fonts.check(`16px 'Book Serif'`)")


def test_a_page_is_accessible_in_light(opened):
    assert opened.page.get_attribute("html", "data-theme") == "light"
    assert opened.axe() == []


def test_every_table_header_says_something(opened):
    headers = opened.page.locator("article th").all_text_contents()
    assert all(text.strip() for text in headers)


def test_a_page_is_accessible_in_dark(opened):
    opened.page.emulate_media(color_scheme="dark")
    opened.page.wait_for_function("document.documentElement.dataset.theme === 'dark'", timeout=5_000)
    opened.page.wait_for_timeout(600)  # colours glide to the other theme
    opened.page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')", timeout=5_000)
    assert opened.axe() == []


def test_a_page_fits_a_phone(opened):
    opened.page.set_viewport_size({"width": 360, "height": 740})
    opened.page.wait_for_timeout(300)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert opened.axe() == []


@pytest.mark.parametrize("name", grouped(PAGES + OTHER_PAGES))
def test_a_page_works_from_disk(browser, site, name):
    with Visit(browser, site.as_uri(), name) as seen:
        assert seen.errors == []
        assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("name", grouped(PAGES + OTHER_PAGES))
def test_formulas_are_set_without_a_script(browser, served, name):
    with Visit(browser, served, name, java_script_enabled=False) as seen:
        formulas = seen.page.locator(".math").count()
        assert seen.page.locator(".math .katex .katex-html").count() == formulas
        assert seen.page.locator(".math .katex math").count() == formulas  # for screen readers
        assert seen.page.locator(".katex-error").count() == 0


@pytest.mark.parametrize("name", grouped(CHAPTERS))
def test_folded_boxes_open_by_keyboard_and_stand_open_without_scripts(browser, served, visit, name):
    with visit(name) as seen:
        boxes = seen.page.locator(".admonition.dropdown")
        for box in boxes.all()[:3]:
            inside = box.locator(":scope > :not(.admonition-title):not(button)").first
            assert not inside.is_visible()
            button = box.locator("button.toggle-button").first
            button.focus()
            seen.page.keyboard.press("Enter")
            assert inside.is_visible()
    with Visit(browser, served, name, java_script_enabled=False) as plain:
        for box in plain.page.locator(".admonition.dropdown").all():
            assert box.locator(":scope > :not(.admonition-title)").first.is_visible()


@pytest.mark.parametrize("name", grouped(CHAPTERS))
def test_a_printed_chapter_is_complete(visit, name):
    with visit(name) as seen:
        seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        seen.page.emulate_media(media="print")
        assert seen.page.locator("article h1").first.is_visible()
        assert not seen.page.locator(".bd-sidebar-primary").is_visible()
        for box in seen.page.locator(".admonition.dropdown").all():
            assert box.locator(":scope > :not(.admonition-title):not(button)").first.is_visible()


def test_the_reader_can_choose_light_or_dark(visit):
    with visit("index", color_scheme="light") as seen:
        modes = set()
        for _ in range(3):
            seen.page.locator("button.theme-switch-button").last.click()
            modes.add(seen.page.get_attribute("html", "data-theme"))
        assert modes == {"light", "dark"}


def test_the_search_needs_no_network(visit):
    with visit("search") as seen:
        seen.page.goto(seen.page.url.split("?")[0] + "?q=ridge")
        seen.page.wait_for_selector("#search-results li a", timeout=10_000)
        assert seen.page.locator("#search-results li a").count() >= 2
        assert seen.errors == []


def test_every_chapter_is_on_the_map(visit):
    with visit("index") as seen:
        links = seen.page.locator(".chapter-map svg a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert links == [f"{name}.html" for name in CHAPTERS]
    with visit("index", viewport={"width": 360, "height": 740}) as seen:
        assert seen.page.locator(".chapter-map ul ol a:visible").count() == len(CHAPTERS)


def test_the_built_site_passes_its_own_checks(site):
    problems, counts = built_site.check(site, PAGES)
    assert problems == []
    assert counts["pages"] >= len(PAGES)
