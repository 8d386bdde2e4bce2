"""How wrong is a small network, as a function of two hyperparameters?

`digit_error` trains it. The grid of its values that travels with the package,
`scripts/make_landscape.py` made it, answers at once, so that methods of search can be
compared over many seeds.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.datasets.archive import read_archive
from dlbasics.losses import L2, SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.optimizers import SGD
from dlbasics.training import accuracy, fit, predict

N_TRAIN, N_VALIDATION, WIDTH, BATCH = 1000, 1000, 32, 50
PATH = Path(__file__).with_name("landscape.npz")
SHA256 = "77be4d35e354e03cb19bacab3156484e174823e195b978e8e065037ded499ec2"

RATES = np.logspace(-3, 0.5, 29)
DECAYS = np.logspace(-5, 1, 25)
EPOCHS = (1, 3, 9)
SEEDS = (0, 1)
"""What was tried: learning rates, strengths of L2, epochs, seeds."""


@cache
def digits() -> tuple[Array, Array, Array, Array]:
    """Return images and labels to train on, then those to validate on.

    Both come from the training set of MNIST, so that its test set stays untouched.
    """
    data = load_mnist(n_train=N_TRAIN + N_VALIDATION, n_test=0)
    x, y = data.x_train, data.y_train
    return x[:N_TRAIN], y[:N_TRAIN], x[N_TRAIN:], y[N_TRAIN:]


def digit_error(
    *, lr: float, decay: float = 0.0, epochs: int = 3, rng: np.random.Generator
) -> float:
    """Train a network on 1000 digits; return the share of 1000 others it gets wrong.

    784-32-10 with ReLU, SGD with rate `lr` in batches of 50, L2 of strength `decay`.

    Raises
    ------
    FloatingPointError
        If the training diverges.
    """
    x, y, x_validation, y_validation = digits()
    weights, order = rng.spawn(2)
    model = mlp([784, WIDTH, 10], rng=weights)
    how = {"epochs": int(epochs), "batch_size": BATCH, "penalty": L2(decay)}
    fit(model, SoftmaxCrossEntropy(), SGD(lr), x, y, rng=order, **how)
    return 1 - accuracy(predict(model, x_validation), y_validation)


def stored_error(*, lr: float, decay: float, epochs: int = 3) -> float:
    """Look the error up: mean of two seeds, linear in log lr and log decay between.

    Outside of the grid the nearest value inside counts. A training that diverged is
    stored with the error of a guess, 0.9.
    """
    if epochs not in EPOCHS:
        raise ValueError(f"stored_error expected epochs from {EPOCHS}, got {epochs}")
    table = grid_of_errors()[EPOCHS.index(epochs)]
    (i, u), (j, v) = place(lr, RATES), place(decay, DECAYS)
    low = table[i, j] * (1 - v) + table[i, j + 1] * v
    high = table[i + 1, j] * (1 - v) + table[i + 1, j + 1] * v
    return float(low * (1 - u) + high * u)


def place(value: float, grid: Array) -> tuple[int, float]:
    """Find the cell of a logarithmic grid, and how far into it the value lies."""
    step = math.log(grid[-1] / grid[0]) / (len(grid) - 1)
    where = math.log(value / grid[0]) / step
    where = min(max(where, 0.0), len(grid) - 1.0)
    cell = min(int(where), len(grid) - 2)
    return cell, where - cell


def grid_of_errors() -> Array:
    """Return all stored errors, (epochs, rates, decays)."""
    return read_archive(PATH, SHA256)["error"]
