"""Questions of the built book in a real browser: chosen, kept, drawn, covered and uncovered."""

import json
import math
import re

import pytest
from repository import ROOT
from visit import Visit

from tools.build import book

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("questions")]

CHOICE = "notebooks/04-ridge-regression"  # its first box has choices only
FIGURE, BOX = "#zero-detector", "#predict-zero-detector"
DRAWN = "notebooks/05-double-descent"  # its first box wants a curve as well
CHAPTERS = [name for name in book.pages(ROOT / "_toc.yml") if re.match(r"notebooks/\d\d-", name)]
LISTED = re.compile(r'<script type="application/json" class="questions">(.*?)</script>', re.S)


@pytest.fixture
def opened(browser, served):
    """Pages in contexts of their own, so that each begins with nothing kept."""
    visits = []

    def visit(name, after="", **settings):
        seen = Visit(browser, served, name, after=after, **({"reduced_motion": "reduce"} | settings))
        visits.append(seen)
        return seen.page

    yield visit
    for seen in visits:
        seen.context.close()
        assert seen.errors == []


def kept(page) -> dict:
    return json.loads(page.evaluate("JSON.stringify(localStorage)"))


def guesses(page) -> dict:
    return {key: json.loads(value) for key, value in kept(page).items() if key.startswith("predict:")}


def covered(page, figure=FIGURE) -> bool:
    """Nothing of the figure is seen, nothing of it can be reached."""
    parts = ("svg.live-picture", "[data-v]", "figcaption")
    seen = [page.locator(f"{figure} {part}").first.is_visible() for part in parts]
    assert len(set(seen)) == 1, seen
    return not seen[0]


def choose(page, letter, box=BOX):
    page.locator(f"{box} input[value={letter}]").check()
    page.locator(f"{box} .guess-button").click()


