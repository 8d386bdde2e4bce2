"""Boxes and arrows: what is computed from what, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from dlbasics.palette import COLORS

APART = 0.09  # between the two directions of one arrow
ROOM = 0.45  # around the outermost nodes


class Arrow(NamedTuple):
    """From a node to the one that uses it: what goes there, and what comes back.

    `at` is where along the way the texts stand, 0 the start and 1 the end.
    """

    start: str
    end: str
    forward: str = ""
    back: str = ""
    at: float = 0.5


def diagram(
    places: Mapping[str, tuple[float, float]],
    arrows: Sequence[Arrow],
    *,
    ax: Axes | None = None,
    size: float = 10.0,
) -> Axes:
    """Draw a computation on arrays: steps as boxes, what they hand on as arrows.

    `places` maps each step, by the text to write into its box, to (x, y). A step whose
    text starts with a space gets no box: inputs and outputs. What goes forward stands
    above its arrow in blue, what comes back below a dashed arrow in orange; beside an
    upright or slanted arrow they stand right and left.
    """
    ax = ax or plt.gca()
    x, y = zip(*places.values(), strict=True)
    ax.set(xlim=(min(x) - ROOM, max(x) + ROOM), ylim=(min(y) - ROOM, max(y) + ROOM))
    boxes = {}
    for text, place in places.items():
        edge = "none" if text.startswith(" ") else COLORS["ink"]
        box = {"facecolor": COLORS["paper"], "edgecolor": edge, "linewidth": 1.1}
        box |= {"boxstyle": "round,pad=0.35"}
        middle = {"ha": "center", "va": "center", "zorder": 3}
        boxes[text] = ax.annotate(text.strip(), place, size=size, bbox=box, **middle)
    for arrow in arrows:
        draw_arrow(ax, arrow, places, boxes, size)
    ax.set_axis_off()
    return ax


def draw_arrow(ax: Axes, arrow: Arrow, places, boxes, size: float) -> None:
    """Draw one arrow, and beside it the one back if something comes back."""
    (x0, y0), (x1, y1) = places[arrow.start], places[arrow.end]
    upright, rises = x0 == x1, (y1 - y0) * (x1 - x0) > 0
    forward = arrow.forward, "blue", "-|>", "-", 1
    back = arrow.back, "orange", "<|-", "--", -1
    for text, color, head, dash, side in (forward, back):
        if side < 0 and not text:
            continue
        move = side * APART if arrow.back else 0
        dx, dy = (move, 0) if upright else (0, move)
        look = {"arrowstyle": head, "linestyle": dash, "color": COLORS[color]}
        look |= {"patchA": boxes[arrow.start].get_bbox_patch(), "shrinkA": 2}
        look |= {"patchB": boxes[arrow.end].get_bbox_patch(), "shrinkB": 2}
        look |= {"linewidth": 1.2, "mutation_scale": 9}
        ends = (x1 + dx, y1 + dy), (x0 + dx, y0 + dy)
        # above the boxes, so that these have found their size when it is drawn
        ax.annotate("", *ends, arrowprops=look, zorder=4)
        place = x0 + arrow.at * (x1 - x0) + dx, y0 + arrow.at * (y1 - y0) + dy
        if y0 == y1:
            gap, how = (0, 2 * side), {"va": "bottom" if side > 0 else "top"}
            how["ha"] = "center"
        else:  # above a line that rises is left of it
            right = (side > 0) != rises
            gap, how = (4 if right else -4, 0), {"ha": "left" if right else "right"}
            how["va"] = "center"
        ax.annotate(
            text, place, gap, textcoords="offset points", color=COLORS[color],
            size=size, zorder=5, **how,
        )  # fmt: skip
