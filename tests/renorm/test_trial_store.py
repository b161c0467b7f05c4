"""What is read from disk is what would have been computed: damaged and misplaced files are ignored."""

import shutil

import numpy as np
import pytest

from renorm.experiments.random_features import random_feature_experiment
from renorm.experiments.trial_store import TrialStore
from renorm.theory.population import Population

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


def test_an_experiment_with_another_function_on_the_same_line_is_not_read_from_the_cache(tmp_path):
    p = Population(np.ones(20), np.ones(20), 0.1)
    same = dict(n=15, width=10, ridges=0.01, trials=2, seed=0, test_points=20)
    for phi in (lambda u: u, lambda u: u**3):
        cached = random_feature_experiment(p, **same, activation=phi, cache=tmp_path)
        assert cached.excess == random_feature_experiment(p, **same, activation=phi).excess


@pytest.mark.parametrize("place", ["0 of the same", "0 of another"])
def test_a_copy_of_another_trial_is_noticed(place, tmp_path):
    store, other = TrialStore(tmp_path, "key"), TrialStore(tmp_path, "other")
    store.save(0, ARRAYS)
    other.save(1, ARRAYS)
    target = tmp_path / ("key" if "same" in place else "other") / "000001.trial"
    shutil.copy(tmp_path / "key" / "000000.trial", target)
    with pytest.warns(UserWarning, match=r"000001\.trial is damaged"):
        assert TrialStore(tmp_path, target.parent.name).load(1) is None


@pytest.mark.parametrize("name", ["file", "allow_pickle", "arr_0", "a/b", "a.npy", "ü", "", "self"])
def test_a_result_may_have_any_name(name, tmp_path):
    store = TrialStore(tmp_path, "key")
    arrays = {name: np.arange(3), "a": np.ones(2), f"{name}.npy": np.zeros(1)}
    store.save(0, arrays)
    assert same(store.load(0), arrays) and list(store.load(0)) == list(arrays)
