"""Checks for chapter 01, the NumPy toolbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.exercises import (
    Wrong,
    exercise,
    expect_array,
    expect_number,
    need_function,
)


@exercise(
    "01.1",
    wrong=[
        90,
        (91, 14, 5),
        (90, 28, 5),
        (90, 14, 23),
        (100, 14, 5),
        (90, 14, 6),
        (90, 14),
        "90, 14, 5",
    ],
)
def shape_of_a_slice(answer: Sequence[int]) -> str:
    try:
        shape = tuple(int(n) for n in answer)
    except (TypeError, ValueError):
        raise Wrong(
            "expected a tuple of whole numbers, such as (60000, 28, 28)"
        ) from None
    if len(shape) != 3:
        raise Wrong(f"each slice keeps its axis, so three lengths, not {len(shape)}")
    hints = [
        {91: "the stop, 100, is not included", 100: "it begins at 10, not at 0"},
        {28: "::2 takes every other row"},
        {23: "−5: begins five before the end", 6: "−5 is the fifth from the end"},
    ]
    for axis, (found, right, known) in enumerate(
        zip(shape, (90, 14, 5), hints, strict=True)
    ):
        if found != right:
            raise Wrong(f"axis {axis}: {known.get(found, f'{found} is not right')}")
    return "100 − 10 images, every other of 28 rows, the last 5 columns"


@exercise("01.2", wrong=[301.056, 1204224000, 1.204, 401.4, 9633.8, 37.6, 48.2])
def memory(answer: float) -> str:
    numbers = 32 * 250 * 112 * 112 * 3
    hints = {
        numbers / 1e6: "these are millions of numbers; each takes four bytes",
        numbers * 4: "these are bytes; a megabyte is a million of them",
        numbers * 4 / 1e9: "these are gigabytes",
        numbers * 4 / 3e6: "color takes three numbers for each pixel",
        numbers * 32 / 1e6: "32 bits are four bytes",
        numbers * 4 / 32e6: "that is one video; the batch has 32",
        numbers * 4 / 25e6: "ten seconds of 25 frames are 250 frames",
        numbers * 4 / 2**20: "here a megabyte is a million bytes, not 2 to the 20th",
    }
    expect_number(answer, numbers * 4 / 1e6, rtol=0.001, hints=hints)
    return "32 · 250 · 112 · 112 · 3 numbers of four bytes, over a gigabyte"


def center_in_place(images: Array) -> Array:
    images -= images.mean(axis=(1, 2), keepdims=True)
    return images


@exercise(
    "01.3",
    wrong=[
        0,
        lambda images: images - images.mean(),
        lambda images: images - images.mean(axis=0),
        lambda images: images - images.mean(axis=(1, 2)),
        lambda images: images - images.mean(axis=1, keepdims=True),
        lambda images: images.mean(axis=(1, 2), keepdims=True),
        center_in_place,
    ],
)
def center(answer: Callable) -> str:
    need_function(answer)
    images = np.random.default_rng(0).random((5, 4, 3))
    given = images.copy()
    try:
        found = np.asarray(answer(given))
    except ValueError as error:
        raise Wrong(
            f"it stopped with: {error}; which shape must the means have, to meet "
            "(N, H, W)?"
        ) from None
    if not np.array_equal(given, images):
        raise Wrong("your function changes the array it was given; make a new one")
    right = images - images.mean(axis=(1, 2), keepdims=True)
    if found.shape == right.shape and not np.allclose(found, right, atol=1e-5):
        mistakes = {
            "that is the mean of the whole batch; each image has its own": None,
            "that is the mean image; each image needs one number": 0,
        }
        for hint, axis in mistakes.items():
            if np.allclose(found, images - images.mean(axis=axis), atol=1e-5):
                raise Wrong(hint)
        if np.allclose(found.mean(axis=(1, 2)), 0, atol=1e-5):
            raise Wrong("each image has the mean 0 now, but its rows or columns were "
                        "moved by different amounts; subtract one number")  # fmt: skip
        means = found.mean(axis=(1, 2)).round(3)
        raise Wrong(f"the means of the five images tried should be 0, they are {means}")
    expect_array(found, right, atol=1e-5)
    return "means of shape (N, 1, 1) are stretched over each image"


@exercise("01.4", wrong=[2, 4, 0, 28, 2.5, "three"])
def step_to_the_right(answer: float) -> str:
    hints = {
        2: "shifted by two pixels more than half are still read correctly",
        4: "four is enough, but not the smallest",
    }
    expect_number(answer, 3, rtol=1e-6, hints=hints)
    return "at three pixels about four in ten are left"


class Forgetful:
    """Scales each batch by its own numbers."""

    def __init__(self, x: Array) -> None:
        pass

    def forward(self, x: Array) -> Array:
        std = x.std(axis=0)
        return (x - x.mean(axis=0)) / np.where(std == 0, 1, std)


class DividesByZero:
    """Has no answer for a column without spread."""

    def __init__(self, x: Array) -> None:
        self.mean, self.std = x.mean(axis=0), x.std(axis=0)

    def forward(self, x: Array) -> Array:
        return (x - self.mean) / self.std


class OneForAll(DividesByZero):
    """Takes the mean over all columns."""

    def __init__(self, x: Array) -> None:
        self.mean, self.std = x.mean(), x.std()


class ByVariance(DividesByZero):
    """Divides by the variance."""

    def __init__(self, x: Array) -> None:
        self.mean, self.std = x.mean(axis=0), np.where(x.std(axis=0), x.var(axis=0), 1)


class TinyNumber:
    def __init__(self, x: Array) -> None:
        self.mean, self.std = x.mean(axis=0), x.std(axis=0) + 1e-8

    def forward(self, x: Array) -> Array:
        return (x - self.mean) / self.std


class AtLeastOne(TinyNumber):
    def __init__(self, x: Array) -> None:
        self.mean, self.std = x.mean(axis=0), np.maximum(x.std(axis=0), 1)


@exercise(
    "01.5",
    wrong=[1, Forgetful, DividesByZero, OneForAll, ByVariance, TinyNumber, AtLeastOne],
)
def scaler(answer: Callable) -> str:
    if callable(getattr(answer, "forward", None)) and not isinstance(answer, type):
        raise Wrong("expected the class itself: Scaler, not Scaler(x)")
    need_function(answer)
    rng = np.random.default_rng(0)
    train, new = rng.normal(2, 3, (6, 3)), rng.normal(2, 3, (4, 3))
    train[:, 1], new[:, 1] = 5.0, 7.0
    train[:, 2] /= 100  # a spread below 1
    kept = train.copy(), new.copy()
    made = answer(train)
    if not callable(getattr(made, "forward", None)):
        raise Wrong("expected a class whose objects have a method forward(x)")
    with np.errstate(all="ignore"):
        found = np.asarray(made.forward(new), dtype=float)
    if not (np.array_equal(train, kept[0]) and np.array_equal(new, kept[1])):
        raise Wrong("your class changes an array it was given; make a new one")
    if found.shape != new.shape:
        raise Wrong(f"expected the shape {new.shape} of the rows, got {found.shape}")
    if not np.isfinite(found).all():
        raise Wrong("a column that never varies gives inf or nan; divide it by 1")
    std = np.array([1.0 if s == 0 else s for s in train.std(axis=0)])
    right = (new - train.mean(axis=0)) / std
    if np.abs(found).max() > 1e4:
        raise Wrong("a column that never varies is divided by 1, not by a tiny number")
    if np.allclose(found, (new - train.mean(axis=0)) / np.maximum(std, 1)):
        raise Wrong("only a spread of exactly 0 is replaced by 1, not every small one")
    ddof = np.where(train.std(axis=0) == 0, 1, train.std(axis=0, ddof=1))
    if np.allclose(found, (new - train.mean(axis=0)) / ddof):
        raise Wrong("NumPy's std divides by N; leave ddof at 0")
    if np.allclose(found, Forgetful(new).forward(new)):
        raise Wrong("forward uses the mean of the new rows; use the remembered one")
    if np.allclose(found, (new - train.mean()) / train.std()):
        raise Wrong("each column has a mean and a spread of its own: mind the axis")
    if np.allclose(found, (new - train.mean(axis=0)) / std**2):
        raise Wrong("that divides by the variance; its root is the standard deviation")
    expect_array(found, right, atol=1e-5)
    return "it applies to new rows what it has seen of the old ones"


@exercise(
    "01.6",
    wrong=[
        12,
        [2, 4, 24],
        [-2, -4, -12],
        [4, 2, 12],
        [2, 4, -12],
        [2, 4, 0],
        [0, 0, 0],
        [2, 4],
    ],
)
def border(answer: Sequence[float]) -> str:
    found = np.asarray(answer, dtype=float).reshape(-1)
    if found.shape != (3,):
        raise Wrong("expected three numbers, [w0, w1, c]")
    right = np.array([2.0, 4.0, 12.0])
    w, c = found[:2], found[2]
    size = w @ right[:2] / (right[:2] @ right[:2])
    if not np.allclose(w, size * right[:2], atol=1e-6) or size == 0:
        raise Wrong("w points from the first mean to the second; subtract the two")
    if size < 0:
        raise Wrong("the sign says which mean is nearer; yours names the first")
    if np.isclose(c / size, 24):
        raise Wrong("there is a factor ½: the term with x comes twice in the square")
    if not np.isclose(c / size, 12):
        raise Wrong("c comes from the squares of the two means, 25 and 1")
    return "halfway between the means, 2x0 + 4x1 = 12"


@exercise(
    "01.7",
    wrong=[
        4,
        lambda images, columns: images,
        lambda images, columns: images.reshape(-1, columns * images.shape[2]),
        lambda images, columns: np.concatenate(list(images), axis=1),
        lambda images, columns: (
            images.reshape(columns, -1, *images.shape[1:])
            .transpose(1, 2, 0, 3)
            .reshape(-1, columns * images.shape[2])
        ),
    ],
)
def contact_sheet(answer: Callable) -> str:
    need_function(answer)
    images = np.arange(6 * 2 * 4).reshape(6, 2, 4)
    found = np.asarray(answer(images.copy(), 3))
    right = np.block([[*images[:3]], [*images[3:]]])
    if found.shape != right.shape:
        raise Wrong(f"6 images of (2, 4) in 3 columns make {right.shape}, "
                    f"yours is {found.shape}")  # fmt: skip
    if np.array_equal(found, images.reshape(right.shape)):
        raise Wrong("the shape is right, but the pixels keep the order they had in the "
                    "batch: H must move in front of the column")  # fmt: skip
    if {*map(tuple, found[:2, :4])} == {*map(tuple, images[0])} and np.array_equal(
        found[:2, 4:8], images[2]
    ):
        raise Wrong("the images run down the columns; reading order goes along rows")
    expect_array(found, right)
    return "(row, column, H, W) to (row, H, column, W), then two axes melt into one"


def drawn_means(ax, ink: Array, labels: Array) -> None:
    """What the exercise asks for, without the labels of the axes."""
    ax.plot(range(10), [ink[labels == k].mean() for k in range(10)], "o-")


@exercise(
    "01.8",
    wrong=[
        3,
        lambda ax, ink, labels: None,
        drawn_means,
        lambda ax, ink, labels: ax.plot(labels, ink, "o"),
        lambda ax, ink, labels: ax.plot([ink.mean()] * 10, "o-"),
        lambda ax, ink, labels: ax.plot(
            [ink[labels == k].sum() for k in range(10)], "o-"
        ),
    ],
)
def draw_ink(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    ink, labels = rng.random(200), rng.permutation(np.arange(200) % 10)
    ax = Figure().subplots()
    answer(ax, ink, labels)
    if not ax.lines:
        raise Wrong("there is no line in the axes; draw with ax.plot, not with plt")
    x, y = (np.asarray(v, dtype=float) for v in ax.lines[0].get_data())
    if x.shape != (10,) or not np.allclose(x, np.arange(10)):
        raise Wrong(f"expected one point for each digit 0 to 9, got {len(x)} points")
    if not np.allclose(y, [ink[labels == k].mean() for k in range(10)]):
        raise Wrong("the heights are not the mean ink of each digit; mask by label")
    if ax.lines[0].get_marker() in ("None", "", None):
        raise Wrong('ten values want ten markers: try "o-"')
    if not ax.get_xlabel() or not ax.get_ylabel():
        raise Wrong("label both axes, or nobody else can read it")
    return "ten masks, ten means, and labels"
