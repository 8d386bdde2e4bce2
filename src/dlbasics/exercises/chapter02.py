"""Checks for chapter 02, perceptrons."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from dlbasics.arrays import Array
from dlbasics.datasets import GATES
from dlbasics.exercises import (
    Wrong,
    exercise,
    expect_number,
    expect_numbers,
    need_function,
)

CORNERS = GATES["AND"][0].astype(float)
BITS = np.array([*product([0, 1], repeat=3)], dtype=float)  # (8, 3)


@exercise(
    "02.1",
    wrong=[
        [0.5, 0.5, -0.2],
        [-0.5, -0.5, 0.7],
        [-0.5, -0.5, -0.2],
        [-0.5, -0.5, 0],
        [-0.5, -0.5],
        "nor",
    ],
)
def nor(answer: Sequence[float]) -> str:
    *w, b = expect_numbers(answer, 3, "the list [w1, w2, b]")
    answers = tuple((CORNERS @ np.array(w) + b > 0).astype(int).tolist())
    hints = {
        (0, 1, 1, 1): "that is OR; NOR gives the opposite answers",
        (1, 1, 1, 0): "that is NAND; a single 1 among the inputs should silence NOR",
        (0, 0, 0, 0): "that is never 1; with no input at all only the bias speaks",
    }
    if answers != (1, 0, 0, 0):
        told = ", ".join(map(str, answers))
        raise Wrong(hints.get(answers, f"your answers are {told}, expected 1, 0, 0, 0"))
    return "a positive bias, and weights that outweigh it one by one"


@exercise("02.2", wrong=[10.0, 20 / 5, 10 / 7, 10 / 25, -2.0, "2 units"])
def distance(answer: float) -> str:
    hints = {
        10.0: "that is the sum; how long is the vector of weights?",
        4.0: "the bias is missing: the line does not go through the origin",
        10 / 7: "the length of (3, 4) is the root of 3² + 4², not 3 + 4",
        10 / 25: "divide by the length of the weights, not by its square",
        -2.0: "a distance is positive; the sign only tells the side",
    }
    expect_number(answer, 2.0, rtol=1e-6, hints=hints)
    return "(12 + 8 − 10) / 5"


@exercise(
    "02.3",
    wrong=[[-0.8, -1.1], [-1.1, -0.3], [0.8, 1.1], [-0.8, -0.3], [-1.1, 0], -0.9],
)
def room(answer: Sequence[float]) -> str:
    low, high = expect_numbers(answer, 2, "the list [low, high]")
    if np.allclose([low, high], [0.8, 1.1], atol=1e-6):
        raise Wrong("these are thresholds; the bias is minus the threshold")
    if low > high:
        raise Wrong("the lower of the two comes first; of negative numbers, mind which")
    if not math.isclose(low, -1.1, abs_tol=1e-6):
        raise Wrong("look at the lower end again: when does (1, 1) still answer 1?")
    if not math.isclose(high, -0.8, abs_tol=1e-6):
        raise Wrong("the upper end must keep all three others at 0, also the largest")
    return "−1.1 < b ≤ −0.8"


def forgets_zeros(row: Sequence[int]) -> tuple[Array, float]:
    row = np.asarray(row)
    return row, 0.5 - row.sum()


@exercise(
    "02.4",
    wrong=[
        3,
        forgets_zeros,
        lambda row: (2 * np.asarray(row) - 1, 0.5),
        lambda row: (2 * np.asarray(row) - 1, -np.sum(row)),
        lambda row: (2 * np.asarray(row) - 1, -1.5),
        lambda row: 2 * np.asarray(row) - 1,
        lambda row: (np.ones(2), 0.5 - np.sum(row)),
    ],
)
def one_row(answer: Callable) -> str:
    need_function(answer)
    for n in (1, 2, 3, 4):
        rows = np.array([*product([0, 1], repeat=n)])
        for row in rows:
            try:
                w, b = answer(row.copy())
            except (TypeError, ValueError) as error:
                raise Wrong(f"expected it to return w and b: {error}") from None
            if np.shape(w) != (n,):
                raise Wrong(f"for {n} inputs expected w of shape ({n},), got "
                            f"{np.shape(w)}")  # fmt: skip
            b = expect_numbers(b, 1, "one number for the bias")[0]
            answers = rows @ np.asarray(w, dtype=float) + b > 0
            if not answers[np.all(rows == row, axis=1)].all():
                raise Wrong(f"for the row {row.tolist()} the unit does not answer 1")
            if answers.sum() > 1:
                other = rows[answers & np.any(rows != row, axis=1)][0]
                raise Wrong(
                    f"the unit for {row.tolist()} also answers 1 to {other.tolist()}"
                )
    return "a weight of 1 where the row has a 1, −1 where it has a 0, b = ½ − ones"


@exercise("02.5", wrong=[256, 14, 56, 254, 128, 103, "104 tables"])
def three_inputs(answer: float) -> str:
    hints = {
        256: "that is all of them, but XOR of two inputs is among the 256",
        14: "14 is right for two inputs; three have 256 tables",
        56: "weights of −1, 0 and 1 are not enough; try larger ones",
        254: "more than two are impossible",
    }
    missed = "your search misses some, or counts some twice: compare whole tables"
    expect_number(answer, 104, rtol=1e-9, hints=hints, otherwise=missed)
    return "104 of 256, and the share goes on falling with more inputs"


@exercise(
    "02.6",
    wrong=[
        [[1, 1, 1], -1.5],
        [[1, 1, 1], -1.5, [1, 1, 1, -1], -0.5],
        [[1, 1, 1], -1.5, [1, 1, 1, 2], -0.5],
        [[1, 1, 1], -0.5, [1, 1, 1, -2], -0.5],
        [[1, 1, 1], 1.5, [1, 1, 1, -2], 0.5],
        [[1, 1], -1.5, [1, 1, 1, -2], -0.5],
        7,
    ],
)
def small_adder(answer: Sequence) -> str:
    if not isinstance(answer, (list, tuple)) or len(answer) != 4:
        raise Wrong("expected the list [w1, b1, w2, b2], where w1 is a list of three "
                    "weights and w2 one of four")  # fmt: skip
    w1 = expect_numbers(answer[0], 3, "three weights for the carry")
    b1 = expect_numbers(answer[1], 1, "one bias for the carry")
    w2 = expect_numbers(answer[2], 4, "four weights for the sum")
    b2 = expect_numbers(answer[3], 1, "one bias for the sum")
    carry = (BITS @ w1 + b1 > 0).astype(float)
    total = np.column_stack([BITS, carry]) @ w2 + b2 > 0
    for bits, found, right in zip(BITS, carry, BITS.sum(axis=1) >= 2, strict=True):
        if found != right:
            raise Wrong(f"for {bits.astype(int).tolist()} the carry is wrong")
    for bits, found, right in zip(BITS, total, BITS.sum(axis=1) % 2 == 1, strict=True):
        if found != right:
            raise Wrong(f"the carry is right; for {bits.astype(int).tolist()} the sum "
                        "is not")  # fmt: skip
    return "the carry if two or more, the sum from the count minus twice the carry"


@exercise("02.7", wrong=[1 / 24, 1 / 6, 1 / 12, 1 / 16, 0.5, "1/48"])
def chance(answer: float) -> str:
    hints = {
        1 / 24: "that is the chance if θ is positive; how often is it?",
        1 / 6: "that is the mean area; which part of the square of area 4 is it?",
        1 / 12: "the area of the square of pairs is 4, not 1 or 2",
        1 / 16: "θ²/8 is largest for θ = 1; average it over all θ from 0 to 1",
        1 / 8: "that is the share of the square for θ = 1; average over θ",
        1 / 96: "the triangle has area θ²/2, out of 4: that is θ²/8, not θ²/16",
        0.02: "count less and integrate: the exact value is a fraction",
    }
    expect_number(answer, 1 / 48, rtol=2e-3, hints=hints)
    return "half of the mean of θ²/8 over θ from 0 to 1"
