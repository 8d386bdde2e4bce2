"""Record what `make bench` measures for the appendix "How fast is this?".

    make bench-record        # half an hour on two cores with nothing else to do

`dlbasics.recorded` says what the arrays hold. The times are those of one machine on
one day; the appendix says which, and lets its readers measure their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks import growth, memory, speed
from benchmarks.works import LIBRARIES, WORKS
from dlbasics.recorded import FOLDER

WIDE = "SkylakeX"  # the kernel of OpenBLAS for registers of 512 bits (AVX-512)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="rounds with a clock")
    parser.add_argument("--output", type=Path, default=FOLDER, metavar="FOLDER")
    asked = parser.parse_args()
    arrays = {f"seconds_{n}": everything(n, asked.repeat) for n in (1, 2)}
    arrays["seconds_wide"], kernels = with_kernel(WIDE, asked.repeat)
    peaks = [[memory.measure(work, each) for each in LIBRARIES] for work in WORKS]
    arrays["peaks"] = np.array(peaks)
    arrays["held"] = growth.memory()
    for name, seconds in growth.measure(asked.repeat).items():
        arrays[f"by_{name}"] = seconds.astype(np.float32)
    texts = {"machine": speed.machine(), "kernels": f"{speed.kernel()} {kernels}"}
    for name, text in texts.items():
        arrays[name] = np.frombuffer(text.encode(), np.uint8)
    np.savez_compressed(asked.output / "speed.npz", **arrays)


def everything(n_threads: int, n_rounds: int) -> np.ndarray:
    """Return seconds (works, rounds, libraries)."""
    each = [speed.measure(work, n_threads, n_rounds) for work in WORKS]
    return np.array(each, np.float32)


def with_kernel(name: str, n_rounds: int) -> tuple[np.ndarray, str]:
    """Measure with one thread in a process of its own that has another kernel."""
    call = f"json.dumps([everything(1, {n_rounds}).tolist(), speed.kernel()])"
    code = f"import json; from benchmarks.record import *; print({call})"
    env = {**os.environ, "OPENBLAS_CORETYPE": name}
    how = {"check": True, "capture_output": True, "text": True, "env": env}
    told = subprocess.run([sys.executable, "-c", code], **how)
    seconds, taken = json.loads(told.stdout)
    return np.array(seconds, np.float32), taken


if __name__ == "__main__":
    main()
