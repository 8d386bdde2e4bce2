"""Chapter 04: fit a line by hand and watch where the loss lies."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.explorers import Frame, Slider, explorer
from dlbasics.palette import COLORS
from dlbasics.plotting.surfaces import contours

SEED, N = 4, 30
WLIM, BLIM = (-1.5, 5.0), (-2.5, 5.5)
HEIGHTS = 0.5, 1.0, 3.0, 8.0, 20.0, 40.0, 80.0  # of the contour lines
NEAR = 1.25  # how much more than the least loss meets the target


def points() -> tuple[Array, Array]:
    """Return the 30 points of the chapter, scattered about t = 2x + 1."""
    rng = np.random.default_rng(SEED)
    x = rng.uniform(0, 4, N)
    return x, 2 * x + 1 + rng.normal(0, 0.7, N)


X, T = points()


def loss(p: Array) -> Array:
    """Mean squared error of the lines w x + b, for p = (w, b) of shape (2, …)."""
    w, b = p
    return sum((w * x + b - t) ** 2 for x, t in zip(X, T, strict=True)) / N


def gradient(w: float, b: float) -> Array:
    """The derivatives of the loss with respect to w and b."""
    error = w * X + b - T
    return 2 * np.array([np.mean(error * X), np.mean(error)])


LEAST = float(loss(np.polyfit(X, T, 1)))


@explorer(
    title="A line through thirty points",
    target="Bring the mean squared error to within 25 % of the least there is, "
    f"{LEAST:.2f}.",
    w=Slider([-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 3.5, 4.0, 4.5],
             default=0.0, label="slope w"),
    b=Slider([-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0],
             default=0.0, label="intercept b"),
)  # fmt: skip
def line_fit(w, b) -> Frame:
    """Draw the line w x + b with its errors, and its point in the plane of (w, b).

    The lines on the right join lines of equal mean squared error; the arrow points
    downhill, against the gradient, and the star marks the least squares solution.
    """
    here, slope = float(loss(np.array([w, b]))), gradient(w, b)
    figure = Figure(figsize=(6.0, 2.6))
    panels = {"left": 0.05, "right": 0.985, "bottom": 0.18, "top": 0.89, "wspace": 0.24}
    left, right = figure.subplots(1, 2, gridspec_kw=panels)
    data(left, w, b, here)
    plane(right, w, b, slope)
    dw, db = (f"{v:.1f}".replace("-", "−") for v in slope)
    at = f"w = {w:g}, b = {b:g}".replace("-", "−")
    return Frame(
        figure,
        f"The line with {at}: the mean squared error is {here:.2f}, at least "
        f"{LEAST:.2f} is possible. Its gradient is ({dw}, {db}).",
        reached=bool(here <= NEAR * LEAST),
    )


def data(ax: Axes, w: float, b: float, here: float) -> None:
    """Draw the points, the line, and a stroke for each error."""
    ax.vlines(X, T, w * X + b, color=COLORS["orange"], linewidth=1, zorder=1)
    ends = np.array([0.0, 4.0])
    ax.plot(ends, w * ends + b, color=COLORS["blue"], zorder=2)
    ax.plot(X, T, "o", color=COLORS["ink"], markersize=4, zorder=3)
    ax.set(xlim=(-0.1, 4.1), ylim=(-4, 14), xlabel="x", yticks=[0, 5, 10])
    ax.set_title(f"mean squared error {here:.2f}")


def plane(ax: Axes, w: float, b: float, slope: Array) -> None:
    """Draw the loss as contours over (w, b), the point, and the way downhill."""
    contours(loss, ax=ax, xlim=WLIM, ylim=BLIM, shape=(61, 45), levels=HEIGHTS)
    size = np.hypot(*slope)
    ax.plot(*np.polyfit(X, T, 1), "*", color=COLORS["green"], markersize=13, zorder=3)
    if size > 0.05:
        way = -slope / size * min(1.6, 0.15 * size)
        arrow = {"arrowstyle": "-|>", "color": COLORS["orange"], "linewidth": 1.6}
        ends = {"xy": (w + way[0], b + way[1]), "xytext": (w, b)}
        ax.annotate("", **ends, arrowprops=arrow | {"shrinkA": 0, "shrinkB": 0})
    ax.plot(w, b, "o", color=COLORS["blue"], markersize=8, zorder=4)
    ax.set(xlabel="slope w")
    ax.set_ylabel("intercept b")
    ax.set_title("● this line   ★ least squares", color=COLORS["muted"])
