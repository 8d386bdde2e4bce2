"""Train five convolutional and five dense networks for chapter 11, one epoch each.

    python scripts/record_convnet_seeds.py            # minutes of processor time
    python scripts/record_convnet_seeds.py --choose   # which learning rates?
    python scripts/record_convnet_seeds.py --quick    # a few updates: does it run?

All 60,000 images of MNIST once, in batches of 100; the rate rises for a tenth of the
updates and falls to 0 along a cosine. The rates were chosen with `--choose` on the
last 5,000 training images, after learning from the others. Then three pairs of the
network `mnist_gap`, with its global mean and with `Flatten` in place of it, see 10,000
images once, with the rate of the shipped one, and are tested with moved images.
`dlbasics.recorded` says what the arrays hold. `--output FOLDER` writes elsewhere;
`--quick` writes only there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.layers import Dense, Flatten
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential, mlp
from dlbasics.optimizers import AdamW
from dlbasics.pretrained import mnist_convnet, mnist_gap
from dlbasics.recorded import FOLDER
from dlbasics.schedules import Cosine, WarmUp
from dlbasics.training import predict, train

SEEDS, BATCH_SIZE, WEIGHT_DECAY = range(5), 100, 0.01
RATES = {"convolution": 0.01, "dense": 0.02}
TRIED = (0.0025, 0.005, 0.01, 0.02, 0.04)


def mnist_dense(rng: np.random.Generator) -> Sequential:
    return Sequential({"flatten1": Flatten(), **mlp([784, 100, 10], rng=rng).layers})


def mnist_flat(rng: np.random.Generator) -> Sequential:
    """Build `mnist_gap` with `Flatten` in place of the mean of each map."""
    kept = dict(mnist_gap(rng).layers)
    del kept["globalaveragepool2d1"], kept["dense1"]
    return Sequential([*kept.values(), Flatten(), Dense(14 * 14 * 32, 10, rng=rng)])


BUILD = {"convolution": mnist_convnet, "dense": mnist_dense}
ENDS = {"moved_flat": mnist_flat, "moved_mean": mnist_gap}
MOVES = range(9)


def learned(build: Callable, lr: float, seed: int, x: Array, y: Array, size: int):
    """Train for one epoch; return the network."""
    weights, order = np.random.default_rng(seed).spawn(2)
    model, n = build(weights), -(-len(x) // size)
    optimizer = AdamW(WarmUp(Cosine(lr, n), n // 10), weight_decay=WEIGHT_DECAY)
    how = {"epochs": 1, "batch_size": size, "rng": order}
    for _ in train(model, SoftmaxCrossEntropy(), optimizer, x, y, **how):
        pass
    return model


def count_moved(build: Callable, seed: int, data: tuple[Array, ...]) -> list[int]:
    """Learn 10,000 images once; return how many of 1,000 are right after each move."""
    x, y, others, answers = data[0][:10_000], data[1][:10_000], *data[2:]
    others, answers = others[:1000], answers[:1000]
    model, right = learned(build, 0.01, seed, x, y, 50), []
    for d in MOVES:
        moved = np.zeros_like(others)
        moved[:, :, d:] = others[:, :, : others.shape[2] - d]
        right.append(int(np.sum(predict(model, moved).argmax(axis=1) == answers)))
    return right


def count_right(kind: str, lr: float, seed: int, data: tuple[Array, ...]) -> int:
    """Train for one epoch; return how many of the others are right."""
    x, y, others, answers = data
    model = learned(BUILD[kind], lr, seed, x, y, BATCH_SIZE)
    return int(np.sum(predict(model, others).argmax(axis=1) == answers))


def choose() -> int:
    """Print what each rate reaches on images held back from training."""
    mnist = load_mnist(n_test=0, flat=False)
    cut = np.s_[:55_000], np.s_[55_000:]
    data = [a[part] for part in cut for a in (mnist.x_train, mnist.y_train)]
    for kind in BUILD:
        n_right = {lr: count_right(kind, lr, 1, tuple(data)) for lr in TRIED}
        print(f"{kind}: right of 5,000 {n_right}; recorded with {RATES[kind]}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--choose", action="store_true", help="compare the rates")
    parser.add_argument("--quick", action="store_true", help="a few updates only")
    parser.add_argument("--output", type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    if given.choose:
        return choose()
    if given.output and not given.output.is_dir():
        parser.error(f"expected a folder, got {given.output}")
    small = {"n_train": 1000, "n_test": 500} if given.quick else {}
    data = load_mnist(flat=False, **small)
    right = {
        kind: np.array([count_right(kind, RATES[kind], s, data) for s in SEEDS])
        for kind in BUILD
    }
    for end, build in ENDS.items():
        right[end] = np.array([count_moved(build, seed, data) for seed in range(3)])
    print(right)
    if folder := given.output or (None if given.quick else FOLDER):
        path = folder / "convnet_seeds.npz"
        np.savez_compressed(path, **right)
        print(f"wrote {path}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
