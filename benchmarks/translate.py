"""One network, three times: `dlbasics`, PyTorch, textbook, with the same weights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from benchmarks import textbook
from dlbasics.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    ReLU,
)
from dlbasics.models import Sequential, capture

Arrays = list[np.ndarray]


def channels_first(x: np.ndarray) -> np.ndarray:
    """Images (N, H, W, C) as (N, C, H, W); anything else as it is."""
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2)) if x.ndim == 4 else x


def walk(
    model: Sequential, sample: np.ndarray, kind: str = "params"
) -> Iterator[tuple[Layer, Arrays, tuple[int, ...]]]:
    """Yield each layer, its arrays for channels first, and the shape of its input.

    Filters (size, size, C, K) become (K, C, size, size), and rows of a dense layer
    that stood for pixels in the order (H, W, C) are put in the order (C, H, W).
    """
    with capture(model) as outputs:
        model.forward(sample)
    shape, flattened = sample.shape, None
    for name, layer in model.layers.items():
        arrays = list(getattr(layer, kind).values())
        if isinstance(layer, Conv2D):
            arrays[0] = arrays[0].transpose(3, 2, 0, 1)
        elif isinstance(layer, Dense) and flattened:
            by_pixel = arrays[0].reshape(*flattened, -1)
            arrays[0] = by_pixel.transpose(2, 0, 1, 3).reshape(arrays[0].shape)
        yield layer, [np.ascontiguousarray(a) for a in arrays], shape
        flattened = shape[1:] if isinstance(layer, Flatten) else None
        shape = outputs[name].shape


def to_torch(model: Sequential, sample: np.ndarray) -> nn.Sequential:
    """Return the same network in PyTorch; `sample` is an input of the model."""
    made = []
    for layer, arrays, shape in walk(model, sample):
        made.append(torch_layer(layer, len(shape)))
        if isinstance(layer, Dense):
            arrays[0] = arrays[0].T
        with torch.no_grad():
            for ours, theirs in zip(arrays, made[-1].parameters(), strict=True):
                theirs.copy_(torch.from_numpy(ours))
    return nn.Sequential(*made)


def torch_layer(layer: Layer, n_axes: int) -> nn.Module:
    """Return the layer's counterpart in PyTorch, with weights of its own."""
    match layer:
        case Dense():
            return nn.Linear(*layer.params["W"].shape)
        case Conv2D():
            size, _, n_in, n_out = layer.params["W"].shape
            return nn.Conv2d(n_in, n_out, size, padding=layer.window.padding)
        case BatchNorm():
            kind = nn.BatchNorm1d if n_axes == 2 else nn.BatchNorm2d
            n_features = len(layer.params["gamma"])
            return kind(n_features, momentum=1 - layer.decay, eps=layer.eps)
        case MaxPool2D():
            return nn.MaxPool2d(layer.window.size, layer.window.stride)
        case Dropout():
            return nn.Dropout(layer.rate)
        case ReLU() | Flatten():
            return getattr(nn, type(layer).__name__)()
    raise TypeError(f"no counterpart in PyTorch is known for {layer!r}")


def to_textbook(model: Sequential, sample: np.ndarray) -> textbook.Network:
    """Return the same network in the textbook's way, in float64."""
    made = []
    for layer, arrays, _ in walk(model, sample):
        wide = [a.astype(np.float64) for a in arrays]
        made.append(textbook_layer(layer, wide))
    return textbook.Network(made)


def textbook_layer(layer: Layer, arrays: Arrays) -> object:
    match layer:
        case Conv2D():
            same = layer.window.padding == "same"
            return textbook.Conv2D(*arrays, padding=arrays[0].shape[-1] // 2 * same)
        case MaxPool2D():
            return textbook.MaxPool2D(layer.window.size[0])
        case Dropout():
            return textbook.Dropout(layer.rate, np.random.default_rng(0))
        case BatchNorm():
            return textbook.BatchNorm(*arrays, decay=layer.decay, eps=layer.eps)
        case Dense() | ReLU() | Flatten():
            return getattr(textbook, type(layer).__name__)(*arrays)
    raise TypeError(f"the textbook has no {layer!r}")
