"""The dense (fully connected, affine) layer."""

from __future__ import annotations

import numpy as np

from dlbasics.arrays import DTYPE, Array
from dlbasics.initializers import Initializer, as_initializer, he
from dlbasics.layers.base import Layer


class Dense(Layer):
    """Weighted sums: every output looks at every input.

    y = x W + b      with x (N, n_in), W (n_in, n_out), b (n_out,), y (N, n_out)
    dW = xᵀ dy,  db = sum of dy over the batch,  dx = dy Wᵀ

    `init` is an initializer, its name, or a standard deviation; biases start at 0.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        init: Initializer | str | float = he,
        dtype: type = DTYPE,
    ) -> None:
        super().__init__()
        self.add_param("W", as_initializer(init)((n_in, n_out), rng=rng, dtype=dtype))
        self.add_param("b", np.zeros(n_out, dtype))

    def forward(self, x: Array, *, training: bool = False) -> Array:
        W, b = self.params["W"], self.params["b"]
        self.expect(x.ndim == 2 and x.shape[1] == len(W), f"of shape (N, {len(W)})", x)
        if training:
            self._cache = (x,)
        y = x @ W
        y += b
        return y

    def fill_grads(self, dy: Array) -> None:
        (x,) = self.take_cache()
        np.matmul(x.T, dy, out=self.grads["W"])
        np.sum(dy, axis=0, out=self.grads["b"])

    def backward(self, dy: Array) -> Array:
        self.fill_grads(dy)
        return dy @ self.params["W"].T
