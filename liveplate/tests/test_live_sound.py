"""Whatever draw does to its axes and its figure: every state of the baked figure is what a fresh drawing shows, or the
figure is refused. The fresh drawings are plain matplotlib figures; of the package only the recorder is used for them.
"""

import re

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_examples import live
from matplotlib import ticker
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from liveplate import Steps
from liveplate.bake import bake as publish
from liveplate.bake.decode import Payload
from liveplate.bake.verify import decoded_nodes
from liveplate.draw.recorder import Recorder
from liveplate.picture.gather import quantised
from liveplate.spec.errors import BakeError
from liveplate.spec.look import LIVE_RC

X = np.linspace(0, 6, 7)
STATES = 4
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ROUNDING = 0.101  # pixels: the payload keeps tenths, a frame that is not drawn again is rounded once more


class Own(Artist):
    """An artist of the author's that looks at the ticks."""

    def draw(self, renderer):
        box = self.axes.yaxis.label.get_window_extent(renderer)
        line = Line2D([box.x1, 300], [box.y0, 200])
        line.set_figure(self.get_figure())
        line.draw(renderer)


def lifted(ax):
    ax.lines[0].set_zorder(7)
    ax.lines[0].set_color("C4")


def same_gid(ax):
    """One name for what is drawn first and last."""
    ax.lines[0].set_gid("mark")
    ax.plot(X, X, color="C3", lw=6, zorder=2.2)
    ax.plot(X, X[::-1], zorder=2.4, color="C1", lw=9, gid="mark")


def bars_apart(ax):
    for k, bar in enumerate(ax.bar([1, 2, 3], [3, 2, 1], width=1.4, color="C2")):
        bar.set_zorder(1 + k)


def on_the_figure(ax, artist):
    artist.set_figure(ax.figure)
    ax.figure.add_artist(artist)


def ticks_differ(ax):
    ax.get_xticklabels()
    ax.xaxis.get_major_ticks()[0].label1.set_color("red")


