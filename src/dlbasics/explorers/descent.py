"""Chapter 04: gradient descent over two parameters, until it settles or flies off."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.explorers import Choice, Frame, Slider, explorer, positive
from dlbasics.functions import RAVINE, SADDLE, Surface
from dlbasics.palette import COLORS
from dlbasics.paths import arrival
from dlbasics.plotting.surfaces import contours, paths

N_STEPS, GOAL = 30, 0.01
FAR, LOST = 1e9, 1e50  # where to stop, and a step that need not be longer
FLOOR, CEILING = 1e-7, 1e5  # of the axis of the loss

BOWL = Surface(
    value=lambda p: (p[0] ** 2 + p[1] ** 2) / 2,
    gradient=lambda p: 1.0 * p,
    start=(-7.0, 2.0),
    minimum=(0.0, 0.0),
)


class Place(NamedTuple):
    """A surface, what to call it, its picture's limits, and three starts."""

    surface: Surface
    name: str
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    starts: dict[str, tuple[float, float]]
    minima: tuple[tuple[float, float], ...] = ((0.0, 0.0),)


STARTS = {"left": (-7.0, 2.0), "axis": (-7.0, 0.0), "across": (0.5, 2.5)}
PLACES = {
    "bowl": Place(BOWL, "round bowl (x² + y²)/2", (-8, 8), (-5, 5), STARTS),
    "ravine": Place(RAVINE, "ravine x²/20 + y²", (-8, 8), (-5, 5), STARTS),
    "valleys": Place(
        SADDLE,
        "two valleys x⁴/4 − x²/2 + y²/2",
        (-2.2, 2.2),
        (-1.375, 1.375),
        {"left": (-1.7, 1.0), "axis": (-1.7, 0.0), "across": (0.1, 1.2)},
        ((-1.0, 0.0), (1.0, 0.0)),
    ),
}
NAMES = {
    "left": "on the left, off the axis",
    "axis": "on the left, on the axis",
    "across": "near the middle",
}


def descend(
    surface: Surface, start: tuple[float, float], lr: float, n_steps: int = N_STEPS
) -> Array:
    """Return the points (n, 2) of gradient descent; it ends early if it is lost."""
    points = [np.array(start, dtype=float)]
    while len(points) <= n_steps and np.abs(points[-1]).max() < FAR:
        step = np.clip(lr * surface.gradient(points[-1]), -LOST, LOST)
        points.append(points[-1] - step)
    return np.array(points)


@explorer(
    title="Gradient descent on three surfaces",
    target="On the ravine, starting on the left, off the axis, bring the loss below "
    f"{GOAL} within {N_STEPS} steps.",
    surface=Choice(
        *PLACES, default="ravine", labels={key: p.name for key, p in PLACES.items()}
    ),
    lr=Slider(
        [0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.02, 1.1, 1.5, 2.0, 2.1],
        default=0.1,
        label="learning rate η",
        parse=positive,
    ),
    start=Choice(*STARTS, labels=NAMES),
)
def descent(surface, lr, start) -> Frame:
    """Take 30 steps against the gradient and look where they lead.

    Left, the path over lines of equal height; an arrow at the border says that it left
    the picture for good. Right, the height above the lowest point, the loss, after
    each step; the dashed line is the goal.
    """
    place = PLACES[surface]
    points = descend(place.surface, place.starts[start], lr)
    lowest = place.surface.value(np.array(place.surface.minimum))
    losses = place.surface.value(points.T) - lowest
    x, y = (f"{v:g}".replace("-", "−") for v in points[0])
    lost = len(points) <= N_STEPS or losses[-1] > losses[0] * (1 + 1e-9)
    figure = draw(place, points, losses, lost)
    since = arrival(losses, GOAL)
    settled = since is not None and not lost
    first = f", below {GOAL} since step {since}" if settled else ""
    end = (
        f"it diverges: from {number(losses[0])} the loss has grown to "
        f"{number(losses[-1])} at step {len(points) - 1}."
        if lost
        else f"the loss falls from {number(losses[0])} to {number(losses[-1])} at "
        f"step {N_STEPS}{first}."
        if losses[-1] < losses[0] * (1 - 1e-9)
        else f"the loss is {number(losses[0])} at every step: it jumps back and forth."
    )
    return Frame(
        figure,
        f"{place.name}, start ({x}, {y}), η = {lr:g}: {end}",
        reached=bool(surface == "ravine" and start == "left" and settled),
    )


def draw(place: Place, points: Array, losses: Array, lost: bool) -> Figure:
    """Draw the path on the left and the loss on the right."""
    figure = Figure(figsize=(6.6, 2.8))
    panels = {"left": 0.07, "right": 0.985, "bottom": 0.16, "top": 0.9, "wspace": 0.22}
    left, right = figure.subplots(1, 2, width_ratios=(1.6, 1), gridspec_kw=panels)
    contours(place.surface.value, ax=left, xlim=place.xlim, ylim=place.ylim,
             shape=(61, 41), levels=5)  # fmt: skip
    paths({"descent": points}, ax=left)
    left.plot(*points[0], "s", color=COLORS["ink"], markersize=7, zorder=4)
    for minimum in place.minima:
        left.plot(*minimum, "*", color=COLORS["green"], markersize=13)
    left.set_title("■ start   ★ minimum", color=COLORS["muted"])
    left.set(xlabel="x")
    left.set_ylabel("y", rotation=0)
    left.locator_params(axis="y", integer=True)
    curve(right, losses, lost)
    return figure


def curve(ax: Axes, losses: Array, lost: bool) -> None:
    """Draw the loss by step on a logarithmic axis; say so where it leaves it."""
    steps = np.arange(len(losses))
    shown = losses <= CEILING
    heights = np.maximum(losses, FLOOR)
    style = {"color": COLORS["blue"], "marker": "o", "markersize": 4, "linewidth": 1.4}
    ax.semilogy(steps[shown], heights[shown], **style)
    ax.axhline(GOAL, color=COLORS["green"], linewidth=1.2, linestyle="--")
    out = np.flatnonzero(~shown)
    if lost:
        word = {"color": COLORS["red"], "weight": "bold", "ha": "right"}
        ax.text(N_STEPS, 1e-6, "diverges", **word)
    if len(out) and out[0] > 0:
        arrow = {"arrowstyle": "-|>", "color": COLORS["blue"], "shrinkA": 0}
        ax.annotate("", (out[0] - 0.3, CEILING), (out[0] - 1, losses[out[0] - 1]),
                    arrowprops=arrow)  # fmt: skip
    ax.set(xlim=(-0.8, N_STEPS + 0.8), ylim=(FLOOR / 3, CEILING), xlabel="step")
    ticks = {
        1e-6: "10⁻⁶",
        1e-4: "10⁻⁴",
        GOAL: f"{GOAL}",
        1: "1",
        1e2: "100",
        1e4: "10⁴",
    }
    ax.set_yticks([*ticks], ticks.values())
    ax.get_yticklabels()[2].set(color=COLORS["green"], weight="bold")
    ax.minorticks_off()
    ax.set_title("loss above the minimum", color=COLORS["muted"])


def number(value: float) -> str:
    """Write two digits, in powers of ten where there are too many."""
    if value == 0 or 0.001 <= value < 1000:
        text = f"{value:.2g}"
        return str(round(float(text))) if "e" in text else text
    if not math.isfinite(value) or value > 1e15:
        return "more than 10¹⁵"
    digits, power = f"{value:.1e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}·10{raised}"
