"""The training loop, and that networks learn with it."""

import itertools

import numpy as np
import pytest
from examples import assert_same_arrays, copies, rng

from dlbasics.datasets import make_spirals
from dlbasics.losses import (
    L1,
    L2,
    SoftmaxCrossEntropy,
)
from dlbasics.models import mlp
from dlbasics.optimizers import SGD, Adam
from dlbasics.training import (
    accuracy,
    batches,
    fit,
    predict,
    train,
    update,
)

SPIRALS = make_spirals(300, rng=rng())


def spiral_network(seed=0, **how):
    return mlp([2, 50, 3], rng=rng(seed), **how)


def run(model, optimizer=None, *, data=SPIRALS, epochs=3, seed=7, **how):
    optimizer = optimizer or Adam(0.01)
    how = {"batch_size": 50, "rng": rng(seed)} | how
    return fit(model, SoftmaxCrossEntropy(), optimizer, *data, epochs=epochs, **how)


# Minibatches


@pytest.mark.parametrize(("n", "size"), [(10, 3), (10, 5), (10, 10), (10, 99), (1, 1)])
def test_batches_visit_every_sample_once(n, size):
    x = np.arange(n)[:, None]
    seen = list(batches(x, np.arange(n), size, rng=rng()))
    assert [len(xb) for xb, _ in seen] == [size] * (n // size) + [n % size] * (
        n % size > 0
    )
    assert sorted(np.concatenate([yb for _, yb in seen])) == list(range(n))
    for xb, yb in seen:
        np.testing.assert_array_equal(xb[:, 0], yb)


def test_order_is_random_and_decided_by_the_seed():
    x = np.arange(100)
    once, again, other = (next(batches(x, x, 100, rng=rng(s)))[0] for s in (0, 0, 1))
    np.testing.assert_array_equal(once, again)
    assert (once != other).any()
    assert (once != x).any()
    random = rng(0)
    first, second = (next(batches(x, x, 100, rng=random))[0] for _ in range(2))
    assert (first != second).any()


# One update, and the generator


def test_update_is_forward_backward_step():
    model, twin = (spiral_network() for _ in range(2))
    x, y = SPIRALS
    loss = SoftmaxCrossEntropy()
    expected = loss.forward(twin.forward(x, training=True), y)
    twin.backward(loss.backward())
    for name, w in twin.params.items():
        w -= 0.1 * twin.grads[name]
    assert update(model, SoftmaxCrossEntropy(), SGD(0.1), x, y) == expected
    assert_same_arrays(model.params, twin.params)


@pytest.mark.parametrize("penalty", [L1(0.01), L2(0.01)])
def test_penalty_counts_in_the_loss_and_in_the_step(penalty):
    model, plain = (spiral_network(dtype=np.float64) for _ in range(2))
    start = copies(model.params)
    without = update(plain, SoftmaxCrossEntropy(), SGD(0.1), *SPIRALS)
    value = update(model, SoftmaxCrossEntropy(), SGD(0.1), *SPIRALS, penalty=penalty)
    assert value == pytest.approx(without + penalty.forward(start))
    for name, w in model.params.items():
        pull = 0.1 * 0.01 * penalty.gradient(start[name]) * (w.ndim > 1)
        np.testing.assert_allclose(plain.params[name] - w, pull, atol=1e-12)


def steps_of(model, epochs=2, batch_size=100, seed=7):
    return train(
        model,
        SoftmaxCrossEntropy(),
        Adam(0.01),
        *SPIRALS,
        epochs=epochs,
        batch_size=batch_size,
        rng=rng(seed),
    )


def test_train_yields_every_update():
    steps = list(steps_of(spiral_network()))
    assert [step.epoch for step in steps] == [0, 0, 0, 1, 1, 1]
    assert [step.index for step in steps] == list(range(6))
    assert all(type(step.loss) is float for step in steps)
    assert steps[-1].loss < steps[0].loss


def test_nothing_happens_between_steps_and_the_caller_may_stop_and_go_on():
    model, twin = spiral_network(), spiral_network()
    start = copies(model.params)
    steps, whole = steps_of(model), list(steps_of(twin))
    assert_same_arrays(model.params, start)
    first = list(itertools.islice(steps, 4))
    between = copies(model.params)
    predict(model, SPIRALS[0])
    assert_same_arrays(model.params, between)
    assert first + list(steps) == whole
    assert_same_arrays(model.params, twin.params)


