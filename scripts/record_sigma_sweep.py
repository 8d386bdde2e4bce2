"""Train 160 networks for chapter 08 and write what became of them.

    python scripts/record_sigma_sweep.py            # about a minute of processor time
    python scripts/record_sigma_sweep.py --quick    # two σ, one epoch: does it run?

Saitoh's experiment: five hidden layers of 100 ReLU units, 1,000 digits, SGD with the
rate 0.01, batches of 100, 20 epochs, weights of 16 sizes σ, without and with batch
normalization; here from five seeds. `dlbasics.recorded` says what the arrays hold.
`--output FOLDER` writes elsewhere; `--quick` writes only there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential, mlp
from dlbasics.optimizers import SGD
from dlbasics.recorded import FOLDER
from dlbasics.training import predict, progress_bar, train

SIGMAS = np.logspace(0, -4, 16)
SIZES, SEEDS, EPOCHS, LR, BATCH_SIZE = [784, *[100] * 5, 10], range(5), 20, 0.01, 100
N, VALIDATION = 1000, slice(-1000, None)  # first and last of the training images


def count_right(model: Sequential, x: Array, y: Array) -> int:
    return int(np.sum(predict(model, x).argmax(axis=1) == y))


def run(sigma: float, batch_norm: bool, seed: int, data, epochs: int) -> Array:
    """Return how many images are right: training, after each epoch; then validation."""
    (x, y), others = data
    weights, order = np.random.default_rng(seed).spawn(2)
    model = mlp(SIZES, init=sigma, batch_norm=batch_norm, rng=weights)
    how = {"epochs": epochs, "batch_size": BATCH_SIZE, "rng": order}
    right, per_epoch = np.full(epochs + 1, -1, np.int16), -(-len(x) // BATCH_SIZE)
    try:
        for step in train(model, SoftmaxCrossEntropy(), SGD(LR), x, y, **how):
            if (step.index + 1) % per_epoch == 0:
                right[step.epoch] = count_right(model, x, y)
    except FloatingPointError:
        return right
    right[-1] = count_right(model, *others)
    return right


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few updates only")
    parser.add_argument("--output", type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    if given.output and not given.output.is_dir():
        parser.error(f"expected a folder, got {given.output}")
    sigmas, epochs = (SIGMAS[:2], 1) if given.quick else (SIGMAS, EPOCHS)
    mnist = load_mnist()
    x, y = mnist.x_train, mnist.y_train
    data = (x[:N], y[:N]), (x[VALIDATION], y[VALIDATION])
    right = np.empty((len(sigmas), 2, len(SEEDS), epochs + 1), np.int16)
    with progress_bar(right[..., 0].size, shown=True) as bar:
        for i, k, seed in np.ndindex(right.shape[:-1]):
            right[i, k, seed] = run(sigmas[i], bool(k), seed, data, epochs)
            bar.update()
    if folder := given.output or (None if given.quick else FOLDER):
        path = folder / "sigma_sweep.npz"
        arrays = {"train": right[..., :-1], "validation": right[..., -1]}
        np.savez_compressed(path, sigma=sigmas, **arrays)
        print(f"wrote {path}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
