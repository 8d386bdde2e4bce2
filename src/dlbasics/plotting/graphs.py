"""A computational graph as a picture: values above the edges, gradients below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path

from dlbasics.arrays import Array
from dlbasics.graph import Constant, Node, order
from dlbasics.palette import COLORS

RADIUS = 13  # of a circle, in points
BELOW = 5  # by how many points the way back runs below the way forward
LANE = 30  # how far above or below an edge runs that must go round something
STUB = 50  # length of the edge on which the output leaves
LETTER = 0.62  # width of a typical letter, where 1 is the size of the text


class Edge(NamedTuple):
    """From an input to the operation that uses it, as its `slot`-th input."""

    start: Node
    end: Node
    slot: int

    @property
    def gradient(self) -> float | None:
        return None if self.end.sent is None else self.end.sent[self.slot]


def uses(node: Node, nodes: Iterable[Node]) -> list[Edge]:
    """List the edges on which a node's value leaves."""
    return [
        Edge(node, user, slot)
        for user in nodes
        for slot, i in enumerate(user.inputs)
        if i is node
    ]


def graph(
    output: Node,
    *,
    ax: Axes | None = None,
    highlight: Node | None = None,
    size: float = 11.0,
) -> Axes:
    """Draw all that `output` is computed from, inputs left, the output right.

    Operations are circles; a constant is written into the circle that uses it. Above
    each edge stands the value that runs along it, blue; below, orange with a dashed
    arrow, the gradient that came back. What has not been computed is left out, so
    that a graph can be drawn halfway (`dlbasics.graph.steps`). `highlight` fills one
    circle. `size` is that of the text in points. Without `ax` the graph fills the page.
    """
    ax = ax or plt.axes((0, 0, 1, 1))
    nodes = [node for node in order(output) if not isinstance(node, Constant)]
    places = layout(output, nodes)
    set_limits(ax, output, places, size)
    for node in nodes:
        for edge in uses(node, nodes):
            draw_edge(ax, edge, places, size)
    draw_output(ax, output, places, size)
    for node in nodes:
        x, y = places[node]
        if node.inputs:
            draw_circle(ax, x, y, node, size, filled=node is highlight)
        else:
            write_beside(ax, node.name, (x, y), size, right=False)
            draw_total(ax, x, y, node, nodes, size)
    ax.set_axis_off()
    return ax


def layout(output: Node, nodes: list[Node]) -> dict[Node, tuple[float, float]]:
    """Place each node: column by its longest way to the output, row by its inputs."""
    columns = {output: 0}
    for node in reversed(nodes):
        for i in node.inputs:
            columns[i] = min(columns.get(i, 0), columns[node] - 1)
    rows: dict[Node, float] = {}
    for node in nodes:
        before = {i for i in node.inputs if i in rows}
        n_leaves = sum(not other.inputs for other in rows)
        row = float(np.mean([rows[i] for i in before])) if before else -n_leaves
        beside = [rows[n] for n in rows if columns[n] == columns[node]]
        while any(abs(row - other) < 0.7 for other in beside):
            row -= 0.5
        rows[node] = row
    first = min(columns[node] for node in nodes)
    return {node: (columns[node] - first, rows[node]) for node in nodes}


def set_limits(ax: Axes, output: Node, places: dict, size: float) -> None:
    """Leave room for the names on the left and for the output on the right."""
    x, y = np.array(list(places.values())).T
    first = [n for n in places if not n.inputs and places[n][0] == 0]
    shared = any(len(uses(n, places)) > 1 for n in first)
    letters = max(width(n.name) for n in first)
    left = size * (max(letters, width("sum −115.5") if shared else 0) + 0.6)
    right = RADIUS + STUB + size * (width(output.name) + 0.6)
    box = ax.get_window_extent()
    inner = max(box.width * 72 / ax.figure.dpi - left - right, 1.0)
    unit = max(x.max(), 1) / inner  # columns in a point
    ax.set_xlim(-left * unit, x.max() + right * unit)
    ax.set_ylim(y.min() - 0.62, y.max() + 0.62)


def width(text: str) -> float:
    """Estimate the width of a text whose letters have size 1."""
    return LETTER * len(text)


def text_of(value: float) -> str:
    """Write three digits or four decimals, with a real minus sign."""
    if 0 < abs(value) < 0.0001:
        text = np.format_float_positional(value, 1, fractional=False, trim="-")
    elif abs(value) < 0.01:
        text = f"{value:.4f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:.4g}" if abs(value) >= 100 else f"{value:.3g}"
    text = f"{value:,.0f}" if abs(value) >= 10_000 else text
    return "0" if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def in_points(ax: Axes, place: tuple[float, float]) -> Array:
    """Turn a place of the layout into points of the page."""
    return ax.transData.transform(place) * 72 / ax.figure.dpi


