"""Chapter 10: searching two hyperparameters with a budget, in a range."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.landscape import stored_error
from dlbasics.palette import COLORS
from dlbasics.plotting.looks import look
from dlbasics.plotting.selection import log_contours, tried
from dlbasics.search import (
    LogUniform,
    Trial,
    Uniform,
    best_so_far,
    grid,
    propose,
    sample,
)

GOAL, BUDGET, N_RUNS = 0.165, 16, 5
RATES, DECAYS = (1e-3, 10**0.5), (1e-5, 10.0)
WHOLE = {"lr": LogUniform(*RATES), "decay": LogUniform(*DECAYS)}
LEVELS = (0.17, 0.2, 0.3, 0.5, 0.8)
RANGES = {
    "all": (RATES, "0.001 to 3.2"),
    "small": ((1e-3, 0.1), "0.001 to 0.1"),
    "large": ((0.1, RATES[1]), "0.1 to 3.2"),
}
PENALTIES = {"all": (DECAYS, "0.00001 to 10"), "small": ((1e-5, 1e-2), "up to 0.01")}
METHODS = {"grid": "grid", "random": "random", "Bayesian": "Bayesian"}


@explorer(
    title="Searching for a learning rate and a penalty",
    target=f"With at most {BUDGET} trials, bring all five runs to an error of "
    f"{GOAL:.1%} or less.",
    method=Choice(*METHODS, default="random"),
    budget=Slider([4, 9, 16, 25, 36], default=16, label="trials"),
    rates=Choice(
        *RANGES,
        label="range of the rate",
        labels={key: text for key, (_, text) in RANGES.items()},
    ),
    decays=Choice(
        *PENALTIES,
        label="range of λ",
        labels={key: text for key, (_, text) in PENALTIES.items()},
    ),
    scale=Choice("logarithmic", "even", label="steps"),
)
def searching(method, budget, rates, decays, scale) -> Frame:
    """Search for the rate and the L2 penalty of a network with 32 hidden units.

    It learns 1000 digits for three epochs; the error is the share it gets wrong of
    1000 others, looked up in a table of 4,350 real trainings: 29 rates, 25 penalties,
    1, 3 and 9 epochs, two seeds. Left, where the first of five runs has looked, over
    lines of equal error. Right, the smallest error so far of all five, and the goal.
    A grid has no luck, so its runs are one.
    """
    runs = [
        trials[:budget] for trials in searches(method, budget, rates, decays, scale)
    ]
    curves = np.array([best_so_far(trials) for trials in runs])
    ends = curves[:, -1]
    panels = {"left": 0.1, "right": 0.99, "bottom": 0.15, "top": 0.92, "wspace": 0.12}
    figure = Figure(figsize=(6.8, 3.0))
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1), gridspec_kw=panels)
    draw_map(left, runs[0], method)
    draw_race(right, curves, method)
    start = f"{METHODS[method]} search, {budget} trials".capitalize()
    found = (
        f"its smallest error is {ends[0]:.1%}"
        if method == "grid"
        else f"the smallest errors of five runs lie between {ends.min():.1%} and "
        f"{ends.max():.1%}"
    )
    where = f"rates {RANGES[rates][1]}, λ {PENALTIES[decays][1]}, {scale} steps"
    reached = bool(budget <= BUDGET and ends.max() <= GOAL)
    return Frame(figure, f"{start}, {where}: {found}.", reached=reached)


@cache
def searches(method: str, budget: int, rates: str, decays: str, scale: str):
    """Return the trials of each run; all but the grid's are prefixes of longer ones."""
    kind = LogUniform if scale == "logarithmic" else Uniform
    space = {"lr": kind(*RANGES[rates][0]), "decay": kind(*PENALTIES[decays][0])}
    if method == "grid":
        return [try_all(grid(space, round(budget**0.5)))]
    runs = []
    for seed in range(N_RUNS):
        rng = np.random.default_rng(seed)
        if method == "random":
            runs.append(try_all(sample(space, budget, rng=rng)))
            continue
        trials = try_all(sample(space, 4, rng=rng))
        while len(trials) < budget:
            trials += try_all(propose(trials, space, 1, rng=rng, n_random=300))
        runs.append(trials)
    return runs


def try_all(candidates) -> list[Trial]:
    return [Trial(candidate, stored_error(**candidate)) for candidate in candidates]


def draw_map(ax: Axes, trials: list[Trial], method: str) -> None:
    """Draw where one run has looked, over lines of equal error."""
    log_contours(stored_error, WHOLE, levels=LEVELS, ax=ax, shape=(40, 32))
    lr, decay = (np.array([t.params[k] for t in trials]) for k in ("lr", "decay"))
    tried(lr, decay, np.array([t.value for t in trials]), ax=ax, name=method)
    ax.set_title("lines: share wrong   ★ best", color=COLORS["muted"])
    ax.set(xlabel="learning rate", ylabel="penalty λ")
    ax.set_xticks([1e-3, 1e-2, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
    ax.set_yticks([1e-5, 1e-3, 0.1, 10], ["10⁻⁵", "0.001", "0.1", "10"])
    ax.minorticks_off()


def draw_race(ax: Axes, curves: Array, method: str) -> None:
    """Draw the smallest error so far of every run, in percent."""
    style = look(method) | {"marker": "", "linewidth": 1.2}
    for curve in curves:
        steps = np.arange(1, len(curve) + 1)
        ax.plot(steps, 100 * curve, drawstyle="steps-post", **style)
    ends = np.full(len(curves), curves.shape[1])
    ax.plot(ends, 100 * curves[:, -1], look(method)["marker"], color=style["color"])
    ax.axhline(100 * GOAL, color=COLORS["green"], linewidth=1.2, linestyle="--")
    ax.axvline(BUDGET, color=COLORS["green"], linewidth=1.2, linestyle="--")
    ax.set(xlim=(0.5, 37), ylim=(15, 40), xlabel="trial")
    ax.set_title("smallest error so far (%)", color=COLORS["muted"])
