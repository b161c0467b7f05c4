"""The rule for quoted numbers, and that all of the book's keep it."""

import json
import math
import re

import numpy as np
import pytest
from repository import missing
from test_notebooks import flat, prose

from renorm_book.quote import printed, quote
from renorm_book.quotes import parts
from renorm_book.quotes import run as run_part
from tools.check import quotes
from tools.check.quotes import Quote, problems, written

CHAPTERS = quotes.chapters()
each = pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])


def made(text, computed, se=0.0) -> Quote:
    """What a quote would leave in the list."""
    return Quote("00", text, computed=computed, se=se, **vars(printed(text)))


@pytest.mark.parametrize(
    "text, value, half_unit, coarse",
    [
        ("0.39", 0.39, 0.005, 0.005),
        ("38.5 % of them", 0.385, 0.0005, 0.0005),
        ("some 800 times", 800, 0.5, 50),
        ("1,800 samples", 1800, 0.5, 50),
        ("800.0", 800, 0.05, 0.05),
        ("8×10^4", 8e4, 5e3, 5e3),
        ("−2.9 or so", -2.9, 0.05, 0.05),
        ("0 of them", 0, 0.5, 0.5),
        ("10 % of the time", 0.1, 0.005, 0.05),
    ],
)
def test_the_number_and_its_last_digit(text, value, half_unit, coarse):
    found = printed(text)
    assert np.allclose([found.value, found.half_unit, found.coarse_half_unit], [value, half_unit, coarse], rtol=1e-12)
    assert found.error is None and found.error_half_unit is None


@pytest.mark.parametrize(
    "text, value, error, half_unit",
    [
        ("0.81 ± 0.01", 0.81, 0.01, 0.005),
        ("86.2 ± 2 %", 0.862, 0.02, 0.005),
        (r"$1.2\pm0.3$", 1.2, 0.3, 0.05),
        ("45 (± 1) times", 45, 1, 0.5),
        ("80 % (± 1) of the error", 0.8, 0.01, 0.005),
    ],
)
def test_the_printed_error(text, value, error, half_unit):
    found = printed(text)
    assert np.allclose([found.value, found.error, found.error_half_unit], [value, error, half_unit], rtol=1e-12)


@pytest.mark.parametrize(
    "text, computed, se",
    [
        ("0.39", 0.3871, 0.0),  # exact, and rounded rightly
        ("0.39", 0.3871, 0.005),  # half a unit is one standard error
        ("0.39", 0.3871, 0.0158),  # it is 3.16 of them
        ("0.4", 0.3871, 0.016),
        ("0.39", 0.3871, 1e-17),  # draws that were all the same
        ("some 800 times", 796.2, 60.0),
        ("0.81 ± 0.01", 0.8123, 0.011),
        ("0.81 ± 0.02", 0.8123, 0.011),
        ("3 ± 2 more", 3.4, 1.8),  # a large error, told
        ("10 %", 0.09, 0.012),
    ],
)
def test_honest_quotes(text, computed, se):
    assert problems(made(text, computed, se)) == []
    quote(text, computed, se=se)


