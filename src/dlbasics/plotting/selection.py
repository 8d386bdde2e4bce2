"""Choosing between models: splits, searches, and judging what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from dlbasics.arrays import Array
from dlbasics.metrics import Reliability
from dlbasics.palette import COLORS
from dlbasics.plotting.looks import look
from dlbasics.search.spaces import Dimension


def folds(splits: Iterable[tuple[Array, Array]], n: int, *, ax: Axes) -> Axes:
    """Draw n rows of data from left to right, and each split as a line of its own.

    Rows to learn from are gray, rows held back orange.
    """
    lines = []
    for _, held in splits:
        line = np.zeros(n)
        line[held] = 1
        lines.append(line)
    colors = ListedColormap([COLORS["grid"], COLORS["orange"]])
    ax.pcolormesh(np.array(lines), cmap=colors, edgecolor=COLORS["paper"],
                  linewidth=0.6, vmin=0, vmax=1)  # fmt: skip
    ax.invert_yaxis()
    ax.set_yticks(np.arange(len(lines)) + 0.5, range(1, len(lines) + 1))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(xlabel="row of the data", ylabel="split")
    return ax


def dumbbells(
    pairs: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    labels: tuple[str, str],
    ax: Axes | None = None,
) -> Axes:
    """Draw two sets of numbers for each name on one line, joined from mean to mean."""
    ax = ax or plt.gca()
    for row, both in enumerate(pairs.values()):
        means = [np.mean(values) for values in both]
        ax.plot(means, [row, row], color=COLORS["muted"], linewidth=1.2, zorder=1)
        for label, values, (color, marker) in zip(
            labels, both, (("red", "s"), ("blue", "o")), strict=True
        ):
            style = {"color": COLORS[color], "marker": marker, "linestyle": ""}
            spread = {"alpha": 0.4, "markersize": 4, "markeredgewidth": 0}
            ax.plot(values, np.full(len(values), row), **style, **spread)
            name = label if row == 0 else None
            ax.plot(np.mean(values), row, markersize=8, label=name, **style)
    ax.set_yticks(range(len(pairs)), pairs)
    ax.set_ylim(len(pairs) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    return ax


def confusion(counts: Array, *, ax: Axes | None = None) -> Axes:
    """Write counts (K, K) into cells: rows are what it is, columns what it is called.

    Cells off the diagonal are tinted by their share of all mistakes.
    """
    ax = ax or plt.gca()
    wrong = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    shade = wrong / max(wrong.max(), 1)
    for (i, j), n in np.ndenumerate(counts):
        cell = {"facecolor": COLORS["red"], "alpha": 0.55 * shade[i, j], "linewidth": 0}
        ax.add_patch(plt.Rectangle((j - 0.5, i - 0.5), 1, 1, **cell))
        color = COLORS["muted" if i == j or n == 0 else "ink"]
        ax.text(j, i, str(n), ha="center", va="center", color=color, size="small")
    ends = (-0.5, len(counts) - 0.5)
    ax.set(xlim=ends, ylim=ends[::-1], xlabel="called", ylabel="is")
    ax.set(xticks=range(len(counts)), yticks=range(len(counts)), aspect="equal")
    ax.tick_params(length=0)
    return ax


def reliability_diagram(
    bins: Mapping[str, Reliability], *, ax: Axes | None = None
) -> Axes:
    """Draw the share that is right against confidence, and the diagonal of honesty."""
    ax = ax or plt.gca()
    ax.plot([0, 1], [0, 1], color=COLORS["muted"], linewidth=1, linestyle=(0, (2, 2)))
    for i, (name, of) in enumerate(bins.items()):
        ax.plot(of.confidence, of.accuracy, label=name, **look(name, i))
    ax.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
    return ax


def log_contours(
    value: Callable[..., float],
    space: Mapping[str, Dimension],
    *,
    levels: Sequence[float],
    ax: Axes | None = None,
    shape: tuple[int, int] = (60, 50),
) -> Axes:
    """Draw labeled lines of equal value over the two dimensions of a space.

    `value` takes both by name; both axes are logarithmic.
    """
    ax = ax or plt.gca()
    (x_name, x), (y_name, y) = (
        (name, np.geomspace(dimension.at(0), dimension.at(1), n))
        for (name, dimension), n in zip(space.items(), shape, strict=True)
    )
    heights = np.array([[value(**{x_name: a, y_name: b}) for a in x] for b in y])
    style = {"colors": COLORS["muted"], "linewidths": 0.8, "zorder": 1}
    lines = ax.contour(x, y, heights, levels, **style)
    ax.set(xscale="log", yscale="log", xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    for label in ax.clabel(lines, fontsize=8, fmt=lambda v: f"{v:.0%}"):
        label.set_rotation((label.get_rotation() + 80) % 180 - 80)  # read from below
    return ax


def tried(x: Array, y: Array, values: Array, *, ax: Axes, name: str = "") -> Axes:
    """Draw where a search has looked, on top of a star at the smallest value."""
    style = look(name) | {"linestyle": "", "markersize": 5, "zorder": 3}
    ax.plot(x, y, clip_on=False, **style)
    k = int(np.nanargmin(values))
    star = {"marker": "*", "markersize": 17, "color": COLORS["green"], "zorder": 2}
    ax.plot(x[k], y[k], markeredgecolor=COLORS["paper"], **star)
    return ax


def belief(
    x: Array,
    mean: Array,
    std: Array,
    *,
    seen: tuple[Array, Array] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a guessed function, a band of two standard deviations, and what was seen."""
    ax = ax or plt.gca()
    style = {"color": COLORS["blue"]}
    ax.plot(x, mean, **style)
    ax.fill_between(x, mean - 2 * std, mean + 2 * std, alpha=0.2, linewidth=0, **style)
    if seen is not None:
        ax.plot(*seen, "o", color=COLORS["ink"], zorder=3)
    return ax


def promise(x: Array, gain: Array, *, axes: Sequence[Axes]) -> Sequence[Axes]:
    """Draw the gain that each x promises into the first axes, its peak into all."""
    axes[0].fill_between(x, gain, color=COLORS["orange"], alpha=0.6, linewidth=0)
    for ax in axes:
        ax.axvline(x[gain.argmax()], color=COLORS["orange"], linestyle="--")
    return axes
