"""Chapter 03: from scores to shares, with a temperature."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from dlbasics import functions
from dlbasics.explorers import Choice, Frame, Slider, explorer, positive
from dlbasics.palette import COLORS, DATA

SCORES = {
    "even steps": (2.0, 1.0, 0.0),
    "narrow lead": (2.0, 1.9, 0.0),
    "tie": (2.0, 2.0, 0.0),
    "all + 1000": (1002.0, 1001.0, 1000.0),
}
HATCHES = ("", "//", "..")


@explorer(
    title="Softmax with a temperature",
    target="Make the softmax at least 99 % sure of class 0 when its lead is narrow.",
    scores=Choice(
        *SCORES,
        labels={
            name: f"{', '.join(f'{s:g}' for s in scores)} ({name})"
            for name, scores in SCORES.items()
        },
    ),
    temperature=Slider(
        [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0],
        default=1.0,
        label="temperature T",
        parse=positive,
    ),
)
def softmax_temperature(scores, temperature) -> Frame:
    """Divide three scores by a temperature and turn them into shares.

    p = softmax(z / T). The line marks the even share of 1/3, where the bars go as T
    grows; as T falls to 0 the largest score takes everything.
    """
    z = np.array(SCORES[scores])
    p = functions.softmax(z / temperature)
    figure = Figure(figsize=(7.0, 2.6))
    ax = figure.subplots(
        gridspec_kw={"left": 0.16, "right": 0.87, "bottom": 0.19, "top": 0.97}
    )
    for k, (share, hatch) in enumerate(zip(p, HATCHES, strict=True)):
        color = COLORS[DATA[k]]
        ax.barh(k, share, 0.62, color=color, hatch=hatch, edgecolor=COLORS["paper"])
        ax.text(1.02, k, percent(share), va="center", color=color, weight="bold")
    ax.axvline(1 / 3, color=COLORS["muted"], linewidth=1, linestyle="--")
    ax.text(0.34, -0.42, "1/3", color=COLORS["muted"], size="small", va="bottom")
    names = [f"class {k}\nscore {score:g}" for k, score in enumerate(z)]
    ax.set_yticks(range(len(z)), names)
    ax.set(ylim=(len(z) - 0.5, -0.5), xlim=(0, 1), xlabel="share, softmax(z / T)")
    return Frame(
        figure,
        f"Scores {', '.join(f'{s:g}' for s in z)} at temperature {temperature:g}: "
        f"the shares are {', '.join(percent(share) for share in p)}.",
        reached=bool(scores == "narrow lead" and p[0] >= 0.99),
    )


def percent(share: float) -> str:
    """Write a share; one below 0.05 % or above 99.95 % is never rounded to 0 or 100."""
    if share >= 0.9995:
        return "> 99.9 %"
    return "< 0.1 %" if share < 0.0005 else f"{100 * share:.1f} %"
