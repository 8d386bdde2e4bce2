"""What activation_histograms measures, against an independent calculation."""

import numpy as np
import pytest

from dlbasics.explorers.initialization import (
    LOOKS,
    NAMED,
    SIGMAS,
    activation_histograms,
    flaw,
    measure,
    short,
)


def test_the_controls_of_the_book():
    sigma = activation_histograms.controls["sigma"]
    assert np.allclose(np.sort(SIGMAS), np.sort(np.logspace(0, -4, 16)))
    assert len(sigma.values) == 18
    sizes = [NAMED.get(value, value) for value in sigma.values]
    assert sizes == sorted(sizes)
    assert pytest.approx({"xavier": 0.1, "he": 0.02**0.5}) == NAMED
    assert activation_histograms.controls["activation"].values == tuple(LOOKS)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_tanh_against_plain_numpy(batch_norm):
    for_x, for_weights, for_top = np.random.default_rng(7).spawn(3)
    h = for_x.standard_normal((1000, 100), np.float32).astype(float)
    steps = []
    for _ in range(5):
        W = (for_weights.standard_normal((100, 100), np.float32) * 0.3).astype(float)
        z = h @ W
        size = np.sqrt(z.var(axis=0) + 1e-5) if batch_norm else 1.0
        normal = (z - z.mean(axis=0)) / size if batch_norm else z
        h = np.tanh(normal)
        steps.append((W, normal, size, h))
    dy = for_top.standard_normal((1000, 100), np.float32).astype(float)
    sizes = []
    for W, normal, size, h in reversed(steps):
        sizes.append(np.linalg.norm(dy))
        dz = dy * (1 - h**2)
        if batch_norm:
            dz = dz - dz.mean(axis=0) - normal * (dz * normal).mean(axis=0)
        dy = dz / size @ W.T
    layers = measure("tanh", 0.3, 5, batch_norm)
    assert [layer.number for layer in layers] == [1, 2, 3, 4, 5]
    for layer, (_, _, _, h), size in zip(layers, steps, sizes[::-1], strict=True):
        assert layer.std == pytest.approx(h.std(), rel=1e-4)
        assert layer.mean == pytest.approx(h.mean(), abs=1e-4)
        assert layer.flaw == pytest.approx(np.mean(np.abs(h) > 0.99), abs=1e-3)
        assert layer.gradient == pytest.approx(size / sizes[0], rel=1e-3)


def test_twenty_layers_show_five():
    assert [m.number for m in measure("relu", 0.1, 20, False)] == [1, 5, 10, 15, 20]


def test_flaws_are_those_of_the_docstring():
    outputs = np.array([[0.0, -0.995, 0.5], [0.0, 0.2, -0.5]])
    assert flaw(outputs, LOOKS["tanh"]) == pytest.approx(1 / 6)
    assert flaw(outputs, LOOKS["elu"]) == pytest.approx(1 / 6)
    assert flaw(outputs + 0.5, LOOKS["sigmoid"]) == pytest.approx(3 / 6)
    assert flaw(outputs, LOOKS["relu"]) == pytest.approx(1 / 3)
    assert flaw(outputs, LOOKS["leaky relu"]) == pytest.approx(1 / 3)


def test_any_sigma_works_and_is_checked():
    assert "σ = 0.37," in activation_histograms(sigma=0.37).description
    with pytest.raises(ValueError, match="sigma expected a number above 0, got -1"):
        activation_histograms(sigma=-1)


def test_the_target_can_be_reached_and_needs_thought():
    assert activation_histograms(sigma="he", depth=20).reached
    assert not activation_histograms(sigma="he", depth=5).reached
    assert not activation_histograms(sigma="he", depth=20, batch_norm=True).reached
    assert not activation_histograms(sigma="xavier", depth=20).reached


def test_the_description_says_what_the_picture_shows():
    assert activation_histograms(sigma=1.0).description == (
        "5 layers of tanh, σ = 1, without batch normalization. Standard deviation of "
        "the activations: 0.96 in layer 1, 0.96 in layer 5; saturated there: 78%. The "
        "gradient at layer 1 is 28 times that at the top."
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (0.5, "0.5"),
        (-0.0123, "−0.012"),
        (123.4, "120"),
        (999.9, "1.0·10³"),
        (0.000999, "0.001"),
        (4.83e-5, "4.8·10⁻⁵"),
        (-1.2e16, "−1.2·10¹⁶"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_are_short(number, text):
    assert short(number) == text
