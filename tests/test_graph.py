"""The scalar graph: values, gradients against measured slopes, forks, errors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlbasics.graph import (
    Add,
    Constant,
    Divide,
    Exp,
    Input,
    Log,
    Multiply,
    Node,
    ReLU,
    Sigmoid,
    Square,
    Subtract,
    Tanh,
    order,
    steps,
)

OPERATIONS = [
    kind
    for kind in Node.__subclasses__()
    if kind.n_inputs and "Counted" not in str(kind)
]


def measured(output: Node, x: Input, h: float = 1e-5) -> float:
    kept = x.value
    x.value = kept + h
    above = output.forward()
    x.value = kept - h
    below = output.forward()
    x.value = kept
    output.forward()
    return (above - below) / (2 * h)


def shopping():
    leaves = [
        Input(name, value)
        for name, value in zip("nabmt", (2, 100, 150, 3, 1.1), strict=True)
    ]
    n, a, b, m, t = leaves
    return Multiply(Add(Multiply(n, a), Multiply(b, m)), t, name="payment"), leaves


def test_apples_and_oranges():
    payment, leaves = shopping()
    assert math.isclose(payment.forward(), 715)
    payment.backward()
    found = [leaf.gradient for leaf in leaves]
    np.testing.assert_allclose(found, [110, 2.2, 3.3, 165, 650])


def test_two_apples_show_the_rounding_of_a_machine():
    payment = Multiply(Multiply(Input("price", 100), Input("number", 2)), 1.1)
    assert payment.forward() == 220.00000000000003


@pytest.mark.parametrize("kind", OPERATIONS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("values", [(0.7, 1.9), (2.5, 0.4)])
def test_local_derivatives_are_slopes(kind, values):
    inputs = [Input(f"x{k}", v) for k, v in enumerate(values[: kind.n_inputs])]
    output = kind(*inputs)
    output.forward()
    output.backward()
    for x in inputs:
        assert math.isclose(x.gradient, measured(output, x), rel_tol=1e-7)


def test_a_relu_passes_nothing_below_and_at_zero():
    for value, slope in ((-1, 0), (0, 0), (1, 1)):
        x = Input("x", value)
        y = ReLU(x)
        y.forward()
        y.backward()
        assert x.gradient == slope


UNARY = st.sampled_from([Sigmoid, Tanh, Square])
BINARY = st.sampled_from([Add, Subtract, Multiply])


@st.composite
def expressions(draw):
    """A random expression in which anything may be used any number of times."""
    values = draw(st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=4))
    nodes = leaves = [Input(f"x{k}", v) for k, v in enumerate(values)]
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.one_of(UNARY, BINARY))
        picked = [draw(st.sampled_from(nodes)) for _ in range(kind.n_inputs)]
        nodes = [*nodes, kind(*picked)]
    return nodes[-1], leaves


@given(expressions())
def test_gradients_of_random_expressions(expression):
    output, leaves = expression
    output.forward()
    output.backward()
    used = order(output)
    exact = [leaf.gradient for leaf in leaves if leaf in used]
    for x, gradient in zip((x for x in leaves if x in used), exact, strict=True):
        slope = measured(output, x)
        assert math.isclose(gradient, slope, rel_tol=1e-4, abs_tol=1e-4)


def test_a_number_that_is_used_twice_adds_up():
    x = Input("x", 3)
    square = Multiply(x, x)
    square.forward()
    for _ in range(2):  # and a second sweep starts anew
        square.backward()
        assert x.gradient == 6


def test_a_chain_of_forks_is_no_effort():
    v = x = Input("x", 1)
    for _ in range(5000):
        v = Add(Multiply(v, 0.5), Multiply(v, 0.5))
    v.forward()
    v.backward()
    assert x.gradient == v.value == 1
    assert "Multiply" in repr(v)


def test_constants_come_from_numbers():
    x = Input("x", 1)
    y = Divide(1, Add(Exp(Multiply(x, -1)), 1))
    assert math.isclose(y.forward(), 1 / (1 + math.exp(-1)))
    y.backward()
    assert math.isclose(x.gradient, y.value * (1 - y.value))
    assert [n.name for n in order(y) if isinstance(n, Constant)] == ["1", "−1", "1"]


def test_inputs_come_before_what_uses_them():
    payment, _ = shopping()
    nodes = order(payment)
    for node in nodes:
        assert all(nodes.index(i) < nodes.index(node) for i in node.inputs)
    assert len(nodes) == len(set(nodes)) == 9


def test_steps_do_one_operation_at_a_time_and_the_same_work():
    payment, leaves = shopping()
    kinds = []
    for step in steps(payment):
        kinds.append(step.kind)
        n_known = sum(n.value is not None for n in order(payment) if n.inputs)
        assert n_known == min(len(kinds), 4)
        assert (payment.sent is not None) == (len(kinds) > 5)
    assert kinds == ["forward"] * 4 + ["start"] + ["backward"] * 4
    np.testing.assert_allclose([x.gradient for x in leaves], [110, 2.2, 3.3, 165, 650])


def test_backward_needs_a_forward_that_is_still_true():
    payment, leaves = shopping()
    with pytest.raises(RuntimeError, match=r"payment\.backward needs a forward first"):
        payment.backward()
    payment.forward()
    payment.backward()
    leaves[0].value = 3
    with pytest.raises(RuntimeError, match="needs a forward first"):
        payment.backward()
    payment.forward()
    payment.backward()
    assert math.isclose(leaves[1].gradient, 3.3)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Add(Input("a", 1)), TypeError, "Add expected 2 inputs, got 1"),
        (lambda: Exp(), TypeError, "Exp expected 1 inputs, got 0"),
        (lambda: Exp("a"), ValueError, "a finite number, got 'a'"),
        (lambda: Input("a", math.nan), ValueError, "Input 'a' expected a finite"),
        (lambda: Log(Input("a", -1)).forward(), ValueError, r"Log\(a\) of \(-1.0,\)"),
        (lambda: Divide(1, 0).forward(), ValueError, "division by zero"),
        (lambda: Exp(1000).forward(), ValueError, "range"),
        (lambda: Node(), TypeError, "abstract"),
    ],
)
def test_errors_say_what_was_expected_and_what_came(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_an_input_must_stay_a_number():
    x = Input("x", 1)
    y = Exp(x)
    x.value = "two"
    with pytest.raises(ValueError, match="x expected a finite number, got 'two'"):
        y.forward()


def test_a_second_sweep_begins_without_the_values_of_the_first():
    x = Input("x", 3.0)
    payment = Add(Multiply(x, x), x)
    list(steps(payment))
    first = next(iter(steps(payment)))
    assert first.node.value == 9
    assert payment.value is None
