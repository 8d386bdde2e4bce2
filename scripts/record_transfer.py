"""Learn five new digits from few labels for chapter 12, in four ways.

    python scripts/record_transfer.py            # some minutes of processor time
    python scripts/record_transfer.py --quick    # one seed, ten labels: does it run?

Each of five seeds has its own trunk that has learned 0 to 4, its own untrained trunk,
its own labels and its own last layer. `dlbasics.recorded` says what the array holds.
`--output FOLDER` writes elsewhere; `--quick` writes only there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from dlbasics.recorded import FOLDER
from dlbasics.training import progress_bar
from dlbasics.transfer import NEW, OLD, WAYS, pretrain, task, transfer, untrained

N_LABELS, SEEDS = (10, 30, 100, 300, 1000), range(5)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few updates only")
    parser.add_argument("--output", type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    if given.output and not given.output.is_dir():
        parser.error(f"expected a folder, got {given.output}")
    sizes, seeds = (N_LABELS[:1], SEEDS[:1]) if given.quick else (N_LABELS, SEEDS)
    old, new = task(OLD), task(NEW)
    found = np.empty((len(WAYS), len(sizes), len(seeds)))
    with progress_bar(found.size, shown=True) as bar:
        for k, seed in enumerate(seeds):
            bodies = {"old digits": pretrain(seed, old), "random": untrained(seed, old)}
            for i, j in np.ndindex(found.shape[:2]):
                found[i, j, k] = transfer(WAYS[i], bodies, new, sizes[j], seed)
                bar.update()
    if folder := given.output or (None if given.quick else FOLDER):
        path = folder / "transfer.npz"
        np.savez_compressed(path, accuracy=found, labels=sizes)
        print(f"wrote {path}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
