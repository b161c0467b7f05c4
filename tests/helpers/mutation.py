"""Planting one wrong sign or factor in a module, to show that a fast check sees it.

A table is a file ``tests/mutants_<module>.py`` with one list, and ``tests/test_mutations.py`` finds every such file:

    MUTANTS = [
        Mutant("renorm.theory.ridge", "df2 / n", "df2 / n / 2", check_golden_numbers),
    ]

Each row: the module; a snippet of its source that occurs exactly once; what stands there instead; and a check. It is
called with the module (a fresh copy, never the imported one) and must use nothing else of what is mutated. It raises
AssertionError when the module is wrong; it is run on the unchanged source too, and must be silent there.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType

_fresh = count()


@dataclass(frozen=True)
class Mutant:
    """One planted mistake and the check that must see it."""

    module: str
    snippet: str
    wrong: str
    check: Callable[[ModuleType], None]

    def __str__(self) -> str:
        return f"{self.module.removeprefix('renorm.')}: {self.snippet.strip()} -> {self.wrong.strip()}"


def source_of(module: str) -> str:
    """The text of a module's file."""
    return Path(importlib.import_module(module).__file__).read_text(encoding="utf-8")


def load(module: str, source: str) -> ModuleType:
    """A new module object from ``source``, under a name of its own; what it imports are the real modules."""
    name = f"{module}_copy_{next(_fresh)}"
    copy = ModuleType(name)
    copy.__file__, copy.__package__ = importlib.import_module(module).__file__, module.rpartition(".")[0]
    sys.modules[name] = copy  # dataclasses and pickle look a class's module up there
    try:
        exec(compile(source, f"<{name}>", "exec"), copy.__dict__)
    finally:
        del sys.modules[name]
    return copy
