"""What the prose of chapter 06 says its explorers show, and its checks accept."""

from __future__ import annotations

import numpy as np
import pytest

from dlbasics.averages import ewa
from dlbasics.exercises import grade
from dlbasics.explorers.averages import (
    GOAL,
    SERIES,
    averages,
    series,
    typical_error,
)
from dlbasics.explorers.race import GOAL as HEIGHT
from dlbasics.explorers.race import TRACKS, arrival, optimizer_race, others, run
from dlbasics.explorers.rates import CURVATURES, KINDS, NOISE, expected, schedule_drawer
from dlbasics.functions import RAVINE, ROSENBROCK
from dlbasics.optimizers import SGD, Adam, Optimizer
from dlbasics.paths import heights, trace
from dlbasics.plotting import LOOK
from dlbasics.schedules import Constant, WarmUp

BETAS = averages.controls["beta"].values
RATES = optimizer_race.controls["lr"].values


def steps(surface, kind, lr, memory=0.9):
    return arrival(run(TRACKS[surface], kind, lr, memory)[1], HEIGHT)


def largest_curvature(surface, h=1e-5):
    """Return the largest curvature at the minimum."""
    p = np.array(surface.minimum)
    rows = [
        (surface.gradient(p + h * e) - surface.gradient(p - h * e)) / (2 * h)
        for e in np.eye(2)
    ]
    return np.linalg.eigvalsh(rows).max()


def reached(explorer, **fixed):
    """Return the states that meet the target; the default must not be one."""
    assert not explorer().reached
    states = (s for s in explorer.combinations() if s.items() >= fixed.items())
    return [s for s in states if explorer(**s).reached]


def test_one_memory_reaches_the_seasons():
    found = reached(averages)
    assert found == [{"kind": "seasons", "beta": 0.8, "corrected": True}]
    assert typical_error("seasons", 0.8, True) == pytest.approx(1.31, abs=0.005)
    assert min(typical_error("seasons", beta, True) for beta in (0.7, 0.9)) > GOAL


def test_a_steady_mean_wants_a_long_memory_and_a_corrected_start():
    fixed = [typical_error("steady", beta, True) for beta in BETAS]
    assert (np.diff(fixed) < 0).all()
    assert fixed[-1] == pytest.approx(0.64, abs=0.005)
    plain = [typical_error("steady", beta, False) for beta in BETAS]
    assert BETAS[np.argmin(plain)] == 0.7
    assert max(plain) == plain[-1] > 6


def test_a_rising_series_forgets_its_start_within_thirty_days():
    _, x = series("rising")
    gap = np.abs(ewa(x, 0.9) - ewa(x, 0.9, corrected=True)).mean(axis=1)
    assert gap[19] > 0.9 > 0.7 > gap[29]
    assert gap[39] < 0.3


def test_every_series_has_the_mean_it_claims():
    days = np.arange(120)
    assert SERIES["rising"][1](days)[[0, -1]] == pytest.approx([10, 21.9])
    assert np.ptp(SERIES["seasons"][1](days)) == pytest.approx(12, abs=0.01)


def test_what_brings_momentum_down_the_ravine_in_twenty_steps():
    found = [
        (s["lr"], s["memory"])
        for s in reached(optimizer_race, surface="ravine", kind="Momentum")
    ]
    assert found == [(1.0, 0.5), (1.0, 0.7)]
    assert not optimizer_race(kind="AdaGrad", lr=1.0).reached
    assert not optimizer_race(kind="Nesterov", lr=0.3, memory=0.7).reached
    assert [steps("ravine", "Momentum", 1.0, mu) for mu in (0.5, 0.7)] == [11, 17]


def test_a_heavy_ball_hardly_minds_its_rate():
    counts = [steps("ravine", "Momentum", lr) for lr in RATES if lr >= 0.03]
    assert (min(counts), max(counts)) == (56, 72)
    assert all((steps("ravine", "Momentum", lr) or 9999) > 150 for lr in RATES[:3])


def test_the_bend_is_too_steep_for_sgd():
    said = {
        lr: optimizer_race(surface="bend", kind="SGD", lr=lr).description
        for lr in (0.001, 0.003, 0.01)
    }
    assert "not below 0.01 to stay within 2000" in said[0.001]
    slow = heights(ROSENBROCK, trace(SGD(0.001), ROSENBROCK, 5000))
    assert arrival(slow, 0.01) > 2000
    assert "diverges" in said[0.01]
    held = trace(SGD(0.003), ROSENBROCK, 20_000)
    np.testing.assert_allclose(held[-1], held[-3], atol=1e-6)
    assert 0.29 < heights(ROSENBROCK, held[-2:]).mean() < 0.34
    assert np.abs(held[-1] - held[-2]).max() > 0.02
    steep = largest_curvature(ROSENBROCK)
    assert steep == pytest.approx(1002, abs=1)
    near = trace(SGD(0.002), ROSENBROCK, 30_000)[-3:]
    np.testing.assert_allclose(near[-1], near[-3], atol=1e-5)
    assert np.abs(near[-1] - near[-2]).max() > 1e-3
    assert 1e-3 < heights(ROSENBROCK, near).max() < HEIGHT


def test_adam_leaves_the_goal_in_the_bend_once_it_is_watched_longer():
    path = trace(Adam(TRACKS["bend"].rates["Adam"]), ROSENBROCK, 5000)
    losses = heights(ROSENBROCK, path)
    assert losses[1000:2001].max() < HEIGHT < losses[2001:].max()


