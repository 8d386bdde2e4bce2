"""Trained networks that travel with the package: nothing is ever downloaded.

`scripts/train_pretrained.py` made their weights and can make them again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlbasics.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool2D,
    Layer,
    MaxPool2D,
    ReLU,
)
from dlbasics.models import Sequential, load, mlp

FOLDER = Path(__file__).parent


class Pretrained(NamedTuple):
    """How to build a network whose weights are shipped, and how good it is.

    `test_accuracy` is the share of the data set's test images that it gets right,
    `validation_accuracy` that of the last 5,000 training images, if it was not trained
    on them. `flat` says whether it takes rows (N, 784) or images (N, 28, 28, 1).
    """

    build: Callable[[np.random.Generator], Sequential]
    test_accuracy: float
    validation_accuracy: float | None = None
    flat: bool = True


def mnist_mlp(rng: np.random.Generator) -> Sequential:
    """Build 784-50-100-10 with ReLU: pixels in [0, 1] to logits of ten digits."""
    return mlp([784, 50, 100, 10], activation="relu", rng=rng)


def mnist_convnet(rng: np.random.Generator) -> Sequential:
    """Build conv 30@5×5, ReLU, pool, 100, 10: images (N, 28, 28, 1) to ten logits."""
    layers = [Conv2D(1, 30, 5, rng=rng), ReLU(), MaxPool2D(2), Flatten()]
    layers += [Dense(12 * 12 * 30, 100, rng=rng), ReLU(), Dense(100, 10, rng=rng)]
    return Sequential(layers)


def mnist_deep(rng: np.random.Generator) -> Sequential:
    """Build 16-16-pool-32-32-pool-64-64-pool-50-10, all convolutions 3 × 3.

    Batch normalization before every ReLU, and half of the 50 hidden units silenced
    in training.
    """
    layers: list[Layer] = []
    for n_in, n_out in ((1, 16), (16, 32), (32, 64)):
        for n_before in (n_in, n_out):
            convolution = Conv2D(n_before, n_out, 3, padding="same", rng=rng)
            layers += [convolution, BatchNorm(n_out), ReLU()]
        layers.append(MaxPool2D(2))
    layers += [Flatten(), Dense(3 * 3 * 64, 50, rng=rng), BatchNorm(50), ReLU()]
    layers += [Dropout(0.5, rng=rng.spawn(1)[0]), Dense(50, 10, rng=rng)]
    return Sequential(layers)


def mnist_gap(rng: np.random.Generator) -> Sequential:
    """Build 16@5×5, pool, 32@3×3, 32@3×3, mean of each map, 10; borders kept.

    Its ten logits are weighted sums of 32 means over 14 × 14 places, so each can be
    drawn as a map of the image. Batch normalization before every ReLU.
    """
    layers: list[Layer] = []
    for n_in, n_out, size in ((1, 16, 5), (16, 32, 3), (32, 32, 3)):
        convolution = Conv2D(n_in, n_out, size, padding="same", rng=rng)
        layers += [convolution, BatchNorm(n_out), ReLU()]
    layers.insert(3, MaxPool2D(2))
    return Sequential([*layers, GlobalAveragePool2D(), Dense(32, 10, rng=rng)])


DEEP = [
    (0.9954, 0.9956),
    (0.9959, 0.9956),
    (0.9952, 0.9954),
    (0.9961, 0.9958),
    (0.9965, 0.9952),
]
"""Accuracies of the deep networks: on the images for test, and on those held back."""

PRETRAINED = {
    "mnist_mlp": Pretrained(mnist_mlp, test_accuracy=0.9804),
    "mnist_convnet": Pretrained(mnist_convnet, 0.9908, 0.9904, flat=False),
    "mnist_gap": Pretrained(mnist_gap, 0.9899, 0.9922, flat=False),
    **{
        f"mnist_deep_{i}": Pretrained(mnist_deep, *accuracies, flat=False)
        for i, accuracies in enumerate(DEEP)
    },
}


def load_pretrained(name: str) -> Sequential:
    """Return a new network with trained weights: `load_pretrained("mnist_mlp")`.

    Raises
    ------
    ValueError
        If no network has this name, or if its file is missing or damaged.
    """
    if name not in PRETRAINED:
        known = ", ".join(PRETRAINED)
        raise ValueError(f"load_pretrained expected one of {known}; got {name!r}")
    model = PRETRAINED[name].build(np.random.default_rng(0))  # soon overwritten
    try:
        load(model, FOLDER / f"{name}.npz")
    except (OSError, ValueError) as error:
        raise ValueError(
            f"the weights of {name} cannot be read ({error}): "
            "install the package dlbasics again"
        ) from error
    return model
