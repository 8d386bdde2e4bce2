"""Figures for the chapters: data in, axes out.

Nothing here trains, draws random numbers or shows a figure; give an `ax` to draw into
or let a function make one. One concept has one look through the whole book (`LOOK`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.palette import COLORS, DATA

LOOK: dict[str, tuple[str, str, str]] = {
    "σ = 0.01": ("sky", ":", "v"),
    "σ = 1": ("red", "--", "s"),
    "Xavier": ("blue", "-.", "D"),
    "He": ("green", "-", "o"),
    "sigmoid": ("purple", ":", "v"),
    "tanh": ("orange", "--", "s"),
    "ReLU": ("green", "-", "o"),
    "leaky ReLU": ("blue", "-.", "D"),
    "ELU": ("gold", (0, (5, 1, 1, 1, 1, 1)), "^"),
}
"""Color, dash and marker of a concept, the same in every figure."""

DASHES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "D", "v", "^", "P", "X")


def look(name: str, index: int = 0) -> dict[str, Any]:
    """Return color, linestyle and marker of a concept, or of the index-th of many."""
    color, dash, marker = LOOK.get(
        name,
        (
            DATA[index % len(DATA)],
            DASHES[index % len(DASHES)],
            MARKERS[index % len(MARKERS)],
        ),
    )
    return {"color": COLORS[color], "linestyle": dash, "marker": marker}


def panels(n: int, **options: Any) -> Array:
    """Make a figure of n panels side by side, as wide as the page; return the axes."""
    options = {"figsize": (7.2, 2.9), "layout": "constrained"} | options
    return plt.subplots(1, n, **options)[1]


def histogram(
    values: Array,
    *,
    ax: Axes | None = None,
    limits: tuple[float, float] = (-1.0, 1.0),
    bins: int = 30,
    color: str = "blue",
    label: str | None = None,
) -> Axes:
    """Draw what share of the values, in percent, falls into each of equal bins.

    Values outside `limits` are counted in the outermost bins.
    """
    ax = ax or plt.gca()
    edges = np.linspace(*limits, bins + 1)
    counts, _ = np.histogram(np.clip(values, *limits), edges)
    share = 100 * counts / np.size(values)
    look = {"color": COLORS[color], "alpha": 0.8, "linewidth": 0, "label": label}
    ax.stairs(share, edges, fill=True, **look)
    ax.set_xlim(limits)
    return ax


def layer_histograms(
    rows: Mapping[str, Sequence[Array]],
    *,
    limits: tuple[float, float] = (-1.0, 1.0),
    xlabel: str = "activation",
    top: float = 100.0,
    titles: Mapping[str, Sequence[str]] | None = None,
) -> Array:
    """Draw a grid of histograms: one row for each network, one column for each layer.

    `top` is the upper end of the y axis in percent; `titles` puts a line of text over
    each panel. Returns the array of axes (n_rows, n_layers).
    """
    n_layers = len(next(iter(rows.values())))
    figure, axes = plt.subplots(
        len(rows), n_layers, figsize=(7.2, 0.7 + 1.25 * len(rows)),
        sharex=True, sharey=True, squeeze=False, layout="constrained",
    )  # fmt: skip
    for i, (name, layers) in enumerate(rows.items()):
        color = LOOK.get(name, (DATA[i % len(DATA)],))[0]
        for k, (ax, values) in enumerate(zip(axes[i], layers, strict=True)):
            histogram(values, ax=ax, limits=limits, color=color)
            above = [f"layer {k + 1}"] * (i == 0) + (
                [titles[name][k]] if titles else []
            )
            ax.set_title("\n".join(above), loc="center", fontsize="small")
        axes[i, 0].set_ylabel(f"{name}\nshare (%)")
    axes[0, 0].set_ylim(0, top)
    figure.supxlabel(xlabel, fontsize="medium")
    return axes


def by_layer(
    series: Mapping[str, Sequence[float]],
    *,
    ax: Axes | None = None,
    ylabel: str,
    xlabel: str = "layer",
    log: bool = True,
) -> Axes:
    """Draw one line with markers for each network: a number against the layer."""
    ax = ax or plt.gca()
    for i, (name, values) in enumerate(series.items()):
        every = max(1, len(values) // 10)
        where = np.arange(1, len(values) + 1)
        ax.plot(where, values, label=name, markevery=every, **look(name, i))
    if log:
        ax.set_yscale("log")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


def smooth(values: Array, window: int) -> Array:
    """Moving mean over the last axis; the first entries average what there is."""
    total = np.cumsum(values, axis=-1, dtype=float)
    total[..., window:] -= total[..., :-window].copy()
    return total / np.minimum(np.arange(1, np.shape(values)[-1] + 1), window)


def runs(
    curves: Mapping[str, Array],
    *,
    ax: Axes | None = None,
    x: Sequence[float] | None = None,
    window: int = 1,
    xlabel: str = "update",
    ylabel: str = "training loss (nats)",
) -> Axes:
    """Draw a curve for each name: the mean over seeds, and their range as a band.

    Each array has shape (n_seeds, n_points); `window` smooths along the points.
    """
    ax = ax or plt.gca()
    for i, (name, values) in enumerate(curves.items()):
        values = smooth(np.atleast_2d(values), window)
        where = np.arange(1, values.shape[1] + 1) if x is None else x
        style = look(name, i)
        every = max(1, values.shape[1] // 8)
        ax.plot(where, values.mean(axis=0), label=name, markevery=every, **style)
        ax.fill_between(
            where, values.min(axis=0), values.max(axis=0),
            color=style["color"], alpha=0.2, linewidth=0,
        )  # fmt: skip
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax
