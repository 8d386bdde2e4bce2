"""The contracts that every layer, loss and optimizer keeps."""

import numpy as np
import pytest
from examples import (
    IMAGES,
    LAYERS,
    LOSSES,
    OPTIMIZERS,
    ROWS,
    all_subclasses,
    assert_same_arrays,
    away_from_kinks,
    copies,
    read_only,
    rng,
)

from dlbasics.gradcheck import check_layer
from dlbasics.layers import Layer, Step
from dlbasics.losses import L2, SoftmaxCrossEntropy
from dlbasics.models import mlp
from dlbasics.training import accuracy, fit, predict

CASES = [
    pytest.param(example, shape, id=f"{example.name}-{len(shape)}d")
    for example in LAYERS
    for shape in example.shapes
]
EVERY_LAYER = pytest.mark.parametrize(("example", "shape"), CASES)
PRECISIONS = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def state_of(layer):
    """All that a layer holds, to compare before and after."""
    random = getattr(layer, "rng", None)
    return {
        "arrays": copies(layer.params) | copies(layer.grads) | copies(layer.buffers),
        "cache": layer._cache,
        "rng": random and random.bit_generator.state,
        "other": {
            key: value
            for key, value in vars(layer).items()
            if key not in ("params", "grads", "buffers", "rng", "_cache", "hooks")
        },
    }


def assert_same_state(got, expected):
    assert_same_arrays(got.pop("arrays"), expected.pop("arrays"))
    assert got == expected


def test_there_is_an_example_of_every_layer():
    assert {example.kind for example in LAYERS} == set(all_subclasses(Layer))


# Gradients


@EVERY_LAYER
@pytest.mark.parametrize("seed", [2, 3])
def test_gradients(example, shape, seed):
    layer, x = example.fresh(), away_from_kinks(shape, seed=seed)
    if example.kind is Step:  # the one layer whose slope is zero wherever it has one
        with pytest.raises(AssertionError, match="every slope is zero"):
            check_layer(layer, x)
        assert not layer.backward(np.ones_like(layer.forward(x, training=True))).any()
        return
    skipped = {"dense1.b"} if example.name == "Sequential" else set()
    for name in skipped:  # batch norm takes away what this bias adds
        del layer.params[name], layer.grads[name]
    errors = check_layer(layer, x)
    assert errors.keys() == {"x", *layer.params}


@EVERY_LAYER
def test_gradients_of_a_first_layer_are_the_same(example, shape):
    whole, first, x = example.fresh(), example.fresh(), away_from_kinks(shape)
    dy = away_from_kinks(whole.forward(x, training=True).shape, seed=4)
    first.forward(x, training=True)
    whole.backward(dy)
    first.fill_grads(dy)
    assert_same_arrays(first.grads, whole.grads)
    with pytest.raises(RuntimeError, match="backward needs forward"):
        first.fill_grads(dy)


# Arrays that were handed over


@EVERY_LAYER
def test_layers_do_not_write_into_what_they_are_given(example, shape):
    layer, x = example.fresh(), read_only(away_from_kinks(shape))
    layer.forward(x)
    y = layer.forward(x, training=True)
    y.flags.writeable = False
    layer.backward(read_only(away_from_kinks(y.shape)))


@pytest.mark.parametrize(("kind", "targets"), LOSSES)
def test_losses_do_not_write_into_what_they_are_given(kind, targets):
    loss = kind()
    loss.forward(read_only(rng().standard_normal((6, 4))), read_only(targets()))
    loss.backward()


@EVERY_LAYER
def test_shapes_of_outputs_and_gradients(example, shape):
    layer, x = example.fresh(), away_from_kinks(shape)
    y = layer.forward(x, training=True)
    assert y.shape == layer.forward(x).shape
    assert len(y) == len(x)
    assert layer.backward(y).shape == shape
    assert layer.params.keys() == layer.grads.keys()
    for name, array in layer.params.items():
        assert layer.grads[name].shape == array.shape


# Precision


@EVERY_LAYER
@PRECISIONS
def test_precision_of_layers(example, shape, dtype):
    layer, x = example.fresh(dtype), away_from_kinks(shape, dtype=dtype)
    arrays = [layer.forward(x), y := layer.forward(x, training=True)]
    arrays += [layer.backward(y), *layer.params.values(), *layer.grads.values()]
    arrays += layer.buffers.values()
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize(("kind", "targets"), LOSSES)
@PRECISIONS
def test_precision_of_losses_is_that_of_the_outputs(kind, targets, dtype):
    outputs, loss = rng().standard_normal((6, 4)).astype(dtype), kind()
    for given in (targets(), targets().tolist()):
        loss.forward(outputs, given)
        assert loss.backward().dtype == dtype


