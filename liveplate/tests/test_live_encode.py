"""The payload: what is encoded is decoded, in Python and in the player (run by the Node that playwright brings)."""

import base64
import gzip
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import liveplate
from liveplate.bake.channels import Columns, differences, masks, planes, rows, text_channels
from liveplate.bake.decode import Payload
from liveplate.bake.encode import encode
from liveplate.draw.paths import number, path_data
from liveplate.draw.recorder import Prim, Style, TextFace
from liveplate.picture.gather import GONE, SCALE, Element
from liveplate.picture.svg import Sheet
from liveplate.player.assets import write_assets

PLAYER = Path(liveplate.__file__).with_name("player") / "player.js"
DIMS = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)
INT16 = st.integers(-32768, 32767)
FIXED = settings(derandomize=True, deadline=None, max_examples=60)


@st.composite
def tables(draw, values=INT16):
    """(dims, table of int16): columns that depend on some sliders only, repeated columns among them."""
    dims = draw(DIMS)
    width = draw(st.integers(1, 6))
    full = draw(arrays.arrays(np.int16, (*dims, width), elements=values))
    for j in range(width):
        for k in range(len(dims)):
            if draw(st.booleans()):
                full[..., j] = full[..., j].take([0], axis=k)
    return dims, full.reshape(-1, width)


@FIXED
@given(tables())
def test_masks_name_the_sliders_that_matter(case):
    dims, table = case
    states = list(np.ndindex(*dims))
    for j, mask in enumerate(masks(table, dims)):
        kept = rows(table[:, j], dims, int(mask))
        for i, state in enumerate(states):
            row = Payload.row(_Dims(dims), int(mask), state)
            assert kept[row] == table[i, j]
        for k in range(len(dims)):  # no slider too many
            if mask >> k & 1:
                assert (rows(table[:, j], dims, int(mask) & ~(1 << k)).size) < kept.size
                grid = table[:, j].reshape(dims)
                assert (grid != grid.take([0], axis=k)).any()


class _Dims:
    def __init__(self, dims):
        self.dims = dims


@FIXED
@given(tables(), st.integers(0, 15))
def test_differences_and_planes_can_be_undone(case, flags):
    dims, table = case
    shaped = table.reshape(*dims, -1)
    flags &= (1 << shaped.ndim) - 1
    raw = np.frombuffer(planes(differences(shaped, flags).ravel()), np.uint8).astype(np.uint16)
    zigzag = raw[: table.size] | raw[table.size :] << 8
    undone = ((zigzag >> 1) ^ -(zigzag & 1).astype(np.int16).astype(np.uint16)).view(np.int16).reshape(shaped.shape)
    for axis in range(shaped.ndim):
        if flags >> axis & 1:
            undone = np.cumsum(undone, axis=axis, dtype=np.int16)
    np.testing.assert_array_equal(undone, shaped)


WORDS = st.text(alphabet="aλ 0123456789.e-−<>&", max_size=8)


@st.composite
def figures(draw):
    """(dims, elements, sentences): a path, markers and a text that vary, as ``encode`` gets them."""
    dims, numbers = draw(tables(st.integers(-32000, 32000)))
    states = len(numbers)
    numbers = np.repeat(numbers, 2, axis=1)
    vertices = numbers.shape[1] // 2
    gone = draw(arrays.arrays(bool, (states, vertices)))
    numbers = np.where(gone.repeat(2, axis=1), np.int16(GONE), numbers)
    letters = draw(st.sampled_from(["L", "LZ"]))
    path = Prim("p", Style(), np.zeros((vertices, 2)), ("M" + (letters * vertices))[:vertices])
    text = Prim("t", Style("#000000", 1), np.zeros((1, 2)), "", "x", TextFace(14, 30, "start", 0, False, False))
    texts = draw(st.lists(WORDS, min_size=states, max_size=states))
    elements = [
        Element("a", path, numbers=numbers),
        Element("b", path._replace(kind="m", letters="m0 0l1 1z"), numbers=numbers[::-1].copy()),
        Element("c", text, bodies=texts),
    ]
    return dims, elements, draw(st.lists(WORDS, min_size=states, max_size=states))


@FIXED
@given(figures())
def test_encode_and_decode(case):
    dims, elements, sentences = case
    payload = Payload(encode(elements, Sheet("x"), dims, sentences, ["{}"] * len(sentences)))
    for i, state in enumerate(np.ndindex(*dims)):
        numbers = payload.numbers(state)
        for element, entry in zip(elements, payload.header["p"], strict=True):
            if "n" in entry:
                np.testing.assert_array_equal(numbers[entry["o"] : entry["o"] + entry["n"]], element.numbers[i])
        assert payload.sentence(state) == sentences[i]
        assert payload.text(payload.header["p"][2]["s"], state) == elements[2].bodies[i]


