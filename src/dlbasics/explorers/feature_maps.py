"""Chapter 11: everything that a small convolutional network makes of a digit."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.explorers import Choice, Frame, Slider, explorer
from dlbasics.models import capture
from dlbasics.plotting.windows import image, mosaic
from dlbasics.pretrained import load_pretrained

PICTURES = {"0": 3, "1": 2, "4": 4, "7": 0, "8": 61}  # places among the test images
LAYERS = {
    "conv2d1": "1: convolution, 16 kernels of 5 × 5",
    "relu1": "2: normalized, then ReLU",
    "maxpool2d1": "3: largest of 2 × 2",
    "relu2": "4: convolution 3 × 3, normalized, ReLU",
    "relu3": "5: the same once more",
}
GOAL = 0.65


@cache
def activations(digit: str) -> dict[str, Array]:
    """Return what leaves each layer of `mnist_gap` for one image, (H, W, C)."""
    k = PICTURES[digit]
    x = load_mnist(n_train=0, n_test=k + 1, flat=False).x_test[k:]
    model = load_pretrained("mnist_gap")
    with capture(model) as seen:
        model.forward(x)
    return {"image": x[0]} | {name: seen[name][0] for name in LAYERS}


@explorer(
    title="What each layer makes of a digit",
    target="Find the layer in which at least 65 % of the numbers are zero.",
    layer=Slider([*LAYERS], labels=LAYERS, label="layer"),
    digit=Choice(*PICTURES, label="test image"),
)
def feature_maps(layer, digit) -> Frame:
    """Show all maps that a layer of the network with global pooling makes of an image.

    Blue is positive, orange negative, zero has the color of the page; all maps of a
    layer are on one scale.
    """
    seen = activations(digit)
    maps = seen[layer]
    silent = np.mean(maps == 0)
    n_silent = int((maps.max(axis=(0, 1)) == 0).sum())
    height, width, n = maps.shape
    text = (
        f"The {digit}, layer {LAYERS[layer]}: {n} maps of {height} × {width}, "
        f"{silent:.0%} of the numbers are zero, {n_silent} maps are zero everywhere."
    )
    figure = draw(seen["image"][..., 0], maps)
    return Frame(figure, text, reached=bool(silent >= GOAL))


def draw(x: Array, maps: Array) -> Figure:
    """Draw the image on the left and the maps of the layer on the right."""
    figure = Figure(figsize=(6.8, 3.0))
    left = figure.add_axes((0.01, 0.3, 0.17, 0.4))
    image(x, ax=left, limit=1.0, title="image")
    right = figure.add_axes((0.2, 0.02, 0.79, 0.96))
    limit = np.abs(maps).max()
    steps = np.round(maps / limit * 24) / 24  # fewer colors, smaller pages
    image(mosaic(steps), ax=right, limit=1.0)
    right.spines[:].set_visible(False)
    return figure
