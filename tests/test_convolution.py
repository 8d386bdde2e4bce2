"""Convolution, pooling and the window that they share, against slow definitions."""

import math
import re

import numpy as np
import pytest
from examples import away_from_kinks, read_only, rng
from hypothesis import given, settings
from hypothesis import strategies as st

from dlbasics.gradcheck import check_layer
from dlbasics.layers import (
    AveragePool2D,
    BatchNorm,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    GlobalAveragePool2D,
    GlobalMaxPool2D,
    MaxPool2D,
    PlainConv2D,
    ReLU,
    Window,
    windows,
)
from dlbasics.layers.windows import fold, unfold
from dlbasics.losses import SoftmaxCrossEntropy
from dlbasics.models import Residual, Sequential, load, save
from dlbasics.optimizers import Adam
from dlbasics.training import accuracy, fit, predict

F8 = np.float64


@st.composite
def situations(draw):
    """Images, a window that fits, and any stride and padding."""
    size = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    stride = draw(st.integers(1, 3))
    padding = draw(st.sampled_from(["valid", "same", 0, 1, 2]))
    low = 1 if padding == "same" else 0
    border = padding if isinstance(padding, int) else 0
    sides = [
        draw(st.integers(max(low, s - 2 * border, 1), s + 5) if s else st.just(1))
        for s in size
    ]
    shape = (draw(st.integers(1, 3)), *sides, draw(st.integers(1, 3)))
    return Window(size, stride, padding), shape


def slow_windows(window, x, fill=0.0):
    """Walk over all windows: yield where each is and its pixels (N, h, w, C)."""
    (top, bottom), (left, right) = slow_borders(window, x.shape)
    n, height, width, channels = x.shape
    padded = np.full((n, top + height + bottom, left + width + right, channels), fill)
    padded[:, top : top + height, left : left + width] = x
    h, w = window.size
    r = 0
    while r * window.stride + h <= padded.shape[1]:
        c = 0
        while c * window.stride + w <= padded.shape[2]:
            i, j = r * window.stride, c * window.stride
            yield (r, c), padded[:, i : i + h, j : j + w]
            c += 1
        r += 1


