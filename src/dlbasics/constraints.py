"""What is done to weights after each step, rather than to the loss before it.

A constraint is called as `constraint(w, lr)` on every array of two or more axes, with
the learning rate of the step just taken, and writes into w. Biases are left alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlbasics.arrays import Array
from dlbasics.optimizers import Optimizer

Constraint = Callable[[Array, float], None]


class MaxNorm:
    """Keep the length of each unit's incoming weights at or below a limit.

    w ← w · min(1, limit / ‖w‖) for every column w of W, whose axes but the last are
    inputs: the nearest weights that are allowed.

    Source: Srivastava et al. (2014), who use limits of 3 and 4 along with dropout.
    """

    def __init__(self, limit: float) -> None:
        if not limit > 0:
            raise ValueError(f"MaxNorm expected a limit > 0, got {limit}")
        self.limit = float(limit)

    def __call__(self, w: Array, lr: float) -> None:
        inputs = tuple(range(w.ndim - 1))
        length = np.sqrt(np.sum(w * w, axis=inputs))
        w *= self.limit / np.maximum(length, self.limit)


class SoftThreshold:
    """Move every weight toward 0 by η λ, and stop at 0: an L1 penalty that arrives.

    w ← sign(w) · max(|w| - η λ, 0), the exact answer to the penalty λ |w| where the
    step along its gradient jumps over 0 and back.

    Source: Daubechies, Defrise and De Mol (2004), with a fixed step.
    """

    def __init__(self, strength: float) -> None:
        if not strength >= 0:
            raise ValueError(f"SoftThreshold expected a λ >= 0, got {strength}")
        self.strength = float(strength)

    def __call__(self, w: Array, lr: float) -> None:
        w -= np.clip(w, -lr * self.strength, lr * self.strength)


class Constrained(Optimizer):
    """Let another optimizer take its step, then apply constraints in their order."""

    def __init__(self, optimizer: Optimizer, *constraints: Constraint) -> None:
        if not constraints:
            raise ValueError("Constrained expected at least one constraint, got none")
        super().__init__(optimizer.lr)
        self.optimizer, self.constraints = optimizer, constraints
        self.n_slots = optimizer.n_slots

    def update(self, w, g, lr, *slots):
        self.optimizer.t = self.t
        self.optimizer.update(w, g, lr, *slots)
        if w.ndim > 1:
            for constraint in self.constraints:
                constraint(w, lr)