@pytest.mark.parametrize(
    "quoted, word",
    [
        (made("13 % off", 0.19), "computed"),
        (made("0.39", 0.3964), "computed"),
        (made("0.39", 0.42, se=0.01), "computed"),
        (made("0.3871", 0.3869, se=0.004), "fewer digits"),
        (made("0.387", 0.387, se=0.0016), "fewer digits"),
        (made("812 times", 796.2, se=60.0), "fewer digits"),
        (made("about 5 times", 5.2, se=1.5), "more than a fifth"),
        (made("0.81 ± 0.01", 0.8123, se=0.05), "neither one nor two"),
        (made("0.81 ± 0.1", 0.8123, se=0.011), "neither one nor two"),
        (made("0.81 ± 0.01", 0.8123), "neither one nor two"),
        (made("0.39", 0.39, se=math.nan), "a standard error of nan"),
        (made("0.39", 0.39, se=-0.1), "a standard error of -0.1"),
        (made("0.39", math.nan), "computed nan"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.text}-{value.computed:g}-{value.se:g}",
)
def test_dishonest_quotes(quoted, word):
    assert any(word in problem for problem in problems(quoted)), problems(quoted)


def test_every_standard_error_fits_one_number_of_digits():
    """Between s/√10 and s·√10 lies exactly one half unit: no s has none, and none leaves a choice of two."""
    for se in np.geomspace(1.01e-3, 0.99, 200):
        halves = 0.5 * 10.0 ** -np.arange(-2, 6)
        assert np.sum((halves >= se / quotes.DIGITS) & (halves < se * quotes.DIGITS)) == 1


def test_the_ratio_is_bounded_below_and_the_difference_above():
    """What the rule lets pass never allows more than half a unit and 2 s.e., nor less than 2.3 s.e."""
    for se in np.geomspace(1e-4, 1, 41):
        for text in ("1.000", "1.00", "1.0", "1"):
            row = made(text, 1.0, se)
            if not problems(row):
                assert (
                    2 + 1 / quotes.DIGITS <= row.ratio * (1 + 1e-9)
                    and row.allowed == row.half_unit + 2 * se
                    and se <= 0.2
                )


def test_the_allowed_difference_is_that_of_quote():
    for text, se in (("0.39", 0.0), ("0.39", 0.004), ("some 800", 30.0)):
        row = made(text, printed(text).value, se)
        quote(text, row.value + 0.999 * row.allowed, se=se)
        with pytest.raises(AssertionError):
            quote(text, row.value + 1.001 * row.allowed, se=se)
        assert row.allowed == pytest.approx(row.half_unit + 2 * se)


def test_a_tolerance_and_a_typed_error_are_seen_before_anything_runs():
    assert written('quote("a 3", 2.9)\nfoo.quote("a 4", x, se=s / n**0.5)') == []
    for source in ('quote("3", x, tolerance=1)', 'quote("3", x, 1)', 'quote("3", x, None)'):
        assert "no tolerance" in written(source)[0]
    for source in ('quote("3", x, se=0.2)', 'quote("3", x, se=0.3 / 2)', 'quote("3", x, se=1e-3)'):
        assert "typed" in written(source)[0]


def test_the_text_of_a_quote_is_written_out():
    loop = 'for text, k in (("0.5 at", 1), ("0.7 at", 2)):\n    quote(text, f(k), se=g(k))'
    assert sorted(quotes.texts(loop)) == ["0.5 at", "0.7 at"]
    assert quotes.texts('for text in ["1 of", "2 of"]:\n    quote(text, 1)') == ["1 of", "2 of"]
    assert quotes.texts('for a, b in (pair, other):\n    quote("3 of", a)') == ["3 of"]
    for source in ('quote(f"{x} of", x)', "quote(text, x)", "for text, k in pairs:\n    quote(text, k)"):
        with pytest.raises(ValueError, match="written out"):
            quotes.texts(source)


def test_quotes_are_written_down_where_a_file_is_named(tmp_path, monkeypatch):
    file = tmp_path / "quotes.jsonl"
    quote("0.39", 0.3871)
    monkeypatch.setenv("RENORM_QUOTES", str(file))
    quote("0.39", np.float32(0.3871), se=np.float64(0.004))
    with pytest.raises(AssertionError):
        quote("12 ± 1 %", 0.2, se=0.01)
    rows = [Quote("05", **json.loads(line)) for line in file.read_text("utf8").splitlines()]
    assert [row.text for row in rows] == ["0.39", "12 ± 1 %"] and problems(rows[0]) == []
    assert "computed 0.2" in problems(rows[1])[0]


def test_parts_run_over_the_names_of_a_chapter_and_leave_them_as_they_are(tmp_path):
    file = tmp_path / "quotes.py"
    file.write_text(
        "from renorm_book.quote import quote\n"
        "# %% after one\nquote('2 of', x)\nx, mine = 5, x\nrng.random()\n"
        "# %% after two\nquote('3 of', x)\nquote('2 of', mine)\n"
    )
    names = {"x": 2, "rng": np.random.default_rng(0)}
    run_part(file, "one", names)
    assert names["x"] == 2 and names["rng"].random() == np.random.default_rng(0).random()
    run_part(file, "two", {"x": 3})


def test_all_that_does_not_hold_is_listed_with_its_line(tmp_path):
    file = tmp_path / "quotes.py"
    file.write_text(
        "from renorm_book.quote import quote\n\nquote('2 of', 7)\nassert x > 1\nassert x < 0\nquote('3 of', x)\n"
    )
    with pytest.raises(AssertionError) as found:
        run_part(file, None, {"x": 3})
    lines = str(found.value).split("\n")
    assert len(lines) == 2
    assert re.search(r"quotes\.py:3: the text says '2 of', the computation 7 \(allowed", lines[0])
    assert re.search(r"quotes\.py:5: assert x < 0$", lines[1])


def test_two_parts_for_one_cell_are_refused():
    with pytest.raises(ValueError, match="two parts"):
        parts("# %% after one\n# %% after one\n")


def test_the_list_is_in_plain_columns():
    lines = quotes.table([made("0.39", 0.3871, 0.004), made("53,002 weights", 53002)]).splitlines()
    assert len(lines) == 3 and "exact" in lines[2] and lines[1].split()[1:7] == [
        "0.39", "0.3871", "0.005", "0.004", "0.013", "3.2",
    ]  # fmt: skip


@each
def test_a_chapter_quotes_without_tolerances(path):
    assert written(quotes.code(path)) == []


@pytest.mark.built
@each
def test_the_quotes_of_the_built_chapter_keep_the_rule(path):
    rows = quotes.recorded(path)
    if rows is None:
        missing(f"{path.stem} has not been executed in its present form: run `make book`")
    assert [f"{row.text!r}: {problem}" for row in rows for problem in problems(row)] == []
    made = {row.text for row in rows}
    assert set(quotes.texts(quotes.code(path))) == made, "every quote of the chapter is made in the build"
    assert [text for text in made if flat(text) not in flat(prose(path))] == []
