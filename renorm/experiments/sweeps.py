"""Many independent trials: the same whoever computes them, in parallel, resumable.

A trial is a function ``trial(rng, **arguments)`` that returns named arrays. Trial k draws everything from a generator
of its own, made of the seed and k, so that it is the same to the last bit on one worker or many, in any order, and
whether 10 or 1,000 trials are asked for. While a trial runs, the linear algebra of its process uses one thread, for
sums in another order round differently (where the package ``threadpoolctl`` is installed; else set the environment
variable OPENBLAS_NUM_THREADS=1).

Workers come from joblib. ``n_jobs=2`` starts two processes; any other backend is chosen around the call:

    with joblib.parallel_config("threading"):
        ridge_experiment(..., n_jobs=4)

    client = dask.distributed.Client("tcp://scheduler:8786")     # or LocalCluster(): machines instead of cores
    with joblib.parallel_config("dask"):
        ridge_experiment(..., n_jobs=-1)

With ``cache="some/directory"`` each finished trial is kept on disk by whoever computed it
(``experiments.trial_store``). Interrupted or killed, the same call continues where it was;
asked for more trials, it computes the missing ones.
"""

import contextlib
import functools
import inspect
import itertools
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from renorm._numerics import validate
from renorm.experiments.fingerprint import fingerprint
from renorm.experiments.trial_store import TrialStore

__all__ = ["Plan", "experiment", "grid", "repeat", "run", "seed_key", "sweep"]

Arrays = dict[str, np.ndarray]


def seed_key(seed, *key: int) -> tuple[int, ...]:
    """The numbers that seed an experiment: the user's ``seed``, 0, 1, …, and what tells its experiments apart."""
    if isinstance(seed, (bool, np.bool_)) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"seed = {seed!r}: must be a whole number, zero or larger")
    return (int(seed), *key)


@dataclass(frozen=True, eq=False)
class Plan:
    """An experiment not yet run: ``trials`` independent calls trial(rng, **arguments), and what to make of them.

    ``seed`` is a tuple of whole numbers; trial k draws from ``default_rng(SeedSequence(seed, spawn_key=(k,)))``.
    ``summarize`` maps the dict of arrays, each stacked over trials along its first axis, to the result.
    """

    trial: Callable[..., Arrays]
    arguments: Mapping[str, object]
    trials: int
    seed: tuple[int, ...]
    summarize: Callable[[Arrays], object]


def repeat(trial, arguments, trials, seed, *, n_jobs=1, cache=None, progress=False) -> Arrays:
    """``trials`` independent calls of ``trial(rng, **arguments)``: each array of the result stacked, (trials, …).

    ``trial`` returns a dict of numeric arrays. ``n_jobs``, ``cache`` and ``progress`` as in ``run``. Raises
    ``ValueError`` for a trial that is not callable or returns something else, trials < 1, a negative seed.

    >>> walk = repeat(lambda rng, steps: {"end": rng.choice([-1, 1], steps).sum()}, {"steps": 9}, trials=3, seed=0)
    >>> walk["end"].shape
    (3,)
    """
    if not callable(trial):
        raise ValueError(f"trial = {trial!r}: must be a function trial(rng, **arguments)")
    plan = Plan(trial, dict(arguments), validate.integer("trials", trials), seed_key(seed), dict)
    return run([plan], n_jobs=n_jobs, cache=cache, progress=progress)[0]


def experiment(planner: Callable[..., Plan]) -> Callable:
    """Makes a function that returns a ``Plan`` into one that runs it, with ``run``'s n_jobs, cache and progress.

    >>> @experiment
    ... def coin(tosses, trials, seed):
    ...     "The share of heads."
    ...     trial = lambda rng, tosses: {"heads": rng.integers(0, 2, tosses).mean()}
    ...     return Plan(trial, {"tosses": tosses}, trials, (seed,), lambda arrays: arrays["heads"].mean())
    >>> coin(1000, trials=10, seed=0).round(2)
    np.float64(0.5)
    """
    running = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        for name, default in (("n_jobs", 1), ("cache", None), ("progress", False))
    ]

    @functools.wraps(planner)
    def runs(*args, n_jobs=1, cache=None, progress=False, **kwargs):
        return run([planner(*args, **kwargs)], n_jobs=n_jobs, cache=cache, progress=progress)[0]

    declared = inspect.signature(planner)
    runs.__signature__ = inspect.Signature([*declared.parameters.values(), *running])
    runs.plan = planner
    return runs


def sweep(experiment, points, *, n_jobs=1, cache=None, progress=False, **common) -> list:
    """One experiment at many settings, all their trials shared out among the same workers.

    experiment  an experiment of this library (``ridge_experiment``, …), or of your own
    points      a list of dicts of arguments (``grid`` makes one of every combination); ``common`` holds the others

    Returns the results in the order of the points. Each equals, bit for bit, what the experiment called by itself
    returns, and they share their cache. ``ValueError`` for no points, for arguments that the experiment does not take.

    >>> from renorm import ridge_experiment
    >>> from renorm import isotropic
    >>> curve = sweep(ridge_experiment, grid(n=[20, 80]), population=isotropic(40), ridges=0.1, trials=10, seed=0)
    >>> [float(measured.excess.round(2)) for measured in curve]
    [0.49, 0.03]
    """
    planner = getattr(experiment, "plan", None)
    if not callable(planner):
        raise ValueError(f"experiment = {experiment!r}: must be an experiment, such as ridge_experiment")
    points = list(points)
    if not points:
        raise ValueError("points = []: must hold at least one dict of arguments")
    plans = []
    for i, point in enumerate(points):
        try:
            bound = inspect.signature(planner).bind(**{**common, **point})
        except TypeError as error:
            raise ValueError(f"points[{i}] = {point!r}: {error} of {experiment.__name__}") from error
        plans.append(planner(*bound.args, **bound.kwargs))
    return run(plans, n_jobs=n_jobs, cache=cache, progress=progress)


