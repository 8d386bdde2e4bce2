"""Learning rates that change with time.

A schedule is a function of the number of updates made so far: `schedule(0)` is the
rate of the first update. Pass it to an optimizer in place of a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

Schedule = Callable[[int], float]


def expect(schedule: object, fits: bool, expected: str) -> None:
    if not fits:
        raise ValueError(f"expected {expected}, got {schedule!r}")


def positive(value: float) -> bool:
    return 0 < value < math.inf


@dataclass(frozen=True)
class Constant:
    """lr, for ever."""

    lr: float

    def __post_init__(self) -> None:
        expect(self, positive(self.lr), "lr > 0")

    def __call__(self, t: int) -> float:
        return self.lr


@dataclass(frozen=True)
class InverseTime:
    """lr / (1 + k t)."""

    lr: float
    k: float

    def __post_init__(self) -> None:
        fits = positive(self.lr) and self.k >= 0
        expect(self, fits, "lr > 0 and k >= 0")

    def __call__(self, t: int) -> float:
        return self.lr / (1 + self.k * t)


@dataclass(frozen=True)
class Exponential:
    """lr · factorᵗ."""

    lr: float
    factor: float

    def __post_init__(self) -> None:
        fits = positive(self.lr) and positive(self.factor)
        expect(self, fits, "lr > 0 and factor > 0")

    def __call__(self, t: int) -> float:
        return self.lr * self.factor**t


@dataclass(frozen=True)
class InverseSqrt:
    """lr / √(t + 1)."""

    lr: float

    def __post_init__(self) -> None:
        fits = positive(self.lr)
        expect(self, fits, "lr > 0")

    def __call__(self, t: int) -> float:
        return self.lr / math.sqrt(t + 1)


@dataclass(frozen=True)
class Staircase:
    """lr · factor^⌊t / every⌋: constant, then a step down, and again."""

    lr: float
    factor: float
    every: int

    def __post_init__(self) -> None:
        fits = positive(self.lr) and positive(self.factor) and self.every >= 1
        expect(self, fits, "lr > 0, factor > 0 and every >= 1")

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

    def __post_init__(self) -> None:
        fits = positive(self.lr) and 0 <= self.final <= self.lr and self.n_steps >= 1
        expect(self, fits, "0 <= final <= lr, lr > 0 and n_steps >= 1")

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

    def __post_init__(self) -> None:
        fits = callable(self.schedule) and self.n_steps >= 1
        expect(self, fits, "a schedule and n_steps >= 1")

    def __call__(self, t: int) -> float:
        return min((t + 1) / self.n_steps, 1.0) * self.schedule(t)


@dataclass
class ReduceOnPlateau:
    """Multiply the rate by `factor` when a loss has not improved for `patience` looks.

    Unlike the others it must be shown something: call `observe(loss)` after an epoch.
    With a `threshold`, an improvement is a loss that beats the best one, a number
    above 0, by more than this share of it.
    """

    lr: float
    factor: float = 0.1
    patience: int = 3
    threshold: float = 0.0
    best: float = field(default=math.inf, init=False)
    waited: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        fits = positive(self.lr) and 0 < self.factor < 1 and self.patience >= 0
        expect(self, fits, "lr > 0, 0 < factor < 1 and patience >= 0")
        expect(self, 0 <= self.threshold < 1, "0 <= threshold < 1")

    def observe(self, loss: float) -> None:
        if loss < self.best * (1 - self.threshold):
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        if self.waited > self.patience:
            self.lr, self.waited = self.lr * self.factor, 0

    def __call__(self, t: int) -> float:
        return self.lr
