"""Boundaries and circuits, by the data they show."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from dlbasics import plotting
from dlbasics.palette import COLORS
from dlbasics.plotting.boundaries import clip


def area(corners):
    x, y = corners.T
    return 0.5 * abs(x @ np.roll(y, 1) - y @ np.roll(x, 1))


def test_clip_cuts_along_the_line_and_keeps_the_positive_side():
    w, b = np.array([0.5, 0.5]), -0.7
    part, ends = clip(w, b, (0, 1))
    assert ends.shape == (2, 2)
    np.testing.assert_allclose(ends @ w + b, 0, atol=1e-12)
    assert (part @ w + b > -1e-12).all()
    assert area(part) == pytest.approx(0.6**2 / 2)


@pytest.mark.parametrize("seed", range(5))
def test_both_sides_together_are_the_square(seed):
    rng = np.random.default_rng(seed)
    w, b = rng.normal(size=2), rng.normal() / 3
    positive, negative = clip(w, b, (-1, 1))[0], clip(-w, -b, (-1, 1))[0]
    assert area(positive) + area(negative) == pytest.approx(4)


@pytest.mark.parametrize(("b", "corners"), [(1, 4), (-1, 0), (0, 0)])
def test_without_weights_it_is_all_or_nothing(b, corners):
    part, ends = clip([0, 0], b)
    assert part.shape == (corners, 2)
    assert ends.shape == (0, 2)


def test_half_plane_draws_a_line_a_tint_and_an_arrow_along_w():
    ax = plotting.half_plane([0, 2], -1)
    (line,) = ax.lines
    np.testing.assert_allclose(line.get_ydata(), 0.5)
    assert len(ax.patches) == 1
    (arrow,) = ax.texts
    assert arrow.xy[1] > arrow.xyann[1]
    assert arrow.xy[0] == pytest.approx(arrow.xyann[0])


def test_half_plane_can_be_a_mere_line_or_empty():
    ax = plotting.half_plane([1, 1], -1, tint=0, arrow=False)
    assert (len(ax.lines), len(ax.patches), len(ax.texts)) == (1, 0, 0)
    _, ax = plt.subplots()
    plotting.half_plane([0, 0], -1, ax=ax)
    assert not ax.lines
    assert not ax.patches


def test_classes_differ_in_color_marker_and_filling():
    x = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]])
    zero, one = plotting.two_classes(x, [0, 1, 1]).lines
    np.testing.assert_array_equal(zero.get_xydata(), x[:1])
    np.testing.assert_array_equal(one.get_xydata(), x[1:])
    assert zero.get_marker() != one.get_marker()
    assert to_hex(zero.get_markerfacecolor()) == COLORS["paper"]
    assert to_hex(one.get_markerfacecolor()) == COLORS["blue"]


def test_gate_shows_the_corners_it_has_answers_for():
    ax = plotting.gate([2, 0, 0, 1], names=("p", "q"))
    zero, one = ax.lines
    assert zero.get_xydata().tolist() == [[0, 1], [1, 0]]
    assert one.get_xydata().tolist() == [[1, 1]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("p", "q")


def test_a_circuit_has_its_boxes_names_and_wires():
    ax = plotting.circuit(
        {"AND": (1, 0), "AND ": (2, 1)},
        {"a": (0, 1), "b": (0, -1), "out": (3, 0)},
        [("a", "AND"), ("b", "AND"), ("AND", "out")],
    )
    assert [t.get_text() for t in ax.texts] == ["AND", "AND", "a", "b", "out"]
    assert len(ax.patches) == 2
    assert len(ax.lines) == 3
    upper, lower = ax.lines[0].get_ydata()[1], ax.lines[1].get_ydata()[1]
    assert upper > 0 > lower
