"""Pictures of arrays and of the plane, by the data they show."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex

from dlbasics import functions, plotting
from dlbasics.palette import COLORS


def texts(ax):
    return [text.get_text() for text in ax.texts]


def dotted(ax):
    return [p for p in ax.patches if p.get_linestyle() in (":", "dotted")]


TABLE = np.arange(12).reshape(4, 3)


def test_broadcasting_shows_each_step_and_the_sum():
    ax = plotting.broadcasting(TABLE, np.array([10, 20, 30]))
    said = texts(ax)
    assert {"a (4, 3)", "b (3,)", "1. axis in front\n(1, 3)"} <= {*said}
    assert {"3. stretched\n(4, 3)", "a + b (4, 3)"} <= {*said}
    assert said.count("41") == 1
    assert said.count("30") == 7  # as given, with an axis, in four rows, and 10 + 20
    assert len(dotted(ax)) == 9  # three of the four rows are not in memory


def test_broadcasting_shows_cells_without_a_partner_and_no_sum():
    ax = plotting.broadcasting(TABLE, np.array([10, 20, 30, 40]))
    assert texts(ax).count("?") == 4
    assert not [t for t in texts(ax) if t.startswith("a + b")]
    red = [p for p in ax.patches if to_hex(p.get_edgecolor()) == COLORS["red"]]
    assert len(red) == 4


def test_broadcasting_stretches_a_column():
    ax = plotting.broadcasting(TABLE, np.array([[10], [20], [30], [40]]))
    assert "b (4, 1)" in texts(ax)
    assert "51" in texts(ax)
    assert len(dotted(ax)) == 8


def test_reductions_write_the_sums_and_their_shapes():
    ax = plotting.reductions(np.array([[1, 2, 3], [4, 5, 6]]))
    assert {"5", "7", "9", "15", "sum(axis=0) (3,)"} <= {*texts(ax)}
    assert "sum(axis=1)\n(2,)\nkeepdims (2, 1)" in texts(ax)


def test_product_tints_one_row_one_column_and_their_entry():
    a, b = np.array([[1, 2, 3], [4, 5, 6]]), np.array([[1, 0], [0, 1], [2, 1]])
    ax = plotting.product(a, b, entry=(1, 0))
    assert {"7", "16", "11", "A @ B (2, 2)"} <= {*texts(ax)}
    assert sum(p.get_alpha() == 0.25 for p in ax.patches) == 3 + 3 + 1


def test_tensors_have_as_many_cells_as_entries():
    shapes = [(), (3,), (2, 3), (2, 2, 3), (2, 2, 2, 3), (2, 2, 2, 2, 3)]
    ax = plotting.tensors(shapes)
    assert len(ax.patches) == sum(int(np.prod(shape)) for shape in shapes)
    assert {"0 axes", "1 axis", "5 axes", "()", "(3,)"} <= {*texts(ax)}


def test_pixels_write_their_numbers():
    ax = plotting.pixels(np.array([[0.0, 1.0], [0.494, 0.996]]))
    assert texts(ax) == ["0", "1", ".49", "1.00"]


def test_gallery_keeps_one_scale_of_gray():
    axes = plotting.gallery(np.array([[[0.0, 0.5]], [[0.2, 1.0]]]), ["a", "b"])
    assert [ax.get_title() for ax in axes] == ["a", "b"]
    assert {ax.images[0].get_clim() for ax in axes} == {(0, 1)}


def test_plane_draws_what_the_map_makes_of_grid_and_arrows():
    ax = plotting.plane(lambda p: 2 * p + 1, limit=3)
    x, _ = ax.lines[0].get_data()
    assert (np.nanmin(x), np.nanmax(x)) == (-1, 3)
    ends = [tuple(map(float, arrow.xy)) for arrow in ax.texts]
    assert ends == [(3, 1), (1, 3)]
    assert ax.get_xlim() == (-3, 3)


def test_two_colors_differ_in_their_markers_too():
    points = np.array([[0.0, 0], [1, 1], [2, 2]])
    ax = plotting.two_colors(points, np.array([0, 1, 1]))
    assert [line.get_marker() for line in ax.lines] == ["o", "s"]
    np.testing.assert_array_equal(ax.lines[1].get_xdata(), [1, 2])


def test_cut_is_the_line_of_its_normal_and_threshold():
    ax = plotting.two_colors(np.array([[-2.0, 0], [2, 1]]), np.array([0, 1]))
    limits = ax.get_xlim(), ax.get_ylim()
    plotting.cut(np.array([0.6, 0.8]), 0.5, ax=ax)
    x, y = ax.lines[-1].get_data()
    np.testing.assert_allclose(0.6 * x + 0.8 * y, 0.5)
    assert (ax.get_xlim(), ax.get_ylim()) == limits


def test_paper_prints_its_lines_and_fills_both_halves():
    line = np.linspace(-1, 1, 81)
    sheet = np.stack(np.meshgrid(line, line), axis=-1)
    ax = plotting.paper(functions.relu(sheet), line > 0)
    assert [ln.get_linestyle() for ln in ax.lines[:5]] == ["-"] * 3 + [":"] * 2
    fills = [to_hex(p.get_facecolor()) for p in ax.patches]
    assert fills == [COLORS["blue"]] * 2 + [COLORS["orange"]] * 2


def test_counts_are_tinted_by_size_and_zero_stays_empty():
    ax = plotting.counts(np.array([[0, 1, 2], [4, 0, 0]]))
    assert texts(ax) == ["1", "2", "4"]
    shades = [patch.get_alpha() for patch in ax.patches]
    np.testing.assert_allclose(shades, [0, 0.15, 0.3, 0.6, 0, 0])
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "rows count downward"
