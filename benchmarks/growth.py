"""How time and memory grow with samples, updates, width, depth and blocks of images.

    python -m benchmarks.growth --repeat 3

Time per sample should not depend on how many there are, memory not on how long one
trains; time should grow with the square of the width once the products of matrices
outweigh the rest, and in a straight line with the depth. Inference in larger blocks
needs fewer calls, but more memory at a time.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from benchmarks.memory import status
from benchmarks.works import BATCH, LIBRARIES, deep, inference, shallow
from dlbasics.datasets import load_mnist
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential, mlp
from dlbasics.optimizers import Adam
from dlbasics.training import train

SAMPLES = (1_000, 2_000, 5_000, 10_000, 20_000, 60_000)
WIDTHS = (50, 100, 200, 400, 800, 1_600)
DEPTHS = (1, 2, 4, 8, 16, 32)
BLOCKS = (50, 100, 200, 500, 1_000, 2_000)
N_UPDATES, EVERY = 2_000, 100


def steps(model: Sequential, n_samples: int = 10_000):
    """Train for ever on the first images of MNIST in batches of 100, with Adam."""
    data = load_mnist(n_train=n_samples, n_test=0)
    how = {"epochs": 10**6, "batch_size": BATCH, "rng": np.random.default_rng(1)}
    x, y = data.x_train, data.y_train
    return train(model, SoftmaxCrossEntropy(), Adam(), x, y, **how)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def square(width: int) -> Sequential:
    """Build a network whose products are nearly all of width × width."""
    return mlp([784, *[width] * 4, 10], rng=rng())


def tall(depth: int) -> Sequential:
    return mlp([784, *[100] * depth, 10], rng=rng())


def per_update(
    sizes: Sequence[int], start: Callable, *, n_updates: int, n_rounds: int
) -> np.ndarray:
    """Return seconds per update (rounds, sizes), each size in turn in each round."""
    runs = [start(size) for size in sizes]
    seconds = np.empty((n_rounds, len(sizes)))
    for run in runs:
        list(islice(run, n_updates // 4))  # without a clock
    for index in np.ndindex(seconds.shape):
        before = time.perf_counter()
        list(islice(runs[index[1]], n_updates))
        seconds[index] = (time.perf_counter() - before) / n_updates
    return seconds


def measure(n_rounds: int) -> dict[str, np.ndarray]:
    """Return seconds per update by number of samples, width and depth."""
    with threadpool_limits(1):
        how = {"n_rounds": n_rounds, "n_updates": 600}
        by_samples = per_update(SAMPLES, lambda n: steps(shallow(rng()), n), **how)
        how["n_updates"] = 40
        by_width = per_update(WIDTHS, lambda width: steps(square(width)), **how)
        by_depth = per_update(DEPTHS, lambda depth: steps(tall(depth)), **how)
    return {"samples": by_samples, "width": by_width, "depth": by_depth}


def blocks(n_rounds: int) -> np.ndarray:
    """Return seconds for 10,000 predictions of the deep network, by size of block.

    (rounds, blocks, dlbasics and PyTorch, [all of it, the operating system's part]):
    one thread, each size and library in turn in each round.
    """
    torch.set_num_threads(1)
    x, model = load_mnist(flat=False).x_test, deep(rng())
    seconds = np.empty((n_rounds, len(BLOCKS), 2, 2))
    with threadpool_limits(1):
        for i, k in np.ndindex(seconds.shape[1:3]):
            inference(model, x[:2000], LIBRARIES[k], block=BLOCKS[i])()  # no clock
        for n, i, k in np.ndindex(seconds.shape[:3]):
            do = inference(model, x, LIBRARIES[k], block=BLOCKS[i])
            before = clocks()
            do()
            seconds[n, i, k] = clocks() - before
    return seconds


def clocks() -> np.ndarray:
    """Return the time, and the processor time that the system spent for us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return np.array([time.perf_counter(), used.ru_stime])


def memory() -> np.ndarray:
    """Return bytes held after every 100 of 2,000 updates, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", "--memory"]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return np.array(told.stdout.split(), dtype=np.int64)


def tell_memory() -> None:
    """Train in this process and print the bytes it holds."""
    run = steps(shallow(rng()))
    for _ in range(N_UPDATES // EVERY):
        list(islice(run, EVERY))
        print(status("VmRSS"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="rounds with a clock")
    parser.add_argument("--memory", action="store_true", help="only the bytes held")
    asked = parser.parse_args()
    if asked.memory:
        tell_memory()
        return
    held = memory()
    print(f"MB held after {EVERY} updates {held[0] / 1e6:.1f}", end="")
    print(f", after {N_UPDATES} {held[-1] / 1e6:.1f}")
    sizes = {"samples": SAMPLES, "width": WIDTHS, "depth": DEPTHS}
    for name, seconds in measure(asked.repeat).items():
        for size, each in zip(sizes[name], np.median(seconds, axis=0), strict=True):
            print(f"{name} {size:6d}: {1e3 * each:8.3f} ms per update of {BATCH}")
    for size, both in zip(BLOCKS, np.median(blocks(asked.repeat), axis=0), strict=True):
        for library, (whole, system) in zip(LIBRARIES, both, strict=False):
            print(f"blocks of {size:5d}, {library:8s}: {whole:.2f} s", end="")
            print(f", of which {system:.2f} in the operating system")


if __name__ == "__main__":
    main()
