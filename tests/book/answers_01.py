"""Answers to chapter 1's exercises."""

import numpy as np
from exercise_table import Row

from renorm_book.chapter01 import checks as check


def fit(K, rows, targets, penalty):
    return rows @ np.linalg.inv(K + penalty * np.eye(len(K))) @ targets


def classify(K, cross, labels, ridge, factor=1.0, off=-0.1):
    scores = [fit(K, cross, np.where(labels == k, 1 + off, off), factor * len(K) * ridge) for k in range(10)]
    return np.argmax(scores, axis=0)


def columns(labels):
    return np.eye(10)[labels] - 0.1


def numbers(K, cross, labels, ridge):
    return fit(K, cross, labels.astype(float), len(K) * ridge)


def eigen(K, cross, labels, ridge):
    s, U = np.linalg.eigh(K)
    return ((cross @ U) @ ((U.T @ columns(labels)) / (s + len(s) * ridge)[:, None])).argmax(axis=1)


def machine(answer):
    return check.classify(answer, 0.01, 0.039)


def ridge(value):
    return check.classify(classify, value, check.digit_errors(float(np.squeeze(value)))[1] if _numeric(value) else 0.04)


def _numeric(value):
    try:
        return float(np.squeeze(value)) >= 0
    except Exception:
        return False


NOISY, CLEAN = (round(error, 3) for error in check.digit_errors(0.01))  # as one reads them off the figure

TABLE = {
    "wrong_fraction": Row(
        check.wrong_fraction,
        right={
            "p − p/K": lambda p, n_classes: p - p / n_classes,
            "counted": lambda p, k: sum(p / k for _ in range(k - 1)),
            "vectorised": lambda p, k: np.atleast_1d(p) * (1 - 1 / np.atleast_1d(k)),
        },
        wrong={
            "redrawn": lambda p, n: p,
            "redrawn: as an array": lambda p, n: np.array([p]),
            "lucky": lambda p, n: p / n,
            "right ones": lambda p, n: 1 - p * (1 - 1 / n),
            "ten classes": lambda p, n: 0.9 * p,
            "not redrawn": lambda p, n: 1 - p,
            "unrecognised": lambda p, n: p**2,
            "unrecognised: constant": lambda p, n: 0.36,
            "shape": lambda p, n: [p, n],
        },
        exercise=check._WRONG_FRACTION,
    ),
    "classify": Row(
        machine,
        scalar=False,
        right={
            "ten fits": classify,
            "one-hot targets": lambda *a: classify(*a, off=0.0),
            "targets ±1": lambda K, c, y, r: fit(K, c, 2 * np.eye(10)[y] - 1, len(K) * r).argmax(axis=1),
            "eigenvectors": eigen,
            "floats": lambda *a: classify(*a).astype(float),
            "in single precision at the end": lambda *a: classify(*a).astype(np.float32),
        },
        wrong={
            "outputs": lambda K, c, y, r: fit(K, c, columns(y), len(K) * r),
            "training images": lambda K, c, y, r: classify(K, K, y, r),
            "shape": lambda K, c, y, r: 3,
            "λ for nλ": lambda K, c, y, r: classify(K, c, y, r, 1 / len(K)),
            "no ridge": lambda K, c, y, r: classify(K, c, y, 0.0),
            "labels as numbers": numbers,
            "labels as numbers: rounded": lambda *a: np.rint(numbers(*a)),
            "labels as numbers: clipped": lambda *a: np.clip(np.rint(numbers(*a)), 0, 9),
            "smallest output": lambda K, c, y, r: fit(K, c, columns(y), len(K) * r).argmin(axis=1),
            "copyist": lambda K, c, y, r: y[c.argmax(axis=1)],
            "no solve": lambda K, c, y, r: (c @ columns(y)).argmax(axis=1),
            "penalty: (n − 1)λ": lambda *a: classify(*a, (len(a[0]) - 1) / len(a[0])),
            "penalty: 10 % too much": lambda *a: classify(*a, 1.1),
            "penalty: 10 % too little": lambda *a: classify(*a, 0.9),
            "penalty: 20 % too little": lambda *a: classify(*a, 0.8),
            "penalty: 1 % too much": lambda *a: classify(*a, 1.01),
            "penalty: twice": lambda *a: classify(*a, 2.0),
            "not a class": lambda *a: classify(*a) + 1,
            "unrecognised": lambda K, c, y, r: np.zeros(len(c)),
        },
        exercise=check._CLASSIFY,
    ),
    "classify, the ridge": Row(
        ridge,
        asks="a number",
        right={"0.01": 0.01, "0.003": 0.003, "0.02": 0.02},
        wrong={
            "ridge: that of the text": 1e-3,
            "ridge: none": 0.0,
            "ridge: too small": 1e-4,
            "ridge: far too large": 1e3,
            "second half: untouched": ...,
            "second half: negative": -0.01,
        },
    ),
    "classify, the true labels": Row(
        lambda value: check.classify(classify, 0.01, value),
        asks="a number",
        right={"a fraction": CLEAN, "in per cent": 100 * CLEAN, "rounded": round(CLEAN, 2)},
        wrong={
            "noisy error": NOISY,
            "noisy error: in per cent": 100 * NOISY,
            "no ridge": 0.009,
            "change": 0.03,
            "true labels": 0.2,
            "second half": ...,
        },
    ),
}
