"""Averages that follow a series without remembering it."""

from __future__ import annotations

import numpy as np

from dlbasics.arrays import Array


def ewa(x: Array, beta: float, *, corrected: bool = False) -> Array:
    """Return the exponentially weighted average after each entry of a series.

    v ← β v + (1 - β) x, from v = 0; `corrected` divides by 1 - βᵗ, the sum of the
    weights given so far, with t = 1 at the first entry.

    Parameters
    ----------
    x : shape (T,), or (T, …) for many series side by side.
    beta : the share of the average that is kept, at least 0 and less than 1.

    Raises
    ------
    ValueError
        If beta is no such share.
    """
    if not 0 <= beta < 1:
        raise ValueError(f"ewa expected 0 <= beta < 1, got {beta}")
    x = np.asarray(x, dtype=float)
    v, averages = np.zeros(x.shape[1:]), np.empty_like(x)
    for t, value in enumerate(x, start=1):
        v = beta * v + (1 - beta) * value
        averages[t - 1] = v / (1 - beta**t) if corrected else v
    return averages
