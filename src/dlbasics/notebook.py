"""What the chapters use besides the library: style, sources, exercise checks."""

from __future__ import annotations

import inspect
import sys
import time
import tracemalloc
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown, display

from dlbasics.exercises import check
from dlbasics.palette import RC

__all__ = ["check", "peak_bytes", "seconds", "setup", "show_source"]


CLOCK = time.perf_counter if sys.platform == "emscripten" else time.process_time
SHORTEST = 2e-3  # seconds of one try: browsers round their clocks to 0.1 ms


def setup() -> None:
    """Set the style of figures and of printed arrays for a chapter."""
    plt.rcParams.update(RC)
    plt.rcParams.update({"figure.dpi": 144, "figure.figsize": (7.2, 2.8)})
    np.set_printoptions(precision=3, suppress=True)


def show_source(thing: object) -> None:
    """Show the source of a class or function as this installation runs it."""
    display(Markdown(f"```python\n{inspect.getsource(thing).rstrip()}\n```"))


def seconds(function: Callable[[], object], *, repeats: int = 5) -> float:
    """Return the least time of a call in several tries: others can only lengthen it.

    It is processor time, or in a browser, which keeps none, time that passes. One try
    makes as many calls as it takes to see the clock move.
    """
    calls, taken = 1, []
    while len(taken) < repeats:
        start = CLOCK()
        for _ in range(calls):
            function()
        spent = CLOCK() - start
        if spent < SHORTEST:
            calls *= 2
        else:
            taken.append(spent / calls)
    return min(taken)


def peak_bytes(function: Callable[[], object]) -> int:
    """Return the memory that a call holds at most, besides what was there before."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
