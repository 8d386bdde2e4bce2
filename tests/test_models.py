"""Sequential, mlp, capture; saving and loading."""

import numpy as np
import pytest
from examples import away_from_kinks, rng

from dlbasics.gradcheck import check_layer
from dlbasics.layers import ACTIVATIONS, BatchNorm, Dense, Dropout, ReLU, Tanh
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential, capture, mlp
from dlbasics.optimizers import Adam
from dlbasics.training import update

X = away_from_kinks((6, 4), dtype=np.float32)
LABELS = np.arange(6) % 3


def kinds(model):
    return [type(layer) for layer in model.layers.values()]


def test_layers_get_numbered_names():
    model = Sequential([Dense(4, 5, rng=rng()), ReLU(), Dense(5, 3, rng=rng())])
    assert list(model.layers) == ["dense1", "relu1", "dense2"]
    assert list(model.params) == ["dense1.W", "dense1.b", "dense2.W", "dense2.b"]
    assert model.params.keys() == model.grads.keys()
    assert (
        repr(model)
        == "Sequential(dense1=Dense(4, 5), relu1=ReLU(), dense2=Dense(5, 3))"
    )


def test_names_may_be_given():
    model = Sequential({"encoder": Dense(4, 2, rng=rng()), "norm": BatchNorm(2)})
    assert "encoder.W" in model.params
    assert list(model.buffers) == ["norm.mean", "norm.var"]
    assert model.params["encoder.W"] is model.layers["encoder"].params["W"]
    assert model.grads["norm.beta"] is model.layers["norm"].grads["beta"]
    assert model.buffers["norm.var"] is model.layers["norm"].buffers["var"]


def test_forward_and_backward_go_through_all_layers_in_order():
    first, second = Dense(4, 5, rng=rng(), dtype=float), Tanh()
    model, x = Sequential([first, second]), X.astype(float)
    np.testing.assert_array_equal(model.forward(x), np.tanh(first.forward(x)))
    y = model.forward(x, training=True)
    dx = model.backward(np.ones_like(y))
    np.testing.assert_allclose(dx, (1 - y**2) @ first.params["W"].T)


def test_networks_in_networks():
    inner = mlp([4, 5, 4], rng=rng(), activation="tanh", dtype=float)
    model = Sequential([BatchNorm(4, dtype=float), inner, Tanh()])
    assert "sequential1.dense2.W" in model.params
    assert "block.batchnorm1.mean" in Sequential({"block": model}).buffers
    check_layer(model, X.astype(float))


def test_mlp_layers():
    model = mlp([4, 6, 5, 3], rng=rng())
    assert kinds(model) == [Dense, ReLU, Dense, ReLU, Dense]
    shapes = [w.shape for name, w in model.params.items() if name.endswith("W")]
    assert shapes == [(4, 6), (6, 5), (5, 3)]
    assert kinds(mlp([4, 3], rng=rng())) == [Dense]
    full = mlp(
        [4, 6, 3],
        rng=rng(),
        batch_norm=True,
        dropout=0.5,
        dropout_rng=rng(1),
        activation=Tanh,
    )
    assert kinds(full) == [Dense, BatchNorm, Tanh, Dropout, Dense]
    assert full.layers["dropout1"].rate == 0.5


def test_mlp_passes_its_init_on():
    model = mlp([400, 300, 200], rng=rng(), init=0.01)
    for name in ("dense1.W", "dense2.W"):
        assert model.params[name].std() == pytest.approx(0.01, rel=0.02)


def test_networks_that_differ_in_one_thing_start_from_equal_weights():
    plain = mlp([4, 6, 3], rng=rng())
    for change in (
        {"batch_norm": True},
        {"dropout": 0.5, "dropout_rng": rng(1)},
        {"activation": "prelu"},
    ):
        other = mlp([4, 6, 3], rng=rng(), **change)
        for name, w in plain.params.items():
            np.testing.assert_array_equal(other.params[name], w)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mlp_has_one_precision(activation, dtype):
    model = mlp(
        [4, 6, 3],
        rng=rng(),
        activation=activation,
        batch_norm=True,
        dropout=0.5,
        dropout_rng=rng(1),
        dtype=dtype,
    )
    dx = model.backward(model.forward(X.astype(dtype), training=True))
    arrays = [dx, model.forward(X.astype(dtype))]
    for group in (model.params, model.grads, model.buffers):
        arrays += group.values()
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert ("prelu1.alpha" in model.params) == (activation == "prelu")


def test_hooks_see_every_layer_in_both_directions():
    model, seen = mlp([4, 5, 3], rng=rng()), []
    model.hooks.append(
        lambda when, name, values: seen.append((when, name, values.shape))
    )
    model.backward(model.forward(X, training=True))
    assert seen == [
        ("forward", "dense1", (6, 5)),
        ("forward", "relu1", (6, 5)),
        ("forward", "dense2", (6, 3)),
        ("backward", "dense2", (6, 3)),
        ("backward", "relu1", (6, 5)),
        ("backward", "dense1", (6, 5)),
    ]


def test_capture_of_activations():
    model = mlp([4, 5, 3], rng=rng())
    with capture(model) as seen:
        y = model.forward(X)
    hidden = model.layers["dense1"].forward(X)
    np.testing.assert_array_equal(seen["dense1"], hidden)
    np.testing.assert_array_equal(seen["relu1"], np.maximum(hidden, 0))
    np.testing.assert_array_equal(seen["dense2"], y)
    assert seen["dense2"] is not y
    assert not model.hooks


def test_capture_of_gradients():
    model, dy = mlp([4, 5, 3], rng=rng()), np.ones((6, 3), np.float32)
    model.forward(X, training=True)
    with capture(model, "backward") as seen:
        model.backward(dy)
    np.testing.assert_array_equal(seen["dense2"], dy)
    np.testing.assert_array_equal(seen["relu1"], dy @ model.params["dense2.W"].T)
    np.testing.assert_array_equal(seen["dense1"].sum(axis=0), model.grads["dense1.b"])


def test_capture_lets_go_after_an_error_and_can_be_nested():
    model = mlp([4, 5, 3], rng=rng())

    def fail():
        with capture(model) as outer, capture(model) as inner:
            model.forward(X)
            assert outer.keys() == inner.keys() == model.layers.keys()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not model.hooks


def test_prelu_counts_as_a_parameter_of_the_model():
    model = mlp([4, 5, 3], rng=rng(), activation="prelu")
    before = model.params["prelu1.alpha"].copy()
    update(model, SoftmaxCrossEntropy(), Adam(0.05), X, np.arange(6) % 3)
    assert model.params["prelu1.alpha"] != before


def test_filling_gradients_asks_the_first_layer_for_its_own_only():
    class First(Dense):
        def backward(self, dy):
            raise AssertionError("nobody needs the gradient of the inputs")

    seen = []
    model = Sequential([First(4, 5, rng=rng()), ReLU(), Dense(5, 3, rng=rng())])
    model.hooks.append(lambda phase, name, dy: seen.append((phase, name)))
    model.forward(X, training=True)
    assert model.fill_grads(np.ones((len(X), 3), np.float32)) is None
    assert model.grads["first1.W"].any()
    assert seen[3:] == [("backward", n) for n in ("dense1", "relu1", "first1")]
    Sequential([]).fill_grads(np.ones((1, 1)))
