"""What the prose of chapter 07 says its explorers show."""

from __future__ import annotations

import pytest

from dlbasics.explorers.initialization import activation_histograms
from dlbasics.explorers.training_curves import SIGMAS, accuracies, training_curves

SIGMA_VALUES = activation_histograms.controls["sigma"].values


def reached(activation: str) -> set[str]:
    """The standard deviations at which 20 plain layers meet the target."""
    control = activation_histograms.controls["sigma"]
    state = {"activation": activation, "depth": 20, "batch_norm": False}
    return {
        control.text(sigma)
        for sigma in SIGMA_VALUES
        if activation_histograms(sigma=sigma, **state).reached
    }


def test_twenty_layers_of_tanh_meet_the_target_near_he():
    assert reached("tanh") == {"0.14 = √(2/n), He", "0.16"}


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_twenty_layers_of_others_do_not(activation):
    assert reached(activation) == set()


def test_relu_fails_by_its_dead_units():
    state = {"activation": "relu", "sigma": "he", "depth": 20, "batch_norm": False}
    words = activation_histograms(**state).description
    dead = int(words.partition("dead units there: ")[2].partition("%")[0])
    assert dead > 10


@pytest.mark.parametrize(
    ("lr", "sigma", "expected"),
    [
        (0.03, "he", True),
        (0.1, "he", True),
        (0.1, "xavier", True),
        (0.03, "xavier", False),
        (0.1, SIGMAS[5], False),
    ],
)
def test_where_plain_networks_pass_80_percent(lr, sigma, expected):
    assert training_curves(lr=lr, sigma=sigma, batch_norm=False).reached is expected


@pytest.mark.parametrize("sigma", [SIGMAS[0], SIGMAS[5]])
def test_batch_normalization_widens_the_range(sigma):
    curves, _ = accuracies(0.1, sigma, True)
    assert curves[:, -1, 1].mean() > 0.76
