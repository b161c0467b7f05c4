"""Answers to chapter 8's exercises."""

import numpy as np
from exercise_table import Row

from renorm.theory.population import Population
from renorm.theory.renormalization import dyson_iteration, integrate_out
from renorm.theory.ridge import renormalized_ridge
from renorm_book.chapter08 import checks as check


def run_down(
    s, w, n, ridge, noise, keep, order=lambda s: np.argsort(-s), divide=lambda n: n, signal=lambda w, s, n: w**2 * s
):
    tail = order(s)[keep:]
    return ridge + s[tail].sum() / divide(n), noise + np.sum(signal(w[tail], s[tail], n))


def changed(**changes):
    return lambda *arguments: run_down(*arguments, **changes)


def by_library(s, w, n, ridge, noise, keep):
    head, raised = integrate_out(Population(s, w, noise), n, ridge, keep)
    return raised, head.noise_variance


def by_sorting(s, w, n, ridge, noise, keep):
    pairs = sorted(zip(s, w, strict=True), reverse=True)[keep:]
    return [ridge + sum(a for a, _ in pairs) / n, noise + sum(a * b * b for a, b in pairs)]


def weights_left(s, w, n, ridge, noise, keep):
    s = np.sort(s)[::-1]
    return ridge + s[keep:].sum() / n, noise + np.sum(w[keep:] ** 2 * s[keep:])


def layers(s, n, ridge, accuracy, shift=0, relative=True, steps=600):
    kappa = renormalized_ridge(s, n, ridge)
    error = np.abs(dyson_iteration(s, n, ridge, steps=steps) - kappa) / (kappa if relative else 1)
    return int(np.argmax(error <= accuracy)) + shift


def one_by_one(s, n, ridge, accuracy):
    kappa, now, steps = renormalized_ridge(s, n, ridge), ridge, 0
    while abs(now / kappa - 1) > accuracy:
        now, steps = ridge + now * np.sum(s / (s + now)) / n, steps + 1
    return steps


def relative_to_the_iterate(s, n, ridge, accuracy):
    iterates = dyson_iteration(s, n, ridge, steps=600)
    return int(np.argmax(np.abs(1 - renormalized_ridge(s, n, ridge) / iterates) < accuracy))


def until_still(s, n, ridge, accuracy, first=1):
    """Stops when a step changes the iterate by less than the accuracy."""
    now, steps = ridge, first
    while True:
        new = ridge + now * np.sum(s / (s + now)) / n
        if abs(new - now) <= accuracy * new:
            return steps
        now, steps = new, steps + 1


TABLE = {
    "run_down": Row(
        check.run_down,
        scalar=False,
        right={"argsort": run_down, "sorted in Python": by_sorting},
        wrong={
            "not sorted": changed(order=lambda s: np.arange(len(s))),
            "weights not sorted": weights_left,
            "kept the tail": changed(order=np.argsort),
            "not divided by n": changed(divide=lambda n: 1),
            "noise divided by n": changed(signal=lambda w, s, n: w**2 * s / n),
            "weights not squared": changed(signal=lambda w, s, n: w * s),
            "no variance in the noise": changed(signal=lambda w, s, n: w**2),
            "swapped": lambda *a: run_down(*a)[::-1],
            "shape": lambda *a: run_down(*a)[0],
            "unrecognised": changed(signal=lambda w, s, n: 7 * w),
        },
        library=((integrate_out, by_library),),
        exercise=check._RUN_DOWN,
    ),
    "layers": Row(
        check.layers,
        right={
            "all iterates": layers,
            "one by one": one_by_one,
            "relative to the iterate": relative_to_the_iterate,
            "a whole number as a float": lambda *a: float(one_by_one(*a)),
            "a NumPy integer": lambda *a: np.int64(one_by_one(*a)),
        },
        wrong={
            "off by one": lambda *a: layers(*a, shift=1),
            "one too few": lambda *a: layers(*a, shift=-1),
            "absolute error": lambda *a: layers(*a, relative=False),
            "step's change": until_still,
            "step's change: counted from zero": lambda *a: until_still(*a, first=0),
            "not whole": lambda *a: 3.5,
            "too short": lambda *a: 0,
            "unrecognised": lambda *a: layers(*a, shift=9),
            "too short: too few steps asked for": lambda *a: layers(*a, steps=12),
        },
        exercise=check._LAYERS,
    ),
}
