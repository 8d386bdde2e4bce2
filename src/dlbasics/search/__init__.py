"""Choosing hyperparameters: where to look, trying it out, and where to look next.

    space = {"lr": LogUniform(1e-3, 1), "width": Integers(8, 128, log=True)}
    trials = search(objective, sample(space, 20, rng=rng), path="trials.json")
    best(trials).params

spaces            what values there are: `sample` draws them, `grid` lists them
trials            what became of each, and a file to go on from
run               `search`: try candidates, many at a time, here or on a cluster
successive        `halving`: short runs for all, long runs for the best
gaussian_process  `propose`: candidates chosen by what is known so far
"""

from dlbasics.search.gaussian_process import (
    GaussianProcess,
    expected_improvement,
    propose,
)
from dlbasics.search.run import Serial, search
from dlbasics.search.spaces import Choice, Integers, LogUniform, Uniform, grid, sample
from dlbasics.search.successive import halving
from dlbasics.search.trials import Trial, best, best_so_far

__all__ = [
    "Choice",
    "GaussianProcess",
    "Integers",
    "LogUniform",
    "Serial",
    "Trial",
    "Uniform",
    "best",
    "best_so_far",
    "expected_improvement",
    "grid",
    "halving",
    "propose",
    "sample",
    "search",
]
