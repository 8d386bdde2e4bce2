"""How numbers change while a network trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.plotting.looks import look


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
