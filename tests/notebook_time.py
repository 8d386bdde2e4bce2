"""A pytest plugin: how long each notebook computed; too long is a failure.

Loaded by `make test-notebooks`. What counts is the kernel's processor time, which, with
one BLAS thread, is what a reader waits for on a machine that does nothing else; the
clock would punish a notebook for its neighbors. Where processors are shared, a second
of processor time is worth less at one moment than at the next. So a yardstick, a small
fixed computation, is timed twice a second while notebooks run, and the limit of 60
seconds holds for a machine on which it takes `YARDSTICK` seconds.
"""

from __future__ import annotations

import threading
import time

import numpy as np
import psutil
import pytest

LIMIT = 60.0
YARDSTICK = 0.0042  # on the two cores that the book is written on, when left alone
SECONDS: dict[str, tuple[float, float]] = {}  # as counted, and by the yardstick
MEASURED: list[float] = []
X, Y = np.ones((1000, 784), np.float32), np.ones(2**20, np.float32)


def measure() -> float:
    """Return the processor time of a matrix product and of passes through memory."""
    start = time.thread_time()
    np.maximum(X @ X[:100].T, 0)
    np.maximum(2 * Y, 0) + Y
    return time.thread_time() - start


def keep_measuring() -> None:
    while True:
        MEASURED.append(measure())
        time.sleep(0.5)


def pytest_sessionstart():
    threading.Thread(target=keep_measuring, daemon=True).start()


def counted(seconds: float, measured: list[float]) -> float:
    """Return what the seconds would have been where the yardstick takes its time."""
    return seconds * YARDSTICK / float(np.mean(measured))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" and item.nodeid.partition("::")[0].endswith(".ipynb"):
        if item.name == "Cell 0":
            del MEASURED[:-1]  # of the notebook before
        kernels = psutil.Process().children(recursive=True)
        seconds = sum(sum(kernel.cpu_times()[:2]) for kernel in kernels)
        both = seconds, counted(seconds, MEASURED[:] or [measure()])
        report.user_properties.append(("kernel seconds", both))
    return report


def pytest_runtest_logreport(report):
    both = dict(report.user_properties).get("kernel seconds")
    if both is not None:
        SECONDS[report.nodeid.partition("::")[0]] = tuple(both)


def pytest_terminal_summary(terminalreporter):
    if SECONDS:
        title = f"seconds of each notebook, and by the yardstick, at most {LIMIT:g}"
        terminalreporter.section(title)
    slowest = sorted(SECONDS.items(), key=lambda item: -item[1][1])
    for name, (seconds, fair) in slowest:
        over = "  TOO LONG" if fair > LIMIT else ""
        terminalreporter.write_line(f"{seconds:6.1f} {fair:6.1f}  {name}{over}")


def pytest_sessionfinish(session):
    too_long = any(fair > LIMIT for _, fair in SECONDS.values())
    if too_long and session.exitstatus == 0:
        session.exitstatus = 1
