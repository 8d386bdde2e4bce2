"""What measures time and memory for a chapter."""

import time

import numpy as np
import pytest

from dlbasics import notebook


def test_the_least_of_several_times_counts():
    calls = []

    def work():
        calls.append(None)
        end = time.process_time() + (0.2 if len(calls) == 1 else 0.01)
        while time.process_time() < end:
            pass

    assert 0.009 < notebook.seconds(work, repeats=3) < 0.15
    assert len(calls) == 3


def test_a_call_is_repeated_until_the_clock_moves(monkeypatch):
    calls, now = [], [0.0]

    def work():
        calls.append(None)
        now[0] += 7e-5

    monkeypatch.setattr(notebook, "CLOCK", lambda: round(now[0], 4))
    assert notebook.seconds(work, repeats=3) == pytest.approx(7e-5, rel=0.05)
    assert len(calls) == 1 + 2 + 4 + 8 + 16 + 3 * 32


def test_the_peak_counts_what_is_freed_again():
    def work():
        np.ones(10**6)
        np.ones(10**5)

    assert 8e6 <= notebook.peak_bytes(work) < 8.5e6


def test_tracing_ends_even_if_the_work_fails():
    def fail():
        raise KeyError("no")

    with pytest.raises(KeyError):
        notebook.peak_bytes(fail)
    assert notebook.peak_bytes(lambda: None) < 1e5
