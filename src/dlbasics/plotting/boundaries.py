"""Two classes in a plane, and the line at which a perceptron changes its mind."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.palette import COLORS

CLASSES = {0: ("orange", "s", "paper"), 1: ("blue", "o", "blue")}
LIMITS = -0.6, 1.6  # room around the corners of the unit square


def clip(
    w: Array, b: float, limits: tuple[float, float] = LIMITS
) -> tuple[Array, Array]:
    """Cut the square of `limits` along w · x + b = 0.

    Returns the corners (n, 2) of the part where w · x + b > 0, and the two ends (2, 2)
    of the cut; either is empty if there is no such part.
    """
    low, high = limits
    square = np.array([[low, low], [high, low], [high, high], [low, high]])
    sums = square @ np.asarray(w, dtype=float) + b
    part, ends = [], []
    for k in range(4):
        p, q, at_p, at_q = square[k - 1], square[k], sums[k - 1], sums[k]
        if (at_p > 0) != (at_q > 0):
            ends.append(p + (q - p) * at_p / (at_p - at_q))
            part.append(ends[-1])
        if at_q > 0:
            part.append(q)
    return np.reshape(part, (-1, 2)), np.reshape(ends, (-1, 2))


def half_plane(
    w: Array,
    b: float,
    *,
    ax: Axes | None = None,
    limits: tuple[float, float] = LIMITS,
    color: str = "blue",
    dash: str = "-",
    tint: float = 0.13,
    width: float = 1.8,
    arrow: bool = True,
    name: str | None = None,
) -> Axes:
    """Draw the line w · x + b = 0 and tint the side on which the answer is 1.

    The arrow, of one length for all w, starts at the middle of the line and has the
    direction of w: it points to the side of the 1. `tint` is how strong that side is
    colored.
    """
    ax = ax or plt.gca()
    part, ends = clip(w, b, limits)
    shade = COLORS[color]
    if tint and len(part):
        ax.fill(*part.T, color=shade, alpha=tint, linewidth=0, zorder=0)
    if len(ends):
        ax.plot(*ends.T, dash, color=shade, linewidth=width, label=name, zorder=2)
        if arrow:
            length = 0.16 * (limits[1] - limits[0])
            tip = length * np.asarray(w, dtype=float) / np.linalg.norm(w)
            draw_arrow(ax, ends.mean(axis=0), ends.mean(axis=0) + tip, color)
    ax.set(xlim=limits, ylim=limits, aspect="equal")
    return ax


def draw_arrow(ax: Axes, start: Array, end: Array, color: str) -> None:
    """Draw an arrow from one point to another, in data coordinates."""
    style = {"arrowstyle": "-|>", "color": COLORS[color], "linewidth": 1.6}
    shrink = {"shrinkA": 0, "shrinkB": 0, "mutation_scale": 11}
    ax.annotate("", end, start, arrowprops=style | shrink, zorder=3)


def two_classes(
    x: Array, labels: Array, *, ax: Axes | None = None, size: float = 9
) -> Axes:
    """Draw points (N, 2): filled circles where the label is 1, open squares where 0."""
    ax = ax or plt.gca()
    for label, (color, marker, face) in CLASSES.items():
        points = np.asarray(x)[np.asarray(labels) == label]
        ax.plot(
            *points.T, marker, color=COLORS[color], label=f"{label}",
            markerfacecolor=COLORS[face], markersize=size, markeredgewidth=1.8,
            zorder=4,
        )  # fmt: skip
    return ax


def gate(
    labels: Array,
    *,
    ax: Axes | None = None,
    limits: tuple[float, float] = LIMITS,
    names: tuple[str, str] = ("$x_1$", "$x_2$"),
    size: float = 9,
) -> Axes:
    """Draw the corners (0,0), (0,1), (1,0), (1,1) with the four answers of a gate."""
    ax = ax or plt.gca()
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    two_classes(corners, labels, ax=ax, size=size)
    ax.set(xlim=limits, ylim=limits, aspect="equal", xticks=[0, 1], yticks=[0, 1])
    ax.set_xlabel(names[0], labelpad=0)
    ax.set_ylabel(names[1], labelpad=0)
    return ax
