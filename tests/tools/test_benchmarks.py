"""The benchmarks run, at toy sizes, and measure what they say."""

import importlib

import numpy as np
import pytest

from benchmarks import harness, renormalized_ridge, ridge_path, run
from renorm.experiments.solver import ridge_path as path_of
from renorm.theory.ridge import renormalized_ridge as kappa_of

SMALL = {
    "renormalized_ridge": dict(d=30, samples=3, penalties=4, repeats=2),
    "ridge_path": dict(n=20, d=30, penalties=5, repeats=2),
    "large_spectrum": dict(d=1000, points=3, repeats=2),
    "scaling": dict(dimensions=(10, 20), grids=(4, 9), trials=(2, 4), size=10, repeats=2),
}


def test_every_benchmark_of_the_page_is_found():
    names = run.benchmark_names()
    assert names[: len(SMALL)] == run.FIRST == list(SMALL)
    for name in names:
        assert callable(importlib.import_module(f"benchmarks.{name}").measure)


@pytest.mark.parametrize("name", SMALL)
def test_it_answers_its_question_on_the_page_and_in_the_terminal(name):
    for table in importlib.import_module(f"benchmarks.{name}").measure(**SMALL[name]):
        page, text = run.section(table), run.as_text(table)
        assert page.startswith(f"## {table.question}\n") and table.note in page and table.note in text
        assert page.count("\n| ") == len(table.rows) + 2
        assert len({len(line) for line in text.splitlines()[1 + len(table.details) : -1]}) == 1  # aligned columns
        assert "nan " not in page


def test_contenders_solve_the_same_problem():
    s, n, ridge = np.arange(1.0, 31) ** -1.5, np.array([10.0, 40.0, 40.0]), np.array([1e-3, 1e-3, 1.0])
    expected = kappa_of(s, n, ridge)
    np.testing.assert_allclose(renormalized_ridge.by_brentq(s, n, ridge), expected, rtol=1e-11)
    np.testing.assert_allclose(renormalized_ridge.by_newton(s, n, ridge), expected, rtol=1e-11)
    df1, df2 = renormalized_ridge.floor(s, expected)
    share = s / (s + expected[:, None])
    np.testing.assert_allclose([df1, df2], [share.sum(axis=1), (share**2).sum(axis=1)], rtol=1e-13)
    X, y, ridges = ridge_path._problem(8, 12, 5)
    for contender in (ridge_path.by_scikit_learn, ridge_path.by_svd, ridge_path.by_gram):
        np.testing.assert_allclose(contender(X, y, ridges), path_of(X, y, ridges), rtol=1e-9, atol=1e-12)


def test_contenders_take_turns_and_ratios_are_formed_turn_by_turn(monkeypatch):
    order, clock = [], iter(range(1000))
    monkeypatch.setattr(harness.time, "process_time", lambda: next(clock))
    times = harness.paired_times({name: lambda n=name: order.append(n) for name in "abc"}, repeats=4)
    assert "".join(order) == "abc" + "abc" + "bca" + "cab" + "abc"
    assert times == {name: [1] * 4 for name in "abc"}
    assert harness.ratio([2.0, 9.0, 4.0], [1.0, 3.0, 4.0]) == harness.Spread(2.0, 1.0, 3.0)
    assert harness.Spread(2.0, 1.0, 30.0).text(harness.times_as) == "2.0× (1.0× to 30×)"


def test_numbers_are_shown_with_their_units():
    assert [harness.seconds(x) for x in (1.5, 0.0123, 99.96e-3, 7e-6)] == ["1.50 s", "12.3 ms", "100.0 ms", "7.00 µs"]
    assert [harness.times_as(x) for x in (0.5, 2.44, 31.4)] == ["0.50×", "2.4×", "31×"]
    assert [harness.megabytes(x) for x in (8e6, 1.2e9)] == ["8.0 MB", "1,200 MB"]


def test_the_page_is_written_by_a_full_run_only(tmp_path, monkeypatch, capsys):
    table = harness.Table("How fast?", ["what", "time"], [["`this`", "1 ms"]], "Fast.", ["Small."])
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr(importlib.import_module("benchmarks.scaling"), "measure", lambda: [table])
    monkeypatch.setattr(run, "benchmark_names", lambda: ["scaling"])
    assert run.main(["scaling"]) == 0 and not run.PAGE.exists()
    assert run.main([]) == 0
    page = run.PAGE.read_text("utf-8")
    assert page.startswith("# How fast it is") and "## How fast?\n\nSmall.\n\n| what | time |\n| --- | --- |" in page
    assert "numpy " + np.__version__ in page and "cores" in page
    assert run.main(["nothing"]) == 2
    assert "no such benchmark: nothing" in capsys.readouterr().out
