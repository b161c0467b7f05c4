"""How cost grows: with the number of eigenvalues, of grid points and of trials."""

import numpy as np

from benchmarks.harness import Table, paired_times, seconds, spread
from renorm import power_law, renormalized_ridge, ridge_experiment

NANOSECONDS = 1e9


def measure(
    dimensions=(100, 1_000, 10_000, 100_000),
    grids=(20, 200, 2_000, 20_000),
    trials=(10, 40, 160),
    size: int = 300,
    repeats: int = 5,
) -> list[Table]:
    return [_theory(dimensions, grids, repeats), _trials(trials, size, repeats)]


def _theory(dimensions, grids, repeats) -> Table:
    cases = {(d, 200): None for d in dimensions} | {(1_000, m): None for m in grids}
    contenders = {case: _grid_call(*case) for case in sorted(cases)}
    rows = []
    for (d, m), times in paired_times(contenders, repeats).items():
        each = spread([t / (d * m) * NANOSECONDS for t in times])
        rows.append(
            [f"{d:,}", f"{m:,}", spread(times).text(seconds), each.text(lambda t: f"{t:.{0 if t >= 10 else 1}f}")]
        )
    return Table(
        question="How does the cost of κ grow with the spectrum and the grid?",
        columns=["d", "grid points", "time", "nanoseconds per eigenvalue and point"],
        rows=rows,
        note="Cost is proportional to d. The points of a large grid share one table of df₁ and its derivatives, so "
        "that further points cost next to nothing; on small problems the fixed cost of some hundred numpy calls shows.",
        details=["Spectrum k⁻¹·⁵; n from 20 to 4d and λ from 10⁻⁸ to 1, both logarithmic."],
    )


def _grid_call(d, points):
    eigenvalues = np.arange(1.0, d + 1) ** -1.5
    side = int(np.sqrt(points))
    n = np.geomspace(20, 4 * d, side)[:, None]
    ridge = np.geomspace(1e-8, 1, points // side)
    return lambda: renormalized_ridge(eigenvalues, n, ridge)


def _trials(trials, size, repeats) -> Table:
    population = power_law(2 * size, 1.5, 0.4, noise_variance=0.1)
    ridges = np.geomspace(1e-4, 1, 20)
    contenders = {count: lambda c=count: ridge_experiment(population, size, ridges, c, seed=0) for count in trials}
    rows = []
    for count, times in paired_times(contenders, max(2, repeats // 2)).items():
        rows.append([f"{count}", spread(times).text(seconds), spread([t / count for t in times]).text(seconds)])
    return Table(
        question="How does the cost of a simulation grow with the trials?",
        columns=["trials", "time", "time per trial"],
        rows=rows,
        note="A trial draws data, factorizes once, and solves for all penalties.",
        details=[f"`ridge_experiment` with n = {size}, d = {2 * size}, {len(ridges)} penalties, one worker."],
    )
