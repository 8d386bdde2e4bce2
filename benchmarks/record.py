"""Record what `make bench` measures for the appendix "How fast is this?".

    make bench-record        # half an hour on two cores with nothing else to do

`dlbasics.recorded` says what the arrays hold. The times are those of one machine on
one day; the appendix says which, and lets its readers measure their own.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks import growth, memory, speed
from benchmarks.works import LIBRARIES, WORKS
from dlbasics.recorded import FOLDER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=7, help="rounds with a clock")
    parser.add_argument("--output", type=Path, default=FOLDER, metavar="FOLDER")
    asked = parser.parse_args()
    arrays = {f"seconds_{n}": everything(n, asked.repeat) for n in (1, 2)}
    peaks = [[memory.measure(work, each) for each in LIBRARIES] for work in WORKS]
    arrays["peaks"] = np.array(peaks)
    arrays["held"] = growth.memory()
    for name, seconds in growth.measure(asked.repeat).items():
        arrays[f"by_{name}"] = seconds.astype(np.float32)
    arrays["machine"] = np.frombuffer(speed.machine().encode(), np.uint8)
    np.savez_compressed(asked.output / "speed.npz", **arrays)


def everything(n_threads: int, n_rounds: int) -> np.ndarray:
    """Return seconds (works, rounds, libraries)."""
    each = [speed.measure(work, n_threads, n_rounds) for work in WORKS]
    return np.array(each, np.float32)


if __name__ == "__main__":
    main()
