"""The check that everything else leans on: it must refuse what is wrong."""

import numpy as np
import pytest
from examples import away_from_kinks

from dlbasics.gradcheck import check_layer, check_loss, numerical_gradient
from dlbasics.layers import BatchNorm, Dense, Dropout, Layer, ReLU, Sigmoid, Step
from dlbasics.losses import MeanSquaredError

X = away_from_kinks((5, 5))


class Scale(Layer):
    """y = x * w, with a gradient that a subclass may get wrong."""

    def __init__(self):
        super().__init__()
        self.add_param("w", np.arange(1.0, 6.0))

    def forward(self, x, *, training=False):
        self._cache = (x,)
        return x * self.params["w"]

    def backward(self, dy):
        (x,) = self.take_cache()
        self.grads["w"][:] = (dy * x).sum(axis=0)
        return dy * self.params["w"]


class WrongSign(Scale):
    def backward(self, dy):
        return -super().backward(dy)


class WrongFactor(Scale):
    def backward(self, dy):
        return 1.0001 * super().backward(dy)


class WrongAxis(Scale):
    def backward(self, dy):
        (x,) = self.take_cache()
        self.grads["w"][:] = (dy * x).sum(axis=1)  # 5 rows of 5: it fits, alas
        return dy * self.params["w"]


class MissingGradient(Scale):
    def backward(self, dy):
        dx = super().backward(dy)
        self.grads["w"][:] = 0
        return dx


class MissingFactor(Scale):
    def backward(self, dy):
        super().backward(dy)
        return dy


class WrongShape(Scale):
    def backward(self, dy):
        return super().backward(dy)[None]


class AlmostNothing(Scale):
    """An output that is always zero, and a gradient that is not quite."""

    def forward(self, x, *, training=False):
        return 0 * super().forward(x, training=training)

    def backward(self, dy):
        dx = 0 * super().backward(dy)
        dx[0, 0] = 1e-9
        return dx


class Overwriting(Scale):
    """A right gradient, at the expense of the array it was handed."""

    def backward(self, dy):
        (x,) = self.take_cache()
        self.grads["w"][:] = (dy * x).sum(axis=0)
        dy *= self.params["w"]
        return dy


class NotANumber(Scale):
    def backward(self, dy):
        return np.nan * super().backward(dy)


class MissingTerm(BatchNorm):
    """The gradient that forgets that the mean depends on x."""

    def backward(self, dy):
        x_hat, inv_std = self.take_cache()
        self.grads["gamma"][:] = (dy * x_hat).sum(axis=0)
        self.grads["beta"][:] = dy.sum(axis=0)
        return inv_std * (dy - x_hat * (dy * x_hat).mean(axis=0))


def test_right_gradients_pass_and_errors_are_reported():
    errors = check_layer(Scale(), X.copy())
    assert errors.keys() == {"x", "w"}
    assert all(0 <= error < 1e-8 for error in errors.values())


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (WrongSign(), "x"),
        (WrongFactor(), "x"),
        (WrongAxis(), "w"),
        (MissingGradient(), "w"),
        (MissingFactor(), "x"),
        (NotANumber(), "x"),
        (AlmostNothing(), "x"),
        (MissingTerm(5, dtype=np.float64), "x"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Layer) else value,
)
def test_wrong_gradients_are_named(layer, name):
    message = rf"{type(layer).__name__}\(5\), {name}: gradient off by "
    with pytest.raises(AssertionError, match=message):
        check_layer(layer, X.copy())


def test_gradient_of_the_wrong_shape():
    message = r"expected a gradient of shape \(5, 5\), got \(1, 5, 5\)"
    with pytest.raises(AssertionError, match=message):
        check_layer(WrongShape(), X.copy())


def test_first_lie_float32():
    layer = Dense(5, 3, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="numerical_gradient expected float64"):
        check_layer(layer, X.copy())
    with pytest.raises(ValueError, match=r"float64 rows, got float32 \(5, 5\)"):
        check_layer(Sigmoid(), X.astype(np.float32))


def test_second_lie_a_kink():
    x = X.copy()
    x[0, 0] = 0
    with pytest.raises(AssertionError, match="is there a kink within one step"):
        check_layer(ReLU(), x)


def test_third_lie_zero_everywhere():
    with pytest.raises(AssertionError, match="every slope is zero"):
        check_layer(Step(), X.copy())
    with pytest.raises(AssertionError, match="every slope is zero"):
        check_layer(ReLU(), -np.abs(X))


def test_overwriting_is_refused():
    with pytest.raises(ValueError, match="read-only"):
        check_layer(Overwriting(), X.copy())


def test_randomness_is_the_same_in_every_pass():
    assert check_layer(Dropout(0.4, rng=np.random.default_rng(0)), X.copy())["x"] < 1e-8


def test_four_rows_are_enough():
    check_layer(Sigmoid(), X[:4].copy())


def test_too_few_rows():
    with pytest.raises(ValueError, match="expected 4 or more float64 rows"):
        check_layer(Sigmoid(), X[:3].copy())


def test_seed_changes_the_direction_of_the_check():
    layer = Scale()
    assert check_layer(layer, X.copy(), seed=0) != check_layer(layer, X.copy(), seed=5)


def test_tolerance_is_respected():
    assert check_layer(WrongFactor(), X.copy(), tolerance=1e-3)["x"] > 1e-6


def test_numerical_gradient_of_a_known_function_leaves_w_as_it_was():
    w = np.array([[1.0, -2.0], [0.5, 3.0]])
    kept = w.copy()
    slopes = numerical_gradient(lambda: float((w**3).sum()), w)
    np.testing.assert_allclose(slopes, 3 * w**2, rtol=1e-8)
    np.testing.assert_array_equal(w, kept)


def test_error_of_numerical_gradient_is_of_second_order():
    w = np.array([1.0])
    errors = [
        abs(numerical_gradient(lambda: float(np.exp(w[0])), w, h=h)[0] - np.e)
        for h in (1e-2, 1e-3)
    ]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.05)


def test_check_loss_refuses_a_wrong_factor():
    class Off(MeanSquaredError):
        def backward(self):
            return super().backward() * 1.0001

    targets = np.zeros((5, 5))
    assert check_loss(MeanSquaredError(), X.copy(), targets) < 1e-8
    with pytest.raises(AssertionError, match="Off: gradient off"):
        check_loss(Off(), X.copy(), targets)
