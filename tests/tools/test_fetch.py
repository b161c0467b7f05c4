"""What a build takes from others: held to its checksums, asked for once, and again where the cache was damaged."""

import functools
import hashlib
import io
import json
import subprocess
import tarfile
import zipfile

import pytest

from tools.assets import fetch, fonts, katex

CONTENTS = {"script.js": b"one", "fonts/letters.woff2": b"two" * 1000}


@pytest.fixture
def store(tmp_path):
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENTS.items()}
    return fetch.Store(tmp_path / "cache", checksums, "some.lock.json")


def refuses(names):
    raise OSError("no route")
    yield


def from_wrong(names):
    yield from ((name, b"something else") for name in names)


def asking(asked: list):
    """A source that has everything, and notes what it is asked for."""

    def source(names):
        asked.extend(names)
        yield from ((name, CONTENTS[name]) for name in names)

    return source


def fill(store, *sources):
    store.fill([(list(CONTENTS), list(sources))], "A test", "Connect once")


def test_the_next_source_is_asked_where_one_has_nothing_or_wrong_bytes(store):
    asked = []
    fill(store, refuses, from_wrong, asking(asked), refuses)
    assert asked == list(CONTENTS) and {name: store.read(name) for name in CONTENTS} == CONTENTS
    fill(store)  # asks nobody again
    assert {path for path in store.folder.rglob("*") if path.is_file()} == {store.folder / name for name in CONTENTS}


def test_a_source_that_stops_half_way_is_not_asked_in_vain(store):
    def half(names):
        yield names[0], CONTENTS[names[0]]
        raise EOFError("the connection ended")

    asked = []
    fill(store, half, asking(asked))
    assert asked == ["fonts/letters.woff2"]


@pytest.mark.parametrize(
    "damage",
    [lambda content: b"", lambda content: content[:-1], lambda content: b"\x00" + content[1:], lambda content: None],
    ids=["empty", "truncated", "one byte", "gone"],
)
def test_a_cached_file_that_was_damaged_is_fetched_again(store, damage):
    fill(store, asking([]))
    for name, content in CONTENTS.items():
        damaged, asked = damage(content), []
        if damaged is None:
            (store.folder / name).unlink()
        else:
            (store.folder / name).write_bytes(damaged)
        fill(store, asking(asked))
        assert asked == [name] and store.read(name) == content


def test_what_no_source_has_is_named_with_what_each_said_and_what_to_do(store):
    with pytest.raises(SystemExit) as stopped:
        fill(store, refuses, from_wrong)
    said = str(stopped.value)
    assert "A test needs these files" in said and all(name in said for name in CONTENTS)
    assert "refuses: no route" in said and "Connect once" in said
    assert "wrong: script.js is not the file that some.lock.json describes" in said


def test_files_are_read_out_of_a_wheel_and_out_of_a_package_of_npm(tmp_path, monkeypatch):
    def client(command, cwd=None, **_):
        if command[0] == "npm":
            with tarfile.open(f"{cwd}/thing-1.tgz", "w:gz") as tar:
                info = tarfile.TarInfo("package/dist/script.js")
                info.size = 3
                tar.addfile(info, io.BytesIO(b"one"))
        else:
            with zipfile.ZipFile(f"{command[command.index('--dest') + 1]}/thing-1-py3-none-any.whl", "w") as archive:
                archive.writestr("thing/dist/script.js", b"one")

    monkeypatch.setattr(fetch, "run", client)
    names = ["script.js"]
    assert dict(fetch.from_npm(names, package="thing@1", folder="package/dist")) == {"script.js": b"one"}
    pinned = dict(package="thing==1", sha256="0" * 64, folder="thing/dist")
    assert dict(fetch.from_pypi(names, **pinned)) == {"script.js": b"one"}


def test_a_registry_that_fails_is_told_in_its_own_words(store, monkeypatch):
    def client(command, **_):
        if command[0] == "npm":
            raise subprocess.CalledProcessError(1, command, stderr="npm warn\nnpm error 404 not found\n")

    monkeypatch.setattr(fetch, "run", client)  # pip says nothing and brings nothing
    sources = [functools.partial(fetch.from_npm, package="thing@1", folder="package")]
    sources += [functools.partial(fetch.from_pypi, package="thing==1", sha256="0" * 64, folder="thing")]
    said = [store.take(source, ["script.js"]) for source in sources]
    assert said == ["  npm, thing@1: npm error 404 not found", "  pypi, thing==1: 0 files *.whl came, not one"]


# ------------------------------------------------------------------------------------------------ KaTeX and the fonts


@pytest.fixture
def small_katex(tmp_path, monkeypatch):
    contents = {"katex.min.js": b"js", "katex.min.css": b"css", "fonts/A.woff2": b"letters"}
    lock = katex.LOCK | {"files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}}
    monkeypatch.setattr(katex, "LOCK", lock)
    monkeypatch.setattr(katex, "CACHE", tmp_path)
    monkeypatch.setattr(katex, "SOURCES", [lambda names: ((name, contents[name]) for name in names)])
    return tmp_path


def files(folder) -> dict:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["katex.min.js", "site/katex/katex.min.css", "site/katex/fonts/A.woff2", "site/x"])
def test_damage_to_katex_is_mended_wherever_it_is(small_katex, name):
    good = files(katex.ensure())
    assert len(good) == 5  # three as they came, two for the pages
    (small_katex / name).write_bytes(b"")
    assert files(katex.ensure()) == good


def test_katex_can_be_put_there_by_hand(small_katex, monkeypatch):
    good = files(katex.ensure())
    monkeypatch.setattr(katex, "SOURCES", [])
    assert files(katex.ensure()) == good
    (small_katex / "katex.min.js").unlink()
    with pytest.raises(SystemExit, match=r"(?s)katex\.min\.js.*Connect once to PyPI or npm.*katex\.lock\.json"):
        katex.ensure()


def test_every_file_of_katex_is_locked():
    names = katex.LOCK["files"]
    assert sum(name.endswith(".woff2") for name in names) == 20 and {"katex.min.js", "katex.min.css"} <= set(names)
    assert all(len(bytes.fromhex(digest)) == 32 for digest in names.values())


def test_fonts_that_were_damaged_are_made_again(tmp_path, monkeypatch):
    made = []

    def cut(source, target, name):
        made.append(name)
        target.write_bytes(name.encode())

    monkeypatch.setattr(fonts, "OUT", tmp_path / "fonts")
    monkeypatch.setattr(fonts, "cut", cut)
    good = files(fonts.ensure())
    fonts.ensure()
    assert made == list(fonts.FACES)
    for damage in (lambda path: path.write_bytes(b""), lambda path: path.unlink()):
        damage(tmp_path / "fonts" / "fonts" / f"{made[0]}.woff2")
        assert files(fonts.ensure()) == good
    assert len(made) == 3 * len(fonts.FACES)
    assert json.loads((tmp_path / "fonts.json").read_text())["files"].keys() == {path.name for path in good}
