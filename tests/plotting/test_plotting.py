"""Figures are tested by the data they show."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlbasics import notebook, plotting
from dlbasics.layers import ReLU


def test_histogram_shows_percentages_and_counts_what_lies_outside():
    values = np.array([-9.0, -0.9, 0.1, 0.9, 9.0])
    ax = plotting.histogram(values, limits=(-1, 1), bins=4)
    heights, edges, _ = ax.patches[0].get_data()
    np.testing.assert_allclose(heights, [40, 0, 20, 40])
    np.testing.assert_allclose(edges, [-1, -0.5, 0, 0.5, 1])


def test_layer_histograms_make_a_row_for_each_network():
    layers = [np.zeros(5), np.ones(5)]
    titles = {"σ = 1": ["a", "b"], "He": ["c", "d"]}
    axes = plotting.layer_histograms({"σ = 1": layers, "He": layers}, titles=titles)
    assert axes.shape == (2, 2)
    assert axes[0, 1].get_title() == "layer 2\nb"
    assert axes[1, 0].get_title() == "c"
    assert axes[1, 0].get_ylabel().startswith("He")
    assert (
        axes[0, 0].patches[0].get_facecolor() != axes[1, 0].patches[0].get_facecolor()
    )


def test_by_layer_counts_layers_from_one():
    ax = plotting.by_layer({"He": [1.0, 10.0, 100.0]}, ylabel="size")
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [1, 2, 3])
    assert ax.get_yscale() == "log"
    assert ax.get_ylabel() == "size"


def test_runs_show_mean_and_range():
    ax = plotting.runs({"Xavier": np.array([[1.0, 2.0], [3.0, 6.0]])})
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [2, 4])
    band = ax.collections[0].get_paths()[0].vertices
    assert {tuple(p) for p in band} >= {(1, 1), (2, 2), (1, 3), (2, 6)}


def test_panels_stand_side_by_side():
    axes = plotting.panels(3, sharey=True)
    assert axes.shape == (3,)
    axes[0].set_ylim(0, 7)
    assert axes[2].get_ylim() == (0, 7)


def test_smooth_is_a_moving_mean_that_starts_with_what_there_is():
    np.testing.assert_allclose(
        plotting.smooth(np.array([4.0, 2.0, 6.0, 1.0]), 2), [4, 3, 4, 3.5]
    )
    rows = np.arange(12.0).reshape(2, 6)
    np.testing.assert_allclose(plotting.smooth(rows, 1), rows)


def test_a_concept_has_one_look_and_others_differ_in_more_than_color():
    assert plotting.look("He", 0) == plotting.look("He", 5)
    looks = [plotting.look(f"unknown {i}", i) for i in range(4)]
    for key in ("color", "linestyle", "marker"):
        assert len({look[key] for look in looks}) == 4
    second = [(dash, marker) for _, dash, marker in plotting.LOOK.values()]
    assert len(set(plotting.LOOK)) == len(plotting.LOOK)
    assert len({str(s) for s in second[:4]}) == 4


def test_plotting_neither_shows_nor_draws_random_numbers(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("plotting calls show"))
    before = np.random.get_state()[1].copy()  # noqa: NPY002 (nobody may touch it)
    plotting.histogram(np.ones(3))
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_setup_sets_the_style():
    with mpl.rc_context(), np.printoptions():
        notebook.setup()
        assert plt.rcParams["figure.facecolor"] == "none"
        assert plt.rcParams["figure.dpi"] == 144
        assert str(np.array([1 / 3])) == "[0.333]"


def test_show_source_shows_the_code_that_runs(monkeypatch):
    shown = []
    monkeypatch.setattr(notebook, "display", shown.append)
    notebook.show_source(ReLU)
    assert shown[0].data.startswith("```python\nclass ReLU(Layer):")
    assert "return dy * positive" in shown[0].data
    assert shown[0].data.endswith("\n```")


def test_a_ladder_has_a_rung_for_each_name_from_top_to_bottom():
    rungs = {"plain": [1.0, 2.0, 3.0], "worse": [-1.0, -2.0, -0.6]}
    ax = plotting.ladder(rungs, xlabel="gain")
    labels = [t.get_text() for t in ax.get_yticklabels()]
    assert labels == ["plain", "worse"]
    assert ax.yaxis_inverted()
    assert [t.get_text() for t in ax.texts] == ["2.0", "−1.2"]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_array_equal(dots[1].get_xdata(), rungs["worse"])
    start = next(line for line in ax.lines if line.get_linestyle() == "--")
    assert start.get_xdata()[0] == 2
    assert ax.get_xlabel() == "gain"


def test_a_ladder_can_be_measured_from_another_rung():
    ax = plotting.ladder({"a": [1.0], "b": [5.0]}, reference="b", decimals=0)
    start = next(line for line in ax.lines if line.get_linestyle() == "--")
    assert start.get_xdata()[0] == 5
    assert ax.texts[0].get_text() == "1"


def test_a_ladder_can_have_medians_and_be_measured_from_a_number():
    ax = plotting.ladder({"a": [1.0, 2.0, 9.0]}, reference=4.0, center=np.median)
    start = next(line for line in ax.lines if line.get_linestyle() == "--")
    assert start.get_xdata()[0] == 4
    assert ax.texts[0].get_text() == "2.0"
