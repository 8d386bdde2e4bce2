"""Dropout in both of its forms."""

from __future__ import annotations

import numpy as np

from dlbasics.arrays import Array, share
from dlbasics.layers.base import Layer


class Dropout(Layer):
    """Silence a random share `rate` of the units, in training only ("inverted").

    training:   y = x · kept / (1 - rate),  kept = 1 with probability 1 - rate, else 0
    inference:  y = x

    Dividing by the share that is kept makes the expected output equal to x, so that
    inference need not know about dropout at all.
    """

    def __init__(self, rate: float, *, rng: np.random.Generator) -> None:
        super().__init__()
        self.rate, self.rng = share(self, "rate", rate), rng

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if not training:
            return x
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.rate
        scale = kept.astype(x.dtype) / (1 - self.rate)
        self._cache = (scale,)
        return x * scale

    def backward(self, dy: Array) -> Array:
        (scale,) = self.take_cache()
        return dy * scale

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.rate:g})"


class OriginalDropout(Dropout):
    """Dropout as first published: unscaled in training, scaled at inference.

    training:   y = x · kept,  kept = 1 with probability 1 - rate, else 0
    inference:  y = x · (1 - rate)

    Source: Srivastava et al. (2014), who scale the weights that follow instead.
    """

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if not training:
            return x * (1 - self.rate)
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.rate
        self._cache = (kept,)
        return x * kept
