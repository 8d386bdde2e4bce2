"""Checks for chapter 12, deep networks."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import islice

import numpy as np

from dlbasics.arrays import Array
from dlbasics.exercises import (
    Wrong,
    exercise,
    expect_array,
    expect_number,
    expect_numbers,
    need_function,
)


@exercise(
    "12.1",
    wrong=[
        (2848, 51200),
        (51200, 2048),
        (51200, 3648),
        (51200, 51200),
        51200,
        "fewer",
    ],
)
def separable_weights(answer: tuple[float, float]) -> str:
    full, separable = expect_numbers(answer, 2, "weights of both, two numbers")
    if (full, separable) == (2848, 51200):
        raise Wrong("the full convolution comes first")
    if full != 25 * 32 * 64:
        raise Wrong("a full window has 5 · 5 · 32 weights for each of 64 outputs")
    if separable == 32 * 64:
        raise Wrong("the 1 × 1 convolution alone has these; add the 32 filters")
    if separable == 25 * 64 + 32 * 64:
        raise Wrong("there is one filter for each channel that comes in, so 32")
    if separable != 25 * 32 + 32 * 64:
        raise Wrong("add 5 · 5 for each of 32 channels to what the 1 × 1 needs")
    return "51,200 against 800 + 2,048, eighteen times fewer"


@exercise("12.2", wrong=[100, 200, 87.5, 700, 43.75, 175e6, "much"])
def ring_megabytes(answer: float) -> str:
    hints = {
        100: "that is the gradient itself; how many pieces are sent, and how often?",
        200: "that is the limit for many workers; 8 of them send 2 · 7/8",
        87.5: "half of the way: pieces are added up, then handed around",
        700: "in the ring nobody sends everything to everybody",
        43.75: "a float32 has 4 bytes",
        175e6: "that is right in bytes; give megabytes",
    }
    expect_number(answer, 175, rtol=1e-3, hints=hints)
    return "2 · 7/8 of 100 MB"


def overlap(a: Array, b: Array) -> float:
    height = min(a[2], b[2]) - max(a[0], b[0])
    width = min(a[3], b[3]) - max(a[1], b[1])
    return max(height, 0) * max(width, 0)


def area(box: Array) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def unclipped(a: Array, b: Array) -> float:
    height = min(a[2], b[2]) - max(a[0], b[0])
    width = min(a[3], b[3]) - max(a[1], b[1])
    return height * width / (area(a) + area(b) - height * width)


@exercise(
    "12.3",
    wrong=[
        1 / 3,
        unclipped,
        lambda a, b: overlap(a, b) / (area(a) + area(b)),
        lambda a, b: overlap(a, b) / max(area(a), area(b)),
        lambda a, b: overlap(a, b),
    ],
)
def intersection_over_union(answer: Callable) -> str:
    need_function(answer)
    cases = [
        ((0, 0, 2, 2), (0, 1, 2, 3), 1 / 3, "two of six squares are common"),
        ((0, 0, 2, 2), (0, 0, 2, 2), 1.0, "a box overlaps itself completely"),
        ((0, 0, 4, 4), (1, 1, 2, 3), 2 / 16, "one box lies inside of the other"),
        ((0, 0, 1, 1), (0, 3, 1, 4), 0.0, "they do not touch"),
        ((0, 0, 1, 1), (5, 5, 7, 7), 0.0, "both sides of the overlap are negative"),
        ((1.5, 0, 3.5, 1), (2, 0.5, 4, 2), 0.75 / 4.25, "sizes need not be whole"),
    ]
    for a, b, right, why in cases:
        found = float(np.asarray(answer(np.array(a, float), np.array(b, float))).item())
        if not math.isclose(found, right, rel_tol=1e-6, abs_tol=1e-6):
            raise Wrong(f"{a} and {b} should give {right:.3f}, got {found:.3f}: {why}")
    return "the common area by what either covers, and never less than 0"


@exercise("12.4", wrong=[1.0, 0.0443, 4 ** (1 / 64), 0.177, 0.25, "small"])
def small_start(answer: float) -> str:
    right = math.sqrt(4 ** (1 / 32) - 1)
    hints = {
        4 ** (1 / 32) - 1: "that is the factor of the mean square; g acts on weights",
        4 ** (1 / 64): "what f adds comes on top of the 1 that passes by",
        1.0: "with He's own weights each block doubles the mean square",
    }
    expect_number(answer, right, rtol=6e-3, hints=hints)
    return "(1 + g²)³² = 4, so about one fifth of He"


def mean_of_variances(parts: list[Array]) -> tuple[Array, Array]:
    return (
        np.mean([p.mean(axis=0) for p in parts], axis=0),
        np.mean([p.var(axis=0) for p in parts], axis=0),
    )


def equal_weights(parts: list[Array]) -> tuple[Array, Array]:
    mean = np.mean([p.mean(axis=0) for p in parts], axis=0)
    return mean, np.mean([(p**2).mean(axis=0) for p in parts], axis=0) - mean**2


@exercise(
    "12.5",
    wrong=[
        0.0,
        mean_of_variances,
        equal_weights,
        lambda parts: (parts[0].mean(axis=0), parts[0].var(axis=0)),
        lambda parts: (
            np.concatenate(parts).mean(axis=0),
            np.concatenate(parts).std(axis=0),
        ),
    ],
)
def shared_moments(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(12)
    for sizes in ((4, 4), (5, 2, 9)):
        parts = [rng.normal(k, 1 + k, (n, 3)) for k, n in enumerate(sizes)]
        x = np.concatenate(parts)
        mean, var = answer([part.copy() for part in parts])
        if np.shape(var) == (3,) and np.allclose(var, mean_of_variances(parts)[1]):
            raise Wrong("the workers' means differ, and that is variance, too")
        if len(set(sizes)) > 1 and np.allclose(mean, mean_of_variances(parts)[0]):
            raise Wrong("a worker with more samples counts for more")
        expect_array(mean, x.mean(axis=0))
        expect_array(var, x.var(axis=0))
    return "three sums are enough: of 1, of x and of x²"


@cache
def right_after_training(g: float) -> float:
    """Share of new images right with shortcuts around g times He; 0 if it overflows."""
    from dlbasics.explorers import depth
    from dlbasics.losses import SoftmaxCrossEntropy
    from dlbasics.optimizers import SGD
    from dlbasics.training import accuracy, predict, train

    x, y = depth.small_digits(depth.N_TRAIN + depth.N_NEW)
    n = depth.N_TRAIN
    weights, order = np.random.default_rng(0).spawn(2)
    model = depth.deep_network(32, depth.SHORTCUT, weights)
    for name, w in model.params.items():
        if name.startswith("block") and name.endswith("W"):
            w *= g
    how = {"epochs": 3, "batch_size": depth.BATCH, "rng": order}
    steps = train(model, SoftmaxCrossEntropy(), SGD(0.03), x[:n], y[:n], **how)
    try:
        for _ in islice(steps, depth.N_STEPS):
            pass
    except FloatingPointError:
        return 0.0
    return accuracy(predict(model, x[n:]), y[n:])


@exercise("12.6", wrong=[0.1, 0.2, 0.3, 0.5, 1.0, 0.25, 0, -0.4, 4, "He"])
def scaled_shortcut(answer: float) -> str:
    expect_number(answer, 0.4, rtol=1e9)  # any number
    g = float(np.asarray(answer).item())
    tenths = round(10 * g)
    if not 1 <= tenths <= 10 or abs(10 * g - tenths) > 1e-3:
        raise Wrong(f"expected one of 0.1, 0.2, … 1, got {g:g}")
    found = right_after_training(tenths / 10)
    if found < 0.75:
        what = f"{found:.0%} are right" if found else "the training overflows"
        raise Wrong(f"with g = {g:g} {what}; a smaller g starts nearer to the identity")
    if tenths < 10 and right_after_training((tenths + 1) / 10) >= 0.75:
        raise Wrong(f"g = {g:g} is small enough, but a larger one does it, too")
    return f"with g = {g:g} three quarters are right, with {(tenths + 1) / 10:g} fewer"


def only_larger(gradient: Array) -> float:
    scale = 1.0
    while 2 * scale * np.abs(gradient).max() <= 65504:
        scale *= 2
    return scale


def power_for(gradient: Array, limit: float = 65504.0) -> float:
    return 2.0 ** math.floor(math.log2(limit / np.abs(gradient).max()))


@exercise(
    "12.7",
    wrong=[
        1024,
        lambda g: 1024.0,
        lambda g: 65504 / np.abs(g).max(),
        lambda g: 2 * power_for(g),
        lambda g: power_for(g) / 2,
        lambda g: 2.0 ** np.floor(np.log2(65504 / g.max())),
        lambda g: 2.0 ** (16 - math.ceil(math.log2(np.abs(g).max()))),
        only_larger,
    ],
)
def largest_scale(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(7)
    for largest in (4e-6, 4e-3, 12.0, 1200.0, 1.0, 1.9999, 1e6):
        g = (largest * rng.uniform(-0.9, 0.9, 50)).astype(np.float32)
        g[7] = -largest
        scale = float(np.asarray(answer(g.copy())).item())
        if not scale > 0 or math.frexp(scale)[0] != 0.5:
            raise Wrong(f"expected a power of two, got {scale:g}")
        if scale * largest > 65504:
            raise Wrong(f"with {scale:g} the gradient {largest:.2g} overflows")
        if 2 * scale * largest <= 65504:
            raise Wrong(f"twice {scale:g} would still fit {largest:.2g}")
    return "as far up as the largest absolute value allows"
