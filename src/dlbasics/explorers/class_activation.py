"""Chapter 11: which part of an image speaks for which class, after Zhou et al."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.explorers.softmax import percent
from dlbasics.functions import softmax
from dlbasics.models import capture
from dlbasics.palette import COLORS
from dlbasics.plotting.windows import evidence
from dlbasics.pretrained import load_pretrained

PICTURES = {"7": 0, "4": 4, "9": 7, "3": 18, "another 7": 1226, "another 9": 359}
# the two others: its surest errors among the 7s and 9s of the first 2,000


@cache
def opinions(picture: str) -> tuple[Array, Array, Array]:
    """Return the image (28, 28), the evidence (14, 14, 10), and the logits (10,)."""
    k = PICTURES[picture]
    x = load_mnist(n_train=0, n_test=k + 1, flat=False).x_test[k:]
    model = load_pretrained("mnist_gap")
    with capture(model) as seen:
        logits = model.forward(x)[0]
    return x[0, ..., 0], seen["relu3"][0] @ model.params["dense1.W"], logits


@explorer(
    title="What speaks for a class, and where",
    target="Find an image and a class that is not the right one but gets more than "
    "half.",
    picture=Choice(*PICTURES, label="test image"),
    k=Slider([*range(10)], default=7, label="class"),
)
def class_activation(picture, k) -> Frame:
    """Draw the evidence for one class at each place of an image.

    Left, blue speaks for the class and orange against it, under the outline of the
    digit; the mean over all places, plus a bias, is the logit. All classes of an image
    have one scale. Right, the probabilities; the class on the left is hatched.
    """
    x, maps, logits = opinions(picture)
    p, heat = softmax(logits), maps[..., k]
    says, name = int(p.argmax()), f"The {picture}".replace("The another", "Another")
    text = (
        f"{name}, evidence for {k}: {heat.mean():.1f} in "
        f"the mean over 14 × 14 places, from {heat.min():.0f} to {heat.max():.0f}; "
        f"probability {percent(p[k])}. The network says {says}."
    ).replace("-", "−")
    right = int(picture[-1])
    reached = bool(k != right and p[k] > 0.5)
    figure = draw(x, heat, np.abs(maps).max(), p, k)
    return Frame(figure, text, reached=reached)


def draw(x: Array, heat: Array, limit: float, p: Array, k: int) -> Figure:
    """Draw the evidence on the left, the probabilities on the right."""
    figure = Figure(figsize=(6.6, 3.0))
    room = {"left": 0.02, "right": 0.98, "bottom": 0.16, "top": 0.9, "wspace": 0.2}
    left, bars = figure.subplots(1, 2, width_ratios=(1, 1.6), gridspec_kw=room)
    evidence(x, heat, ax=left, limit=limit, title=f"evidence for {k}")
    probabilities(p, k, ax=bars)
    return figure


def probabilities(p: Array, k: int, *, ax: Axes) -> None:
    """Draw a bar for each class, the k-th hatched."""
    look = {"color": COLORS["blue"], "edgecolor": COLORS["paper"]}
    for j, share in enumerate(p.round(3)):
        ax.bar(j, share, 0.8, hatch="//" if j == k else "", **look)
    ax.set_xticks(range(10))
    ax.set(ylim=(0, 1), xlabel="class", ylabel="probability")
