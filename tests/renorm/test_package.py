"""The package as users meet it: names at the top level, bounded dependencies named once."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import renorm

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", renorm.__all__)
def test_every_advertised_name_is_the_one_of_its_module(name):
    assert getattr(renorm, name) is getattr(import_module(f"renorm.{renorm._HOME[name]}"), name)


def test_an_unknown_name_is_refused_like_any_other():
    with pytest.raises(AttributeError, match="no attribute 'ridge_rsik'"):
        renorm.ridge_rsik  # noqa: B018


def test_importing_the_package_loads_nothing_else():
    code = (
        "import sys, renorm; print([m for m in sys.modules if m.split('.')[0] in ('numpy', 'matplotlib', 'IPython')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_the_library_needs_what_requirements_txt_says_it_needs():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    listed = {re.match(r"[\w-]+", line)[0]: line.split("#")[0].strip() for line in lines if re.match(r"\w", line)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for requirement in project["dependencies"]:
        assert listed[re.match(r"[\w-]+", requirement)[0]] == requirement
    assert all("#" in line for line in lines if line and not line.startswith("#")), "a requirement without its reason"


# Parts of every matplotlib.
OPTIONAL = {"fontTools", "PIL"}


def test_runtime_modules_import_only_what_the_library_depends_on():
    allowed = (
        {"numpy", "matplotlib", "ipywidgets", "IPython", "tqdm", "joblib", "threadpoolctl", "renorm"}
        | sys.stdlib_module_names
        | OPTIONAL
    )
    for path in (ROOT / "renorm").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            for module in modules:
                assert module.split(".")[0] in allowed, f"{path.relative_to(ROOT)} imports {module}"


def test_no_module_hides_a_name_of_the_package():
    modules = {path.stem for path in (ROOT / "renorm").iterdir() if path.stem != "__init__"}
    assert modules.isdisjoint(renorm.__all__)


def test_every_module_has_a_test_file_of_its_name():
    """``theory/ridge.py``: ``test_ridge.py``; where two folders have a module of one name, ``test_FOLDER_ridge.py``."""
    here = Path(__file__).parent
    for path in (ROOT / "renorm").glob("*/*.py"):
        if path.stem != "__init__":
            names = [f"test_{path.stem}.py", f"test_{path.parent.name}_{path.stem}.py"]
            twins = len(list((ROOT / "renorm").glob(f"*/{path.stem}.py"))) > 1 and path.parent.name != "theory"
            assert (here / names[twins]).exists(), f"{path.relative_to(ROOT)}: tests/renorm/{names[twins]} is missing"