MISUSES = {
    "a text on the figure": lambda ax: ax.figure.text(0.3, 0.4, "only here"),
    "a title over all": lambda ax: ax.figure.suptitle("over all"),
    "a legend on the figure": lambda ax: ax.figure.legend(loc="center"),
    "a patch on the figure": lambda ax: on_the_figure(ax, Rectangle((0.2, 0.2), 0.3, 0.3, color="C3")),
    "a patch under the axes": lambda ax: on_the_figure(ax, Rectangle((0.2, 0.2), 0.3, 0.3, color="C3", zorder=-1)),
    "a line on the figure": lambda ax: on_the_figure(ax, Line2D([0, 1], [0, 1])),
    "coloured paper": lambda ax: ax.figure.set_facecolor("C5"),
    "coloured axes": lambda ax: ax.set_facecolor("C5"),
    "coloured axes, hidden": lambda ax: (ax.set_facecolor("C5"), ax.patch.set_visible(False)),
    "invisible axes": lambda ax: ax.set_visible(False),
    "axes off": lambda ax: ax.set_axis_off(),
    "frame off": lambda ax: ax.set_frame_on(False),
    "a thick spine": lambda ax: ax.spines["left"].set_linewidth(5),
    "a moved spine": lambda ax: ax.spines["left"].set_position(("data", 2)),
    "a spine gone": lambda ax: ax.spines["left"].set_visible(False),
    "a log axis": lambda ax: ax.set_yscale("log"),
    "a turned axis": lambda ax: ax.invert_xaxis(),
    "other ticks": lambda ax: ax.xaxis.set_major_locator(ticker.MultipleLocator(1.5)),
    "ticks between": lambda ax: ax.xaxis.set_minor_locator(ticker.MultipleLocator(0.5)),
    "own numerals": lambda ax: ax.xaxis.set_major_formatter(lambda v, _: f"<{v:g}>"),
    "named ticks": lambda ax: ax.set_xticks([1, 2], ["one", "two"]),
    "one red tick": ticks_differ,
    "turned labels": lambda ax: ax.tick_params(rotation=40),
    "a grid": lambda ax: ax.grid(True),
    "no y axis": lambda ax: ax.yaxis.set_visible(False),
    "a bold label": lambda ax: ax.yaxis.label.set_fontweight("bold"),
    "a label elsewhere": lambda ax: ax.yaxis.set_label_coords(-0.05, 0.2),
    "ticks above": lambda ax: ax.xaxis.tick_top(),
    "large numbers": lambda ax: ax.ticklabel_format(axis="y", style="sci", scilimits=(0, 0)),
    "a title": lambda ax: ax.set_title("a title"),
    "a high title": lambda ax: ax.set_title("a title", y=1.04),
    "a deep title": lambda ax: ax.set_title(r"$\frac{a}{\frac{b}{\frac{c}{d}}}$"),
    "a place by hand": lambda ax: ax.set_position([0.3, 0.3, 0.4, 0.4]),
    "a locator": lambda ax: ax.set_axes_locator(lambda ax, _: mpl.transforms.Bbox([[0.3, 0.3], [0.7, 0.7]])),
    "equal units": lambda ax: ax.set_aspect("equal"),
    "a box of its own": lambda ax: ax.set_box_aspect(0.3),
    "other margins": lambda ax: ax.figure.subplots_adjust(left=0.4),
    "a tight layout": lambda ax: ax.figure.tight_layout(),
    "twins": lambda ax: ax.twinx().plot(X, 30 * X),
    "more axes": lambda ax: ax.figure.add_axes([0.4, 0.4, 0.3, 0.3]).plot(X, X),
    "polar axes": lambda ax: ax.figure.add_subplot(projection="polar"),
    "polar axes inside": lambda ax: ax.inset_axes([0.2, 0.2, 0.4, 0.4], projection="polar"),
    "axes inside": lambda ax: ax.inset_axes([0.2, 0.2, 0.4, 0.4]).plot(X, X),
    "a second scale": lambda ax: ax.secondary_xaxis("top"),
    "axes removed": lambda ax: ax.remove(),
    "a curve removed": lambda ax: ax.lines[0].remove(),
    "a curve lifted": lambda ax: lifted(ax),
    "the axis above all": lambda ax: (ax.set_axisbelow(False), ax.xaxis.set_zorder(9), ax.grid(True, lw=4)),
    "one name twice": same_gid,
    "bars over bars": bars_apart,
    "the axis named": lambda ax: ax.xaxis.set_gid("mine"),
    "thicker lines": lambda ax: mpl.rcParams.update({"lines.linewidth": 7}),
    "another minus": lambda ax: (mpl.rcParams.update({"axes.unicode_minus": False}), ax.set_xlim(-4, 4)),
    "other settings for ticks": lambda ax: mpl.rcParams.update({"axes.formatter.limits": (0, 0)}),
    "another size": lambda ax: ax.figure.set_size_inches(6, 6),
    "another dpi": lambda ax: ax.figure.set_dpi(60),
    "an arrow to a label": lambda ax: ax.annotate("here", (0, 0), xycoords=ax.yaxis.label, xytext=(40, 40),
                                                  textcoords="offset points", arrowprops={"arrowstyle": "->"}),
    "an artist of its own": lambda ax: ax.add_artist(Own()),
    "labels in line": lambda ax: ax.figure.align_labels(),
    "a name for a tick": lambda ax: ax.set_xticks([0, 3, 6], ["zero", "", "six"]),
}  # fmt: skip


def misusing(plan: list[set[str]], panels: int):
    """A figure whose states do what ``plan`` says, the first axes suffering most of it."""

    def draw(axes, t):
        ax = np.ravel(axes)[0]
        for k, each in enumerate(np.ravel(axes)):
            each.plot(X, np.sin(X * (t + 1)) + k + 1.2, lw=3, label="curve")
            each.plot(X, (1.2 + np.cos(X)) * (t + 1), lw=3, color="C1", label="another")
            each.set(xlabel="x", ylabel="a label" if k else "y")
            each.set_xlim(0, 6)
            each.set_ylim(0.1, 6)
        for name in sorted(plan[t]):
            MISUSES[name](ax)

    more = {"subplots": (panels, 1)} if panels > 1 else {}
    return live(draw, t=Steps(0, STATES - 1, STATES, value=0), name="misused", **more)


