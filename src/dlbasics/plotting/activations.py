"""What happens in the layers of a network: histograms and numbers by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.palette import COLORS, DATA
from dlbasics.plotting.looks import LOOK, look


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
