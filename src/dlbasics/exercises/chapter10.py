"""Checks for chapter 10, model selection."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import pairwise
from unittest.mock import patch

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
from dlbasics.validation import k_fold


@exercise("10.1", wrong=[1900, 950, 15200, 475, 38, 380_000, "many"])
def images_needed(answer: float) -> str:
    hints = {
        1900: "the difference of two networks scatters by √2 times one accuracy",
        950: "ask for two standard errors, and mind that two accuracies scatter",
        475: "that is where σ of one accuracy equals the difference",
        15200: "that would be for two standard errors of half the difference, squared",
        38: "the difference enters squared",
    }
    expect_number(answer, 3800, rtol=2e-3, hints=hints)
    return "8 · 0.95 · 0.05 / 0.01²"


@exercise(
    "10.2",
    wrong=[
        (0.75, 0.6, 2 / 3),
        (0.6, 0.75, 0.675),
        (0.97, 0.75, 0.6),
        (60, 75, 66.7),
        (0.6, 0.75),
        0.6,
        "good",
    ],
)
def spam(answer: tuple[float, float, float]) -> str:
    p, r, f = expect_numbers(answer, 3, "precision, recall and F1, three numbers")
    if np.allclose([p, r], [60, 75], atol=0.5):
        raise Wrong("as shares between 0 and 1, not in percent")
    if np.allclose([p, r], [0.75, 0.6], atol=2e-3):
        raise Wrong("precision is a share of what was stopped, recall of what is spam")
    if not np.isclose(p, 30 / 50, atol=2e-3):
        raise Wrong("for the precision divide by all that were stopped")
    if not np.isclose(r, 30 / 40, atol=2e-3):
        raise Wrong("for the recall divide by all that are spam")
    if np.isclose(f, (p + r) / 2, atol=2e-3):
        raise Wrong("F1 is the harmonic mean, not the ordinary one")
    if not np.isclose(f, 2 / 3, atol=5e-3):
        raise Wrong("F1 is 2PR / (P + R)")
    return "30/50, 30/40, and 60/90"


def sliding(n: int, k: int) -> list[tuple[Array, Array]]:
    blocks = np.array_split(np.arange(n), k + 1)
    return list(pairwise(blocks))


@exercise(
    "10.3",
    wrong=[
        3,
        lambda n, k: list(k_fold(n, k, rng=None)),
        lambda n, k: list(k_fold(n, k + 1, rng=None))[1:],
        sliding,
        lambda n, k: [(np.arange(n // 2), np.arange(n // 2, n))],
        lambda n, k: [(h[0], t) for t, h in zip(sliding(n, k), range(k), strict=True)],
    ],
)
def forward_folds(answer: Callable) -> str:
    need_function(answer)
    for n, k in ((12, 3), (23, 4), (100, 9)):
        splits = list(answer(n, k))
        if len(splits) != k:
            raise Wrong(f"for n = {n}, k = {k} expected {k} splits, got {len(splits)}")
        blocks = np.array_split(np.arange(n), k + 1)
        for i, (train, held) in enumerate(splits):
            train, held = np.sort(np.asarray(train)), np.sort(np.asarray(held))
            if train.size and held.size and train.max() > held.min():
                raise Wrong(f"split {i} learns from rows after those it is judged by")
            if not np.array_equal(held, blocks[i + 1]):
                raise Wrong(
                    f"split {i} of n = {n}, k = {k} should judge by block {i + 1}"
                )
            if not np.array_equal(train, np.arange(held[0])):
                raise Wrong(f"split {i} should learn from all rows before its block")
    return "the past grows, and the next block judges"


@exercise("10.4", wrong=[20, 19, 58, 58.4, 60, 95, 0.05])
def dice(answer: float) -> str:
    hints = {
        20: "with 20 the expected number is one, the chance of none is still 36 %",
        19: "1 / 0.05 is not the question; how likely is it that all of n miss?",
        58.4: "there is no part of a trial; which whole number is enough?",
        58: "58 trials fall just short of 95 %",
        60: "one of them is not needed",
    }
    expect_number(answer, 59, rtol=1e-6, hints=hints)
    return "1 − 0.95⁵⁹ is just above 95 %"


@cache
def leaking_protocol(n_columns: int) -> float:
    """Share of wrong answers if 20 features are chosen before the split."""
    wrong = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x, ill = rng.standard_normal((50, n_columns)), np.arange(50) < 25
        gap = np.abs(x[ill].mean(axis=0) - x[~ill].mean(axis=0))
        x = x[:, gap.argsort()[-20:]]
        for train, held in k_fold(50, 5, rng=rng):
            means = [x[train][ill[train] == k].mean(axis=0) for k in (False, True)]
            far = [((x[held] - mean) ** 2).sum(axis=1) for mean in means]
            wrong.append(np.mean((far[1] < far[0]) != ill[held]))
    return float(np.mean(wrong))


@exercise("10.5", wrong=[20, 25, 100.5, 1000, 5000, -3, 40_000, "few"])
def measurements(answer: int) -> str:
    expect_number(answer, 100, rtol=1e6)
    n = int(np.asarray(answer).item())
    if n != np.asarray(answer).item():
        raise Wrong("measurements come in whole numbers")
    if not 20 <= n <= 20_000:
        raise Wrong("try a number between 20 and 20,000")
    found = leaking_protocol(n)
    if not 0.2 <= found <= 0.25:
        way = "fewer" if found < 0.2 else "more"
        raise Wrong(f"with {n} it reports {found:.0%} wrong; try {way}")
    return f"with {n} of them the leak reports {found:.0%} wrong"


def normal_below(u: float) -> float:
    return 0.5 * (1 + math.erf(u / math.sqrt(2)))


def each(f: Callable) -> Callable:
    return lambda mean, std, least: np.array(
        [f(m, s, least) for m, s in zip(mean, std, strict=True)]
    )


@exercise(
    "10.6",
    wrong=[
        0.5,
        each(lambda m, s, least: normal_below((m - least) / s)),
        each(lambda m, s, least: normal_below(least - m)),
        each(lambda m, s, least: normal_below((least - m) / s**2)),
        each(lambda m, s, least: math.erf((least - m) / s)),
        each(lambda m, s, least: (least - m) * normal_below((least - m) / s)),
    ],
)
def probability_of_improvement(answer: Callable) -> str:
    need_function(answer)
    mean, std = np.array([0.0, 0.1, 0.5, 0.2, 0.2]), np.array([0.3, 0.1, 2.0, 0.1, 0.4])
    u = (0.2 - mean) / std
    right = np.array([normal_below(v) for v in u])
    found = answer(mean.copy(), std.copy(), 0.2)
    hints = {
        "that is the probability of being worse; smaller is better here": 1 - right,
        "divide by the standard deviation": [normal_below(0.2 - m) for m in mean],
        "divide by the standard deviation, not by its square": [
            normal_below(v / s) for v, s in zip(u, std, strict=True)
        ],
    }
    for hint, wrong in hints.items():
        if np.shape(found) == (5,) and np.allclose(found, wrong, atol=1e-6):
            raise Wrong(hint)
    expect_array(found, right, atol=1e-5)
    return "Φ((least − μ) / σ), whatever the size of the improvement"


def hat(z: Array) -> Array:
    return z @ np.linalg.pinv(z)


def one_by_one(z: Array, t: Array) -> Array:
    """Fit again for each row that is left out."""
    errors = np.empty(len(t))
    for i in range(len(t)):
        kept = np.arange(len(t)) != i
        errors[i] = t[i] - z[i] @ np.linalg.lstsq(z[kept], t[kept], rcond=None)[0]
    return errors


@contextmanager
def counting(*names: str) -> Iterator[list[str]]:
    """Note each call of these functions of `np.linalg`."""
    called: list[str] = []

    def noting(name: str, function: Callable) -> Callable:
        return lambda *args, **how: called.append(name) or function(*args, **how)

    with ExitStack() as stack:
        for name in names:
            noted = noting(name, getattr(np.linalg, name))
            stack.enter_context(patch.object(np.linalg, name, noted))
        yield called


@exercise(
    "10.7",
    wrong=[
        0.0,
        one_by_one,
        lambda z, t: [
            t[i]
            - np.delete(z, i, 0).T
            @ np.delete(t, i)
            @ np.linalg.inv(np.delete(z, i, 0).T @ np.delete(z, i, 0))
            @ z[i]
            for i in range(len(t))
        ],
        lambda z, t: t - hat(z) @ t,
        lambda z, t: (t - hat(z) @ t) / (1 + np.diag(hat(z))),
        lambda z, t: (hat(z) @ t - t) / (1 - np.diag(hat(z))),
        lambda z, t: np.mean(((t - hat(z) @ t) / (1 - np.diag(hat(z)))) ** 2),
    ],
)
def leave_one_out(answer: Callable) -> str:
    need_function(answer)
    for seed, (n, d) in enumerate(((12, 3), (40, 6))):
        rng = np.random.default_rng(seed)
        z, t = rng.standard_normal((n, d)), rng.standard_normal(n)
        right, seen = one_by_one(z, t), t - hat(z) @ t
        with counting("lstsq", "solve", "inv", "pinv", "qr", "svd") as fits:
            found = answer(z.copy(), t.copy())
        mistakes = {
            "those are the errors with all rows; divide by 1 − h": seen,
            "the sign is turned around: the error is t − p": -right,
            "the divisor is 1 − h, for the error grows": seen / (1 + np.diag(hat(z))),
        }
        for hint, wrong in mistakes.items():
            if np.shape(found) == (n,) and np.allclose(found, wrong):
                raise Wrong(hint)
        expect_array(found, right, atol=1e-6)
        if len(fits) >= n:
            raise Wrong(f"right, but with {n} fits; one fit to all rows is enough")
    return "a row with h near 1 pulls the fit to itself, and is judged without that"
