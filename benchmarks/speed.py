"""Time `dlbasics`, PyTorch and a plain textbook implementation in turn: `make bench`.

    python -m benchmarks.speed --threads 1 2 --repeat 7 --only conv

First the three are given the same weights and images and must agree on the loss and
every gradient. Then each does a work once without a clock, and `--repeat` times with
one, in turn, so that whatever else the machine does strikes all of them. A ratio is
the median of the rounds' ratios; its spread is that of the middle half of the rounds.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from benchmarks import memory
from benchmarks.agreement import check
from benchmarks.works import LIBRARIES, WORKS, Work, prepare

COLUMNS = ["dlbasics", "PyTorch", "textbook", "/ PyTorch", "bar", "faster", "bar", "MB"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeat", type=int, default=7, help="rounds with a clock")
    parser.add_argument("--only", default="", help="works whose name contains this")
    parser.add_argument("--memory", action=argparse.BooleanOptionalAction, default=True)
    asked = parser.parse_args()
    works = [work for work in WORKS if asked.only in work.name]
    worst = max(check(work) for work in works)
    print(f"Same losses, logits and gradients, to {worst:.0e} of the largest.")
    peaks = {}
    if asked.memory:
        for work in works:
            peaks[work.name] = [memory.measure(work, library) for library in LIBRARIES]
    for n_threads in asked.threads:
        print(f"\n{machine()}, kernel {kernel()}; threads: {n_threads}\n")
        print(f"| seconds | {' | '.join(COLUMNS)} |")
        print("| --- " * (1 + len(COLUMNS)) + "|")
        for work in works:
            (seconds,) = measure(work, [n_threads], asked.repeat)
            print(row(work, seconds, peaks.get(work.name, [])), flush=True)


def measure(work: Work, threads: Sequence[int], n_rounds: int) -> np.ndarray:
    """Return seconds (numbers of threads, rounds, libraries), each round in turn.

    A round before them warms up and is not counted.
    """
    todo = [prepare(work, library) for library in LIBRARIES]
    seconds = np.empty((1 + n_rounds, len(threads), len(LIBRARIES)))
    for n, t, k in np.ndindex(seconds.shape):
        torch.set_num_threads(threads[t])
        with threadpool_limits(threads[t]):
            start = time.perf_counter()
            todo[k]()
            seconds[n, t, k] = time.perf_counter() - start
    return seconds[1:].swapaxes(0, 1)


def row(work: Work, seconds: np.ndarray, peaks: list[int]) -> str:
    """Write one line of the table: medians, spreads, ratios and their bars, memory."""
    ours, torchs, textbooks = seconds.T
    cells = [work.name, *(spread(column) for column in seconds.T)]
    cells += [spread(ours / torchs), bar("≤", work.to_torch)]
    cells += [spread(textbooks / ours), bar("≥", work.to_textbook)]
    cells += [" / ".join(f"{peak / 1e6:.0f}" for peak in peaks)]
    return f"| {' | '.join(cells)} |"


def spread(values: np.ndarray) -> str:
    """Write the median, and the ends of the middle half."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def bar(sign: str, value: float | None) -> str:
    return "" if value is None else f"{sign} {value:g}"


def machine() -> str:
    """Say what computed: processor, libraries."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    told = dict(re.split(r"\s*: ", line, maxsplit=1) for line in lines if ": " in line)
    kind = f"family {told['cpu family']}, model {told['model']}"
    names = f"{os.cpu_count()} × {told['model name']} ({kind})"
    versions = f"NumPy {np.__version__}, PyTorch {torch.__version__}"
    return f"{names}, Python {platform.python_version()}, {versions}"


def kernel() -> str:
    """Name the kernel that NumPy's OpenBLAS uses on this processor."""
    found = (each for each in threadpool_info() if each["internal_api"] == "openblas")
    return next(found)["architecture"]


if __name__ == "__main__":
    main()
