"""Surfaces over two parameters: contours, gradients, and the paths of descent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.palette import COLORS
from dlbasics.plotting.looks import look

Limits = tuple[float, float]
Field = Callable[[Array], Array]


def grid(xlim: Limits, ylim: Limits, shape: tuple[int, int]) -> Array:
    """Return the points of a regular grid as one array (2, n_y, n_x)."""
    nx, ny = shape
    return np.stack(np.meshgrid(np.linspace(*xlim, nx), np.linspace(*ylim, ny)))


def contours(
    value: Field,
    *,
    ax: Axes | None = None,
    xlim: Limits = (-8.0, 8.0),
    ylim: Limits = (-3.0, 3.0),
    levels: int | Sequence[float] = 12,
    shape: tuple[int, int] = (121, 81),
) -> Axes:
    """Draw lines of equal height of `value`, which takes points (2, …).

    `levels` lists the heights or says how many; they then grow like squares from the
    lowest point of the picture to the highest, so that around a minimum the lines are
    about equally far apart.
    """
    ax = ax or plt.gca()
    points = grid(xlim, ylim, shape)
    heights = value(points)
    at, low = levels, heights.min()
    if isinstance(levels, int):
        at = low + np.ptp(heights) * np.linspace(0, 1, levels + 2)[1:-1] ** 2
    style = {"colors": COLORS["muted"], "linewidths": 0.7, "linestyles": "solid"}
    ax.contour(*points, heights, at, alpha=0.6, zorder=1, **style)
    ax.set(xlim=xlim, ylim=ylim)
    return ax


def gradient_field(
    gradient: Field,
    *,
    ax: Axes | None = None,
    shape: tuple[int, int] = (13, 7),
    downhill: bool = False,
    color: str = "blue",
) -> Axes:
    """Draw gradients as arrows over the limits of the axes, the longest one cell long,
    each centered on its point.

    `gradient` takes points (2, …) and returns as many vectors. `downhill` turns the
    arrows around. Right angles look right if x and y have one scale (`set_aspect`).
    """
    ax = ax or plt.gca()
    xlim, ylim = ax.get_xlim(), ax.get_ylim()
    cell = np.array([np.ptp(xlim) / shape[0], np.ptp(ylim) / shape[1]])
    margins = [
        (low + size / 2, high - size / 2)
        for (low, high), size in zip((xlim, ylim), cell, strict=True)
    ]
    points = grid(*margins, shape)
    arrows = gradient(points) * (-1 if downhill else 1)
    scale = np.hypot(*arrows).max() / cell.min()
    ax.quiver(
        *points, *arrows, color=COLORS[color], angles="xy", scale_units="xy",
        scale=scale, width=0.005, pivot="mid", zorder=2,
    )  # fmt: skip
    ax.set(xlim=xlim, ylim=ylim)
    return ax


def paths(
    named: Mapping[str, Array], *, ax: Axes | None = None, markers: bool = True
) -> Axes:
    """Draw one path (n_points, 2) for each name over the limits of the axes.

    A path that leaves the picture for good ends in an arrow at its border.
    """
    ax = ax or plt.gca()
    xlim, ylim = ax.get_xlim(), ax.get_ylim()
    low, high = np.sort([xlim, ylim], axis=1).T
    for i, (name, points) in enumerate(named.items()):
        points, style = np.asarray(points, dtype=float), look(name, i)
        inside = np.flatnonzero(np.all((low <= points) & (points <= high), axis=1))
        drawn = points[: inside[-1] + 1] if len(inside) else points[:0]
        style |= {"markersize": 4, "linewidth": 1.4, "zorder": 3}
        style |= {} if markers else {"marker": ""}
        ax.plot(*drawn.T, label=name, **style)
        if 0 < len(drawn) < len(points):
            leave(ax, drawn[-1], points[len(drawn)], low, high, style["color"])
    ax.set(xlim=xlim, ylim=ylim)
    return ax


def leave(ax: Axes, here: Array, there: Array, low: Array, high: Array, color) -> None:
    """Draw an arrow from a point toward one outside, up to the border."""
    way = np.nan_to_num(there, nan=1e9, posinf=1e9, neginf=-1e9) - here
    room = np.where(way > 0, high - here, low - here)
    share = np.min(room[way != 0] / way[way != 0])
    arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 1.4, "shrinkA": 0}
    ax.annotate("", here + share * way, here, arrowprops=arrow | {"shrinkB": 0})
