"""The scripts that build the book: what they must refuse, and with which words."""

import fcntl
import json
import os
import re
import subprocess
import sys
import tomllib

import nbformat
import pytest
from packaging.specifiers import SpecifierSet
from repository import ROOT

from tools.assets import katex
from tools.build import book, dependencies, notebooks, site
from tools.check import site as built_site

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
    problems, counts = built_site.check(small_site, ["index", "b"])
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
    problems, _ = built_site.check(small_site, ["index", "b"])
    assert any(complaint in problem for problem in problems), problems


def test_the_error_that_an_example_promises_is_none(small_site):
    path = small_site / "b.html"
    example = '<pre><span class="gt">Traceback (most recent call last):</span></pre>'
    path.write_text(path.read_text().replace("B</h1>", f"B</h1>\n{example}"))
    assert built_site.check(small_site, ["index", "b"])[0] == []


def test_a_missing_page_is_found(small_site):
    problems, _ = built_site.check(small_site, ["index", "b", "notebooks/05-double-descent"])
    assert problems == ["notebooks/05-double-descent.html:1: the page is missing"]


def test_the_pages_of_a_table_of_contents(tmp_path):
    part = {"caption": "p", "chapters": [{"file": "b", "sections": [{"file": "c"}]}, {"url": "https://e.org"}]}
    toc = tmp_path / "_toc.yml"
    toc.write_text(json.dumps({"format": "jb-book", "root": "a", "parts": [part, {"chapters": [{"file": "d"}]}]}))
    assert book.pages(toc) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("names", [["notebooks/05-double-descent.ipynb"], ["book/glossary.md", "book/notation"]])
def test_a_preview_has_a_table_of_contents_of_its_pages_alone(tmp_path, monkeypatch, names):
    built = []
    monkeypatch.setattr(book, "ROOT", tmp_path)
    monkeypatch.setattr(book, "build", lambda out, toc, **how: built.append((out, book.pages(toc), how)))
    monkeypatch.setattr(sys, "argv", ["book", "--only", *names])
    book.main()
    documents = [name.split(".")[0] for name in names]
    out = tmp_path / "_build" / f"preview-{documents[0].split('/')[1]}" / "_build"
    assert built == [(out, documents, {"strict": False})]


def test_no_other_build_runs_beside_that_of_the_site(tmp_path, monkeypatch):
    def wheels(out):
        with open(tmp_path / "_build" / ".lock", "w") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return ["a wheel"]

    class Enough(Exception):
        pass

    def lite(made):
        assert wheels(None) == made
        raise Enough

    monkeypatch.setattr(site, "ROOT", tmp_path)
    monkeypatch.setattr(site.downloads, "up_to_date", lambda pdf: False)
    monkeypatch.setenv("BOOK_TAGS", "")
    monkeypatch.setattr(site.jupyterlite, "build_wheels", wheels)
    monkeypatch.setattr(site.jupyterlite, "build", lite)
    with pytest.raises(Enough):
        site.main()


