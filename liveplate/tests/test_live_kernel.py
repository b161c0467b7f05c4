"""In a kernel: sliders of every kind, any value in the range, one redraw for several moves, errors shown."""

import asyncio
import base64
import io
from xml.etree import ElementTree

import ipywidgets
import numpy as np
import pytest
from live_examples import REFUSED, SURVIVING, live, two_panels_figure
from PIL import Image

from liveplate import Choice, LogSteps, Steps, Toggle
from liveplate.kernel.snapshot import Snapshots
from liveplate.kernel.widgets import REST, KernelFigure


def figure_of():
    seen = []

    def draw(ax, x, n, ridge, kind, on):
        seen.append((x, n, ridge, kind, on))
        if x == 4.2:
            raise RuntimeError("x = 4.2 is <too much>")
        ax.plot([0, 1], [0, x])

    figure = live(
        draw,
        "x is {x}, n is {n}.",
        presets={"far": dict(x=4.0, n=7)},
        x=Steps(0.5, 5, 10, value=1.0),
        n=Steps(1, 9, 9, value=3),
        ridge=LogSteps(1e-3, 10, 9, value=0.1),
        kind=Choice({"one": 1, "two": 2}),
        on=Toggle("on"),
    )
    return KernelFigure(figure), seen


def test_every_control_has_its_widget_and_takes_values_between_the_grids():
    shown, seen = figure_of()
    kinds = [type(w).__name__ for w in shown.sliders.values()]
    assert kinds == ["FloatSlider", "IntSlider", "FloatLogSlider", "Dropdown", "Checkbox"]
    assert seen[-1] == (1.0, 3, pytest.approx(0.1), 1, False)
    shown.set(x=1.375)
    shown.set(ridge=0.0123, kind=2, on=True)
    assert seen[-1] == (1.375, 3, pytest.approx(0.0123), 2, True)
    assert "x is 1.38, n is 3." in shown.said.value
    assert 'aria-label="Draw. An example."' in shown.image.value


def test_the_first_picture_is_drawn_once():
    _, seen = figure_of()
    assert len(seen) == 1


def test_presets_and_reset_are_buttons():
    shown, seen = figure_of()
    reset, far = shown.box.children[-1].children
    assert isinstance(far, ipywidgets.Button) and far.description == "far"
    first = shown.image.value
    far.click()
    assert seen[-1][:2] == (4.0, 7) and shown.image.value != first
    reset.click()
    assert shown.values()["x"] == 1.0 and "n is 3." in shown.said.value and shown.image.value == first


def test_an_error_is_shown_and_the_next_state_is_drawn_again():
    shown, _ = figure_of()
    picture = shown.image.value
    shown.set(x=4.2)
    assert "x = 4.2 is &lt;too much&gt;" in shown.said.value and 'role="alert"' in shown.said.value
    assert shown.image.value == picture
    shown.set(x=2.0)
    assert "alert" not in shown.said.value and shown.image.value != picture


def test_an_error_in_the_default_state_is_raised_in_the_cell():
    def broken(ax, t):
        raise RuntimeError("from the start")

    with pytest.raises(RuntimeError, match="from the start"):
        KernelFigure(live(broken))


def test_several_quick_moves_cost_one_redraw():
    async def drag():
        shown, seen = figure_of()
        shown.set(n=4)
        await asyncio.sleep(REST + 0.3)  # after the first move the picture is checked
        seen.clear()
        for x in np.linspace(1, 3, 20):
            shown.set(x=float(x))
        before = len(seen)
        await asyncio.sleep(0.2)
        return before, seen

    before, seen = asyncio.run(drag())
    assert before == 0 and len(seen) == 1 and seen[-1][0] == pytest.approx(3.0, abs=0.03)


def test_figures_with_several_axes():
    shown = KernelFigure(two_panels_figure())
    shown.set(log="log")
    assert "the x axis is log" in shown.said.value


@pytest.mark.parametrize("draw", SURVIVING, ids=lambda f: f.__name__)
def test_a_quick_picture_is_the_picture(draw):
    """Whatever was drawn before, a state looks as if it were drawn alone, and its markup can be read."""
    figure = live(draw)
    quick, alone = Snapshots(figure), Snapshots(figure, shortcuts=False)
    alone.ident = quick.ident
    for state in figure.states():
        picture, _ = quick(figure.values(state))
        assert picture == alone(figure.values(state))[0]
        assert len(ElementTree.fromstring(picture)) > 2


def test_a_label_that_finds_no_room_is_given_some():
    def long_label(ax, t):
        ax.set(xlim=(0, 1), ylim=(0, 1), yticks=[0.5], yticklabels=["a long label" if t > 1 else "short"])

    figure = live(long_label, t=Steps(1, 2, 2, value=1))
    shown = Snapshots(figure)
    before = shown.stage.places[0][0]
    assert shown.stage.record({"t": 2.0}).cut
    shown({"t": 2.0})
    assert shown.stage.places[0][0] > before + 0.02 and not shown.stage.record({"t": 2.0}).cut


def test_the_default_state_is_no_check_of_the_shortcuts():
    shown = Snapshots(two_panels_figure())
    assert shown.check(shown.figure.default_values()) and not shown.checked
    assert shown.check(shown.figure.values((1,) * len(shown.figure.controls))) and shown.checked


def test_a_figure_that_needs_every_frame_drawn_gets_it():
    def frames(ax, t):
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.1f} of {t:.0f}")

    figure = live(frames)
    shown = Snapshots(figure)
    last = figure.values(tuple(length - 1 for length in figure.shape))
    assert f"1.0 of {last['t']:.0f}" in shown(last)[0] and shown.check(last)
    widget = KernelFigure(figure)
    widget.set(**last)
    assert f"1.0 of {last['t']:.0f}" in widget.image.value


@pytest.mark.parametrize("draw", [draw for draw, _ in REFUSED if draw.__name__ in ("hatch", "polar", "comes_back")])
def test_what_cannot_be_drawn_as_vectors_is_drawn_as_pixels(draw):
    shown = KernelFigure(live(draw))
    shown.set(t=float(shown.figure.controls["t"].values[-1]))
    png = base64.b64decode(shown.image.value.split("base64,")[1].split('"')[0])
    assert np.asarray(Image.open(io.BytesIO(png)).convert("L")).min() < 100
    assert 'alt="An example."' in shown.image.value


def test_an_error_elsewhere_does_not_hide_the_default_state():
    def fails_at_the_end(ax, t):
        ax.plot([0, t])
        if t == 3:
            raise RuntimeError("the end")

    shown = KernelFigure(live(fails_at_the_end, t=Steps(1, 3, 3)))
    assert "alert" not in shown.said.value
    shown.set(t=3)
    assert "the end" in shown.said.value


def test_dark_themes_of_jupyterlab_have_light_lines():
    picture, _ = Snapshots(live(SURVIVING[0]))(live(SURVIVING[0]).default_values())
    assert "[data-jp-theme-light=false] #" in picture and "var(--jp-layout-color0,#fff)" in picture
