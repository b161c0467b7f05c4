"""Instant checks of chapter 4: the exercises on ridge regression."""

import numpy as np

from renorm_book.answers import near
from renorm_book.exercise import Exercise, judged, number
from renorm_book.verdict import Verdict

__all__ = ["kept", "leave_one_out", "same_filter"]


@judged
def same_filter(alpha, given: float = 3, samples: int = 150, new_samples: int = 600) -> Verdict:
    """Ridge(alpha=given) on so many pictures; which alpha keeps the filter on new_samples?

    >>> same_filter(12)
    Right. λ = 3/150 = 0.02 stays, so α = 600 × 0.02: 4 times the data, 4 times the α.
    >>> same_filter(2.5, given=5, samples=100, new_samples=50).passed
    True
    """
    ridge, factor = given / samples, new_samples / samples
    return number(
        alpha,
        "alpha",
        lambda value: near(value, given * factor),
        (
            (
                "kept alpha",
                given,
                0.0,
                f"The same α is a threshold α/n of {1 / factor:.3g} times what it was: other directions are kept.",
            ),
            ("wrong way", given / factor, 0.0, "You scaled the wrong way: α = nλ grows with n when λ is to stay."),
            ("gave lambda", ridge, 0.0, f"{ridge:g} is λ, the ridge per sample. scikit-learn wants α = nλ."),
            ("squared", given * factor**2, 0.0, "You scaled twice: α is proportional to n, not to n²."),
            ("root", given * factor**0.5, 0.0, "α is proportional to n, not to √n: compare α/n with a variance."),
        ),
        f"λ = {given:g}/{samples} = {ridge:g} stays, so α = {new_samples} × {ridge:g}: {factor:g} times the data, "
        f"{factor:g} times the α.",
        lambda value: (
            f"Your α is a λ of {value / new_samples:.4g} for {new_samples} pictures. Hers for {samples} was another."
        ),
    )


def _problem(seed: int, n: int, d: int) -> tuple:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d)) * np.arange(1, d + 1) ** -0.5
    return X, X @ rng.standard_normal(d) + 0.5 * rng.standard_normal(n)


def _squares(X) -> np.ndarray:
    return np.linalg.svd(X, compute_uv=False) ** 2


_KEPT = Exercise(
    signature="kept(X, ridge)",
    returns="one number, the sum of the factors",
    cases=((np.ones((2, 1)), 1.0), (_problem(1, 30, 12)[0], 0.1), (_problem(2, 15, 25)[0], 0.02)),
    exact=lambda X, ridge: np.sum(_squares(X) / (_squares(X) + len(X) * ridge)),
    mistakes=(
        (
            "sum form",
            lambda X, ridge: np.sum(_squares(X) / (_squares(X) + ridge)),
            "You compared s² with λ. With a ridge per sample, singular values s give the factor s²/(s² + nλ).",
        ),
        (
            "squared",
            lambda X, ridge: np.sum((_squares(X) / (_squares(X) + len(X) * ridge)) ** 2),
            "You summed the squares of the factors. That number is useful too (chapter 7 calls it df₂), but another.",
        ),
        (
            "mean",
            lambda X, ridge: np.mean(_squares(X) / (_squares(X) + len(X) * ridge)),
            "You took the mean of the factors; the degrees of freedom are their sum.",
        ),
        (
            "unsquared",
            lambda X, ridge: np.sum(_squares(X) ** 0.5 / (_squares(X) ** 0.5 + len(X) * ridge)),
            "The factor holds the squares of the singular values: numpy's svd returns s, not s².",
        ),
        (
            "dropped",
            lambda X, ridge: np.sum(len(X) * ridge / (_squares(X) + len(X) * ridge)),
            "You counted what is dropped, λ/(v + λ). Kept is v/(v + λ).",
        ),
        (
            "factors",
            lambda X, ridge: _squares(X) / (_squares(X) + len(X) * ridge),
            "These are the factors of the single directions. How many directions do they make together?",
        ),
        (
            "counted",
            lambda X, ridge: np.sum(_squares(X) / len(X) > ridge),
            "You counted the directions above λ. Each is kept in part: add the parts up.",
        ),
    ),
    said="Between 0 and the rank of X; it equals Tr H, the sum of the leverages.",
    hint="Do the smallest case by hand: one feature, always 1, and λ = 1. Its variance is λ: which share is kept?",
)


def kept(function) -> Verdict:
    """Effective degrees of freedom: sum of s^2 / (s^2 + n ridge)."""
    return _KEPT.judge(function)


def _residuals(X, y, ridge, samples=None) -> tuple[np.ndarray, np.ndarray]:
    """Residuals and leverages of one fit, with the penalty samples · λ."""
    penalty = (len(X) if samples is None else samples) * ridge
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


def _loo(combine, samples=None):
    return lambda X, y, ridge: combine(*_residuals(X, y, ridge, samples))


_LEAVE_ONE_OUT = Exercise(
    signature="loo(X, y, ridge)",
    returns="one number, the mean squared error",
    cases=((*_problem(3, 20, 6), 0.1), (*_problem(4, 12, 18), 0.05)),
    exact=_loo(lambda r, h: np.mean((r / (1 - h)) ** 2)),
    mistakes=(
        (
            "training error",
            _loo(lambda r, h: np.mean(r**2)),
            "That is the training error: divide each residual by 1 − Hᵢᵢ.",
        ),
        (
            "square forgotten",
            _loo(lambda r, h: np.mean(r**2 / (1 - h))),
            "You divided the squared residual by 1 − Hᵢᵢ. Divide the residual, then square.",
        ),
        (
            "gcv",
            _loo(lambda r, h: np.mean(r**2) / (1 - h.mean()) ** 2),
            "That is GCV, with the average leverage for everyone. Leave-one-out uses each example's own Hᵢᵢ.",
        ),
        (
            "sum form",
            _loo(lambda r, h: np.mean((r / (1 - h)) ** 2), samples=1),
            "Your H has λ where nλ belongs: λ is the ridge per sample.",
        ),
        (
            "wrong sign",
            _loo(lambda r, h: np.mean((r / (1 + h)) ** 2)),
            "Leaving an example out makes its error larger: divide by 1 − Hᵢᵢ.",
        ),
        (
            "not averaged",
            _loo(lambda r, h: np.sum((r / (1 - h)) ** 2)),
            "You summed over the examples; the exercise asks for the mean.",
        ),
        (
            "not squared",
            _loo(lambda r, h: np.mean(r / (1 - h))),
            "You averaged the errors themselves; square them first.",
        ),
        (
            "root",
            _loo(lambda r, h: np.sqrt(np.mean((r / (1 - h)) ** 2))),
            "You took the root in the end; the mean square itself is asked for.",
        ),
        (
            "per example",
            _loo(lambda r, h: (r / (1 - h)) ** 2),
            "These are the squared errors of the single examples; the exercise asks for their mean.",
        ),
        (
            "fixed lambda",
            _refitted,
            "You refitted with n − 1 examples at the same λ, so the penalty became (n − 1)λ. Keep α = nλ.",
        ),
    ),
    said="One fit did the work of n: the same number as leaving out each example in turn, at the same α = nλ.",
    hint="Leave out one example by force, refit with the penalty nλ of the whole sample, and compare its error.",
)


def leave_one_out(function) -> Verdict:
    """Mean squared leave-one-out error of ridge regression from one fit."""
    return _LEAVE_ONE_OUT.judge(function)
