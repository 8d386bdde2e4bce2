"""Chapter 12: what depth does to plain layers, and what a shortcut does about it."""

from __future__ import annotations

from itertools import count, islice

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.initializers import constant
from dlbasics.layers import BatchNorm, Dense, ReLU
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Residual, Sequential, capture
from dlbasics.optimizers import SGD
from dlbasics.palette import COLORS
from dlbasics.training import accuracy, predict, train

SEEDS, WIDTH, N_STEPS, EVERY, BATCH = (0, 1, 2), 32, 200, 25, 50
N_TRAIN, N_NEW, GOAL = 4000, 1000, 0.8
PLAIN, NORMALIZED = "plain, He", "batch norm, He"
SHORTCUT, FROM_ZERO = "shortcut, He", "shortcut, from zero"


def small_digits(n: int) -> tuple[Array, Array]:
    """Return the first n training images at half the size, as rows (n, 196).

    In float64, so that 32 layers do not blow up what processors round differently.
    """
    data = load_mnist(n_train=n, n_test=0)
    x = data.x_train.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4), dtype=float)
    return x.reshape(-1, 196), data.y_train


def deep_network(depth: int, block: str, rng: np.random.Generator) -> Sequential:
    """Return 196-32, then `depth` blocks of 32 units, then 10 logits.

    A block is ReLU and Dense with weights after He, with batch normalization or
    without; or a shortcut around these two, with weights after He or of zero.
    """
    layers = {"first": Dense(196, WIDTH, rng=rng, dtype=float)}
    for k in range(1, depth + 1):
        init = constant(0.0) if block == FROM_ZERO else "he"
        inner = [ReLU(), Dense(WIDTH, WIDTH, rng=rng, init=init, dtype=float)]
        if block == NORMALIZED:
            inner.insert(0, BatchNorm(WIDTH, dtype=float))
        inner = Sequential(inner)
        around = block in (SHORTCUT, FROM_ZERO)
        layers[f"block{k}"] = Residual(inner) if around else inner
    layers |= {"relu": ReLU(), "last": Dense(WIDTH, 10, rng=rng, dtype=float)}
    return Sequential(layers)


def gradient_sizes(model: Sequential, x: Array, y: Array) -> Array:
    """Return the root mean square gradient at `first` and at each block's output."""
    loss = SoftmaxCrossEntropy()
    with capture(model, "backward") as at:
        loss.forward(model.forward(x, training=True), y)
        model.fill_grads(loss.backward())
    names = [name for name in model.layers if name not in ("relu", "last")]
    return np.array([np.sqrt(np.mean(at[name] ** 2)) for name in names])


def learn(depth, block, lr, seed, step_done=lambda: None) -> Array:
    """Return the share of new images right every 25 updates; NaN after an overflow."""
    x, y = small_digits(N_TRAIN + N_NEW)
    weights, order = np.random.default_rng(seed).spawn(2)
    model = deep_network(depth, block, weights)
    seen, right = slice(0, N_TRAIN), np.full(N_STEPS // EVERY + 1, np.nan)
    new = x[N_TRAIN:], y[N_TRAIN:]
    how = {"epochs": N_STEPS * BATCH // N_TRAIN + 1, "batch_size": BATCH, "rng": order}
    steps = train(model, SoftmaxCrossEntropy(), SGD(lr), x[seen], y[seen], **how)
    try:
        right[0] = accuracy(predict(model, new[0]), new[1])
        for step in islice(steps, N_STEPS):
            step_done()
            if (step.index + 1) % EVERY == 0:
                place = (step.index + 1) // EVERY
                right[place] = accuracy(predict(model, new[0]), new[1])
    except FloatingPointError:
        pass  # the figure and the description say so
    return right


@explorer(
    title="Depth, shortcuts and the start: real trainings",
    target="With 32 blocks, get at least 80 % of new images right.",
    depth=Slider([2, 4, 8, 16, 32], default=8, label="blocks"),
    block=Choice(PLAIN, NORMALIZED, SHORTCUT, FROM_ZERO, label="a block is"),
    lr=Slider([0.01, 0.03, 0.1], default=0.03, label="learning rate"),
)
def depth_and_shortcuts(depth, block, lr, progress) -> Frame:
    """Train networks of blocks of 32 units on small digits, three times each.

    4000 MNIST images of 14 × 14 pixels, SGD, 200 updates of 50 images; 1000 other
    training images are new. Left, the root mean square gradient at the output of each
    block before the first update; right, what is learned.
    """
    done = count(1)
    curves = np.array(
        [
            learn(depth, block, lr, s, lambda: progress(next(done), 3 * N_STEPS))
            for s in SEEDS
        ]
    )
    x, y = small_digits(100)
    streams = [np.random.default_rng(seed).spawn(2)[0] for seed in SEEDS]
    sizes = [gradient_sizes(deep_network(depth, block, s), x, y) for s in streams]
    start = f"{depth} blocks ({block}), rate {lr:g}"
    lost = int(np.isnan(curves[:, -1]).sum())
    if lost:
        end, right = f"{lost} of 3 runs overflow.", 0.0
    else:
        right = curves[:, -1].mean()
        end = (
            f"after {N_STEPS} updates {right:.0%} of new images are right (means of 3 "
            "runs)."
        )
    ratio = float(f"{np.median([s[0] / s[-1] for s in sizes]):.2g}")
    text = f"{start}: the first gradient is {ratio:,g} times the last; {end}"
    reached = bool(depth == 32 and right >= GOAL)
    return Frame(draw(np.array(sizes), curves), text, reached=reached)


def draw(sizes: Array, curves: Array) -> Figure:
    """Draw gradients by block and accuracies by update, a line for each seed."""
    panels = {"left": 0.09, "right": 0.985, "bottom": 0.15, "top": 0.97, "wspace": 0.21}
    figure = Figure(figsize=(6.8, 3.0))
    left, right = figure.subplots(1, 2, gridspec_kw=panels)
    for marker, dash, size, curve in zip(
        "osD", ("-", "--", ":"), sizes, curves, strict=True
    ):
        style = {"marker": marker, "linestyle": dash, "markersize": 4}
        left.plot(size, color=COLORS["blue"], **style)
        where = np.arange(len(curve)) * EVERY
        right.plot(where, 100 * curve, color=COLORS["orange"], **style)
    left.set(yscale="log", xlabel="block", ylabel="gradient before training (rms)")
    left.locator_params(axis="x", integer=True)
    low, high = left.get_ylim()
    middle = np.sqrt(low * high)
    left.set_ylim(min(low, middle / 30), max(high, middle * 30))
    right.axhline(100 * GOAL, color=COLORS["green"], linewidth=1, linestyle=":")
    right.text(N_STEPS, 81, "goal", color=COLORS["green"], size="small", ha="right")
    right.set(xlim=(-5, N_STEPS + 5), ylim=(0, 100), xlabel="update")
    right.set_ylabel("new images right (%)")
    return figure
