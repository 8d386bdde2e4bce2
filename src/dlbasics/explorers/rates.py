"""Chapter 06: learning rates over time, and what they do where gradients are noisy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.explorers import Choice, Frame, Slider, Toggle, explorer, positive
from dlbasics.explorers.descent import number
from dlbasics.functions import RAVINE
from dlbasics.palette import COLORS
from dlbasics.schedules import (
    Constant,
    Cosine,
    Exponential,
    InverseSqrt,
    InverseTime,
    ReduceOnPlateau,
    Schedule,
    Staircase,
    WarmUp,
)

CURVATURES = np.array([0.1, 2.0])  # of the ravine
NOISE = 1.0  # standard deviation of each entry of the gradient
GOAL, N_GOAL, LOOKS = 0.045, 200, 20

KINDS: dict[str, tuple[str, Callable[[float, float, int], Schedule]]] = {
    "constant": ("constant", lambda lr, share, n: Constant(lr)),
    "inverse": (
        "1/(1 + kt)",
        lambda lr, share, n: InverseTime(lr, (1 / share - 1) / n),
    ),
    "exponential": (
        "exponential",
        lambda lr, share, n: Exponential(lr, share ** (1 / n)),
    ),
    "sqrt": ("k/√t", lambda lr, share, n: InverseSqrt(lr)),
    "staircase": (
        "staircase",
        lambda lr, share, n: Staircase(lr, share ** (1 / 3), n // 4),
    ),
    "cosine": ("cosine", lambda lr, share, n: Cosine(lr, n, share * lr)),
    "plateau": (
        "on a plateau",
        lambda lr, share, n: ReduceOnPlateau(lr, share ** (1 / 3), 0, threshold=0.1),
    ),
}


def expected(schedule: Schedule, n_steps: int) -> tuple[Array, Array]:
    """Return the rates, and the expected height above the minimum after each update.

    Each coordinate x of curvature λ becomes (1 - ηλ) x - η · noise. The noise has mean
    0 and variance s², so that E[x²] becomes (1 - ηλ)² E[x²] + η² s², exactly.
    """
    squares = np.square(RAVINE.start)
    rates, losses = np.empty(n_steps), np.empty(n_steps)
    watched = getattr(schedule, "schedule", schedule)
    for t in range(n_steps):
        rates[t] = lr = schedule(t)
        with np.errstate(over="ignore"):
            squares = np.square(1 - lr * CURVATURES) * squares + np.square(lr * NOISE)
        squares = np.minimum(squares, 1e100)
        losses[t] = CURVATURES @ squares / 2
        if isinstance(watched, ReduceOnPlateau) and (t + 1) % (n_steps // LOOKS) == 0:
            watched.observe(float(losses[t]))
    return rates, losses


@explorer(
    title="Schedules, and what they do in a noisy ravine",
    target=f"In {N_GOAL} updates, end at an expected height below {GOAL}.",
    kind=Choice(
        *KINDS, label="schedule", labels={key: name for key, (name, _) in KINDS.items()}
    ),
    lr=Slider([0.1, 0.2, 0.4, 0.8], default=0.2, label="first rate", parse=positive),
    share=Slider(
        [0.3, 0.1, 0.01], default=0.1, label="share of it that is left at the end"
    ),
    n_steps=Choice(200, 1000, label="updates"),
    warm_up=Toggle(label="warm-up over the first tenth"),
)
def schedule_drawer(kind, lr, share, n_steps, warm_up) -> Frame:
    """Draw a schedule, and the expected height above the minimum that it leads to.

    The surface is the ravine x²/20 + y² from (−7, 2); each entry of the gradient has
    noise of standard deviation 1, and the mean over all noise is computed exactly.
    Constant and k/√t have nothing to say about the share; on a plateau, the rate
    falls by its cube root whenever a twentieth of the updates gains less than 10 %.
    """
    name, build = KINDS[kind]
    schedule = build(lr, share, n_steps)
    schedule = WarmUp(schedule, n_steps // 10) if warm_up else schedule
    rates, losses = expected(schedule, n_steps)
    how = " after a warm-up" if warm_up else ""
    return Frame(
        draw(rates, losses),
        f"{name}{how}, {n_steps} updates: the rate goes from {number(rates[0])} to "
        f"{number(rates[-1])}, and the expected height ends at {number(losses[-1])}; "
        f"its least was {number(losses.min())} at update {losses.argmin() + 1}.",
        reached=bool(n_steps == N_GOAL and losses[-1] < GOAL),
    )


def draw(rates: Array, losses: Array) -> Figure:
    """Draw the rate on the left and the expected height on the right."""
    figure = Figure(figsize=(6.8, 2.7))
    panels = {"left": 0.07, "right": 0.985, "bottom": 0.17, "top": 0.9, "wspace": 0.25}
    left, right = figure.subplots(1, 2, gridspec_kw=panels)
    pick = np.unique(np.linspace(0, len(rates) - 1, 101).astype(int))
    left.plot(pick + 1, rates[pick], color=COLORS["blue"])
    left.set(ylim=(0, 1.08 * rates.max()), xlabel="update")
    left.set_title("learning rate", color=COLORS["muted"])
    right.semilogy(pick + 1, losses[pick], color=COLORS["orange"])
    right.axhline(GOAL, color=COLORS["green"], linewidth=1.2, linestyle="--")
    right.set(ylim=(0.004, max(10.0, 2 * losses.max())), xlabel="update")
    right.set_title("expected height above the minimum", color=COLORS["muted"])
    ticks = {0.01: "0.01", GOAL: f"{GOAL}", 0.1: "", 1.0: "1", 10.0: "10"}
    right.set_yticks([*ticks], ticks.values())
    right.get_yticklabels()[1].set(color=COLORS["green"], weight="bold")
    right.minorticks_off()
    return figure
