"""What the prose of chapter 01 says its explorer shows."""

from __future__ import annotations

import numpy as np
import pytest

from dlbasics import functions
from dlbasics.explorers.plane import (
    ACTIVATIONS,
    best_cut,
    layer,
    plane_layer,
    rotation,
    wedge,
)

CONTROLS = plane_layer.controls
POINTS, LABELS = wedge()


def wrong(activation: str, rotate: int, shift: float, stretch: int) -> int:
    W, b = layer(rotate, stretch, shift)
    return best_cut(ACTIVATIONS[activation](POINTS @ W + b), LABELS)[0]


@pytest.fixture(scope="module")
def mistakes() -> dict[tuple, int]:
    """Points on the wrong side of the best cut, in every state."""
    return {
        tuple(state.values()): wrong(**state) for state in plane_layer.combinations()
    }


def reached(mistakes: dict[tuple, int], activation: str) -> set[tuple]:
    return {s[1:] for s, n in mistakes.items() if n == 0 and s[0] == activation}


def test_without_a_bend_nothing_changes(mistakes):
    assert len(POINTS) == 111
    assert {n for state, n in mistakes.items() if state[0] == "none"} == {10}


def test_relu_reaches_the_target_at_one_turn_and_any_stretch(mistakes):
    assert reached(mistakes, "relu") == {
        (120, shift, stretch) for shift in (-0.3, 0.0) for stretch in (1, 4)
    }


def test_tanh_reaches_it_when_stretched_from_either_end(mistakes):
    assert reached(mistakes, "tanh") == {
        (120, -0.3, 4),
        (120, -0.6, 4),
        (300, 0.3, 4),
        (300, 0.6, 4),
    }


def test_frames_agree_with_what_is_counted(mistakes):
    assert not plane_layer().reached
    for state in ({}, {"activation": "relu", "rotate": 120, "shift": -0.3}):
        frame = plane_layer(**state)
        n = mistakes[tuple(plane_layer.state(state).values())]
        assert frame.reached == (n == 0)
        said = "separates the colors" if n == 0 else f"leaves {n} of 111 points"
        assert said in frame.description


def test_the_description_counts_what_is_pressed_into_one_point():
    state = {"activation": "relu", "rotate": 120, "shift": -0.3}
    n_blue = (LABELS == 0).sum()
    assert f"{n_blue} points lie at (0, 0)" in plane_layer(**state).description
    assert "lie at" not in plane_layer().description


def test_the_wedge_arrives_at_one_point_or_as_a_small_square():
    for shift, side in ((-0.3, 0.0), (0.0, 0.3)):
        W, b = layer(120, 1, shift)
        blue = functions.relu(POINTS @ W + b)[LABELS == 0]
        assert blue.max() <= side


def test_rotation_turns_counterclockwise_and_keeps_lengths():
    np.testing.assert_allclose([1, 0] @ rotation(90), [0, 1], atol=1e-12)
    np.testing.assert_allclose(rotation(40) @ rotation(-40), np.eye(2), atol=1e-12)


def test_best_cut_finds_the_line_between_two_groups():
    points = np.array([[0.0, 0], [0, 1], [3, 0], [3, 1]])
    n, normal, threshold = best_cut(points, np.array([0, 0, 1, 1]))
    assert n == 0
    np.testing.assert_allclose(np.abs(normal), [1, 0], atol=1e-12)
    assert abs(threshold) == pytest.approx(1.5)


def test_best_cut_knows_that_xor_has_none():
    points = np.array([[0.0, 0], [1, 1], [0, 1], [1, 0]])
    assert best_cut(points, np.array([0, 0, 1, 1]))[0] == 1


def test_no_cut_passes_between_equal_points():
    points = np.array([[0.0, 0], [0, 0], [1, 0]])
    assert best_cut(points, np.array([0, 1, 1]))[0] == 1
