"""Every page in WebKit, in Safari's stead: each control of each figure moved, and every width of a window laid out.

The nightly run and `make test-webkit` do this; it needs webkit2gtk-driver and xvfb. A page that is laid out at some
width and brings the browser down ends the session, and the test says at which page.
"""

import live_sweep
import pytest
import webkit as driven
from repository import ROOT, missing

from tools.build import book

pytestmark = pytest.mark.webkit

PAGES = ["index", *book.pages(ROOT / "_toc.yml")[1:], "search", "genindex"]
SAMPLE = {"most": 5, "seed": 1}
WIDTHS = """async widths => {
    const frame = document.createElement("iframe");
    frame.src = location.href;
    frame.style.cssText = "position: fixed; inset: 0 auto auto 0; height: 900px; border: 0";
    await new Promise(done => { frame.onload = done; document.body.append(frame); });
    await frame.contentDocument.fonts.ready;
    const wide = [];
    for (const width of widths) {
        frame.style.width = width + "px";
        const {scrollWidth} = frame.contentDocument.documentElement;   // asks for the layout
        if (scrollWidth > width && width >= 360) wide.push(width);
    }
    frame.remove();
    return wide;
}"""
# those of telephones one by one: a paragraph brought WebKit down at 446 to 495 pixels
ALL_WIDTHS = [*range(320, 621), *range(624, 1400, 4)]


@pytest.fixture(scope="module")
def browser():
    programs = driven.found()
    if programs is None:
        missing("no WebKit found: apt-get install webkit2gtk-driver xvfb xauth")
    started = driven.WebKit(*programs)
    yield started
    started.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_moved_and_laid_out_at_every_width(browser, served, name, record_property):
    browser.goto(f"{served}/{name}.html")
    rows = live_sweep.rows(browser.evaluate(live_sweep.SWEEP, SAMPLE))
    assert live_sweep.problems(rows) == []
    if rows:
        record_property("swept", f"{name:<48}{live_sweep.summary(rows)}")
    assert browser.evaluate(WIDTHS, ALL_WIDTHS) == []
