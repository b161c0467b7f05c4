"""Every live figure of the built book, in Chromium: its curves against the values that Python computes."""

import json
import re

import pytest
from jupyter_cache import get_cache
from live_page import FigureOnPage, check_probes
from repository import ROOT, missing
from visit import Visit

from liveplate.bake.bake import MOST_BYTES, MOST_STATES
from tools.build import book, notebooks

pytestmark = pytest.mark.browser

PAGES = book.pages(ROOT / "_toc.yml")
EXECUTED = [name for name in PAGES if name.startswith("notebooks/") or name in ("book/welcome", "book/short-version")]
ADDRESS = {"book/welcome": "index"}  # the first page of the site


def figures_of(name: str) -> dict[str, dict]:
    """{name: {"facts", "probes"}} of a chapter's live figures, from the outputs that its page was made of."""
    cache = get_cache(str(notebooks.CACHE))
    try:
        record = cache.match_cache_notebook(notebooks.read(book.source(name)))
    except KeyError:
        missing(f"{name} was changed after the book was built: run `make book`")
    cells = cache.get_cache_bundle(record.pk).nb.cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    found = [output["metadata"]["live"] for output in outputs if "live" in output.get("metadata", {})]
    return {one["facts"]["name"]: one for one in found}


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.xdist_group(n), id=n) for n in EXECUTED])
def test_a_chapter_works_from_disk_and_its_curves_equal_pythons_values(browser, site, name):
    figures = figures_of(name)
    with Visit(browser, site.as_uri(), ADDRESS.get(name, name), reduced_motion="reduce") as seen:
        compare(seen.page, figures)
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:", "blob:"))] == []


def compare(page, figures: dict[str, dict]) -> None:
    """Each figure of the page with what was found while it was baked."""
    on_page = page.eval_on_selector_all("figure.live", "all => all.map(f => f.id)")
    assert on_page == list(figures)
    for figure, told in figures.items():
        shown = FigureOnPage(page, figure)
        assert shown.root.get_attribute("data-bytes") == str(told["facts"]["bytes"]), "page and outputs differ"
        compared = check_probes(shown, told["probes"])
        plotted = sum(len(series["rows"]) for probe in told["probes"] for series in probe["series"])
        assert compared >= plotted / 4, f"{figure}: {compared} vertices compared of {plotted}"


def test_the_build_counts_its_live_figures(site):
    facts = json.loads((site.parent / "live-figures.json").read_text("utf8"))
    listed = [(one["page"], one["name"]) for one in facts]
    assert listed == [(name, figure) for name in EXECUTED for figure in figures_of(name)]
    assert all(one["states"] <= MOST_STATES and one["bytes"] <= MOST_BYTES for one in facts)
    table = (site / "book" / "how-this-book-works.html").read_text("utf8")
    assert re.search(r'<table class="[^"]*live-figures-table', table)
    assert f">{sum(one['states'] for one in facts):,}<" in table
