"""What the prose of chapter 08 says its explorers show."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlbasics.exercises import grade
from dlbasics.exercises.chapter08 import layer_norm_slope as slope
from dlbasics.explorers.batch_normalization import (
    FIRST_THREE,
    IMAGES,
    apart,
    company,
    first_read,
    normalized_batch,
    read,
    trained,
)
from dlbasics.training import accuracy, predict

ROOT5 = math.sqrt(5)


def outputs(**state):
    words = normalized_batch(**state).description
    numbers = words.partition("outputs are ")[2].partition(", at most")[0]
    return [float(n.replace("−", "-")) for n in numbers.split(", ")]


def test_the_defaults_do_not_meet_the_targets():
    assert not normalized_batch().reached
    assert not company().reached


def test_deviation_and_mean_undo_the_layer_and_nothing_else_does():
    gammas = normalized_batch.controls["gamma"].values
    betas = normalized_batch.controls["beta"].values
    reached = {
        (gamma, beta)
        for gamma in gammas
        for beta in betas
        if normalized_batch(gamma=gamma, beta=beta).reached
    }
    assert reached == {(ROOT5, 4.0)}


def test_with_an_epsilon_of_four_it_takes_a_gamma_of_three():
    assert normalized_batch(gamma=3.0, beta=4.0, eps=4.0).reached
    assert not normalized_batch(gamma=ROOT5, beta=4.0, eps=4.0).reached


def test_one_number_moves_the_three_others():
    before, after = outputs(fourth=7.0), outputs(fourth=30.0)
    assert np.diff(before[:3]) == pytest.approx([2 / ROOT5] * 2, abs=0.011)
    assert np.diff(FIRST_THREE).tolist() == [2, 2]
    assert np.diff(after[:3]) == pytest.approx([0.17] * 2, abs=0.011)


def test_the_numbers_of_the_worked_example():
    assert outputs() == [-1.34, -0.45, 0.45, 1.34]


def test_labels_do_not_touch_and_keep_their_order():
    moved = apart(np.array([0.0, 0.1, -0.1, 5.0]))
    assert np.diff(np.sort(moved)).min() >= 0.949
    assert np.argsort(moved).tolist() == [2, 0, 1, 3]


@pytest.mark.parametrize("size", [8, 100])
def test_a_four_among_fours_is_never_read_as_a_four(size):
    counts, right = read("4", size, "same", False)
    assert counts.sum() == 200
    assert counts[right] == 0


@pytest.mark.parametrize(("size", "times"), [(8, 63), (100, 9)])
def test_a_two_among_twos_is_read_the_less_the_more_there_are(size, times):
    counts, right = read("2", size, "same", False)
    assert counts[right] == pytest.approx(times, abs=4)


@pytest.mark.parametrize("digit", IMAGES)
def test_sixteen_in_mixed_company_are_enough(digit):
    assert company(digit=digit, size=16, company="mixed", running=False).reached


@pytest.mark.parametrize("digit", IMAGES)
def test_the_running_averages_ask_nobody(digit):
    counts, right = read(digit, 4, "same", True)
    assert counts[right] == 200
    assert not company(digit=digit, company="mixed", size=100, running=True).reached


def test_among_copies_of_itself_every_digit_looks_the_same():
    answers = {tuple(read(digit, 8, "copies", False)[0]) for digit in IMAGES}
    assert len(answers) == 1
    assert max(answers.pop()) == 200


def test_looking_does_not_change_the_network():
    model, x, y = trained()
    before = {name: array.copy() for name, array in model.buffers.items()}
    read("7", 8, "mixed", False)
    assert all(np.array_equal(model.buffers[n], a) for n, a in before.items())
    assert accuracy(predict(model, x), y) > 0.8
    assert y[first_read(7)] == 7


@pytest.mark.parametrize(
    ("number", "answer"), [("08.2", [459]), ("08.3", [2.25]), ("08.6", [0.3])]
)
def test_a_number_in_a_list_is_a_number(number, answer):
    assert grade(number, answer).status == "correct"


def reshaped(x, gamma, beta, eps):
    rows = x.reshape(-1, x.shape[1])
    x_hat = (rows - rows.mean(axis=0)) / np.sqrt(rows.var(axis=0) + eps)
    return (gamma * x_hat + beta).reshape(x.shape)


@pytest.mark.parametrize(
    ("number", "answer", "hint"),
    [
        ("08.4", reshaped, "transpose swaps axes"),
        ("08.7", lambda dy, x, gamma, eps: slope(dy, x, 1, eps), "γ is missing"),
        ("08.7", lambda dy, x, gamma, eps: slope(dy, x, gamma, 0), "ε is missing"),
        ("08.6", "0.3", "expected a number"),
    ],
)
def test_likely_slips_get_a_hint(number, answer, hint):
    verdict = grade(number, answer)
    assert verdict.status == "not yet"
    assert hint in verdict.message
