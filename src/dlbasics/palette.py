"""The colors of every figure in the book, for light and for dark pages.

The one source of names and values: `plotting` draws with `COLORS`, the explorers'
frames carry the names, and the page chooses the value (`css`). The hues are those of
Okabe and Ito (2008), adjusted until each has a contrast of at least 3 : 1 as a mark
and, where it may color text, 4.5 : 1 on the page behind it; `tests/` measures both.
Color never tells two things apart alone: use a marker, a dash or a label besides.
"""

from __future__ import annotations

COLORS = {
    "ink": "#222222",  # text, axes
    "muted": "#5f6368",  # what may be overlooked: ticks, remarks
    "grid": "#d9dce0",  # not meant to be seen alone, so without contrast
    "paper": "#ffffff",  # the page itself: halos, gaps between bars
    "blue": "#0072b2",
    "orange": "#c44e00",
    "green": "#007a5a",
    "purple": "#a8518a",
    "sky": "#2f8fc4",
    "red": "#b3202a",
    "gold": "#946600",
}

DARK = {
    "ink": "#e6e6e6",
    "muted": "#a3a9b1",
    "grid": "#3b4048",
    "paper": "#14181e",
    "blue": "#5ab4f0",
    "orange": "#ff9a4d",
    "green": "#3fc79a",
    "purple": "#e39ac6",
    "sky": "#9bd3f5",
    "red": "#ff7b7b",
    "gold": "#e6c04a",
}

DATA = ("blue", "orange", "green", "purple", "sky", "red", "gold")
"""The seven that stand for data, in the order in which a figure uses them up."""


def css(selector: str, colors: dict[str, str]) -> str:
    """Return one rule that gives every color its name: `--dlb-blue: #0072b2; …`."""
    names = "".join(f"--dlb-{name}:{value};" for name, value in colors.items())
    return f"{selector}{{{names}}}\n"


RC = {
    "font.size": 9.5,
    "font.family": "DejaVu Sans",  # measured with; a page shows its own font
    "text.color": COLORS["ink"],
    "axes.labelcolor": COLORS["ink"],
    "axes.titlecolor": COLORS["ink"],
    "axes.edgecolor": COLORS["muted"],
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.titlesize": "medium",
    "axes.titlelocation": "left",
    "axes.labelsize": "medium",
    "grid.color": COLORS["grid"],
    "xtick.color": COLORS["muted"],
    "ytick.color": COLORS["muted"],
    "xtick.labelsize": "small",
    "ytick.labelsize": "small",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
}
"""The look of every figure, as Matplotlib settings."""
