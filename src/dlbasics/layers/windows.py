"""A window that slides over images: what convolution and pooling have in common."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlbasics.arrays import Array

Index = tuple[slice | int, ...]
PART = 2**18  # unfolded numbers at a time: a megabyte, so that they stay in the cache
SHORT = 32  # fewer numbers than these make a product that is not worth its call


@dataclass(frozen=True)
class Window:
    """A window of (height, width) pixels, moved in steps of `stride` pixels.

    Along a side of n pixels, padded with p more, there is room for
    (n + p - size) // stride + 1 windows. `padding` is "valid" (p = 0), "same" (as
    many windows as steps begin inside: n / stride, rounded up), or a whole number of
    pixels added at every border.
    """

    size: tuple[int, int]
    stride: int = 1
    padding: str | int = "valid"

    def __post_init__(self) -> None:
        whole = isinstance(self.padding, int) and self.padding >= 0
        fits = min(self.size) >= 1 and self.stride >= 1
        if not (fits and (whole or self.padding in ("valid", "same"))):
            raise ValueError(
                "expected a window and a stride of at least 1 pixel and a padding "
                f"'valid', 'same' or of some pixels, got {self}"
            )

    def borders(self, shape: tuple[int, ...]) -> list[tuple[int, int]]:
        """Return how many pixels are added above and below, left and right."""
        sides = zip(shape[1:3], self.size, strict=True)
        return [border(n, size, self.stride, self.padding) for n, size in sides]

    def room(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Return how many windows fit below each other and side by side."""
        sides = zip(shape[1:3], self.size, self.borders(shape), strict=True)
        rows, columns = (
            max((n + sum(both) - size) // self.stride + 1, 0) for n, size, both in sides
        )
        return rows, columns

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


def border(n: int, size: int, stride: int, padding: str | int) -> tuple[int, int]:
    """Return how many pixels are added before and after a side of n pixels."""
    if padding == "valid":
        return 0, 0
    if padding == "same":
        n_windows = math.ceil(n / stride)
        missing = max((n_windows - 1) * stride + size - n, 0)
        return missing // 2, missing - missing // 2
    return padding, padding


def way_back(window: Window, shape: tuple[int, ...]) -> list[tuple[int, int]] | None:
    """Return the borders that outputs need for a convolution back to the inputs.

    With stride 1 a pixel was seen by the windows that begin at most size - 1 pixels
    before it, so windows of the same size over the outputs gather what it is
    responsible for. None for other strides, or if windows saw borders only.
    """
    sides = zip(window.size, window.borders(shape), strict=True)
    missing = [(size - 1 - a, size - 1 - b) for size, (a, b) in sides]
    return missing if window.stride == 1 and np.min(missing) >= 0 else None


def views(window: Window, padded: Array, shape: tuple[int, ...]) -> Iterator[Array]:
    """Yield for each place in the window what stands there, for all windows.

    A view (N, rows, columns, C) of `padded`, row by row of the window: writing into
    it writes into `padded`. `shape` is that of the images without their borders.
    """
    rows, columns = (n * window.stride for n in window.room(shape))
    for i, j in np.ndindex(window.size):
        part = padded[:, i : i + rows, j : j + columns]
        yield part[:, :: window.stride, :: window.stride]


def unfold(window: Window, x: Array) -> Array:
    """Return every window as one row: (N · rows · columns, height · width · C).

    Known as im2col. The rows are copied in runs of width · C neighbors, since the
    channels of a pixel and the pixels of a line lie side by side.
    """
    padded, step = window.pad(x), window.stride
    sample, line, pixel, channel = padded.strides
    shape = (len(x), *window.room(x.shape), *window.size, x.shape[-1])
    strides = (sample, step * line, step * pixel, line, pixel, channel)
    view = as_strided(padded, shape, strides, writeable=False)
    return view.reshape(math.prod(shape[:3]), -1)


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
    (images, rows · columns, lines · width · C). Short lines come all at once.
    """
    (rows, columns), (height, width) = window.room(x.shape), window.size
    n_line = width * x.shape[-1]
    n_lines = height if n_line < SHORT else 1
    n_images = max(PART // (rows * columns * n_lines * n_line), 1)
    inside = Window((n_lines, width), window.stride)
    tall = (rows - 1) * window.stride + n_lines
    for start in range(0, len(x), n_images):
        some = slice(start, start + n_images)
        padded = window.pad(x[some])
        for i in range(0, height, n_lines):
            seen = unfold(inside, padded[:, i : i + tall])
            seen = seen.reshape(len(padded), rows * columns, -1)
            yield some, slice(i, i + n_lines), seen


def multiply(window: Window, x: Array, W: Array) -> Array:
    """Unfold x, a part at a time, and multiply the rows with W.

    x (N, H, W, C) and W (height, width, C, K) give (N, rows, columns, K).
    """
    y = np.empty((len(x), *window.room(x.shape), W.shape[-1]), W.dtype)
    for some, lines, seen in unfolded(window, x):
        out = y[some].reshape(*seen.shape[:2], -1)
        w = W[lines].reshape(seen.shape[-1], -1)
        if lines.start == 0:
            np.matmul(seen, w, out=out)
        else:
            out += seen @ w
    return y
