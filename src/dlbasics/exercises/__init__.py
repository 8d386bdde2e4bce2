"""Checks for the exercises, one module for each chapter.

A check is a function of the reader's answer. It returns a sentence that says why a
right answer is right, and raises `Wrong` with a hint for a wrong one. Each names some
typical wrong answers, which the tests try: a check that accepts them is broken.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np


class Wrong(Exception):
    """A wrong answer; the message is a hint."""


class Exercise(NamedTuple):
    """A check, and answers that it must reject."""

    check: Callable[[Any], str]
    wrong: Sequence[Any]


class Verdict(NamedTuple):
    """What to say about an answer: "correct", "not yet" or "not attempted"."""

    status: str
    message: str


EXERCISES: dict[str, Exercise] = {}


def exercise(number: str, *, wrong: Sequence[Any]):
    """Register the decorated check under a number such as "07.1"."""

    def register(function: Callable[[Any], str]) -> Callable[[Any], str]:
        EXERCISES[number] = Exercise(function, wrong)
        return function

    return register


def grade(number: str, answer: Any) -> Verdict:
    """Judge an answer; None means that nobody has tried yet."""
    chapter = number.partition(".")[0]
    try:
        importlib.import_module(f"dlbasics.exercises.chapter{chapter}")
        exercise = EXERCISES[number]
    except (ImportError, KeyError):
        raise ValueError(
            f"there is no exercise {number!r}: expected a number such as '07.1'"
        ) from None
    if answer is None:
        return Verdict("not attempted", "put your answer in place of None")
    try:
        return Verdict("correct", exercise.check(answer))
    except Wrong as hint:
        return Verdict("not yet", str(hint))
    except Exception as error:
        return Verdict("not yet", f"trying it raised {type(error).__name__}: {error}")


def check(number: str, answer: Any) -> None:
    """Print the verdict on an answer."""
    verdict = grade(number, answer)
    print(f"Exercise {number}, {verdict.status}: {verdict.message}.")


def expect_number(
    answer: Any,
    right: float,
    *,
    rtol: float,
    hints: dict[float, str] | None = None,
    otherwise: str = "",
) -> None:
    """Raise `Wrong` unless the answer is near `right`, with a hint if there is one.

    Other wrong numbers are called too large or too small, unless that would invite
    guessing: then say something else, `otherwise`.
    """
    if not np.isscalar(answer) and not isinstance(answer, np.ndarray):
        raise Wrong(f"expected a number, got {type(answer).__name__}")
    if np.size(answer) != 1 or not np.isreal(answer):
        raise Wrong(f"expected one number, got {answer!r}")
    value = float(np.asarray(answer).item())
    if np.isclose(value, right, rtol=rtol, atol=0):
        return
    for mistake, hint in (hints or {}).items():
        if np.isclose(value, mistake, rtol=rtol, atol=0):
            raise Wrong(hint)
    size = "too large" if value > right else "too small"
    raise Wrong(otherwise or f"{value:.4g} is {size}")


def expect_numbers(answer: Any, n: int, form: str) -> np.ndarray:
    """Return the answer as n floats, or raise `Wrong` with the form it should have."""
    try:
        found = np.asarray(answer, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        raise Wrong(f"expected {form}, got {answer!r}") from None
    if found.size != n:
        raise Wrong(f"expected {form}, that is {n} in all, got {found.size}")
    return found


def need_function(answer: Any) -> None:
    """Raise `Wrong` unless the answer can be called."""
    if not callable(answer):
        raise Wrong(f"expected a function, got {type(answer).__name__}")


def expect_array(answer: Any, right: Any, *, atol: float = 1e-6) -> None:
    """Raise `Wrong` unless the answer has the shape and the values of `right`."""
    try:
        found, right = np.asarray(answer, dtype=float), np.asarray(right, dtype=float)
    except (TypeError, ValueError):
        raise Wrong(
            f"expected an array of numbers, got {type(answer).__name__}"
        ) from None
    if found.shape != right.shape:
        raise Wrong(f"expected shape {right.shape}, got {found.shape}")
    off = ~np.isclose(found, right, rtol=0, atol=atol)
    if off.any():
        where = tuple(map(int, np.argwhere(off)[0]))
        at = f" at {list(where)}" if where else ""
        raise Wrong(f"{off.sum()} of {off.size} values are wrong, the first{at}")
