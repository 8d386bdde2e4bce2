"""What a graph can compute: each operation with its local derivatives."""

from __future__ import annotations

import math

from dlbasics import functions
from dlbasics.graph.nodes import Node


class Add(Node):
    """a + b: both local derivatives are 1, so it passes the gradient on."""

    symbol, n_inputs = "+", 2

    def compute(self, a: float, b: float) -> float:
        return a + b

    def local(self, a: float, b: float) -> tuple[float, float]:
        return 1.0, 1.0


class Subtract(Node):
    """a - b: local derivatives 1 and -1."""

    symbol, n_inputs = "−", 2

    def compute(self, a: float, b: float) -> float:
        return a - b

    def local(self, a: float, b: float) -> tuple[float, float]:
        return 1.0, -1.0


class Multiply(Node):
    """a · b: local derivatives b and a, so it swaps the two values."""

    symbol, n_inputs = "×", 2

    def compute(self, a: float, b: float) -> float:
        return a * b

    def local(self, a: float, b: float) -> tuple[float, float]:
        return b, a


class Divide(Node):
    """a / b: local derivatives 1/b and -a/b²."""

    symbol, n_inputs = "÷", 2

    def compute(self, a: float, b: float) -> float:
        return a / b

    def local(self, a: float, b: float) -> tuple[float, float]:
        return 1 / b, -a / b**2


class Square(Node):
    """a²: local derivative 2a."""

    symbol, n_inputs = "a²", 1

    def compute(self, a: float) -> float:
        return a * a

    def local(self, a: float) -> tuple[float]:
        return (2 * a,)


class Exp(Node):
    """exp(a): the local derivative is the value itself."""

    symbol, n_inputs = "exp", 1

    def compute(self, a: float) -> float:
        return math.exp(a)

    def local(self, a: float) -> tuple[float]:
        return (self.value,)


class Log(Node):
    """log(a), the natural logarithm, a > 0: local derivative 1/a."""

    symbol, n_inputs = "log", 1

    def compute(self, a: float) -> float:
        return math.log(a)

    def local(self, a: float) -> tuple[float]:
        return (1 / a,)


class ReLU(Node):
    """max(a, 0): local derivative 1 where a > 0, else 0."""

    symbol, n_inputs = "relu", 1

    def compute(self, a: float) -> float:
        return max(a, 0.0)

    def local(self, a: float) -> tuple[float]:
        return (1.0 if a > 0 else 0.0,)


class Sigmoid(Node):
    """y = 1 / (1 + exp(-a)): local derivative y (1 - y)."""

    symbol, n_inputs = "σ", 1

    def compute(self, a: float) -> float:
        return functions.sigmoid(a)

    def local(self, a: float) -> tuple[float]:
        return (self.value * (1 - self.value),)


class Tanh(Node):
    """y = tanh a: local derivative 1 - y²."""

    symbol, n_inputs = "tanh", 1

    def compute(self, a: float) -> float:
        return math.tanh(a)

    def local(self, a: float) -> tuple[float]:
        return (1 - self.value**2,)
