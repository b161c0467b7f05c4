"""What is read from disk is what would have been computed: names cover content and code, damaged files are ignored."""

import functools
import math
import textwrap
import types

import numpy as np
import pytest

from renorm._numerics import validate
from renorm.experiments import solver as ridge_solver
from renorm.experiments.trial_store import TrialStore, fingerprint
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
        patch.setattr("renorm.experiments.trial_store.__version__", "0.0.1")
        assert fingerprint(adds) != name
    with monkeypatch.context() as patch:
        patch.setattr(np, "__version__", "1.99")
        assert fingerprint(adds) != name
    assert fingerprint(adds) == name


def test_the_name_reaches_the_solver_through_the_library_s_own_modules(monkeypatch):
    name = fingerprint(ridge_solver.ridge_path)
    monkeypatch.setattr(ridge_solver, "GRAM_CONDITION_LIMIT", 1e6)
    assert fingerprint(ridge_solver.ridge_path) != name


ARRAYS = {"test": np.array([0.1, np.inf, -0.0, np.nextafter(1, 2)]), "train": np.array(3.0), "count": np.arange(3)}


def same(a, b):
    return a.keys() == b.keys() and all(a[k].dtype == b[k].dtype and a[k].tobytes() == b[k].tobytes() for k in a)


def test_what_is_stored_comes_back_bit_for_bit(tmp_path):
    store = TrialStore(tmp_path / "new" / "directory", "key")
    assert store.load(3) is None and not store.has(3)
    store.save(3, ARRAYS)
    assert same(store.load(3), ARRAYS) and store.has(3)
    store.save(3, {"test": np.zeros(1)})
    assert same(store.load(3), {"test": np.zeros(1)})
    assert TrialStore(tmp_path / "new" / "directory", "other").load(3) is None


@pytest.mark.parametrize("position", [0, 31, 32, 60, -1])
def test_a_flipped_bit_is_noticed(position, tmp_path):
    store = TrialStore(tmp_path, "key")
    store.save(0, ARRAYS)
    path = next((tmp_path / "key").iterdir())
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)
    with pytest.warns(UserWarning, match=r"key/000000\.trial is damaged"):
        assert store.load(0) is None


@pytest.mark.parametrize("kept", [0, 10, 32, 200])
def test_half_a_file_is_noticed(kept, tmp_path):
    store = TrialStore(tmp_path, "key")
    store.save(0, ARRAYS)
    path = next((tmp_path / "key").iterdir())
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.warns(UserWarning, match="damaged"):
        assert store.load(0) is None


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    store = TrialStore(tmp_path, "key")
    monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        store.save(0, ARRAYS)
    assert list((tmp_path / "key").iterdir()) == []


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="cache = .*directory"):
        TrialStore(tmp_path / "file", "key")
