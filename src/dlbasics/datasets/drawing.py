"""Drawn digits, brought into the form of MNIST's images.

The page on which a reader draws does the same in JavaScript
(`dlbasics/explorers/_page/network.js`); a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from dlbasics.arrays import Array, shape_of

SIDE = 280  # pixels of a canvas, ten for each of MNIST's
PEN = 22  # width of a line in pixels of the canvas
IMAGE, BOX, MIDDLE = 28, 20, 14  # MNIST: side, longer side of the ink, center of mass
TINY = 1e-6  # so that rounding does not decide where symmetric ink goes

Point = Sequence[float]


def draw_lines(
    lines: Iterable[Sequence[Point]], *, width: float = PEN, side: int = SIDE
) -> Array:
    """Draw lines with a round pen: 1 under the pen, 0 on paper, between at its edge.

    ink = width / 2 + 1 / 2 - d, cut off at 0 and 1, where d is the distance from the
    center of a pixel to the nearest line.

    Parameters
    ----------
    lines : each a sequence of points (x, y) in pixels of the canvas, from its upper
        left corner to the right and down; one point makes a dot.
    width : of the pen, in pixels.
    side : of the square canvas, in pixels.

    Returns
    -------
    Ink in [0, 1], (side, side) in float64.
    """
    ink = np.zeros((side, side))
    centers = np.arange(side) + 0.5
    for line in lines:
        points = np.asarray(line, float).reshape(-1, 2)
        starts = points[:-1] if len(points) > 1 else points
        for start, end in zip(starts, points[-len(starts) :], strict=True):
            d = distance(centers, start, end)
            np.maximum(ink, np.clip(width / 2 + 0.5 - d, 0, 1), out=ink)
    return ink


def distance(centers: Array, start: Array, end: Array) -> Array:
    """Return how far each pixel of a square canvas is from a piece of a line."""
    (x, y), (dx, dy) = start, end - start
    right, down = centers[None, :] - x, centers[:, None] - y
    length2 = dx * dx + dy * dy
    along = np.clip((right * dx + down * dy) / (length2 or 1), 0, 1)
    return np.sqrt((right - along * dx) ** 2 + (down - along * dy) ** 2)


def like_mnist(ink: Array) -> Array:
    """Scale and center ink the way the images of MNIST were.

    1. Take the smallest rectangle that holds all ink.
    2. Scale it until its longer side has 20 pixels; a new pixel is the mean of the
       area that it covers.
    3. Move it by whole pixels until the center of mass lies in row 14 and column 14,
       counted from 0, of 28 × 28 pixels; not so far that ink is lost.

    An image of MNIST stays as it is. No ink stays no ink.

    Parameters
    ----------
    ink : (H, W), from 0 (paper) to 1.

    Returns
    -------
    (28, 28) in float32.
    """
    ink = np.asarray(ink, float)
    if ink.ndim != 2:
        raise ValueError(
            f"like_mnist expected ink of shape (H, W), got {shape_of(ink)}"
        )
    if not ink.any():
        return np.zeros((IMAGE, IMAGE), np.float32)
    masses = ink.sum(axis=1), ink.sum(axis=0)
    scale = max(np.ptp(np.flatnonzero(mass)) + 1 for mass in masses) / BOX
    rows, columns = (shares(mass, scale) for mass in masses)
    return (rows @ ink @ columns.T).astype(np.float32)


def shares(mass: Array, scale: float) -> Array:
    """Return the share of each old pixel in each new one, along one axis: (28, n).

    `mass` is the ink in each row (or column), `scale` the old pixels in a new one.
    """
    old = np.arange(len(mass))
    first, last = np.flatnonzero(mass)[[0, -1]]
    center = ((old + 0.5) @ mass / mass.sum() - first) / scale
    room = math.floor(IMAGE - (last + 1 - first) / scale + TINY)
    before = min(max(MIDDLE - math.floor(center + TINY), 0), room)
    edges = first + (np.arange(IMAGE + 1) - before) * scale
    low = np.maximum(edges[:-1, None], old)
    high = np.minimum(edges[1:, None], old + 1)
    return np.maximum(high - low, 0) / scale
