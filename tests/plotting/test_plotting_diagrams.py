"""Boxes and arrows."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_hex

from dlbasics.palette import COLORS
from dlbasics.plotting import Arrow, diagram

PLACES = {" x": (0, 1), "mean": (0, 0), "minus": (2, 1), " y": (3, 0)}
ARROWS = [
    Arrow(" x", "minus", "x", "dx"),
    Arrow(" x", "mean", "down", "up"),
    Arrow("minus", " y", "falls", "rises"),
    Arrow("mean", " y", "only"),
]


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield diagram(PLACES, ARROWS, ax=ax)
    plt.close(figure)


def texts(ax):
    return {t.get_text(): t for t in ax.texts if t.get_text()}


def test_steps_have_boxes_and_inputs_have_none(ax):
    shown = texts(ax)
    for name, framed in (("mean", True), ("minus", True), ("x", False), ("y", False)):
        box = next(
            t for t in ax.texts if t.get_text() == name and t.get_bbox_patch()
        ).get_bbox_patch()
        assert (box.get_edgecolor()[3] > 0) is framed, name
    assert shown.keys() >= {"x", "dx", "down", "up", "falls", "rises", "only"}


def test_forward_is_blue_and_back_is_orange(ax):
    shown = texts(ax)
    for name, color in (("down", "blue"), ("dx", "orange"), ("only", "blue")):
        assert to_hex(shown[name].get_color()) == COLORS[color]
    heads = [t.arrow_patch for t in ax.texts if getattr(t, "arrow_patch", None)]
    assert len(heads) == 7  # three both ways, one forward only
    assert sum(h.get_linestyle() == "--" for h in heads) == 3


def side(annotation):
    return annotation.get_horizontalalignment(), annotation.get_verticalalignment()


def test_texts_stand_on_their_side_of_the_arrow(ax):
    shown = texts(ax)
    assert side(shown["dx"]) == ("center", "top")
    assert side(shown["down"]) == ("left", "center")
    assert side(shown["up"]) == ("right", "center")
    assert side(shown["falls"]) == ("left", "center")  # above a line that falls
    assert side(shown["rises"]) == ("right", "center")
