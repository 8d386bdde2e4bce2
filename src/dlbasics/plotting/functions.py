"""Functions of one variable, each with its derivative."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from dlbasics.arrays import Array
from dlbasics.palette import COLORS
from dlbasics.plotting.looks import look

Pair = tuple[Callable[[Array], Array], Callable[[Array], Array]]


def line(name: str) -> dict[str, object]:
    """The look of a concept without its marker, for curves of many points."""
    return look(name) | {"marker": ""}


def break_at_jumps(y: Array, jump: float = 0.2) -> Array:
    """Return y with a NaN at each jump, so that no line is drawn across it."""
    y = np.array(y, dtype=float)
    y[1:][np.abs(np.diff(y)) > jump] = np.nan
    return y


def curve(
    f: Callable[[Array], Array],
    name: str = "function",
    *,
    ax: Axes | None = None,
    limits: tuple[float, float] = (-4.0, 4.0),
) -> Axes:
    """Draw y = f(x) with the look of `name`: "function" or "derivative"."""
    ax = ax or plt.gca()
    x = np.linspace(*limits, 1002)  # even, so that no point falls on a kink at 0
    ax.plot(x, break_at_jumps(f(x)), label=name, **line(name))
    ax.set_xlim(limits)
    return ax


def function_and_derivative(
    function: Callable[[Array], Array],
    derivative: Callable[[Array], Array],
    *,
    ax: Axes | None = None,
    limits: tuple[float, float] = (-4.0, 4.0),
) -> Axes:
    """Draw a function as a solid line and its derivative as a dashed one."""
    ax = ax or plt.gca()
    ax.axhline(0, color=COLORS["grid"], linewidth=0.8, zorder=0)
    ax.axvline(0, color=COLORS["grid"], linewidth=0.8, zorder=0)
    curve(function, "function", ax=ax, limits=limits)
    return curve(derivative, "derivative", ax=ax, limits=limits)


def function_panels(
    functions: Mapping[str, Pair],
    *,
    columns: int = 2,
    limits: tuple[float, float] = (-4.0, 4.0),
    ylim: tuple[float, float] = (-1.4, 2.4),
) -> Array:
    """Draw a grid of functions with their derivatives, one panel each.

    `functions` maps names to pairs (function, derivative). Returns the array of axes.
    """
    rows = -(-len(functions) // columns)
    _, axes = plt.subplots(
        rows, columns, figsize=(7.2, 0.5 + 1.5 * rows),
        sharex=True, sharey=True, squeeze=False, layout="constrained",
    )  # fmt: skip
    for ax, (name, pair) in zip(axes.flat, functions.items(), strict=False):
        function_and_derivative(*pair, ax=ax, limits=limits)
        ax.set_title(name, size="medium")
    for ax in axes.flat[len(functions) :]:
        ax.set_visible(False)
    axes[0, 0].set_ylim(ylim)
    axes[0, 0].legend(loc="upper left", fontsize="small")
    for ax in axes[-1]:
        ax.set_xlabel("x")
    for ax in axes[:, 0]:
        ax.set_ylabel("value")
    return axes
