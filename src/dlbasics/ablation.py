"""Chapter 12: one change at a time on the way from a dense network to a deep one.

`scripts/record_ladder.py` trains every rung from five seeds; the chapter repeats some.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from dlbasics.arrays import Array
from dlbasics.augment import random_affine
from dlbasics.functions import softmax
from dlbasics.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    ReLU,
)
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential
from dlbasics.optimizers import AdamW
from dlbasics.schedules import Cosine, WarmUp
from dlbasics.training import predict, train

WIDTHS, EPOCHS, BATCH_SIZE = (8, 16, 32), 25, 50
MOVES = {"shift": 1, "rotate": 12, "shear": 0.2, "zoom": 0.12}
Generator = np.random.Generator


class Rung(NamedTuple):
    """What a network has: `kind` is dense, one, pairs, fives or separable.

    `lr` is the best of 0.001, 0.003, 0.01, 0.03 and 0.1 for a sixth seed, by the last
    5,000 training images (`scripts/record_ladder.py --choose`); dropout and moved
    images have the rate of the rung before them.
    """

    lr: float = 0.1
    kind: str = "pairs"
    batch_norm: bool = True
    dropout: float = 0.0
    moved: bool = False


RUNGS = {
    "dense": Rung(0.03, "dense", batch_norm=False),
    "one convolution": Rung(0.03, "one", batch_norm=False),
    "six convolutions": Rung(0.01, batch_norm=False),
    "+ batch norm": Rung(),
    "+ dropout": Rung(dropout=0.5),
    "+ moved images": Rung(dropout=0.5, moved=True),
    "5 × 5": Rung(kind="fives"),
    "separable": Rung(kind="separable"),
}
"""The ladder, and two variants of the rung "+ batch norm"."""


def build(rung: Rung, rng: Generator) -> Sequential:
    """Return a new network: images (N, 14, 14, 1) to ten logits.

    dense: 196-100-10; one: 16 windows of 5 × 5, pool, 100, 10; pairs: 8-8-pool-16-16-
    pool-32-32-50-10, all windows 3 × 3; fives: one window of 5 × 5 for each pair;
    separable: pairs whose windows, but the first, look at one channel and then mix.
    """
    if rung.kind == "dense":
        layers, n = [Flatten()], (14 * 14, 100)
    elif rung.kind == "one":
        layers, n = [Conv2D(1, 16, 5, rng=rng), ReLU(), MaxPool2D(2), Flatten()], ()
        n = (5 * 5 * 16, 100)
    else:
        layers, n = [*stages(rung, rng), Flatten()], (3 * 3 * WIDTHS[-1], 50)
    layers += [Dense(*n, rng=rng), *activation(rung, n[1])]
    if rung.dropout:
        layers.append(Dropout(rung.dropout, rng=rng.spawn(1)[0]))
    return Sequential([*layers, Dense(n[1], 10, rng=rng)])


def stages(rung: Rung, rng: Generator) -> list[Layer]:
    """Return convolutions of growing width, with pooling between the widths."""
    layers, n_in = [], 1
    for n in WIDTHS:
        if rung.kind == "fives":
            layers.append(Conv2D(n_in, n, 5, padding="same", rng=rng))
            layers += activation(rung, n)
        for before in () if rung.kind == "fives" else (n_in, n):
            if rung.kind == "separable" and before > 1:
                layers.append(DepthwiseConv2D(before, 3, padding="same", rng=rng))
                layers.append(Conv2D(before, n, 1, rng=rng))
            else:
                layers.append(Conv2D(before, n, 3, padding="same", rng=rng))
            layers += activation(rung, n)
        layers.append(MaxPool2D(2))
        n_in = n
    return layers[:-1]  # 3 × 3 pixels are left, which is few enough


def activation(rung: Rung, n: int) -> list[Layer]:
    return [BatchNorm(n), ReLU()] if rung.batch_norm else [ReLU()]


def small(images: Array) -> Array:
    """Return images (N, 28, 28, 1) at half the size: means of 2 × 2 pixels."""
    return images.reshape(-1, 14, 2, 14, 2, 1).mean(axis=(2, 4))


def learn(rung: Rung, seed: int, x: Array, y: Array, *, epochs=EPOCHS) -> Sequential:
    """Train: AdamW, rate up to `rung.lr` in one epoch, then down along a cosine to 0.

    One seed means the same order of images for all rungs.
    """
    weights, order, moves = np.random.default_rng(seed).spawn(3)
    model = build(rung, weights)
    per_epoch = -(-len(x) // BATCH_SIZE)
    rate = WarmUp(Cosine(rung.lr, epochs * per_epoch), per_epoch)
    move = partial(random_affine, rng=moves, **MOVES) if rung.moved else None
    how = {"epochs": epochs, "batch_size": BATCH_SIZE, "rng": order, "transform": move}
    for _ in train(model, SoftmaxCrossEntropy(), AdamW(rate), x, y, **how):
        pass
    return model


def answers(model: Sequential, x: Array) -> Array:
    """Return the probabilities (N, 10) that a network gives."""
    return softmax(predict(model, x))
