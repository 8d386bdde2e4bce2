"""Trying out candidates, many at a time."""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from queue import SimpleQueue

import cloudpickle
import numpy as np
from threadpoolctl import threadpool_limits

from dlbasics.search.spaces import Candidate
from dlbasics.search.trials import Record, Trial, key
from dlbasics.training import progress_bar

Objective = Callable[..., float]


def search(
    objective: Objective,
    candidates: Sequence[Candidate],
    *,
    seed: int = 0,
    executor: Executor | None = None,
    path: str | os.PathLike | None = None,
    progress: bool = False,
) -> list[Trial]:
    """Call `objective(**candidate, rng=…)` for each candidate; smaller is better.

    Each trial gets a generator of its own, made from the same seed: two candidates
    start from the same weights and batches and differ in their hyperparameters only.
    Each computes with one BLAS thread. So the result depends neither on the executor
    nor on the order in which trials end.

    Parameters
    ----------
    candidates : from `sample`, `grid` or `propose`, or typed by hand.
    executor : any from `concurrent.futures`, or `client.get_executor()` of a Dask
        client. Default: as many processes as this machine has processors, or none
        besides this one in a browser. The objective travels to them with everything
        it refers to, so let it load large data itself. A script that is run as a
        file needs `if __name__ == "__main__":` around the call, as for any process.
    path : a file that is brought up to date after each trial. If it is there, what it
        holds is not computed again: an interrupted search goes on. Delete it when
        you change the objective.

    Returns
    -------
    one `Trial` for each candidate, in their order. An objective that raises or
    returns NaN does not stop the others: see `Trial.status`.

    Raises
    ------
    ValueError
        If there is no candidate, or the file belongs to another search.
    concurrent.futures.BrokenExecutor
        If a worker died, for want of memory for example. The file keeps what ended.
    """
    candidates = [plain(candidate) for candidate in candidates]
    if not candidates:
        raise ValueError("search expected at least one candidate, got none")
    record = Record(path, name_of(objective), seed) if path is not None else None
    trials: dict[int, Trial] = {}
    for number, candidate in enumerate(candidates):
        if record and key(candidate) in record.trials:
            trials[number] = record.trials[key(candidate)]

    todo = [number for number in range(len(candidates)) if number not in trials]
    work = cloudpickle.dumps(objective)
    how = {"shown": progress, "unit": "trial", "done": len(trials)}
    with progress_bar(len(candidates), **how) as bar, workers(executor, todo) as pool:
        tasks = ((n, (try_out, work, candidates[n], seed)) for n in todo)
        for number, trial in as_they_end(pool, tasks):
            trials[number] = trial
            if record:
                record.add(trial)
            bar.update()
    return [trials[number] for number in range(len(candidates))]


def try_out(work: bytes, candidate: Candidate, seed: int) -> Trial:
    """Run one trial, wherever this is called, and let nothing that it raises escape."""
    with threadpool_limits(1):
        try:
            objective = pickle.loads(work)
            value = float(objective(**candidate, rng=np.random.default_rng(seed)))
        except Exception as error:
            return Trial(
                candidate, math.nan, "failed", f"{type(error).__name__}: {error}"
            )
    if not math.isfinite(value):
        return Trial(candidate, math.nan, "not finite", f"returned {value}")
    return Trial(candidate, value)


def as_they_end(pool: Executor, tasks) -> Iterator[tuple[int, Trial]]:
    """Submit all tasks, yield what ends, and drop the rest if anything interrupts."""
    ended: SimpleQueue[Future] = SimpleQueue()
    numbers: dict[Future, int] = {}
    try:
        for number, task in tasks:
            future = pool.submit(*task)
            numbers[future] = number
            future.add_done_callback(ended.put)
            while not ended.empty():
                future = ended.get()
                yield numbers.pop(future), future.result()
        while numbers:
            future = ended.get()
            yield numbers.pop(future), future.result()
    finally:
        for future in numbers:
            future.cancel()


@contextmanager
def workers(executor: Executor | None, tasks: Sequence) -> Iterator[Executor]:
    """Give the executor as it is, or one that lives as long as the block."""
    n_processes = min(os.cpu_count() or 1, len(tasks))
    if executor is not None:
        yield executor
    elif sys.platform == "emscripten" or n_processes < 2:
        yield Serial()
    else:
        # Only here: a browser's Python cannot even import it.
        from concurrent.futures import ProcessPoolExecutor

        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(n_processes, mp_context=context) as pool:
            yield pool


class Serial(Executor):
    """Do each task at once, in this process: to debug, and where there is no other."""

    def submit(self, fn, /, *args, **kwargs) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def plain(candidate: Candidate) -> Candidate:
    """Return the candidate with Python's numbers in place of NumPy's."""
    return {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in candidate.items()
    }


def name_of(objective: Objective) -> str:
    return getattr(objective, "__qualname__", type(objective).__qualname__)
