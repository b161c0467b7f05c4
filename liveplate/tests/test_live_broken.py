"""What is seen where a live figure cannot move: damaged data, hostile links, old browsers, no script, paper."""

import pytest
from live_page import FigureOnPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("page")]  # one worker: figures are baked once


def test_a_damaged_payload_is_said_and_the_picture_stays(open_page):
    page = open_page("broken.html")
    page.wait_for_selector("#descent .live-problem:not([hidden])")
    assert "cannot be read" in page.locator("#descent .live-problem").text_content()
    assert page.locator("#descent .live-controls").evaluate("e => e.disabled")
    assert page.locator("#descent svg.live-picture path").count() > 20
    FigureOnPage(page, "two-panels").move((0, 0, 0))


@pytest.mark.parametrize("hash", ["#%", "descent?n=%E0%A4%A", "%E0%A4%A?n=2", "descent?%=%&n=20"])
def test_broken_links_do_nothing(open_page, hash):
    page = open_page("all.html#" + hash.lstrip("#"), reduced_motion="reduce")
    figure = FigureOnPage(page, "descent")
    assert len(figure.state()) == 3  # errors in a script fail in open_page


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


def test_without_javascript_the_default_state_stands(open_page):
    page = open_page("one.html", java_script_enabled=False)
    assert page.locator("#descent svg.live-picture").is_visible()
    assert "With ridge 0.0316" in page.locator(".live-readout").text_content()
    assert not page.locator(".live-controls").is_visible()
    page.wait_for_timeout(3200)
    assert "sliders need JavaScript" in page.locator(".live-problem").inner_text()


def test_print_shows_the_default_state_and_its_values(open_page):
    page = open_page("one.html", reduced_motion="reduce")
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
