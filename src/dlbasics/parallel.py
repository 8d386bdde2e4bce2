"""Processes in a ring, each of which talks to its two neighbors.

    def worker(ring):
        return ring.all_reduce(np.full(3, ring.rank))

    run(worker, 4)    # four times array([6., 6., 6.])

`worker` may be typed in a notebook: it travels with everything it refers to. A script
that is run as a file needs `if __name__ == "__main__":` around the call.
"""

from __future__ import annotations

import multiprocessing
import pickle
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import cloudpickle
import numpy as np
from threadpoolctl import threadpool_limits

from dlbasics.arrays import Array

if TYPE_CHECKING:  # a browser's Python cannot import it
    from multiprocessing.connection import Connection

HAS_PROCESSES = sys.platform != "emscripten"  # a browser has none


class Ring:
    """One worker's place in the ring: it hears from the left and talks to the right.

    `rank` counts the workers from 0 to `size` - 1; `sent` counts bytes.
    """

    def __init__(self, rank: int, size: int, left: Connection, right: Connection):
        self.rank, self.size, self.left, self.right = rank, size, left, right
        self.sent = 0

    def pass_on(self, array: Array) -> Array:
        """Send an array to the right; return the one that comes from the left.

        A thread sends, so that no two neighbors wait for each other.
        """
        talk = threading.Thread(target=self.right.send_bytes, args=(array.tobytes(),))
        talk.start()
        heard = np.frombuffer(self.left.recv_bytes(), array.dtype)
        talk.join()
        self.sent += array.nbytes
        return heard

    def all_reduce(self, array: Array) -> Array:
        """Return the sum of all workers' arrays, the same to the last bit for each.

        In `size` - 1 rounds every worker passes on one of `size` pieces and adds what
        comes to its own; then each owns one finished piece, and as many rounds hand
        these around. A worker sends 2 (size - 1) / size times the array in all.
        Source: Patarasuk and Yuan (2009), doi 10.1016/j.jpdc.2008.09.002.
        """
        flat = np.array(array).reshape(-1)
        pieces = np.array_split(flat, self.size)  # views of `flat`
        for step in range(self.size - 1):
            there = pieces[(self.rank - step) % self.size]
            here = pieces[(self.rank - step - 1) % self.size]
            here += self.exchange(there, here)
        for step in range(self.size - 1):
            there = pieces[(self.rank - step + 1) % self.size]
            here = pieces[(self.rank - step) % self.size]
            here[...] = self.exchange(there, here)
        return flat.reshape(np.shape(array))

    def exchange(self, there: Array, here: Array) -> Array:
        heard = self.pass_on(there)
        if heard.shape != here.shape:
            raise ValueError(
                f"worker {self.rank} expected {here.size} numbers from its neighbor, "
                f"got {heard.size}: every worker must reduce arrays of the same shape"
            )
        return heard


def run(worker: Callable[[Ring], Any], size: int) -> list[Any]:
    """Call `worker(ring)` in `size` processes; return what they return, by rank.

    With size 1 it is called here, in this process.

    Raises
    ------
    ValueError
        If size is below 1.
    RuntimeError
        If a worker raises or dies; all others are stopped.
    """
    if not size >= 1:
        raise ValueError(f"run expected at least one worker, got {size}")
    context = multiprocessing.get_context("spawn")
    if size == 1:
        pipe = context.Pipe(duplex=False) if HAS_PROCESSES else (None, None)
        return [worker(Ring(0, 1, *pipe))]
    work, pipes = cloudpickle.dumps(worker), [context.Pipe(False) for _ in range(size)]
    processes, results = [], []
    for rank in range(size):
        result, answer = context.Pipe(duplex=False)
        ring = (rank, size, pipes[rank - 1][0], pipes[rank][1])
        processes.append(context.Process(target=serve, args=(work, ring, answer)))
        processes[-1].start()
        answer.close()
        results.append(result)
    try:
        return collect(results)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def serve(work: bytes, ring: tuple, answer: Connection) -> None:
    """Run one worker in its process, and send what it returns or raises."""
    with threadpool_limits(1):
        try:
            result = pickle.loads(work)(Ring(*ring))
            answer.send_bytes(cloudpickle.dumps(("ok", result)))
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            answer.send_bytes(cloudpickle.dumps(("failed", reason)))


def collect(results: list[Connection]) -> list[Any]:
    """Wait for all results, or for the first bad one."""
    from multiprocessing.connection import wait

    found: dict[int, Any] = {}
    while len(found) < len(results):
        for result in wait([r for k, r in enumerate(results) if k not in found]):
            rank = results.index(result)
            try:
                status, value = pickle.loads(result.recv_bytes())
            except EOFError:
                status, value = "failed", "the process died"
            if status == "failed":
                raise RuntimeError(f"worker {rank} failed: {value}")
            found[rank] = value
    return [found[rank] for rank in range(len(results))]
