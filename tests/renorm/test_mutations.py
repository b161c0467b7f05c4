"""A wrong factor or sign planted in any formula turns a check red; tables: ``mutants_*.py``; see ``mutation.py``."""

import importlib
from pathlib import Path

import numpy as np
import pytest
from mutation import load, source_of

TABLES = [importlib.import_module(path.stem) for path in sorted(Path(__file__).parent.glob("mutants_*.py"))]
MUTANTS = [mutant for table in TABLES for mutant in table.MUTANTS]
CHECKS = sorted({(m.module, m.check) for m in MUTANTS}, key=lambda pair: (pair[0], pair[1].__name__))


@pytest.mark.parametrize("module, check", CHECKS, ids=lambda value: getattr(value, "__name__", value))
def test_the_check_is_silent_on_the_true_source(module, check):
    check(load(module, source_of(module)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_planted_mistake_is_seen(mutant):
    source = source_of(mutant.module)
    assert source.count(mutant.snippet) == 1, f"{mutant.snippet!r} must occur once in {mutant.module}: update the table"
    assert mutant.wrong != mutant.snippet
    wrong = load(mutant.module, source.replace(mutant.snippet, mutant.wrong))
    # a wrong formula may also drive a solver out of its domain, which is being seen too
    with pytest.raises((AssertionError, ValueError, RuntimeError, ZeroDivisionError)), np.errstate(all="ignore"):
        mutant.check(wrong)
