"""The eight activations of chapter 03, each with the derivative it needs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlbasics import functions
from dlbasics.arrays import DTYPE, Array
from dlbasics.layers.base import Layer


class Identity(Layer):
    """y = x, dy/dx = 1: the output of a network that predicts a quantity."""

    def forward(self, x: Array, *, training: bool = False) -> Array:
        self._cache = () if training else self._cache
        return x

    def backward(self, dy: Array) -> Array:
        self.take_cache()
        return dy


class Step(Layer):
    """y = 1 if x > 0 else 0; dy/dx = 0 wherever it exists, so nothing is learned."""

    def forward(self, x: Array, *, training: bool = False) -> Array:
        self._cache = () if training else self._cache
        return functions.step(x)

    def backward(self, dy: Array) -> Array:
        self.take_cache()
        return np.zeros_like(dy)


class Sigmoid(Layer):
    """y = 1 / (1 + exp(-x)), between 0 and 1; dy/dx = y (1 - y), at most 1/4."""

    def forward(self, x: Array, *, training: bool = False) -> Array:
        y = functions.sigmoid(x)
        if training:
            self._cache = (y,)
        return y

    def backward(self, dy: Array) -> Array:
        (y,) = self.take_cache()
        return dy * y * (1 - y)


class Tanh(Layer):
    """y = tanh x, between -1 and 1; dy/dx = 1 - y², at most 1."""

    def forward(self, x: Array, *, training: bool = False) -> Array:
        y = np.tanh(x)
        if training:
            self._cache = (y,)
        return y

    def backward(self, dy: Array) -> Array:
        (y,) = self.take_cache()
        return dy * (1 - y * y)


class ReLU(Layer):
    """y = max(x, 0); dy/dx = 1 where x > 0, else 0.

    Source: Nair and Hinton (2010).
    """

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if training:
            self._cache = (x > 0,)
        return np.maximum(x, 0)

    def backward(self, dy: Array) -> Array:
        (positive,) = self.take_cache()
        return dy * positive


class LeakyReLU(Layer):
    """y = x where x > 0, else alpha · x; dy/dx = 1 or alpha, never 0.

    Source: Maas, Hannun and Ng (2013).
    """

    def __init__(self, alpha: float = 0.01) -> None:
        super().__init__()
        if not 0 < alpha < 1:
            raise ValueError(f"LeakyReLU expected 0 < alpha < 1, got {alpha}")
        self.alpha = float(alpha)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        if training:
            self._cache = (x > 0,)
        return functions.leaky_relu(x, self.alpha)

    def backward(self, dy: Array) -> Array:
        (positive,) = self.take_cache()
        return np.where(positive, dy, self.alpha * dy)

    def __repr__(self) -> str:
        return f"LeakyReLU({self.alpha:g})"


class PReLU(Layer):
    """Leaky ReLU whose slope is learned: y = x where x > 0, else alpha · x.

    `alpha` has shape (n_features,), one slope per feature of the last axis, or (1,)
    for one slope shared by all. dalpha = sum of dy · x over the negative x.
    Source: He et al. (2015), arXiv 1502.01852.
    """

    def __init__(
        self, n_features: int = 1, *, alpha: float = 0.25, dtype: type = DTYPE
    ) -> None:
        super().__init__()
        self.add_param("alpha", np.full(n_features, alpha, dtype))

    def forward(self, x: Array, *, training: bool = False) -> Array:
        n = len(self.params["alpha"])
        self.expect(n in (1, x.shape[-1]), f"with {n} features in its last axis", x)
        if training:
            self._cache = (x,)
        return np.where(x > 0, x, self.params["alpha"] * x)

    def backward(self, dy: Array) -> Array:
        (x,) = self.take_cache()
        dalpha = np.where(x > 0, 0, dy * x).reshape(-1, x.shape[-1]).sum(axis=0)
        one_slope = len(self.params["alpha"]) == 1
        self.grads["alpha"][:] = dalpha.sum() if one_slope else dalpha
        return np.where(x > 0, dy, self.params["alpha"] * dy)


class ELU(Layer):
    """y = x where x > 0, else alpha (exp(x) - 1); dy/dx = 1 or y + alpha.

    Source: Clevert, Unterthiner and Hochreiter (2015), arXiv 1511.07289.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        if not alpha > 0:
            raise ValueError(f"ELU expected alpha > 0, got {alpha}")
        self.alpha = float(alpha)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        y = functions.elu(x, self.alpha)
        if training:
            self._cache = (y,)
        return y

    def backward(self, dy: Array) -> Array:
        (y,) = self.take_cache()
        return np.where(y > 0, dy, dy * (y + self.alpha))

    def __repr__(self) -> str:
        return f"ELU({self.alpha:g})"


ACTIVATIONS: dict[str, Callable[[], Layer]] = {
    "identity": Identity,
    "step": Step,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "relu": ReLU,
    "leaky relu": LeakyReLU,
    "prelu": PReLU,
    "elu": ELU,
}


def make_activation(
    activation: str | Callable[[], Layer], *, dtype: type = DTYPE
) -> Layer:
    """Build a fresh activation layer from its name or its class."""
    kind = ACTIVATIONS.get(activation) if isinstance(activation, str) else activation
    if not callable(kind):
        names = ", ".join(ACTIVATIONS)
        raise ValueError(
            f"unknown activation {activation!r}: expected one of {names}, or a class"
        )
    return kind(dtype=dtype) if kind is PReLU else kind()
