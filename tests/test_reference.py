"""Equal to PyTorch: frozen values, see scripts/make_reference_values.py."""

from pathlib import Path

import numpy as np
import pytest

from dlbasics import layers, losses, optimizers, schedules
from dlbasics.models import Sequential
from dlbasics.training import predict, update

FOLDER = Path(__file__).parent / "reference"
PRECISIONS = pytest.mark.parametrize("dtype", [np.float64, np.float32])


class Case(dict):
    """The arrays of one case, in the precision of the test."""

    def __init__(self, family: str, name: str, dtype: type = np.float64) -> None:
        with np.load(FOLDER / f"{family}.npz", allow_pickle=False) as stored:
            for key in stored.files:
                if key.startswith(f"{name}."):
                    array = stored[key]
                    real = array.dtype == np.float64
                    self[key.removeprefix(f"{name}.")] = (
                        array.astype(dtype) if real else array
                    )
        self.dtype = dtype

    def agrees(self, name: str, got, *, scale: float = 1) -> None:
        tolerance = scale * (1e-10 if self.dtype == np.float64 else 1e-5)
        got = np.asarray(got)
        if got.ndim:
            assert got.dtype == self.dtype
        assert got.shape == self[name].shape
        np.testing.assert_allclose(
            got, self[name], rtol=tolerance, atol=tolerance, err_msg=name
        )


def check(layer, case: Case) -> None:
    for name, array in layer.params.items():
        array[...] = case.get(name, array)
    case.agrees("y", layer.forward(case["x"], training=True))
    case.agrees("dx", layer.backward(case["dy"]))
    for name, gradient in layer.grads.items():
        case.agrees(f"d{name}", gradient)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.npz")), ids=lambda p: p.stem)
def test_files_say_who_wrote_them(path):
    with np.load(path, allow_pickle=False) as stored:
        assert str(stored["torch"]).startswith("2.")
        assert len(stored.files) > 1


@PRECISIONS
def test_dense(dtype):
    layer = layers.Dense(5, 3, rng=np.random.default_rng(0), dtype=dtype)
    check(layer, Case("dense", "dense", dtype))


ACTIVATIONS = {
    "identity": lambda dtype: layers.Identity(),
    "sigmoid": lambda dtype: layers.Sigmoid(),
    "tanh": lambda dtype: layers.Tanh(),
    "relu": lambda dtype: layers.ReLU(),
    "leaky_relu": lambda dtype: layers.LeakyReLU(0.1),
    "elu": lambda dtype: layers.ELU(1.5),
    "prelu_one": lambda dtype: layers.PReLU(alpha=0.3, dtype=dtype),
    "prelu": lambda dtype: layers.PReLU(4, dtype=dtype),
    "prelu_images": lambda dtype: layers.PReLU(4, dtype=dtype),
}


@PRECISIONS
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(name, dtype):
    layer, case = ACTIVATIONS[name](dtype), Case("activations", name, dtype)
    check(layer, case)
    case.agrees("y", layer.forward(case["x"]))


@PRECISIONS
@pytest.mark.parametrize("name", ["rows", "images"])
def test_batch_norm(name, dtype):
    case = Case("batch_norm", name, dtype)
    layer = layers.BatchNorm(4, decay=0.9, eps=1e-5, dtype=dtype)
    for param in ("gamma", "beta"):
        layer.params[param][:] = case[param]
    for k in range(3):
        case.agrees(f"y{k}", layer.forward(case[f"x{k}"], training=True))
        case.agrees(f"dx{k}", layer.backward(case[f"dy{k}"]))
        case.agrees(f"dgamma{k}", layer.grads["gamma"])
        case.agrees(f"dbeta{k}", layer.grads["beta"])
        case.agrees(f"mean{k}", layer.buffers["mean"])
        case.agrees(f"var{k}", layer.buffers["var"])
    case.agrees("y_inference", layer.forward(case["x_inference"]))


def filters(kind=layers.Conv2D, sizes=(3, 4), size=3, **how):
    return lambda dtype: kind(
        *sizes, size, rng=np.random.default_rng(0), dtype=dtype, **how
    )


CONVOLUTION = {
    "valid": filters(),
    "same": filters(size=(2, 3), padding="same"),
    "stride_2": filters(size=(3, 2), stride=2, padding=1),
    "depthwise": filters(layers.DepthwiseConv2D, (3,), padding="same"),
    "pointwise": filters(sizes=(3, 5), size=1),
    "max": lambda dtype: layers.MaxPool2D(2),
    "max_overlap": lambda dtype: layers.MaxPool2D(3, stride=2, padding=1),
    "average": lambda dtype: layers.AveragePool2D(2),
    "average_overlap": lambda dtype: layers.AveragePool2D(3, stride=2, padding=1),
    "global_average": lambda dtype: layers.GlobalAveragePool2D(),
    "global_max": lambda dtype: layers.GlobalMaxPool2D(),
}


