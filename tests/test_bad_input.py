"""Misuse, and the error it gets: what was expected, what came, and where."""

import math
import re

import numpy as np
import pytest
from examples import away_from_kinks, copies, rng

from dlbasics import functions, initializers, layers, losses, models, training
from dlbasics import optimizers as opt
from dlbasics import schedules as sched
from dlbasics.datasets import load_mnist
from dlbasics.layers import BatchNorm, Dense, Dropout, Flatten, PReLU, ReLU

ROW = np.zeros((1, 4), np.float32)
ROWS = np.zeros((6, 4), np.float32)
IMAGES = np.zeros((2, 5, 5, 4), np.float32)
Z, NAN = np.zeros((6, 3)), math.nan
CE, BCE, MSE = (
    losses.SoftmaxCrossEntropy,
    losses.BinaryCrossEntropy,
    losses.MeanSquaredError,
)


def labels(*values):
    return np.array(values)


def network():
    return models.mlp([4, 5, 3], rng=rng(), batch_norm=True)


def fit(x=ROWS, y=None, *, epochs=1, batch_size=3, lr=0.1, **how):
    y = np.zeros(len(x), int) if y is None else y
    how |= {"epochs": epochs, "batch_size": batch_size, "rng": rng()}
    return training.fit(network(), CE(), opt.SGD(lr), x, y, **how)


def early_stopping(monitor):
    return fit(callbacks=[training.EarlyStopping(patience=1, monitor=monitor)])


