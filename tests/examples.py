"""One example of everything there is, for the tests that visit all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from dlbasics import constraints, layers, losses, optimizers, schedules
from dlbasics.layers import Layer
from dlbasics.losses import Loss
from dlbasics.models import Residual, Sequential
from dlbasics.optimizers import Optimizer

ROWS, IMAGES = (6, 4), (4, 2, 3, 4)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@dataclass(frozen=True)
class LayerExample:
    """How to make a layer in a precision, and the shapes that it takes."""

    name: str
    kind: type[Layer]
    make: Callable[[type], Layer]
    shapes: tuple[tuple[int, ...], ...] = (ROWS, IMAGES)

    def fresh(self, dtype: type = np.float64, seed: int = 1) -> Layer:
        """Return the layer with parameters and averages that are not special."""
        layer, random = self.make(dtype), rng(seed)
        for array in layer.params.values():
            array[...] = random.uniform(0.2, 0.9, array.shape)
        for array in layer.buffers.values():
            array[...] = random.uniform(0.5, 1.5, array.shape)
        return layer


def small_network(dtype: type) -> Sequential:
    return Sequential(
        [
            layers.Dense(4, 5, rng=rng(), dtype=dtype),
            layers.BatchNorm(5, dtype=dtype),
            layers.Tanh(),
            layers.Dense(5, 3, rng=rng(), dtype=dtype),
        ]
    )


LAYERS = [
    LayerExample(
        "Dense", layers.Dense, lambda t: layers.Dense(4, 3, rng=rng(), dtype=t), (ROWS,)
    ),
    LayerExample("Identity", layers.Identity, lambda t: layers.Identity()),
    LayerExample("Step", layers.Step, lambda t: layers.Step()),
    LayerExample("Sigmoid", layers.Sigmoid, lambda t: layers.Sigmoid()),
    LayerExample("Tanh", layers.Tanh, lambda t: layers.Tanh()),
    LayerExample("ReLU", layers.ReLU, lambda t: layers.ReLU()),
    LayerExample("LeakyReLU", layers.LeakyReLU, lambda t: layers.LeakyReLU(0.2)),
    LayerExample("PReLU one", layers.PReLU, lambda t: layers.PReLU(dtype=t)),
    LayerExample("PReLU each", layers.PReLU, lambda t: layers.PReLU(4, dtype=t)),
    LayerExample("ELU", layers.ELU, lambda t: layers.ELU(1.5)),
    LayerExample("BatchNorm", layers.BatchNorm, lambda t: layers.BatchNorm(4, dtype=t)),
    LayerExample("Dropout", layers.Dropout, lambda t: layers.Dropout(0.4, rng=rng(3))),
    LayerExample(
        "OriginalDropout",
        layers.OriginalDropout,
        lambda t: layers.OriginalDropout(0.4, rng=rng(3)),
    ),
    LayerExample("Flatten", layers.Flatten, lambda t: layers.Flatten()),
    LayerExample(
        "Conv2D",
        layers.Conv2D,
        lambda t: layers.Conv2D(4, 3, (2, 3), padding=1, stride=2, rng=rng(), dtype=t),
        (IMAGES,),
    ),
    LayerExample(
        "Conv2D, stride 1",
        layers.Conv2D,
        lambda t: layers.Conv2D(4, 3, 3, padding="same", rng=rng(), dtype=t),
        (IMAGES,),
    ),
    LayerExample(
        "PlainConv2D",
        layers.PlainConv2D,
        lambda t: layers.PlainConv2D(4, 3, (2, 3), padding=1, rng=rng(), dtype=t),
        (IMAGES,),
    ),
    LayerExample(
        "DepthwiseConv2D",
        layers.DepthwiseConv2D,
        lambda t: layers.DepthwiseConv2D(4, 3, padding="same", rng=rng(), dtype=t),
        (IMAGES,),
    ),
    LayerExample(
        "MaxPool2D", layers.MaxPool2D, lambda t: layers.MaxPool2D(2), (IMAGES,)
    ),
    LayerExample(
        "AveragePool2D",
        layers.AveragePool2D,
        lambda t: layers.AveragePool2D(2, stride=1, padding="same"),
        (IMAGES,),
    ),
    LayerExample(
        "GlobalAveragePool2D",
        layers.GlobalAveragePool2D,
        lambda t: layers.GlobalAveragePool2D(),
        (IMAGES,),
    ),
    LayerExample(
        "GlobalMaxPool2D",
        layers.GlobalMaxPool2D,
        lambda t: layers.GlobalMaxPool2D(),
        (IMAGES,),
    ),
    LayerExample(
        "Residual",
        Residual,
        lambda t: Residual(
            Sequential([layers.Dense(4, 3, rng=rng(), dtype=t), layers.Tanh()]),
            shortcut=layers.Dense(4, 3, rng=rng(1), dtype=t),
        ),
        (ROWS,),
    ),
    LayerExample(
        "Residual plain", Residual, lambda t: Residual(layers.BatchNorm(4, dtype=t))
    ),
    LayerExample("Sequential", Sequential, small_network, (ROWS,)),
]

LOSSES: list[tuple[type[Loss], Callable[[], np.ndarray]]] = [
    (losses.MeanSquaredError, lambda: rng(5).standard_normal((6, 4))),
    (losses.MeanAbsoluteError, lambda: rng(5).standard_normal((6, 4))),
    (losses.BinaryCrossEntropy, lambda: rng(5).random((6, 4))),
    (losses.BinaryCrossEntropy, lambda: rng(5).integers(2, size=(6, 4))),
    (losses.SoftmaxCrossEntropy, lambda: rng(5).integers(4, size=6)),
    (losses.SoftmaxCrossEntropy, lambda: rng(5).dirichlet(np.ones(4), 6)),
]

OPTIMIZERS: dict[type[Optimizer], Callable[[], Optimizer]] = {
    optimizers.SGD: lambda: optimizers.SGD(0.1),
    optimizers.Momentum: lambda: optimizers.Momentum(0.05, momentum=0.8),
    optimizers.Nesterov: lambda: optimizers.Nesterov(0.05, momentum=0.8),
    optimizers.AdaGrad: lambda: optimizers.AdaGrad(0.5),
    optimizers.RMSProp: lambda: optimizers.RMSProp(0.01),
    optimizers.Adam: lambda: optimizers.Adam(0.05),
    optimizers.AdamW: lambda: optimizers.AdamW(0.05, weight_decay=0.01),
    constraints.Constrained: lambda: constraints.Constrained(
        optimizers.SGD(0.1), constraints.SoftThreshold(0.01)
    ),
}

SCHEDULES: dict[type, Callable[[], schedules.Schedule]] = {
    schedules.Constant: lambda: schedules.Constant(0.4),
    schedules.InverseTime: lambda: schedules.InverseTime(0.4, k=0.1),
    schedules.Exponential: lambda: schedules.Exponential(0.4, 0.9),
    schedules.InverseSqrt: lambda: schedules.InverseSqrt(0.4),
    schedules.Staircase: lambda: schedules.Staircase(0.4, 0.5, every=4),
    schedules.Cosine: lambda: schedules.Cosine(0.4, 20, final=0.01),
    schedules.WarmUp: lambda: schedules.WarmUp(schedules.InverseSqrt(0.4), 5),
    schedules.ReduceOnPlateau: lambda: schedules.ReduceOnPlateau(0.4),
}


def all_subclasses(kind: type) -> Iterator[type]:
    """Every concrete class of the package below `kind`, however deep."""
    for child in kind.__subclasses__():
        yield from all_subclasses(child)
        if child.__module__.startswith("dlbasics") and not inspect.isabstract(child):
            yield child


def away_from_kinks(
    shape: tuple[int, ...], *, dtype: type = np.float64, seed: int = 2
) -> np.ndarray:
    """Normal numbers of which none is within 0.1 of 0."""
    x = rng(seed).standard_normal(shape)
    return (x + 0.1 * np.sign(x)).astype(dtype)


def read_only(x: np.ndarray) -> np.ndarray:
    x = x.copy()
    x.flags.writeable = False
    return x


def copies(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: array.copy() for name, array in arrays.items()}


def assert_same_arrays(got: dict, expected: dict) -> None:
    assert got.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(got[name], array, err_msg=name, strict=True)
