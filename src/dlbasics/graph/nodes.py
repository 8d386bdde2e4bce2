"""A node of a graph, and the two sweeps: values forward, derivatives backward."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple


class Node(ABC):
    """One number of a graph, and the nodes that it is computed from.

    `value` is None before a forward sweep, `gradient` (of the last output on which
    `backward` was called, with respect to this node) before a backward sweep. `sent`
    holds what the node has passed to each of its inputs. `name` is for drawings.
    """

    symbol, n_inputs = "", 0

    def __init__(self, *inputs: Node | float, name: str = "") -> None:
        if len(inputs) != self.n_inputs:
            kind = type(self).__name__
            raise TypeError(
                f"{kind} expected {self.n_inputs} inputs, got {len(inputs)}"
            )
        self.inputs = tuple(as_node(i) for i in inputs)
        self.name = name
        self.value: float | None = None
        self.gradient: float | None = None
        self.taken: tuple[float, ...] | None = None
        self.sent: tuple[float, ...] | None = None

    @abstractmethod
    def compute(self, *values: float) -> float:
        """Return the value that follows from those of the inputs."""

    @abstractmethod
    def local(self, *values: float) -> tuple[float, ...]:
        """Return the derivative of the value with respect to each input."""

    def forward(self) -> float:
        """Compute every node up to this one, and return its value."""
        for node in order(self):
            evaluate(node)
        return self.value

    def backward(self) -> None:
        """Compute the derivative of this node with respect to every node before it."""
        for node in start_backward(self):
            pass_back(node)

    def __repr__(self) -> str:
        inside = ", ".join(i.name or type(i).__name__ for i in self.inputs)
        return self.name or f"{type(self).__name__}({inside})"


class Input(Node):
    """A number from outside; change `value` and call `forward` again."""

    def __init__(self, name: str, value: float) -> None:
        super().__init__(name=name)
        self.value = number(value, f"Input {name!r}")

    def compute(self) -> float:
        return number(self.value, repr(self))

    def local(self) -> tuple[()]:
        return ()


class Constant(Input):
    """A number that is part of the formula."""

    def __init__(self, value: float) -> None:
        super().__init__(f"{value:g}".replace("-", "−"), value)


def number(value: object, owner: str) -> float:
    """Return a finite float, or say what came instead."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        result = math.nan
    if not math.isfinite(result):
        raise ValueError(f"{owner} expected a finite number, got {value!r}")
    return result


def as_node(thing: Node | float) -> Node:
    """Return nodes as they are, and numbers as constants."""
    return thing if isinstance(thing, Node) else Constant(number(thing, "a node"))


def order(output: Node) -> list[Node]:
    """List the nodes that `output` depends on, inputs first: a topological order."""
    done: dict[Node, None] = {}  # a set that remembers the order
    waiting = [output]
    while waiting:
        missing = [i for i in waiting[-1].inputs if i not in done]
        if missing:
            waiting.extend(reversed(missing))
        else:
            done[waiting.pop()] = None
    return list(done)


def evaluate(node: Node) -> None:
    """Compute a node from the values of its inputs; numbers from outside stay."""
    node.taken = tuple(i.value for i in node.inputs)
    try:
        node.value = float(node.compute(*node.taken))
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"{node!r} of {node.taken}: {error}") from error


def start_backward(output: Node) -> list[Node]:
    """Forget old gradients, give the output a 1, and list the nodes, last first."""
    nodes = order(output)
    for node in nodes:
        if node.taken != tuple(i.value for i in node.inputs):
            raise RuntimeError(f"{output!r}.backward needs a forward first")
        node.gradient, node.sent = 0.0, None
    output.gradient = 1.0
    return nodes[::-1]


def pass_back(node: Node) -> None:
    """Hand each input the node's gradient times the local derivative."""
    node.sent = tuple(node.gradient * slope for slope in node.local(*node.taken))
    for i, gradient in zip(node.inputs, node.sent, strict=True):
        i.gradient += gradient  # adds up if the input is used more than once


class Step(NamedTuple):
    """What was done: "forward" or "backward" at a node, or "start" at the output."""

    kind: str
    node: Node


def steps(output: Node) -> Iterator[Step]:
    """Sweep forward and backward, stopping after every operation."""
    for node in order(output):
        node.gradient = node.sent = node.taken = None
        node.value = None if node.inputs else node.value
    for node in order(output):
        evaluate(node)
        if node.inputs:
            yield Step("forward", node)
    nodes = start_backward(output)
    yield Step("start", output)
    for node in nodes:
        pass_back(node)
        if node.inputs:
            yield Step("backward", node)
