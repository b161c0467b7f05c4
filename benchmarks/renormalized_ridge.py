"""κ on a grid, against a root finder called point by point, and against one evaluation of df₁ at each point."""

import numpy as np
from scipy.optimize import brentq

from benchmarks.harness import Table, paired_times, ratio, seconds, spread, times_as
from renorm import renormalized_ridge

CACHE = 32_768  # numbers at work at a time in the floor: 256 kB


def measure(d: int = 1000, samples: int = 40, penalties: int = 50, repeats: int = 9) -> list[Table]:
    eigenvalues = np.arange(1.0, d + 1) ** -1.5
    n, ridge = np.meshgrid(np.geomspace(d / 20, 4 * d, samples), np.geomspace(1e-8, 1e2, penalties), indexing="ij")
    n, ridge = n.ravel(), ridge.ravel()
    kappa = renormalized_ridge(eigenvalues, n, ridge)
    contenders = {
        "`renormalized_ridge`": lambda: renormalized_ridge(eigenvalues, n, ridge),
        "`scipy.optimize.brentq` in ln κ, point by point": lambda: by_brentq(eigenvalues, n, ridge),
        "Newton in ln κ, in numpy, a block of the grid at a time": lambda: by_newton(eigenvalues, n, ridge),
        "the floor point by point: df₁ and df₂ once at every κ": lambda: floor(eigenvalues, kappa),
    }
    times = paired_times(contenders, repeats)
    ours = next(iter(times.values()))
    rows = [
        [name, spread(t).text(seconds), "1" if t is ours else ratio(t, ours).text(times_as)]
        for name, t in times.items()
    ]
    above_floor = ratio(ours, times["the floor point by point: df₁ and df₂ once at every κ"])
    reference = by_brentq(eigenvalues, n, ridge)
    return [
        Table(
            question="How fast is the renormalized ridge on a grid?",
            columns=["contender", "time", "times as long as `renormalized_ridge`"],
            rows=rows,
            note=f"`renormalized_ridge` takes {above_floor.text(times_as)} as long as evaluating df₁ and df₂ once, "
            "blocked for the cache, at every point of the grid.",
            details=[
                f"{n.size:,} points: n from {d // 20} to {4 * d:,}, λ from 10⁻⁸ to 100; spectrum k⁻¹·⁵, d = {d:,}.",
                "brentq is given the bracket [10⁻¹⁴, 2(λ + Tr Σ/n)] and a tolerance of 10⁻¹⁴ in ln κ.",
                f"Largest relative difference from brentq: {np.max(np.abs(kappa / reference - 1)):.0e}.",
            ],
        )
    ]


def by_brentq(eigenvalues, n, ridge) -> np.ndarray:
    """A bracketing root finder for each point: what one would write first."""
    trace = eigenvalues.sum()

    def residual(u, n, ridge):
        kappa = np.exp(u)
        return kappa * (1 - np.sum(eigenvalues / (eigenvalues + kappa)) / n) - ridge

    roots = [
        brentq(residual, np.log(1e-14), np.log(2 * (r + trace / m)), args=(m, r), xtol=1e-14, rtol=1e-14)
        for m, r in zip(n, ridge, strict=True)
    ]
    return np.exp(roots)


def by_newton(eigenvalues, n, ridge, rows: int = 32) -> np.ndarray:
    """Newton's method in ln κ from above, where it converges without a bracket, on blocks of the grid."""
    result = np.empty(n.size)
    for start in range(0, n.size, rows):
        m, r = n[start : start + rows], ridge[start : start + rows]
        kappa = r + eigenvalues.sum() / m
        for _ in range(200):
            share = eigenvalues / (eigenvalues + kappa[:, None])
            df1, df2 = share.sum(axis=1), np.einsum("ij,ij->i", share, share)
            step = (m - df1 - m * r / kappa) / (df1 - df2 + m * r / kappa)
            kappa = kappa * np.exp(-np.clip(step, -2, 2))
            if np.all(np.abs(step) < 1e-9):
                break
        result[start : start + rows] = kappa
    return result


def floor(eigenvalues, kappa) -> tuple[np.ndarray, np.ndarray]:
    """df₁ and df₂ at every κ with one division each: the least that a method working point by point can do with."""
    df1, df2 = np.empty(kappa.size), np.empty(kappa.size)
    rows = max(1, CACHE // eigenvalues.size)
    workspace, ones = np.empty((rows, eigenvalues.size)), np.ones(eigenvalues.size)
    for start in range(0, kappa.size, rows):
        block = kappa[start : start + rows, None]
        share = workspace[: len(block)]
        np.add(eigenvalues, block, out=share)
        np.divide(eigenvalues, share, out=share)
        df1[start : start + rows] = share @ ones
        df2[start : start + rows] = np.einsum("ij,ij->i", share, share)
    return df1, df2