@pytest.mark.slow
def test_a_page_is_built_by_itself():
    """What `make preview PAGE=book/further-reading` runs; the page cites, and there is no bibliography beside it."""
    command = [sys.executable, "-m", "tools.build.book", "--only", "book/further-reading.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "could not find bibtex key" not in done.stdout
    assert re.search(r"[1-9]\d* references lead to what is not on these pages", done.stdout)
    made = ROOT / "_build" / "preview-further-reading" / "_build" / "html"
    assert "Further reading" in (made / "book" / "further-reading.html").read_text("utf8")
    assert not (made / "book" / "glossary.html").exists()


def test_a_record_of_the_last_build_that_was_cut_short_counts_as_none(tmp_path):
    assert book.recorded(tmp_path) is None
    (tmp_path / book.RECORD).write_text('{"pages": ["a"')
    assert book.recorded(tmp_path) is None
    (tmp_path / book.RECORD).write_text('{"pages": ["a"]}')
    assert book.recorded(tmp_path) == {"pages": ["a"]}
    book.forget(tmp_path)
    book.forget(tmp_path)
    assert book.recorded(tmp_path) is None


def notebook(tmp_path, source: str):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1", id="first")])
    nb.cells.append(nbformat.v4.new_code_cell(source, id="second"))
    path = tmp_path / "01-a-notebook.ipynb"
    nbformat.write(nb, path)
    return path, notebooks.read(path)


@pytest.mark.parametrize(
    ("source", "complaint", "line"),
    [
        ("y = 2\n1 / 0", "ZeroDivisionError", "1 / 0"),
        ("import warnings\nwarnings.warn('careful')", "the cell writes to stderr", "import warnings"),
    ],
)
def test_a_cell_that_raises_or_warns_is_named_with_its_line(tmp_path, monkeypatch, source, complaint, line):
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(notebooks, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(notebooks, "timeout", lambda: 60)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "renorm").mkdir()
    (tmp_path / "renorm" / "__init__.py").touch()
    path, nb = notebook(tmp_path, source)
    result = notebooks.execute(path, nb)
    assert len(result.problems) == 1 and complaint in result.problems[0]
    name, number = result.problems[0].split(":")[:2]
    assert name == path.name
    assert line in path.read_text().splitlines()[int(number) - 1]


def test_the_prose_is_held_to_the_cells_while_a_chapter_is_built(tmp_path, monkeypatch):
    """A number that disagrees stops the build, with file and line; the notebook that is kept has no trace of it."""
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(notebooks, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(notebooks, "timeout", lambda: 60)
    (tmp_path / "requirements.lock").touch()
    file = tmp_path / "book" / "renorm_book" / "chapter01" / "quotes.py"
    for folder in ("renorm", "liveplate/src/liveplate", "book/renorm_book", "book/renorm_book/chapter01"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "__init__.py").touch()
    path, _ = notebook(tmp_path, "x = 5")
    held = (
        "from renorm_book.quote import quote\n\n"
        "# %% after first\nquote('{} of', x)\n\n# %% after second\nquote('5 of', x)\n"
    )

    def run(number):
        file.write_text(held.format(number))
        return notebooks.execute_all([path], report=lambda result: None)[0]

    (problem,) = run(2).problems
    assert problem == (
        "AssertionError: book/renorm_book/chapter01/quotes.py:4: "
        "the text says '2 of', the computation 1 (allowed difference 0.5)"
    )
    assert run(1).problems == () and run(1).cached
    assert run(2).problems, "a change of quotes.py alone executes again"
    record = notebooks.get_cache(str(notebooks.CACHE)).match_cache_notebook(notebooks.read(path))
    assert [quote["text"] for quote in record.data["quotes"]] == ["1 of", "5 of"]
    _, kept = notebooks.get_cache(str(notebooks.CACHE)).merge_match_into_notebook(notebooks.read(path))
    assert [(cell.id, cell.execution_count) for cell in kept.cells] == [("first", 1), ("second", 2)]
    file.write_text("# %% after none\n")
    (problem,) = notebooks.execute_all([path], report=lambda result: None)[0].problems
    assert "has no such cell" in problem


def test_a_change_of_code_or_library_executes_again_and_one_of_prose_does_not(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(notebooks, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(notebooks, "timeout", lambda: 60)
    (tmp_path / "requirements.lock").write_text("numpy==2.0")
    (tmp_path / "renorm").mkdir()
    (tmp_path / "renorm" / "__init__.py").touch()
    (tmp_path / "renorm" / "ridge.py").touch()
    (tmp_path / "renorm" / "solver.py").write_text("import json")
    code = "import os; assert os.environ['LIVEPLATE_BAKE'] == 'site'  # from renorm import nothing"
    path, nb = notebook(tmp_path, code)
    settings = dict(os.environ)

    def run() -> bool:
        result = notebooks.execute_all([path], report=lambda result: None)[0]
        assert not result.problems and os.environ == settings, "what the kernel is told stays with the kernel"
        return result.cached

    assert not run()
    assert run()
    nb = notebooks.read(path)
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


def test_only_woff2_is_served():
    rule = 'src:url(fonts/A.woff2) format("woff2"),url(fonts/A.woff) format("woff"),url(fonts/A.ttf) format("truetype")'
    assert katex.FALLBACKS.sub("", rule) == 'src:url(fonts/A.woff2) format("woff2")'


def test_the_front_page_is_the_welcome_page_one_level_up():
    page = '<a href="glossary.html#x"></a><img src="../_images/p.png"><a href="#top"></a><html data-content_root="../">'
    moved = (
        '<a href="book/glossary.html#x"></a><img src="_images/p.png"><a href="#top"></a><html data-content_root="./">'
    )
    assert front_page.moved(page, "book") == moved
    assert front_page.moved('<a href="https://e.org/a">', "book") == '<a href="https://e.org/a">'


def test_formulas_are_set_and_faults_are_told():
    katex.ensure()
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


def asked_for() -> list[tuple[str, str]]:
    """(package, range) of everything that one of our projects, or requirements.txt, asks for."""
    lines = (ROOT / "requirements.txt").read_text("utf8").splitlines()
    for folder in ("", "liveplate", "book"):
        project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text("utf8"))
        lines += project["project"]["dependencies"]
        lines += sum(project["project"].get("optional-dependencies", {}).values(), [])
        lines += sum(project.get("dependency-groups", {}).values(), [])
    lines = [line.split("#")[0].strip() for line in lines if not line.startswith(("#", "-e"))]
    return [re.fullmatch(r"([\w-]+)(?:\[[\w,]+\])?(.*)", line).groups() for line in lines]


def test_a_package_that_is_asked_for_in_several_places_has_one_range():
    ranges = {}
    for name, wanted in asked_for():
        ranges.setdefault(name, set()).update([wanted] if wanted else [])  # or it is left to another's range
    assert {"numpy", "matplotlib", "ipywidgets", "jupyterlab"} <= set(ranges)
    assert {name: wanted for name, wanted in ranges.items() if len(wanted) > 1} == {}


def test_the_lock_holds_what_is_asked_for_within_its_range():
    lock = (ROOT / "requirements.lock").read_text("utf8")
    pinned = re.findall(r"^([\w.-]+)==([^ ;]+)", lock, re.MULTILINE)
    for name, wanted in asked_for():
        if name not in ("renorm", "liveplate"):
            versions = [version for package, version in pinned if package == name]
            assert versions and all(SpecifierSet(wanted, prereleases=True).contains(v) for v in versions), name


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
