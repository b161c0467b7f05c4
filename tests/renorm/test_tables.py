"""A reader's table: what is refused, by name, and what passes; frames without pandas."""

import datetime

import numpy as np
import pytest

from renorm.experiments.tables import check_table

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((40, 3)), RNG.standard_normal(40)


def changed(row, column, value, dtype=object):
    table = X.astype(dtype)
    table[row, column] = value
    return table


class Column:
    """What a column of a frame is here: an array that can also be made one."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


class Frame:
    """As much of pandas' frame as is used."""

    def __init__(self, **columns):
        self.columns = list(columns)
        self._columns = list(columns.values())
        self.iloc = self

    def __getitem__(self, key):
        return Column(self._columns[key[1]])


class NAType:
    """pandas' missing value."""


twice = np.vstack([X[:39], X[7]])
REFUSED = {
    "text": (changed(3, 1, "blue"), Y, r"X: column 1 holds text \('blue' in row 3\)"),
    "text array": (np.array([["a", "b"]] * 40), Y, "X: column 0 holds text"),
    "numbers as text": (X.astype(str), Y, "X: column 0 holds text"),
    "missing": (changed(5, 2, np.nan, float), Y, "X: column 2 has a value that is missing, in row 5: fill"),
    "two missing": (changed([5, 9], 2, np.nan, float), Y, "in row 5 and 1 more"),
    "None": (changed(4, 0, None), Y, "X: column 0 has a value that is missing, in row 4"),
    "NA": (changed(4, 0, NAType()), Y, "X: column 0 has a value that is missing, in row 4"),
    "infinite": (changed(6, 0, -np.inf, float), Y, "X: column 0 has a value that is infinite, in row 6"),
    "dates": (changed(slice(None), 0, datetime.date(2020, 1, 1)), Y, "X: column 0 holds values of type date"),
    "complex": (X + 0j, Y, "X: column 0 holds values of type complex"),
    "one column": (X[:, 0], Y, r"X has shape \(40,\): must be a table"),
    "empty": (np.empty((40, 0)), Y, r"X has shape \(40, 0\)"),
    "ragged": ([[1.0], [1.0, 2.0]] * 20, Y, "X has rows of different lengths"),
    "lengths": (X, Y[:39], "X has 40 rows and y has 39"),
    "few": (X[:29], Y[:29], "X has 29 rows: a forecast needs 30"),
    "constant y": (X, np.full(40, 3.0), "y = 3 in every row"),
    "constant X": (np.ones((40, 2)), Y, "X: every column is constant"),
    "two outputs": (X, np.ones((40, 2)), r"y has shape \(40, 2\)"),
    "text in y": (X, ["cat", "dog"] * 20, r"y holds text \('cat' in row 0\)"),
    "missing y": (X, np.where(np.arange(40) == 8, np.nan, Y), "y has a value that is missing, in row 8"),
    "copies": (twice, np.append(Y[:39], Y[7]), "X: rows 7 and 39 are equal, y too, and 1 rows in all are copies"),
    "frame": (Frame(age=X[:, 0], city=np.array(["Oslo"] * 40, dtype=object)), Y, r"X: column 'city' holds text"),
    "gap in a frame": (Frame(age=changed(2, 0, np.nan, float)[:, 0]), Y, "X: column 'age' has a value that is missing"),
    "frame of two for y": (X, Frame(a=Y, b=Y), "y has 2 columns: must be one"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_named(name):
    table, y, words = REFUSED[name]
    with pytest.raises(ValueError, match=words):
        check_table(table, y)


PASSES = {
    "lists": (X.tolist(), Y.tolist()),
    "whole numbers": (np.round(10 * X).astype(int), Y),
    "truth values": (X > 0, Y),
    "labels": (X, Y > 0),
    "a column for y": (X, Y[:, None]),
    "objects": (X.astype(object), Y.astype(object)),
    "a frame": (Frame(a=X[:, 0], b=X[:, 1]), Frame(y=Y)),
}


@pytest.mark.parametrize("name", PASSES)
def test_what_passes(name):
    table = check_table(*PASSES[name], duplicates="keep")
    assert table.X.dtype == table.y.dtype == float and len(table.X) == len(table.y) == 40


def test_constant_columns_are_left_out_and_named():
    table = check_table(Frame(a=X[:, 0], b=np.ones(40), c=X[:, 1]), Y)
    assert table.names == ("a", "c") and table.constant == ("b",)
    np.testing.assert_array_equal(table.X, X[:, :2])


def test_equal_rows_pass_where_y_differs_or_where_that_is_said():
    assert len(check_table(twice, Y).y) == 40
    assert len(check_table(twice, np.append(Y[:39], Y[7]), duplicates="keep").y) == 40
    with pytest.raises(ValueError, match="duplicates = 'drop': must be one of 'refuse', 'keep'"):
        check_table(X, Y, duplicates="drop")
