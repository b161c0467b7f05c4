"""A spectrum of a million eigenvalues: time, and memory beyond the spectrum itself."""

import tracemalloc
from collections.abc import Callable

import numpy as np

from benchmarks.harness import Table, megabytes, paired_times, seconds, spread
from renorm import Population, power_law, renormalized_ridge, ridge_risk, spiked


def measure(d: int = 1_000_000, points: int = 20, repeats: int = 3) -> list[Table]:
    distinct, repeated = power_law(d, 1.5, 0.4, noise_variance=0.1), spiked(d, [100.0, 10.0], noise_variance=0.1)
    n, ridge = np.geomspace(100, 100 * d, points), 1e-4
    rows = []
    for name, population in (("k⁻¹·⁵, all different", distinct), ("two spikes over equal eigenvalues", repeated)):
        for what, call in _tasks(population, n, ridge).items():
            (times,) = paired_times({what: call}, repeats).values()
            rows.append([name, what, spread(times).text(seconds), megabytes(peak_memory(call))])
    return [
        Table(
            question=f"How far does it go? A spectrum of {d:,} eigenvalues",
            columns=["spectrum", "task", "time", "peak memory beyond the spectrum"],
            rows=rows,
            note=f"The spectrum itself takes {megabytes(8 * d)}. Once it is sorted, only different eigenvalues cost "
            "time, and a grid is worked on in pieces, so that memory grows with d, not with d times the grid.",
            details=[f"The grid holds {points} values of n from 100 to {100 * d:,}, at λ = {ridge:g}."],
        )
    ]


def _tasks(population: Population, n: np.ndarray, ridge: float) -> dict[str, Callable[[], object]]:
    return {
        "κ at one point": lambda: renormalized_ridge(population.eigenvalues, n[0], ridge),
        f"κ on a grid of {n.size}": lambda: renormalized_ridge(population.eigenvalues, n, ridge),
        f"all errors on a grid of {n.size}": lambda: ridge_risk(population, n, ridge),
    }


def peak_memory(call: Callable[[], object]) -> float:
    """Bytes allocated at once during a call, at the most; numpy's arrays are counted."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
