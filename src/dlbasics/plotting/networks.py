"""A network of units as a picture: circles in columns, weights as lines between."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from dlbasics.arrays import Array
from dlbasics.palette import COLORS

GAP = 3.4  # between columns, where 1 is the distance of two units
RADIUS = 0.3
SIGNS = {True: ("blue", "-"), False: ("orange", "--")}  # positive, negative


def heights(n: int, most: int) -> tuple[Array, bool]:
    """Return where to draw the units of one column, and whether some are left out."""
    drawn = min(n, most)
    y = (drawn - 1) / 2 - np.arange(drawn, dtype=float)
    if n > most:  # room for dots in front of the last
        y = y + 0.5
        y[-1] -= 1.0
    return y, n > most


def network(
    sizes: Sequence[int],
    *,
    ax: Axes | None = None,
    names: Sequence[str] | None = None,
    weights: Sequence[Array] | None = None,
    values: Sequence[Array] | None = None,
    most: int = 6,
) -> Axes:
    """Draw layers of `sizes` units, with the shapes that a row of inputs meets.

    Below each column stands the shape of its values, between two columns that of the
    weights and biases. `names` head the columns. `weights`, one array (n_in, n_out)
    for each gap, make lines blue and solid where positive, orange and dashed where
    negative, and none where 0. `values` are written into the units. Of a column of
    more than `most` units some are left out.
    """
    ax = ax or plt.gca()
    columns = [heights(n, most) for n in sizes]
    bottom = min(y.min() for y, _ in columns) - 0.75
    top = max(y.max() for y, _ in columns) + 0.6
    for k, (y, gap) in enumerate(columns):
        x = k * GAP
        if k:
            connect(ax, k, columns[k - 1][0], y, weights[k - 1] if weights else None)
            shape = f"W{k} ({sizes[k - 1]}, {sizes[k]})\nb{k} ({sizes[k]},)"
            place = {"ha": "center", "va": "top", "size": "small"}
            ax.text(x - GAP / 2, bottom - 0.62, shape, color=COLORS["muted"], **place)
        units(ax, x, y, values[k] if values else None)
        if gap:
            ax.text(x, y[-2:].mean(), "⋮", ha="center", va="center", size=14)
        shape = f"(1, {sizes[k]})"
        ax.text(x, bottom, shape, ha="center", va="center", size="medium")
        if names:
            ax.text(x, top, names[k], ha="center", va="center", weight="bold")
    ax.set(xlim=(-0.8, GAP * (len(sizes) - 1) + 0.8), ylim=(bottom - 1.7, top + 0.3))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def connect(ax: Axes, k: int, left: Array, right: Array, W: Array | None) -> None:
    """Draw the weights between column k - 1 and column k."""
    for i, y0 in enumerate(left):
        for j, y1 in enumerate(right):
            w = 1.0 if W is None else W[i, j]
            color, dash = ("muted", "-") if W is None else SIGNS[bool(w > 0)]
            width = 0.5 if W is None else 0.5 + 0.9 * min(abs(w), 2.0)
            if w != 0:
                ax.plot(
                    [(k - 1) * GAP, k * GAP], [y0, y1], dash,
                    color=COLORS[color], linewidth=width, zorder=1,
                )  # fmt: skip


def units(ax: Axes, x: float, y: Array, values: Array | None) -> None:
    """Draw the circles of one column; write the values into them."""
    for j, height in enumerate(y):
        circle = plt.Circle(
            (x, height), RADIUS, facecolor=COLORS["paper"], edgecolor=COLORS["ink"],
            linewidth=1.2, zorder=2,
        )  # fmt: skip
        ax.add_patch(circle)
        if values is not None:
            text = f"{float(values[j]):.3g}".replace("-", "−")
            ax.text(x, height, text, ha="center", va="center", size="small", zorder=3)


def weight_images(
    W: Array, units: Sequence[int], *, shape: tuple[int, int] = (28, 28)
) -> Array:
    """Draw the incoming weights of some units as images on one scale.

    `W` has shape (n_in, n_out) with n_in = height · width. Blue is positive, orange
    negative, the color of the page 0. Returns the axes.
    """
    colors = [COLORS["orange"], COLORS["paper"], COLORS["blue"]]
    scale = LinearSegmentedColormap.from_list("weights", colors)
    limit = np.abs(W[:, list(units)]).max()
    figure, axes = plt.subplots(
        1, len(units), figsize=(7.2, 2.1), squeeze=False, layout="constrained"
    )
    for ax, j in zip(axes[0], units, strict=True):
        image = W[:, j].reshape(shape)
        drawn = ax.imshow(image, cmap=scale, vmin=-limit, vmax=limit)
        ax.set(title=f"unit {j}", xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
    bar = figure.colorbar(drawn, ax=axes[0], shrink=0.85, label="weight")
    bar.outline.set_visible(False)
    return axes[0]