def route(ax: Axes, edge: Edge, places: dict) -> Array:
    """Lead an edge, in points, so that most of it is level; values stand there.

    From an input that is used once: level, then slanting into the circle. If it is
    used more than once, the ways part first. A way that would cross a third node
    takes a lane of its own above.
    """
    p, q = in_points(ax, places[edge.start]), in_points(ax, places[edge.end])
    p[0] += RADIUS + 2 if edge.start.inputs else 2
    slant = 0.14 * (q[0] - p[0])
    if edge.end.inputs.count(edge.start) > 1:
        level = p[1] + (LANE if edge.slot == 0 else -LANE)
    elif in_the_way(places, places[edge.start], places[edge.end]):
        level = max(p[1], q[1]) + LANE
    else:
        level = q[1] if len(uses(edge.start, places)) > 1 else p[1]
    corners = [p, (p[0] + slant, level), (q[0] - RADIUS - slant, level), q]
    if level == p[1]:
        del corners[1]
    if level == q[1]:
        del corners[-2]
    way = np.array(corners)
    back = way[-2] - q
    way[-1] = q + back / np.hypot(*back) * (RADIUS + 2)
    return way


def in_the_way(places: dict, start: tuple, end: tuple) -> bool:
    """Tell whether a straight line would cross a third node."""
    (x0, y0), (x1, y1) = start, end
    between = [p for p in places.values() if x0 < p[0] < x1]
    return any(abs(y0 + (x - x0) / (x1 - x0) * (y1 - y0) - y) < 0.3 for x, y in between)


def draw_edge(ax: Axes, edge: Edge, places: dict, size: float) -> None:
    """Draw the way forward with its value, and the way back with its gradient."""
    way = route(ax, edge, places)
    level = np.argmax(np.where(np.diff(way[:, 1]) == 0, np.diff(way[:, 0]), 0))
    draw_way(ax, way, edge.start.value, edge.gradient, level, size)


def draw_output(ax: Axes, output: Node, places: dict, size: float) -> None:
    """Draw the edge on which the output leaves and the 1 comes in."""
    x, y = in_points(ax, places[output])
    way = np.array([(x + RADIUS + 2, y), (x + RADIUS + STUB, y)])
    draw_way(ax, way, output.value, output.gradient or None, 0, size)
    name = ax.transData.inverted().transform(way[1] * ax.figure.dpi / 72)
    write_beside(ax, output.name, name, size, right=True)


def write_beside(
    ax: Axes, text: str, place: tuple[float, float], size: float, *, right: bool
) -> None:
    """Write a name at the right or the left of a place."""
    ax.annotate(
        text, place, (4 if right else -4, 0), textcoords="offset points",
        ha="left" if right else "right", va="center", size=size,
    )  # fmt: skip


def draw_way(
    ax: Axes, way: Array, value: float | None, gradient: float | None, level: int,
    size: float,
) -> None:  # fmt: skip
    """Draw both directions along corners in points; write beside their level part."""
    to_data = ax.transData.inverted().transform
    middle = way[level : level + 2].mean(axis=0)
    forward = ("blue" if value is not None else "muted", "-", "-|>", 0)
    back = ("orange", "--", "<|-", BELOW)
    for color, dash, style, lower in [forward, back][: 1 if gradient is None else 2]:
        corners = (way - (0, lower)) * ax.figure.dpi / 72
        ax.add_patch(
            FancyArrowPatch(
                path=Path(to_data(corners)), arrowstyle=style, mutation_scale=9,
                color=COLORS[color], linestyle=dash, linewidth=1.3, zorder=1,
                fill=False, joinstyle="round", shrinkA=0, shrinkB=0,
            )
        )  # fmt: skip
    for number, color, side in ((value, "blue", 1), (gradient, "orange", -1)):
        if number is not None:
            offset = 2 if side > 0 else -2 - BELOW
            ax.annotate(
                text_of(number), to_data(middle * ax.figure.dpi / 72), (0, offset),
                textcoords="offset points", ha="center", size=size, zorder=3,
                va="bottom" if side > 0 else "top", color=COLORS[color],
                weight="bold" if side > 0 else "normal",
            )  # fmt: skip


def draw_total(
    ax: Axes, x: float, y: float, node: Node, nodes: list[Node], size: float
) -> None:
    """Below an input that is used more than once, write the sum of what came back."""
    sent = [edge.gradient for edge in uses(node, nodes)]
    if len(sent) > 1 and None not in sent:
        ax.annotate(
            f"sum {text_of(sum(sent))}", (x, y), (-4, -0.6 * size), va="top",
            textcoords="offset points", ha="right", color=COLORS["orange"], size=size,
        )  # fmt: skip


def draw_circle(
    ax: Axes, x: float, y: float, node: Node, size: float, *, filled: bool
) -> None:
    """Draw an operation, with the constants it uses."""
    ax.plot(
        x, y, "o", markersize=2 * RADIUS, zorder=2,
        markerfacecolor=COLORS["ink" if filled else "paper"],
        markeredgecolor=COLORS["ink"], markeredgewidth=1.2,
    )  # fmt: skip
    parts = [i.name if isinstance(i, Constant) else "" for i in node.inputs]
    symbol = f"{parts[0]}{node.symbol}{''.join(parts[1:])}"
    ax.text(
        x, y, symbol, ha="center", va="center_baseline", zorder=4,
        size=size + 2 if len(symbol) == 1 else size - 1,
        color=COLORS["paper" if filled else "ink"],
    )  # fmt: skip
