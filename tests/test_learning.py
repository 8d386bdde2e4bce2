"""That networks learn: toy problems, a thousand digits, penalties, schedules."""

import math

import numpy as np
import pytest
from examples import assert_same_arrays, copies, rng

from dlbasics.datasets import GATES, load_mnist, make_moons, make_spirals
from dlbasics.layers import ACTIVATIONS
from dlbasics.losses import (
    L1,
    L2,
    BinaryCrossEntropy,
    MeanSquaredError,
    SoftmaxCrossEntropy,
)
from dlbasics.models import mlp
from dlbasics.optimizers import SGD, Adam, AdamW
from dlbasics.schedules import Cosine, ReduceOnPlateau, WarmUp
from dlbasics.training import accuracy, fit, predict, update

SPIRALS = make_spirals(300, rng=rng())


def spiral_network():
    return mlp([2, 50, 3], rng=rng())


def run(model, optimizer=None, *, data=SPIRALS, epochs=3, **how):
    optimizer, how = optimizer or Adam(0.01), {"batch_size": 50, "rng": rng(7)} | how
    return fit(model, SoftmaxCrossEntropy(), optimizer, *data, epochs=epochs, **how)


def test_spirals_are_learned():
    model = mlp([2, 50, 50, 3], rng=rng())
    history = run(model, epochs=120, metrics={"accuracy": accuracy})
    assert history["accuracy"][-1] > 0.97
    fresh = make_spirals(500, rng=rng(9))
    assert accuracy(predict(model, fresh[0]), fresh[1]) > 0.95


def test_a_line_cannot_part_the_spirals():
    model = mlp([2, 3], rng=rng())
    run(model, epochs=60)
    assert accuracy(predict(model, SPIRALS[0]), SPIRALS[1]) < 0.75


@pytest.mark.parametrize("gate", GATES)
def test_gates_are_learned(gate):
    x, y = GATES[gate]
    model = mlp([2, 8, 1], rng=rng(), activation="tanh")
    loss, adam = BinaryCrossEntropy(), Adam(0.05)
    for _ in range(200):
        value = update(model, loss, adam, x, y[:, None])
    assert value < 0.1
    assert ((model.forward(x)[:, 0] > 0) == y).all()


def test_xor_is_beyond_one_layer():
    x, y = GATES["XOR"]
    model = mlp([2, 1], rng=rng())
    for _ in range(300):
        value = update(model, BinaryCrossEntropy(), SGD(0.5), x, y[:, None])
    assert value == pytest.approx(math.log(2), abs=1e-3)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "step"])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_activation_learns_the_moons(activation, batch_norm):
    data = make_moons(200, rng=rng())
    model = mlp([2, 16, 2], rng=rng(), activation=activation, batch_norm=batch_norm)
    run(model, Adam(0.03), data=data, epochs=60)
    reached = accuracy(predict(model, data[0]), data[1])
    assert reached > (0.8 if activation == "identity" else 0.93)


def test_step_learns_nothing_below_it():
    model = mlp([2, 16, 3], rng=rng(), activation="step")
    before = model.params["dense1.W"].copy()
    run(model)
    np.testing.assert_array_equal(model.params["dense1.W"], before)


def test_a_quantity_is_learned():
    x = np.linspace(-2, 2, 100, dtype=np.float32)[:, None]
    model, y = mlp([1, 30, 1], rng=rng(), activation="tanh"), np.sin(2 * x)
    history = fit(
        model,
        MeanSquaredError(),
        Adam(0.02),
        x,
        y,
        epochs=200,
        batch_size=25,
        rng=rng(),
    )
    assert history["loss"][-1] < 0.01


@pytest.fixture(scope="module")
def digits():
    return load_mnist(n_train=1000, n_test=1000, rng=rng())


def test_a_thousand_digits_are_enough_for_85_percent(digits):
    model = mlp([784, 50, 10], rng=rng(), batch_norm=True)
    data = (digits.x_train, digits.y_train)
    history = run(model, data=data, epochs=8, metrics={"accuracy": accuracy})
    assert history["accuracy"][-1] > 0.97
    assert accuracy(predict(model, digits.x_test), digits.y_test) > 0.85


def test_dropout_learns_and_is_off_when_measured(digits):
    model = mlp([784, 50, 10], rng=rng(), dropout=0.5, dropout_rng=rng(1))
    history = run(
        model,
        data=(digits.x_train, digits.y_train),
        validation=(digits.x_train, digits.y_train),
        epochs=8,
    )
    assert history["validation loss"][-1] < 0.6 * history["loss"][-1] < 0.6


@pytest.mark.parametrize("penalty", [None, L1(1e-2), L2(1e-2)])
def test_penalties_shrink_the_weights(penalty):
    model, data = mlp([2, 50, 3], rng=rng()), SPIRALS
    run(model, data=data, epochs=60, penalty=penalty)
    size = sum(float(np.abs(w).sum()) for w in model.params.values() if w.ndim == 2)
    assert (size < 200) == (penalty is not None)


@pytest.mark.parametrize(
    "optimizer",
    [
        SGD(WarmUp(Cosine(1.0, 300), 30)),
        AdamW(Cosine(0.02, 300), weight_decay=0.001),
    ],
)
def test_schedules_inside_optimizers(optimizer):
    """300 updates, at the end of which the rate is 0 and nothing moves."""
    model = spiral_network()
    run(model, optimizer, epochs=50)
    assert optimizer.t == 300
    settled = copies(model.params)
    assert accuracy(predict(model, SPIRALS[0]), SPIRALS[1]) > 0.9
    run(model, optimizer, epochs=1)
    assert_same_arrays(model.params, settled)


def test_plateau_schedule_as_a_callback():
    schedule = ReduceOnPlateau(2.0, factor=0.5, patience=1)

    def look(model, history):
        schedule.observe(history["loss"][-1])

    history = run(spiral_network(), SGD(schedule), epochs=60, callbacks=[look])
    assert schedule.lr < 2
    assert history["loss"][-1] < 0.5 * history["loss"][0]
