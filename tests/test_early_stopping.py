"""Early stopping: when it stops, and what it restores."""

import math

import pytest
from examples import assert_same_arrays, copies, rng

from dlbasics.datasets import make_moons, make_spirals
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.optimizers import Adam
from dlbasics.training import EarlyStopping, fit, predict

SPIRALS = make_spirals(300, rng=rng())


def spiral_network(**how):
    return mlp([2, 50, 3], rng=rng(), **how)


def run(model, optimizer=None, *, data=SPIRALS, epochs=3, **how):
    optimizer, how = optimizer or Adam(0.01), {"batch_size": 50, "rng": rng(7)} | how
    return fit(model, SoftmaxCrossEntropy(), optimizer, *data, epochs=epochs, **how)


class Scripted:
    """A metric that returns chosen numbers, whatever the network does."""

    def __init__(self, *values):
        self.values = iter(values)

    def __call__(self, outputs, targets):
        return next(self.values)


@pytest.mark.parametrize(
    ("monitor", "values", "best", "n_epochs"),
    [
        ("error", [5, 3, 4, 3, 9, 9], 1, 4),
        ("error", [5, 4, 3, 2, 1, 0], 5, 6),
        ("error", [math.nan, 3, math.nan, 4, 0, 0], 1, 4),
        ("accuracy", [0.1, 0.5, 0.4, 0.5, 0.9, 0.9], 1, 4),
    ],
)
def test_early_stopping_restores_the_best_epoch(monitor, values, best, n_epochs):
    model, after = spiral_network(batch_norm=True), []

    def remember(model, history):
        after.append(copies({**model.params, **model.buffers}))

    stopping = EarlyStopping(patience=2, monitor=monitor)
    history = run(
        model,
        metrics={monitor: Scripted(*values)},
        epochs=6,
        callbacks=[remember, stopping],
    )
    assert len(history["loss"]) == n_epochs
    assert stopping.best_epoch == best
    held = {**model.params, **model.buffers}
    assert_same_arrays(held, after[best])
    if best != n_epochs - 1:
        assert (held["dense1.W"] != after[-1]["dense1.W"]).any()


def test_early_stopping_on_validation_loss_helps_an_overfitting_network():
    noisy = make_moons(30, noise=0.4, rng=rng(1))
    held_out = make_moons(500, noise=0.4, rng=rng(2))
    how = {"data": noisy, "epochs": 200, "batch_size": 30, "validation": held_out}
    found = {}
    for patience in (15, 1000):
        model = mlp([2, 100, 2], rng=rng())
        stopping = EarlyStopping(patience=patience)
        history = run(model, Adam(0.02), callbacks=[stopping], **how)
        found[patience] = history["validation loss"]
        kept = SoftmaxCrossEntropy().forward(predict(model, held_out[0]), held_out[1])
        assert kept == pytest.approx(min(history["validation loss"]), rel=1e-6)
    assert len(found[15]) < len(found[1000]) == 200
    assert found[1000][-1] > 1.2 * min(found[15])


def test_early_stopping_without_a_single_good_number_changes_nothing():
    model = spiral_network()
    metrics = {"error": Scripted(math.nan, math.nan, math.nan)}
    stopping = EarlyStopping(patience=2, monitor="error")
    history = run(model, metrics=metrics, callbacks=[stopping])
    assert len(history["loss"]) == 2
    assert stopping.best_epoch == -1


def test_early_stopping_needs_no_epoch():
    assert run(spiral_network(), epochs=0, callbacks=[EarlyStopping(patience=1)]) == {
        "loss": []
    }
