"""The Gaussian process against its definition, and what it is worth in a search."""

import math

import numpy as np
import pytest
from examples import rng

from dlbasics.search import (
    Choice,
    GaussianProcess,
    LogUniform,
    Serial,
    Trial,
    Uniform,
    best,
    expected_improvement,
    propose,
    sample,
    search,
)
from dlbasics.search.gaussian_process import fit_best


def looks(n=7, d=2):
    x = rng().random((n, d))
    return x, np.sin(5 * x[:, 0]) + x[:, -1] ** 2


def test_prediction_is_the_conditional_normal_distribution():
    """Condition the joint distribution of looks and questions by its definition."""
    (x, y), asked = looks(), rng().random((4, 2)) + 0.1
    process = GaussianProcess(length=0.4, noise=0.2).fit(x, y)
    z = (y - y.mean()) / y.std()

    def k(a, b):
        return math.exp(-sum((a - b) ** 2) / (2 * 0.4**2))

    both = np.vstack([asked, x])
    joint = np.array([[k(a, b) for b in both] for a in both])
    joint[4:, 4:] += 0.2**2 * np.eye(7)
    gain = joint[:4, 4:] @ np.linalg.inv(joint[4:, 4:])
    mean, std = process.predict(asked)
    assert mean == pytest.approx(y.mean() + y.std() * (gain @ z), abs=1e-10)
    var = np.diag(joint[:4, :4] - gain @ joint[4:, :4])
    assert std == pytest.approx(y.std() * np.sqrt(var), abs=1e-10)

    sign, log_det = np.linalg.slogdet(2 * math.pi * joint[4:, 4:])
    exponent = z @ np.linalg.inv(joint[4:, 4:]) @ z
    assert sign == 1
    assert process.log_likelihood == pytest.approx(-(exponent + log_det) / 2)


def test_little_noise_goes_through_the_looks_and_far_away_nothing_is_known():
    x, y = looks(d=1)
    process = GaussianProcess(length=0.1, noise=1e-4).fit(x, y)
    mean, std = process.predict(x)
    assert mean == pytest.approx(y, abs=1e-3)
    assert std.max() < 1e-3
    mean, std = process.predict(np.array([[9.0]]))
    assert mean[0] == pytest.approx(y.mean())
    assert std[0] == pytest.approx(y.std())


def test_likelihood_chooses_the_length_that_made_the_data():
    x = np.linspace(0, 1, 40)[:, None]
    hidden = GaussianProcess(length=0.2)
    root = np.linalg.cholesky(hidden.covariance(x, x) + 1e-4 * np.eye(40))
    chosen = []
    for seed in range(12):
        y = root @ np.random.default_rng(seed).standard_normal(40)
        chosen.append(fit_best(x, y).length)
    assert np.median(chosen) == 0.2
    assert {0.1, 0.2, 0.3} >= set(chosen)


def test_equal_values_are_no_division_by_zero():
    process = GaussianProcess().fit(np.array([[0.2], [0.7]]), np.array([3.0, 3.0]))
    assert process.predict(np.array([[0.5]]))[0] == pytest.approx([3])


@pytest.mark.parametrize("mean", [-0.5, 0.2, 1.5])
def test_expected_improvement_is_the_mean_of_what_is_gained(mean):
    drawn = mean + 0.7 * np.random.default_rng(0).standard_normal(400_000)
    gained = np.maximum(0.2 - drawn, 0).mean()
    (found,) = expected_improvement(np.array([mean]), np.array([0.7]), 0.2)
    assert found == pytest.approx(gained, abs=0.004)


def test_expected_improvement_without_doubt_is_the_improvement():
    found = expected_improvement(np.array([0.5, 2.0]), np.zeros(2), 1.0)
    assert found == pytest.approx([0.5, 0])


SPACE = {"lr": LogUniform(1e-4, 1), "decay": Uniform(0, 1)}


def valley(*, lr, decay, rng):
    return (math.log10(lr) + 1.3) ** 2 + 3 * (decay - 0.6) ** 2


def test_proposals_find_a_smooth_minimum_faster_than_chance():
    gained = []
    for seed in range(5):
        draw = np.random.default_rng(seed)
        trials = search(valley, sample(SPACE, 6, rng=draw), executor=Serial())
        for _ in range(7):
            candidates = propose(trials, SPACE, 2, rng=draw)
            trials += search(valley, candidates, executor=Serial())
        chance = search(valley, sample(SPACE, 20, rng=draw), executor=Serial())
        gained.append(best(chance).value / best(trials).value)
    assert np.median(gained) > 5
    assert min(gained) > 1


def test_proposals_at_one_time_differ_and_are_repeatable():
    trials = search(valley, sample(SPACE, 6, rng=rng()), executor=Serial())
    four = propose(trials, SPACE, 4, rng=np.random.default_rng(1))
    assert len({candidate["lr"] for candidate in four}) == 4
    spread = np.ptp([candidate["decay"] for candidate in four])
    assert spread > 0.01, "four times the same place"
    assert four == propose(trials, SPACE, 4, rng=np.random.default_rng(1))


def test_proposals_avoid_where_trials_fail():
    space = {"x": Uniform(0, 1)}
    values = [Trial({"x": x}, 1 - x) for x in (0.0, 0.1, 0.2, 0.3, 0.4)]
    bad = [Trial({"x": x}, math.nan, "failed") for x in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)]
    (good,) = propose(values, space, rng=rng())
    assert good["x"] > 0.45, "the slope promises more beyond what was seen"
    (careful,) = propose(values + bad, space, rng=rng())
    assert careful["x"] < 0.5


def test_without_two_values_proposals_are_random():
    space = {"x": Uniform(0, 1)}
    failed = [Trial({"x": 0.5}, math.nan, "failed")] * 3
    for trials in ([], failed, [Trial({"x": 0.5}, 1.0)]):
        assert propose(trials, space, 2, rng=rng()) == sample(space, 2, rng=rng())


def test_choices_are_proposed_by_what_they_brought():
    space = {"kind": Choice("a", "b", "c"), "x": Uniform(0, 1)}

    def objective(*, kind, x, rng):
        return {"a": 1.0, "b": 0.0, "c": 2.0}[kind] + 0.1 * x

    trials = search(objective, sample(space, 12, rng=rng()), executor=Serial())
    chosen = propose(trials, space, 4, rng=rng())
    assert [candidate["kind"] for candidate in chosen].count("b") >= 3
