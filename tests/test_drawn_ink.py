"""Drawn ink, and bringing it into the form of MNIST's images."""

import numpy as np
import pytest

from dlbasics.datasets import draw_lines, like_mnist, load_mnist
from dlbasics.datasets.drawing import PEN, SIDE


@pytest.fixture(scope="module")
def digits():
    return load_mnist(n_train=0, n_test=2000).x_test.reshape(-1, 28, 28)


def test_images_of_mnist_stay_as_they_are(digits):
    changes = np.array([abs(like_mnist(x) - x).max() for x in digits])
    assert (changes > 1e-6).sum() <= 2
    before, after = digits, np.array([like_mnist(x) for x in digits])
    assert abs(after - before).mean() < 1e-3


def test_a_digit_comes_back_from_anywhere_and_any_size(digits):
    for x in digits[:20]:
        large = x.repeat(10, axis=0).repeat(10, axis=1)
        moved = np.pad(large, ((7, 31), (23, 4)))
        np.testing.assert_allclose(like_mnist(large), x, atol=1e-6)
        np.testing.assert_allclose(like_mnist(moved), x, atol=1e-6)
        np.testing.assert_allclose(
            like_mnist(np.pad(x, ((0, 9), (5, 0)))), x, atol=1e-6
        )


def test_the_result_fits_the_box_and_is_centered():
    rng = np.random.default_rng(0)
    for _ in range(20):
        n_points = rng.integers(1, 6)
        image = like_mnist(draw_lines([rng.uniform(20, 260, (n_points, 2))]))
        assert image.shape == (28, 28)
        assert image.dtype == np.float32
        assert 0 <= image.min() <= image.max() <= 1 + 1e-6
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20


def test_ink_is_averaged_by_area():
    ink = np.zeros((40, 40))
    ink[:, 0], ink[0, :] = 1, 1  # two old pixels for a new one
    image = like_mnist(ink)
    assert image.sum() == pytest.approx(ink.sum() / 4, rel=1e-6)
    assert sorted(set(np.round(image.ravel(), 6))) == [0, 0.5, 0.75]


def test_lopsided_ink_is_not_moved_out_of_the_image():
    ink = np.zeros((20, 20))
    ink[19], ink[0, 0] = 1, 0.1  # the center of mass lies in row 19
    image = like_mnist(ink)
    assert image.sum() == pytest.approx(ink.sum(), rel=1e-6)
    assert image[0].sum() == pytest.approx(0.1, rel=1e-6)


def test_no_ink_stays_no_ink():
    assert not like_mnist(np.zeros((50, 60))).any()


def test_a_wrong_shape_is_named():
    message = r"like_mnist expected ink of shape \(H, W\), got \(28, 28, 1\)"
    with pytest.raises(ValueError, match=message):
        like_mnist(np.zeros((28, 28, 1)))


def test_a_dot_is_as_large_as_the_pen():
    ink = draw_lines([[(140, 140)]])
    assert ink.shape == (SIDE, SIDE)
    assert ink.sum() == pytest.approx(np.pi * PEN**2 / 4, rel=0.005)
    assert ink[140, 140] == 1
    assert ink.max() == 1


def test_lines_join_and_do_not_add_up():
    once = draw_lines([[(50, 60), (200, 60)]], width=10)
    assert once.sum() == pytest.approx(150 * 10 + np.pi * 25, rel=0.005)
    pieces = draw_lines([[(50, 60), (120, 60), (200, 60)], [(90, 60)]], width=10)
    np.testing.assert_allclose(pieces, once, atol=1e-12)


def test_x_goes_to_the_right_and_y_down():
    ink = draw_lines([[(30, 200)]])
    assert ink[200, 30] == 1
    assert ink[30, 200] == 0


def test_ink_beyond_the_canvas_is_cut_off():
    assert draw_lines([[(-50, -50)]]).sum() == 0
    assert draw_lines([[(0, 0)]])[0, 0] == 1


def test_no_lines_no_ink():
    assert draw_lines([]).sum() == 0
