"""The scripts that build the book: what they must refuse, and with which words."""

import json
import os
import sys

import nbformat
import pytest
from repository import ROOT

from tools.assets import katex as fetch_katex
from tools.build import book as build_book
from tools.build import dependencies
from tools.build import notebooks as execute_notebooks
from tools.check import site as check_site

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import chapter_map
import front_page
import katex_static
import repository_links

ALT = "a picture of a curve that falls and rises again"


@pytest.fixture
def small_site(tmp_path):
    """A site of two pages that passes all checks; each test spoils one thing."""
    (tmp_path / "index.html").write_text(f'<a href="b.html#here">b</a><img src="p.png" alt="{ALT}">')
    (tmp_path / "b.html").write_text(
        '<h1 id="here">B</h1><link rel="stylesheet" href="s.css"><a href="https://e.org">e</a>'
    )
    (tmp_path / "s.css").write_text("@font-face { src: url(f.woff2) }")
    (tmp_path / "f.woff2").touch()
    (tmp_path / "p.png").touch()
    return tmp_path


def test_a_good_site_passes_and_is_counted(small_site):
    problems, counts = check_site.check(small_site, ["index", "b"])
    assert problems == []
    assert counts == {"pages": 2, "links": 4, "images": 1, "live figures": 0}


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("index.html", "b.html", "c.html", "index.html:1: c.html#here leads to no file"),
        ("index.html", "#here", "#there", "b.html#there leads to no such place"),
        ("index.html", ALT, "", "has no alternative text"),
        ("index.html", ALT, "_images/p.png", "has no alternative text"),
        ("index.html", "p.png", "https://cdn.org/p.png", "loads https://cdn.org/p.png from elsewhere"),
        ("b.html", "s.css", "//cdn.org/s.css", "loads //cdn.org/s.css from elsewhere"),
        ("s.css", "f.woff2", "https://cdn.org/f.woff2", "loads https://cdn.org/f.woff2 from elsewhere"),
        ("s.css", "f.woff2", "g.woff2", "s.css:1: g.woff2 leads to no file"),
        ("b.html", "B</h1>", "B</h1>\n<pre>Traceback (most recent call last)</pre>", "b.html:2: a traceback is shown"),
    ],
)
def test_each_fault_of_a_site_is_found(small_site, file, old, new, complaint):
    path = small_site / file
    path.write_text(path.read_text().replace(old, new))
    problems, _ = check_site.check(small_site, ["index", "b"])
    assert any(complaint in problem for problem in problems), problems


def test_a_missing_page_is_found(small_site):
    problems, _ = check_site.check(small_site, ["index", "b", "notebooks/05-double-descent"])
    assert problems == ["notebooks/05-double-descent.html:1: the page is missing"]


def test_the_pages_of_a_table_of_contents():
    part = {"caption": "p", "chapters": [{"file": "b", "sections": [{"file": "c"}]}, {"url": "https://e.org"}]}
    assert build_book.documents({"root": "a", "parts": [part]}) == ["a", "b", "c"]


def notebook(tmp_path, source: str):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1", id="first")])
    nb.cells.append(nbformat.v4.new_code_cell(source, id="second"))
    path = tmp_path / "01-a-notebook.ipynb"
    nbformat.write(nb, path)
    return path, execute_notebooks.read(path)


