"""Instant checks of chapter 4: the exercises on ridge regression."""

import numpy as np

from renorm_book.answers import answers, near, number, same
from renorm_book.verdict import Verdict, is_stub, not_answered, right, wrong

__all__ = ["kept", "leave_one_out", "same_filter"]


def same_filter(alpha) -> Verdict:
    """Ridge(alpha=3) on 150 pictures; which alpha keeps the filter on 600?

    >>> same_filter(12)
    Right. λ = 3/150 = 0.02 stays, so α = 600 × 0.02: four times the data, four times the α.
    """
    if is_stub(alpha):
        return not_answered("set alpha to a number.")
    value = number(alpha)
    if value is None:
        return wrong("alpha must be a single number.", "not a number")
    if near(value, 12):
        return right("λ = 3/150 = 0.02 stays, so α = 600 × 0.02: four times the data, four times the α.")
    if near(value, 3):
        return wrong(
            "With the same α the threshold α/n falls to a quarter: quieter directions are let in.", "kept alpha"
        )
    if near(value, 0.75):
        return wrong("You scaled the wrong way: α = nλ grows with n when λ is to stay.", "wrong way")
    if near(value, 0.02):
        return wrong("0.02 is λ, the ridge per sample. scikit-learn wants α = nλ.", "gave lambda")
    return wrong("Find her λ = α/n first, then turn it into an α for n = 600.")


def _problem(seed: int, n: int, d: int):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)) * np.arange(1, d + 1) ** -0.5
    return X, X @ rng.standard_normal(d) + 0.5 * rng.standard_normal(n)


KEPT_MISTAKES = {
    "sum form": (
        lambda v, n, ridge: np.sum(n * v / (n * v + ridge)),
        "You compared s² with λ. With a ridge per sample, singular values s give the factor s²/(s² + nλ).",
    ),
    "squared": (
        lambda v, n, ridge: np.sum((v / (v + ridge)) ** 2),
        "You summed the squares of the factors. That number is useful too (chapter 7 calls it df₂), but another.",
    ),
    "mean": (
        lambda v, n, ridge: np.mean(v / (v + ridge)),
        "You took the mean of the factors; the degrees of freedom are their sum.",
    ),
    "unsquared": (
        lambda v, n, ridge: np.sum(np.sqrt(n * v) / (np.sqrt(n * v) + n * ridge)),
        "The factor holds the squares of the singular values: numpy's svd returns s, not s².",
    ),
    "dropped": (
        lambda v, n, ridge: np.sum(ridge / (v + ridge)),
        "You counted what is dropped, λ/(v + λ). Kept is v/(v + λ).",
    ),
}


def kept(function) -> Verdict:
    """Effective degrees of freedom: sum of s^2 / (s^2 + n ridge)."""
    problems = [(_problem(seed, n, d)[0], ridge) for seed, n, d, ridge in ((1, 30, 12, 0.1), (2, 15, 25, 0.02))]
    values = answers(function, problems, "kept")
    if isinstance(values, Verdict):
        return values
    spectra = [(np.linalg.svd(X, compute_uv=False) ** 2 / len(X), len(X), ridge) for X, ridge in problems]
    if same(values, [np.sum(v / (v + ridge)) for v, _, ridge in spectra]):
        return right("Between 0 and the rank of X; it equals Tr H, the sum of the leverages.")
    for mistake, (formula, hint) in KEPT_MISTAKES.items():
        if same(values, [formula(*spectrum) for spectrum in spectra]):
            return wrong(hint, mistake)
    return wrong(
        f"For a 30 × 12 example at λ = 0.1 you get {values[0]:.4g}; between 0 and 12 the right value is another."
    )


def _residuals(X, y, ridge, penalty=None):
    penalty = len(X) * ridge if penalty is None else penalty
    H = X @ np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T)
    return y - H @ y, np.diag(H)


def _refitted(X, y, ridge) -> float:
    """Leave-one-out by refitting with lambda per sample held fixed, so that the penalty is (n - 1) lambda."""
    errors = []
    for i in range(len(y)):
        A, b = np.delete(X, i, axis=0), np.delete(y, i)
        w = np.linalg.solve(A.T @ A + len(b) * ridge * np.eye(X.shape[1]), A.T @ b)
        errors.append((y[i] - X[i] @ w) ** 2)
    return float(np.mean(errors))


def _loo_mistakes(X, y, ridge) -> dict:
    r, h = _residuals(X, y, ridge)
    rs, hs = _residuals(X, y, ridge, penalty=ridge)
    return {
        "training error": (np.mean(r**2), "That is the training error: divide each residual by 1 − Hᵢᵢ."),
        "square forgotten": (
            np.mean(r**2 / (1 - h)),
            "You divided the squared residual by 1 − Hᵢᵢ. Divide the residual, then square.",
        ),
        "gcv": (
            np.mean(r**2) / (1 - h.mean()) ** 2,
            "That is GCV, with the average leverage for everyone. Leave-one-out uses each example's own Hᵢᵢ.",
        ),
        "sum form": (
            np.mean((rs / (1 - hs)) ** 2),
            "Your H has λ where nλ belongs: λ is the ridge per sample.",
        ),
        "wrong sign": (
            np.mean((r / (1 + h)) ** 2),
            "Leaving an example out makes its error larger: divide by 1 − Hᵢᵢ.",
        ),
        "not averaged": (np.sum((r / (1 - h)) ** 2), "You summed over the examples; the exercise asks for the mean."),
        "not squared": (np.mean(r / (1 - h)), "You averaged the errors themselves; square them first."),
        "fixed lambda": (
            _refitted(X, y, ridge),
            "You refitted with n − 1 examples at the same λ, so the penalty became (n − 1)λ. Keep α = nλ.",
        ),
    }


def leave_one_out(function) -> Verdict:
    """Mean squared leave-one-out error of ridge regression from one fit."""
    problems = [(*_problem(3, 20, 6), 0.1), (*_problem(4, 12, 18), 0.05)]
    values = answers(function, problems, "loo")
    if isinstance(values, Verdict):
        return values
    targets = []
    for X, y, ridge in problems:
        r, h = _residuals(X, y, ridge)
        targets.append(np.mean((r / (1 - h)) ** 2))
    if same(values, targets):
        return right(
            "One fit did the work of n: the same number as leaving out each example in turn, at the same α = nλ."
        )
    known = [_loo_mistakes(*problem) for problem in problems]
    for mistake in known[0]:
        if same(values, [table[mistake][0] for table in known]):
            return wrong(known[0][mistake][1], mistake)
    return wrong(f"For the first example the leave-one-out error is {targets[0]:.4g}; yours is {values[0]:.4g}.")
