"""What the chapters use besides the library: style, sources, exercise checks."""

from __future__ import annotations

import inspect

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown, display

from dlbasics.exercises import check
from dlbasics.palette import RC

__all__ = ["check", "setup", "show_source"]


def setup() -> None:
    """Set the style of figures and of printed arrays for a chapter."""
    plt.rcParams.update(RC)
    plt.rcParams.update({"figure.dpi": 144, "figure.figsize": (7.2, 2.8)})
    np.set_printoptions(precision=3, suppress=True)


def show_source(thing: object) -> None:
    """Show the source of a class or function as this installation runs it."""
    display(Markdown(f"```python\n{inspect.getsource(thing).rstrip()}\n```"))
