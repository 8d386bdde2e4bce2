"""Chapter 05: through a graph node by node, and how an error reaches a weight."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from matplotlib.figure import Figure

from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.graph import (
    Add,
    Constant,
    Input,
    Log,
    Multiply,
    Node,
    Sigmoid,
    Square,
    Step,
    Subtract,
    order,
    steps,
)
from dlbasics.plotting.graphs import graph, text_of

N_STEPS = 11  # of the longest example


def two_apples() -> Node:
    cost = Multiply(
        Input("apple price", 100), Input("number of apples", 2), name="cost"
    )
    return Multiply(cost, Input("tax", 1.1), name="payment")


def apples_and_oranges() -> Node:
    apples = Multiply(
        Input("number of apples", 2), Input("apple price", 100), name="cost of apples"
    )
    oranges = Multiply(
        Input("orange price", 150), Input("number of oranges", 3),
        name="cost of oranges",
    )  # fmt: skip
    both = Add(apples, oranges, name="cost of all")
    return Multiply(both, Input("tax", 1.1), name="payment")


def three_times() -> Node:
    u = Multiply(Input("b", 3), Input("c", 2), name="u")
    return Multiply(Add(Input("a", 5), u, name="v"), 3, name="J")


def neuron(w: float = 0.5, loss: str = "squared error") -> Node:
    """A neuron with one input x = 2 and bias -1.5, for an x whose label is 1."""
    z = Add(
        Multiply(Input("x", 2), Input("w", w), name="xw"), Input("b", -1.5), name="z"
    )
    y = Sigmoid(z, name="y")
    if loss == "squared error":
        return Square(Subtract(y, Input("t", 1), name="y − t"), name="L")
    return Multiply(Log(y, name="log y"), -1, name="L")


EXAMPLES: dict[str, Callable[[], Node]] = {
    "two apples": two_apples,
    "apples and oranges": apples_and_oranges,
    "3(a + bc)": three_times,
    "a neuron with its loss": neuron,
}
SIZES = {"two apples": 2.5, "apples and oranges": 3.5}


@explorer(
    title="Forward and backward through a graph, node by node",
    target="With apples and oranges, go to the first step at which the derivative with "
    "respect to the tax is known.",
    example=Choice(*EXAMPLES),
    step=Slider(range(N_STEPS + 1), default=0),
)
def graph_steps(example, step) -> Frame:
    """Draw a graph after some operations, and say what the last of them did."""
    output = EXAMPLES[example]()
    done = list(islice(steps(output), step))
    if not done:
        said = f"{example}, step 0: only the numbers from outside are known so far."
    elif len(done) < step:
        said = f"{example}: after {len(done)} steps everything is known."
    else:
        said = f"{example}, step {step}, {say(done[-1], output)}"
    last = done[-1] if 0 < step == len(done) else Step("none", Constant(0))
    taxed = any(i.name == "tax" for i in last.node.inputs)
    found = example == "apples and oranges" and taxed and last.kind == "backward"
    figure = picture(output, last.node, SIZES.get(example, 3.1))
    return Frame(figure, said, reached=found)


def picture(output: Node, highlight: Node | None, height: float) -> Figure:
    """Draw the graph on the whole of a new figure."""
    figure = Figure(figsize=(6.4, height))
    graph(output, ax=figure.add_axes((0, 0, 1, 1)), highlight=highlight, size=10)
    return figure


def say(step: Step, output: Node) -> str:
    """Put what happened in a step into words."""
    node = step.node
    if step.kind == "start":
        return f"the turn: the derivative of {output.name} by itself is 1."
    names = [i.name for i in node.inputs]
    if step.kind == "forward":
        formula = describe(node, [text_of(v) for v in node.taken])
        return f"forward: {node.name} = {formula} = {text_of(node.value)}."
    g, came = text_of(node.gradient), []
    for slot, name in enumerate(names):
        if not isinstance(node.inputs[slot], Constant):
            slope = text_of(node.local(*node.taken)[slot])
            came.append(f"{g} · {sign(slope)} = {text_of(node.sent[slot])} to {name}")
    return f"backward: {RULES[type(node)]}: {', '.join(came)}."


def sign(text: str) -> str:
    """Put a negative factor in parentheses."""
    return f"({text})" if text.startswith("−") else text


def describe(node: Node, values: list[str]) -> str:
    """Write an operation with the values of its inputs."""
    if len(values) == 2:
        return f"{values[0]} {node.symbol} {sign(values[1])}"
    return f"{sign(values[0])}²" if isinstance(node, Square) else (
        f"{node.symbol}({values[0]})"
    )  # fmt: skip


RULES = {
    Add: "add passes on what came",
    Subtract: "subtract passes on, and turns the sign for the second",
    Multiply: "multiply swaps the two values",
    Sigmoid: "a sigmoid multiplies by y(1 − y)",
    Square: "a square multiplies by twice its input",
    Log: "a logarithm divides by its input",
}


@explorer(
    title="One neuron, two losses: what reaches the weight?",
    target="Find a w at which the neuron is wrong (y below 0.1, though the label is 1) "
    "and yet the gradient that reaches w is smaller than 0.05.",
    w=Slider([-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3], default=0.5),
    loss=Choice("squared error", "cross-entropy"),
)
def neuron_blame(w, loss) -> Frame:
    """Draw one neuron with its loss, values and gradients, for a weight w.

    z = 2w - 1.5, y = sigmoid(z), label 1; the loss is (y - 1)² or -log y.
    """
    output = neuron(w, loss)
    output.forward()
    output.backward()
    known = {node.name: node for node in order(output)}
    y, dw = known["y"].value, known["w"].gradient
    return Frame(
        picture(output, None, 3.1),
        f"{loss} with w = {text_of(w)}: the neuron answers {text_of(y)}, the label is "
        f"1, the loss is {text_of(output.value)}. Back at w arrives {text_of(dw)}.",
        reached=bool(y < 0.1 and abs(dw) < 0.05),
    )
