"""Pure functions: activations without memory, softmax, one-hot, and toy surfaces.

All work element by element on scalars and on arrays of any shape, and keep the
precision they are given. `softmax`, `log_softmax` and `hardmax` act on the last axis.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dlbasics.arrays import DTYPE, Array


def step(x: Array) -> Array:
    """1 where x > 0, else 0: the threshold of a perceptron."""
    return np.heaviside(x, np.zeros_like(x))


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), written so that no exponential can overflow."""
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def relu(x: Array) -> Array:
    """max(x, 0)."""
    return np.maximum(x, 0)


def leaky_relu(x: Array, alpha: float = 0.01) -> Array:
    """x where x > 0, else alpha · x; `alpha` must lie in [0, 1)."""
    return np.maximum(x, alpha * x)


def elu(x: Array, alpha: float = 1.0) -> Array:
    """x where x > 0, else alpha · (exp(x) - 1)."""
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


def log_softmax(logits: Array) -> Array:
    """log(softmax(logits)) over the last axis, exact where softmax rounds to 0."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax(logits: Array) -> Array:
    """exp(logits) / sum(exp(logits)) over the last axis, shifted against overflow."""
    exp = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


def hardmax(logits: Array) -> Array:
    """1 at the largest entry of the last axis (the first of equals), else 0."""
    hot = np.zeros_like(logits)
    np.put_along_axis(hot, logits.argmax(axis=-1, keepdims=True), 1, axis=-1)
    return hot


def one_hot(labels: Array, n_classes: int, *, dtype: type = DTYPE) -> Array:
    """Turn integer labels (N,) into rows (N, n_classes) with a single 1.

    Raises
    ------
    ValueError
        If labels are not integers, or lie outside 0 … n_classes - 1.
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise ValueError(f"one_hot expected integer labels, got {labels.dtype}")
    if labels.size and (labels.min() < 0 or labels.max() >= n_classes):
        raise ValueError(
            f"one_hot expected labels in 0 … {n_classes - 1}, "
            f"got values from {labels.min()} to {labels.max()}"
        )
    return np.eye(n_classes, dtype=dtype)[labels]


class Surface(NamedTuple):
    """A function of two variables with its gradient, to watch an optimizer on.

    `value` and `gradient` take a point of shape (2,), or (2, …) for many at once.
    """

    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    start: tuple[float, float]
    minimum: tuple[float, float]


RAVINE = Surface(
    value=lambda p: p[0] ** 2 / 20 + p[1] ** 2,
    gradient=lambda p: np.array([p[0] / 10, 2 * p[1]]),
    start=(-7.0, 2.0),
    minimum=(0.0, 0.0),
)
"""f = x²/20 + y²: twenty times steeper across than along."""

ROSENBROCK = Surface(
    value=lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2,
    gradient=lambda p: np.array(
        [
            -2 * (1 - p[0]) - 400 * p[0] * (p[1] - p[0] ** 2),
            200 * (p[1] - p[0] ** 2),
        ]
    ),
    start=(-1.2, 1.0),
    minimum=(1.0, 1.0),
)
"""f = (1 - x)² + 100 (y - x²)²: a valley that bends (Rosenbrock 1960)."""

SADDLE = Surface(
    value=lambda p: p[0] ** 4 / 4 - p[0] ** 2 / 2 + p[1] ** 2 / 2,
    gradient=lambda p: np.array([p[0] ** 3 - p[0], p[1]]),
    start=(0.01, 1.5),
    minimum=(1.0, 0.0),
)
"""f = x⁴/4 - x²/2 + y²/2: two minima with a saddle point between them at (0, 0)."""
