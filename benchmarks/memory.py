"""Peak memory of one work in one library, in a process of its own.

    python -m benchmarks.memory "inference, deep convnet" dlbasics

prints how many bytes were needed at most, while the work was done, beyond
those that libraries, images and network held before.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.works import WORKS, Work, prepare


def growth(work: Work, library: str) -> int:
    """Do the work in this process; return by how many bytes its memory grew at most."""
    do = prepare(work, library)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts at what is held now
    before = status("VmRSS")
    do()
    return status("VmHWM") - before


def status(name: str) -> int:
    """Return a number of bytes that Linux keeps of this process."""
    text = Path("/proc/self/status").read_text()
    return 1024 * int(re.search(rf"{name}:\s+(\d+) kB", text)[1])


def measure(work: Work, library: str) -> int:
    """Do the work in a new process; return by how many bytes its peak grew."""
    command = [sys.executable, "-m", "benchmarks.memory", work.name, library]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)


if __name__ == "__main__":
    name, library = sys.argv[1:]
    print(growth(next(work for work in WORKS if work.name == name), library))
