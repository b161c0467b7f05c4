"""Each check takes what a user would pass and refuses the rest, naming argument, value and what is allowed."""

import numpy as np
import pytest

from renorm._numerics import validate


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: validate.positive("kappa", 0.0), ["kappa", "0.0", "positive"]),
        (lambda: validate.positive("kappa", [1, np.nan]), ["kappa", "nan", "finite"]),
        (lambda: validate.non_negative("ridge", -1e-9), ["ridge", "-1e-09", "zero or larger"]),
        (lambda: validate.non_negative("ridge", np.inf), ["ridge", "inf", "finite"]),
        (lambda: validate.real_array("x", "abc"), ["x", "'abc'", "real"]),
        (lambda: validate.real_array("x", [1, [2, 3]]), ["x", "[2, 3]", "real"]),
        (lambda: validate.real_array("x", 1j), ["x", "1j", "real"]),
        (lambda: validate.in_interval("fraction", 1.1, 0, 1), ["fraction", "1.1", "[0, 1]"]),
        (lambda: validate.integers("n", 2.5), ["n", "2.5", "whole"]),
        (lambda: validate.integers("n", 0), ["n", "0", "at least 1"]),
        (lambda: validate.integers("label", 10, 0, 9), ["label", "10", "at most 9"]),
        (lambda: validate.integer("n", [3]), ["n", "3", "single"]),
        (lambda: validate.vector("y", []), ["y", "one-dimensional", "(0,)"]),
        (lambda: validate.vector("y", [[1.0]]), ["y", "(1, 1)"]),
        (lambda: validate.matrix("X", [1.0, 2.0]), ["X", "two-dimensional", "(2,)"]),
        (lambda: validate.same_length(X=[1, 2], y=[1]), ["len(X) = 2", "len(y) = 1", "equal"]),
        (lambda: validate.one_of("name", "cifar", ["mnist", "digits"]), ["name", "'cifar'", "'mnist'"]),
        (lambda: validate.generator("rng", None), ["rng", "None", "Generator"]),
        (lambda: validate.generator("rng", -1), ["rng", "-1", "non-negative"]),
        (lambda: validate.generator("rng", True), ["rng", "True"]),
    ],
)
def test_refusals_name_argument_value_and_what_is_allowed(call, words):
    with pytest.raises(ValueError) as refused:
        call()
    for word in words:
        assert word in str(refused.value)


class Table:
    """As much of a table of pandas as is looked at."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows

    def __array__(self, dtype=None, copy=None):
        return np.array(self.rows, dtype=object)


@pytest.mark.parametrize(
    "value, words",
    [
        (Table(["age", "city"], [[1, "2.5"], [2, "Rome"]]), "X = 'Rome' in column 'city', row 1: must be real"),
        (Table(["age", "city"], [[1, 2.5], [None, 3.0]]), "X = None in column 'age', row 1: must be real"),
        (Table(["age", "city"], [[1, 2.5], [2, "3.0"]]), "X = '3.0' in column 'city', row 1: must be real"),
        (Table(["age", "city"], [[1, 2.5], [2, float("nan")]]), "X = nan in column 'city', row 1: must be real"),
        ([["1", "a"], ["2", "3"]], "X = 'a' in column 1, row 0: must be real"),
        (np.diag([1.0, 2.0, np.inf]), "X = inf in column 2, row 2: must be real"),
    ],
)
def test_an_entry_of_a_table_is_named_by_row_and_column(value, words):
    with pytest.raises(ValueError) as refused:
        validate.matrix("X", value)
    assert words in str(refused.value) and len(str(refused.value)) < 80


def test_whole_numbers_in_a_table_of_objects_are_numbers():
    table = Table(["age", "member"], [[1, True], [np.int64(2), False]])
    assert np.array_equal(validate.matrix("X", table), [[1.0, 1.0], [2.0, 0.0]])


def test_lists_ints_and_arrays_are_accepted():
    assert validate.positive("x", [1, 2]).dtype == np.float64
    assert validate.integer("n", 3.0) == 3 and isinstance(validate.integer("n", np.int32(3)), int)
    assert validate.matrix("X", np.eye(2, dtype=np.float32)).dtype == np.float64
    assert validate.vector("y", (1, 2, 3)).shape == (3,)


def test_a_seed_becomes_the_generator_of_that_seed():
    rng = np.random.default_rng(3)
    assert validate.generator("rng", rng) is rng
    assert validate.generator("rng", 3).random() == np.random.default_rng(3).random()
