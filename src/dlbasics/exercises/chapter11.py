"""Checks for the exercises of chapter 11."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.exercises import (
    Wrong,
    exercise,
    expect_array,
    expect_number,
    expect_numbers,
    need_function,
)
from dlbasics.layers import Dense, Flatten
from dlbasics.layers.windows import Window, unfold
from dlbasics.models import Sequential
from dlbasics.pretrained import load_pretrained
from dlbasics.training import accuracy, predict


@exercise(
    "11.1",
    wrong=[
        (5, 21001),
        (5, 12992),
        (5, 20944),
        (5, 8602),
        (6, 24522),
        (10, 45002),
        (5.5, 21002),
        21002,
        "5",
    ],
)
def shapes_and_parameters(answer: Sequence[float]) -> str:
    found = expect_numbers(answer, 2, "a side and a number of parameters")
    side, n = found
    if side == 5.5:
        raise Wrong("there is no half window: round down")
    if side == 6:
        raise Wrong("(14 − 5)/2 = 4.5 is rounded down before the 1 is added")
    if side == 10:
        raise Wrong("that is the side with a stride of 1")
    if side != 5:
        raise Wrong("follow the side: 28, 28, 14, and then?")
    hints = {
        12992: "the dense layer at the end is missing: 800 inputs, 10 outputs",
        20944: "each filter and each output has a bias",
        8602: "a filter of the second convolution looks at all 16 channels",
    }
    if n not in {21002, *hints}:
        raise Wrong(f"{n:,.0f} parameters are too {'few' if n < 21002 else 'many'}")
    expect_number(n, 21002, rtol=1e-9, hints=hints)
    return "160 + 12,832 + 8,010, two fifths of them in the dense layer"


def correlate(x: Array, w: Array) -> Array:
    """Slide a 3 × 3 kernel over an image in a border of zeros."""
    rows = unfold(Window((3, 3), padding="same"), x[None, ..., None])
    return (rows @ w.reshape(9)).reshape(x.shape)


def only(i: int, j: int, value: float = 1.0) -> Array:
    w = np.zeros((3, 3))
    w[i, j] = value
    return w


@exercise(
    "11.2",
    wrong=[
        only(1, 1),
        only(2, 0),
        only(0, 0),
        only(2, 2),
        only(1, 0),
        only(0, 2) / 2,
        np.ones((3, 3)) / 9,
        [0, 0, 0],
        "right",
    ],
)
def a_kernel_that_moves(answer: Array) -> str:
    w = expect_numbers(answer, 9, "a 3 × 3 array").reshape(3, 3)
    x = np.random.default_rng(0).random((6, 7))
    right = correlate(x, only(0, 2))
    found = correlate(x, w)
    if np.allclose(found, right):
        return "each pixel takes over what stands at its upper right"
    hints = {
        (2, 0): "this one moves it up and to the right: an output pixel takes over "
        "its lower left neighbor",
        (0, 0): "this one moves it down and to the right",
        (2, 2): "this one moves it up and to the left",
        (0, 1): "this one moves it down only",
        (1, 2): "this one moves it to the left only",
        (1, 0): "this one moves it to the right",
        (2, 1): "this one moves it up",
        (1, 1): "this one leaves everything in place",
    }
    for place, hint in hints.items():
        if np.allclose(found, correlate(x, only(*place))):
            raise Wrong(hint)
    if np.count_nonzero(w) != 1:
        raise Wrong("one entry is enough: which neighbor should a pixel take over?")
    raise Wrong("the image comes out changed, not only moved")


def field(windows: Sequence[tuple[int, int]]) -> int:
    r = j = 1
    for size, stride in windows:
        r, j = r + (size - 1) * j, j * stride
    return r


@exercise(
    "11.3",
    wrong=[
        14,
        lambda windows: 14,
        lambda windows: sum(size for size, _ in windows),
        lambda windows: 1 + sum(size - 1 for size, _ in windows),
        lambda windows: field([(m, max(s, 2)) for m, s in windows]),
        lambda windows: 1 + sum((m - 1) * s for m, s in windows),
        lambda windows: field(windows[::-1]),
    ],
)
def receptive_field(answer: Callable) -> str:
    need_function(answer)
    cases = [
        [(5, 1)],
        [(3, 1), (3, 1)],
        [(5, 1), (2, 2), (3, 1), (3, 1)],
        [(7, 2), (3, 2), (3, 1)],
        [(3, 2), (5, 3), (1, 1), (4, 1)],
        [],
    ]
    for windows in cases:
        found, right = answer(list(windows)), field(windows)
        if np.size(found) != 1 or not np.isclose(float(np.squeeze(found)), right):
            raise Wrong(f"for {windows} expected {right}, got {found}")
    return "two 3 × 3 see as far as one 5 × 5"


@exercise(
    "11.4",
    wrong=[
        [3, 7, -1, -1, 0, 0],
        [3, 6, 1, 2, -1, 0],
        [-3, 6, 2, 2, 1, 0],
        [3, 6, -3, 1, 2, -1],
        [3, 6, -2, 2, -1],
        0,
    ],
)
def way_back_with_a_stride(answer: Sequence[float]) -> str:
    found = expect_numbers(answer, 6, "six numbers, one for each pixel")
    hints = [
        ([3, 7, -1, -1, 0, 0], "that is the stride 1; the second window begins at x₂"),
        ([3, 6, 1, 2, -1, 0], "pixel 2 lies in both windows, and its terms add up"),
        ([3, 6, -3, 1, 2, -1], "that is the stride 3; the windows share one pixel"),
        ([-3, 6, 2, 2, 1, 0], "the kernel is not to be turned around here"),
    ]
    for wrong, hint in hints:
        if np.allclose(found, wrong):
            raise Wrong(hint)
    expect_array(found, [3, 6, -2, 2, -1, 0])
    return "and the last pixel, which no window sees, has no gradient"


def as_matrix(w: Array, n: int) -> Array:
    M = np.zeros((n, n - len(w) + 1))
    for r in range(M.shape[1]):
        M[r : r + len(w), r] = w
    return M


@exercise(
    "11.5",
    wrong=[
        1,
        lambda w, n: as_matrix(w[::-1], n),
        lambda w, n: as_matrix(w, n).T,
        lambda w, n: np.ones((n, n - len(w) + 1)),
        lambda w, n: np.pad(as_matrix(w, n), [(0, 0), (0, len(w) - 1)]),
    ],
)
def convolution_matrix(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    for m, n in ((3, 7), (1, 4), (4, 4)):
        w, x = rng.standard_normal(m), rng.standard_normal(n)
        M = np.asarray(answer(w.copy(), n), dtype=float)
        shape = (n, n - m + 1)
        if M.shape == shape[::-1] != shape:
            raise Wrong("transpose it: x @ M has one row of n numbers in front")
        if M.shape != shape:
            raise Wrong(f"expected the shape {shape}, got {M.shape}")
        right = np.correlate(x, w, "valid")
        if m > 1 and np.allclose(x @ M, np.convolve(x, w, "valid")):
            raise Wrong("that is the convolution of mathematicians: do not flip w")
        if not np.allclose(x @ M, right):
            raise Wrong("x @ M differs from the convolution of x with w")
    return (
        "a dense layer: for lines of 7 numbers and a kernel of 3, 15 of its 35 "
        "entries are not 0, and only 3 are different"
    )


@cache
def right_at(d: int) -> float:
    """Share of 1,000 test images that are right when moved down by d pixels."""
    mnist = load_mnist(n_train=0, n_test=1000, flat=False)
    x = np.zeros_like(mnist.x_test)
    x[:, d:] = mnist.x_test[:, : 28 - d]
    return accuracy(predict(load_pretrained("mnist_gap"), x), mnist.y_test)


@exercise("11.6", wrong=[0, 3, 4, 10, 14, 27, -2, 2.5, "far"])
def how_far_down(answer: float) -> str:
    (d,) = expect_numbers(answer, 1, "one number of pixels")
    if d != round(d) or not 0 <= d < 28:
        raise Wrong("expected a whole number of pixels, downward")
    d = int(d)
    here, further = right_at(d), right_at(min(d + 1, 27))
    if here < 0.9:
        raise Wrong(f"moved by {d} pixels, {here:.1%} are right")
    if further >= 0.9:
        raise Wrong(f"one pixel further, {further:.1%} are still right")
    return "until ink leaves the image, little happens"


def fall(model, image: Array, k: int, size: int, *, filled: float = 0.0) -> Array:
    """The right map, or one with another color of the square."""
    n_rows, n_columns = (n - size + 1 for n in image.shape[:2])
    drops = np.empty((n_rows, n_columns))
    before = model.forward(image[None])[0, k]
    for r, c in np.ndindex(n_rows, n_columns):
        covered = image.copy()
        covered[r : r + size, c : c + size] = filled
        drops[r, c] = before - model.forward(covered[None])[0, k]
    return drops


@exercise(
    "11.7",
    wrong=[
        1,
        lambda model, image, k, size: -fall(model, image, k, size),
        lambda model, image, k, size: fall(model, image, k, size, filled=1.0),
        lambda model, image, k, size: fall(model, image, 0, size),
        lambda model, image, k, size: fall(model, image, k, size)[:-1, :-1],
        lambda model, image, k, size: (
            fall(model, image, k, size) - model.forward(image[None])[0, k]
        ),
    ],
)
def occlusion(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    model = Sequential([Flatten(), Dense(8 * 9, 4, rng=rng, dtype=float)])
    model.params["dense1.b"][:] = rng.standard_normal(4)
    image, kept = rng.random((8, 9, 1)), None
    for k, size in ((2, 3), (3, 1), (1, 5)):
        kept = image.copy()
        found = np.asarray(answer(model, image, k, size), dtype=float)
        if not np.array_equal(image, kept):
            raise Wrong("the image itself has been painted over: work on a copy")
        right = fall(model, image, k, size)
        if found.shape == (*right.shape, 1):
            found = found[..., 0]
        if found.shape != right.shape:
            raise Wrong(f"expected the shape {right.shape}, got {found.shape}")
        if np.allclose(found, -right):
            raise Wrong("the sign: how much the logit falls, before minus after")
        if np.allclose(found, fall(model, image, k, size, filled=1.0)):
            raise Wrong("paper is 0, ink is 1: cover with paper")
        expect_array(found, right)
    return "no gradient was needed, only a look at the outputs"
