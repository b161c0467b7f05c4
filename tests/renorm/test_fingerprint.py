"""Equal content has one name and different content another: values, code, and all that code reaches."""

import collections
import dataclasses
import enum
import functools
import importlib
import math
import os
import subprocess
import sys
import textwrap
import types
from typing import NamedTuple

import numpy as np
import pytest

from renorm._numerics import validate
from renorm.experiments import solver as ridge_solver
from renorm.experiments.fingerprint import fingerprint
from renorm.theory.population import Population

POPULATION = Population([2.0, 1.0], [1.0, 1.0], 0.1)


def adds(a, b=1):
    return a + b


def test_equal_content_has_one_name_and_different_content_another():
    contents = [
        None, True, 1, 1.0, -0.0, 0.0, 1j, "1", b"1", np.array([1.0]), np.array([[1.0]]), np.array([1]),
        np.float32([1.0]), np.dtype(float), (1,), [1], [[1], []], [[], [1]], [[[1]]], np.zeros(1), np.zeros(1,
        int), [1, [2]], {"a": 1}, {"b": 1}, {"a": [1]}, {"a": 1, "b": 2}, {1, 2}, {1}, POPULATION,
        Population([2.0, 1.0], [1.0, 1.0], 0.2), Population([2.0, 1.0], [1.0, -1.0], 0.1), adds,
        functools.partial(adds, 1), functools.partial(adds, 2), functools.partial(adds, b=2), math.sqrt,
        math.cos, np.sqrt, np.linalg.svd, np, math, validate, Population, ["ab", "c"], ["a", "bc"],
        np.vectorize(math.erf, otypes=[float]), "adds", POPULATION.effective_rank,
    ]  # fmt: skip
    names = [fingerprint(content) for content in contents]
    assert len(set(names)) == len(names)
    assert fingerprint({"a": 1, "b": POPULATION}) == fingerprint({"b": Population([2.0, 1], [1, 1.0], 0.1), "a": 1})
    assert fingerprint(np.arange(6).reshape(2, 3).T) == fingerprint(np.ascontiguousarray(np.arange(6).reshape(2, 3).T))
    assert fingerprint({3, 1, 2}) == fingerprint({2, 3, 1})


@pytest.mark.parametrize(
    "value",
    [
        np.random.default_rng(0),
        object(),
        {1: 2},
        np.array([None]),
        iter([]),
        np.random.default_rng(0).normal,
        np.frompyfunc(adds, 2, 1),
    ],
)
def test_content_that_cannot_be_compared_is_refused(value):
    with pytest.raises(ValueError, match="cannot be compared"):
        fingerprint(value)


SOURCE = """
    import numpy as np
    from renorm._numerics import validate
    SCALE = 2.0
    def helper(x):
        return np.sum(x) * SCALE
    def unrelated(x):
        return x
    class Model:
        def fit(self, x):
            return helper(x)
    def trial(rng, n, power=1):
        model = Model()
        return {"mean": sum(model.fit(rng.standard_normal(n)) ** power for _ in range(3))}
"""


def trial_of(path, source, monkeypatch):
    """``trial`` of a module with this source, as an import would make it."""
    path.write_text(textwrap.dedent(source))
    module = types.ModuleType("somebodys_module")
    monkeypatch.setitem(__import__("sys").modules, module.__name__, module)
    exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
    __import__("linecache").clearcache()
    return module.trial


