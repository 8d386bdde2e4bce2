"""One change and one number per rung."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.palette import COLORS


def ladder(
    rungs: Mapping[str, Array],
    *,
    ax: Axes | None = None,
    reference: str | float | None = None,
    center: Callable[[Array], float] = np.mean,
    xlabel: str = "right (%)",
    decimals: int = 1,
) -> Axes:
    """Draw a rung for each name, the first on top: a dot a seed, their mean as a bar.

    The mean, or what `center` makes of the dots, is written beside the rung. A dashed
    line goes through that of `reference` or of the first rung, or through a number.
    """
    ax = ax or plt.gca()
    ink, muted = COLORS["ink"], COLORS["muted"]
    if not isinstance(reference, float):
        reference = center(rungs[reference or next(iter(rungs))])
    ax.axvline(reference, color=muted, linewidth=0.8, linestyle="--", zorder=0)
    for k, values in enumerate(rungs.values()):
        values, mean = np.asarray(values, dtype=float), center(values)
        ax.plot([values.min(), values.max()], [k, k], color=COLORS["sky"], linewidth=2)
        ax.plot(values, np.full(values.shape, k), "o", color=COLORS["blue"], alpha=0.7)
        ax.plot(mean, k, "|", color=ink, markersize=13, markeredgewidth=2)
        text = f"{mean:.{decimals}f}".replace("-", "−")
        ax.annotate(
            text, (1.01, k), xycoords=("axes fraction", "data"), va="center",
            color=ink, size="small",
        )  # fmt: skip
    ax.set_yticks(range(len(rungs)), rungs)
    ax.set(ylim=(len(rungs) - 0.4, -0.6), xlabel=xlabel)
    ax.tick_params(axis="y", length=0, labelcolor=ink)
    return ax
