"""Is everything here that the notebooks need? Said in words, with the command that gets what is missing."""

import os
import platform
import re
import sys
from dataclasses import dataclass
from html import escape
from importlib import metadata

__all__ = ["Findings", "look_around"]

PYTHON = (3, 11)
# what the packages of this book ask for, from which version on, below which; a test holds it to their pyproject.toml
NEEDED = {
    "numpy": ("2.0", "3"),
    "matplotlib": ("3.8.4", "4"),
    "ipywidgets": ("8.1.5", "9"),
    "tqdm": ("4.66", "5"),
    "joblib": ("1.4", "2"),
    "threadpoolctl": ("3.5", "4"),
}
SLIDERS = (
    "If you see no slider below, but text such as VBox(…): the page that shows the notebook lacks the widgets. In "
    "JupyterLab, install jupyterlab_widgets where JupyterLab runs and load the page again."
)


@dataclass(frozen=True)
class Findings:
    """What is here, and each thing that is missing with what to do about it."""

    here: str
    missing: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return not self.missing

    def __repr__(self) -> str:
        lines = [f"{what}\n    {command}" for what, command in self.missing]
        return "\n".join([*lines, "then restart the kernel."] if lines else ["Everything is here.", self.here, SLIDERS])

    def _repr_html_(self) -> str:
        if not self.missing:
            return f"<p><strong>Everything is here.</strong> {escape(self.here)}</p><p>{escape(SLIDERS)}</p>"
        items = [f"<li>{escape(what)}<br><code>{escape(command)}</code></li>" for what, command in self.missing]
        return f"<p><strong>Not yet:</strong></p><ul>{''.join(items)}</ul><p>Then restart the kernel.</p>"


def number(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, to be compared.

    >>> number("3.8.4") < number("3.10.0rc1") < number("4")
    True
    """
    return tuple(int(part) for part in re.match(r"\d+(?:\.\d+)*", version)[0].split("."))


def installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def in_kernel() -> bool:
    """Whether this runs in a notebook's kernel, not in a script or in IPython's own shell."""
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def look_around(version=installed, python=None, kernel=in_kernel) -> Findings:
    """Python, the packages and their versions, and the kernel; the arguments stand for them in tests.

    >>> findings = look_around(version=lambda name: None)
    >>> bool(findings), findings.missing[0][0]
    (False, 'The package numpy is not here.')
    """
    python = python or sys.version_info
    missing, seen = [], []
    if tuple(python[:2]) < PYTHON:
        what = f"This is Python {python[0]}.{python[1]}; the notebooks need {PYTHON[0]}.{PYTHON[1]} or newer."
        missing.append((what, "python3.13 -m venv .venv, with a newer Python, and install again (README)"))
    for name, (least, below) in NEEDED.items():
        found = version(name)
        seen.append(f"{name} {found}")
        if found is None:
            what = f"The package {name} is not here."
        elif not number(least) <= number(found) < number(below):
            what = f"The package {name} is here in version {found}; from {least} on, below {below}, is needed."
        else:
            continue
        missing.append((what, pip(f"{name}>={least},<{below}")))
    if not kernel():
        missing.append(("No notebook's kernel runs this, so that sliders can't move.", "jupyter lab notebooks"))
    place = "in the browser" if sys.platform == "emscripten" else sys.executable
    where = f"Python {platform.python_version()} ({place}), {os.cpu_count() or 1} processors, "
    return Findings(where + ", ".join(seen) + ".", tuple(missing))


def pip(wanted: str) -> str:
    """The command that installs something for the Python of this kernel."""
    if sys.platform == "emscripten":
        return "load the page again: the packages come with it"
    return f'"{sys.executable}" -m pip install "{wanted}"'
