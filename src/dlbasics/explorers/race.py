"""Chapter 06: optimizers race down three surfaces."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.explorers import Choice, Frame, Slider, explorer, positive
from dlbasics.explorers.descent import number
from dlbasics.functions import RAVINE, ROSENBROCK, SADDLE, Surface
from dlbasics.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
from dlbasics.palette import COLORS
from dlbasics.paths import arrival, heights, trace
from dlbasics.plotting.looks import look
from dlbasics.plotting.surfaces import contours, paths

N_STEPS, GOAL, FEW = 2000, 0.01, 20


class Track(NamedTuple):
    """A surface, its picture, and a workable rate for each optimizer at memory 0.9."""

    surface: Surface
    name: str
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    levels: int | tuple[float, ...]
    rates: dict[str, float]


KINDS: dict[str, tuple[type[Optimizer], str]] = {
    "SGD": (SGD, ""),
    "Momentum": (Momentum, "momentum"),
    "Nesterov": (Nesterov, "momentum"),
    "AdaGrad": (AdaGrad, ""),
    "RMSProp": (RMSProp, "decay"),
    "Adam": (Adam, "beta1"),
}
LETTERS = {"momentum": "μ", "decay": "ρ", "beta1": "β₁"}
TRACKS = {
    "ravine": Track(
        RAVINE, "ravine x²/20 + y²", (-8, 8), (-4, 4), 6,
        dict(zip(KINDS, (0.8, 0.1, 0.5, 4.0, 0.08, 0.2), strict=True)),
    ),
    "bend": Track(
        ROSENBROCK, "bend (1 − x)² + 100 (y − x²)²", (-2, 2), (-1, 2.5),
        (5, 20, 80, 250, 600),
        dict(zip(KINDS, (0.002, 0.0016, 0.001, 1.0, 0.004, 0.06), strict=True)),
    ),
    "saddle": Track(
        SADDLE, "saddle x⁴/4 − x²/2 + y²/2", (-2, 2), (-1.2, 2), 6,
        dict(zip(KINDS, (0.8, 0.2, 0.4, 0.8, 0.04, 0.05), strict=True)),
    ),
}  # fmt: skip


def make(kind: str, lr: float, memory: float) -> Optimizer:
    """Make an optimizer; `memory` is what it calls momentum, decay or beta1."""
    cls, name = KINDS[kind]
    return cls(lr, **({name: memory} if name else {}))


def run(track: Track, kind: str, lr: float, memory: float) -> tuple[Array, Array]:
    """Return the points of one optimizer and its heights above the minimum."""
    with np.errstate(over="ignore", invalid="ignore"):  # what is lost is said
        points = trace(make(kind, lr, memory), track.surface, N_STEPS)
        return points, heights(track.surface, points)


@cache
def others(surface: str) -> dict[str, tuple[Array, int]]:
    """Run every optimizer at the rate of its track: path and steps to the goal."""
    track, runs = TRACKS[surface], {}
    for kind, lr in track.rates.items():
        points, losses = run(track, kind, lr, 0.9)
        steps = arrival(losses, GOAL)
        runs[kind] = points[: steps + 1], steps
    return runs


def share_of(value: object) -> float:
    """Parse a number from 0 to below 1."""
    memory = positive(value) if value not in (0, "0") else 0.0
    if not memory < 1:
        raise ValueError(f"expected a number from 0 to below 1, got {value!r}")
    return memory


@explorer(
    title="A race of optimizers on three surfaces",
    target="On the ravine, with Momentum, bring the height below "
    f"{GOAL}, and keep it there, in at most {FEW} steps.",
    surface=Choice(*TRACKS, labels={key: t.name for key, t in TRACKS.items()}),
    kind=Choice(*KINDS, default="Momentum", label="optimizer"),
    lr=Slider(
        [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0],
        default=0.1,
        label="learning rate η",
        parse=positive,
    ),
    memory=Slider(
        [0.5, 0.7, 0.9], default=0.9, label="memory: μ, ρ or β₁", parse=share_of
    ),
)
def optimizer_race(surface, kind, lr, memory) -> Frame:
    """Race the chosen optimizer against the others, each at a workable rate of its own.

    Left, its path over lines of equal height, and thin those of the others. Right, how
    many steps each needs until it stays below the goal as long as it is watched: hollow
    at the rate of the race and a memory of 0.9, filled for the settings chosen. SGD and
    AdaGrad have no such memory.
    """
    track = TRACKS[surface]
    points, losses = run(track, kind, lr, memory)
    steps = arrival(losses, GOAL)
    letter = LETTERS.get(KINDS[kind][1])
    kept = f", {letter} = {memory:g}" if letter else ""
    if steps is not None:
        end = f"below {GOAL} after {steps} steps, and up to step {N_STEPS}."
    elif len(losses) <= N_STEPS:
        end = f"it diverges, and is out of sight at step {len(losses) - 1}."
    else:
        height = number(losses[-50:].max())
        end = f"not below {GOAL} to stay within {N_STEPS} steps; at the end up to "
        end += f"{height} above the minimum."
    figure = draw(track, surface, kind, points, steps)
    reached = surface == "ravine" and kind == "Momentum" and steps is not None
    return Frame(
        figure,
        f"{track.name}, {kind}, η = {lr:g}{kept}: {end}",
        reached=bool(reached and steps <= FEW),
    )


def thin(points: Array, n: int = 80) -> Array:
    """Keep the first points of a path, and fewer and fewer of the later ones."""
    if len(points) <= n:
        return points
    later = np.geomspace(n // 2, len(points) - 1, n // 2).astype(int)
    return points[np.concatenate([np.arange(n // 2), np.unique(later)])]


def draw(track: Track, surface: str, kind: str, points: Array, steps) -> Figure:
    """Draw the paths on the left and the steps on the right."""
    figure = Figure(figsize=(6.8, 3.0))
    panels = {"left": 0.06, "right": 0.985, "bottom": 0.15, "top": 0.9, "wspace": 0.33}
    left, right = figure.subplots(1, 2, width_ratios=(1.6, 1), gridspec_kw=panels)
    contours(track.surface.value, ax=left, xlim=track.xlim, ylim=track.ylim,
             levels=track.levels, shape=(81, 61))  # fmt: skip
    for name, (path, _) in others(surface).items():
        if name != kind:
            style = look(name) | {"marker": ""}
            left.plot(*thin(path, 60).T, **style, linewidth=0.9, alpha=0.5)
    paths({kind: thin(points)}, ax=left)
    left.plot(*track.surface.start, "s", color=COLORS["ink"], markersize=7, zorder=4)
    left.plot(*track.surface.minimum, "*", color=COLORS["green"], markersize=13)
    left.set_title("■ start   ★ minimum", color=COLORS["muted"])
    left.set(xlim=track.xlim, ylim=track.ylim, xlabel="x")
    left.set_ylabel("y", rotation=0)
    left.locator_params(axis="both", integer=True)
    finish(right, surface, kind, steps)
    return figure


def finish(ax: Axes, surface: str, kind: str, steps: int | None) -> None:
    """Draw the steps that each needs on a logarithmic axis."""
    for row, (name, (_, needed)) in enumerate(others(surface).items()):
        style = look(name) | {"linestyle": "", "markersize": 7}
        ax.semilogx(needed, row, **style, markerfacecolor="none")
        if name == kind and steps is not None:
            ax.plot(max(steps, 1), row, **style)
        elif name == kind:
            ax.text(N_STEPS, row - 0.28, "never", color=COLORS["red"], weight="bold",
                    ha="right")  # fmt: skip
    ax.set(xlim=(1, 3000), ylim=(5.6, -0.6), xlabel="steps to the goal")
    ax.set_yticks(range(len(KINDS)), KINDS)
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    ax.minorticks_off()
    ax.get_yticklabels()[[*KINDS].index(kind)].set(color=COLORS["ink"], weight="bold")
