"""Saving and loading: round trips, damage, interruptions."""

import io

import numpy as np
import pytest
from examples import assert_same_arrays, away_from_kinks, copies, rng
from hypothesis import given, settings
from hypothesis import strategies as st

from dlbasics import models
from dlbasics.layers import Dense, ReLU
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import load, mlp, save
from dlbasics.optimizers import Adam
from dlbasics.training import update

X = away_from_kinks((6, 4), dtype=np.float32)
LABELS = np.arange(6) % 3


def network(seed=0, dtype=np.float32):
    return mlp(
        [4, 5, 3], rng=rng(seed), batch_norm=True, activation="prelu", dtype=dtype
    )


def some_training(model, n_steps=3, optimizer=None):
    optimizer = optimizer or Adam(0.05)
    loss = SoftmaxCrossEntropy()
    return [update(model, loss, optimizer, X, LABELS) for _ in range(n_steps)]


def test_round_trip_with_buffers(tmp_path):
    model, other = network(), network(seed=1)
    some_training(model)
    save(model, tmp_path / "model.npz")
    held = {**other.params, **other.buffers}
    load(other, str(tmp_path / "model.npz"))
    assert_same_arrays(
        {**other.params, **other.buffers}, {**model.params, **model.buffers}
    )
    assert all(held[name] is array for name, array in other.params.items())
    np.testing.assert_array_equal(other.forward(X), model.forward(X), strict=True)
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_training_continues_as_if_nothing_had_happened(tmp_path):
    model, other, adam = network(), network(seed=1), Adam(0.05)
    some_training(model, optimizer=adam)
    save(model, tmp_path / "model.npz")
    load(other, tmp_path / "model.npz")
    twin = Adam(0.05)
    twin.t = adam.t
    twin.state = {
        name: tuple(map(np.copy, slots)) for name, slots in adam.state.items()
    }
    assert some_training(other, 5, twin) == some_training(model, 5, adam)
    assert_same_arrays(other.params, model.params)
    assert_same_arrays(other.buffers, model.buffers)


def test_stored_in_one_precision_and_loaded_in_another(tmp_path):
    double, single = network(dtype=np.float64), network(seed=1)
    save(double, tmp_path / "model.npz")
    load(single, tmp_path / "model.npz")
    assert single.params["dense1.W"].dtype == np.float32
    np.testing.assert_allclose(
        single.params["dense1.W"], double.params["dense1.W"], rtol=1e-6
    )


def test_one_layer_or_none_can_be_saved_too(tmp_path):
    layer, other = Dense(4, 3, rng=rng()), Dense(4, 3, rng=rng(1))
    save(layer, tmp_path / "layer.npz")
    load(other, tmp_path / "layer.npz")
    assert_same_arrays(other.params, layer.params)
    save(ReLU(), tmp_path / "nothing.npz")
    load(ReLU(), tmp_path / "nothing.npz")


@settings(deadline=None, max_examples=25)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=4),
    seed=st.integers(0, 1000),
    batch_norm=st.booleans(),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_every_network_survives_the_round_trip(
    tmp_path_factory, sizes, seed, batch_norm, dtype
):
    path = tmp_path_factory.mktemp("models") / "model.npz"
    model = mlp(sizes, rng=rng(seed), batch_norm=batch_norm, dtype=dtype)
    other = mlp(sizes, rng=rng(seed + 1), batch_norm=batch_norm, dtype=dtype)
    save(model, path)
    load(other, path)
    assert_same_arrays(other.params, model.params)
    assert_same_arrays(other.buffers, model.buffers)


def archive_of(model):
    file = io.BytesIO()
    np.savez(file, **model.params, **model.buffers)
    return file.getvalue()


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_damage_anywhere_is_reported_and_changes_nothing(tmp_path_factory, data):
    """Cut the archive or change one byte of it: a clear error, or the same arrays."""
    whole = archive_of(network())
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        damaged = whole[:at]
    else:
        damaged = bytearray(whole)
        damaged[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("damaged") / "model.npz"
    path.write_bytes(damaged)
    model = network(seed=1)
    before = copies({**model.params, **model.buffers})
    try:
        load(model, path)
    except ValueError as error:
        assert error.args[0].startswith(str(path))  # noqa: PT017
        assert_same_arrays({**model.params, **model.buffers}, before)
    else:
        assert_same_arrays(model.params, network().params)


def test_interrupted_save_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    save(network(), path)
    old = path.read_bytes()

    def savez(file, **arrays):
        file.write(old[:100])
        raise KeyboardInterrupt

    monkeypatch.setattr(models.np, "savez", savez)
    with pytest.raises(KeyboardInterrupt):
        save(network(seed=1), path)
    assert path.read_bytes() == old
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]


def test_half_precision_halves_the_file_and_comes_back_as_it_was_rounded(tmp_path):
    model, other = network(), network(seed=1)
    some_training(model)
    save(model, tmp_path / "half.npz", dtype=np.float16)
    save(model, tmp_path / "whole.npz")
    size = {}
    for name in ("half", "whole"):
        with np.load(tmp_path / f"{name}.npz") as stored:
            size[name] = sum(stored[key].nbytes for key in stored)
    assert 2 * size["half"] == size["whole"] > 0
    load(other, tmp_path / "half.npz")
    for name, array in {**model.params, **model.buffers}.items():
        got = {**other.params, **other.buffers}[name]
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got, array.astype(np.float16))
