"""The built site in a real browser: nothing loaded from elsewhere, no error, accessible, narrow, light, offline."""

import gzip
from urllib.parse import urlsplit

import build_book
import check_site
import pytest
import yaml
from conftest import ROOT

pytestmark = pytest.mark.browser

PAGES = build_book.documents(yaml.safe_load((ROOT / "_toc.yml").read_text("utf8")))
OTHER_PAGES = ["index", "search", "genindex"]
HEAVIEST = 700_000  # bytes a page may transfer, compressed, its live figures included
ALREADY_COMPRESSED = (".woff2", ".png", ".jpg", ".zip")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

every_page = pytest.mark.parametrize("name", PAGES + OTHER_PAGES)


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
        self.page.wait_for_load_state("networkidle")

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

        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": AXE_RULES}})
        return [
            f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]


@pytest.fixture(scope="session")
def visit(browser, served):
    return lambda name, **settings: Visit(browser, served, name, **settings)


@every_page
def test_a_page_asks_nobody_else_and_is_light(visit, served, name):
    with visit(name) as seen:
        elsewhere = [url for url in seen.requests if not url.startswith((served, "data:", "blob:"))]
        assert elsewhere == []
        assert seen.errors == []
        total = sum(seen.sizes.values())
        heaviest = sorted(((size, url) for url, size in seen.sizes.items()), reverse=True)[:5]
        assert total < HEAVIEST, f"{total:,} bytes compressed; the heaviest: {heaviest}"
        assert seen.page.evaluate("document.fonts.check('16px \"Book Serif\"')")


@every_page
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_page_is_accessible(visit, name, mode):
    with visit(name, color_scheme=mode) as seen:
        assert seen.page.get_attribute("html", "data-theme") == mode
        assert seen.axe() == []


@every_page
def test_a_page_fits_a_phone(visit, name):
    with visit(name, viewport={"width": 360, "height": 740}, has_touch=True) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert seen.axe() == []


@every_page
def test_a_page_works_from_disk(browser, site, name):
    with Visit(browser, site.as_uri(), name) as seen:
        assert seen.errors == []
        assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:"))] == []


@every_page
def test_formulas_are_set_without_a_script(browser, served, name):
    with Visit(browser, served, name, java_script_enabled=False) as seen:
        formulas = seen.page.locator(".math").count()
        assert seen.page.locator(".math .katex .katex-html").count() == formulas
        assert seen.page.locator(".math .katex math").count() == formulas  # for screen readers
        assert seen.page.locator(".katex-error").count() == 0


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("notebooks/")])
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


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("notebooks/")])
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
    chapters = [name for name in PAGES if name.startswith("notebooks/")]
    with visit("index") as seen:
        links = seen.page.locator(".chapter-map svg a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert links == [f"{name}.html" for name in chapters]
    with visit("index", viewport={"width": 360, "height": 740}) as seen:
        assert seen.page.locator(".chapter-map ul ol a:visible").count() == len(chapters)


def test_the_built_site_passes_its_own_checks(site):
    problems, counts = check_site.check(site, PAGES)
    assert problems == []
    assert counts["pages"] >= len(PAGES)
