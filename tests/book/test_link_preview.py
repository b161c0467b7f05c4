"""What a shared link shows, and the first screen of the site."""

import re
import struct
import sys
from types import SimpleNamespace

import pytest
from docutils import nodes
from repository import ROOT

from tools.build import book

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import front_page
import link_preview

PAGES = book.pages(ROOT / "_toc.yml")
META = re.compile(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)" />')


def app(address=""):
    return SimpleNamespace(
        config=SimpleNamespace(root_doc="book/welcome", html_title="The book", html_baseurl=address),
        builder=SimpleNamespace(get_target_uri=lambda page: f"{page}.html"),
    )


def test_addresses_are_absolute_once_there_is_one(monkeypatch):
    monkeypatch.delenv("BOOK_ADDRESS", raising=False)
    told = dict(META.findall(link_preview.tags(app(), "notebooks/one", 'A "title"', "Words.", "p/one.png")))
    assert told["og:image"] == "../p/one.png" and "og:url" not in told and told["og:title"] == "A &quot;title&quot;"
    there = link_preview.tags(app("https://example.org/b/"), "notebooks/one", "A", "Words.", "p/one.png")
    told = dict(META.findall(there))
    assert told["og:image"] == "https://example.org/b/p/one.png"
    assert told["og:url"] == "https://example.org/b/notebooks/one.html"
    monkeypatch.setenv("BOOK_ADDRESS", "https://example.org")
    told = dict(META.findall(link_preview.tags(app(), "book/welcome", "A", "", "p/one.png")))
    assert told["og:url"] == "https://example.org/" and "description" not in told


def test_the_description_is_the_first_paragraph_in_words():
    box = nodes.admonition("", nodes.paragraph("", "A box that comes first and is long enough to be taken for it."))
    short = nodes.paragraph("", "Too short.")
    text = nodes.paragraph("", "What is ", nodes.math("", r"\lambda_{1}"), nodes.raw("", "<b>", format="html"))
    text += nodes.Text(", and why does it\ngrow when there are few samples?")
    section = nodes.section("", box, short, text)
    assert link_preview.description(section) == "What is _1, and why does it grow when there are few samples?"
    assert link_preview.description(nodes.section("", short)) == ""


def test_a_long_description_is_cut_after_a_sentence_or_a_word():
    sentence = "This sentence has exactly as many letters as it needs to be long, and no more. "
    assert link_preview.shortened(4 * sentence) == (2 * sentence).strip()
    cut = link_preview.shortened("word " * 100)
    assert len(cut) <= link_preview.LONGEST and cut.endswith("word …")


def test_the_picture_has_the_size_that_is_said_and_is_the_same_each_time():
    first, again = (link_preview.picture("A title that needs more than one line of letters", "The book") for _ in "ab")
    assert first == again and struct.unpack(">II", first[16:24]) == (1200, 630) and len(first) < 100_000


def test_the_index_names_its_picture_from_the_root():
    html = '<meta property="og:image" content="../link-previews/a.png" /><meta name="description" content="../x" />'
    moved = front_page.moved(html, "book")
    assert moved == html.replace("../link", "link")
    absolute = html.replace("../link", "https://example.org/link")
    assert front_page.moved(absolute, "book") == absolute


@pytest.mark.browser
@pytest.mark.parametrize("name", [*PAGES, "index"])
def test_every_page_says_what_a_link_to_it_shows(site, name):
    page = site / f"{name}.html"
    told = dict(META.findall(page.read_text("utf8")))
    assert told["description"] == told["og:description"] and 40 <= len(told["description"]) <= link_preview.LONGEST
    assert "\\" not in told["description"] and "$" not in told["description"]
    assert (page.parent / told["og:image"]).resolve().read_bytes()[:4] == b"\x89PNG"
    assert told["og:title"]


@pytest.mark.browser
@pytest.mark.parametrize("width, height", [(1280, 800), (390, 844)])
def test_the_first_screen_has_the_question_two_ways_on_and_a_figure_to_drag(browser, served, width, height):
    """The figure is usable a second after the page has loaded."""
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.goto(f"{served}/index.html", wait_until="load")
    page.wait_for_function("!document.querySelector('figure.live fieldset').disabled", timeout=1000)
    ways = page.locator(".two-ways a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert ways == [f"{name}.html" for name in (front_page.SHORT, front_page.WHOLE) if name in PAGES]
    mark = page.locator("figure.live svg:visible [data-grab]").first
    for part in (
        page.locator("article h1").first,
        page.locator(".first-screen p").first,
        page.locator(".two-ways"),
        mark,
    ):
        box = part.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
    readout = page.locator("figure.live .live-readout").first
    before, box = readout.text_content(), mark.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 150, box["y"] + 6, steps=5)
    page.mouse.up()
    assert readout.text_content() != before
    if width > 1000:  # on a telephone the sliders follow below the two panels
        slider = page.locator("figure.live input[type=range]").first.bounding_box()
        assert slider["y"] + slider["height"] <= height
    page.close()
