"""Checks for chapter 04, learning."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

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


def mean_log(*shares: float) -> float:
    return -sum(math.log(share) for share in shares) / len(shares)


@exercise("04.1", wrong=[mean_log(0.8, 0.5, 0.1) * 3, 0.533, 0.466, -1.0729, "wet"])
def forecasts(answer: float) -> str:
    right = mean_log(0.8, 0.5, 0.1)
    hints = {
        3 * right: "that is the sum over the three days; the loss is their mean",
        -right: "a logarithm of a share is negative, so there is a minus in front",
        right / math.log(10): "nats want the natural logarithm, not that to base 10",
        right / math.log(2): "nats want the natural logarithm, not that to base 2",
        1.6 / 3: "that is one minus the mean share; take logarithms",
        1.4 / 3: "that is the mean share; take logarithms",
        -math.log(1.4 / 3): "take the mean of the logarithms, not the log of the mean",
    }
    expect_number(answer, right, rtol=0.003, hints=hints)
    return "(0.223 + 0.693 + 2.303) / 3"


@exercise("04.2", wrong=[391, 7812.5, 7800, 390 * 20 + 1, 1_000_000, 390])
def updates(answer: float) -> str:
    hints = {
        391: "that is one epoch; there are 20",
        390: "that is one epoch without its last, smaller batch",
        7800: "the last, smaller batch of each epoch is used as well",
        7812.5: "there is no half of an update: what becomes of the last batch?",
        7813: "each epoch ends with a smaller batch; round up before you multiply",
        1_000_000: "that is how many images are looked at",
    }
    expect_number(answer, 7820, rtol=1e-9, hints=hints)
    return "50,000 / 128 rounded up is 391, times 20"


@exercise("04.3", wrong=[2 / 6, 2 / 3, 2 / 8, 1 / 16, 2 / 22])
def limit(answer: float) -> str:
    hints = {
        2 / 6: "that is the limit of x alone; what does y do at this rate?",
        2 / 3: "3 is the factor of x², not its second derivative, and y is steeper",
        2 / 8: "8 is the factor of (y − 1)², not its second derivative",
        1 / 16: "at this rate y arrives in one step; it may jump across",
        2 / 22: "curvatures of different directions do not add up; take the largest",
    }
    expect_number(answer, 2 / 16, rtol=0.002, hints=hints)
    return "the largest curvature is 16, and 2 / 16 = 0.125"


@exercise(
    "04.4",
    wrong=[
        1.0,
        lambda y, t: np.tanh(y - t),
        lambda y, t: np.tanh(t - y) / len(y),
        lambda y, t: (y - t) / len(y),
        lambda y, t: np.sinh(y - t) / len(y),
        lambda y, t: np.log(np.cosh(y - t)) / len(y),
        lambda y, t: np.mean(np.tanh(y - t)),
    ],
)
def log_cosh_gradient(answer: Callable) -> str:
    need_function(answer)
    y, t = np.array([3.0, -1.0, 0.2, 0.0]), np.array([1.0, 2.0, 0.0, 0.5])
    found, e, n = answer(y.copy(), t.copy()), y - t, len(y)
    mistakes = {
        "the loss is a mean: the factor 1/N is missing": np.tanh(e),
        "the sign is turned around: the error is y − t": -np.tanh(e) / n,
        "that is the gradient of half the squared error": e / n,
        "the derivative of log u is u′ / u; you have u′": np.sinh(e) / n,
        "that is the loss of each sample, not its derivative": np.log(np.cosh(e)) / n,
        "do not add up: one derivative for each output": np.tanh(e).mean(),
    }
    for hint, wrong in mistakes.items():
        if np.shape(found) == np.shape(wrong) and np.allclose(found, wrong):
            raise Wrong(hint)
    expect_array(found, np.tanh(e) / n)
    return "tanh(y − t) / N"


def curvatures(x: Array) -> Array:
    return 2 * np.linalg.eigvalsh([[np.mean(x**2), np.mean(x)], [np.mean(x), 1]])


@exercise(
    "04.5",
    wrong=[
        0.127,
        lambda x: 1 / curvatures(x).max(),
        lambda x: 2 / curvatures(x).min(),
        lambda x: 4 / curvatures(x).max(),
        lambda x: 1 / np.mean(x**2),
        lambda x: 2 / (len(x) * curvatures(x).max()),
    ],
)
def largest_rate(answer: Callable) -> str:
    need_function(answer)
    rng = np.random.default_rng(5)
    for x in (rng.uniform(0, 4, 25), rng.normal(-3, 1, 40), 50 * rng.random(10)):
        lam = curvatures(x)
        hints = {
            1 / lam[1]: "at this rate the steepest direction arrives in one step; "
            "it may jump across",
            2
            / lam[
                0
            ]: "that is the limit of the flattest direction; the steepest counts",
            4 / lam[1]: "the factor 2 of the squared error is missing in the matrix",
            1 / np.mean(x**2): "that is the limit for the slope alone; with the "
            "intercept the valley is tilted",
            2 / (len(x) * lam[1]): "the loss is a mean, not a sum over the samples",
        }
        expect_number(answer(x.copy()), 2 / lam[1], rtol=1e-6, hints=hints)
    return "2 over the largest eigenvalue of the matrix of second derivatives"


@cache
def five_or_not() -> tuple[Array, Array]:
    data = load_mnist(n_train=12_000)
    return data.x_train, (data.y_train == 5).astype(np.float32)


def held_back_right(lr: float, seed: int) -> float:
    """Learn from the first 6,000 images one by one; judge by the next 6,000."""
    x, t = five_or_not()
    w, b = np.zeros(784, np.float32), np.float32(0)
    for i in np.random.default_rng(seed).permutation(6000):
        step = np.float32(lr) * (functions.sigmoid(x[i] @ w + b) - t[i])
        w -= step * x[i]
        b -= step
    return float(np.mean((x[6000:] @ w + b > 0) == t[6000:]))


@exercise("04.6", wrong=[0.0001, 0.001, 0.3, 1.0, 10.0, 0, -0.1, "small"])
def one_pass(answer: float) -> str:
    expect_number(answer, 0.03, rtol=1e3)
    lr = float(np.asarray(answer).item())
    if lr <= 0:
        raise Wrong("with such a rate nothing is learned, or the opposite")
    right = np.mean([held_back_right(lr, seed) for seed in range(3)])
    if right < 0.9638:  # 96.4 %, less what another processor may round
        way = "smaller" if lr > 0.05 else "larger"
        raise Wrong(f"with rate {lr:g} it is {right:.2%} on average; try a {way} one")
    return f"with rate {lr:g} one pass gets {right:.1%} right"


@exercise(
    "04.7",
    wrong=[
        1.0,
        lambda f, x, h: (f(x + h) - f(x)) / h,
        lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
        lambda f, x, h: np.imag(f(x + 1j * h)),
        lambda f, x, h: np.real(f(x + 1j * h)) / h,
        lambda f, x, h: f(x + 1j * h) / h,
        lambda f, x, h: np.imag((f(x + 1j * h) - f(x)) / (2 * h)),
    ],
)
def complex_slope(answer: Callable) -> str:
    need_function(answer)
    cases = ((np.exp, np.exp, 1.0), (np.sin, np.cos, 0.7), (lambda z: z**3, None, 2.0))
    for f, slope, x in cases:
        right = slope(x) if slope else 3 * x**2
        for h in (1e-50, 1e-5):
            found = answer(f, x, h)
            if np.iscomplexobj(found):
                raise Wrong("a slope is a real number; which part do you need?")
            if h == 1e-50 and found == 0:
                raise Wrong("with h = 1e-50 it gives 0: something is still subtracted")
            if np.isclose(found, right * h, rtol=1e-4, atol=0):
                raise Wrong("the rise is right; divide it by the run")
            if not np.isclose(found, right, rtol=1e-6, atol=0):
                raise Wrong(
                    f"for h = {h:g} expected a slope of {right:.10f}, "
                    f"got {float(found):.10g}"
                )
    return "the imaginary part of f(x + ih), divided by h"