@pytest.mark.parametrize(
    "old, new, same",
    [
        ("n, power=1", "n, power=2", False),
        ("range(3)", "range(4)", False),
        ("np.sum(x)", "np.mean(x)", False),  # a function called by a method of a class that the trial uses
        ("SCALE = 2.0", "SCALE = 3.0", False),
        ("return helper(x)", "return helper(x) + 1", False),
        ("return x\n", "return -x\n", True),
        ("import numpy as np\n", "import numpy as np\n# a comment\n\n\n", True),
    ],
)
def test_the_name_follows_the_code_that_is_reached(old, new, same, tmp_path, monkeypatch):
    assert old in textwrap.dedent(SOURCE)
    before = fingerprint(trial_of(tmp_path / "a.py", SOURCE, monkeypatch))
    assert before == fingerprint(trial_of(tmp_path / "b.py", SOURCE, monkeypatch))
    after = fingerprint(trial_of(tmp_path / "c.py", textwrap.dedent(SOURCE).replace(old, new), monkeypatch))
    assert (before == after) == same


def test_the_name_follows_what_a_function_closes_over_and_code_without_a_source():
    def power(p):
        return lambda x: x**p

    assert fingerprint(power(2)) == fingerprint(power(2)) != fingerprint(power(3))
    made = [
        eval(compile(text, "<typed>", "eval")) for text in ("lambda x: x + 1", "lambda x: x + 1", "lambda x: x + 2")
    ]
    assert fingerprint(made[0]) == fingerprint(made[1]) != fingerprint(made[2])


def test_the_name_follows_the_version_of_this_library_and_of_numpy(monkeypatch):
    name = fingerprint(adds)
    with monkeypatch.context() as patch:
        patch.setattr("renorm.experiments.fingerprint.__version__", "0.0.1")
        assert fingerprint(adds) != name
    with monkeypatch.context() as patch:
        patch.setattr(np, "__version__", "1.99")
        assert fingerprint(adds) != name
    assert fingerprint(adds) == name


def test_the_name_reaches_the_solver_through_the_library_s_own_modules(monkeypatch):
    name = fingerprint(ridge_solver.ridge_path)
    monkeypatch.setattr(ridge_solver, "GRAM_CONDITION_LIMIT", 1e6)
    assert fingerprint(ridge_solver.ridge_path) != name


def test_functions_that_share_a_line_differ():
    phi, cubic = (lambda u: u, lambda u: u**3)
    assert fingerprint(phi) != fingerprint(cubic)
    assert fingerprint([phi, cubic, phi]) != fingerprint([phi, cubic, cubic])


def test_arrays_differ_by_what_their_values_alone_do_not_show():
    masked = np.ma.masked_array([1.0, 2.0], [False, True])
    contents = [
        masked, np.ma.masked_array([1.0, 2.0], [True, False]), np.ma.masked_array([1.0, 2.0]), np.array([1.0, 2.0]),
        np.ma.masked_array([1.0, 2.0], [False, True], fill_value=7.0), np.recarray((1,), [("a", float)], b"\0" * 8),
        np.zeros(1, [("a", float)]),
        np.zeros(1, [("a", float), ("b", float)]), np.zeros(1, [("b", float), ("a", float)]),
    ]  # fmt: skip
    assert len({fingerprint(content) for content in contents}) == len(contents)
    assert fingerprint(masked) == fingerprint(masked.copy())


def test_containers_differ_by_their_kind():
    pair, other = NamedTuple("Pair", [("a", int), ("b", int)]), NamedTuple("Pair", [("b", int), ("a", int)])
    contents = [
        (1, 2), pair(1, 2), other(1, 2), [1, 2], {"a": 1}, collections.defaultdict(int, a=1),
        collections.defaultdict(float, a=1), range(2), range(3), slice(2), ...,
    ]  # fmt: skip
    assert len({fingerprint(content) for content in contents}) == len(contents)


class Model:
    scale = 1.0

    def fit(self, x):
        return self.scale * x


@dataclasses.dataclass(frozen=True)
class Setting:
    width: int = 3
    scales: list = dataclasses.field(default_factory=list)

    @functools.cached_property
    def area(self):
        return self.width**2


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


def uses_everything(rng):
    return {"x": Model().fit(rng.normal()) + validate.SCALE + Setting().width + Colour.RED.value}


