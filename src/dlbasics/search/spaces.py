"""The values that hyperparameters may take.

A space is a dict of names and dimensions, a candidate a dict of names and values.
Each dimension maps a share from 0 to 1 to a value, so that even shares become values
spread as they should be, and a value back to coordinates for `propose`.
"""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from dlbasics.arrays import Array

Candidate = dict[str, Any]


class Dimension(ABC):
    """One hyperparameter's values."""

    @abstractmethod
    def at(self, share: float) -> Any:
        """Return the value below which a share from 0 to 1 of all draws lies."""

    @abstractmethod
    def coordinates(self, value: Any) -> list[float]:
        """Return where the value lies, in numbers from 0 to 1."""

    def levels(self, n: int) -> list[Any]:
        """Return n values, evenly spread from end to end."""
        if not n >= 2:
            raise ValueError(f"expected at least 2 levels, got {n}")
        return list(dict.fromkeys(self.at(share) for share in np.linspace(0, 1, n)))


class Uniform(Dimension):
    """Numbers from `low` to `high`, each as likely as any other."""

    def __init__(self, low: float, high: float) -> None:
        if not -math.inf < low < high < math.inf:
            expected = f"{type(self).__name__} expected finite low < high"
            raise ValueError(f"{expected}, got {low} and {high}")
        self.low, self.high = low, high

    def at(self, share: float) -> float:
        return float(self.low + share * (self.high - self.low))

    def coordinates(self, value: float) -> list[float]:
        return [(value - self.low) / (self.high - self.low)]


class LogUniform(Dimension):
    """Numbers from `low` to `high` whose logarithms are uniform: as many draws from
    0.001 to 0.01 as from 0.01 to 0.1. For what acts by its order of magnitude."""

    def __init__(self, low: float, high: float) -> None:
        if not 0 < low < high < math.inf:
            expected = f"{type(self).__name__} expected 0 < low < high"
            raise ValueError(f"{expected}, got {low} and {high}")
        self.low, self.high = low, high

    def at(self, share: float) -> float:
        value = self.low * (self.high / self.low) ** float(share)
        return min(max(value, self.low), self.high)

    def coordinates(self, value: float) -> list[float]:
        return [math.log(value / self.low) / math.log(self.high / self.low)]


class Integers(Dimension):
    """Whole numbers from `low` to `high`, both included; `log` as in `LogUniform`."""

    def __init__(self, low: int, high: int, *, log: bool = False) -> None:
        if not (isinstance(low, int) and isinstance(high, int) and low < high):
            raise ValueError(f"Integers expected whole low < high, got {low}, {high}")
        if log and low < 1:
            raise ValueError(f"Integers with log=True expected low >= 1, got {low}")
        self.low, self.high = low, high
        self.between = (LogUniform if log else Uniform)(low - 0.5, high + 0.5)

    def at(self, share: float) -> int:
        return min(max(round(self.between.at(share)), self.low), self.high)

    def coordinates(self, value: int) -> list[float]:
        return self.between.coordinates(value)


class Choice(Dimension):
    """One of some options, which have no order; coordinates are one-hot."""

    def __init__(self, *options: Any) -> None:
        if len(options) < 2:
            raise ValueError(f"Choice expected at least 2 options, got {options}")
        self.options = options

    def at(self, share: float) -> Any:
        return self.options[min(int(share * len(self.options)), len(self.options) - 1)]

    def coordinates(self, value: Any) -> list[float]:
        return [float(option == value) for option in self.options]

    def levels(self, n: int) -> list[Any]:
        return list(self.options)


Space = Mapping[str, Dimension]


def sample(space: Space, n: int, *, rng: np.random.Generator) -> list[Candidate]:
    """Draw n candidates, every hyperparameter independent of the others."""
    if not space:
        raise ValueError("sample expected a space of at least one hyperparameter")
    shares = rng.random((n, len(space)))
    return [
        {name: d.at(share) for (name, d), share in zip(space.items(), row, strict=True)}
        for row in shares
    ]


def grid(space: Space, n: int | Mapping[str, int]) -> list[Candidate]:
    """Return all combinations of n values of each hyperparameter, or of n[name]."""
    counts = n if isinstance(n, Mapping) else dict.fromkeys(space, n)
    if counts.keys() != space.keys():
        expected = f"a number of levels for each of {', '.join(space)}"
        raise ValueError(f"grid expected {expected}, got {', '.join(counts)}")
    levels = [dimension.levels(counts[name]) for name, dimension in space.items()]
    return [dict(zip(space, row, strict=True)) for row in itertools.product(*levels)]


def coordinates(space: Space, candidate: Candidate) -> Array:
    """Return one candidate's coordinates in a row."""
    return np.concatenate([d.coordinates(candidate[name]) for name, d in space.items()])
