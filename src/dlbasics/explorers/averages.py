"""Chapter 06: how long an average should remember."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.averages import ewa
from dlbasics.explorers import Choice, Frame, Slider, Toggle, explorer
from dlbasics.explorers.race import share_of
from dlbasics.palette import COLORS

N_DAYS, N_SERIES, NOISE, GOAL = 120, 200, 3.0, 1.35

SERIES: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "steady": ("steady, mean 10", lambda t: 10 + 0 * t),
    "rising": ("rising, 10 to 22", lambda t: 10 + t / 10),
    "seasons": ("seasons, 10 ± 6", lambda t: 10 + 6 * np.sin(t * np.pi / 60)),
}


def series(kind: str) -> tuple[Array, Array]:
    """Return the true mean (N_DAYS,) and noisy series around it (N_DAYS, N_SERIES)."""
    mean = SERIES[kind][1](np.arange(N_DAYS))
    noise = np.random.default_rng(6).standard_normal((N_DAYS, N_SERIES))
    return mean, mean[:, None] + NOISE * noise


def typical_error(kind: str, beta: float, corrected: bool) -> float:
    """Root of the mean squared distance from the true mean, over days and series."""
    mean, x = series(kind)
    return float(np.sqrt(np.mean((ewa(x, beta, corrected=corrected).T - mean) ** 2)))


@explorer(
    title="An average with memory β",
    target=f"In the seasons, bring the typical error below {GOAL}.",
    kind=Choice(*SERIES, default="seasons", label="true mean",
                labels={key: name for key, (name, _) in SERIES.items()}),
    beta=Slider([0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99], default=0.98, label="β",
                parse=share_of),
    corrected=Toggle(label="bias correction"),
)  # fmt: skip
def averages(kind, beta, corrected) -> Frame:
    """Average a noisy series of 120 days and compare with the mean it was drawn around.

    Dots are one series, the dashed line is its true mean, the solid one the average.
    The typical error is taken over all days of 200 such series; the noise alone has 3.
    """
    mean, x = series(kind)
    average = ewa(x[:, 0], beta, corrected=corrected)
    error = typical_error(kind, beta, corrected)
    how = "with" if corrected else "without"
    return Frame(
        draw(mean, x[:, 0], average),
        f"{SERIES[kind][0]}: β = {beta:g}, a window of {1 / (1 - beta):.3g} days, "
        f"{how} bias correction: the typical error is {error:.2f}.",
        reached=bool(kind == "seasons" and error < GOAL),
    )


def draw(mean: Array, x: Array, average: Array) -> Figure:
    """Draw one series, its true mean and its average."""
    figure, days = Figure(figsize=(6.6, 2.9)), np.arange(1, N_DAYS + 1)
    room = {"left": 0.075, "right": 0.985, "bottom": 0.155, "top": 0.985}
    ax = figure.subplots(gridspec_kw=room)
    ax.plot(days, x, "o", color=COLORS["muted"], markersize=2.5, label="values")
    ax.plot(days, mean, color=COLORS["ink"], linestyle="--", linewidth=1.2,
            label="true mean")  # fmt: skip
    ax.plot(days, average, color=COLORS["blue"], label="average")
    ax.set(xlim=(0, N_DAYS + 1), ylim=(-6, 32), xlabel="day", ylabel="value")
    ax.legend(loc="upper left", ncols=3)
    return figure