# Mode


@EVERY_LAYER
def test_inference_records_and_changes_nothing(example, shape):
    layer, x = example.fresh(), away_from_kinks(shape)
    before = state_of(layer)
    first, second = layer.forward(x), layer.forward(x)
    np.testing.assert_array_equal(first, second)
    assert_same_state(state_of(layer), before)
    with pytest.raises(
        RuntimeError, match=r"backward needs forward\(x, training=True\)"
    ):
        layer.backward(first)


@EVERY_LAYER
def test_inference_between_forward_and_backward_does_no_harm(example, shape):
    x = away_from_kinks(shape)
    plain, disturbed = example.fresh(), example.fresh()
    dy = away_from_kinks(plain.forward(x, training=True).shape, seed=4)
    disturbed.forward(x, training=True)
    disturbed.forward(away_from_kinks(shape, seed=9))
    np.testing.assert_array_equal(disturbed.backward(dy), plain.backward(dy))
    assert_same_arrays(disturbed.grads, plain.grads)


@EVERY_LAYER
def test_one_forward_allows_one_backward(example, shape):
    layer = example.fresh()
    y = layer.forward(away_from_kinks(shape), training=True)
    layer.backward(y)
    with pytest.raises(
        RuntimeError, match=r"backward needs forward\(x, training=True\)"
    ):
        layer.backward(y)


@EVERY_LAYER
def test_a_sample_does_not_depend_on_its_batch_at_inference(example, shape):
    layer, x = example.fresh(), away_from_kinks(shape)
    whole = layer.forward(x)
    alone = np.concatenate([layer.forward(x[i : i + 1]) for i in range(len(x))])
    np.testing.assert_allclose(alone, whole, rtol=1e-12)


@pytest.mark.parametrize(("kind", "targets"), LOSSES)
def test_one_forward_of_a_loss_allows_one_backward(kind, targets):
    loss = kind()
    with pytest.raises(RuntimeError, match=f"{kind.__name__}.backward needs a forward"):
        loss.backward()
    loss.forward(rng().standard_normal((6, 4)), targets())
    loss.backward()
    with pytest.raises(RuntimeError, match="needs a forward"):
        loss.backward()


# Names that stay true


@pytest.mark.parametrize("kind", OPTIMIZERS)
@PRECISIONS
def test_training_rebinds_nothing_and_keeps_its_precision(kind, dtype):
    for_weights, for_data, for_dropout = rng().spawn(3)
    model = mlp(
        [4, 6, 3],
        rng=for_weights,
        activation="prelu",
        batch_norm=True,
        dropout=0.2,
        dropout_rng=for_dropout,
        dtype=dtype,
    )
    groups = ("params", "grads", "buffers")
    held = {group: dict(getattr(model, group)) for group in groups}
    before = copies(model.params) | copies(model.buffers)
    x, labels = away_from_kinks((20, 4), dtype=dtype), np.arange(20) % 3
    optimizer = OPTIMIZERS[kind]()
    fit(
        model,
        SoftmaxCrossEntropy(),
        optimizer,
        x,
        labels,
        epochs=2,
        batch_size=10,
        rng=for_data,
        penalty=L2(0.01),
        metrics={"accuracy": accuracy},
        validation=(x, labels),
    )
    arrays = [slot for slots in optimizer.state.values() for slot in slots]
    for group in groups:
        assert getattr(model, group).keys() == held[group].keys()
        for name, array in getattr(model, group).items():
            assert array is held[group][name]
            layer, _, key = name.partition(".")
            assert array is getattr(model.layers[layer], group)[key]
            arrays.append(array)
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert predict(model, x).dtype == dtype
    after = model.params | model.buffers
    assert all((after[name] != array).any() for name, array in before.items())


def test_examples_cover_rows_and_images():
    assert len(ROWS) == 2
    assert len(IMAGES) == 4
    only_rows = {example.name for example in LAYERS if IMAGES not in example.shapes}
    assert only_rows == {"Dense", "Sequential", "Residual"}
    assert min(ROWS[0], IMAGES[0]) >= 4
