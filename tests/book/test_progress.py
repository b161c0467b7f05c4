"""Progress in a notebook: one line of the cell that changes, and nothing of it when all is done; never a red block."""

import io

import nbformat
import pytest
from nbclient import NotebookClient

from renorm_book.progress import GONE, CellLine

BARS = """from tqdm import tqdm
from renorm_book.style import use
use()
use()  # a setup cell that is run again
print("before")
for i in tqdm(range(3), desc="drawing"):
    for j in tqdm(range(2), desc="inner", leave=False):
        pass
print("after")"""


@pytest.mark.slow
def test_a_bar_in_a_kernel_leaves_nothing_behind(monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BARS)])
    NotebookClient(nb, timeout=60).execute()
    outputs = nb.cells[0].outputs
    assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"]
    assert "".join(o.text for o in outputs if o.output_type == "stream") == "before\nafter\n"
    shown = [o.data for o in outputs if o.output_type == "display_data"]
    assert shown and all(data == {"text/html": GONE, "text/plain": ""} for data in shown)
    assert "widgets" not in nb.metadata, "no state of widgets is kept with the notebook"


def test_lines_are_shown_one_over_the_other(monkeypatch):
    told = []

    class Handle:
        def update(self, data, raw):
            told.append(data["text/plain"])

    def display(data, **_):
        told.append(data["text/plain"])
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    line = CellLine()
    for text in ("\r 1 of 2 <b>", "", "\r 2 of 2", "\n", "\x1b[A", "\r          ", "\r"):
        line.write(text)
    assert [text.strip() for text in told] == ["1 of 2 <b>", "2 of 2", ""]
    assert isinstance(line, io.TextIOBase) and line.encoding


def test_outside_a_kernel_bars_are_what_they_were():
    from tqdm import tqdm

    from renorm_book.progress import in_cells

    in_cells()
    file = io.StringIO()
    assert list(tqdm(range(2), file=file)) == [0, 1] and "2/2" in file.getvalue()
