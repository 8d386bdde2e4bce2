"""Chapter 12: the reader draws, and a deep network says what it sees."""

from __future__ import annotations

from functools import partial

from matplotlib.figure import Figure

from dlbasics.arrays import Array
from dlbasics.datasets import load_mnist
from dlbasics.explorers._declaration import Frame
from dlbasics.explorers._drawing import Goal, drawing
from dlbasics.explorers.softmax import percent
from dlbasics.functions import softmax
from dlbasics.palette import COLORS
from dlbasics.pretrained import load_pretrained

PLACES = {
    "7": 0, "0": 3, "1": 2, "2": 1, "3": 18, "4": 4, "5": 15, "6": 11, "8": 61, "9": 7,
}  # fmt: skip
"""A test image of every digit; the first stands on the canvas at the start."""

STILL = "A still picture. Run the cell, or open the page with scripts, to draw."


def images() -> dict[str, Array]:
    """Return a test image of every digit, (28, 28) each."""
    x = load_mnist(n_train=0, n_test=max(PLACES.values()) + 1).x_test
    return {digit: x[place].reshape(28, 28) for digit, place in PLACES.items()}


@drawing(
    title="Draw a digit, and a network reads along",
    target="Put the 4 on the canvas and add one line that makes the network more than "
    "90 % sure of a 9.",
    goal=Goal(digit="4", lines=1, says=9, above=0.9),
    praise="Undo the line and draw it again slowly: at which point do the bars change?",
    images=images,
    network=partial(load_pretrained, "mnist_deep_0"),
)
def draw_a_digit(digit) -> Frame:
    """Draw with mouse, finger or arrow keys and watch the ten probabilities.

    Ink is scaled and centered like that of MNIST (`dlbasics.datasets.like_mnist`); then
    the first of the five deep networks, six convolutions and two dense layers, looks at
    it. The page computes it all, without a kernel.
    """
    image = images()[digit]
    scores = load_pretrained("mnist_deep_0").forward(image[None, ..., None])
    p = softmax(scores)[0]
    text = f"A {digit} of the test images: {verdict(p)}"
    return Frame(still(image, p), text, reached=False)


def verdict(p: Array) -> str:
    """Say the two most probable digits; the page says it in the same words."""
    second, first = p.argsort(kind="stable")[-2:]
    return (
        f"the network says {first} with {percent(p[first])}, "
        f"then {second} with {percent(p[second])}."
    )


def still(image: Array, p: Array) -> Figure:
    """Draw an image and a bar for each class, for readers who cannot draw."""
    figure = Figure(figsize=(6.6, 3.0))
    room = {"left": 0.03, "right": 0.87, "bottom": 0.12, "top": 0.91, "wspace": 0.15}
    left, bars = figure.subplots(1, 2, width_ratios=(1, 1.3), gridspec_kw=room)
    left.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    left.set(xticks=[], yticks=[], title="what the network sees")
    left.spines[:].set_visible(True)
    for k, share in enumerate(p):
        look = {"hatch": "//"} if k == p.argmax() else {}
        color, edge = COLORS["blue"], COLORS["paper"]
        bars.barh(k, round(float(share), 3), 0.7, color=color, edgecolor=edge, **look)
        bars.text(1.03, k, percent(share), va="center", size="small")
    bars.set_yticks(range(10))
    bars.set(xlim=(0, 1), ylim=(9.5, -0.5), xticks=[], title="probabilities")
    bars.spines.bottom.set_visible(False)
    figure.text(0.03, 0.03, STILL, color=COLORS["muted"], size="small")
    return figure
