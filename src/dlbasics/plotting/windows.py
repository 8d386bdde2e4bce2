"""What convolutional networks see: windows on cells, feature maps, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba

from dlbasics.arrays import Array
from dlbasics.palette import COLORS
from dlbasics.plotting.arrays import room, say, table

GAP = 1.6  # between two arrays, where the sign stands

_blue, _orange = (to_rgba(COLORS[name]) for name in ("blue", "orange"))
_nothing = {"blue": (*_blue[:3], 0.0), "orange": (*_orange[:3], 0.0)}
SIGNED = LinearSegmentedColormap.from_list(
    "signed",
    [(0, _orange), (0.5, _nothing["orange"]), (0.5, _nothing["blue"]), (1, _blue)],
)
"""Orange below zero, blue above; zero lets the page through."""


class Cells(NamedTuple):
    """An array for `tables`; `marked` cells are tinted, `copied` ones pale."""

    values: Array
    label: str = ""
    color: str = "blue"
    marked: Array | bool = False
    copied: Array | bool = False


def tables(
    parts: Sequence[Cells | str], *, ax: Axes | None = None, width: float = 0.0
) -> Axes:
    """Draw arrays of at most two axes side by side, with the signs between them.

    `width`, in cells, is the least width of the picture, so that pictures below each
    other have one scale.
    """
    ax = ax or plt.gca()
    shapes = [np.atleast_2d(p.values).shape for p in parts if isinstance(p, Cells)]
    tallest, x = max(height for height, _ in shapes), 0.0
    for part in parts:
        if isinstance(part, str):
            say(ax, x + GAP / 2, tallest / 2, part)
            x += GAP
            continue
        height, n_columns = np.atleast_2d(part.values).shape
        look = {"color": part.color, "label": part.label}
        look |= {"marked": part.marked, "copied": part.copied}
        table(ax, part.values, (x, (tallest - height) / 2), **look)
        x += n_columns
    return room(ax, max(x, width), tallest + 1.2)


def maps(
    values: Array,
    *,
    columns: int = 8,
    titles: Sequence[str] | None = None,
    axes: Array | None = None,
    limit: float | None = None,
) -> Array:
    """Draw maps (n, H, W) as images in rows of `columns`, on one scale; return axes.

    Blue is positive, orange negative, zero has the color of the page. The strongest
    color stands for `limit`, by default the largest absolute value of all maps.
    """
    n_rows = -(-len(values) // columns)
    if axes is None:
        size = 7.2 / columns
        height = n_rows * size * (1.0 if titles is None else 1.25)
        axes = plt.subplots(
            n_rows, columns, squeeze=False, figsize=(7.2, height), layout="constrained"
        )[1]
    limit = limit or np.abs(values).max() or 1.0
    for k, ax in enumerate(np.ravel(axes)):
        if k >= len(values):
            ax.set_axis_off()
            continue
        image(values[k], ax=ax, limit=limit, title=titles[k] if titles else "")
    return axes


def mosaic(maps: Array, columns: int = 8) -> Array:
    """Lay the maps of one image (H, W, C) out in rows, with lines of NaN between."""
    height, width, n = maps.shape
    n_rows = -(-n // columns)
    grid = np.full((n_rows * columns, height + 1, width + 1), np.nan)
    grid[:n, :-1, :-1] = np.moveaxis(maps, -1, 0)
    grid = grid.reshape(n_rows, columns, height + 1, width + 1).swapaxes(1, 2)
    return grid.reshape(n_rows * (height + 1), -1)[:-1, :-1]


def image(
    values: Array, *, ax: Axes | None = None, limit: float | None = None, title=""
) -> Axes:
    """Draw one map (H, W): blue is positive, orange negative, zero transparent."""
    ax = ax or plt.gca()
    limit = limit or np.nanmax(np.abs(values)) or 1.0
    how = {"cmap": SIGNED, "vmin": -limit, "vmax": limit, "interpolation": "none"}
    ax.imshow(values, **how)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize="small")
    ax.spines[:].set_visible(True)
    return ax


def evidence(
    digit: Array,
    heat: Array,
    *,
    ax: Axes | None = None,
    limit: float | None = None,
    title: str = "",
) -> Axes:
    """Draw the outline of a digit (H, W) over a coarser or equal map of evidence.

    Blue speaks for something, orange against it.
    """
    ax = ax or plt.gca()
    height, width = digit.shape
    limit = limit or np.abs(heat).max() or 1.0
    extent = (-0.5, width - 0.5, height - 0.5, -0.5)
    how = {"cmap": SIGNED, "vmin": -limit, "vmax": limit, "interpolation": "none"}
    ax.imshow(heat, extent=extent, **how)
    ax.contour(digit, [0.5], colors=COLORS["ink"], linewidths=1.0)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize="small")
    ax.spines[:].set_visible(True)
    return ax
