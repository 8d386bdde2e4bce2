"""Layers that rearrange and compute nothing."""

from __future__ import annotations

from dlbasics.arrays import Array
from dlbasics.layers.base import Layer


class Flatten(Layer):
    """Lay every sample out as one row: (N, …) becomes (N, D)."""

    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.expect(x.ndim >= 2 and len(x) > 0, "of shape (N, …) with N ≥ 1", x)
        if training:
            self._cache = (x.shape,)
        return x.reshape(len(x), -1)

    def backward(self, dy: Array) -> Array:
        (shape,) = self.take_cache()
        return dy.reshape(shape)