def fresh(figure, stage, values, sheet) -> list[tuple[str, list[float]]]:
    """The state on a figure of its own, drawn in full."""
    with mpl.rc_context(LIVE_RC):
        canvas = Figure(figure.layouts[0].figsize, dpi=100, layout="constrained")
        figure.draw(figure.layouts[0].axes(canvas), **values)
        canvas.set_layout_engine("none")
        for ax, place in zip(canvas.axes, stage.places, strict=True):
            if ax.get_in_layout() and ax.get_subplotspec() is not None:
                ax.set_position(place)
        if canvas.get_facecolor() == (1, 1, 1, 1):
            canvas.patch.set_visible(False)
        recorder = Recorder(stage.width, stage.height, 100)
        canvas.draw(recorder)
    size = stage.width, stage.height
    prims = [prim for prims in recorder.slots.values() for prim in prims]
    return shown(sheet.node_at(prim, quantised([prim], len(prim.vertices), size)[0]) for prim in prims)


def shown(nodes) -> list[tuple[str, list[float]]]:
    """Nodes as (looks, numbers), every stroke of a path by itself; without paper that hides nothing."""
    out = []
    for node in re.findall(r"<path.*?/>|<text.*?</text>|<g.*?</g>", "".join(nodes)):
        path = re.match(r'<path d="([^"]*)"(.*)/>', node)
        parts = [(d, path[2]) for d in re.findall(r"M[^M]*", path[1])] if path else [(node, "")]
        out += [(NUMBER.sub("#", part) + looks, [float(x) for x in NUMBER.findall(part)]) for part, looks in parts]
    return out


def is_paper(node, sheet) -> bool:
    white = [i for (colour, _), i in sheet.palette.items() if colour == "#ffffff"]
    return node[0].startswith("M# #L# #L# #L# #Z") and any(f' fill="var(--c{i})"' in node[0] for i in white)


def baked_as_drawn(plan, panels=1) -> bool:
    """False if refused; an assertion fails where the baked figure and a fresh one differ."""
    figure = misusing(plan, panels)
    try:
        attempt = publish._Attempt(figure, shortcuts=True)
    except BakeError:
        return False
    payload, stage, elements = Payload(attempt.payload), attempt.stages[0], attempt.drawings[0]
    for state in figure.states():
        decoded = decoded_nodes(elements, payload, 0, state, attempt.sheet, (stage.width, stage.height))
        baked, drawn = (
            [n for n in nodes if not is_paper(n, attempt.sheet)]
            for nodes in (shown(n for _, n in decoded), fresh(figure, stage, figure.values(state), attempt.sheet))
        )
        where = f"state {state} of {plan}"
        assert [looks for looks, _ in baked] == [looks for looks, _ in drawn], where
        for (looks, ours), (_, theirs) in zip(baked, drawn, strict=True):
            assert np.allclose(ours, theirs, atol=ROUNDING, rtol=0), f"{where}: {looks}"
    return True


REFUSED = {
    "a tight layout", "twins", "more axes", "polar axes", "polar axes inside", "axes removed", "another size",
    "another dpi",
}  # fmt: skip


@pytest.mark.parametrize("name", MISUSES)
def test_what_happens_in_one_state_stays_there(name):
    plan = [set(), set(), {name}, set()]
    assert baked_as_drawn(plan) == (name not in REFUSED)


@pytest.mark.parametrize("name", sorted({*MISUSES} - REFUSED | {"twins", "more axes"}))
def test_what_the_first_state_does_is_not_missing_where_it_ends(name):
    always = {name} if name in REFUSED else set()
    refused = name == "a place by hand"  # where else the axes would be is not known
    assert baked_as_drawn([{name}, {name}, always, {name}], panels=2) == (not refused)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.sets(st.sampled_from(sorted({*MISUSES} - REFUSED)), max_size=3), min_size=STATES, max_size=STATES))
def test_every_state_is_what_a_fresh_drawing_shows(plan):
    baked_as_drawn(plan)
