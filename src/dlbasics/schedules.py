"""Learning rates that change with time.

A schedule is a function of the number of updates made so far: `schedule(0)` is the
rate of the first update. Pass it to an optimizer in place of a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class InverseTime:
    """lr / (1 + k t)."""

    lr: float
    k: float

    def __call__(self, t: int) -> float:
        return self.lr / (1 + self.k * t)


@dataclass(frozen=True)
class Exponential:
    """lr · factorᵗ."""

    lr: float
    factor: float

    def __call__(self, t: int) -> float:
        return self.lr * self.factor**t


@dataclass(frozen=True)
class InverseSqrt:
    """lr / √(t + 1)."""

    lr: float

    def __call__(self, t: int) -> float:
        return self.lr / math.sqrt(t + 1)


@dataclass(frozen=True)
class Staircase:
    """lr · factor^⌊t / every⌋: constant, then a step down, and again."""

    lr: float
    factor: float
    every: int

    def __call__(self, t: int) -> float:
        return self.lr * self.factor ** (t // self.every)


@dataclass(frozen=True)
class Cosine:
    """From lr down to `final` along half a cosine in `n_steps`, then constant.

    Source: Loshchilov and Hutter (2016), arXiv 1608.03983.
    """

    lr: float
    n_steps: int
    final: float = 0.0

    def __call__(self, t: int) -> float:
        share = min(t / self.n_steps, 1.0)
        return self.final + (self.lr - self.final) * (1 + math.cos(math.pi * share)) / 2


@dataclass(frozen=True)
class WarmUp:
    """A straight line up to `schedule` during the first `n_steps`, then `schedule`.

    The first update already has 1/n_steps of the rate, so that it is not wasted.
    """

    schedule: Schedule
    n_steps: int

    def __call__(self, t: int) -> float:
        return min((t + 1) / self.n_steps, 1.0) * self.schedule(t)


class ReduceOnPlateau:
    """Multiply the rate by `factor` when a loss has not improved for `patience` looks.

    Unlike the others it must be shown something: call `observe(loss)` after an epoch.
    """

    def __init__(self, lr: float, *, factor: float = 0.1, patience: int = 3) -> None:
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.waited = math.inf, 0

    def observe(self, loss: float) -> None:
        if loss < self.best:
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        if self.waited > self.patience:
            self.lr, self.waited = self.lr * self.factor, 0

    def __call__(self, t: int) -> float:
        return self.lr
