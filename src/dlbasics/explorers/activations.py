"""Chapter 03: an activation function, its tangent, and what the tangent passes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbasics import functions
from dlbasics.arrays import Array
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.layers import make_activation
from dlbasics.palette import COLORS
from dlbasics.plotting.functions import curve

LEAK, LEARNED = 0.01, 0.25
LIMITS = -7.0, 7.0


class Kind(NamedTuple):
    """A function, the name of its layer, what to call it, and if it breaks at 0."""

    f: Callable[[Array], Array]
    layer: str
    name: str
    kink: bool = False


KINDS = {
    "step": Kind(functions.step, "step", "step", kink=True),
    "sigmoid": Kind(functions.sigmoid, "sigmoid", "sigmoid"),
    "tanh": Kind(np.tanh, "tanh", "tanh"),
    "relu": Kind(functions.relu, "relu", "ReLU", kink=True),
    "leaky": Kind(
        lambda x: functions.leaky_relu(x, LEAK),
        "leaky relu",
        f"leaky ReLU, α = {LEAK}",
        kink=True,
    ),
    "prelu": Kind(
        lambda x: functions.leaky_relu(x, LEARNED),
        "prelu",
        f"PReLU, α = {LEARNED}",
        kink=True,
    ),
    "elu": Kind(functions.elu, "elu", "ELU, α = 1"),
    "identity": Kind(lambda x: x, "identity", "identity"),
}


def slope(kind: Kind, x: Array) -> Array:
    """Return the derivative, as the backward pass of the layer computes it."""
    layer = make_activation(kind.layer, dtype=np.float64)
    rows = np.atleast_1d(np.asarray(x, dtype=float))[:, None]
    layer.forward(rows, training=True)
    return layer.backward(np.ones_like(rows))[:, 0].reshape(np.shape(x))


@explorer(
    title="An activation function and its slope",
    target="Find an x at which the sigmoid passes on less than 1 % of a gradient.",
    function=Choice(
        *KINDS,
        default="sigmoid",
        labels={key: kind.name for key, kind in KINDS.items()},
    ),
    x=Slider(
        [*range(-6, 0), -0.5, 0.0, 0.5, *range(1, 7)],
        default=1.0,
        label="x, the weighted sum",
    ),
)
def activation_slope(function, x) -> Frame:
    """Draw a function with its tangent at x, and beside it the derivative there.

    The derivative is what the layer's backward pass multiplies a gradient with. Where
    it does not exist, at the kink or jump at 0, the library uses the left one.
    """
    kind = KINDS[function]
    y, dy = float(kind.f(np.float64(x))), float(slope(kind, x))
    figure = Figure(figsize=(7.0, 3.0))
    panels = {"left": 0.07, "right": 0.98, "bottom": 0.16, "top": 0.88, "wspace": 0.2}
    left, right = figure.subplots(1, 2, gridspec_kw=panels)
    low = min(-1.7, y - 1.5)
    panel(left, kind.f, "function", x, (low, max(3.2, y + 1.5)))
    reach = np.array([-1.5, 1.5]) / np.hypot(1, dy)
    ends = x + reach, y + dy * reach
    left.plot(*ends, color=COLORS["ink"], linewidth=2.2, linestyle="-")
    panel(right, lambda v: slope(kind, v), "derivative", x, (-0.1, 1.2))
    left.set_title(f"{kind.name}: value {number(y)}")
    right.set_title(f"derivative: {number(dy)}")
    at_kink = kind.kink and x == 0
    said = "no slope exists; the library uses" if at_kink else "the slope is"
    return Frame(
        figure,
        f"{kind.name} at x = {number(x)}: the value is {number(y)}, {said} "
        f"{number(dy)}. {share(dy)} of a gradient passes.",
        reached=bool(function == "sigmoid" and dy < 0.01),
    )


def panel(
    ax: Axes, f: Callable[[Array], Array], name: str, x: float, ylim: tuple
) -> None:
    """Draw one of the two curves and its point at x."""
    ax.axhline(0, color=COLORS["grid"], linewidth=0.8, zorder=0)
    curve(f, name, ax=ax, limits=LIMITS)
    ax.plot(x, f(np.float64(x)), "o", color=COLORS["ink"], markersize=7, zorder=4)
    ax.set(ylim=ylim, xlabel="x")


def number(value: float) -> str:
    """Write two or three digits, with a real minus sign."""
    value = 0.0 if value == 0 else value
    text = f"{value:.3g}" if abs(value) >= 0.001 or value == 0 else f"{value:.1g}"
    return (f"{value:.5f}" if "e" in text else text).replace("-", "−")


def share(value: float) -> str:
    """Write a derivative as a percentage."""
    percent = 100 * value
    digits = (
        0 if percent in (0, 100) else 3 if percent < 0.1 else 2 if percent < 10 else 1
    )
    return f"{percent:.{digits}f} %"
