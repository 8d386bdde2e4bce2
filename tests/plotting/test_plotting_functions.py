"""Functions with derivatives, and pictures of networks, by the data they show."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex

from dlbasics import functions, plotting
from dlbasics.palette import COLORS


def curves(ax):
    return {line.get_label(): line for line in ax.lines}


def test_function_and_derivative_are_both_drawn_and_told_apart():
    ax = plotting.function_and_derivative(np.sin, np.cos, limits=(-1, 1))
    f, df = (curves(ax)[name] for name in ("function", "derivative"))
    x, y = f.get_data()
    np.testing.assert_allclose(y, np.sin(x))
    np.testing.assert_allclose(df.get_ydata(), np.cos(x))
    assert f.get_linestyle() != df.get_linestyle()
    assert ax.get_xlim() == (-1, 1)


def test_no_line_is_drawn_across_a_jump():
    ax = plotting.function_and_derivative(functions.step, np.zeros_like)
    y = curves(ax)["function"].get_ydata()
    assert np.isnan(y).sum() == 1
    assert not np.isnan(curves(ax)["derivative"].get_ydata()).any()


def test_panels_show_every_function_once():
    three = {name: (np.sin, np.cos) for name in "abc"}
    axes = plotting.function_panels(three)
    assert axes.shape == (2, 2)
    assert [ax.get_title() for ax in axes.flat] == ["a", "b", "c", ""]
    assert not axes[1, 1].get_visible()


def texts(ax):
    return {text.get_text() for text in ax.texts}


def test_a_network_shows_its_shapes_and_one_line_for_each_weight():
    ax = plotting.network([2, 3, 1], names=["in", "hidden", "out"])
    assert texts(ax) >= {"in", "hidden", "out", "(1, 2)", "(1, 3)", "(1, 1)"}
    assert texts(ax) >= {"W1 (2, 3)\nb1 (3,)", "W2 (3, 1)\nb2 (1,)"}
    assert len(ax.patches) == 2 + 3 + 1
    assert len(ax.lines) == 2 * 3 + 3 * 1


def test_sign_and_zero_of_weights_are_seen():
    W = np.array([[1.0, -2.0], [0.0, 0.5]])
    ax = plotting.network([2, 2], weights=[W], values=[[1, 2], [-3, 0.25]])
    look = {(to_hex(line.get_color()), line.get_linestyle()) for line in ax.lines}
    assert look == {(COLORS["blue"], "-"), (COLORS["orange"], "--")}
    assert len(ax.lines) == 3
    assert texts(ax) >= {"1", "2", "−3", "0.25"}


def test_large_layers_are_shortened_and_say_so():
    ax = plotting.network([784, 2], most=4)
    assert len(ax.patches) == 4 + 2
    assert "⋮" in texts(ax)
    assert "(1, 784)" in texts(ax)


def test_weights_as_images_share_one_scale_around_zero():
    W = np.arange(12.0).reshape(6, 2) - 3
    axes = plotting.weight_images(W, [1, 0], shape=(2, 3))
    shown = [ax.images[0] for ax in axes]
    np.testing.assert_array_equal(shown[0].get_array(), W[:, 1].reshape(2, 3))
    assert [ax.get_title() for ax in axes] == ["unit 1", "unit 0"]
    assert {image.get_clim() for image in shown} == {(-8, 8)}
