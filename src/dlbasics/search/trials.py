"""What became of the candidates, and keeping it in a file."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from dlbasics.arrays import Array
from dlbasics.files import write_aside
from dlbasics.search.spaces import Candidate


@dataclass(frozen=True)
class Trial:
    """One candidate that was tried.

    `status` is "ok"; "not finite" if the objective returned NaN or infinity; or
    "failed" if it raised, with the exception in `error`. `value` is NaN unless ok.
    """

    params: Candidate
    value: float
    status: str = "ok"
    error: str = ""


def best(trials: Iterable[Trial]) -> Trial:
    """Return the trial with the smallest value, the first of equals.

    Raises
    ------
    ValueError
        If none has a value; the message says what went wrong in the first.
    """
    trials = list(trials)
    finished = [trial for trial in trials if trial.status == "ok"]
    if not finished:
        why = f"; the first: {trials[0].error or trials[0].status}" if trials else ""
        raise ValueError(f"none of {len(trials)} trials has a finite value{why}")
    return min(finished, key=lambda trial: trial.value)


def best_so_far(trials: Sequence[Trial]) -> Array:
    """Return the smallest value among the first 1, 2, … trials; NaN before any."""
    return np.fmin.accumulate([trial.value for trial in trials])


class Record:
    """The trials of one objective and one seed in a JSON file, rewritten at each.

    A candidate that the file holds is not tried again, whatever became of it.
    """

    def __init__(self, path: str | os.PathLike, objective: str, seed: int) -> None:
        self.path, self.head = Path(path), {"objective": objective, "seed": seed}
        self.trials: dict[str, Trial] = {}
        if self.path.exists():
            for trial in self.read():
                self.trials[key(trial.params)] = trial

    def read(self) -> list[Trial]:
        try:
            stored = json.loads(self.path.read_bytes())
            head = {name: stored[name] for name in self.head}
            rows = [{"value": math.nan} | row for row in stored["trials"]]
            trials = [Trial(**row) for row in rows]
        except (ValueError, KeyError, TypeError) as error:
            message = f"{self.path} is not a readable file of trials: {error}"
            raise ValueError(message) from error
        if head != self.head:
            raise ValueError(
                f"{self.path} holds trials of {head}, expected {self.head}; "
                "give another path, or delete it"
            )
        return trials

    def add(self, trial: Trial) -> None:
        self.trials[key(trial.params)] = trial
        rows = [asdict(trial) for trial in self.trials.values()]
        rows = [row if row["status"] == "ok" else without_nan(row) for row in rows]
        text = json.dumps({**self.head, "trials": rows}, indent=1, allow_nan=False)
        with write_aside(self.path) as file:
            file.write(text.encode())


def without_nan(row: dict) -> dict:
    """NaN is no JSON: a trial without a value is stored without one."""
    return {name: entry for name, entry in row.items() if name != "value"}


def key(params: Candidate) -> str:
    """Return the same text for equal candidates."""
    try:
        return json.dumps(params, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"a search with a file expected numbers, strings, True, False or None as "
            f"hyperparameters, got {params}: {error}"
        ) from None
