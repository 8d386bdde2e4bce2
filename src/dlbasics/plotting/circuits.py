"""Gates and wires as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from dlbasics.palette import COLORS

WIDTH, HEIGHT = 1.0, 0.6  # of a box
Place = tuple[float, float]


def circuit(
    boxes: Mapping[str, Place],
    ends: Mapping[str, Place],
    wires: Sequence[tuple[str, str]],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw boxes, the names of inputs and outputs, and wires from left to right.

    `boxes` and `ends` map what is written there to the middle of the place; a name with
    a space behind it is another box of the same kind. A wire is a pair of names, from
    and to. Wires that end in one box are spread over its edge, as are their starts.
    """
    ax = ax or plt.gca()
    places = {**boxes, **ends}
    for start, end in wires:
        (x0, y0), (x1, y1) = places[start], places[end]
        y0 += offset(start, end, [e for s, e in wires if s == start], places, boxes)
        y1 += offset(end, start, [s for s, e in wires if e == end], places, boxes)
        x0 += WIDTH / 2 if start in boxes else 0.2
        x1 -= WIDTH / 2 if end in boxes else 0.1
        ax.plot([x0, x1], [y0, y1], color=COLORS["muted"], linewidth=1.1, zorder=1)
    for name, (x, y) in boxes.items():
        corner, face = (x - WIDTH / 2, y - HEIGHT / 2), COLORS["paper"]
        style = {"facecolor": face, "edgecolor": COLORS["ink"], "linewidth": 1.2}
        ax.add_patch(plt.Rectangle(corner, WIDTH, HEIGHT, zorder=2, **style))
        ax.text(x, y, name.strip(), ha="center", va="center", size="small", zorder=3)
    for name, (x, y) in ends.items():
        is_output = any(e == name for _, e in wires)
        side = "left" if is_output else "center"
        ax.text(x, y, name, ha=side, va="center", weight="bold")
    xs, ys = zip(*places.values(), strict=True)
    ax.set(xlim=(min(xs) - 0.4, max(xs) + 1), ylim=(min(ys) - 0.5, max(ys) + 0.5))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def offset(
    name: str,
    other: str,
    others: Sequence[str],
    places: Mapping[str, Place],
    boxes: Mapping[str, Place],
) -> float:
    """Return how far above the middle of a box its wire to `other` is to be drawn."""
    if name not in boxes or len(others) == 1:
        return 0.0
    order = sorted(others, key=lambda each: -places[each][1])
    return HEIGHT * 0.6 * (0.5 - order.index(other) / (len(order) - 1))