MISUSES = {
    # functions and initializers
    "label too large": (
        lambda: functions.one_hot([0, 3], 3),
        "one_hot expected labels in 0 … 2, got values from 0 to 3",
    ),
    "label negative": (
        lambda: functions.one_hot([-1, 2], 3),
        "expected labels in 0 … 2, got values from -1 to 2",
    ),
    "label a float": (
        lambda: functions.one_hot([0.0, 1.0], 3),
        "one_hot expected integer labels, got float64",
    ),
    "label a truth value": (
        lambda: functions.one_hot([True, False], 3),
        "one_hot expected integer labels, got bool",
    ),
    "initializer unknown": (
        lambda: Dense(4, 3, rng=rng(), init="xavjer"),
        "unknown initializer 'xavjer': expected one of xavier, glorot, he, orthogonal,",
    ),
    "initializer none": (
        lambda: Dense(4, 3, rng=rng(), init=None),
        "unknown initializer None: expected one of xavier",
    ),
    "std negative": (
        lambda: Dense(4, 3, rng=rng(), init=-1),
        "normal expected a standard deviation >= 0, got -1",
    ),
    "std not a number": (
        lambda: initializers.normal(NAN),
        "normal expected a standard deviation >= 0, got nan",
    ),
    "weights of one axis": (
        lambda: initializers.he((5,), rng=rng()),
        "weights need at least two axes (n_in, n_out) of 1 or more, got (5,)",
    ),
    "no inputs": (
        lambda: Dense(0, 3, rng=rng()),
        "weights need at least two axes (n_in, n_out) of 1 or more, got (0, 3)",
    ),
    "negative outputs": (
        lambda: Dense(4, -3, rng=rng()),
        "weights need at least two axes (n_in, n_out) of 1 or more, got (4, -3)",
    ),
    # layers
    "images into dense": (
        lambda: Dense(784, 100, rng=rng()).forward(np.zeros((32, 28, 28))),
        "Dense(784, 100) expected x of shape (N, 784), got (32, 28, 28)",
    ),
    "one sample without its axis": (
        lambda: Dense(4, 3, rng=rng()).forward(ROW[0]),
        "Dense(4, 3) expected x of shape (N, 4), got (4,)",
    ),
    "wrong layer in a network": (
        lambda: network().forward(np.zeros((2, 5))),
        "Dense(4, 5) expected x of shape (N, 4), got (2, 5)",
    ),
    "prelu of other features": (
        lambda: PReLU(3).forward(ROWS),
        "PReLU(3) expected x with 3 features in its last axis, got (6, 4)",
    ),
    "batch norm of other features": (
        lambda: BatchNorm(3).forward(ROWS),
        "BatchNorm(3) expected x of shape (N, …, 3), got (6, 4)",
    ),
    "batch norm of channels first": (
        lambda: BatchNorm(3).forward(np.zeros((2, 3, 8, 8)), training=True),
        "BatchNorm(3) expected x of shape (N, …, 3), got (2, 3, 8, 8)",
    ),
    "batch norm without a batch": (
        lambda: BatchNorm(4).forward(ROW[0]),
        "BatchNorm(4) expected x of shape (N, …, 4), got (4,)",
    ),
    "batch norm of one": (
        lambda: BatchNorm(4).forward(ROW, training=True),
        "BatchNorm(4) expected x with at least 2 values per feature in training, "
        "got (1, 4)",
    ),
    "batch norm of none": (
        lambda: BatchNorm(4).forward(ROWS[:0], training=True),
        "with at least 2 values per feature in training, got (0, 4)",
    ),
    "batch norm decay 1": (
        lambda: BatchNorm(4, decay=1),
        "BatchNorm expected 0 <= decay < 1, got 1",
    ),
    "batch norm decay not a number": (
        lambda: BatchNorm(4, decay=NAN),
        "BatchNorm expected 0 <= decay < 1, got nan",
    ),
    "dropout of all": (
        lambda: Dropout(1.0, rng=rng()),
        "Dropout expected 0 <= rate < 1, got 1.0",
    ),
    "dropout of less than none": (
        lambda: layers.OriginalDropout(-0.1, rng=rng()),
        "OriginalDropout expected 0 <= rate < 1, got -0.1",
    ),
    "dropout not a number": (
        lambda: Dropout(NAN, rng=rng()),
        "Dropout expected 0 <= rate < 1, got nan",
    ),
    "flatten an empty batch": (
        lambda: Flatten().forward(np.zeros((0, 2, 2))),
        "Flatten() expected x of shape (N, …) with N ≥ 1, got (0, 2, 2)",
    ),
    "flatten without features": (
        lambda: Flatten().forward(np.zeros(3)),
        "Flatten() expected x of shape (N, …) with N ≥ 1, got (3,)",
    ),
    "leaky slope 1": (
        lambda: layers.LeakyReLU(1),
        "LeakyReLU expected 0 < alpha < 1, got 1",
    ),
    "leaky slope 0": (
        lambda: layers.LeakyReLU(0),
        "LeakyReLU expected 0 < alpha < 1, got 0",
    ),
    "leaky slope not a number": (
        lambda: layers.LeakyReLU(NAN),
        "LeakyReLU expected 0 < alpha < 1, got nan",
    ),
    "elu slope 0": (lambda: layers.ELU(0), "ELU expected alpha > 0, got 0"),
    "activation unknown": (
        lambda: layers.make_activation("rellu"),
        "unknown activation 'rellu': expected one of identity, step, sigmoid, tanh, "
        "relu, leaky relu, prelu, elu, or a class",
    ),
    "activation a layer": (
        lambda: models.mlp([4, 5, 3], rng=rng(), activation=ReLU()),
        "unknown activation ReLU(): expected one of",
    ),
    "activation none": (
        lambda: models.mlp([4, 5, 3], rng=rng(), activation=None),
        "unknown activation None: expected one of",
    ),
    "rows into a convolution": (
        lambda: layers.PlainConv2D(4, 3, 2, rng=rng()).forward(ROWS),
        "PlainConv2D(2, 2, 4, 3) expected x of shape (N, H, W, 4), got (6, 4)",
    ),
    "other channels into a plain convolution": (
        lambda: layers.PlainConv2D(4, 3, 2, rng=rng()).forward(IMAGES[..., :3]),
        "PlainConv2D(2, 2, 4, 3) expected x of shape (N, H, W, 4), got (2, 5, 5, 3)",
    ),
    "other channels into a convolution": (
        lambda: layers.Conv2D(4, 3, 2, rng=rng()).forward(IMAGES[..., :3]),
        "Conv2D(2, 2, 4, 3) expected x of shape (N, H, W, 4), got (2, 5, 5, 3)",
    ),
    "one channel for a filter each": (
        lambda: layers.DepthwiseConv2D(4, 2, rng=rng()).forward(IMAGES[..., :1]),
        "DepthwiseConv2D(2, 2, 1, 4) expected x of shape (N, H, W, 4), got (2, 5, 5, ",
    ),
    "a window larger than the image": (
        lambda: layers.Conv2D(4, 3, (2, 6), rng=rng()).forward(IMAGES),
        "expected x with room for a window of 2 × 6 pixels, got (2, 5, 5, 4)",
    ),
    "rows to average": (
        lambda: layers.AveragePool2D(2).forward(ROWS),
        "AveragePool2D(2, 2) expected x of shape (N, H, W, C), got (6, 4)",
    ),
    "nothing to average": (
        lambda: layers.AveragePool2D(2).forward(IMAGES[:0]),
        "AveragePool2D(2, 2) expected x of shape (N, H, W, C), got (0, 5, 5, 4)",
    ),
    "a border wider than the window is high": (
        lambda: layers.MaxPool2D((2, 3), padding=2),
        "MaxPool2D(2, 3) expected a border thinner than its window, got 2 pixels",
    ),
    "a stride of none": (
        lambda: layers.Conv2D(4, 3, 2, stride=0, rng=rng()),
        "expected a window and a stride of at least 1 pixel and a padding",
    ),
    "a window without width": (
        lambda: layers.MaxPool2D((2, 0)),
        "some pixels, got Window(size=(2, 0), stride=2, padding='valid')",
    ),
    "a border of less than nothing": (
        lambda: layers.Window((2, 2), padding=((1, 1), (-1, 1))),
        "or of some pixels, got Window(size=(2, 2), stride=1, padding=((1, 1), (-1",
    ),
    "a padding with a wrong name": (
        lambda: layers.Conv2D(4, 3, 2, padding="full", rng=rng()),
        "expected a window and a stride of at least 1 pixel and a padding",
    ),
    "no images for a global mean": (
        lambda: layers.GlobalAveragePool2D().forward(IMAGES[:0]),
        "GlobalAveragePool2D() expected x of shape (N, H, W, C), got (0, 5, 5, 4)",
    ),
    "no images for a global maximum": (
        lambda: layers.GlobalMaxPool2D().forward(IMAGES[:0]),
        "GlobalMaxPool2D() expected x of shape (N, H, W, C), got (0, 5, 5, 4)",
    ),
    "rows for a global maximum": (
        lambda: layers.GlobalMaxPool2D().forward(ROWS),
        "GlobalMaxPool2D() expected x of shape (N, H, W, C), got (6, 4)",
    ),
    # losses
    "targets of another shape": (
        lambda: MSE().forward(Z, np.zeros((6, 1))),
        "MeanSquaredError expected outputs and targets of equal shape, N ≥ 1, got "
        "outputs of shape (6, 3) and targets of shape (6, 1)",
    ),
    "targets of another shape, absolute": (
        lambda: losses.MeanAbsoluteError().forward(Z, np.zeros(6)),
        "MeanAbsoluteError expected outputs and targets of equal shape, N ≥ 1, got",
    ),
    "no samples for squares": (
        lambda: MSE().forward(Z[:0], Z[:0]),
        "MeanSquaredError expected outputs and targets of equal shape, N ≥ 1, got "
        "outputs of shape (0, 3)",
    ),
    "column and row": (
        lambda: BCE().forward(np.zeros((6, 1)), np.zeros(6)),
        "BinaryCrossEntropy expected logits and targets of equal shape, N ≥ 1, got "
        "outputs of shape (6, 1) and targets of shape (6,)",
    ),
    "binary target 2": (
        lambda: BCE().forward(np.zeros(2), labels(1, 2)),
        "BinaryCrossEntropy expected targets in [0, 1], got values from 1 to 2",
    ),
    "binary target negative": (
        lambda: BCE().forward(np.zeros(2), labels(-1, 1)),
        "expected targets in [0, 1], got values from -1 to 1",
    ),
    "binary target not a number": (
        lambda: BCE().forward(np.zeros(2), labels(NAN, 1)),
        "expected targets in [0, 1], got values from nan to nan",
    ),
    "class too large": (
        lambda: CE().forward(Z, labels(0, 1, 2, 3, 0, 0)),
        "expected labels in 0 … 2, got values from 0 to 3",
    ),
    "classes as floats": (
        lambda: CE().forward(Z, np.zeros(6)),
        "SoftmaxCrossEntropy expected logits (N, K) and integer labels (N,) or rows "
        "(N, K), N ≥ 1, got outputs of shape (6, 3) and targets of shape (6,) (float",
    ),
    "fewer labels than rows": (
        lambda: CE().forward(Z, labels(0, 1)),
        "got outputs of shape (6, 3) and targets of shape (2,) (int64)",
    ),
    "labels as a column": (
        lambda: CE().forward(Z, np.zeros((6, 1), int)),
        "got outputs of shape (6, 3) and targets of shape (6, 1) (int64)",
    ),
    "one label for all": (
        lambda: CE().forward(Z, 1),
        "got outputs of shape (6, 3) and targets of shape () (int64)",
    ),
    "logits of one sample": (
        lambda: CE().forward(Z[0], labels(0, 1, 2)),
        "got outputs of shape (3,) and targets of shape (3,)",
    ),
    "no samples to classify": (
        lambda: CE().forward(Z[:0], labels()),
        "N ≥ 1, got outputs of shape (0, 3)",
    ),
    "rows that sum to 3": (
        lambda: CE().forward(Z, np.ones((6, 3))),
        "SoftmaxCrossEntropy expected rows that sum to 1",
    ),
    "rows that are not numbers": (
        lambda: CE().forward(Z, np.full((6, 3), NAN)),
        "SoftmaxCrossEntropy expected rows that sum to 1",
    ),
    "penalty negative": (lambda: losses.L2(-1), "L2 expected a λ >= 0, got -1"),
    "penalty not a number": (lambda: losses.L1(NAN), "L1 expected a λ >= 0, got nan"),
    # models
    "one size": (
        lambda: models.mlp([784], rng=rng()),
        "mlp expected sizes from input to output, got [784]",
    ),
    "dropout without a stream": (
        lambda: models.mlp([4, 5, 3], rng=rng(), dropout=0.5),
        "mlp with dropout expected a dropout_rng of its own",
    ),
    "capture of what": (
        lambda: models.capture(network(), "sideways").__enter__(),
        "capture expected 'forward' or 'backward', got 'sideways'",
    ),
    # optimizers and schedules
    "rate zero": (lambda: opt.SGD(0), "SGD expected a rate lr > 0, got 0"),
    "rate negative": (lambda: opt.Adam(-0.1), "Adam expected a rate lr > 0, got -0.1"),
    "rate not a number": (lambda: opt.SGD(NAN), "SGD expected a rate lr > 0, got nan"),
    "rate infinite": (
        lambda: opt.Nesterov(math.inf),
        "Nesterov expected a rate lr > 0, got inf",
    ),
    "momentum 1": (
        lambda: opt.Momentum(0.1, momentum=1),
        "Momentum expected 0 <= momentum < 1, got 1",
    ),
    "decay negative": (
        lambda: opt.RMSProp(decay=-0.5),
        "RMSProp expected 0 <= decay < 1, got -0.5",
    ),
    "beta1 above 1": (
        lambda: opt.Adam(beta1=1.9),
        "Adam expected 0 <= beta1 < 1, got 1.9",
    ),
    "beta2 not a number": (
        lambda: opt.AdamW(beta2=NAN),
        "AdamW expected 0 <= beta2 < 1, got nan",
    ),
    "weight decay negative": (
        lambda: opt.AdamW(weight_decay=-1),
        "AdamW expected a weight_decay >= 0, got -1",
    ),
    "schedule of a negative rate": (
        lambda: sched.Exponential(-1, 0.5),
        "expected lr > 0 and factor > 0, got Exponential(lr=-1, factor=0.5)",
    ),
    "schedule of no rate": (
        lambda: sched.InverseSqrt(0),
        "expected lr > 0, got InverseSqrt(lr=0)",
    ),
    "schedule of an infinite rate": (
        lambda: sched.InverseSqrt(math.inf),
        "expected lr > 0, got InverseSqrt(lr=inf)",
    ),
    "schedule of a rate not a number": (
        lambda: sched.InverseSqrt(NAN),
        "expected lr > 0, got InverseSqrt(lr=nan)",
    ),
    "constant schedule of no rate": (
        lambda: sched.Constant(0),
        "expected lr > 0, got Constant(lr=0)",
    ),
    "plateau that nothing leaves": (
        lambda: sched.ReduceOnPlateau(0.1, threshold=1),
        "expected 0 <= threshold < 1, got ReduceOnPlateau(",
    ),
    "schedule that explodes": (
        lambda: sched.InverseTime(0.1, k=-0.5),
        "expected lr > 0 and k >= 0, got InverseTime(lr=0.1, k=-0.5)",
    ),
    "stairs without a length": (
        lambda: sched.Staircase(0.1, 0.5, every=0),
        "expected lr > 0, factor > 0 and every >= 1, got Staircase(",
    ),
    "cosine of no steps": (
        lambda: sched.Cosine(0.1, 0),
        "and n_steps >= 1, got Cosine(lr=0.1, n_steps=0, final=0.0)",
    ),
    "cosine that rises": (
        lambda: sched.Cosine(0.1, 10, final=0.2),
        "expected 0 <= final <= lr",
    ),
    "warm-up of a number": (
        lambda: sched.WarmUp(0.1, 10),
        "expected a schedule and n_steps >= 1, got WarmUp(schedule=0.1, n_steps=10)",
    ),
    "plateau that ends all": (
        lambda: sched.ReduceOnPlateau(0.1, factor=0),
        "expected lr > 0, 0 < factor < 1 and patience >= 0, got ReduceOnPlateau(",
    ),
    "plateau that changes nothing": (
        lambda: sched.ReduceOnPlateau(0.1, factor=1),
        "expected lr > 0, 0 < factor < 1 and patience >= 0, got ReduceOnPlateau(",
    ),
    # training
    "no samples": (
        lambda: fit(ROWS[:0]),
        "expected as many samples as targets and at least one, got x of shape (0, 4)",
    ),
    "fewer targets than samples": (
        lambda: fit(ROWS, labels(0, 1)),
        "expected as many samples as targets and at least one, got x of shape (6, 4) "
        "and y of shape (2,)",
    ),
    "batches of none": (
        lambda: fit(batch_size=0),
        "expected a batch size of at least 1, got 0",
    ),
    "batches of less": (
        lambda: fit(batch_size=-5),
        "expected a batch size of at least 1, got -5",
    ),
    "batches unasked": (
        lambda: next(training.batches(ROWS, ROWS, 0, rng=rng())),
        "expected a batch size of at least 1, got 0",
    ),
    "last batch of one in batch norm": (
        lambda: fit(batch_size=5),
        "BatchNorm(5) expected x with at least 2 values per feature in training",
    ),
    "accuracy of class numbers": (
        lambda: training.accuracy(labels(0, 1), labels(0, 1)),
        "accuracy expected outputs (N, K) and integer labels (N,), N ≥ 1, got (2,) and "
        "(2,)",
    ),
    "accuracy of one-hot rows": (
        lambda: training.accuracy(Z, Z),
        "accuracy expected outputs (N, K) and integer labels (N,), N ≥ 1, got (6, 3)",
    ),
    "accuracy of nothing": (
        lambda: training.accuracy(Z[:0], labels()),
        "N ≥ 1, got (0, 3) and (0,)",
    ),
    "early stopping without validation": (
        lambda: early_stopping("validation loss"),
        "EarlyStopping expected to watch one of loss; got 'validation loss' (does fit "
        "have validation data?)",
    ),
    "no patience": (
        lambda: training.EarlyStopping(patience=0),
        "EarlyStopping expected patience >= 1, got 0",
    ),
    "validation of another size": (
        lambda: fit(validation=(ROWS, labels(0))),
        "got outputs of shape (6, 3) and targets of shape (1,)",
    ),
    # data
    "more images than there are": (
        lambda: load_mnist(n_train=60_001),
        "load_mnist expected n_train from 0 to 60000, got 60001",
    ),
    "fewer images than none": (
        lambda: load_mnist(n_train=1, n_test=-1),
        "load_mnist expected n_test from 0 to 10000, got -1",
    ),
}


