"""Going on with a training that was interrupted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dlbasics.arrays import Array
from dlbasics.files import write_aside
from dlbasics.layers import Layer
from dlbasics.models import read_arrays
from dlbasics.optimizers import Optimizer
from dlbasics.training import History

Generators = Sequence["np.random.Generator"]


class Checkpoint:
    """Keep, after every epoch, all that a training needs to go on, in one file.

    The file holds the model's parameters and buffers, the optimizer's memory and count
    of updates, the states of the random generators and the history. If it is there
    already, they are all put back, in place. A training that goes on

        checkpoint = Checkpoint(path, model, optimizer, generators=[order, dropout])
        fit(model, …, epochs=20 - checkpoint.epochs, callbacks=[checkpoint], rng=order)

    ends with the same bits as one that was never interrupted, if `generators` names
    every generator that it draws from. Schedules that remember (`ReduceOnPlateau`) and
    callbacks that do (`EarlyStopping`) start anew.

    Raises
    ------
    ValueError
        If the file is damaged or belongs to another model, optimizer or number of
        generators; nothing is changed then.
    """

    def __init__(
        self, path: Path, model: Layer, optimizer: Optimizer, *, generators: Generators
    ) -> None:
        self.path, self.model, self.optimizer = Path(path), model, optimizer
        self.generators, self.history = generators, {}
        if self.path.exists():
            self.restore(read_arrays(self.path))

    @property
    def epochs(self) -> int:
        """How many epochs are done."""
        return len(self.history.get("loss", ()))

    def __call__(self, model: Layer, history: History) -> None:
        """Append the newest numbers of the history and write the file."""
        for name, values in history.items():
            self.history.setdefault(name, []).append(values[-1])
        states = [generator.bit_generator.state for generator in self.generators]
        rest = {"t": self.optimizer.t, "states": states, "history": self.history}
        rest["optimizer"] = type(self.optimizer).__name__
        text = np.frombuffer(json.dumps(rest).encode(), np.uint8)
        with write_aside(self.path) as file:
            np.savez(file, rest=text, **collect(self.model, self.optimizer.state))

    def restore(self, stored: dict[str, Array]) -> None:
        rest = json.loads(bytes(stored.pop("rest", b"{}")))
        fits = len(rest.get("states", ())) == len(self.generators)
        fits &= rest.get("optimizer") == type(self.optimizer).__name__
        if not fits or not put_back(stored, self.model, self.optimizer):
            raise ValueError(f"{self.path} was written by another training")
        for generator, state in zip(self.generators, rest["states"], strict=True):
            generator.bit_generator.state = state
        self.optimizer.t, self.history = rest["t"], rest["history"]


def collect(model: Layer, memory: dict[str, tuple[Array, ...]]) -> dict[str, Array]:
    """Return all arrays of a training, the same objects, as `model/…` and `slot0/…`."""
    held = {**model.params, **model.buffers}
    arrays = {f"model/{name}": array for name, array in held.items()}
    for name, slots in memory.items():
        arrays |= {f"slot{i}/{name}": slot for i, slot in enumerate(slots)}
    return arrays


def put_back(stored: dict[str, Array], model: Layer, optimizer: Optimizer) -> bool:
    """Write stored arrays into a training; False, and no change, if they do not fit."""
    slots = {
        name: tuple(np.zeros_like(w) for _ in range(optimizer.n_slots))
        for name, w in model.params.items()
    }
    wanted = collect(model, slots)
    shapes = [{name: a.shape for name, a in d.items()} for d in (wanted, stored)]
    if shapes[0] != shapes[1]:
        return False
    for name, array in wanted.items():
        array[...] = stored[name]
    optimizer.state = slots
    return True
