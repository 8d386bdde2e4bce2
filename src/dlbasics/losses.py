"""What a network is told about its mistakes.

`loss.forward(outputs, targets)` is one number, the mean over the batch;
`loss.backward()` is its gradient with respect to the outputs. Classification losses
take *logits*, the raw outputs of the last dense layer, because softmax and logarithm
together are exact where one after the other would overflow or round to zero.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np

from dlbasics.arrays import Array, share
from dlbasics.functions import log_softmax, one_hot, sigmoid


class Loss(ABC):
    """A number to be made small, and its gradient."""

    def __init__(self) -> None:
        self._cache: tuple | None = None

    @abstractmethod
    def forward(self, outputs: Array, targets: Array) -> float:
        """Return the mean loss of a batch."""

    @abstractmethod
    def backward(self) -> Array:
        """Return the gradient of the last forward with respect to its outputs."""

    def take_cache(self) -> tuple:
        if self._cache is None:
            raise RuntimeError(f"{type(self).__name__}.backward needs a forward first")
        cache, self._cache = self._cache, None
        return cache

    def expect(self, fits: bool, expected: str, outputs: Array, targets: Array) -> None:
        if not fits:
            raise ValueError(
                f"{type(self).__name__} expected {expected}, got outputs of shape "
                f"{outputs.shape} and targets of shape {targets.shape} "
                f"({targets.dtype})"
            )


def in_precision_of(outputs: Array, targets: Array) -> Array:
    """Return the targets as floats that do not widen float32 outputs to float64."""
    return np.asarray(targets, np.result_type(outputs, np.float32))


class MeanSquaredError(Loss):
    """mean of (y - t)² over samples and outputs; y and t of equal shape.

    Gradient: 2 (y - t) / (number of entries).
    """

    def forward(self, outputs: Array, targets: Array) -> float:
        targets = in_precision_of(outputs, targets)
        same = outputs.shape == targets.shape and outputs.size > 0
        expected = "outputs and targets of equal shape, N ≥ 1"
        self.expect(same, expected, outputs, targets)
        difference = outputs - targets
        self._cache = (difference,)
        return float(np.mean(difference * difference))

    def backward(self) -> Array:
        (difference,) = self.take_cache()
        return difference * (2 / difference.size)


class MeanAbsoluteError(Loss):
    """mean of |y - t| over samples and outputs; y and t of equal shape.

    Gradient: sign(y - t) / (number of entries), 0 where y = t.
    """

    def forward(self, outputs: Array, targets: Array) -> float:
        targets = in_precision_of(outputs, targets)
        same = outputs.shape == targets.shape and outputs.size > 0
        expected = "outputs and targets of equal shape, N ≥ 1"
        self.expect(same, expected, outputs, targets)
        difference = outputs - targets
        self._cache = (difference,)
        return float(np.mean(np.abs(difference)))

    def backward(self) -> Array:
        (difference,) = self.take_cache()
        return np.sign(difference) / difference.size


class BinaryCrossEntropy(Loss):
    """-mean of t log a + (1 - t) log(1 - a) with a = sigmoid(z); nats per sample.

    z : logits (N,) or (N, 1); t : targets of the same shape, each in [0, 1].
    Gradient: (a - t) / (number of entries).
    """

    def forward(self, outputs: Array, targets: Array) -> float:
        targets = in_precision_of(outputs, targets)
        same = outputs.shape == targets.shape and outputs.size > 0
        expected = "logits and targets of equal shape, N ≥ 1"
        self.expect(same, expected, outputs, targets)
        if not (targets.min() >= 0 and targets.max() <= 1):
            raise ValueError(
                "BinaryCrossEntropy expected targets in [0, 1], got values from "
                f"{targets.min():g} to {targets.max():g}"
            )
        self._cache = (outputs, targets)
        z = outputs  # log(1 + exp(z)) - t z, with an exponential that cannot overflow
        log1p_exp = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
        return float(np.mean(log1p_exp - targets * z))

    def backward(self) -> Array:
        z, targets = self.take_cache()
        return (sigmoid(z) - targets) / z.size


class SoftmaxCrossEntropy(Loss):
    """-mean over samples of sum_k t_k log softmax(z)_k; nats per sample.

    z : logits (N, K); t : integer labels (N,) or rows (N, K) that sum to 1, such as
    one-hot. Both kinds of target give the same number. `smoothing` ε replaces t by
    (1 - ε) t + ε/K: every class is owed a little (Szegedy et al. 2016).
    Gradient: (softmax(z) - t) / N.
    """

    def __init__(self, *, smoothing: float = 0.0) -> None:
        super().__init__()
        self.smoothing = share(self, "smoothing", smoothing)

    def forward(self, outputs: Array, targets: Array) -> float:
        targets = self.as_rows(outputs, np.asarray(targets))
        if self.smoothing:
            even = self.smoothing / outputs.shape[1]
            targets = (1 - self.smoothing) * targets + even
        log_p = log_softmax(outputs)
        self._cache = (log_p, targets)
        return -float(np.sum(targets * log_p)) / len(outputs)

    def backward(self) -> Array:
        log_p, targets = self.take_cache()
        return (np.exp(log_p) - targets) / len(log_p)

    def as_rows(self, outputs: Array, targets: Array) -> Array:
        fits = outputs.ndim == 2 and len(outputs) > 0
        if fits and targets.shape == outputs.shape[:1] and targets.dtype.kind in "iu":
            return one_hot(targets, outputs.shape[1], dtype=outputs.dtype)
        expected = "logits (N, K) and integer labels (N,) or rows (N, K), N ≥ 1"
        fits = fits and targets.shape == outputs.shape
        self.expect(fits, expected, outputs, targets)
        sums_to_1 = np.allclose(targets.sum(axis=1), 1, atol=1e-3)
        self.expect(sums_to_1, "rows that sum to 1", outputs, targets)
        return in_precision_of(outputs, targets)


class Penalty(ABC):
    """An extra term of the loss that grows with the weights, not with mistakes.

    It sees arrays with two or more axes (weights), not biases or the scale and shift
    of batch normalization. `strength` is λ, in units of loss per unit of penalty.
    """

    def __init__(self, strength: float) -> None:
        if not strength >= 0:
            raise ValueError(f"{type(self).__name__} expected a λ >= 0, got {strength}")
        self.strength = float(strength)

    @abstractmethod
    def value(self, w: Array) -> float:
        """Return the penalty of one array for λ = 1."""

    @abstractmethod
    def gradient(self, w: Array) -> Array:
        """Return the derivative of `value` with respect to each entry."""

    def forward(self, params: Mapping[str, Array]) -> float:
        weights = (w for w in params.values() if w.ndim > 1)
        return self.strength * sum(self.value(w) for w in weights)

    def backward(self, params: Mapping[str, Array], grads: Mapping[str, Array]) -> None:
        """Add the penalty's gradient to `grads`, in place."""
        for name, w in params.items():
            if w.ndim > 1:
                grads[name] += self.strength * self.gradient(w)


class L1(Penalty):
    """λ · sum of |w|; gradient λ sign(w): the same pull on small and large weights."""

    def value(self, w: Array) -> float:
        return float(np.abs(w).sum())

    def gradient(self, w: Array) -> Array:
        return np.sign(w)


class L2(Penalty):
    """λ/2 · sum of w²; gradient λ w: a pull in proportion to the weight."""

    def value(self, w: Array) -> float:
        return 0.5 * float(np.vdot(w, w))

    def gradient(self, w: Array) -> Array:
        return w
