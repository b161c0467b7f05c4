"""Controls and figures as authors describe them: grids, words, presets, layouts, and what is refused."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_examples import descent_figure, live

from liveplate import Choice, Control, LogSteps, Steps, Toggle, explore
from liveplate.spec.figure import arrange
from liveplate.spec.numerals import numeral

FIXED = settings(derandomize=True, deadline=None)


@FIXED
@given(st.integers(2, 30), st.floats(0, 1), st.lists(st.floats(0, 1), max_size=4))
def test_a_grid_holds_its_ends_its_default_and_the_presets_values(num, default, anchors):
    for make, at in ((Steps, lambda u: 2 + 5 * u), (LogSteps, lambda u: 2 * 3.5**u)):
        control = make(2, 7, num, value=at(default)).through("x", [at(u) for u in anchors])
        values = control.values
        assert list(values) == sorted(set(values)) and (values[0], values[-1]) == (2, 7)
        assert values[control.default] == control.value == pytest.approx(at(default), rel=1e-9)
        assert all(any(v == pytest.approx(at(u), rel=1e-9) for v in values) for u in anchors)
        assert len(values) <= max(num, 3 + len(anchors)) + 1 + len(anchors)


@FIXED
@given(st.integers(1, 50), st.integers(2, 40), st.integers(2, 30))
def test_whole_numbers_stay_whole(start, span, num):
    for make in (Steps, LogSteps):
        values = make(start, start + span, num, integers=True).values
        assert all(isinstance(v, int) for v in values)
        assert list(values) == sorted(set(values)) and (values[0], values[-1]) == (start, start + span)


def test_steps_are_even_and_log_steps_have_equal_ratios():
    np.testing.assert_allclose(np.diff(Steps(0, 3, 13, value=0).values), 0.25)
    np.testing.assert_allclose(np.diff(np.log(LogSteps(1e-6, 10, 15, value=10.0).values)), np.log(10) / 2, rtol=1e-5)


@FIXED
@given(st.floats(1e-12, 1e12))
def test_numerals_say_the_number_to_three_digits(value):
    text = numeral(value)
    plain = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    back = 10 ** float(plain[2:]) if text.startswith("10") and text[2:3] in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹" and len(text) > 2 else None
    if "×" in text:
        mantissa, power = plain.split("×10")
        back = float(mantissa) * 10 ** float(power)
    assert (float(text) if back is None else back) == pytest.approx(value, rel=5.1e-3)
    assert "e" not in text and numeral(-value) == "−" + text


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Steps(1, 1, 5), "start = 1"),
        (lambda: Steps(0, np.inf, 5), "finite"),
        (lambda: Steps(0, 1, 1), "num = 1"),
        (lambda: Steps(0, 1, 5, value=2), "value = 2"),
        (lambda: LogSteps(0, 1, 5), "start = 0"),
        (lambda: Steps.of([1]), "at least two"),
        (lambda: Steps.of([2, 1]), "increasing"),
        (lambda: live(lambda ax, t: None, name="f", t=Steps.of([1, 2], value=3)), "value = 3"),
        (lambda: Choice(["one"]), "at least two"),
        (lambda: Choice(["a", "b"], "c"), "value = 'c'"),
        (lambda: live(lambda ax, t: None, t=3), "t = 3"),
        (lambda: live(lambda ax, s: None, name="f"), "cannot be called"),
        (lambda: live(lambda ax, t: None, name="two words"), "two words"),
        (lambda: live(lambda ax, t: None, name="f", presets={"a": {"u": 1}}), "presets"),
        (lambda: live(lambda ax, t: None, name="f", presets={"a": {"t": 99}}), "t = 99"),
        (lambda: live(lambda ax, t: None, name="f", sweep="u"), "sweep = 'u'"),
        (lambda: explore(lambda ax: None), "at least one control"),
        (lambda: explore(lambda ax, n: None, n=Steps(1, 2, 2), captoin="x"), "captoin = 'x'.*did you mean caption"),
        (lambda: explore(lambda ax, n: None, n=Steps(1, 2, 2), colour="x"), "colour = 'x'.*other words of explore are"),
        (lambda: explore(lambda ax, n: None, n=Steps), "n = <function Steps"),
        (lambda: Steps.of([]), "at least two"),
        (lambda: Choice([]), "at least two"),
        (lambda: Control((), None, "list"), "values = "),
        (lambda: Steps.of([1, np.nan]), "finite"),
        (lambda: Choice({"a": 1, "b": 1}), "twice"),
        (lambda: Choice(["a", "a", "b"]), "twice"),
        (lambda: Choice({1: 2, "1": 3}), "twice"),
        (lambda: Toggle("x", "no"), "value = 'no'"),
        (lambda: live(lambda ax, t: None, name="f", grab="u"), "grab = 'u'"),
        (lambda: live(lambda ax, t: None, name="f", grab={"t": "z"}), "grab = "),
    ],
)
def test_mistakes_are_named(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_readouts_use_the_controls_words_or_the_authors():
    figure = live(
        lambda ax, t, kind, on: None,
        "{t} and {t:.3f}, {kind}, {on}: {value}, {value:.1e}, {word}",
        name="f",
        t=Steps(0, 1, 5, unit="kg", format=".2f"),
        kind=Choice({"red wine": 7, "white wine": 8}),
        on=Toggle("on", True),
    )
    said = figure.sentence(figure.default_values(), {"value": np.float64(-0.00012345), "word": "yes"})
    assert said == "0.50 kg and 0.500, red wine, on: −1.23×10⁻⁴, −1.2e−04, yes"
    with pytest.raises(ValueError, match="'value'"):
        figure.sentence(figure.default_values(), None)
    with pytest.raises(TypeError, match="returned float"):
        figure.sentence(figure.default_values(), 3.0)


def test_layouts_for_wide_and_narrow_screens():
    assert len(arrange(None, None)) == len(arrange(None, (2, 1))) == 1
    wide, narrow = arrange(None, {"nrows": 1, "ncols": 3, "width_ratios": [1, 2, 1]})
    assert (narrow.subplots["nrows"], narrow.subplots["ncols"]) == (3, 1) and "width_ratios" not in narrow.subplots
    assert narrow.figsize[0] == 4.6 and wide.figsize[0] > narrow.figsize[0]
    assert live(lambda ax, n_rows: None, name="x", n_rows=Steps(1, 2, 2)).controls["n_rows"].symbol == "n_rows"


def test_in_a_script_explore_returns_a_picture_with_its_sentence():
    figure = descent_figure()
    shown = explore(figure.draw, figure.readout, alt="x", **figure.controls)
    assert "With ridge 0.0316, noise 0.8 and n = 80 rows" in shown.get_supxlabel()
    assert len(shown.axes) == 1 and shown.axes[0].get_yscale() == "log"
    plt.close(shown)
