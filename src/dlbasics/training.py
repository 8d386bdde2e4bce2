"""Minibatches, the training loop, and knowing when to stop."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from dlbasics.arrays import Array, shape_of
from dlbasics.layers import Layer
from dlbasics.losses import Loss, Penalty
from dlbasics.optimizers import Optimizer

Metric = Callable[[Array, Array], float]
Transform = Callable[[Array], Array]
History = dict[str, list[float]]


class Step(NamedTuple):
    """One update: its epoch, its number, and the batch's loss before the update."""

    epoch: int
    index: int
    loss: float


def batches(
    x: Array, y: Array, size: int, *, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Yield every sample once, in random order, in batches; the last may be smaller."""
    n_batches = count_batches(x, y, size)
    order = rng.permutation(len(x))
    for pick in (order[i * size : (i + 1) * size] for i in range(n_batches)):
        yield x[pick], y[pick]


def count_batches(x: Array, y: Array, size: int) -> int:
    """Return the number of batches in an epoch, having checked that there are any."""
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"expected as many samples as targets and at least one, got x of shape "
            f"{shape_of(x)} and y of shape {shape_of(y)}"
        )
    if not size >= 1:
        raise ValueError(f"expected a batch size of at least 1, got {size}")
    return math.ceil(len(x) / size)


def update(
    model: Layer,
    loss: Loss,
    optimizer: Optimizer,
    x: Array,
    y: Array,
    *,
    penalty: Penalty | None = None,
) -> float:
    """Forward, backward, step: return the loss of one batch before the update."""
    with np.errstate(over="ignore", invalid="ignore"):  # `train` reports divergence
        value = loss.forward(model.forward(x, training=True), y)
        model.fill_grads(loss.backward())
        if penalty:
            value += penalty.forward(model.params)
            penalty.backward(model.params, model.grads)
        optimizer.step(model.params, model.grads)
    return value


def train(
    model: Layer,
    loss: Loss,
    optimizer: Optimizer,
    x: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    penalty: Penalty | None = None,
    transform: Transform | None = None,
) -> Iterator[Step]:
    """Train, and yield a `Step` after every update; nothing happens between steps.

    `transform` changes the inputs of each batch before they are used, as in data
    augmentation.

    Raises
    ------
    FloatingPointError
        As soon as a loss is infinite or not a number.
    """
    index = 0
    for epoch in range(epochs):
        for xb, yb in batches(x, y, batch_size, rng=rng):
            xb = transform(xb) if transform else xb
            value = update(model, loss, optimizer, xb, yb, penalty=penalty)
            if not math.isfinite(value):
                raise FloatingPointError(
                    f"expected a finite loss, got {value} at step {index} (epoch "
                    f"{epoch}): the training diverged; try a smaller learning rate"
                )
            yield Step(epoch, index, value)
            index += 1


def predict(model: Layer, x: Array, *, batch_size: int = 100) -> Array:
    """Return the model's outputs in inference mode, computed block by block.

    Larger blocks are a little faster for dense networks and much slower for
    convolutions: outputs become so large that the operating system hands out new
    memory for every layer (appendix "How fast is this?").
    """
    blocks = range(0, max(len(x), 1), batch_size)
    return np.concatenate([model.forward(x[i : i + batch_size]) for i in blocks])


def accuracy(outputs: Array, labels: Array) -> float:
    """Share of rows of `outputs` (N, K) whose largest entry is at `labels` (N,)."""
    if outputs.ndim != 2 or labels.shape != outputs.shape[:1] or not len(labels):
        raise ValueError(
            f"accuracy expected outputs (N, K) and integer labels (N,), N ≥ 1, got "
            f"{shape_of(outputs)} and {shape_of(labels)}"
        )
    return float(np.mean(outputs.argmax(axis=1) == labels))


class EarlyStopping:
    """Stop when `monitor` has not improved for `patience` epochs; restore the best.

    Give it to `fit` as a callback. `best_epoch` counts from 0.
    """

    def __init__(self, *, patience: int, monitor: str = "validation loss") -> None:
        if not patience >= 1:
            raise ValueError(f"EarlyStopping expected patience >= 1, got {patience}")
        self.patience, self.monitor = patience, monitor
        self.best, self.best_epoch = math.inf, -1
        self.arrays: dict[str, Array] = {}

    def __call__(self, model: Layer, history: History) -> bool:
        if self.monitor not in history:
            raise ValueError(
                f"EarlyStopping expected to watch one of {', '.join(history)}; "
                f"got {self.monitor!r} (does fit have validation data?)"
            )
        epoch, value = len(history["loss"]) - 1, history[self.monitor][-1]
        value = -value if "accuracy" in self.monitor else value
        if value < self.best:
            self.best, self.best_epoch = value, epoch
            kept = {**model.params, **model.buffers}
            self.arrays = {name: array.copy() for name, array in kept.items()}
        return epoch - self.best_epoch >= self.patience

    def finish(self, model: Layer) -> None:
        arrays = {**model.params, **model.buffers}
        for name, best in self.arrays.items():
            arrays[name][...] = best


def fit(
    model: Layer,
    loss: Loss,
    optimizer: Optimizer,
    x: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    validation: tuple[Array, Array] | None = None,
    metrics: Mapping[str, Metric] | None = None,
    penalty: Penalty | None = None,
    transform: Transform | None = None,
    callbacks: Sequence[Callable[[Layer, History], bool | None]] = (),
    progress: bool = False,
) -> History:
    """Train for whole epochs and measure after each.

    Parameters
    ----------
    validation : (x, y) to measure on as well; never trained on.
    transform : changes the inputs of each batch of an update, and of nothing else.
    metrics : names and functions (outputs, targets) -> number, such as
        `{"accuracy": accuracy}`; each is measured in inference mode.
    callbacks : called as `callback(model, history)` after every epoch; training stops
        when one returns True. At the end `callback.finish(model)` is called if there.
    progress : show a progress bar, in a terminal or in a notebook.

    Returns
    -------
    dict of lists with one number per epoch: "loss" (mean over the epoch's updates,
    in training mode, penalty included), each metric by name on the training data,
    and "validation loss" and "validation …" for each metric if there is such data.
    """
    metrics, history = dict(metrics or {}), {"loss": []}
    n_batches = count_batches(x, y, batch_size)
    how = {"epochs": epochs, "batch_size": batch_size, "rng": rng}
    how |= {"penalty": penalty, "transform": transform}
    steps = train(model, loss, optimizer, x, y, **how)
    with progress_bar(epochs * n_batches, shown=progress) as bar:
        for _ in range(epochs):
            losses = []
            for step in islice(steps, n_batches):
                losses.append(step.loss)
                bar.update()
            history["loss"].append(float(np.mean(losses)))
            measure(history, "", model, metrics, x, y)
            if validation is not None:
                measured = {"loss": loss.forward, **metrics}
                measure(history, "validation ", model, measured, *validation)
            bar.set_postfix({name: f"{v[-1]:.4f}" for name, v in history.items()})
            if any([callback(model, history) for callback in callbacks]):
                break
    for callback in callbacks:
        getattr(callback, "finish", lambda model: None)(model)
    return history


def measure(
    history: History,
    prefix: str,
    model: Layer,
    metrics: Mapping[str, Metric],
    x: Array,
    y: Array,
) -> None:
    """Append every metric of the model on (x, y) to the history."""
    with np.errstate(over="ignore", invalid="ignore"):
        outputs = predict(model, x) if metrics else None
        for name, metric in metrics.items():
            history.setdefault(prefix + name, []).append(metric(outputs, y))


def progress_bar(total: int, *, shown: bool, unit: str = "step", done: int = 0):
    """Return a tqdm bar of `total` units that also works in a notebook."""
    from tqdm.auto import tqdm

    how = {"disable": not shown, "unit": unit, "initial": done, "leave": False}
    return tqdm(total=total, **how)
