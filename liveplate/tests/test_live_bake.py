"""Baking: every kind of artist survives with its numbers, what cannot be baked is refused by name and reason."""

import json
import re

import numpy as np
import pytest
from live_examples import (
    REFUSED,
    STATES,
    SURVIVING,
    X,
    descent_figure,
    live,
    spectrum_figure,
    suptitle,
    two_panels_figure,
)

from liveplate import Steps
from liveplate.bake import bake as publish
from liveplate.bake.bake import bake, baked
from liveplate.draw.prims import Prim, Style
from liveplate.draw.text import math_html
from liveplate.picture.gather import LIMIT, within_reach
from liveplate.spec.errors import BakeError

SIZE = (460.0, 340.0)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVEPLATE_CACHE", str(tmp_path))
    monkeypatch.setenv("LIVEPLATE_JOBS", "1")


@pytest.mark.parametrize("draw", SURVIVING, ids=lambda f: f.__name__)
def test_every_artist_is_baked_as_drawn(draw):
    """States drawn again in full have the nodes that the payload says, with the shortcuts that fixed limits allow."""
    attempt = publish._Attempt(live(draw), shortcuts=True)
    assert attempt.wrong() == ""
    assert len(attempt.payload) < 120_000


REAL = [
    descent_figure(ridges=3, noises=2, sizes=(20, 80)),
    spectrum_figure(),
    spectrum_figure(auto=True),
    two_panels_figure(),
]


@pytest.mark.parametrize("figure", REAL, ids=lambda f: f.name)
def test_real_figures_are_baked_as_drawn(figure):
    result = bake(figure)
    assert result["facts"]["states"] == np.prod(figure.shape)
    assert result["html"].count("<svg") == 1 + len(figure.layouts)


def test_axes_side_by_side_share_a_title_and_are_stacked_for_narrow_screens():
    html = bake(live(suptitle, subplots=(1, 2)))["html"]
    wide, narrow = re.findall(r'class="live-picture live-(\w+)" viewBox="0 0 ([\d.]+) ([\d.]+)"', html)
    assert wide[0] == "wide" and float(wide[1]) > float(wide[2])
    assert narrow[0] == "narrow" and float(narrow[1]) <= 460 and float(narrow[1]) < float(narrow[2])


@pytest.mark.parametrize(("draw", "reason"), REFUSED, ids=lambda x: getattr(x, "__name__", "reason"))
def test_what_cannot_be_baked_is_refused_by_name_and_reason(draw, reason):
    with pytest.raises(BakeError, match=rf"live figure '{draw.__name__.replace('_', '-')}'.*{re.escape(reason)}"):
        baked(live(draw))


def test_a_check_that_fails_says_where(monkeypatch):
    """An error planted in the encoder (one number of one state) is found by the build's own check."""
    figure = descent_figure(ridges=3, noises=2, sizes=(20, 80))
    sound = publish.encode

    def spoiled(elements, *rest):
        for element in elements:
            if element.numbers is not None and element.slot.endswith("Line2D.0"):
                element.numbers = element.numbers + np.int16(1)
        return sound(elements, *rest)

    monkeypatch.setattr(publish, "encode", spoiled)
    with pytest.raises(BakeError, match=r"Line2D\.0"):
        bake(figure)


def test_a_function_that_is_not_deterministic_is_refused():
    rng = np.random.default_rng(0)

    def noise(ax, t):
        ax.plot(X, rng.standard_normal(X.size) * t)
        ax.set_ylim(-9, 9)

    with pytest.raises(BakeError, match="seed random numbers"):
        baked(live(noise))