def slow_borders(window, shape):
    borders = []
    for n, size in zip(shape[1:3], window.size, strict=True):
        if window.padding == "valid":
            borders.append((0, 0))
        elif window.padding == "same":
            n_windows = math.ceil(n / window.stride)
            missing = max(0, (n_windows - 1) * window.stride + size - n)
            borders.append((missing // 2, math.ceil(missing / 2)))
        else:
            borders.append((window.padding, window.padding))
    return borders


@given(situations())
@settings(deadline=None)
def test_convolution_is_its_definition(situation):
    window, shape = situation
    layer = Conv2D(
        shape[-1],
        2,
        window.size,
        stride=window.stride,
        padding=window.padding,
        rng=rng(),
        dtype=F8,
    )
    layer.params["b"][:] = 3, -1
    x, W = rng(1).standard_normal(shape), layer.params["W"]
    y = layer.forward(read_only(x))
    seen = 0
    for (r, c), pixels in slow_windows(window, x):
        for k in range(2):
            for n in range(len(x)):
                expected = (pixels[n] * W[..., k]).sum() + layer.params["b"][k]
                assert y[n, r, c, k] == pytest.approx(expected)
                seen += 1
    assert seen == y.size > 0
    if window.padding == "same":
        assert y.shape[1:3] == tuple(math.ceil(n / window.stride) for n in shape[1:3])


@given(
    situations(),
    st.sampled_from([1, 40, windows.PART]),
    st.sampled_from([1, windows.SHORT]),  # line by line, and all lines at once
)
@settings(deadline=None)
def test_the_fast_convolution_is_the_plain_one(situation, part, short):
    window, shape = situation
    how = {"stride": window.stride, "padding": window.padding, "dtype": F8}
    layers = [
        kind(shape[-1], 2, window.size, rng=rng(), **how)
        for kind in (PlainConv2D, Conv2D)
    ]
    x = read_only(rng(1).standard_normal(shape))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "PART", part)
        patch.setattr(windows, "SHORT", short)
        plain, fast = (layer.forward(x, training=True) for layer in layers)
        np.testing.assert_allclose(fast, plain, atol=1e-12)
        np.testing.assert_array_equal(layers[1].forward(x), fast)
        dy = rng(2).standard_normal(plain.shape)
        plain, fast = (layer.backward(dy) for layer in layers)
    np.testing.assert_allclose(fast, plain, atol=1e-12)
    for name, grad in layers[0].grads.items():
        np.testing.assert_allclose(layers[1].grads[name], grad, atol=1e-12)


@given(situations())
@settings(deadline=None)
def test_pooling_is_its_definition(situation):
    window, shape = situation
    if isinstance(window.padding, int) and window.padding >= min(window.size):
        return
    how = {"stride": window.stride, "padding": window.padding}
    x = rng(1).standard_normal(shape)
    largest = MaxPool2D(window.size, **how).forward(read_only(x))
    mean = AveragePool2D(window.size, **how).forward(read_only(x))
    places = list(slow_windows(window, x, fill=np.nan))
    assert len(places) == math.prod(largest.shape[1:3]) > 0
    for (r, c), pixels in places:
        np.testing.assert_allclose(largest[:, r, c], np.nanmax(pixels, axis=(1, 2)))
        np.testing.assert_allclose(mean[:, r, c], np.nanmean(pixels, axis=(1, 2)))


@given(situations())
@settings(deadline=None)
def test_depthwise_is_a_convolution_with_one_filter_a_channel(situation):
    window, shape = situation
    how = {"stride": window.stride, "padding": window.padding, "dtype": F8}
    n = shape[-1]
    depthwise = DepthwiseConv2D(n, window.size, rng=rng(), **how)
    full = Conv2D(n, n, window.size, rng=rng(), **how)
    depthwise.params["b"][:] = full.params["b"][:] = np.arange(n)
    full.params["W"][...] = depthwise.params["W"] * np.eye(n)
    x = rng(1).standard_normal(shape)
    y = full.forward(x, training=True)
    np.testing.assert_allclose(depthwise.forward(x, training=True), y, atol=1e-12)
    dy = rng(2).standard_normal(y.shape)
    np.testing.assert_allclose(depthwise.backward(dy), full.backward(dy), atol=1e-12)
    diagonal = np.einsum("ijkk->ijk", full.grads["W"])[:, :, None]
    np.testing.assert_allclose(depthwise.grads["W"], diagonal, atol=1e-12)


@given(situations())
@settings(deadline=None)
def test_fold_is_the_transpose_of_unfold(situation):
    """sum(unfold(x) · rows) = sum(x · fold(rows)) for all x and rows."""
    window, shape = situation
    x = rng(1).standard_normal(shape)
    unfolded = unfold(window, read_only(x))
    rows = rng(2).standard_normal(unfolded.shape)
    left, right = (unfolded * rows).sum(), (x * fold(window, rows, shape)).sum()
    assert left == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", 1])
@pytest.mark.parametrize("kind", ["conv", "depthwise", "max", "average"])
def test_gradients_at_every_stride_and_padding(kind, stride, padding):
    how = {"stride": stride, "padding": padding}
    new = {"rng": rng(), "dtype": F8}
    layer = {
        "conv": lambda: Conv2D(2, 3, (3, 2), **how, **new),
        "depthwise": lambda: DepthwiseConv2D(2, (3, 2), **how, **new),
        "max": lambda: MaxPool2D((3, 2), **how),
        "average": lambda: AveragePool2D((3, 2), **how),
    }[kind]()
    x = rng(7).permutation(4 * 5 * 4 * 2).reshape(4, 5, 4, 2) / 10  # no ties
    check_layer(layer, x)


def test_a_worked_convolution():
    layer = Conv2D(1, 1, 2, rng=rng(), dtype=F8)
    layer.params["W"][..., 0, 0] = [[1, 2], [3, 4]]
    layer.params["b"][:] = 10
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    assert layer.forward(x)[0, ..., 0].tolist() == [[37, 47], [67, 77]]


def test_a_window_of_one_pixel_is_a_dense_layer_at_each():
    conv, dense = Conv2D(4, 3, 1, rng=rng()), Dense(4, 3, rng=rng())
    dense.params["W"][...] = conv.params["W"][0, 0]
    x = away_from_kinks((5, 6, 7, 4), dtype=np.float32)
    expected = dense.forward(x.reshape(-1, 4)).reshape(5, 6, 7, 3)
    np.testing.assert_array_equal(conv.forward(x), expected)


def test_a_shifted_image_gives_a_shifted_output():
    layer = Conv2D(1, 3, 3, padding="same", rng=rng(), dtype=F8)
    x = np.zeros((1, 12, 12, 1))
    x[:, 3:7, 4:8] = rng(1).random((1, 4, 4, 1))
    y, moved = layer.forward(x), layer.forward(np.roll(x, (2, 1), axis=(1, 2)))
    np.testing.assert_allclose(moved, np.roll(y, (2, 1), axis=(1, 2)), atol=1e-12)


def test_number_and_size_of_weights():
    layer = Conv2D(16, 32, 3, rng=rng())
    assert layer.params["W"].shape == (3, 3, 16, 32)
    assert layer.params["W"].std() == pytest.approx(math.sqrt(2 / 144), rel=0.05)
    assert not layer.params["b"].any()
    separable = DepthwiseConv2D(4000, 3, rng=rng()).params["W"]
    assert separable.shape == (3, 3, 1, 4000)
    assert separable.std() == pytest.approx(math.sqrt(2 / 9), rel=0.05)


def test_average_pooling_does_not_count_the_border():
    y = AveragePool2D(2, stride=1, padding=1).forward(np.full((1, 2, 2, 1), 8.0))
    assert y[0, ..., 0].tolist() == [[8, 8, 8]] * 3


def test_max_pooling_of_negative_numbers_is_not_won_by_the_border():
    y = MaxPool2D(3, stride=1, padding="same").forward(np.full((1, 2, 2, 1), -5.0))
    assert (y == -5).all()


@pytest.mark.parametrize("layer", [MaxPool2D(2), GlobalMaxPool2D()], ids=repr)
def test_the_first_of_equal_numbers_gets_the_gradient(layer):
    y = layer.forward(np.ones((1, 2, 2, 1)), training=True)
    dx = layer.backward(np.full(y.shape, 3.0))
    assert dx[0, ..., 0].tolist() == [[3, 0], [0, 0]]


def test_overlapping_windows_add_their_gradients():
    layer = MaxPool2D(2, stride=1)
    x = np.array([[0, 0, 0], [0, 9, 0], [0, 0, 0.0]])[None, :, :, None]
    layer.forward(x, training=True)
    assert layer.backward(np.ones((1, 2, 2, 1)))[0, 1, 1, 0] == 4


def test_global_pooling():
    x = np.arange(24.0).reshape(2, 3, 2, 2)
    assert GlobalAveragePool2D().forward(x).tolist() == [[5, 6], [17, 18]]
    assert GlobalMaxPool2D().forward(x).tolist() == [[10, 11], [22, 23]]


def test_pixels_that_no_window_reaches_get_no_gradient():
    for layer in (MaxPool2D(2), AveragePool2D(2), Conv2D(1, 1, 2, stride=2, rng=rng())):
        x = np.ones((1, 5, 5, 1), np.float32)
        y = layer.forward(x, training=True)
        assert y.shape == (1, 2, 2, 1)
        dx = layer.backward(np.ones_like(y))
        assert dx.shape == x.shape
        assert not dx[:, 4].any()
        assert not dx[:, :, 4].any()


def test_names_in_messages():
    assert repr(Conv2D(1, 30, 5, rng=rng())) == "Conv2D(5, 5, 1, 30)"
    assert repr(MaxPool2D(2)) == "MaxPool2D(2, 2)"
    inner = Dense(4, 4, rng=rng())
    assert repr(Residual(inner)) == "Residual(Dense(4, 4))"


CONV = "Conv2D(5, 5, 1, 2) expected x "


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: Conv2D(1, 2, 5, rng=rng()).forward(np.ones((3, 8, 8))),
            CONV + "of shape (N, H, W, 1), got (3, 8, 8)",
        ),
        (
            lambda: Conv2D(1, 2, 5, rng=rng()).forward(np.ones((3, 8, 8, 3))),
            CONV + "of shape (N, H, W, 1), got (3, 8, 8, 3)",
        ),
        (
            lambda: Conv2D(1, 2, 5, rng=rng()).forward(np.ones((0, 8, 8, 1))),
            CONV + "of shape (N, H, W, 1), got (0, 8, 8, 1)",
        ),
        (
            lambda: Conv2D(1, 2, 5, rng=rng()).forward(np.ones((3, 4, 8, 1))),
            CONV + "with room for a window of 5 × 5 pixels, got (3, 4, 8, 1)",
        ),
        (
            lambda: MaxPool2D(3).forward(np.ones((1, 2, 2, 1))),
            "MaxPool2D(3, 3) expected x with room for a window of 3 × 3 pixels",
        ),
        (
            lambda: GlobalAveragePool2D().forward(np.ones((2, 3))),
            "GlobalAveragePool2D() expected x of shape (N, H, W, C), got (2, 3)",
        ),
        (lambda: Conv2D(1, 2, 0, rng=rng()), "a window and a stride of at least 1"),
        (
            lambda: Conv2D(1, 2, 3, stride=0, rng=rng()),
            "a window and a stride of at least 1",
        ),
        (lambda: Conv2D(1, 2, 3, padding="full", rng=rng()), "'valid', 'same' or"),
        (lambda: Conv2D(1, 2, 3, padding=-1, rng=rng()), "'valid', 'same' or"),
        (lambda: MaxPool2D(2, stride=0), "a window and a stride of at least 1"),
        (
            lambda: MaxPool2D(2, padding=2),
            "MaxPool2D(2, 2) expected a border thinner than its window, got 2 pixels",
        ),
        (
            lambda: Residual(Dense(4, 3, rng=rng())).forward(np.ones((2, 4))),
            "Residual(Dense(4, 3)) expected x that inner leaves (2, 4), got (2, 3)",
        ),
    ],
)
def test_misuse(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_residual_needs_layers():
    with pytest.raises(TypeError, match="Residual expected layers, got inner: 3"):
        Residual(3)


def test_residual_shares_the_arrays_and_passes_the_gradient_by():
    inner = Sequential([Dense(4, 4, rng=rng(), init=0), BatchNorm(4)])
    block = Residual(inner)
    assert block.params["inner.dense1.W"] is inner.params["dense1.W"]
    assert block.buffers.keys() == {"inner.batchnorm1.mean", "inner.batchnorm1.var"}
    x = away_from_kinks((5, 4), dtype=np.float32)
    np.testing.assert_array_equal(block.forward(x, training=True), x)
    np.testing.assert_array_equal(block.backward(x), x)


def test_a_small_convolutional_network_learns_and_can_be_saved(tmp_path):
    """Is the bar upright or level? Its place is random, so no pixel tells."""

    def bars(n, random):
        x, labels = np.zeros((n, 8, 8, 1), np.float32), random.integers(2, size=n)
        for image, label in zip(x, labels, strict=True):
            i, j = random.integers(0, 5, 2)
            image[i : i + (1 if label else 4), j : j + (4 if label else 1)] = 1
        return x, labels

    def network():
        return Sequential(
            [
                Conv2D(1, 6, 3, padding="same", rng=rng(2)),
                ReLU(),
                MaxPool2D(2),
                Residual(Conv2D(6, 6, 3, padding="same", rng=rng(3))),
                ReLU(),
                GlobalAveragePool2D(),
                Flatten(),
                Dense(6, 2, rng=rng(4)),
            ]
        )

    model, random = network(), rng(5)
    x, y = bars(300, random)
    how = {"epochs": 20, "batch_size": 20, "rng": random}
    fit(model, SoftmaxCrossEntropy(), Adam(0.01), x, y, **how)
    x_new, y_new = bars(200, random)
    outputs = predict(model, x_new)
    assert outputs.dtype == np.float32
    assert accuracy(outputs, y_new) > 0.97
    save(model, tmp_path / "bars.npz")
    again = network()
    load(again, tmp_path / "bars.npz")
    np.testing.assert_array_equal(predict(again, x_new), outputs)


def test_windows_of_a_pool_lie_side_by_side_along_its_height():
    assert MaxPool2D((2, 3)).window.stride == 2
    assert AveragePool2D((3, 2)).window.stride == 3


@pytest.mark.parametrize("kind", [GlobalAveragePool2D, GlobalMaxPool2D])
def test_one_pixel_is_its_own_mean_and_maximum(kind):
    np.testing.assert_array_equal(kind().forward(np.full((1, 1, 1, 1), 7.0)), [[7.0]])


@pytest.mark.parametrize("channels", [15, 16, 17])
@pytest.mark.parametrize("room", [7000, 100])
def test_parts_are_as_large_as_the_cache_and_no_larger(monkeypatch, channels, room):
    monkeypatch.setattr(windows, "PART", room)
    x = np.zeros((7, 6, 9, channels), np.float32)
    parts = list(windows.unfolded(Window((3, 2)), x))
    short = 2 * channels < windows.SHORT
    lines = {(part.start, part.stop) for _, part, _ in parts}
    assert lines == ({(0, 3)} if short else {(0, 1), (1, 2), (2, 3)})
    for some, _, seen in parts:
        assert some.stop - some.start == max(room // seen[0].size, 1)
        assert len(seen) == len(x[some])


def test_a_block_learns_on_both_of_its_ways():
    ways = Dense(4, 3, rng=rng()), Dense(4, 3, rng=rng(1))
    block = Residual(ways[0], shortcut=ways[1])
    for name, way in zip(("inner", "shortcut"), ways, strict=True):
        assert block.params[f"{name}.W"] is way.params["W"]
        assert block.grads[f"{name}.b"] is way.grads["b"]
