"""The short version: as short as it says, its numbers in its text, its formulas few and late."""

import ast
import re

import pytest
from repository import ROOT

PAGE = (ROOT / "book" / "short-version.md").read_text("utf8")
QUOTES = (ROOT / "book" / "renorm_book" / "short" / "quotes.py").read_text("utf8")
PROSE = re.sub(r"```.*?```", "", PAGE.split("---", 2)[2], flags=re.S)


def words(text: str) -> int:
    """Words as they are read: a link is its text, a citation its authors."""
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return len(re.sub(r"\{cite:\w\}`[^`]*`", "(Authors, year)", text).split())


def test_it_is_read_in_fifteen_minutes():
    assert 1600 <= words(PROSE) <= 2200, words(PROSE)
    scenes = re.findall(r"^## \d\. .*$", PAGE, re.M)
    assert 6 <= len(scenes) <= 8
    for scene in re.split(r"^## ", PAGE, flags=re.M)[1 : len(scenes) + 1]:
        assert len(re.findall(r"^scenes\.\w+\(\)$", scene, re.M)) == 1, "one picture"
        assert scene.count("**") >= 2, "a sentence of claim"


def test_no_formula_before_kappa_and_two_in_all():
    shown = re.findall(r"\$\$(.*?)\$\$", PROSE, re.S)
    assert len(shown) <= 2 and all("\\kappa" in formula for formula in shown)
    before = PROSE[: PROSE.index("$$")]
    assert not re.search(r"\$[^$\n]*=[^$\n]*\$", before)
    for word in (
        "ridge**",
        "*weight*",
        "*training error*",
        "*test error*",
        "**spectrum**",
        "*direction*",
        "**renormalized ridge**",
    ):
        assert PROSE.index(word.strip("*")) >= 0 and word in PROSE, "explained where it is first needed"


def test_every_number_that_is_held_stands_in_the_text():
    flat = " ".join(PROSE.split())
    calls = [node for node in ast.walk(ast.parse(QUOTES)) if getattr(getattr(node, "func", None), "id", "") == "quote"]
    assert len(calls) > 30
    for call in calls:
        assert call.args[0].value in flat, call.args[0].value


def test_each_sentence_of_the_newspapers_has_a_source_a_verdict_and_a_figure():
    section = PROSE.split("## You may have read that")[1]
    claims = re.findall(r"^\*\*\"?(.+?)\*\*(.*?)(?=^\*\*|^The argument)", section, re.M | re.S)
    assert len(claims) == 6
    for claim, said in claims:
        assert re.search(
            r"\((SISSA|Neuroscience News|the same|LawrenceC)[^)]*\)\. \*[^*]+\*", " ".join(said.split())
        ), claim
        assert re.search(r"\]\((#|\.\./notebooks/)", said), f"{claim}: a link to what shows it"


@pytest.mark.parametrize("name", re.findall(r"^scenes\.(\w+)\(\)$", PAGE, re.M))
def test_each_figure_is_drawn_by_a_scene(name):
    tree = ast.parse((ROOT / "book" / "renorm_book" / "short" / "scenes.py").read_text("utf8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
