"""A trial is the same whoever computes it, and no finished trial is lost."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import joblib
import numpy as np
import pytest

from renorm.experiments import sweeps
from renorm.experiments.ridge import ridge_experiment
from renorm.experiments.sweeps import Plan, experiment, grid, repeat, run, sweep
from renorm.theory.population import power_law

POPULATION = power_law(60, capacity=1.5, source=0.5, noise_variance=0.1)
SETTINGS = dict(population=POPULATION, n=40, ridges=[0.0, 1e-3, 1.0], trials=7, seed=11)


def noisy(rng, size, log=None):
    """A cheap trial; it notes down that it was computed."""
    if log:
        with open(log, "a") as file:
            file.write("x")
    values = rng.standard_normal(size)
    return {"values": values, "gram": np.linalg.eigvalsh(np.outer(values, values) + np.eye(size))}


def same(a, b):
    assert a.keys() == b.keys()
    for name in a:
        assert a[name].dtype == b[name].dtype and a[name].tobytes() == b[name].tobytes(), name


def test_trial_k_draws_from_the_seed_and_k_alone():
    arrays = repeat(noisy, {"size": 5}, trials=4, seed=3)
    for k, child in enumerate(np.random.SeedSequence((3,)).spawn(4)):
        np.testing.assert_array_equal(arrays["values"][k], np.random.default_rng(child).standard_normal(5))
    more = repeat(noisy, {"size": 5}, trials=9, seed=3)
    same(arrays, {name: array[:4] for name, array in more.items()})
    assert len(np.unique(more["values"])) == 45
    assert not np.array_equal(repeat(noisy, {"size": 5}, trials=4, seed=4)["values"], arrays["values"])
    big = 2**100 + 1
    assert not np.array_equal(
        repeat(noisy, {"size": 5}, 1, big)["values"], repeat(noisy, {"size": 5}, 1, big + 1)["values"]
    )


@pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing", "sequential"])
def test_the_same_bits_whatever_the_workers(backend):
    alone = ridge_experiment(**SETTINGS)
    with joblib.parallel_config(backend):
        together = ridge_experiment(**SETTINGS, n_jobs=2)
    same(alone.per_trial, together.per_trial)
    assert set(alone.per_trial) == {"train", "test", "excess", "gcv"}


@pytest.mark.parametrize("workers", [dict(processes=False), dict(processes=True, threads_per_worker=1)])
def test_the_same_bits_on_a_dask_cluster(workers, tmp_path):
    """joblib's Dask backend, as the module's docstring shows it; the cluster could as well be many machines."""
    distributed = pytest.importorskip("distributed")
    alone = ridge_experiment(**SETTINGS)
    n_workers = 2 if workers["processes"] else 1
    with (
        distributed.LocalCluster(n_workers=n_workers, dashboard_address=None, **workers) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
    ):
        together = ridge_experiment(**SETTINGS, n_jobs=-1, cache=tmp_path)
    same(alone.per_trial, together.per_trial)
    assert len(list(tmp_path.glob("*/*.trial"))) == 7


def test_a_sweep_is_its_experiments_one_by_one(tmp_path):
    points = grid(n=[20, 60], distribution=["gaussian", "uniform"])
    common = dict(population=POPULATION, ridges=[0.01, 1.0], trials=3, seed=0)
    results = sweep(ridge_experiment, points, **common, n_jobs=2, cache=tmp_path)
    for point, result in zip(points, results, strict=True):
        same(result.per_trial, ridge_experiment(**point, **common).per_trial)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*")}
    assert len(before) == 12
    ridge_experiment(**points[3], **common, cache=tmp_path)  # finds the sweep's trials
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*")} == before
    first, second = (result.per_trial["test"] for result in results[:2])
    assert not np.any(first == second)


def test_finished_trials_are_not_computed_again(tmp_path):
    log = str(tmp_path / "log")
    count = lambda: len(Path(log).read_text())  # noqa: E731
    arguments = {"size": 4, "log": log}
    first = repeat(noisy, arguments, trials=5, seed=0, cache=tmp_path / "kept")
    assert count() == 5
    same(first, repeat(noisy, arguments, trials=5, seed=0, cache=tmp_path / "kept", n_jobs=2))
    assert count() == 5
    more = repeat(noisy, arguments, trials=8, seed=0, cache=str(tmp_path / "kept"))
    assert count() == 8
    same(first, {name: array[:5] for name, array in more.items()})
    repeat(noisy, arguments, trials=5, seed=1, cache=tmp_path / "kept")
    repeat(noisy, arguments | {"size": 5}, trials=5, seed=0, cache=tmp_path / "kept")
    assert count() == 18
    same(first, repeat(noisy, arguments, trials=5, seed=0))
    assert count() == 23


def test_trials_of_workers_with_another_disk_are_kept_too(tmp_path, monkeypatch):
    elsewhere = lambda *call, **arguments: compute(*call[:-1], None, **arguments)  # noqa: E731
    compute = sweeps._compute
    monkeypatch.setattr(sweeps, "_compute", elsewhere)
    first = repeat(noisy, {"size": 4}, trials=3, seed=0, cache=tmp_path)
    monkeypatch.setattr(sweeps, "_compute", None)  # nothing is left to compute
    same(first, repeat(noisy, {"size": 4}, trials=3, seed=0, cache=tmp_path))


def test_a_damaged_trial_is_computed_again_with_a_warning(tmp_path):
    first = repeat(noisy, {"size": 4}, trials=3, seed=0, cache=tmp_path)
    path = sorted(tmp_path.glob("*/*.trial"))[1]
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.warns(UserWarning, match="000001.trial is damaged"):
        same(first, repeat(noisy, {"size": 4}, trials=3, seed=0, cache=tmp_path))
    same(first, repeat(noisy, {"size": 4}, trials=3, seed=0, cache=tmp_path))  # no warning: it was repaired


SCRIPT = """
    import signal, sys, time
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started deaf to it
    import numpy as np
    from renorm.experiments.sweeps import repeat
    def slow(rng, pause):
        time.sleep(pause)
        return {"value": rng.standard_normal(50) @ rng.standard_normal((50, 3))}
    if __name__ == "__main__":
        arrays = repeat(slow, {"pause": 0.1}, trials=12, seed=5, cache=sys.argv[1] or None, n_jobs=int(sys.argv[2]))
        print(arrays["value"].tobytes().hex())
