"""Pooling: one number for each window or each whole image, and nothing learned."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from dlbasics.arrays import Array
from dlbasics.layers.base import Layer
from dlbasics.layers.convolution import as_pair, expect_images
from dlbasics.layers.windows import Window, views


class Pool2D(Layer):
    """A window without weights; by default windows lie side by side: stride = size."""

    def __init__(
        self,
        size: int | tuple[int, int],
        *,
        stride: int | None = None,
        padding: str | int = "valid",
    ) -> None:
        super().__init__()
        size = as_pair(size)
        self.window = Window(size, size[0] if stride is None else stride, padding)
        if isinstance(padding, int) and padding >= min(size):
            expected = f"{self!r} expected a border thinner than its window"
            raise ValueError(f"{expected}, got {padding} pixels")

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.window.size}"


class MaxPool2D(Pool2D):
    """The largest number in each window, per channel; borders never win.

    The gradient goes where the largest came from, the first of equals row by row.
    """

    def forward(self, x: Array, *, training: bool = False) -> Array:
        expect_images(self, x)
        padded = self.window.pad(x, fill=-math.inf)
        parts = [view.copy() for view in views(self.window, padded, x.shape)]
        y = reduce(np.maximum, parts)
        self._cache = (winners(parts, y), x.shape) if training else self._cache
        return y

    def backward(self, dy: Array) -> Array:
        where, shape = self.take_cache()
        dpadded = self.window.pad(np.zeros(shape, dy.dtype))
        overlap = self.window.stride < max(self.window.size)
        for won, dx in zip(where, views(self.window, dpadded, shape), strict=True):
            if overlap:
                dx += dy * won
            else:
                np.multiply(dy, won, out=dx)
        return self.window.crop(dpadded, shape)


def winners(parts: list[Array], y: Array) -> list[Array]:
    """Tell for each place in the window where the largest, y, was found first."""
    where, waiting = [], np.ones(y.shape, bool)
    for part in parts:
        where.append((part == y) & waiting)
        waiting ^= where[-1]
    return where


class AveragePool2D(Pool2D):
    """The mean of each window, per channel, over the pixels that are not border.

    The gradient is shared out evenly among them.
    """

    def forward(self, x: Array, *, training: bool = False) -> Array:
        expect_images(self, x)
        first, *others = views(self.window, self.window.pad(x), x.shape)
        y = first.copy()
        for view in others:
            y += view
        n_pixels = self.count(x.shape, x.dtype)
        self._cache = (n_pixels, x.shape) if training else self._cache
        return y / n_pixels

    def backward(self, dy: Array) -> Array:
        n_pixels, shape = self.take_cache()
        dpadded, each = self.window.pad(np.zeros(shape, dy.dtype)), dy / n_pixels
        for dx in views(self.window, dpadded, shape):
            dx += each
        return self.window.crop(dpadded, shape)

    def count(self, shape: tuple[int, ...], dtype: type) -> Array:
        """Return how many pixels that are not border each window holds."""
        one = (1, *shape[1:3], 1)
        return sum(views(self.window, self.window.pad(np.ones(one, dtype)), one))


class GlobalAveragePool2D(Layer):
    """The mean of each channel over the whole image: (N, H, W, C) becomes (N, C).

    Source: Lin, Chen and Yan (2013), arXiv 1312.4400.
    """

    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.expect(x.ndim == 4 and x.size > 0, "of shape (N, H, W, C)", x)
        self._cache = (x.shape,) if training else self._cache
        return x.mean(axis=(1, 2))

    def backward(self, dy: Array) -> Array:
        (shape,) = self.take_cache()
        share = dy / (shape[1] * shape[2])
        return np.broadcast_to(share[:, None, None, :], shape).copy()


class GlobalMaxPool2D(Layer):
    """The largest number of each channel in the whole image: (N, H, W, C) to (N, C)."""

    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.expect(x.ndim == 4 and x.size > 0, "of shape (N, H, W, C)", x)
        pixels = x.reshape(len(x), -1, x.shape[-1])
        where = pixels.argmax(axis=1)[:, None]
        self._cache = (where, x.shape) if training else self._cache
        return np.take_along_axis(pixels, where, axis=1)[:, 0]

    def backward(self, dy: Array) -> Array:
        where, shape = self.take_cache()
        dpixels = np.zeros((shape[0], shape[1] * shape[2], shape[3]), dy.dtype)
        np.put_along_axis(dpixels, where, dy[:, None], axis=1)
        return dpixels.reshape(shape)
