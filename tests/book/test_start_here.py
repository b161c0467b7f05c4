"""The notebook that readers start with: runs, quickly, teaches what it says; and what it finds out about a machine."""

import json
import re
import time
import tomllib

import nbformat
import pytest
from nbclient import NotebookClient
from repository import ROOT

from renorm_book import here
from renorm_book.start import judge

PATH = ROOT / "notebooks" / "00-start-here.ipynb"
SECONDS = 5  # of the processor's time it may take on a quiet machine; three times that on a busy one


@pytest.fixture(scope="module")
def executed():
    nb = nbformat.read(PATH, as_version=4)
    started = time.perf_counter()
    NotebookClient(nb, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(PATH.parent)}}).execute()
    return nb, time.perf_counter() - started


def shown(nb, name: str) -> str:
    cell = next(cell for cell in nb.cells if cell.id == name)
    return " ".join(o.get("text", "") + str(o.get("data", {}).get("text/plain", "")) for o in cell.outputs)


def test_it_runs_in_seconds_and_shows_what_it_says(executed):
    nb, seconds = executed
    assert seconds < 3 * SECONDS
    assert shown(nb, "look").startswith("Everything is here.")
    figure = next(cell for cell in nb.cells if cell.id == "double-descent")
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in figure.outputs)
    assert "This is the sum" in shown(nb, "wrong") and shown(nb, "right").strip().startswith("Right.")
    assert "Replace the dots" in shown(nb, "yours")
    assert shown(nb, "setup-check").strip() == ""
    assert all(output.output_type != "error" for cell in nb.cells for output in cell.get("outputs", []))


def test_the_figure_is_drawn_in_ten_lines():
    cells = json.loads(PATH.read_text("utf8"))["cells"]
    source = "".join(next(cell for cell in cells if cell["id"] == "double-descent")["source"])
    assert len(re.search(r"def curve.*?(?=\n\n\n)", source, re.DOTALL)[0].splitlines()) <= 10


def test_own_data_are_forecast_about_right(executed):
    """In the cell for own data the world is known: the estimate is within a third of the true error of the fit."""
    nb, _ = executed
    said = float(re.search(r"error is ([\d.]+)", shown(nb, "own-data"))[1])
    from renorm import isotropic, optimal_ridge, ridge_risk

    machine = isotropic(30, noise_variance=0.5)
    best = ridge_risk(machine, 60, optimal_ridge(machine, 60)).test
    assert said == pytest.approx(best, rel=1 / 3)


def test_what_is_needed_is_what_our_packages_ask_for():
    lines = []
    for folder in ("", "liveplate"):
        project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text("utf8"))["project"]
        lines += project["dependencies"] + project.get("optional-dependencies", {}).get("notebook", [])
        assert project["requires-python"] == f">={here.PYTHON[0]}.{here.PYTHON[1]}"
    asked = dict(re.fullmatch(r"([\w-]+)(.*)", line).groups() for line in lines)
    assert asked == {name: f">={least},<{below}" for name, (least, below) in here.NEEDED.items()}


def versions(**other):
    known = {name: least for name, (least, _) in here.NEEDED.items()} | other
    return lambda name: known[name]


@pytest.mark.parametrize(
    "around, words, command",
    [
        (dict(version=versions(ipywidgets=None)), "ipywidgets is not here", "ipywidgets>=8.1.5,<9"),
        (dict(version=versions(numpy="1.26.4")), "numpy is here in version 1.26.4; from 2.0 on", '"numpy>=2.0,<3"'),
        (dict(version=versions(matplotlib="3.10.0rc1", numpy="3.0")), "numpy is here in version 3.0", "numpy>="),
        (dict(version=versions(), python=(3, 10)), "Python 3.10; the notebooks need 3.11", "venv"),
        (dict(version=versions(), kernel=lambda: False), "No notebook's kernel", "jupyter lab"),
    ],
)
def test_what_is_missing_is_said_with_the_command_that_gets_it(around, words, command):
    findings = here.look_around(**({"kernel": lambda: True} | around))
    assert not findings and len(findings.missing) == 1
    assert words in findings.missing[0][0] and command in findings.missing[0][1]
    assert words in repr(findings) and "restart the kernel" in findings._repr_html_()


def test_nothing_is_missing_where_all_is_there():
    findings = here.look_around(version=versions(), kernel=lambda: True)
    assert findings and "Everything is here" in repr(findings) and "VBox" in findings._repr_html_()


@pytest.mark.parametrize(
    "answer, mistake",
    [
        (lambda y, p: ((y - p) ** 2).mean(), ""),
        (lambda y, p: sum((a - b) ** 2 for a, b in zip(y, p, strict=True)) / len(y), ""),
        (lambda y, p: ((y - p) ** 2).sum(), "sum"),
        (lambda y, p: ((y - p) ** 2).mean() ** 0.5, "root"),
        (lambda y, p: abs(y - p).mean(), "absolute"),
        (lambda y, p: (y - p).mean(), "mean miss"),
        (lambda y, p: ((y - p) ** 2).mean() / 2, "unrecognised"),
    ],
)
def test_its_exercise_tells_the_mistakes_apart(answer, mistake):
    verdict = judge(answer)
    assert (verdict.passed, verdict.mistake) == (not mistake, mistake)