def test_shortcuts_are_given_up_where_they_do_not_suit():
    """A frame that changes is drawn again; both ways give the same picture."""

    def spine(ax, t):
        ax.plot(X, np.sin(t * X))
        ax.set(xlim=(0, 6), ylim=(-1, 1))
        if t > 3:
            ax.spines["left"].set_linewidth(5)

    figure = live(spine)
    result = bake(figure)
    assert result["facts"]["states"] == STATES
    slow = publish._Attempt(figure, shortcuts=False)
    assert slow.wrong() == ""


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        (lambda ax, t: None, 'nothing has the name.*gid="grab:t"'),
        (lambda ax, t: ax.axvline(1, gid="grab:t"), "one line or set of dots that moves"),
        (lambda ax, t: ax.axvline(2, ymax=t / 9, gid="grab:t"), "does not move along x"),
        (lambda ax, t: ax.text(t, 1, "here", gid="grab:t"), "one line or set of dots"),
    ],
)
def test_a_mark_that_cannot_be_dragged_is_refused(mark, says):
    def draw(ax, t):
        ax.set(xlim=(0, 9), ylim=(0, 9))
        mark(ax, t)

    with pytest.raises(BakeError, match=says):
        bake(live(draw, grab="t"))


def test_limits_of_states_bytes_and_words(monkeypatch):
    def noise(ax, t):
        ax.plot(X, np.random.default_rng(int(1e6 * t)).standard_normal(X.size))

    with pytest.raises(BakeError, match="2001 states"):
        baked(live(noise, t=Steps(0, 1, 2001)))
    assert publish.MOST_BYTES == 120_000
    monkeypatch.setattr(publish, "MOST_BYTES", 1000)
    with pytest.raises(BakeError, match="kB compressed"):
        baked(live(noise))
    with pytest.raises(BakeError, match="alt text"):
        baked(live(noise, alt=None))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_error_in_draw_reaches_the_author_with_its_state(jobs, monkeypatch):
    monkeypatch.setenv("LIVEPLATE_JOBS", jobs)

    def broken(ax, t):
        if t == 37:
            raise KeyError("no such curve")

    with pytest.raises(BakeError, match=r"figure 'broken' .* draw raised KeyError at \{'t': 37\}: 'no such curve'"):
        baked(live(broken, t=Steps(1, 40, 40)))


@pytest.mark.parametrize("near", [(10.0, 10.0), (450.0, 300.0)])
def test_a_far_vertex_moves_along_its_visible_segment(near):
    far = np.array([2e5, -7e6])
    prim = Prim("p", Style(), np.array([near, far]), "ML")
    moved = within_reach(prim, SIZE)[1]
    direction, original = moved - near, far - near
    assert np.abs(moved).max() <= LIMIT * 1.001
    np.testing.assert_allclose(direction / np.linalg.norm(direction), original / np.linalg.norm(original), atol=1e-12)


def test_numbers_kept_once_and_states_recorded_in_parallel_are_the_same(monkeypatch):
    figure = descent_figure(ridges=4, noises=3, sizes=(20, 80))
    alone = bake(figure)
    monkeypatch.setenv("LIVEPLATE_JOBS", "2")
    together = bake(figure)
    strip = re.compile(r'data-seconds="[^"]*"')
    assert strip.sub("", alone["html"]) == strip.sub("", together["html"])


def test_probes_hold_what_python_plots():
    result = bake(descent_figure(ridges=3, noises=2, sizes=(20, 80)))
    probe = result["probes"][0]
    assert [s["label"] for s in probe["series"]] == ["simulation ±2 s.e.", "test risk (theory)", "bias²", "variance"]
    assert [s["kind"] for s in probe["series"]] == ["e", "d", "d", "d"]
    json.dumps(result)


@pytest.mark.parametrize("caption", [r"as $\sqrt{n}$ falls", r"by $K_{ii}^{-1}$"])
def test_a_caption_that_no_line_can_hold_is_refused(caption):
    with pytest.raises(BakeError, match="write it in words or in Unicode"):
        math_html(caption)
    assert math_html("$d/n$ and $\\sigma^2$") == "<i>d</i>/<i>n</i> and <i>σ</i><sup>2</sup>"
