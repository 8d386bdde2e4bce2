"""The machinery of exercise checks; the checks themselves are tried by chapter."""

from __future__ import annotations

import numpy as np
import pytest

from dlbasics.exercises import (
    EXERCISES,
    Wrong,
    check,
    exercise,
    expect_array,
    expect_number,
    grade,
    need_function,
)


@pytest.fixture
def toy():
    @exercise("07.99", wrong=[1, 2])
    def three(answer) -> str:
        if answer != 3:
            raise Wrong("count again")
        return "it is three"

    yield
    del EXERCISES["07.99"]


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (None, "not attempted", "in place of None"),
        (3, "correct", "it is three"),
        (4, "not yet", "count again"),
        (np.ones(2), "not yet", "ValueError"),  # the check itself stumbles
    ],
)
def test_verdicts(toy, answer, status, says):
    verdict = grade("07.99", answer)
    assert verdict.status == status
    assert says in verdict.message


def test_check_prints_one_sentence(toy, capsys):
    check("07.99", 3)
    assert capsys.readouterr().out == "Exercise 07.99, correct: it is three.\n"


@pytest.mark.parametrize("number", ["07.98", "66.1", "seven", ""])
def test_an_unknown_exercise_is_an_error(number):
    with pytest.raises(ValueError, match="there is no exercise"):
        grade(number, 1)


def test_an_error_in_the_readers_function_is_shown():
    def broken(n_in, n_out, rng):
        return 1 / 0

    verdict = grade("07.3", broken)
    assert verdict.status == "not yet"
    assert "ZeroDivisionError" in verdict.message


@pytest.mark.parametrize("right", [2.0, 2.001, np.float32(2), np.array([2.0])])
def test_numbers_near_enough(right):
    expect_number(right, 2.0, rtol=0.01)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (3.0, "too large"),
        (1.0, "too small"),
        (4.0, "you squared it"),
        ("2", "one number"),
        ([2.0], "got list"),
        (np.ones(3), "one number"),
        (2 + 1j, "one number"),
        (float("nan"), "too small"),
    ],
)
def test_other_numbers_get_a_hint(answer, hint):
    with pytest.raises(Wrong, match=hint):
        expect_number(answer, 2.0, rtol=0.01, hints={4.0: "you squared it"})


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([[1, 2], [3, 4.1]], r"1 of 4 values are wrong, the first at \[1, 1\]"),
        ([1, 2, 3, 4], r"expected shape \(2, 2\), got \(4,\)"),
        ("four", "expected an array of numbers, got str"),
        ([[np.nan] * 2] * 2, "4 of 4"),
    ],
)
def test_expect_array_says_where_the_first_error_is(answer, says):
    expect_array([[1, 2], [3, 4 + 1e-9]], [[1, 2], [3, 4]])
    with pytest.raises(Wrong, match=says):
        expect_array(answer, [[1, 2], [3, 4]])


def test_need_function():
    need_function(len)
    with pytest.raises(Wrong, match="expected a function, got int"):
        need_function(3)
