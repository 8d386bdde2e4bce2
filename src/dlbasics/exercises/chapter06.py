"""Checks for chapter 06, optimizers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dlbasics.exercises import (
    Wrong,
    exercise,
    expect_number,
    expect_numbers,
    need_function,
)
from dlbasics.functions import RAVINE
from dlbasics.optimizers import SGD, Adam, Momentum, Optimizer
from dlbasics.paths import arrival, heights, trace
from dlbasics.schedules import InverseTime


@exercise("06.1", wrong=[1 - 1 / 39, 1 - 2 / 39, 39 / 40, 0.5, 19 / 39, "0.95"])
def calm(answer: float) -> str:
    hints = {
        1 - 1 / 39: "that is a window 1/(1 − β) of 39; compare variances instead",
        39 / 40: "that is a mean age β/(1 − β) of 39; compare variances instead",
        20 / 19: "a share that is kept lies below 1",
    }
    otherwise = "set (1 + β)/(1 − β), the size of the plain mean, to 39"
    expect_number(answer, 0.95, rtol=1e-4, hints=hints, otherwise=otherwise)
    return "(1 + 0.95) / (1 − 0.95) = 39"


@exercise(
    "06.2", wrong=[1.0, 0.9, 0.8947, 0.901, 0.8, 0.995, 0.9058, 0.904, "about 0.9"]
)
def changed_mind(answer: float) -> str:
    right = 0.9 + 0.1 * (0.02 / 0.19) / 2
    hints = {
        1.0: "with momentum the second gradient does not undo the first step",
        0.9: "that is where it is after the first update",
        0.9 - 0.1 * (0.02 / 0.19) / 2: "the average is negative, so the weight goes up",
        0.901: "m = −0.02 must be divided by 1 − 0.9² first",
        0.8: "the second gradient has the other sign",
        0.9 + 0.1 * (0.02 / 0.1) / 2: "at the second update t = 2: divide by 1 − 0.9²",
    }
    expect_number(answer, right, rtol=3e-4, hints=hints, otherwise="compute m, then m̂")
    return "m̂ = −0.02 / 0.19, √v̂ = 2, so the second step is +0.005"


def lion_like(update: Callable) -> type[Optimizer]:
    """Make an optimizer with one slot; it belongs to nobody's list of optimizers."""
    body = {"n_slots": 1, "update": update, "__module__": "answers"}
    return type("Lion", (Optimizer,), body)


def rebinds(self, w, g, lr, m) -> None:
    w = w - lr * np.sign(0.9 * m + 0.1 * g)
    m = 0.99 * m + 0.01 * g


def average_first(self, w, g, lr, m) -> None:
    m += 0.01 * (g - m)
    w -= lr * np.sign(0.9 * m + 0.1 * g)


def no_sign(self, w, g, lr, m) -> None:
    w -= lr * (0.9 * m + 0.1 * g)
    m += 0.01 * (g - m)


def deaf(self, w, g, lr, m) -> None:
    w -= self.lr * np.sign(0.9 * m + 0.1 * g)
    m += 0.01 * (g - m)


def forgetful(self, w, g, lr, m) -> None:
    w -= lr * np.sign(0.9 * m + 0.1 * g)
    m = 0.99 * m + 0.01 * g


TYPICAL = [lion_like(f) for f in (rebinds, average_first, no_sign, deaf, forgetful)]


@exercise("06.3", wrong=[SGD, Adam, *TYPICAL, 3.0, dict])
def lion(answer: Any) -> str:
    if not (isinstance(answer, type) and issubclass(answer, Optimizer)):
        raise Wrong("expected a class that is a subclass of Optimizer")
    if answer.n_slots != 1:
        raise Wrong(f"expected one slot, got n_slots = {answer.n_slots}")
    rng = np.random.default_rng(6)
    grads = rng.standard_normal((60, 40)) * 10.0 ** rng.integers(-3, 3, 40)
    w, optimizer, m, expected = np.ones(40), answer(0.01), np.zeros(40), np.ones(40)
    for k, g in enumerate(grads):
        before = w.copy()
        optimizer.step({"w": w}, {"w": g.copy()})
        expected -= 0.01 * np.sign(0.9 * m + 0.1 * g)
        m = 0.99 * m + 0.01 * g
        if (w == before).all():
            raise Wrong("w has not changed: write into it, as in w -= …")
        if not np.allclose(np.abs(w - before), 0.01):
            raise Wrong("every weight must move by exactly the rate")
        if not np.allclose(w, expected):
            raise Wrong(
                f"the first {k} updates are right, then a sign differs: is m updated, "
                "in place, and after it was used? Or is it the direction, or β₁ and β₂?"
            )
    asks_its_schedule(answer)
    return "every weight moves by the rate, in the direction of the sign"


def asks_its_schedule(answer: type[Optimizer]) -> None:
    w, optimizer = np.zeros(3), answer(InverseTime(0.1, k=1))
    try:
        for _ in range(2):
            optimizer.step({"w": w}, {"w": np.ones(3)})
    except TypeError:
        w[:] = np.nan
    if not np.allclose(w, -0.15):
        raise Wrong("with a schedule it fails: use the rate lr that update is given")


def cycle(lr: float, n_steps: int, low: float = 0.1) -> Callable[[int], float]:
    def schedule(t: int) -> float:
        return lr * (1 - (1 - low) * min(abs(2 * t / n_steps - 1), 1))

    return schedule


