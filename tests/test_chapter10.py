"""What the prose of chapter 10 says its explorer and its package show."""

from __future__ import annotations

import numpy as np
import pytest

from dlbasics.exercises import grade
from dlbasics.explorers.searching import GOAL, searches, searching
from dlbasics.landscape import DECAYS, RATES, grid_of_errors
from dlbasics.search import best, best_so_far


def worst(method, budget, rates="all", decays="all", scale="logarithmic") -> float:
    runs = searches(method, budget, rates, decays, scale)
    return max(best(trials).value for trials in runs)


def reached(**state) -> bool:
    return bool(searching(**state).reached)


def test_the_default_misses_the_target():
    assert not reached()
    assert worst("random", 16) > 0.19


def test_a_finer_grid_does_worse():
    assert worst("grid", 16) == pytest.approx(0.162, abs=5e-4)
    assert worst("grid", 36) == pytest.approx(0.179, abs=5e-4)


def test_only_the_range_of_the_rate_helps_the_dice():
    assert reached(method="random", rates="large")
    assert worst("random", 16, rates="large") <= 0.162
    assert not reached(method="random", decays="small")
    for method in ("grid", "random", "Bayesian"):
        for decays in ("all", "small"):
            for scale in ("logarithmic", "even"):
                assert worst(method, 36, "small", decays, scale) > GOAL + 0.01


def test_even_steps_spoil_the_penalty():
    assert worst("random", 36, scale="even") > 0.89
    assert worst("random", 16, decays="small", scale="even") < 0.19
    drawn = searches("random", 36, "all", "all", "even")
    decays = [trial.params["decay"] for trials in drawn for trial in trials]
    assert np.mean(np.array(decays) > 1) == pytest.approx(0.9, abs=0.05)
    assert grid_of_errors()[1][:, DECAYS > 0.99].min() > 0.48
    useless = grid_of_errors()[1][:, DECAYS > 3]
    assert useless.min() > 0.55


def test_nine_trials_are_enough_for_the_gaussian_process_alone():
    good = {
        (s["rates"], s["decays"], s["scale"])
        for s in searching.combinations()
        if s["budget"] == 9 and s["method"] == "Bayesian" and reached(**s)
    }
    assert ("all", "all", "logarithmic") in good
    assert ("large", "small", "logarithmic") in good
    for rates, decays, n_missed in (("large", "all", 1), ("all", "small", 3)):
        runs = searches("Bayesian", 9, rates, decays, "logarithmic")
        assert sum(best(trials).value > GOAL for trials in runs) == n_missed
    for s in searching.combinations():
        if s["budget"] == 9 and s["method"] != "Bayesian":
            assert not reached(**s)


def test_more_than_sixteen_trials_do_not_count():
    assert worst("Bayesian", 25) <= GOAL
    assert not reached(method="Bayesian", budget=25)


def test_the_map_has_the_shape_that_the_prose_describes():
    error = grid_of_errors()[1]
    small = error[:, DECAYS <= 1e-2]
    steady = (RATES > 0.002) & (RATES < 0.3)
    spread = np.ptp(small[steady], axis=1)
    assert spread.max() < 0.03  # lines of equal error are vertical
    assert np.ptp(small[steady].mean(axis=1)) > 0.5
    valley = RATES[(error[:, DECAYS <= 1e-3] < 0.2).all(axis=1)]
    assert 0.06 < valley.min() < 0.12
    assert 0.3 < valley.max() < 1


def test_best_so_far_is_what_is_drawn():
    trials = searches("random", 9, "all", "all", "logarithmic")[0]
    curve = best_so_far(trials)
    assert (np.diff(curve) <= 0).all()
    assert curve[-1] == best(trials).value
    state = {"method": "random", "budget": 9}
    assert f"{worst('random', 9):.1%}" in searching(**state).description


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        ("10.1", [3800, 3800.0, np.array([3800]), 3801]),
        ("10.2", [(0.6, 0.75, 0.667), [0.6, 0.75, 2 / 3], np.array([0.6, 0.75, 0.67])]),
        (
            "10.3",
            [
                lambda n, k: [
                    ([*range(b[0])], b.tolist())
                    for b in np.array_split(np.arange(n), k + 1)[1:]
                ],
                lambda n, k: (
                    (np.arange(b[0])[::-1], b[::-1])
                    for b in np.array_split(np.arange(n), k + 1)[1:]
                ),
            ],
        ),
        ("10.4", [59, 59.0, np.int64(59)]),
        ("10.5", [100, 110, 90, np.int64(100), 100.0]),
        (
            "10.6",
            [
                lambda m, s, least: [
                    _phi((least - a) / b) for a, b in zip(m, s, strict=True)
                ],
                lambda m, s, least: 1 - np.array([_phi(v) for v in (m - least) / s]),
            ],
        ),
        (
            "10.7",
            [
                lambda z, t: list(_left_out(z, t, np.linalg.pinv(z))),
                lambda z, t: _left_out(z, t, np.linalg.solve(z.T @ z, z.T)),
            ],
        ),
    ],
)
def test_right_answers_in_other_forms_pass(number, answers):
    for answer in answers:
        verdict = grade(number, answer)
        assert verdict.status == "correct", (number, verdict)


def _phi(u: float) -> float:
    z = np.linspace(-12, u, 200_001)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return float(np.trapezoid(density, z))


def _left_out(z, t, inverse):
    hat = z @ inverse
    return (t - hat @ t) / (1 - np.diag(hat))
