"""Pure functions: known values, precision, and the toy surfaces."""

import numpy as np
import pytest

from dlbasics import functions
from dlbasics.functions import RAVINE, ROSENBROCK, SADDLE
from dlbasics.gradcheck import numerical_gradient

X = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])

VALUES = {
    "step": [0, 0, 0, 1, 1],
    "sigmoid": [0.11920292, 0.37754067, 0.5, 0.62245933, 0.88079708],
    "relu": [0, 0, 0, 0.5, 2],
    "leaky_relu": [-0.02, -0.005, 0, 0.5, 2],
    "elu": [-0.86466472, -0.39346934, 0, 0.5, 2],
}


@pytest.mark.parametrize("name", VALUES)
def test_known_values(name):
    np.testing.assert_allclose(getattr(functions, name)(X), VALUES[name], atol=1e-8)


@pytest.mark.parametrize("name", [*VALUES, "softmax", "log_softmax", "hardmax"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(name, dtype):
    assert getattr(functions, name)(X.astype(dtype)).dtype == dtype


def test_slopes_below_zero_can_be_chosen():
    assert functions.leaky_relu(np.array(-2.0), 0.25) == -0.5
    assert functions.elu(np.array(-50.0), 3.0) == pytest.approx(-3)


def test_sigmoid_does_not_overflow():
    assert functions.sigmoid(np.array([-1e4, 1e4])).tolist() == [0, 1]


def test_elu_is_exact_near_zero():
    assert functions.elu(np.array(-1e-12)) == pytest.approx(-1e-12, rel=1e-9)


def test_softmax_of_known_logits_acts_on_the_last_axis():
    logits = np.log([[[1.0, 2.0, 1.0], [3.0, 3.0, 2.0]]])
    expected = [[[0.25, 0.5, 0.25], [0.375, 0.375, 0.25]]]
    np.testing.assert_allclose(functions.softmax(logits), expected)
    np.testing.assert_allclose(functions.log_softmax(logits), np.log(expected))


def test_log_softmax_is_exact_where_softmax_rounds_to_zero():
    logits = np.array([0.0, -2000.0])
    assert functions.softmax(logits)[1] == 0
    assert functions.log_softmax(logits)[1] == -2000


def test_hardmax_marks_the_first_of_equals():
    logits = np.array([[1.0, 3.0, 3.0], [2.0, 0.0, -1.0]])
    assert functions.hardmax(logits).tolist() == [[0, 1, 0], [1, 0, 0]]


def test_one_hot():
    rows = functions.one_hot([2, 0], 3)
    assert rows.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert rows.dtype == np.float32
    assert functions.one_hot([1], 2, dtype=np.float64).dtype == np.float64
    assert functions.one_hot(np.array([], int), 3).shape == (0, 3)


SURFACES = {"ravine": RAVINE, "rosenbrock": ROSENBROCK, "saddle": SADDLE}


@pytest.mark.parametrize("name", SURFACES)
def test_gradient_of_surface(name):
    surface = SURFACES[name]
    for start in (surface.start, (0.7, -1.3), (-0.4, 0.9)):
        p = np.array(start)
        numeric = numerical_gradient(lambda p=p: float(surface.value(p)), p)
        np.testing.assert_allclose(surface.gradient(p), numeric, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", SURFACES)
def test_surface_at_its_minimum(name):
    surface = SURFACES[name]
    minimum = np.array(surface.minimum)
    np.testing.assert_allclose(surface.gradient(minimum), 0, atol=1e-12)
    assert surface.value(minimum) < surface.value(np.array(surface.start))
    around = minimum[:, None] + 0.1 * np.random.default_rng(0).standard_normal((2, 50))
    assert (surface.value(around) > surface.value(minimum)).all()
    assert surface.gradient(around).shape == (2, 50)


def test_walks_on_surfaces_start_where_the_literature_does():
    assert RAVINE.start == (-7, 2)
    assert ROSENBROCK.start == (-1.2, 1)
    assert SADDLE.start == (0.01, 1.5)


def test_known_heights_of_surfaces():
    p = np.array([2.0, 3.0])
    assert RAVINE.value(p) == pytest.approx(9.2)
    assert ROSENBROCK.value(p) == pytest.approx(101)
    assert SADDLE.value(p) == pytest.approx(6.5)


def test_saddle_point_is_flat_and_no_minimum():
    np.testing.assert_array_equal(SADDLE.gradient(np.zeros(2)), 0)
    assert SADDLE.value(np.array([0.1, 0.0])) < SADDLE.value(np.zeros(2))
