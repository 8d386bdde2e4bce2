"""Figures of splits, searches and judgments: what is drawn is what came in."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlbasics import plotting
from dlbasics.metrics import Reliability
from dlbasics.palette import COLORS
from dlbasics.search import LogUniform
from dlbasics.validation import k_fold


def test_folds_mark_the_rows_held_back():
    ax = plotting.folds(k_fold(6, 3, rng=None), 6, ax=plt.gca())
    cells = ax.collections[0].get_array().reshape(3, 6)
    assert cells.tolist() == [
        [1, 1, 0, 0, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 0, 0, 1, 1],
    ]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["1", "2", "3"]
    assert ax.yaxis_inverted()


def test_dumbbells_join_the_means():
    pairs = {"a": ([1.0, 3.0], [4.0, 6.0]), "b": ([0.0], [1.0])}
    ax = plotting.dumbbells(pairs, labels=("before", "after"))
    assert ax.lines[0].get_xdata().tolist() == [2, 5]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"]
    assert ax.get_legend_handles_labels()[1] == ["before", "after"]


def test_confusion_writes_every_count_and_tints_the_commonest_mistake():
    counts = np.array([[5, 2, 0], [0, 4, 1], [0, 0, 9]])
    ax = plotting.confusion(counts)
    assert [int(t.get_text()) for t in ax.texts] == counts.ravel().tolist()
    tints = np.array([p.get_alpha() for p in ax.patches]).reshape(3, 3)
    assert np.unravel_index(tints.argmax(), (3, 3)) == (0, 1)
    assert not tints.diagonal().any()


def test_confusion_without_a_mistake():
    ax = plotting.confusion(np.diag([3, 4]))
    assert not any(p.get_alpha() for p in ax.patches)


def test_reliability_diagram_has_the_diagonal_and_the_bins():
    bins = Reliability(np.array([0.2, 0.9]), np.array([0.1, 0.95]), np.array([3, 4]))
    ax = plotting.reliability_diagram({"net": bins})
    diagonal, line = ax.lines
    assert diagonal.get_xydata().tolist() == [[0, 0], [1, 1]]
    np.testing.assert_allclose(line.get_xydata(), [[0.2, 0.1], [0.9, 0.95]])


def test_log_contours_lie_where_the_value_is():
    space = {"a": LogUniform(1, 100), "b": LogUniform(1, 10)}
    ax = plotting.log_contours(lambda *, a, b: np.log10(a), space, levels=[1.0])
    (path,) = ax.collections[0].get_paths()
    np.testing.assert_allclose(path.vertices[:, 0], 10, rtol=0.01)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


@pytest.mark.parametrize("gap", [False, True])
def test_tried_stars_the_best(gap):
    values = np.array([0.5, 0.1, np.nan if gap else 0.3])
    ax = plotting.tried([1, 2, 3], [4, 5, 6], values, ax=plt.gca(), name="random")
    points, star = ax.lines
    assert points.get_xydata().tolist() == [[1, 4], [2, 5], [3, 6]]
    assert star.get_xydata().tolist() == [[2, 5]]
    assert points.get_color() == COLORS["blue"]


def test_belief_and_promise():
    x = np.linspace(0, 1, 5)
    top, below = plt.subplots(2)[1]
    seen = (np.array([0.5]), np.array([2.0]))
    plotting.belief(x, x, np.full(5, 0.5), seen=seen, ax=top)
    band = top.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (-1, 2)
    assert top.lines[1].get_xydata().tolist() == [[0.5, 2]]
    plotting.promise(x, np.array([0, 1, 3, 2, 0.0]), axes=(below, top))
    assert [ax.lines[-1].get_xdata()[0] for ax in (below, top)] == [0.5, 0.5]
