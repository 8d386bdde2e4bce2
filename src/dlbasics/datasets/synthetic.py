"""Small sets to think with."""

from __future__ import annotations

import numpy as np

from dlbasics.arrays import DTYPE, Array

GATES: dict[str, tuple[Array, Array]] = {
    name: (np.array([[0, 0], [0, 1], [1, 0], [1, 1]], DTYPE), np.array(outputs))
    for name, outputs in {
        "AND": [0, 0, 0, 1],
        "NAND": [1, 1, 1, 0],
        "OR": [0, 1, 1, 1],
        "XOR": [0, 1, 1, 0],
    }.items()
}
"""Truth tables: inputs (4, 2) and outputs (4,) of each logic gate."""


def make_moons(
    n: int, *, noise: float = 0.1, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Two interleaved half circles: points (n, 2) and labels 0 or 1 (n,)."""
    labels = rng.integers(2, size=n)
    angle = np.pi * rng.random(n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    points = np.where(labels[:, None] == 0, upper, lower)
    return (points + noise * rng.standard_normal((n, 2))).astype(DTYPE), labels


def make_spirals(
    n: int, *, n_classes: int = 3, noise: float = 0.1, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Arms of a spiral, one a class: points (n, 2) and labels 0 … n_classes - 1."""
    labels = rng.integers(n_classes, size=n)
    radius = rng.random(n)
    angle = 2 * np.pi * labels / n_classes + 4 * radius + noise * rng.standard_normal(n)
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return points.astype(DTYPE), labels
