"""Arrays as pictures: cells with values, and what an operation does to shapes.

All pictures are drawn in units of one cell, with y pointing down, as rows are counted.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.palette import COLORS

WIDE = 24.0  # room for all steps, so that pictures below each other have one scale
SHEET = 0.3  # from one sheet of a stack to the next
MIDDLE = {"ha": "center", "va": "center"}


def table(
    ax: Axes,
    values: Array,
    at: tuple[float, float],
    *,
    color: str = "blue",
    label: str = "",
    marked: Array | bool = False,
    copied: Array | bool = False,
    missing: Array | bool = False,
) -> tuple[int, int]:
    """Draw an array of at most two axes with its corner `at`; return its size.

    Cells in the mask `marked` are tinted; `copied` are pale and dotted, for values that
    are not in memory; `missing` are red, with a question mark. The limits of the axes
    are left to `room`.
    """
    rows = np.atleast_2d(values)
    masks = (np.broadcast_to(mask, rows.shape) for mask in (marked, copied, missing))
    for (i, j), value, mark, copy, lost in zip(
        np.ndindex(rows.shape), rows.flat, *(m.flat for m in masks), strict=True
    ):
        edge = COLORS["red" if lost else color]
        look = {"edgecolor": edge, "linestyle": ":" if copy or lost else "-"}
        if mark:
            fill = {"facecolor": edge, "alpha": 0.25, "zorder": 1}
            ax.add_artist(plt.Rectangle((at[0] + j, at[1] + i), 1, 1, **fill))
        box = plt.Rectangle((at[0] + j, at[1] + i), 1, 1, fill=False, zorder=2, **look)
        ax.add_artist(box)
        text = "?" if lost else f"{float(value):.3g}".replace("-", "−")
        shade = COLORS["red" if lost else "muted" if copy else "ink"]
        place = at[0] + j + 0.5, at[1] + i + 0.54
        ax.text(*place, text, color=shade, size="small", **MIDDLE)
    height, width = rows.shape
    below = at[0] + width / 2, at[1] + height + 0.2
    ax.text(*below, label, color=COLORS[color], size="small", ha="center", va="top")
    return height, width


def room(ax: Axes, right: float, bottom: float, *, top: float = 0.0) -> Axes:
    """Make the picture fit and hide the axes."""
    ax.set(xlim=(-0.4, right + 0.4), ylim=(bottom + 0.2, top - 0.4))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def say(ax: Axes, x: float, y: float, text: str, **look) -> None:
    """Write a sign or a remark into a picture."""
    ax.text(x, y, text, **({"size": "large", **MIDDLE} | look))


def broadcasting(a: Array, b: Array, *, ax: Axes | None = None) -> Axes:
    """Draw the steps by which NumPy adds b to a, or fails to.

    a has two axes, b one or two. From left to right: a, b as it is, b with an axis in
    front if it lacks one, b stretched along axes of length 1, and the sum. Where the
    shapes do not fit, cells without a partner are red and there is no sum.
    """
    ax = ax or plt.gca()
    whole = b.reshape((1,) * (a.ndim - b.ndim) + b.shape)
    long = tuple(n if m == 1 else m for n, m in zip(a.shape, whole.shape, strict=True))
    spread, copied = np.broadcast_to(whole, long), np.ones(long, bool)
    copied[tuple(slice(n) for n in whole.shape)] = False
    row, column = np.indices(long)
    missing = (row >= a.shape[0]) | (column >= a.shape[1])
    stages = [("+", b, "orange", f"b {b.shape}")]
    if whole.ndim > b.ndim:
        stages.append(("→", whole, "orange", f"1. axis in front\n{whole.shape}"))
    x = table(ax, a, (0, 0), label=f"a {a.shape}")[1]
    for sign, values, color, label in stages:
        say(ax, x + 0.8, a.shape[0] / 2, sign)
        x += 1.6 + table(ax, values, (x + 1.6, 0), color=color, label=label)[1]
    step = "3. stretched" if whole.ndim > b.ndim else "stretched"
    say(ax, x + 0.8, a.shape[0] / 2, "→")
    look = {"color": "orange", "copied": copied & ~missing, "missing": missing}
    label = f"{step}\n{long}"
    x += 1.6 + table(ax, spread, (x + 1.6, 0), label=label, **look)[1]
    if missing.any():
        say(ax, x + 0.6, a.shape[0] / 2, "no sum:\ncells without\na partner",
            color=COLORS["red"], size="small", ha="left")  # fmt: skip
        x += 4.2
    else:
        say(ax, x + 0.8, a.shape[0] / 2, "=")
        look = {"color": "green", "label": f"a + b {a.shape}"}
        x += 1.6 + table(ax, a + b, (x + 1.6, 0), **look)[1]
    return room(ax, max(x, WIDE), max(len(a), long[0]) + 1.5)


def reductions(values: Array, *, ax: Axes | None = None) -> Axes:
    """Draw a table with its sums along each of the two axes."""
    ax = ax or plt.gca()
    n, m = table(ax, values, (0, 0))
    arrow = {"arrowstyle": "->", "color": COLORS["muted"], "linewidth": 1.2}
    for j in range(m):
        ends = (j + 0.5, n + 1.25), (j + 0.5, n + 0.1)
        ax.annotate("", *ends, arrowprops=arrow)
    for i in range(n):
        ax.annotate("", (m + 1.25, i + 0.5), (m + 0.1, i + 0.5), arrowprops=arrow)
    sums = values.sum(axis=0)
    table(ax, sums, (0, n + 1.4), color="orange", label=f"sum(axis=0) {sums.shape}")
    kept = values.sum(axis=1, keepdims=True)
    label = f"sum(axis=1)\n{(n,)}\nkeepdims {kept.shape}"
    table(ax, kept, (m + 1.4, 0), color="green", label=label)
    say(ax, m / 2, -0.45, f"{values.shape}", color=COLORS["blue"], size="small")
    return room(ax, m + 4.0, n + 3.4, top=-0.6)


def product(
    a: Array, b: Array, *, entry: tuple[int, int] = (0, 0), ax: Axes | None = None
) -> Axes:
    """Draw a @ b with b above the result, so that row meets column at each entry.

    The row and the column that make `entry` are tinted.
    """
    ax = ax or plt.gca()
    (n, d), m = a.shape, b.shape[1]
    rows, columns = np.indices((n, d))[0], np.indices((d, m))[1]
    result = np.indices((n, m))
    here = (result[0] == entry[0]) & (result[1] == entry[1])
    table(ax, a, (0, d + 0.8), label=f"A {a.shape}", marked=rows == entry[0])
    look = {"color": "orange", "marked": columns == entry[1]}
    table(ax, b, (d + 0.8, 0), **look)
    say(ax, d + m + 1.1, d / 2, f"B {b.shape}", color=COLORS["orange"], size="small",
        ha="left")  # fmt: skip
    look = {"color": "green", "marked": here, "label": f"A @ B {(n, m)}"}
    table(ax, a @ b, (d + 0.8, d + 0.8), **look)
    return room(ax, d + m + 3.2, d + n + 1.9)


def tensors(shapes: list[tuple[int, ...]], *, ax: Axes | None = None) -> Axes:
    """Draw arrays of zero to five axes side by side, as empty cells.

    One axis makes a row, two a sheet, three a stack of sheets, four a row of stacks,
    five several such rows.
    """
    ax = ax or plt.gca()
    x, deep = 0.0, 0.0
    for shape in shapes:
        t, r, s, n, m = (1,) * (5 - len(shape)) + shape
        block = m + SHEET * (s - 1), n + SHEET * (s - 1)
        pitch = block[0] + 0.6, block[1] + 0.6
        for i, j, k in np.ndindex(t, r, s):
            back = SHEET * (s - 1 - k)
            corner = x + j * pitch[0] + back, i * pitch[1] + block[1] - n - back
            sheet(ax, *corner, n, m, zorder=k)
        width, height = r * pitch[0] - 0.6, t * pitch[1] - 0.6
        say(ax, x + width / 2, -1.0, f"{len(shape)} axes" if len(shape) != 1
            else "1 axis", size="small", weight="bold")  # fmt: skip
        say(ax, x + width / 2, height + 0.6, str(shape), size="small",
            color=COLORS["muted"])  # fmt: skip
        x, deep = x + max(width, 2.6) + 1.3, max(deep, height)
    ax = room(ax, x - 1.3, deep + 1.0, top=-1.2)
    ax.set_xlim(left=-1.2)  # for the title of a single cell
    return ax


def sheet(ax: Axes, x: float, y: float, n: int, m: int, *, zorder: int) -> None:
    """Draw n times m empty cells that hide what lies behind."""
    for i, j in np.ndindex(n, m):
        look = {"facecolor": COLORS["paper"], "edgecolor": COLORS["blue"]}
        ax.add_patch(plt.Rectangle((x + j, y + i), 1, 1, zorder=zorder, **look))


def pixels(image: Array, *, ax: Axes | None = None) -> Axes:
    """Draw a gray image, 0 white and 1 black, with its numbers written into it."""
    ax = ax or plt.gca()
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    for (i, j), value in np.ndenumerate(image):
        text = f"{value:.2f}".removeprefix("0") if 0 < value < 1 else f"{value:.0f}"
        light = COLORS["paper" if value > 0.5 else "ink"]
        ax.text(j, i, text, color=light, size="x-small", **MIDDLE)
    ax.set(xticks=[], yticks=[])
    return ax


def counts(table: Array, *, ax: Axes | None = None) -> Axes:
    """Write whole numbers into cells, tinted in proportion to the largest."""
    ax = ax or plt.gca()
    for (i, j), n in np.ndenumerate(table):
        shade = 0.6 * n / max(np.max(table), 1)
        cell = {"facecolor": COLORS["blue"], "alpha": shade, "linewidth": 0}
        ax.add_patch(plt.Rectangle((j - 0.5, i - 0.5), 1, 1, **cell))
        if n:
            ax.text(j, i, f"{n:.0f}", size="x-small", **MIDDLE)
    rows, columns = np.shape(table)
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5), aspect="equal")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    return ax


def gallery(
    images: Array, titles: list[str] | None = None, *, axes: Array | None = None
) -> Array:
    """Draw gray images side by side, 0 white and 1 black; return the axes."""
    if axes is None:
        size = {"figsize": (7.2, 1.0 + 5.6 / len(images)), "layout": "constrained"}
        axes = plt.subplots(1, len(images), squeeze=False, **size)[1][0]
    for k, (ax, image) in enumerate(zip(axes, images, strict=True)):
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[], title=titles[k] if titles else "")
        ax.spines[:].set_visible(True)
    return axes
