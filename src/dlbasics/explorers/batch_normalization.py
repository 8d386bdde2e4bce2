"""Chapter 08: four numbers normalized, and one image in changing company."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.explorers import Choice, Frame, Slider, Toggle, explorer
from dlbasics.layers import BatchNorm
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential, mlp
from dlbasics.optimizers import SGD
from dlbasics.palette import COLORS, DATA
from dlbasics.training import predict, train

FIRST_THREE = 1.0, 3.0, 5.0
NEAR = 0.1  # how close to its input an output must be
MARKERS = "osDv"
STAGES = "x\nthe batch", "x̂\nnormalized", "y = γ x̂ + β"
LOW, HIGH = -6.0, 10.0  # of the axis; beyond them a point sits at the edge
GAP = 0.95  # between two numbers, so that both can be read


@explorer(
    title="A batch of four numbers, normalized",
    target="Make the layer undo itself: every output within 0.1 of its input.",
    fourth=Slider([-30.0, -1.0, 3.0, 7.0, 15.0, 30.0], default=7.0, label="fourth x"),
    gamma=Slider(
        [0.0, 0.5, 1.0, math.sqrt(2), math.sqrt(5), 3.0, 4.0],
        default=1.0,
        label="scale γ",
        labels={math.sqrt(2): "1.41 = √2", math.sqrt(5): "2.24 = √5"},
    ),
    beta=Slider([-2.0, 0.0, 1.0, 2.0, 3.0, 4.0], default=0.0, label="shift β"),
    eps=Choice(1e-5, 4.0, 100.0, label="ε", labels={1e-5: "0.00001"}),
)
def normalized_batch(fourth, gamma, beta, eps) -> Frame:
    """Send one feature of four samples through batch normalization in training mode.

    The batch is 1, 3, 5 and a fourth number. Left the inputs with their mean μ and
    standard deviation σ, in the middle (x - μ) / √(σ² + ε), right γ times that plus β.
    A line is a sample. Points below -6 or above 10 sit at the edge, with their value.
    """
    x = np.array([*FIRST_THREE, fourth])
    layer = BatchNorm(1, eps=eps, dtype=np.float64)
    x_hat = layer.forward(x[:, None], training=True)[:, 0]
    layer.params["gamma"][:], layer.params["beta"][:] = gamma, beta
    y = layer.forward(x[:, None], training=True)[:, 0]
    figure = Figure(figsize=(6.8, 3.4))
    ax = figure.subplots(
        gridspec_kw={"left": 0.1, "right": 0.9, "bottom": 0.15, "top": 0.93}
    )
    table = np.stack([x, x_hat, y])
    shown = np.clip(table, LOW, HIGH)
    for k in range(4):
        look = {"color": COLORS[DATA[k]], "marker": MARKERS[k], "clip_on": False}
        ax.plot(range(3), shown[:, k], **look)
    for stage, side, align in ((0, -0.05, "right"), (2, 0.05, "left")):
        for k, height in enumerate(apart(shown[stage])):
            number = f"{table[stage, k]:.3g}".replace("-", "−")
            style = {"color": COLORS[DATA[k]], "va": "center", "ha": align}
            ax.text(stage + side, height, number, **style)
    for level in (-1, 0, 1):
        ax.plot([0.9, 1.1], [level, level], color=COLORS["muted"], linewidth=0.8)
    ax.set_xticks(range(3), STAGES)
    ax.tick_params("x", length=0)
    ax.set(xlim=(-0.25, 2.25), ylim=(LOW, HIGH), ylabel="value")
    off = float(np.abs(y - x).max())
    says = ", ".join(f"{v:.2f}".replace("-", "−") for v in y)
    return Frame(
        figure,
        f"Batch 1, 3, 5, {fourth:g}: mean {x.mean():.2f}, standard deviation "
        f"{x.std():.2f}. Normalized with ε = {eps:g}, then γ = {gamma:.3g}, β = "
        f"{beta:g}: the outputs are {says}, at most {off:.2f} from their inputs.",
        reached=off <= NEAR,
    )


def apart(heights: Array) -> Array:
    """Move heights that are too close to each other until all can be read."""
    order, moved = np.argsort(heights, kind="stable"), heights.astype(float)
    for low, high in pairwise(order):
        moved[high] = max(moved[high], moved[low] + GAP)
    return moved + (heights - moved).mean()


class Trained(NamedTuple):
    """A network with batch normalization, and images that it never saw."""

    model: Sequential
    x: Array
    y: Array


COMPANY = {
    "mixed": "other digits, at random",
    "same": "other images of the same digit",
    "copies": "copies of the image itself",
}
N_DRAWS = 200
ENOUGH = 0.9
IMAGES = {"2": 2, "4": 4, "7": 7}


@cache
def trained() -> Trained:
    """Train 784-100-100-10 on 1,000 digits for 10 epochs, once for all frames."""
    mnist = load_mnist(n_train=3000, n_test=0)
    x, y = mnist.x_train, mnist.y_train
    weights, order = np.random.default_rng(0).spawn(2)
    model = mlp([784, 100, 100, 10], batch_norm=True, rng=weights)
    how = {"epochs": 10, "batch_size": 100, "rng": order}
    for _ in train(model, SoftmaxCrossEntropy(), SGD(0.1), x[:1000], y[:1000], **how):
        pass
    return Trained(model, x[1000:], y[1000:])


@explorer(
    title="One image in changing company",
    target="With the statistics of the batch, find a company in which this image is "
    "read correctly in at least 90 % of 200 batches.",
    digit=Choice(*IMAGES, default="4", label="image of a"),
    size=Slider([2, 4, 8, 16, 32, 100], default=8, label="batch size"),
    company=Choice(*COMPANY, default="same", labels=COMPANY, label="the others are"),
    running=Toggle(label="use the running averages instead"),
)
def company(digit, size, company, running) -> Frame:
    """Put one image into 200 batches and count what a trained network reads in it.

    A network with two hidden layers of 100 ReLU units and batch normalization, trained
    on 1,000 digits. The image is the first of its digit, among 2,000 held back, that
    the running averages read correctly; the others are of these 2,000 as well. Mean
    and variance are those of the batch, as in training, or the running averages.
    """
    answers, right = read(digit, size, company, running)
    shares = answers / answers.sum()
    figure = Figure(figsize=(6.8, 2.6))
    margins = {"left": 0.02, "right": 0.98, "bottom": 0.2, "top": 0.94}
    picture, ax = figure.subplots(
        1, 2, width_ratios=(1, 3.2), gridspec_kw=margins | {"wspace": 0.28}
    )
    draw_digit(picture, trained().x[first_read(right)].reshape(28, 28))
    colors = [COLORS["blue" if k == right else "orange"] for k in range(10)]
    bars = ax.bar(range(10), 100 * shares, color=colors)
    bars[right].set_hatch("//")
    bars[right].set_edgecolor(COLORS["paper"])
    for k, share in enumerate(shares):
        if share:
            ax.text(k, 100 * share + 2, f"{100 * share:.3g}", ha="center", size="small")
    ax.set(xticks=range(10), ylim=(0, 112), yticks=[0, 50, 100])
    ax.set(xlabel="answer", ylabel="batches (%)")
    which = "the running averages" if running else "the batch's own statistics"
    return Frame(
        figure,
        f"A {digit} with {size - 1} of {COMPANY[company]}, normalized by {which}: read "
        f"as a {digit} in {shares[right]:.1%} of {N_DRAWS} batches, and as "
        f"{int(np.sum(answers > 0))} different digits in all.",
        reached=bool(not running and shares[right] >= ENOUGH),
    )


@cache
def first_read(digit: int) -> int:
    """Find the first image of a digit that the running averages read correctly."""
    model, x, y = trained()
    return int(np.flatnonzero((y == digit) & (predict(model, x).argmax(1) == digit))[0])


def read(digit: str, size: int, company: str, running: bool) -> tuple[Array, int]:
    """Count the answers (10,) to an image in many batches; return the right one too."""
    model, x, y = trained()
    rng, right = np.random.default_rng(0), IMAGES[digit]
    first = first_read(right)
    pool = np.flatnonzero(y == right) if company == "same" else np.arange(len(y))
    pool = pool[pool != first]
    before = {name: array.copy() for name, array in model.buffers.items()}
    counts = np.zeros(10, dtype=int)
    for _ in range(N_DRAWS):
        others = rng.choice(pool, size - 1, replace=False)
        batch = x[[first, *others]] if company != "copies" else x[[first] * size]
        counts[model.forward(batch, training=not running)[0].argmax()] += 1
    for name, array in before.items():  # looking must not change the network
        model.buffers[name][...] = array
    return counts, right


def draw_digit(ax, image: Array) -> None:
    """Draw an image as squares of ink, few enough for a page: two by two pixels."""
    coarse = image.reshape(14, 2, 14, 2).mean(axis=(1, 3))
    for (i, j), ink in np.ndenumerate(coarse):
        if ink > 0.05:
            corners = [j, j + 1, j + 1, j], [-i, -i, -i - 1, -i - 1]
            look = {"alpha": round(float(ink), 1), "linewidth": 0}
            ax.fill(*corners, color=COLORS["ink"], **look)
    ax.set(xlim=(0, 14), ylim=(-14, 0), aspect="equal")
    ax.set_axis_off()
