"""Layers in a row: building, looking inside, saving and loading."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise

import numpy as np

from dlbasics.arrays import DTYPE, Array
from dlbasics.files import write_aside
from dlbasics.initializers import Initializer, he
from dlbasics.layers import BatchNorm, Dense, Dropout, Layer, make_activation

Hook = Callable[[str, str, Array], None]


class Sequential(Layer):
    """Layers in a row, each fed with the output of the one before.

    `layers` is a mapping from names to layers, or just the layers, which are then
    called dense1, relu1, dense2, … . `params`, `grads` and `buffers` hold the arrays
    of all layers under flat names such as `dense1.W`. Each function in `hooks` is
    called as `hook("forward", name, output)` and `hook("backward", name, dy)`, where
    dy is the gradient with respect to that layer's output.
    """

    def __init__(self, layers: Mapping[str, Layer] | Iterable[Layer]) -> None:
        super().__init__()
        self.layers = dict(layers if isinstance(layers, Mapping) else named(layers))
        self.hooks: list[Hook] = []
        for name, layer in self.layers.items():
            adopt(self, name, layer)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        for name, layer in self.layers.items():
            x = layer.forward(x, training=training)
            for hook in self.hooks:
                hook("forward", name, x)
        return x

    def backward(self, dy: Array) -> Array:
        for name, layer in reversed(self.layers.items()):
            for hook in self.hooks:
                hook("backward", name, dy)
            dy = layer.backward(dy)
        return dy

    def fill_grads(self, dy: Array) -> None:
        """Go back as far as the first layer's parameters, not to the inputs."""
        first = next(iter(self.layers), None)
        for name, layer in reversed(self.layers.items()):
            for hook in self.hooks:
                hook("backward", name, dy)
            dy = layer.fill_grads(dy) if name == first else layer.backward(dy)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={layer!r}" for name, layer in self.layers.items())
        return f"Sequential({inside})"


class Residual(Layer):
    """A detour around layers: what they compute is added to what they were given.

    y = f(x) + x,             dx = f's dx + dy
    y = f(x) + shortcut(x)    where f changes the shape, with a `Conv2D` of size 1

    The gradient always has the way that does nothing to it.
    Source: He et al. (2016), arXiv 1512.03385.
    """

    def __init__(self, inner: Layer, *, shortcut: Layer | None = None) -> None:
        super().__init__()
        self.inner, self.shortcut = inner, shortcut
        adopt(self, "inner", inner)
        if shortcut is not None:
            adopt(self, "shortcut", shortcut)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        y = self.inner.forward(x, training=training)
        around = self.shortcut.forward(x, training=training) if self.shortcut else x
        self.expect(y.shape == around.shape, f"that inner leaves {around.shape}", y)
        return y + around

    def backward(self, dy: Array) -> Array:
        dx = self.inner.backward(dy)
        return dx + (self.shortcut.backward(dy) if self.shortcut else dy)

    def __repr__(self) -> str:
        return f"Residual({self.inner!r})"


def adopt(parent: Layer, name: str, child: Layer) -> None:
    """Give the parent the child's arrays, the same objects, as `name.W` and so on."""
    if not isinstance(child, Layer):
        kind = type(parent).__name__
        raise TypeError(f"{kind} expected layers, got {name}: {child!r}")
    for kind in ("params", "grads", "buffers"):
        for key, array in getattr(child, kind).items():
            getattr(parent, kind)[f"{name}.{key}"] = array


def named(layers: Iterable[Layer]) -> Iterator[tuple[str, Layer]]:
    """Number the layers of each class: dense1, relu1, dense2, …"""
    count: Counter[str] = Counter()
    for layer in layers:
        kind = type(layer).__name__.lower()
        count[kind] += 1
        yield f"{kind}{count[kind]}", layer


