"""The instant checks of all chapters against one table of answers: right, wrong, and abuse."""

import functools
import importlib
import itertools
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from exercise_table import ABUSED_FUNCTIONS, ABUSED_VALUES, forms

from renorm.theory.population import Population
from renorm.theory.ridge import ridge_risk
from renorm_book.verdict import Verdict, right

CHAPTERS = sorted(path.stem[-2:] for path in Path(__file__).parent.glob("answers_*.py"))
TABLE = {
    (chapter, name): row
    for chapter in CHAPTERS
    for name, row in importlib.import_module(f"answers_{chapter}").TABLE.items()
}
GENERIC = {"unrecognised", "shape", "stub", "raised", "nan", "second half", "not a number"}
EXTREMES = (0, -1, 1e300, -1e300, 1e-300, -1e-300, 2**62)
FUNCTIONS = {key: row for key, row in TABLE.items() if row.asks == "a function"}


def over(cases):
    """Parametrize by (key of the row, name of the case)."""
    return pytest.mark.parametrize("key, case", cases, ids=[f"{k[0]}-{k[1]}-{c}" for k, c in cases])


def each(rows):
    return pytest.mark.parametrize("key", rows, ids=[f"{k[0]}-{k[1]}" for k in rows])


def refused(verdict, mistake=None) -> None:
    """A readable refusal, by the name of the mistake where one is given."""
    assert isinstance(verdict, Verdict) and not verdict and not verdict.passed
    assert len(verdict.message) > 15 and "Traceback" not in verdict.message, verdict.message
    assert verdict.mistake and verdict.message in repr(verdict) and "Not yet." in verdict._repr_html_()
    assert mistake is None or verdict.mistake == mistake, f"{verdict.mistake}: {verdict.message}"


@over([(key, name) for key, row in TABLE.items() for name in row.right])
def test_right_answers_pass(key, case):
    verdict = TABLE[key].check(TABLE[key].right[case])
    assert verdict, f"{verdict.mistake}: {verdict.message}"


@over([(key, name) for key, row in TABLE.items() for name in forms(row)])
def test_right_answers_pass_in_every_honest_form(key, case):
    verdict = TABLE[key].check(forms(TABLE[key])[case])
    assert verdict, f"{verdict.mistake}: {verdict.message}"


@over([(key, name) for key, row in TABLE.items() for name in row.wrong])
def test_wrong_answers_are_refused_by_name(key, case):
    refused(TABLE[key].check(TABLE[key].wrong[case]), case.partition(":")[0])


@each(TABLE)
def test_each_check_names_three_mistakes_and_says_something_else_to_each(key):
    row, named = TABLE[key], {}
    for case, answer in row.wrong.items():
        mistake = case.partition(":")[0]
        if mistake not in GENERIC:
            named.setdefault(row.check(answer).message, set()).add(mistake)
    assert len(named) >= 3, "fewer than three mistakes get words of their own"
    assert all(len(mistakes) == 1 for mistakes in named.values()), "two mistakes get the same words"


@each(FUNCTIONS)
def test_every_mistake_that_a_check_knows_is_tried(key):
    exercise = TABLE[key].exercise
    known = {name for name, *_ in exercise.mistakes} if exercise else set()
    assert known <= {case.partition(":")[0] for case in TABLE[key].wrong}


@over([(key, name) for key in TABLE for name in ABUSED_VALUES])
def test_what_is_no_answer_is_explained(key, case):
    refused(TABLE[key].check(ABUSED_VALUES[case]))


@over([(key, name) for key in FUNCTIONS for name in ABUSED_VALUES])
def test_a_function_that_returns_no_answer_is_explained(key, case):
    refused(TABLE[key].check(lambda *arguments: ABUSED_VALUES[case]))


@over([(key, name) for key in FUNCTIONS for name in ABUSED_FUNCTIONS])
def test_a_function_that_fails_is_explained(key, case):
    refused(TABLE[key].check(ABUSED_FUNCTIONS[case]))


@over([(key, value) for key in FUNCTIONS for value in EXTREMES])
def test_functions_that_return_extremes_everywhere_are_refused(key, case):
    answer = next(iter(TABLE[key].right.values()))
    refused(TABLE[key].check(lambda *arguments: np.full(np.shape(answer(*arguments)), case)))


@over([(key, value) for key, row in TABLE.items() if row.asks == "a number" for value in EXTREMES])
def test_extreme_numbers_are_refused(key, case):
    refused(TABLE[key].check(case))


@each(FUNCTIONS)
def test_a_verdict_is_no_answer_nor_is_any_function_of_the_library(key):
    refused(TABLE[key].check(right("yes")), "not a function")
    for function in (ridge_risk, functools.partial(ridge_risk), np.vectorize(ridge_risk), Population.signal.fget):
        refused(TABLE[key].check(function), "library")


