"""The pages of the library: every public name on one, described; examples, links, and which chapters use what."""

import doctest
import inspect
import io
import re

import docstrings
import library
import library_names
import pytest
from docutils import nodes
from repository import ROOT
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

import liveplate
import renorm
from tools.check.site import link_problems, read_pages

PAGES = ["book/library", *library_names.AREAS.values()]
CHAPTERS = sorted((ROOT / "notebooks").glob("0[57]-*.ipynb"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The pages of the library with two chapters, not executed, and pages that stand for those they lead to."""
    root = tmp_path_factory.mktemp("library")
    for name in PAGES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / f"{name}.md").write_text((ROOT / f"{name}.md").read_text("utf8"), "utf8")
    for path in CHAPTERS:
        (root / "notebooks").mkdir(exist_ok=True)
        title = (
            '"cells": [\n  {"cell_type": "markdown", "id": "stands-for", "metadata": {}, "source": ["# A chapter"]},'
        )
        text = re.sub(r'"cell_type": "markdown"', '"cell_type": "raw"', path.read_text("utf8"))
        (root / "notebooks" / path.name).write_text(text.replace('"cells": [', title, 1), "utf8")
    names = [*PAGES, *(f"notebooks/{path.stem}" for path in CHAPTERS), "book/notation"]
    (root / "book" / "notation.md").write_text("# Another page\n", "utf8")
    (root / "index.md").write_text("# All\n```{toctree}\n" + "\n".join(names) + "\n```\n", "utf8")
    settings = {"extensions": ["myst_nb", "library"], "nb_execution_mode": "off", "html_domain_indices": False}
    settings |= {"myst_enable_extensions": ["dollarmath"], "html_copy_source": False, "nitpicky": True}
    settings["html_static_path"] = [str(ROOT / "book" / "assets")]
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, docutils_namespace():  # Sphinx leaves its roles to no later test
        patch.setenv("BOOK_REPOSITORY", "https://github.com/owner/name")
        app = Sphinx(root, None, root / "out", root / "trees", "html", settings, io.StringIO(), said)
        app.build()
    return root / "out", said.getvalue(), app


def test_every_public_name_is_on_a_page_and_says_what_it_is(built):
    out, _, app = built
    objects = app.env.get_domain("py").objects
    wanted = [f"renorm.{name}" for name in renorm.__all__] + [f"liveplate.{name}" for name in liveplate.__all__]
    assert len(wanted) > 40 and [address for address in wanted if address not in objects] == []
    described = {one.address: one for one in library_names.everything().values()}
    assert [address for address, one in described.items() if callable(one.value) and not one.doc.strip()] == []
    for address, one in described.items():
        page = (out / f"{objects[address].docname}.html").read_text("utf8")
        assert f'id="{address}"' in page
        assert one.kind == "data" or docstrings.summary(one.doc), address


def test_the_pages_build_without_a_warning_and_every_link_leads_somewhere(built):
    out, said, _ = built
    assert said == ""
    pages = {path: page for path, page in read_pages(out).items() if "theme" not in path.name}
    assert len(pages) > len(PAGES)
    assert [problem for problem in link_problems(out, pages) if "loads" not in problem] == []


def test_a_name_leads_to_its_chapters_and_a_chapter_to_its_names(built):
    out, _, _ = built
    theory = (out / "book" / "library" / "theory.html").read_text("utf8")
    entry = theory.partition('id="renorm.ridge_risk"')[2].partition('<dt class="sig')[0]
    found = re.findall(r'href="\.\./\.\./notebooks/(\d\d)-', entry)
    assert found == ["05", "07"]
    chapter = (out / "notebooks" / f"{CHAPTERS[1].stem}.html").read_text("utf8")
    line = chapter.partition('class="from-the-library"')[2].partition("</p>")[0]
    names = re.findall(r'href="\.\./book/library/[a-z]+\.html#([\w.]+)"', line)
    assert "renorm.measured_renormalized_ridge" in names and "renorm.ridge_risk" in names
    code = library_names.code_of(CHAPTERS[1])
    assert all(name.rpartition(".")[2] in code for name in names)


def test_a_name_leads_to_the_line_that_defines_it(built):
    out, _, _ = built
    pages = "".join((out / f"{name}.html").read_text("utf8") for name in PAGES)
    sources = set(re.findall(r'href="https://github.com/owner/name/blob/main/([^"#]+)#L(\d+)">Source', pages))
    assert len(sources) > 100
    for file, line in sources:
        text = (ROOT / file).read_text("utf8").splitlines()[int(line) - 1]
        assert re.match(r"(@|def |class )", text), f"{file}:{line}: {text}"


def test_the_search_finds_functions(built):
    out, _, _ = built
    index = (out / "searchindex.js").read_text("utf8")
    assert '"ridge_risk"' in index and '"explore"' in index


def test_the_index_has_a_line_for_each_name_that_renorm_hands_out(built):
    out, _, _ = built
    page = (out / "book" / "library.html").read_text("utf8")
    shown = set(re.findall(r'<dt><a class="reference internal" href="library/\w+\.html#([\w.]+)"', page))
    assert shown == {f"renorm.{name}" for name in renorm.__all__} | {f"liveplate.{name}" for name in liveplate.__all__}


@pytest.mark.parametrize("module", [docstrings, library_names])
def test_the_examples_of_the_extension_are_right(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    "lines, kind",
    [
        ([">>> 1 + 1", "2"], nodes.literal_block),
        ([".. math:: a^2", "          + b^2"], nodes.math_block),
        (["    kappa = lambda"], nodes.literal_block),
        (["=====  =====", "``a``  b", "=====  ====="], nodes.literal_block),
        (["kappa      one", "df1, df2   two"], nodes.definition_list),
        (["n : samples", "X : (n, d).  signs : (n, draws).", "    more"], nodes.definition_list),
        (["X : (n, d).  signs : (n, draws).  Returns (draws,)."], nodes.paragraph),
        (["A sentence.  And  spaces in it", "that goes on."], nodes.paragraph),
    ],
)
def test_what_a_group_of_lines_is(lines, kind):
    assert [type(node) for node in docstrings.block(lines, lambda name: None)] == [kind]


def letters(text: str) -> str:
    """A text without marks, spaces and the word that heads the arguments."""
    return re.sub(r"\.\. math::|:math:|# doctest:.*|[`*\s:]|^Arg(?:ument)?s\b", "", text, flags=re.MULTILINE)


def test_nothing_of_a_docstring_is_lost():
    for one in set(library_names.everything().values()):
        shown = "\n".join(node.astext() for node in docstrings.body(one.doc))
        assert letters(shown) == letters(inspect.cleandoc(one.doc)), one.address


def test_a_member_is_shown_with_what_it_says():
    cls = library_names.everything()["renorm.MLP"].value
    found = {name: kind for name, kind, _ in library.members(cls)}
    assert found["gradient"] == "method" and found["n_weights"] == "property"
