"""Figures with controls: one declaration, three lives.

An explorer is a pure function from a few controls to a `Frame`. Its declaration names
the finite values of each control, so that all frames can be computed when the book is
built; the page shows the right one without a kernel (`python -m dlbasics.explorers
bake`). In a live kernel `show` makes widgets that compute for real, for any value. On
GitHub and on paper the default frame remains, a picture with alt text.

    @explorer(title="A straight line", slope=Slider([-1, 0, 1], default=1))
    def line(slope: float) -> Frame:
        figure = Figure(figsize=(4, 3))
        figure.subplots().plot([0, 1], [0, slope])
        return Frame(figure, f"A line from (0, 0) to (1, {slope}).")

Explorers live in this package, one module for each topic. A module whose name begins
with an underscore is machinery: `_controls`, `_declaration`, `_svg`; then `_bake` and
`_baked` for the book, `_live` and `_show` for the kernel. On a `_drawing` readers draw,
and the page computes; `_canvas` and the scripts in `_page` show it in both.
"""

from dlbasics.explorers._controls import Choice, Slider, Toggle, positive
from dlbasics.explorers._declaration import (
    REGISTRY,
    Explorer,
    Frame,
    all_explorers,
    explorer,
)
from dlbasics.explorers._show import show

__all__ = [
    "REGISTRY",
    "Choice",
    "Explorer",
    "Frame",
    "Slider",
    "Toggle",
    "all_explorers",
    "explorer",
    "positive",
    "show",
]