@each([key for key, row in FUNCTIONS.items() if row.library])
def test_the_library_s_own_answer_does_not_pass(key):
    for function, wrapper in TABLE[key].library:
        refused(TABLE[key].check(function), "library")
        refused(TABLE[key].check(functools.partial(function)), "library")
        refused(TABLE[key].check(wrapper), "library")


@each(FUNCTIONS)
def test_untouched_stubs_are_told_what_to_do(key):
    for untouched in (..., None, lambda *arguments: ...):
        verdict = TABLE[key].check(untouched)
        refused(verdict, "stub")
        assert "Replace the dots" in verdict.message


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_check_of_a_chapter_has_its_row(chapter):
    checks = importlib.import_module(f"renorm_book.chapter{chapter}.checks").__all__
    rows = {name for c, name in TABLE if c == chapter}
    assert set(checks) <= rows


def numbers_in(words: str) -> set:
    """Numbers as they stand in a sentence, those of one or two digits left out: they are in the question."""
    return {found for found in re.findall(r"\d+(?:\.\d+)?", words) if len(found.replace(".", "").lstrip("0")) > 2}


@each([key for key, row in TABLE.items() if row.asks == "a number" or row.exercise and row.scalar])
def test_no_message_about_a_wrong_answer_tells_the_right_one(key):
    """The right values of all cases, as they would be printed with three to six digits, are in no message."""
    row = TABLE[key]
    answer = next(iter(row.right.values()))
    values = [answer] if row.asks == "a number" else [row.exercise.exact(*case) for case in row.exercise.cases]
    secret = {f"{float(value):.{digits}g}" for value in values for digits in (3, 4, 5, 6)}
    for wrong in row.wrong.values():
        said = row.check(wrong).message
        assert not numbers_in(said) & secret, said


@each([key for key, row in FUNCTIONS.items() if row.exercise])
def test_every_case_counts(key):
    """An answer that is right in all cases but one is refused, whichever the one is: there are several."""
    row = TABLE[key]
    answer, count = next(iter(row.right.values())), len(row.exercise.cases)
    assert count >= 2
    for spoiled in range(count):
        calls = itertools.count()

        def once(*arguments, spoiled=spoiled, calls=calls):
            value = np.asarray(answer(*arguments), dtype=float)
            return value + (next(calls) == spoiled)

        refused(row.check(once))


@each([key for key, row in FUNCTIONS.items() if row.exercise])
def test_every_known_mistake_shows_in_two_cases(key):
    """And by a wide margin, 0.6 % at least, where what is returned is compared to 10⁻⁵; see ``answers.near``."""
    exercise = TABLE[key].exercise
    for name, formula, _ in exercise.mistakes:
        with np.errstate(all="ignore"):
            pairs = [(np.squeeze(exercise.exact(*case)), np.squeeze(formula(*case))) for case in exercise.cases]
        off = [r.shape != w.shape or np.max(np.abs(r - w)) > 0.006 * np.max(np.abs(r)) for r, w in pairs]
        assert sum(off) >= 2 or name == "rounded down", name


def test_the_arguments_come_in_the_order_of_the_exercise():
    verdict = TABLE["06", "kappa_hat"].check(lambda ridge, X: 1.0)
    refused(verdict, "arguments")
    assert "kappa_hat(X, ridge)" in verdict.message


def test_a_verdict_can_be_asserted():
    assert TABLE["09", "best_decay"].check(lambda a, r: a / (1 + 2 * a * min(r, 1)))
    with pytest.raises(AssertionError, match="A factor 2"):
        verdict = TABLE["09", "best_decay"].check(lambda a, r: a / (1 + a * min(r, 1)))
        assert verdict, verdict.message


def test_an_answer_cannot_spoil_the_cases_for_the_next():
    check = TABLE["04", "kept"].check
    refused(check(ABUSED_FUNCTIONS["destroys what it gets"]))
    assert check(TABLE["04", "kept"].right["trace"])


def test_answers_write_no_warnings(recwarn):
    refused(TABLE["06", "zero_share"].check(lambda n, d, rank: np.log(np.float64(-n))), "nan")
    assert not recwarn.list


def test_the_watch_leaves_a_profiler_alone_and_goes_away():
    key = "09", "best_decay"
    function, wrapper = TABLE[key].library[0]
    refused(TABLE[key].check(wrapper), "library")
    assert sys.getprofile() is None

    def profiler(*event):
        pass

    sys.setprofile(profiler)
    try:
        verdict, kept = TABLE[key].check(wrapper), sys.getprofile()
    finally:
        sys.setprofile(None)
    assert verdict and kept is profiler
