"""An explorer on which the reader draws: the page computes, and has the network for it.

A `Drawing` is declared like any explorer. Its one control names the images that can be
put on the canvas, and its frames are what paper, GitHub and pages without a script
show. Its baked file holds besides the network and those images; `_page/network.js`
computes with them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from dlbasics.arrays import Array
from dlbasics.explorers._controls import Choice
from dlbasics.explorers._declaration import Explorer, Frame, enter
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
from dlbasics.layers.windows import Window
from dlbasics.models import Sequential


class Goal(NamedTuple):
    """The target: with so many lines upon an image, one class is sure."""

    digit: str
    lines: int
    says: int
    above: float


class Drawing(Explorer):
    """An explorer whose page has a canvas, and a network that looks at it.

    `images` maps the values of the control `digit` to images of ink, (28, 28) in
    [0, 1]; `network` builds the network; `praise` is said when the goal is reached.
    """

    kind = "drawing"

    def __init__(
        self,
        function: Callable[..., Frame],
        *,
        title: str,
        target: str,
        goal: Goal,
        praise: str,
        images: Callable[[], Mapping[str, Array]],
        network: Callable[[], Sequential],
    ) -> None:
        control = Choice(*images(), label="test image")
        super().__init__(function, {"digit": control}, title=title, target=target)
        self.goal, self.praise, self.images, self.network = (
            goal,
            praise,
            images,
            network,
        )

    def for_page(self) -> dict:
        return {"kind": self.kind, "goal": self.goal._asdict(), "praise": self.praise}

    def for_script(self) -> dict:
        images = np.array([*self.images().values()])
        return {"network": describe(self.network()), "images": packed_ink(images)}


def drawing(**options):
    """Declare the decorated function a `Drawing`, see there for the options."""
    return lambda function: enter(Drawing(function, **options))


def describe(network: Sequential) -> list[dict]:
    """Return the layers of a network as the page computes them, at inference."""
    layers = []
    for name, layer in network.layers.items():
        if isinstance(layer, Dropout):
            continue  # it does nothing but in training
        try:
            layers.append(describe_layer(layer))
        except TypeError as error:
            raise TypeError(f"{name}: {error}") from None
    return layers


def describe_layer(layer: Layer) -> dict:
    """Return one layer; TypeError if the page has nothing that computes it."""
    what = {"kind": type(layer).__name__.lower()}
    match layer:
        case ReLU() | Flatten():
            return what
        case Dense():
            return what | {name: packed(array) for name, array in layer.params.items()}
        case Conv2D() if is_centered(layer.window):
            return what | {name: packed(array) for name, array in layer.params.items()}
        case MaxPool2D() if layer.window == side_by_side(layer.window.stride):
            return what | {"size": layer.window.stride}
        case BatchNorm():
            scale, shift = fold(layer)
            return what | {"scale": packed(scale), "shift": packed(shift)}
    raise TypeError(f"the page has no layer that computes {layer!r}")


def is_centered(window: Window) -> bool:
    """Tell whether the window has a middle, which visits every pixel."""
    height, width = window.size
    around = window.padding == "same" and window.stride == 1
    return around and height == width and height % 2 == 1


def side_by_side(size: int) -> Window:
    return Window((size, size), stride=size, padding="valid")


def fold(layer: BatchNorm) -> tuple[Array, Array]:
    """Return the scale and the shift that batch normalization is at inference.

    gamma (x - mean) / √(var + eps) + beta = scale x + shift
    """
    mean, var = (layer.buffers[name].astype(float) for name in ("mean", "var"))
    scale = layer.params["gamma"] / np.sqrt(var + layer.eps)
    shift = layer.params["beta"] - mean * scale
    return scale.astype(np.float32), shift.astype(np.float32)


def packed(array: Array) -> dict:
    """Return an array as text: in float16 if that loses nothing, else in float32."""
    with np.errstate(over="ignore"):
        short = array.astype("<f2")
    exact = np.array_equal(short.astype(array.dtype), array)
    kind, stored = ("float16", short) if exact else ("float32", array.astype("<f4"))
    return {"shape": array.shape, "type": kind, "data": text_of(stored)}


def packed_ink(images: Array) -> dict:
    """Return images of ink in [0, 1] as text, a byte for each pixel."""
    data = text_of(np.rint(images * 255).astype(np.uint8))
    return {"shape": images.shape, "type": "ink", "data": data}


def text_of(array: Array) -> str:
    return base64.b64encode(array.tobytes()).decode()
