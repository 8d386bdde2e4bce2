"""Checks for chapter 05, backpropagation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from dlbasics import functions
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
from dlbasics.gradcheck import numerical_gradient
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import mlp


@exercise(
    "05.1", wrong=[15, [5, 5, 3], [5, 3, 3], [3, 8, 5], [5, 15, 3], [5, 2, 3], "5, 8"]
)
def used_twice(answer: Sequence[float]) -> str:
    found = expect_numbers(answer, 3, "three numbers")
    if np.allclose(found, [3, 8, 5]):
        raise Wrong("a product swaps: the sum a + b gets the value of the other, b + c")
    if found[1] in (3, 5):
        raise Wrong("b is used in both sums, so two derivatives come back and add up")
    if found[1] == 15:
        raise Wrong("the two that come back to b are added, not multiplied")
    expect_array(found, [5, 8, 3])
    return "b + c = 5, then 5 + 3 = 8, then a + b = 3"


@exercise(
    "05.2",
    wrong=[
        [0.1, 0.6, -0.7],
        [-0.025, -0.15, 0.175],
        [0.025, 0.15, 0.075],
        [0.1, 0.6, 0.3],
        [0.1 / 3, 0.2, -0.7 / 3],
        [0.025, -0.1, 0.075],
        [0, 0, -1 / 0.3],
        0.3,
    ],
)
def one_row(answer: Sequence[float]) -> str:
    found, y = expect_numbers(answer, 3, "three numbers"), np.array([0.1, 0.6, 0.3])
    right = (y - [0, 0, 1]) / 4
    hints = [
        (4 * right, "the loss is the mean over four images; where is the 1/N?"),
        (-right, "it is y − t, what was said minus what should have been said"),
        ([0, 0, -1 / y[2]], "that is −t/y, what the shares get; now pass the softmax"),
        ([0, 0, -1 / y[2] / 4], "that is what the shares get; now pass the softmax"),
        (y / 4, "the target is missing: subtract 1 at the label"),
        (y, "those are the shares; subtract the target, and mind the mean"),
        (4 * right / 3, "N is the number of images, not of classes"),
        ((y - [0, 1, 0]) / 4, "the label 2 is the third class: counting starts at 0"),
    ]
    for wrong, hint in hints:
        if np.allclose(found, wrong):
            raise Wrong(hint)
    expect_array(found, right)
    return "(y − t)/4"


def in_place(x: Array, dy: Array) -> Array:
    dy *= functions.sigmoid(x)
    return dy


@exercise(
    "05.3",
    wrong=[
        0.5,
        lambda x, dy: functions.sigmoid(x),
        lambda x, dy: dy / (1 + np.exp(x)),
        lambda x, dy: dy * np.exp(x) / (1 + np.exp(x)),
        lambda x, dy: dy * (x > 0),
        lambda x, dy: dy * functions.sigmoid(x) * (1 - functions.sigmoid(x)),
        in_place,
    ],
)
def softplus_backward(answer: Callable) -> str:
    need_function(answer)
    x = np.array([[-1000.0, -2.0, -0.5], [0.3, 2.0, 1000.0]])
    dy = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
    given = x.copy(), dy.copy()
    with np.errstate(all="ignore"):
        found = np.asarray(answer(*given), dtype=float)
    if not (np.array_equal(given[0], x) and np.array_equal(given[1], dy)):
        raise Wrong("your function changes an array that it was given")
    s = functions.sigmoid(x)
    if found.shape == x.shape and np.allclose(found, s):
        raise Wrong("that is the local derivative; multiply by the dy that comes back")
    if found.shape == x.shape and np.allclose(found, dy * s * (1 - s)):
        raise Wrong("that is the slope of the sigmoid; the softplus is not one")
    if found.shape == x.shape and not np.isfinite(found).all():
        raise Wrong(
            "at x = ±1000 it is not finite: which exponential overflows, and what "
            "becomes of the fraction if you divide both ends by it?"
        )
    expect_array(found, dy * s)
    return "the slope of the softplus is the sigmoid"


@exercise(
    "05.4",
    wrong=[
        0,
        lambda x, g, dy: dy * g,
        lambda x, g, dy: (dy * g, dy * x),
        lambda x, g, dy: (dy * g, (dy * x).mean(axis=0)),
        lambda x, g, dy: (dy * g, (dy * x).sum()),
        lambda x, g, dy: (dy * g, dy.sum(axis=0)),
        lambda x, g, dy: (dy * x, (dy * g).sum(axis=0)),
        lambda x, g, dy: ((dy * x).sum(axis=0), dy * g),
    ],
)
def scale_backward(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(0)
    x, g, dy = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(5, 3))
    found = answer(x.copy(), g.copy(), dy.copy())
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise Wrong("expected the pair dx, dg")
    dx, dg = found
    for name, part, like in (("dx", dx, x), ("dg", dg, g)):
        if np.shape(part) != like.shape:
            raise Wrong(
                f"a gradient has the shape of what it belongs to: with N, D = 5, 3 "
                f"expected {name} of shape {like.shape}, got {np.shape(part)}"
            )
    if np.allclose(dg, (dy * x).mean(axis=0)):
        raise Wrong("g is used in every row, so its contributions add up: no mean")
    expect_array(dx, dy * g)
    expect_array(dg, (dy * x).sum(axis=0))
    return "dx = dy · g, and dg sums dy · x over the batch"


@exercise("05.5", wrong=[1.0, 0.0, 0.5, 7.6, 50, "few"])
def share_that_moves(answer: float) -> str:
    digits = load_mnist(n_train=1, n_test=0)
    model = mlp([784, 50, 10], rng=np.random.default_rng(0))
    loss = SoftmaxCrossEntropy()
    loss.forward(model.forward(digits.x_train, training=True), digits.y_train)
    model.backward(loss.backward())
    moved = model.grads["dense1.W"] != 0
    share, ink = moved.mean(), moved.any(axis=1).mean()
    hints = {
        1.0: "blank pixels and silent units give zeros; count the entries that are not",
        1 - share: "that is the share of zeros",
        ink: "that is the share of pixels with ink; half of the units are silent too",
        100 * share: "a share lies between 0 and 1",
        39_200 * share: "that is the number of entries; divide by 39,200",
    }
    expect_number(answer, share, rtol=0.05, hints=hints)
    return "a weight moves if its pixel has ink and its unit is awake"


@exercise(
    "05.6",
    wrong=[
        0,
        lambda dy: dy,
        lambda dy: dy - dy.mean(),
        lambda dy: dy - dy.mean(axis=1, keepdims=True),
        lambda dy: dy * (1 - 1 / len(dy)),
        lambda dy: dy - dy.sum(axis=0),
        lambda dy: np.zeros_like(dy),
    ],
)
def center_backward(answer: Callable) -> str:
    need_function(answer)
    dy = np.random.default_rng(0).normal(1, 1, size=(5, 3))
    found = np.asarray(answer(dy.copy()), dtype=float)
    hints = [
        (dy, "that is the direct path only; every row also moves the mean"),
        (dy * (1 - 1 / 5), "x also reaches the outputs of the *other* rows"),
        (dy - dy.mean(), "the mean is taken for each feature by itself: axis 0"),
        (
            dy - dy.mean(axis=1, keepdims=True),
            "the mean is taken over the batch, down the columns: axis 0",
        ),
        (dy - dy.sum(axis=0), "the slope through the mean is −1/N, not −1"),
    ]
    for wrong, hint in hints:
        if found.shape == wrong.shape and np.allclose(found, wrong):
            raise Wrong(hint)
    expect_array(found, dy - dy.mean(axis=0))
    return "dy minus its mean over the batch, which for one row is 0"


def column_loss(a: Array, t: Array, W: list[Array], b: list[Array]) -> float:
    for Wl, bl in zip(W[:-1], b[:-1], strict=True):
        a = np.maximum(Wl @ a + bl, 0)
    log_y = functions.log_softmax((W[-1] @ a + b[-1]).T).T
    return -float(np.sum(t * log_y)) / a.shape[1]


def slipped(a, t, W, b, *, n=True, bias=True, lower=1):
    """The right backward pass, or one with a slip."""
    acts, masks = [a], []
    for Wl, bl in zip(W[:-1], b[:-1], strict=True):
        masks.append(Wl @ acts[-1] + (bl if bias else 0) > 0)
        acts.append(np.maximum(Wl @ acts[-1] + bl, 0))
    y = functions.softmax((W[-1] @ acts[-1] + b[-1]).T).T
    delta, dW = (y - t) / (a.shape[1] if n else 1), []
    for k in reversed(range(len(W))):
        dW.insert(0, delta @ acts[k].T)
        if k:
            delta = W[k].T @ delta
            delta = delta * masks[k - 1] if lower else delta
    return dW


@exercise(
    "05.7",
    wrong=[
        1,
        lambda a, t, W, b: W,
        lambda a, t, W, b: slipped(a, t, W, b, n=False),
        lambda a, t, W, b: slipped(a, t, W, b, bias=False),
        lambda a, t, W, b: slipped(a, t, W, b, lower=0),
        lambda a, t, W, b: slipped(a, t, W, b)[::-1],
        lambda a, t, W, b: [d.T for d in slipped(a, t, W, b)],
    ],
)
def deltas(answer: Callable) -> str:
    need_function(answer)
    rng, sizes, n = np.random.default_rng(0), (4, 6, 5, 3), 7
    W = [rng.normal(size=(m, d)) for d, m in pairwise(sizes)]
    b = [rng.normal(size=(m, 1)) for m in sizes[1:]]
    a, t = rng.normal(size=(4, n)), np.eye(3)[rng.integers(0, 3, n)].T
    found = answer(a.copy(), t.copy(), [w.copy() for w in W], [v.copy() for v in b])
    if not isinstance(found, (list, tuple)) or len(found) != len(W):
        raise Wrong(f"expected a list of {len(W)} gradients, one for each layer")
    right = [numerical_gradient(lambda: column_loss(a, t, W, b), w) for w in W]
    for k, (mine, measured) in enumerate(zip(found, right, strict=True)):
        if np.shape(mine) != measured.shape:
            raise Wrong(
                f"dW of layer {k + 1} should have the shape {measured.shape} of its "
                f"W, yours has {np.shape(mine)}"
            )
    if np.allclose(found[-1], n * right[-1], atol=1e-6):
        raise Wrong("the loss is a mean over the columns: where is the 1/N?")
    for k in reversed(range(len(W))):
        if not np.allclose(found[k], right[k], atol=1e-6):
            raise Wrong(
                f"dW of layer {k + 1} of {len(W)} is wrong, those above are right; "
                "is δ gated by the ReLU's slope, taken at Wa + b, and is the partner "
                "the layer's input?"
            )
    return "all three layers agree with the numerical gradient"
