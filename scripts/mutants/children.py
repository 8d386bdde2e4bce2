"""Work in children of this process, which begin with all that it has imported."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator

MEMORY = 8 << 30


def start(work: Callable[[], object], seconds: int) -> tuple[int, int]:
    """Fork; the child sends what `work` returns. Return its id and where to read."""
    gc.freeze()
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        return child, reading
    try:
        # Processor time, because others may use the machine; a sleep is cut as well.
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(10 * seconds)
        null, seen = os.open(os.devnull, os.O_WRONLY), os.dup(2)
        os.dup2(null, 1)
        os.dup2(null, 2)
        with os.fdopen(writing, "w") as file:
            json.dump(work(), file)
    except BaseException:
        os.dup2(seen, 2)
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def result(status: int, text: str) -> object:
    """What the child sent; None if it was killed."""
    if os.WIFSIGNALED(status):
        return None
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError("a child failed outside of the tests")
    return json.loads(text)


def once(work: Callable[[], object], seconds: int) -> object:
    child, reading = start(work, seconds)
    with os.fdopen(reading) as file:
        text = file.read()
    return result(os.waitpid(child, 0)[1], text)


def each(
    tasks: Iterable, work: Callable[[object], object], *, jobs: int, seconds: int
) -> Iterator[tuple[object, object]]:
    """Yield (task, answer) as children finish, one child for each task."""
    running: dict[int, tuple[object, int]] = {}

    def wait() -> tuple[object, object]:
        child, status = os.waitpid(-1, 0)
        task, reading = running.pop(child)
        with os.fdopen(reading) as file:
            return task, result(status, file.read())

    for task in tasks:
        child, reading = start(lambda task=task: work(task), seconds)
        running[child] = task, reading
        if len(running) >= jobs:
            yield wait()
    while running:
        yield wait()
