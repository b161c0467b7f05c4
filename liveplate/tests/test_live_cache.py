"""An unchanged figure costs nothing; a changed one is never taken from the cache."""

import functools
import gzip
import os
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from live_examples import live

from liveplate import Steps, look
from liveplate.bake import bake as publish
from liveplate.bake import store
from liveplate.bake.fingerprint import fingerprint


def compiled(source: str, **names):
    """A function as a notebook defines it: its globals belong to no module."""
    space = {"np": np, **names}
    exec(source, space)
    return space["draw"]


SOURCE = "def draw(ax, t):\n    ax.plot(data, helper(t) * data)\n"
HELPER = "def draw(t):\n    return t + {}\n"


def variant(data=(1.0, 2.0), constant=1, source=SOURCE):
    return compiled(source, data=np.array(data), helper=compiled(HELPER.format(constant)))


CHANGES = {
    "its code": lambda: variant(source=SOURCE.replace("* data", "* data * 2")),
    "a constant inside a function it calls": lambda: variant(constant=2),
    "data it reads": lambda: variant(data=(1.0, 2.0 + 1e-12)),
    "the type of its data": lambda: compiled(SOURCE, data=[1.0, 2.0], helper=compiled(HELPER.format(1))),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen(what):
    assert fingerprint(variant()) == fingerprint(variant())
    assert fingerprint(CHANGES[what]()) != fingerprint(variant())


def test_closures_defaults_partials_methods_and_objects_are_followed():
    def make(level):
        return lambda t: t + level

    @dataclass
    class World:
        size: float

        def draw(self, ax, t):
            return self.size

    def with_default(t, level=1):
        return t

    def with_other_default(t, level=2):
        return t

    assert fingerprint(make(1)) == fingerprint(make(1)) != fingerprint(make(2))
    assert fingerprint(functools.partial(make, 1)) != fingerprint(functools.partial(make, 2))
    assert fingerprint(World(1.0).draw) == fingerprint(World(1.0).draw) != fingerprint(World(2.0).draw)
    assert fingerprint(np.random.default_rng(1)) != fingerprint(np.random.default_rng(2))
    assert fingerprint(with_default) != fingerprint(with_other_default)
    assert fingerprint({"a", "b"}) == fingerprint({"b", "a"})
    assert fingerprint(functools.lru_cache(make(1))) != fingerprint(functools.lru_cache(make(2)))
    loop = []
    loop.append(loop)
    assert fingerprint(loop) == fingerprint(loop)


def test_the_source_of_modules_counts_and_that_of_modules_they_import(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    script = "import outer; from liveplate.bake.fingerprint import fingerprint; print(fingerprint(outer.draw))"
    (tmp_path / "outer.py").write_text("import inner\ndef draw(ax, t):\n    return inner.f(t)\n")

    def digest(seed):
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
            "PYTHONHASHSEED": seed,
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-c", script]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    (tmp_path / "inner.py").write_text("def f(t):\n    return t in {'a', 'b', 'c'}\n")
    first = digest("1")
    assert digest("2") == first, "another process, another order of sets, the same figure"
    (tmp_path / "inner.py").write_text("def f(t):\n    return t in {'a', 'b', 'd'}\n")
    assert digest("1") != first


def test_what_cannot_be_followed_is_said():
    with pytest.raises(TypeError, match="cannot tell whether this generator changes"):
        fingerprint(x for x in range(3))


def test_an_unchanged_figure_is_not_drawn_again(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVEPLATE_CACHE", str(tmp_path))
    monkeypatch.setenv("LIVEPLATE_JOBS", "1")
    calls = []
    bake = publish.bake
    monkeypatch.setattr(publish, "bake", lambda figure: calls.append(figure) or bake(figure))

    def figure(slope, **more):
        def draw(ax, t):
            ax.plot([0, 1], [0, t * slope])
            ax.set(xlim=(0, 1), ylim=(0, 9))

        return live(draw, **{"t": Steps(1, 2, 3)} | more)

    first = publish.baked(figure(1))
    assert publish.baked(figure(1)) == first and len(calls) == 1
    changed = publish.baked(figure(2))
    assert changed["html"] != first["html"] and len(calls) == 2
    publish.baked(figure(1, caption="another word"))
    publish.baked(figure(1, t=Steps(1, 2, 4)))
    assert len(calls) == 4
    with monkeypatch.context() as patch:
        patch.setitem(store.mpl.rcParams, "axes.grid", True)
        publish.baked(figure(1))
        assert len(calls) == 5
        look({"axes.grid": False})
        publish.baked(figure(1))
        look(None)
        assert len(calls) == 6
    assert len(list(store.folder().glob("*.gz"))) == store.KEPT, "old versions go"
    for path in store.folder().glob("*.gz"):  # a cut file is not trusted
        path.write_bytes(path.read_bytes()[:100])
    assert publish.baked(figure(1))["html"].count("<figure") == 1 and len(calls) == 6


def test_a_bake_with_any_bit_flipped_is_not_trusted(tmp_path):
    path = tmp_path / "figure-0.json.gz"
    result = {"html": "<figure>" + "0123456789" * 20, "facts": {}, "probes": []}
    store.save(path, result)
    sound = path.read_bytes()
    assert store.load(path) == result
    for at in range(len(sound)):
        for bit in range(8):
            path.write_bytes(sound[:at] + bytes([sound[at] ^ 1 << bit]) + sound[at + 1 :])
            assert store.load(path) is None
    path.write_bytes(gzip.compress(b"{}"))
    assert store.load(path) is None
