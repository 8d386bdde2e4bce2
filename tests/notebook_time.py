"""A pytest plugin: how long each notebook computed; too long is a failure.

Loaded by `make test-notebooks`. What counts is the kernel's processor time, which, with
one BLAS thread, is what a reader waits for on a machine that does nothing else; the
clock would punish a notebook for its neighbors. The limit is 60 seconds a notebook.
"""

from __future__ import annotations

import psutil
import pytest

LIMIT = 60.0
SECONDS: dict[str, float] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" and item.nodeid.partition("::")[0].endswith(".ipynb"):
        kernels = psutil.Process().children(recursive=True)
        seconds = sum(sum(kernel.cpu_times()[:2]) for kernel in kernels)
        report.user_properties.append(("kernel seconds", seconds))
    return report


def pytest_runtest_logreport(report):
    seconds = dict(report.user_properties).get("kernel seconds")
    if seconds is not None:
        name = report.nodeid.partition("::")[0]
        SECONDS[name] = max(seconds, SECONDS.get(name, 0.0))


def pytest_terminal_summary(terminalreporter):
    if SECONDS:
        terminalreporter.section(f"seconds of each notebook, at most {LIMIT:g}")
    for name, seconds in sorted(SECONDS.items(), key=lambda item: -item[1]):
        over = "  TOO LONG" if seconds > LIMIT else ""
        terminalreporter.write_line(f"{seconds:6.1f}  {name}{over}")


def pytest_sessionfinish(session):
    if any(seconds > LIMIT for seconds in SECONDS.values()) and session.exitstatus == 0:
        session.exitstatus = 1