@pytest.mark.parametrize("name", MISUSES)
def test_misuse(name):
    misuse, message = MISUSES[name]
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        misuse()
    assert caught.type is ValueError


@pytest.mark.parametrize("layer", [Dense(4, 4, rng=rng()), BatchNorm(4), ReLU()])
def test_backward_without_a_training_forward(layer):
    layer.forward(ROWS)
    message = re.escape(f"{layer!r}.backward needs forward(x, training=True)")
    with pytest.raises(RuntimeError, match=message):
        layer.backward(ROWS)


@pytest.mark.parametrize("wrong", [ReLU, "relu", None])
def test_what_is_not_a_layer(wrong):
    with pytest.raises(TypeError, match=r"Sequential expected layers, got \w+: .*"):
        models.Sequential([Dense(4, 3, rng=rng()), wrong])


def test_rng_is_required():
    for kind, arguments in (
        (Dense, (4, 3)),
        (Dropout, (0.5,)),
        (models.mlp, ([4, 3],)),
    ):
        with pytest.raises(TypeError, match="required keyword-only argument: 'rng'"):
            kind(*arguments)


# Training that diverges


@pytest.mark.parametrize("epochs", [1, 5])
def test_diverging_training_says_where(epochs):
    """Without a warning: those that NumPy would give are what the error reports."""
    x, y = rng().standard_normal((20, 4)).astype(np.float32), np.arange(20) % 3
    model = models.mlp([4, 50, 50, 3], rng=rng())
    message = (
        r"expected a finite loss, got (nan|inf) at step \d+ \(epoch \d\): the training "
        "diverged; try a smaller learning rate"
    )
    with pytest.raises(FloatingPointError, match=message):
        training.fit(
            model, CE(), opt.SGD(1e30), x, y, epochs=epochs, batch_size=5, rng=rng()
        )


