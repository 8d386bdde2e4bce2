"""Chapter 01: one layer f(xW + b) on a plane of points in two colors."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from dlbasics import functions
from dlbasics.arrays import Array
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.plotting.plane import cut, grid, square, two_colors

ACTIVATIONS = {"none": lambda x: x, "relu": functions.relu, "tanh": np.tanh}
NAMES = {"none": "none", "relu": "ReLU", "tanh": "tanh"}
FORMULAS = {"none": "xW + b", "relu": "ReLU(xW + b)", "tanh": "tanh(xW + b)"}
TURN, SHIFT = 120, -0.3  # what brings the blue wedge into the third quadrant


def rotation(degrees: float) -> Array:
    """Return the matrix R (2, 2) for which x @ R is x turned counterclockwise."""
    turn = np.deg2rad(degrees)
    return np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


def wedge() -> tuple[Array, Array]:
    """Return a grid of points (N, 2), and 0 for those inside a right angle, else 1.

    Points close to its two sides are left out.
    """
    line = np.linspace(-1, 1, 11)
    points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    level = (points @ rotation(TURN) + SHIFT).max(axis=1)
    keep = np.abs(level) > 0.07
    return points[keep], (level[keep] > 0).astype(int)


def layer(rotate: float, stretch: float, shift: float) -> tuple[Array, Array]:
    """Return the W (2, 2) and b (2,) that turn, move along the diagonal, enlarge."""
    return stretch * rotation(rotate), stretch * np.full(2, shift)


def best_cut(points: Array, labels: Array) -> tuple[int, Array, float]:
    """Find the straight line with the fewest points on the wrong side.

    Tries 180 directions, and in each every gap between two neighboring points; among
    equals the widest gap. Returns the number of wrong points, the line's unit normal
    and its threshold: points with x · normal above it are on one side.
    """
    turn = np.pi * np.arange(180) / 180
    normals = np.stack([np.cos(turn), np.sin(turn)])
    z = points @ normals  # (N, 180): how far along each direction
    order = np.argsort(z, axis=0, kind="stable")
    along, ones = np.take_along_axis(z, order, 0), labels[order]
    below = np.cumsum(ones, axis=0)[:-1] + np.cumsum(1 - ones[::-1], axis=0)[-2::-1]
    wrong = np.minimum(below, len(points) - below)
    gaps = np.diff(along, axis=0)
    wrong[gaps < 1e-6] = len(points)  # no line passes between equal points
    score = wrong - 0.5 * gaps / gaps.max()
    k, a = np.unravel_index(np.argmin(score), score.shape)
    return int(wrong[k, a]), normals[:, a], float(along[k : k + 2, a].mean())


@explorer(
    title="One layer on the plane",
    target="Bring blue and orange to different sides of a straight cut.",
    activation=Choice(*NAMES, default="none", labels=NAMES),
    rotate=Slider(
        list(range(0, 360, 30)),
        default=0,
        labels={degrees: f"{degrees}°" for degrees in range(0, 360, 30)},
    ),
    shift=Slider(
        [-0.6, -0.3, 0.0, 0.3, 0.6],
        default=0.0,
        labels={s: f"{s:.1f}".replace("-", "−") for s in (-0.6, -0.3, 0.0, 0.3, 0.6)},
    ),
    stretch=Choice(1, 4, default=1, labels={1: "× 1", 4: "× 4"}),
)
def plane_layer(activation, rotate, shift, stretch) -> Frame:
    """Draw points and the grid they lie on, before and after f(xW + b).

    W turns and enlarges, b moves both coordinates by the same amount. The dashed line
    is the straight cut that leaves the fewest points on the wrong side.
    """
    f = ACTIVATIONS[activation]
    W, b = layer(rotate, stretch, shift)
    points, labels = wedge()
    after = f(points @ W + b)
    wrong, normal, threshold = best_cut(after, labels)
    figure = Figure(figsize=(7.0, 3.6))
    panels = {"left": 0.01, "right": 0.99, "bottom": 0.01, "top": 0.9, "wspace": 0.04}
    left, right = figure.subplots(1, 2, gridspec_kw=panels)
    grid(lambda x: x, ax=left, n_lines=6)
    grid(lambda x: f(x @ W + b), ax=right, n_lines=6)
    two_colors(points, labels, ax=square(left, 1.3))
    limit = 1.3 if f is np.tanh else 2.2 * stretch
    two_colors(after, labels, ax=square(right, limit))
    cut(normal, threshold, ax=right)
    left.set_title("before: x, from −1.3 to 1.3")
    right.set_title(f"after: {FORMULAS[activation]}, from −{limit:g} to {limit:g}")
    sides = f"leaves {wrong} of {len(points)} points on the wrong side"
    lost = int((after == 0).all(axis=1).sum())
    return Frame(
        figure,
        f"W = {write(W[0])}, {write(W[1])}; b = {write(b)}; activation "
        f"{NAMES[activation]}. The best straight cut "
        f"{sides if wrong else 'separates the colors'}."
        + (f" {lost} points lie at (0, 0)." if lost > 1 else ""),
        reached=wrong == 0,
    )


def write(row: Array) -> str:
    """Write a pair of numbers with real minus signs."""
    return f"({row[0] + 0.0:.2f}, {row[1] + 0.0:.2f})".replace("-", "−")
