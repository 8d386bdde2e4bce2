"""Which rows to learn from and which to judge by.

A split is a pair of arrays of row numbers, (training, validation). Nothing here looks
at the data, so nothing can leak from one part to the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dlbasics.arrays import Array

Split = tuple[Array, Array]


def hold_out(n: int, share: float = 0.2, *, rng: np.random.Generator) -> Split:
    """Shuffle n rows and hold a share of them back: one split."""
    order, n_held = rng.permutation(n), round(share * n)
    if not 0 < n_held < n:
        raise ValueError(
            f"hold_out expected a share that leaves rows on both sides of {n}, "
            f"got {share}"
        )
    return order[n_held:], order[:n_held]


def k_fold(n: int, k: int, *, rng: np.random.Generator | None) -> Iterator[Split]:
    """Yield k splits of n rows in which every row is held back exactly once.

    With `rng=None` the rows are not shuffled: fold 0 is the first n/k of them, and so
    on. Folds differ in size by at most one row.
    """
    if not 2 <= k <= n:
        raise ValueError(f"k_fold expected 2 <= k <= {n} rows, got k = {k}")
    order = np.arange(n) if rng is None else rng.permutation(n)
    folds = np.array_split(order, k)
    for i, held in enumerate(folds):
        yield np.concatenate(folds[:i] + folds[i + 1 :]), held


def iterated_k_fold(
    n: int, k: int, repeats: int, *, rng: np.random.Generator
) -> Iterator[Split]:
    """Yield the k splits of `k_fold` again and again, each time shuffled anew."""
    for _ in range(repeats):
        yield from k_fold(n, k, rng=rng)


def grouped_k_fold(
    groups: Array, k: int, *, rng: np.random.Generator
) -> Iterator[Split]:
    """Yield k splits in which rows of one group are never on both sides.

    groups : (N,) numbers; equal numbers belong together, such as images of one writer.
    """
    names = np.unique(groups)
    for _, held in k_fold(len(names), k, rng=rng):
        inside = np.isin(groups, names[held])
        yield np.flatnonzero(~inside), np.flatnonzero(inside)


def chronological(n: int, share: float = 0.2) -> Split:
    """Hold back the last share of n rows that stand in order of time: one split."""
    n_held = round(share * n)
    if not 0 < n_held < n:
        raise ValueError(
            f"chronological expected a share that leaves rows on both sides of {n}, "
            f"got {share}"
        )
    return np.arange(n - n_held), np.arange(n - n_held, n)