def test_adam_at_rate_one_is_thrown_out_of_its_rest_at_the_saddle():
    losses = run(TRACKS["saddle"], "Adam", 1.0, 0.9)[1]
    assert losses[30:41].max() > HEIGHT > losses[60:450].max()
    assert losses[300:450].max() < 1e-6
    assert losses[500:600].max() > HEIGHT > losses[570:].max()
    assert steps("saddle", "Adam", 1.0) == pytest.approx(545, abs=20)


def test_only_those_who_divide_step_off_the_ridge():
    track = TRACKS["saddle"]
    for kind, lr in track.rates.items():
        moved = run(track, kind, lr, 0.9)[0][1] - track.surface.start
        divides = kind in {"AdaGrad", "RMSProp", "Adam"}
        assert (abs(moved[0]) > 0.5 * abs(moved[1])) == divides, kind


@pytest.mark.parametrize("surface", TRACKS)
def test_every_good_rate_arrives(surface):
    found = others(surface)
    assert found.keys() == TRACKS[surface].rates.keys() <= LOOK.keys()
    assert all(needed for _, needed in found.values())


@pytest.mark.parametrize("value", [1, -0.1, "much", 2, "nan"])
def test_a_memory_is_a_share(value):
    with pytest.raises(ValueError, match="expected a number"):
        optimizer_race(memory=value)


def test_a_live_kernel_takes_any_rate_and_memory():
    for lr in (1e-12, 1e6, 1e300):
        assert optimizer_race(surface="bend", lr=lr, memory=0.0).description
        assert schedule_drawer(lr=lr).description
    assert "β = 0," in averages(beta="0").description


def test_which_schedules_reach_the_goal():
    found = reached(schedule_drawer)
    assert {s["kind"] for s in found} == {
        "exponential", "staircase", "cosine", "plateau"
    }  # fmt: skip
    plain = [s for s in found if not s["warm_up"]]
    pairs = {k: {(s["lr"], s["share"]) for s in plain if s["kind"] == k} for k in KINDS}
    assert pairs["staircase"] == {(0.4, 0.1)}
    assert pairs["cosine"] == {(0.4, 0.1), (0.4, 0.01)}
    assert pairs["exponential"] == {(0.4, 0.1), (0.8, 0.01)}
    assert pairs["plateau"] == {(0.2, 0.3), (0.4, 0.3), (0.8, 0.3)}
    assert all(s["n_steps"] == 200 for s in found)


def test_the_smallest_constant_rate_ends_lowest():
    ends = {
        n: [expected(Constant(lr), n)[1][-1] for lr in (0.1, 0.2, 0.4, 0.8)]
        for n in (200, 1000)
    }
    assert [int(np.argmin(losses)) for losses in ends.values()] == [0, 0]
    assert ends[200][0] == pytest.approx(0.096, abs=5e-4)
    assert ends[1000][0] == pytest.approx(0.053, abs=5e-4)


def test_warm_up_gains_nothing_in_the_ravine():
    for kind, (_, build) in KINDS.items():
        for lr in (0.1, 0.2, 0.4, 0.8):
            for share in (0.3, 0.1, 0.01):
                plain = expected(build(lr, share, 200), 200)[1][-1]
                warm = expected(WarmUp(build(lr, share, 200), 20), 200)[1][-1]
                assert warm > plain * (0.95 if kind == "plateau" else 0.999)


def test_the_expected_height_is_what_simulations_find():
    build = KINDS["cosine"][1]
    _, losses = expected(build(0.4, 0.1, 200), 200)
    rng, schedule = np.random.default_rng(0), build(0.4, 0.1, 200)
    p = np.repeat(np.array(RAVINE.start)[:, None], 5000, axis=1)
    for t in range(200):
        gradient = RAVINE.gradient(p) + NOISE * rng.standard_normal(p.shape)
        p = p - schedule(t) * gradient
    assert RAVINE.value(p).mean() == pytest.approx(losses[-1], rel=0.05)
    np.testing.assert_allclose(RAVINE.gradient(np.ones(2)), CURVATURES)


def lion(update):
    body = {"n_slots": 1, "update": update, "__module__": "answers"}
    return type("Answer", (Optimizer,), body)


def in_place(self, w, g, lr, m):
    w[...] = w - lr * np.sign(m * 0.9 + (1 - 0.9) * g)
    m[...] = 0.99 * m + (1 - 0.99) * g


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        ("06.1", [0.95, 19 / 20, np.float32(0.95), np.array([0.95])]),
        ("06.2", [0.905, 0.9053, np.array([0.90526]), np.float32(0.90526)]),
        ("06.3", [lion(in_place)]),
        (
            "06.4",
            [
                lambda lr, n: lambda t: np.interp(
                    t, [0, n / 2, n], [lr / 10, lr, lr / 10]
                ),
                lambda lr, n: lambda t: np.array(
                    [lr * max(0.1, min(0.1 + 1.8 * t / n, 1.9 - 1.8 * t / n))]
                ),
            ],
        ),
        (
            "06.5",
            [
                lambda mu, curvature: 2 * (1 + mu) / (1 + 2 * mu) / curvature,
                lambda mu, c: np.array((2 + 2 * mu) / (c + 2 * mu * c)),
            ],
        ),
        ("06.6", [(1.2, 0.45), [1.3, 0.425], np.array([1.1, 0.475])]),
        (
            "06.7",
            [
                lambda t: 1 / (t + 1),
                lambda t: np.array([2 / (t + 2)]),
                lambda t: 0.5 if t < 10 else 1 / t,
            ],
        ),
    ],
)  # fmt: skip
def test_right_answers_in_other_forms_pass(number, answers):
    for answer in answers:
        verdict = grade(number, answer)
        assert verdict.status == "correct", (number, verdict)
