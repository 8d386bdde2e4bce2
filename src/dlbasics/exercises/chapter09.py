"""Checks for chapter 09, regularization."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from dlbasics.exercises import (
    Wrong,
    exercise,
    expect_array,
    expect_number,
    expect_numbers,
    need_function,
)

IDLE = 0.8 * 0.998**1000


@exercise(
    "09.1", wrong=[0.8, 0.998**1000, 0.8 * 0.996**1000, -0.8, 0.8 - 2, 0.11, "0.108"]
)
def idle_weight(answer: float) -> str:
    hints = {
        0.998**1000: "that is the factor; the weight starts at 0.8",
        0.8 * 0.996**1000: "in the convention of this book the factor is 1 − ηλ, no 2",
        0.8 * 0.998: "that is one step; there are 1,000",
        0.11: "as far as it goes, yes; give three digits",
    }
    otherwise = "each step multiplies by 1 − ηλ, so they multiply up"
    expect_number(answer, IDLE, rtol=0.01, hints=hints, otherwise=otherwise)
    return "0.998 to the 1,000th power, times 0.8"


@exercise("09.2", wrong=[0.55, 0.475, 0.4, 0.7, 0.5, [0.625, 0.6]])
def between_pixels(answer: float) -> str:
    hints = {
        0.475: "three quarters of the way down is nearer to the lower row",
        0.55: "that is half of the way down; it is three quarters",
        0.4: "that is the upper row; go down three quarters of the way to the lower",
        0.7: "that is the lower row; one quarter of the upper one comes in",
    }
    otherwise = "go along both rows first, then from the upper to the lower"
    expect_number(answer, 0.625, rtol=0.001, hints=hints, otherwise=otherwise)
    return "0.4 above, 0.7 below, and a quarter of one with three quarters of the other"


def divides_by_rate(x, rate, rng, training):
    return x * (rng.random(x.shape) >= rate) / rate if training else x


def never_scales(x, rate, rng, training):
    return x * (rng.random(x.shape) >= rate) if training else x


def scales_in_use(x, rate, rng, training):
    if not training:
        return x * (1 - rate)
    return x * (rng.random(x.shape) >= rate)


def keeps_the_rate(x, rate, rng, training):
    return x * (rng.random(x.shape) < rate) / (1 - rate) if training else x


def always_drops(x, rate, rng, training):
    return x * (rng.random(x.shape) >= rate) / (1 - rate)


def one_mask_for_all(x, rate, rng, training):
    return x * (rng.random(x.shape[1]) >= rate) / (1 - rate) if training else x


def one_draw_per_row(x, rate, rng, training):
    kept = rng.random((len(x), 1)) >= rate
    return x * kept / (1 - rate) if training else x


def right_at_one_rate(x, rate, rng, training):
    return x * (rng.random(x.shape) >= rate) / 0.8 if training else x


def four_times_the_rate(x, rate, rng, training):
    return x * (rng.random(x.shape) >= rate) / (4 * rate) if training else x


def deaf_to_the_rate(x, rate, rng, training):
    return x * (rng.random(x.shape) >= 0.2) / 0.8 if training else x


def own_stream(x, rate, rng, training):
    rng = np.random.default_rng()
    return x * (rng.random(x.shape) >= rate) / (1 - rate) if training else x


def one_mask_for_ever(x, rate, rng, training):
    rng = np.random.default_rng(7)
    return x * (rng.random(x.shape) >= rate) / (1 - rate) if training else x


def writes_into_x(x, rate, rng, training):
    if training:
        x *= (rng.random(x.shape) >= rate) / (1 - rate)
    return x


@exercise(
    "09.3",
    wrong=[
        0.5,
        divides_by_rate,
        never_scales,
        scales_in_use,
        keeps_the_rate,
        always_drops,
        one_mask_for_all,
        one_draw_per_row,
        right_at_one_rate,
        four_times_the_rate,
        deaf_to_the_rate,
        own_stream,
        one_mask_for_ever,
        writes_into_x,
        lambda x, rate, rng, training: None,
    ],
)
def dropout(answer: Callable) -> str:
    need_function(answer)
    for rate in (0.2, 0.6):
        check_dropout(answer, rate)
    return "the share `rate` is silent and the mean is kept"


def check_dropout(answer: Callable, rate: float) -> None:
    x = np.full((400, 300), 2.0)
    used = answer(x.copy(), rate, np.random.default_rng(0), False)
    try:
        expect_array(used, x)
    except Wrong:
        raise Wrong("when the network is used, x should come back as it is") from None
    given = x.copy()
    y = np.asarray(answer(given, rate, np.random.default_rng(0), True))
    again = np.asarray(answer(x.copy(), rate, np.random.default_rng(0), True))
    if not np.array_equal(given, x):
        raise Wrong("you wrote into x; return a new array")
    if y.shape != x.shape or not np.array_equal(y, again):
        raise Wrong(
            "equal seeds should give equal masks of the shape of x: draw from rng"
        )
    if np.array_equal(
        y, np.asarray(answer(x.copy(), rate, np.random.default_rng(1), True))
    ):
        raise Wrong(
            "another rng gives the same mask, so it is never new: draw from rng"
        )
    silent = y == 0
    if np.all(silent == silent[:1]) or np.all(silent == silent[:, :1]):
        raise Wrong("whole rows or columns share a mask; draw for every entry")
    if not math.isclose(silent.mean(), rate, abs_tol=0.01):
        raise Wrong(f"at the rate {rate} a share of {silent.mean():.2f} is silent")
    if not math.isclose(y.mean(), 2, rel_tol=0.02):
        raise Wrong(
            f"at the rate {rate} inputs of 2 give a mean of {y.mean():.2f}; divide by "
            "the share kept"
        )
    if not np.allclose(y[~silent], 2 / (1 - rate)):
        raise Wrong("all entries that are kept should have the same factor")


def no_care(x_train, x_new):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    with np.errstate(all="ignore"):
        return (x_train - mean) / std, (x_new - mean) / std


def huge_instead_of_infinite(x_train, x_new):
    return tuple(map(np.nan_to_num, no_care(x_train, x_new)))


def each_its_own(x_train, x_new):
    def z(x):
        std = x.std(axis=0)
        return (x - x.mean(axis=0)) / np.where(std > 0, std, 1)

    return z(x_train), z(x_new)


def leaks(x_train, x_new):
    both = np.concatenate([x_train, x_new])
    mean, std = both.mean(axis=0), both.std(axis=0)
    std = np.where(std > 0, std, 1)
    return (x_train - mean) / std, (x_new - mean) / std


def by_variance(x_train, x_new):
    mean, var = x_train.mean(axis=0), x_train.var(axis=0)
    var = np.where(var > 0, var, 1)
    return (x_train - mean) / var, (x_new - mean) / var


def without_axis(x_train, x_new):
    mean, std = x_train.mean(), x_train.std()
    return (x_train - mean) / std, (x_new - mean) / std


TOO_FAR = 1e12  # deviations; a small number added to 0 stays below


@exercise(
    "09.4",
    wrong=[
        1.0,
        no_care,
        huge_instead_of_infinite,
        each_its_own,
        leaks,
        by_variance,
        without_axis,
    ],
)
def standardize(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    x_train = rng.normal([5, -3, 0], [2, 0.1, 30], (50, 3))
    x_new = rng.normal([7, -3, 0], [4, 0.1, 30], (20, 3))
    x_train, x_new = np.c_[x_train, np.full(50, 3.0)], np.c_[x_new, np.arange(20.0)]
    try:
        train, new = (
            np.asarray(z, float) for z in answer(x_train.copy(), x_new.copy())
        )
    except (TypeError, ValueError):
        raise Wrong("expected two arrays, the training set and the new data") from None
    if train.shape != x_train.shape or new.shape != x_new.shape:
        raise Wrong(f"expected shapes (50, 4), (20, 4), got {train.shape}, {new.shape}")
    if not (np.all(np.abs(train) < TOO_FAR) and np.all(np.abs(new) < TOO_FAR)):
        raise Wrong("the constant feature has a deviation of 0; do not divide by it")
    mean, std = x_train.mean(axis=0)[:3], x_train.std(axis=0)[:3]
    if not np.allclose(train[:, :3], (x_train[:, :3] - mean) / std, atol=0.05):
        raise Wrong(
            "each feature of the training set should have mean 0 and deviation 1, by "
            "its own statistics alone"
        )
    if not np.allclose(train[:, 3], 0, atol=1e-6):
        raise Wrong("the constant feature should come out as 0 in the training set")
    if not np.allclose(new[:, :3], (x_new[:, :3] - mean) / std, atol=0.05):
        raise Wrong("the new data should be scaled by the training set's statistics")
    return "both are scaled by what the training set says"


@exercise(
    "09.5", wrong=[0.1, 1 / (1 + math.exp(3)), 10 / (10 + math.exp(3)), 3, 0.656, 0.34]
)
def logit_gap(answer: float) -> str:
    hints = {
        10 / (10 + math.exp(3)): "mind the 1 in 1 + K (1 − ε)/ε",
        1 / (1 + math.exp(3)): "the others share ε: where does K come in?",
        1 - 10 / (9 + math.exp(3)): "that is 1 − ε",
        0.34: "as far as it goes, yes; give three digits",
    }
    otherwise = "set the gap of the formula to 3, take exponentials, solve for ε"
    right = 10 / (9 + math.exp(3))
    expect_number(answer, right, rtol=0.01, hints=hints, otherwise=otherwise)
    return "K / (K + e³ − 1)"


LEAST, MOST = 12, 21  # points; five seeds lie well inside


@exercise("09.6", wrong=[0.0, -12.0, 3.0, 60.0, 0.12, 9.0, float("nan")])
def augmented_noise(answer: float) -> str:
    value = float(expect_numbers(answer, 1, "one number of points")[0])
    if not math.isfinite(value):
        raise Wrong(f"{value} is no number of points; was a mean taken of nothing?")
    if 0.05 < value < 0.3:
        raise Wrong("that looks like a share; the gain is asked for in points, percent")
    if value < 0:
        raise Wrong("subtract the accuracy of the noisy network, not from it")
    if not LEAST <= value <= MOST:
        raise Wrong(
            f"{value:.3g} points are not what we find: 420 updates, wrong=0.3, "
            "transform=moved, and right['noisy'] of the same seeds"
        )
    return "a lie has to be remembered anew for each moved copy"


def one_place(images, size, rng):
    out = images.copy()
    top, left = rng.integers(images.shape[1] - size + 1, size=2)
    out[:, top : top + size, left : left + size] = 0
    return out


def the_same_places(images, size, rng):
    return in_its_own_place(images, size, np.random.default_rng(7))


def in_its_own_place(images, size, rng):
    out = images.copy()
    for image in out:
        top, left = (rng.integers(n - size + 1) for n in image.shape[:2])
        image[top : top + size, left : left + size] = 0
    return out


def hangs_over(images, size, rng):
    n, height, width, _ = images.shape
    top = rng.integers(height, size=(n, 1, 1))
    left = rng.integers(width, size=(n, 1, 1))
    row, column = np.arange(height)[:, None], np.arange(width)
    inside = (top <= row) & (row < top + size) & (left <= column)
    return np.where((inside & (column < left + size))[..., None], 0, images)


def not_the_corner(images, size, rng):
    n, height, width, _ = images.shape
    top = rng.integers(height - size, size=(n, 1, 1))
    left = rng.integers(width - size, size=(n, 1, 1))
    row, column = np.arange(height)[:, None], np.arange(width)
    inside = (top <= row) & (row < top + size) & (left <= column)
    return np.where((inside & (column < left + size))[..., None], 0, images)


def on_the_diagonal(images, size, rng):
    n, height, width, _ = images.shape
    corner = rng.integers(min(height, width) - size + 1, size=(n, 1, 1))
    row, column = np.arange(height)[:, None], np.arange(width)
    inside = (corner <= row) & (row < corner + size) & (corner <= column)
    return np.where((inside & (column < corner + size))[..., None], 0, images)


def against_each_other(images, size, rng):
    n, height, width, _ = images.shape
    top = rng.integers(height - size + 1, size=(n, 1, 1))
    left = (width - size) - np.minimum(top, width - size)
    row, column = np.arange(height)[:, None], np.arange(width)
    inside = (top <= row) & (row < top + size) & (left <= column)
    return np.where((inside & (column < left + size))[..., None], 0, images)


def square_images_only(images, size, rng):
    n, height, width, _ = images.shape
    top, left = rng.integers(height - size + 1, size=(2, n, 1, 1))
    row, column = np.arange(height)[:, None], np.arange(width)
    inside = (top <= row) & (row < top + size) & (left <= column)
    return np.where((inside & (column < left + size))[..., None], 0, images)


@exercise(
    "09.7",
    wrong=[
        3,
        lambda images, size, rng: images,
        lambda images, size, rng: np.zeros_like(images),
        one_place,
        the_same_places,
        hangs_over,
        not_the_corner,
        on_the_diagonal,
        against_each_other,
        square_images_only,
    ],
)
def cutout(answer: Callable) -> str:
    need_function(answer)
    images = np.ones((600, 9, 7, 2), np.float32)
    given = images.copy()
    out = np.asarray(answer(given, 3, np.random.default_rng(0)))
    again = np.asarray(answer(images.copy(), 3, np.random.default_rng(0)))
    if not np.array_equal(given, images):
        raise Wrong("you wrote into the images; return new ones")
    if out.shape != images.shape or not np.array_equal(out, again):
        raise Wrong(
            "equal seeds should give equal images of the same shape: draw from rng"
        )
    if np.array_equal(
        out, np.asarray(answer(images.copy(), 3, np.random.default_rng(1)))
    ):
        raise Wrong(
            "another rng gives the same holes, so they are never new: draw from rng"
        )
    holes = out == 0
    if not np.array_equal(holes[..., 0], holes[..., 1]):
        raise Wrong("all channels of an image should have the hole at the same place")
    if not np.all(out[~holes] == 1):
        raise Wrong("pixels outside of the square should stay as they are")
    rows, columns = holes[..., 0].any(axis=2), holes[..., 0].any(axis=1)
    if not (
        np.all(rows.sum(axis=1) == 3)
        and np.all(columns.sum(axis=1) == 3)
        and np.all(holes[..., 0].sum(axis=(1, 2)) == 9)
    ):
        raise Wrong("every image should lose one whole square of size × size pixels")
    top, left = rows.argmax(axis=1), columns.argmax(axis=1)
    corners = {*zip(top.tolist(), left.tolist(), strict=True)}
    if len(corners) < 2:
        raise Wrong("all images have the hole at the same place")
    if {*left.tolist()} == {*range(5)} and len(corners) < 20:
        raise Wrong("row and column of the corner should be drawn independently")
    if corners != {*np.ndindex(7, 5)}:
        raise Wrong("the square should reach every place inside, the last row included")
    return "each image has its own hole, wholly inside"
