"""Under each title: where the chapter stands and how long it takes; and what the pages keep of what was read."""

import re

import pytest
import whereabouts
from repository import missing

KEY = "why-massive-models-generalize:reading"
NAMES = [f"notebooks/{number:02d}-a" for number in range(1, 11)]


def test_the_small_map_fills_this_chapter_alone():
    picture = whereabouts.small_map("notebooks/05-a", NAMES)
    kinds = re.findall(r'circle class="(\w+)"', picture)
    assert len(kinds) == 10 and kinds[-1] == "here", "drawn last, over its neighbours"
    assert (kinds.count("before"), kinds.count("after")) == (4, 5)
    x, y, *_ = whereabouts.chapter_map.station(5)
    assert f'class="here" cx="{x}" cy="{y}"' in picture
    wide = whereabouts.small_map("notebooks/12-a", [*NAMES, "notebooks/11-a", "notebooks/12-a"])
    assert float(re.search(r'viewBox="20 -10 (\d+)', wide)[1]) > float(re.search(r'viewBox="20 -10 (\d+)', picture)[1])


def test_the_line_says_what_the_notebook_says():
    told = whereabouts.LINE.fullmatch("About 15 minutes to read, without the exercises. Run All: about 20 seconds.")
    shown = whereabouts.html("notebooks/05-a", NAMES, "../index.html#chapter-map", told)
    assert "About 15 minutes to read" in shown and "about 20 seconds" in shown
    assert 'aria-label="Chapter 5 of 10: the way through the book"' in shown
    alone = whereabouts.LINE.fullmatch("About 15 minutes to read, without the exercises.")
    assert "seconds" not in whereabouts.html("notebooks/05-a", NAMES, "", alone)


@pytest.fixture
def chapters(site):
    found = sorted(path.stem for path in (site / "notebooks").glob("[0-9]*.html"))
    if len(found) < 2:
        missing("the site has fewer than two chapters")
    return found


@pytest.fixture
def reader(browser, served):
    """A page whose clock can be moved on, and the errors that it reports."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.clock.install()
    page.go = lambda name: page.goto(f"{served}/{name}.html", wait_until="load")
    yield page
    assert page.errors == []
    context.close()


def scrolled(page, where: str, milliseconds: int = 1_000) -> None:
    page.evaluate(where)
    page.evaluate("dispatchEvent(new Event('scroll'))")
    page.clock.run_for(milliseconds)


END = "scrollTo({top: document.body.scrollHeight, behavior: 'instant'})"
SECOND = "document.querySelectorAll('article section > h2')[1].scrollIntoView({behavior: 'instant'})"


@pytest.mark.browser
def test_who_has_read_nothing_is_offered_nothing(reader):
    reader.go("index")
    assert reader.locator(".left-off, .was-read").count() == 0


@pytest.mark.browser
def test_the_first_page_offers_to_go_on_where_the_reader_left_off(reader, chapters):
    reader.go(f"notebooks/{chapters[0]}")
    scrolled(reader, SECOND)
    heading = reader.locator("article section > h2").nth(1)
    reader.go("index")
    link = reader.locator(".left-off a")
    assert link.inner_text().startswith("Continue where you left off: ")
    link.click()
    reader.wait_for_load_state("load")
    assert chapters[0] in reader.url and "#" in reader.url
    assert 0 <= heading.bounding_box()["y"] < 450


@pytest.mark.browser
def test_a_chapter_is_marked_when_its_end_has_been_seen_and_not_sooner(reader, chapters):
    reader.go(f"notebooks/{chapters[0]}")
    scrolled(reader, END, 5_000)
    assert reader.locator("nav.bd-links a.was-read").count() == 0, "who only jumps to the end has not read it"
    scrolled(reader, END, 90_000)
    marked = reader.locator("nav.bd-links a.was-read")
    assert marked.count() == 1 and "(read)" in marked.text_content()
    reader.go("index")
    assert reader.locator(".left-off a").inner_text().startswith("Continue with ")
    assert reader.locator(".left-off a").get_attribute("href").endswith(f"notebooks/{chapters[1]}.html")
    reader.locator(".left-off button").focus()
    reader.keyboard.press("Enter")
    assert reader.locator(".left-off").inner_text() == "Forgotten."
    assert reader.locator(".was-read").count() == 0
    reader.go("index")
    assert reader.locator(".left-off").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize(
    "broken",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }})",
        "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new DOMException('full'); }",
        f"localStorage.setItem('{KEY}', '{{spoilt')",
        f"localStorage.setItem('{KEY}', '[1, 2]')",
        f"localStorage.setItem('{KEY}', JSON.stringify({{read: 3, last: {{page: '//e.org'}}}}))",
    ],
)
def test_a_browser_that_keeps_nothing_or_nonsense_does_no_harm(browser, served, chapters, broken):
    context = browser.new_context()
    page, errors = context.new_page(), []
    context.add_init_script(broken)
    page.on("pageerror", lambda error: errors.append(error.stack or str(error)))
    for name in (f"notebooks/{chapters[0]}", "index"):
        page.goto(f"{served}/{name}.html", wait_until="load")
        page.evaluate(END)
        page.wait_for_timeout(500)
        hrefs = page.locator(".left-off a").evaluate_all("all => all.map(a => a.href)")
        assert all(href.startswith(served) for href in hrefs)
    assert [error for error in errors if "reading.js" in error] == []  # the theme's own scripts may have theirs
    context.close()
