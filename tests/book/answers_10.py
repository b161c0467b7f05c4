"""Answers to chapter 10's exercises."""

import numpy as np
from exercise_table import Row

from renorm.theory.population import Population
from renorm_book.chapter10 import checks as check
from renorm_book.chapter10 import figures


def lottery(v, p):
    return (1 - p) ** 2 * v + (1 - (1 - p) ** 2) / len(v)


def by_library(v, p):
    return figures.lottery(Population(np.ones(len(v)), np.sqrt(v)), p).energies


def loss(s, v, t):
    return np.sum(v * np.exp(-2 * s * t))


def by_steps(s, v, t, steps=2000):
    """The flow, one short exact step after the other."""
    residual = np.sqrt(v)
    for _ in range(steps):
        residual = residual * np.exp(-s * t / steps)
    return residual @ residual


def random_error(gamma, n, size):
    return 1 / (1 - gamma) - n / (size - n)


WORLD = Population(np.arange(1, 401.0) ** -1.5, np.arange(1, 401.0) ** 0.1)
WORLD = Population(WORLD.eigenvalues, WORLD.coefficients / WORLD.signal**0.5)
TRUE, RANDOM = (check.time_to(0.05, WORLD.eigenvalues, v) for v in (WORLD.energies, np.full(400, 1 / 400)))
TIMES = RANDOM / TRUE

TABLE = {
    "lottery_energies": Row(
        check.lottery_energies,
        scalar=False,
        right={
            "signal and noise": lottery,
            "from the sum": lambda v, p: (1 - p) ** 2 * v + p * (2 - p) * np.mean(v),
        },
        wrong={
            "not squared": lambda v, p: (1 - p) * v + p / len(v),
            "noise p": lambda v, p: (1 - p) ** 2 * v + p / len(v),
            "signal only": lambda v, p: (1 - p) ** 2 * v,
            "noise not spread": lambda v, p: (1 - p) ** 2 * v + 1 - (1 - p) ** 2,
            "changed labels": lambda v, p: lottery(v, p / 2),
            "unrecognised": lambda v, p: v,
            "shape": lambda v, p: 1.0,
        },
        library=((figures.lottery, by_library),),
        exercise=check._LOTTERY,
    ),
    "training_loss": Row(
        lambda answer: check.training_loss(answer, TIMES, WORLD),
        right={
            "the sum": loss,
            "vectorised over t": lambda s, v, t: np.sum(v * np.exp(-2 * s * np.atleast_1d(t)[:, None]), axis=1),
            "a product": lambda s, v, t: v @ np.exp(-2 * s * t),
            "step by step": by_steps,
        },
        wrong={
            "not squared": lambda s, v, t: np.sum(v * np.exp(-s * t)),
            "gram eigenvalues": lambda s, v, t: np.sum(v * np.exp(-2 * len(s) * s * t)),
            "what is learned": lambda s, v, t: np.sum(v * (1 - np.exp(-s * t)) ** 2),
            "ridge": lambda s, v, t: np.sum(v / (1 + s * t) ** 2),
            "per mode": lambda s, v, t: v * np.exp(-2 * s * t),
            "mean over modes": lambda s, v, t: np.mean(v * np.exp(-2 * s * t)),
            "unrecognised": lambda s, v, t: 0.5,
        },
        exercise=check._LOSS,
    ),
    "training_loss, the times": Row(
        lambda value: check.training_loss(loss, value, WORLD),
        asks="a number",
        right={"the ratio": TIMES, "rounded": round(TIMES), "one digit": round(TIMES, 1)},
        wrong={
            "inverted": 1 / TIMES,
            "a time": RANDOM,
            "a time: of the true labels": TRUE,
            "a difference": RANDOM - TRUE,
            "another ratio": 1.0,
            "another ratio: energies of one": check.time_to(0.05, WORLD.eigenvalues, np.ones(400)) / TRUE,
            "second half": ...,
        },
    ),
    "random_error": Row(
        check.random_error,
        right={
            "the formula": random_error,
            "one fraction": lambda g, n, N: ((N - n) - n * (1 - g)) / (1 - g) / (N - n),
        },
        wrong={
            "fresh noise": lambda g, n, N: 1 / (1 - g),
            "whole world": lambda g, n, N: (1 - n / N) / (1 - g) - n / N,
            "wrong sign": lambda g, n, N: 1 / (1 - g) + n / (N - n),
            "factor only": lambda g, n, N: N / (N - n) / (1 - g),
            "share for odds": lambda g, n, N: 1 / (1 - g) - n / N,
            "unrecognised": lambda g, n, N: 1.0,
        },
        exercise=check._RANDOM,
    ),
}
