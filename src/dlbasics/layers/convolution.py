"""Convolutional layers: the same small weights at every place of an image."""

from __future__ import annotations

import numpy as np

from dlbasics.arrays import DTYPE, Array, sum_features
from dlbasics.initializers import Initializer, as_initializer, he
from dlbasics.layers.base import Layer
from dlbasics.layers.windows import (
    Window,
    fold,
    multiply,
    unfold,
    unfolded,
    views,
    way_back,
)


class Filters(Layer):
    """Weights for a window that slides over images: what convolutions start from.

    W (size, size, n_in, n_out), drawn by `init`, and b (n_out,), which starts at 0.
    `size` is a number of pixels or (height, width); `stride` and `padding` are those
    of `Window`.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        size: int | tuple[int, int],
        *,
        stride: int = 1,
        padding: str | int = "valid",
        rng: np.random.Generator,
        init: Initializer | str | float = he,
        dtype: type = DTYPE,
    ) -> None:
        super().__init__()
        self.window = Window(as_pair(size), stride, padding)
        shape = (*self.window.size, n_in, n_out)
        self.add_param("W", as_initializer(init)(shape, rng=rng, dtype=dtype))
        self.add_param("b", np.zeros(n_out, dtype))


class PlainConv2D(Filters):
    """Slide `n_out` filters over images; each output looks at one window of pixels.

    y[n, r, c, k] = b[k] + sum over i, j, m of x[n, r s + i, c s + j, m] W[i, j, m, k]

    with x (N, H, W, n_in) padded, W (size, size, n_in, n_out), stride s and y
    (N, rows, columns, n_out). The filter is not turned around: mathematicians call
    this cross-correlation. With the windows unfolded into rows X it is a dense layer:

    Y = X W + b,   dW = Xᵀ dY,  db = sum of dY,  dX = dY Wᵀ, folded back

    `Conv2D` computes the same with less memory.
    Source: LeCun et al. (1998), doi 10.1109/5.726791.
    """

    def forward(self, x: Array, *, training: bool = False) -> Array:
        W, b = self.params["W"], self.params["b"]
        expect_images(self, x, W.shape[2])
        rows = unfold(self.window, x)
        self._cache = (rows, x.shape) if training else self._cache
        y = rows @ W.reshape(-1, len(b))
        y += b
        return y.reshape(len(x), *self.window.room(x.shape), len(b))

    def backward(self, dy: Array) -> Array:
        rows, shape = self.take_cache()
        W, dW = (w["W"].reshape(-1, dy.shape[-1]) for w in (self.params, self.grads))
        dy = dy.reshape(-1, dy.shape[-1])
        np.matmul(rows.T, dy, out=dW)
        np.sum(dy, axis=0, out=self.grads["b"])
        return fold(self.window, dy @ W.T, shape)


class Conv2D(PlainConv2D):
    """`PlainConv2D`, computed a few images at a time, nothing unfolded kept.

    Unfolded windows of a few images stay in the processor's cache, and unfolding them
    once more on the way back keeps the memory small. With stride 1, dx is a convolution
    too: dy in wide borders, under filters turned by 180 degrees, inputs and outputs
    exchanged.
    """

    def forward(self, x: Array, *, training: bool = False) -> Array:
        W, b = self.params["W"], self.params["b"]
        expect_images(self, x, W.shape[2])
        self._cache = (x,) if training else self._cache
        return multiply(self.window, x, W, b)

    def fill_grads(self, dy: Array) -> tuple[int, ...]:
        """Fill `grads`; return the shape of x."""
        (x,) = self.take_cache()
        dW = self.grads["W"]
        sum_features(dy, out=self.grads["b"])
        dW[...] = 0
        for some, lines, seen in unfolded(self.window, x):
            dw = seen.swapaxes(1, 2) @ dy[some].reshape(*seen.shape[:2], -1)
            dW[lines] += dw.sum(axis=0).reshape(dW[lines].shape)
        return x.shape

    def backward(self, dy: Array) -> Array:
        W, shape = self.params["W"], self.fill_grads(dy)
        back = way_back(self.window, shape)
        if back is None:
            rows = dy.reshape(-1, dy.shape[-1]) @ W.reshape(-1, dy.shape[-1]).T
            return fold(self.window, rows, shape)
        turned = np.ascontiguousarray(W[::-1, ::-1].swapaxes(2, 3))
        return multiply(back, dy, turned)


class DepthwiseConv2D(Filters):
    """One filter for each channel, which looks at no other channel.

    y[n, r, c, k] = b[k] + sum over i, j of x[n, r s + i, c s + j, k] W[i, j, 0, k]

    with W (size, size, 1, n). Followed by a `Conv2D` of size 1, which mixes channels
    at one pixel ("pointwise"), it does with fewer weights what a `Conv2D` does.
    Source: Sifre (2014), thesis; Chollet (2017), arXiv 1610.02357.
    """

    def __init__(
        self, n_features: int, size: int | tuple[int, int], **how: object
    ) -> None:
        super().__init__(1, n_features, size, **how)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        W, b = self.params["W"], self.params["b"]
        expect_images(self, x, len(b))
        padded, places = self.window.pad(x), W.reshape(-1, len(b))
        self._cache = (padded, x.shape) if training else self._cache
        y = np.empty((len(x), *self.window.room(x.shape), len(b)), W.dtype)
        y[...] = b
        for w, view in zip(places, views(self.window, padded, x.shape), strict=True):
            y += w * view
        return y

    def backward(self, dy: Array) -> Array:
        padded, shape = self.take_cache()
        W, dW = (w["W"].reshape(-1, dy.shape[-1]) for w in (self.params, self.grads))
        sum_features(dy, out=self.grads["b"])
        dpadded = np.zeros(padded.shape, dy.dtype)
        seen, wanted = (views(self.window, a, shape) for a in (padded, dpadded))
        for w, dw, x, dx in zip(W, dW, seen, wanted, strict=True):
            np.einsum("nrck,nrck->k", x, dy, out=dw)
            dx += w * dy
        return self.window.crop(dpadded, shape)


def as_pair(size: int | tuple[int, int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else tuple(size)


def expect_images(layer: Layer, x: Array, n_channels: int | None = None) -> None:
    """Raise unless x are images of the layer's channels with room for its window."""
    channels = "C" if n_channels is None else n_channels
    fits = x.ndim == 4 and len(x) > 0 and n_channels in (None, x.shape[-1])
    layer.expect(fits, f"of shape (N, H, W, {channels})", x)
    height, width = layer.window.size
    room = min(layer.window.room(x.shape)) > 0
    layer.expect(room, f"with room for a window of {height} × {width} pixels", x)
