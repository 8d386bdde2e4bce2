"""What the prose of chapter 05 says its explorers show."""

from __future__ import annotations

import pytest

from dlbasics.explorers.graphs import (
    EXAMPLES,
    N_STEPS,
    graph_steps,
    neuron,
    neuron_blame,
)
from dlbasics.graph import order, steps

W = neuron_blame.controls["w"].values


def known(output):
    return {node.name: node for node in order(output)}


def test_only_the_step_that_finds_the_tax_meets_the_target():
    reached = {
        (example, step)
        for example in EXAMPLES
        for step in range(N_STEPS + 1)
        if graph_steps(example=example, step=step).reached
    }
    assert reached == {("apples and oranges", 6)}
    assert "650 to tax" in graph_steps(example="apples and oranges", step=6).description


@pytest.mark.parametrize(
    ("example", "last", "said"),
    [
        ("two apples", 5, "2.2 to apple price"),
        ("apples and oranges", 9, "2.2 to apple price"),
        ("3(a + bc)", 7, "9 to c"),
        ("a neuron with its loss", 11, "−0.585 to w"),
    ],
)
def test_the_last_step(example, last, said):
    assert said in graph_steps(example=example, step=last).description
    assert len(list(steps(EXAMPLES[example]()))) == last <= N_STEPS
    if last < N_STEPS:
        after = graph_steps(example=example, step=last + 1).description
        assert f"after {last} steps everything is known" in after


def test_the_neuron_wants_a_larger_weight_and_a_smaller_target():
    output = neuron()
    output.forward()
    output.backward()
    assert known(output)["w"].gradient < 0 < known(output)["t"].gradient


def test_squared_error_is_silent_where_it_is_most_wrong():
    reached = {
        (loss, w)
        for loss in ("squared error", "cross-entropy")
        for w in W
        if neuron_blame(w=w, loss=loss).reached
    }
    assert reached == {("squared error", w) for w in W if w <= -1.5}


@pytest.mark.parametrize("w", [w for w in W if w <= -1.5])
def test_with_the_cross_entropy_the_message_arrives(w):
    output = neuron(w, "cross-entropy")
    output.forward()
    output.backward()
    assert abs(known(output)["w"].gradient + 2) < 0.03
    assert abs(known(output)["z"].gradient + 1) < 0.015


def test_losses_and_gradients_at_minus_three():
    found = {}
    for loss in ("squared error", "cross-entropy"):
        output = neuron(-3, loss)
        output.forward()
        output.backward()
        found[loss] = round(output.value, 1), round(known(output)["w"].gradient, 3)
    assert found == {"squared error": (1.0, -0.002), "cross-entropy": (7.5, -1.999)}


def test_every_step_says_what_it_did():
    for example in EXAMPLES:
        for step in range(1, N_STEPS + 1):
            said = graph_steps(example=example, step=step).description
            assert said.startswith(example)
            assert any(
                word in said for word in ("forward", "turn", "backward", "after")
            )