def grid(**values) -> list[dict]:
    """Every combination of the values, the last named running fastest.

    >>> grid(n=[10, 20], width=[5, 6])
    [{'n': 10, 'width': 5}, {'n': 10, 'width': 6}, {'n': 20, 'width': 5}, {'n': 20, 'width': 6}]
    """
    return [dict(zip(values, choice, strict=True)) for choice in itertools.product(*values.values())]


def run(plans, *, n_jobs=1, cache=None, progress=False) -> list:
    """The results of several plans, their trials shared out among the same workers.

    n_jobs    1: here and now, without joblib. Else the number of workers for joblib, -1 for as many as there are
    cache     a directory for finished trials, or None: nothing is kept
    progress  True shows a bar, in trials (never with TQDM_DISABLE=1 in the environment)

    Raises ``ValueError`` for n_jobs = 0, a cache that is a file, or (with a cache) arguments whose content cannot be
    compared. An exception inside a trial ends the run; trials finished before it stay in the cache.
    """
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, (int, np.integer)) or n_jobs == 0:
        raise ValueError(f"n_jobs = {n_jobs!r}: must be a whole number but not 0; -1 means all workers")
    stores = [_store(plan, cache) for plan in plans]
    found = [[store and store.load(k) for k in range(plan.trials)] for plan, store in zip(plans, stores, strict=True)]
    missing = [(i, k) for i, trials in enumerate(found) for k, arrays in enumerate(trials) if arrays is None]
    total = sum(plan.trials for plan in plans)
    quiet = not progress or bool(os.environ.get("TQDM_DISABLE"))  # tqdm looks there only if not told otherwise
    bar = tqdm(total=total, initial=total - len(missing), unit="trial", disable=quiet)
    with bar, _one_blas_thread:  # here too: what the main thread has set, worker threads of its process cannot change
        for i, k, arrays in _computed(missing, plans, stores, int(n_jobs)):
            found[i][k] = arrays
            if stores[i] and not stores[i].has(k):  # a worker on another machine wrote it to a disk of its own
                stores[i].save(k, arrays)
            bar.update()
    return [plan.summarize(_stacked(trials)) for plan, trials in zip(plans, found, strict=True)]


def _store(plan: Plan, cache) -> TrialStore | None:
    return None if cache is None else TrialStore(cache, fingerprint(plan.trial, plan.arguments, plan.seed))


def _computed(missing, plans, stores, n_jobs) -> Iterator[tuple[int, int, Arrays]]:
    """(plan, trial, arrays) of each missing trial, as they finish."""
    if not missing:
        return
    calls = [(i, k, plans[i].trial, plans[i].seed, stores[i]) for i, k in missing]
    if n_jobs == 1:
        for call in calls:
            yield _compute(*call, **plans[call[0]].arguments)
        return
    import joblib  # here, so that one worker needs nothing that a browser does not have

    try:
        parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    except ValueError:  # a backend that hands over everything at the end, like "multiprocessing"
        parallel = joblib.Parallel(n_jobs=n_jobs)
    # Arguments are passed one by one: joblib and Dask share large arrays among workers, but do not look inside a dict.
    yield from parallel(joblib.delayed(_compute)(*call, **plans[call[0]].arguments) for call in calls)


def _compute(i, k, trial, seed, store, /, **arguments) -> tuple[int, int, Arrays]:
    """Trial k of plan i, kept if there is a store."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k,)))
    with _one_blas_thread:
        result = trial(rng, **arguments)
    if not isinstance(result, Mapping) or not result or not all(isinstance(name, str) for name in result):
        raise ValueError(f"trial returned {result!r}: must be a dict of named arrays, not empty")
    arrays = {name: np.asarray(value) for name, value in result.items()}
    if any(array.dtype.kind not in "biuf" for array in arrays.values()):
        raise ValueError(f"trial returned {result!r}: must be a dict of named real arrays")
    if store:
        store.save(k, arrays)
    return i, k, arrays


def _stacked(trials: list[Arrays]) -> Arrays:
    return {name: np.stack([arrays[name] for arrays in trials]) for name in trials[0]}


class _OneBlasThread:
    """While any thread of this process is inside, BLAS uses one thread; after the last has left, as many as before."""

    def __init__(self):
        self._lock = threading.Lock()
        self._inside = 0
        self._limits = contextlib.ExitStack()

    def __enter__(self):
        with self._lock:
            if self._inside == 0:
                with contextlib.suppress(ImportError):
                    from threadpoolctl import threadpool_limits

                    self._limits.enter_context(threadpool_limits(1, user_api="blas"))
            self._inside += 1

    def __exit__(self, *exception):
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._limits.close()


_one_blas_thread = _OneBlasThread()
