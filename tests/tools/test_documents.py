"""What the documents and the comments name is there: files, modules, targets of make, variables of the environment."""

import importlib.util
import re

import pytest
from repository import ROOT

DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "LICENSE-DATA", "_config.yml", "Makefile")]
DOCUMENTS += sorted((ROOT / "book").glob("*.md")) + sorted((ROOT / ".github").rglob("*.yml"))
CODE = [path for folder in ("book", "tools", "tests", "renorm", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
FOLDERS = "liveplate|renorm|book|tools|tests|notebooks|benchmarks"
PATH = re.compile(rf"(?<![\w./-])(?:{FOLDERS})/[\w./-]*\w")
# names of what does not have to be there: examples, and what pip leaves in a package's folder
EXAMPLE = re.compile(r"NN|MODULE|11|^(?:liveplate|book)/build$")
DOTTED = re.compile(r"(?<![\w./-])(?:liveplate|renorm|renorm_book|tools|benchmarks)(?:\.[A-Za-z_]\w*)+(?![\w/])")
each = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


def gone(text: str) -> list[str]:
    """The paths in a text that lead to nothing; a name may stand without its ending."""
    names = {name for name in PATH.findall(text) if not EXAMPLE.search(name)}
    return sorted(name for name in names if not (ROOT / name).exists() and not list(ROOT.glob(f"{name}*")))


def known(name: str) -> bool:
    """Whether a dotted name is a module of ours, or stands in one."""
    home, _, last = name.rpartition(".")
    try:
        if importlib.util.find_spec(name):
            return True
    except ModuleNotFoundError:  # its first part is no package
        pass
    return bool(home) and (hasattr(importlib.import_module(home), last) if importlib.util.find_spec(home) else False)


@each
def test_the_files_that_a_document_names_are_there(path):
    assert gone(path.read_text("utf8")) == []


def test_the_files_that_comments_name_are_there():
    """In the Python files themselves, where a docstring or a comment is about another file of the repository."""
    named = re.compile(r"(?:\btools/\w+(?:/\w+)*\.py|book/_ext/\w+\.py|tests/\w+/\w+\.py)")
    missing = {}
    for path in CODE:
        found = {name for name in named.findall(path.read_text("utf8")) if "{" not in name}
        if lost := sorted(name for name in found if not (ROOT / name).exists()):
            missing[path.relative_to(ROOT).as_posix()] = lost
    assert missing == {}


@each
def test_the_modules_that_a_document_names_are_there(path):
    names = {name.removesuffix(".py") for name in DOTTED.findall(path.read_text("utf8"))}
    assert sorted(name for name in names if not known(name)) == []


@each
def test_the_targets_of_make_that_a_document_names_are_there(path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE))
    named = re.findall(r"(?:^ {4}|`|run: )make (?:PYTHON=\S+ )?([a-z][a-z-]*)", path.read_text("utf8"), re.MULTILINE)
    assert set(named) <= targets


def test_each_module_of_the_library_has_its_test_file():
    modules = [path for path in (ROOT / "renorm").glob("*/*.py") if path.name != "__init__.py"]
    tests = {path.stem for path in (ROOT / "tests" / "renorm").glob("test_*.py")}
    lost = [path.stem for path in modules if not {f"test_{path.stem}", f"test_{path.parent.name}_{path.stem}"} & tests]
    assert len(modules) > 20 and lost == []


@each
def test_the_variables_that_a_document_names_are_read_somewhere(path):
    code = "".join(p.read_text("utf8") for p in [*CODE, *(ROOT / "liveplate").rglob("*.py")])
    named = set(re.findall(r"\b(?:RENORM|LIVEPLATE|BOOK|PYODIDE)_[A-Z]+\b", path.read_text("utf8")))
    assert sorted(name for name in named if name not in code and name != "BOOK_TAGS") == []
