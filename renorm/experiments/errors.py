"""Errors measured in repeated trials, and how a trial computes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from renorm._numerics import validate
from renorm.experiments.sweeps import Plan, seed_key
from renorm.theory.population import Population

__all__ = ["Errors", "excess_error", "mean_square", "plan_errors"]


@dataclass(frozen=True, eq=False)
class Errors:
    """Errors measured in independent trials, for each ridge.

    ridges     the penalties, of the shape L that they were given in
    per_trial  name -> array of shape (trials,) + L, for "train", "test", "excess" and what else was measured

    ``train`` (mean squared residual), ``test`` (error on new, noisy labels) and ``excess`` (test - sigma^2) are means
    over the trials, of shape L; ``train_se``, ``test_se``, ``excess_se`` their standard errors. ``mean``,
    ``standard_error`` and ``median`` do it for any name. Near n = d at small ridge errors have a heavy tail: there the
    median says what a typical draw gives.

    >>> errors = Errors(np.array(0.1), {"train": np.array([1.0, 2.0, 6.0])})
    >>> errors.train, errors.train_se.round(3), errors.median("train")
    (np.float64(3.0), np.float64(1.528), np.float64(2.0))
    """

    ridges: np.ndarray
    per_trial: Mapping[str, np.ndarray]

    @property
    def trials(self) -> int:
        """How many independent trials there are."""
        return len(self.per_trial["train"])

    def mean(self, name: str) -> np.ndarray:
        """Mean over trials."""
        return self._of(name).mean(axis=0)

    def standard_error(self, name: str) -> np.ndarray:
        """Standard deviation over trials divided by the root of their number; nan for one trial."""
        values = self._of(name)
        if len(values) == 1:
            return np.full(values.shape[1:], np.nan)[()]
        return values.std(axis=0, ddof=1) / np.sqrt(len(values))

    def median(self, name: str) -> np.ndarray:
        """Median over trials."""
        return np.median(self._of(name), axis=0)

    def _of(self, name: str) -> np.ndarray:
        validate.one_of("name", name, tuple(self.per_trial))
        return self.per_trial[name]

    @property
    def train(self) -> np.ndarray:
        return self.mean("train")

    @property
    def train_se(self) -> np.ndarray:
        return self.standard_error("train")

    @property
    def test(self) -> np.ndarray:
        return self.mean("test")

    @property
    def test_se(self) -> np.ndarray:
        return self.standard_error("test")

    @property
    def excess(self) -> np.ndarray:
        return self.mean("excess")

    @property
    def excess_se(self) -> np.ndarray:
        return self.standard_error("excess")


def plan_errors(trial: Callable, arguments: Mapping, trials, seed: tuple, noise: float) -> Plan:
    """The plan of an experiment whose ``trial`` returns at least "train" and "excess"; "test" is excess + noise."""

    def summarize(arrays):
        arrays = {**arrays, "test": arrays["excess"] + noise}
        for array in arrays.values():
            array.setflags(write=False)
        return Errors(arguments["ridges"], arrays)

    return Plan(trial, arguments, validate.integer("trials", trials), seed_key(*seed), summarize)


def excess_error(population: Population, coefficients: np.ndarray) -> np.ndarray:
    """(w_hat - w)' Sigma (w_hat - w) for coefficients of shape L + (d,): the error on new labels without noise."""
    return np.square(coefficients - population.coefficients) @ population.eigenvalues


def mean_square(residuals: np.ndarray) -> np.ndarray:
    """Mean of squares over the last axis."""
    return np.mean(np.square(residuals), axis=-1)
