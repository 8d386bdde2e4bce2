"""Image transforms, by pictures that can be known without them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dlbasics import augment
from dlbasics.datasets import load_mnist


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def digits():
    images = load_mnist(n_train=150, n_test=0, flat=False).x_train
    images.flags.writeable = False
    return images


@pytest.fixture(params=[(28, 28, 1), (9, 12, 3), (1, 7, 1)], ids=str)
def noise(request):
    return rng(1).random((5, *request.param), dtype=np.float32)


def padded_roll(images, down, right):
    """Move by whole pixels with np.roll, on paper wide enough to hold all."""
    wide = np.pad(images, ((0, 0), (40, 40), (40, 40), (0, 0)))
    _, h, w, _ = images.shape
    return np.roll(wide, (down, right), axis=(1, 2))[:, 40 : 40 + h, 40 : 40 + w]


# Exact cases


def test_the_identity_changes_nothing(noise):
    same = augment.affine(noise, np.eye(2))
    np.testing.assert_array_equal(same, noise)
    assert same is not noise
    np.testing.assert_array_equal(augment.random_affine(noise, rng=rng()), noise)


@pytest.mark.parametrize(("down", "right"), [(1, 0), (0, -3), (2, 5), (-6, 4), (50, 0)])
def test_a_shift_by_whole_pixels_is_a_roll_onto_paper(noise, down, right):
    moved = augment.shift(noise, down, right)
    np.testing.assert_array_equal(moved, padded_roll(noise, down, right))


def test_every_image_can_have_its_own_shift(noise):
    moved = augment.shift(noise, np.arange(5), 0)
    for k in range(5):
        np.testing.assert_array_equal(moved[[k]], padded_roll(noise[[k]], k, 0))


def test_half_a_pixel_is_the_mean_of_two(digits):
    moved = augment.shift(digits, 0, 0.5)
    np.testing.assert_allclose(
        moved, (digits + padded_roll(digits, 0, 1)) / 2, atol=1e-6
    )


@pytest.mark.parametrize("quarters", [-3, -1, 1, 2, 4])
@pytest.mark.parametrize("side", [8, 9])
def test_quarter_turns_are_those_of_numpy(quarters, side):
    images = rng().random((4, side, side, 2), dtype=np.float32)
    turned = augment.affine(images, augment.rotation(90 * quarters))
    np.testing.assert_array_equal(turned, np.rot90(images, quarters, axes=(1, 2)))


def test_a_mirror_as_a_matrix_is_a_flip(noise):
    mirror = np.diag([1.0, -1.0])
    np.testing.assert_array_equal(augment.affine(noise, mirror), augment.flip(noise))
    np.testing.assert_array_equal(augment.flip(noise), noise[:, :, ::-1])


def test_a_zoom_by_two_about_the_middle():
    images = np.zeros((1, 5, 5, 1))
    images[0, 2, 2] = 1
    large = augment.affine(images, augment.zoom(2))[0, :, :, 0]
    row = np.array([0, 0.5, 1, 0.5, 0])
    np.testing.assert_allclose(large, np.outer(row, row))


def test_a_shear_moves_upper_rows_to_the_right():
    images = np.zeros((1, 5, 5, 1))
    images[0, :, 2] = 1
    slanted = augment.affine(images, augment.shear(1))[0, :, :, 0]
    np.testing.assert_allclose(slanted, np.eye(5)[:, ::-1])


def test_the_right_matrix_acts_first():
    images = rng().random((2, 9, 9, 1))
    both = augment.affine(images, augment.zoom([2, 3]) @ augment.rotation(90))
    turned = augment.affine(images, augment.rotation(90))
    one_by_one = augment.affine(turned, augment.zoom([2, 3]))
    np.testing.assert_allclose(both, one_by_one, atol=1e-12)
    A, B = augment.shear(0.5), augment.rotation(90)
    assert not np.allclose(A @ B, B @ A)


def test_bilinear_interpolation_by_hand():
    images = np.array([[0.0, 0.8], [0.4, 1.0]]).reshape(1, 2, 2, 1)
    rows = np.array([[[0.25, 0, 1, -0.5, 9, -9]]])
    columns = np.array([[[0.5, 1, 0, 1, 0, 0]]])
    looked = augment.sample(images, rows, columns).ravel()
    np.testing.assert_allclose(looked, [0.475, 0.8, 0.4, 0.4, 0, 0])


def test_a_linear_picture_stays_linear_between_pixels():
    i, j = np.indices((6, 7))
    images = (0.1 * i + 0.05 * j)[None, :, :, None]
    rows, columns = rng().uniform(0, 5, (1, 9, 9)), rng(1).uniform(0, 6, (1, 9, 9))
    looked = augment.sample(images, rows, columns)[..., 0]
    np.testing.assert_allclose(looked, 0.1 * rows + 0.05 * columns, atol=1e-12)


def test_crop_and_brightness_by_hand():
    images = np.arange(24.0).reshape(1, 4, 6, 1) / 24
    part = augment.crop(images, 1, 2, 2, 3)
    np.testing.assert_allclose(24 * part[0, :, :, 0], [[8, 9, 10], [14, 15, 16]])
    np.testing.assert_allclose(augment.brightness(images, 0.5), images / 2)
    two = np.full((2, 1, 1, 1), 0.5, np.float32)
    assert augment.brightness(two, np.array([4.0, 0.5])).ravel().tolist() == [1, 0.25]


# What holds for all of them

RANDOM = {
    "affine": lambda x, g: augment.random_affine(
        x, rng=g, shift=2, rotate=20, shear=0.3, zoom=0.2
    ),
    "flip": lambda x, g: augment.random_flip(x, rng=g),
    "crop": lambda x, g: augment.random_crop(x, 20, rng=g),
    "brightness": lambda x, g: augment.random_brightness(x, 0.5, rng=g),
}
EVERY = pytest.mark.parametrize("change", RANDOM.values(), ids=RANDOM)


@EVERY
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_range_and_randomness(digits, change, dtype):
    images = digits.astype(dtype)
    images.flags.writeable = False
    out = change(images, rng(3))
    assert out.dtype == dtype
    assert len(out) == len(images)
    assert not np.shares_memory(out, images)
    assert out.min() >= 0
    assert out.max() <= 1 + 1e-6
    np.testing.assert_array_equal(out, change(images, rng(3)))
    assert (out != change(images, rng(4))).any()
    same_image = np.repeat(images[:1], 40, axis=0)
    drawn = change(same_image, rng(3))
    assert len(np.unique(drawn.reshape(40, -1), axis=0)) > 1


@EVERY
def test_no_images_are_allowed(change):
    nothing = np.zeros((0, 28, 28, 1), np.float32)
    assert len(change(nothing, rng())) == 0


def test_ink_is_roughly_kept(digits):
    for how in ({"rotate": 45}, {"shift": 1.5}, {"shear": 0.3}):
        moved = augment.random_affine(digits, rng=rng(), **how)
        ratio = moved.sum(axis=(1, 2, 3)) / digits.sum(axis=(1, 2, 3))
        assert np.abs(ratio - 1).max() < 0.06, how
    larger = augment.affine(digits, augment.zoom(1.2))
    assert larger.sum() / digits.sum() == pytest.approx(1.2**2, rel=0.02)


def test_blocks_leave_no_seam(digits):
    A = augment.rotation(np.linspace(-40, 40, len(digits)))
    whole = augment.affine(digits, A)
    alone = [augment.affine(digits[[k]], A[k]) for k in range(len(digits))]
    np.testing.assert_array_equal(whole, np.concatenate(alone))


def test_limits_are_kept_and_used():
    dot = np.zeros((400, 41, 41, 1))
    dot[:, 20, 20] = 1
    moved = augment.random_affine(dot, rng=rng(), shift=5)
    total = moved.sum(axis=(1, 2, 3))
    down = (moved.sum(axis=(2, 3)) @ np.arange(41)) / total - 20
    right = (moved.sum(axis=(1, 3)) @ np.arange(41)) / total - 20
    for way in (down, right):
        assert 4.8 < np.abs(way).max() <= 5 + 1e-9
        assert abs(way.mean()) < 0.5
    assert abs(np.corrcoef(down, right)[0, 1]) < 0.15


def test_half_of_the_images_are_flipped(digits):
    out = augment.random_flip(digits, rng=rng())
    kept = np.all(out == digits, axis=(1, 2, 3))
    turned = np.all(out == digits[:, :, ::-1], axis=(1, 2, 3))
    assert np.all(kept | turned)
    assert 0.35 < turned.mean() < 0.65


def test_crops_come_from_everywhere():
    i, j = np.indices((6, 8))
    images = np.repeat((i + j / 10.0)[None, :, :, None], 300, axis=0)
    out = augment.random_crop(images, 5, rng=rng())[..., 0]
    corners = {tuple(divmod(round(10 * v), 10)) for v in out[:, 0, 0]}
    assert corners == {(a, b) for a in range(2) for b in range(4)}
    np.testing.assert_allclose(out[:, 4, 4] - out[:, 0, 0], 4.4)


# Misuse


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda x: augment.flip(x.reshape(-1, 784)),
            "expected images of shape (N, H, W, C) as floats in [0, 1], got (3, 784); "
            "flat rows need reshape(-1, 28, 28, 1)",
        ),
        (
            lambda x: augment.shift((255 * x).astype(np.uint8), 1, 1),
            "expected images of shape (N, H, W, C) as floats in [0, 1], got "
            "(3, 28, 28, 1) of uint8; flat rows need reshape(-1, 28, 28, 1)",
        ),
        (lambda x: augment.random_flip(x.tolist(), rng=rng()), "got list; flat rows"),
        (
            lambda x: augment.affine(x, np.eye(3)),
            "affine expected invertible matrices (2, 2) or (3, 2, 2) and moves (2,) or "
            "(3, 2), got (3, 3) and (2,)",
        ),
        (
            lambda x: augment.affine(x, augment.zoom(0)),
            "got [[0.0, 0.0], [0.0, 0.0]] and (2,)",
        ),
        (lambda x: augment.affine(x, np.eye(2), [1, 2, 3]), "and (3,)"),
        (
            lambda x: augment.random_affine(x, rng=rng(), rotate=-5),
            "random_affine expected limits >= 0 and zoom < 1, got {'shift': 0.0, "
            "'rotate': -5, 'shear': 0.0, 'zoom': 0.0}",
        ),
        (lambda x: augment.random_affine(x, rng=rng(), zoom=1), "zoom < 1, got"),
        (
            lambda x: augment.crop(x, 20, 0, 9, 9),
            "crop expected a rectangle inside (28, 28), got rows 20 to 29 and columns "
            "0 to 9",
        ),
        (lambda x: augment.crop(x, 0, 0, 0, 9), "got rows 0 to 0"),
        (
            lambda x: augment.random_crop(x, 29, rng=rng()),
            "random_crop expected a size from 1 to 28, got 29",
        ),
        (
            lambda x: augment.brightness(x, -1),
            "brightness expected a factor >= 0, or 3 of them, got -1.0",
        ),
        (lambda x: augment.brightness(x, np.ones(2)), "or 3 of them, got [1. 1.]"),
        (
            lambda x: augment.random_brightness(x, 1.5, rng=rng()),
            "random_brightness expected 0 <= amount <= 1, got 1.5",
        ),
    ],
)
def test_misuse_says_what_was_expected(digits, call, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        call(digits[:3])
