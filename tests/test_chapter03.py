"""What the prose of chapter 03 says its explorers show."""

from __future__ import annotations

import numpy as np
import pytest

from dlbasics.datasets import load_mnist
from dlbasics.explorers.activations import KINDS, activation_slope, slope
from dlbasics.explorers.softmax import SCORES, softmax_temperature
from dlbasics.pretrained import load_pretrained

X = activation_slope.controls["x"].values
T = softmax_temperature.controls["temperature"].values


def test_sigmoid_meets_the_target_at_five_and_six_only():
    reached = {x for x in X if activation_slope(function="sigmoid", x=x).reached}
    assert reached == {-6, -5, 5, 6}
    assert slope(KINDS["sigmoid"], 4.58) > 0.01 > slope(KINDS["sigmoid"], 4.6)


def test_no_other_function_meets_the_target():
    assert not any(
        activation_slope(function=name, x=x).reached
        for name in KINDS
        for x in X
        if name != "sigmoid"
    )


def test_tanh_passes_less_than_one_percent_from_three_on():
    small = {x for x in X if slope(KINDS["tanh"], x) < 0.01}
    assert small == {x for x in X if abs(x) >= 3}


def test_the_sigmoid_is_steepest_at_zero():
    slopes = [float(slope(KINDS["sigmoid"], x)) for x in X]
    assert X[int(np.argmax(slopes))] == 0
    assert max(slopes) == 0.25


@pytest.mark.parametrize(
    ("x", "expected"),
    [(6, {"relu", "leaky", "prelu", "elu", "identity"}), (-6, {"identity"})],
)
def test_which_pass_everything(x, expected):
    whole = {
        name
        for name in KINDS
        if "100 % of a gradient passes"
        in activation_slope(function=name, x=x).description
    }
    assert whole == expected


@pytest.mark.parametrize("name", KINDS)
def test_slopes_are_those_of_the_curves(name):
    x, h = np.array([-4.2, -0.7, 0.3, 3.1]), 1e-6
    kind = KINDS[name]
    measured = (kind.f(x + h) - kind.f(x - h)) / (2 * h)
    np.testing.assert_allclose(slope(kind, x), measured, atol=1e-6)


def test_the_description_names_kinks():
    kinks = {
        name
        for name in KINDS
        if "no slope" in activation_slope(function=name, x=0).description
    }
    assert kinks == {"step", "relu", "leaky", "prelu"}
    assert "no slope" not in activation_slope(function="relu", x=1).description


def test_a_narrow_lead_needs_a_low_temperature():
    reached = {
        (name, t)
        for name in SCORES
        for t in T
        if softmax_temperature(scores=name, temperature=t).reached
    }
    assert reached == {("narrow lead", 0.01), ("narrow lead", 0.02)}


@pytest.mark.parametrize("t", T)
def test_a_tie_is_never_decided(t):
    shares = softmax_temperature(scores="tie", temperature=t).description
    first, second, _ = shares.partition("shares are ")[2].split(", ")
    assert first == second


@pytest.mark.parametrize("t", T)
def test_a_thousand_more_changes_no_share(t):
    frames = [
        softmax_temperature(scores=name, temperature=t).description
        for name in ("even steps", "all + 1000")
    ]
    assert len({frame.partition("shares are ")[2] for frame in frames}) == 1


def test_bytes_in_place_of_shares_make_logits_some_240_times_as_large():
    model, x = load_pretrained("mnist_mlp"), load_mnist().x_test
    shares, counts = model.forward(x), model.forward(255 * x)
    assert np.linalg.norm(counts) / np.linalg.norm(shares) == pytest.approx(
        240, rel=0.03
    )
    assert np.mean(shares.argmax(axis=1) == counts.argmax(axis=1)) > 0.99
