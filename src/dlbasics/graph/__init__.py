"""A computational graph of single numbers: values forward, derivatives backward.

    price, number, tax = Input("price", 100), Input("number", 2), Input("tax", 1.1)
    payment = Multiply(Multiply(price, number), tax)
    payment.forward()   # the value of every node, in an order in which each is known
    payment.backward()  # the derivative of payment with respect to every node
    price.gradient      # 2.2

An operation is a class with two short methods, `compute` for the value and `local`
for the local derivatives. What it is applied to must exist before it, so that a graph
can have no cycles. Built to be looked at: `plotting.graph` draws it, `steps` stops
after every node. Networks use `dlbasics.layers`, which do the same with arrays.
"""

from dlbasics.graph.nodes import Constant, Input, Node, Step, order, steps
from dlbasics.graph.operations import (
    Add,
    Divide,
    Exp,
    Log,
    Multiply,
    ReLU,
    Sigmoid,
    Square,
    Subtract,
    Tanh,
)

__all__ = [
    "Add",
    "Constant",
    "Divide",
    "Exp",
    "Input",
    "Log",
    "Multiply",
    "Node",
    "ReLU",
    "Sigmoid",
    "Square",
    "Step",
    "Subtract",
    "Tanh",
    "order",
    "steps",
]
