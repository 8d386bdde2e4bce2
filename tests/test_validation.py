"""Splits: who judges, who learns, and that nobody does both."""

import re

import numpy as np
import pytest
from examples import rng

from dlbasics.validation import (
    chronological,
    grouped_k_fold,
    hold_out,
    iterated_k_fold,
    k_fold,
)


def assert_split(split, n):
    train, held = split
    assert sorted([*train, *held]) == [*range(n)]
    assert len(held)
    assert len(train)


@pytest.mark.parametrize(("n", "share", "n_held"), [(10, 0.2, 2), (398, 0.2, 80)])
def test_hold_out(n, share, n_held):
    split = hold_out(n, share, rng=rng())
    assert_split(split, n)
    assert len(split[1]) == n_held
    assert split[1].tolist() == hold_out(n, share, rng=rng())[1].tolist()
    assert split[1].tolist() != hold_out(n, share, rng=rng(1))[1].tolist()


def test_every_row_is_held_back_equally_often():
    count = np.zeros(20)
    for seed in range(2000):
        count[hold_out(20, 0.25, rng=rng(seed))[1]] += 1
    assert np.abs(count / 2000 - 0.25).max() < 0.05


@pytest.mark.parametrize(("n", "k"), [(10, 5), (11, 3), (7, 7)])
@pytest.mark.parametrize("random", [None, 3])
def test_k_fold_lets_each_row_judge_once(n, k, random):
    splits = list(k_fold(n, k, rng=None if random is None else rng(random)))
    assert len(splits) == k
    for split in splits:
        assert_split(split, n)
    held = [held for _, held in splits]
    assert sorted(np.concatenate(held)) == [*range(n)]
    assert {len(h) for h in held} <= {n // k, n // k + 1}


def test_without_rng_folds_are_blocks_in_order():
    held = [h.tolist() for _, h in k_fold(6, 3, rng=None)]
    assert held == [[0, 1], [2, 3], [4, 5]]


def test_iterated_k_fold_shuffles_each_time():
    splits = list(iterated_k_fold(12, 3, 4, rng=rng()))
    assert len(splits) == 12
    count = np.bincount(np.concatenate([held for _, held in splits]))
    assert count.tolist() == [4] * 12
    assert len({tuple(sorted(held)) for _, held in splits}) > 6


def test_groups_stay_together():
    groups = rng(2).integers(0, 30, size=200)
    held_groups = []
    for train, held in grouped_k_fold(groups, 4, rng=rng()):
        assert_split((train, held), 200)
        assert not set(groups[train]) & set(groups[held])
        held_groups += sorted(set(groups[held]))
    assert sorted(held_groups) == sorted(set(groups))


def test_chronological_judges_by_the_end():
    train, held = chronological(10, 0.3)
    assert train.tolist() == [*range(7)]
    assert held.tolist() == [7, 8, 9]


@pytest.mark.parametrize("share", [0, 1, 0.01, -0.2, 1.5])
@pytest.mark.parametrize("split", [hold_out, chronological])
def test_a_share_must_leave_rows_on_both_sides(split, share):
    how = {"rng": rng()} if split is hold_out else {}
    message = f"{split.__name__} expected a share that leaves rows on both sides of 10"
    with pytest.raises(ValueError, match=f"{message}, got {re.escape(str(share))}"):
        split(10, share, **how)


@pytest.mark.parametrize("k", [0, 1, 11])
def test_number_of_folds(k):
    with pytest.raises(ValueError, match=f"expected 2 <= k <= 10 rows, got k = {k}"):
        list(k_fold(10, k, rng=rng()))
    with pytest.raises(ValueError, match="expected 2 <= k <= 3 rows, got k = 4"):
        list(grouped_k_fold(np.array([0, 0, 1, 2]), 4, rng=rng()))