def test_train_without_epochs_does_nothing():
    assert list(steps_of(spiral_network(), epochs=0)) == []


# Measuring


def test_predict_in_blocks_is_predict_at_once():
    model = spiral_network(batch_norm=True)
    whole = model.forward(SPIRALS[0])
    for size in (1, 7, 300, 1000):
        got = predict(model, SPIRALS[0], batch_size=size)
        np.testing.assert_allclose(got, whole, rtol=1e-5, atol=1e-6)
    assert predict(model, SPIRALS[0][:0]).shape == (0, 3)


def test_predict_takes_a_hundred_at_a_time_unless_told():
    model, sizes = spiral_network(), []
    model.hooks.append(lambda when, name, values: sizes.append(len(values)))
    predict(model, np.zeros((201, 2), np.float32))
    assert sizes[::3] == [100, 100, 1]
    del sizes[:]
    predict(model, np.zeros((0, 2), np.float32), batch_size=1)
    assert sizes == [0, 0, 0]


def test_accuracy():
    outputs = np.array([[0, 2, 1], [3, 0, 0], [0, 0, 9], [1, 0, 0]])
    assert accuracy(outputs, np.array([1, 0, 2, 2])) == 0.75


# Fit


def test_history_has_one_number_per_epoch():
    model, x, y = spiral_network(), *SPIRALS
    history = run(
        model, metrics={"accuracy": accuracy}, validation=(x[:50], y[:50]), epochs=4
    )
    assert list(history) == [
        "loss",
        "accuracy",
        "validation loss",
        "validation accuracy",
    ]
    assert {len(values) for values in history.values()} == {4}
    assert history["accuracy"][-1] == accuracy(predict(model, x), y)
    assert history["validation accuracy"][-1] == accuracy(
        predict(model, x[:50]), y[:50]
    )
    expected = SoftmaxCrossEntropy().forward(predict(model, x[:50]), y[:50])
    assert history["validation loss"][-1] == expected
    assert list(run(spiral_network())) == ["loss"]


def test_loss_of_an_epoch_is_the_mean_of_its_updates():
    history = run(spiral_network(), batch_size=100, epochs=2)
    losses = [step.loss for step in steps_of(spiral_network())]
    assert history["loss"] == pytest.approx([np.mean(losses[:3]), np.mean(losses[3:])])


def test_fit_is_train():
    model, twin = spiral_network(), spiral_network()
    run(model, batch_size=100, epochs=2)
    list(steps_of(twin))
    assert_same_arrays(model.params, twin.params)


def test_validation_data_is_never_trained_on():
    model, twin = (spiral_network(batch_norm=True) for _ in range(2))
    other = make_spirals(50, rng=rng(5))
    run(model, validation=other, metrics={"accuracy": accuracy})
    run(twin)
    assert_same_arrays(model.params, twin.params)
    assert_same_arrays(model.buffers, twin.buffers)


def test_callbacks_are_all_called_and_any_may_stop():
    seen = []

    def stop(model, history):
        return len(history["loss"]) == 2

    def watch(model, history):
        seen.append(len(history["loss"]))

    history = run(spiral_network(), epochs=9, callbacks=[stop, watch])
    assert seen == [1, 2]
    assert len(history["loss"]) == 2


# The same seed, the same run


def noisy_run(seed):
    for_weights, for_data, for_dropout = rng(seed).spawn(3)
    model = mlp(
        [2, 20, 3],
        rng=for_weights,
        batch_norm=True,
        dropout=0.3,
        dropout_rng=for_dropout,
    )
    return run(model, rng=for_data), model


def test_same_seed_same_run():
    (history, model), (again, twin), (other, _) = map(noisy_run, (1, 1, 2))
    assert history == again
    assert_same_arrays(model.params, twin.params)
    assert_same_arrays(model.buffers, twin.buffers)
    assert history != other


def test_a_transform_changes_what_is_trained_on_and_nothing_else():
    """Doubling inputs on the way in is training on doubled inputs."""
    x, y = SPIRALS
    seen = []

    def double(batch):
        seen.append(len(batch))
        return 2 * batch

    model, other = spiral_network(), spiral_network()
    how = {"metrics": {"accuracy": accuracy}, "validation": (x, y)}
    history = run(model, transform=double, **how)
    run(other, data=(2 * x, y))
    assert_same_arrays(copies(model.params), other.params)
    assert seen == [50] * 18  # three epochs of six batches; no measurement
    assert history["validation accuracy"][-1] == accuracy(predict(model, x), y)
