"""Where the repository is, and what to do where something that a test needs is not there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def missing(what: str):
    """Skip, except where everything has to be there: `make test` sets RENORM_TEST_ALL, so that nothing is left out."""
    if os.environ.get("RENORM_TEST_ALL"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
