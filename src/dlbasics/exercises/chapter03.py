"""Checks for chapter 03, neural networks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from dlbasics import functions
from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.exercises import (
    Wrong,
    exercise,
    expect_array,
    expect_number,
    need_function,
)
from dlbasics.pretrained import load_pretrained
from dlbasics.training import predict


@exercise("03.1", wrong=[2608, 2560, 2611, 115, "many"])
def count(answer: float) -> str:
    hints = {
        2608: "these are the weights; every unit has a bias besides",
        2608 + 64: "the three layers are right, but one bias per unit: 32, 16 and 3",
        2608 + 115: "the 64 inputs are no units and have no biases",
        115: "that is the number of units; count what lies between them",
    }
    expect_number(answer, 2659, rtol=1e-9, hints=hints)
    return "(64 + 1) · 32 + (32 + 1) · 16 + (16 + 1) · 3"


@exercise("03.2", wrong=[4, 0.25, -math.log(4), math.log10(4), 2, 3])
def lead(answer: float) -> str:
    hints = {
        4: "four is the ratio of the shares; how does a difference become a ratio?",
        -math.log(4): "the sign says which class is ahead",
        math.log10(4): "the softmax is built on e, so it is the natural logarithm",
        2: "that is the logarithm to base 2; the softmax is built on e",
        3: "shares depend on the exponential of the logits, not on their size",
    }
    expect_number(answer, math.log(4), rtol=0.005, hints=hints)
    return "the difference is ln 4, whatever the other classes"


@exercise(
    "03.3",
    wrong=[
        0.5,
        lambda x: functions.sigmoid(x) * (1 - functions.sigmoid(x)),
        lambda x: functions.sigmoid(x),
        lambda x: x * functions.sigmoid(x) * (1 - functions.sigmoid(x)),
        lambda x: x * functions.sigmoid(x),
    ],
)
def silu_slope(answer: Callable) -> str:
    need_function(answer)
    x = np.linspace(-4, 4, 17)
    y = functions.sigmoid(x)
    found = np.asarray(answer(x), dtype=float)
    mistakes = {
        "that is σ'(x); the factor x and the product rule are missing": y * (1 - y),
        "the product rule has two terms; x σ'(x) is missing": y,
        "the product rule has two terms; the first, σ(x), is missing": x * y * (1 - y),
        "that is the function itself": x * y,
    }
    for hint, wrong in mistakes.items():
        if found.shape == wrong.shape and np.allclose(found, wrong):
            raise Wrong(hint)
    expect_array(found, y + x * y * (1 - y))
    return "σ(x) + x σ(x)(1 − σ(x))"


def log_softmax_over_all(z: Array) -> Array:
    z = z - z.max()
    return z - np.log(np.exp(z).sum())


def log_softmax_of_shifted_sum(z: Array) -> Array:
    shifted = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def log_softmax_in_place(z: Array) -> Array:
    z -= z.max(axis=1, keepdims=True)
    z -= np.log(np.exp(z).sum(axis=1, keepdims=True))
    return z


@exercise(
    "03.4",
    wrong=[
        1,
        lambda z: np.log(functions.softmax(z)),
        lambda z: z - np.log(np.exp(z).sum(axis=1, keepdims=True)),
        functions.softmax,
        lambda z: np.log(functions.softmax(z) + 1e-7),
        lambda z: z - np.log(np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1)),
        log_softmax_over_all,
        log_softmax_of_shifted_sum,
        log_softmax_in_place,
    ],
)
def stable_log_softmax(answer: Callable) -> str:
    need_function(answer)
    z = np.array([[1000.0, 0.0, -1000.0], [2.0, 1.0, 0.0], [-3.0, 5.0, 5.0]])
    z = np.concatenate([z, [[-700.0, -701.0, -702.0]]])
    given = z.copy()
    with np.errstate(all="ignore"):
        found = np.asarray(answer(given), dtype=float)
    if not np.array_equal(given, z):
        raise Wrong("your function changes the array it was given; make a new one")
    if np.shape(found) != z.shape:
        raise Wrong(f"expected the shape {z.shape} of z, got {np.shape(found)}")
    if not np.isfinite(found[0]).all():
        raise Wrong("the row (1000, 0, −1000) gives inf or nan; take the log on paper")
    if not np.isfinite(found).all():
        raise Wrong("a row far below the others gives inf: each has its own maximum")
    if (found > 1e-4).any():
        raise Wrong(
            f"logarithms of shares are at most 0, yours reach {found.max():.3g}: is "
            "the logarithm missing, or was the maximum taken off in one place only?"
        )
    if not np.allclose(np.exp(found).sum(axis=1), 1, atol=1e-4):
        raise Wrong("the shares of each row should sum to 1: mind the axis")
    if found[0].min() > -1999:
        raise Wrong("(1000, 0, −1000) should give (0, −1000, −2000), however small")
    expect_array(found, functions.log_softmax(z), atol=1e-4)
    return "z minus its maximum, minus the log of the sum of exponentials"


@exercise("03.5", wrong=[1.0, 0.5, 2.0, 10.0, -1.0, 0])
def modest(answer: float) -> str:
    expect_number(answer, 2.4, rtol=0.9)
    logits = predict(load_pretrained("mnist_mlp"), load_mnist(n_train=0).x_test)
    sure = functions.softmax(logits / answer).max(axis=1).mean()
    if abs(sure - 0.9) > 0.0051:
        way = "raise" if sure > 0.9 else "lower"
        raise Wrong(f"at T = {float(answer):.3g} it is {sure:.1%} sure; {way} T")
    return f"at this temperature the network is {sure:.0%} sure, and no answer changed"


@exercise(
    "03.6",
    wrong=[
        5,
        lambda W1, b1, W2, b2: (W2 @ W1, b1[:2] + b2),
        lambda W1, b1, W2, b2: W2 @ W1,
        lambda W1, b1, W2, b2: (W2 @ W1, b2),
        lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2),
        lambda W1, b1, W2, b2: ((W2 @ W1).T, W2 @ b1 + b2),
        lambda W1, b1, W2, b2: (W2 @ W1, (W2 @ b1 + b2)[:, 0]),
    ],
)
def merge(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    shapes = (5, 4), (5, 1), (2, 5), (2, 1)
    W1, b1, W2, b2 = (rng.normal(size=shape) for shape in shapes)
    try:
        W, b = answer(W1, b1, W2, b2)
    except (TypeError, ValueError) as error:
        raise Wrong(
            f"expected it to return W and b, it stopped with: {error}; in columns the "
            "later matrix stands on the left, and b1 goes through it as well"
        ) from None
    for name, found, shape in (("W", W, (2, 4)), ("b", b, (2, 1))):
        if np.shape(found) != shape:
            raise Wrong(f"with M, D, K = 5, 4, 2 expected {name} of shape {shape}, "
                        f"got {np.shape(found)}")  # fmt: skip
    if np.allclose(b, b2):
        raise Wrong("the first bias goes through the second layer too")
    expect_array(W, W2 @ W1)
    expect_array(b, W2 @ b1 + b2)
    return "W = W2 W1 and b = W2 b1 + b2"


RIGHT_W1 = np.array([[1.0, 0.0, 0.0], [-1.0, 1.0, -1.0]])


@exercise(
    "03.7",
    wrong=[
        3,
        [np.eye(2), np.zeros(2), np.ones((2, 1)), np.zeros(1)],
        [RIGHT_W1[:, :2], np.zeros(2), np.ones((2, 1)), np.zeros(1)],
        [RIGHT_W1, np.zeros(3), np.ones((3, 1)), np.zeros(1)],
        [RIGHT_W1.T, np.zeros(2), np.ones((2, 1)), np.zeros(1)],
        [RIGHT_W1, np.zeros(3), np.array([[1.0], [1.0], [-1.0]])],
        [RIGHT_W1[:, :2], np.array([0.0, 5.0]), np.ones((2, 1)), np.array([-5.0])],
    ],
)
def larger_of_two(answer: Sequence[Array]) -> str:
    if not isinstance(answer, (list, tuple)) or len(answer) != 4:
        raise Wrong("expected the list [W1, b1, W2, b2]")
    W1, b1, W2, b2 = (np.asarray(a, dtype=float) for a in answer)
    hidden = W1.shape[-1] if W1.ndim == 2 else 0
    if W1.shape != (2, hidden) or W2.reshape(-1).shape != (hidden,):
        raise Wrong(
            f"with M hidden units W1 is (2, M) and W2 (M, 1), yours are {W1.shape} "
            f"and {W2.shape}"
        )
    x = np.array([[3, 1], [1, 3], [-1, -4], [-4, -1], [2, -2], [-2, 2], [0, 0.5]])
    x = np.concatenate([x, [[-1e6, -2e6], [-2e6, -1e6]]])
    y = functions.relu(x @ W1 + b1) @ W2.reshape(hidden, 1) + b2
    for row, found in zip(x, y[:, 0], strict=True):
        if not np.isclose(found, row.max(), atol=1e-9):
            raise Wrong(
                f"for ({row[0]:g}, {row[1]:g}) your network gives {found:.3g}, "
                f"expected {row.max():g}"
            )
    return "bends can compare, as in relu(x0 − x1) + relu(x1) − relu(−x1)"