@PRECISIONS
@pytest.mark.parametrize("name", CONVOLUTION)
def test_convolution_and_pooling(name, dtype):
    layer, case = CONVOLUTION[name](dtype), Case("convolution", name, dtype)
    assert {"W", "b"} & case.keys() == set(layer.params)
    check(layer, case)
    case.agrees("y", layer.forward(case["x"]))


class Chosen:
    """A generator whose draws keep exactly the units that PyTorch kept."""

    def __init__(self, kept):
        self.kept = kept

    def random(self, shape, dtype):
        assert shape == self.kept.shape
        return self.kept.astype(dtype) * 0.9


@PRECISIONS
def test_dropout_given_what_is_kept(dtype):
    case = Case("dropout", "dropout", dtype)
    check(layers.Dropout(0.3, rng=Chosen(case["kept"])), case)


LOSSES = {
    "mse": losses.MeanSquaredError,
    "mae": losses.MeanAbsoluteError,
    "bce": losses.BinaryCrossEntropy,
    "ce_labels": losses.SoftmaxCrossEntropy,
    "ce_soft": losses.SoftmaxCrossEntropy,
}


@PRECISIONS
@pytest.mark.parametrize("name", LOSSES)
def test_loss(name, dtype):
    loss, case = LOSSES[name](), Case("losses", name, dtype)
    case.agrees("loss", loss.forward(case["outputs"], case["targets"]))
    case.agrees("gradient", loss.backward())


OPTIMIZERS = {
    "sgd": lambda: optimizers.SGD(0.1),
    "momentum": lambda: optimizers.Momentum(0.1, momentum=0.8),
    "nesterov": lambda: optimizers.Nesterov(0.1, momentum=0.8),
    "adagrad": lambda: optimizers.AdaGrad(0.1, eps=1e-3),
    "rmsprop": lambda: optimizers.RMSProp(0.1, decay=0.8, eps=1e-3),
    "adam": lambda: optimizers.Adam(0.1, beta1=0.8, beta2=0.95, eps=1e-3),
    "adamw": lambda: optimizers.AdamW(
        0.1, beta1=0.8, beta2=0.95, eps=1e-3, weight_decay=0.2
    ),
}


@PRECISIONS
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer(name, dtype):
    optimizer, case = OPTIMIZERS[name](), Case("optimizers", name, dtype)
    params = {key: case[f"{key}_start"].copy() for key in ("W", "b")}
    for k in range(5):
        optimizer.step(params, {key: case[f"d{key}{k}"] for key in params})
        for key, w in params.items():
            case.agrees(f"{key}{k}", w)


SCHEDULES = {
    "exponential": schedules.Exponential(0.4, 0.9),
    "staircase": schedules.Staircase(0.4, 0.5, every=4),
    "warm_up": schedules.WarmUp(lambda t: 0.4, 5),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule(name):
    Case("schedules", name).agrees("rates", [SCHEDULES[name](t) for t in range(20)])


def test_cosine():
    schedule = schedules.Cosine(0.4, 20, final=0.01)
    Case("schedules", "cosine").agrees("rates", [schedule(t) for t in range(20)])


def test_reduce_on_plateau():
    case = Case("schedules", "plateau")
    schedule, rates = schedules.ReduceOnPlateau(0.4, factor=0.5, patience=2), []
    for t, look in enumerate(case["looks"]):
        rates.append(schedule(t))
        schedule.observe(look)
    case.agrees("rates", rates)
    assert len(set(rates)) > 2


@PRECISIONS
def test_small_network_trained_by_adam(dtype):
    case, rng = Case("network", "network", dtype), np.random.default_rng(0)
    model = Sequential(
        [
            layers.Dense(12, 8, rng=rng, dtype=dtype),
            layers.BatchNorm(8, dtype=dtype),
            layers.ReLU(),
            layers.Dense(8, 4, rng=rng, dtype=dtype),
        ]
    )
    for name, w in model.params.items():
        w[...] = case[f"{name}_start"]
    loss, adam = losses.SoftmaxCrossEntropy(), optimizers.Adam(0.01, eps=1e-4)
    found = [
        update(model, loss, adam, case[f"x{k}"], case[f"labels{k}"]) for k in range(5)
    ]
    np.testing.assert_allclose(
        found, case["losses"], rtol=1e-10 if dtype == np.float64 else 1e-5
    )
    scale = 1 if dtype == np.float64 else 10
    for name, array in {**model.params, **model.buffers}.items():
        case.agrees(f"{name}_end", array, scale=scale)
    case.agrees("logits", predict(model, case["x0"]), scale=scale)
