"""A live figure to try things with, a cache of its own for each test, and a browser that asks no network."""

import functools
from pathlib import Path

import numpy as np
import pytest
from live_examples import live

from liveplate import Choice, Steps, Toggle, look
from liveplate.bake import standalone as alone
from liveplate.bake.bake import bake

X = np.linspace(0, 6, 60)


def wave(ax, frequency, shape, mirrored):
    y = np.sin(frequency * X) if shape == "sine" else np.sign(np.sin(frequency * X))
    ax.plot(X, -y if mirrored else y, label="wave")
    ax.set(ylim=(-1.1, 1.1), xlabel="time $t$")
    return {"periods": frequency * 6 / (2 * np.pi)}


TOLD = dict(
    alt="A wave.",
    frequency=Steps(1, 5, 5, value=2),
    shape=Choice({"sine": "sine", "square": "square"}),
    mirrored=Toggle("mirrored"),
)


READOUT = "{periods:.1f} periods"


@functools.cache
def baked_wave() -> str:
    return bake(live(wave, READOUT, **TOLD))["html"]


@pytest.fixture
def own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("LIVEPLATE_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("LIVEPLATE_BAKE", raising=False)
    monkeypatch.setattr(alone, "_bearer", None)
    yield
    look(None)


@pytest.fixture
def open_file(browser):
    """Open a file from disk, without network; what a script does wrong, or asks of a network, fails the test.

    ``allowed``: parts of addresses and messages that belong to what is around the figures.
    """
    opened, problems = [], []

    def go(path, allowed=(), **context):
        one = browser.new_context(**({"reduced_motion": "reduce", "viewport": {"width": 900, "height": 900}} | context))
        opened.append(one)
        page = one.new_page()
        page.on("pageerror", lambda error: any(a in str(error) for a in allowed) or problems.append(str(error)))

        def answer(route):
            if not route.request.url.startswith(("file:", "data:", "blob:")):
                if not any(name in route.request.url for name in allowed):
                    problems.append(route.request.url)
                return route.abort()
            return route.continue_()

        page.route("**/*", answer)
        page.goto(Path(path).as_uri())
        return page

    yield go
    for one in opened:
        one.close()
    assert problems == []
