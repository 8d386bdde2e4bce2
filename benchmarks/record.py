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
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import growth, memory, speed
from benchmarks.works import LIBRARIES, WORKS
from dlbasics.recorded import FOLDER

WIDE, NARROW = "SkylakeX", "Haswell"  # kernels of OpenBLAS: AVX-512 and AVX2
KEPT = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**40)}
"""Tell the C library (glibc) to keep the memory that a program gives back."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="rounds with a clock")
    parser.add_argument("--output", type=Path, default=FOLDER, metavar="FOLDER")
    asked = parser.parse_args()
    n = asked.repeat
    arrays = dict(zip(("seconds_1", "seconds_2"), everything((1, 2), n), strict=True))
    other = {"OPENBLAS_CORETYPE": NARROW if speed.kernel() == WIDE else WIDE}
    arrays["seconds_other"] = elsewhere(f"everything([1], {n})[0]", other)
    kernels = [speed.kernel(), elsewhere("speed.kernel()", other)]
    peaks = [[memory.measure(work, each) for each in LIBRARIES] for work in WORKS]
    arrays["peaks"] = np.array(peaks)
    arrays["held"] = growth.memory()
    arrays["by_block"] = growth.blocks(n)
    arrays["by_block_kept"] = elsewhere(f"growth.blocks({n})", KEPT)
    for name, seconds in growth.measure(n).items():
        arrays[f"by_{name}"] = seconds
    for name in arrays.keys() - {"peaks", "held"}:  # those are bytes
        arrays[name] = np.asarray(arrays[name], np.float32)
    texts = {"machine": speed.machine(), "kernels": " ".join(kernels)}
    for name, text in texts.items():
        arrays[name] = np.frombuffer(text.encode(), np.uint8)
    np.savez_compressed(asked.output / "speed.npz", **arrays)


def everything(threads: Sequence[int], n_rounds: int) -> np.ndarray:
    """Return seconds (numbers of threads, works, rounds, libraries)."""
    each = [speed.measure(work, threads, n_rounds) for work in WORKS]
    return np.stack(each, axis=1)


def elsewhere(call: str, env: dict[str, str]) -> object:
    """Return what an expression gives in a process of its own, with these settings."""
    said = f"json.dumps(np.asarray({call}).tolist())"
    code = f"import json; from benchmarks.record import *; print({said})"
    how = {"check": True, "capture_output": True, "text": True}
    how["env"] = {**os.environ, **env}
    return json.loads(subprocess.run([sys.executable, "-c", code], **how).stdout)


if __name__ == "__main__":
    main()
