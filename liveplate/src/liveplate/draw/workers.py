"""Draws many states on all cores. LIVEPLATE_JOBS limits how many processes are used.

Processes are forked, which is safe on Linux only: a notebook's functions could not be sent to a process that starts
empty. Elsewhere the states are drawn one after the other.
"""

import gc
import multiprocessing
import os
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor

from liveplate.draw.stage import Record, Stage
from liveplate.draw.text import forget_open_fonts

FEW = 12  # states that are not worth a second process
_stage: Stage | None = None  # what a forked process draws on


def jobs() -> int:
    """How many processes to use."""
    wanted = os.environ.get("LIVEPLATE_JOBS", "")
    if wanted.isdigit():
        return max(1, int(wanted))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def record_all(stage: Stage, states: list[tuple]) -> tuple[list[Record], float]:
    """Records of all states in order, and the CPU seconds they took (in all processes together)."""
    count = min(jobs(), len(states) // FEW) if sys.platform == "linux" else 1
    if count <= 1:
        return _chunk(stage, states)
    size = -(-len(states) // (4 * count))  # neighbouring states together: they share the author's own caches
    chunks = [states[i : i + size] for i in range(0, len(states), size)]
    parts = _forked(stage, chunks, count)
    return [record for records, _ in parts for record in records], sum(seconds for _, seconds in parts)


def _chunk(stage: Stage, states: list[tuple]) -> tuple[list[Record], float]:
    start = time.process_time()
    gc.freeze()  # figures are circles: what looks for those need not look through all that the notebook holds
    try:
        records = [stage.record(stage.figure.values(state)) for state in states]
    finally:
        gc.unfreeze()
    return records, time.process_time() - start


def _forked_chunk(states: list[tuple]):
    return _chunk(_stage, states)


def _forked(stage: Stage, chunks: list[list[tuple]], count: int) -> list:
    """Forked processes have the notebook's functions and data already: nothing is sent but the states."""
    global _stage
    _stage = stage
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # "multi-threaded, use of fork()": the children only draw
        with ProcessPoolExecutor(count, multiprocessing.get_context("fork"), forget_open_fonts) as pool:
            return list(pool.map(_forked_chunk, chunks))
