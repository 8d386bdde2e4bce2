"""Draw the picture of the welcome page: a digit on its way through a trained network.

    python scripts/make_cover.py            # writes book/_static/cover.svg

Nothing is invented: the digit is a test image, the network is `mnist_deep_0` of the
package, the maps are what leaves two of its layers, the bars are its answer.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.patches import FancyArrowPatch

from dlbasics import functions, pretrained
from dlbasics.datasets import load_mnist
from dlbasics.models import capture
from dlbasics.palette import COLORS, RC

TARGET = Path(__file__).resolve().parents[1] / "book" / "_static" / "cover.svg"
DIGIT = 0  # the first test image, a seven
ROWS = 4
STAGES = ("relu1", "relu5")
TITLES = ("an image", "after one layer", "after five", "an answer")


def fading(name: str) -> LinearSegmentedColormap:
    """Return a map of colors from nothing to a color of the book."""
    color = to_rgba(COLORS[name])
    return LinearSegmentedColormap.from_list(name, [(*color[:3], 0.0), color])


def look(image: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return what leaves each layer, and the ten probabilities."""
    model = pretrained.load_pretrained("mnist_deep_0")
    with capture(model) as seen:
        logits = model.forward(image[None, :, :, None])
    return seen, functions.softmax(logits)[0]


def mosaic(maps: np.ndarray) -> np.ndarray:
    """Put the 16 liveliest maps (H, W, C) into a square, each on its own scale."""
    height, width, _ = maps.shape
    best = np.sort(np.argsort(-maps.std(axis=(0, 1)), kind="stable")[: ROWS * ROWS])
    gap = max(1, height // 9)
    whole = np.zeros((ROWS * (height + gap) - gap, ROWS * (width + gap) - gap))
    for place, channel in enumerate(best):
        row, column = divmod(place, ROWS)
        y, x = row * (height + gap), column * (width + gap)
        values = maps[..., channel]
        whole[y : y + height, x : x + width] = values / max(values.max(), 1e-9)
    return whole


def draw(image: np.ndarray) -> plt.Figure:
    """Draw the digit, two stages and the answer, from left to right."""
    seen, probabilities = look(image)
    figure = plt.figure(figsize=(7.2, 2.1))
    panels = figure.subplots(
        1, 4, width_ratios=[1, 1.45, 1.45, 1.15], gridspec_kw={"wspace": 0.32}
    )
    figure.subplots_adjust(left=0.01, right=0.985, bottom=0.02, top=0.86)
    panels[0].imshow(image, cmap=fading("ink"), interpolation="nearest")
    for ax, name, color in zip(panels[1:3], STAGES, ("blue", "orange"), strict=True):
        ax.imshow(mosaic(seen[name][0]), cmap=fading(color), interpolation="nearest")
    for ax in panels[:3]:
        ax.set_axis_off()
    bars = panels[3]
    colors = [
        COLORS["green" if p == probabilities.max() else "muted"] for p in probabilities
    ]
    bars.barh(range(10), np.maximum(probabilities, 0.01), color=colors, height=0.7)
    bars.set(ylim=(9.6, -0.6), xlim=(0, 1.02), xticks=[], yticks=range(10))
    bars.tick_params(length=0)
    bars.spines[:].set_visible(False)
    for ax, title in zip(panels, TITLES, strict=True):
        place = ax.get_position()
        figure.text((place.x0 + place.x1) / 2, 0.91, title, ha="center")
    for left, right in pairwise(panels):
        start, end = left.get_position().x1 + 0.012, right.get_position().x0 - 0.012
        end -= 0.018 if right is bars else 0  # room for the digits beside the bars
        figure.add_artist(
            FancyArrowPatch(
                (start, 0.44),
                (end, 0.44),
                arrowstyle="-|>",
                mutation_scale=9,
                color=COLORS["muted"],
                lw=1.2,
            )
        )
    return figure


def main() -> int:
    plt.rcParams.update(RC)
    plt.rcParams.update({"svg.hashsalt": "cover", "svg.fonttype": "path"})
    mnist = load_mnist()
    image = mnist.x_test[DIGIT].reshape(28, 28)
    draw(image).savefig(TARGET, transparent=True, metadata={"Date": None})
    answer = look(image)[1].argmax()
    print(f"{TARGET.name}: {answer}, {TARGET.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
