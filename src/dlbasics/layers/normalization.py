"""Batch normalization."""

from __future__ import annotations

import numpy as np

from dlbasics.arrays import DTYPE, Array
from dlbasics.layers.base import Layer


class BatchNorm(Layer):
    """Shift and scale every feature to mean 0, variance 1, then to what is learned.

    training:   x̂ = (x - batch mean) / √(batch variance + eps)
    inference:  x̂ = (x - running mean) / √(running variance + eps)
    both:       y = gamma · x̂ + beta

    Statistics are taken over every axis but the last, so (N, D) is normalized per
    feature and (N, H, W, C) per channel. `decay` is the share of a running average
    that is kept at each batch: 0.9 here is `momentum=0.9` in Keras and
    `momentum=0.1` in PyTorch. The running variance uses n - 1, the batch variance n.
    Source: Ioffe and Szegedy (2015), arXiv 1502.03167.
    """

    def __init__(
        self,
        n_features: int,
        *,
        decay: float = 0.9,
        eps: float = 1e-5,
        dtype: type = DTYPE,
    ) -> None:
        super().__init__()
        self.decay, self.eps = decay, eps
        self.add_param("gamma", np.ones(n_features, dtype))
        self.add_param("beta", np.zeros(n_features, dtype))
        self.buffers["mean"] = np.zeros(n_features, dtype)
        self.buffers["var"] = np.ones(n_features, dtype)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        self.check(x, training)
        mean, var = self.buffers["mean"], self.buffers["var"]
        if training:
            axes, n = tuple(range(x.ndim - 1)), x.size // x.shape[-1]
            batch_mean, batch_var = x.mean(axis=axes), x.var(axis=axes)
            mean += (1 - self.decay) * (batch_mean - mean)
            var += (1 - self.decay) * (batch_var * (n / (n - 1)) - var)
            mean, var = batch_mean, batch_var
        inv_std = 1 / np.sqrt(var + self.eps)
        x_hat = (x - mean) * inv_std
        if training:
            self._cache = (x_hat, inv_std)
        return self.params["gamma"] * x_hat + self.params["beta"]

    def backward(self, dy: Array) -> Array:
        x_hat, inv_std = self.take_cache()
        axes, n = tuple(range(dy.ndim - 1)), dy.size // dy.shape[-1]
        dgamma = np.sum(dy * x_hat, axis=axes, out=self.grads["gamma"])
        dbeta = np.sum(dy, axis=axes, out=self.grads["beta"])
        return self.params["gamma"] * inv_std * (dy - (dbeta + x_hat * dgamma) / n)

    def check(self, x: Array, training: bool) -> None:
        n = len(self.params["gamma"])
        fits = x.ndim >= 2 and x.shape[-1] == n
        self.expect(fits, f"with {n} features in its last axis", x)
        enough = not training or x.size // n > 1
        self.expect(enough, "with at least 2 values per feature in training", x)

    def __repr__(self) -> str:
        return f"BatchNorm({len(self.params['gamma'])})"
