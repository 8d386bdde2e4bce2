"""What a concept looks like through the whole book, and the size of figures."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt

from dlbasics.arrays import Array
from dlbasics.palette import COLORS, DATA

LOOK: dict[str, tuple[str, str, str]] = {
    "σ = 0.01": ("sky", ":", "v"),
    "σ = 1": ("red", "--", "s"),
    "Xavier": ("blue", "-.", "D"),
    "He": ("green", "-", "o"),
    "sigmoid": ("purple", ":", "v"),
    "tanh": ("orange", "--", "s"),
    "ReLU": ("green", "-", "o"),
    "leaky ReLU": ("blue", "-.", "D"),
    "plain": ("orange", "--", "s"),
    "batch norm": ("blue", "-", "o"),
    "plain, He": ("orange", "--", "s"),
    "batch norm, He": ("blue", "-", "o"),
    "shortcut, He": ("red", ":", "v"),
    "shortcut, from zero": ("green", "-.", "D"),
    "function": ("blue", "-", "o"),
    "derivative": ("orange", "--", "s"),
    "Bayesian": ("orange", "--", "s"),
    "grid": ("purple", ":", "v"),
    "random": ("blue", "-", "o"),
    "ELU": ("gold", (0, (5, 1, 1, 1, 1, 1)), "^"),
    "SGD": ("ink", "-", "o"),
    "Momentum": ("orange", "--", "s"),
    "Nesterov": ("gold", "-.", "D"),
    "AdaGrad": ("purple", ":", "v"),
    "RMSProp": ("green", (0, (5, 1, 1, 1, 1, 1)), "^"),
    "Adam": ("blue", "-", "P"),
    "AdamW": ("red", (0, (8, 2)), "X"),
}
"""Color, dash and marker of a concept, the same in every figure."""

DASHES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "D", "v", "^", "P", "X")


def look(name: str, index: int = 0) -> dict[str, Any]:
    """Return color, linestyle and marker of a concept, or of the index-th of many."""
    color, dash, marker = LOOK.get(
        name,
        (
            DATA[index % len(DATA)],
            DASHES[index % len(DASHES)],
            MARKERS[index % len(MARKERS)],
        ),
    )
    return {"color": COLORS[color], "linestyle": dash, "marker": marker}


def panels(n: int, **options: Any) -> Array:
    """Make a figure of n panels side by side, as wide as the page; return the axes."""
    options = {"figsize": (7.2, 2.9), "layout": "constrained"} | options
    return plt.subplots(1, n, **options)[1]
