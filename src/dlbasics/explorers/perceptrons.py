"""Chapter 02: weights and bias of one perceptron, set by hand and learned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbasics import functions
from dlbasics.arrays import Array
from dlbasics.datasets import GATES
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.palette import COLORS
from dlbasics.plotting.boundaries import gate, half_plane

CORNERS = GATES["AND"][0].astype(float)
TABLES = {name: tuple(map(int, outputs)) for name, (_, outputs) in GATES.items()}
REACHABLE = "AND", "NAND", "OR"
WEIGHTS = [-1.0, -0.5, 0.0, 0.5, 1.0]
BIASES = [-1.5, -1.2, -1.0, -0.7, -0.5, -0.2, 0.0, 0.2, 0.5, 0.7, 1.0, 1.2, 1.5]
PANELS = {"left": 0.06, "right": 0.98, "bottom": 0.13, "top": 0.97, "wspace": 0.1}
COLUMNS = 0.09, 0.23, 0.47, 0.74  # of the table: x1, x2, sum, answer


def table(w: Array, b: float) -> tuple[int, ...]:
    """Return the four answers of a perceptron."""
    return tuple(map(int, functions.step(CORNERS @ w + b)))


@explorer(
    title="One perceptron, four gates",
    target="Make the answers those of AND, of NAND or of OR.",
    w1=Slider(WEIGHTS, default=0.5, label="weight w₁"),
    w2=Slider(WEIGHTS, default=0.0, label="weight w₂"),
    b=Slider(BIASES, default=-0.2, label="bias b"),
)
def perceptron_gate(w1, w2, b) -> Frame:
    """Draw the line w₁x₁ + w₂x₂ + b = 0, its sums at the four corners, and the gates.

    The tinted side is where the sum is above 0 and the answer 1; the arrow has the
    direction of (w₁, w₂). A corner is a filled circle if the answer there is 1. A gate
    lights up if all of its four answers are those of the perceptron.
    """
    w = np.array([w1, w2])
    sums, answers = CORNERS @ w + b, table(w, b)
    name = next((n for n, outputs in TABLES.items() if outputs == answers), None)
    figure = Figure(figsize=(7.0, 3.3))
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.1), gridspec_kw=PANELS)
    half_plane(w, b, ax=left)
    gate(answers, ax=left)
    write_table(right, sums, answers)
    for k, each in enumerate(TABLES):
        lamp(right, 0.02 + 0.25 * k, 0.02, each, each == name)
    line = say_line(w, b)
    found = f"That is {name}." if name else "That is none of the four gates."
    return Frame(
        figure,
        f"w₁ = {number(w1)}, w₂ = {number(w2)}, b = {number(b)}: the sums at (0, 0), "
        f"(0, 1), (1, 0), (1, 1) are {', '.join(map(number, sums))}, the answers "
        f"{', '.join(map(str, answers))}. {line} {found}",
        reached=name in REACHABLE,
    )


def write_table(ax: Axes, sums: Array, answers: tuple[int, ...]) -> None:
    """Write one row for each corner: inputs, sum, answer."""
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    heads = "x₁", "x₂", "sum", "answer"
    for x, head in zip(COLUMNS, heads, strict=True):
        ax.text(x, 0.93, head, ha="center", va="center", color=COLORS["muted"])
    ax.plot([0.02, 0.88], [0.86, 0.86], color=COLORS["grid"], linewidth=0.8)
    for k, (corner, total, answer) in enumerate(
        zip(CORNERS, sums, answers, strict=True)
    ):
        y = 0.77 - 0.135 * k
        color = COLORS["blue" if answer else "orange"]
        cells = f"{corner[0]:g}", f"{corner[1]:g}", number(total)
        for x, cell in zip(COLUMNS, cells, strict=False):
            ax.text(x, y, cell, ha="center", va="center")
        mark = f"● {answer}" if answer else f"□ {answer}"
        ax.text(
            COLUMNS[3], y, mark, ha="center", va="center", color=color, weight="bold"
        )


def lamp(ax: Axes, x: float, y: float, name: str, on: bool) -> None:
    """Draw the label of a gate: filled, with a check mark, if its table is reached."""
    face, ink = (COLORS["green"], COLORS["paper"]) if on else ("none", COLORS["muted"])
    edge = COLORS["green"] if on else COLORS["muted"]
    xs, ys = [x, x + 0.225, x + 0.225, x], [y, y, y + 0.13, y + 0.13]
    ax.fill(xs, ys, facecolor=face, edgecolor=edge, linewidth=1.2)
    text = f"✓ {name}" if on else name
    style = {"ha": "center", "va": "center", "weight": "bold"}
    ax.text(x + 0.1125, y + 0.065, text, color=ink, **style)


def say_line(w: Array, b: float) -> str:
    """Say how far the line is from the origin, or that there is none."""
    size = float(np.linalg.norm(w))
    if size == 0:
        return "Both weights are 0, so there is no line."
    return f"The line is {number(abs(b) / size)} from the origin."


def number(value: float) -> str:
    """Write at most two decimals, with a real minus sign."""
    return f"{round(float(value), 2) + 0:g}".replace("-", "−")


class Moment(NamedTuple):
    """Weights and bias after some updates, and the corner that caused the last one."""

    w: Array
    b: float
    corner: int | None


STARTS = {"zero": (0.0, 0.0, 0.0), "against": (-2.0, 1.0, 1.0)}
MOST = 15  # updates to look at
CURVES = {
    "w₁": ("blue", "-", "o"),
    "w₂": ("orange", "--", "s"),
    "b": ("green", "-.", "D"),
}


def updates(name: str, start: str) -> list[Moment]:
    """Follow the perceptron rule on a gate, corner after corner, for `MOST` updates."""
    targets = TABLES[name]
    *w, b = STARTS[start]
    moments, quiet, k = [Moment(np.array(w), b, None)], 0, 0
    while quiet < 4 and len(moments) <= MOST:
        w, b, _ = moments[-1]
        error = targets[k] - float(functions.step(CORNERS[k] @ w + b))
        if error:
            moments.append(Moment(w + error * CORNERS[k], b + error, k))
        quiet = 0 if error else quiet + 1
        k = (k + 1) % 4
    return moments


@explorer(
    title="The perceptron learns a gate",
    target="Step on to an update after which no corner is wrong any more.",
    gate=Choice(*TABLES, label="gate to learn"),
    start=Choice(
        *STARTS,
        label="first weights",
        labels={
            "zero": "w = (0, 0), b = 0",
            "against": "w = (−2, 1), b = 1",
        },
    ),
    step=Slider(range(MOST + 1), default=0, label="updates"),
)
def perceptron_learning(gate, start, step) -> Frame:
    """Draw the line after some updates, and how weights and bias got there.

    The rule visits (0, 0), (0, 1), (1, 0), (1, 1), again and again. A wrong answer is
    an update: w + error · x and b + error. The corner that caused the last one has a
    ring; a cross marks each corner that is wrong now.
    """
    moments = updates(gate, start)[: step + 1]
    w, b, corner = moments[-1]
    answers, targets = table(w, b), TABLES[gate]
    wrong = [k for k in range(4) if answers[k] != targets[k]]
    figure = Figure(figsize=(7.0, 3.3))
    panels = PANELS | {"wspace": 0.22}
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.25), gridspec_kw=panels)
    draw_corners(left, w, b, targets, wrong, corner)
    draw_history(right, moments)
    places = ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"]
    n = len(moments) - 1
    last = (
        f" Corner {places[corner]} caused the last one." if corner is not None else ""
    )
    now = (
        f"Wrong now: {', '.join(places[k] for k in wrong)}."
        if wrong
        else "No corner is wrong."
    )
    over = f" The rule stops after {n}." if n < step else ""
    return Frame(
        figure,
        f"{gate} after {n} update{'s' * (n != 1)}: w₁ = {number(w[0])}, w₂ = "
        f"{number(w[1])}, b = {number(b)}.{last} {now}{over}",
        reached=not wrong,
    )


def draw_corners(
    ax: Axes, w: Array, b: float, targets: tuple[int, ...], wrong: list[int], last
) -> None:
    """Draw the four corners as they should be, the line, and what is wrong with it."""
    half_plane(w, b, ax=ax)
    gate(targets, ax=ax)
    for k in wrong:
        x, y = CORNERS[k]
        style = {"color": COLORS["red"], "weight": "bold", "va": "center"}
        ax.text(x + 0.13, y - 0.02, "✗ wrong", size="small", **style)
    if last is not None:
        ring = {"markersize": 17, "markerfacecolor": "none", "markeredgewidth": 1.4}
        ax.plot(*CORNERS[last], "o", color=COLORS["ink"], zorder=5, **ring)


def draw_history(ax: Axes, moments: list[Moment]) -> None:
    """Draw both weights and the bias against the number of updates."""
    rows = np.array([[*m.w, m.b] for m in moments])
    ax.axhline(0, color=COLORS["grid"], linewidth=0.8, zorder=0)
    for j, (name, (color, dash, marker)) in enumerate(CURVES.items()):
        style = {"color": COLORS[color], "linestyle": dash, "marker": marker}
        shift = 0.06 * (j - 1)  # so that equals are seen
        ax.plot(rows[:, j] + shift, linewidth=1.4, markersize=4.5, **style)
        y = 2.9 - 0.65 * j
        ax.plot(MOST + 1.6, y, markersize=4.5, **style)
        value = f"{name} = {number(rows[-1, j])}"
        ax.text(MOST + 2.4, y, value, color=style["color"], va="center")
    ax.set(xlim=(-0.4, MOST + 6.5), ylim=(-3.4, 3.4), xlabel="update")
    ax.set_xticks(range(0, MOST + 1, 3))
