"""Timing side by side: contenders take turns, and what is reported is the spread of their ratios.

A benchmark is a module of this folder with a function ``measure()`` that returns a list of ``Table``; its sizes are
arguments with the published values as defaults. ``benchmarks/run.py`` finds it by that.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported: threads wait for one another on these sizes

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

__all__ = ["Spread", "Table", "megabytes", "paired_times", "ratio", "seconds", "spread", "times_as"]


@dataclass(frozen=True)
class Table:
    """What a benchmark found: the question it answers, a table of texts, and a sentence on how to read it."""

    question: str
    columns: list[str]
    rows: list[list[str]]
    note: str
    details: list[str] = field(default_factory=list)  # how it was measured: sizes, contenders; one sentence each

    def __post_init__(self):
        assert all(len(row) == len(self.columns) for row in self.rows), "a row of another length than the header"


@dataclass(frozen=True)
class Spread:
    """Median, least and largest of repeated measurements."""

    median: float
    least: float
    largest: float

    def text(self, show: Callable[[float], str]) -> str:
        """``median (least to largest)``, each through ``show``."""
        return f"{show(self.median)} ({show(self.least)} to {show(self.largest)})"


def spread(values: list[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def paired_times(contenders: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Processor seconds of each contender, ``repeats`` times.

    They take turns, so that a busy moment of the machine falls on all of them alike. Each is called once before, so
    that nothing is timed with cold caches or first-call imports. Time is that of this process and its one thread:
    what other programs take does not count.
    """
    for call in contenders.values():
        call()
    times = {name: [] for name in contenders}
    for turn in range(repeats):
        for name in _turn(list(contenders), turn):
            start = time.process_time()
            contenders[name]()
            times[name].append(time.process_time() - start)
    return times


def _turn(names: list[str], turn: int) -> Iterator[str]:
    """Every turn starts with another contender: nobody always runs after the same neighbour."""
    first = turn % len(names)
    yield from names[first:] + names[:first]


def ratio(times: list[float], reference: list[float]) -> Spread:
    """How many times as long as the reference, turn by turn."""
    return spread([a / b for a, b in zip(times, reference, strict=True)])


def seconds(value: float) -> str:
    """A duration with three significant digits and a unit.

    >>> seconds(0.0123456), seconds(4.2), seconds(7.7e-6)
    ('12.3 ms', '4.20 s', '7.70 µs')
    """
    unit, size = next((unit for unit in (("s", 1.0), ("ms", 1e-3)) if value >= unit[1]), ("µs", 1e-6))
    scaled = value / size
    return f"{scaled:.{2 if scaled < 10 else 1 if scaled < 100 else 0}f} {unit}"


def times_as(value: float) -> str:
    """A ratio: ``31×``, ``2.4×``."""
    return f"{value:.0f}×" if value >= 10 else f"{value:.1f}×" if value >= 1 else f"{value:.2f}×"


def megabytes(value: float) -> str:
    """Bytes as megabytes of 10^6 bytes."""
    return f"{value / 1e6:,.0f} MB" if value >= 1e7 else f"{value / 1e6:.1f} MB"
