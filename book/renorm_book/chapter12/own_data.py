"""A reader's own table: a CSV file read without pandas, and an upload button for it. Nothing leaves the machine.

The button belongs to a running notebook. In JupyterLab the file goes to the kernel, on the reader's computer; in the
browser version the kernel runs in the page itself.
"""

import csv
import io
from importlib import resources

import numpy as np

from renorm import forecast

__all__ = ["Columns", "example", "read_table", "upload"]


class Columns:
    """Named columns, in the form in which ``renorm.forecast`` reads frames."""

    def __init__(self, names, values):
        self.columns, self.values, self.iloc = list(names), list(values), self

    def __getitem__(self, place):
        return self.values[place[1]]


def read_table(text: str, target: str = "") -> tuple[Columns, np.ndarray]:
    """X and y from a CSV text with a line of names: y is the column ``target``, by default the last.

    The separator is found out (comma, semicolon or tab). Empty cells are missing values. Columns whose every cell is a
    number become floats; others stay text, which ``forecast`` refuses by name.

    >>> X, y = read_table("age;weight\\n30;80,5\\n40;70,25".replace(",", "."))
    >>> X.columns, y
    (['age'], array([80.5 , 70.25]))
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise ValueError("the file has no rows: its first line holds names, the others numbers")
    separator = max(",;\t", key=lines[0].count)
    names, *rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    names = [name.strip() for name in names]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(names):
            raise ValueError(f"line {number} has {len(row)} cells, the first has {len(names)}: must be equal")
    target = target or names[-1]
    if target not in names:
        raise ValueError(f"target = {target!r}: must be one of {', '.join(names)}")
    columns = {name: _column([row[i].strip() for row in rows]) for i, name in enumerate(names)}
    y = columns.pop(target)
    return Columns(columns, columns.values()), y


def _column(cells: list[str]) -> np.ndarray:
    try:
        return np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return np.array(cells, dtype=object)


def example() -> str:
    """The text of a file that comes with the book: 442 patients, ten measurements, and their diabetes a year later."""
    return resources.files("renorm_book.chapter12").joinpath("diabetes.csv").read_text("utf8")


def upload():
    """A button that takes a CSV file, fields for target and kernel, and the forecast or what is in its way."""
    import ipywidgets as widgets
    import matplotlib.pyplot as plt
    from IPython.display import display

    file = widgets.FileUpload(accept=".csv,.txt,.tsv", description="CSV file")
    target = widgets.Text(placeholder="name of its column; else the last", description="to predict")
    kernel = widgets.Dropdown(options=["linear", "gaussian", "laplace"], value="gaussian", description="kernel")
    button, shown = widgets.Button(description="Forecast", button_style="primary"), widgets.Output()

    def run(_) -> None:
        shown.clear_output()
        with shown:
            if not file.value:
                print("Choose a file first.")
                return
            try:
                text = bytes(file.value[0]["content"]).decode("utf-8-sig")
                found = forecast(*read_table(text, target.value.strip()), kernel=kernel.value)
            except ValueError as error:
                print(f"This table can't be used as it is. {error}.")
                return
            print(found)
            figure, ax = plt.subplots()
            found.plot(ax)
            display(figure)
            plt.close(figure)

    button.on_click(run)
    return widgets.VBox([file, target, kernel, button, shown])
