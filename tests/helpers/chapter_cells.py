"""Single code cells of a chapter, run in one namespace: to put a wrong theory into one and see it refused."""

import json
from copy import deepcopy

from repository import ROOT

from renorm_book import quotes


class Chapter:
    """The code cells of ``notebooks/<stem>.ipynb``, by id; live figures are not drawn.

    ``run`` executes cells in ``values``, the namespace they share. ``objects`` executes one that was run before again,
    from the values and the random numbers it then had, with some names meaning something else, and the part of the
    chapter's quotes.py that is for it, and says whether one of them raises AssertionError.
    """

    def __init__(self, stem: str):
        cells = json.loads((ROOT / "notebooks" / f"{stem}.ipynb").read_text("utf8"))["cells"]
        self.cells = {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}
        self.file = quotes.file_of(stem)
        self.checked = quotes.parts(self.file.read_text("utf8"))
        self.values = {"__name__": stem}
        self.before = {}

    def run(self, *ids: str) -> None:
        for cell in ids:
            self.before[cell] = self._copy(self.values)
            self._execute(cell, self.values)
            self.values["explore"] = lambda *_, **__: None

    def objects(self, cell: str, **wrong) -> bool:
        try:
            values = self._copy(self.before[cell]) | wrong
            self._execute(cell, values)
            if cell in self.checked:
                quotes.run(self.file, cell, values)
        except AssertionError:
            return True
        return False

    @staticmethod
    def _copy(values: dict) -> dict:
        return values | ({"rng": deepcopy(values["rng"])} if "rng" in values else {})

    def _execute(self, cell: str, values: dict) -> None:
        exec(compile(self.cells[cell], f"<{cell}>", "exec"), values)
