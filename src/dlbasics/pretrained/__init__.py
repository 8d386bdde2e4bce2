"""Trained networks that travel with the package: nothing is ever downloaded.

`scripts/train_pretrained.py` made their weights and can make them again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlbasics.models import Sequential, load, mlp

FOLDER = Path(__file__).parent


class Pretrained(NamedTuple):
    """How to build a network whose weights are shipped, and how good it is.

    `test_accuracy` is the share of the data set's test images that it gets right.
    """

    build: Callable[[np.random.Generator], Sequential]
    test_accuracy: float


def mnist_mlp(rng: np.random.Generator) -> Sequential:
    """Build 784-50-100-10 with ReLU: pixels in [0, 1] to logits of ten digits."""
    return mlp([784, 50, 100, 10], activation="relu", rng=rng)


PRETRAINED = {"mnist_mlp": Pretrained(mnist_mlp, test_accuracy=0.9804)}


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
