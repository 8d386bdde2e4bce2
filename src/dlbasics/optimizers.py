"""From gradients to smaller losses, in order of complexity.

Every optimizer changes parameters in place through `step(params, grads)`, two dicts of
arrays with the same names, so that the same class drives a network and a toy of two
variables. In the equations w is one array of parameters, g its gradient and η the
learning rate `lr`: a number, or a schedule from `dlbasics.schedules`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np

from dlbasics.arrays import Array, share
from dlbasics.schedules import Schedule


class Optimizer(ABC):
    """Keeps `n_slots` arrays of memory per parameter, and counts updates in `t`."""

    n_slots = 0

    def __init__(self, lr: float | Schedule) -> None:
        if not callable(lr) and not 0 < lr < math.inf:
            raise ValueError(f"{type(self).__name__} expected a rate lr > 0, got {lr}")
        self.lr = lr if callable(lr) else float(lr)
        self.t = 0
        self.state: dict[str, tuple[Array, ...]] = {}

    def step(self, params: Mapping[str, Array], grads: Mapping[str, Array]) -> None:
        """Update every parameter once."""
        lr = float(self.lr(self.t)) if callable(self.lr) else self.lr
        self.t += 1
        for name, w in params.items():
            if name not in self.state:
                self.state[name] = tuple(np.zeros_like(w) for _ in range(self.n_slots))
            self.update(w, grads[name], lr, *self.state[name])

    @abstractmethod
    def update(self, w: Array, g: Array, lr: float, *slots: Array) -> None:
        """Change one parameter array w and its memory in place."""


class SGD(Optimizer):
    """w ← w - η g: a step straight downhill."""

    def update(self, w, g, lr):
        w -= lr * g


class Momentum(Optimizer):
    """v ← μ v - η g,  w ← w + v: a ball that keeps a share μ of its speed.

    Source: Polyak (1964).
    """

    n_slots = 1

    def __init__(self, lr: float | Schedule, *, momentum: float = 0.9) -> None:
        super().__init__(lr)
        self.momentum = share(self, "momentum", momentum)

    def update(self, w, g, lr, v):
        v *= self.momentum
        v -= lr * g
        w += v


class Nesterov(Momentum):
    """v ← μ v - η g,  w ← w + μ v - η g: momentum that looks one step ahead.

    Written so that g is taken at w itself, as in Bengio et al. (2013), arXiv 1212.0901.
    Source: Nesterov (1983), and Sutskever et al. (2013) for deep networks.
    """

    def update(self, w, g, lr, v):
        v *= self.momentum
        v -= lr * g
        w += self.momentum * v - lr * g


class AdaGrad(Optimizer):
    """s ← s + g²,  w ← w - η g / (√s + ε): every entry has a rate that only falls.

    Source: Duchi, Hazan and Singer (2011).
    """

    n_slots = 1

    def __init__(self, lr: float | Schedule = 0.01, *, eps: float = 1e-10) -> None:
        super().__init__(lr)
        self.eps = eps

    def update(self, w, g, lr, s):
        s += g * g
        w -= lr * g / (np.sqrt(s) + self.eps)


class RMSProp(Optimizer):
    """s ← ρ s + (1 - ρ) g²,  w ← w - η g / (√s + ε): AdaGrad that forgets.

    Source: Tieleman and Hinton (2012), lecture 6.5 of a course.
    """

    n_slots = 1

    def __init__(
        self, lr: float | Schedule = 0.001, *, decay: float = 0.9, eps: float = 1e-8
    ) -> None:
        super().__init__(lr)
        self.decay, self.eps = share(self, "decay", decay), eps

    def update(self, w, g, lr, s):
        s *= self.decay
        s += (1 - self.decay) * g * g
        w -= lr * g / (np.sqrt(s) + self.eps)


class Adam(Optimizer):
    """Momentum over RMSProp, both corrected for having started at zero.

    m ← β₁ m + (1 - β₁) g       m̂ = m / (1 - β₁ᵗ)
    v ← β₂ v + (1 - β₂) g²      v̂ = v / (1 - β₂ᵗ)
    w ← w - η m̂ / (√v̂ + ε)     t = 1 at the first update

    Source: Kingma and Ba (2014), arXiv 1412.6980, algorithm 1.
    """

    n_slots = 2

    def __init__(
        self,
        lr: float | Schedule = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(lr)
        self.beta1 = share(self, "beta1", beta1)
        self.beta2 = share(self, "beta2", beta2)
        self.eps = eps

    def update(self, w, g, lr, m, v):
        m *= self.beta1
        m += (1 - self.beta1) * g
        v *= self.beta2
        v += (1 - self.beta2) * g * g
        m_share, v_share = 1 - self.beta1**self.t, 1 - self.beta2**self.t
        w -= lr / m_share * m / (np.sqrt(v / v_share) + self.eps)


class AdamW(Adam):
    """Adam, after w ← (1 - η λ) w: weight decay that the division does not touch.

    Source: Loshchilov and Hutter (2017), arXiv 1711.05101.
    """

    def __init__(
        self, lr: float | Schedule = 0.001, *, weight_decay: float = 0.01, **adam: float
    ) -> None:
        super().__init__(lr, **adam)
        if not weight_decay >= 0:
            raise ValueError(f"AdamW expected a weight_decay >= 0, got {weight_decay}")
        self.weight_decay = float(weight_decay)

    def update(self, w, g, lr, m, v):
        w *= 1 - lr * self.weight_decay
        super().update(w, g, lr, m, v)
