"""Chapter 09: what a penalty, dropout and more images do, right and wrong labels."""

from __future__ import annotations

from itertools import count

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.explorers import Frame, Slider, Toggle, explorer
from dlbasics.losses import L2, SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.optimizers import SGD
from dlbasics.palette import COLORS
from dlbasics.training import accuracy, predict, train

SEEDS = (0, 1, 2)
LOOKS = (0, 20, 40, 80, 120, 160, 220, 280, 350, 420)  # updates
N_STEPS, BATCH, N_POOL, N_VALIDATION = LOOKS[-1], 50, 5000, 1000
WRONG, GOAL = 0.3, 0.8


@explorer(
    title="Penalty, dropout, and the size of the training set: real trainings",
    target="With 30 % of the labels wrong, get at least 80 % of new images right.",
    strength=Slider([0.0, 0.003, 0.01, 0.03, 0.1], label="strength λ of the penalty"),
    dropout=Slider([0.0, 0.2, 0.5], label="dropout rate"),
    n=Slider([100, 300, 1000], default=300, label="training images"),
    wrong=Toggle(label="30 % of the labels wrong"),
)
def small_data(strength, dropout, n, wrong, progress) -> Frame:
    """Train a network 196-50-50-10 on few small MNIST images, three times.

    Images of 14 × 14 pixels, means of 2 × 2 of the original ones. SGD at 0.2, 420
    updates of 50 images; penalty λ/2 · (sum of squared weights). Accuracy in inference
    mode on the training images, with the labels they are trained on, and on 1000
    validation images, whose labels are right. Every seed has its own images, weights
    and masks.
    """
    curves = accuracies(strength, dropout, n, wrong, progress=progress)
    on_train, on_new = curves[:, -1].mean(axis=0)
    labels = f"{WRONG:.0%} of the labels wrong" if wrong else "all labels right"
    text = (
        f"{n} images, {labels}, λ = {strength:g}, dropout {dropout:g}: after {N_STEPS} "
        f"updates {on_train:.1%} of the training labels are reproduced and "
        f"{on_new:.1%} of new images are right (means of 3 runs)."
    )
    return Frame(draw(curves), text, reached=bool(wrong and on_new >= GOAL))


def images(seed: int, n: int, wrong: bool) -> tuple[Array, Array, Array, Array]:
    """Return n training images of a seed with labels, and the validation images."""
    data = load_mnist(n_train=N_POOL + N_VALIDATION, n_test=0)
    x_all = data.x_train.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4), dtype=float)
    x_all, rng = x_all.reshape(-1, 196), np.random.default_rng([9, seed])
    pick = rng.choice(N_POOL, n, replace=False)
    x, y = x_all[pick], data.y_train[pick]
    if wrong:
        spoiled = round(WRONG * n)
        y[:spoiled] = (y[:spoiled] + rng.integers(1, 10, spoiled)) % 10
    return x, y, x_all[N_POOL:], data.y_train[N_POOL:]


def accuracies(strength, dropout, n, wrong, *, progress=None) -> Array:
    """Train from three seeds; return (n_seeds, n_looks, 2): training and new images."""
    curves, done = [], count(1)
    for seed in SEEDS:
        x, y, x_new, y_new = images(seed, n, wrong)
        weights, order, masks = np.random.default_rng(seed).spawn(3)
        model = mlp(
            [196, 50, 50, 10],
            rng=weights,
            dropout=dropout,
            dropout_rng=masks,
            dtype=float,
        )

        def look(model=model, sets=((x, y), (x_new, y_new))) -> list[float]:
            return [accuracy(predict(model, rows), labels) for rows, labels in sets]

        curve, how = [look()], {"epochs": N_STEPS * BATCH // n, "batch_size": BATCH}
        penalty = L2(strength) if strength else None
        how |= {"rng": order, "penalty": penalty}
        for step in train(model, SoftmaxCrossEntropy(), SGD(0.2), x, y, **how):
            if progress:
                progress(next(done), len(SEEDS) * N_STEPS)
            if step.index + 1 in LOOKS:
                curve.append(look())
        curves.append(curve)
    return np.array(curves)


def draw(curves: Array) -> Figure:
    """Draw mean and range over the seeds of both accuracies, in percent."""
    room = {"left": 0.08, "right": 0.99, "bottom": 0.15, "top": 0.985}
    figure = Figure(figsize=(6.8, 3.0))
    ax = figure.subplots(gridspec_kw=room)
    looks = {
        "training labels": ("blue", "-", "o"),
        "new images": ("orange", "--", "s"),
    }
    for k, (label, (color, dash, marker)) in enumerate(looks.items()):
        values = 100 * curves[:, :, k]
        style = {"color": COLORS[color], "linestyle": dash, "marker": marker}
        ax.plot(LOOKS, values.mean(axis=0), label=label, **style)
        low, high = values.min(axis=0), values.max(axis=0)
        ax.fill_between(LOOKS, low, high, color=COLORS[color], alpha=0.2, linewidth=0)
    ax.axhline(100 * GOAL, color=COLORS["green"], linewidth=1, linestyle=":")
    ax.text(LOOKS[-1], 100 * GOAL - 1, "goal for new images", color=COLORS["green"],
            size="small", ha="right", va="top")  # fmt: skip
    ax.set(xlim=(-5, 425), ylim=(0, 103), xlabel="update", ylabel="right (%)")
    ax.legend(loc="lower right")
    return figure
