"""The small tools of the chapters: numbers quoted in prose, verdicts of exercises, the figure style."""

import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from repository import ROOT

from renorm_book import style
from renorm_book.quote import quote
from renorm_book.verdict import is_stub, not_answered, right, wrong


@pytest.mark.parametrize(
    "text, value",
    [
        ("38.5 %", 0.38549),
        ("38.5%", 0.3846),
        ("95.20 % of the training set", 0.95202),
        ("a condition number of 8×10^4", 8.3e4),
        ("about −2.37 per sample", -2.3702),
        ("1,649,402 parameters", 1649402),
        ("0.0033", 0.00334),
    ],
)
def test_a_quoted_number_agrees_to_half_a_unit_of_its_last_digit(text, value):
    quote(text, value)


@pytest.mark.parametrize(
    "text, value", [("38.5 %", 0.3856), ("38.5", 0.385), ("0.0033", 0.00336), ("8×10^4", 8.6e4), ("−2", 2.0)]
)
def test_a_drifted_number_is_caught(text, value):
    with pytest.raises(AssertionError, match="the text says"):
        quote(text, value)


def test_nan_never_agrees():
    with pytest.raises(AssertionError):
        quote("about 3", float("nan"), se=10)


def test_a_quote_without_a_number_is_refused():
    with pytest.raises(ValueError, match="must contain a number"):
        quote("a small constant", 3.0)


def test_verdicts_say_what_happened_as_text_and_as_html():
    assert repr(right("It halves.")) == "Right. It halves."
    failed = wrong("You divided by n, use n − 1 & keep going", mistake="biased")
    assert not failed.passed and failed.mistake == "biased"
    assert "&amp;" in failed._repr_html_() and 'role="status"' in failed._repr_html_()
    assert right("It halves.") and not failed, "graders assert verdicts"
    assert not_answered("write the function").mistake == "stub"
    assert is_stub(...) and is_stub(None) and not is_stub(0.0)


def test_every_concept_differs_by_colour_and_by_line_or_marker():
    looks = list(style.CONCEPTS.values())
    assert len({c.color for c in looks}) == len({c.marker for c in looks}) == len(looks)
    with pytest.raises(ValueError, match="'tset'"):
        style.line("tset")


def test_the_style_is_what_figures_get():
    with mpl.rc_context():
        style.use()
        assert mpl.rcParams["figure.figsize"] == [5.0, 3.6]
        assert not mpl.rcParams["axes.spines.top"]


def test_the_authors_guide_has_an_example_that_works():
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf8")
    code = re.search(r"^## Live figures$.*?^```python\n(.*?)^```$", guide, re.S | re.M)[1]
    space = {}
    exec(code.replace("\nexplore(", "\nshown = explore("), space)
    assert "the test risk is" in space["shown"].get_supxlabel()
    plt.close(space["shown"])
