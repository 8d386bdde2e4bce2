"""Pictures of windows, maps and evidence, by the data they show."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlbasics import plotting
from dlbasics.plotting.windows import SIGNED


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_tables_write_numbers_labels_and_signs_and_tint_what_is_marked():
    x = np.arange(6).reshape(2, 3)
    parts = [plotting.Cells(x, "image", marked=x > 3), "→", plotting.Cells([7], "sum")]
    ax = plotting.tables(parts)
    assert texts(ax) == ["0", "1", "2", "3", "4", "5", "image", "→", "7", "sum"]
    assert sum(p.get_alpha() == 0.25 for p in ax.patches) == 2


def test_tables_leave_room_for_the_wider_of_two_pictures():
    narrow = plotting.tables([plotting.Cells([1])], ax=plt.figure().subplots())
    wide = plotting.tables([plotting.Cells([1])], ax=plt.figure().subplots(), width=20)
    assert wide.get_xlim()[1] > narrow.get_xlim()[1] + 15


def test_maps_share_one_scale_and_hide_empty_places():
    values = np.array([[[1.0, -1]], [[4, 0]], [[0, 0]]])
    axes = plotting.maps(values, columns=2, titles=["a", "b", "c"])
    assert axes.shape == (2, 2)
    limits = {ax.images[0].get_clim() for ax in axes.flat[:3]}
    assert limits == {(-4, 4)}
    assert axes[0, 1].get_title() == "b" or "b" in axes[0, 1].get_title(loc="left")
    assert not axes[1, 1].axison


def test_maps_of_zeros_can_be_drawn():
    axes = plotting.maps(np.zeros((1, 2, 2)))
    assert axes.flat[0].images[0].get_clim() == (-1, 1)


def test_zero_lets_the_page_through_and_signs_have_their_colors():
    below, zero, above = SIGNED(np.array([0.0, 0.5, 1.0]))
    assert zero[3] < 0.02
    assert below[3] == above[3] == 1
    assert below[0] > below[2]  # orange
    assert above[2] > above[0]  # blue


def test_a_mosaic_keeps_every_map_and_parts_them_by_nan():
    maps = np.arange(2 * 3 * 5, dtype=float).reshape(2, 3, 5)
    grid = plotting.mosaic(maps, 3)
    assert grid.shape == (2 * 3 - 1, 3 * 4 - 1)
    np.testing.assert_array_equal(grid[:2, 4:7], maps[..., 1])
    np.testing.assert_array_equal(grid[3:, :3], maps[..., 3])
    assert np.isnan(grid[2]).all()
    assert np.isnan(grid[3:, 8:]).all()


@pytest.mark.parametrize("limit", [None, 10.0])
def test_evidence_lies_under_the_outline_on_the_scale_of_the_digit(limit):
    digit = np.zeros((8, 8))
    digit[2:6, 3:5] = 1
    heat = np.array([[1.0, -2], [0, 3]])
    ax = plotting.evidence(digit, heat, limit=limit, title="for 1")
    (drawn,) = ax.images
    assert drawn.get_extent() == [-0.5, 7.5, 7.5, -0.5]
    assert drawn.get_clim() == ((-10, 10) if limit else (-3, 3))
    outline = np.concatenate(ax.collections[0].get_paths()[0].to_polygons())
    assert outline.min(axis=0) == pytest.approx([2.5, 1.5])
    assert outline.max(axis=0) == pytest.approx([4.5, 5.5])
