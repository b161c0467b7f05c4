"""In a kernel: sliders of every kind, any value in the range, one redraw for several moves, errors shown."""

import asyncio
import base64
import io
import os
import subprocess
import sys

import ipywidgets
import numpy as np
import pytest
from live_examples import live, two_panels_figure
from PIL import Image

from renorm.live import Choice, LogSteps, Steps, Toggle
from renorm.live.kernel import KernelFigure


def figure_of():
    seen = []

    def draw(ax, x, n, ridge, kind, on):
        seen.append((x, n, ridge, kind, on))
        if x == 5:
            raise RuntimeError("x = 5 is <too much>")
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
    assert seen == [(1.0, 3, pytest.approx(0.1), 1, False)]
    shown.set(x=1.375)
    shown.set(ridge=0.0123, kind=2, on=True)
    assert seen[-1] == (1.375, 3, pytest.approx(0.0123), 2, True)
    assert "x is 1.38, n is 3." in shown.said.value
    png = base64.b64decode(shown.image.value.split("base64,")[1].split('"')[0])
    assert np.asarray(Image.open(io.BytesIO(png)).convert("L")).min() < 100
    assert 'alt="An example."' in shown.image.value


def test_presets_and_reset_are_buttons():
    shown, seen = figure_of()
    reset, far = shown.box.children[-1].children
    assert isinstance(far, ipywidgets.Button) and far.description == "far"
    far.click()
    assert seen[-1][:2] == (4.0, 7)
    reset.click()
    assert seen[-1][:2] == (1.0, 3)


def test_an_error_is_shown_and_the_next_state_is_drawn_again():
    shown, _ = figure_of()
    picture = shown.image.value
    shown.set(x=5.0)
    assert "x = 5 is &lt;too much&gt;" in shown.said.value and 'role="alert"' in shown.said.value
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
        for x in np.linspace(1, 3, 20):
            shown.set(x=float(x))
        before = len(seen)
        await asyncio.sleep(0.2)
        return before, seen

    before, seen = asyncio.run(drag())
    assert before == 1 and len(seen) == 2 and seen[-1][0] == pytest.approx(3.0, abs=0.03)


def test_figures_with_several_axes():
    shown = KernelFigure(two_panels_figure())
    shown.set(log="log")
    assert "the x axis is log" in shown.said.value


def test_kernel_mode_needs_none_of_the_bakers_modules():
    """JupyterLite has matplotlib 3.8: what only baking needs is not imported."""
    code = (
        "import sys, renorm.live, renorm.live.kernel; "
        "print([m for m in sys.modules if m in ('renorm.live.record', 'renorm.live.mathtext', 'renorm.live.stage')])"
    )
    env = os.environ | {"MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.strip() == "[]"
