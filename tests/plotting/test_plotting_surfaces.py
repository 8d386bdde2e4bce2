"""Contours, gradient fields and paths, by the data they show."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.quiver import Quiver

from dlbasics import functions, plotting

LIMITS = {"xlim": (-4, 4), "ylim": (-3, 3)}


def bowl(p):
    return p[0] ** 2 + p[1] ** 2


def test_contours_of_a_bowl_are_circles_equally_far_apart():
    ax = plotting.contours(bowl, levels=4, **LIMITS)
    (lines,) = ax.collections
    radii = np.sqrt(lines.levels)
    np.testing.assert_allclose(np.diff(radii), radii[0], rtol=1e-6)
    innermost = lines.get_paths()[0].vertices
    np.testing.assert_allclose(np.hypot(*innermost.T), radii[0], rtol=0.01)
    assert (*ax.get_xlim(), *ax.get_ylim()) == (-4, 4, -3, 3)


def test_contours_at_heights_of_ones_own():
    ax = plotting.contours(bowl, levels=[1, 4], **LIMITS)
    np.testing.assert_array_equal(ax.collections[0].levels, [1, 4])


def test_gradients_are_drawn_as_given_or_turned_around():
    ax = plotting.contours(functions.RAVINE.value, **LIMITS)
    for downhill, sign in ((False, 1), (True, -1)):
        plotting.gradient_field(
            functions.RAVINE.gradient, ax=ax, shape=(5, 3), downhill=downhill
        )
        arrows = [a for a in ax.collections if isinstance(a, Quiver)][-1]
        x, y = arrows.get_offsets().T
        np.testing.assert_allclose(arrows.U, sign * x / 10)
        np.testing.assert_allclose(arrows.V, sign * 2 * y)
    longest = np.hypot(arrows.U, arrows.V).max() / arrows.scale
    assert longest == pytest.approx(8 / 5)  # one cell
    assert ax.get_xlim() == (-4, 4)


def test_paths_have_one_look_for_each_name():
    ax = plotting.contours(bowl, **LIMITS)
    points = np.array([[3.0, 2.0], [1.0, 1.0], [0.0, 0.0]])
    plotting.paths({"SGD": points, "other": points[::-1]}, ax=ax)
    one, two = ax.lines
    np.testing.assert_array_equal(np.transpose(one.get_data()), points)
    assert (one.get_label(), two.get_label()) == ("SGD", "other")
    assert one.get_linestyle() != two.get_linestyle()
    assert one.get_marker() != two.get_marker()
    assert not ax.texts
    plotting.paths({"SGD": points}, ax=ax, markers=False)
    assert ax.lines[-1].get_marker() == ""


@pytest.mark.parametrize("outside", [[8.0, 1.0], [np.inf, 1.0], [np.nan, 1.0]])
def test_a_path_that_leaves_ends_in_an_arrow_at_the_border(outside):
    ax = plotting.contours(bowl, **LIMITS)
    points = np.array([[0.0, 0.0], [2.0, 1.0], outside, [1e300, -1e300]])
    plotting.paths({"lost": points}, ax=ax)
    np.testing.assert_array_equal(np.transpose(ax.lines[0].get_data()), points[:2])
    (arrow,) = ax.texts
    np.testing.assert_allclose(arrow.xy, [4, 1], atol=1e-6)
    assert ax.get_xlim() == (-4, 4)


def test_a_path_that_comes_back_has_no_arrow():
    ax = plotting.contours(bowl, **LIMITS)
    points = np.array([[0.0, 0.0], [9.0, 1.0], [1.0, 1.0]])
    plotting.paths({"back": points}, ax=ax)
    np.testing.assert_array_equal(np.transpose(ax.lines[0].get_data()), points)
    assert not ax.texts


def test_a_path_that_is_never_inside_draws_nothing():
    ax = plotting.contours(bowl, **LIMITS)
    plotting.paths({"far": np.array([[9.0, 9.0], [8.0, 8.0]])}, ax=ax)
    assert not len(ax.lines[0].get_xdata())
    assert not ax.texts
