"""The plane under a map: a grid of lines, points in two colors, sheets of paper."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.palette import COLORS

Map = Callable[[Array], Array]
KINDS = {0: ("blue", "o"), 1: ("orange", "s")}  # color and marker of a label
STRIP = 20  # rows of a sheet of paper from one printed line to the next


def segment(start: Array, end: Array, n: int = 21) -> Array:
    """Return points from start to end, and a row of NaN to end the line."""
    t = np.linspace(0, 1, n)[:, None]
    return np.concatenate([start + t * (end - start), np.full((1, 2), np.nan)])


LETTER = np.concatenate(
    [
        segment(np.array(start), np.array(end))
        for start, end in (
            [(-0.4, -0.7), (-0.4, 0.7)],
            [(-0.4, 0.7), (0.5, 0.7)],
            [(-0.4, 0.1), (0.3, 0.1)],
        )
    ]
)
"""An F, a point of NaN after each of its strokes."""


def grid_lines(n_lines: int, n_points: int = 61) -> Array:
    """Return the lines of a square grid on [-1, 1]², a row of NaN after each line.

    The lines stand one after another in an array (M, 2), which is drawn at one stroke.
    """
    lines = []
    for c in np.linspace(-1, 1, n_lines):
        lines.append(segment(np.array([-1, c]), np.array([1, c]), n_points))
        lines.append(segment(np.array([c, -1]), np.array([c, 1]), n_points))
    return np.concatenate(lines)


def grid(f: Map, *, ax: Axes | None = None, n_lines: int = 5) -> Axes:
    """Draw what a map f from (N, 2) to (N, 2) makes of a square grid on [-1, 1]²."""
    ax = ax or plt.gca()
    lines = f(grid_lines(n_lines))
    ax.plot(*lines.T, "-", color=COLORS["muted"], linewidth=0.7, zorder=1)
    return ax


def plane(f: Map, *, ax: Axes | None = None, limit: float = 2.0) -> Axes:
    """Draw what f makes of a square grid, of an F on it and of the two unit vectors.

    The F tells a mirror image from a rotation. Arrows go from where (0, 0) lands to
    where (1, 0), blue, and (0, 1), orange, land.
    """
    ax = grid(f, ax=ax)
    ax.plot(*f(LETTER).T, "-", color=COLORS["purple"], linewidth=3, zorder=2)
    origin, *ends = f(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    for end, (color, _) in zip(ends, KINDS.values(), strict=True):
        arrow = {"arrowstyle": "-|>", "color": COLORS[color], "linewidth": 1.8}
        look = {"shrinkA": 0, "shrinkB": 0, "mutation_scale": 11}
        ax.annotate("", end, origin, arrowprops=arrow | look, zorder=3)
    return square(ax, limit)


def square(ax: Axes, limit: float) -> Axes:
    """Show [-limit, limit]² with its two axes as thin lines and nothing else."""
    for draw in (ax.axhline, ax.axvline):
        draw(0, color=COLORS["grid"], linewidth=0.8, zorder=0)
    ax.set(xlim=(-limit, limit), ylim=(-limit, limit), xticks=[], yticks=[])
    ax.set_aspect("equal")
    ax.spines[:].set_visible(False)
    return ax


def two_colors(points: Array, labels: Array, *, ax: Axes | None = None) -> Axes:
    """Draw points (N, 2): orange squares for label 1, on them blue discs for 0."""
    ax = ax or plt.gca()
    for label, (color, marker) in KINDS.items():
        look = {"color": COLORS[color], "markersize": 4.5, "markeredgewidth": 0}
        ax.plot(*points[labels == label].T, marker, zorder=4 - label, **look)
    return ax


def cut(normal: Array, threshold: float, *, ax: Axes | None = None) -> Axes:
    """Draw the straight line on which x · normal = threshold, as far as is shown."""
    ax = ax or plt.gca()
    foot, along = threshold * normal, np.array([-normal[1], normal[0]])
    reach = 4 * np.abs(ax.get_xlim()).max()
    ends = np.stack([foot - reach * along, foot + reach * along])
    ax.plot(*ends.T, "--", color=COLORS["ink"], linewidth=1.5, zorder=5, scalex=False,
            scaley=False)  # fmt: skip
    return ax


def paper(
    sheet: Array, labels: Array, *, ax: Axes | None = None, limit: float = 2.0
) -> Axes:
    """Draw a crumpled sheet of paper in two colors, with the lines printed on it.

    `sheet` (R, C, 2) holds where each point of a grid on the sheet lies now, `labels`
    (R,) the color of each row of it: 0 blue, 1 orange, whose lines are dotted. Every
    `STRIP`-th row is printed as a line. Where the sheet lies on itself it is darker.
    """
    ax = ax or plt.gca()
    for i in range(0, len(sheet) - 1, STRIP):
        strip = sheet[i : i + STRIP + 1]
        color, _ = KINDS[int(labels[i + 1])]
        outline = np.concatenate([strip[0], strip[-1][::-1]])
        ax.fill(*outline.T, color=COLORS[color], alpha=0.55, linewidth=0, zorder=1)
    for i in range(0, len(sheet), STRIP):
        look = {"color": COLORS["ink"], "linestyle": ":" if labels[i] else "-"}
        ax.plot(*sheet[i].T, linewidth=0.9, zorder=2, **look)
    return square(ax, limit)
