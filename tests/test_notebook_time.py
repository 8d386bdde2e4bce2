"""The time limit for notebooks: fair on a slow machine, and able to fail."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import notebook_time
from tests.notebook_time import LIMIT, YARDSTICK, counted


def test_a_machine_that_is_twice_as_slow_counts_half():
    assert counted(50.0, [YARDSTICK]) == pytest.approx(50)
    assert counted(50.0, [YARDSTICK, 3 * YARDSTICK]) == pytest.approx(25)


def test_the_yardstick_takes_processor_time():
    assert 0.0005 < notebook_time.measure() < 0.5


@pytest.mark.parametrize(("fair", "status"), [(LIMIT - 1, 0), (LIMIT + 1, 1)])
def test_a_notebook_over_the_limit_fails_the_run(monkeypatch, fair, status):
    monkeypatch.setattr(notebook_time, "SECONDS", {"a.ipynb": (500.0, fair)})
    session = SimpleNamespace(exitstatus=0)
    notebook_time.pytest_sessionfinish(session)
    assert session.exitstatus == status