"""


def start(script, cache, n_jobs):
    command = [sys.executable, str(script), str(cache), str(n_jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.01)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize("n_jobs, how", [(1, "SIGKILL"), (2, "SIGKILL"), (1, "SIGINT")])
def test_killed_half_way_it_loses_nothing_and_ends_with_the_same_bits(n_jobs, how, tmp_path):
    script, cache = tmp_path / "slow.py", tmp_path / "cache"
    script.write_text(textwrap.dedent(SCRIPT))
    finished = lambda: sorted(cache.glob("*/*.trial"))  # noqa: E731
    process = start(script, cache, n_jobs)
    wait_for(lambda: len(finished()) >= 4)
    os.killpg(process.pid, getattr(signal, how))
    process.communicate()
    assert process.returncode != 0
    kept = {path: path.read_bytes() for path in finished()}
    assert 4 <= len(kept) < 12
    output, errors = start(script, cache, 1).communicate()
    assert len(finished()) == 12, errors
    assert all(path.read_bytes() == content for path, content in kept.items())
    assert len({path.parent for path in finished()}) == 1
    repeated, _ = start(script, "", 1).communicate()
    assert output == repeated != ""


def test_an_exception_keeps_the_trials_before_it(tmp_path):
    def fails(rng, at):
        value = rng.standard_normal()
        if at is not None and value > at:
            raise RuntimeError("diverged")
        return {"value": value}

    values = repeat(fails, {"at": None}, trials=6, seed=2)["value"]
    worst = int(np.argmax(values))
    with pytest.raises(RuntimeError, match="diverged"):
        repeat(fails, {"at": float(np.sort(values)[-2])}, trials=6, seed=2, cache=tmp_path)
    assert len(list(tmp_path.glob("*/*.trial"))) == worst > 0


def test_blas_uses_one_thread_while_a_trial_runs():
    threadpoolctl = pytest.importorskip("threadpoolctl")
    threads = lambda: {pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"}  # noqa: E731
    seen = []
    barrier = threading.Barrier(2)

    def looks(rng):
        barrier.wait(10)  # both trials are inside
        seen.append(threads())
        return {"nothing": 0.0}

    with threadpoolctl.threadpool_limits(2):
        before = threads()
        with joblib.parallel_config("threading"):
            repeat(looks, {}, trials=2, seed=0, n_jobs=2)
        assert threads() == before == {2}
    assert seen == [{1}, {1}]


def test_progress_counts_trials_and_is_silent_by_default(capsys, tmp_path):
    repeat(noisy, {"size": 2}, trials=3, seed=0, cache=tmp_path)
    assert capsys.readouterr() == ("", "")
    repeat(noisy, {"size": 2}, trials=5, seed=0, cache=tmp_path, progress=True)
    shown = capsys.readouterr().err
    assert "3/5" in shown and "5/5" in shown and "trial" in shown


def test_one_worker_needs_neither_joblib_nor_processes():
    code = """
        import sys
        for name in ("joblib", "multiprocessing", "threadpoolctl", "concurrent"):
            sys.modules[name] = None  # importing it fails, as it may in a browser
        from renorm.experiments.ridge import ridge_experiment
        from renorm.experiments.sweeps import sweep
        from renorm.theory.population import isotropic
        print(sweep(ridge_experiment, [{"n": 5}], population=isotropic(9), ridges=0.1, trials=2, seed=0)[0].test.shape)
    """
    result = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True)
    assert result.stdout.strip() == "()", result.stderr


def test_an_experiment_of_one_s_own():
    @experiment
    def mean_of(size, trials, seed):
        """Means."""
        return Plan(noisy, {"size": size}, trials, (seed,), lambda arrays: arrays["values"].mean())

    assert mean_of.__doc__ == "Means."
    assert sweep(mean_of, [{"size": 3}, {"size": 4}], trials=2, seed=0)[1] == mean_of(4, 2, seed=0, n_jobs=2)
    assert run([mean_of.plan(3, 2, 0)]) == [mean_of(3, 2, 0)]


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: repeat("trial", {}, 1, 0), "trial = 'trial'"),
        (lambda: repeat(noisy, {"size": 2}, 0, 0), "trials = 0"),
        (lambda: repeat(noisy, {"size": 2}, 1, -1), "seed = -1"),
        (lambda: repeat(noisy, {"size": 2}, 1, 0.5), "seed = 0.5"),
        (lambda: repeat(noisy, {"size": 2}, 1, True), "seed = True"),
        (lambda: repeat(noisy, {"size": 2}, 1, 0, n_jobs=0), "n_jobs = 0"),
        (lambda: repeat(noisy, {"size": 2}, 1, 0, n_jobs=1.5), "n_jobs = 1.5"),
        (lambda: repeat(noisy, {"size": 2}, 1, 0, cache=__file__), "cache = "),
        (lambda: repeat(lambda rng: 1.0, {}, 1, 0), "trial returned 1.0"),
        (lambda: repeat(lambda rng: {}, {}, 1, 0), "trial returned {}"),
        (lambda: repeat(lambda rng: {"a": "b"}, {}, 1, 0), "trial returned"),
        (lambda: sweep(noisy, [{}]), "experiment = "),
        (lambda: sweep(ridge_experiment, [], **SETTINGS), "points = "),
        (lambda: sweep(ridge_experiment, [{"width": 3}], **SETTINGS), r"points\[0\] = {'width': 3}.*ridge_experiment"),
        (lambda: sweep(ridge_experiment, [{"n": 3}], population=POPULATION), r"points\[0\].*missing"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_bar_is_shown_when_asked_for_and_not_forbidden(capsys, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    ridge_experiment(**SETTINGS)
    assert capsys.readouterr().err == ""
    ridge_experiment(**SETTINGS, progress=True)
    assert "7/7" in capsys.readouterr().err
    monkeypatch.setenv("TQDM_DISABLE", "1")
    ridge_experiment(**SETTINGS, progress=True)
    assert capsys.readouterr().err == ""