def asked_on(site, name) -> list[dict]:
    return json.loads(LISTED.search((site / f"{name}.html").read_text("utf8"))[1])["questions"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_box_of_a_chapter_is_a_question(site, name):
    html, asked = (site / f"{name}.html").read_text("utf8"), asked_on(site, name)
    assert len(re.findall(r'<div class="predict admonition"', html)) == len(asked) >= 1
    assert "questions.js" in html and ("sketch.js" in html) == any(one["draw"] for one in asked)


def test_at_least_two_curves_are_to_be_drawn(site):
    assert sum(one["draw"] is not None for name in CHAPTERS for one in asked_on(site, name)) >= 2


def test_a_page_without_questions_loads_nothing_of_this(site):
    assert "questions." not in (site / "book" / "glossary.html").read_text("utf8")


def test_choosing_by_keyboard_and_coming_back(opened):
    page = opened(CHOICE)
    assert covered(page)
    page.locator(f"{BOX} input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # walking through the choices is no guess yet
    assert page.locator(f"{BOX} input[value=b]").is_checked() and covered(page) and guesses(page) == {}
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "That’s my guess"
    page.keyboard.press("Enter")
    assert not covered(page)
    told = page.locator(f"{BOX} .judgement").inner_text()
    line = page.locator("#answer-zero-detector .overlooked li").filter(has_text="(b)").text_content()
    assert told.startswith("Your guess: (b). What happens: (c). The guess overlooks")
    assert " ".join(line.split())[4:60] in " ".join(told.split())
    assert page.locator("#answer-zero-detector .overlooked").is_visible(), "the answer is unfolded"
    (guess,) = guesses(page).values()
    assert guess["chosen"][0].startswith("(b)")
    page.reload()
    assert page.locator(f"{BOX} input[value=b]").is_checked() and not covered(page)
    assert "overlooks" in page.locator(f"{BOX} .judgement").inner_text()


def test_a_guess_can_be_changed_and_forgotten(opened):
    page = opened(CHOICE)
    choose(page, "a")
    choose(page, "c")
    assert "So it is." in page.locator(f"{BOX} .judgement").inner_text()
    page.get_by_role("button", name="Forget it").first.click()
    assert covered(page) and guesses(page) == {}
    assert page.locator(f"{BOX} input:checked").count() == 0
    page.reload()
    assert covered(page)


def test_no_choice_is_asked_for(opened):
    page = opened(CHOICE)
    page.locator(f"{BOX} .guess-button").click()
    assert "Choose one" in page.locator(f"{BOX} .judgement").inner_text() and covered(page)


def test_a_question_that_was_reworded_is_open_again(opened):
    page = opened(CHOICE)
    choose(page, "a")
    ((key, guess),) = guesses(page).items()
    page.evaluate("([k, v]) => localStorage.setItem(k, v)", [key, json.dumps({"chosen": ["(a) something else"]})])
    page.reload()
    assert covered(page) and page.locator(f"{BOX} input:checked").count() == 0


@pytest.mark.parametrize("broken", ["{", "5", '{"chosen": 1}', "null"])
def test_what_is_kept_may_be_damaged(opened, broken):
    page = opened(CHOICE)
    choose(page, "a")
    page.evaluate("([k, v]) => localStorage.setItem(k, v)", [next(iter(guesses(page))), broken])
    page.reload()
    assert covered(page) and page.locator(".own-predictions").count() == 1


def test_a_browser_that_keeps_nothing(browser, served):
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page = context.new_page()
    page.goto(f"{served}/{CHOICE}.html")
    choose(page, "b")
    assert not covered(page) and "overlooks" in page.locator(f"{BOX} .judgement").inner_text()
    context.close()


def test_the_figure_is_shown_to_who_asks(opened):
    page = opened(CHOICE)
    page.locator(f"{FIGURE} .veil button").focus()
    page.keyboard.press("Enter")
    assert not covered(page) and page.evaluate("document.activeElement.id") == "zero-detector"
    choose(page, "b")
    assert "overlooks" in page.locator(f"{BOX} .judgement").inner_text()


@pytest.mark.parametrize("after", ["?reveal", f"{FIGURE}?n=200", FIGURE])
def test_addresses_that_uncover(opened, after):
    page = opened(CHOICE, after)
    assert not covered(page)
    others = page.locator("figure.live.veiled").count()
    assert others == 0 if after == "?reveal" else others > 0


def test_a_presenter_uncovers_by_keyboard(opened):
    page = opened(CHOICE)
    page.keyboard.press("Alt+r")
    assert page.locator("figure.live.veiled").count() == 0 and not covered(page)
    page.evaluate("location.hash = '#zero-detector?n=200'")
    page.wait_for_function("document.querySelector('#zero-detector').live.query().startsWith('n=200&')")


def test_without_javascript_nothing_is_covered(opened):
    page = opened(CHOICE, java_script_enabled=False)
    assert page.locator(f"{FIGURE} svg.live-picture").first.is_visible()
    assert page.locator(f"{BOX} ul.choices li").count() == 3


def test_when_the_script_never_comes_the_figure_does(browser, served):
    context = browser.new_context()
    context.route("**/questions.js*", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{served}/{CHOICE}.html")
    assert covered(page), "until then nothing is given away"
    page.wait_for_function(
        "getComputedStyle(document.querySelector('#zero-detector figcaption')).visibility === 'visible'"
    )
    context.close()


def test_without_the_player_there_is_nothing_to_draw_on(browser, served):
    context = browser.new_context()
    context.route("**/live.js*", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{served}/{DRAWN}.html")
    choose(page, "a", "#predict-one-learner")
    assert not covered(page, "#one-learner")
    assert "overlooks" in page.locator("#predict-one-learner .judgement").inner_text()
    context.close()


def test_in_print_nothing_is_covered(opened):
    page = opened(CHOICE)
    page.emulate_media(media="print")
    assert page.locator(f"{FIGURE} svg.live-picture").first.is_visible()
    assert not page.locator(f"{FIGURE} .veil").is_visible() and not page.locator(f"{BOX} .guess-button").is_visible()


def draw(page, points):
    """Move the pointer over the empty axes, through points in shares of their width and height."""
    page.wait_for_selector(".sketch-field")
    field = page.locator(".sketch-field")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    for i, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + 1 + (box["width"] - 2) * x, box["y"] + box["height"] * (1 - y), steps=6)
        if not i:
            page.mouse.down()
    page.mouse.up()


def check_truth(page):
    """The sentence names the row of the figure's own data from which the kept curve is furthest."""
    (guess,) = guesses(page).values()
    rows = page.evaluate(
        "(f => { f.live.go([...f.querySelectorAll('[data-p]')].find(b => b.textContent === 'all hundred').dataset.p"
        ".split(',').map(Number), 1); return f.live.rows(label => label === 'this learner'); })"
        "(document.querySelector('#one-learner'))"
    )
    plan = page.evaluate(
        "(f => JSON.parse(liveFigures.words(f.live.payload, f.live.payload.plan, f.live.shown)).a[0].slice(4))"
        "(document.querySelector('#one-learner'))"
    )
    x0, x1, _, y0, y1, log_y = plan
    assert log_y == 1 and len(rows) == 100, "the whole curve, to the hundredth sample"
    curve, off = guess["curve"], []
    for _, x, y, *_ in rows:
        place = (float(x) - x0) / (x1 - x0) * (len(curve) - 1)
        i = min(len(curve) - 2, max(0, math.floor(place)))
        mine = curve[i] + (curve[i + 1] - curve[i]) * (place - i)
        off.append((abs(mine - math.log(float(y) / y0) / math.log(y1 / y0)), x, y))
    _, x, y = max(off)
    said = re.search(r"n = ([\d.]+), where you drew [\d.]+ and the test error is ([\d.]+)\.", guess["said"])
    assert said and float(said[1]) == pytest.approx(float(x), abs=0.5)
    assert float(said[2]) == float(f"{float(y):.3g}")
    assert guess["said"] in page.locator("#predict-one-learner .judgement").inner_text()
    assert page.locator("#one-learner svg .sketch-line").count() == 1 and not covered(page, "#one-learner")
    node, copy = page.locator("#one-learner [data-s$='Line2D.1']"), page.locator("#one-learner .sketch-truth")
    assert copy.get_attribute("d") == node.get_attribute("d"), "the truth stays when the figure moves on"


def test_a_curve_is_drawn_by_pointer(opened):
    page = opened(DRAWN)
    steps = page.locator(".live-walk:has(#one-learner) .live-steps")
    assert covered(page, "#one-learner") and not any(one.is_visible() for one in steps.all())
    draw(page, [(0, 0.3), (0.5, 0.25), (1, 0.1)])
    page.get_by_role("button", name="That’s my curve").click()
    assert "Choose one" in page.locator("#predict-one-learner .judgement").inner_text()
    page.locator("#predict-one-learner input[value=a]").check()
    page.get_by_role("button", name="That’s my curve").click()
    page.wait_for_selector("#one-learner .sketch-key")
    assert all(one.is_visible() for one in steps.all()), "the walk goes on from here"
    check_truth(page)
    said = page.locator("#predict-one-learner .judgement").inner_text()
    page.reload()
    page.wait_for_selector("#one-learner svg .sketch-line")
    assert page.locator("#predict-one-learner .judgement").inner_text() == said


def test_a_curve_is_drawn_by_keyboard(opened):
    page = opened(DRAWN)
    page.locator("#predict-one-learner input[value=c]").check()
    page.wait_for_selector(".sketch-points")
    points = page.get_by_role("slider", name="test error at samples seen")
    assert points.count() == 11 and points.first.get_attribute("aria-valuetext") == "not drawn"
    points.nth(5).focus()
    assert page.locator(".sketch-knot.focused").count() == 1
    page.keyboard.press("ArrowUp")
    page.keyboard.press("PageUp")
    heights = [float(points.nth(i).input_value()) for i in range(11)]
    assert heights[5] > heights[4] == heights[0] == heights[10] > 50
    drawn = float(points.nth(5).get_attribute("aria-valuetext"))
    low, high = 0.3, 300
    assert drawn == pytest.approx(low * (high / low) ** (heights[5] / 100), rel=0.05)  # in two digits
    page.get_by_role("button", name="That’s my curve").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#one-learner .sketch-key")
    check_truth(page)


def test_half_a_curve_is_not_enough(opened):
    page = opened(DRAWN)
    page.locator("#predict-one-learner input[value=a]").check()
    draw(page, [(0, 0.3), (0.3, 0.25)])
    page.get_by_role("button", name="That’s my curve").click()
    assert "Now draw the curve" in page.locator("#predict-one-learner .judgement").inner_text()
    assert covered(page, "#one-learner")
    page.locator("#one-learner .veil").get_by_role("button", name="show the figure").click()
    choose(page, "a", "#predict-one-learner")  # the choice alone counts, too
    assert "overlooks" in page.locator("#predict-one-learner .judgement").inner_text()


def test_the_summary_at_the_end(opened):
    page = opened(CHOICE)
    summary = page.locator(".own-predictions")
    assert "0 of 2 made" in summary.locator("summary").inner_text()
    choose(page, "a")
    assert "1 of 2 made" in summary.locator("summary").inner_text()
    summary.locator("summary").click()
    assert re.search(r"You said \(a\).*What happens: \(c\)", summary.inner_text(), re.S)
    summary.get_by_role("button", name="Forget all").click()
    assert "0 of 2 made" in summary.locator("summary").inner_text() and guesses(page) == {} and covered(page)


@pytest.mark.parametrize("name, scheme", [(CHOICE, "light"), (DRAWN, "dark")])
def test_covered_and_uncovered_are_accessible_and_narrow(browser, served, name, scheme):
    with Visit(browser, served, name, color_scheme=scheme, viewport={"width": 360, "height": 740}) as seen:
        page = seen.page
        if name == DRAWN:
            page.wait_for_selector(".sketch-points")
        assert page.locator("figure.live.veiled").count() > 0 and seen.errors == []
        seen.at_once()
        assert seen.axe() + seen.axe_on_colours() == []
        for box in page.locator("div.predict").all():
            for group in box.locator("fieldset.choices").all():
                group.locator("input").first.check()
            box.locator(".guess-button").click()
        page.keyboard.press("Alt+r")
        page.locator(".own-predictions summary").click()
        assert seen.axe() + seen.axe_on_colours() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
