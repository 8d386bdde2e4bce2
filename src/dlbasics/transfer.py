"""Chapter 12: what a network that knows some digits is worth for learning others.

Small digits, 14 × 14 pixels. A network learns to tell 0 to 4 from many images; another
task, 5 to 9, has few labels. `scripts/record_transfer.py` repeats it from seeds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.layers import BatchNorm, Conv2D, Dense, Flatten, Layer, MaxPool2D, ReLU
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential
from dlbasics.optimizers import Adam
from dlbasics.schedules import Cosine
from dlbasics.training import accuracy, predict, train

N_FEATURES, N_UPDATES, RATE, BATCH_SIZE = 3 * 3 * 32, 150, 0.003, 50
OLD, NEW = (0, 1, 2, 3, 4), (5, 6, 7, 8, 9)
WAYS = ("from scratch", "random, frozen", "old digits, frozen", "fine-tuned")
Generator = np.random.Generator


class Task(NamedTuple):
    """Images of five digits with labels 0 … 4: to learn from, and to judge by."""

    x: Array
    y: Array
    x_new: Array
    y_new: Array


def task(digits: tuple[int, ...], n: int = 6000, n_new: int = 2000) -> Task:
    """Return training images of some digits, the last `n_new` of them held back."""
    data = load_mnist(n_test=0)
    here = np.flatnonzero(np.isin(data.y_train, digits))
    here = np.concatenate([here[:n], here[-n_new:]])
    x = data.x_train[here].reshape(-1, 14, 2, 14, 2, 1).mean(axis=(2, 4))
    y = np.searchsorted(digits, data.y_train[here])
    return Task(x[:n], y[:n], x[n:], y[n:])


def trunk(rng: Generator) -> Sequential:
    """Return 16-pool-32-pool, windows 3 × 3: images (N, 14, 14, 1) to 288 features."""
    layers, how = [], {"padding": "same", "rng": rng}
    for n_in, n_out in ((1, 16), (16, 32)):
        layers += [Conv2D(n_in, n_out, 3, **how), BatchNorm(n_out), ReLU()]
        layers.append(MaxPool2D(2))
    return Sequential([*layers, Flatten()])


def learn(model: Layer, x: Array, y: Array, *, rng: Generator, n_updates: int) -> None:
    """Make `n_updates` with Adam, the rate falling from 0.003 to 0 along a cosine."""
    optimizer = Adam(Cosine(RATE, n_updates))
    size = min(BATCH_SIZE, len(x))
    how = {"epochs": n_updates, "batch_size": size, "rng": rng}
    for step in train(model, SoftmaxCrossEntropy(), optimizer, x, y, **how):
        if step.index + 1 == n_updates:
            break


def pretrain(seed: int, old: Task, *, n_updates: int = 320) -> Sequential:
    """Learn the old digits; return the trunk without the two layers on top of it."""
    weights, order = np.random.default_rng([1, seed]).spawn(2)
    body = trunk(weights)
    top = [Dense(N_FEATURES, 64, rng=weights), ReLU(), Dense(64, 5, rng=weights)]
    model = Sequential({"trunk": body, "top": Sequential(top)})
    learn(model, old.x, old.y, rng=order, n_updates=n_updates)
    return body


def untrained(seed: int, old: Task) -> Sequential:
    """Return a trunk that has learned nothing but its running averages."""
    body = trunk(np.random.default_rng([2, seed]))
    for start in range(0, 6000, 200):
        body.forward(old.x[start : start + 200], training=True)
    return body


def copy_of(body: Sequential) -> Sequential:
    """Return a trunk of its own with the same numbers."""
    other = trunk(np.random.default_rng(0))
    for kind in ("params", "buffers"):
        for name, array in getattr(body, kind).items():
            getattr(other, kind)[name][...] = array
    return other


def frozen(body: Sequential, new: Task, n: int, seed: int) -> float:
    """Learn the new digits from n labels by a last layer alone; return the accuracy."""
    weights, order, draw = np.random.default_rng(seed).spawn(3)
    some, head = draw.permutation(len(new.x))[:n], Dense(N_FEATURES, 5, rng=weights)
    features = predict(body, new.x[some])
    learn(head, features, new.y[some], rng=order, n_updates=N_UPDATES)
    return accuracy(head.forward(predict(body, new.x_new)), new.y_new)


def whole(body: Sequential, new: Task, n: int, seed: int) -> float:
    """The same with a trunk that learns as well, starting from a copy of `body`."""
    weights, order, draw = np.random.default_rng(seed).spawn(3)
    some, head = draw.permutation(len(new.x))[:n], Dense(N_FEATURES, 5, rng=weights)
    model = Sequential({"trunk": copy_of(body), "head": head})
    learn(model, new.x[some], new.y[some], rng=order, n_updates=N_UPDATES)
    return accuracy(predict(model, new.x_new), new.y_new)


def transfer(way: str, bodies: dict[str, Sequential], new: Task, n: int, seed: int):
    """Learn the new digits from n labels in one of `WAYS`; return the accuracy."""
    body = bodies["random" if way in WAYS[:2] else "old digits"]
    return (frozen if "frozen" in way else whole)(body, new, n, seed)
