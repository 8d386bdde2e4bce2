"""What the prose of chapter 02 says its explorers show."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from dlbasics.datasets import GATES
from dlbasics.explorers.perceptrons import (
    MOST,
    REACHABLE,
    TABLES,
    perceptron_gate,
    perceptron_learning,
    table,
    updates,
)

STATES = list(perceptron_gate.combinations())


def made(state) -> str | None:
    """The gate that a state computes."""
    answers = table(np.array([state["w1"], state["w2"]]), state["b"])
    return next((name for name, t in TABLES.items() if t == answers), None)


def test_how_many_settings_make_each_gate():
    assert len(STATES) == 325
    counted = Counter(map(made, STATES))
    assert [counted[name] for name in TABLES] == [9, 8, 10, 0]


def test_fourteen_of_sixteen_tables_and_many_that_always_say_the_same():
    tables = [table(np.array([s["w1"], s["w2"]]), s["b"]) for s in STATES]
    assert len(set(tables)) == 14
    assert sum(len(set(t)) == 1 for t in tables) == 208


def test_xor_is_right_at_three_corners_at_most():
    agree = {
        sum(
            a == t
            for a, t in zip(
                table(np.array([s["w1"], s["w2"]]), s["b"]), TABLES["XOR"], strict=True
            )
        )
        for s in STATES
    }
    assert max(agree) == 3


@pytest.mark.parametrize("state", STATES[::7], ids=str)
def test_the_frame_says_what_was_computed(state):
    frame = perceptron_gate(**state)
    name = made(state)
    assert frame.reached is (name in REACHABLE)
    assert (f"That is {name}." in frame.description) is (name is not None)


@pytest.mark.parametrize(("gate", "moves"), [("OR", 1), ("AND", 2), ("NAND", 3)])
def test_how_many_sliders_must_move_from_the_default(gate, moves):
    start = perceptron_gate.state({})
    needed = min(
        sum(state[name] != start[name] for name in start)
        for state in STATES
        if made(state) == gate
    )
    assert needed == moves


@pytest.mark.parametrize(("gate", "biases"), [("AND", {-0.7, -0.5}), ("OR", {-0.2, 0})])
def test_biases_with_weights_of_one_half(gate, biases):
    found = {s["b"] for s in STATES if s["w1"] == s["w2"] == 0.5 and made(s) == gate}
    assert found == biases


def test_the_defaults_reach_nothing():
    assert perceptron_gate().reached is False
    assert perceptron_learning().reached is False


@pytest.mark.parametrize(
    ("gate", "start", "n"),
    [
        ("AND", "zero", 10),
        ("NAND", "zero", 11),
        ("OR", "zero", 4),
        ("AND", "against", 15),
        ("NAND", "against", 10),
        ("OR", "against", 7),
    ],
)
def test_updates_until_no_corner_is_wrong(gate, start, n):
    reached = {
        step
        for step in range(MOST + 1)
        if perceptron_learning(gate=gate, start=start, step=step).reached
    }
    assert reached == set(range(n, MOST + 1))
    assert len(updates(gate, start)) == n + 1


@pytest.mark.parametrize("start", ["zero", "against"])
def test_xor_is_never_reached(start):
    assert not any(
        perceptron_learning(gate="XOR", start=start, step=step).reached
        for step in range(MOST + 1)
    )


def test_xor_repeats_from_update_two_on_every_four():
    rows = [(*m.w, m.b) for m in updates("XOR", "zero")]
    for k in range(2, MOST - 3):
        assert rows[k] == rows[k + 4]
        assert len(set(rows[k : k + 4])) == 4
    assert rows[1] != rows[5]
    assert {m.corner for m in updates("XOR", "zero")[3:7]} == {0, 1, 2, 3}


def test_gates_come_in_the_order_of_the_corners():
    for x, _ in GATES.values():
        assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