def mlp(
    sizes: Sequence[int],
    *,
    rng: np.random.Generator,
    activation: str | Callable[[], Layer] = "relu",
    init: Initializer | str | float = he,
    batch_norm: bool = False,
    dropout: float = 0.0,
    dropout_rng: np.random.Generator | None = None,
    dtype: type = DTYPE,
) -> Sequential:
    """Build a multilayer perceptron: dense layers with activations in between.

    Parameters
    ----------
    sizes : numbers of units from input to output; [784, 100, 10] has one hidden layer.
    activation : a name from `layers.ACTIVATIONS`, or a layer class; after every dense
        layer but the last, whose outputs are logits or predicted quantities.
    batch_norm : normalize before each activation.
    dropout : share of hidden units to silence; needs `dropout_rng`, a stream of its
        own, so that networks with and without dropout start from equal weights.
    """
    if len(sizes) < 2:
        raise ValueError(f"mlp expected sizes from input to output, got {sizes}")
    layers: list[Layer] = []
    for n_in, n_out in pairwise(sizes[:-1]):
        layers.append(Dense(n_in, n_out, rng=rng, init=init, dtype=dtype))
        if batch_norm:
            layers.append(BatchNorm(n_out, dtype=dtype))
        layers.append(make_activation(activation, dtype=dtype))
        if dropout:
            if dropout_rng is None:
                raise ValueError("mlp with dropout expected a dropout_rng of its own")
            layers.append(Dropout(dropout, rng=dropout_rng))
    layers.append(Dense(*sizes[-2:], rng=rng, init=init, dtype=dtype))
    return Sequential(layers)


@contextmanager
def capture(model: Sequential, phase: str = "forward") -> Iterator[dict[str, Array]]:
    """Collect a copy of what leaves every layer while the block runs.

    `phase="forward"`: the outputs. `phase="backward"`: the gradients with respect to
    those outputs. The dict maps layer names to the arrays of the latest pass.
    """
    if phase not in ("forward", "backward"):
        raise ValueError(f"capture expected 'forward' or 'backward', got {phase!r}")
    seen: dict[str, Array] = {}

    def hook(when: str, name: str, values: Array) -> None:
        if when == phase:
            seen[name] = values.copy()

    model.hooks.append(hook)
    try:
        yield seen
    finally:
        model.hooks.remove(hook)


def save(model: Layer, path: str | os.PathLike, *, dtype: type | None = None) -> None:
    """Write parameters and buffers to a `.npz` archive, all of it or nothing.

    `dtype=np.float16` halves the file and keeps about three digits of each number.
    """
    arrays = {**model.params, **model.buffers}
    with write_aside(path) as file:
        np.savez(file, **{k: a.astype(dtype or a.dtype) for k, a in arrays.items()})


def load(model: Layer, path: str | os.PathLike) -> None:
    """Read what `save` wrote into a model of the same layers, in place.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, if it is damaged or holds other arrays than the
        model; the model is then unchanged.
    """
    stored, wanted = read_arrays(path), {**model.params, **model.buffers}
    for name in sorted(wanted.keys() | stored.keys()):
        expected = wanted[name].shape if name in wanted else "nothing"
        got = stored[name].shape if name in stored else "nothing"
        if expected != got:
            raise ValueError(
                f"{path} does not fit the model: {name} expected {expected}, got {got}"
            )
    for name, array in wanted.items():
        array[...] = stored[name]


def read_arrays(path: str | os.PathLike) -> dict[str, Array]:
    """Read the arrays of real numbers in a `.npz` archive, or say what is wrong."""
    with open(path, "rb") as file:
        try:
            archive = np.load(file, allow_pickle=False)
            arrays = {name: archive[name] for name in archive.files}
            kinds = {name: array.dtype.kind for name, array in arrays.items()}
        except Exception as error:  # which one depends on where the damage is
            message = f"{path} is not a readable .npz archive: {error}"
            raise ValueError(message) from error
    if foreign := [name for name, kind in kinds.items() if kind not in "fiu"]:
        raise ValueError(f"{path} does not hold numbers in {', '.join(foreign)}")
    return arrays
