"""Chapter 07: what learning rate, initial σ and batch normalization do to training."""

from __future__ import annotations

from itertools import count

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.explorers import Frame, Slider, Toggle, explorer, positive
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential, mlp
from dlbasics.optimizers import SGD
from dlbasics.palette import COLORS
from dlbasics.training import accuracy, predict, train

SEEDS = (0, 1, 2)
N_TRAIN, N_TEST, BATCH, EPOCHS, EVERY = 1000, 1000, 100, 20, 20
N_STEPS = EPOCHS * N_TRAIN // BATCH
SIGMAS = np.logspace(-4, 0, 16)[1::2].tolist()  # every second of Saitoh's sixteen
NAMED = {"xavier": "√(1/n), Xavier", "he": "√(2/n), He"}


@explorer(
    title="Learning rate, initial weights, batch normalization: real trainings",
    target="Without batch normalization, get at least 80 % of the test images right.",
    lr=Slider([0.003, 0.01, 0.03, 0.1], default=0.01, label="learning rate"),
    sigma=Slider(
        [*SIGMAS[:6], "xavier", "he", *SIGMAS[6:]],
        default=SIGMAS[3],
        label="standard deviation σ of the weights",
        labels=NAMED | {value: f"{value:.2g}" for value in SIGMAS},
        parse=positive,
    ),
    batch_norm=Toggle(label="batch normalization"),
)
def training_curves(lr, sigma, batch_norm, progress) -> Frame:
    """Train a network with five hidden layers of 100 ReLU units on MNIST, three times.

    SGD on the first 1000 training images, 20 epochs of 10 batches of 100; accuracy in
    inference mode on these images and on the first 1000 test images, every 20
    updates. With σ a number all layers use it; Xavier and He use each layer's n.
    After Saitoh (2021), chapter 6, who has 16 σ, the rate 0.01 and one run.
    """
    curves, survived = accuracies(lr, sigma, batch_norm, progress=progress)
    shown = NAMED.get(sigma) or f"{sigma:.2g}"
    how = "with" if batch_norm else "without"
    start = f"Rate {lr:g}, σ = {shown}, {how} batch normalization"
    if min(survived) < N_STEPS:
        n = sum(steps < N_STEPS for steps in survived)
        end = f"{n} of 3 runs overflow, the first after {min(survived)} updates."
        return Frame(draw(curves, min(survived)), f"{start}: {end}", reached=False)
    on_train, on_test = curves[:, -1].mean(axis=0)
    end = (
        f"after {N_STEPS} updates {on_train:.0%} of the training images are right "
        f"and {on_test:.0%} of the test images (means of 3 runs)."
    )
    reached = bool(not batch_norm and on_test >= 0.8)
    return Frame(draw(curves, N_STEPS), f"{start}: {end}", reached=reached)


def accuracies(lr, sigma, batch_norm, *, progress=None) -> tuple[Array, list[int]]:
    """Train from three seeds; return what became of them.

    The array (n_seeds, n_looks, 2) holds accuracies on training and test images, NaN
    after an overflow; the list says how many updates each run survived.
    """
    data = load_mnist(n_train=N_TRAIN, n_test=N_TEST)
    curves, survived, done = [], [], count(1)

    def step_done() -> None:
        if progress:
            progress(next(done), len(SEEDS) * N_STEPS)

    for seed in SEEDS:
        weights, order = np.random.default_rng(seed).spawn(2)
        sizes = [784, *[100] * 5, 10]
        model = mlp(sizes, init=sigma, batch_norm=batch_norm, rng=weights)
        curve, n_steps = learn(model, lr, data, order, step_done)
        curves.append(curve)
        survived.append(n_steps)
    return np.array(curves), survived


def learn(model: Sequential, lr: float, data, rng, step_done) -> tuple[Array, int]:
    """Return accuracies (n_looks, 2) on both sets, and how many updates it survived."""

    def look() -> list[float]:
        sets = (data.x_train, data.y_train), (data.x_test, data.y_test)
        return [accuracy(predict(model, x), y) for x, y in sets]

    curve = np.full((N_STEPS // EVERY + 1, 2), np.nan)
    curve[0] = look()
    loss, how = SoftmaxCrossEntropy(), {"epochs": EPOCHS, "batch_size": BATCH}
    steps = train(model, loss, SGD(lr), data.x_train, data.y_train, rng=rng, **how)
    done = 0
    try:
        for step in steps:
            done = step.index + 1
            step_done()
            if done % EVERY == 0:
                curve[done // EVERY] = look()
    except FloatingPointError:
        pass  # the figure and the description say so
    return curve, done


def draw(curves: Array, survived: int) -> Figure:
    """Draw mean and range over the seeds of both accuracies, in percent."""
    room = {"left": 0.08, "right": 0.99, "bottom": 0.14, "top": 0.985}
    figure = Figure(figsize=(6.8, 3.2))
    ax = figure.subplots(gridspec_kw=room)
    shown = slice(None, survived // EVERY + 1)
    where = np.arange(len(curves[0]))[shown] * EVERY
    looks = {
        "training images": ("blue", "-", "o"),
        "test images": ("orange", "--", "s"),
    }
    for k, (label, (color, dash, marker)) in enumerate(looks.items()):
        values = 100 * curves[:, shown, k]
        style = {"color": COLORS[color], "linestyle": dash, "marker": marker}
        ax.plot(where, values.mean(axis=0), label=label, **style)
        low, high = values.min(axis=0), values.max(axis=0)
        ax.fill_between(where, low, high, color=COLORS[color], alpha=0.2, linewidth=0)
    if survived < N_STEPS:
        overflow(ax, survived)
    ax.axhline(10, color=COLORS["muted"], linewidth=0.8)
    ax.text(N_STEPS, 4, "guessing", color=COLORS["muted"], size="small", ha="right")
    ax.set(xlim=(-4, N_STEPS + 4), ylim=(0, 103), xlabel="update", ylabel="right (%)")
    ax.legend(loc="upper left")
    return figure


def overflow(ax: Axes, survived: int) -> None:
    """Mark where a run left the finite numbers."""
    ax.axvline(survived, color=COLORS["red"], linestyle=":")
    ax.annotate(
        f"overflow after {survived} updates", (survived, 60), xytext=(6, 0),
        textcoords="offset points", color=COLORS["red"],
    )  # fmt: skip
