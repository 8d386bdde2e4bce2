"""A window that slides over images: what convolution and pooling have in common."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlbasics.arrays import Array

Borders = tuple[tuple[int, int], tuple[int, int]]
PART = 2**18  # unfolded numbers at a time: a megabyte, so that they stay in the cache
SHORT = 32  # fewer numbers than these make a product that is not worth its call


@dataclass(frozen=True)
class Window:
    """A window of (height, width) pixels, moved in steps of `stride` pixels.

    Along a side of n pixels, padded with p more, there is room for
    (n + p - size) // stride + 1 windows. `padding` is "valid" (p = 0), "same" (as
    many windows as steps begin inside: n / stride, rounded up), a whole number of
    pixels added at every border, or ((above, below), (left, right)).
    """

    size: tuple[int, int]
    stride: int = 1
    padding: str | int | Borders = "valid"

    def __post_init__(self) -> None:
        named = self.padding in ("valid", "same")
        counted = not isinstance(self.padding, str) and np.min(self.padding) >= 0
        if min(*self.size, self.stride) < 1 or not (named or counted):
            raise ValueError(
                "expected a window and a stride of at least 1 pixel and a padding "
                f"'valid', 'same' or of some pixels, got {self}"
            )

    def borders(self, shape: tuple[int, ...]) -> list[tuple[int, int]]:
        """Return how many pixels are added above and below, left and right."""
        pads = self.padding if isinstance(self.padding, tuple) else [self.padding] * 2
        sides = zip(shape[1:3], self.size, pads, strict=True)
        return [border(n, size, self.stride, pad) for n, size, pad in sides]

    def room(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Return how many windows fit below each other and side by side."""
        sides = zip(shape[1:3], self.size, self.borders(shape), strict=True)
        return tuple(
            max((n + sum(both) - size) // self.stride + 1, 0) for n, size, both in sides
        )

    def pad(self, x: Array, *, fill: float = 0.0) -> Array:
        """Return x with its borders; x itself if there are none."""
        more = [0, *map(sum, self.borders(x.shape)), 0]
        if not any(more):
            return x
        padded = np.full(np.add(x.shape, more), fill, x.dtype)
        self.crop(padded, x.shape)[...] = x
        return padded

    def crop(self, padded: Array, shape: tuple[int, ...]) -> Array:
        """Return images of the given shape without their borders."""
        (top, _), (left, _) = self.borders(shape)
        return padded[:, top : top + shape[1], left : left + shape[2]]


def border(
    n: int, size: int, stride: int, padding: str | int | tuple[int, int]
) -> tuple[int, int]:
    """Return how many pixels are added before and after a side of n pixels."""
    if padding == "valid":
        return 0, 0
    if padding == "same":
        n_windows = math.ceil(n / stride)
        missing = max((n_windows - 1) * stride + size - n, 0)
        return missing // 2, missing - missing // 2
    return (padding, padding) if isinstance(padding, int) else padding


def way_back(window: Window, shape: tuple[int, ...]) -> Window | None:
    """Return the window that leads a convolution from the outputs back to the inputs.

    With stride 1 a pixel was seen by the windows that begin at most size - 1 pixels
    before it, so windows of the same size over the outputs gather what it is
    responsible for. None for other strides, or if windows saw borders only.
    """
    sides = zip(window.size, window.borders(shape), strict=True)
    missing = tuple((size - 1 - a, size - 1 - b) for size, (a, b) in sides)
    if window.stride > 1 or np.min(missing) < 0:
        return None
    return Window(window.size, padding=missing)


def views(window: Window, padded: Array, shape: tuple[int, ...]) -> Iterator[Array]:
    """Yield for each place in the window what stands there, for all windows.

    A view (N, rows, columns, C) of `padded`, row by row of the window: writing into
    it writes into `padded`. `shape` is that of the images without their borders.
    """
    rows, columns = (n * window.stride for n in window.room(shape))
    for i, j in np.ndindex(window.size):
        part = padded[:, i : i + rows, j : j + columns]
        yield part[:, :: window.stride, :: window.stride]


def every(window: Window, x: Array) -> Array:
    """Return what stands in each window, (N, rows, columns, height, width, C).

    A view of the padded images: a number is there as often as windows see it.
    """
    padded, step = window.pad(x), window.stride
    sample, line, pixel, channel = padded.strides
    shape = (len(x), *window.room(x.shape), *window.size, x.shape[-1])
    strides = (sample, step * line, step * pixel, line, pixel, channel)
    return as_strided(padded, shape, strides, writeable=False)


def unfold(window: Window, x: Array) -> Array:
    """Return every window as one row: (N · rows · columns, height · width · C).

    Known as im2col. The rows are copied in runs of width · C neighbors, since the
    channels of a pixel and the pixels of a line lie side by side.
    """
    seen = every(window, x)
    return seen.reshape(math.prod(seen.shape[:3]), -1)


def fold(window: Window, rows: Array, shape: tuple[int, ...]) -> Array:
    """Add every row's numbers up where `unfold` took them from (known as col2im)."""
    padded = window.pad(np.zeros(shape, rows.dtype))
    parts = rows.reshape(*shape[:1], *window.room(shape), *window.size, shape[-1])
    places = np.ndindex(window.size)
    for (i, j), view in zip(places, views(window, padded, shape), strict=True):
        view += parts[:, :, :, i, j]
    return window.crop(padded, shape)


def unfolded(window: Window, x: Array) -> Iterator[tuple[slice, slice, Array]]:
    """Unfold as many images at a time as fit the cache, and of windows line by line.

    Yields a slice of the batch, a slice of the window's lines, and what stands there:
    (images, rows · columns, lines · width · C). A line of windows is unfolded once and
    then seen by `height` windows. Short lines come all at once, and are copied in runs
    of neighboring windows instead.
    """
    (rows, columns), (height, width) = window.room(x.shape), window.size
    step, run = window.stride, width * x.shape[-1]
    n_images = max(PART // (rows * columns * run * (height if run < SHORT else 1)), 1)
    for start in range(0, len(x), n_images):
        some = slice(start, start + n_images)
        if run < SHORT:
            places = every(window, x[some]).transpose(0, 3, 4, 5, 1, 2)
            seen = places.reshape(len(places), height * run, rows * columns)
            yield some, slice(0, height), seen.swapaxes(1, 2)
            continue
        padded = window.pad(x[some])
        lines = unfold(Window((1, width)), padded).reshape(*padded.shape[:2], -1, run)
        for i in range(height):
            seen = lines[:, i : i + rows * step : step, : columns * step : step]
            yield some, slice(i, i + 1), seen.reshape(len(padded), -1, run)


def multiply(window: Window, x: Array, W: Array, b: Array | float = 0) -> Array:
    """Unfold x, a part at a time, multiply the rows with W and add b.

    x (N, H, W, C), W (height, width, C, K) and b (K,) give (N, rows, columns, K).
    """
    y = np.empty((len(x), *window.room(x.shape), W.shape[-1]), W.dtype)
    for some, lines, seen in unfolded(window, x):
        out = y[some].reshape(*seen.shape[:2], -1)
        w = W[lines].reshape(seen.shape[-1], -1)
        if lines.start:
            out += seen @ w
        else:
            np.matmul(seen, w, out=out)
            out += b
    return y