def test_the_name_follows_what_is_changed_at_run_time(monkeypatch):
    monkeypatch.setattr(validate, "SCALE", 1.0, raising=False)
    names = [fingerprint(uses_everything)]
    for change in [
        (Model, "scale", 2.0),
        (validate, "SCALE", 2.0),
        (Model, "fit", lambda self, x: x),
        (Setting, "area", property(lambda self: 3)),
        (Colour.RED, "_value_", 3),
        (uses_everything, "note", 1),
    ]:
        monkeypatch.setattr(*change, raising=False)
        names.append(fingerprint(uses_everything))
    assert len(set(names)) == len(names)
    monkeypatch.setattr(validate, "unrelated", object(), raising=False)
    assert fingerprint(uses_everything) == names[-1]


def test_a_dataclass_is_named_by_its_fields_and_what_was_set_on_it():
    setting, name = Setting(), fingerprint(Setting())
    assert setting.area == 9 and fingerprint(setting) == name
    assert fingerprint(Setting(4)) != name
    object.__setattr__(setting, "extra", 1)
    assert fingerprint(setting) != name
    assert len({fingerprint(colour) for colour in Colour}) == 2


@pytest.mark.parametrize(
    "statement", ["import helper_of_mine", "from helper_of_mine import helper", "import helper_of_mine as h"]
)
def test_the_name_follows_a_helper_imported_inside_the_trial(statement, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    name = statement.split()[-1] if statement.startswith("from") else f"{statement.split()[-1]}.helper"
    trial = f"def trial(rng):\n    {statement}\n    return {{'x': {name}(1.0)}}\n"
    names = []
    for body in ("return x", "return 2 * x", "return x"):
        (tmp_path / "helper_of_mine.py").write_text(f"def helper(x):\n    {body}\n")
        sys.modules.pop("helper_of_mine", None)
        importlib.invalidate_caches()
        names.append(fingerprint(trial_of(tmp_path / "a.py", trial, monkeypatch)))
    sys.modules.pop("helper_of_mine", None)
    assert names[0] == names[2] != names[1]


def test_the_name_follows_the_methods_of_a_dataclass_without_a_source():
    made = []
    for body in ("return self.x", "return -self.x"):
        names = {"dataclasses": dataclasses, "__name__": "typed"}
        exec(f"@dataclasses.dataclass\nclass D:\n    x: int = 1\n    def value(self):\n        {body}", names)
        made.append(fingerprint(names["D"]()))
    assert made[0] != made[1]


def test_the_name_follows_a_decorator():
    def times(factor):
        def decorate(function):
            @functools.wraps(function)
            def wrapper(*args):
                return factor * function(*args)

            return wrapper

        return decorate

    assert len({fingerprint(f) for f in (adds, times(2)(adds), times(3)(adds), functools.cache(adds))}) == 4
    assert fingerprint(times(2)(adds)) == fingerprint(times(2)(adds))


def test_the_name_follows_an_operator_s_method_and_a_nested_class():
    def trial(sign):
        class Local:
            def __neg__(self):
                return sign

        return Local

    assert fingerprint(trial(1)) != fingerprint(trial(2))


def test_a_module_that_is_missing_does_not_stop_the_name(tmp_path, monkeypatch):
    trial = "def trial(rng):\n    try:\n        import no_such_module\n    except ImportError:\n        pass\n"
    assert fingerprint(trial_of(tmp_path / "a.py", trial, monkeypatch))


def test_the_name_is_the_same_in_another_process(tmp_path):
    """Also of code with a set of texts in it, whose order differs from process to process."""
    (tmp_path / "theirs.py").write_text(
        "import numpy as np\ndef trial(rng, kind='a'):\n    return {'x': np.ones(3) * (kind in {'a', 'b', 'c', 'd'})}\n"
    )
    text = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import theirs, renorm.experiments.fingerprint as t; "
    names = {
        subprocess.run(
            [sys.executable, "-c", text + "print(t.fingerprint(theirs.trial))"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(names) == 1
