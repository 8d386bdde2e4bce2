"""Batch normalization."""

from __future__ import annotations

import numpy as np

from dlbasics.arrays import DTYPE, Array, share, sum_features
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
        self, n_features: int, *, decay: float = 0.9, eps: float = 1e-5, dtype=DTYPE
    ) -> None:
        super().__init__()
        self.decay, self.eps = share(self, "decay", decay), eps
        self.add_param("gamma", np.ones(n_features, dtype))
        self.add_param("beta", np.zeros(n_features, dtype))
        self.buffers["mean"] = np.zeros(n_features, dtype)
        self.buffers["var"] = np.ones(n_features, dtype)

    def forward(self, x: Array, *, training: bool = False) -> Array:
        n = len(self.params["gamma"])
        self.expect(x.ndim >= 2 and x.shape[-1] == n, f"of shape (N, …, {n})", x)
        mean, var = self.observe(x) if training else self.buffers.values()
        inv_std = 1 / np.sqrt(var + self.eps)
        x_hat = (x - mean) * inv_std
        self._cache = (x_hat, inv_std) if training else self._cache
        return self.params["gamma"] * x_hat + self.params["beta"]

    def observe(self, x: Array) -> tuple[Array, Array]:
        n = x.size // x.shape[-1]
        self.expect(n > 1, "with at least 2 values per feature in training", x)
        mean, var = moments(x)
        for name, now in (("mean", mean), ("var", var * (n / (n - 1)))):
            self.buffers[name] += (1 - self.decay) * (now - self.buffers[name])
        return mean, var

    def backward(self, dy: Array) -> Array:
        x_hat, inv_std = self.take_cache()
        n = dy.size // dy.shape[-1]
        dgamma = sum_features(dy * x_hat, out=self.grads["gamma"])
        dbeta = sum_features(dy, out=self.grads["beta"])
        return self.params["gamma"] * inv_std * (dy - dbeta / n - x_hat * (dgamma / n))


def moments(x: Array) -> tuple[Array, Array]:
    """Return mean and variance over every axis but the last, each of shape (D,)."""
    n = x.size // x.shape[-1]
    mean = sum_features(x) / n
    return mean, sum_features((x - mean) ** 2) / n
