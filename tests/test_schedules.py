"""Learning rates over time, by hand and as properties."""

import math

import pytest
from examples import SCHEDULES
from hypothesis import given
from hypothesis import strategies as st

from dlbasics import schedules
from dlbasics.optimizers import SGD
from dlbasics.schedules import (
    Cosine,
    Exponential,
    InverseSqrt,
    InverseTime,
    ReduceOnPlateau,
    Staircase,
    WarmUp,
)

RATES = st.floats(1e-6, 10)
TIMES = st.integers(0, 10_000)


def test_there_is_an_example_of_every_schedule():
    kinds = {kind for kind in vars(schedules).values() if isinstance(kind, type)}
    assert set(SCHEDULES) == {k for k in kinds if k.__module__ == schedules.__name__}


@pytest.mark.parametrize("kind", [k for k in SCHEDULES if k is not WarmUp])
def test_first_update_has_the_whole_rate(kind):
    assert SCHEDULES[kind]()(0) == pytest.approx(0.4, rel=1e-12)


@pytest.mark.parametrize(
    ("schedule", "t", "rate"),
    [
        (InverseTime(0.4, k=0.5), 6, 0.1),
        (Exponential(0.4, 0.5), 3, 0.05),
        (InverseSqrt(0.4), 3, 0.2),
        (Staircase(0.4, 0.5, every=4), 3, 0.4),
        (Staircase(0.4, 0.5, every=4), 4, 0.2),
        (Staircase(0.4, 0.5, every=4), 8, 0.1),
        (Cosine(0.4, 20), 10, 0.2),
        (Cosine(0.4, 30, final=0.1), 10, 0.325),
        (Cosine(0.4, 20, final=0.1), 20, 0.1),
        (Cosine(0.4, 20, final=0.1), 99, 0.1),
        (WarmUp(Exponential(0.4, 1), 4), 0, 0.1),
        (WarmUp(Exponential(0.4, 1), 4), 2, 0.3),
        (WarmUp(Exponential(0.4, 1), 4), 3, 0.4),
        (WarmUp(Exponential(0.4, 0.5), 1), 2, 0.1),
    ],
    ids=repr,
)
def test_by_hand(schedule, t, rate):
    assert schedule(t) == pytest.approx(rate)


@given(lr=RATES, k=st.floats(0, 10), factor=st.floats(0.01, 1), t=TIMES)
def test_falling_schedules_never_rise_and_stay_in_bounds(lr, k, factor, t):
    for schedule in (
        InverseTime(lr, k),
        Exponential(lr, factor),
        InverseSqrt(lr),
        Staircase(lr, factor, every=1 + t % 7),
        Cosine(lr, n_steps=5000, final=lr * factor),
    ):
        assert 0 <= schedule(t + 1) <= schedule(t) * (1 + 1e-12)
        assert schedule(t) <= lr * (1 + 1e-12)


@given(lr=RATES, final=st.floats(0, 1), n_steps=st.integers(1, 500), t=TIMES)
def test_cosine_ends_and_stays_at_its_final_rate(lr, final, n_steps, t):
    schedule = Cosine(lr, n_steps, final=final * lr)
    assert schedule(t) >= final * lr * (1 - 1e-12)
    assert schedule(n_steps + t) == pytest.approx(final * lr, abs=1e-12)


@given(lr=RATES, n_steps=st.integers(1, 500), t=TIMES)
def test_warm_up_rises_in_a_line_and_then_lets_go(lr, n_steps, t):
    inner = InverseSqrt(lr)
    schedule = WarmUp(inner, n_steps)
    assert 0 < schedule(t) <= inner(t)
    assert (schedule(t) == inner(t)) == (t >= n_steps - 1)
    assert schedule(0) == pytest.approx(lr / n_steps)


def test_plateau_by_hand():
    schedule = ReduceOnPlateau(1.0, factor=0.1, patience=1)
    rates = []
    for loss in (5, 4, 4, 4.5, 3, 3.5, 3.4, 3.3, math.nan):
        schedule.observe(loss)
        rates.append(schedule(0))
    assert rates == pytest.approx([1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001])


@given(st.lists(st.floats(0, 100), max_size=50))
def test_plateau_waits_longer_than_its_patience(losses):
    schedule, since_best, best = ReduceOnPlateau(1.0, patience=3), 0, math.inf
    for loss in losses:
        before = schedule(0)
        schedule.observe(loss)
        since_best = 0 if loss < best else since_best + 1
        best = min(best, loss)
        assert schedule(0) in (before, before * schedule.factor)
        if since_best <= 3:
            assert schedule(0) == before


@pytest.mark.parametrize("kind", [k for k in SCHEDULES if k is not ReduceOnPlateau])
def test_schedules_that_only_look_at_time_cannot_be_changed(kind):
    schedule = SCHEDULES[kind]()
    with pytest.raises(AttributeError):
        schedule.lr = 1
    assert SCHEDULES[kind]() == schedule


def test_plateau_starts_without_having_waited():
    schedule = ReduceOnPlateau(1.0)
    for _ in range(3):
        schedule.observe(math.nan)
    assert schedule(0) == 1
    schedule.observe(math.nan)
    assert schedule(0) == 0.1
    with pytest.raises(TypeError):
        ReduceOnPlateau(1.0, best=0.0)
    with pytest.raises(TypeError):
        ReduceOnPlateau(1.0, waited=1)


def test_plateau_inside_an_optimizer():
    schedule = ReduceOnPlateau(0.4, factor=0.5, patience=0)
    optimizer = SGD(schedule)
    assert optimizer.lr is schedule
    schedule.observe(1)
    schedule.observe(1)
    assert optimizer.lr(0) == 0.2


@given(lr=RATES, t=TIMES)
def test_a_constant_stays(lr, t):
    assert schedules.Constant(lr)(t) == lr


def test_plateau_with_a_threshold_wants_more_than_a_little():
    schedule, rates = ReduceOnPlateau(1.0, factor=0.5, patience=0, threshold=0.1), []
    for loss in (10, 9.5, 8.9, 8.1, 7.9):
        schedule.observe(loss)
        rates.append(schedule(0))
    assert rates == [1, 0.5, 0.5, 0.25, 0.25]


def test_a_cosine_may_end_where_it_begins():
    schedule = schedules.Cosine(0.1, 10, final=0.1)
    assert {schedule(t) for t in range(12)} == {0.1}
