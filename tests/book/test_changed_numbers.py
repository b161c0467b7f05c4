"""Whoever changes a number of a chapter runs on: each alone in the nightly run, one of each cell at once here."""

from types import SimpleNamespace

import matplotlib
import pytest
from changed_numbers import Number, Reading
from repository import ROOT

from renorm_book.chapter01 import trainings

matplotlib.use("Agg")
STEMS = [path.stem for path in sorted((ROOT / "notebooks").glob("[01]*.ipynb")) if path.stem[:2] != "00"]
each = pytest.mark.parametrize("stem", STEMS)

# Fewer draws, fewer networks: what a chapter then computes is noisy, and all the quicker.
QUICK = {
    "01": (("kernel-run", "kernels.KERNEL_WIDTHS", "kernels.KERNEL_WIDTHS[1:2]"),),
    "02": (("norm-tables", "figures.TASKS:", "list(figures.TASKS)[:1]:"),),
    "04": (
        ("study", "draws, study = 100", "draws, study = 10"),
        ("measure", "pairs=40", "pairs=6"),
        ("agreement", "trials=600", "trials=20"),
        ("gcv-agreement", "trials=2000", "trials=30"),
        ("choices", "{40: 300, 60: 1000, 200: 300}.get(n, 6)", "6"),
    ),
    "05": (
        ("measure", "trials=100", "trials=6"),
        ("worst-direction", "range(2000)", "range(100)"),
        ("exact", "d, trials, rng = 30, 2000", "d, trials, rng = 30, 50"),
        ("cure", "np.random.default_rng(size), 400", "np.random.default_rng(size), 20"),
        ("features", "trials=40", "trials=3"),
        ("features", "np.geomspace(1e-6, 10, 60)", "np.geomspace(1e-6, 10, 12)"),
        ("unresolved", "max(10, min(200, 2400 // n))", "3"),
        ("effective", "range(20)", "range(3)"),
    ),
    "06": (("universality-simulation", "draws=12", "draws=3"),),
    "07": (
        ("experiment", "1600 // FEWER", "60"),
        ("staircase-dots", "else 30", "else 4"),
        ("risk-simulation", "300 // FEWER", "6"),
        ("unequal", "96 // FEWER", "6"),
        ("two-factors", "160 // FEWER", "6"),
        ("two-factors", "40 // FEWER", "3"),
    ),
    "08": (
        ("throw-away", "else 160", "else 12"),
        ("shifted-check", "else 300", "else 20"),
        ("claims-simulation", "draws=24", "draws=3"),
        ("claims-runs", "draws=12", "draws=3"),
    ),
    "09": (("kepler", "256]), 24", "256]), 2"), ("images-measured", "trials=24", "trials=3")),
    "10": (("measure", "if BROWSER:", "if True:"), ("network-kernels", "trials=32", "trials=3")),
}
# What can't be another number: ten classes, pictures of 196 pixels, and what comes with the book for some sizes only.
BOUND = {
    "01": {
        "one-network": ("196", "10"),
        "claims": ("1000", "256"),
        "by-hand": ("10",),
        "symmetry": ("196", "10"),
        "theorem": ("10",),
        "kernel-by-hand": ("10",),
    },
    "02": {"memorize-digits": ("10",)},
    "10": {
        "experiment": ("2000",),
        "train-networks": ("196", "10", "2"),
        "network-kernels": ("10",),
        "network-regressions": ("196", "10"),
        "network-itself": ("10",),
    },
}


def legal(number: Number, stem: str) -> bool:
    return number.cell != "setup" and number.text not in BOUND.get(stem[:2], {}).get(number.cell, ())


@pytest.fixture
def reading(monkeypatch):
    """Readings of chapters; the networks of chapter 1 come with the book, as in a browser."""
    monkeypatch.setattr(trainings, "sys", SimpleNamespace(platform="emscripten"))
    return lambda stem: Reading(stem, QUICK.get(stem[:2], ()))


def changes(chapter: Reading, stem: str) -> list[Number]:
    return [number for number in chapter.numbers() if legal(number, stem)]


@each
def test_a_chapter_runs_with_numbers_changed(reading, stem):
    """One change in every third cell or so, all at once."""
    chapter = reading(stem)
    first = {}
    for number in changes(chapter, stem):
        first.setdefault(number.cell, number)
    chapter.run(list(first.values()))


@pytest.mark.nightly
@each
def test_a_chapter_runs_with_each_number_changed(reading, stem):
    chapter = reading(stem)
    chapter.run()
    found, wrong = changes(chapter, stem), []
    if len(found) < 20:
        found += [number.otherwise() for number in found]
    assert len(found) >= 20
    for number in found:
        try:
            chapter.run([number])
        except Exception as error:
            wrong.append(f"{number} {error.__notes__[0]}: {type(error).__name__}: {error}"[:200])
    assert not wrong, "\n".join(wrong)
