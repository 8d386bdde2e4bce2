"""Train the networks that `dlbasics.pretrained` ships, and write their weights.

    python scripts/train_pretrained.py mnist_mlp             # a quarter of a minute
    python scripts/train_pretrained.py mnist_mlp --choose    # find the settings
    python scripts/train_pretrained.py mnist_mlp --quick     # does it run at all?

The settings were chosen with `--choose` on 10,000 images held back from the 60,000
training images; the test images had no say in them. The shipped network is then
trained with these settings on all 60,000, and the test images are looked at once.
The exit status is 1 if it gets fewer of them right than `dlbasics.pretrained` states.
`--output FOLDER` writes the weights elsewhere; `--quick`, one epoch on 2,000 images,
writes them only there.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential, save
from dlbasics.optimizers import AdamW
from dlbasics.pretrained import FOLDER, PRETRAINED
from dlbasics.schedules import Cosine
from dlbasics.training import accuracy, fit, predict

SEED = 3
BATCH_SIZE, EPOCHS, N_HELD_BACK = 100, 15, 10_000


class Settings(NamedTuple):
    """What the validation images decide."""

    lr: float
    weight_decay: float


class Recipe(NamedTuple):
    """The data of a network, the settings to try, and the ones that won."""

    load_data: Callable[..., tuple[Array, Array, Array, Array]]
    tried: list[Settings]
    chosen: Settings


RECIPES = {
    "mnist_mlp": Recipe(
        load_mnist,
        [Settings(*s) for s in itertools.product((0.001, 0.003), (0.01, 0.1, 1.0))],
        Settings(lr=0.003, weight_decay=0.1),
    )
}


def train_network(
    name: str, settings: Settings, x: Array, y: Array, *, epochs: int = EPOCHS
) -> Sequential:
    """Train a new network with a learning rate that falls to 0, and a progress bar."""
    for_weights, for_data = np.random.default_rng(SEED).spawn(2)
    model = PRETRAINED[name].build(for_weights)
    n_steps = epochs * -(-len(x) // BATCH_SIZE)
    schedule = Cosine(settings.lr, n_steps)
    optimizer = AdamW(schedule, weight_decay=settings.weight_decay)
    how = {"epochs": epochs, "batch_size": BATCH_SIZE, "rng": for_data}
    fit(model, SoftmaxCrossEntropy(), optimizer, x, y, progress=True, **how)
    return model


def score(model: Sequential, x: Array, y: Array) -> float:
    return accuracy(predict(model, x), y)


def choose(name: str) -> int:
    """Print the accuracy of each setting on images held back from training."""
    recipe = RECIPES[name]
    x, y, *_ = recipe.load_data()
    held_back = np.arange(len(x)) >= len(x) - N_HELD_BACK
    scores = {}
    for settings in recipe.tried:
        model = train_network(name, settings, x[~held_back], y[~held_back])
        scores[settings] = score(model, x[held_back], y[held_back])
        print(f"{settings}: validation accuracy {scores[settings]:.4f}", flush=True)
    best = max(scores, key=scores.get)
    print(f"best: {best}; shipped with: {recipe.chosen}")
    return 0 if best == recipe.chosen else 1


def train_shipped(name: str, folder: Path | None, *, quick: bool) -> int:
    """Train with the chosen settings; write the weights; compare with the promise."""
    recipe = RECIPES[name]
    x, y, x_test, y_test = recipe.load_data(**({"n_train": 2000} if quick else {}))
    how = {"epochs": 1} if quick else {}
    model = train_network(name, recipe.chosen, x, y, **how)
    reached = score(model, x_test, y_test)
    print(f"train accuracy {score(model, x, y):.4f}, test accuracy {reached:.4f}")
    if folder := folder or (None if quick else FOLDER):
        path = folder / f"{name}.npz"
        save(model, path)
        print(f"wrote {path}: {path.stat().st_size:,} bytes")
    promised = 0 if quick else PRETRAINED[name].test_accuracy
    if reached < promised - 0.001:  # another machine rounds sums otherwise
        print(f"expected a test accuracy of {promised}")
        return 1
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("--choose", action="store_true", help="compare the settings")
    parser.add_argument("--quick", action="store_true", help="a few updates only")
    parser.add_argument("--output", type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    if given.choose:
        return choose(given.name)
    if given.output and not given.output.is_dir():
        parser.error(f"expected a folder, got {given.output}")
    return train_shipped(given.name, given.output, quick=given.quick)


if __name__ == "__main__":
    sys.exit(main())
