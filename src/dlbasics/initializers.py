"""The size of the first random weights.

An initializer is a function `(shape, *, rng, dtype) -> array`. The last axis of
`shape` counts outputs, the one before it inputs, and anything further left is the
window of a convolution: (n_in, n_out) or (height, width, n_in, n_out). Chapter 07
derives every constant below.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real

import numpy as np

from dlbasics.arrays import DTYPE, Array

Initializer = Callable[..., Array]


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return (fan_in, fan_out): connections into one output and out of one input."""
    if len(shape) < 2 or min(shape) < 1:
        raise ValueError(
            f"weights need at least two axes (n_in, n_out) of 1 or more, got {shape}"
        )
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def constant(value: float) -> Initializer:
    """Every weight the same: chapter 07 shows why this cannot work."""

    def init(shape, *, rng=None, dtype=DTYPE):
        return np.full(shape, value, dtype)

    return init


def normal(std: float) -> Initializer:
    """Normal with mean 0 and standard deviation `std`, whatever the layer's size."""
    if not std >= 0:
        raise ValueError(f"normal expected a standard deviation >= 0, got {std}")

    def init(shape, *, rng, dtype=DTYPE):
        return rng.standard_normal(shape, dtype=dtype) * float(std)

    return init


def xavier(shape: tuple[int, ...], *, rng: np.random.Generator, dtype=DTYPE) -> Array:
    """Normal with σ = 1/√fan_in, which keeps a sum at the size of its terms.

    Source: Glorot and Bengio (2010), in the one-sided form of LeCun et al. (1998).
    """
    return normal(math.sqrt(1 / fans(shape)[0]))(shape, rng=rng, dtype=dtype)


def glorot(shape: tuple[int, ...], *, rng: np.random.Generator, dtype=DTYPE) -> Array:
    """Normal with σ = √(2 / (fan_in + fan_out)): a compromise of both directions.

    Source: Glorot and Bengio (2010), equation 12.
    """
    return normal(math.sqrt(2 / sum(fans(shape))))(shape, rng=rng, dtype=dtype)


def he(shape: tuple[int, ...], *, rng: np.random.Generator, dtype=DTYPE) -> Array:
    """Normal with σ = √(2 / fan_in), for ReLU, which silences half of its inputs.

    Source: He et al. (2015), arXiv 1502.01852, equation 10.
    """
    return normal(math.sqrt(2 / fans(shape)[0]))(shape, rng=rng, dtype=dtype)


def orthogonal(shape: tuple[int, ...], *, rng: np.random.Generator, dtype=DTYPE):
    """Random rotation: no direction is stretched or shrunk at all.

    Source: Saxe, McClelland and Ganguli (2014), arXiv 1312.6120.
    """
    fan_in, _ = fans(shape)
    rows, columns = fan_in, shape[-1]
    gaussian = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(gaussian)
    q *= np.sign(np.diag(r))  # without this, the rotations are not evenly spread
    return (q if rows >= columns else q.T).reshape(shape).astype(dtype)


INITIALIZERS: dict[str, Initializer] = {
    "xavier": xavier,
    "glorot": glorot,
    "he": he,
    "orthogonal": orthogonal,
}


def as_initializer(init: str | float | Initializer) -> Initializer:
    """Accept a name, a standard deviation or an initializer; return an initializer."""
    if callable(init):
        return init
    if isinstance(init, str) and init in INITIALIZERS:
        return INITIALIZERS[init]
    if isinstance(init, Real):
        return normal(init)
    raise ValueError(
        f"unknown initializer {init!r}: expected one of {', '.join(INITIALIZERS)}, "
        "a standard deviation, or a function (shape, *, rng, dtype) -> array"
    )
