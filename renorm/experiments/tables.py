"""A reader's own table, checked before anything is computed from it: arrays, lists of rows, or a pandas frame.

pandas is never imported: a frame is known by its ``columns`` and read column by column.
"""

from dataclasses import dataclass

import numpy as np

from renorm._numerics.validate import one_of

__all__ = ["LEAST_ROWS", "Table", "check_table"]

LEAST_ROWS = 30


@dataclass(frozen=True)
class Table:
    """X (n, d) and y (n,), finite floats; names of the d columns; constant: the names of columns left out of X."""

    X: np.ndarray
    y: np.ndarray
    names: tuple
    constant: tuple


def check_table(X, y, duplicates: str = "refuse") -> Table:
    """The table as floats, or a ValueError that names the column, row or value that is in the way.

    X: (n, d) array, list of rows, or frame, n >= 30; y: n numbers, not all equal. Refused are text, dates, missing and
    infinite values, complex numbers, too few rows, lengths that differ, and rows that occur twice with the same y:
    leaving one of them out leaves the other in. duplicates="keep" lets those pass. Columns that are constant are left
    out, and named in the result.

    >>> check_table([["Oslo", 1.0]] * 40, range(40))
    Traceback (most recent call last):
    ValueError: X: column 0 holds text ('Oslo' in row 0): replace it by numbers, one column of 0 and 1 for each value
    """
    one_of("duplicates", duplicates, ("refuse", "keep"))
    names, columns = _columns(X)
    X = np.column_stack([_numbers(f"X: column {name!r}", column) for name, column in zip(names, columns, strict=True)])
    y = _target(y)
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)}: must be equal")
    if len(y) < LEAST_ROWS:
        raise ValueError(f"X has {len(y)} rows: a forecast needs {LEAST_ROWS} or more")
    if np.ptp(y) == 0:
        raise ValueError(f"y = {y[0]:g} in every row: there is nothing to forecast")
    varies = np.ptp(X, axis=0) > 0
    if not varies.any():
        raise ValueError("X: every column is constant, so no row can be told from another")
    if duplicates == "refuse":
        _refuse_twins(X, y)
    names = np.array(names, dtype=object)
    return Table(X[:, varies], y, tuple(names[varies]), tuple(names[~varies]))


def _columns(X) -> tuple[list, list]:
    """Names of the columns and the columns themselves."""
    if hasattr(X, "columns") and hasattr(X, "iloc"):  # a pandas frame, or what behaves like one
        return [str(name) for name in X.columns], [X.iloc[:, i] for i in range(len(X.columns))]
    try:
        X = np.asarray(X)
    except ValueError:
        raise ValueError("X has rows of different lengths: must be a table, (rows, columns)") from None
    if X.ndim != 2 or X.size == 0:
        raise ValueError(f"X has shape {X.shape}: must be a table, (rows, columns), with a row for each sample")
    return list(range(X.shape[1])), list(X.T)


def _numbers(what: str, column) -> np.ndarray:
    """One column as finite floats."""
    values = np.asarray(column)
    if values.dtype.kind not in "biuf":
        values = np.asarray(column, dtype=object)
        for row, value in enumerate(values):
            if isinstance(value, str):
                raise ValueError(
                    f"{what} holds text ({value!r} in row {row}): replace it by numbers, one column of 0 and 1 "
                    "for each value"
                )
        try:
            values = np.array([np.nan if _missing(value) else value for value in values]).astype(float, casting="safe")
        except (TypeError, ValueError):
            kind = type(values[0]).__name__
            raise ValueError(f"{what} holds values of type {kind}: must be real numbers") from None
    values = values.astype(float)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        kind = "missing" if np.isnan(values[bad[0]]) else "infinite"
        more = f" and {bad.size - 1} more" if bad.size > 1 else ""
        raise ValueError(
            f"{what} has a value that is {kind}, in row {bad[0]}{more}: fill them in or leave the rows out"
        )
    return values


def _missing(value) -> bool:
    """None, NaN, or pandas' NA and NaT, which are equal to nothing."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value is np.ma.masked


def _target(y) -> np.ndarray:
    if hasattr(y, "columns") and hasattr(y, "iloc"):
        if len(y.columns) != 1:
            raise ValueError(f"y has {len(y.columns)} columns: must be one")
        y = y.iloc[:, 0]
    shape = np.shape(y)
    if len(shape) == 2 and shape[1] == 1:
        y = np.asarray(y)[:, 0]
    elif len(shape) != 1:
        raise ValueError(f"y has shape {shape}: must be one number for each row")
    return _numbers("y", y)


def _refuse_twins(X: np.ndarray, y: np.ndarray) -> None:
    rows, first, counts = np.unique(np.column_stack([X, y]), axis=0, return_index=True, return_counts=True)
    if len(rows) < len(y):
        one = first[np.argmax(counts)]
        same = np.flatnonzero(np.all(X == X[one], axis=1) & (y == y[one]))
        raise ValueError(
            f"X: rows {same[0]} and {same[1]} are equal, y too, and {len(y) - len(rows)} rows in all are copies: "
            "leaving one out would leave its copy in. Drop them, or pass duplicates='keep' if they are other samples"
        )
