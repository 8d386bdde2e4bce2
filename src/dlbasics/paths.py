"""Optimizers on surfaces of two variables: where they go, and when they arrive."""

from __future__ import annotations

import math

import numpy as np

from dlbasics.arrays import Array
from dlbasics.functions import Surface
from dlbasics.optimizers import Optimizer

FAR = 1e9  # from there nobody comes back


def trace(
    optimizer: Optimizer,
    surface: Surface,
    n_steps: int,
    *,
    start: tuple[float, float] | None = None,
) -> Array:
    """Return the points (n_steps + 1, 2) of an optimizer, fewer if it is lost."""
    p = np.array(surface.start if start is None else start, dtype=float)
    points = [p.copy()]
    while len(points) <= n_steps and np.abs(p).max() < FAR:
        optimizer.step({"p": p}, {"p": surface.gradient(p)})
        points.append(p.copy())
    return np.array(points)


def heights(surface: Surface, points: Array) -> Array:
    """Return how far above its minimum the surface is at each of the points (n, 2)."""
    lowest = surface.value(np.array(surface.minimum))
    return surface.value(points.T) - lowest


def arrival(losses: Array, goal: float) -> int | None:
    """Return the step from which on the losses stay below the goal; None if never."""
    above = np.flatnonzero(~(np.asarray(losses) < goal))
    first = int(above[-1]) + 1 if len(above) else 0
    return first if first < len(losses) else None


def turned(surface: Surface, angle: float) -> Surface:
    """Return the surface turned about the origin by an angle in radians."""
    c, s = math.cos(angle), math.sin(angle)
    turn = np.array([[c, -s], [s, c]])

    def rotate(matrix: Array, p: Array) -> Array:
        return np.tensordot(matrix, p, axes=1)

    return Surface(
        value=lambda p: surface.value(rotate(turn.T, p)),
        gradient=lambda p: rotate(turn, surface.gradient(rotate(turn.T, p))),
        start=tuple(turn @ surface.start),
        minimum=tuple(turn @ surface.minimum),
    )
