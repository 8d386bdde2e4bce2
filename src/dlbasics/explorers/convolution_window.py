"""Chapter 11: a window slides over an image; what comes out, and what is missed."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.layers.windows import Window, unfold
from dlbasics.palette import COLORS
from dlbasics.plotting.arrays import say
from dlbasics.plotting.windows import GAP, Cells, tables

LINES = {1: [2], 2: [1, -1], 3: [1, 0, -1], 5: [1, 1, 0, -1, -1]}
KERNELS = {n: np.tile(line, (n, 1)) for n, line in LINES.items()}
IMAGE = np.array(
    [
        [0, 0, 1, 2, 1, 0, 0],
        [0, 2, 3, 1, 3, 1, 0],
        [0, 1, 0, 0, 2, 2, 0],
        [0, 0, 0, 1, 3, 1, 0],
        [0, 0, 2, 3, 1, 0, 0],
        [0, 2, 3, 1, 0, 1, 1],
        [1, 3, 3, 3, 3, 3, 2],
    ]
)
PADDINGS = {"valid": "none (valid)", "same": "same", 1: "1 pixel", 2: "2 pixels"}
PLACES = {
    "first": "the first window",
    "beside": "one step to the right",
    "last": "the last window",
}


def missed(window: Window, side: int) -> int:
    """Return how many lines at the end of a side, border included, no window sees."""
    shape = (1, side, side, 1)
    whole = side + sum(window.borders(shape)[0])
    n = window.room(shape)[0]
    return whole - ((n - 1) * window.stride + window.size[0])


@explorer(
    title="A window slides over an image",
    target="With a stride of 2, make an output of 4 × 4 that misses no line of the "
    "image.",
    side=Slider([6, 7], default=6, label="side of the image (pixels)"),
    size=Slider([*KERNELS], default=3, label="side of the window (pixels)"),
    stride=Slider([1, 2, 3], default=1, label="stride (pixels)"),
    padding=Choice(*PADDINGS, labels=PADDINGS, label="border of zeros"),
    place=Choice(*PLACES, labels=PLACES, label="show"),
)
def convolution_window(side, size, stride, padding, place) -> Frame:
    """Multiply what stands under the window with the kernel, and add up.

    Left, the image, with dotted zeros where a border was added and the window tinted;
    right, the output with the number that this window makes.
    """
    window = Window((size, size), stride, padding)
    x, kernel = IMAGE[-side:, -side:], KERNELS[size]
    padded = window.pad(x[None, ..., None])[0, ..., 0]
    rows, columns = window.room((1, side, side, 1))
    y = (unfold(window, x[None, ..., None]) @ kernel.ravel()).reshape(rows, columns)
    step = {"first": (0, 0), "beside": (0, 1), "last": (rows, columns)}
    r, c = np.minimum(step[place], (rows - 1, columns - 1)).tolist()
    lost = missed(window, side)
    figure = draw(window, x, padded, kernel, y, (r, c))
    before, after = window.borders((1, side, side, 1))[0]
    border = f" + {before} + {after} of border" if before + after else ""
    whole = side + before + after
    text = (
        f"A side of {side}{border}, a window of {size}, steps of {stride}: "
        f"({whole} − {size})/{stride} + 1 = {(whole - size) / stride + 1:.3g}, "
    )
    text += f"so {rows} × {columns} numbers. "
    if lost > after:
        n = lost - after
        lines = "1 row and 1 column" if n == 1 else f"{n} rows and {n} columns"
        text += f"The stride does not fit: one more step lacks {stride - lost} pixel"
        text += f"{'s' * (stride - lost > 1)}, so no window sees {lines} of the image."
    elif lost:
        text += "The stride does not fit, but what no window sees is only border."
    elif stride > size:
        text += "The stride is longer than the window and jumps over pixels."
    else:
        text += f"The window here makes {y[r, c]}; every pixel is seen."
    text = text.replace("-", "−")
    seen = stride <= size and lost <= after
    reached = bool(stride == 2 and (rows, columns) == (4, 4) and seen)
    return Frame(figure, text, reached=reached)


def draw(
    window: Window,
    x: Array,
    padded: Array,
    kernel: Array,
    y: Array,
    at: tuple[int, int],
) -> Figure:
    """Draw the padded image, the kernel and the output on cells of one size."""
    figure = Figure(figsize=(7.2, 3.5))
    ax = figure.add_axes((0, 0, 1, 1))
    (top, _), (left, _) = window.borders((1, *x.shape, 1))
    border = np.ones(padded.shape, bool)
    border[top : top + len(x), left : left + len(x)] = False
    under, made = np.zeros(padded.shape, bool), np.zeros(y.shape, bool)
    size, (i, j) = window.size[0], np.multiply(at, window.stride)
    under[i : i + size, j : j + size] = True
    made[at] = True
    n = padded.shape[0]
    parts = [
        Cells(padded, f"{x.shape[0]} × {x.shape[0]}", "blue", under, border),
        "∗",
        Cells(kernel, f"{size} × {size}", "orange"),
        "=",
        Cells(y, f"{y.shape[0]} × {y.shape[1]}", "green", made),
    ]
    tables(parts, ax=ax)
    unseen(ax, padded, window, y.shape)
    spare_x, spare_y = (26.8 - n - size - len(y) - 2 * GAP) / 2, (11 - n) / 2
    ax.set(xlim=(-spare_x, 26.8 - spare_x), ylim=(n + 1.2 + spare_y, -0.4 - spare_y))
    return figure


def unseen(ax, padded: Array, window: Window, made: tuple[int, int]) -> None:
    """Cross out the pixels that no window sees."""
    seen = np.zeros(padded.shape, bool)
    for r, c in np.ndindex(made):
        i, j = r * window.stride, c * window.stride
        seen[i : i + window.size[0], j : j + window.size[1]] = True
    for i, j in np.argwhere(~seen):
        look = {"color": COLORS["red"], "size": "medium", "weight": "bold"}
        say(ax, j + 0.82, i + 0.25, "×", **look)
