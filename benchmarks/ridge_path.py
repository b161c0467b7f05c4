"""A path of penalties from one factorization, against scikit-learn called penalty by penalty."""

import numpy as np
from sklearn.linear_model import Ridge

from benchmarks.harness import Table, paired_times, ratio, seconds, spread, times_as
from renorm.experiments import solver as ridge_solver


def measure(n: int = 500, d: int = 1000, penalties: int = 50, repeats: int = 9) -> list[Table]:
    return [_wide(n, d, penalties, repeats), _shapes(n, d, penalties, max(3, repeats // 3))]


def _wide(n, d, penalties, repeats) -> Table:
    X, y, ridges = _problem(n, d, penalties)
    contenders = {
        "`ridge_path`": lambda: ridge_solver.ridge_path(X, y, ridges),
        "a loop over scikit-learn's `Ridge`": lambda: by_scikit_learn(X, y, ridges),
        "one singular value decomposition": lambda: by_svd(X, y, ridges),
        "one eigendecomposition of XXᵀ, unrefined": lambda: by_gram(X, y, ridges),
    }
    times = paired_times(contenders, repeats)
    ours = times["`ridge_path`"]
    best = by_svd(X, y, ridges)
    rows = []
    for name, t in times.items():
        error = np.max(np.linalg.norm(contenders[name]() - best, axis=1) / np.linalg.norm(best, axis=1))
        gap = "" if "singular" in name else f"{error:.0e}"
        rows.append([name, spread(t).text(seconds), "1" if t is ours else ratio(t, ours).text(times_as), gap])
    return Table(
        question="How fast is a path of ridge penalties?",
        columns=["contender", "time", "times as long as `ridge_path`", "largest difference from the SVD"],
        rows=rows,
        note="Refinement costs `ridge_path` two more products with X, and buys back the digits that squaring X loses.",
        details=[
            f"Gaussian data, n = {n}, d = {d:,}, {penalties} penalties from λ = 10⁻⁶ to 100, one BLAS thread.",
            "scikit-learn's solver is its default; alpha = nλ, without intercept.",
        ],
    )


def _shapes(n, d, penalties, repeats) -> Table:
    usual, tiny = np.geomspace(1e-6, 1e2, penalties), np.r_[0, np.geomspace(1e-14, 1e2, penalties - 1)]
    rows = []
    for shape, decay in (((n, d), 0), ((d, n), 0), ((n, n), 0), ((n, d), 4)):
        X, y, _ = _problem(*shape, penalties)
        X = X * np.arange(1.0, shape[1] + 1) ** -(decay / 2)
        kind = f"{shape[0]:,} × {shape[1]:,}" + (f", covariance spectrum k⁻{'⁰¹²³⁴'[decay]}" if decay else "")
        for label, path in (("10⁻⁶ to 100", usual), ("0, and 10⁻¹⁴ to 100", tiny)):
            contenders = {
                "ours": lambda X=X, y=y, path=path: ridge_solver.ridge_path(X, y, path),
                "theirs": lambda X=X, y=y, path=path: by_scikit_learn(X, y, np.maximum(path, 1e-6)),
            }
            times = paired_times(contenders, repeats)
            used = ridge_solver.ridge_fits(X, y, path).factorization
            faster = ratio(times["theirs"], times["ours"]).text(times_as)
            rows.append([kind, label, used, spread(times["ours"]).text(seconds), faster])
    return Table(
        question="Which factorization serves which data, and how fast?",
        columns=["data", "λ", "factorization", "time of `ridge_path`", "scikit-learn's loop takes"],
        rows=rows,
        note="The Gram matrix serves as long as its condition number, penalty included, stays below "
        f"{ridge_solver.GRAM_CONDITION_LIMIT:,.0f}; beyond it, the singular values of X itself are needed.",
        details=["scikit-learn gets 10⁻⁶ in the place of smaller penalties, for which its default solver is not made."],
    )


def _problem(n, d, penalties):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d))
    y = X @ rng.standard_normal(d) / np.sqrt(d) + 0.5 * rng.standard_normal(n)
    return X, y, np.geomspace(1e-6, 1e2, penalties)


def by_scikit_learn(X, y, ridges) -> np.ndarray:
    return np.array([Ridge(alpha=len(X) * ridge, fit_intercept=False).fit(X, y).coef_ for ridge in ridges])


def by_svd(X, y, ridges) -> np.ndarray:
    left, s, right = np.linalg.svd(X, full_matrices=False)
    return (s / (s**2 + len(X) * ridges[:, None]) * (left.T @ y)) @ right


def by_gram(X, y, ridges) -> np.ndarray:
    g, U = np.linalg.eigh(X @ X.T)
    return ((U.T @ y) / (g + len(X) * ridges[:, None])) @ U.T @ X
