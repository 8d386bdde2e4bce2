"""A small explorer to try the machinery on, in a module that workers can import."""

import importlib
import sys

import pytest

from dlbasics.explorers import REGISTRY, all_explorers

TOY = '''
from matplotlib.figure import Figure
from dlbasics.explorers import Choice, Frame, Slider, Toggle, explorer, positive
from dlbasics.palette import COLORS

CALLS = []

@explorer(
    title="A <toy> & its line",
    target="Make it steep.",
    slope=Slider([0.5, 1.0, "big"], default=1.0, parse=positive),
    color=Choice("blue", "orange"),
    dots=Toggle(label="with dots"),
)
def toy(slope, color, dots, progress):
    """Draw a line."""
    slope = 10.0 if slope == "big" else slope
    CALLS.append((slope, color, dots))
    for step in range(3):
        progress(step, 3)
    if slope > 100:
        raise OverflowError("too <steep>")
    figure = Figure(figsize=(3, 2))
    ax = figure.subplots()
    ax.plot([0, 1], [0, slope], "o-" if dots else "-", color=COLORS[color])
    ax.set(title="a & b", xlabel="x", ylabel="slope")
    return Frame(figure, f"A {color} line of slope {slope:g}.", reached=slope > 5)
'''


@pytest.fixture(autouse=True)
def _registry():
    before = all_explorers()
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


@pytest.fixture
def toy_file(tmp_path, monkeypatch):
    """The toy's source file, importable as `toy_explorers`."""
    folder = tmp_path / "modules"
    folder.mkdir()
    file = folder / "toy_explorers.py"
    file.write_text(TOY, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    yield file
    sys.modules.pop("toy_explorers", None)


@pytest.fixture
def toy(toy_file):
    return importlib.import_module("toy_explorers").toy


@pytest.fixture
def calls(toy):
    """The arguments of all calls of the toy in this process."""
    return sys.modules["toy_explorers"].CALLS
