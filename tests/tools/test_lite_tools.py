"""What `make site` is made with: locked files, the assembled Pyodide, settings, downloads."""

import hashlib
import importlib.util
import io
import json
import re
import subprocess
import tomllib
import types
import zipfile

import pytest
from repository import ROOT

from tools.build import downloads
from tools.lite import distribution, jupyterlite, pyodide

LITE = ROOT / "tools" / "lite"
PAGE = (ROOT / "book" / "run-it-your-own-way.md").read_text("utf8")


def wheel_bytes(**files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.fixture
def small_lock(tmp_path, monkeypatch):
    """A lock of two files and an empty cache."""
    contents = {"core.js": b"core", "thing-1.0-py3-none-any.whl": wheel_bytes(thing="x = 1")}
    files = {
        name: {"kind": "core" if name == "core.js" else "wheel", "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in contents.items()
    }
    monkeypatch.setattr(pyodide, "LOCK", pyodide.LOCK | {"files": files})
    monkeypatch.setattr(pyodide, "CACHE", tmp_path / "cache")
    return contents


def test_every_file_is_locked_by_a_checksum_and_has_a_source():
    files = pyodide.LOCK["files"]
    assert set(pyodide.CORE) <= set(files)
    for name, entry in files.items():
        assert re.fullmatch(r"[0-9a-f]{64}", entry["sha256"]), name
        assert pyodide.SOURCES[entry["kind"]]
        if entry["kind"] == "pypi":
            package, version = entry["package"].split("==")
            assert name.startswith(f"{package.replace('-', '_')}-{version}-")


def test_files_come_from_a_folder_that_has_them_and_are_kept(small_lock, tmp_path, monkeypatch):
    source = tmp_path / "elsewhere"
    source.mkdir()
    for name, content in small_lock.items():
        (source / name).write_bytes(content)
    monkeypatch.setenv("PYODIDE_SOURCE", str(source))
    folder = pyodide.ensure()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == small_lock
    monkeypatch.setattr(pyodide, "SOURCES", {"core": [], "wheel": [], "pypi": []})
    assert pyodide.ensure() == folder  # asks nobody again


def test_without_a_source_the_error_says_what_to_do(small_lock, monkeypatch):
    monkeypatch.setattr(pyodide, "SOURCES", {"core": [], "wheel": [], "pypi": []})
    with pytest.raises(SystemExit, match=r"(?s)core\.js.*thing-1\.0.*PYODIDE_SOURCE.*tools/lite/lock\.json"):
        pyodide.ensure()


def test_another_pyodide_is_locked_by_its_own_lock(small_lock, monkeypatch):
    """Of the lock of today only what is wanted stays: the version, the core and the wheels are the other one's."""
    wheels = {n: {"file_name": f"{n}-9.whl", "sha256": n, "depends": []} for n in pyodide.LOCK["wanted"]}
    wheels["numpy"]["depends"] = ["needed"]
    wheels |= {n: {"file_name": f"{n}-9.whl", "sha256": n, "depends": []} for n in ("needed", "unused")}
    core = dict.fromkeys(pyodide.CORE, b"core") | {"pyodide-lock.json": json.dumps({"packages": wheels}).encode()}
    lock = pyodide.relocked("9.0.0", core)
    assert lock["pyodide"] == "9.0.0" and "unused-9.whl" not in lock["files"]
    assert lock["files"]["needed-9.whl"] == {"kind": "wheel", "sha256": "needed"}
    assert set(lock["files"]) == {*pyodide.CORE, "needed-9.whl", *(f"{n}-9.whl" for n in pyodide.LOCK["wanted"])}


def test_all_that_a_package_needs_is_found():
    official = {"a": {"depends": ["B_c"]}, "b-c": {"depends": ["d", "a"]}, "d": {"depends": []}, "e": {"depends": []}}
    assert pyodide.closure(official, ["a"], set()) == ["a", "b-c", "d"]
    assert pyodide.closure(official, ["a"], {"d"}) == ["a", "b-c"]


def test_the_assembled_lock_names_each_package_once_with_what_it_needs(small_lock, tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    out.mkdir()
    for name, content in small_lock.items():
        (source / name).write_bytes(content)
    known = {"file_name": "thing-1.0-py3-none-any.whl", "depends": ["numpy", "pytz"], "sha256": "of the official wheel"}
    (source / "pyodide-lock.json").write_text(
        json.dumps({"info": {}, "packages": {"thing": known, "unused": {"file_name": "unused.whl"}}})
    )
    kernel = tmp_path / "ipykernel-6.0-py3-none-any.whl"
    kernel.write_bytes(wheel_bytes(ipykernel=""))
    distribution.assemble(source, [kernel], out)
    packages = json.loads((out / "pyodide-lock.json").read_text())["packages"]
    assert set(packages) == {"thing", "ipykernel", *distribution.ABSENT}
    assert packages["thing"]["depends"] == ["numpy"]  # pytz is left out on purpose
    assert packages["ipykernel"]["depends"] == ["comm"] and packages["ipykernel"]["imports"] == ["ipykernel"]
    assert packages["ipykernel"]["sha256"] == hashlib.sha256((out / kernel.name).read_bytes()).hexdigest()


def test_the_browser_has_what_our_packages_need():
    """The lists are those of the pyproject.toml of each; the lock must hold what they name."""
    names = {name.split("-")[0] for name in pyodide.LOCK["files"]} | set(distribution.OURS)
    assert set(distribution.DEPENDS["renorm"]) == {"numpy", "tqdm", "joblib", "threadpoolctl"}
    assert {"liveplate", "renorm", "matplotlib"} <= set(distribution.DEPENDS["renorm-book"])
    assert "ipywidgets" in distribution.DEPENDS["liveplate"]
    for package in distribution.OURS:
        assert set(distribution.DEPENDS[package]) <= names, package


def test_a_notebook_loads_our_packages_under_the_names_of_the_lock():
    settings = json.loads((LITE / "jupyter-lite.json").read_text())["jupyter-config-data"]["litePluginSettings"]
    loaded = set(settings[jupyterlite.SETTINGS]["loadPyodideOptions"]["packages"])
    assert set(distribution.OURS) <= loaded
    start = (LITE / "start.js").read_text("utf8")
    for name in re.search(r"^import (.*)$", start.split("sys.path[:] = packages")[1], re.MULTILINE)[1].split(", "):
        assert importlib.util.find_spec(name), f"start.js imports {name}"


def test_our_wheels_stand_in_the_lock_under_the_name_that_the_compiler_looks_for(tmp_path, monkeypatch):
    base, compiled = tmp_path / "base", []
    base.mkdir()
    (base / "pyodide-lock.json").write_text(json.dumps({"packages": {}}))
    wheels = [tmp_path / f"{name}-1.0.0-py3-none-any.whl" for name in ("liveplate", "renorm", "renorm_book")]
    for wheel in wheels:
        wheel.write_bytes(wheel.name.encode())
    monkeypatch.setattr(distribution, "precompile", lambda how, out, name: compiled.append(name))
    distribution.with_ours(base, wheels, tmp_path / "out")
    packages = json.loads((tmp_path / "out" / "pyodide-lock.json").read_text())["packages"]
    assert compiled == list(distribution.OURS) == [entry["name"] for entry in packages.values()] == list(packages)
    assert packages["renorm-book"]["imports"] == ["renorm_book"]


def project(key: str) -> list[str]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"][key]


def test_the_kernel_asks_no_package_index():
    settings = json.loads((LITE / "jupyter-lite.json").read_text())["jupyter-config-data"]["litePluginSettings"]
    kernel = settings[jupyterlite.SETTINGS]
    assert kernel["disablePyPIFallback"] is True
    assert {"comm", "ipykernel", "pyodide_kernel"} <= set(kernel["loadPyodideOptions"]["packages"])


def test_a_build_whose_kernels_would_start_late_is_refused(tmp_path):
    plugin = {"disablePyPIFallback": True, "pyodideUrl": jupyterlite.PYODIDE}
    config = {"litePluginSettings": {jupyterlite.SETTINGS: plugin}, "federated_extensions": [{"name": "another"}]}
    (tmp_path / "jupyter-lite.json").write_text(json.dumps({"jupyter-config-data": config}))
    with pytest.raises(SystemExit, match="early-kernel"):
        jupyterlite.check(tmp_path)


def test_the_extension_is_what_its_package_names():
    package = json.loads((LITE / "early-kernel" / "package.json").read_text("utf8"))
    script = (LITE / "early-kernel" / package["jupyterlab"]["_build"]["load"]).read_text("utf8")
    assert f'["{package["name"]}"] = {{' in script and "autoStart: true" in script
    assert jupyterlite.SETTINGS in script


def test_sliders_keep_their_arrow_keys():
    shortcuts = json.loads((LITE / "overrides.json").read_text())["@jupyterlab/shortcuts-extension:shortcuts"]
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        mine = [entry for entry in shortcuts["shortcuts"] if entry["keys"] == [key]]
        assert [entry.get("disabled", False) for entry in mine] == [True, False]
        assert mine[1]["selector"] == mine[0]["selector"] + ":not([role=slider])"


@pytest.mark.parametrize("address", ["https://elsewhere.example/pyodide.js", None])
def test_a_build_that_would_ask_another_server_is_refused(tmp_path, address):
    plugin = {"disablePyPIFallback": True} | ({"pyodideUrl": address} if address else {})
    config = {"jupyter-config-data": {"litePluginSettings": {jupyterlite.SETTINGS: plugin}}}
    (tmp_path / "jupyter-lite.json").write_text(json.dumps(config))
    with pytest.raises(SystemExit, match="own Pyodide"):
        jupyterlite.check(tmp_path)


def test_archives_are_the_same_whenever_they_are_made(tmp_path):
    for name in ("a.zip", "b.zip"):
        downloads.archive(tmp_path / name, {"x.txt": b"x", "folder/y.txt": b"y"})
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist() == [
        f"{downloads.NAME}/{n}" for n in ("folder/y.txt", "x.txt")
    ]


def test_the_notebooks_archive_is_all_that_a_laptop_needs(tmp_path):
    wheels = [tmp_path / f"{name}-1.0.0-py3-none-any.whl" for name in ("liveplate", "renorm", "renorm_book")]
    for wheel in wheels:
        wheel.write_bytes(wheel.name.encode())
    files = downloads.notebooks(wheels)
    assert all(files[wheel.name] == wheel.name.encode() for wheel in wheels)
    assert {name for name in files if name.endswith(".ipynb")} == {
        f"notebooks/{path.name}" for path in jupyterlite.chapters()
    }
    linked = set()
    for path in jupyterlite.chapters():
        linked |= set(re.findall(r"\]\(\.\./([\w./-]+)", path.read_text("utf8")))
        assert files[f"notebooks/{path.name}"] == path.read_bytes()
    assert linked and linked <= set(files), "what the chapters link to comes along"
    ours = files["requirements.txt"].decode().splitlines()
    repository = (ROOT / "requirements.txt").read_text("utf8").splitlines()
    different = [(a, b) for a, b in zip(ours, repository, strict=True) if a != b]
    folders = ("-e ./liveplate ", "-e . ", "-e ./book ")
    for (written, stored), wheel, folder in zip(different, wheels, folders, strict=True):
        assert written.startswith(f"./{wheel.name} ") and stored.startswith(folder)


def test_pages_for_a_disk_have_no_button():
    header = '<a href="../lite/x" target="_blank"\n class="btn btn-open-in-browser"\n title="y">\n<span>z</span></a>'
    online = "<!-- online --><p>b</p>\n<!-- /online -->"
    page = f"<p>a</p>{header}{online}<p><a href='c'>c</a></p>{online}"
    assert downloads.offline(page) == "<p>a</p><p><a href='c'>c</a></p>"


def run_extension(tags, source):
    """The context of a page after the extension has seen it."""
    import sys

    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    import open_in_browser as extension

    environment = types.SimpleNamespace(doc2path=lambda name, base: source)
    app = types.SimpleNamespace(tags=tags, env=environment)
    context = {"body": "<h1>T</h1><p>x</p>", "pathto": lambda path, _: f"../{path}", "header_buttons": []}
    extension.add_buttons(app, source.split(".")[0], "page.html", context, object())
    return context


def test_chapters_have_their_buttons_only_where_they_can_run():
    found = run_extension({"online"}, "notebooks/04-ridge-regression.ipynb")
    url = "../lite/notebooks/index.html?path=notebooks/04-ridge-regression.ipynb"
    assert found["header_buttons"][0]["url"] == url
    assert found["body"].startswith("<h1>T</h1>") and f'href="{url}"' in found["body"]
    assert downloads.offline(found["body"]).replace("\n", "") == "<h1>T</h1><p>x</p>"
    for tags, source in ((set(), "notebooks/04-ridge-regression.ipynb"), ({"online"}, "book/notation.md")):
        same = run_extension(tags, source)
        assert same["body"] == "<h1>T</h1><p>x</p>" and same["header_buttons"] == []


def test_what_the_page_says_is_so():
    import sys

    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    from open_in_browser import FIRST_DOWNLOAD

    assert f"about {FIRST_DOWNLOAD} MB the first time" in PAGE
    assert "the three files `*.whl`" in PAGE and len(distribution.OURS) == 3
    assert project("requires-python").removeprefix(">=") in PAGE
    for command in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[0].splitlines():
        assert command in downloads.HOW_TO, command


def test_binder_installs_what_a_laptop_does():
    folder = ROOT / ".binder"
    assert "-r ../requirements.txt" in (folder / "requirements.txt").read_text("utf8").splitlines()
    major, minor = re.fullmatch(r"python-(\d+)\.(\d+)\n", (folder / "runtime.txt").read_text("utf8")).groups()
    assert (int(major), int(minor)) >= (3, 11)


def test_the_compiler_is_correct_javascript():
    node = distribution.node()
    for script in sorted(LITE.glob("*.mjs")):
        assert subprocess.run([node, "--check", str(script)], capture_output=True).returncode == 0, script.name
