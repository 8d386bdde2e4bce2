"""The work that is timed: five trainings and one inference, in three libraries.

Each work is a function without arguments for every library. A training runs a number
of updates with Adam on shuffled batches of 100 images of MNIST and ends by looking at
the last loss, so that nothing is left undone; a call goes on where the last one ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch

from benchmarks import textbook
from benchmarks.translate import channels_first, to_textbook, to_torch
from dlbasics.datasets import load_mnist
from dlbasics.layers import Conv2D, Dense, Dropout, Flatten, Layer, MaxPool2D, ReLU
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential, mlp
from dlbasics.optimizers import Adam
from dlbasics.pretrained import mnist_convnet, mnist_deep
from dlbasics.training import predict, train

BATCH = 100
LIBRARIES = ("dlbasics", "PyTorch", "textbook")


def shallow(rng: np.random.Generator) -> Sequential:
    return mlp([784, 100, 10], batch_norm=True, rng=rng)


def five_layers(rng: np.random.Generator) -> Sequential:
    sizes = [784, 100, 100, 100, 100, 10]
    how = {"dropout": 0.2, "dropout_rng": rng.spawn(1)[0]}
    return mlp(sizes, batch_norm=True, rng=rng, **how)


def deep(rng: np.random.Generator) -> Sequential:
    """Build 16-16-pool-32-32-pool-64-64-pool-50-10 with dropout, He's weights."""
    layers: list[Layer] = []
    for n_in, n_out in pairwise((1, 16, 32, 64)):
        for n_before in (n_in, n_out):
            layers.append(Conv2D(n_before, n_out, 3, padding="same", rng=rng))
            layers.append(ReLU())
        layers.append(MaxPool2D(2))
    layers += [Flatten(), Dense(3 * 3 * 64, 50, rng=rng), ReLU()]
    dropout = [Dropout(0.5, rng=stream) for stream in rng.spawn(2)]
    return Sequential([*layers, dropout[0], Dense(50, 10, rng=rng), dropout[1]])


@dataclass(frozen=True)
class Work:
    """What is done, and how much time it may take: ratios that must be kept.

    `to_torch`: time of `dlbasics` over that of PyTorch, at most. `to_textbook`: time
    of the textbook over that of `dlbasics`, at least. None where nothing is promised.
    """

    name: str
    build: Callable[[np.random.Generator], Sequential]
    n_updates: int | None  # None: inference of 10,000 images
    to_torch: float | None
    to_textbook: float | None
    flat: bool = False


WORKS = [
    Work("784-100-BN-ReLU-10, one epoch", shallow, 600, 0.60, 4, flat=True),
    Work("784-4×100-10, BN and dropout", five_layers, 300, 0.75, 3, flat=True),
    Work("conv 30@5×5-pool-100-10", mnist_convnet, 40, 0.85, 7),
    Work("deep convnet 16-16-32-32-64-64", deep, 20, 1.6, 12),
    Work("the same with batch norm (chapter 12)", mnist_deep, 20, None, None),
    Work("inference, deep convnet", deep, None, 1.6, 12),
]


def prepare(work: Work, library: str, *, seed: int = 0) -> Callable[[], float]:
    """Return the work as a function of nothing, on data and weights of its own."""
    data = load_mnist(flat=work.flat)
    model = work.build(np.random.default_rng(seed))
    if work.n_updates is None:
        return inference(model, data.x_test, library)
    n_images = work.n_updates * BATCH
    steps = training(model, data.x_train[:n_images], data.y_train[:n_images], library)

    def one_epoch() -> float:
        for _ in range(work.n_updates):
            loss = next(steps)
        return float(loss)

    return one_epoch


def training(
    model: Sequential, x: np.ndarray, y: np.ndarray, library: str
) -> Iterator[float]:
    """Train for ever; yield the loss of every batch."""
    rng = np.random.default_rng(1)
    if library == "dlbasics":
        how = {"epochs": 10**6, "batch_size": BATCH, "rng": rng}
        steps = train(model, SoftmaxCrossEntropy(), Adam(), x, y, **how)
        yield from (step.loss for step in steps)
    elif library == "PyTorch":
        yield from torch_training(to_torch(model, x[:1]), channels_first(x), y)
    else:
        network = to_textbook(model, x[:1])
        yield from textbook_training(network, channels_first(x), y, rng)


def torch_training(network: torch.nn.Module, x: np.ndarray, y: np.ndarray):
    x, y = torch.from_numpy(x), torch.from_numpy(y.astype(np.int64))
    optimizer = torch.optim.Adam(network.parameters())
    cross_entropy = torch.nn.CrossEntropyLoss()
    network.train()
    while True:
        for pick in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss = cross_entropy(network(x[pick]), y[pick])
            loss.backward()
            optimizer.step()
            yield loss.item()


def textbook_training(network: textbook.Network, x: np.ndarray, y: np.ndarray, rng):
    x, optimizer = x.astype(np.float64), textbook.Adam()
    while True:
        for pick in np.split(rng.permutation(len(x)), len(x) // BATCH):
            yield network.gradient(x[pick], y[pick])
            optimizer.step(network.layers)


def inference(
    model: Sequential, x: np.ndarray, library: str, *, block: int = BATCH
) -> Callable[[], np.ndarray]:
    """Return a function that computes the logits of all images, block by block."""
    if library == "dlbasics":
        return lambda: predict(model, x, batch_size=block)
    first = channels_first(x)
    if library == "textbook":
        network, wide = to_textbook(model, x[:1]), first.astype(np.float64)
        parts = np.split(wide, len(wide) // block)
        return lambda: np.concatenate([network.predict(part) for part in parts])
    network = to_torch(model, x[:1]).eval()
    parts = torch.from_numpy(first).split(block)

    def logits() -> np.ndarray:
        with torch.inference_mode():
            return torch.cat([network(part) for part in parts]).numpy()

    return logits
