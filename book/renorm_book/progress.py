"""Progress that disappears: in a notebook tqdm's bars are a line of the cell's output, and nothing when they are done.

A bar on stderr, tqdm's own way, stays in JupyterLab as a red block, and its widget as a line that no viewer can show.
"""

import functools
import html
import io
import re

__all__ = ["in_cells"]

# what is left of a line that is done takes no room (where styles are taken away: an empty line)
GONE = '<style class="progress-done">.jp-OutputArea-child:has(> * style.progress-done){display:none}</style>'


class CellLine(io.TextIOBase):
    """What a bar writes to: shown as one output that changes, and taken away with the last, empty line."""

    encoding = "utf8"  # tqdm then draws with blocks

    def __init__(self):
        self.shown = None

    def write(self, text: str) -> int:
        from IPython.display import display

        line = re.sub(r"\x1b\[A|[\r\n]", "", text)  # bars within bars go down a line and up again
        if line.strip() and self.shown is None:
            self.shown = display(_page(line), raw=True, display_id=True)
        elif line.strip():
            self.shown.update(_page(line), raw=True)
        elif line and self.shown is not None:  # blanks, with which tqdm takes a line away
            self.shown.update({"text/html": GONE, "text/plain": ""}, raw=True)
            self.shown = None
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def _page(line: str) -> dict[str, str]:
    return {"text/html": f'<pre style="margin:0">{html.escape(line)}</pre>', "text/plain": line}


def in_cells() -> None:
    """From here on, tqdm's bars that name no file of their own are lines of cells, if a notebook's kernel runs this."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    from tqdm import tqdm

    if getattr(get_ipython(), "kernel", None) is None or getattr(tqdm, "in_cells", False):
        return
    plain = tqdm.__init__

    @functools.wraps(plain)
    def begin(self, *args, **told):
        told = {"file": CellLine(), "leave": False, "ncols": 80} | told if len(args) < 3 else told
        plain(self, *args, **told | ({"leave": False} if told.get("leave") is None else {}))

    tqdm.__init__, tqdm.in_cells = begin, True
