"""The contract that every layer keeps."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from dlbasics.arrays import Array, shape_of


class Layer(ABC):
    """One differentiable step: owns its parameters, gradients and buffers.

    `params` are learned, `grads` holds the gradient of each, `buffers` are remembered
    but not learned (running averages). All three are dicts of arrays that are written
    in place and never rebound, and no layer writes into an array it was handed.
    A forward pass with `training=True` remembers what `backward` needs, once.
    """

    def __init__(self) -> None:
        self.params: dict[str, Array] = {}
        self.grads: dict[str, Array] = {}
        self.buffers: dict[str, Array] = {}
        self._cache: tuple | None = None

    @abstractmethod
    def forward(self, x: Array, *, training: bool = False) -> Array:
        """Return the layer's output for a batch x whose first axis is the sample."""

    @abstractmethod
    def backward(self, dy: Array) -> Array:
        """Fill `grads` and return ∂L/∂x, given dy = ∂L/∂y of the output."""

    def fill_grads(self, dy: Array) -> object:
        """Fill `grads` only: all that is needed of the first layer of a network."""
        return self.backward(dy)

    def add_param(self, name: str, value: Array) -> None:
        self.params[name], self.grads[name] = value, np.zeros_like(value)

    def take_cache(self) -> tuple:
        if self._cache is None:
            raise RuntimeError(f"{self!r}.backward needs forward(x, training=True)")
        cache, self._cache = self._cache, None
        return cache

    def expect(self, fits: bool, expected: str, x: Array) -> None:
        if not fits:
            raise ValueError(f"{self!r} expected x {expected}, got {shape_of(x)}")

    def __repr__(self) -> str:
        sizes = next((w.shape for w in self.params.values()), ())
        return f"{type(self).__name__}({', '.join(map(str, sizes))})"