def test_the_epoch_of_a_bad_loss_is_the_one_of_fit():
    class Spoiled(CE):
        calls = 0

        def forward(self, outputs, targets):
            self.calls += 1
            value = super().forward(outputs, targets)
            return math.nan if self.calls == 8 else value

    with pytest.raises(FloatingPointError, match=r"got nan at step 7 \(epoch 3\)"):
        training.fit(
            network(),
            Spoiled(),
            opt.SGD(0.1),
            ROWS,
            np.zeros(6, int),
            epochs=5,
            batch_size=3,
            rng=rng(),
        )


def test_weights_that_overflow_in_the_last_update_do_not_warn():
    x = rng().standard_normal((6, 4)).astype(np.float32)
    model = models.mlp([4, 50, 50, 3], rng=rng())
    history = training.fit(
        model,
        CE(),
        opt.SGD(1e30),
        x,
        np.arange(6) % 3,
        epochs=1,
        batch_size=6,
        rng=rng(),
        validation=(x, np.arange(6) % 3),
    )
    assert not math.isfinite(history["validation loss"][0])


# Files of models


def store(path, **arrays):
    np.savez(path, **arrays)


def as_npy(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def changed(name, value):
    def write(path):
        model = network()
        store(path, **{**model.params, **model.buffers, name: value})

    return write


def without(name):
    def write(path):
        model = network()
        arrays = {**model.params, **model.buffers}
        del arrays[name]
        store(path, **arrays)

    return write


def objects(path):
    store(path, objects=np.array([{}, []], dtype=object))


def cut(path):
    models.save(network(), path)
    path.write_bytes(path.read_bytes()[:700])


FITS_NOT, NO_ARCHIVE = "does not fit the model: ", "is not a readable .npz archive"
BAD_FILES = {
    "empty": (lambda path: path.write_bytes(b""), NO_ARCHIVE),
    "text": (lambda path: path.write_text("W = 3"), NO_ARCHIVE),
    "one array": (as_npy, NO_ARCHIVE),
    "truncated": (cut, NO_ARCHIVE),
    "objects": (objects, NO_ARCHIVE),
    "of another program": (
        lambda path: store(path, weights=np.zeros(3)),
        FITS_NOT + "batchnorm1.beta expected (5,), got nothing",
    ),
    "one array too many": (
        changed("dense9.W", np.zeros((2, 2))),
        FITS_NOT + "dense9.W expected nothing, got (2, 2)",
    ),
    "one array missing": (
        without("dense2.W"),
        FITS_NOT + "dense2.W expected (5, 3), got nothing",
    ),
    "one array of another shape": (
        changed("dense2.b", np.zeros(4)),
        FITS_NOT + "dense2.b expected (3,), got (4,)",
    ),
    "a shape that would broadcast": (
        changed("dense2.W", np.zeros((1, 3))),
        FITS_NOT + "dense2.W expected (5, 3), got (1, 3)",
    ),
    "text in place of numbers": (
        changed("dense2.b", np.array(["a", "b", "c"])),
        "does not hold numbers in dense2.b",
    ),
    "complex numbers": (
        changed("dense2.b", np.zeros(3, complex)),
        "does not hold numbers in dense2.b",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_named_and_leaves_the_model_as_it_was(tmp_path, name):
    write, message = BAD_FILES[name]
    path, model = tmp_path / "model.npz", network()
    write(path)
    before = copies(model.params | model.buffers)
    with pytest.raises(ValueError, match=re.escape(f"{path} {message}")) as caught:
        models.load(model, path)
    assert caught.type is ValueError
    for key, array in (model.params | model.buffers).items():
        np.testing.assert_array_equal(array, before[key])


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        models.load(network(), tmp_path / "nowhere.npz")


def test_failed_layer_leaves_the_averages_alone():
    layer = BatchNorm(4)
    before = copies(layer.buffers)
    with pytest.raises(ValueError, match="at least 2 values"):
        layer.forward(away_from_kinks((1, 4)), training=True)
    for name, array in layer.buffers.items():
        np.testing.assert_array_equal(array, before[name])