@exercise(
    "06.4",
    wrong=[
        0.1,
        lambda lr, n: lr,
        lambda lr, n: cycle(lr, n, low=0.0),
        lambda lr, n: lambda t: lr * (1 - 0.9 * abs(2 * t / n - 1)),
        lambda lr, n: lambda t: lr * (0.1 + 0.9 * min(t / n, 1)),
        lambda lr, n: lambda t: lr * (0.1 + 0.9 * math.sin(math.pi * min(t / n, 1))),
    ],
)
def one_cycle(answer: Callable) -> str:
    need_function(answer)
    for lr, n in ((1.0, 10), (0.3, 200)):
        schedule = answer(lr, n)
        if not callable(schedule):
            raise Wrong("one_cycle must return a function of t, not a number")
        right = cycle(lr, n)
        for t in (0, n // 2, n, n // 4, 3 * n // 4, n + 1, 3 * n):
            expect_at(float(np.asarray(schedule(t)).item()), right(t), lr, n, t)
    return "up in a line, down in a line, and then constant"


def expect_at(found: float, right: float, lr: float, n: int, t: int) -> None:
    if not np.isclose(found, right, rtol=1e-6):
        raise Wrong(
            f"one_cycle({lr}, {n}) at t = {t} expected {right:.4g}, got {found:.4g}"
        )


@exercise(
    "06.5",
    wrong=[
        0.68,
        lambda mu, curvature: 2 * (1 + mu) / curvature,
        lambda mu, curvature: 2 / curvature,
        lambda mu, curvature: 1 + 1 / (1 + 2 * mu),
        lambda mu, curvature: 1 / (1 + 2 * mu) / curvature,
        lambda mu, curvature: (1 + mu) / (1 + 2 * mu) / curvature,
    ],
)
def nesterov_limit(answer: Callable) -> str:
    need_function(answer)
    for mu, curvature in ((0.9, 2.0), (0.5, 0.3), (0.0, 4.0)):
        right = (1 + 1 / (1 + 2 * mu)) / curvature
        hints = {
            2 * (1 + mu) / curvature: "that is momentum's limit; the gradient is taken "
            "ahead, so the velocity passes through it as well",
            2 / curvature: "that is the limit without momentum",
            right * curvature: "the curvature is missing",
            right - 1 / curvature: "1 − ηλ = −1/(1 + 2μ); bring the 1 over",
            right / 2: "half of it; check the solution z = −1",
        }
        expect_number(answer(mu, curvature), right, rtol=1e-6, hints=hints)
    return "ηλ = 1 + 1/(1 + 2μ), which is 2 without momentum and 4/3 for μ near 1"


def ravine_steps(lr: float, mu: float) -> int | None:
    path = trace(Momentum(lr, momentum=mu), RAVINE, 400)
    return arrival(heights(RAVINE, path), 1e-6)


@exercise(
    "06.6",
    wrong=[
        (0.1, 0.9),
        (0.95, 0.0),
        (1.0, 0.9),
        (2.5, 0.1),
        (1.34, 0.4),
        (1.0, 0.5),
        1.34,
        (1.3, 1.2),
        "fast",
    ],
)
def tuned_ball(answer: Any) -> str:
    lr, mu = expect_numbers(answer, 2, "a pair (lr, mu)")
    if not (lr > 0 and 0 <= mu < 1):
        raise Wrong("expected a rate above 0 and a momentum from 0 to below 1")
    steps = ravine_steps(float(lr), float(mu))
    if steps is None:
        raise Wrong("it does not stay below 10⁻⁶ within 400 steps; is it swinging?")
    if steps > 35:
        raise Wrong(f"it takes {steps} steps; which μ suits a condition number of 20?")
    if steps > 21:
        raise Wrong(f"it takes {steps} steps; try a μ and a rate nearby")
    return f"below 10⁻⁶, to stay there, after {steps} steps"


def walked(rate: Callable[[int], float]) -> tuple[float, float]:
    """Return the exact mean squared distance, from 5, after 300 noisy gradients.

    The second number is the part of it that is left of the start.
    """
    square = left = 25.0
    for t in range(300):
        lr = float(np.asarray(rate(t)).item())
        if not 0 <= lr < math.inf:
            raise Wrong(f"expected a rate of at least 0 at t = {t}, got {lr}")
        keep = min(abs(1 - lr), 1e50) ** 2
        square = min(keep * square + min(lr, 1e50) ** 2, 1e100)
        left = min(keep * left, 1e100)
    return square, left


@exercise(
    "06.7",
    wrong=[
        0.1,
        lambda t: 0.02,
        lambda t: 0.1,
        lambda t: 1 / math.sqrt(t + 1),
        lambda t: 0.1 * 0.9**t,
        lambda t: 0.1 / (1 + t),
        lambda t: -0.1,
    ],
)
def three_hundred(answer: Callable) -> str:
    need_function(answer)
    square, left = walked(answer)
    if square >= 0.005:
        why = (
            "the start is not forgotten, so the rates are too small"
            if left > square / 2
            else "what is left is noise, so the last rates are too large"
        )
        raise Wrong(f"the mean squared distance is {square:.2g}: {why}")
    return f"the mean squared distance is {square:.4f}; 1/300 is 0.0033"
