"""Optimizers on surfaces: paths, arrivals, and surfaces that are turned."""

import numpy as np
import pytest

from dlbasics.functions import RAVINE, ROSENBROCK, SADDLE
from dlbasics.gradcheck import numerical_gradient
from dlbasics.optimizers import SGD, Momentum
from dlbasics.paths import FAR, arrival, heights, trace, turned


def test_a_path_by_hand():
    path = trace(SGD(0.5), RAVINE, 2, start=(20.0, 1.0))
    np.testing.assert_allclose(path, [[20, 1], [19, 0], [18.05, 0]])


def test_a_path_has_all_its_points_unless_it_is_lost():
    assert trace(Momentum(0.1), RAVINE, 7).shape == (8, 2)
    lost = trace(SGD(1.5), RAVINE, 1000)
    assert len(lost) < 100
    assert np.abs(lost[-1]).max() >= FAR > np.abs(lost[-2]).max()
    np.testing.assert_array_equal(trace(SGD(0.1), SADDLE, 0), [SADDLE.start])


@pytest.mark.parametrize(
    ("losses", "step"),
    [
        ([3, 2, 1, 0.5], 2),
        ([0.5, 3, 0.5, 0.5], 2),
        ([0.1, 0.1], 0),
        ([3, 0.5, 3], None),
        ([3, 1.5], None),
        ([0.5, np.nan], None),
        ([0.5, 1.5, np.inf, 1.4999], 3),
    ],
)
def test_arrival_counts_from_where_it_stays_below(losses, step):
    assert arrival(losses, 1.5) == step


def test_heights_are_measured_from_the_minimum():
    points = np.array([SADDLE.minimum, (0.0, 0.0), (-1.0, 2.0)])
    np.testing.assert_allclose(heights(SADDLE, points), [0, 0.25, 2])


@pytest.mark.parametrize("surface", [RAVINE, ROSENBROCK, SADDLE])
def test_a_turned_surface_is_the_same_elsewhere(surface):
    new, p = turned(surface, 0.7), np.array([0.4, -0.8])
    measured = numerical_gradient(lambda: float(new.value(p)), p)
    np.testing.assert_allclose(new.gradient(p), measured, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(new.gradient(np.array(new.minimum)), 0, atol=1e-9)
    assert new.value(np.array(new.start)) == pytest.approx(
        surface.value(np.array(surface.start))
    )
    grid = np.ones((2, 3, 4))
    assert new.value(grid).shape == (3, 4)
    assert new.gradient(grid).shape == (2, 3, 4)


def test_sgd_does_not_notice_the_turn():
    path, other = trace(SGD(0.3), RAVINE, 20), trace(SGD(0.3), turned(RAVINE, 1.0), 20)
    np.testing.assert_allclose(
        heights(RAVINE, path), heights(turned(RAVINE, 1.0), other)
    )
    quarter = turned(RAVINE, np.pi / 2)
    np.testing.assert_allclose(quarter.start, (-2, -7))