@pytest.mark.parametrize(
    ("source", "complaint", "line"),
    [
        ("y = 2\n1 / 0", "ZeroDivisionError", "1 / 0"),
        ("import warnings\nwarnings.warn('careful')", "the cell writes to stderr", "import warnings"),
    ],
)
def test_a_cell_that_raises_or_warns_is_named_with_its_line(tmp_path, monkeypatch, source, complaint, line):
    monkeypatch.setattr(execute_notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(execute_notebooks, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(execute_notebooks, "timeout", lambda: 60)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "renorm").mkdir()
    (tmp_path / "renorm" / "__init__.py").touch()
    path, nb = notebook(tmp_path, source)
    result = execute_notebooks.execute(path, nb)
    assert len(result.problems) == 1 and complaint in result.problems[0]
    name, number = result.problems[0].split(":")[:2]
    assert name == path.name
    assert line in path.read_text().splitlines()[int(number) - 1]


def test_a_change_of_code_or_library_executes_again_and_one_of_prose_does_not(tmp_path, monkeypatch):
    monkeypatch.setattr(execute_notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(execute_notebooks, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(execute_notebooks, "timeout", lambda: 60)
    (tmp_path / "requirements.lock").write_text("numpy==2.0")
    (tmp_path / "renorm").mkdir()
    (tmp_path / "renorm" / "__init__.py").touch()
    (tmp_path / "renorm" / "ridge.py").touch()
    (tmp_path / "renorm" / "solver.py").write_text("import json")
    code = "import os; assert os.environ['LIVEPLATE_BAKE'] == 'site'  # from renorm import nothing"
    path, nb = notebook(tmp_path, code)
    settings = dict(os.environ)

    def run() -> bool:
        result = execute_notebooks.execute_all([path], report=lambda result: None)[0]
        assert not result.problems and os.environ == settings, "what the kernel is told stays with the kernel"
        return result.cached

    assert not run()
    assert run()
    nb = execute_notebooks.read(path)
    nb.cells.insert(0, nbformat.v4.new_markdown_cell("Prose.", id="prose"))
    nbformat.write(nb, path)
    assert run()
    (tmp_path / "renorm" / "ridge.py").write_text("answer = 42")
    assert run(), "a module that the notebook does not use"
    (tmp_path / "requirements.lock").write_text("numpy==2.1")
    assert not run()
    nb.cells[-1].source = "x + 2"
    nbformat.write(nb, path)
    assert not run()


def test_a_notebook_depends_on_what_its_imports_lead_to(tmp_path):
    for name, text in {
        "renorm/__init__.py": "_HOMES = {'theory.ridge': ['ridge_risk']}",
        "renorm/theory/__init__.py": "",
        "renorm/theory/ridge.py": "from renorm.theory.solver import solve",
        "renorm/theory/solver.py": "def solve():\n    from renorm import late",
        "renorm/late.py": "",
        "renorm/other.py": "",
        "renorm/data/pixels.npz": "",
        "liveplate/src/liveplate/__init__.py": "from .draw.page import draw",
        "liveplate/src/liveplate/draw/__init__.py": "",
        "liveplate/src/liveplate/draw/page.py": "from ..spec import words",
        "liveplate/src/liveplate/spec/__init__.py": "",
        "liveplate/src/liveplate/spec/words.py": "",
        "liveplate/src/liveplate/player/player.js": "",
        "book/renorm_book/__init__.py": "",
        "book/renorm_book/style.py": "import liveplate",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def names(source):
        return {path.relative_to(tmp_path).as_posix() for path in dependencies.files(tmp_path, [source])}

    data = {"renorm/data/pixels.npz"}
    library = {"__init__.py", "theory/__init__.py", "theory/ridge.py", "theory/solver.py", "late.py"}
    solver = data | {f"renorm/{name}" for name in library}
    assert names("import numpy") == data
    assert names("from renorm.theory import ridge") == solver
    assert names("from renorm.theory.ridge import solve as s") == solver
    assert names("from renorm import ridge_risk") == solver
    assert names("import renorm\nrenorm.ridge_risk()") == solver
    parts = {"__init__.py", "draw/__init__.py", "draw/page.py", "spec/__init__.py", "spec/words.py"}
    plates = data | {f"liveplate/src/liveplate/{name}" for name in parts}
    assert names("import liveplate") == plates
    assert names("from renorm_book import style") == plates | {
        f"book/renorm_book/{n}.py" for n in ("__init__", "style")
    }


def test_katex_is_held_to_its_checksums():
    names = list(fetch_katex.LOCK["files"])
    with pytest.raises(ValueError, match=f"{names[0]} is missing"):
        fetch_katex.checked({})
    with pytest.raises(ValueError, match="is not the file that katex.lock.json describes"):
        fetch_katex.checked(dict.fromkeys(names, b"something else"))
    assert sum(name.endswith(".woff2") for name in names) == 20


def test_without_a_registry_the_error_says_what_to_do(monkeypatch):
    def refuse(folder):
        raise OSError("no network")

    monkeypatch.setattr(fetch_katex, "from_pypi", refuse)
    monkeypatch.setattr(fetch_katex, "from_npm", refuse)
    with pytest.raises(SystemExit, match=r"(?s)no registry had it.*no network.*Connect once"):
        fetch_katex.fetch()


def test_only_woff2_is_served():
    rule = 'src:url(fonts/A.woff2) format("woff2"),url(fonts/A.woff) format("woff"),url(fonts/A.ttf) format("truetype")'
    assert fetch_katex.FALLBACKS.sub("", rule) == 'src:url(fonts/A.woff2) format("woff2")'


def test_the_front_page_is_the_welcome_page_one_level_up():
    page = '<a href="glossary.html#x"></a><img src="../_images/p.png"><a href="#top"></a><html data-content_root="../">'
    moved = (
        '<a href="book/glossary.html#x"></a><img src="_images/p.png"><a href="#top"></a><html data-content_root="./">'
    )
    assert front_page.moved(page, "book") == moved
    assert front_page.moved('<a href="https://e.org/a">', "book") == '<a href="https://e.org/a">'


def test_formulas_are_set_and_faults_are_told():
    fetch_katex.ensure()
    good = katex_static.RENDERER(r"\kappa^2", False)
    assert "katex-mathml" in good["html"] and "κ" in good["html"]
    assert "Undefined control sequence" in katex_static.RENDERER(r"\nosuchmacro", False)["error"]


def test_a_label_is_set_on_as_many_lines_as_it_needs():
    assert chapter_map.label(0, 0, "right", 12, "The solution gradient descent picks").count("<tspan") == 4
    assert "&lt;" in chapter_map.label(0, 0, "above", 30, "n < d")


def test_every_chapter_has_a_station_of_its_own():
    places = [chapter_map.station(place)[:2] for place in range(1, 21)]
    assert len(set(places)) == 20
    tail = places[len(chapter_map.STATIONS) - 1 :]
    assert all(a[0] < b[0] and a[1] <= b[1] < 306 for a, b in zip(tail, tail[1:], strict=False)), "on, not below zero"


def test_links_to_the_repository_stand_only_where_there_is_an_address(monkeypatch):
    class App:
        class config:
            html_theme_options = {"repository_url": ""}

        class env:
            @staticmethod
            def doc2path(name, base):
                return f"{name}.ipynb"

    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    context = {"header_buttons": []}
    repository_links.add_links(App, "notebooks/05-double-descent", "", context, object())
    assert context["header_buttons"] == []
    monkeypatch.setenv("BOOK_REPOSITORY", "https://github.com/owner/name/")
    repository_links.add_links(App, "notebooks/05-double-descent", "", context, object())
    urls = [button["url"] for button in context["header_buttons"][0]["buttons"]]
    assert urls[0] == "https://github.com/owner/name/edit/main/notebooks/05-double-descent.ipynb"
    assert all("owner/name" in url and "//owner" not in url for url in urls)


def test_requirements_and_package_ask_for_the_same():
    """What a reader installs by hand and what the package needs are the same ranges."""
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["dependencies"]
    lines = [line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text("utf8").splitlines()]
    assert set(wanted) <= set(lines)


def test_the_lock_holds_every_package_to_hashes():
    lock = (ROOT / "requirements.lock").read_text("utf8")
    entries = [line for line in lock.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    assert len(entries) > 100
    assert all(line.rstrip().endswith("\\") for line in entries), "a requirement without a hash"


def test_the_workflows_use_the_commands_of_the_makefile():
    targets = {line.split(":")[0] for line in (ROOT / "Makefile").read_text("utf8").splitlines() if ":" in line}
    workflows = "".join(path.read_text("utf8") for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    assert "make PYTHON=python test" in workflows and "test" in targets
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf8")
    assert json.loads((ROOT / "tools" / "assets" / "katex.lock.json").read_text("utf8"))["version"]
