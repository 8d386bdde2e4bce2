"""A training that goes on after an interruption, against one that never stopped."""

import json

import numpy as np
import pytest
from examples import assert_same_arrays, away_from_kinks, copies, rng

from dlbasics.augment import random_affine
from dlbasics.checkpoints import Checkpoint
from dlbasics.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, ReLU
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Sequential
from dlbasics.optimizers import SGD, Adam, Momentum, RMSProp
from dlbasics.schedules import Cosine
from dlbasics.training import accuracy, fit

X = abs(away_from_kinks((30, 6, 6, 1), dtype=np.float32))
LABELS = np.arange(30) % 3
EPOCHS = 5


class Everything:
    """A training with all that can be remembered: moments, averages, random numbers."""

    def __init__(self, path, optimizer=None, n_filters=2, n_generators=3):
        self.order, self.moves, self.dropout = rng(1).spawn(3)
        self.model = Sequential(
            [
                *(Conv2D(1, n_filters, 3, rng=rng()), BatchNorm(n_filters), ReLU()),
                *(Flatten(), Dropout(0.5, rng=self.dropout)),
                Dense(16 * n_filters, 3, rng=rng()),
            ]
        )
        self.optimizer = optimizer or Adam(Cosine(0.05, 15))
        generators = [self.order, self.moves, self.dropout][:n_generators]
        self.checkpoint = Checkpoint(
            path, self.model, self.optimizer, generators=generators
        )

    def go(self, *, until=EPOCHS, fail_at=None):
        def transform(images):
            if self.optimizer.t == fail_at:
                raise KeyboardInterrupt
            return random_affine(images, shift=1, rng=self.moves)

        how = {"epochs": until - self.checkpoint.epochs, "batch_size": 10}
        how |= {"validation": (X, LABELS), "metrics": {"accuracy": accuracy}}
        how |= {"callbacks": [self.checkpoint], "transform": transform}
        return fit(
            self.model,
            SoftmaxCrossEntropy(),
            self.optimizer,
            X,
            LABELS,
            rng=self.order,
            **how,
        )


def test_an_interrupted_training_ends_with_the_same_bits(tmp_path):
    whole = Everything(tmp_path / "whole.npz")
    history = whole.go()
    with pytest.raises(KeyboardInterrupt):
        Everything(tmp_path / "parts.npz").go(fail_at=7)  # in the third epoch
    for done in (2, 3):
        later = Everything(tmp_path / "parts.npz")
        assert later.checkpoint.epochs == done
        assert later.optimizer.t == 3 * done
        later.go(until=EPOCHS if done == 3 else 3)
    for kind in ("params", "buffers"):
        got, expected = (getattr(m, kind) for m in (later.model, whole.model))
        assert_same_arrays(got, expected)
    assert later.checkpoint.history == whole.checkpoint.history == history
    assert len(history["validation accuracy"]) == EPOCHS


def test_a_generator_that_is_not_named_makes_a_difference(tmp_path):
    whole = Everything(tmp_path / "whole.npz", n_generators=2)
    whole.go()
    Everything(tmp_path / "parts.npz", n_generators=2).go(until=2)
    later = Everything(tmp_path / "parts.npz", n_generators=2)
    later.go()
    name = "dense1.W"
    assert not np.array_equal(later.model.params[name], whole.model.params[name])


def test_a_new_file_leaves_the_model_alone_and_says_zero(tmp_path):
    training = Everything(tmp_path / "new.npz")
    other = Everything(tmp_path / "other.npz")
    assert training.checkpoint.epochs == 0
    assert_same_arrays(training.model.params, other.model.params)
    assert not (tmp_path / "new.npz").exists()


@pytest.mark.parametrize(
    ("other", "written_by"),
    [
        ({"n_filters": 3}, {}),
        ({"optimizer": SGD(0.1)}, {}),
        ({"optimizer": RMSProp(0.1)}, {"optimizer": Momentum(0.1)}),
        ({"n_generators": 2}, {}),
    ],
    ids=["model", "no memory", "memory of the same size", "generators"],
)
def test_a_file_of_another_training_changes_nothing(tmp_path, other, written_by):
    Everything(tmp_path / "a.npz", **written_by).go(until=1)
    untouched = Everything(tmp_path / "new.npz", **other)
    model, optimizer = untouched.model, untouched.optimizer
    generators = untouched.checkpoint.generators
    before = copies(model.params) | copies(model.buffers)
    states = [g.bit_generator.state for g in generators]
    with pytest.raises(ValueError, match=r"a\.npz was written by another training"):
        Checkpoint(tmp_path / "a.npz", model, optimizer, generators=generators)
    assert_same_arrays(copies(model.params) | copies(model.buffers), before)
    assert [g.bit_generator.state for g in generators] == states
    assert (optimizer.t, optimizer.state) == (0, {})


def test_a_damaged_file_is_named(tmp_path):
    Everything(tmp_path / "a.npz").go(until=1)
    data = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(data[:-100])
    with pytest.raises(ValueError, match=r"a\.npz is not a readable \.npz archive"):
        Everything(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", x=np.ones(2))
    with pytest.raises(ValueError, match="written by another training"):
        Everything(tmp_path / "b.npz")


def test_a_failed_write_leaves_the_last_epoch(tmp_path, monkeypatch):
    training = Everything(tmp_path / "a.npz")
    training.go(until=1)
    before = (tmp_path / "a.npz").read_bytes()

    def full(file, **arrays):
        file.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        training.go(until=2)
    assert (tmp_path / "a.npz").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]


def test_what_is_in_the_file(tmp_path):
    training = Everything(tmp_path / "a.npz")
    training.go(until=1)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        rest = json.loads(stored["rest"].tobytes())
        names = {name.split("/")[0] for name in stored if name != "rest"}
        kept = {n.removeprefix("model/"): stored[n] for n in stored if "model/" in n}
    assert names == {"model", "slot0", "slot1"}
    assert rest["t"] == 3
    assert len(rest["states"]) == 3
    model = training.model
    assert_same_arrays(kept, copies(model.params) | copies(model.buffers))
