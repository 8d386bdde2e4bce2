"""Successive halving: most candidates show early that they will not win."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dlbasics.search.run import Objective, search, workers
from dlbasics.search.spaces import Candidate
from dlbasics.search.trials import Trial


def halving(
    objective: Objective,
    candidates: Sequence[Candidate],
    *,
    budget: str,
    rungs: Sequence[int],
    keep: float = 1 / 3,
    executor=None,
    **how,
) -> list[Trial]:
    """Try all candidates with a small budget, and the best share again with a larger.

    Parameters
    ----------
    budget : the name under which the objective is given its budget, such as "epochs".
    rungs : the budgets, growing: with [1, 3, 9] and keep = 1/3 every rung costs as
        much as the one before.
    keep : the share of candidates that reach the next rung, rounded up.
    executor, how : as for `search`, which does each rung.

    Returns
    -------
    the trials of all rungs in order; each has its budget among its parameters.

    Source: Jamieson and Talwalkar (2016), arXiv 1502.07943.
    """
    if not rungs or list(rungs) != sorted(set(rungs)):
        raise ValueError(f"halving expected budgets that grow, got {list(rungs)}")
    if not 0 < keep < 1:
        raise ValueError(f"halving expected a share keep between 0 and 1, got {keep}")
    trials: list[Trial] = []
    with workers(executor, candidates) as pool:
        for rung in rungs:
            here = [{**candidate, budget: rung} for candidate in candidates]
            ended = search(objective, here, executor=pool, **how)
            trials += ended
            ranked = sorted(
                (trial for trial in ended if trial.status == "ok"),
                key=lambda trial: trial.value,
            )
            if not ranked:
                break
            n_kept = math.ceil(keep * len(ended) - 1e-9)
            candidates = [trial.params for trial in ranked[:n_kept]]
    return trials
