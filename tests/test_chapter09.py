"""What the prose of chapter 09 says its explorers and its package show."""

from __future__ import annotations

import numpy as np
import pytest

from dlbasics.exercises import grade
from dlbasics.explorers.moved_digits import moved_digit
from dlbasics.explorers.small_data import (
    LOOKS,
    SEEDS,
    WRONG,
    accuracies,
    images,
    small_data,
)
from dlbasics.losses import L2, SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.optimizers import SGD
from dlbasics.training import predict, train


def last(strength, dropout, n, wrong):
    """Mean accuracies on training labels and on new images at the end."""
    return accuracies(strength, dropout, n, wrong)[:, -1].mean(axis=0)


# Trainings


def test_the_default_does_not_reach_the_target_and_one_state_of_the_prose_does():
    assert not small_data().reached
    found = {"strength": 0.01, "dropout": 0.2, "n": 1000, "wrong": True}
    assert small_data(**found).reached
    assert not small_data(**found | {"strength": 0.0, "dropout": 0.0}).reached
    assert not small_data(**found | {"strength": 0.1}).reached


def test_the_target_is_not_reached_with_right_labels():
    frame = small_data(strength=0.0, dropout=0.0, n=1000, wrong=False)
    assert not frame.reached
    assert "all labels right" in frame.description


def learned(strength, dropout, epochs=21):
    """Return the shares of true and of false labels that three networks reproduce."""
    truths, lies = [], []
    for seed in SEEDS:
        x, true, *_ = images(seed, 1000, False)
        y = images(seed, 1000, True)[1]
        weights, order, masks = np.random.default_rng(seed).spawn(3)
        how = {"dropout": dropout, "dropout_rng": masks, "dtype": float}
        model = mlp([196, 50, 50, 10], rng=weights, **how)
        how = {
            "epochs": epochs,
            "batch_size": 50,
            "rng": order,
            "penalty": L2(strength),
        }
        for _ in train(model, SoftmaxCrossEntropy(), SGD(0.2), x, y, **how):
            pass
        same, lied = predict(model, x).argmax(axis=1) == y, y != true
        truths.append(same[~lied].mean())
        lies.append(same[lied].mean())
    return np.mean(truths), np.mean(lies)


def test_the_network_that_reaches_it_refuses_what_is_false():
    assert last(0.01, 0.2, 1000, True)[0] == pytest.approx(0.65, abs=0.03)
    assert last(0.0, 0.0, 1000, True)[0] == pytest.approx(0.68, abs=0.03)
    truths, lies = learned(0.01, 0.2)
    assert truths == pytest.approx(0.9, abs=0.03)
    assert lies == pytest.approx(0.06, abs=0.03)
    truths, lies = learned(0.0, 0.0)
    assert truths == pytest.approx(0.9, abs=0.03)
    assert lies == pytest.approx(0.18, abs=0.04)


def test_dropout_alone_reaches_it_with_fewer_lies():
    assert small_data(strength=0.0, dropout=0.2, n=1000, wrong=True).reached
    plain = last(0.0, 0.0, 1000, True)[0]
    assert last(0.0, 0.2, 1000, True)[0] == pytest.approx(plain, abs=0.015)
    assert learned(0.0, 0.2)[1] == pytest.approx(0.11, abs=0.03)


def test_right_labels_leave_little_to_gain():
    plain = last(0.0, 0.0, 300, False)[1]
    assert 0.005 < last(0.0, 0.2, 300, False)[1] - plain < 0.025
    assert last(0.01, 0.0, 300, False)[1] < plain + 0.005
    assert last(0.01, 0.2, 300, False)[1] < plain + 0.015


def test_lies_are_learned_last():
    curve = accuracies(0.0, 0.0, 1000, True).mean(axis=0)
    peak = curve[:, 1].argmax()
    assert LOOKS[peak] == 280
    assert curve[peak, 1] > curve[-1, 1] + 0.03
    assert abs(curve[-1, 0] - curve[peak, 0]) < 0.03
    truths, lies = learned(0.0, 0.0, epochs=280 * 50 // 1000)
    assert truths > learned(0.0, 0.0)[0] + 0.01
    assert lies == pytest.approx(0.11, abs=0.03)


def test_three_in_ten_labels_are_wrong_and_each_seed_has_its_images():
    x, true, x_new, y_new = images(0, 1000, False)
    same, false, _, _ = images(0, 1000, True)
    np.testing.assert_array_equal(same, x)
    assert np.mean(true != false) == WRONG
    assert not np.array_equal(images(1, 1000, False)[0], x)
    assert len(x_new) == len(y_new) == 1000


# Moved digits


def says(**state) -> str:
    return moved_digit(**state).description


def test_the_six_becomes_a_nine_by_half_a_turn():
    reached = [s for s in moved_digit.combinations() if moved_digit(**s).reached]
    assert reached == [{"digit": "6", "angle": 180, "right": 0}]
    assert not moved_digit().reached


def test_how_far_the_six_can_be_turned():
    for angle in (-30, -15, 0, 15, 30, 45):
        assert "the network says 6" in says(digit="6", angle=angle)
    for angle in (-90, -60, -45, 60, 90):
        assert "the network says 6" not in says(digit="6", angle=angle)
    said = says(digit="6", angle=-45)
    assert "says 5 with 9" in said


def test_a_seven_moved_by_six_pixels():
    assert "says 5 with 9" in says(digit="7", right=6).replace("> 9", "9")
    assert "says 7" in says(digit="7", right=3)


@pytest.mark.parametrize("digit", ["6", "7", "4"])
def test_unmoved_digits_are_right(digit):
    assert f"says {digit} with" in says(digit=digit)


# Exercises


def shifted_dropout(x, rate, rng, training):
    """Another right way: kept where the number is below the share that is kept."""
    if not training:
        return x.copy()
    return np.where(rng.random(x.shape) < 1 - rate, x / (1 - rate), 0)


def standardize_with_eps(x_train, x_new):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0) + 1e-8
    return [(x_train - mean) / std, (x_new - mean) / std]


def standardize_with_sample_std(x_train, x_new):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0, ddof=1)
    std[std == 0] = 1
    return (x_train - mean) / std, (x_new - mean) / std


def cutout_in_loops(images, size, rng):
    out = images.copy()
    for image in out:
        top = rng.integers(image.shape[0] - size + 1)
        left = rng.integers(image.shape[1] - size + 1)
        image[top : top + size, left : left + size] = 0
    return out


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        ("09.1", [0.108, 0.1081, np.float32(0.108), np.array([0.10806])]),
        ("09.2", [0.625, 5 / 8, np.float32(0.625), np.array(0.625)]),
        ("09.3", [shifted_dropout]),
        ("09.4", [standardize_with_eps, standardize_with_sample_std]),
        ("09.5", [0.344, 0.3438, np.float32(0.3437), np.array(0.3438)]),
        ("09.6", [15.3, np.float32(18), np.array(16.0)]),
        ("09.7", [cutout_in_loops]),
    ],
)
def test_right_answers_in_other_forms_pass(number, answers):
    for answer in answers:
        verdict = grade(number, answer)
        assert verdict.status == "correct", (number, verdict)
