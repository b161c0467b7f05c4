"""Several live figures, baked once and put on pages in a folder: fixtures of the tests that open them from disk."""

import re

import numpy as np
import pytest
from live_examples import descent_figure, live, roles_change, spectrum_figure, two_panels_figure

from liveplate import Steps
from liveplate.bake.bake import bake
from liveplate.player.assets import write_assets


def heat(ax, t):
    grid = np.linspace(-2, 2, 20)
    ax.imshow(np.sin(t * grid[:, None]) * np.cos(grid), extent=(-2, 2, -2, 2), vmin=-1, vmax=1, origin="lower")
    ax.plot([0], [0], "o", label="centre")


def marked(axes, n, mass):
    """A mark at the control's own value on a log axis, one at what follows from the other control."""
    for ax in axes:
        ax.plot([1, 10, 100], [0, 5, 10], label='=SUM(1), "a <b>&\nsecond line"')
    axes[0].axvline(n, color="k", ls=":", gid="grab:n")
    axes[0].set(xscale="log", xlim=(0.8, 120))
    axes[1].axhline(mass**2 / 2, color="k", gid="grab:mass")
    axes[1].set(xlim=(1, 100), ylim=(0, 10))


FIGURES = {
    "descent": lambda: descent_figure(ridges=4, noises=2, sizes=(20, 80)),
    "spectrum-auto": lambda: spectrum_figure(auto=True),
    "two-panels": two_panels_figure,
    "roles-change": lambda: live(roles_change),
    "heat": lambda: live(heat, name="heat", t=Steps(0.5, 3, 4)),
    "marked": lambda: live(
        marked,
        "n is {n}, mass is {mass}.",
        name="marked",
        title="Marks <that> move",
        alt='It says "both", and <more>.',
        subplots=(1, 2),
        grab={"n": "x", "mass": "y"},
        n=Steps.of([1, 2, 5, 10, 20, 50, 100], value=10),
        mass=Steps(1, 4, 7, value=2.0),
    ),
}


@pytest.fixture(scope="session")
def baked():
    return {name: bake(make()) for name, make in FIGURES.items()}


@pytest.fixture(scope="session")
def folder(baked, tmp_path_factory):
    """A folder with the player and pages, opened from disk."""
    folder = tmp_path_factory.mktemp("live")
    write_assets(folder)
    html = {name: result["html"] for name, result in baked.items()}
    payload = re.compile(r'(class="live-payload">)([^<]+)')
    broken = payload.sub(lambda m: m[1] + m[2][:300] + "A" * 40 + m[2][340:], html["descent"])
    pages = {"all": "".join(html.values()), "one": html["descent"], "broken": broken + html["two-panels"]}
    pages["below"] = '<div style="height:4000px"></div>' + html["descent"]
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f'<title>{name}</title><link rel="stylesheet" href="live.css"><script defer src="live.js"></script>'
            f"<style>body{{margin:16px}}</style><body><main><h1>{name}</h1>{body}</main>"
        )
    return folder


@pytest.fixture
def open_page(browser, folder):
    """Open a page of the folder; any error in a script fails the test."""
    opened, problems = [], []

    def go(name: str, width: int = 900, **context):
        scale = {"device_scale_factor": 1} | context
        one = browser.new_context(viewport={"width": width, "height": 900}, **scale)
        opened.append(one)
        page = one.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto((folder / name.split("#")[0]).as_uri() + "".join("#" + part for part in name.split("#")[1:]))
        return page

    yield go
    for one in opened:
        one.close()
    assert problems == []
