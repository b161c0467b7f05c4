"""Marks in a live figure that are dragged: with the mouse, with a finger, and what a screen reader is told instead."""

import pytest
from live_page import FigureOnPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("page")]  # one worker: figures are baked once


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
def test_a_mark_is_dragged_with_the_mouse(open_page, width, control, axis):
    page = open_page("all.html", width=width, reduced_motion="reduce")
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


def test_a_mark_is_dragged_with_a_finger_and_the_page_still_scrolls(open_page):
    page = open_page("all.html", width=360, reduced_motion="reduce", has_touch=True, is_mobile=True)
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


def test_what_a_screen_reader_and_the_keyboard_meet_is_the_same_with_marks(open_page):
    page = open_page("all.html", reduced_motion="reduce")
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
