"""Processes in a ring: sums, bytes, mistakes."""

import re

import numpy as np
import pytest

from dlbasics.parallel import Ring, run


def test_a_ring_adds_up_and_every_worker_gets_the_same_bits():
    def worker(ring: Ring):
        rng = np.random.default_rng(ring.rank)
        array = rng.standard_normal((5, 3)).astype(np.float32)  # 15 is odd for 2 and 3
        before = array.copy()
        total = ring.all_reduce(array)
        np.testing.assert_array_equal(array, before)
        return total, ring.rank, ring.sent

    results = run(worker, 3)
    totals, ranks, sent = zip(*results, strict=True)
    right = sum(
        np.random.default_rng(k).standard_normal((5, 3)).astype(np.float32)
        for k in range(3)
    )
    assert ranks == (0, 1, 2)
    assert totals[0].dtype == np.float32
    np.testing.assert_allclose(totals[0], right, atol=1e-6)
    for total in totals[1:]:
        np.testing.assert_array_equal(total, totals[0])
    assert sent == (80, 80, 80)  # 2 · 2/3 of 15 numbers of 4 bytes


def test_an_array_with_fewer_numbers_than_workers():
    totals = run(lambda ring: ring.all_reduce(np.float64(ring.rank + 1)), 3)
    assert [float(total) for total in totals] == [6.0, 6.0, 6.0]


def test_one_worker_stays_in_this_process():
    seen = []
    (result,) = run(lambda ring: seen.append(ring.size) or ring.all_reduce([2.0]), 1)
    assert seen == [1]
    np.testing.assert_array_equal(result, [2.0])


def test_large_arrays_do_not_block():
    n = 300_000  # more than any pipe holds
    for total in run(lambda ring: ring.all_reduce(np.ones(n)).sum(), 2):
        assert total == 2 * n


def fail(ring: Ring):
    if ring.rank == 1:
        raise KeyError("no such thing")
    return ring.all_reduce(np.ones(3))  # waits for its neighbor, who is gone


def die(ring: Ring):
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("worker", "size", "message"),
    [
        (fail, 2, "worker 1 failed: KeyError: 'no such thing'"),
        (die, 2, "failed: the process died"),
        (
            lambda ring: ring.all_reduce(np.ones(4 if ring.rank else 6)),
            2,
            "every worker must reduce arrays of the same shape",
        ),
    ],
)
def test_a_worker_that_fails_says_so_and_stops_the_others(worker, size, message):
    with pytest.raises(RuntimeError, match=re.escape(message)):
        run(worker, size)


def test_there_is_no_ring_of_nobody():
    with pytest.raises(ValueError, match="expected at least one worker, got 0"):
        run(print, 0)
