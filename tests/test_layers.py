"""What each layer does, by numbers that can be checked by hand."""

import numpy as np
import pytest
from examples import away_from_kinks, rng

from dlbasics import layers
from dlbasics.layers import (
    ACTIVATIONS,
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    OriginalDropout,
    PReLU,
    make_activation,
)


def test_dense_by_hand():
    layer = Dense(2, 3, rng=rng(), dtype=np.float64)
    layer.params["W"][:] = [[1, 2, 3], [4, 5, 6]]
    layer.params["b"][:] = [10, 20, 30]
    y = layer.forward(np.array([[1.0, 1.0], [2.0, 0.0]]), training=True)
    assert y.tolist() == [[15, 27, 39], [12, 24, 36]]
    dx = layer.backward(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    assert dx.tolist() == [[1, 4], [2, 5]]
    assert layer.grads["W"].tolist() == [[1, 2, 0], [1, 0, 0]]
    assert layer.grads["b"].tolist() == [1, 1, 0]


def test_dense_starts_as_it_is_told():
    assert not Dense(3, 2, rng=rng()).params["b"].any()
    wide = Dense(400, 300, rng=rng()).params["W"]
    assert wide.std() == pytest.approx((2 / 400) ** 0.5, rel=0.02)
    assert not Dense(3, 2, rng=rng(), init=0).params["W"].any()
    named = Dense(400, 300, rng=rng(), init="xavier").params["W"]
    np.testing.assert_allclose(named * 2**0.5, wide, rtol=1e-5)


def test_gradients_are_those_of_the_latest_backward():
    """They are written, not added up: twice the same backward, the same gradient."""
    for layer in (Dense(4, 3, rng=rng()), BatchNorm(4), PReLU(4)):
        x = away_from_kinks((6, 4), dtype=np.float32)
        first = None
        for _ in range(2):
            layer.backward(np.ones_like(layer.forward(x, training=True)))
            first = first or {name: g.copy() for name, g in layer.grads.items()}
        for name, gradient in layer.grads.items():
            np.testing.assert_array_equal(gradient, first[name])


def test_prelu_with_one_slope_and_with_one_for_each_feature():
    x = np.array([[-1.0, -2.0], [3.0, -4.0]])
    for layer, dalpha in (
        (PReLU(dtype=float), [-7]),
        (PReLU(2, dtype=float), [-1, -6]),
    ):
        y = layer.forward(x, training=True)
        assert y.tolist() == [[-0.25, -0.5], [3, -1]]
        dx = layer.backward(np.ones((2, 2)))
        assert dx.tolist() == [[0.25, 0.25], [1, 0.25]]
        assert layer.grads["alpha"].tolist() == dalpha


@pytest.mark.parametrize(
    ("layer", "slope"),
    [
        (layers.Step(), 0),
        (layers.ReLU(), 0),
        (layers.LeakyReLU(0.1), 0.1),
        (PReLU(alpha=0.3), 0.3),
        (layers.ELU(1.5), 1.5),
    ],
    ids=repr,
)
def test_zero_counts_as_not_positive(layer, slope):
    assert layer.forward(np.zeros((1, 1), np.float32), training=True) == 0
    dx = layer.backward(np.ones((1, 1), np.float32))
    assert dx.item() == pytest.approx(slope)


def test_slopes_that_are_not_chosen():
    assert layers.LeakyReLU().alpha == 0.01
    assert layers.ELU().alpha == 1
    assert PReLU().params["alpha"].tolist() == [0.25]


def test_elu_uses_its_alpha():
    assert layers.ELU(2.0).forward(np.array([[-100.0]])) == pytest.approx(-2)


def test_sigmoid_and_tanh_saturate_without_warning():
    x = np.array([[-1e4, 1e4]])
    for layer in (layers.Sigmoid(), layers.Tanh()):
        layer.forward(x, training=True)
        assert layer.backward(np.ones((1, 2))).tolist() == [[0, 0]]


@pytest.mark.parametrize("shape", [(50, 3), (10, 5, 4, 3)])
def test_batch_norm_gives_mean_0_and_variance_1_per_feature(shape):
    layer = BatchNorm(3, dtype=np.float64, eps=0)
    x = np.array([1.0, -5.0, 9.0]) + np.array([0.1, 1, 7]) * rng().standard_normal(
        shape
    )
    y = layer.forward(x, training=True)
    axes = tuple(range(len(shape) - 1))
    np.testing.assert_allclose(y.mean(axis=axes), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=axes), 1, rtol=1e-12)


def test_batch_norm_running_averages_by_hand():
    layer = BatchNorm(1, decay=0.75, dtype=np.float64)
    x = np.array([[1.0], [3.0]])  # mean 2, variance 1, with n - 1: 2
    layer.forward(x, training=True)
    assert layer.buffers["mean"].tolist() == [0.5]
    assert layer.buffers["var"].tolist() == [1.25]