def test_equal_columns_are_kept_once_and_only_along_their_sliders():
    x = np.arange(5, dtype=np.int16)
    table = np.stack([np.repeat(x, 3), np.repeat(x, 3), np.tile(x[:3], 5), np.zeros(15, np.int16)], axis=1)
    columns = Columns(table, [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 1)], (5, 3))
    assert sorted((mask, width) for mask, width, _ in columns.groups) == [(0, 1), (1, 1), (2, 1)]
    assert len(columns.blob) == 2 * (5 + 3 + 1)
    assert columns.place[0] == columns.place[1]


def test_a_title_over_a_grid_costs_the_sum_of_its_values():
    texts = [f"n={n}, λ={ridge}" for n in range(20) for ridge in range(30)]
    assert sum(len(column) for _, column, *_ in text_channels(texts, (20, 30))) <= 20 + 30 + 3


def node() -> str:
    driver = pytest.importorskip("playwright._impl._driver")
    return driver.compute_driver_executable()[0]


HARNESS = """
globalThis.document = undefined;
const {decode, numbers, words, pathData} = globalThis.liveFigures;
const zlib = require("zlib");
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({payload, states}) => {
    const h = decode(new Uint8Array(zlib.gunzipSync(Buffer.from(payload, "base64"))));
    return states.map(state => {
        const v = numbers(h, state);
        return {sentence: words(h, h.readout, state), text: words(h, h.elements[2].body || [], state),
                paths: h.elements.filter(e => e.place.length).map(e => pathData(h, e, v))};
    });
})));
"""


def test_the_player_decodes_what_python_encodes(tmp_path):
    """Random figures through the player itself: sentences, texts and path data of all states."""
    cases, expected = [], []

    @settings(derandomize=True, deadline=None, max_examples=40)
    @given(figures())
    def collect(case):
        dims, elements, sentences = case
        payload = encode(elements, Sheet("x"), dims, sentences, ["{}"] * len(sentences))
        states = [list(map(int, s)) for s in np.ndindex(*dims)]
        cases.append({"payload": base64.b64encode(payload).decode(), "states": states})
        expected.append([_shown(elements, sentences, i) for i in range(len(states))])

    collect()
    script = tmp_path / "player.js"
    script.write_text(PLAYER.read_text("utf8") + HARNESS, "utf8")
    done = subprocess.run([node(), str(script)], input=json.dumps(cases), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for got, wanted in zip(json.loads(done.stdout), expected, strict=True):
        assert got == wanted


def _shown(elements, sentences, i) -> dict:
    paths = []
    for element in elements[:2]:
        units = element.numbers[i].astype(float).reshape(-1, 2)
        vertices = np.where(units == GONE, np.nan, units / SCALE)
        if element.prim.kind == "m":
            seen = vertices[np.isfinite(vertices).all(axis=1)]
            paths.append("".join(f"M{number(x)} {number(y)}m0 0l1 1z" for x, y in seen))
        else:
            paths.append(path_data(vertices, element.prim.letters))
    return {"sentence": sentences[i], "text": elements[2].bodies[i], "paths": paths}


def test_the_player_is_small(tmp_path):
    write_assets(tmp_path)
    assert (tmp_path / "live.js").read_bytes() == PLAYER.read_bytes(), "what is served can be read"
    assert sum(len(gzip.compress((tmp_path / name).read_bytes())) for name in ("live.js", "live.css")) <= 10_000
    assert sum(path.stat().st_size for path in tmp_path.glob("*.woff2")) < 40_000
    before = (tmp_path / "live.css").stat().st_mtime_ns
    write_assets(tmp_path)
    assert (tmp_path / "live.css").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("version", "says"), [(1, "they are too short"), (2, "they have format 2, this page's script")]
)
def test_a_short_payload_and_one_of_another_format_are_errors(tmp_path, version, says):
    script = tmp_path / "player.js"
    test = """
    const head = new TextEncoder().encode('{"v":VERSION,"q":10,"d":[2],"n":4,"g":[],"p":[],"t":[],"m":[]}');
    const bytes = new Uint8Array(4 + head.length);
    new DataView(bytes.buffer).setUint32(0, head.length, true);
    bytes.set(head, 4);
    try { liveFigures.decode(bytes); console.log("decoded"); } catch (e) { console.log(e.message); }
    """
    script.write_text(PLAYER.read_text("utf8") + test.replace("VERSION", str(version)), "utf8")
    done = subprocess.run([node(), str(script)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip().startswith(says)