def test_batch_norm_inference_uses_running_averages():
    layer = BatchNorm(1, dtype=np.float64, eps=0)
    layer.buffers["mean"][:], layer.buffers["var"][:] = 2, 4
    layer.params["gamma"][:], layer.params["beta"][:] = 3, 1
    assert layer.forward(np.array([[4.0]])).tolist() == [[4]]  # one row is enough


def test_batch_norm_averages_settle_on_the_data():
    layer, random = BatchNorm(2), rng()
    for _ in range(200):
        x = random.normal([5, -3], [2, 0.5], (100, 2)).astype(np.float32)
        layer.forward(x, training=True)
    np.testing.assert_allclose(layer.buffers["mean"], [5, -3], rtol=0.03)
    np.testing.assert_allclose(layer.buffers["var"], [4, 0.25], rtol=0.1)


def test_batch_norm_starts_by_changing_nothing():
    layer = BatchNorm(2, dtype=np.float64)
    assert (layer.decay, layer.eps) == (0.9, 1e-5)
    x = np.array([[3.0, -2.0]])
    np.testing.assert_allclose(layer.forward(x), x / (1 + 1e-5) ** 0.5, rtol=1e-12)


def test_batch_norm_of_a_constant_feature():
    layer = BatchNorm(2)
    y = layer.forward(np.full((4, 2), 7, np.float32), training=True)
    assert not y.any()
    assert np.isfinite(layer.backward(np.ones((4, 2), np.float32))).all()


@pytest.mark.parametrize("rate", [0, 0.2, 0.7])
@pytest.mark.parametrize("kind", [Dropout, OriginalDropout])
def test_dropout_silences_the_right_share_and_backward_the_same_units(kind, rate):
    layer, x = kind(rate, rng=rng()), np.ones((200, 100), np.float32)
    y = layer.forward(x, training=True)
    assert np.mean(y == 0) == pytest.approx(rate, abs=0.01)
    scale = 1 / (1 - rate) if kind is Dropout else 1
    np.testing.assert_allclose(y[y != 0], scale, rtol=1e-6)
    np.testing.assert_array_equal(layer.backward(x), y)


class Zeros:
    """A generator that draws nothing but its smallest number."""

    def random(self, shape, dtype):
        return np.zeros(shape, dtype)


@pytest.mark.parametrize("kind", [Dropout, OriginalDropout])
def test_dropout_of_nothing_keeps_everything(kind):
    x = np.ones((2, 2))
    np.testing.assert_array_equal(kind(0, rng=Zeros()).forward(x, training=True), x)


def test_dropout_draws_anew_each_time():
    layer, x = Dropout(0.5, rng=rng()), np.ones((10, 10))
    first, second = (layer.forward(x, training=True) for _ in range(2))
    assert (first != second).any()


@pytest.mark.parametrize("kind", [Dropout, OriginalDropout])
def test_expected_output_in_training_is_the_output_of_inference(kind):
    layer, x = kind(0.4, rng=rng()), np.linspace(1, 2, 5)[None]
    mean = np.mean([layer.forward(x, training=True) for _ in range(20_000)], axis=0)
    np.testing.assert_allclose(mean, layer.forward(x), rtol=0.03)


def test_inference_of_the_two_dropouts():
    x = np.array([[1.0, 2.0]])
    assert Dropout(0.25, rng=rng()).forward(x).tolist() == [[1, 2]]
    assert OriginalDropout(0.25, rng=rng()).forward(x).tolist() == [[0.75, 1.5]]


def test_flatten_and_back():
    layer, x = Flatten(), np.arange(24.0).reshape(2, 3, 2, 2)
    y = layer.forward(x, training=True)
    assert y.tolist() == [list(range(12)), list(range(12, 24))]
    np.testing.assert_array_equal(layer.backward(y), x)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_by_name(name):
    layer = make_activation(name)
    assert type(layer) is ACTIVATIONS[name]
    assert type(layer).__name__.lower() == name.replace(" ", "")
    assert make_activation(name) is not layer
    assert type(make_activation(type(layer))) is type(layer)


def test_names_in_messages():
    assert repr(Dense(784, 100, rng=rng())) == "Dense(784, 100)"
    assert repr(BatchNorm(100)) == "BatchNorm(100)"
    assert repr(PReLU(3)) == "PReLU(3)"
    assert repr(Dropout(0.25, rng=rng())) == "Dropout(0.25)"
    assert repr(OriginalDropout(0.5, rng=rng())) == "OriginalDropout(0.5)"
    assert repr(layers.LeakyReLU(0.2)) == "LeakyReLU(0.2)"
    assert repr(layers.ELU(1.5)) == "ELU(1.5)"
    assert repr(layers.Tanh()) == "Tanh()"
